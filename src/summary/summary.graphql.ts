import DataLoader from 'dataloader'
import { EvidenceFilter } from '../evidence/evidence.filter.js'
import { EvidenceComparison, shownComparison } from '../evidence/comparison.graphql.js'
import { Comparison, EffectDirection, EffectMeasure, EvidenceClass } from '../generated/prisma/enums.js'
import type { Comparison as ComparisonValue, EvidenceClass as EvidenceClassValue } from '../generated/prisma/enums.js'
import type { Context } from '../graphql/context.js'
import { Arg, Args, Ctx, Field, FieldResolver, Float, ID, Int, ObjectType, Query, Resolver, Root } from '../graphql/decorators.js'
import { describeEnum } from '../graphql/enum.js'
import { BayesianPool } from '../synthesis/bayesian.graphql.js'
import { SummaryGroup } from '../synthesis/groups.js'
import { absoluteEffect } from '../synthesis/perThousand.js'
import { PerThousand } from '../synthesis/perThousand.graphql.js'
import { SynthesisWarning } from '../synthesis/synthesis.types.graphql.js'
import { Condition, MagnesiumForm, Outcome } from '../vocabulary/vocabulary.graphql.js'
import type { OutcomeTerm } from '../vocabulary/vocabulary.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { Certainty, computedCertainty, curatedCertainty } from './certainty.graphql.js'
import { notPooled, type PooledGroup } from './pooledGroup.js'
import { findCuratedCertainties, type CuratedCertainty, type GroupFacts } from './summary.queries.js'
import { listSummaries, summaryLimits, type Summary } from './summaryList.js'
import { pageOfSummaries, SummaryPageArgs, type SummaryValues } from './summary.filter.js'

@ObjectType({ simpleResolvers: true, description: 'From the least to the most.' })
export class AmountRange {
  @Field(() => Float, { description: 'The least.' })
  low!: number

  @Field(() => Float, { description: 'The most.' })
  high!: number
}

@ObjectType({ simpleResolvers: true, description: 'A p value that a study reports without an estimate: it tells neither size nor, by itself, direction.' })
export class LonePValue {
  @Field(() => String, { description: 'Slug of the effect.' })
  evidence!: string

  @Field(() => String, { description: 'Slug of its study.' })
  study!: string

  @Field(() => Float, { description: 'As reported, 0 to 1.' })
  pValue!: number

  @Field(() => Comparison, { description: 'Whether it is this number, or smaller or larger than it.' })
  operator!: ComparisonValue
}

export const BenefitBasis = { POOLED: 'POOLED', MEDIAN: 'MEDIAN' } as const
export type BenefitBasis = keyof typeof BenefitBasis
describeEnum(BenefitBasis, 'BenefitBasis', 'Where the standardised benefit of a group comes from.', {
  POOLED: 'The effects that convert, pooled as standardised mean differences by the defaults of `synthesis`.',
  MEDIAN: 'The median of the effects’ own standardised benefits: they could not be pooled, or are too many to be pooled at once.',
})

/** By condition, form and outcome. */
export const usualGroups = ['CONDITION', 'FORM', 'OUTCOME'] as const satisfies readonly SummaryGroup[]

@ObjectType({
  simpleResolvers: true,
  description:
    'A group of effects: how many, whom they favour, what they pool to and how certain that is. Pooled by the defaults of `synthesis`, over the same effects; where nothing can be pooled, the counts remain.',
})
export class EvidenceSummary {
  @Field(() => [String], {
    description:
      'The group, one value for each of `groupBy`: the slug of a term, or the word for a value. SEVERAL and NONE where no one form or route was given.',
  })
  group!: readonly string[]

  @Field(() => [String], { description: 'The same for a reader.' })
  groupNames!: readonly string[]

  @Field(() => Condition, { nullable: true, description: 'The condition; null where `groupBy` does not name it.' })
  condition!: Condition | null

  @Field(() => MagnesiumForm, { nullable: true, description: 'The form; null where `groupBy` does not name it, or no one form was given.' })
  form!: MagnesiumForm | null

  @Field(() => Outcome, { nullable: true, description: 'The outcome; null where `groupBy` does not name it.' })
  outcome!: Outcome | null

