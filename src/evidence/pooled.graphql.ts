import { AbsentReason, IntervalKind } from '../generated/prisma/enums.js'
import type { AbsentReason as AbsentReasonValue, IntervalKind as IntervalKindValue } from '../generated/prisma/enums.js'
import { connectionOf, connectionTypes, type Connection } from '../graphql/connection.js'
import type { Context } from '../graphql/context.js'
import { Args, Ctx, Field, FieldResolver, Float, Int, ObjectType, Query, Resolver, Root } from '../graphql/decorators.js'
import { describeEnum } from '../graphql/enum.js'
import { planPage } from '../graphql/keyset.js'
import { Node } from '../graphql/node.js'
import { JsonScalar } from '../graphql/scalars.js'
import { Provenance, Study } from '../study/study.graphql.js'
import { getStudy } from '../study/study.queries.js'
import type { StudyRecord } from '../study/study.js'
import { Condition, Instrument, MagnesiumForm, Outcome } from '../vocabulary/vocabulary.graphql.js'
import { namingNearestTerms, vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { EffectSize } from './evidence.graphql.js'
import { PooledResultListArgs, pooledResultOrder, pooledResultsWanted } from './pooled.filter.js'
import { countPooledResults, findPooledResultPage, pooledResultsOfStudy, type PooledResultRecord } from './pooled.queries.js'

describeEnum(IntervalKind, 'IntervalKind', 'What the limits beside an estimate are.', {
  CONFIDENCE: 'Of a confidence interval.',
  CREDIBLE: 'Of a credible interval, from a Bayesian model.',
})

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'A pooled estimate as a review reports it. Kept apart from primary effects and never pooled with them.',
})
export class PooledResult extends Node {
  studyKey!: number

  @Field(() => String, { description: 'Readable, stable name.' })
  slug!: string

  @Field(() => String, { description: 'What was pooled, in the review’s terms.' })
  name!: string

  @Field(() => Condition, { description: 'The condition that the outcome speaks to.' })
  condition!: Condition

  @Field(() => MagnesiumForm, { nullable: true, description: 'The form, where the review pooled one.' })
  form!: MagnesiumForm | null

  @Field(() => Outcome, { description: 'What was measured or counted.' })
  outcome!: Outcome

  @Field(() => Instrument, { nullable: true, description: 'What it was measured with.' })
  instrument!: Instrument | null

  @Field(() => EffectSize, { description: 'The pooled estimate, magnesium over (or minus) comparator where the review’s print allows it.' })
  effect!: EffectSize

  @Field(() => Int, { nullable: true, description: 'Studies or comparisons pooled.' })
  k!: number | null

  @Field(() => Int, { nullable: true, description: 'Participants in them.' })
  participants!: number | null

  @Field(() => String, { nullable: true, description: 'Model: fixed effect, random effects …' })
  model!: string | null

  @Field(() => Float, { nullable: true, description: 'Variance between studies, on the analysis scale.' })
  tau2!: number | null

  @Field(() => Float, { nullable: true, description: 'Share of variation due to heterogeneity, percent.' })
  i2!: number | null

  @Field(() => IntervalKind, { description: 'Whether the limits are of a confidence interval or a credible one.' })
  intervalKind!: IntervalKindValue

  @Field(() => Int, { nullable: true, description: 'Decimals that estimate and limits are printed with; null without an estimate.' })
  decimals!: number | null

  @Field(() => String, { nullable: true, description: 'What magnesium was compared with, in the review’s words; null where the outcome or name says it.' })
  comparator!: string | null

  @Field(() => String, { nullable: true, description: 'Subgroup, where the estimate is of one.' })
  subgroup!: string | null

  @Field(() => JsonScalar, { nullable: true, description: 'The print verbatim, where label, sign or orientation differ from what it means.' })
  printed!: unknown

  @Field(() => AbsentReason, { nullable: true, description: 'Why the estimate, or a part of it, is missing.' })
  absentReason!: AbsentReasonValue | null

  @Field(() => String, { nullable: true, description: 'What the curators noted.' })
  note!: string | null

  @Field(() => Provenance, { description: 'Where the estimate was read.' })
  provenance!: Provenance
}

const { ConnectionType: PooledResultConnection } = connectionTypes(PooledResult, 'PooledResult')

@Resolver(() => PooledResult)
export class PooledResultResolver {
  @Query(() => PooledResultConnection, {
    nullable: true,
    description: 'Pooled estimates that published reviews report, the latest review first. Conflicting reviews stand side by side.',
  })
  async pooledResults(
    @Args(() => PooledResultListArgs) { filter, ...page }: PooledResultListArgs,
    @Ctx() context: Context,
  ): Promise<Connection<PooledResultRecord>> {
    const vocabulary = await vocabularyOf(context)
    return namingNearestTerms(context, async () => {
      const wanted = pooledResultsWanted(filter ?? {}, vocabulary)
      const found = await findPooledResultPage(context, wanted, planPage('pooledResults', pooledResultOrder, page))
      return connectionOf(found, found.rows, () => countPooledResults(context.database, wanted))
    })
  }

  @FieldResolver(() => Study, { description: 'The review that reports it.' })
  study(@Root() { studyKey }: PooledResultRecord, @Ctx() context: Context): StudyRecord | Promise<StudyRecord> {
    return getStudy(context, studyKey)
  }
}

@Resolver(() => Study)
export class StudyPooledResultsResolver {
  @FieldResolver(() => [PooledResult], { description: 'Pooled estimates that this review reports; empty for primary studies.' })
  pooledResults(@Root() { key }: StudyRecord, @Ctx() context: Context): Promise<PooledResultRecord[]> {
    return context.perRequest(pooledResultsOfStudy).load(key)
  }
}
