import http, { type IncomingHttpHeaders } from 'node:http'
import net from 'node:net'
import { contextSource } from '../../src/replicas/contextSource.js'
import { Replicas } from '../../src/replicas/replicas.js'
import { createApp } from '../../src/http/app.js'
import { buildServiceSchema } from '../../src/schema.js'
import { cloneDatabase } from '../support/database.js'
import { startService, type Service } from '../support/service.js'
import { until } from '../support/until.js'

const [origin, other] = ['https://a.example', 'https://b.example']
let service: Service
let keeping: Service
beforeAll(async () => {
  ;[service, keeping] = await Promise.all([
    startService({ config: { corsOrigins: [origin, other] } }),
    startService({ config: { corsOrigins: [origin, other], resultCacheBytes: 10_000_000 } }),
  ])
})
afterAll(() => Promise.all([service.stop(), keeping.stop()]))

const [plain, modern] = ['application/json', 'application/graphql-response+json']
const release = '/graphql?query={dataset{release}}'

interface Answered {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Exactly these headers: fetch adds some of its own. */
function request(url: string, { method = 'GET', body, ...headers }: Record<string, string> = {}): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = http.request(url, { method, headers: body === undefined ? headers : { 'content-type': plain, ...headers } }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** The first error of an answer, in the documented shape, or a failed test. */
function errorOf({ headers, body }: Answered): { readonly code: string; readonly message: string } {
  const { errors, ...more } = JSON.parse(body) as { errors: { message: string; extensions: { code: string; requestId: string } }[] }
  expect(more).toEqual({})
  const [error] = errors
  expect(error?.extensions.requestId).toBe(headers['x-request-id'])
  return { code: error?.extensions.code ?? '', message: error?.message ?? '' }
}

// RFC 9110, 12.5.1; the first type of the service where a caller has no preference.
const preferences: readonly (readonly [string | null, string | null])[] = [
  [null, plain],
  ['*/*', plain],
  ['application/*', plain],
  [plain, plain],
  ['APPLICATION/JSON', plain],
  [modern, modern],
  ['Application/GraphQL-Response+JSON', modern],
  [`${modern}, ${plain};q=0.9`, modern],
  [`${plain}, ${modern};q=0.5`, plain],
  [`${modern};q=0, ${plain}`, plain],
  [`${plain};q=0, */*`, modern],
  [`${plain};q=0.1, ${modern};q=0.2`, modern],
  [`${modern}; charset=utf-8, ${plain};q=0.9`, modern],
  ['text/html,application/xhtml+xml,*/*;q=0.8', plain],
  [`multipart/mixed;deferSpec=20220824, ${plain}`, plain],
  ['text/csv', null],
  [`${plain};q=0, ${modern};q=0`, null],
  ['multipart/mixed', null],
]

test('the type of an answer follows from Accept alone, whatever was asked before, with and without a cache', async () => {
  const { url } = keeping
  for (const base of [service.url, url])
    for (const [before] of preferences)
      for (const [accept, expected] of preferences) {
        const ask = (preference: string | null) => request(base + release, preference === null ? {} : { accept: preference })
        await ask(before)
        const answered = await ask(accept)
        if (expected === null) expect([accept, answered.status, errorOf(answered).code]).toEqual([accept, 406, 'NOT_ACCEPTABLE'])
        else expect([accept, answered.status, answered.headers['content-type']?.split(';')[0]]).toEqual([accept, 200, expected])
      }
}, 120_000)

test('GET names every header that its answer depends on, and 304 the same as 200', async () => {
  for (const { url } of [service, keeping])
    for (const path of [release, '/download/studies.bib', '/download/evidence.csv?filter={"conditions":["migraine"]}']) {
      const asked = { origin, 'accept-encoding': 'gzip' }
      const first = await request(encodeURI(url + path), asked)
      const again = await request(encodeURI(url + path), asked)
      const unchanged = await request(encodeURI(url + path), { ...asked, 'if-none-match': first.headers.etag ?? '' })
      expect([path, first.status, again.status, unchanged.status]).toEqual([path, 200, 200, 304])
      const named = ({ headers }: Answered) =>
        (headers.vary ?? '')
          .toLowerCase()
          .split(/\s*,\s*/)
          .sort()
      expect(named(first)).toEqual(path === release ? ['accept', 'accept-encoding', 'origin'] : ['accept-encoding', 'origin'])
      expect([named(again), named(unchanged)]).toEqual([named(first), named(first)])
      for (const name of ['etag', 'cache-control', 'access-control-allow-origin'])
        expect([name, unchanged.headers[name], again.headers[name]]).toEqual([name, first.headers[name], first.headers[name]])
    }
})

test('a condition is compared weakly, and * holds of what has an answer', async () => {
  for (const { url } of [keeping]) {
    const { etag = '' } = (await request(url + release)).headers
    for (const condition of [etag, etag.replace('W/', ''), `"x", ${etag}`, '*'])
      expect([condition, (await request(url + release, { 'if-none-match': condition })).status]).toEqual([condition, 304])
    expect((await request(`${url}/graphql?query={nothing}`, { 'if-none-match': '*', accept: modern })).status).toBe(400)
    const file = await request(`${url}/download/studies.ris`)
    for (const condition of [file.headers.etag ?? '', file.headers.etag?.replace('W/', '') ?? '', '*'])
      expect([condition, (await request(`${url}/download/studies.ris`, { 'if-none-match': condition })).status]).toEqual([condition, 304])
    expect((await request(`${url}/download/studies.ris?filter=x`, { 'if-none-match': '*' })).status).toBe(400)
  }
})

test('the tag of a download is of its file, filter, order and form', async () => {
  const paths = ['studies.ris', 'studies.bib', 'evidence.csv', 'evidence.csv?bom=true', 'evidence.csv?filter={"conditions":["migraine"]}', 'evidence.ndjson']
  const tags = await Promise.all(paths.map(async (path) => (await request(encodeURI(`${service.url}/download/${path}`), { method: 'HEAD' })).headers.etag))
  expect(new Set(tags).size).toBe(paths.length)
  expect(tags).not.toContain(undefined)
})

test('browsers keep the answer to a preflight, and OPTIONS without an origin is answered', async () => {
  const preflight = { method: 'OPTIONS', origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' }
  const answered = await request(`${service.url}/graphql`, preflight)
  expect([answered.status, answered.headers['access-control-max-age'], answered.headers['access-control-allow-methods']]).toEqual([
    204,
    '7200',
    'GET, HEAD, POST, PATCH, OPTIONS',
  ])
  expect((await request(`${service.url}/graphql`, { method: 'OPTIONS' })).status).toBe(204)
})

test.each([
  ['a query that is a number', { method: 'POST', body: '{"query":1}' }, '', 400, 'BAD_REQUEST', 'query must be a string'],
  ['a query that is a list', { method: 'POST', body: '{"query":["{dataset{release}}"]}' }, '', 400, 'BAD_REQUEST', 'query must be a string'],
  [
    'a name that is an object',
    { method: 'POST', body: '{"query":"{dataset{release}}","operationName":{}}' },
    '',
    400,
    'BAD_REQUEST',
    'operationName must be a string',
  ],
  [
    'variables that are a text',
    { method: 'POST', body: '{"query":"{dataset{release}}","variables":"{}"}' },
    '',
    400,
    'BAD_REQUEST',
    'variables must be an object',
  ],
  [
    'variables that are a list',
    { method: 'POST', body: '{"query":"{dataset{release}}","variables":[]}' },
    '',
    400,
    'BAD_REQUEST',
    'variables must be an object',
  ],
  [
    'extensions that are a number',
    { method: 'POST', body: '{"query":"{dataset{release}}","extensions":3}' },
    '',
    400,
    'BAD_REQUEST',
    'extensions must be an object',
  ],
  ['a query given twice', {}, '?query={dataset{release}}&query={dataset{release}}', 400, 'BAD_REQUEST', 'query is given more than once'],
  ['variables given twice', {}, '?query={dataset{release}}&variables={}&variables={}', 400, 'BAD_REQUEST', 'variables is given more than once'],
  [
    'a form',
    { method: 'POST', body: 'query=1', 'content-type': 'application/x-www-form-urlencoded' },
    '',
    415,
    'BAD_REQUEST',
    'the body must be JSON, sent as application/json',
  ],
  [
    'several parts',
    { method: 'POST', body: 'x', 'content-type': 'multipart/form-data; boundary=x' },
    '',
    415,
    'BAD_REQUEST',
    'the body must be JSON, sent as application/json',
  ],
  ['PUT', { method: 'PUT' }, '', 405, 'METHOD_NOT_ALLOWED', 'PUT is not understood here: use GET or HEAD or POST'],
  ['QUERY', { method: 'QUERY', body: '{}' }, '', 405, 'METHOD_NOT_ALLOWED', 'QUERY is not understood here: use GET or HEAD or POST'],
  ['PROPFIND', { method: 'PROPFIND' }, '', 405, 'METHOD_NOT_ALLOWED', 'PROPFIND is not understood here'],
] as const)('%s is refused in the documented shape', async (_, how, search, status, code, message) => {
  const answered = await request(encodeURI(`${service.url}/graphql${search}`), { origin, ...how })
  expect([answered.status, answered.headers['access-control-allow-origin']]).toEqual([status, origin])
  const error = errorOf(answered)
  expect(error.code).toBe(code)
  expect(error.message).toContain(message)
  if (status === 405) expect(answered.headers.allow).toBe('GET, HEAD, POST')
})

test.each(['/download/evidence.csv', '/plots/forest.svg', '/health/ready'])('%s says which methods it understands', async (path) => {
  const answered = await request(service.url + path, { method: 'POST', body: '{}' })
  expect([answered.status, answered.headers.allow, errorOf(answered).code]).toEqual([405, 'GET, HEAD', 'METHOD_NOT_ALLOWED'])
})

/** What a server answers to bytes, until it closes. */
function answerTo(url: string, bytes: string): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes))
    let text = ''
    socket.setEncoding('utf8').on('data', (part: string) => (text += part))
    socket.on('error', reject)
    socket.on('end', () => {
      const [head = '', body = ''] = text.split('\r\n\r\n')
      const [first = '', ...lines] = head.split('\r\n')
      const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]))
      resolve({ status: Number(first.split(' ')[1]), headers, body })
    })
  })
}

