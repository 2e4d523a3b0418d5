import { leaks } from './leaks.js'
import { rawPost, sentRaw, statusesOf } from './requests.js'
import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const ask = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body), // what fetch takes as bytes
  })
const health = async () => (await fetch(`${service.url}/health/ready`)).status
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

// Each: the attack, what is sent, the status and the code that answer it.
test.each([
  ['fields inside fields without end', { query: `{ conditions { nodes ${'{ parents '.repeat(40)}{ slug }${' }'.repeat(40)} } }` }, 200, 'DEPTH_LIMIT_EXCEEDED'],
  [
    'aliases without end',
    { query: `{ ${Array.from({ length: 200 }, (_, index) => `a${index}: dataset { release }`).join(' ')} }` },
    200,
    'ALIAS_LIMIT_EXCEEDED',
  ],
  ['directives without end', { query: `{ dataset ${'@include(if: true) '.repeat(200)} { release } }` }, 200, 'DIRECTIVE_LIMIT_EXCEEDED'],
  [
    'fragments that contain each other',
    { query: '{ dataset { ...A } } fragment A on Dataset { ...B } fragment B on Dataset { ...A }' },
    200,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['a fragment that contains itself', { query: '{ dataset { ...A } } fragment A on Dataset { release ...A }' }, 200, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'fragments that double each other',
    {
      query: `{ conditions { nodes { ...F0 } } } ${Array.from({ length: 20 }, (_, index) => `fragment F${index} on Condition { a: parents { ...F${index + 1} } b: parents { ...F${index + 1} } }`).join(' ')} fragment F20 on Condition { slug }`,
    },
    200,
    'DEPTH_LIMIT_EXCEEDED',
  ],
  [
    'introspection of introspection',
    { query: `{ __schema { types ${'{ fields { type '.repeat(12)}{ name }${' } }'.repeat(12)} } }` },
    200,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'a page of everything of everything',
    { query: '{ studies(first: 500) { nodes { evidence(first: 500) { nodes { slug } } } } }' },
    200,
    'COST_LIMIT_EXCEEDED',
  ],
  ['operations in an array', [{ query: '{ dataset { release } }' }], 400, 'BAD_REQUEST'],
  ['a text of ten megabytes', { query: '{ search(text: $t) { totalCount } }', variables: { t: 'x'.repeat(10_000_000) } }, 413, 'BODY_TOO_LARGE'],
  ['JSON of arrays in arrays', `{"query":"{ dataset { release } }","variables":${nested(100_000)}}`, 400, 'BAD_REQUEST'],
  [
    'a variable of arrays in arrays',
    { query: 'query ($c: [String!]) { evidence(filter: { conditions: $c }) { totalCount } }', variables: { c: JSON.parse(nested(40)) as unknown } },
    200,
    'BAD_USER_INPUT',
  ],
  [
    'bytes that are no UTF-8',
    Buffer.concat([Buffer.from('{"query":"{ search(text: \\"'), Buffer.from([0xff, 0xfe, 0xc0, 0x80]), Buffer.from('\\") { totalCount } }"}')]),
    200,
    null,
  ],
  ['a null byte', { query: '{ search(text: "a\\u0000b") { totalCount } }' }, 200, 'BAD_USER_INPUT'],
  ['half a surrogate pair', { query: '{ search(text: "\\ud800") { totalCount } }' }, 200, null],
  ['a pattern that backtracks for ever', { query: '{ search(text: "((((((((((a+)+)+)+)+)+)+)+)+)+)+$") { totalCount } }' }, 200, null],
  ['operators of the full-text search', { query: '{ search(text: "!&|<->():* & | ! (") { totalCount } }' }, 200, null],
  ['a body that is no JSON', '{"query":', 400, 'BAD_REQUEST'],
  ['__proto__ in the body', '{"query":"{ dataset { release } }","__proto__":{"polluted":true}}', 400, 'BAD_REQUEST'],
  ['constructor.prototype in the body', '{"query":"{ dataset { release } }","constructor":{"prototype":{"polluted":true}}}', 400, 'BAD_REQUEST'],
] as const)('%s', async (_, body, status, code) => {
  const response = await ask(body)
  const text = await response.text()
  expect([response.status, code === null ? null : text.includes(`"${code}"`)]).toEqual([status, code === null ? null : true])
  expect(text).not.toMatch(/INTERNAL_SERVER_ERROR|SERVICE_UNAVAILABLE/)
  expect(leaks(text)).toEqual([])
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  expect(await health()).toBe(200)
})

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
  'a page of others cannot send %s unseen: a browser would ask first for what is answered',
  async (type) => {
    const response = await ask('{"query":"{ dataset { release } }"}', { 'content-type': type })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.status).toBeLessThan(500)
    expect(await response.text()).not.toContain('release')
  },
)

