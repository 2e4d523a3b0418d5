import sql, { join, type Sql } from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { rows } from '../database/query.js'
import { PublicError } from '../errors.js'

/** A kind of thing that a text in a filter may name, if the database alone knows its names. */
export interface Nameable {
  readonly noun: string
  /** Of the error about a name that nothing has. */
  readonly reason: string
  /** The name in a text; the text itself if left out. */
  readonly read?: (ref: string, argument: string) => string
  /** The names, as rows with the one column `name`. */
  readonly names: Sql
  /** Rows that have the name `asked.ref`. */
  readonly having: Sql
}

/** A text of a filter that must name something. */
export interface GivenName {
  readonly nameable: Nameable
  readonly argument: string
  readonly ref: string
}

/**
 * Checks names in one statement, however many there are and of whatever kinds; without names there is none.
 *
 * @throws {PublicError} BAD_USER_INPUT with the reason of its kind and the nearest names, if nothing has a name
 */
export async function requireNames(database: Database, given: readonly GivenName[]): Promise<void> {
  const kinds = [...new Set(given.map(({ nameable }) => nameable))].map((nameable) => {
    const ofKind = given.filter((name) => name.nameable === nameable)
    return { nameable, ofKind, refs: ofKind.map(({ ref, argument }) => nameable.read?.(ref, argument) ?? ref) }
  })
  if (kinds.length === 0) return
  const unknownOf = kinds.map(
    ({ nameable, refs }, kind) =>
      sql`SELECT ${kind}::int AS kind, (asked.place - 1)::int AS place FROM unnest(${refs}::text[]) WITH ORDINALITY asked (ref, place) WHERE NOT EXISTS (${nameable.having})`,
  )
  const [unknown] = await rows<{ kind: number; place: number }>(database, sql`${join(unknownOf, ' UNION ALL ')} ORDER BY kind, place LIMIT 1`)
  if (unknown === undefined) return
  const { nameable, ofKind, refs } = kinds[unknown.kind] ?? {}
  const [name, { argument = '', ref = '' } = {}] = [refs?.[unknown.place] ?? '', ofKind?.[unknown.place]]
  if (nameable !== undefined) throw await unknownName(database, nameable, { name, argument, ref })
}

async function unknownName(
  database: Database,
  { noun, reason, names }: Nameable,
  { name, argument, ref }: { readonly name: string; readonly argument: string; readonly ref: string },
): Promise<PublicError> {
  const nearest = await rows<{ name: string }>(
    database,
    sql`SELECT name FROM (${names}) named WHERE name % ${name} ORDER BY similarity(name, ${name}) DESC, name LIMIT 5`,
  )
  const suggestions = nearest.map((found) => found.name)
  const hint = suggestions.length === 0 ? '' : `: did you mean ${suggestions.map((suggestion) => `"${suggestion}"`).join(', ')}?`
  return new PublicError('BAD_USER_INPUT', `there is no ${noun} "${ref.slice(0, 100)}"${hint}`, { reason, argument, ref, suggestions })
}
