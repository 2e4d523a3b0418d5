import { PublicError } from '../errors.js'

/** A global id: opaque to clients, stable for ever, since it is made of the type and the slug. */
export function encodeId(type: string, slug: string): string {
  return Buffer.from(`${type}:${slug}`).toString('base64url')
}

/** The type in an id that was made here. */
export function typeOfId(id: string): string {
  const text = Buffer.from(id, 'base64url').toString('latin1')
  return text.slice(0, text.indexOf(':'))
}

interface DecodedId {
  readonly type: string
  readonly slug: string
}

/** @throws {PublicError} BAD_USER_INPUT if the id is none of ours */
export function decodeId(id: string): DecodedId {
  const decoded = readId(id)
  if (decoded instanceof PublicError) throw decoded
  return decoded
}

/** What an id names, or the error that says that it is none of ours. */
export function readId(id: string): DecodedId | PublicError {
  const [, type, slug] = /^([A-Z][A-Za-z]+):([^\u0000]+)$/.exec(Buffer.from(id, 'base64url').toString('utf8')) ?? []
  if (type === undefined || slug === undefined || encodeId(type, slug) !== id.replace(/=+$/, ''))
    return new PublicError('BAD_USER_INPUT', `"${id}" is not an id of this service`, { reason: 'MALFORMED_ID', argument: 'id' })
  return { type, slug }
}

/** @returns the slug inside an id of the given type @throws {PublicError} BAD_USER_INPUT if it is another type's */
export function slugOfId(id: string, type: string, argument = 'id'): string {
  const decoded = decodeId(id)
  if (decoded.type !== type)
    throw new PublicError('BAD_USER_INPUT', `"${id}" is the id of a ${decoded.type}, not of a ${type}`, { reason: 'FOREIGN_ID', argument })
  return decoded.slug
}

/** Slugs that texts name, each a slug or a global id of the type. @throws {PublicError} FOREIGN_ID if one is the id of another type */
export function slugsNamed(refs: readonly string[], type: string, argument: string): string[] {
  return refs.map((ref) => (readId(ref) instanceof PublicError ? ref : slugOfId(ref, type, argument)).trim().toLowerCase())
}
