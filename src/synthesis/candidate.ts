import type {
  AbsentReason,
  AnalysisSet,
  ArmRole,
  CoherenceStatus,
  EffectDirection,
  EffectMeasure,
  EffectOrigin,
  EvidenceClass,
  RiskOfBiasLevel,
  Route,
  StudyDesign,
  SubjectKind,
  ValueKind,
} from '../generated/prisma/enums.js'

/** A number for a result, on the analysis scale of its measure. */
export interface CandidateEffect {
  readonly measure: EffectMeasure
  readonly isDefault: boolean
  readonly estimate: number | null
  readonly standardError: number | null
  readonly origin: EffectOrigin
  readonly assumptions: readonly string[]
}

/** What is known of one arm: counts of an event, or mean and standard deviation, with the participants behind them. */
export interface CandidateArm {
  readonly n: number | null
  readonly events: number | null
  /** As printed, where there is no count. */
  readonly percent?: number | null
  readonly mean: number | null
  readonly standardDeviation: number | null
}

/**
 * An effect that a filter selects, with all that pooling needs to know of it and nothing else: what a synthesis is computed from,
 * and what is kept with it. Terms are named by slug, so that it means the same after the data have changed.
 */
export interface Candidate {
  /** Slug of the evidence. */
  readonly slug: string
  readonly study: string
  /** First author and year, as a plot names the study. */
  readonly label: string
  readonly year: number | null
  readonly design: StudyDesign
  readonly subjects: SubjectKind
  readonly retracted: boolean
  /** The main report is under an expression of concern, or a third party doubts the study. */
  readonly concern: boolean
  readonly evidenceClass: EvidenceClass
  readonly condition: string
  readonly forms: readonly string[]
  readonly outcome: string
  readonly instrument: string | null
  /** Slug of the population, and whether it is all of the study's. */
  readonly population: string
  readonly wholeSample: boolean
  /** Populations of one study with the same word share nobody; null where that is not known. */
  readonly partition: string | null
  /** What the source calls the result, and whether it is the study's primary one. */
  readonly name: string
  readonly isPrimary: boolean
  /** Slugs of the arms; of an observational contrast, what it contrasts, and no comparator. */
  readonly intervention: string
  readonly comparator: string | null
  readonly comparatorRole: ArmRole | null
  /** What is compared with what, as `comparison.key` of the evidence; other keys are other questions. */
  readonly comparison: string
  /** Other active substances of the intervention's arm that the comparator's does not get, sorted. */
  readonly combinedWith: readonly string[]
  readonly routes: readonly Route[]
  readonly riskOfBias: RiskOfBiasLevel | null
  readonly elementalMgLow: number | null
  readonly elementalMgHigh: number | null
  readonly durationDays: number | null
  readonly timepointDays: number | null
  readonly timepointLabel: string | null
  readonly endOfTreatment: boolean | null
  readonly participants: number | null
  readonly meanAge: number | null
  readonly femalePercent: number | null
  readonly baselineSerumMagnesium: number | null
  readonly unit: string | null
  /** The unit that mean differences of the outcome are pooled in, and the factor that a difference is multiplied by; null where `unit` stays. */
  readonly inCommonUnit: { readonly unit: string; readonly factor: number; readonly how: string } | null
  readonly valueKind: ValueKind
  readonly analysisSet: AnalysisSet
  /** Null where nobody read whether it is. */
  readonly adjusted: boolean | null
  /** Whether a higher value of the outcome is good; null where neither direction is by itself. */
  readonly higherIsBetter: boolean | null
  /** What a unit of exposure is, where the effect is one per unit and not between two groups. */
  readonly perUnitOf: string | null
  /** Of an observed contrast of two groups: its reference, and how far from it the contrasted group is; null elsewhere. */
  readonly category: { readonly reference: string; readonly rank: number } | null
  /** The contrasted side has less magnesium than its reference, so that the effect is turned round before it is pooled. */
  readonly contrastedHasLess: boolean
  readonly direction: EffectDirection
  readonly standardizedBenefit: number | null
  readonly coherence: CoherenceStatus
  readonly absentReason: AbsentReason | null
  /** Every number of the report that counts, the default one first. */
  readonly effects: readonly CandidateEffect[]
  /** Share of the comparator's arm with the event, 0 to 1, where the report states it. */
  readonly baselineRisk?: number | null
  /** Of a trial that randomised clusters, people and events divided by its design effect, where that is known. */
  readonly arms: { readonly intervention: CandidateArm; readonly comparator: CandidateArm } | null
  /** How many times its clusters enlarge the variance; null of other trials, and where size or correlation is not known. */
  readonly designEffect?: number | null
  /** Larger samples that an observational study's people are of; studies that share one are partly of the same people. */
  readonly cohorts?: readonly string[]
  /** Of an event that is a response: the change in percent that counts as one; null or left out where that is not recorded. */
  readonly responsePercent?: number | null
  /** Where another report's numbers were read that enter instead of the result's own, as asked; left out of all others. */
  readonly countedAs?: string
}

/** Order in which candidates are looked at, so that the same ones always give the same answer. */
export function inOrder(candidates: readonly Candidate[]): Candidate[] {
  return [...candidates].sort((a, b) => compare(a.study, b.study) || compare(a.slug, b.slug))
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
