import inverseErfc from '@stdlib/math-base-special-erfcinv'
import incompleteGamma from '@stdlib/math-base-special-gammainc'
import logGammaOf from '@stdlib/math-base-special-gammaln'
import chiSquaredInverse from '@stdlib/stats-base-dists-chisquare-quantile'
import fDistribution from '@stdlib/stats-base-dists-f-cdf'
import normalDistribution from '@stdlib/stats-base-dists-normal-cdf'
import tDistribution from '@stdlib/stats-base-dists-t-cdf'
import tInverse from '@stdlib/stats-base-dists-t-quantile'

// Upper tails are computed as such, never as 1 − lower: beyond 8 standard errors the difference would be zero.
// The library and its measured errors: docs/decisions/0004-distribution-functions.md.

/** P(Z ≤ z) of the standard normal distribution. */
export function normalCdf(z: number): number {
  return normalDistribution(z, 0, 1)
}

/**
 * The z below which a share `p` of the standard normal distribution lies.
 *
 * @throws {RangeError} if `p` is not strictly between 0 and 1
 */
export function normalQuantile(p: number): number {
  requireProbability(p)
  // The normal quantile of the same library gives −∞ below p = 1e-16; its inverse error function does not.
  return p === 0.5 ? 0 : -Math.SQRT2 * inverseErfc(2 * p)
}

/** P(|Z| ≥ |z|): the two-sided p value of a z statistic. */
export function twoSidedNormalP(z: number): number {
  return 2 * normalCdf(-Math.abs(z))
}

/** P(T ≤ t) of Student's t with `df` degrees of freedom, which need not be whole. */
export function tCdf(t: number, df: number): number {
  requireDegreesOfFreedom(df)
  return tDistribution(t, df)
}

/** P(T ≥ t) of Student's t. */
export function tUpperTail(t: number, df: number): number {
  return tCdf(-t, df)
}

/** P(|T| ≥ |t|): the two-sided p value of a t statistic. */
export function twoSidedTP(t: number, df: number): number {
  return 2 * tCdf(-Math.abs(t), df)
}

/**
 * The t below which a share `p` of Student's t distribution lies.
 *
 * @throws {RangeError} if `p` is not strictly between 0 and 1, or `df` not positive
 */
export function tQuantile(p: number, df: number): number {
  requireProbability(p)
  requireDegreesOfFreedom(df)
  return p === 0.5 ? 0 : tInverse(p, df)
}

/** P(X ≥ x) of the chi-squared distribution: the p value of a Q statistic. */
export function chiSquaredUpperTail(x: number, df: number): number {
  requireDegreesOfFreedom(df)
  return x <= 0 ? 1 : incompleteGamma(x / 2, df / 2, true, true)
}

/** P(X ≤ x) of the chi-squared distribution. */
export function chiSquaredCdf(x: number, df: number): number {
  requireDegreesOfFreedom(df)
  return x <= 0 ? 0 : incompleteGamma(x / 2, df / 2, true, false)
}

/**
 * The x below which a share `p` of the chi-squared distribution lies.
 *
 * @throws {RangeError} if `p` is not strictly between 0 and 1, or `df` not positive
 */
export function chiSquaredQuantile(p: number, df: number): number {
  requireProbability(p)
  requireDegreesOfFreedom(df)
  return chiSquaredInverse(p, df)
}

/** P(F ≥ f) of the F distribution with `df1` and `df2` degrees of freedom. */
export function fUpperTail(f: number, { df1, df2 }: { readonly df1: number; readonly df2: number }): number {
  requireDegreesOfFreedom(df1)
  requireDegreesOfFreedom(df2)
  return f <= 0 ? 1 : fDistribution(1 / f, df2, df1)
}

/** Natural logarithm of the gamma function at x > 0. */
export function logGamma(x: number): number {
  return logGammaOf(x)
}

/**
 * The half width of a two-sided interval in standard errors: 1.96 for level 0.95; from t where degrees of freedom are given.
 *
 * @throws {RangeError} if `level` is not strictly between 0 and 1 (95 is not a level, 0.95 is)
 */
export function criticalValue(level: number, df?: number): number {
  if (!(level > 0 && level < 1)) throw new RangeError(`a confidence level lies between 0 and 1, such as 0.95; got ${level}`)
  // From the lower tail: (1 + level) / 2 would lose digits of a level close to 1.
  const tail = (1 - level) / 2
  return df === undefined ? -normalQuantile(tail) : -tQuantile(tail, df)
}

function requireProbability(p: number): void {
  if (!(p > 0 && p < 1)) throw new RangeError(`a quantile needs a probability strictly between 0 and 1, got ${p}`)
}

function requireDegreesOfFreedom(df: number): void {
  if (!(df > 0 && df < Infinity)) throw new RangeError(`degrees of freedom must be positive and finite, got ${df}`)
}