test('there is nothing to be changed by a forged request: the schema has no mutations and no subscriptions', async () => {
  const { __schema } = await service.ask('{ __schema { mutationType { name } subscriptionType { name } } }')
  expect(__schema).toEqual({ mutationType: null, subscriptionType: null })
})

test.each([
  '/download/../../package.json',
  '/download/..%2f..%2fpackage.json',
  '/download/%2e%2e/%2e%2e/package.json',
  '/download/..%5c..%5cpackage.json',
  '/download/evidence.csv%00.json',
  '/assets/../index.html',
  '/assets/..%2f..%2fserver.js',
  '/assets/%252e%252e%252findex.html',
  '/plots/..%2fforest.svg',
  '/playground/..%2f..%2f.env',
  '/embed//evil.example/',
  '//evil.example/%2e%2e',
  '/.env',
  '/.git/config',
])('the path %s leads to no file', async (path) => {
  // Written as it is: clients would resolve the dots themselves.
  const answer = await sentRaw(service.url, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  expect(['400', '404']).toContain(statusesOf(answer).join())
  expect(answer).not.toMatch(/"dependencies"|root:|\[core\]/)
  expect(leaks(answer)).toEqual([])
})

const request = '{"query":"{ __typename }"}'
test.each([
  ['two lengths that differ', rawPost(request, [`Content-Length: ${request.length}`, 'Content-Length: 5']), 400],
  ['a length and chunks', rawPost(`0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n`, ['Content-Length: 6', 'Transfer-Encoding: chunked']), 400],
  ['chunks, misspelt', rawPost(request, [`Content-Length: ${request.length}`, 'Transfer-Encoding: xchunked']), 400],
  ['a header folded over two lines', rawPost(request, ['X-A: 1', ' Transfer-Encoding: chunked', `Content-Length: ${request.length}`]), 400],
  ['a space before the colon', rawPost(request, [`Content-Length : ${request.length}`]), 400],
  ['a name of a header with a null byte', rawPost(request, ['X-\u0000A: 1', `Content-Length: ${request.length}`]), 400],
  ['a negative length', rawPost(request, ['Content-Length: -1']), 400],
  ['a header of a hundred kilobytes', rawPost(request, [`X-A: ${'a'.repeat(100_000)}`, `Content-Length: ${request.length}`]), 431],
  ['a thousand headers', rawPost(request, [...Array.from({ length: 3_000 }, (_, index) => `X-${index}: 1`), `Content-Length: ${request.length}`]), 431],
  ['no host', `GET /health/live HTTP/1.1\r\n\r\n`, 400],
])('a request with %s is refused, and nothing that it hides is answered', async (_, bytes, status) => {
  const answer = await sentRaw(service.url, bytes)
  expect(statusesOf(answer)).toEqual([status])
  expect(leaks(answer)).toEqual([])
  expect(await health()).toBe(200)
})

test('a host of somebody else’s choice appears in no answer that others might be given', async () => {
  const answer = await sentRaw(service.url, 'GET / HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n')
  expect(statusesOf(answer)).toEqual([200])
  expect(answer).not.toContain('evil.example')
})

test.each(['TRACE', 'CONNECT', 'PROPFIND', 'DELETE'])('%s is refused, and no header makes another method of it', async (method) => {
  const answer = await sentRaw(service.url, `${method} /graphql HTTP/1.1\r\nHost: localhost\r\nX-HTTP-Method-Override: POST\r\nConnection: close\r\n\r\n`)
  for (const status of statusesOf(answer)) expect(status).toBeGreaterThanOrEqual(400)
  expect(answer).not.toContain('"data"')
})

test('there are no websockets to hold open', async () => {
  const upgrade =
    'GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
  expect(statusesOf(await sentRaw(service.url, upgrade, { waitMs: 1_500 }))).not.toContain(101)
})

test('answers name no software', async () => {
  for (const path of ['/', '/graphql', '/playground', '/nowhere', '/download/studies.csv?filter=%7B', '/plots/forest.svg']) {
    const { headers } = await fetch(`${service.url}${path}`)
    expect([headers.get('x-powered-by'), headers.get('server')]).toEqual([null, null])
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  }
})
