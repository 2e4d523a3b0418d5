import { isRiskMeasure, riskAfter, type RiskMeasure } from '../statistics/absoluteRisk.js'
import { median } from '../statistics/median.js'
import type { PooledEntries } from './synthesis.js'

/** What an effect on a ratio or a risk difference means for a thousand people. */
export interface AbsoluteEffect {
  /** Risk under what magnesium is compared with, 0 to 1. */
  readonly baseline: number
  readonly baselineSource: string
  /** People of a thousand with the event, without and with magnesium. */
  readonly without: number
  readonly with: number
  /** With less without: negative are fewer; its limits at the level of the interval. */
  readonly difference: number
  readonly lower: number
  readonly upper: number
  /** People to treat for one event more or less; null where the interval includes no effect. */
  readonly numberNeeded: number | null
}

/** A pooled ratio or risk difference, and the risk of the trials that it rests on. */
export interface AbsoluteBasis {
  readonly measure: RiskMeasure
  /** On the analysis scale. */
  readonly estimate: number
  readonly ciLower: number
  readonly ciUpper: number
  /** The median risk without magnesium; null if no trial states one. */
  readonly controlRisk: number | null
  readonly controlRiskSource: string
}

/** The pooled effect for a thousand people; null of other measures, and where no risk was given and no trial states one. */
export function perThousandOf(pool: PooledEntries): AbsoluteEffect | null {
  const basis = absoluteBasisOf(pool)
  return basis === null ? null : absoluteEffect(basis, pool.question.baselineRisk ?? null)
}

/** What effects in people of a thousand are computed from; null of measures that change no risk. */
export function absoluteBasisOf({ entries, measure, pooled }: Pick<PooledEntries, 'entries' | 'measure' | 'pooled'>): AbsoluteBasis | null {
  if (!isRiskMeasure(measure)) return null
  const risks = entries.flatMap(({ counts }) => (counts === null || !(counts.comparator.total > 0) ? [] : [counts.comparator.events / counts.comparator.total]))
  const { estimate, ciLower, ciUpper } = pooled
  return {
    measure,
    estimate,
    ciLower,
    ciUpper,
    controlRisk: median(risks),
    controlRiskSource: `the median risk without magnesium of ${risks.length} of ${entries.length} entries in the pool`,
  }
}

/**
 * An effect in people of a thousand; null if there is no risk to start from.
 *
 * @param baselineRisk from 0 to 1, as a caller gives it; that of the trials if null
 */
export function absoluteEffect(basis: AbsoluteBasis, baselineRisk: number | null): AbsoluteEffect | null {
  const { measure, estimate, ciLower, ciUpper, controlRisk, controlRiskSource } = basis
  const baseline = baselineRisk ?? controlRisk
  if (baseline === null) return null
  const among = (effect: number) => 1_000 * riskAfter(measure, effect, baseline)
  const [without, treated] = [1_000 * baseline, among(estimate)]
  const difference = treated - without
  const excludesNoEffect = ciLower > 0 || ciUpper < 0
  return {
    baseline,
    baselineSource: baselineRisk === null ? controlRiskSource : 'as asked',
    without,
    with: treated,
    difference,
    lower: among(ciLower) - without,
    upper: among(ciUpper) - without,
    numberNeeded: excludesNoEffect && difference !== 0 ? 1_000 / Math.abs(difference) : null,
  }
}
