import { PublicError } from '../errors.js'
import { EvidenceFilter } from '../evidence/evidence.filter.js'
import { EffectMeasure } from '../generated/prisma/enums.js'
import { Field, Float, InputType } from '../graphql/decorators.js'
import { requireAtMost } from '../graphql/atMost.js'
import { describeEnum } from '../graphql/enum.js'
import { slugsNamed } from '../graphql/nodeId.js'
import { TauPriorInput, tauPriorOf } from './bayesian.graphql.js'
import { SummaryGroup } from './groups.js'
import {
  Across,
  DependenceRule,
  EmptyCellRule,
  IntervalMethod,
  Moderator,
  PoolingModel,
  Tau2Estimator,
  TimepointRule,
  type SynthesisQuestion,
} from './question.js'

describeEnum(PoolingModel, 'PoolingModel', 'What is supposed of the effects that are pooled.', {
  RANDOM_EFFECTS: 'Studies have effects of their own, around a mean: inverse variance with tau².',
  COMMON_EFFECT: 'All studies share one effect: inverse variance. The interval is by normal quantiles, whatever `interval` says.',
  MANTEL_HAENSZEL: 'A common effect from raw counts (OR, RR, RD), fit for sparse events. The interval is by normal quantiles.',
  MANTEL_HAENSZEL_RANDOM:
    'Random effects as older programs for reviews have them: inverse variance with tau² by DerSimonian and Laird from a Q about the Mantel–Haenszel estimate. For reproducing a review.',
  PETO: 'A common odds ratio from observed minus expected events, fit for rare events and arms of like size. The interval is by normal quantiles.',
  THREE_LEVEL: 'Effects within studies within a population of studies: all effects of a study enter, and their dependence is modelled.',
})
describeEnum(Tau2Estimator, 'Tau2Estimator', 'How tau², the variance of true effects between studies, is estimated.', {
  REML: 'Restricted maximum likelihood; what Cochrane recommends.',
  DL: 'DerSimonian and Laird, the usual one of older reviews.',
  PM: 'Paule and Mandel.',
  ML: 'Maximum likelihood.',
  EB: 'Empirical Bayes; the same number as PM.',
  HS: 'Hunter and Schmidt.',
  HE: 'Hedges and Olkin.',
  SJ: 'Sidik and Jonkman.',
})
describeEnum(EmptyCellRule, 'EmptyCellRule', 'What Mantel and Haenszel’s method does with a trial that has an empty cell.', {
  AS_THEY_ARE: 'Nothing, which is right: the method needs no correction.',
  ADD_HALF: 'Adds 0.5 to the four cells of a trial in which one is empty and the arms differ, as older programs for reviews do. For reproducing a review.',
})
describeEnum(IntervalMethod, 'IntervalMethod', 'How the interval of a pooled effect is formed.', {
  WALD: 'By normal quantiles, as if tau² were known.',
  HKSJ: 'Hartung, Knapp, Sidik and Jonkman: by t, with a standard error from the spread of the effects.',
  HKSJ_ADHOC: 'The same, and never narrower than WALD.',
})
describeEnum(DependenceRule, 'DependenceRule', 'How several effects of one study enter a pool.', {
  AGGREGATE: 'As their mean, with a correlation of 0.5 assumed between them.',
  COMBINE_ARMS: 'Arms that share a control become one arm and the effect is computed anew; what remains is aggregated.',
  SPLIT_CONTROL: 'A control that several arms share is divided among them; what remains of one contrast is aggregated.',
  INDEPENDENT: 'As if they were independent, which they are not: intervals come out too narrow.',
  ROBUST: 'All enter, and the interval holds whatever their dependence is: cluster-robust (CR2) with Satterthwaite’s degrees of freedom.',
})
describeEnum(TimepointRule, 'TimepointRule', 'Which time point of a comparison enters.', {
  END_OF_TREATMENT: 'The end of treatment; where none is marked so, the nearest to its length.',
  LONGEST: 'The last.',
  SHORTEST: 'The first.',
  ALL: 'All; the rule of dependence joins them.',
})
describeEnum(Across, 'SynthesisAcross', 'What a pool may mix, where that is asked for; each thing mixed is a warning.', {
  COMPARISONS: 'Kinds of comparison, and with them agents: placebo and another treatment.',
  AGENTS: 'Treatments that magnesium is compared with.',
  EVIDENCE_CLASSES: 'Classes of evidence: trials and cohorts.',
  EXPOSURES: 'Kinds of observed exposure: diet and serum.',
  OUTCOMES: 'Outcomes. Mean differences in several units are refused.',
  COMBINATIONS: 'Magnesium alone and together with other active substances.',
  MEASURES: 'Odds, risk, hazard and rate ratios as one relative risk; scores and events as one standardised difference.',
})
describeEnum(Moderator, 'Moderator', 'What effects can be regressed on.', {
  ELEMENTAL_MG_PER_DAY: 'Elemental magnesium, mg a day; the middle where the dose is known as an interval.',
  DURATION_DAYS: 'Length of treatment, days.',
  YEAR: 'Year of the main report.',
  MEAN_AGE: 'Mean age, years.',
  FEMALE_PERCENT: 'Share of women, percent.',
  BASELINE_SERUM_MAGNESIUM: 'Mean serum magnesium before treatment, mmol/L.',
  PARTICIPANTS: 'Participants behind the effect.',
})
describeEnum(SummaryGroup, 'SummaryGroup', 'What effects are set side by side by. Terms stand for themselves, not for narrower ones.', {
  CONDITION: 'The condition that the outcome speaks to.',
  FORM: 'The magnesium form given.',
  OUTCOME: 'What was measured or counted.',
  DESIGN: 'The study’s design.',
  COMPARATOR: 'The comparator’s role: placebo, no treatment, another treatment …',
  COMPARISON: 'What is compared with what: against placebo or no treatment, against each other treatment …',
  EVIDENCE_CLASS: 'Randomised, cohort, case-control …',
  ROUTE: 'How magnesium was given.',
  DOSE_BAND: 'Elemental magnesium a day: under 150 mg, 150 to under 300, 300 to under 450, 450 and more; several bands, and not stated, by themselves.',
  RISK_OF_BIAS: 'Overall risk of bias.',
})

