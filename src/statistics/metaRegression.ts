import { betweenStudyVariance } from './betweenStudyVariance.js'
import { chiSquaredUpperTail, fUpperTail } from './distributions.js'
import { linearModel, type StudyEffect, type WeightedFit } from './linearModel.js'
import { heterogeneityOf, inferenceOf, type PoolingOptions, testOf } from './pooling.js'

export interface RegressionCoefficient {
  readonly estimate: number
  readonly standardError: number
  readonly statistic: number
  readonly pValue: number
  readonly ciLower: number
  readonly ciUpper: number
}

export interface Regression {
  readonly k: number
  /** One for each column of the design, in its order. */
  readonly coefficients: readonly RegressionCoefficient[]
  readonly covariance: readonly (readonly number[])[]
  /** Of the t distribution of the coefficients; null where they rest on the normal. */
  readonly df: number | null
  /** Variance of true effects that the moderators leave, and Q, its degrees of freedom and p value about the regression. */
  readonly tau2: number
  readonly qe: number
  readonly qeDf: number
  readonly qeP: number
  /** Test of all coefficients but the intercept: chi-squared, or F (then `qm` is over its degrees of freedom, and the second ones are `df`). */
  readonly qm: number
  readonly qmDf: number
  readonly qmP: number
  readonly i2: number
  readonly h2: number
  /**
   * Share of the variance between studies that the moderators explain, percent; under a common effect, of Q over its degrees of freedom. Null where
   * there is none to explain, before or after, or nothing is left to compare with: as many coefficients as studies.
   */
  readonly r2: number | null
}

/**
 * Regresses effects on moderators of the studies, by weighted least squares under a common effect or random effects.
 *
 * @param design a row for each effect, a column for each coefficient, of which the first is the intercept, written out as 1
 * @throws {RangeError} if there are fewer studies than coefficients, as many under random effects, a column is constant or follows from others, or numbers are impossible
 * @throws {ConvergenceError} if tau² cannot be pinned down
 * @see Berkey, Hoaglin, Mosteller & Colditz (1995), Statistics in Medicine 14:395–411; Knapp & Hartung (2003), Statistics in Medicine 22:2693–2710
 * @see Raudenbush (2009), in: The Handbook of Research Synthesis and Meta-Analysis, ch. 16, on R²
 */
export function regressEffects(effects: readonly StudyEffect[], design: readonly (readonly number[])[], options: PoolingOptions = {}): Regression {
  const model = linearModel(effects, design)
  const isRandom = options.model !== 'COMMON_EFFECT'
  if (isRandom && model.k <= model.p) throw new RangeError(`${model.p} coefficients and a variance cannot be estimated from ${model.k} studies`)
  const estimator = options.estimator ?? 'REML'
  const tau2 = isRandom ? betweenStudyVariance(model, estimator) : 0
  const fit = model.fitAt(tau2)
  const { scale, df, quantile } = inferenceOf(model, fit, options)
  const { coefficients, covariance } = model.inOwnTerms(fit, scale)
  const { q, pValue, i2, h2, df: qeDf } = heterogeneityOf(model, tau2, isRandom)
  const mean = linearModel(effects)
  return {
    k: model.k,
    coefficients: coefficients.map((estimate, index) => {
      const standardError = Math.sqrt(covariance[index]?.[index] ?? 0)
      const { statistic, pValue: own } = testOf(estimate, standardError, df)
      return { estimate, standardError, statistic, pValue: own, ciLower: estimate - quantile * standardError, ciUpper: estimate + quantile * standardError }
    }),
    covariance,
    df,
    tau2,
    qe: q,
    qeDf,
    qeP: pValue,
    ...testOfModerators(fit, scale, df),
    i2,
    h2,
    r2: isRandom ? explainedShare(betweenStudyVariance(mean, estimator), tau2) : qeDf === 0 ? null : explainedShare(heterogeneityOf(mean, 0, false).h2, h2),
  }
}

/** Moderators can leave more than there was, and then explain nothing. */
const explainedShare = (before: number, after: number) => (before > after ? (100 * (before - after)) / before : before === after && before === 0 ? null : 0)

/**
 * b′V⁻¹b over all coefficients but the intercept, without forming the inverse. It is taken of the orthonormal columns: each is made of those before it
 * alone, so that without their coefficients there are no others, and they can be told apart however alike the moderators are.
 */
export function testOfModerators({ coefficients, inverse }: Pick<WeightedFit, 'coefficients' | 'inverse'>, scale: number, df: number | null) {
  const qmDf = coefficients.length - 1
  if (qmDf === 0) return { qm: 0, qmDf, qmP: 1 }
  const whitened: number[] = []
  const triangle: number[][] = []
  for (let i = 0; i < qmDf; i++) {
    const row: number[] = []
    for (let j = 0; j < i; j++) row.push((inverse[i + 1]![j + 1]! - sumOfProducts(row, triangle[j]!, j)) / triangle[j]![j]!)
    row.push(Math.sqrt(inverse[i + 1]![i + 1]! - sumOfProducts(row, row, i)))
    triangle.push(row)
    whitened.push((coefficients[i + 1]! - sumOfProducts(row, whitened, i)) / row[i]!)
  }
  const unscaled = sumOfProducts(whitened, whitened, qmDf)
  // Identical effects leave no error: their coefficients are 0, and no further from it than chance.
  const statistic = unscaled === 0 ? 0 : unscaled / scale
  if (df === null) return { qm: statistic, qmDf, qmP: chiSquaredUpperTail(statistic, qmDf) }
  return { qm: statistic / qmDf, qmDf, qmP: statistic === Infinity ? 0 : fUpperTail(statistic / qmDf, { df1: qmDf, df2: df }) }
}

function sumOfProducts(left: readonly number[], right: readonly number[], count: number): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += left[i]! * right[i]!
  return sum
}
