import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { request } from 'node:http'
import { settings } from '../../src/config.js'
import { maxRepresentations } from '../../src/federation/representation.js'
import { errorCodes } from '../../src/errors.js'
import { filterLimits } from '../../src/graphql/filter.js'
import { maxPageSize, maxSortKeys } from '../../src/graphql/keyset.js'
import { limits } from '../../src/graphql/limits.js'
import { patience } from '../../src/http/app.js'
import { maxIdentifiers } from '../../src/study/study.graphql.js'
import { summaryLimits } from '../../src/summary/summaryList.js'
import { synthesisLimits } from '../../src/synthesis/synthesis.queries.js'
import { getIntrospectionQuery } from 'graphql'
import { maxRefs } from '../../src/vocabulary/vocabulary.graphql.js'
import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const post = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
const errorOf = async (response: Response) => ((await response.json()) as { errors: { message: string; extensions: Record<string, unknown> }[] }).errors[0]

test('GET answers as POST does', async () => {
  const query = '{ form(ref: "MgO") { slug } }'
  const got = await fetch(`${service.url}/graphql?${new URLSearchParams({ query })}`)
  expect(got.status).toBe(200)
  expect(await got.json()).toEqual(await (await post({ query })).json())
})

test('a page of any origin may ask', async () => {
  const preflight = await fetch(`${service.url}/graphql`, {
    method: 'OPTIONS',
    headers: { origin: 'https://dashboard.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
  })
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
  expect(preflight.headers.get('access-control-allow-headers')).toContain('content-type')
})

test('large answers are compressed for those who take it', async () => {
  const { encoding, body } = await new Promise<{ encoding: string | undefined; body: Buffer }>((resolve, reject) => {
    const asked = request(
      `${service.url}/graphql`,
      { method: 'POST', headers: { 'content-type': 'application/json', 'accept-encoding': 'gzip' } },
      (response) => {
        const chunks: Buffer[] = []
        response
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .on('end', () => resolve({ encoding: response.headers['content-encoding'], body: Buffer.concat(chunks) }))
      },
    )
    asked.on('error', reject).end(JSON.stringify({ query: getIntrospectionQuery() }))
  })
  expect(encoding).toBe('gzip')
  expect(JSON.parse(gunzipSync(body).toString())).toHaveProperty('data.__schema')
})

test('introspection passes every limit', async () => {
  const { data, errors } = await service.request(getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true, specifiedByUrl: true }))
  expect(errors).toBeUndefined()
  expect(data).toHaveProperty('__schema')
})

test('health: alive, and ready to answer', async () => {
  expect(await (await fetch(`${service.url}/health/live`)).json()).toEqual({ status: 'live' })
  const ready = await fetch(`${service.url}/health/ready`)
  expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', reasons: [] }])
})

test('the root is the dashboard', async () => {
  const response = await fetch(`${service.url}/`, { redirect: 'manual' })
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  expect(await response.text()).toContain('<title>Magnesium evidence</title>')
})

