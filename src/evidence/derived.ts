import type { EffectMeasure } from '../generated/prisma/enums.js'
import { criticalValue, twoSidedNormalP } from '../statistics/distributions.js'
import { analysisScaleOf, type EffectResult } from '../statistics/effectSize.js'
import type { EffectValues } from './effects.js'

/** An effect before its result's direction, benefit and coherence are told. */
export type Derived = Omit<
  EffectValues,
  'report' | 'isDefault' | 'participants' | 'direction' | 'standardizedBenefit' | 'benefitNote' | 'coherence' | 'coherenceChecks'
>

/** Level of the intervals that are computed here, and of those that arms' means are printed with. */
export const intervalLevel = 0.95

/** An effect on a measure of which nothing is known yet. */
export function frame(measure: EffectMeasure): Derived {
  return {
    measure,
    analysisScale: analysisScaleOf[measure],
    estimate: null,
    standardError: null,
    ciLower: null,
    ciUpper: null,
    ciLevel: null,
    pValue: null,
    pValueOperator: null,
    origin: 'REPORTED',
    formula: null,
    inputs: null,
    assumptions: [],
    printed: null,
    absentReason: null,
    note: null,
  }
}

/** A computed effect with a 95 % interval and a two-sided p value by normal quantiles; where the data do not determine it, the reason. */
export function computed(effect: EffectResult, assumptions: readonly string[], origin: Derived['origin']): Derived {
  const { measure, formula, inputs } = effect
  if (!effect.ok) return { ...frame(measure), origin, formula, inputs, absentReason: 'NOT_APPLICABLE', note: effect.reason }
  const { estimate, standardError } = effect
  const reach = criticalValue(intervalLevel) * standardError
  return {
    ...frame(measure),
    estimate,
    standardError,
    ciLower: estimate - reach,
    ciUpper: estimate + reach,
    ciLevel: intervalLevel,
    pValue: Math.min(1, twoSidedNormalP(estimate / standardError)),
    pValueOperator: 'EQ',
    origin,
    formula,
    inputs,
    assumptions: [...assumptions, ...effect.assumptions, 'interval and p value by normal quantiles'],
  }
}
