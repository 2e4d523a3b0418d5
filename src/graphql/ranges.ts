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

/** @throws {PublicError} BAD_USER_INPUT if no number can lie in the range, or it has no bound */
export function checkRange(argument: string, { gte, gt, lte, lt }: Range): void {
  const lower = gte ?? gt
  const upper = lte ?? lt
  if (lower == null && upper == null)
    throw new PublicError('BAD_USER_INPUT', `${argument} needs at least one of gte, gt, lte, lt`, { reason: 'EMPTY_RANGE', argument })
  if ((gte != null && gt != null) || (lte != null && lt != null))
    throw new PublicError('BAD_USER_INPUT', `${argument} gives the same side twice: use gte or gt, and lte or lt`, { reason: 'AMBIGUOUS_RANGE', argument })
  if (lower != null && upper != null && lower > upper)
    throw new PublicError('BAD_USER_INPUT', `${argument} runs backwards: ${lower} is more than ${upper}`, { reason: 'REVERSED_RANGE', argument })
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
