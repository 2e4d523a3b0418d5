import type { ReactNode } from 'react'

interface FoldProps {
  readonly id?: string
  readonly title: string
  /** How much is inside: "3 outcomes". */
  readonly holds: string
  /** Whether it is open at first; on a phone, where the page would be endless, none is. */
  readonly isFirst: boolean
  readonly children: ReactNode
}

/** A part of a page that opens below its heading. */
export function Fold({ id, title, holds, isFirst, children }: FoldProps) {
  return (
    <details id={id} className="comparison" open={isFirst && !window.matchMedia('(max-width: 46rem)').matches}>
      <summary>
        <h3>{title}</h3> <span className="muted small">{holds}</span>
      </summary>
      {children}
    </details>
  )
}
