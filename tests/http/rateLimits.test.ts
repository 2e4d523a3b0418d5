import type { Actor } from '../../src/audit/audit.js'
import { network } from '../../src/http/budgets.js'
import { createKey } from '../../src/keys/key.queries.js'
import { keyRing } from '../../src/keys/keyRing.js'
import { makeKey } from '../../src/keys/key.js'
import { startService, type Service } from '../support/service.js'

const actor: Actor = { kind: 'COMMAND_LINE', name: 'somebody@here' }
const budgets = { anonymous: { requests: 5, cost: 100 }, withKey: { requests: 50, cost: 1_000 } }

let service: Service
beforeAll(async () => {
  // Whoever asks says its own address: a test is its own proxy.
  service = await startService((database) => ({ config: { trustedProxies: ['loopback'] }, findKeyHolder: keyRing(database), budgets }))
})
afterAll(() => service.stop())

let addresses = 0
/** An address that nobody asked from. */
const freshAddress = () => `192.0.2.${++addresses}`

interface Asked {
  readonly status: number
  readonly headers: Headers
  readonly code: string | undefined
  readonly error: { message: string; extensions: Record<string, unknown> } | undefined
}

async function ask(headers: Record<string, string>, query = '{ dataset { release } }', path = '/graphql'): Promise<Asked> {
  const response = await fetch(`${service.url}${path}${path === '/graphql' ? `?${new URLSearchParams({ query })}` : ''}`, { headers, redirect: 'manual' })
  const text = await response.text()
  const [error] = text.startsWith('{') ? ((JSON.parse(text) as { errors?: NonNullable<Asked['error']>[] }).errors ?? []) : []
  return { status: response.status, headers: response.headers, code: error?.extensions['code'] as string | undefined, error }
}

async function times(count: number, work: () => Promise<Asked>): Promise<Asked[]> {
  const all: Asked[] = []
  for (let index = 0; index < count; index++) all.push(await work())
  return all
}

test('more requests than an address has a minute are refused with the code and when to ask again', async () => {
  const from = { 'x-forwarded-for': freshAddress() }
  const all = await times(7, () => ask(from))
  expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429, 429])
  const last = all.at(-1)
  expect(last?.error).toMatchObject({
    message: expect.stringContaining('the requests of this minute, 5, are used up'),
    extensions: { code: 'RATE_LIMITED', limit: 5 },
  })
  const after = Number(last?.headers.get('retry-after'))
  expect([Number.isInteger(after), after >= 1, after <= 60]).toEqual([true, true, true])
  expect((await ask({ 'x-forwarded-for': freshAddress() })).status).toBe(200)
})

test('every answer says where the caller stands', async () => {
  const from = { 'x-forwarded-for': freshAddress() }
  const [first, second] = await times(2, () => ask(from))
  expect(first?.headers.get('ratelimit-policy')).toBe('"requests";q=5;w=60, "cost";q=100;w=60')
  expect(first?.headers.get('ratelimit')).toMatch(/^"requests";r=4;t=\d+, "cost";r=98;t=\d+$/)
  expect(second?.headers.get('ratelimit')).toMatch(/^"requests";r=3;t=\d+, "cost";r=96;t=\d+$/)
})

test('an operation is counted by its cost, and refused before it runs; a smaller one still fits', async () => {
  const from = { 'x-forwarded-for': freshAddress() }
  const page = '{ studies(first: 20) { nodes { slug title } } }' // 1 + 20 × 3 = 61
  expect((await ask(from, page)).code).toBeUndefined()
  const before = service.statements()
  const refused = await ask(from, page)
  expect(service.statements()).toBe(before)
  expect([refused.status, refused.code, refused.error?.extensions['limit']]).toEqual([429, 'RATE_LIMITED', 100])
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
  expect((await ask(from)).code).toBeUndefined()
})

