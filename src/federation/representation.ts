import { PublicError } from '../errors.js'
import { readIdentifierAs } from '../study/identifiers.js'
import { entityKeys, type Key } from './keys.js'

/** What another graph refers to: the type, and the key as it is looked up; null where the key's value can name nothing. */
export interface Referred {
  readonly type: string
  readonly key: Key
  readonly value: string | null
}

/** As many are resolved at once; published in docs/limits.md. */
export const maxRepresentations = 1_000

/**
 * Reads what a gateway sends: { __typename: "Study", doi: "https://doi.org/10.1371/…" }. Of several keys the first that the type names counts.
 *
 * @returns BAD_USER_INPUT MALFORMED_REPRESENTATION, naming its place, rather than throwing it: the others are answered
 */
export function readRepresentation(representation: unknown, place: number): Referred | PublicError {
  const malformed = (what: string) =>
    new PublicError('BAD_USER_INPUT', `representation ${place} ${what}`, { reason: 'MALFORMED_REPRESENTATION', argument: 'representations' })
  if (typeof representation !== 'object' || representation === null || Array.isArray(representation)) return malformed('is no object with a __typename')
  const given = representation as Readonly<Record<string, unknown>> // an object, its fields looked at one by one
  const type = given['__typename']
  if (typeof type !== 'string') return malformed('has no __typename')
  const keys = Object.hasOwn(entityKeys, type) ? entityKeys[type] : undefined
  if (keys === undefined) return malformed(`is of ${type.slice(0, 100)}, which is no entity here: they are ${Object.keys(entityKeys).join(', ')}`)
  // A key that the other graph has no value for is sent as null: it names nothing.
  const key = keys.find(({ field }) => given[field] != null) ?? keys.find(({ field }) => given[field] === null)
  if (key === undefined) return malformed(`of ${type} has no key: one of ${keys.map(({ field }) => field).join(', ')}`)
  const value = given[key.field]
  if (value === null) return { type, key, value }
  if (typeof value !== 'string' && typeof value !== 'number') return malformed(`has a ${key.field} that is no text`)
  return { type, key, value: normalized(key, String(value)) }
}

/** As the database has it: identifiers in any usual notation, codes with or without the name of their system. */
function normalized({ kind, system }: Key, text: string): string | null {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed.includes('\0')) return null
  if (kind === 'id') return trimmed
  if (kind === 'slug') return trimmed.toLowerCase()
  if (kind === 'code') return `${system}:${bareCode(trimmed, system ?? '')}`
  return readIdentifierAs(kind, trimmed)
}

/** "MESH:D003865", "http://id.nlm.nih.gov/mesh/D003865", "CHEBI_4495" and "CID 123" are the code alone. */
function bareCode(text: string, system: string): string {
  const last = text.replace(/^https?:\/\/.*[/=#]/, '')
  return last.replace(new RegExp(`^(?:(?:${system}|CID)\\s*[:_ ]\\s*)+`, 'i'), '').trim()
}
