import { hedgesG } from './continuous.js'
import { criticalValue, normalQuantile, tQuantile } from './distributions.js'
import { type EffectResult, requireAtLeast, requireFinite, requirePositive } from './effectSize.js'
import { rangeOf, rangesOf, type Printed } from './printed.js'

/** A number derived from what a paper reports, with what it came from. */
export interface Derivation {
  readonly formula: string
  readonly inputs: Readonly<Record<string, number>>
  readonly assumptions: readonly string[]
}

/** A confidence interval, its limits on the analysis scale (logarithms of a ratio's limits). */
export interface Interval {
  readonly lower: number
  readonly upper: number
  /** 0.95, as stated by the source; never assumed. */
  readonly level: number
  /** Given where the interval was made with Student's t; the normal distribution otherwise. */
  readonly df?: number | undefined
}

/**
 * The standard error that an interval implies: its width over twice the critical value.
 *
 * @returns in the unit of the limits, on the analysis scale
 * @throws {RangeError} if the limits are not finite and in order, or the level is not between 0 and 1
 * @see Cochrane Handbook for Systematic Reviews of Interventions 6.5, sections 6.3.1 (differences) and 6.3.2 (ratios)
 */
export function standardErrorFromInterval({ lower, upper, level, df }: Interval): Derivation & { readonly standardError: number } {
  requireOrdered(lower, upper)
  return {
    standardError: (upper - lower) / (2 * criticalValue(level, df)),
    formula: df === undefined ? 'se-from-interval-z' : 'se-from-interval-t',
    inputs: { lower, upper, level, ...optional({ df }) },
    assumptions: [
      df === undefined ? 'the interval was made with the normal distribution' : `the interval was made with Student's t on ${df} degrees of freedom`,
    ],
  }
}

/**
 * The centre of an interval on the analysis scale: the estimate, where only the interval is reported.
 *
 * @throws {RangeError} if the limits are not finite and in order
 */
export function estimateFromInterval({ lower, upper }: { readonly lower: number; readonly upper: number }): Derivation & { readonly estimate: number } {
  requireOrdered(lower, upper)
  return {
    estimate: withoutNoise((lower + upper) / 2),
    formula: 'estimate-interval-centre',
    inputs: { lower, upper },
    assumptions: ['the interval is symmetric on the analysis scale'],
  }
}

/**
 * The standard error that an exact two-sided p value implies for an estimate.
 *
 * @param reported the estimate on the analysis scale, its p value ("p < 0.05" is a bound and gives none), and df where the test was a t test
 * @throws {RangeError} if the estimate is zero (any standard error gives p = 1) or p is not strictly between 0 and 1
 * @see Cochrane Handbook for Systematic Reviews of Interventions 6.5, sections 6.3.1 (differences) and 6.3.2 (ratios)
 */
export function standardErrorFromP({
  estimate,
  p,
  df,
}: {
  readonly estimate: number
  readonly p: number
  readonly df?: number | undefined
}): Derivation & { readonly standardError: number } {
  requireNonZero(estimate)
  if (!(p > 0 && p < 1)) throw new RangeError(`a p value that gives a standard error lies strictly between 0 and 1, got ${p}`)
  return {
    standardError: Math.abs(estimate) / -(df === undefined ? normalQuantile(p / 2) : tQuantile(p / 2, df)),
    formula: df === undefined ? 'se-from-p-z' : 'se-from-p-t',
    inputs: { estimate, p, ...optional({ df }) },
    assumptions: [
      df === undefined ? 'the p value is two-sided, from a normal distribution' : `the p value is two-sided, from Student's t on ${df} degrees of freedom`,
    ],
  }
}

/**
 * Rounding dominates if it leaves the standard error open by more than this factor, up or down. That is the worst case, all numbers rounded the
 * unlucky way; the usual error is a third of it, some 15 % of the standard error and 30 % of a weight.
 */
export const roundingThatDominates = 1.5

/** An exact p value as printed. Papers print at least two decimals: 0.5 stands for 0.50. */
export interface PrintedP {
  readonly p: Printed
  /** Degrees of freedom of a t test; a test by the normal distribution if left out. */
  readonly df?: number | undefined
}

