import sql, { type Sql } from 'sql-template-tag'
import { describeEnum } from './enum.js'
import type { SortDirection as Direction, SortKey } from './keyset.js'

export const SortDirection = { ASC: 'ASC', DESC: 'DESC' } as const
describeEnum(SortDirection, 'SortDirection', 'Which end of an order comes first.', { ASC: 'Smallest, earliest, A first.', DESC: 'Largest, latest, Z first.' })

export const NullsOrder = { FIRST: 'FIRST', LAST: 'LAST' } as const
export type NullsOrder = keyof typeof NullsOrder
describeEnum(NullsOrder, 'NullsOrder', 'Where rows without a value stand in an order, whatever its direction.', {
  FIRST: 'Before all others.',
  LAST: 'After all others.',
})

interface NullableColumn {
  readonly name: string
  readonly sql: Sql
  readonly type: SortKey['type']
  readonly direction: Direction
  readonly nulls: NullsOrder
}

/** Missing numbers sort as the infinity that stands where they are wanted: no stored number is infinite, and a key that is never null pages without loss. */
export function sortKeyOf({ name, sql: column, type, direction, nulls }: NullableColumn): SortKey {
  if (type !== 'double precision') return { name, sql: column, type, direction }
  const high = (direction === 'ASC') === (nulls === 'LAST')
  return { name: `${name}${high ? '^' : '_'}`, sql: high ? sql`coalesce(${column}, 'Infinity')` : sql`coalesce(${column}, '-Infinity')`, type, direction }
}
