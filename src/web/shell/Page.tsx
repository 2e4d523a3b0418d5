import { useEffect, type ReactNode } from 'react'
import { Loading } from '../widgets/states.js'
import type { Asked } from '../widgets/useOperation.js'
import { Share } from './Share.js'

interface PageProps {
  readonly title: string
  readonly lead?: ReactNode
  /** The operation that the whole view waits for, where there is one: parts that came one after the other would push each other about. */
  readonly asked?: Pick<Asked<unknown>, 'data' | 'error'>
  readonly children: ReactNode
}

/** A view: its title, what it is, and how to pass it on. */
export function Page({ title, lead, asked, children }: PageProps) {
  const isWaiting = asked !== undefined && asked.data == null && asked.error === undefined
  useEffect(() => {
    document.title = `${title} · Magnesium evidence`
  }, [title])
  return (
    <>
      <div className="page-head">
        <h1>{title}</h1>
        <Share />
      </div>
      {lead !== undefined && <div className="what-it-is">{lead}</div>}
      {isWaiting ? <Loading lines={24} /> : children}
    </>
  )
}