/**
 * The standard error that an exact two-sided p value implies for a difference, unless the rounding of either leaves it open.
 *
 * @param reported `difference` holds the range of values that the printed numbers stand for
 * @returns the standard error, or why the numbers give none
 */
export function standardErrorFromRoundedP({
  difference,
  p,
  df,
}: PrintedP & { readonly difference: { readonly value: number; readonly low: number; readonly high: number } }):
  (Derivation & { readonly ok: true; readonly standardError: number }) | { readonly ok: false; readonly reason: string } {
  const printed = rangeOf(p, 2)
  const [closest, furthest] = [Math.max(printed.low, 0), Math.min(printed.high, 1)]
  if (!(printed.value > 0 && printed.value < 1)) return { ok: false, reason: `a p value of ${printed.text} is a limit, which gives no standard error` }
  if (difference.value === 0) return { ok: false, reason: 'a difference of 0 has a p value of 1 whatever its standard error' }
  const derived = standardErrorFromP({ estimate: difference.value, p: printed.value, df })
  const sizes = [Math.abs(difference.low), Math.abs(difference.high)]
  const least = difference.low < 0 && difference.high > 0 ? 0 : Math.min(...sizes)
  const low = least === 0 || closest === 0 ? 0 : standardErrorFromP({ estimate: least, p: closest, df }).standardError
  const high = furthest === 1 ? Infinity : standardErrorFromP({ estimate: Math.max(...sizes), p: furthest, df }).standardError
  return derived.standardError <= roundingThatDominates * low && high <= roundingThatDominates * derived.standardError
    ? { ok: true, ...derived }
    : {
        ok: false,
        reason: `rounding dominates: the printed p value of ${printed.text} and difference allow any standard error from ${shownError(low)} to ${shownError(high)}`,
      }
}

/** The difference of two printed numbers, and the values it may have before they were rounded. */
export function printedDifference(intervention: Printed, comparator: Printed): { readonly value: number; readonly low: number; readonly high: number } {
  const { a, b } = rangesOf({ a: intervention, b: comparator })
  return { value: withoutNoise(a.value - b.value), low: withoutNoise(a.low - b.high), high: withoutNoise(a.high - b.low) }
}

/** A difference of printed decimals without the noise of binary fractions. */
export const withoutNoise = (value: number) => Number(value.toPrecision(12))
const shownError = (value: number) => (value === Infinity ? 'no limit' : String(Number(value.toPrecision(3))))

/** The mean of an arm and its standard error, however many people are behind it. */
export interface MeanWithError {
  readonly mean: number
  readonly standardError: number
}

/**
 * Mean difference from the two means' own standard errors, which needs no number of people.
 *
 * @param correlation between the two means if the same people are behind both (a crossover); independent arms if left out
 * @throws {RangeError} if a mean is not finite, a standard error negative or the correlation outside −1 … 1
 * @see Cochrane Handbook for Systematic Reviews of Interventions 6.5, section 6.5.2.3, read backwards; Elbourne et al. (2002) on crossovers
 */
export function meanDifferenceFromErrors(intervention: MeanWithError, comparator: MeanWithError, correlation = 0): EffectResult {
  for (const { mean, standardError } of [intervention, comparator]) {
    requireFinite(mean, 'mean')
    requireAtLeast(0, standardError, 'standard error')
  }
  if (!(correlation >= -1 && correlation <= 1)) throw new RangeError(`a correlation lies between -1 and 1, got ${correlation}`)
  const known = {
    measure: 'MD',
    formula: correlation === 0 ? 'md-from-standard-errors' : 'md-from-standard-errors-paired',
    inputs: {
      interventionMean: intervention.mean,
      interventionStandardError: intervention.standardError,
      comparatorMean: comparator.mean,
      comparatorStandardError: comparator.standardError,
      ...(correlation === 0 ? {} : { correlation }),
    },
  } as const
  const [a, b] = [intervention.standardError, comparator.standardError]
  const standardError = Math.sqrt(Math.max(0, a ** 2 + b ** 2 - 2 * correlation * a * b))
  if (standardError === 0) return { ok: false, ...known, reason: 'the difference of the means has a standard error of zero' }
  return { ok: true, ...known, estimate: withoutNoise(intervention.mean - comparator.mean), standardError, assumptions: [] }
}

