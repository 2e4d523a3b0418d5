import { requirePositive } from './effectSize.js'
import { linearModel, type StudyEffect } from './linearModel.js'
import { regressEffects } from './metaRegression.js'
import type { PoolingOptions } from './pooling.js'
import { kendallCorrelation } from './rankCorrelation.js'

/** A test of whether small studies show other effects than large ones. */
export interface AsymmetryTest {
  readonly statistic: number
  /** Of the t distribution; null where the statistic has none. */
  readonly df: number | null
  /** Two-sided. */
  readonly pValue: number
  /** What a study without any error would show, on the analysis scale; null where the test does not tell. */
  readonly estimate: number | null
  readonly method: string
}

/** What tells small studies from large ones. */
export type SizePredictor = 'STANDARD_ERROR' | 'VARIANCE' | 'PARTICIPANTS' | 'ROOT_PARTICIPANTS' | 'INVERSE_PARTICIPANTS' | 'INVERSE_ROOT_PARTICIPANTS'

/** An effect with the number of those it was seen in, which the predictors by participants need. */
export interface SizedEffect extends StudyEffect {
  readonly participants?: number
}

export interface RegressionTest extends AsymmetryTest {
  /** By how much the effect changes with one unit of the predictor; the statistic is this over its standard error. */
  readonly slope: number
  readonly standardError: number
  /** Interval of `estimate`, at the level of the options. */
  readonly ciLower: number | null
  readonly ciUpper: number | null
}

/** Weighted least squares: errors as large as the standard errors say, but for one factor that is estimated. */
const multiplicativeError = { model: 'COMMON_EFFECT', interval: 'HKSJ' } as const satisfies PoolingOptions

/**
 * Effects regressed on what tells small studies from large ones, weighted by inverse variance.
 *
 * @param effects on one analysis scale
 * @param options by default a factor on all variances is estimated, as Egger does; with random effects tau², as Sterne does
 * @returns null with fewer than three effects, where the predictor does not tell them apart, or where the line fits them without error
 * @throws {RangeError} if an estimate is not finite, or a variance, or a number of participants that is needed, not positive
 * @throws {ConvergenceError} if tau² cannot be pinned down
 * @see Sterne & Egger (2005), in: Publication Bias in Meta-Analysis, ch. 6; Moreno et al. (2009), BMC Medical Research Methodology 9:2, compares the forms
 */
export function regressionTest(
  effects: readonly SizedEffect[],
  predictor: SizePredictor = 'STANDARD_ERROR',
  options: PoolingOptions = multiplicativeError,
): RegressionTest | null {
  const values = effects.map(predictorOf[predictor])
  if (effects.length < 3 || !tellsApart(effects, values)) return null
  const regression = regressEffects(
    effects,
    values.map((value) => [1, value]),
    options,
  )
  const [limit, slope] = regression.coefficients
  if (limit === undefined || slope === undefined || slope.standardError === 0) return null
  // A sum of squares that rounding alone leaves is no error to measure a slope by.
  if ((options.interval ?? 'HKSJ') === 'HKSJ' && regression.qe <= 1e-24 * sumOfSquares(effects)) return null
  const hasLimit = predictor !== 'PARTICIPANTS' && predictor !== 'ROOT_PARTICIPANTS'
  return {
    statistic: slope.statistic,
    df: regression.df,
    pValue: slope.pValue,
    estimate: hasLimit ? limit.estimate : null,
    method: `weighted regression on ${words[predictor]}, test of its slope`,
    slope: slope.estimate,
    standardError: slope.standardError,
    ciLower: hasLimit ? limit.ciLower : null,
    ciUpper: hasLimit ? limit.ciUpper : null,
  }
}

/**
 * Egger's test: effects regressed on their standard errors, with a residual variance of its own. The same as his regression of standardised effects
 * on precision, whose intercept is this slope.
 *
 * @returns null with fewer than three effects, where all have one standard error, or where the line fits them without error
 * @throws {RangeError} if an estimate is not finite or a variance not positive
 * @see Egger, Davey Smith, Schneider & Minder (1997), BMJ 315:629–634
 */
