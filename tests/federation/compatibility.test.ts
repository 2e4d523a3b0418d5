import { Kind, parse, type ObjectTypeDefinitionNode } from 'graphql'
import { entityKeys } from '../../src/federation/keys.js'
import { startService, type Service } from '../support/service.js'

/** The checks of Apollo's subgraph compatibility suite that apply (docs/decisions/0010-federation.md), beside those of entities and of tracing. */
let service: Service
let sdl: string
let types: ReadonlyMap<string, ObjectTypeDefinitionNode>
beforeAll(async () => {
  service = await startService()
  sdl = (await service.ask('{ _service { sdl } }'))._service.sdl
  types = new Map(
    parse(sdl).definitions.flatMap((definition) => (definition.kind === Kind.OBJECT_TYPE_DEFINITION ? [[definition.name.value, definition]] : [])),
  )
})
afterAll(() => service.stop())

const directivesOf = (type: ObjectTypeDefinitionNode) => (type.directives ?? []).map(({ name }) => name.value)

test('@link: the schema says which federation it speaks', () => {
  expect(sdl).toMatch(/^extend schema @link\(url: "https:\/\/specs\.apollo\.dev\/federation\/v2\.\d+", import: \["@key", "@shareable"\]\)/)
})

test('@key, several on one type: every entity has its keys, each a field of it', () => {
  for (const [name, keys] of Object.entries(entityKeys)) {
    const type = types.get(name)
    const given = type?.directives?.map(({ arguments: values }) => values?.map(({ value }) => (value.kind === Kind.STRING ? value.value : '')).join())
    expect([name, given]).toEqual([name, keys.map(({ field }) => field)])
    for (const { field } of keys) expect(type?.fields?.map(({ name: own }) => own.value)).toContain(field)
  }
})

test('@shareable: everything else but the root is a value that other graphs may have too', () => {
  for (const [name, type] of types) if (!(name in entityKeys)) expect([name, directivesOf(type)]).toEqual([name, name === 'Query' ? [] : ['shareable']])
})

test('the machinery of federation is no part of the schema that is composed', () => {
  expect(sdl).not.toMatch(/_entities|_service|_Any|_Entity|_Service/)
})

test('__typename is told of entities and of the query itself', async () => {
  const { __typename, _entities } = await service.ask(
    '{ __typename _entities(representations: [{ __typename: "Condition", slug: "migraine" }]) { __typename } }',
  )
  expect([__typename, _entities]).toEqual(['Query', [{ __typename: 'Condition' }]])
})