test('an operation that no minute would pay is refused for good, not until later', async () => {
  const refused = await ask({ 'x-forwarded-for': freshAddress() }, '{ studies(first: 200) { nodes { slug } } }')
  expect([refused.status, refused.code, refused.headers.get('retry-after')]).toEqual([200, 'COST_LIMIT_EXCEEDED', null])
})

test('plots and downloads are counted as the operations that they are', async () => {
  const refused = await ask({ 'x-forwarded-for': freshAddress() }, '', '/plots/forest.svg?filter={}')
  expect([refused.code, refused.error?.extensions['actual']]).toEqual(['COST_LIMIT_EXCEEDED', 200])
  const download = await ask({ 'x-forwarded-for': freshAddress() }, '', '/download/evidence.csv')
  expect([download.code, download.error?.extensions['actual']]).toEqual(['COST_LIMIT_EXCEEDED', 10_000])
})

test('a key is counted wherever it asks from, apart from the address and from other keys', async () => {
  const make = (name: string) => createKey(service.database, { name, scopes: ['READ'], costPerMinute: null }, actor)
  const [one, other] = [await make('one'), await make('other')]
  const address = freshAddress()
  await times(6, () => ask({ 'x-forwarded-for': address }))
  expect((await ask({ 'x-forwarded-for': address })).status).toBe(429)
  const all = await times(51, () => ask({ 'x-forwarded-for': freshAddress(), authorization: `Bearer ${one}` }, '{ __typename }'))
  expect(all.map(({ status }) => status)).toEqual([...Array.from({ length: 50 }, () => 200), 429])
  expect((await ask({ 'x-forwarded-for': address, authorization: `Bearer ${other}` })).status).toBe(200)
})

test('a key has the budget that it was made with; one that may only curate has no more than anybody', async () => {
  const rich = await createKey(service.database, { name: 'rich', scopes: ['READ'], costPerMinute: 7_000 }, actor)
  const curator = await createKey(service.database, { name: 'curator', scopes: ['CURATE'], costPerMinute: null }, actor)
  expect((await ask({ 'x-api-key': rich })).headers.get('ratelimit-policy')).toBe('"requests";q=50;w=60, "cost";q=7000;w=60')
  expect((await ask({ 'x-api-key': curator })).headers.get('ratelimit-policy')).toBe('"requests";q=5;w=60, "cost";q=100;w=60')
})

test('guessing keys is counted to the address', async () => {
  const from = { 'x-forwarded-for': freshAddress() }
  const all = await times(7, () => ask({ ...from, 'x-api-key': makeKey().text }))
  expect(all.map(({ code }) => code)).toEqual([...Array.from({ length: 5 }, () => 'UNAUTHENTICATED'), 'RATE_LIMITED', 'RATE_LIMITED'])
})

test.each(['/health/live', '/health/ready', '/favicon.ico', '/metrics'])('%s is never limited', async (path) => {
  const from = { 'x-forwarded-for': freshAddress() }
  const all = await times(8, () => ask(from, '', path))
  expect(all.map(({ status }) => status)).not.toContain(429)
  expect(all.at(-1)?.headers.get('ratelimit')).toBeNull()
})

test.each(['/health', '/healthy', '/metricsfoo', '/x/assets/', '//health/live'])('%s is no way around the limits', async (path) => {
  const from = { 'x-forwarded-for': freshAddress() }
  expect((await times(7, () => ask(from, '', path))).at(-1)?.code).toBe('RATE_LIMITED')
})

test('a proxy that is not trusted says nothing of who asks', async () => {
  const untrusting = await startService({ budgets })
  try {
    const statuses: number[] = []
    for (let index = 0; index < 7; index++)
      statuses.push((await fetch(`${untrusting.url}/graphql?query={__typename}`, { headers: { 'x-forwarded-for': freshAddress() } })).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429])
  } finally {
    await untrusting.stop()
  }
})

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:aaaa:bbbb:cccc:dddd', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
  ['nowhere', 'nowhere'],
])('an IPv6 caller is its network, since it has 2^64 addresses: %s is %s', (address, expected) => {
  expect(network(address)).toBe(expected)
})
