import { isAbsent, missing, notCheckable, type CoherenceCheck, type CoherenceRule, type Maybe } from './coherenceCheck.js'
import { criticalValue, twoSidedNormalP, twoSidedTP } from './distributions.js'
import { analysisScaleOf, toAnalysisScale, type AnalysisScale, type EffectMeasure } from './effectSize.js'
import { notAbove, overlap, rangeOf, rangesOf, shown, type Printed, type PrintedRange } from './printed.js'

/** An effect as printed, on the scale it is shown on: ratios as ratios. */
export interface ReportedEffect {
  readonly measure: EffectMeasure
  readonly estimate?: Maybe<Printed>
  readonly lower?: Maybe<Printed>
  readonly upper?: Maybe<Printed>
  /** 0.95, as stated. */
  readonly level?: Maybe<number>
  readonly p?: Maybe<{ readonly operator: 'EQ' | 'LT' | 'GT'; readonly value: Printed }>
  /** Of the t distribution behind interval and p, where known. */
  readonly df?: Maybe<number>
}

export const scaleNames: Readonly<Record<AnalysisScale, string>> = { IDENTITY: 'its own scale', LOG: 'the log scale', FISHER_Z: "Fisher's z scale" }

/** Off the middle by no more than this share of the width: what the last digit of a limit may do, and of no consequence. */
const negligibleAsymmetry = 0.01

/** Off the middle by no more than this share of the width: as exact, profile and bootstrap intervals can be. */
const asymmetryOfUnusualIntervals = 0.15

/**
 * The estimate lies in the middle of its interval on the analysis scale, to the printed precision or a hundredth of the width.
 * WARN within 15 % of the width from the middle, where other than Wald intervals may lie, and in the middle of a ratio's interval as printed,
 * which was then made without logarithms; FAIL elsewhere.
 */
export function estimateCentredInInterval(reported: ReportedEffect): CoherenceCheck {
  const rule = 'estimate-centred-in-interval'
  const interval = readInterval(rule, reported)
  if ('status' in interval) return interval
  const { scale, printed, estimate, lower, upper, limits } = interval
  if (!(printed.lower.value < printed.upper.value)) return notCheckable(rule, `the limits ${limits} are not in order`)
  const unbounded = Object.entries({ estimate, lower, upper }).find(([, { low, high }]) => !(low > -Infinity && high < Infinity))
  if (unbounded !== undefined) return notCheckable(rule, `the ${unbounded[0]} of ${limits}, to its printed precision, has no place on ${scaleNames[scale]}`)

  const observed = (estimate.value - lower.value) / (upper.value - lower.value)
  const check = { rule, observed, expected: 0.5 } as const
  const seen = `the point estimate ${printed.estimate.text} lies at ${Math.round(observed * 100)} % of its interval (${limits}) on ${scaleNames[scale]}`
  const asymmetry = Math.abs(observed - 0.5)
  if (overlap(estimate, middle(lower, upper)) || asymmetry <= negligibleAsymmetry)
    return { ...check, status: 'PASS', message: `${seen}: its middle, to the printed precision` }
  if (overlap(printed.estimate, middle(printed.lower, printed.upper))) {
    return { ...check, status: 'WARN', message: `${seen}, but in the middle of the interval as printed, which was perhaps made without transformation` }
  }
  if (asymmetry <= asymmetryOfUnusualIntervals) {
    return { ...check, status: 'WARN', message: `${seen}, further from its middle than rounding explains; exact and bootstrap intervals can be so` }
  }
  return { ...check, status: 'FAIL', message: `${seen}, where its middle was to be expected: a misprint, or an interval of an unusual kind` }
}

