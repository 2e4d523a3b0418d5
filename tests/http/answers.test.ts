import { createHash } from 'node:crypto'
import http from 'node:http'
import { gunzipSync } from 'node:zlib'
import sql from 'sql-template-tag'
import { contextSource } from '../../src/replicas/contextSource.js'
import { Replicas } from '../../src/replicas/replicas.js'
import { keyOf, KeptAnswers } from '../../src/http/answers.js'
import { createApp } from '../../src/http/app.js'
import { namesAny, namesTag } from '../../src/http/conditional.js'
import { openDatabase } from '../../src/database/client.js'
import { rows } from '../../src/database/query.js'
import { loadExamples } from '../../src/http/examples.js'
import { buildServiceSchema } from '../../src/schema.js'
import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService({ config: { resultCacheBytes: 10_000_000 } })
})
afterAll(() => service.stop())

/** As an import does that changes something, in the transaction of what it changes. */
const publish = (words: string) =>
  rows(
    service.database,
    sql`WITH changed AS (UPDATE condition SET description = ${words} WHERE slug = 'migraine' RETURNING id)
        INSERT INTO data_revision (revision, engine_version, counts)
        SELECT gen_random_uuid()::text, engine_version, counts FROM data_revision, changed ORDER BY data_revision.id DESC LIMIT 1 RETURNING id`,
  )

const get = (query: string, headers: Record<string, string> = {}, more: Record<string, string> = {}) =>
  fetch(`${service.url}/graphql?${new URLSearchParams({ query, ...more }).toString()}`, { headers })
const post = (body: object, headers: Record<string, string> = {}, url = service.url) =>
  fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })

/** An answer's bytes as they are sent, not decoded by a client. */
function sent(body: object, accepted: string): Promise<{ encoding: string | undefined; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'accept-encoding': accepted }
    const request = http.request(`${service.url}/graphql`, { method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ encoding: response.headers['content-encoding'], bytes: Buffer.concat(chunks) }))
    })
    request.on('error', reject)
    request.end(JSON.stringify(body))
  })
}

const wordsQuery = '{ condition(ref: "migraine") { description } }'

test('every example is answered the second time with the same bytes, and no statement but the one that asks for the revision', async () => {
  for (const { query, variables } of await loadExamples('schema/examples')) {
    const asked = { query, ...(variables !== undefined && { variables: JSON.parse(variables) as object }) }
    const first = await post(asked)
    const text = await first.text()
    const before = service.statements()
    const second = await post(asked)
    expect([second.status, second.headers.get('content-type'), await second.text()]).toEqual([first.status, first.headers.get('content-type'), text])
    expect(service.statements()).toBe(before)
    expect(JSON.parse(text)).not.toHaveProperty('errors')
  }
})

test('what differs in variables, name or accepted type is another question', async () => {
  const query = 'query A($slug: String!) { study(slug: $slug) { slug } } query B($slug: String!) { study(slug: $slug) { year } }'
  const answers = await Promise.all(
    [
      [{ query, operationName: 'A', variables: { slug: 'tarleton-2017' } }, {}],
      [{ query, operationName: 'B', variables: { slug: 'tarleton-2017' } }, {}],
      [{ query, operationName: 'A', variables: { slug: 'peikert-1996' } }, {}],
      [{ query, operationName: 'A', variables: { slug: 'tarleton-2017' } }, { accept: 'application/graphql-response+json' }],
    ].map(async ([body, headers]) => {
      for (let again = 0; again < 2; again += 1) await (await post(body as object, headers as Record<string, string>)).text()
      const answer = await post(body as object, headers as Record<string, string>)
      return [answer.headers.get('content-type')?.split(';')[0], await answer.json()]
    }),
  )
  expect(answers).toEqual([
    ['application/json', { data: { study: { slug: 'tarleton-2017' } } }],
    ['application/json', { data: { study: { year: 2017 } } }],
    ['application/json', { data: { study: { slug: 'peikert-1996' } } }],
    ['application/graphql-response+json', { data: { study: { slug: 'tarleton-2017' } } }],
  ])
})

test('answers with errors are not kept: each has the id of its own request', async () => {
  const query = '{ evidence(filter: { conditions: ["migrane"] }) { totalCount } }'
  const ids = await Promise.all(
    [1, 2, 3].map(async () => ((await (await post({ query })).json()) as { errors: { extensions: { requestId: string } }[] }).errors[0]?.extensions.requestId),
  )
  expect(new Set(ids).size).toBe(3)
  expect((await get(query)).headers.get('etag')).toBeNull()
})

test('no answer that is given after an import shows what was before it, in any of two processes', async () => {
  const other = openDatabase({ url: service.database.pool.options.connectionString ?? '' })
  const app = await createApp({
    config: { corsOrigins: '*', bodyLimitBytes: 10_000, logLevel: 'silent', introspection: true, resultCacheBytes: 10_000_000 },
    schema: buildServiceSchema(),
    contextFor: contextSource(new Replicas(other)),
    isReady: () => Promise.resolve({ ready: true, reasons: [] }),
    examples: [],
  })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  try {
    let published = 0
    let importing = true
    const stale: string[] = []
    let asked = 0
    const askers = [service.url, address, service.url, address].map(async (url) => {
      while (importing) {
        const known = published
        const { data } = (await (await post({ query: wordsQuery }, {}, url)).json()) as { data: { condition: { description: string } } }
        const shown = Number(/edition (\d+)/.exec(data.condition.description)?.[1] ?? 0)
        if (shown < known) stale.push(`${shown} after ${known}`)
        asked += 1
      }
    })
    for (let edition = 1; edition <= 25 || asked < 100; edition += 1) {
      await publish(`edition ${edition}`)
      published = edition
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    importing = false
    await Promise.all(askers)
    expect(stale).toEqual([])
  } finally {
    await app.close()
    await other.close()
  }
})

test('over GET an answer has a tag: whoever has it is told that it holds, until the data change', async () => {
  const first = await get(wordsQuery)
  const tag = first.headers.get('etag') ?? ''
  expect([first.status, first.headers.get('cache-control'), tag]).toEqual([200, 'public, no-cache', expect.stringMatching(/^W\/"[\w-]{22}"$/)])
  const before = service.statements()
  const again = await get(wordsQuery, { 'if-none-match': `"other", ${tag}` })
  expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag])
  expect(service.statements()).toBe(before)
  await publish('another edition')
  const changed = await get(wordsQuery, { 'if-none-match': tag })
  expect([changed.status, await changed.json()]).toEqual([200, { data: { condition: { description: 'another edition' } } }])
  expect(changed.headers.get('etag')).not.toBe(tag)
})