  @Field(() => EvidenceClass, { description: 'Class of evidence: every summary is of one.' })
  evidenceClass!: EvidenceClassValue

  @Field(() => Int, { description: 'Effects.' })
  effects!: number

  @Field(() => Int, { description: 'Studies behind them.' })
  studies!: number

  @Field(() => Int, { nullable: true, description: 'Participants: of each study the largest number that an effect of it has; null where no effect tells.' })
  participants!: number | null

  @Field(() => Int, { description: 'Effects with FAVOURS_MAGNESIUM. Counting votes is no test: small studies count as much as large ones.' })
  favoursMagnesium!: number

  @Field(() => Int, { description: 'Effects with FAVOURS_COMPARATOR.' })
  favoursComparator!: number

  @Field(() => Int, { description: 'Effects with NO_CLEAR_DIFFERENCE, which is not evidence of equality.' })
  noClearDifference!: number

  @Field(() => Int, { description: 'Effects with UNCLEAR.' })
  unclear!: number
}

const filterArgument = {
  nullable: true,
  description: 'Which effects: the same filter as that of `evidence`. In people and not retracted, unless it says otherwise.',
}

@Resolver(() => EvidenceSummary)
export class EvidenceSummaryResolver {
  @Query(() => [EvidenceSummary], {
    nullable: true,
    complexity: summaryLimits.cost,
    description: `One row per group, comparison and class of evidence with data: what a dashboard shows. Terms stand for themselves, not for narrower ones. At most ${summaryLimits.groups} groups; where the filter selects more than ${summaryLimits.pooledEffects} effects, they are counted and not pooled.`,
  })
  async evidenceSummaries(
    @Arg('filter', () => EvidenceFilter, filterArgument) filter: EvidenceFilter | null | undefined,
    @Arg('groupBy', () => [SummaryGroup], {
      nullable: true,
      defaultValue: usualGroups,
      description: `What to set side by side, ${summaryLimits.groupBy} kinds at most, each once.`,
    })
    groupBy: SummaryGroup[],
    @Args(() => SummaryPageArgs) page: SummaryPageArgs,
    @Ctx() context: Context,
  ): Promise<readonly Summary[]> {
    const { summaries } = await listSummaries(context, { filter: filter ?? null, groupBy })
    return pageOfSummaries(summaries, page, summaryValues, context)
  }

  @FieldResolver(() => Int, { nullable: true, description: 'Entries in the pool, usually studies; null where nothing could be pooled.' })
  k(@Root() summary: Summary, @Ctx() context: Context): Later<number | null> {
    return ofPool(summary, context, (pool) => pool.k)
  }

  @FieldResolver(() => EffectMeasure, {
    nullable: true,
    description: 'What the effects are pooled on: the measure they have, or SMD where measures mix that convert.',
  })
  measure(@Root() summary: Summary, @Ctx() context: Context): Later<PooledGroup['measure']> {
    return ofPool(summary, context, (pool) => pool.measure)
  }

  @FieldResolver(() => Float, { nullable: true, description: 'Pooled effect on the scale shown (ratios as ratios): random effects, REML.' })
  estimate(@Root() summary: Summary, @Ctx() context: Context): Later<number | null> {
    return ofPool(summary, context, (pool) => pool.estimate)
  }

  @FieldResolver(() => Float, { nullable: true, description: 'Lower limit of its 95 % interval, Hartung and Knapp’s.' })
  ciLower(@Root() summary: Summary, @Ctx() context: Context): Later<number | null> {
    return ofPool(summary, context, (pool) => pool.ciLower)
  }

  @FieldResolver(() => Float, { nullable: true, description: 'Upper limit.' })
  ciUpper(@Root() summary: Summary, @Ctx() context: Context): Later<number | null> {
    return ofPool(summary, context, (pool) => pool.ciUpper)
  }

  @FieldResolver(() => Float, { nullable: true, description: 'Share of the variation that is not chance, percent; null for one study.' })
  i2(@Root() summary: Summary, @Ctx() context: Context): Later<number | null> {
    return ofPool(summary, context, (pool) => pool.i2)
  }

