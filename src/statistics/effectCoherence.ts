import { isAbsent, missing, notCheckable, type CoherenceCheck, type Maybe } from './coherenceCheck.js'
import { criticalValue } from './distributions.js'
import { analysisScaleOf, fromAnalysisScale, type EffectMeasure } from './effectSize.js'
import { onAnalysisScale, scaleNames, type ReportedEffect } from './intervalCoherence.js'
import { overlap, rangeOf, rangesOf, shown, type Printed } from './printed.js'

/** An arm whose spread is known, as printed. */
export interface SpreadArm {
  readonly standardDeviation?: Maybe<Printed>
  readonly n?: Maybe<number>
}

/**
 * The interval of a mean difference is as wide as the arms' standard deviations and sizes make it.
 * PASS within a tenth beyond rounding, since variances may be pooled or not; WARN up to a factor of two (adjustment and pairing narrow, clustering
 * widens); FAIL beyond.
 */
export function intervalWidthFitsSpread({
  lower,
  upper,
  level,
  intervention,
  comparator,
}: Pick<ReportedEffect, 'lower' | 'upper' | 'level'> & { readonly intervention: SpreadArm; readonly comparator: SpreadArm }): CoherenceCheck {
  const rule = 'interval-width-fits-spread'
  const [sd1, n1, sd2, n2] = [intervention.standardDeviation, intervention.n, comparator.standardDeviation, comparator.n]
  if (isAbsent(lower) || isAbsent(upper) || isAbsent(level) || isAbsent(sd1) || isAbsent(n1) || isAbsent(sd2) || isAbsent(n2)) {
    return missing(rule, {
      'the lower limit': lower,
      'the upper limit': upper,
      'the confidence level': level,
      "the intervention's standard deviation": sd1,
      "the intervention's n": n1,
      "the comparator's standard deviation": sd2,
      "the comparator's n": n2,
    })
  }
  if (!(n1 >= 2 && n2 >= 2)) return notCheckable(rule, `arms of ${n1} and ${n2} have no spread to speak of`)
  const { low, high } = rangesOf({ low: lower, high: upper })
  const [first, second] = [rangeOf(sd1), rangeOf(sd2)]
  if (!(low.value < high.value)) return notCheckable(rule, 'the limits are not in order')
  const widthOf = (deviation1: number, deviation2: number, df?: number) =>
    2 * criticalValue(level, df) * Math.hypot(deviation1 / Math.sqrt(n1), deviation2 / Math.sqrt(n2))
  const expected = widthOf(first.value, second.value)
  const possible = { low: 0.9 * widthOf(Math.max(0, first.low), Math.max(0, second.low)), high: 1.1 * widthOf(first.high, second.high, n1 + n2 - 2) }
  const observed = high.value - low.value
  const check = { rule, observed, expected } as const
  if (!(expected > 0)) return notCheckable(rule, 'both standard deviations are zero')
  const spread = `standard deviations of ${first.text} and ${second.text} in ${n1} and ${n2} participants`
  const seen = `the interval of the mean difference is ${shown(observed)} wide; ${spread} make it ${shown(expected)}`
  if (overlap({ low: high.low - low.high, high: high.high - low.low }, possible)) return { ...check, status: 'PASS', message: seen }
  const ratio = observed / expected
  if (ratio < 0.5 || ratio > 2)
    return { ...check, status: 'FAIL', message: `${seen}: a standard error may have been taken for a standard deviation or for half a width` }
  return {
    ...check,
    status: 'WARN',
    message: `${seen}${ratio < 1 ? ': adjustment for baseline or pairing would narrow it so' : ': clustering or imputation would widen it so'}`,
  }
}

/**
 * The reported effect is the one computed from the arms' data, to the printed precision. WARN within one standard error, as after adjustment
 * or other handling of missing values; FAIL beyond.
 *
 * @param given `recomputed` on the analysis scale; `inputTolerance` on it too: what the rounding of the arms' data can shift it by
 */
export function reportedAgreesWithRecomputed(given: {
  readonly measure: EffectMeasure
  readonly reported?: Maybe<Printed>
  readonly recomputed?: Maybe<{ readonly estimate: number; readonly standardError: number }>
  readonly inputTolerance?: number | undefined
}): CoherenceCheck {
  const rule = 'reported-agrees-with-recomputed'
  const { measure, reported, recomputed, inputTolerance = 0 } = given
  if (isAbsent(reported)) return missing(rule, { 'the effect': reported })
  if (isAbsent(recomputed)) return notCheckable(rule, "the arms' data do not allow the effect to be computed")
  const scale = analysisScaleOf[measure]
  const printed = rangeOf(reported)
  const onScale = onAnalysisScale(printed, scale)
  if (!Number.isFinite(onScale.value)) return notCheckable(rule, `${printed.text} has no place on ${scaleNames[scale]}`)
  const { estimate, standardError } = recomputed
  const expected = fromAnalysisScale(estimate, scale)
  const check = { rule, observed: printed.value, expected } as const
  const seen = `the paper reports ${printed.text}, its arms give ${shown(expected)}`
  const within = (centre: number, reach: number) => overlap(onScale, { low: centre - reach, high: centre + reach })
  if (within(estimate, inputTolerance)) return { ...check, status: 'PASS', message: `${seen}: the same, to the printed precision` }
  if (Math.abs(onScale.value - estimate) <= standardError)
    return { ...check, status: 'WARN', message: `${seen}: less than a standard error apart, as after adjustment or other handling of missing values` }
  const hint = within(-estimate, inputTolerance)
    ? scale === 'LOG'
      ? ': the reciprocal, so the arms are probably exchanged'
      : ': the opposite sign, so the arms or the direction of the score are probably exchanged'
    : ': more than a standard error apart'
  return { ...check, status: 'FAIL', message: seen + hint }
}
