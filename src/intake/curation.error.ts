/** Why something cannot be decided, as a stable word: docs/error-codes.md lists them. */
export type CurationReason = 'UNDECIDABLE_DRAFT' | 'MALFORMED_DRAFT' | 'DRAFT_CHANGED_MEANWHILE' | 'UNCONFIRMED_PLACE' | 'BUILT_UPON' | 'UNKNOWN_SOURCE'

/** What stands in the way of a decision, for the curator. */
export class CurationError extends Error {
  readonly reason: CurationReason

  constructor(message: string, { reason = 'UNDECIDABLE_DRAFT' }: { readonly reason?: CurationReason } = {}) {
    super(message)
    this.name = 'CurationError'
    this.reason = reason
  }
}
