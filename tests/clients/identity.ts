import { isInterfaceType, isObjectType, Kind, TypeInfo, visit, visitWithTypeInfo, type DocumentNode, type FieldNode, type GraphQLSchema } from 'graphql'

const field = (name: string): FieldNode => ({ kind: Kind.FIELD, name: { kind: Kind.NAME, value: name } })

/** The operation, asking every object for its type, and for its id where it has one, as a cache that normalises wants it. */
export function withIdentities(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  const types = new TypeInfo(schema)
  const leave = (node: { readonly selections: readonly unknown[] }) => {
    const type = types.getParentType()
    if (type == null || type === schema.getQueryType()) return undefined
    const identified = (isObjectType(type) || isInterfaceType(type)) && 'id' in type.getFields()
    return { ...node, selections: [field('__typename'), ...(identified ? [field('id')] : []), ...node.selections] }
  }
  return visit(document, visitWithTypeInfo(types, { SelectionSet: { leave } }))
}