/** Published in docs/limits.md. */
export const mostLeftOut = 100

@InputType({
  description: 'Which effects to pool, and how. What is left out: random effects, REML, and Hartung and Knapp’s interval, never narrower than Wald’s.',
})
export class SynthesisInput {
  @Field(() => EvidenceFilter, { description: 'Which effects: the same filter as that of `evidence`. In people and not retracted, unless it says otherwise.' })
  filter!: EvidenceFilter

  @Field(() => EffectMeasure, {
    nullable: true,
    description: 'What to pool on. Left out: the measure that all effects have, in one unit; SMD where measures mix that convert to it.',
  })
  measure?: EffectMeasure | null

  @Field(() => PoolingModel, { nullable: true, defaultValue: 'RANDOM_EFFECTS', description: 'What is supposed of the effects.' })
  model!: PoolingModel

  @Field(() => Tau2Estimator, { nullable: true, defaultValue: 'REML', description: 'How tau² is estimated, under random effects.' })
  estimator!: Tau2Estimator

  @Field(() => IntervalMethod, { nullable: true, defaultValue: 'HKSJ_ADHOC', description: 'How the interval is formed, under random effects.' })
  interval!: IntervalMethod

  @Field(() => Float, { nullable: true, defaultValue: 0.95, description: 'Level of the intervals, above 0 and below 1: 0.95, 0.9 …' })
  level!: number

  @Field(() => DependenceRule, { nullable: true, defaultValue: 'AGGREGATE', description: 'How several effects of one study enter.' })
  dependence!: DependenceRule

  @Field(() => TimepointRule, { nullable: true, defaultValue: 'END_OF_TREATMENT', description: 'Which time point of a comparison enters.' })
  timepoint!: TimepointRule

  @Field(() => SummaryGroup, { nullable: true, description: 'Pools each group by itself as well, and tests whether they differ.' })
  subgroupBy?: SummaryGroup | null

  @Field(() => [Moderator], { nullable: true, description: 'Regresses the effects on these as well, at most 7.' })
  moderators?: Moderator[] | null

  @Field(() => TauPriorInput, { nullable: true, description: 'Prior of tau of the Bayesian pool, for `bayesian` and the R script.' })
  tauPrior?: TauPriorInput | null

