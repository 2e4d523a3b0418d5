import { EvidenceComparison, shownComparison } from '../evidence/comparison.graphql.js'
import { EffectSize } from '../evidence/evidence.graphql.js'
import type { EffectSizeRecord } from '../evidence/evidence.js'
import { PooledResult } from '../evidence/pooled.graphql.js'
import type { PooledResultRecord } from '../evidence/pooled.queries.js'
import { ComparisonKind, EvidenceClass, OutcomeImportance } from '../generated/prisma/enums.js'
import type {
  ComparisonKind as ComparisonKindValue,
  EffectMeasure,
  EvidenceClass as EvidenceClassValue,
  OutcomeImportance as OutcomeImportanceValue,
} from '../generated/prisma/enums.js'
import type { Context } from '../graphql/context.js'
import { Arg, Ctx, Field, FieldResolver, Float, ID, Int, ObjectType, Resolver, Root } from '../graphql/decorators.js'
import { describeEnum } from '../graphql/enum.js'
import { encodeId } from '../graphql/nodeId.js'
import { Certainty } from '../summary/certainty.graphql.js'
import { scaleOf } from '../synthesis/entry.js'
import { PerThousand } from '../synthesis/perThousand.graphql.js'
import { SynthesisWarning } from '../synthesis/synthesis.types.graphql.js'
import { Condition, Outcome } from '../vocabulary/vocabulary.graphql.js'
import type { ConditionTerm, OutcomeTerm } from '../vocabulary/vocabulary.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { AnswerKind, answerOf, type Sentence } from './answer.js'
import { findingsUrl } from './address.js'
import { importanceOf, mostRows } from './finding.js'
import { comparisonsOfCondition, findingsOf, summarizeFindings, type Finding, type Findings } from './findings.queries.js'
import { comparisonOfReview } from './reviews.js'
import { isRatio } from './statement.js'

@ObjectType({
  simpleResolvers: true,
  description:
    'What is found on one outcome: the pool of one condition, comparison and class of evidence, all forms together. The numbers are those of its evidence summary and synthesis.',
})
export class FindingRow {
  @Field(() => Condition, { description: 'The condition: the one that was asked about, or a narrower one.' })
  condition!: ConditionTerm

  @Field(() => Outcome, { description: 'What was measured or counted.' })
  outcome!: OutcomeTerm

  @Field(() => EvidenceClass, { description: 'Class of evidence.' })
  evidenceClass!: EvidenceClassValue

  @Field(() => String, { nullable: true, description: 'When the outcome was measured, from the start: "12 weeks", "4 to 12 weeks"; null if no study tells.' })
  timepoint!: string | null

  @Field(() => Int, { description: 'Studies in the pool; if nothing was pooled, all that have the outcome.' })
  studies!: number

  @Field(() => Int, { nullable: true, description: 'People in these studies; null if no study tells.' })
  participants!: number | null

  @Field(() => String, {
    description:
      'One sentence, made by rule from the size of the effect and its certainty, certainty first. "Unclear" means that the interval includes no effect and appreciable ones; "little or no difference" that it includes no appreciable one.',
  })
  statement!: string

  @Field(() => [PooledResult], {
    description: 'What published reviews pooled of this condition, outcome and comparison, for all their trials together. Never part of the pool.',
  })
  reviews!: readonly PooledResultRecord[]
}

@ObjectType({
  simpleResolvers: true,
  description: 'What is found on a condition against one comparator: at most seven outcomes, after GRADE, and the rest.',
})
export class SummaryOfFindings {
  @Field(() => Condition, { description: 'The condition.' })
  condition!: ConditionTerm

  @Field(() => EvidenceComparison, { description: 'What magnesium is compared with.' })
  comparison!: EvidenceComparison

  @Field(() => [FindingRow], {
    description: `At most ${mostRows}, each of another outcome with its strongest evidence: the condition’s own outcomes before those of narrower conditions, critical ones first, then harms, important ones and surrogates. A harm is among them if there is one.`,
  })
  rows!: readonly Finding[]

  @Field(() => [FindingRow], { description: 'All other findings of the comparison, in the same order.' })
  moreRows!: readonly Finding[]
}