/** A test of one effect: t with its degrees of freedom, F with one degree of freedom above and df2 below, or chi-squared with one. */
export type TestStatistic =
  | { readonly test: 't'; readonly value: number; readonly df: number }
  | { readonly test: 'F'; readonly value: number; readonly df1: number; readonly df2: number }
  | { readonly test: 'chi-squared'; readonly value: number; readonly df: number }

/** Which way the effect goes, which F and chi-squared do not tell: the sign of intervention minus comparator. */
export type EffectSign = 1 | -1

/**
 * The standard error of a known estimate, from the statistic of its test.
 *
 * @throws {RangeError} if the statistic is zero, F or chi-squared is negative, or tests more than one contrast
 * @see Cochrane Handbook for Systematic Reviews of Interventions 6.5, sections 6.3.1 (differences) and 6.3.2 (ratios)
 */
export function standardErrorFromTest({
  estimate,
  statistic,
}: {
  readonly estimate: number
  readonly statistic: TestStatistic
}): Derivation & { readonly standardError: number } {
  requireNonZero(estimate)
  const size = sizeOf(statistic)
  if (size === 0) throw new RangeError(`a ${statistic.test} of 0 gives no standard error for an estimate of ${estimate}`)
  return {
    standardError: Math.abs(estimate) / size,
    formula: `se-from-${statistic.test}`,
    inputs: { estimate, ...numbersOf(statistic) },
    assumptions: ['the test is of this estimate'],
  }
}

/**
 * Hedges' g of two independent groups from t, or from F with one degree of freedom above.
 *
 * @param reported `sign` is needed for F, and ignored for t, which has its own
 * @returns not estimable with fewer than four participants
 * @throws {RangeError} if F is negative, tests more than one contrast or lacks its sign, or a group is empty
 * @see Borenstein (2009), in Cooper, Hedges & Valentine (eds), The Handbook of Research Synthesis and Meta-Analysis, 2nd ed., ch. 12
 */
export function standardizedMeanDifferenceFromTest(reported: {
  readonly statistic: Extract<TestStatistic, { test: 't' | 'F' }>
  readonly sign?: EffectSign | undefined
  readonly n1: number
  readonly n2: number
}): EffectResult {
  const { statistic, n1, n2 } = reported
  requireAtLeast(1, n1, 'n1')
  requireAtLeast(1, n2, 'n2')
  const known = { measure: 'SMD', formula: `smd-from-${statistic.test}`, inputs: { ...numbersOf(statistic), n1, n2 } } as const
  if (n1 + n2 < 4) return { ok: false, ...known, reason: `${n1 + n2} participants together are too few for the correction of Hedges' g, which needs 4` }
  const signed = signedRoot(statistic, reported.sign)
  return {
    ok: true,
    ...known,
    ...hedgesG(signed * Math.sqrt(1 / n1 + 1 / n2), { n1, n2 }),
    assumptions: ['the test compares two independent groups without covariates'],
  }
}

/**
 * Correlation, as Fisher's z, from t or F(1, df) of the same data, or from chi-squared of a 2×2 table (phi).
 *
 * @param reported `sign` is needed for F and chi-squared; n counts participants
 * @returns not estimable with fewer than four participants
 * @throws {RangeError} if the statistic is negative where it cannot be, tests more than one contrast or lacks its sign
 * @see Rosenthal (1991), Meta-Analytic Procedures for Social Research, ch. 2
 */
export function correlationFromTest(reported: { readonly statistic: TestStatistic; readonly sign?: EffectSign | undefined; readonly n: number }): EffectResult {
  const { statistic, n } = reported
  const signed = signedRoot(statistic, reported.sign)
  const known = { measure: 'COR', formula: `cor-from-${statistic.test}`, inputs: { ...numbersOf(statistic), n } } as const
  requireAtLeast(1, n, 'n')
  if (n <= 3) return { ok: false, ...known, reason: `the standard error of Fisher's z needs at least 4 participants, got ${n}` }
  const df = statistic.test === 't' ? statistic.df : statistic.test === 'F' ? statistic.df2 : undefined
  const r = df === undefined ? signed / Math.sqrt(n) : signed / Math.hypot(signed, Math.sqrt(df))
  if (Math.abs(r) >= 1)
    return {
      ok: false,
      ...known,
      reason: `a chi-squared of ${statistic.value} among ${n} participants would mean a correlation of ${r}, which has no Fisher z`,
    }
  return { ok: true, ...known, estimate: Math.atanh(r), standardError: 1 / Math.sqrt(n - 3), assumptions: [] }
}

