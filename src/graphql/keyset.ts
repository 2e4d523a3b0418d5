import sql, { empty, join, raw, type Sql } from 'sql-template-tag'
import { PublicError } from '../errors.js'
import { requireAtMost } from './atMost.js'

/** The most rows a page may hold; published in docs/limits.md. */
export const maxPageSize = 500
export const defaultPageSize = 20
/** The most keys an order may have. */
export const maxSortKeys = 8

/** @throws {PublicError} TOO_MANY_SORT_KEYS */
export const requireSortKeys = (keys: number): void =>
  requireAtMost(keys, { reason: 'TOO_MANY_SORT_KEYS', argument: 'orderBy', noun: 'keys', limit: maxSortKeys })

export interface PageArguments {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  readonly last?: number | null | undefined
  readonly before?: string | null | undefined
}

export type SortDirection = 'ASC' | 'DESC'

/** One column of an order. Its SQL is never null: missing values are replaced by an infinity on the side asked for. */
export interface SortKey {
  /** Names the key and its null side in cursors. */
  readonly name: string
  readonly sql: Sql
  readonly type: 'double precision' | 'text' | 'integer'
  readonly direction: SortDirection
}

/** What a page needs of its statement: `WHERE … AND bounds ORDER BY orderBy LIMIT limit`, and `keys` among its columns. */
export interface PagePlan {
  readonly bounds: Sql
  readonly orderBy: Sql
  /** The same order by the names that `keys` gives, for statements that put pages together. */
  readonly orderByKeys: Sql
  /** One row more than the page holds tells whether there is a next one. A literal: the planner must see it. */
  readonly limit: Sql
  /** The order's values of a row, for its cursor. */
  readonly keys: Sql
  readonly size: number
  readonly backward: boolean
  readonly bounded: boolean
  readonly signature: string
  readonly backing: PageArguments
}

export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly cursors: readonly string[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
}

/**
 * Turns Relay's paging arguments and an order into bounds on its keys: pages are read from where the last one ended, so
 * a deep page costs what the first one does, and no row is lost or seen twice while the data stand still.
 *
 * @param keys the order; the last key must be unique
 * @throws {PublicError} BAD_USER_INPUT for sizes out of range, first with last; INVALID_CURSOR for cursors of another order
 */
export function planPage(connection: string, keys: readonly SortKey[], page: PageArguments): PagePlan {
  requireSortKeys(keys.length - 1)
  const size = pageSize(page)
  const backward = page.last != null
  const signature = `${connection}:${keys.map(({ name, direction }) => `${name}${direction === 'ASC' ? '+' : '-'}`).join(',')}`
  const bounds = [
    ...(page.after == null ? [] : [beyond(keys, readCursor(page.after, signature, keys, 'after'), 'after')]),
    ...(page.before == null ? [] : [beyond(keys, readCursor(page.before, signature, keys, 'before'), 'before')]),
  ]
  const towards = ({ direction }: SortKey) => raw((direction === 'ASC') !== backward ? 'ASC' : 'DESC')
  return {
    bounds: bounds.length === 0 ? sql`true` : join(bounds, ' AND '),
    orderBy: join(keys.map((key) => sql`${key.sql} ${towards(key)}`)),
    orderByKeys: join(keys.map((key, index) => sql`${raw(`"key${index}"`)} ${towards(key)}`)),
    limit: raw(String(size + 1)),
    keys: join(keys.map((key, index) => sql`${key.sql}${key.type === 'text' ? raw('::text') : empty} AS ${raw(`"key${index}"`)}`)),
    size,
    backward,
    bounded: backward ? page.before != null : page.after != null,
    signature,
    backing: page,
  }
}

/** Cuts the extra row off, puts a backward page the right way round, and gives each row its cursor. */
export function readPage<Row extends object>(plan: PagePlan, found: readonly Row[]): Page<Row> {
  const more = found.length > plan.size
  const rows = more ? found.slice(0, plan.size) : [...found]
  if (plan.backward) rows.reverse()
  return {
    rows,
    cursors: rows.map((row) => writeCursor(plan.signature, row)),
    hasNextPage: plan.backward ? plan.bounded : more,
    hasPreviousPage: plan.backward ? more : plan.bounded,
  }
}