  @FieldResolver(() => String, { nullable: true, description: 'Why there is no estimate; null where there is one.' })
  notPooledReason(@Root() summary: Summary, @Ctx() context: Context): Later<string | null> {
    return ofPool(summary, context, (pool) => pool.notPooledReason)
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'Hedges-g equivalent, positive = favours magnesium: pooled over the effects that convert, else the median of the effects’ own (`standardizedBenefitBasis` says which); null where no effect has one.',
  })
  standardizedBenefit(@Root() summary: Summary, @Ctx() context: Context): Later<number | null> {
    return benefitOf(summary, context)
  }

  @FieldResolver(() => BenefitBasis, { nullable: true, description: 'Where the standardised benefit comes from; null without one.' })
  standardizedBenefitBasis(@Root() summary: Summary, @Ctx() context: Context): Later<BenefitBasis | null> {
    return ofPool(summary, context, ({ pooledBenefit }) => (pooledBenefit !== null ? 'POOLED' : summary.medianBenefit === null ? null : 'MEDIAN'))
  }

  @FieldResolver(() => Float, { nullable: true, description: 'Lower limit of the pooled standardised benefit, 95 %; null for a median.' })
  standardizedBenefitLower(@Root() summary: Summary, @Ctx() context: Context): Later<number | null> {
    return ofPool(summary, context, ({ pooledBenefit }) => pooledBenefit?.ciLower ?? null)
  }

  @FieldResolver(() => Float, { nullable: true, description: 'Upper limit of the pooled standardised benefit, 95 %; null for a median.' })
  standardizedBenefitUpper(@Root() summary: Summary, @Ctx() context: Context): Later<number | null> {
    return ofPool(summary, context, ({ pooledBenefit }) => pooledBenefit?.ciUpper ?? null)
  }

  @FieldResolver(() => EffectDirection, {
    description:
      'Whom the pooled effect favours: somebody only where the interval of `estimate` excludes no effect. NO_CLEAR_DIFFERENCE where it includes it, which is not evidence of equality; UNCLEAR where nothing was pooled or no direction is good by itself: votes decide nothing.',
  })
  direction(@Root() summary: Summary, @Ctx() context: Context): Later<EffectDirection> {
    return ofPool(summary, context, (pool) => pool.direction)
  }

  @FieldResolver(() => String, { description: 'Which interval decides the direction, in words.' })
  directionBasis(@Root() summary: Summary, @Ctx() context: Context): Later<string> {
    return ofPool(summary, context, (pool) => pool.directionBasis)
  }

  @FieldResolver(() => EvidenceComparison, { description: 'What is compared with what: every summary is of one comparison.' })
  async comparison(@Root() { comparisonKey }: Summary, @Ctx() context: Context): Promise<EvidenceComparison> {
    return shownComparison(comparisonKey, await vocabularyOf(context))
  }

  @FieldResolver(() => String, { nullable: true, description: 'Of mean differences, the unit: UCUM, or the points of a scale; null of other measures.' })
  unit(@Root() summary: Summary, @Ctx() context: Context): Later<string | null> {
    return ofPool(summary, context, (pool) => pool.unit)
  }

  @FieldResolver(() => Outcome, {
    nullable: true,
    description: 'The outcome that was pooled; null where nothing was. Of a group of several outcomes it is the one with the most participants.',
  })
  async pooledOutcome(@Root() summary: Summary, @Ctx() context: Context): Promise<OutcomeTerm | null> {
    const slug = await ofPool(summary, context, (pool) => pool.outcome)
    return slug === null ? null : ((await vocabularyOf(context)).outcomes.find(slug) ?? null)
  }

  @FieldResolver(() => Int, { nullable: true, description: 'Studies in the pool; null where nothing was pooled.' })
  studiesPooled(@Root() summary: Summary, @Ctx() context: Context): Later<number | null> {
    return ofPool(summary, context, (pool) => pool.studies)
  }

  @FieldResolver(() => Int, { nullable: true, description: 'Participants of the studies in the pool; null where no study tells.' })
  participantsPooled(@Root() summary: Summary, @Ctx() context: Context): Later<number | null> {
    return ofPool(summary, context, (pool) => pool.participants)
  }

  @FieldResolver(() => AmountRange, {
    nullable: true,
    description: 'Elemental magnesium of its effects, mg a day: from the least to the most that a dose may be; null where no dose is known.',
  })
  elementalMgPerDay(@Root() summary: Summary, @Ctx() context: Context): Promise<AmountRange | null> {
    return factsOf(summary, context, (facts) => facts.elementalMgPerDay)
  }

  @FieldResolver(() => AmountRange, {
    nullable: true,
    description: 'Days that magnesium was given for, from the shortest to the longest; null where none is known.',
  })
  durationDays(@Root() summary: Summary, @Ctx() context: Context): Promise<AmountRange | null> {
    return factsOf(summary, context, (facts) => facts.durationDays)
  }

  @FieldResolver(() => [LonePValue], { description: 'p values of its effects that have no estimate, by study.' })
  async lonePValues(@Root() summary: Summary, @Ctx() context: Context): Promise<LonePValue[]> {
    return [...((await factsOf(summary, context, (facts) => facts.lonePValues)) ?? [])]
  }

  @FieldResolver(() => [SynthesisWarning], { description: 'What a reader should know before believing the estimate, as of its synthesis.' })
  async warnings(@Root() { key, list }: Summary, @Ctx() context: Context): Promise<SynthesisWarning[]> {
    return [...((await list.warnings(context)).get(key) ?? [])]
  }

  @FieldResolver(() => PerThousand, {
    nullable: true,
    description:
      'The pooled ratio or risk difference in people of a thousand, at the median risk of the trials; null of other measures, and if no trial states a risk.',
  })
  perThousand(@Root() summary: Summary, @Ctx() context: Context): Later<PerThousand | null> {
    return ofPool(summary, context, ({ absolute }) => (absolute === null ? null : absoluteEffect(absolute, null)))
  }

  @FieldResolver(() => BayesianPool, { nullable: true, description: 'Of two to four entries, the Bayesian pool beside the other; null elsewhere.' })
  async bayesian(@Root() { key, list }: Summary, @Ctx() context: Context): Promise<BayesianPool | null> {
    return (await list.bayesian(context)).get(key) ?? null
  }

  @FieldResolver(() => Certainty, {
    nullable: true,
    description:
      'How certain the pooled effect is, by GRADE; null where nothing was pooled, or several conditions or outcomes were: votes are never rated. A curator’s judgement of the condition, form and outcome stands instead of the computed one where the groups are of just these and the filter names nothing but terms.',
  })
  certainty(@Root() summary: Summary, @Ctx() context: Context): Promise<Certainty | null> {
    return certaintyOf(summary, context)
  }

  @FieldResolver(() => String, { nullable: true, description: 'Why there is no certainty; null where there is.' })
  async notRatedReason(@Root() summary: Summary, @Ctx() context: Context): Promise<string | null> {
    const curated = await curatedOf(summary, context)
    return curated !== null ? null : ofPool(summary, context, (pool) => pool.notRatedReason)
  }

  @FieldResolver(() => ID, {
    nullable: true,
    description: 'Id of the synthesis of these effects, which `node(id)` gives with all that it rests on; null where nothing could be pooled.',
  })
  async synthesisId(@Root() { key, list }: Summary, @Ctx() context: Context): Promise<string | null> {
    return (await list.synthesisIds(context)).get(key) ?? null
  }
}

