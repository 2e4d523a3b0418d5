import type { EffectMeasure, EffectOrigin } from '../generated/prisma/enums.js'
import { riskDifference } from '../statistics/binary.js'
import { baselineRiskOf, convertEffect } from '../statistics/conversions.js'
import { analysisScaleOf } from '../statistics/effectSize.js'
import type { Candidate } from './candidate.js'
import { unitOfDifference } from './unit.js'

/** Why an effect that the filter selects is not in the pool. */
export const UnpoolableReason = {
  NO_ESTIMATE: 'NO_ESTIMATE',
  NO_STANDARD_ERROR: 'NO_STANDARD_ERROR',
  NOT_CONVERTIBLE: 'NOT_CONVERTIBLE',
  NO_COUNTS: 'NO_COUNTS',
  NO_EVENTS: 'NO_EVENTS',
  OTHER_SUBJECTS: 'OTHER_SUBJECTS',
  OTHER_TIMEPOINT: 'OTHER_TIMEPOINT',
  OTHER_ANALYSIS: 'OTHER_ANALYSIS',
  PART_OF_SAMPLE: 'PART_OF_SAMPLE',
  OTHER_KIND_OF_VALUE: 'OTHER_KIND_OF_VALUE',
  OTHER_EXPOSURE: 'OTHER_EXPOSURE',
  OTHER_COMPARISON: 'OTHER_COMPARISON',
  OTHER_AGENT: 'OTHER_AGENT',
  OTHER_DESIGN: 'OTHER_DESIGN',
  OTHER_OUTCOME: 'OTHER_OUTCOME',
  OTHER_UNIT: 'OTHER_UNIT',
  OTHER_MEASURE: 'OTHER_MEASURE',
  OTHER_CATEGORY: 'OTHER_CATEGORY',
  COMBINATION: 'COMBINATION',
  OPPOSITE_DIRECTION: 'OPPOSITE_DIRECTION',
  SAME_PEOPLE: 'SAME_PEOPLE',
  N_INFERRED: 'N_INFERRED',
  LEFT_OUT: 'LEFT_OUT',
  ROW_INCOMPLETE: 'ROW_INCOMPLETE',
} as const
export type UnpoolableReason = keyof typeof UnpoolableReason

export interface UnpoolableEffect {
  /** Slug of the evidence. */
  readonly evidence: string
  readonly code: UnpoolableReason
  /** In words for a researcher. */
  readonly reason: string
}

/** A candidate with the number that stands for it, on the analysis scale of the pool's measure, more magnesium against less. */
export interface Chosen {
  readonly candidate: Candidate
  readonly estimate: number
  readonly variance: number
  readonly origin: EffectOrigin
  /** How the number was converted from another measure; null where it was not. */
  readonly conversion: string | null
  /** How the unit of a mean difference was converted; null where it was not. */
  readonly unitConversion: string | null
  /** The sign was turned, so that the same direction means the same in every entry. */
  readonly turned: boolean
  readonly assumptions: readonly string[]
}

const missing: Readonly<Record<string, string>> = {
  NOT_REPORTED: 'the source does not report it',
  NOT_EXTRACTED: 'it was not among what was read of the source',
  NOT_APPLICABLE: 'the data do not determine one',
  ONLY_IN_FIGURE: 'the source shows it in a figure only',
  ONLY_P_THRESHOLD: 'the source gives a threshold of p only, which bounds it and does not tell it',
}
const whyMissing = ({ absentReason }: Candidate) => (absentReason === null ? '' : `: ${missing[absentReason]}`)

/** What a pool is of: its measure, and of mean differences its unit; a null unit takes every one. */
export interface Wanted {
  readonly measure: EffectMeasure
  readonly unit: string | null
  /** Odds, risk, hazard and rate ratios of associations are taken as one relative risk, as asked. */
  readonly anyRelativeRisk?: boolean
  /** The pool is of the counts themselves, so that risk differences of trials without events say that the difference is small. */
  readonly byCounts?: boolean
}

