import { ConvergenceError } from './convergence.js'
import { linearModel, type StudyEffect } from './linearModel.js'
import { heterogeneityOf, type PooledEffect, type PoolingOptions, testOf } from './pooling.js'
import { criticalValue } from './distributions.js'

/** An effect, and the study it is of. */
export interface ClusteredEffect extends StudyEffect {
  readonly cluster: string
}

export interface ThreeLevelEffect extends PooledEffect {
  /** Variance of true effects between studies, and of those within one; `heterogeneity.tau2` is their sum. */
  readonly betweenStudies: number
  readonly withinStudies: number
  /** Of the restricted likelihood at these variances, constants included. */
  readonly logLikelihood: number
}

/**
 * Pools effects of which several are of one study: effects vary around their study's, and studies around the mean, each with a variance of its own
 * (REML). The dependence is modelled, so every effect enters. Costs one pass over the effects for each step, since a study's covariance is a diagonal plus a constant.
 *
 * @param options `level` and `interval`: WALD by normal quantiles, else by t with k − 1 degrees of freedom; the estimator is REML
 * @throws {RangeError} if there are fewer than two studies, every study has one effect, or numbers are impossible
 * @throws {ConvergenceError} if the maximum cannot be pinned down
 * @see Konstantopoulos (2011), Research Synthesis Methods 2:61–76; Van den Noortgate et al. (2013), Behavior Research Methods 45:576–594
 */
export function poolThreeLevels(effects: readonly ClusteredEffect[], { interval = 'HKSJ', level = 0.95 }: PoolingOptions = {}): ThreeLevelEffect {
  const model = linearModel(effects)
  const studies = studiesOf(effects, model.estimates, model.variances)
  if (studies.length < 2 || studies.length === effects.length)
    throw new RangeError(`three levels need several studies, one of them with several effects; got ${effects.length} effects of ${studies.length}`)
  const { between, within } = highestOf(studies, model.unweighted.residual / (model.k - 1))
  const fit = fitAt(studies, { between, within })
  const [estimate, variance] = [fit.mean + model.origin, 1 / fit.precision]
  const standardError = Math.sqrt(variance)
  const df = interval === 'WALD' ? null : model.k - 1
  const quantile = df === null ? criticalValue(level) : criticalValue(level, df)
  const heterogeneity = heterogeneityOf(model, between + within, true)
  const predicted = quantile * Math.sqrt(variance + between + within)
  return {
    k: model.k,
    estimate,
    standardError,
    ...testOf(estimate, standardError, df),
    ciLower: estimate - quantile * standardError,
    ciUpper: estimate + quantile * standardError,
    predictionLower: estimate - predicted,
    predictionUpper: estimate + predicted,
    weightsPercent: weightsOf(effects, studies, { between, within }, fit.precision),
    heterogeneity,
    betweenStudies: between,
    withinStudies: within,
    logLikelihood: fit.logLikelihood,
  }
}

interface Study {
  readonly cluster: string
  readonly estimates: Float64Array
  readonly variances: Float64Array
}

interface Components {
  readonly between: number
  readonly within: number
}

function studiesOf(effects: readonly ClusteredEffect[], estimates: Float64Array, variances: Float64Array): Study[] {
  const indexes = new Map<string, number[]>()
  effects.forEach(({ cluster }, index) => {
    const known = indexes.get(cluster)
    if (known === undefined) indexes.set(cluster, [index])
    else known.push(index)
  })
  return [...indexes].map(([cluster, of]) => ({
    cluster,
    estimates: Float64Array.from(of, (index) => estimates[index]!),
    variances: Float64Array.from(of, (index) => variances[index]!),
  }))
}

/** Restricted log-likelihood and its slopes, by the inverse of a diagonal plus a constant (Sherman and Morrison). */
function fitAt(studies: readonly Study[], { between, within }: Components) {
  let [precision, weighted, logs, k] = [0, 0, 0, 0]
  for (const { estimates, variances } of studies) {
    let [sum, sumOfEstimates] = [0, 0]
    for (let i = 0; i < estimates.length; i++) {
      const total = variances[i]! + within
      sum += 1 / total
      sumOfEstimates += estimates[i]! / total
      logs += Math.log(total)
    }
    const shrunk = 1 + between * sum
    precision += sum / shrunk
    weighted += sumOfEstimates / shrunk
    logs += Math.log(shrunk)
    k += estimates.length
  }
  const mean = weighted / precision
  let [residual, slopeBetween, slopeWithin, squares, traceWithin, traceBetween] = [0, 0, 0, 0, 0, 0]
  for (const { estimates, variances } of studies) {
    let [sum, sumOfSquares, pulled] = [0, 0, 0]
    for (let i = 0; i < estimates.length; i++) {
      const weight = 1 / (variances[i]! + within)
      sum += weight
      sumOfSquares += weight * weight
      pulled += weight * (estimates[i]! - mean)
    }
    const shrunk = 1 + between * sum
    const share = between / shrunk
    for (let i = 0; i < estimates.length; i++) {
      const difference = estimates[i]! - mean
      const pull = (difference - share * pulled) / (variances[i]! + within)
      residual += difference * pull
      slopeWithin += pull * pull
    }
    slopeBetween += (pulled / shrunk) ** 2
    traceBetween += sum / shrunk
    squares += (sum / shrunk) ** 2
    traceWithin += sum - share * sumOfSquares - sumOfSquares / shrunk ** 2 / precision
  }
  return {
    mean,
    precision,
    // Harville's form, with the constants that make likelihoods of different programs comparable.
    logLikelihood: -((k - 1) * Math.log(2 * Math.PI) - Math.log(k) + logs + Math.log(precision) + residual) / 2,
    slopeBetween: (slopeBetween - (traceBetween - squares / precision)) / 2,
    slopeWithin: (slopeWithin - traceWithin) / 2,
  }
}