/** At once where the pools are in memory. */
type Later<Value> = Value | Promise<Value>

export function ofPool<Value>({ key, list }: Summary, context: Context, read: (pool: PooledGroup) => Value): Later<Value> {
  const readFrom = (pools: ReadonlyMap<string, PooledGroup>) => read(pools.get(key) ?? notPooled('its effects were not found'))
  const pools = list.pooled(context)
  return pools instanceof Promise ? pools.then(readFrom) : readFrom(pools)
}

async function factsOf<Value>({ key, list }: Summary, context: Context, read: (facts: GroupFacts) => Value): Promise<Value | null> {
  const facts = (await list.facts(context)).get(key)
  return facts === undefined ? null : read(facts)
}

/** Pooled where that was possible, else the median. */
export function benefitOf(summary: Summary, context: Context): Later<number | null> {
  return ofPool(summary, context, ({ pooledBenefit }) => pooledBenefit?.estimate ?? summary.medianBenefit)
}

/** A curator's judgement where there is one, else what the rules give. */
export async function certaintyOf(summary: Summary, context: Context): Promise<Certainty | null> {
  const curated = await curatedOf(summary, context)
  return curated !== null ? curatedCertainty(curated) : ofPool(summary, context, ({ certainty }) => (certainty === null ? null : computedCertainty(certainty)))
}