test('the playground loads nothing from elsewhere', async () => {
  const page = await fetch(`${service.url}/playground`)
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'")
  const html = await page.text()
  const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address)
  expect(addresses.length).toBeGreaterThan(3)
  for (const address of addresses) {
    expect(address).toMatch(/^\//)
    const asset = await fetch(service.url + address)
    expect([asset.status, asset.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable'])
  }
})

test('a request keeps its own id where it has a sane one', async () => {
  expect((await post({ query: '{ __typename }' }, { 'x-request-id': 'mine-1' })).headers.get('x-request-id')).toBe('mine-1')
  expect((await post({ query: '{ __typename }' }, { 'x-request-id': 'not sane; at all' })).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  expect((await errorOf(await post({ query: '{ study { slug } }' }, { 'x-request-id': 'mine-2' })))?.extensions).toMatchObject({ requestId: 'mine-2' })
})

test.each([
  ['a body that is too large', { query: 'x'.repeat(1_100_000) }, 413, 'BODY_TOO_LARGE'],
  ['a body that is no JSON', '{"query":', 400, 'BAD_REQUEST'],
])('%s gets a coded error', async (_, body, status, code) => {
  const response = await post(body)
  expect(response.status).toBe(status)
  expect(await errorOf(response)).toMatchObject({ extensions: { code } })
})

test('an address where nothing stands gets a coded error', async () => {
  const response = await fetch(`${service.url}/nowhere`)
  expect([response.status, (await errorOf(response))?.extensions['code']]).toEqual([404, 'NOT_FOUND'])
})

test.each([
  ['a batch', JSON.stringify([{ query: '{ __typename }' }, { query: '{ __typename }' }]), 'application/json', 400],
  ['a body without an operation', '{}', 'application/json', 400],
  ['an empty body', '', 'application/json', 400],
  ['plain text', '{ __typename }', 'text/plain', 400],
  ['XML', '<query/>', 'application/xml', 415],
])('%s is no request of ours, and is told so', async (_, body, contentType, status) => {
  const response = await post(body, { 'content-type': contentType, 'x-request-id': 'mine-3' })
  expect(response.status).toBe(status)
  expect((await errorOf(response))?.extensions).toEqual({ code: 'BAD_REQUEST', requestId: 'mine-3' })
})

test('the API is asked by GET, HEAD or POST alone', async () => {
  const response = await fetch(`${service.url}/graphql`, { method: 'DELETE' })
  expect([response.status, response.headers.get('allow'), (await errorOf(response))?.extensions['code']]).toEqual([
    405,
    'GET, HEAD, POST',
    'METHOD_NOT_ALLOWED',
  ])
})

test('an address that cannot be read gets a coded error', async () => {
  const response = await fetch(`${service.url}/%zz`)
  expect([response.status, (await errorOf(response))?.extensions['code']]).toEqual([400, 'BAD_REQUEST'])
})

const nested = (depth: number) => `{ condition(ref: "migraine") ${'{ parents '.repeat(depth)}{ slug }${' }'.repeat(depth)} }`
test.each([
  ['depth', nested(limits.depth), 'DEPTH_LIMIT_EXCEEDED', limits.depth],
  [
    'depth through fragments',
    `query { condition(ref: "migraine") { ...A } } fragment A on Condition { parents { parents { parents { parents { ...B } } } } } fragment B on Condition { parents { parents { parents { parents { ...C } } } } } fragment C on Condition { parents { parents { parents { parents { parents { slug } } } } } }`,
    'DEPTH_LIMIT_EXCEEDED',
    limits.depth,
  ],
  [
    'aliases',
    `{ ${Array.from({ length: limits.aliases + 1 }, (_, index) => `a${index}: dataset { release }`).join(' ')} }`,
    'ALIAS_LIMIT_EXCEEDED',
    limits.aliases,
  ],
  [
    'root fields through fragments',
    `{ ...A ... on Query { b: dataset { release } } } fragment A on Query { ${Array.from({ length: limits.rootFields }, (_, index) => `a${index}: dataset { release }`).join(' ')} }`,
    'ROOT_FIELD_LIMIT_EXCEEDED',
    limits.rootFields,
  ],
  ['directives', `{ __typename ${'@include(if: true) '.repeat(limits.directives + 1)} }`, 'DIRECTIVE_LIMIT_EXCEEDED', limits.directives],
  ['tokens', `{ ${'__typename '.repeat(limits.tokens)} }`, 'TOKEN_LIMIT_EXCEEDED', limits.tokens],
  ['cost', '{ studies(first: 500) { nodes { evidence(first: 500) { nodes { slug } } } } }', 'COST_LIMIT_EXCEEDED', limits.cost],
])('an operation beyond the limit of %s is refused with its code', async (_, query, code, limit) => {
  const { errors } = await service.request(query)
  expect(errors?.[0]?.extensions).toMatchObject({ code, limit })
})

test('an operation at the limit of root fields is answered', async () => {
  const { errors } = await service.request(`{ ${Array.from({ length: limits.rootFields }, (_, index) => `a${index}: dataset { release }`).join(' ')} }`)
  expect(errors).toBeUndefined()
})

test('the cost of a page counts its variables', async () => {
  const query = 'query ($n: Int!) { studies(first: $n) { nodes { evidence(first: $n) { nodes { slug } } } } }'
  expect((await service.request(query, { n: 2 })).errors).toBeUndefined()
  expect((await service.request(query, { n: 500 })).errors?.[0]?.extensions).toMatchObject({ code: 'COST_LIMIT_EXCEEDED' })
})

test('fragments that spread each other in a circle are refused', async () => {
  const { errors } = await service.request(
    '{ condition(ref: "migraine") { ...A } } fragment A on Condition { parents { ...B } } fragment B on Condition { parents { ...A } }',
  )
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' })
})

test('an internal error says nothing of the inside', async () => {
  await service.database.pool.query('ALTER TABLE claim RENAME TO claim_gone')
  try {
    const { errors } = await service.request('{ claims { totalCount nodes { slug } } }')
    expect(errors?.[0]).toMatchObject({
      message: 'Internal server error',
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.stringMatching(/./) },
    })
    expect(JSON.stringify(errors)).not.toMatch(/relation|claim_gone|stack/)
  } finally {
    await service.database.pool.query('ALTER TABLE claim_gone RENAME TO claim')
  }
})

test('every error code is documented, and every documented one exists', () => {
  const rows = tableOf('docs/error-codes.md', '| code |')
  expect(rows).toEqual(Object.entries(errorCodes).map(([code, { like, meaning }]) => [`\`${code}\``, String(like), meaning]))
})

test('every reason is documented, and every documented one exists', () => {
  const documented = tableOf('docs/error-codes.md', '| reason |').flatMap(([reasons = '']) => [...reasons.matchAll(/`([A-Z_]+)`/g)].map(([, reason]) => reason))
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.startsWith('generated'))
  const given = sources.flatMap((file) => [...readFileSync(`src/${file}`, 'utf8').matchAll(/\breason: '([A-Z_]+)'/g)].map(([, reason]) => reason))
  expect(documented.sort()).toEqual([...new Set(given)].sort())
})

test('every limit is documented, and every documented one holds', () => {
  expect(tableOf('docs/limits.md', '| limit |').map(([name, value]) => [name, value])).toEqual([
    ['depth: fields inside fields', `${limits.depth}`],
    ['aliases', `${limits.aliases}`],
    ['root fields: questions at the top, aliases counted each', `${limits.rootFields}`],
    ['directives', `${limits.directives}`],
    ["tokens of the operation's text", `${limits.tokens}`],
    ['cost', `${limits.cost}`],
    ['cost, with a key of the scope `read`', `${limits.costWithKey}`],
    ...(
      [
        ['requests a minute, of one address', 'requestsPerMinute'],
        ['cost a minute, of one address', 'costPerMinute'],
        ['requests a minute, of one key of the scope `read`', 'requestsPerMinuteWithKey'],
        ['cost a minute, of one key of the scope `read`', 'costPerMinuteWithKey'],
      ] as const
    ).map(([name, setting]) => [name, `${settings[setting].fallback} (\`${settings[setting].variable}\`)`]),
    ['rows of a page', `${maxPageSize}`],
    ['depth of a filter', `${filterLimits.depth}`],
    ['filters inside a filter', `${filterLimits.filters}`],
    ['values of a list in a filter', `${filterLimits.values}`],
    ['keys of an order', `${maxSortKeys}`],
    ['refs of one list of terms', `${maxRefs}`],
    ['identifiers of one call', `${maxIdentifiers}`],
    ['representations of one call of `_entities`', `${maxRepresentations}`],
    ['effects of one synthesis', `${synthesisLimits.effects}`],
    ['kinds of group of a summary', `${summaryLimits.groupBy}`],
    ['groups of a summary, cells of a map', `${summaryLimits.groups}`],
    ['room for kept syntheses; the oldest go', `${synthesisLimits.keptBytes / 1024 ** 2} MiB`],
    [
      'room for kept answers; the least asked for go, and none is larger than an eighth of it',
      `${Number(settings.resultCacheBytes.fallback) / 1024 ** 2} MiB (\`RESULT_CACHE_BYTES\`)`,
    ],
    ['lists and objects inside each other in a request body', '64'],
    ['request body', `${settings.bodyLimitBytes.fallback} bytes (\`BODY_LIMIT_BYTES\`)`],
    ['the headers of a request, until they are here', `${patience.headersMs / 1_000} s`],
    ['a request with its body, until it is here', `${patience.requestMs / 1_000} s`],
    ['one statement in the database', `${Number(settings.statementTimeoutMs.fallback) / 1_000} s (\`STATEMENT_TIMEOUT_MS\`)`],
  ])
})

/** Cells of a Markdown table, row by row, by how its heading begins. */
function tableOf(file: string, heading: string): string[][] {
  const lines = readFileSync(file, 'utf8').split('\n')
  const rows = lines.slice(lines.findIndex((line) => line.startsWith(heading)) + 2)
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith('|')),
    )
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}