test.each([
  ['an address of twenty kilobytes', `GET /graphql?query=${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
  ['no HTTP', 'hello\r\n\r\n', 400, 'BAD_REQUEST'],
])('%s is refused in the documented shape', async (_, bytes, status, code) => {
  const answered = await answerTo(service.url, bytes)
  expect([answered.status, errorOf(answered).code]).toEqual([status, code])
})

test('what comes on a kept connection while the service closes is no answer of another shape', async () => {
  const { database, drop } = await cloneDatabase()
  let letGo: () => void = () => {}
  let arrived: () => void = () => {}
  const held = new Promise<void>((resolve) => (letGo = resolve))
  const isHeld = new Promise<void>((resolve) => (arrived = resolve))
  const app = await createApp({
    config: { corsOrigins: '*', bodyLimitBytes: 1_000, logLevel: 'silent', introspection: true },
    schema: buildServiceSchema(),
    contextFor: contextSource(new Replicas(database)),
    isReady: () => Promise.resolve({ ready: true, reasons: [] }),
    examples: [],
    addRoutes: (routes) =>
      void routes.get('/held', async () => {
        arrived()
        await held
        return {}
      }),
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  try {
    const ask = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(ask('/held')))
    let text = ''
    socket.setEncoding('utf8').on('data', (part: string) => (text += part))
    const ended = new Promise<void>((resolve) => socket.on('close', () => resolve()))
    await isHeld
    const closed = app.close()
    await until(() => !app.server.listening)
    socket.write(ask('/health/live'))
    letGo()
    await Promise.all([closed, ended])
    const statuses = text.match(/HTTP\/1\.1 \d+/g) ?? []
    expect(statuses.length).toBeGreaterThan(0)
    expect(new Set(statuses)).toEqual(new Set(['HTTP/1.1 200']))
    expect(text.match(/x-request-id: /g)).toHaveLength(statuses.length)
  } finally {
    await app.close()
    await drop()
  }
})
