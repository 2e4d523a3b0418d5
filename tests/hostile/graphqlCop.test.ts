import { startService, type Service } from '../support/service.js'

// The twelve probes of graphql-cop (github.com/dolevf/graphql-cop), each with what is answered here and why.

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const codes = ({ errors }: Awaited<ReturnType<Service['request']>>) => [...new Set(errors?.map(({ extensions }) => extensions?.code))]
const raw = (init: RequestInit & { readonly search?: string }) => fetch(`${service.url}/graphql${init.search ?? ''}`, init)

test('1. aliases in great number are refused', async () => {
  const aliases = Array.from({ length: 101 }, (_, index) => `alias${index}:__typename`).join(' ')
  expect(codes(await service.request(`query cop { ${aliases} }`))).toEqual(['ROOT_FIELD_LIMIT_EXCEEDED'])
  expect(codes(await service.request(`query cop { dataset { ${aliases.replaceAll('__typename', 'release')} } }`))).toEqual(['ALIAS_LIMIT_EXCEEDED'])
})

test('2. operations in an array are refused', async () => {
  const response = await raw({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }' }))),
  })
  expect([response.status, await response.json()]).toMatchObject([400, { errors: [{ extensions: { code: 'BAD_REQUEST' } }] }])
})

test('3. directives in great number are refused', async () => {
  expect(codes(await service.request(`query cop { __typename ${'@aa'.repeat(100)} }`))).toContain('DIRECTIVE_LIMIT_EXCEEDED')
})

test('4. a field many times over is answered once: fields of one name merge, and tokens are bounded', async () => {
  expect(await service.request(`query cop { ${'__typename '.repeat(500)} }`)).toEqual({ status: 200, data: { __typename: 'Query' } })
  expect(codes(await service.request(`query cop { ${'__typename '.repeat(5_000)} }`))).toEqual(['TOKEN_LIMIT_EXCEEDED'])
})

test('5. a circular question to the schema is refused by graphql itself', async () => {
  const circular = 'query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }'
  expect(codes(await service.request(circular))).toEqual(['GRAPHQL_VALIDATION_FAILED'])
})

// The schema is public, and is committed: what could be guessed can be read.
test('6. fields are suggested, on purpose', async () => {
  const { errors } = await service.request('query cop { evidenc { totalCount } }')
  expect(errors?.[0]?.message).toContain('Did you mean "evidence"')
})

// Answers over GET are kept by browsers and proxies, and nothing is changed by asking (decision 5).
test('7. operations are answered over GET, on purpose', async () => {
  expect(await (await raw({ search: '?query=query%20cop%20%7B__typename%7D' })).json()).toEqual({ data: { __typename: 'Query' } })
})

test('8. nothing is changed over GET', async () => {
  const response = await raw({ search: '?query=mutation%20cop%20%7B__typename%7D' })
  expect(response.status).toBeGreaterThanOrEqual(400)
  expect(await response.json()).not.toHaveProperty('data.__typename')
})

test('9. the editor is at an address of its own, on purpose, and not at /graphql', async () => {
  const response = await raw({ headers: { accept: 'text/html' }, redirect: 'manual' })
  expect([response.status, response.headers.get('location'), await response.text()]).toEqual([302, '/playground', ''])
})

test('10. the schema can be asked for, on purpose: what is public is documented', async () => {
  expect((await service.request('query cop { __schema { queryType { name } } }')).data).toEqual({ __schema: { queryType: { name: 'Query' } } })
})

test('11. operations in the body of a form are refused: a page of others cannot ask them unseen', async () => {
  const response = await raw({
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ query: 'query cop { __typename }' }).toString(),
  })
  expect(response.status).toBe(415)
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] })
})

test('12. no tracing and no trace of the inside in errors', async () => {
  const traced = await raw({
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-apollo-tracing': '1' },
    body: JSON.stringify({ query: 'query cop { __typename }' }),
  })
  expect(await traced.json()).toEqual({ data: { __typename: 'Query' } })
  const broken = JSON.stringify(await service.request('qwerty cop { abc }'))
  expect(broken).toContain('GRAPHQL_PARSE_FAILED')
  expect(broken).not.toMatch(/exception|stacktrace|node_modules/)
})
