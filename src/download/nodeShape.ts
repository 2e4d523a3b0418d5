import { getNamedType, isListType, isNonNullType, isObjectType, type GraphQLObjectType, type GraphQLOutputType, type GraphQLSchema } from 'graphql'

/**
 * A record as a node of the API: the fields of its type under their own names, as far as the record holds them. What the API works out when it
 * is asked (lists with arguments, what other features add) is not in the record and so not in the node.
 */
export function nodeShape(schema: GraphQLSchema, typeName: string): (record: object) => Record<string, unknown> {
  const type = schema.getType(typeName)
  if (!isObjectType(type)) throw new TypeError(`the schema has no object type ${typeName}`)
  return (record) => shaped(type, record)
}

function shaped(type: GraphQLObjectType, record: object): Record<string, unknown> {
  const held = record as Readonly<Record<string, unknown>> // any record: its fields are looked at one by one
  return Object.fromEntries(
    Object.values(type.getFields()).flatMap((field) => {
      const value = held[field.name]
      return value === undefined ? [] : [[field.name, shapedValue(field.type, value)]]
    }),
  )
}

function shapedValue(type: GraphQLOutputType, value: unknown): unknown {
  if (value === null) return null
  if (isNonNullType(type)) return shapedValue(type.ofType, value)
  if (isListType(type)) return (value as readonly unknown[]).map((item) => shapedValue(type.ofType, item)) // a list in the schema is one in the record
  const named = getNamedType(type)
  return isObjectType(named) ? shaped(named, value as object) : value // an object in the schema is one in the record
}
