import sql, { join, raw, type Sql } from 'sql-template-tag'
import { PublicError } from '../errors.js'
import { Field, Float, InputType, Int } from './decorators.js'

@InputType({ description: 'Numbers between two bounds; a bound that is left out is open. gte and lte include the bound, gt and lt do not.' })
export class FloatRange {
  @Field(() => Float, { nullable: true, description: 'At least this.' })
  gte?: number | null

  @Field(() => Float, { nullable: true, description: 'At most this.' })
  lte?: number | null

  @Field(() => Float, { nullable: true, description: 'More than this.' })
  gt?: number | null

  @Field(() => Float, { nullable: true, description: 'Less than this.' })
  lt?: number | null
}

@InputType({ description: 'Whole numbers between two bounds; a bound that is left out is open. gte and lte include the bound, gt and lt do not.' })
export class IntRange {
  @Field(() => Int, { nullable: true, description: 'At least this.' })
  gte?: number | null

  @Field(() => Int, { nullable: true, description: 'At most this.' })
  lte?: number | null

  @Field(() => Int, { nullable: true, description: 'More than this.' })
  gt?: number | null

  @Field(() => Int, { nullable: true, description: 'Less than this.' })
  lt?: number | null
}

export type Range = FloatRange | IntRange

/** Values that a quantity can take, both included. */
export interface Possible {
  readonly least: number
  readonly greatest?: number
}

export const possible = {
  /** Of publications. */
  year: { least: 1800, greatest: 2100 },
  share: { least: 0, greatest: 1 },
  percent: { least: 0, greatest: 100 },
  /** Years of life. */
  age: { least: 0, greatest: 130 },
  amount: { least: 0 },
} as const satisfies Readonly<Record<string, Possible>>

/** @throws {PublicError} BAD_USER_INPUT if no number, or none of the possible ones, can lie in the range, or it has no bound */
export function checkRange(argument: string, { gte, gt, lte, lt }: Range, values?: Possible): void {
  const lower = gte ?? gt
  const upper = lte ?? lt
  if (lower == null && upper == null)
    throw new PublicError('BAD_USER_INPUT', `${argument} needs at least one of gte, gt, lte, lt`, { reason: 'EMPTY_RANGE', argument })
  if ((gte != null && gt != null) || (lte != null && lt != null))
    throw new PublicError('BAD_USER_INPUT', `${argument} gives the same side twice: use gte or gt, and lte or lt`, { reason: 'AMBIGUOUS_RANGE', argument })
  if (lower != null && upper != null && lower > upper)
    throw new PublicError('BAD_USER_INPUT', `${argument} runs backwards: ${lower} is more than ${upper}`, { reason: 'REVERSED_RANGE', argument })
  if (values === undefined) return
  const { least, greatest = Infinity } = values
  if ((lower ?? least) > greatest || (upper ?? greatest) < least || gt === greatest || lt === least)
    throw new PublicError(
      'BAD_USER_INPUT',
      `no ${argument} lies in this range: possible values are ${greatest === Infinity ? `${least} and more` : `${least} to ${greatest}`}`,
      { reason: 'IMPOSSIBLE_RANGE', argument, limit: (lower ?? least) > greatest || gt === greatest ? greatest : least },
    )
}

/** A column within a checked range; rows where it is null are outside of every range. */
export function between(column: Sql, range: Range): Sql {
  const bounds = [
    [range.gte, '>='],
    [range.gt, '>'],
    [range.lte, '<='],
    [range.lt, '<'],
  ] as const
  return sql`(${join(
    bounds.flatMap(([bound, operator]) => (bound == null ? [] : [sql`${column} ${raw(operator)} ${bound}`])),
    ' AND ',
  )})`
}