/** The estimate lies within its limits, the limits are in order, and a ratio is not negative. */
export function estimateWithinInterval(reported: ReportedEffect): CoherenceCheck {
  const rule = 'estimate-within-interval'
  const interval = readInterval(rule, reported)
  if ('status' in interval) return interval
  const { scale, limits } = interval
  const { estimate, lower, upper } = interval.printed
  const negative = [estimate, lower, upper].find(({ value }) => value < 0)
  if (scale === 'LOG' && negative !== undefined) {
    return { rule, status: 'FAIL', observed: negative.value, message: `a ratio cannot be ${negative.text}; it was perhaps printed as its logarithm` }
  }
  if (lower.value > upper.value) {
    return {
      rule,
      status: 'FAIL',
      observed: lower.value,
      expected: upper.value,
      message: `the lower limit ${lower.text} exceeds the upper limit ${upper.text}`,
    }
  }
  // Rounding keeps the order: of numbers with the same decimals the estimate is never beyond a limit, so ranges that merely touch do not do.
  const within = estimate.value >= lower.value && estimate.value <= upper.value
  if (within || (isAbove(estimate.high, lower.low) && isAbove(upper.high, estimate.low))) {
    return { rule, status: 'PASS', observed: estimate.value, message: `the point estimate ${estimate.text} lies within ${limits}` }
  }
  const expected = estimate.value < lower.value ? lower.value : upper.value
  return { rule, status: 'FAIL', observed: estimate.value, expected, message: `the point estimate ${estimate.text} lies outside its interval (${limits})` }
}

/** The values that a measure can have, where not every number is one. */
const rangeOfMeasure: Readonly<Partial<Record<EffectMeasure, { readonly low: number; readonly high: number; readonly said: string }>>> = {
  RD: { low: -1, high: 1, said: 'a risk difference lies between -1 and 1 (as a share, not in percentage points)' },
  COR: { low: -1, high: 1, said: 'a correlation lies between -1 and 1' },
}
const ratios = { low: Number.MIN_VALUE, high: Infinity, said: 'a ratio lies above 0; it was perhaps printed as its logarithm' }

/**
 * The estimate is a value that its measure can have, and a mean difference no larger than the instrument is wide.
 * Limits are not looked at: a normal interval may reach beyond the range.
 */
export function effectWithinRangeOfMeasure({
  measure,
  estimate,
  minimum,
  maximum,
}: Pick<ReportedEffect, 'measure' | 'estimate'> & { readonly minimum?: Maybe<number>; readonly maximum?: Maybe<number> }): CoherenceCheck {
  const rule = 'effect-within-range-of-measure'
  if (isAbsent(estimate)) return missing(rule, { 'the estimate': estimate })
  const width = measure === 'MD' && !isAbsent(minimum) && !isAbsent(maximum) ? maximum - minimum : null
  const range =
    analysisScaleOf[measure] === 'LOG'
      ? ratios
      : width === null
        ? rangeOfMeasure[measure]
        : { low: -width, high: width, said: `on this instrument a mean difference lies between ${-width} and ${width}` }
  if (range === undefined) return notCheckable(rule, 'every number is possible')
  const printed = rangeOf(estimate)
  const check = { rule, observed: printed.value } as const
  // A ratio printed as 0 or below is none, however it was rounded.
  const possible = range === ratios ? printed.value > 0 : overlap(printed, range)
  return possible
    ? { ...check, status: 'PASS', message: `an effect of ${printed.text} is possible` }
    : {
        ...check,
        status: 'FAIL',
        expected: printed.value < range.low ? Math.max(range.low, -1e9) : range.high,
        message: `an effect of ${printed.text} is impossible: ${range.said}`,
      }
}

/**
 * The p value is the one that estimate and interval imply, by the normal distribution or by t where df is given, to the printed precision.
 * FAIL where one says the effect differs from none at the interval's level and the other that it does not; WARN where they only differ in size,
 * as they may after another test than the interval belongs to.
 */
