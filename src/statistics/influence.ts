import { betweenStudyVariance } from './betweenStudyVariance.js'
import { chiSquaredUpperTail } from './distributions.js'
import { linearModel, type LinearModel, type StudyEffect } from './linearModel.js'
import { inferenceOf, type PoolingOptions } from './pooling.js'

/** What a pool would be without one study, and how much the study pulls at it. */
export interface StudyInfluence {
  /** Distance from the pool without the study, in standard errors of that distance; under HKSJ its factor applies to both parts. */
  readonly rstudent: number
  /** Change of the study's fitted effect if it is left out, in standard errors. */
  readonly dffits: number
  /** Squared change of the mean over its variance; infinite if the mean has none. */
  readonly cookDistance: number
  /** Variance of the mean without the study over that with it: below 1, the study makes the mean less certain. */
  readonly covarianceRatio: number
  /** tau² and Cochran's Q without the study. */
  readonly tau2Without: number
  readonly qWithout: number
  /** Share of the weight, 0 to 1. */
  readonly hat: number
  readonly weightPercent: number
  /** Change of the mean if the study is left out, in standard errors. */
  readonly dfbeta: number
  /** One of the usual limits is exceeded. */
  readonly isInfluential: boolean
}

/** A point of Baujat's plot: studies far to the right differ, those at the top move the mean. */
export interface BaujatPoint {
  /** Contribution to Q about the pooled effect. */
  readonly heterogeneity: number
  /** Squared change of the mean if the study is left out, over the variance of the mean without it. */
  readonly influence: number
}

export interface Influence {
  readonly diagnostics: readonly StudyInfluence[]
  readonly baujat: readonly BaujatPoint[]
}

/**
 * Influence of each study on a pool by inverse variance: the model is fitted again without each, with a tau² of its own.
 *
 * Every fit takes time proportional to the number of studies, so that k studies take k² steps. The usual limits: |DFFITS| above 3 √(1 / (k − 1)), Cook's
 * distance beyond the median of chi-squared, more than three times the mean weight, or |DFBETAS| above 1.
 *
 * @returns one of each for each effect, in its order; none of fewer than two, of which nothing would be left
 * @throws {RangeError} if numbers are impossible
 * @throws {ConvergenceError} if tau² cannot be pinned down
 * @see Viechtbauer & Cheung (2010), Research Synthesis Methods 1:112–125; Baujat, Mahé, Pignon & Hill (2002), Statistics in Medicine 21:2641–2652
 */
export function influenceOf(effects: readonly StudyEffect[], options: PoolingOptions = {}): Influence {
  const k = effects.length
  if (k < 2) return { diagnostics: [], baujat: [] }
  const model = linearModel(effects)
  const whole = fitted(model, options)
  const diagnostics: StudyInfluence[] = []
  const baujat: BaujatPoint[] = []
  effects.forEach(({ estimate, variance }, left) => {
    const part = linearModel(effects.filter((_, index) => index !== left))
    const without = fitted(part, options, whole.tau2)
    const change = whole.mean - without.mean
    const hat = 1 / ((variance + whole.tau2) * whole.sumOfWeights)
    const dffits = change / Math.sqrt(without.scale * hat * (without.tau2 + variance))
    const cookDistance = change === 0 ? 0 : change ** 2 / whole.variance
    const dfbeta = change / Math.sqrt(without.scale / model.fitAt(without.tau2).sumOfWeights)
    diagnostics.push({
      rstudent: (estimate - without.mean) / Math.sqrt(without.variance + without.scale * (without.tau2 + variance)),
      dffits,
      cookDistance,
      covarianceRatio: without.variance / whole.variance,
      tau2Without: without.tau2,
      qWithout: part.fitAt(0).residual,
      hat,
      weightPercent: 100 * hat,
      dfbeta,
      isInfluential: Math.abs(dffits) > 3 * Math.sqrt(1 / (k - 1)) || chiSquaredUpperTail(cookDistance, 1) < 0.5 || hat > 3 / k || Math.abs(dfbeta) > 1,
    })
    baujat.push({ heterogeneity: (estimate - whole.mean) ** 2 / (variance + whole.tau2), influence: change ** 2 / without.variance })
  })
  return { diagnostics, baujat }
}

interface Fitted {
  readonly tau2: number
  readonly mean: number
  readonly sumOfWeights: number
  /** By which the interval method multiplies the variance of the mean, and that variance. */
  readonly scale: number
  readonly variance: number
}

function fitted(model: LinearModel, options: PoolingOptions, expectedTau2?: number): Fitted {
  const tau2 = options.model === 'COMMON_EFFECT' ? 0 : betweenStudyVariance(model, options.estimator ?? 'REML', expectedTau2)
  const fit = model.fitAt(tau2)
  const { scale } = inferenceOf(model, fit, options)
  return { tau2, mean: (fit.coefficients[0] ?? 0) + model.origin, sumOfWeights: fit.sumOfWeights, scale, variance: scale / fit.sumOfWeights }
}
