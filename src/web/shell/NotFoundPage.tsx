import { Link, useLocation } from 'react-router'
import { Page } from './Page.js'

export function NotFoundPage() {
  const { pathname } = useLocation()
  return (
    <Page title="Nothing here">
      <p>
        There is no view at <code>{pathname}</code>. <Link to="/">The map</Link> shows what there is, and the search finds the rest.
      </p>
    </Page>
  )
}
