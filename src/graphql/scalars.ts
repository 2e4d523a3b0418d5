import { GraphQLDate, GraphQLDateTime, GraphQLJSON } from 'graphql-scalars'
import { GraphQLScalarType, valueFromASTUntyped } from 'graphql'

/** The contract's scalars, under its names; a date in the rows, and one that is given, is an ISO day. */
export const DateScalar = new GraphQLScalarType<string, string | Date>({
  ...GraphQLDate.toConfig(),
  parseValue: (value) => {
    GraphQLDate.parseValue(value)
    return String(value)
  },
  parseLiteral: (node, variables) => {
    GraphQLDate.parseLiteral(node, variables)
    return String(valueFromASTUntyped(node, variables))
  },
})
export const DateTimeScalar = GraphQLDateTime
export const JsonScalar = GraphQLJSON
