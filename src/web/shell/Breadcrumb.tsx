import { Link, useLocation } from 'react-router'
import { stepsTo } from './steps.js'

/** The way from the lists down to this view; none in a frame of another page. */
export function Breadcrumb() {
  const { pathname, search } = useLocation()
  const steps = stepsTo(pathname, search)
  if (steps.length === 0 || pathname.startsWith('/embed')) return null
  return (
    <nav className="breadcrumb small no-print" aria-label="Breadcrumb">
      <ol>
        {steps.map(({ name, to }) => (
          <li key={to ?? name}>{to === undefined ? <span aria-current="page">{name}</span> : <Link to={to}>{name}</Link>}</li>
        ))}
      </ol>
    </nav>
  )
}
