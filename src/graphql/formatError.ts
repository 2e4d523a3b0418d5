import { unwrapResolverError } from '@apollo/server/errors'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { PublicError, type ErrorCode, type ErrorDetails } from '../errors.js'

/** What the sender may read of an error: what is meant for it, and what it can act on; nothing else. */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const cause = unwrapResolverError(error)
  if (cause instanceof PublicError) return { ...formatted, message: cause.message, extensions: extensionsOf(cause.code, cause.details) }
  const { code } = formatted.extensions ?? {}
  // Apollo gives every validation error one code; a limit's own stands beside it.
  const { limitCode, ...extensions } = formatted.extensions ?? {}
  if (typeof limitCode === 'string') return { ...formatted, extensions: { ...extensions, code: limitCode } }
  const limit = code === 'GRAPHQL_PARSE_FAILED' ? Number(/more tha[nt] (\d+) tokens/.exec(formatted.message)?.[1]) : NaN
  if (!Number.isNaN(limit)) {
    return { ...formatted, message: `the operation has more than ${limit} tokens`, extensions: extensionsOf('TOKEN_LIMIT_EXCEEDED', { limit }) }
  }
  // Apollo says so without a code.
  if (formatted.message === 'provided sha does not match query')
    return {
      ...formatted,
      message: 'persistedQuery.sha256Hash is not the SHA-256 of the query beside it',
      extensions: extensionsOf('BAD_USER_INPUT', { reason: 'HASH_MISMATCH', argument: 'extensions' }),
    }
  if (concernsRequest(error)) return { ...formatted, extensions: extensionsOf('BAD_USER_INPUT', { reason: 'REFUSED_BY_GRAPHQL' }) }
  // Syntax, validation, bad variables: the library's own messages say what to mend.
  if (code !== 'INTERNAL_SERVER_ERROR' && code !== undefined) return { ...formatted, extensions: { ...formatted.extensions, stacktrace: undefined } }
  const known = knownFailure(cause)
  return known === null
    ? {
        message: 'Internal server error',
        ...(formatted.path && { path: formatted.path }),
        ...(formatted.locations && { locations: formatted.locations }),
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      }
    : { ...formatted, message: known.message, extensions: extensionsOf(known.code, known.details) }
}

/**
 * Whether GraphQL itself refuses something of the request, which it then points at: null in an argument that takes none, a version of persisted
 * queries. A value of the service that does not fit the schema has no place in the operation.
 */
function concernsRequest(error: unknown): boolean {
  const cause = unwrapResolverError(error)
  return (
    cause instanceof GraphQLError &&
    cause.originalError === undefined &&
    cause.extensions['code'] === undefined &&
    (cause === error || cause.nodes !== undefined)
  )
}

/** Whether an error is of the service, and belongs in its log whole. */
export function isInternal(error: unknown): boolean {
  const cause = unwrapResolverError(error)
  if (cause instanceof PublicError || concernsRequest(error)) return false
  const { code } = (cause as { extensions?: { code?: string } }).extensions ?? {} // a GraphQLError has them
  return (code === undefined || code === 'INTERNAL_SERVER_ERROR') && knownFailure(cause)?.code !== 'BAD_USER_INPUT'
}

const extensionsOf = (code: ErrorCode, details: ErrorDetails) => ({ code, ...details })

/** Failures of the database that a caller can do something about, by SQLSTATE or system code; null for every other error. */
export function knownFailure(cause: unknown): PublicError | null {
  const state = stateOf(cause)
  // A null byte, which Postgres keeps in no text: 22021 as a parameter, 22P05 inside JSON.
  if (state === '22021' || state === '22P05')
    return new PublicError('BAD_USER_INPUT', 'a text holds a character that cannot be stored or searched, such as U+0000', { reason: 'UNSUPPORTED_CHARACTER' })
  if (state === '57014') return new PublicError('TIMEOUT', 'the database took too long: narrow the filter, or ask for fewer rows or facets')
  const lost = /^(08|57P0|53[23])/.test(state) || ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'ETIMEDOUT', 'P1001', 'P1017', 'P2024'].includes(state)
  const refused =
    cause instanceof Error && /timeout exceeded when trying to connect|Connection terminated|Cannot use a pool after calling end/i.test(cause.message)
  return lost || refused ? new PublicError('SERVICE_UNAVAILABLE', 'the database does not answer; try again shortly') : null
}

/** Prisma keeps Postgres's own code inside; its own stands for the statement that failed. */
function stateOf(cause: unknown): string {
  const { code, meta } = (cause ?? {}) as { code?: unknown; meta?: { driverAdapterError?: { cause?: { originalCode?: unknown } } } } // an error of the driver, of Prisma, or of the system
  return [meta?.driverAdapterError?.cause?.originalCode, code].find((known) => typeof known === 'string') ?? ''
}