/** @throws {PublicError} BAD_USER_INPUT for first with last, and for sizes below 0 or over the limit */
export function pageSize({ first, last }: PageArguments): number {
  if (first != null && last != null)
    throw new PublicError('BAD_USER_INPUT', 'give first or last, not both: a page is read from one end', { reason: 'FIRST_AND_LAST', argument: 'last' })
  const size = first ?? last ?? defaultPageSize
  const argument = last == null ? 'first' : 'last'
  if (size < 0) throw new PublicError('BAD_USER_INPUT', `${argument} must be 0 or more, got ${size}`, { reason: 'NEGATIVE_PAGE_SIZE', argument })
  if (size > maxPageSize)
    throw new PublicError('BAD_USER_INPUT', `${argument} must be at most ${maxPageSize}, got ${size}: ask for further pages with after or before`, {
      reason: 'PAGE_SIZE_EXCEEDED',
      argument,
      limit: maxPageSize,
      actual: size,
    })
  return size
}

/** Rows strictly after (or before) a position. With one direction throughout it is one row comparison, which an index answers. */
function beyond(keys: readonly SortKey[], values: readonly unknown[], side: 'after' | 'before'): Sql {
  const operator = ({ direction }: SortKey) => raw((direction === 'ASC') === (side === 'after') ? '>' : '<')
  const [firstKey] = keys
  if (firstKey !== undefined && keys.every(({ direction }) => direction === firstKey.direction)) {
    return sql`(${join(keys.map((key) => key.sql))}) ${operator(firstKey)} (${join(keys.map((key, index) => placed(key, values[index])))})`
  }
  const alternatives = keys.map((key, index) => {
    const equal = keys.slice(0, index).map((earlier, at) => sql`${earlier.sql} = ${placed(earlier, values[at])}`)
    return sql`(${join([...equal, sql`${key.sql} ${operator(key)} ${placed(key, values[index])}`], ' AND ')})`
  })
  return sql`(${join(alternatives, ' OR ')})`
}

const placed = (key: SortKey, value: unknown) => sql`${value}::${raw(key.type)}`

function writeCursor(signature: string, row: object): string {
  const values = []
  for (let index = 0; `key${index}` in row; index++) {
    const value = (row as Record<string, unknown>)[`key${index}`] // the columns that plan.keys named
    values.push(typeof value === 'number' && !Number.isFinite(value) ? String(value) : value)
  }
  return Buffer.from(JSON.stringify([signature, ...values])).toString('base64url')
}

function readCursor(cursor: string, signature: string, keys: readonly SortKey[], argument: 'after' | 'before'): unknown[] {
  const malformed = () =>
    new PublicError('INVALID_CURSOR', `${argument} is not a cursor of this service: "${cursor.slice(0, 60)}"`, { reason: 'MALFORMED_CURSOR', argument })
  let content: unknown
  try {
    content = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    throw malformed()
  }
  if (!Array.isArray(content) || typeof content[0] !== 'string') throw malformed()
  const [from, ...values] = content as [string, ...unknown[]] // checked on the line above
  if (from !== signature)
    throw new PublicError('INVALID_CURSOR', `${argument} comes from another connection or order: take cursors from the same field with the same orderBy`, {
      reason: 'FOREIGN_CURSOR',
      argument,
    })
  if (values.length !== keys.length || !values.every((value, index) => fits(keys[index], value))) throw malformed()
  return values
}

function fits(key: SortKey | undefined, value: unknown): boolean {
  if (key?.type === 'text') return typeof value === 'string' && !value.includes('\u0000')
  if (key?.type === 'integer') return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31
  return typeof value === 'number' ? Number.isFinite(value) : value === 'Infinity' || value === '-Infinity'
}
