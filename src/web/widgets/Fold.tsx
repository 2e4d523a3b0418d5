import type { ReactNode } from 'react'
import './fold.css'

interface FoldProps {
  readonly id?: string
  readonly title: string
  /** How much is inside: "3 outcomes". */
  readonly holds: string
  /** Whether it is open at first; on a phone, where the page would be endless, nothing is. */
  readonly isOpen: boolean
  readonly children: ReactNode
}

/** A part of a page that opens below its heading. */
export function Fold({ id, title, holds, isOpen, children }: FoldProps) {
  return (
    <details id={id} className="fold" open={isOpen && !window.matchMedia('(max-width: 46rem)').matches}>
      <summary>
        <h3>{title}</h3> <span className="muted small">{holds}</span>
      </summary>
      {children}
    </details>
  )
}