const summaryValues = (context: Context): SummaryValues => ({
  k: async (summary) => ofPool(summary, context, (pool) => pool.k),
  estimate: async (summary) => ofPool(summary, context, (pool) => pool.estimate),
  benefit: async (summary) => benefitOf(summary, context),
  certainty: async (summary) => (await certaintyOf(summary, context))?.level ?? null,
})

/** What curators judged of just the condition, form and outcome of the group. */
async function curatedOf(summary: Summary, context: Context): Promise<CuratedCertainty | null> {
  const { condition, form, outcome, list, isFirstOfGroup } = summary
  // A judgement names no comparison: it is of the first question of its group.
  if (!isFirstOfGroup) return null
  const { groupBy, isUndivided } = list
  if (!isUndivided || condition === null || outcome === null || (groupBy.includes('FORM') && form === null)) return null
  if (!groupBy.every((by) => usualGroups.some((usual) => usual === by))) return null
  const curated = await context.perRevision(findCuratedCertainties)
  return curated.find((judged) => judged.condition === condition.slug && judged.outcome === outcome.slug && judged.form === (form?.slug ?? null)) ?? null
}

@Resolver(() => Condition)
export class ConditionSummariesResolver {
  @FieldResolver(() => [EvidenceSummary], {
    complexity: 20,
    description: 'Summaries by condition, form and outcome: of this condition and of every narrower one.',
  })
  async summaries(@Root() { key }: Condition, @Args(() => SummaryPageArgs) page: SummaryPageArgs, @Ctx() context: Context): Promise<readonly Summary[]> {
    return pageOfSummaries(await context.perRequest(summariesOfConditions).load(key), page, summaryValues, context)
  }
}

@Resolver(() => MagnesiumForm)
export class MagnesiumFormSummariesResolver {
  @FieldResolver(() => [EvidenceSummary], {
    complexity: 20,
    description:
      'Summaries by condition, form and outcome: of this form and of every narrower one. Where it was given with other forms together, none of them is summed up by it.',
  })
  async summaries(@Root() { key }: MagnesiumForm, @Args(() => SummaryPageArgs) page: SummaryPageArgs, @Ctx() context: Context): Promise<readonly Summary[]> {
    return pageOfSummaries(await context.perRequest(summariesOfForms).load(key), page, summaryValues, context)
  }
}

/** The summaries of several conditions of a request and of all narrower ones, in one list for all of them. */
const conditionLoader =
  (groupBy: readonly SummaryGroup[]) =>
  (context: Context): DataLoader<number, readonly Summary[]> =>
    new DataLoader(async (keys) => {
      const { conditions } = await vocabularyOf(context)
      const { summaries } = await listSummaries(context, { filter: { conditions: keys.map((key) => conditions.get(key).slug) }, groupBy, within: null })
      return keys.map((key) => {
        const slugs = new Set(conditions.keysNamed([conditions.get(key).slug], true).map((narrower) => conditions.get(narrower).slug))
        return summaries.filter((summary) => slugs.has(summary.condition?.slug ?? ''))
      })
    })

const summariesOfConditions = conditionLoader(usualGroups)

/** By condition and outcome, all forms together. */
export const outcomesOfConditions = conditionLoader(['CONDITION', 'OUTCOME'])

function summariesOfForms(context: Context): DataLoader<number, readonly Summary[]> {
  return new DataLoader(async (keys) => {
    const { forms } = await vocabularyOf(context)
    const { summaries } = await listSummaries(context, { filter: { forms: keys.map((key) => forms.get(key).slug) }, groupBy: usualGroups, within: null })
    return keys.map((key) => {
      const slugs = new Set(forms.keysNamed([forms.get(key).slug], true).map((narrower) => forms.get(narrower).slug))
      return summaries.filter((summary) => slugs.has(summary.form?.slug ?? ''))
    })
  })
}
