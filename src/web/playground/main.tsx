import { GraphiQL } from 'graphiql'
import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { createRoot } from 'react-dom/client'
import 'graphiql/style.css'
import { serviceAddress } from '../address.js'
import icon from '../shell/icon.svg'
import '@fontsource-variable/source-sans-3/wght.css'
import '../shell/base.css'
import '../shell/shell.css'
import './playground.css'

interface Example {
  readonly query: string
  readonly variables?: string
}

const fetcher = createGraphiQLFetcher({ url: serviceAddress('/graphql') })

/** The editor with the examples as its first tabs, and the operation of the address, if it has one, before them. What a visitor writes stays in the browser. */
async function start(place: HTMLElement): Promise<void> {
  const response = await fetch(serviceAddress('/playground/examples.json'))
  const examples = response.ok ? ((await response.json()) as Example[]) : []
  const address = new URLSearchParams(window.location.search)
  const query = address.get('query')
  const given = query === null ? null : { query, variables: address.get('variables') ?? '' }
  // The editor looks at the operation given to it where it has tabs of an earlier visit, and at the tabs where it has none.
  const defaultTabs = [...(given === null ? [] : [given]), ...examples.map((example) => ({ query: example.query, variables: example.variables ?? null }))]
  createRoot(place).render(
    <>
      <Masthead />
      <main id="playground">
        <GraphiQL
          fetcher={fetcher}
          {...(given ?? {})}
          {...(defaultTabs.length > 0 && { defaultTabs })}
          defaultEditorToolsVisibility="variables"
          isHeadersEditorEnabled={false}
          shouldPersistHeaders={false}
        >
          <GraphiQL.Logo> </GraphiQL.Logo>
        </GraphiQL>
      </main>
    </>,
  )
}

function Masthead() {
  return (
    <header className="masthead">
      <a className="home" href={serviceAddress('/')}>
        <img src={icon} alt="" width="26" height="26" />
        Magnesium evidence
      </a>
      <nav aria-label="Views">
        <ul>
          {[
            ['/conditions', 'Conditions'],
            ['/forms', 'Forms'],
            ['/studies', 'Studies'],
            ['/claims', 'Claims'],
            ['/dose', 'Dose'],
            ['/safety', 'Safety'],
            ['/map', 'Map'],
          ].map(([href = '', name]) => (
            <li key={href}>
              <a href={serviceAddress(href)}>{name}</a>
            </li>
          ))}
          <li>
            <a href={serviceAddress('/playground')} aria-current="page">
              Playground
            </a>
          </li>
        </ul>
      </nav>
      <p className="small muted">Each tab is an example: run it with ▶ or Ctrl-Enter. Evidence, not advice.</p>
    </header>
  )
}

const place = document.getElementById('app')
if (place !== null) void start(place)
