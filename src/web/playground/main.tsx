import { GraphiQL } from 'graphiql'
import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { createPortal } from 'react-dom'
import { createRoot } from 'react-dom/client'
import 'graphiql/style.css'
import { serviceAddress } from '../address.js'
import icon from '../shell/icon.svg'
import { Bar, type Example } from './Bar.js'
import { isToRun, operationIn } from './operationAddress.js'
import { reuseTabOf } from './tabs.js'
import '@fontsource-variable/source-sans-3/wght.css'
import '../shell/base.css'
import '../shell/shell.css'
import './playground.css'

const fetcher = createGraphiQLFetcher({ url: serviceAddress('/graphql') })

/**
 * The editor with a bar above it. It begins with the operation of the address, else with the tabs of an earlier visit, else with an example. What a visitor
 * writes stays in the browser.
 */
async function start(place: HTMLElement): Promise<void> {
  const response = await fetch(serviceAddress('/playground/examples.json'))
  const examples = response.ok ? ((await response.json()) as Example[]) : []
  const { search } = window.location
  const given = operationIn(search)
  if (given !== null) reuseTabOf(window.localStorage, given)
  const first = given ?? examples[0]
  const bar = document.createElement('div')
  createRoot(place).render(
    <>
      <Masthead />
      <div className="bar-place" ref={(element) => element?.append(bar)} />
      <main id="playground">
        <GraphiQL
          fetcher={fetcher}
          {...(given ?? {})}
          {...(first !== undefined && { defaultTabs: [{ query: first.query, variables: first.variables ?? null }] })}
          defaultEditorToolsVisibility="variables"
          isHeadersEditorEnabled={false}
          shouldPersistHeaders={false}
        >
          {/* Within the editor, so that it knows what stands there; shown above it. */}
          <GraphiQL.Logo>{createPortal(<Bar examples={examples} toRun={given !== null && isToRun(search, given) ? given : null} />, bar)}</GraphiQL.Logo>
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
      <p className="small muted">Run an operation with ▶ or Ctrl-Enter. Evidence, not advice.</p>
    </header>
  )
}

const place = document.getElementById('app')
if (place !== null) void start(place)