export function pAgreesWithInterval(reported: ReportedEffect): CoherenceCheck {
  const rule = 'p-agrees-with-interval'
  const { level, p, df } = reported
  const interval = readInterval(rule, reported)
  if ('status' in interval) return interval
  if (isAbsent(level) || isAbsent(p)) return missing(rule, { 'the confidence level': level, 'the p value': p })
  const { printed, limits } = interval
  const normal = impliedP(interval, level)
  if (normal === null) return notCheckable(rule, `the interval ${limits} is too narrow, or too close to its bound, for its printed precision`)
  const byT = isAbsent(df) ? null : impliedP(interval, level, df)
  const readings = byT === null ? [normal] : [normal, byT]
  const stated = statedP(p)
  const expected = (byT ?? normal).value
  const check = { rule, observed: rangeOf(p.value, 2).value, expected } as const
  const seen = `the p value is given as ${stated.text}, and ${printed.estimate.text} (${limits}) implies ${shown(expected)}`
  if (readings.some((reading) => overlap(reading, stated))) return { ...check, status: 'PASS', message: `${seen}: the same, to the printed precision` }
  // Without the noise of binary fractions: 1 − 0.95 is a little more than 0.05.
  const alpha = Number((1 - level).toPrecision(12))
  const onBothSides = readings.every(({ low, high }) => (high < alpha && stated.low >= alpha) || (low > alpha && stated.high <= alpha))
  return onBothSides
    ? { ...check, status: 'FAIL', message: `${seen}: on the two sides of ${shown(alpha)}, so one of them is wrong` }
    : { ...check, status: 'WARN', message: `${seen}: different, as they may be if the p value comes from another test than the interval` }
}

type OnScale = Pick<PrintedRange, 'value' | 'low' | 'high'>

/** Estimate and limits as printed and on the analysis scale, or what is missing of them. */
function readInterval(rule: CoherenceRule, { measure, estimate, lower, upper }: ReportedEffect) {
  if (isAbsent(estimate) || isAbsent(lower) || isAbsent(upper)) {
    return missing(rule, { 'the estimate': estimate, 'the lower limit': lower, 'the upper limit': upper })
  }
  const scale = analysisScaleOf[measure]
  const printed = rangesOf({ estimate, lower, upper })
  return {
    scale,
    printed,
    limits: `${printed.lower.text} to ${printed.upper.text}`,
    estimate: onAnalysisScale(printed.estimate, scale),
    lower: onAnalysisScale(printed.lower, scale),
    upper: onAnalysisScale(printed.upper, scale),
  }
}

/** A printed range on the analysis scale; bounds beyond it (a ratio below zero) become infinite. */
export function onAnalysisScale({ value, low, high }: PrintedRange, scale: AnalysisScale): OnScale {
  const bounded = (number: number, beyond: number) => {
    const transformed = toAnalysisScale(number, scale)
    return Number.isNaN(transformed) ? beyond : transformed
  }
  return { value: toAnalysisScale(value, scale), low: bounded(low, -Infinity), high: bounded(high, Infinity) }
}

/** The p values that numbers printed so can have, or null where the printed precision leaves the standard error open. */
function impliedP({ estimate, lower, upper }: Readonly<Record<'estimate' | 'lower' | 'upper', OnScale>>, level: number, df?: number): OnScale | null {
  const width = { least: upper.low - lower.high, most: upper.high - lower.low }
  const furthest = Math.max(Math.abs(estimate.low), Math.abs(estimate.high))
  if (!(width.least > 0 && width.most < Infinity && furthest < Infinity)) return null
  const nearest = estimate.low <= 0 && estimate.high >= 0 ? 0 : Math.min(Math.abs(estimate.low), Math.abs(estimate.high))
  const reach = 2 * criticalValue(level, df)
  const pOf = (distance: number, of: number) => (df === undefined ? twoSidedNormalP((distance / of) * reach) : twoSidedTP((distance / of) * reach, df))
  return { value: pOf(estimate.value, upper.value - lower.value), low: pOf(furthest, width.least), high: pOf(nearest, width.most) }
}

function statedP({ operator, value }: NonNullable<ReportedEffect['p']>) {
  // Nobody prints a p value to fewer than two decimals: 0.5 stands for 0.50.
  const range = rangeOf(value, 2)
  if (operator === 'LT') return { low: 0, high: range.value, text: `< ${range.value}` }
  if (operator === 'GT') return { low: range.value, high: 1, text: `> ${range.value}` }
  return { low: Math.max(0, range.low), high: Math.min(1, range.high), text: range.text }
}

const isAbove = (a: number, b: number) => !notAbove(a, b)

function middle(lower: OnScale, upper: OnScale): { readonly low: number; readonly high: number } {
  return { low: (lower.low + upper.low) / 2, high: (lower.high + upper.high) / 2 }
}
