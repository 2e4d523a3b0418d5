/**
 * Every code that a caller may be given, what it means, and the HTTP status it is like, for those who pass it on as one;
 * docs/error-codes.md is held to it by a test. Within GraphQL the response's own status follows GraphQL over HTTP.
 */
export const errorCodes = {
  BAD_USER_INPUT: { like: 400, meaning: 'An argument or variable cannot be used; `reason` says which rule it breaks, `argument` which argument it is.' },
  NOT_COMPUTABLE: { like: 422, meaning: 'The numbers are there and sound, and what was asked cannot be computed of them; `reason` says why.' },
  INVALID_CURSOR: { like: 400, meaning: 'A cursor is not one of this service, or of another list or order.' },
  DEPTH_LIMIT_EXCEEDED: { like: 400, meaning: 'The operation nests deeper than `limit`.' },
  ALIAS_LIMIT_EXCEEDED: { like: 400, meaning: 'The operation has more aliases than `limit`.' },
  DIRECTIVE_LIMIT_EXCEEDED: { like: 400, meaning: 'The operation has more directives than `limit`.' },
  ROOT_FIELD_LIMIT_EXCEEDED: { like: 400, meaning: 'The operation asks more than `limit` questions at its top, aliases counted each.' },
  TOKEN_LIMIT_EXCEEDED: { like: 400, meaning: 'The operation’s text has more tokens than `limit`.' },
  COST_LIMIT_EXCEEDED: { like: 400, meaning: 'The operation would cost more than `limit`; ask for fewer rows or fields.' },
  GRAPHQL_PARSE_FAILED: { like: 400, meaning: 'The text is not GraphQL.' },
  GRAPHQL_VALIDATION_FAILED: { like: 400, meaning: 'The operation does not fit the schema.' },
  OPERATION_RESOLUTION_FAILURE: { like: 400, meaning: 'The document has several operations and none was named, or the named one is not there.' },
  UNAUTHENTICATED: { like: 401, meaning: 'A key is needed, or the one that was sent is unknown or revoked.' },
  FORBIDDEN: { like: 403, meaning: 'The key has not the scope that this needs, or the page that asks is none that may.' },
  RATE_LIMITED: { like: 429, meaning: 'More was asked in this minute than the caller may; the header `Retry-After` says when to ask again.' },
  BAD_REQUEST: { like: 400, meaning: 'The HTTP request is not one of GraphQL over HTTP.' },
  METHOD_NOT_ALLOWED: { like: 405, meaning: 'The address is not asked by this method; the header `Allow` lists those that it is.' },
  NOT_ACCEPTABLE: { like: 406, meaning: 'The header `Accept` names no media type that the answer can have.' },
  REQUEST_TIMEOUT: { like: 408, meaning: 'The request took too long to arrive.' },
  HEADERS_TOO_LARGE: { like: 431, meaning: 'The address or the headers of the request are longer than the service takes.' },
  BODY_TOO_LARGE: { like: 413, meaning: 'The request body is larger than the service takes.' },
  NOT_FOUND: { like: 404, meaning: 'Nothing stands at this address.' },
  SERVICE_UNAVAILABLE: { like: 503, meaning: 'The database does not answer, or has no connection free; try again shortly.' },
  TIMEOUT: { like: 504, meaning: 'The database took longer than a statement may; narrow the question.' },
  INTERNAL_SERVER_ERROR: { like: 500, meaning: 'A fault of the service; its log holds the whole under the `requestId`.' },
} as const satisfies Readonly<Record<string, { readonly like: number; readonly meaning: string }>>
export type ErrorCode = keyof typeof errorCodes

/** What a caller is told besides code and message; shown in the error's extensions. */
export interface ErrorDetails {
  /** The rule that was broken, as a stable word: UNKNOWN_TERM, REVERSED_RANGE … */
  readonly reason?: string
  readonly argument?: string
  readonly limit?: number
  readonly actual?: number
  readonly ref?: string
  readonly suggestions?: readonly string[]
}

/** An error whose message is meant, and safe, for the person who made the request. */
export class PublicError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: ErrorDetails = {},
  ) {
    super(message)
    this.name = 'PublicError'
  }
}
