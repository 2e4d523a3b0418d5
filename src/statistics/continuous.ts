import { logGamma } from './distributions.js'
import { type EffectResult, requireAtLeast, requireFinite } from './effectSize.js'

/** One arm of a continuous outcome. */
export interface MeanArm {
  readonly mean: number
  /** Between persons, in the unit of the mean; not the standard error. */
  readonly standardDeviation: number
  readonly n: number
}

/**
 * Mean difference, intervention minus comparator, without assuming equal variances.
 *
 * @returns in the unit of the means; not estimable where both standard deviations are zero
 * @throws {RangeError} if a mean is not finite, a standard deviation negative or n below 1
 * @see Deeks & Higgins (2010), Statistical algorithms in Review Manager 5
 */
export function meanDifference(intervention: MeanArm, comparator: MeanArm): EffectResult {
  const known = { measure: 'MD', formula: 'md-unequal-variances', inputs: inputsOf(intervention, comparator) } as const
  const standardError = Math.hypot(standardErrorOfMean(intervention), standardErrorOfMean(comparator))
  if (standardError === 0) return { ok: false, ...known, reason: 'both standard deviations are zero, so the mean difference has no standard error' }
  return { ok: true, ...known, estimate: intervention.mean - comparator.mean, standardError, assumptions: [] }
}

/**
 * Standardised mean difference, Hedges' g: the mean difference over the pooled standard deviation, with the exact correction for small samples.
 *
 * @returns in standard deviations; not estimable with fewer than two participants beyond the two means, or without any spread
 * @throws {RangeError} if a mean is not finite, a standard deviation negative or n below 1
 * @see Hedges (1981), Journal of Educational Statistics 6:107–128; the large-sample variance is Hedges & Olkin (1985), p. 86, with g for d
 */
export function standardizedMeanDifference(intervention: MeanArm, comparator: MeanArm): EffectResult {
  const known = { measure: 'SMD', formula: 'smd-hedges-exact', inputs: inputsOf(intervention, comparator) } as const
  const df = intervention.n + comparator.n - 2
  if (!(df > 1))
    return { ok: false, ...known, reason: `${df + 2} participants in both arms together are too few for the correction of Hedges' g, which needs 4` }
  const pooled = pooledStandardDeviation(intervention, comparator)
  if (pooled === 0) return { ok: false, ...known, reason: 'both standard deviations are zero, so there is nothing to standardise by' }
  const uncorrected = (intervention.mean - comparator.mean) / pooled
  return { ok: true, ...known, ...hedgesG(uncorrected, { n1: intervention.n, n2: comparator.n }), assumptions: ['the arms share one standard deviation'] }
}

/**
 * Ratio of means, as its logarithm.
 *
 * @returns ln(intervention / comparator); not estimable where a mean is zero, the means differ in sign, or nothing varies
 * @throws {RangeError} if a mean is not finite, a standard deviation negative or n below 1
 * @see Hedges, Gurevitch & Curtis (1999), Ecology 80:1150–1156; Friedrich, Adhikari & Beyene (2008), BMC Med Res Methodol 8:32
 */
export function ratioOfMeans(intervention: MeanArm, comparator: MeanArm): EffectResult {
  const known = { measure: 'ROM', formula: 'rom-log-delta', inputs: inputsOf(intervention, comparator) } as const
  if (!(intervention.mean / comparator.mean > 0 && comparator.mean !== 0)) {
    return {
      ok: false,
      ...known,
      reason: `means of ${intervention.mean} and ${comparator.mean} have no ratio with a logarithm: both must lie on the same side of zero`,
    }
  }
  const standardError = Math.hypot(standardErrorOfMean(intervention) / intervention.mean, standardErrorOfMean(comparator) / comparator.mean)
  if (standardError === 0) return { ok: false, ...known, reason: 'both standard deviations are zero, so the ratio of means has no standard error' }
  const assumptions = comparator.mean < 0 ? ['both means are negative: the ratio is of their sizes'] : []
  return { ok: true, ...known, estimate: Math.log(intervention.mean / comparator.mean), standardError, assumptions }
}

/**
 * The factor that takes the small-sample bias from a standardised mean difference: Γ(m/2) / (√(m/2) Γ((m−1)/2)), with m degrees of freedom.
 *
 * @throws {RangeError} if `df` is not above 1, where the bias is infinite
 * @see Hedges (1981), Journal of Educational Statistics 6:107–128, eq. 6e
 *
 * @example
 * hedgesCorrection(10) // 0.92275
 */
export function hedgesCorrection(df: number): number {
  if (!(df > 1 && df < Infinity)) throw new RangeError(`the correction of Hedges' g needs more than 1 degree of freedom, got ${df}`)
  const x = df / 2
  if (df < 100) return Math.exp(logGamma(x) - logGamma(x - 0.5)) / Math.sqrt(x)
  // The two log-gammas grow while their difference does not; from here Stirling's series keeps all digits (Abramowitz & Stegun 6.1.42).
  return Math.exp(-(x - 1) * Math.log1p(-1 / df) - 0.5 + stirlingRemainder(x) - stirlingRemainder(x - 0.5))
}

/** Hedges' g and its standard error from an uncorrected standardised difference between two independent groups. */
export function hedgesG(
  uncorrected: number,
  { n1, n2 }: { readonly n1: number; readonly n2: number },
): { readonly estimate: number; readonly standardError: number } {
  const estimate = hedgesCorrection(n1 + n2 - 2) * uncorrected
  return { estimate, standardError: Math.sqrt(1 / n1 + 1 / n2 + estimate ** 2 / (2 * (n1 + n2))) }
}

/**
 * The standard deviation within arms, weighted by degrees of freedom.
 *
 * @throws {RangeError} if the arms have fewer than three participants together
 */
export function pooledStandardDeviation(intervention: MeanArm, comparator: MeanArm): number {
  const df = intervention.n + comparator.n - 2
  if (!(df > 0)) throw new RangeError(`a pooled standard deviation needs at least 3 participants, got ${df + 2}`)
  return Math.sqrt(((intervention.n - 1) * intervention.standardDeviation ** 2 + (comparator.n - 1) * comparator.standardDeviation ** 2) / df)
}

function stirlingRemainder(x: number): number {
  return 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5)
}

function standardErrorOfMean({ standardDeviation, n }: MeanArm): number {
  return standardDeviation / Math.sqrt(n)
}

function inputsOf(intervention: MeanArm, comparator: MeanArm) {
  for (const [arm, { mean, standardDeviation, n }] of Object.entries({ intervention, comparator })) {
    requireFinite(mean, `${arm} mean`)
    requireAtLeast(0, standardDeviation, `${arm} standard deviation`)
    requireAtLeast(1, n, `${arm} n`)
  }
  return {
    interventionMean: intervention.mean,
    interventionStandardDeviation: intervention.standardDeviation,
    interventionN: intervention.n,
    comparatorMean: comparator.mean,
    comparatorStandardDeviation: comparator.standardDeviation,
    comparatorN: comparator.n,
  }
}
