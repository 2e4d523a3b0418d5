import { criticalValue, normalCdf } from './distributions.js'
import { linearModel, type LinearModel, type StudyEffect } from './linearModel.js'
import { findRoot } from './root.js'
import { centreOfLogTau, logDensityOfLogTau, requireTauPrior, type TauPrior, tauPriorText } from './tauPrior.js'

export interface BayesianOptions {
  readonly prior: TauPrior
  /** Probability within each interval, between 0 and 1; 0.95 if left out. */
  readonly level?: number
}

/** Posterior of the mean effect, of tau and of the effect of a further study; intervals are central, with equal probability on either side. */
export interface BayesianPool {
  readonly k: number
  /** The prior of tau, as `parseTauPrior` reads it. That of the mean is flat. */
  readonly prior: string
  readonly level: number
  /** Median of the mean effect. */
  readonly estimate: number
  readonly mean: number
  readonly lower: number
  readonly upper: number
  readonly tauMedian: number
  readonly tauLower: number
  readonly tauUpper: number
  readonly predictiveMedian: number
  readonly predictiveLower: number
  readonly predictiveUpper: number
  /** Probability that the mean effect lies above 0, and below. */
  readonly probabilityAbove0: number
  readonly probabilityBelow0: number
}

/**
 * Bayesian pool under the normal–normal model of random effects: a flat prior for the mean, a proper one for tau.
 *
 * Given tau the mean is normal, so that one integral is left, over ln tau. It is computed by Gauss–Legendre quadrature on panels that are halved until
 * nothing changes; there is no sampling, and the same data give the same digits.
 *
 * @param effects one or more independent studies on one analysis scale
 * @returns in the unit of the estimates given
 * @throws {RangeError} if there is no effect, numbers are impossible, the prior is not proper, or the level is not between 0 and 1
 * @see Röver (2020), Journal of Statistical Software 93(6):1–51; Friede, Röver, Wandel & Neuenschwander (2017), Research Synthesis Methods 8:79–91,
 *   on few studies
 *
 * @example
 * poolBayesian([{ estimate: -0.5, variance: 0.04 }, { estimate: -0.1, variance: 0.0625 }], { prior: { family: 'HALF_NORMAL', scale: 0.5 } }).estimate // −0.3256
 */
export function poolBayesian(effects: readonly StudyEffect[], { prior, level = 0.95 }: BayesianOptions): BayesianPool {
  requireTauPrior(prior)
  // Its check of the level says what was wrong.
  criticalValue(level)
  const model = linearModel(effects)
  const posterior = posteriorOf(model, prior)
  const tail = (1 - level) / 2
  const mean = mixtureOf(posterior.nodes, ({ meanVariance }) => meanVariance)
  const further = mixtureOf(posterior.nodes, ({ meanVariance, tau2 }) => meanVariance + tau2)
  const { origin } = model
  const below = mean.cdf(-origin)
  return {
    k: model.k,
    prior: tauPriorText(prior),
    level,
    estimate: origin + mean.quantile(0.5),
    mean: origin + posterior.nodes.reduce((sum, { weight, mean: given }) => sum + weight * given, 0),
    lower: origin + mean.quantile(tail),
    upper: origin + mean.upperQuantile(tail),
    tauMedian: posterior.tauQuantile(0.5),
    tauLower: posterior.tauQuantile(tail),
    tauUpper: posterior.tauQuantile(1 - tail),
    predictiveMedian: origin + further.quantile(0.5),
    predictiveLower: origin + further.quantile(tail),
    predictiveUpper: origin + further.upperQuantile(tail),
    probabilityAbove0: mean.upperTail(-origin),
    probabilityBelow0: below,
  }
}

/** A value of tau with its share of the posterior, and the normal distribution that the mean has there, as a difference from the model's origin. */
interface Node {
  readonly weight: number
  readonly tau2: number
  readonly mean: number
  readonly meanVariance: number
}

interface Posterior {
  readonly nodes: readonly Node[]
  tauQuantile(p: number): number
}

/** Logarithm of the height below which a density is nothing beside its mode: e^−45 is 3e-20. */
const negligible = 45