@Resolver(() => FindingRow)
export class FindingRowResolver {
  @FieldResolver(() => OutcomeImportance, { description: 'How much the outcome matters to the people treated; IMPORTANT if nobody judged it.' })
  importance(@Root() { outcome }: Finding): OutcomeImportanceValue {
    return importanceOf(outcome)
  }

  @FieldResolver(() => EffectSize, { nullable: true, description: 'The pooled effect if it is a ratio; null otherwise.' })
  relative(@Root() finding: Finding): EffectSizeRecord | null {
    const effect = effectOf(finding)
    return effect !== null && isRatio(effect.measure) ? effect : null
  }

  @FieldResolver(() => PerThousand, {
    nullable: true,
    description:
      'The pooled effect in people of a thousand, at `baselineRisk` or the median risk of the trials; null of other measures, and if no risk is known.',
  })
  perThousand(@Root() { perThousand }: Finding): PerThousand | null {
    return perThousand
  }

  @FieldResolver(() => EffectSize, { nullable: true, description: 'The pooled effect if it is a difference or a correlation; null otherwise.' })
  difference(@Root() finding: Finding): EffectSizeRecord | null {
    const effect = effectOf(finding)
    return effect === null || isRatio(effect.measure) ? null : effect
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: 'Smallest mean difference that matters to patients, of the one instrument of the pool; null if it is not known, and of other measures.',
  })
  minimalImportantDifference(@Root() { group }: Finding): number | null {
    return group.measure === 'MD' ? group.minimalImportantDifference : null
  }

  @FieldResolver(() => Certainty, { nullable: true, description: 'How certain the pooled effect is, by GRADE, with its domains; null if it is not rated.' })
  certainty(@Root() { rating }: Finding): Certainty | null {
    return rating
  }

  @FieldResolver(() => String, { nullable: true, description: 'Why there is no estimate; null if there is one.' })
  notPooledReason(@Root() { group }: Finding): string | null {
    return group.notPooledReason
  }

  @FieldResolver(() => ID, {
    nullable: true,
    description: 'Id of the synthesis of the pool, which `node(id)` gives with all that it rests on; null if nothing was pooled.',
  })
  async synthesisId(@Root() { summary: { key, list } }: Finding, @Ctx() context: Context): Promise<string | null> {
    return (await list.synthesisIds(context)).get(key) ?? null
  }

  @FieldResolver(() => [SynthesisWarning], { description: 'What a reader should know before believing the estimate, as of its synthesis.' })
  async warnings(@Root() { summary: { key, list } }: Finding, @Ctx() context: Context): Promise<SynthesisWarning[]> {
    return [...((await list.warnings(context)).get(key) ?? [])]
  }
}

function effectOf({ group }: Finding): EffectSizeRecord | null {
  const { measure, estimate, ciLower, ciUpper, standardError, pValue, unit } = group
  if (measure === null) return null
  return {
    measure: measure as EffectMeasure, // pools of stored effects are on their measures
    analysisScale: scaleOf(measure),
    ...{ estimate, ciLower, ciUpper, standardError, pValue, unit },
    ciLevel: 0.95,
    pValueOperator: pValue === null ? null : 'EQ',
  }
}

@Resolver(() => SummaryOfFindings)
export class SummaryOfFindingsResolver {
  @FieldResolver(() => String, { description: 'Address of the summary at this host as a page to read and print.' })
  htmlUrl(@Root() findings: Findings, @Ctx() { basePath }: Context): string {
    return findingsUrl(findings, 'html', basePath)
  }

  @FieldResolver(() => String, { description: 'Address of the summary at this host as comma-separated values.' })
  csvUrl(@Root() findings: Findings, @Ctx() { basePath }: Context): string {
    return findingsUrl(findings, 'csv', basePath)
  }

  @FieldResolver(() => String, { description: 'Address of the summary at this host as a picture; .svg by the other ending.' })
  pngUrl(@Root() findings: Findings, @Ctx() { basePath }: Context): string {
    return findingsUrl(findings, 'png', basePath)
  }
}

describeEnum(AnswerKind, 'AnswerKind', 'What a sentence of an answer tells.', {
  COMPARED: 'What was compared with what.',
  FOUND: 'What was found on one outcome, certainty first.',
  DOSES: 'What was given: form, route, elemental magnesium a day, length.',
  CERTAINTY: 'How sure that is, and why.',
  REVIEWS: 'What published reviews pooled, beside the pool here.',
  MISSING: 'What is not known.',
})

