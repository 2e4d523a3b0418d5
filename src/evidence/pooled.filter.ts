import sql, { type Sql } from 'sql-template-tag'
import { EffectMeasure } from '../generated/prisma/enums.js'
import { PageArgs } from '../graphql/connection.js'
import { ArgsType, Field, InputType } from '../graphql/decorators.js'
import type { SortKey } from '../graphql/keyset.js'
import { between, checkRange, IntRange, possible } from '../graphql/ranges.js'
import { foundBy, wordsHelp } from '../study/words.js'
import { refHelp } from '../vocabulary/vocabulary.graphql.js'
import type { Vocabulary } from '../vocabulary/vocabulary.js'

@InputType({ description: 'Which published pooled estimates to list; what is left out restricts nothing.' })
export class PooledResultFilter {
  @Field(() => [String], { nullable: true, description: `Conditions that the outcome speaks to: ${refHelp}.` })
  conditions?: string[] | null

  @Field(() => Boolean, { nullable: true, defaultValue: true, description: 'Whether a condition or form stands for its narrower terms too.' })
  includeNarrower?: boolean | null

  @Field(() => [String], { nullable: true, description: `Forms pooled: ${refHelp}. Most reviews pool several forms and name none.` })
  forms?: string[] | null

  @Field(() => [String], { nullable: true, description: `Outcomes: ${refHelp}.` })
  outcomes?: string[] | null

  @Field(() => [EffectMeasure], { nullable: true, description: 'Measures of the estimate, any of them.' })
  measures?: EffectMeasure[] | null

  @Field(() => IntRange, { nullable: true, description: 'Year of the review.' })
  year?: IntRange | null

  @Field(() => String, { nullable: true, description: `Words in the review: title, authors, findings; ${wordsHelp}` })
  text?: string | null
}

@ArgsType()
export class PooledResultListArgs extends PageArgs {
  @Field(() => PooledResultFilter, { nullable: true, description: 'Which pooled estimates to list; the latest review first.' })
  filter?: PooledResultFilter | null
}

export function pooledResultsWanted(filter: PooledResultFilter, { conditions, forms, outcomes }: Vocabulary): Sql[] {
  const { includeNarrower, year, text } = filter
  if (year != null) checkRange('year', year, possible.year)
  return [
    ...(filter.conditions?.length ? [sql`r.condition_id = ANY (${conditions.keysNamed(filter.conditions, includeNarrower)}::int[])`] : []),
    ...(filter.forms?.length ? [sql`r.form_id = ANY (${forms.keysNamed(filter.forms, includeNarrower)}::int[])`] : []),
    ...(filter.outcomes?.length ? [sql`r.outcome_id = ANY (${filter.outcomes.map((ref) => outcomes.named(ref).key)}::int[])`] : []),
    ...(filter.measures?.length ? [sql`r.measure = ANY (${filter.measures}::effect_measure[])`] : []),
    ...(year == null ? [] : [between(sql`s.year`, year)]),
    ...(text?.trim() ? [sql`r.study_id IN (${foundBy('STUDY', text)})`] : []),
  ]
}

/** The latest review first. */
export const pooledResultOrder: SortKey[] = [
  { name: 'YEAR', sql: sql`coalesce(s.year::double precision, '-Infinity')`, type: 'double precision', direction: 'DESC' },
  { name: 'ID', sql: sql`r.id`, type: 'integer', direction: 'DESC' },
]