const gridPoints = (effects: number) => (effects <= 500 ? 14 : 8)
const mostSteps = 200

/** The likelihood can have several maxima, some with a variance of 0: the best points of a grid are climbed from, and the highest top is taken. */
function highestOf(studies: readonly Study[], spread: number): Components {
  const variances = studies.flatMap(({ variances: own }) => [...own])
  if (!(spread > 0)) return { between: 0, within: 0 }
  const [lower, upper] = [Math.min(Math.min(...variances.slice(0, 50_000)), spread) / 100, 2 * spread + 1e-300]
  const points = gridPoints(variances.length)
  const factor = (upper / lower) ** (1 / (points - 1))
  const values = [0, ...Array.from({ length: points }, (_, index) => lower * factor ** index)]
  const starts = values
    .flatMap((between) => values.map((within) => ({ between, within })))
    .map((components) => ({ components, height: fitAt(studies, components).logLikelihood }))
    .sort((a, b) => b.height - a.height)
    .slice(0, 4)
  const tops = starts.map(({ components }) => climbed(studies, components, spread)).filter((top) => top !== null)
  const best = tops.sort((a, b) => b.height - a.height)[0]
  if (best === undefined) throw new ConvergenceError(`the variances of three levels were not pinned down in ${mostSteps} steps`)
  return best
}

/** Newton's steps within the variances that can be, by the analytic slopes and their differences; halved until they lead upwards. */
function climbed(studies: readonly Study[], start: Components, spread: number): (Components & { height: number }) | null {
  let [at, fit] = [start, fitAt(studies, start)]
  for (let round = 0; round < mostSteps; round++) {
    const free = { between: at.between > 0 || fit.slopeBetween > 0, within: at.within > 0 || fit.slopeWithin > 0 }
    const step = stepFrom(studies, at, fit, free, spread)
    const size = Math.max(Math.abs(step.between), Math.abs(step.within))
    if (size <= 1e-12 * spread) return { ...at, height: fit.logLikelihood }
    let next: Components | null = null
    for (let share = 1; share > 1e-10; share /= 2) {
      const tried = { between: Math.max(0, at.between + share * step.between), within: Math.max(0, at.within + share * step.within) }
      const there = fitAt(studies, tried)
      if (there.logLikelihood > fit.logLikelihood) {
        ;[next, fit] = [tried, there]
        break
      }
    }
    // Nothing higher can be told from rounding: this is the top.
    if (next === null) return { ...at, height: fit.logLikelihood }
    at = next
  }
  return null
}

function stepFrom(
  studies: readonly Study[],
  at: Components,
  fit: ReturnType<typeof fitAt>,
  free: { between: boolean; within: boolean },
  spread: number,
): Components {
  const width = 1e-5
  const [db, dw] = [width * Math.max(at.between, 1e-3 * spread), width * Math.max(at.within, 1e-3 * spread)]
  const further = fitAt(studies, { between: at.between + db, within: at.within })
  const wider = fitAt(studies, { between: at.between, within: at.within + dw })
  const bb = (further.slopeBetween - fit.slopeBetween) / db
  const ww = (wider.slopeWithin - fit.slopeWithin) / dw
  const bw = ((further.slopeWithin - fit.slopeWithin) / db + (wider.slopeBetween - fit.slopeBetween) / dw) / 2
  const [gb, gw] = [free.between ? fit.slopeBetween : 0, free.within ? fit.slopeWithin : 0]
  const determinant = bb * ww - bw * bw
  if (free.between && free.within && determinant > 0 && bb < 0) return { between: (bw * gw - ww * gb) / determinant, within: (bw * gb - bb * gw) / determinant }
  // Where the ground does not curve downwards: straight up, at most as far as the spread of the effects.
  const along = (slope: number, curve: number) => (slope === 0 ? 0 : curve < 0 ? -slope / curve : Math.sign(slope) * spread)
  return { between: along(gb, bb), within: along(gw, ww) }
}

/** What each effect contributes to the mean: its part of 1′V⁻¹. */
function weightsOf(effects: readonly ClusteredEffect[], studies: readonly Study[], { between, within }: Components, precision: number): number[] {
  const shrunk = new Map(
    studies.map(({ cluster, variances }) => [cluster, 1 + between * variances.reduce((sum, variance) => sum + 1 / (variance + within), 0)]),
  )
  return effects.map(({ cluster, variance }) => 100 / ((variance + within) * (shrunk.get(cluster) ?? 1) * precision))
}
