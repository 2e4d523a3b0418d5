import { GraphQLError, type ValidationRule } from 'graphql'

/** Fields that give the whole schema: to tools, and with its directives to gateways. */
const ofTheSchema: ReadonlySet<string> = new Set(['__schema', '__type', '_service'])

/** Refuses operations that ask for the schema, for services whose operators keep it closed (INTROSPECTION=false). */
export const closedSchema: ValidationRule = (context) => ({
  Field: (field) => {
    if (ofTheSchema.has(field.name.value))
      context.reportError(
        new GraphQLError(`${field.name.value} is not answered: the schema is closed here`, { nodes: field, extensions: { reason: 'SCHEMA_CLOSED' } }),
      )
  },
})
