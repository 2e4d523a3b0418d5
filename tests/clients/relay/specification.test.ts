import { readFileSync } from 'node:fs'
import { buildSchema, GraphQLList, isInterfaceType, isNonNullType, isObjectType, type GraphQLArgument, type GraphQLObjectType } from 'graphql'

const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'))
const objects = Object.values(schema.getTypeMap()).filter(isObjectType)
const connections = objects.filter(({ name }) => name.endsWith('Connection'))
const lists = objects.flatMap((type) =>
  Object.values(type.getFields()).flatMap((field) => {
    const named = isNonNullType(field.type) ? field.type.ofType : field.type
    return isObjectType(named) && connections.includes(named) ? [{ at: `${type.name}.${field.name}`, arguments: field.args }] : []
  }),
)
const typeOf = (type: GraphQLObjectType | undefined, field: string) => String(type?.getFields()[field]?.type)
const typesOf = (args: readonly GraphQLArgument[]) => Object.fromEntries(args.map(({ name, type }) => [name, String(type)]))

// GraphQL Cursor Connections Specification (relay.dev/graphql/connections.htm), sections 2 to 5
test('a page says where it stands', () => {
  const pageInfo = objects.find(({ name }) => name === 'PageInfo')
  expect(['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor'].map((field) => typeOf(pageInfo, field))).toEqual([
    'Boolean!',
    'Boolean!',
    'String',
    'String',
  ])
})

test.each(connections.map((type) => ({ name: type.name, type })))('$name has edges with a node and a cursor', ({ type }) => {
  const edges = type.getFields()['edges']?.type
  const list = isNonNullType(edges) ? edges.ofType : edges
  expect(list).toBeInstanceOf(GraphQLList)
  const edge = objects.find(({ name }) => name === type.name.replace(/Connection$/, 'Edge'))
  expect(String(edges)).toBe(`[${edge?.name}!]!`)
  expect(typeOf(type, 'pageInfo')).toBe('PageInfo!')
  expect(typeOf(edge, 'cursor')).toBe('String!')
  expect(typeOf(edge, 'node')).toBe(typeOf(type, 'nodes').replace(/^\[(.+)\]!$/, '$1'))
})

test.each(lists)('$at is read forwards, and backwards where its order is one', ({ at, arguments: args }) => {
  expect(typesOf(args)).toMatchObject({ first: 'Int', after: 'String' })
  // Search has no order but how well things fit: who reads it from its end reads what fits worst.
  if (at !== 'Query.search') expect(typesOf(args)).toMatchObject({ last: 'Int', before: 'String' })
})

// GraphQL Global Object Identification Specification (relay.dev/graphql/objectidentification.htm), sections 2 to 5
test('a thing is found again by its id, and so are several', () => {
  const node = schema.getType('Node')
  expect(isInterfaceType(node) && String(node.getFields()['id']?.type)).toBe('ID!')
  const { node: one, nodes: several } = schema.getQueryType()?.getFields() ?? {}
  expect([String(one?.type), typesOf(one?.args ?? [])]).toEqual(['Node', { id: 'ID!' }])
  expect([String(several?.type), typesOf(several?.args ?? [])]).toEqual(['[Node]!', { ids: '[ID!]!' }])
})
