import { criticalValue } from './distributions.js'
import { type Regression, testOfModerators } from './metaRegression.js'
import {
  type ClusteredEffect,
  type Components,
  fitNested,
  type Likelihood,
  type NestedFit,
  type NestedModel,
  nestedModel,
  nestedWeights,
} from './nestedModel.js'
import { likeliestVariances } from './nestedVariances.js'
import { heterogeneityOf, type PooledEffect, type PoolingOptions, testOf } from './pooling.js'

export type { ClusteredEffect } from './nestedModel.js'

export interface ThreeLevelOptions extends Pick<PoolingOptions, 'interval' | 'level'> {
  /** REML unless said otherwise: ML takes the variances to be smaller than they are. */
  readonly likelihood?: Likelihood
  /** What t quantiles count, less the coefficients: effects, as metafor does unless told otherwise, or studies, which holds its level better where studies are few. */
  readonly degreesOfFreedom?: 'EFFECTS' | 'STUDIES'
}

/** What three levels tell beyond the mean or the coefficients. */
export interface Levels {
  readonly studies: number
  /** Variance of true effects between studies, and of those within one, on the analysis scale squared; tau² is their sum. */
  readonly betweenStudies: number
  readonly withinStudies: number
  /** Shares of the variance that is neither chance nor of the other level, percent; I² is their sum. */
  readonly i2BetweenStudies: number
  readonly i2WithinStudies: number
  /** Of the likelihood that was maximised, constants included. */
  readonly logLikelihood: number
}

export type ThreeLevelEffect = PooledEffect & Levels
export type ThreeLevelRegression = Omit<Regression, 'r2'> & Levels

/**
 * Pools effects of which several are of one study: effects vary around their study's, and studies around the mean, each with a variance of its own. The
 * dependence is modelled, so that every effect enters. Takes one pass over the effects for each step, and memory in proportion to them.
 *
 * @param effects of two studies or more, one of them with several effects; sampling errors are taken to be independent
 * @param options WALD intervals rest on the normal, others on t; Hartung and Knapp's factor is not defined for three levels
 * @throws {RangeError} if there are too few studies or effects to tell the levels apart, or numbers are impossible
 * @throws {ConvergenceError} if the variances cannot be pinned down
 * @see Konstantopoulos (2011), Research Synthesis Methods 2:61–76; Van den Noortgate et al. (2013), Behavior Research Methods 45:576–594
 */
export function poolThreeLevels(effects: readonly ClusteredEffect[], options: ThreeLevelOptions = {}): ThreeLevelEffect {
  const model = nestedModel(effects)
  const { variances, fit, levels } = fitLevels(model, options)
  const { df, quantile } = quantileOf(model, options)
  const {
    coefficients: [estimate = 0],
    covariance: [[variance = 0] = []],
  } = model.flat.inOwnTerms(fit, 1)
  const standardError = Math.sqrt(variance)
  const predicted = quantile * Math.sqrt(variance + variances.between + variances.within)
  return {
    k: model.flat.k,
    estimate,
    standardError,
    ...testOf(estimate, standardError, df),
    ciLower: estimate - quantile * standardError,
    ciUpper: estimate + quantile * standardError,
    predictionLower: estimate - predicted,
    predictionUpper: estimate + predicted,
    weightsPercent: Array.from(nestedWeights(model, variances), (weight) => 100 * weight * variance),
    heterogeneity: heterogeneityOf(model.flat, variances.between + variances.within, true),
    ...levels,
  }
}

/**
 * Regresses effects of which several are of one study on moderators of studies or of effects.
 *
 * @param design a row for each effect, a column for each coefficient, of which the first is the intercept, written out as 1
 * @throws {RangeError} as `poolThreeLevels`, and if a column is constant or follows from others
 * @throws {ConvergenceError} if the variances cannot be pinned down
 * @see Konstantopoulos (2011), Research Synthesis Methods 2:61–76
 */
export function regressThreeLevels(
  effects: readonly ClusteredEffect[],
  design: readonly (readonly number[])[],
  options: ThreeLevelOptions = {},
): ThreeLevelRegression {
  const model = nestedModel(effects, design)
  const { variances, fit, levels } = fitLevels(model, options)
  const { df, quantile } = quantileOf(model, options)
  const { coefficients, covariance } = model.flat.inOwnTerms(fit, 1)
  const { q, df: qeDf, pValue: qeP, tau2, i2, h2 } = heterogeneityOf(model.flat, variances.between + variances.within, true)
  return {
    k: model.flat.k,
    coefficients: coefficients.map((estimate, index) => {
      const standardError = Math.sqrt(covariance[index]?.[index] ?? 0)
      const { statistic, pValue } = testOf(estimate, standardError, df)
      return { estimate, standardError, statistic, pValue, ciLower: estimate - quantile * standardError, ciUpper: estimate + quantile * standardError }
    }),
    covariance,
    df,
    tau2,
    qe: q,
    qeDf,
    qeP,
    ...testOfModerators(fit, 1, df),
    i2,
    h2,
    ...levels,
  }
}

function fitLevels(model: NestedModel, { likelihood = 'REML' }: ThreeLevelOptions): { variances: Components; fit: NestedFit; levels: Levels } {
  requireLevels(model)
  const variances = likeliestVariances(model, likelihood)
  const fit = fitNested(model, variances, likelihood)
  const tau2 = variances.between + variances.within
  const { i2 } = heterogeneityOf(model.flat, tau2, true)
  const shareOf = (variance: number) => (tau2 === 0 ? 0 : (i2 * variance) / tau2)
  return {
    variances,
    fit,
    levels: {
      studies: model.members.length,
      betweenStudies: variances.between,
      withinStudies: variances.within,
      i2BetweenStudies: shareOf(variances.between),
      i2WithinStudies: shareOf(variances.within),
      logLikelihood: fit.logLikelihood,
    },
  }
}

function requireLevels({ flat: { k, p }, members: { length: studies } }: NestedModel): void {
  if (studies < 2 || studies === k)
    throw new RangeError(
      `three levels need several studies, one of them with several effects; got ${k} ${k === 1 ? 'effect' : 'effects'} of ${studies} ${studies === 1 ? 'study' : 'studies'}`,
    )
  if (k < p + 2) throw new RangeError(`${p} coefficients and two variances cannot be estimated from ${k} effects`)
}

function quantileOf(
  { flat: { k, p }, members: { length: studies } }: NestedModel,
  { interval = 'HKSJ', level = 0.95, degreesOfFreedom = 'EFFECTS' }: ThreeLevelOptions,
): { df: number | null; quantile: number } {
  if (interval === 'WALD') return { df: null, quantile: criticalValue(level) }
  if (degreesOfFreedom === 'EFFECTS') return { df: k - p, quantile: criticalValue(level, k - p) }
  if (studies <= p) throw new RangeError(`degrees of freedom by studies need more studies than coefficients, got ${studies} studies and ${p} coefficients`)
  return { df: studies - p, quantile: criticalValue(level, studies - p) }
}
