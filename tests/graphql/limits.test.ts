import { buildSchema, getIntrospectionQuery, parse } from 'graphql'
import { costOfOperation } from '../../src/graphql/limits.js'

const schema = buildSchema(`
  type Query { studies(first: Int, last: Int): Studies, study(slug: String): Study, byIdentifiers(identifiers: [String!]!): [Study] }
  type Studies { nodes: [Study!]!, totalCount: Int! }
  type Study { slug: String!, title: String!, similar(first: Int): Studies }
`)
const costOf = (query: string, variables = {}, operationName?: string) =>
  costOfOperation({ schema, query: parse(query), variables, ...(operationName !== undefined && { operationName }) })

// By the rule of docs/limits.md: a field costs 1 and what is inside it, a list its inside as often as it has rows.
test.each([
  ['a field: 1 for itself, 1 for each inside', '{ study { slug title } }', {}, 3],
  ['a page: 1 + 5 × (nodes + slug)', '{ studies(first: 5) { nodes { slug } } }', {}, 11],
  ['a page from its end', '{ studies(last: 5) { nodes { slug } } }', {}, 11],
  ['a page without a size: 20 rows', '{ studies { nodes { slug } } }', {}, 41],
  ['a page whose size is null: 20 rows', '{ studies(first: null) { nodes { slug } } }', {}, 41],
  ['a size in a variable', 'query ($n: Int) { studies(first: $n) { nodes { slug } } }', { n: 100 }, 201],
  ['a size in the default of a variable', 'query ($n: Int = 7) { studies(first: $n) { nodes { slug } } }', {}, 15],
  ['a variable given as null', 'query ($n: Int = 7) { studies(first: $n) { nodes { slug } } }', { n: null }, 41],
  ['lists inside lists multiply: 1 + 3 × (1 + 1 + 2 × 2)', '{ studies(first: 3) { nodes { similar(first: 2) { nodes { slug } } } } }', {}, 19],
  ['fragments cost what they hold', '{ studies(first: 5) { ...A } } fragment A on Studies { nodes { ...B } } fragment B on Study { slug }', {}, 11],
  ['inline fragments too', '{ studies(first: 5) { ... on Studies { nodes { ... { slug } } } } }', {}, 11],
  ['what is left out costs nothing', 'query ($no: Boolean = false) { study { slug title @include(if: $no) } }', {}, 2],
  ['aliases cost each', '{ a: study { slug } b: study { slug } }', {}, 4],
  ['identifiers are rows: 1 + 3 × 1', '{ byIdentifiers(identifiers: ["a", "b", "c"]) { slug } }', {}, 4],
  ['a size below zero, which is refused later, saves nothing', '{ studies(first: -1000) { nodes { slug } } }', {}, 3],
  ['introspection is free', getIntrospectionQuery(), {}, 0],
])('%s', (_, query, variables, cost) => {
  expect(costOf(query, variables)).toBe(cost)
})

test('of several operations the one to be run counts', () => {
  expect(costOf('query Small { study { slug } } query Large { studies(first: 500) { nodes { slug } } }', {}, 'Large')).toBe(1_001)
})

test('variables that do not fit are left for execution to explain', () => {
  expect(costOf('query ($n: Int) { studies(first: $n) { nodes { slug } } }', { n: 'ten' })).toBeNull()
})

test('fragments that double twenty-five times cannot be counted, and are given up at once', () => {
  const doubling = Array.from({ length: 25 }, (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`).join(' ')
  expect(costOf(`{ ...F0 } ${doubling} fragment F25 on Query { study { slug } }`)).toBe(Infinity)
})
