import { useEffect, type ReactNode } from 'react'
import { Share } from './Share.js'

/** A view: its title, what it is, and how to pass it on. */
export function Page({ title, lead, children }: { readonly title: string; readonly lead?: ReactNode; readonly children: ReactNode }) {
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
      {children}
    </>
  )
}
