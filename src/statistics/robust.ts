import { criticalValue } from './distributions.js'
import { linearModel, type StudyEffect } from './linearModel.js'
import { testOf } from './pooling.js'
import type { ClusteredEffect } from './threeLevel.js'

/** How errors of clusters are corrected for few of them: not at all, by m / (m − 1), or so that they are unbiased if the weights are right. */
export type RobustKind = 'CR0' | 'CR1' | 'CR2'

export interface RobustOptions {
  /** Of the weights 1 / (v + tau²), which need not be right for the error to hold. */
  readonly tau2: number
  readonly kind?: RobustKind
  readonly level?: number
}

export interface RobustMean {
  readonly estimate: number
  readonly standardError: number
  readonly statistic: number
  /** Of the t distribution: clusters less one, or Satterthwaite's under CR2, which need not be whole. */
  readonly df: number | null
  readonly pValue: number
  readonly ciLower: number
  readonly ciUpper: number
}

/**
 * The weighted mean with an error that holds whatever the dependence of effects within a cluster is.
 *
 * @param effects of at least two clusters
 * @throws {RangeError} if there are fewer than two clusters, or numbers are impossible
 * @see Hedges, Tipton & Johnson (2010), Research Synthesis Methods 1:39–65; Tipton (2015), Psychological Methods 20:375–393, on CR2 and its degrees of freedom
 */
export function robustMean(effects: readonly ClusteredEffect[], { tau2, kind = 'CR2', level = 0.95 }: RobustOptions): RobustMean {
  const model = linearModel(effects)
  const fit = model.fitAt(tau2)
  const clusters = clustersOf(effects, model.origin + (fit.coefficients[0] ?? 0), tau2)
  if (clusters.length < 2) throw new RangeError(`cluster-robust errors need two clusters, got ${clusters.length}`)
  const estimate = model.origin + (fit.coefficients[0] ?? 0)
  const total = fit.sumOfWeights
  const parts = clusters.map((cluster) => (kind === 'CR2' ? adjusted(cluster, total) : plain(cluster)))
  const correction = kind === 'CR1' ? clusters.length / (clusters.length - 1) : 1
  const standardError = Math.sqrt(correction * parts.reduce((sum, { pull }) => sum + pull ** 2, 0)) / total
  const df = kind === 'CR2' ? satterthwaite(parts, total) : clusters.length - 1
  const reach = criticalValue(level, df) * standardError
  return { estimate, standardError, ...testOf(estimate, standardError, df), ciLower: estimate - reach, ciUpper: estimate + reach }
}

interface Cluster {
  readonly variances: readonly number[]
  readonly residuals: readonly number[]
}

function clustersOf(effects: readonly ClusteredEffect[], mean: number, tau2: number): Cluster[] {
  const members = new Map<string, StudyEffect[]>()
  for (const { cluster, estimate, variance } of effects) members.set(cluster, [...(members.get(cluster) ?? []), { estimate, variance }])
  return [...members.values()].map((own) => ({ variances: own.map(({ variance }) => variance + tau2), residuals: own.map(({ estimate }) => estimate - mean) }))
}

interface Part {
  /** What the cluster pulls at the mean. */
  readonly pull: number
  /** s′Φs and s′1 of the weights s that its residuals get, for Satterthwaite's degrees of freedom. */
  readonly ownVariance: number
  readonly sum: number
}

function plain({ variances, residuals }: Cluster): Part {
  return partOf(
    variances.map((variance) => 1 / variance),
    variances,
    residuals,
  )
}

function partOf(weights: readonly number[], variances: readonly number[], residuals: readonly number[]): Part {
  let [pull, ownVariance, sum] = [0, 0, 0]
  weights.forEach((weight, index) => {
    pull += weight * residuals[index]!
    ownVariance += weight ** 2 * variances[index]!
    sum += weight
  })
  return { pull, ownVariance, sum }
}

/**
 * Weights A′W1 with A = D B^(−½) D, B = D (Φ − 11′ / ΣW) D and D = Φ^½: residuals so adjusted have the variance Φ. B is a diagonal less a rank one;
 * one eigenvalue may be 0 where a cluster has nearly all the weight, and its direction is left out.
 */
function adjusted({ variances, residuals }: Cluster, total: number): Part {
  const size = variances.length
  const roots = variances.map(Math.sqrt)
  const matrix = variances.map((variance, i) => variances.map((_, j) => (i === j ? variance ** 2 : 0) - (roots[i]! * roots[j]!) / total))
  const { values, vectors } = eigenOf(matrix)
  const largest = Math.max(...values)
  // D W 1 = 1 / √φ, turned into the eigenvectors, shrunk, and turned back.
  const turned = values.map((value, e) => (value <= 1e-12 * largest ? 0 : vectors.reduce((sum, row, i) => sum + row[e]! / roots[i]!, 0) / Math.sqrt(value)))
  const weights = Array.from({ length: size }, (_, i) => roots[i]! * turned.reduce((sum, part, e) => sum + vectors[i]![e]! * part, 0))
  return partOf(weights, variances, residuals)
}

/** (tr P)² / tr P² of the quadratic form that the squared error is, its clusters tied together by the mean. */
function satterthwaite(parts: readonly Part[], total: number): number {
  const sum = (of: (part: Part) => number) => parts.reduce((whole, part) => whole + of(part), 0)
  const squares = sum(({ sum: own }) => own ** 2)
  const trace = sum(({ ownVariance }) => ownVariance) - squares / total
  const traceOfSquare = sum(({ ownVariance, sum: own }) => ownVariance ** 2 - (2 * ownVariance * own ** 2) / total) + (squares / total) ** 2
  return trace ** 2 / traceOfSquare
}

const mostSweeps = 60

/** Eigenvalues and eigenvectors (in columns) of a small symmetric matrix, by Jacobi's rotations. */
function eigenOf(symmetric: readonly (readonly number[])[]): { values: number[]; vectors: number[][] } {
  const n = symmetric.length
  const a = symmetric.map((row) => [...row])
  const vectors: number[][] = a.map((_, i) => a.map((__, j) => (i === j ? 1 : 0)))
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let [off, diagonal] = [0, 0]
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        if (i === j) diagonal += a[i]![j]! ** 2
        else off += a[i]![j]! ** 2
    if (off <= 1e-30 * diagonal) break
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        if (a[p]![q] === 0) continue
        const theta = (a[q]![q]! - a[p]![p]!) / (2 * a[p]![q]!)
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta ** 2 + 1))
        const c = 1 / Math.sqrt(t ** 2 + 1)
        const s = t * c
        for (let i = 0; i < n; i++) {
          const [x, y] = [a[i]![p]!, a[i]![q]!]
          a[i]![p] = c * x - s * y
          a[i]![q] = s * x + c * y
        }
        for (let i = 0; i < n; i++) {
          const [x, y] = [a[p]![i]!, a[q]![i]!]
          a[p]![i] = c * x - s * y
          a[q]![i] = s * x + c * y
        }
        for (let i = 0; i < n; i++) {
          const [x, y] = [vectors[i]![p]!, vectors[i]![q]!]
          vectors[i]![p] = c * x - s * y
          vectors[i]![q] = s * x + c * y
        }
      }
    }
  }
  return { values: a.map((row, i) => row[i]!), vectors }
}
