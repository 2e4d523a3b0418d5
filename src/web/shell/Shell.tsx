import { useEffect } from 'react'
import { Link, NavLink, Outlet, useLocation } from 'react-router'
import { serviceAddress } from '../address.js'
import { SearchBox } from '../search/SearchBox.js'
import { Foot } from './Foot.js'
import icon from './icon.svg'
import './shell.css'
import { ThemeSwitch } from './ThemeSwitch.js'

const places = [
  { to: '/conditions', name: 'Conditions' },
  { to: '/forms', name: 'Forms' },
  { to: '/studies', name: 'Studies' },
  { to: '/claims', name: 'Claims' },
  { to: '/dose', name: 'Dose' },
  { to: '/safety', name: 'Safety' },
  { to: '/map', name: 'Map' },
] as const

/** What stands around every view. `bare`: for pages of others, with nothing but the view and where it comes from. */
export function Shell({ bare = false }: { readonly bare?: boolean }) {
  useScrollToTop()
  if (bare)
    return (
      <div className="shell bare">
        <main id="view" tabIndex={-1}>
          <Outlet />
        </main>
        <EmbedFoot />
      </div>
    )
  return (
    <div className="shell">
      <a className="skip" href="#view">
        Skip to the view
      </a>
      <Masthead />
      <main id="view" tabIndex={-1}>
        <Outlet />
      </main>
      <Foot />
    </div>
  )
}

function Masthead() {
  const { pathname } = useLocation()
  return (
    <header className="masthead no-print">
      <Link className="home" to="/">
        <img src={icon} alt="" width="26" height="26" />
        Magnesium evidence
      </Link>
      <nav aria-label="Views">
        <ul>
          {places.map(({ to, name }) => (
            <li key={to}>
              <NavLink to={to}>{name}</NavLink>
            </li>
          ))}
          {/* A document of its own: the editor may style itself, which the views may not. */}
          <li>
            <a href={serviceAddress('/playground')}>Playground</a>
          </li>
        </ul>
      </nav>
      {/* The first page has its own. */}
      {pathname !== '/' && <SearchBox />}
      <ThemeSwitch />
    </header>
  )
}

function EmbedFoot() {
  const { pathname, search } = useLocation()
  return (
    <footer>
      <p>
        Evidence, not advice.{' '}
        <a href={`${serviceAddress(pathname.replace(/^\/embed/, '') || '/')}${search}`} target="_blank" rel="noopener">
          Magnesium evidence
        </a>
      </p>
    </footer>
  )
}

/** A new view begins at its top; its heading takes the focus: see Page. */
function useScrollToTop() {
  const { pathname } = useLocation()
  useEffect(() => {
    window.scrollTo(0, 0)
  }, [pathname])
}
