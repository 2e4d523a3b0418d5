import { PublicError } from '../errors.js'
import type { Context } from '../graphql/context.js'
import { ArgsType, Field, InputType, Int } from '../graphql/decorators.js'
import { describeEnum } from '../graphql/enum.js'
import { maxPageSize, pageSize, requireSortKeys, type SortDirection as Direction } from '../graphql/keyset.js'
import { NullsOrder, SortDirection } from '../graphql/order.js'
import type { CertaintyLevel } from '../generated/prisma/enums.js'
import { summaryLimits, type Summary } from './summaryList.js'

export const SummaryOrderField = {
  NAME: 'NAME',
  K: 'K',
  STUDIES: 'STUDIES',
  EFFECTS: 'EFFECTS',
  PARTICIPANTS: 'PARTICIPANTS',
  ESTIMATE: 'ESTIMATE',
  STANDARDIZED_BENEFIT: 'STANDARDIZED_BENEFIT',
  MAGNITUDE: 'MAGNITUDE',
  CERTAINTY: 'CERTAINTY',
} as const
export type SummaryOrderField = keyof typeof SummaryOrderField
describeEnum(SummaryOrderField, 'SummaryOrderField', 'What summaries are sorted by.', {
  NAME: 'Names of the group, by character.',
  K: 'Entries of the pool.',
  STUDIES: 'Studies behind the effects, pooled or not.',
  EFFECTS: 'Effects.',
  PARTICIPANTS: 'Participants.',
  ESTIMATE: 'Pooled estimate as it is shown; meaningful within one measure.',
  STANDARDIZED_BENEFIT: 'Standardised benefit; the largest benefit first with DESC.',
  MAGNITUDE: 'Size of the standardised benefit, whomever it favours.',
  CERTAINTY: 'Certainty, the lowest first with ASC.',
})

@InputType({ description: 'One key of an order of summaries.' })
export class SummaryOrder {
  @Field(() => SummaryOrderField, { description: 'What to sort by.' })
  field!: SummaryOrderField

  @Field(() => SortDirection, { nullable: true, defaultValue: 'ASC', description: 'Smallest first or largest first.' })
  direction?: Direction | null

  @Field(() => NullsOrder, { nullable: true, defaultValue: 'LAST', description: 'Where summaries without the value stand.' })
  nulls?: NullsOrder | null
}

/** Which part of a list of summaries is shown, and in what order. */
@ArgsType()
export class SummaryPageArgs {
  @Field(() => [SummaryOrder], {
    nullable: true,
    description: 'Sort keys, the most important first; by the kinds of group when left out, as ties always are.',
  })
  orderBy?: SummaryOrder[] | null

  @Field(() => Int, { nullable: true, description: `Summaries to show, at most ${maxPageSize}; all of them when left out.` })
  first?: number | null

  @Field(() => Int, { nullable: true, description: 'Summaries to pass over before the first that is shown; 0 when left out.' })
  offset?: number | null
}

/** What of a summary an order reads. */
export interface SummaryValues {
  k(summary: Summary): Promise<number | null>
  estimate(summary: Summary): Promise<number | null>
  benefit(summary: Summary): Promise<number | null>
  certainty(summary: Summary): Promise<CertaintyLevel | null>
}

const levels: readonly CertaintyLevel[] = ['VERY_LOW', 'LOW', 'MODERATE', 'HIGH']

const readers: Readonly<Record<SummaryOrderField, (summary: Summary, values: SummaryValues) => string | number | null | Promise<number | null>>> = {
  NAME: ({ groupNames }) => groupNames.join('\u0000'),
  K: (summary, { k }) => k(summary),
  STUDIES: ({ studies }) => studies,
  EFFECTS: ({ effects }) => effects,
  PARTICIPANTS: ({ participants }) => participants,
  ESTIMATE: (summary, { estimate }) => estimate(summary),
  STANDARDIZED_BENEFIT: (summary, { benefit }) => benefit(summary),
  MAGNITUDE: async (summary, { benefit }) => {
    const size = await benefit(summary)
    return size === null ? null : Math.abs(size)
  },
  CERTAINTY: async (summary, { certainty }) => {
    const level = await certainty(summary)
    return level === null ? null : levels.indexOf(level)
  },
}

/**
 * The part of a list that is asked for, in the order asked for; summaries that are alike in it stay in the order of the list.
 *
 * @throws {PublicError} BAD_USER_INPUT NEGATIVE_PAGE_SIZE, PAGE_SIZE_EXCEEDED, OFFSET_OUT_OF_RANGE, TOO_MANY_SORT_KEYS
 */
export async function pageOfSummaries(
  summaries: readonly Summary[],
  { orderBy, first, offset }: SummaryPageArgs,
  values: (context: Context) => SummaryValues,
  context: Context,
): Promise<readonly Summary[]> {
  const keys = orderBy ?? []
  requireSortKeys(keys.length)
  const start = offset ?? 0
  if (start < 0 || start > summaryLimits.groups)
    throw new PublicError('BAD_USER_INPUT', `offset must be 0 to ${summaryLimits.groups}, got ${start}`, {
      reason: 'OFFSET_OUT_OF_RANGE',
      argument: 'offset',
      limit: summaryLimits.groups,
      actual: start,
    })
  const end = first == null ? undefined : start + pageSize({ first })
  if (keys.length === 0) return summaries.slice(start, end)
  const read = values(context)
  const rows = await Promise.all(
    summaries.map(async (summary) => ({ summary, values: await Promise.all(keys.map(({ field }) => readers[field](summary, read))) })),
  )
  return rows
    .sort((a, b) => keys.reduce((order, key, index) => order || compared(a.values[index] ?? null, b.values[index] ?? null, key), 0))
    .slice(start, end)
    .map(({ summary }) => summary)
}

function compared(a: string | number | null, b: string | number | null, { direction, nulls }: SummaryOrder): number {
  if (a === null || b === null) return a === b ? 0 : (a === null) === (nulls === 'FIRST') ? -1 : 1
  const order = a < b ? -1 : a > b ? 1 : 0
  return direction === 'DESC' ? -order : order
}
