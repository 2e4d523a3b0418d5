import type { EffectMeasure } from '../generated/prisma/enums.js'
import { baselineRiskOf, convertEffect as convertNumbers } from '../statistics/conversions.js'
import { criticalValue } from '../statistics/distributions.js'
import { analysisScaleOf } from '../statistics/effectSize.js'
import { asShown, type EffectRecord, type EffectSizeRecord, type ReportRecord } from './evidence.js'

export interface Converted {
  readonly effect: EffectSizeRecord | null
  readonly method: string | null
  readonly reason: string | null
}

/** Of the interval that a converted effect is given, where the effect states no level of its own. */
const usualLevel = 0.95

/**
 * An effect on another measure: from the arms' data where they were computed on it as well, else by conversion of the number.
 *
 * @param effect the default effect, on its analysis scale
 * @param report the report it comes from, whose other effects are of the same data
 * @param comparatorArmKey arm whose risk stands between odds ratio, risk ratio and risk difference; none is used if left out
 */
export function convertEffect(effect: EffectRecord, report: ReportRecord, measure: EffectMeasure, comparatorArmKey: number | null = null): Converted {
  if (effect.measure === measure) return { effect: asShown(effect), method: 'the effect itself', reason: null }
  const computed = report.effects.find((other) => other.measure === measure && other.estimate !== null && other.origin === effect.origin)
  if (computed !== undefined) return { effect: asShown(computed), method: `computed from the same data (${computed.formula ?? 'as reported'})`, reason: null }
  if (effect.estimate === null) return { effect: null, method: null, reason: 'there is no estimate to convert' }

  const comparator = report.armResults.find(({ armKey }) => armKey === comparatorArmKey)
  const baselineRisk = comparator === undefined ? undefined : baselineRiskOf(comparator)
  const converted = convertNumbers({ measure: effect.measure, estimate: effect.estimate, standardError: effect.standardError }, measure, { baselineRisk })
  if (!converted.ok) return { effect: null, method: null, reason: converted.reason }
  const { estimate, standardError, method, assumptions } = converted
  const level = effect.ciLevel ?? usualLevel
  const reach = standardError === null ? null : criticalValue(level) * standardError
  return {
    effect: asShown({
      measure,
      analysisScale: analysisScaleOf[measure],
      estimate,
      standardError,
      ciLower: reach === null ? null : estimate - reach,
      ciUpper: reach === null ? null : estimate + reach,
      ciLevel: reach === null ? null : level,
      pValue: effect.pValue,
      pValueOperator: effect.pValueOperator,
      unit: null,
    }),
    method: [method, ...assumptions].join('; '),
    reason: null,
  }
}