@ObjectType({ simpleResolvers: true, description: 'One sentence on a condition, made by rule from the numbers it rests on. Evidence, not advice.' })
export class AnswerSentence {
  @Field(() => String, { description: 'The sentence.' })
  text!: string

  @Field(() => AnswerKind, { description: 'What it tells.' })
  kind!: AnswerKind
}

@Resolver(() => AnswerSentence)
export class AnswerSentenceResolver {
  @FieldResolver(() => [ID], {
    description:
      'Ids of what the sentence rests on, which `nodes` gives: syntheses, effects, published pooled results, or the condition for what is held on it.',
  })
  async basis(@Root() { basis }: Sentence, @Ctx() context: Context): Promise<string[]> {
    const { pools = [], evidence = [], reviews = [], condition } = basis
    const syntheses = await Promise.all(pools.map(async ({ summary: { key, list } }) => (await list.synthesisIds(context)).get(key) ?? []))
    return [...syntheses.flat(), ...evidence.map((slug) => encodeId('Evidence', slug)), ...reviews, ...(condition === undefined ? [] : [condition])]
  }
}

/** As much as a list of summaries that is counted once and kept; docs/limits.md counts it. */
export const findingsComplexity = 30

@Resolver(() => Condition)
export class ConditionFindingsResolver {
  @FieldResolver(() => SummaryOfFindings, {
    nullable: true,
    complexity: findingsComplexity,
    description: 'What is found on the condition and on narrower ones, against one comparator; null if nothing is.',
  })
  summaryOfFindings(
    @Arg('comparison', () => ComparisonKind, {
      nullable: true,
      defaultValue: 'INACTIVE',
      description: 'Kind of comparison. Of several of one kind, the one with the strongest evidence, then the most participants.',
    })
    comparison: ComparisonKindValue | null,
    @Arg('agent', () => String, {
      nullable: true,
      description: 'Which comparison of the kind: a treatment of ACTIVE, a form of MAGNESIUM, a metric of EXPOSURE; or its `key` as `comparisons` lists it.',
    })
    agent: string | null | undefined,
    @Arg('baselineRisk', () => Float, {
      nullable: true,
      description: 'Risk without magnesium, above 0 and below 1, for `perThousand`; left out, the median of the trials of each pool.',
    })
    baselineRisk: number | null | undefined,
    @Root() condition: ConditionTerm,
    @Ctx() context: Context,
  ): Promise<Findings | null> {
    return summarizeFindings(context, condition, { comparison: comparison ?? 'INACTIVE', agent: agent ?? null, baselineRisk: baselineRisk ?? null })
  }

  @FieldResolver(() => [AnswerSentence], {
    complexity: findingsComplexity,
    description:
      'What is known of magnesium in the condition, sentence by sentence and by rule: what was compared, what was found, what was given, how sure that is, what reviews found, what is missing. Evidence, not advice.',
  })
  async answer(@Root() condition: ConditionTerm, @Ctx() context: Context): Promise<Sentence[]> {
    return answerOf(condition, await findingsOf(context, condition), await vocabularyOf(context))
  }

  @FieldResolver(() => [EvidenceComparison], {
    complexity: findingsComplexity,
    description:
      'What is compared on the condition and on narrower ones: placebo or no treatment first, then each other treatment, other magnesium, observed exposures.',
  })
  comparisons(@Root() condition: ConditionTerm, @Ctx() context: Context): Promise<EvidenceComparison[]> {
    return comparisonsOfCondition(context, condition)
  }
}

@Resolver(() => PooledResult)
export class PooledResultComparisonResolver {
  @FieldResolver(() => EvidenceComparison, {
    nullable: true,
    description: 'What it compares, read by rule from the review’s words: comparator, name and subgroup; null if they leave it open.',
  })
  async comparison(@Root() pooled: PooledResultRecord, @Ctx() context: Context): Promise<EvidenceComparison | null> {
    const vocabulary = await vocabularyOf(context)
    const key = comparisonOfReview(pooled, vocabulary.treatments.all)
    return key === null ? null : shownComparison(key, vocabulary)
  }
}
