import { useEffect, useRef, type ReactNode } from 'react'
import { Link, useLocation } from 'react-router'
import { Loading } from '../widgets/states.js'
import type { CombinedError } from 'urql'
import type { Asked } from '../widgets/useOperation.js'
import { Breadcrumb } from './Breadcrumb.js'
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
  const unknown = unknownOf(asked?.error)
  const shownTitle = unknown === null ? title : 'Not found'
  const isWaiting = asked !== undefined && asked.data == null && asked.error === undefined
  useEffect(() => {
    document.title = `${shownTitle} · Magnesium evidence`
  }, [shownTitle])
  const heading = useFocusAfterChange()
  return (
    <>
      <Breadcrumb />
      <div className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {shownTitle}
        </h1>
        <Share />
      </div>
      {lead !== undefined && unknown === null && <div className="what-it-is">{lead}</div>}
      {unknown !== null ? <Unknown {...unknown} /> : isWaiting ? <Loading lines={24} /> : children}
    </>
  )
}

/** Where the reader was before; null until the first view is there, which leaves the focus where the browser puts it. */
let pathnameBefore: string | null = null

/** The heading of a view: it takes the focus, and so is read out, when the reader comes from another view. */
function useFocusAfterChange() {
  const heading = useRef<HTMLHeadingElement>(null)
  const { pathname } = useLocation()
  useEffect(() => {
    if (pathnameBefore !== null && pathnameBefore !== pathname) heading.current?.focus({ preventScroll: true })
    pathnameBefore = pathname
  }, [pathname])
  return heading
}

interface UnknownName {
  readonly name: string
  /** Slugs of the nearest names. */
  readonly suggestions: readonly string[]
}

/** What the service says of a name that nothing has; null for any other error and for none. */
function unknownOf(error: CombinedError | undefined): UnknownName | null {
  const { reason, ref, suggestions } = error?.graphQLErrors[0]?.extensions ?? {}
  if (reason !== 'UNKNOWN_TERM' || typeof ref !== 'string') return null
  return { name: ref, suggestions: Array.isArray(suggestions) ? suggestions.filter((slug) => typeof slug === 'string') : [] }
}

function Unknown({ name, suggestions }: UnknownName) {
  const { pathname } = useLocation()
  return (
    <>
      <p>Nothing here is called “{name}”.</p>
      {suggestions.length > 0 && (
        <p>
          Perhaps{' '}
          {suggestions.map((slug, place) => (
            <span key={slug}>
              {place > 0 && ', '}
              <Link to={pathname.replace(/[^/]*$/, slug)}>{slug.replaceAll('-', ' ')}</Link>
            </span>
          ))}
          ?
        </p>
      )}
      <p>
        <Link to={`/search?q=${encodeURIComponent(name.replaceAll('-', ' '))}`}>Search for “{name.replaceAll('-', ' ')}”</Link>, or look at{' '}
        <Link to="/">the first page</Link>.
      </p>
    </>
  )
}
