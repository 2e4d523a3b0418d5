import { EvidenceComparison, shownComparison } from '../evidence/comparison.graphql.js'
import type { Context } from '../graphql/context.js'
import { Arg, Ctx, Field, FieldResolver, ObjectType, Query, Resolver, Root } from '../graphql/decorators.js'
import { EvidenceSummary } from '../summary/summary.graphql.js'
import { summaryLimits } from '../summary/summaryList.js'
import { Condition, Outcome, refHelp } from '../vocabulary/vocabulary.graphql.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { revisionHelp } from './changes.filter.js'
import { findMovedConclusions, type ConclusionChangeRecord } from './conclusions.js'
import { mostReasons } from './why.js'

@ObjectType({
  simpleResolvers: true,
  description:
    'A conclusion that moved: the pooled estimate with its interval, its direction or its certainty. Of one condition, outcome, comparison and class of evidence.',
})
export class ConclusionChange {
  @Field(() => Condition, { nullable: true, description: 'The condition; null if the vocabulary has it no more.' })
  condition!: Condition | null

  @Field(() => Outcome, { nullable: true, description: 'The outcome; null if the vocabulary has it no more.' })
  outcome!: Outcome | null

  @Field(() => EvidenceSummary, {
    nullable: true,
    description:
      'The summary as it was kept at that revision; null if there were no such effects. Its `bayesian` and `synthesisId` are null: they were not kept.',
  })
  before!: EvidenceSummary | null

  @Field(() => EvidenceSummary, { nullable: true, description: 'The summary as it is now; null if there are no such effects any more.' })
  after!: EvidenceSummary | null

  @Field(() => [String], {
    description: `Which studies came, went or changed, and whether the formulas did, by rules. At most ${mostReasons} sentences, and one more if changes were not recorded.`,
  })
  why!: readonly string[]
}

@Resolver(() => ConclusionChange)
export class ConclusionChangeResolver {
  @Query(() => [ConclusionChange], {
    nullable: true,
    complexity: summaryLimits.cost,
    description:
      'The conclusions that moved from a revision to now, by condition, outcome, comparison and class of evidence. A revision that another replaced before its conclusions were pooled counts as the one before it.',
  })
  conclusionChanges(
    @Arg('sinceRevision', () => String, { description: `The revision to compare with: ${revisionHelp}.` }) sinceRevision: string,
    @Arg('conditions', () => [String], { nullable: true, description: `Conditions, narrower ones included: ${refHelp}.` })
    conditions: string[] | null | undefined,
    @Ctx() context: Context,
  ): Promise<ConclusionChangeRecord[]> {
    return findMovedConclusions(context, { sinceRevision, conditions: conditions?.length ? conditions : null })
  }

  @FieldResolver(() => EvidenceComparison, { description: 'What is compared with what.' })
  async comparison(@Root() { key }: ConclusionChangeRecord, @Ctx() context: Context): Promise<EvidenceComparison> {
    return shownComparison(key.comparison, await vocabularyOf(context))
  }
}
