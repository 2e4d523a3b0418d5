import { isRiskMeasure, riskAfter } from '../statistics/absoluteRisk.js'
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

/** The pooled effect for a thousand people; null of other measures, and where no risk was given and no trial states one. */
export function perThousandOf({ entries, measure, pooled, question }: PooledEntries): AbsoluteEffect | null {
  if (!isRiskMeasure(measure)) return null
  const risks = entries.flatMap(({ counts }) => (counts === null || !(counts.comparator.total > 0) ? [] : [counts.comparator.events / counts.comparator.total]))
  const baseline = question.baselineRisk ?? median(risks)
  if (baseline === null) return null
  const among = (effect: number) => 1_000 * riskAfter(measure, effect, baseline)
  const [without, treated] = [1_000 * baseline, among(pooled.estimate)]
  const difference = treated - without
  const excludesNoEffect = pooled.ciLower > 0 || pooled.ciUpper < 0
  return {
    baseline,
    baselineSource:
      question.baselineRisk == null ? `the median risk without magnesium of ${risks.length} of ${entries.length} entries in the pool` : 'as asked',
    without,
    with: treated,
    difference,
    lower: among(pooled.ciLower) - without,
    upper: among(pooled.ciUpper) - without,
    numberNeeded: excludesNoEffect && difference !== 0 ? 1_000 / Math.abs(difference) : null,
  }
}