function posteriorOf(model: LinearModel, prior: TauPrior): Posterior {
  const likelihoodAt = likelihoodOf(model)
  const heightAt = (logTau: number) => logDensityOfLogTau(prior, logTau) + likelihoodAt(logTau).logLikelihood
  const extent = extentOf(model, prior, heightAt)
  const densityAt = (logTau: number) => Math.exp(heightAt(logTau) - extent.height)
  const panels = panelsOf(densityAt, extent)
  const total = panels.reduce((sum, panel) => sum + panel.mass, 0)
  const nodes = panels.flatMap((panel) =>
    gaussNodes.flatMap(({ at, weight }): Node[] => {
      const logTau = (panel.lower + panel.upper) / 2 + ((panel.upper - panel.lower) / 2) * at
      const share = (((panel.upper - panel.lower) / 2) * weight * densityAt(logTau)) / total
      if (share < 1e-17) return []
      const { tau2, mean, meanVariance } = likelihoodAt(logTau)
      return [{ weight: share, tau2, mean, meanVariance }]
    }),
  )
  // Rounding and what lies outside the extent leave the weights a hair from 1.
  const sum = nodes.reduce((weights, { weight }) => weights + weight, 0)
  return {
    nodes: nodes.map((node) => ({ ...node, weight: node.weight / sum })),
    tauQuantile: (p) => {
      let before = 0
      for (const panel of panels) {
        const wanted = p * total - before
        if (wanted <= panel.mass || panel === panels.at(-1)) {
          const missing = (logTau: number) => integral(densityAt, panel.lower, logTau) - wanted
          if (missing(panel.upper) <= 0) return Math.exp(panel.upper)
          return Math.exp(findRoot(missing, { lower: panel.lower, upper: panel.upper, tolerance: 1e-13 }))
        }
        before += panel.mass
      }
      return NaN
    },
  }
}

/** What the data say of tau, the mean integrated out; far below all standard errors nothing changes any more. */
function likelihoodOf(model: LinearModel) {
  const smallest = model.variances.reduce((least, variance) => Math.min(least, variance), Infinity)
  const computed = (tau2: number) => {
    const fit = model.fitAt(tau2)
    let logs = 0
    for (const variance of model.variances) logs += Math.log(variance + tau2)
    const { coefficients, inverse, logDeterminant, residual } = fit
    return { tau2, mean: coefficients[0] ?? 0, meanVariance: inverse[0]?.[0] ?? 0, logLikelihood: -(logs + residual + logDeterminant) / 2 }
  }
  const withoutTau = computed(0)
  return (logTau: number) => {
    const tau2 = Math.exp(2 * logTau)
    return tau2 < 1e-18 * smallest ? { ...withoutTau, tau2 } : computed(tau2)
  }
}

interface Extent {
  readonly mode: number
  readonly height: number
  readonly lower: number
  readonly upper: number
  /** Below it tau is nothing beside the standard errors, and only the prior still changes. */
  readonly floor: number
}

/** Steps in ln tau by which the mode is looked for. */
const step = 0.25
/** tau² beyond e^±600 is no number that weights can be made of. */
const farthest = 300

/** Where the density of ln tau has its mode, and beyond which limits it is nothing. */
function extentOf({ variances, unweighted, k }: LinearModel, prior: TauPrior, heightAt: (logTau: number) => number): Extent {
  const scales = [centreOfLogTau(prior), ...[unweighted.residual / k].filter((spread) => spread > 0).map((spread) => Math.log(spread) / 2)]
  for (const variance of variances) scales.push(Math.log(variance) / 2)
  const [first, last] = scales.reduce(([least, most], scale) => [Math.min(least, scale), Math.max(most, scale)], [Infinity, -Infinity])
  const ceiling = prior.family === 'UNIFORM' ? Math.log(prior.scale) : farthest
  let [mode, height] = [NaN, -Infinity]
  const start = Math.min(first - 4, ceiling)
  for (let index = 0; start + index * step <= last + 4; index++) {
    const logTau = Math.min(start + index * step, ceiling)
    const found = heightAt(logTau)
    if (found > height) [mode, height] = [logTau, found]
    if (logTau === ceiling) break
  }
  ;[mode, height] = climbed(heightAt, mode, height, ceiling)
  // Heights are sums that are known to their last digit only, and densities are differences of them.
  if (!(Math.abs(height) < 1e10)) throw new RangeError(`the effects lie too far apart for the prior ${tauPriorText(prior)}: choose one with a larger scale`)
  const isNothing = (logTau: number) => heightAt(logTau) <= height - negligible
  const edge = (direction: 1 | -1, limit: number) => {
    let [inside, at, stride] = [mode, mode, step / 8]
    // Heavy tails are walked in growing strides.
    while (at * direction < limit * direction && !isNothing(at)) {
      ;[inside, at] = [at, at + direction * stride]
      stride *= 1.2
    }
    if (at * direction >= limit * direction) at = limit
    // A peak narrower than a stride would fall between the nodes of the quadrature.
    while (isNothing(at) && Math.abs(at - inside) > Math.abs(inside - mode)) {
      const middle = (inside + at) / 2
      if (middle === inside || middle === at) break
      if (isNothing(middle)) at = middle
      else inside = middle
    }
    return at
  }
  const smallest = variances.reduce((least, variance) => Math.min(least, variance), Infinity)
  return { mode, height, lower: edge(-1, -100 * farthest), upper: edge(1, ceiling), floor: Math.log(smallest) / 2 - 20 }
}

/** Golden section between the neighbours of the best point of the search. */
function climbed(heightAt: (logTau: number) => number, start: number, startHeight: number, ceiling: number): [mode: number, height: number] {
  const ratio = (Math.sqrt(5) - 1) / 2
  let [lower, upper] = [start - step, Math.min(start + step, ceiling)]
  for (let round = 0; round < 70; round++) {
    const [left, right] = [upper - ratio * (upper - lower), lower + ratio * (upper - lower)]
    if (heightAt(left) > heightAt(right)) upper = right
    else lower = left
  }
  const [mode, height] = [(lower + upper) / 2, heightAt((lower + upper) / 2)]
  return height > startHeight ? [mode, height] : [start, startHeight]
}