test('operations are asked by their hash once they are known, and are answered anew when the data have changed', async () => {
  const hash = createHash('sha256').update(wordsQuery).digest('hex')
  const extensions = { persistedQuery: { version: 1, sha256Hash: hash } }
  const unknown = (await (await post({ extensions })).json()) as { errors: { message: string; extensions: { code: string } }[] }
  expect(unknown.errors[0]).toMatchObject({ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } })
  await publish('first by hash')
  // Asked without its hash before: the answer is kept, and the hash is registered all the same.
  await (await post({ query: wordsQuery })).text()
  await (await post({ query: wordsQuery, extensions })).text()
  for (let again = 0; again < 2; again += 1)
    expect(await (await post({ extensions })).json()).toEqual({ data: { condition: { description: 'first by hash' } } })
  const byGet = () => fetch(`${service.url}/graphql?${new URLSearchParams({ extensions: JSON.stringify(extensions) }).toString()}`)
  expect(await (await byGet()).json()).toEqual({ data: { condition: { description: 'first by hash' } } })
  await publish('second by hash')
  expect(await (await post({ extensions })).json()).toEqual({ data: { condition: { description: 'second by hash' } } })
  expect(await (await byGet()).json()).toEqual({ data: { condition: { description: 'second by hash' } } })
  const wrong = (await (await post({ query: '{ dataset { release } }', extensions })).json()) as { errors: { extensions: object }[] }
  expect(wrong.errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', reason: 'HASH_MISMATCH' })
})

test('a kept answer is sent compressed to who takes it, and plain to who does not', async () => {
  const query = '{ evidence(first: 50) { nodes { slug outcomeName study { title } } } }'
  const plain = await (await post({ query }, { 'accept-encoding': 'identity' })).text()
  for (const [accepted, isCompressed] of [
    ['gzip', true],
    ['br, gzip;q=0.5', true],
    ['gzip;q=0', false],
    ['identity', false],
  ] as const) {
    const { encoding, bytes } = await sent({ query }, accepted)
    expect(encoding === 'gzip').toBe(isCompressed)
    expect((isCompressed ? gunzipSync(bytes) : bytes).toString()).toBe(plain)
  }
})

test('what a gateway asks to be traced is executed', async () => {
  const traced = () => post({ query: wordsQuery }, { 'apollo-federation-include-trace': 'ftv1' })
  await (await traced()).text()
  expect(await (await traced()).json()).toHaveProperty('extensions.ftv1')
})

describe('answers that are kept', () => {
  const revision = { id: 1, revision: 'a' }
  const question = { method: 'POST', mediaType: 'application/json', operation: '{ a }' }
  const answer = (bytes: number) => ({ contentType: 'application/json', body: Buffer.alloc(bytes) })

  test('the least asked for go when there is no more room, and none is larger than an eighth of it', async () => {
    const answers = new KeptAnswers(10_000)
    answers.keep('large', answer(2_000))
    expect(await answers.find('large')).toBeUndefined()
    for (let index = 0; index < 20; index += 1) {
      answers.keep(String(index), answer(700))
      await answers.find('0')
    }
    expect(await answers.find('0')).toBeDefined()
    expect(await answers.find('1')).toBeUndefined()
    expect(answers.counts.bytes).toBeLessThanOrEqual(10_000)
  })

  test('none are kept where there is no room', async () => {
    const answers = new KeptAnswers(0)
    answers.keep('a', answer(1))
    expect([await answers.find('a'), answers.counts]).toEqual([undefined, { hits: 0, shared: 0, misses: 0, bytes: 0, entries: 0 }])
  })

  test('a key is of revision, method, accepted type and operation', () => {
    const keys = [
      keyOf(revision, question),
      keyOf({ id: 2, revision: 'a' }, question),
      keyOf({ id: 1, revision: 'b' }, question),
      keyOf(revision, { ...question, method: 'GET' }),
      keyOf(revision, { ...question, mediaType: 'application/graphql-response+json' }),
      keyOf(revision, { ...question, operation: '{ b }' }),
    ]
    expect(new Set(keys).size).toBe(keys.length)
  })

  test.each([
    ['W/"a"', true],
    ['"a"', true],
    ['"x", W/"a"', true],
    ['W/"a","x"', true],
    ['"A"', false],
    ['a', false],
    ['*', false],
    ['', false],
    [undefined, false],
  ])('If-None-Match: %s names the tag W/"a": %s', (header, isNamed) => {
    expect(namesTag(header, 'W/"a"')).toBe(isNamed)
    expect(namesAny(header)).toBe(header === '*')
  })
})
