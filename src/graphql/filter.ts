import sql, { join, type Sql } from 'sql-template-tag'
import { PublicError } from '../errors.js'
import { requireAtMost } from './atMost.js'
import { Field } from './decorators.js'
import type { GivenName, Nameable } from './names.js'
import { checkRange, type Possible, type Range } from './ranges.js'

/** One argument of a filter: its type and description in the schema, and the predicate that answers it. */
export interface FilterField<Value, Filter, Scope> {
  readonly type: () => unknown
  readonly description: string
  readonly default?: Value
  /** Left out where the field only changes how its neighbours are read; null of a value that restricts nothing. */
  readonly where?: (value: Value, filter: Filter, scope: Scope) => Sql | null
  /** What the values name, if the database alone knows the names: `namesIn` gives them to whoever checks them. */
  readonly names?: Nameable
  /** The rows that the predicate speaks of, if they are not those of the list. */
  readonly through?: Through
}

/** A predicate over related rows as one over the rows of the list. Predicates of one filter that share it hold of the same related row. */
export type Through = (predicate: Sql) => Sql

/** Fields with their predicates taken through related rows. */
export function fieldsThrough<Fields extends object>(through: Through, fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, { ...(field as object), through }])) as Fields // fromEntries forgets the keys
}

export type FieldsOf<Filter, Scope> = {
  readonly [Name in Exclude<keyof Filter, 'and' | 'or' | 'not'>]-?: FilterField<NonNullable<Filter[Name]>, Filter, Scope>
}

interface Combined<Filter> {
  readonly and?: readonly Filter[] | null
  readonly or?: readonly Filter[] | null
  readonly not?: Filter | null
}

/** How far and/or/not may nest, how many filters they may hold together, and how long a list may be; published in docs/limits.md. */
export const filterLimits = { depth: 12, filters: 200, values: 1_000 } as const

/**
 * Declares an input type and the SQL it stands for in one block, with and, or and not added.
 *
 * An empty list or text restricts nothing. `not` is the complement: rows where a value is unknown are in it.
 *
 * @param input an empty class decorated with @InputType; its fields are declared here
 */
export function defineFilter<Filter extends Combined<Filter>, Scope>(input: new () => Filter, fields: FieldsOf<Filter, Scope>) {
  const declare = (name: string, type: () => unknown, description: string, defaultValue?: unknown) =>
    Field(type as () => typeof String, { nullable: true, description, ...(defaultValue !== undefined && { defaultValue }) })(input.prototype, name) // type-graphql checks the type when the schema is built
  const entries = Object.entries(fields) as [keyof Filter & string, FilterField<unknown, Filter, Scope>][] // Object.entries forgets the keys' names
  for (const [name, field] of entries) declare(name, field.type, field.description, field.default)
  declare('and', () => [input], 'All of these hold as well.')
  declare('or', () => [input], 'At least one of these holds as well.')
  declare('not', () => input, 'This does not hold; what is unknown does not hold.')

  const compile = (filter: Filter, scope: Scope, depth: number, seen: { filters: number }): Sql => {
    seen.filters += 1
    if (depth > filterLimits.depth || seen.filters > filterLimits.filters) {
      throw new PublicError('BAD_USER_INPUT', `a filter may nest ${filterLimits.depth} deep and hold ${filterLimits.filters} filters, this one is larger`, {
        reason: 'FILTER_TOO_LARGE',
        argument: 'filter',
        limit: filterLimits.filters,
      })
    }
    const where = (inner: Filter) => compile(inner, scope, depth + 1, seen)
    const related = new Map<Through, Sql[]>()
    const predicates = entries.flatMap(([name, field]) => {
      const value = filter[name]
      if (Array.isArray(value)) requireAtMost(value.length, { reason: 'TOO_MANY_VALUES', argument: name, noun: 'values', limit: filterLimits.values })
      if (value == null || field.where === undefined || isEmpty(value)) return []
      const predicate = field.where(value, filter, scope)
      if (predicate === null) return []
      if (field.through === undefined) return [predicate]
      related.set(field.through, [...(related.get(field.through) ?? []), predicate])
      return []
    })
    const combined = [
      ...predicates,
      ...[...related].map(([through, of]) => through(join(of, ' AND '))),
      ...(filter.and ?? []).map(where),
      ...(filter.or?.length ? [sql`(${join(filter.or.map(where), ' OR ')})`] : []),
      ...(filter.not ? [sql`(${where(filter.not)}) IS NOT TRUE`] : []),
    ]
    return combined.length === 0 ? sql`true` : combined.length === 1 ? (combined[0] ?? sql`true`) : sql`(${join(combined, ' AND ')})`
  }
  const namesIn = (filter: Filter): GivenName[] => [
    ...entries.flatMap(([name, { names: nameable }]) => {
      const given: unknown = filter[name]
      return nameable === undefined || given == null
        ? []
        : (Array.isArray(given) ? given : [given]).map((ref) => ({ nameable, argument: name, ref: String(ref) }))
    }),
    ...[...(filter.and ?? []), ...(filter.or ?? []), ...(filter.not ? [filter.not] : [])].flatMap(namesIn),
  ]
  return {
    where: (filter: Filter, scope: Scope): Sql => compile(filter, scope, 1, { filters: 0 }),
    /** The texts of a filter, and of the filters in it, that must name something. A filter that is too deep has been refused by `where` before. */
    namesIn,
    /** Every word of the filter. */
    words: entries.map(([name]) => name as string),
  }
}

const isEmpty = (value: unknown): boolean => (Array.isArray(value) && value.length === 0) || (typeof value === 'string' && value.trim() === '')

/** A predicate over a range argument, checked before it is used. */
export function ranged<Value extends Range>(argument: string, predicate: (range: Value) => Sql, possible?: Possible): (range: Value) => Sql {
  return (range) => {
    checkRange(argument, range, possible)
    return predicate(range)
  }
}
