import { getNamedType, isCompositeType, isInputObjectType, isListType, isNonNullType, type GraphQLInputType, type GraphQLNamedType } from 'graphql'
import sql from 'sql-template-tag'
import { rows } from '../../src/database/query.js'
import { buildServiceSchema } from '../../src/schema.js'
import { startService, type Service } from '../support/service.js'
import { leaks } from './leaks.js'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const injections = [
  "'; DROP TABLE study; --",
  "' OR 1=1 --",
  "'||(SELECT version())||'",
  '"; DELETE FROM evidence_row; --',
  "\\'; UPDATE study SET title = 'x'; --",
  '$$; TRUNCATE study CASCADE; $$',
  '1; COPY study TO PROGRAM $$true$$',
  "E'\\x27; SELECT pg_sleep(3) --",
  '%27%20OR%201%3D1',
  '${process.env}',
] as const

interface Place {
  readonly name: string
  /** The operation with its one variable `$text`, and how the variable's value is made of a text. */
  readonly query: string
  readonly type: string
  readonly wrapped: (text: string) => unknown
}

/** Every text that a question at the top takes: arguments, and fields of input objects to the second level. */
function places(): Place[] {
  const root = buildServiceSchema().getQueryType()
  return Object.values(root?.getFields() ?? {}).flatMap((field) =>
    field.args.flatMap((argument) =>
      textsIn(argument.type, 0).map(({ path, wrap }) => {
        // Others that must be given are given: nothing is known of what they name.
        const others = field.args.filter((other) => other !== argument && isNonNullType(other.type) && other.defaultValue === undefined)
        const given = [`${argument.name}: $value`, ...others.map((other) => `${other.name}: ${literal(other.type)}`)].join(', ')
        const inside = isCompositeType(getNamedType(field.type)) ? ' { __typename }' : ''
        return {
          name: `${field.name}(${[argument.name, ...path].join('.')})`,
          query: `query ($value: ${String(argument.type)}) { ${field.name}(${given})${inside} }`,
          type: String(argument.type),
          wrapped: wrap,
        }
      }),
    ),
  )
}

interface Text {
  readonly path: readonly string[]
  readonly wrap: (text: string) => unknown
}

function textsIn(type: GraphQLInputType, depth: number): Text[] {
  if (isNonNullType(type)) return textsIn(type.ofType, depth)
  if (isListType(type)) return textsIn(type.ofType, depth).map(({ path, wrap }) => ({ path, wrap: (text) => [wrap(text)] }))
  if (isInputObjectType(type)) {
    if (depth === 2) return []
    return Object.values(type.getFields()).flatMap((field) =>
      textsIn(field.type, depth + 1).map(({ path, wrap }) => ({ path: [field.name, ...path], wrap: (text) => ({ [field.name]: wrap(text) }) })),
    )
  }
  return isText(type) ? [{ path: [], wrap: (text) => text }] : []
}

const isText = ({ name }: GraphQLNamedType) => !['Int', 'Float', 'Boolean'].includes(name)

function literal(type: GraphQLInputType): string {
  if (isNonNullType(type)) return literal(type.ofType)
  if (isListType(type)) return `[${literal(type.ofType)}]`
  const { name } = type
  if (isInputObjectType(type)) return '{}'
  if (['Int', 'Float'].includes(name)) return '1'
  if (name === 'Boolean') return 'true'
  return 'getValues' in type ? (type.getValues()[0]?.name ?? '') : '"x"'
}

/** What the data are, in one number. */
const state = () =>
  rows<{ state: string }>(
    service.database,
    sql`SELECT (SELECT count(*) FROM study) || ' ' || (SELECT count(*) FROM evidence_row) || ' ' || (SELECT md5(string_agg(slug || title, ',' ORDER BY id)) FROM study) AS state`,
  )

test('statements in any text of any question are texts: nothing fails, nothing is told, nothing is changed, nothing waits', async () => {
  const all = places()
  expect(all.length).toBeGreaterThan(60)
  const before = await state()
  const faults: string[] = []
  for (const { name, query, wrapped } of all) {
    for (const injection of injections) {
      const { status, data, errors } = await service.request(query, { value: wrapped(injection) })
      const codes = (errors ?? []).map(({ extensions }) => String(extensions?.code))
      const told = leaks(JSON.stringify({ data, errors }).replaceAll(JSON.stringify(injection).slice(1, -1), ''))
      if (status >= 500 || codes.includes('INTERNAL_SERVER_ERROR') || codes.includes('SERVICE_UNAVAILABLE') || told.length > 0)
        faults.push(`${name} with ${injection}: ${status} ${codes.join(', ')} ${told.join('; ')}`)
    }
  }
  expect(faults).toEqual([])
  expect(await state()).toEqual(before)
}, 300_000)

test('texts in addresses of downloads and plots are texts too', async () => {
  const before = await state()
  for (const injection of injections) {
    for (const address of [
      `/download/evidence.csv?filter=${encodeURIComponent(JSON.stringify({ conditions: [injection] }))}`,
      `/download/studies.ris?filter=${encodeURIComponent(JSON.stringify({ text: injection }))}`,
      `/download/studies.csv?orderBy=${encodeURIComponent(injection)}`,
      `/plots/forest.svg?filter=${encodeURIComponent(injection)}`,
      `/plots/forest.svg?theme=${encodeURIComponent(injection)}`,
      `/search?q=${encodeURIComponent(injection)}`,
    ]) {
      const response = await fetch(`${service.url}${address}`)
      expect([address, response.status < 500]).toEqual([address, true])
      await response.arrayBuffer()
    }
  }
  expect(await state()).toEqual(before)
})

test.each([
  ['a filter with __proto__', '{"__proto__":{"polluted":1},"conditions":["migraine"]}'],
  ['a filter with constructor', '{"constructor":{"prototype":{"polluted":1}}}'],
  ['a filter that is a list', '["migraine"]'],
  ['a filter of lists in lists', `{"and":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  ['a filter of filters in filters', `${'{"not":'.repeat(3_000)}{}${'}'.repeat(3_000)}`],
])('%s is refused in an address, and changes no object', async (_, filter) => {
  const response = await fetch(`${service.url}/download/evidence.csv?filter=${encodeURIComponent(filter)}`)
  const text = await response.text()
  expect([response.status >= 400 && response.status < 500, leaks(text)]).toEqual([true, []])
  expect(({} as { polluted?: number }).polluted).toBeUndefined()
})
