import { betweenStudyVariance, type Tau2Estimator } from './betweenStudyVariance.js'
import { chiSquaredUpperTail, criticalValue, twoSidedNormalP, twoSidedTP } from './distributions.js'
import { type LinearModel, linearModel, type StudyEffect, type WeightedFit } from './linearModel.js'

export type { Tau2Estimator } from './betweenStudyVariance.js'
export type { StudyEffect } from './linearModel.js'

/** How the standard error and the interval of a pooled effect are formed; HKSJ_ADHOC is never narrower than WALD. */
export type IntervalMethod = 'WALD' | 'HKSJ' | 'HKSJ_ADHOC'

/** What is left out is as Cochrane recommends: random effects, REML, Hartung–Knapp, 0.95. */
export interface PoolingOptions {
  readonly model?: 'RANDOM_EFFECTS' | 'COMMON_EFFECT'
  readonly estimator?: Tau2Estimator
  readonly interval?: IntervalMethod
  /** Of the intervals, between 0 and 1. */
  readonly level?: number
  /** tau² of nearly the same studies, if it is known: only makes the search shorter. */
  readonly expectedTau2?: number | undefined
  /** tau² itself, where it was estimated elsewhere: the estimator is not asked. */
  readonly tau2?: number | undefined
}

export interface Heterogeneity {
  /** Cochran's Q, its degrees of freedom and the p value of the hypothesis that all studies share one effect. */
  readonly q: number
  readonly df: number
  readonly pValue: number
  /** Variance of true effects between studies, on the analysis scale squared. */
  readonly tau2: number
  /** Share of the variance that is not chance, percent: tau² / (tau² + typical variance), or (Q − df) / Q of a common effect. */
  readonly i2: number
  readonly h2: number
}

export interface PooledEffect {
  readonly k: number
  readonly estimate: number
  readonly standardError: number
  /** Estimate over standard error; infinite where identical effects leave none. */
  readonly statistic: number
  /** Of the t distribution; null where the interval rests on the normal. */
  readonly df: number | null
  readonly pValue: number
  readonly ciLower: number
  readonly ciUpper: number
  /** Where the true effect of a further study would lie, by the same quantile as the interval; null for a common effect or one study. */
  readonly predictionLower: number | null
  readonly predictionUpper: number | null
  /** One for each effect, in its order; they sum to 100. */
  readonly weightsPercent: readonly number[]
  /** Null for one study, which cannot differ from others. */
  readonly heterogeneity: Heterogeneity | null
}

/**
 * Pools effects of studies by inverse variance, under a common effect or random effects.
 *
 * @param effects one or more independent studies on one analysis scale; order does not matter
 * @returns in the unit of the estimates given; of one study, that study with an interval by normal quantiles
 * @throws {RangeError} if there is no effect, an estimate is not finite, a variance not positive, or the level not between 0 and 1
 * @throws {ConvergenceError} if tau² cannot be pinned down
 * @see Hedges & Vevea (1998), Psychological Methods 3:486–504; Hartung & Knapp (2001), Statistics in Medicine 20:3875–3889
 * @see Higgins, Thompson & Spiegelhalter (2009), J Royal Statistical Society A 172:137–159, on prediction
 *
 * @example
 * poolEffects([{ estimate: 0.2, variance: 0.01 }, { estimate: 0.4, variance: 0.04 }], { model: 'COMMON_EFFECT' }).estimate // 0.24
 */
export function poolEffects(effects: readonly StudyEffect[], options: PoolingOptions = {}): PooledEffect {
  const model = linearModel(effects)
  const isRandom = options.model !== 'COMMON_EFFECT'
  const tau2 = isRandom ? (options.tau2 ?? betweenStudyVariance(model, options.estimator ?? 'REML', options.expectedTau2)) : 0
  const fit = model.fitAt(tau2)
  const inference = inferenceOf(model, fit, options)
  const {
    coefficients: [estimate = 0],
    covariance: [[variance = 0] = []],
  } = model.inOwnTerms(fit, inference.scale)
  const standardError = Math.sqrt(variance)
  const reach = inference.quantile * standardError
  const predicted = isRandom && model.k > 1 ? inference.quantile * Math.sqrt(tau2 + variance) : null
  return {
    k: model.k,
    estimate,
    standardError,
    ...testOf(estimate, standardError, inference.df),
    ciLower: estimate - reach,
    ciUpper: estimate + reach,
    predictionLower: predicted === null ? null : estimate - predicted,
    predictionUpper: predicted === null ? null : estimate + predicted,
    weightsPercent: Array.from(model.variances, (own) => 100 / ((own + tau2) * fit.sumOfWeights)),
    heterogeneity: model.k > 1 ? heterogeneityOf(model, tau2, isRandom) : null,
  }
}

/** What an interval method makes of a fit: a factor on its covariance, degrees of freedom, and the reach of an interval in standard errors. */
export function inferenceOf(
  { k, p }: Pick<LinearModel, 'k' | 'p'>,
  { residual }: Pick<WeightedFit, 'residual'>,
  { interval = 'HKSJ', level = 0.95 }: PoolingOptions,
): { scale: number; df: number | null; quantile: number } {
  const df = k - p
  if (interval === 'WALD' || df === 0) return { scale: 1, df: null, quantile: criticalValue(level) }
  const scale = residual / df
  return { scale: interval === 'HKSJ_ADHOC' ? Math.max(1, scale) : scale, df, quantile: criticalValue(level, df) }
}

/** Statistic and two-sided p value; an effect without any error is infinitely far from no effect, unless it is no effect. */
export function testOf(estimate: number, standardError: number, df: number | null): { statistic: number; df: number | null; pValue: number } {
  const statistic = standardError === 0 && estimate === 0 ? 0 : estimate / standardError
  const pValue = !Number.isFinite(statistic) ? 0 : df === null ? twoSidedNormalP(statistic) : twoSidedTP(statistic, df)
  return { statistic, df, pValue: Math.min(1, pValue) }
}

/**
 * Cochran's Q about the fit without tau², and what it or tau² says of the share of variance that is not chance.
 *
 * @see Higgins & Thompson (2002), Statistics in Medicine 21:1539–1558, eq. 9 for the typical variance
 */
export function heterogeneityOf(model: LinearModel, tau2: number, isRandom: boolean): Heterogeneity {
  const { residual: q, trace } = model.fitAt(0)
  const df = model.k - model.p
  const typicalVariance = df / trace
  const pValue = df === 0 ? 1 : chiSquaredUpperTail(q, df)
  if (isRandom) return { q, df, pValue, tau2, i2: df === 0 ? 0 : (100 * tau2) / (tau2 + typicalVariance), h2: df === 0 ? 1 : tau2 / typicalVariance + 1 }
  return { q, df, pValue, tau2, i2: df > 0 && q > df ? (100 * (q - df)) / q : 0, h2: df === 0 ? 1 : q / df }
}
