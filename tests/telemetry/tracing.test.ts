import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'
import { runProgram, type Program } from '../support/program.js'
import { until } from '../support/until.js'

// The built program in a process of its own: what is watched is changed in place, which a test's own modules would hide.

interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[]
}

/** What an OTLP/HTTP receiver is sent, as JSON. */
interface Sent {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[]
}

let clone: ClonedDatabase
let receiver: Server
let service: Program
let url: string
const received: string[] = []
beforeAll(async () => {
  clone = await cloneDatabase()
  receiver = createServer((request, response) => {
    void text(request).then((body) => {
      if (request.url === '/v1/traces') received.push(body)
      response.setHeader('content-type', 'application/json').end('{}')
    })
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  service = runProgram({
    DATABASE_URL: clone.url,
    LOG_LEVEL: 'silent',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`, // listening on TCP, so the address has a port
    OTEL_BSP_SCHEDULE_DELAY: '50',
  })
  url = await service.url()
})
afterAll(async () => {
  service.process.kill('SIGTERM')
  await service.ended
  receiver.close()
  await clone.drop()
})

const [trace, parent] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331']
const spansNow = () =>
  received
    .flatMap((body) => (JSON.parse(body) as Sent).resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans)
const ofTrace = (traceId: string) => spansNow().filter((span) => span.traceId === traceId)

/** A request's spans: its own is the last to end, so all others are there with it. */
async function spansOf(traceId: string, isWhole: (spans: readonly Span[]) => boolean): Promise<readonly Span[]> {
  await until(() => isWhole(ofTrace(traceId)))
  return ofTrace(traceId)
}

const attribute = (span: Span | undefined, key: string) => Object.values(span?.attributes.find((candidate) => candidate.key === key)?.value ?? {})[0]
const parentOf = (spans: readonly Span[], span: Span | undefined) => spans.find(({ spanId }) => spanId === span?.parentSpanId)

const ancestorsOf = (spans: readonly Span[], span: Span | undefined): readonly (Span | undefined)[] =>
  span === undefined ? [] : [span, ...ancestorsOf(spans, parentOf(spans, span))]

const secret = 'hush-it-is-a-secret'

test('a request is one trace, HTTP, then GraphQL, then SQL, under the trace its caller began', async () => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent: `00-${trace}-${parent}-01`, cookie: `session=${secret}` },
    body: JSON.stringify({
      query: `query Traced($text: String!) { search(text: $text) { nodes { score } } inline: search(text: "${secret}") { nodes { score } } conditions(first: 1) { nodes { slug } } }`,
      variables: { text: secret },
    }),
  })
  expect(((await response.json()) as { errors?: unknown }).errors).toBeUndefined()
  const spans = await spansOf(trace, (found) => found.some(({ name }) => name === 'POST /graphql'))
  const http = spans.find(({ name }) => name === 'POST /graphql')
  const graphql = spans.find(({ name }) => name === 'query Traced')
  const statements = spans.filter((span) => attribute(span, 'db.query.text') !== undefined)
  expect(http?.parentSpanId).toBe(parent)
  expect([attribute(http, 'http.route'), attribute(http, 'http.response.status_code')]).toEqual(['/graphql', 200])
  expect(parentOf(spans, graphql)).toBe(http)
  expect([attribute(graphql, 'graphql.operation.type'), attribute(graphql, 'graphql.operation.name')]).toEqual(['query', 'Traced'])
  expect(statements.length).toBeGreaterThan(0)
  // Those of Prisma stand in spans of its own, within the operation's.
  for (const statement of statements) expect(ancestorsOf(spans, statement)).toContain(graphql)
  expect(spans.map(({ name }) => name)).toContain('prisma:client:operation')
  expect(statements.map((statement) => attribute(statement, 'db.query.text'))).toContainEqual(expect.stringContaining('search_row'))
})

test('the variables of a GET request, which stand in its address, are in no span', async () => {
  const traceId = '1af7651916cd43dd8448eb211c80319c'
  const query = 'query ByGet($text: String!) { search(text: $text) { nodes { score } } }'
  await fetch(`${url}/graphql?${new URLSearchParams({ query, variables: JSON.stringify({ text: secret }) })}`, {
    headers: { traceparent: `00-${traceId}-${parent}-01` },
  })
  const spans = await spansOf(traceId, (found) => found.some(({ name }) => name === 'GET /graphql'))
  expect(spans.map(({ name }) => name)).toEqual(expect.arrayContaining(['GET /graphql', 'query ByGet']))
  expect(
    attribute(
      spans.find(({ name }) => name === 'GET /graphql'),
      'url.query',
    ),
  ).toBe('REDACTED')
})

test('a refused operation has its codes in its span', async () => {
  const traceId = '2af7651916cd43dd8448eb211c80319c'
  await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-${parent}-01` },
    body: JSON.stringify({ query: '{ nothing }' }),
  })
  const spans = await spansOf(traceId, (found) => found.some(({ name }) => name === 'POST /graphql'))
  const refused = spans.find(({ name }) => name === 'graphql')
  expect(attribute(refused, 'graphql.error.codes')).toEqual({ values: [{ stringValue: 'GRAPHQL_VALIDATION_FAILED' }] })
})

test('health and metrics make no traces, and no span carries a value, a key or a password', async () => {
  const quiet = ['3af7651916cd43dd8448eb211c80319c', '4af7651916cd43dd8448eb211c80319c']
  await fetch(`${url}/health/ready`, { headers: { traceparent: `00-${quiet[0]}-${parent}-01` } })
  await fetch(`${url}/metrics`, { headers: { traceparent: `00-${quiet[1]}-${parent}-01` } })
  const after = '5af7651916cd43dd8448eb211c80319c'
  await fetch(`${url}/download/evidence.csv`, { method: 'HEAD', headers: { traceparent: `00-${after}-${parent}-01` } })
  const spans = await spansOf(after, (found) => found.some(({ name }) => name === 'HEAD /download/:file'))
  expect(spans.length).toBeGreaterThan(0)
  expect(quiet.flatMap(ofTrace)).toEqual([])
  const password = new URL(clone.url).password
  expect(password.length).toBeGreaterThan(8)
  for (const hidden of [secret, password]) expect(received.join('')).not.toContain(hidden)
})

test('nothing of it is loaded where it is not configured', async () => {
  // Its packages are CommonJS, so what is loaded of them is in the cache of require.
  const script = `
    import { createRequire } from 'node:module'
    await import('./dist/service.js')
    process.stdout.write(Object.keys(createRequire(import.meta.url).cache).join('\\n'))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { env: { PATH: process.env['PATH'] } })
  const loaded = await text(child.stdout)
  expect(loaded).toContain('node_modules/pg/')
  expect(loaded).not.toContain('@opentelemetry/sdk')
  expect(loaded).not.toContain('@opentelemetry/instrumentation')
})
