import type { ArmRole, RiskOfBiasLevel, StudyDesign, SubjectKind } from '../generated/prisma/enums.js'
import type { PooledMeasure } from '../synthesis/entry.js'

/** What GRADE asks of a body of evidence, in its order; the last three may raise what began low. */
export const CertaintyDomain = {
  RISK_OF_BIAS: 'RISK_OF_BIAS',
  INCONSISTENCY: 'INCONSISTENCY',
  INDIRECTNESS: 'INDIRECTNESS',
  IMPRECISION: 'IMPRECISION',
  PUBLICATION_BIAS: 'PUBLICATION_BIAS',
  LARGE_EFFECT: 'LARGE_EFFECT',
  DOSE_RESPONSE: 'DOSE_RESPONSE',
  CONFOUNDING: 'CONFOUNDING',
} as const
export type CertaintyDomain = keyof typeof CertaintyDomain

/** One study of a pool, as a judgement of certainty sees it. */
export interface RatedStudy {
  readonly weightPercent: number
  readonly design: StudyDesign
  readonly subjects: SubjectKind
  readonly comparatorRole: ArmRole | null
  /** The worst of what entered of the study; null where nobody assessed it. */
  readonly riskOfBias: RiskOfBiasLevel | null
  readonly adjusted: boolean
  /** Interval of the study alone, on the analysis scale. */
  readonly ciLower: number
  readonly ciUpper: number
}

/** A pooled effect of one outcome in one condition with what it rests on. Effects are on the analysis scale, where 0 is no effect. */
export interface BodyOfEvidence {
  readonly measure: PooledMeasure
  readonly estimate: number
  /** Never narrower than by normal quantiles. */
  readonly ciLower: number
  readonly ciUpper: number
  readonly predictionLower: number | null
  readonly predictionUpper: number | null
  /** Null for one study. */
  readonly heterogeneity: { readonly pValue: number; readonly i2: number } | null
  readonly studies: readonly RatedStudy[]
  readonly participants: number | null
  /** Of a yes-or-no outcome, both sides together; null where not every study tells. */
  readonly events: number | null
  /** Of the instrument, in the unit of a mean difference. */
  readonly minimalImportantDifference: number | null
  /** The outcome stands for what matters to patients (a hormone, a marker of inflammation) and is not that itself. */
  readonly isSurrogate: boolean
  readonly smallStudyEffects: {
    /** The test that is advised for the measure, in words, and its p value. */
    readonly test: string
    readonly testP: number | null
    readonly trimAndFill: { readonly missing: number; readonly ciLower: number; readonly ciUpper: number } | null
  } | null
}

/** What one domain does to the level, and why, with the numbers that decided. */
export interface Judgement {
  readonly domain: CertaintyDomain
  /** Levels up or down: −3 to 2. */
  readonly steps: number
  readonly reason: string
  /** The paper whose rule it is. */
  readonly source: string
}

/** Percent of the weight that studies of a kind carry. */
export function shareOf(studies: readonly RatedStudy[], isCounted: (study: RatedStudy) => boolean): number {
  const sum = (some: readonly RatedStudy[]) => some.reduce((weight, { weightPercent }) => weight + weightPercent, 0)
  const all = sum(studies)
  if (!(all > 0)) throw new RangeError(`studies must carry weight, got ${studies.length} with ${all} in all`)
  const counted = studies.filter(isCounted)
  return counted.length === studies.length ? 100 : (100 * sum(counted)) / all
}

/** Whole percents, without making something of nothing or everything of nearly everything. */
export function percent(share: number): string {
  return share > 0 && share < 1 ? 'under 1 %' : share > 99 && share < 100 ? 'over 99 %' : `${Math.round(share)} %`
}

export const includesNoEffect = ({ ciLower, ciUpper }: { readonly ciLower: number; readonly ciUpper: number }): boolean => ciLower <= 0 && ciUpper >= 0