  @Field(() => Float, {
    nullable: true,
    description: 'Risk without magnesium, above 0 and below 1, for `perThousand`; left out, the median of the trials in the pool.',
  })
  baselineRisk?: number | null

  @Field(() => EmptyCellRule, {
    nullable: true,
    defaultValue: 'AS_THEY_ARE',
    description: 'Of Mantel and Haenszel’s method: what is done with a trial that has an empty cell.',
  })
  emptyCells!: EmptyCellRule

  @Field(() => String, {
    nullable: true,
    description:
      'DOI, PMID, PMCID or slug of a review, or slug of one of its pooled results: where it counts a trial otherwise than the trial’s own result here, its counts enter.',
  })
  asCountedBy?: string | null

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether effects enter whose number of people is not printed and was inferred; left out of pools otherwise (N_INFERRED).',
  })
  inferredNumbers!: boolean

  @Field(() => [String], {
    nullable: true,
    description: `Studies to leave out, by slug or id, at most ${mostLeftOut}. The rest is chosen and measured as if they were there, so that nothing but them changes; \`leftOut\` shows them.`,
  })
  without?: string[] | null

  @Field(() => [Across], {
    nullable: true,
    defaultValue: [],
    description:
      'What the pool may mix. Left out, it answers one question: one comparison, one class of evidence, one outcome in one unit; `parts` lists the others.',
  })
  across!: Across[]
}

/**
 * The question of an input, with what was left out filled in.
 *
 * @throws {PublicError} BAD_USER_INPUT LEVEL_OUT_OF_RANGE; BASELINE_RISK_OUT_OF_RANGE; DUPLICATE_MODERATOR; NOT_A_PRIOR
 */
export function questionOf({
  measure,
  subgroupBy,
  moderators,
  across,
  tauPrior,
  baselineRisk,
  emptyCells,
  asCountedBy,
  inferredNumbers,
  without,
  model,
  estimator,
  interval,
  level,
  dependence,
  timepoint,
}: SynthesisInput): SynthesisQuestion<SummaryGroup> {
  if (!(level > 0 && level < 1))
    throw new PublicError('BAD_USER_INPUT', `a level lies above 0 and below 1, such as 0.95; got ${level}`, {
      reason: 'LEVEL_OUT_OF_RANGE',
      argument: 'level',
      actual: level,
    })
  requireRisk(baselineRisk)
  const asked = moderators ?? []
  if (new Set(asked).size < asked.length)
    throw new PublicError('BAD_USER_INPUT', 'a moderator is named twice', { reason: 'DUPLICATE_MODERATOR', argument: 'moderators' })
  return {
    measure: measure ?? null,
    model,
    estimator,
    interval,
    level,
    dependence,
    timepoint,
    subgroupBy: subgroupBy ?? null,
    moderators: asked,
    across: [...new Set(across)].sort(),
    tauPrior: tauPrior == null ? null : tauPriorOf(tauPrior),
    baselineRisk: baselineRisk ?? null,
    emptyCells: emptyCells === 'ADD_HALF' ? emptyCells : null,
    asCountedBy: asCountedBy ?? null,
    inferredNumbers: inferredNumbers ? true : null,
    // A question that leaves nothing out is the question that it was before this could be asked, and has its id.
    ...(without?.length ? { without: leftOutSlugs(without) } : {}),
  }
}

/** @throws {PublicError} BAD_USER_INPUT TOO_MANY_VALUES; BAD_ID */
function leftOutSlugs(refs: readonly string[]): string[] {
  requireAtMost(refs.length, { reason: 'TOO_MANY_VALUES', argument: 'without', noun: 'studies', limit: mostLeftOut })
  return [...new Set(slugsNamed(refs, 'Study', 'without'))].sort()
}

/** @throws {PublicError} BAD_USER_INPUT BASELINE_RISK_OUT_OF_RANGE */
export function requireRisk(baselineRisk: number | null | undefined): void {
  if (baselineRisk != null && !(baselineRisk > 0 && baselineRisk < 1))
    throw new PublicError('BAD_USER_INPUT', `a risk lies above 0 and below 1, such as 0.15 for 15 of a hundred; got ${baselineRisk}`, {
      reason: 'BASELINE_RISK_OUT_OF_RANGE',
      argument: 'baselineRisk',
      actual: baselineRisk,
    })
}
