import { Link, useLocation } from 'react-router'
import { Page } from './Page.js'

export function NotFoundPage() {
  const { pathname } = useLocation()
  return (
    <Page title="Nothing here">
      <p>
        There is no view at <code>{pathname}</code>. <Link to="/">The first page</Link> says where to begin, and the search finds the rest.
      </p>
    </Page>
  )
}
