import { chiSquaredQuantile, criticalValue } from './distributions.js'
import { linearModel, type StudyEffect } from './linearModel.js'
import { findRoot } from './root.js'

export interface HeterogeneityInterval {
  /** Limits of tau², on the analysis scale squared; both 0 where the effects differ less than chance would let them at this level. */
  readonly tau2Lower: number
  readonly tau2Upper: number
  /** The same limits as shares of the variance, percent, and as H². */
  readonly i2Lower: number
  readonly i2Upper: number
  readonly h2Lower: number
  readonly h2Upper: number
}

export interface HeterogeneityIntervalOptions {
  /** Between 0 and 1; 0.95 where it is left out. */
  readonly level?: number
  /** A row for each effect, the intercept written out: then of the heterogeneity that the moderators leave. */
  readonly design?: readonly (readonly number[])[]
}

/**
 * The interval of tau² by the profile of Q: all values with which the effects differ neither too much nor too little. It does not depend on the
 * estimator, so an estimate can lie outside; that of Paule and Mandel never does.
 *
 * The upper limit is bounded by the data, not by a guess: no weight exceeds 1 / tau², so Q at tau² is at most RSS / tau², RSS being the unweighted
 * sum of squared residuals. metafor looks no further than a limit (100, or ten times tau²) and reports that where it finds nothing.
 *
 * @returns null where nothing is left to differ: as many coefficients as studies
 * @throws {RangeError} if there is no effect, numbers are impossible, or the level is not between 0 and 1
 * @see Viechtbauer (2007), Statistics in Medicine 26:37–52; Higgins & Thompson (2002), Statistics in Medicine 21:1539–1558, on I² and H²
 */
export function heterogeneityInterval(
  effects: readonly StudyEffect[],
  { level = 0.95, design }: HeterogeneityIntervalOptions = {},
): HeterogeneityInterval | null {
  // Its check of the level says what was wrong.
  criticalValue(level)
  const model = linearModel(effects, design)
  const df = model.k - model.p
  if (df <= 0) return null
  const { residual: q, trace } = model.fitAt(0)
  const tail = (1 - level) / 2
  const [tooLittle, tooMuch] = [chiSquaredQuantile(tail, df), chiSquaredQuantile(1 - tail, df)]
  const [tau2Lower, tau2Upper] = [limitAt(tooMuch), limitAt(tooLittle)]
  const typicalVariance = df / trace
  return {
    tau2Lower,
    tau2Upper,
    i2Lower: (100 * tau2Lower) / (tau2Lower + typicalVariance),
    i2Upper: (100 * tau2Upper) / (tau2Upper + typicalVariance),
    h2Lower: tau2Lower / typicalVariance + 1,
    h2Upper: tau2Upper / typicalVariance + 1,
  }

  /** Q falls as tau² rises; where it starts below the critical value, the limit is 0. */
  function limitAt(critical: number): number {
    if (q <= critical) return 0
    const upper = (model.unweighted.residual / critical) * (1 + 1e-9)
    return findRoot((tau2) => model.fitAt(tau2).residual - critical, { lower: 0, upper, tolerance: 1e-14 * upper })
  }
}