/** The number that stands for a candidate on a measure: as stored on it, the default or another of the same report; else converted. */
export function numberOf(
  candidate: Candidate,
  { measure, unit, anyRelativeRisk = false, byCounts = false }: Wanted,
): Chosen | Pick<UnpoolableEffect, 'code' | 'reason'> {
  const [first] = candidate.effects
  const usable = candidate.effects.filter(isUsable)
  const stored = usable.find((effect) => effect.measure === measure)
  const turn = candidate.contrastedHasLess ? -1 : 1
  const number = (estimate: number, standardError: number) => ({ estimate: turn * estimate, variance: standardError ** 2, turned: candidate.contrastedHasLess })
  if (stored !== undefined && measure === 'MD') {
    const own = unitOfDifference(candidate)
    if (unit !== null && own !== unit) return { code: 'OTHER_UNIT', reason: `the difference is in ${own}, and the pool is in ${unit}` }
    const common = candidate.valueKind === 'PERCENT_CHANGE' ? null : candidate.inCommonUnit
    const factor = common?.factor ?? 1
    return {
      candidate,
      ...number(factor * stored.estimate, factor * stored.standardError),
      origin: stored.origin,
      conversion: null,
      unitConversion: common?.how ?? null,
      assumptions: stored.assumptions,
    }
  }
  if (stored !== undefined)
    return {
      candidate,
      ...number(stored.estimate, stored.standardError),
      origin: stored.origin,
      conversion: null,
      unitConversion: null,
      assumptions: stored.assumptions,
    }
  const withoutEvents = byCounts && measure === 'RD' ? pooledByCounts(candidate) : null
  if (withoutEvents !== null) return withoutEvents
  const uninformative = usable.length === 0 || measure === 'RD' ? withoutVariation(candidate, measure) : null
  if (uninformative !== null) return uninformative
  if (first === undefined || candidate.effects.every(({ estimate }) => estimate === null))
    return { code: 'NO_ESTIMATE', reason: `there is no estimate${whyMissing(candidate)}` }
  if (usable.length === 0) return { code: 'NO_STANDARD_ERROR', reason: `there is an estimate but no standard error${whyMissing(candidate)}` }
  const relative = anyRelativeRisk && isRelativeRisk(measure) ? usable.find((effect) => isRelativeRisk(effect.measure)) : undefined
  if (relative !== undefined)
    return {
      candidate,
      ...number(relative.estimate, relative.standardError),
      origin: relative.origin,
      conversion: `${relative.measure} taken as ${measure}, as asked`,
      unitConversion: null,
      assumptions: [...relative.assumptions, 'odds, risk, hazard and rate ratios are taken as one relative risk'],
    }
  const baselineRisk = candidate.arms === null ? possibleRisk(candidate.baselineRisk) : baselineRiskOf(candidate.arms.comparator)
  const reasons: string[] = []
  for (const effect of usable) {
    const converted = convertEffect(effect, measure, { baselineRisk })
    if (converted.ok && converted.standardError !== null)
      return {
        candidate,
        ...number(converted.estimate, converted.standardError),
        origin: effect.origin,
        conversion: `${effect.measure} to ${measure}: ${converted.method}`,
        unitConversion: null,
        assumptions: [...effect.assumptions, ...converted.assumptions],
      }
    if (!converted.ok) reasons.push(`${effect.measure} to ${measure}: ${converted.reason}`)
  }
  return { code: 'NOT_CONVERTIBLE', reason: reasons[0] ?? `there is no number on ${measure}` }
}

/** The risk difference of a trial whose arms do not vary; its standard error, of the cells with 0.5 more in each, is only for the trial's own interval. */
function pooledByCounts(candidate: Candidate): Chosen | null {
  const { arms } = candidate
  if (arms === null || withoutVariation(candidate, 'RD') === null) return null
  const [a, b] = [arms.intervention, arms.comparator]
  if (a.events === null || a.n === null || b.events === null || b.n === null) return null
  const corrected = riskDifference({ events: a.events + 0.5, total: a.n + 1 }, { events: b.events + 0.5, total: b.n + 1 })
  if (!corrected.ok) return null
  return {
    candidate,
    estimate: a.events / a.n - b.events / b.n,
    variance: corrected.standardError ** 2,
    origin: 'ARM_DATA',
    conversion: null,
    unitConversion: null,
    turned: false,
    assumptions: ['its own standard error is of the cells with one half more in each; the pool takes the counts as they are'],
  }
}

/** A risk of nobody or of everybody says nothing about odds. */
const possibleRisk = (risk: number | null | undefined) => (risk != null && risk > 0 && risk < 1 ? risk : undefined)

const isRelativeRisk = (measure: EffectMeasure) => measure === 'OR' || measure === 'RR' || measure === 'HR' || measure === 'IRR'

type Numbered = Candidate['effects'][number] & { readonly estimate: number; readonly standardError: number }

export function isUsable(effect: Candidate['effects'][number]): effect is Numbered {
  return effect.estimate !== null && effect.standardError !== null && effect.standardError > 0
}

/** Why arms whose counts do not vary give no number, in the words of the measure asked for; null if they vary or are not known. */
function withoutVariation({ arms }: Candidate, measure: EffectMeasure): Pick<UnpoolableEffect, 'code' | 'reason'> | null {
  if (arms === null) return null
  const all = [arms.intervention, arms.comparator]
  const nobody = all.map(({ events, n }) => events === 0 && n !== 0)
  const everybody = all.map(({ events, n }) => events !== null && events > 0 && events === n)
  const [how, alike] = nobody.every(Boolean)
    ? ['nobody had the event in either arm', true]
    : everybody.every(Boolean)
      ? ['everybody had the event in both arms', true]
      : ['in each arm either nobody or everybody had the event', false]
  if (measure === 'RD' && all.every((_, arm) => nobody[arm] === true || everybody[arm] === true))
    return {
      code: alike ? 'NO_EVENTS' : 'NO_STANDARD_ERROR',
      reason: `${how}: the risk difference is ${alike ? '0' : 'complete'}, and inverse variance has no standard error for it`,
    }
  return alike
    ? { code: 'NO_EVENTS', reason: `${how}, which says nothing about ${analysisScaleOf[measure] === 'LOG' ? 'a ratio' : 'an effect on this measure'}` }
    : null
}
