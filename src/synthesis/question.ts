import type { EffectMeasure } from '../generated/prisma/enums.js'
import type { Tau2Estimator as Estimator } from '../statistics/betweenStudyVariance.js'
import type { EmptyCells } from '../statistics/mantelHaenszel.js'
import type { IntervalMethod as Interval } from '../statistics/pooling.js'
import type { TauPrior } from '../statistics/tauPrior.js'

// The words of the question, as the API and the command line spell them.

export const PoolingModel = {
  RANDOM_EFFECTS: 'RANDOM_EFFECTS',
  COMMON_EFFECT: 'COMMON_EFFECT',
  MANTEL_HAENSZEL: 'MANTEL_HAENSZEL',
  MANTEL_HAENSZEL_RANDOM: 'MANTEL_HAENSZEL_RANDOM',
  PETO: 'PETO',
  THREE_LEVEL: 'THREE_LEVEL',
} as const
export type PoolingModel = keyof typeof PoolingModel

/** Models that pool counts of events, and need them of every entry. */
export const poolsCounts = (model: PoolingModel): boolean => model === 'MANTEL_HAENSZEL' || model === 'MANTEL_HAENSZEL_RANDOM' || model === 'PETO'

/** Models in which studies have effects of their own. */
export const hasRandomEffects = (model: PoolingModel): boolean => model === 'RANDOM_EFFECTS' || model === 'MANTEL_HAENSZEL_RANDOM' || model === 'THREE_LEVEL'

export const EmptyCellRule = { AS_THEY_ARE: 'AS_THEY_ARE', ADD_HALF: 'ADD_HALF' } as const satisfies Record<EmptyCells, EmptyCells>
export type EmptyCellRule = EmptyCells

export const Tau2Estimator = { REML: 'REML', DL: 'DL', PM: 'PM', ML: 'ML', EB: 'EB', HS: 'HS', HE: 'HE', SJ: 'SJ' } as const satisfies Record<
  Estimator,
  Estimator
>
export type Tau2Estimator = Estimator

export const IntervalMethod = { WALD: 'WALD', HKSJ: 'HKSJ', HKSJ_ADHOC: 'HKSJ_ADHOC' } as const satisfies Record<Interval, Interval>
export type IntervalMethod = Interval

export const DependenceRule = {
  AGGREGATE: 'AGGREGATE',
  COMBINE_ARMS: 'COMBINE_ARMS',
  SPLIT_CONTROL: 'SPLIT_CONTROL',
  INDEPENDENT: 'INDEPENDENT',
  ROBUST: 'ROBUST',
} as const
export type DependenceRule = keyof typeof DependenceRule

export const TimepointRule = { END_OF_TREATMENT: 'END_OF_TREATMENT', LONGEST: 'LONGEST', SHORTEST: 'SHORTEST', ALL: 'ALL' } as const
export type TimepointRule = keyof typeof TimepointRule

/** What a pool may mix, where that is asked for. */
export const Across = {
  COMPARISONS: 'COMPARISONS',
  AGENTS: 'AGENTS',
  EVIDENCE_CLASSES: 'EVIDENCE_CLASSES',
  EXPOSURES: 'EXPOSURES',
  OUTCOMES: 'OUTCOMES',
  COMBINATIONS: 'COMBINATIONS',
  MEASURES: 'MEASURES',
} as const
export type Across = keyof typeof Across

export const Moderator = {
  ELEMENTAL_MG_PER_DAY: 'ELEMENTAL_MG_PER_DAY',
  DURATION_DAYS: 'DURATION_DAYS',
  YEAR: 'YEAR',
  MEAN_AGE: 'MEAN_AGE',
  FEMALE_PERCENT: 'FEMALE_PERCENT',
  BASELINE_SERUM_MAGNESIUM: 'BASELINE_SERUM_MAGNESIUM',
  PARTICIPANTS: 'PARTICIPANTS',
} as const
export type Moderator = keyof typeof Moderator

/** How effects that were selected are pooled. */
export interface PoolingQuestion {
  readonly model: PoolingModel
  readonly estimator: Tau2Estimator
  readonly interval: IntervalMethod
  readonly level: number
  readonly dependence: DependenceRule
  readonly timepoint: TimepointRule
  /** Names of what the effects are regressed on, such as those of `Moderator`. */
  readonly moderators: readonly string[]
  /** Prior of tau for a Bayesian pool beside the other; none if it is left out. */
  readonly tauPrior?: TauPrior | null
  /** Risk without magnesium, above 0 and below 1, for effects in people of a thousand; that of the trials if it is left out. */
  readonly baselineRisk?: number | null
  /** Of Mantel and Haenszel's method: what is done with a trial that has an empty cell; as they are if it is left out. */
  readonly emptyCells?: EmptyCellRule | null
}

/** The question with everything that was left out filled in; but for the measure, which the effects decide where it was. */
export interface SynthesisQuestion<Group extends string = string> extends PoolingQuestion {
  readonly measure: EffectMeasure | null
  readonly subgroupBy: Group | null
  /** What the pool may mix; by default it answers one question. */
  readonly across: readonly Across[]
  /** A published pooled result or review, by slug or identifier: where it counts a trial otherwise, its counts enter. */
  readonly asCountedBy?: string | null
  /** Whether effects enter whose number of people the curators inferred; left out if it is not said. */
  readonly inferredNumbers?: boolean | null
  /** Slugs of studies that are left out of the pool, sorted; none if it is not said. */
  readonly without?: readonly string[]
}

/**
 * What is asked if nothing else is said: random effects, REML, and Hartung and Knapp's interval in the modified form that is never narrower than Wald's.
 * Of few studies the unmodified interval can be far too narrow: two that agree exactly leave it no width at all.
 *
 * @see Röver, Knapp & Friede (2015), BMC Medical Research Methodology 15:99 (PMC4647507), who recommend the modified form above all for few studies of
 *   differing precision; Cochrane Handbook for Systematic Reviews of Interventions, chapter 10, on random effects and Hartung and Knapp's interval
 */
export const usualQuestion: SynthesisQuestion<never> = {
  measure: null,
  model: 'RANDOM_EFFECTS',
  estimator: 'REML',
  interval: 'HKSJ_ADHOC',
  level: 0.95,
  dependence: 'AGGREGATE',
  timepoint: 'END_OF_TREATMENT',
  subgroupBy: null,
  across: [],
  tauPrior: null,
  baselineRisk: null,
  emptyCells: null,
  asCountedBy: null,
  inferredNumbers: null,
  moderators: [],
}

/** The interval that a model allows: Hartung and Knapp's needs a variance between studies, which the others do without. */
export function intervalOf({ model, interval }: Pick<PoolingQuestion, 'model' | 'interval'>): IntervalMethod {
  return hasRandomEffects(model) ? interval : 'WALD'
}
