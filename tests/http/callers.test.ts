import type { Actor } from '../../src/audit/audit.js'
import { withoutSecrets } from '../../src/http/caller.js'
import { limits } from '../../src/graphql/limits.js'
import { createKey, revokeKey } from '../../src/keys/key.queries.js'
import { keyRing } from '../../src/keys/keyRing.js'
import { makeKey } from '../../src/keys/key.js'
import { startService, type Service } from '../support/service.js'

const actor: Actor = { kind: 'COMMAND_LINE', name: 'somebody@here' }
const logged: string[] = []

let service: Service
let key: string
beforeAll(async () => {
  service = await startService((database) => ({
    config: { logLevel: 'trace', resultCacheBytes: 10_000_000 },
    findKeyHolder: keyRing(database),
    logTo: { write: (line) => void logged.push(line) },
  }))
  key = await createKey(service.database, { name: 'a reader', scopes: ['READ'], costPerMinute: null }, actor)
})
afterAll(() => service.stop())
beforeEach(() => void logged.splice(0))

const ask = (headers: Record<string, string>, query = '{ __typename }', path = '/graphql') =>
  fetch(service.url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query }) })
const errorOf = async (response: Response) => ((await response.json()) as { errors: { message: string; extensions: Record<string, unknown> }[] }).errors[0]

test('a key is taken from either header, and anybody may ask without one', async () => {
  for (const headers of [
    {},
    { authorization: `Bearer ${key}` },
    { authorization: `bearer  ${key}` },
    { 'x-api-key': key },
    { 'x-api-key': key, authorization: `Bearer ${key}` },
  ]) {
    const response = await ask(headers)
    expect([response.status, await response.json()]).toEqual([200, { data: { __typename: 'Query' } }])
  }
})

const unknown = makeKey().text
test.each<[string, Record<string, string>, RegExp]>([
  ['an unknown key', { authorization: `Bearer ${unknown}` }, /^the key mgev_[0-9a-f]{8}_… is unknown or revoked$/],
  ['an unknown key in the other header', { 'x-api-key': unknown }, /^the key mgev_[0-9a-f]{8}_… is unknown or revoked$/],
  ['what is no key', { authorization: 'Bearer hush' }, /^the key is unknown or revoked$/],
  ['an empty key', { 'x-api-key': '' }, /^the key is unknown or revoked$/],
  ['another scheme', { authorization: 'Basic aHVzaDpodXNo' }, /holds no key: send it as "Bearer mgev_…"/],
  ['a scheme without a key', { authorization: 'Bearer' }, /holds no key/],
  ['two keys', { authorization: `Bearer ${unknown}`, 'x-api-key': 'hush' }, /hold different keys/],
])('%s is refused with 401 and a code, on every kind of route, and its secret is not repeated', async (_, headers, message) => {
  for (const path of ['/graphql', '/plots/forest.svg', '/nowhere']) {
    const response = await ask(headers, '{ __typename }', path)
    expect([response.status, response.headers.get('www-authenticate'), response.headers.get('access-control-allow-origin')]).toEqual([401, 'Bearer', '*'])
    const text = await response.clone().text()
    expect(await errorOf(response)).toMatchObject({
      message: expect.stringMatching(message),
      extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) },
    })
    expect(text).not.toMatch(new RegExp(`hush|aHVzaDpodXNo|${unknown.slice(14)}`))
  }
})

test('a revoked key is refused, never taken for nobody', async () => {
  const revoked = await createKey(service.database, { name: 'to be revoked', scopes: ['READ'], costPerMinute: null }, actor)
  await revokeKey(service.database, revoked.slice(5, 13), actor)
  expect((await ask({ authorization: `Bearer ${revoked}` })).status).toBe(401)
})

test.each(['/health/live', '/health/ready', '/playground/examples.json', '/favicon.ico'])('%s', async (path) => {
  const response = await fetch(service.url + path, { headers: { authorization: 'Bearer hush' }, redirect: 'manual' })
  // Who watches the process brings words of its own; the examples are a part of the API as everything else.
  expect(response.status === 401).toBe(path.startsWith('/playground'))
})

test('a key with the scope read may ask a dearer operation', async () => {
  const query = '{ studies(first: 500) { nodes { evidence(first: 150) { nodes { slug } } } } }'
  expect((await errorOf(await ask({}, query)))?.extensions).toMatchObject({ code: 'COST_LIMIT_EXCEEDED', limit: limits.cost })
  const { data, errors } = (await (await ask({ authorization: `Bearer ${key}` }, query)).json()) as { data?: unknown; errors?: unknown }
  expect([errors, data]).toEqual([undefined, expect.anything()])
  // What was answered to one is not given to who may not ask it, though other answers are kept for everybody.
  expect((await errorOf(await ask({}, query)))?.extensions).toMatchObject({ code: 'COST_LIMIT_EXCEEDED', limit: limits.cost })
  const dearer = '{ studies(first: 500) { nodes { evidence(first: 500) { nodes { slug } } } } }'
  expect((await errorOf(await ask({ authorization: `Bearer ${key}` }, dearer)))?.extensions).toMatchObject({ limit: limits.costWithKey })
})

test('no secret of a key is logged, wherever a caller puts it', async () => {
  const secret = key.slice(14)
  const query = `query Named { claims(first: 1) { totalCount } }`
  await ask({ authorization: `Bearer ${key}` }, query)
  await ask({ 'x-api-key': key }, query)
  await ask({ 'x-api-key': unknown }, query)
  await fetch(`${service.url}/graphql?${new URLSearchParams({ query, key, variables: JSON.stringify({ key }) })}`)
  await fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': key },
    body: JSON.stringify({ query: 'query Named($key: String!) { node(id: $key) { id } }', variables: { key } }),
  })
  await fetch(`${service.url}/${key}`)
  await fetch(`${service.url}/studies/${key}?key=${key}`)
  await ask({}, `query ${key.replaceAll('-', '_')} { __typename }`)
  await ask({}, `{ ${key.replaceAll('-', '_')} }`)
  const all = logged.join('')
  expect(all).toContain('"operation":"Named"')
  expect(all).toContain(`"key":"${key.slice(5, 13)}"`)
  for (const hidden of [secret, secret.replaceAll('-', '_'), unknown.slice(14)]) expect(all).not.toContain(hidden)
  expect(all).toContain(`${key.slice(0, 14)}…`)
})

test('an internal error with a key in it is logged without the secret', () => {
  expect(withoutSecrets(`{"err":"no such thing: ${key}, ${unknown}"}`)).toBe(`{"err":"no such thing: ${key.slice(0, 14)}…, ${unknown.slice(0, 14)}…"}`)
})
