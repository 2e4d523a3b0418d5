import { getNullableType, isNonNullType } from 'graphql'
import { buildServiceSchema } from '../../src/schema.js'
import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

test('every field of the root can fail by itself, but for those that federation and Relay prescribe', () => {
  const fields = Object.values(buildServiceSchema().getQueryType()?.getFields() ?? {})
  expect(fields.filter(({ type }) => isNonNullType(type)).map(({ name }) => name)).toEqual(expect.arrayContaining(['_entities', '_service', 'nodes']))
  expect(fields.filter(({ name, type }) => isNonNullType(type) && !name.startsWith('_') && name !== 'nodes')).toEqual([])
})

test('a synthesis with nothing to pool leaves the others whole', async () => {
  const { data, errors } = await service.request(
    '{ a: synthesis(input: { filter: { conditions: ["depression"] } }) { k } b: synthesis(input: { filter: { conditions: ["migraine"], forms: ["magnesium-orotate"] } }) { k } }',
  )
  expect(data.a.k).toBeGreaterThan(0)
  expect(data.b).toBeNull()
  expect(errors).toMatchObject([{ path: ['b'], extensions: { code: 'BAD_USER_INPUT', reason: 'NOTHING_TO_POOL' } }])
})

test('a malformed id is null in its place, with an error', async () => {
  const { condition } = await service.ask('{ condition(ref: "migraine") { id } }')
  const { data, errors } = await service.request('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ['nonsense', condition.id] })
  expect(data.nodes).toEqual([null, { id: condition.id }])
  expect(errors).toMatchObject([{ path: ['nodes', 0], extensions: { reason: 'MALFORMED_ID' } }])
})

test('null stands for the default wherever there is one, as a literal and as a variable', async () => {
  const query = `query ($group: SummaryGroup, $groups: [SummaryGroup!], $direction: SortDirection, $nulls: NullsOrder, $model: PoolingModel, $level: Float, $across: [SynthesisAcross!], $inferred: Boolean) {
    evidenceMap(filter: { conditions: ["migraine"] }, rows: $group, columns: null) { isComplete }
    evidenceSummaries(filter: { conditions: ["migraine"] }, groupBy: $groups) { effects }
    studies(first: 5, orderBy: [{ field: YEAR, direction: $direction, nulls: $nulls }]) { nodes { slug } }
    evidence(first: 5, orderBy: [{ field: YEAR, direction: $direction, nulls: $nulls }]) { nodes { slug } }
    synthesis(input: { filter: { conditions: ["depression"] }, model: $model, level: $level, across: $across, inferredNumbers: $inferred, estimator: null, interval: null, dependence: null, timepoint: null, emptyCells: null }) { k estimate choices { model level } }
  }`
  const names = ['group', 'groups', 'direction', 'nulls', 'model', 'level', 'across', 'inferred']
  const withNulls = await service.ask(query, Object.fromEntries(names.map((name) => [name, null])))
  expect(withNulls).toEqual(await service.ask(query, {}))
  expect(withNulls.synthesis.choices).toMatchObject({ model: 'RANDOM_EFFECTS', level: 0.95 })
})

test('no argument or input field has a default that null would not stand for', () => {
  const types = Object.values(buildServiceSchema().getTypeMap()).filter(({ name }) => !name.startsWith('__'))
  const slots = types
    .flatMap((type) => ('getFields' in type ? Object.values(type.getFields()) : []))
    .flatMap((field) => ['args' in field ? field.args : [], field].flat())
  expect(slots.filter((slot) => 'defaultValue' in slot && slot.defaultValue !== undefined && getNullableType(slot.type) !== slot.type)).toEqual([])
})

test.each([
  ['a mutation', { query: 'mutation { a }' }, 'GRAPHQL_VALIDATION_FAILED'],
  ['a subscription', { query: 'subscription { a }' }, 'GRAPHQL_VALIDATION_FAILED'],
  ['a version of persisted queries', { query: '{ dataset { release } }', extensions: { persistedQuery: { version: 2, sha256Hash: 'x' } } }, 'BAD_USER_INPUT'],
  ['no version of persisted queries', { extensions: { persistedQuery: { sha256Hash: 'x' } } }, 'BAD_USER_INPUT'],
  [
    'null in an argument that takes none',
    { query: 'query ($r: String = "migraine") { condition(ref: $r) { slug } }', variables: { r: null } },
    'BAD_USER_INPUT',
  ],
  ['null in a directive', { query: 'query ($i: Boolean = true) { dataset @include(if: $i) { release } }', variables: { i: null } }, 'BAD_USER_INPUT'],
])('%s is an error of the request', async (_, body, code) => {
  const response = await fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify(body),
  })
  const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] }
  expect(errors.map(({ extensions }) => extensions.code)).toContain(code)
  if (code === 'GRAPHQL_VALIDATION_FAILED') expect(response.status).toBe(400)
})