export function eggerTest(effects: readonly StudyEffect[]): AsymmetryTest | null {
  const found = regressionTest(effects)
  if (found === null) return null
  const { statistic, df, pValue, estimate } = found
  return { statistic, df, pValue, estimate, method: 'Egger: weighted regression on the standard error, t test of its slope' }
}

/**
 * Begg and Mazumdar's test: Kendall's rank correlation of the effects, standardised by their distance from the common effect, with their variances.
 *
 * @param given `exactUpTo`: with more effects than these, and with any ties, the p value is of the normal approximation; 200 where it is left out
 * @returns null with fewer than two effects, or where all have one variance, or all one estimate
 * @throws {RangeError} if an estimate is not finite or a variance not positive
 * @see Begg & Mazumdar (1994), Biometrics 50:1088–1101
 */
export function rankTest(effects: readonly StudyEffect[], { exactUpTo }: { readonly exactUpTo?: number } = {}): AsymmetryTest | null {
  if (effects.length < 2) return null
  // Differences from one of the estimates, so that equal ones stand at exactly no distance from their mean.
  const model = linearModel(effects)
  const { coefficients, sumOfWeights } = model.fitAt(0)
  const mean = coefficients[0] ?? 0
  const found = kendallCorrelation(
    Array.from(model.variances, (variance, index) => {
      const [distance, spread] = [model.estimates[index]! - mean, variance - 1 / sumOfWeights]
      // A study beside which all others weigh nothing is itself the mean.
      return { x: spread > 0 ? distance / Math.sqrt(spread) : 0, y: variance }
    }),
    exactUpTo,
  )
  if (found === null) return null
  return {
    statistic: found.tau,
    df: null,
    pValue: found.pValue,
    estimate: null,
    method: `Begg and Mazumdar: Kendall’s tau of standardised effects and variances, ${found.isExact ? 'exact' : 'normal approximation'}`,
  }
}

const predictorOf: Readonly<Record<SizePredictor, (effect: SizedEffect) => number>> = {
  STANDARD_ERROR: ({ variance }) => Math.sqrt(variance),
  VARIANCE: ({ variance }) => variance,
  PARTICIPANTS: participantsOf,
  ROOT_PARTICIPANTS: (effect) => Math.sqrt(participantsOf(effect)),
  INVERSE_PARTICIPANTS: (effect) => 1 / participantsOf(effect),
  INVERSE_ROOT_PARTICIPANTS: (effect) => 1 / Math.sqrt(participantsOf(effect)),
}

const words: Readonly<Record<SizePredictor, string>> = {
  STANDARD_ERROR: 'the standard error',
  VARIANCE: 'the variance',
  PARTICIPANTS: 'the number of participants',
  ROOT_PARTICIPANTS: 'the root of the number of participants',
  INVERSE_PARTICIPANTS: 'the inverse of the number of participants',
  INVERSE_ROOT_PARTICIPANTS: 'the inverse root of the number of participants',
}

function participantsOf({ participants = NaN }: SizedEffect): number {
  requirePositive(participants, 'number of participants')
  return participants
}

const sumOfSquares = (effects: readonly StudyEffect[]) => effects.reduce((sum, { estimate, variance }) => sum + estimate ** 2 / variance, 0)

/** Shares of squares that differences must make up, without weights and with them, for a slope not to be made of rounding. */
const [leastShare, leastWeightedShare] = [1e-17, 1e-11]

/** Whether values differ enough for a regression on them, among all studies and among those that carry the weight. */
export function tellsApart(effects: readonly StudyEffect[], values: readonly number[]): boolean {
  const { variances } = linearModel(effects)
  let [sum, weights, weighted] = [0, 0, 0]
  values.forEach((value, index) => {
    sum += value
    weights += 1 / variances[index]!
    weighted += value / variances[index]!
  })
  const [mean, weightedMean] = [sum / values.length, weighted / weights]
  const squares = (center: number, weightOf: (index: number) => number) =>
    values.reduce((total, value, index) => total + weightOf(index) * (value - center) ** 2, 0)
  const weightOf = (index: number) => 1 / variances[index]!
  return squares(mean, () => 1) > leastShare * squares(0, () => 1) && squares(weightedMean, weightOf) > leastWeightedShare * squares(mean, weightOf)
}
