import type { AddressInfo } from 'node:net'
import type { Database } from '../../src/database/client.js'
import { registerFeed } from '../../src/changes/feed.http.js'
import { contextSource } from '../../src/replicas/contextSource.js'
import { Replicas } from '../../src/replicas/replicas.js'
import { createApp, type AppOptions, type HttpConfig } from '../../src/http/app.js'
import { loadExamples } from '../../src/http/examples.js'
import { buildServiceSchema, printServiceSchema } from '../../src/schema.js'
import { registerMcp } from '../../src/mcp/mcp.http.js'
import { registerDownloads } from '../../src/download/downloads.http.js'
import { registerFindings } from '../../src/findings/findings.http.js'
import { registerPlots } from '../../src/synthesis/plots.http.js'
import { cloneDatabase } from './database.js'

/** The service over a database of its own, listening on loopback. */
export interface Service {
  readonly url: string
  readonly database: Database
  /** The data of an operation that must not fail. */
  ask(query: string, variables?: Record<string, unknown>): Promise<Answer>
  /** The whole response. */
  request(query: string, variables?: Record<string, unknown>): Promise<Response>
  /** Statements sent to the database so far. */
  statements(): number
  stop(): Promise<void>
}

// Answers are as varied as questions; tests compare them with what they expect, whole.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Answer = any

export interface Response {
  readonly status: number
  readonly data?: Answer
  readonly errors?: readonly { readonly message: string; readonly extensions?: Answer }[]
}

export interface ServiceOptions extends Omit<Partial<AppOptions>, 'config'> {
  readonly config?: Partial<HttpConfig>
}

/** What tests run with: no log, and no answers that are kept, so that each is made. */
const usualConfig: HttpConfig = { corsOrigins: '*', bodyLimitBytes: 1_000_000, logLevel: 'silent', introspection: true, resultCacheBytes: 0 }

/** @param asked in the place of what tests usually have, which has no limits either; a function where it needs the database */
export async function startService(asked: ServiceOptions | ((database: Database) => ServiceOptions) = {}): Promise<Service> {
  const { database, drop } = await cloneDatabase()
  const { config, ...given } = typeof asked === 'function' ? asked(database) : asked
  let statements = 0
  // Asking for the data revision, which requests share, is no part of what an operation costs.
  database.onStatement((text) => (statements += text.includes('FROM data_revision') ? 0 : 1))
  const [schema, contextFor] = [buildServiceSchema(), contextSource(new Replicas(database))]
  const app = await createApp({
    config: { ...usualConfig, ...config },
    schema,
    schemaText: printServiceSchema(schema),
    contextFor,
    addRoutes: (routes, askFor) => {
      registerPlots(routes, { schema, contextFor })
      registerFindings(routes, { contextFor })
      registerDownloads(routes, { schema, contextFor })
      registerFeed(routes, { contextFor })
      registerMcp(routes, { askFor, basePath: config?.basePath ?? '', corsOrigins: config?.corsOrigins ?? usualConfig.corsOrigins })
    },
    isReady: () => Promise.resolve({ ready: true, reasons: [] }),
    examples: await loadExamples('schema/examples'),
    ...given,
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}` // listening on TCP, so the address has a port
  const request = async (query: string, variables?: Record<string, unknown>): Promise<Response> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    return { status: response.status, ...((await response.json()) as object) }
  }
  return {
    url,
    database,
    request,
    ask: async (query, variables) => {
      const { data, errors } = await request(query, variables)
      if (errors) throw new Error(`${errors.map(({ message }) => message).join('; ')}\nin ${query}`)
      return data
    },
    statements: () => statements,
    stop: async () => {
      const closed = app.close()
      app.server.closeAllConnections() // clients that looked at headers alone leave the rest unread
      await closed
      await drop()
    },
  }
}
