/** Every code that a caller may be given, and what it means; docs/error-codes.md is held to it by a test. */
export const errorCodes = {
  BAD_USER_INPUT: 'An argument or variable cannot be used; `reason` says which rule it breaks, `argument` which argument it is.',
  INVALID_CURSOR: 'A cursor is not one of this service, or of another list or order.',
  DEPTH_LIMIT_EXCEEDED: 'The operation nests deeper than `limit`.',
  ALIAS_LIMIT_EXCEEDED: 'The operation has more aliases than `limit`.',
  DIRECTIVE_LIMIT_EXCEEDED: 'The operation has more directives than `limit`.',
  TOKEN_LIMIT_EXCEEDED: 'The operation’s text has more tokens than `limit`.',
  COST_LIMIT_EXCEEDED: 'The operation would cost more than `limit`; ask for fewer rows or fields.',
  GRAPHQL_PARSE_FAILED: 'The text is not GraphQL.',
  GRAPHQL_VALIDATION_FAILED: 'The operation does not fit the schema.',
  OPERATION_RESOLUTION_FAILURE: 'The document has several operations and none was named, or the named one is not there.',
  BAD_REQUEST: 'The HTTP request is not one of GraphQL over HTTP.',
  BODY_TOO_LARGE: 'The request body is larger than the service takes.',
  NOT_FOUND: 'Nothing stands at this address.',
  SERVICE_UNAVAILABLE: 'The database does not answer, or has no connection free; try again shortly.',
  TIMEOUT: 'The database took longer than a statement may; narrow the question.',
  INTERNAL_SERVER_ERROR: 'A fault of the service; its log holds the whole under the `requestId`.',
} as const
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
