import { PublicError } from '../errors.js'

interface Counted {
  /** Of the error, as a stable word: TOO_MANY_VALUES … */
  readonly reason: string
  readonly argument: string
  /** What takes them: the argument, unless it is a field. */
  readonly taker?: string
  /** What is counted, in the plural. */
  readonly noun: string
  readonly limit: number
}

/** @throws {PublicError} BAD_USER_INPUT with the reason, if there are more than the limit */
export function requireAtMost(actual: number, { reason, argument, taker = argument, noun, limit }: Counted): void {
  if (actual > limit) throw new PublicError('BAD_USER_INPUT', `${taker} takes at most ${limit} ${noun}, got ${actual}`, { reason, argument, limit, actual })
}