interface Panel {
  readonly lower: number
  readonly upper: number
  readonly mass: number
}

/** Panels no wider than this resolve what is a function of tau besides its density: the spread of the mean, and of a further study. */
const widest = 1
const mostHalvings = 40

/** Panels on which the quadrature of the density is exact to rounding, in order. */
function panelsOf(densityAt: (logTau: number) => number, { lower, mode, upper, floor, height }: Extent): Panel[] {
  // What rounding leaves of a density does not grow smaller with the panels.
  const noise = 1e-13 + 1e-15 * Math.abs(height)
  const [rough, panels]: [number, Panel[]] = [integral(densityAt, lower, mode) + integral(densityAt, mode, upper), []]
  const add = (from: number, to: number, mass: number, halvings: number) => {
    const middle = (from + to) / 2
    const [left, right] = [integral(densityAt, from, middle), integral(densityAt, middle, to)]
    const total = Math.max(rough, mass, left + right)
    const isSmooth = Math.abs(left + right - mass) <= noise * total
    if ((isSmooth && (to <= floor || middle - from <= widest)) || halvings >= mostHalvings) {
      panels.push({ lower: from, upper: middle, mass: left }, { lower: middle, upper: to, mass: right })
      return
    }
    add(from, middle, left, halvings + 1)
    add(middle, to, right, halvings + 1)
  }
  if (mode > lower) add(lower, mode, integral(densityAt, lower, mode), 0)
  if (upper > mode) add(mode, upper, integral(densityAt, mode, upper), 0)
  return panels
}

/** By Gauss and Legendre on one panel. */
function integral(valueAt: (x: number) => number, lower: number, upper: number): number {
  const [middle, half] = [(lower + upper) / 2, (upper - lower) / 2]
  let sum = 0
  for (const { at, weight } of gaussNodes) sum += weight * valueAt(middle + half * at)
  return sum * half
}

/**
 * Nodes and weights of Gauss and Legendre's rule on −1 … 1: roots of the Legendre polynomial, by Newton's method.
 *
 * @see Davis & Rabinowitz (1984), Methods of Numerical Integration, section 2.7
 */
function gaussLegendre(order: number): { readonly at: number; readonly weight: number }[] {
  return Array.from({ length: order }, (_, index) => {
    let at = -Math.cos((Math.PI * (index + 0.75)) / (order + 0.5))
    let slope = 1
    for (let round = 0; round < 10; round++) {
      let [value, before] = [1, 0]
      for (let degree = 1; degree <= order; degree++) [value, before] = [((2 * degree - 1) * at * value - (degree - 1) * before) / degree, value]
      slope = (order * (at * value - before)) / (at * at - 1)
      at -= value / slope
    }
    return { at, weight: 2 / ((1 - at * at) * slope * slope) }
  })
}

const gaussNodes = gaussLegendre(16)

/** A mixture of normal distributions, one for each value of tau. */
function mixtureOf(nodes: readonly Node[], varianceOf: (node: Node) => number) {
  const parts = nodes.map((node) => ({ weight: node.weight, mean: node.mean, deviation: Math.sqrt(varianceOf(node)) }))
  const cdf = (x: number) => parts.reduce((sum, { weight, mean, deviation }) => sum + weight * normalCdf((x - mean) / deviation), 0)
  const upperTail = (x: number) => parts.reduce((sum, { weight, mean, deviation }) => sum + weight * normalCdf((mean - x) / deviation), 0)
  const centre = parts.reduce((sum, { weight, mean }) => sum + weight * mean, 0)
  const typical = medianOf(parts)
  /** Where a function that rises or falls crosses 0, looked for ever farther away from the centre. */
  const crossing = (valueAt: (x: number) => number) => {
    let reach = typical
    while (valueAt(centre - reach) > 0 === valueAt(centre + reach) > 0 && reach < Number.MAX_VALUE / 4) reach *= 2
    return findRoot(valueAt, { lower: centre - reach, upper: centre + reach, tolerance: 1e-13 * typical })
  }
  return {
    cdf,
    upperTail,
    quantile: (p: number) => crossing((x) => cdf(x) - p),
    /** What a share `p` lies above: of the upper tail itself, which keeps the digits that 1 − p loses. */
    upperQuantile: (p: number) => crossing((x) => upperTail(x) - p),
  }
}

/** The deviation of half of the weight: heavy tails do not move it. */
function medianOf(parts: readonly { readonly weight: number; readonly deviation: number }[]): number {
  let below = 0
  for (const { weight, deviation } of [...parts].sort((a, b) => a.deviation - b.deviation)) {
    below += weight
    if (below >= 0.5) return deviation
  }
  return parts.at(-1)?.deviation ?? 1
}
