import { GraphQLDate, GraphQLDateTime, GraphQLJSON } from 'graphql-scalars'

/** The contract's scalars, under its names; a date in the rows is an ISO day already. */
export const DateScalar = GraphQLDate
export const DateTimeScalar = GraphQLDateTime
export const JsonScalar = GraphQLJSON
