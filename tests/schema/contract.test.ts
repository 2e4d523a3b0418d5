import { readFileSync } from 'node:fs'
import { isEnumType, isInputObjectType, isInterfaceType, isObjectType, isNonNullType, Kind, parse, print, type GraphQLArgument, type InputValueDefinitionNode } from 'graphql'
import { buildServiceSchema, printServiceSchema } from '../../src/schema.js'

const schema = buildServiceSchema()

/** One promise of the contract: where it stands, and what the schema must hold there. */
interface Promised {
  readonly at: string
  readonly type: string | undefined
  readonly found: string | undefined
}

const argumentsPromised = (at: string, promised: readonly InputValueDefinitionNode[] | undefined, found: readonly GraphQLArgument[]): Promised[] => [
  ...(promised ?? []).map((argument) => {
    const match = found.find(({ name }) => name === argument.name.value)
    // An optional argument with a default may be declared either way: nothing changes for callers.
    const loose = (type: string) => (argument.defaultValue ? type.replace(/!$/, '') : type)
    return { at: `${at}(${argument.name.value}:)`, type: loose(print(argument.type)), found: match && loose(String(match.type)) }
  }),
  ...found.filter(({ name, type, defaultValue }) => isNonNullType(type) && defaultValue === undefined && !promised?.some((argument) => argument.name.value === name)).map(({ name }) => ({ at: `${at}(${name}:)`, type: 'optional', found: 'required' })),
]

const promises = parse(readFileSync('schema/contract.graphql', 'utf8')).definitions.flatMap((definition): Promised[] => {
  if (!('name' in definition) || definition.name === undefined) return []
  const name = definition.name.value
  const type = schema.getType(name)
  switch (definition.kind) {
    case Kind.SCALAR_TYPE_DEFINITION:
      return [{ at: name, type: 'scalar', found: type && 'scalar' }]
    case Kind.ENUM_TYPE_DEFINITION:
      return (definition.values ?? []).map((value) => ({ at: `${name}.${value.name.value}`, type: 'value', found: isEnumType(type) && type.getValue(value.name.value) ? 'value' : undefined }))
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return argumentsPromised(name, definition.fields, isInputObjectType(type) ? Object.values(type.getFields()).map((field) => ({ ...field, deprecationReason: undefined })) : [])
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION: {
      const fields = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {}
      return (definition.fields ?? []).flatMap((field) => {
        const match = fields[field.name.value]
        return [{ at: `${name}.${field.name.value}`, type: print(field.type), found: match && String(match.type) }, ...argumentsPromised(`${name}.${field.name.value}`, field.arguments, match?.args ?? [])]
      })
    }
    default:
      return []
  }
})

test('every promise of the contract is kept by the schema', () => {
  expect(promises.length).toBeGreaterThan(400)
  expect(promises.filter(({ type, found }) => type !== found)).toEqual([])
})

test('every type, field, argument and enum value is described for its readers', () => {
  const undescribed = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__')).flatMap((type) => [
    ...(type.description ? [] : [type.name]),
    ...(isEnumType(type) ? type.getValues().filter(({ description }) => !description).map(({ name }) => `${type.name}.${name}`) : []),
    ...(isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()).flatMap((field) => [...(field.description ? [] : [`${type.name}.${field.name}`]), ...field.args.filter(({ description }) => !description).map(({ name }) => `${type.name}.${field.name}(${name}:)`)]) : []),
    ...(isInputObjectType(type) ? Object.values(type.getFields()).filter(({ description }) => !description).map(({ name }) => `${type.name}.${name}`) : []),
  ])
  expect(undescribed).toEqual([])
})

test('the committed schema is the one the service emits', () => {
  // Stale? npm run schema
  expect(readFileSync('schema/schema.graphql', 'utf8')).toBe(printServiceSchema())
})