/** Square root of F or chi-squared, size of t. */
function sizeOf(statistic: TestStatistic): number {
  requireFinite(statistic.value, statistic.test)
  if (statistic.test === 't') return Math.abs(statistic.value)
  const df = statistic.test === 'F' ? statistic.df1 : statistic.df
  if (df !== 1) throw new RangeError(`${statistic.test} gives an effect only with 1 degree of freedom for it, got ${df}: more test several contrasts at once`)
  requireAtLeast(0, statistic.value, statistic.test)
  return Math.sqrt(statistic.value)
}

function signedRoot(statistic: TestStatistic, sign: EffectSign | undefined): number {
  const size = sizeOf(statistic)
  if (statistic.test === 't') return statistic.value
  if (sign === undefined) throw new RangeError(`${statistic.test} does not tell which way an effect goes: give the sign of intervention minus comparator`)
  return sign * size
}

function numbersOf(statistic: TestStatistic): Readonly<Record<string, number>> {
  return statistic.test === 'F' ? { value: statistic.value, df1: statistic.df1, df2: statistic.df2 } : { value: statistic.value, df: statistic.df }
}

/** Standard deviation from the standard error of a mean. */
export function standardDeviationFromStandardError({
  standardError,
  n,
}: {
  readonly standardError: number
  readonly n: number
}): Derivation & { readonly standardDeviation: number } {
  requireAtLeast(0, standardError, 'standard error')
  requireAtLeast(1, n, 'n')
  return { standardDeviation: standardError * Math.sqrt(n), formula: 'sd-from-se', inputs: { standardError, n }, assumptions: [] }
}

/**
 * Standard deviation from the confidence interval of one arm's mean, made with Student's t on n − 1 degrees of freedom.
 *
 * @throws {RangeError} if the limits are not in order, the level not between 0 and 1, or n below 2
 * @see Cochrane Handbook for Systematic Reviews of Interventions 6.5, section 6.5.2.2
 */
export function standardDeviationFromInterval({
  lower,
  upper,
  level,
  n,
}: Omit<Interval, 'df'> & { readonly n: number }): Derivation & { readonly standardDeviation: number } {
  requireAtLeast(2, n, 'n')
  const { standardError, assumptions } = standardErrorFromInterval({ lower, upper, level, df: n - 1 })
  return { standardDeviation: standardError * Math.sqrt(n), formula: 'sd-from-interval-t', inputs: { lower, upper, level, n }, assumptions }
}

/**
 * The standard deviation within arms, from the standard error of their mean difference.
 *
 * @throws {RangeError} if the standard error is not positive or an arm empty
 * @see Cochrane Handbook for Systematic Reviews of Interventions 6.5, section 6.5.2.3
 */
export function standardDeviationFromMeanDifference({
  standardError,
  n1,
  n2,
}: {
  readonly standardError: number
  readonly n1: number
  readonly n2: number
}): Derivation & { readonly standardDeviation: number } {
  requirePositive(standardError, 'standard error')
  requireAtLeast(1, n1, 'n1')
  requireAtLeast(1, n2, 'n2')
  return {
    standardDeviation: standardError / Math.sqrt(1 / n1 + 1 / n2),
    formula: 'sd-from-mean-difference',
    inputs: { standardError, n1, n2 },
    assumptions: ['the arms share one standard deviation', 'the difference is not adjusted for covariates'],
  }
}

function requireOrdered(lower: number, upper: number): void {
  if (!(lower < upper && Number.isFinite(lower) && Number.isFinite(upper)))
    throw new RangeError(`an interval needs finite limits, the lower first, got ${lower} to ${upper}`)
}

function requireNonZero(estimate: number): void {
  if (!Number.isFinite(estimate) || estimate === 0) throw new RangeError(`a standard error follows only from a finite estimate other than 0, got ${estimate}`)
}

function optional({ df }: { readonly df: number | undefined }): { readonly df?: number } {
  return df === undefined ? {} : { df }
}
