import { readdirSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import path from 'node:path'
import parsePrometheus from 'parse-prometheus-text-format'
import { readConfig } from '../../src/config.js'
import { startService, type RunningService } from '../../src/service.js'
import { assistantOperations, dashboardOperations } from '../../src/telemetry/operations.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'

let clone: ClonedDatabase
let service: RunningService & { stop(): Promise<void> }
const start = (settings: Record<string, string> = {}) =>
  startService(readConfig({ PORT: '0', DATABASE_URL: clone.url, LOG_LEVEL: 'silent', METRICS_OPERATIONS: 'OurOwn', RESULT_CACHE_BYTES: '0', ...settings }), {
    say: () => {},
    signal: new AbortController().signal,
  })
beforeAll(async () => {
  clone = await cloneDatabase()
  service = await start()
})
afterAll(async () => {
  await service.stop()
  await clone.drop()
})

const ask = (query: string, variables: Record<string, unknown> = {}) =>
  fetch(`${service.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) })

/** Read by an implementation that is not the writer's. */
const metricsNow = async () => parsePrometheus(await (await fetch(service.metricsUrl)).text())

const linesNow = async () => (await (await fetch(service.metricsUrl)).text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))

/** The sum of the series with these labels; 0 where there is none yet. */
async function valueOf(name: string, labels: Record<string, string> = {}): Promise<number> {
  const series = (await linesNow()).filter(
    (line) => /^\w+/.exec(line)?.[0] === name && Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)),
  )
  return series.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

/** How much `work` adds to a series. */
async function added(name: string, labels: Record<string, string>, work: () => Promise<unknown>): Promise<number> {
  const before = await valueOf(name, labels)
  await work()
  return (await valueOf(name, labels)) - before
}

test('operations are counted by the names of the dashboard, of the examples and of the configuration, and every other as one', async () => {
  const counted = (operation: string, query: string) => added('magnesium_operations_total', { operation, kind: 'query', outcome: 'ok' }, () => ask(query))
  expect(await counted('EvidencePage', 'query EvidencePage { dataset { release } }')).toBe(1)
  expect(await counted('MigraineCitrate', 'query MigraineCitrate { dataset { release } }')).toBe(1)
  expect(await counted('OurOwn', 'query OurOwn { dataset { release } }')).toBe(1)
  expect(await counted('other', 'query Whatever { dataset { release } }')).toBe(1)
  expect(await counted('anonymous', '{ dataset { release } }')).toBe(1)
})

test('a thousand invented names, methods and addresses make no further series', async () => {
  const hostile = async (index: number) => {
    await ask(`query Invented${index} { dataset { release } }`)
    await ask(`query Wrong${index} { field${index} }`)
    await fetch(`${service.url}/nowhere/${index}`)
    await sendMethod(['PROPFIND', 'SEARCH', 'LOCK', 'MKCOL'][index % 4] ?? 'LOCK')
  }
  await hostile(0)
  await hostile(1)
  // Those of the process grow by themselves: a kind of garbage collection has its series from its first time on.
  const ours = async () => (await linesNow()).filter((line) => line.startsWith('magnesium_')).length
  const before = await ours()
  for (let from = 2; from < 252; from += 50) await Promise.all(Array.from({ length: 50 }, (_, offset) => hostile(from + offset)))
  expect(await ours()).toBe(before)
  expect(await (await fetch(service.metricsUrl)).text()).not.toMatch(/Invented|Wrong\d|field\d|nowhere|PROPFIND/)
})

test('errors are counted by their code, within GraphQL and outside it', async () => {
  const counted = (code: string, work: () => Promise<unknown>) => added('magnesium_errors_total', { code }, work)
  expect(await counted('GRAPHQL_VALIDATION_FAILED', () => ask('{ nothing }'))).toBe(1)
  expect(await counted('BAD_USER_INPUT', () => ask('{ evidence(first: 501) { nodes { id } } }'))).toBe(1)
  expect(await counted('NOT_FOUND', () => fetch(`${service.url}/nowhere`))).toBe(1)
  expect(await counted('BAD_REQUEST', () => fetch(`${service.url}/graphql`, { method: 'POST', body: 'plain' }))).toBe(1)
  expect(await counted('BAD_REQUEST', () => fetch(`${service.url}/graphql`))).toBe(1)
})

test('durations and costs are histograms, with one more observation for each operation', async () => {
  const counted = (name: string, labels: Record<string, string> = {}) => added(name, labels, () => ask('query EvidencePage { dataset { release } }'))
  expect(await counted('magnesium_operation_duration_seconds_count', { operation: 'EvidencePage' })).toBe(1)
  expect(await counted('magnesium_operation_cost_count')).toBe(1)
  expect(await counted('magnesium_http_response_duration_seconds_count', { route: '/graphql' })).toBe(1)
  expect(await counted('magnesium_http_responses_total', { route: '/graphql', method: 'POST', status: '200' })).toBe(1)
  const families = await metricsNow()
  const types = Object.fromEntries(families.map(({ name, type }) => [name, type]))
  expect([types['magnesium_operation_duration_seconds'], types['magnesium_operation_cost']]).toEqual(['HISTOGRAM', 'HISTOGRAM'])
})

test('questions at the top of an operation are counted, those of fragments too, by the schema and not by alias', async () => {
  const query = 'query X { ...top ... { second: forms(first: 1) { nodes { slug } } } } fragment top on Query { conditions(first: 1) { nodes { slug } } }'
  expect(await added('magnesium_root_fields_total', { field: 'conditions' }, () => ask(query))).toBe(1)
  expect(await added('magnesium_root_fields_total', { field: 'forms' }, () => ask(query))).toBe(1)
})

test('the state of the data and of the pool are those of the database', async () => {
  const { rows } = await clone.database.pool.query<{ effects: number; studies: number }>(
    'SELECT (SELECT count(*) FROM effect)::int AS effects, (SELECT count(*) FROM study)::int AS studies',
  )
  expect([await valueOf('magnesium_effects'), await valueOf('magnesium_studies')]).toEqual([rows[0]?.effects, rows[0]?.studies])
  expect(await valueOf('magnesium_database_up')).toBe(1)
  expect(await valueOf('magnesium_data_revision_age_seconds')).toBeGreaterThan(0)
  expect(await valueOf('magnesium_database_connections_limit', { pool: 'primary' })).toBe(10)
  expect(await valueOf('magnesium_database_connections', { pool: 'primary' })).toBeGreaterThan(0)
  expect(await valueOf('magnesium_database_waiting', { pool: 'primary' })).toBe(0)
  expect(await valueOf('magnesium_downloads_under_way')).toBe(0)
})

test('every metric is documented as it is, and every documented metric is there', async () => {
  const documented = [...readFileSync('docs/operations.md', 'utf8').matchAll(/^\| `((?:magnesium|process|nodejs)_\w+)` \| (\w+) \|(.*)\|$/gm)]
  const written = documented.map(([, name, type]) => `${name} ${type}`)
  const served = (await metricsNow()).map(({ name, type }) => `${name} ${type.toLowerCase()}`)
  const ours = (line: string) => line.startsWith('magnesium_')
  expect(written.filter(ours).sort()).toEqual(served.filter(ours).sort())
  // Of the process there are more, and others on other systems; those documented are on all.
  expect(written.filter((line) => !served.includes(line))).toEqual([])
})

test('on a port of their own the metrics are there and nowhere else', async () => {
  const apart = await start({ METRICS_PORT: '0' })
  try {
    expect(new URL(apart.metricsUrl).port).not.toBe(new URL(apart.url).port)
    expect((await fetch(apart.metricsUrl)).status).toBe(200)
    expect((await fetch(`${apart.url}/metrics`)).status).toBe(404)
    expect((await fetch(new URL('/graphql', apart.metricsUrl))).status).toBe(404)
  } finally {
    await apart.stop()
  }
})

test.each([
  ['src/web', dashboardOperations],
  ['src/mcp', assistantOperations],
])('the names of the operations of %s are those of its source', (folder, names) => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && /\.graphql$/.test(entry.name))
  const named = files.flatMap((file) =>
    [...readFileSync(path.join(file.parentPath, file.name), 'utf8').matchAll(/\b(?:query|mutation) ([A-Z]\w*)/g)].map(([, name = '']) => name),
  )
  expect([...new Set(named)].sort()).toEqual([...names])
})

/** fetch refuses methods that it does not know. */
function sendMethod(method: string): Promise<void> {
  return new Promise((resolve, reject) => {
    request(`${service.url}/graphql`, { method }, (response) => response.resume().once('end', resolve))
      .once('error', reject)
      .end()
  })
}
