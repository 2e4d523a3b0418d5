import { ConvergenceError } from './convergence.js'
import type { LinearModel } from './linearModel.js'
import { findRoot } from './root.js'

/** How tau², the variance of true effects between studies, is estimated. */
export type Tau2Estimator = 'REML' | 'DL' | 'PM' | 'ML' | 'EB' | 'HS' | 'HE' | 'SJ'

/**
 * The variance of true effects between studies; 0 where the estimator would be negative, or nothing is left to estimate it from (k ≤ p).
 *
 * REML and ML give the highest of the likelihood's maxima, of which small samples can have several; none is iterated to from a guess.
 *
 * @param expected of nearly the same studies, such as all but one: with many studies the answer is looked for near it first
 * @throws {ConvergenceError} if a maximum or a root cannot be pinned down
 * @see Veroniki et al. (2016), Research Synthesis Methods 7:55–79, for all of them and whose they are
 */
export function betweenStudyVariance(model: LinearModel, estimator: Tau2Estimator, expected?: number): number {
  if (model.k <= model.p) return 0
  return Math.max(0, estimators[estimator](model, expected))
}

const estimators: Readonly<Record<Tau2Estimator, (model: LinearModel, expected: number | undefined) => number>> = {
  /** DerSimonian & Laird (1986), Controlled Clinical Trials 7:177–188. */
  DL: (model) => {
    const { residual, trace } = model.fitAt(0)
    return (residual - (model.k - model.p)) / trace
  },
  /** Hedges & Olkin (1985), Statistical Methods for Meta-Analysis, ch. 9: from the unweighted fit. */
  HE: ({ k, p, variances, unweighted }) => {
    let sum = 0
    for (const variance of variances) sum += variance
    return (unweighted.residual - (sum - unweighted.hatTimesVariance)) / (k - p)
  },
  /** Hunter & Schmidt (1990), Methods of Meta-Analysis. */
  HS: (model) => {
    const { residual, sumOfWeights } = model.fitAt(0)
    return (residual - model.k) / sumOfWeights
  },
  /** Sidik & Jonkman (2005), Applied Statistics 54:367–384: one step from the crude variance of the estimates. */
  SJ: (model) => {
    const crude = crudeVariance(model)
    // Estimates that are all alike differ by rounding at most.
    return crude === 0 ? 0 : (crude * model.fitAt(crude).residual) / (model.k - model.p)
  },
  /** Paule & Mandel (1982), J Research of the National Bureau of Standards 87:377–385: where Q equals its expectation. */
  PM: pauleMandel,
  /** Morris (1983), J American Statistical Association 78:47–55; its equation has the same root as Paule and Mandel's. */
  EB: pauleMandel,
  /** Hardy & Thompson (1996), Statistics in Medicine 15:619–629. */
  ML: (model, expected) =>
    highestMaximum(
      model,
      expected,
      ({ residualOfSquares, sumOfWeights }) => residualOfSquares - sumOfWeights,
      () => 0,
    ),
  /** Viechtbauer (2005), J Educational and Behavioral Statistics 30:261–293. */
  REML: (model, expected) =>
    highestMaximum(
      model,
      expected,
      ({ residualOfSquares, trace }) => residualOfSquares - trace,
      ({ logDeterminant }) => logDeterminant,
    ),
}

type Fit = ReturnType<LinearModel['fitAt']>

function crudeVariance({ estimates, k }: LinearModel): number {
  const mean = estimates.reduce((sum, value) => sum + value, 0) / k
  return estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0) / k
}

/** How exactly tau² is pinned down: a share of the data's own scale, far below what any interval shows. */
const precision = 1e-14

function pauleMandel(model: LinearModel): number {
  const excess = (tau2: number) => model.fitAt(tau2).residual - (model.k - model.p)
  if (excess(0) <= 0) return 0
  // Q falls with tau², and at this value it cannot exceed its expectation: no weight is larger than 1 / tau².
  const upper = model.unweighted.residual / (model.k - model.p)
  return excess(upper) >= 0 ? upper : findRoot(excess, { lower: 0, upper, tolerance: precision * upper })
}

/**
 * Every place where the slope of the likelihood turns from rising to falling is a maximum. They are bracketed on a grid that covers all values
 * tau² can have, then pinned down; where there is more than one, the likelihood decides.
 */
function highestMaximum(model: LinearModel, expected: number | undefined, slopeOf: (fit: Fit) => number, penaltyOf: (fit: Fit) => number): number {
  const slopeAt = (tau2: number) => slopeOf(model.fitAt(tau2))
  if (expected !== undefined && model.k > few) {
    const [lower, upper] = [expected / 1.2, expected * 1.2]
    if (expected === 0 && slopeAt(0) <= 0) return 0
    if (expected > 0 && slopeAt(lower) > 0 && slopeAt(upper) <= 0) return findRoot(slopeAt, { lower, upper, tolerance: precision * upper })
  }
  const grid = gridOf(model)
  const maxima: number[] = []
  let [before, slopeBefore] = [0, slopeAt(0)]
  if (slopeBefore <= 0) maxima.push(0)
  for (const point of grid) {
    const slope = slopeAt(point)
    if (slopeBefore > 0 && slope <= 0) maxima.push(findRoot(slopeAt, { lower: before, upper: point, tolerance: precision * point }))
    ;[before, slopeBefore] = [point, slope]
  }
  if (maxima.length === 1) return maxima[0]!
  if (maxima.length === 0) throw new ConvergenceError(`no maximum of the likelihood was found between 0 and ${grid.at(-1)}`)
  const likelihoodAt = (tau2: number) => {
    const fit = model.fitAt(tau2)
    let logs = 0
    for (const variance of model.variances) logs += Math.log(variance + tau2)
    return -(logs + fit.residual + penaltyOf(fit)) / 2
  }
  return maxima.map((tau2) => ({ tau2, likelihood: likelihoodAt(tau2) })).reduce((best, other) => (other.likelihood > best.likelihood ? other : best)).tau2
}

/** With more studies than these the likelihood has one maximum; with few, a finer grid costs nothing. */
const few = 200
const gridPoints = (k: number) => (k <= few ? 48 : 12)

/**
 * Values above 0, each a fixed multiple of the one before, up to one where the slope must be negative: there
 * y′PPy ≤ RSS / (tau² + min v)² and tr P ≥ (k − p) / (tau² + max v), RSS being that of the unweighted fit.
 */
function gridOf({ variances, unweighted, k, p }: LinearModel): number[] {
  let [smallest, largest] = [Infinity, 0]
  for (const variance of variances) {
    smallest = Math.min(smallest, variance)
    largest = Math.max(largest, variance)
  }
  const ratio = unweighted.residual / (k - p)
  const upper = (ratio + Math.sqrt(ratio * (ratio + 4 * (largest - smallest)))) / 2 - smallest
  // A slope negative from the start has its maximum at 0; the point shows that it stays so.
  if (!(upper > 0)) return [smallest]
  const lower = Math.min(smallest, upper) / 1_000
  const points = gridPoints(k)
  const factor = (upper / lower) ** (1 / (points - 1))
  return Array.from({ length: points }, (_, index) => (index === points - 1 ? upper * (1 + 1e-9) : lower * factor ** index))
}
