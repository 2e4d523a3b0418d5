import type { EffectMeasure } from './effectSize.js'

/** Measures that turn one risk into another. */
export const riskMeasures = ['OR', 'PETO', 'RR', 'HR', 'RD'] as const
export type RiskMeasure = (typeof riskMeasures)[number]

export const isRiskMeasure = (measure: EffectMeasure | 'PETO' | 'RAW_COR' | 'GEN'): measure is RiskMeasure => riskMeasures.some((known) => known === measure)

/**
 * The risk that an effect makes of a risk without it. A hazard ratio is taken as constant up to the time at which the risk is told; a risk ratio of more
 * than 1 over the risk, and a risk difference beyond a bound, stop at that bound.
 *
 * @param effect on the analysis scale: the logarithm of a ratio, a risk difference as it is
 * @param baseline from 0 to 1
 * @see Cochrane Handbook for Systematic Reviews of Interventions 6.5, section 15.4.4
 *
 * @example
 * riskAfter('RR', Math.log(0.5), 0.2) // 0.1
 */
export function riskAfter(measure: RiskMeasure, effect: number, baseline: number): number {
  if (!(baseline >= 0 && baseline <= 1)) throw new RangeError(`a risk lies from 0 to 1, got ${baseline}`)
  const within = (risk: number) => Math.min(1, Math.max(0, risk))
  switch (measure) {
    case 'RR':
      return within(baseline * Math.exp(effect))
    case 'RD':
      return within(baseline + effect)
    case 'HR':
      return 1 - (1 - baseline) ** Math.exp(effect)
    case 'OR':
    case 'PETO': {
      const ratio = Math.exp(effect)
      return (baseline * ratio) / (1 - baseline + baseline * ratio)
    }
  }
}
