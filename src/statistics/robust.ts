import { criticalValue } from './distributions.js'
import { bilinear, choleskyOf, eigenOfSymmetric, type Matrix, product, square, traceOfProduct, transposed } from './matrix.js'
import type { RegressionCoefficient } from './metaRegression.js'
import { type ClusteredEffect, fitNested, type NestedFit, type NestedModel, nestedModel } from './nestedModel.js'
import { testOf } from './pooling.js'

/** How errors of clusters are corrected for few of them: not at all, by m / (m − p), or so that they are unbiased if the weights are right. */
export type RobustKind = 'CR0' | 'CR1' | 'CR2'

export interface RobustOptions {
  /** Variance of true effects, all levels together, in the weights 1 / (v + tau²); they need not be right for the error to hold. */
  readonly tau2: number
  /** The part of it that effects of one cluster share, if the weights are those of three levels. */
  readonly betweenStudies?: number
  readonly kind?: RobustKind
  readonly level?: number
}

export interface RobustCoefficient extends RegressionCoefficient {
  /** Of the t distribution: clusters less coefficients, or Satterthwaite's under CR2, which need not be whole and differ between coefficients. */
  readonly df: number
}

export interface RobustRegression {
  readonly clusters: number
  /** One for each column of the design, in its order. */
  readonly coefficients: readonly RobustCoefficient[]
  readonly covariance: readonly (readonly number[])[]
}

/**
 * The weighted mean with an error that holds whatever the dependence of effects within a cluster is.
 *
 * @param effects of at least two clusters
 * @throws {RangeError} if there are fewer than two clusters, or numbers are impossible
 * @see Hedges, Tipton & Johnson (2010), Research Synthesis Methods 1:39–65; Tipton (2015), Psychological Methods 20:375–393, on CR2 and its degrees of freedom
 */
export function robustMean(effects: readonly ClusteredEffect[], options: RobustOptions): RobustCoefficient {
  const { coefficients } = robustOf(nestedModel(effects), options)
  // `!`: a mean is one coefficient.
  return coefficients[0]!
}

/**
 * A weighted regression whose errors hold whatever the dependence of effects within a cluster is.
 *
 * @param design a row for each effect, a column for each coefficient, of which the first is the intercept, written out as 1
 * @throws {RangeError} if there are not more clusters than coefficients, one cluster alone tells a coefficient, a column is constant or follows from others, or numbers are impossible
 * @see Pustejovsky & Tipton (2018), J Business & Economic Statistics 36:672–683; as for the mean
 */
export function robustRegression(effects: readonly ClusteredEffect[], design: readonly (readonly number[])[], options: RobustOptions): RobustRegression {
  return robustOf(nestedModel(effects, design), options)
}

function robustOf(model: NestedModel, { tau2, betweenStudies = 0, kind = 'CR2', level = 0.95 }: RobustOptions): RobustRegression {
  const { flat, members } = model
  const [m, p] = [members.length, flat.p]
  if (!(betweenStudies >= 0 && betweenStudies <= tau2))
    throw new RangeError(`the variance that effects of a cluster share is at least 0 and at most tau² of ${tau2}, got ${betweenStudies}`)
  if (m <= p) throw new RangeError(`cluster-robust errors need ${p === 1 ? 'two clusters' : `more clusters than the ${p} coefficients`}, got ${m}`)
  const working = { between: betweenStudies, within: tau2 - betweenStudies }
  const fit = fitNested(model, working, 'REML')
  const parts = members.map((cluster) => partOf(clusterOf(model, fit, working, cluster), kind === 'CR2' ? fit.inverse : null))
  const correction = kind === 'CR1' ? m / (m - p) : 1
  const meat = square(p).map((row, a) => row.map((_, b) => correction * parts.reduce((sum, { pull }) => sum + pull[a]! * pull[b]!, 0)))
  flat.toOwn.forEach((contrast, index) => requireSeveral(parts, fit.inverse, { contrast, index }))
  const { coefficients, covariance } = flat.inOwnTerms({ ...fit, inverse: product(product(fit.inverse, meat), fit.inverse) }, 1)
  return {
    clusters: m,
    covariance,
    coefficients: coefficients.map((estimate, index) => {
      const standardError = Math.sqrt(covariance[index]?.[index] ?? 0)
      const df = kind === 'CR2' ? satterthwaite(parts, fit.inverse, flat.toOwn[index] ?? []) : m - p
      const reach = criticalValue(level, df) * standardError
      const { statistic, pValue } = testOf(estimate, standardError, df)
      return { estimate, standardError, statistic, df, pValue, ciLower: estimate - reach, ciUpper: estimate + reach }
    }),
  }
}

/** Effects of one cluster: rows of X, of V⁻¹X, residuals, and the working covariance Φ = diag(variances) + shared · 11′. */
interface Cluster {
  readonly columns: Matrix
  readonly weighted: Matrix
  readonly residuals: readonly number[]
  readonly variances: readonly number[]
  readonly shared: number
}

function clusterOf(
  { flat, columns }: NestedModel,
  fit: NestedFit,
  { between, within }: { between: number; within: number },
  members: readonly number[],
): Cluster {
  const variances = members.map((index) => flat.variances[index]! + within)
  const rows = members.map((index) => columns.map((column) => column[index]!))
  const shrunk = between / (1 + between * variances.reduce((sum, variance) => sum + 1 / variance, 0))
  const sums = columns.map((_, a) => rows.reduce((sum, row, i) => sum + row[a]! / variances[i]!, 0))
  return {
    columns: rows,
    weighted: rows.map((row, i) => row.map((value, a) => (value - shrunk * sums[a]!) / variances[i]!)),
    residuals: members.map((index, i) => flat.estimates[index]! - rows[i]!.reduce((sum, value, a) => sum + value * fit.coefficients[a]!, 0)),
    variances,
    shared: between,
  }
}

/** What a cluster brings, with Y = AΦ⁻¹X for the residuals' adjustment A: its pull Y′e at the coefficients, Y′ΦY and X′Y; and X′Φ⁻¹X. */
interface Part {
  readonly pull: readonly number[]
  readonly variance: Matrix
  readonly leverage: Matrix
  readonly information: Matrix
}

function partOf(cluster: Cluster, inverse: Matrix | null): Part {
  const adjusted = inverse === null ? cluster.weighted : adjustedBy(cluster, inverse)
  const across = transposed(adjusted)
  return {
    pull: across.map((column) => column.reduce((sum, value, i) => sum + value * cluster.residuals[i]!, 0)),
    variance: product(across, timesWorking(cluster, adjusted)),
    leverage: product(transposed(cluster.columns), adjusted),
    information: product(transposed(cluster.columns), cluster.weighted),
  }
}

/** Φ times rows. */
function timesWorking({ variances, shared }: Pick<Cluster, 'variances' | 'shared'>, rows: Matrix): Matrix {
  const sums = (rows[0] ?? []).map((_, a) => rows.reduce((sum, row) => sum + row[a]!, 0))
  return rows.map((row, i) => row.map((value, a) => variances[i]! * value + shared * sums[a]!))
}

/** Directions in which residuals vary by less than this share of what the effects do are those that the fit takes wholly. */
const takenByFit = 1e-10

/**
 * AΦ⁻¹X with A = R′B^(−½)R, B = R(Φ − XCX′)R′ and R′R = Φ: residuals so adjusted have the variance Φ. Directions that the coefficients take wholly,
 * in which residuals are always 0, are left out. Takes the cube of the effects in the cluster.
 *
 * @see Pustejovsky & Tipton (2018), as above, eq. 11 and theorem 1
 */
function adjustedBy({ columns, weighted, variances, shared }: Cluster, inverse: Matrix): Matrix {
  const working = variances.map((variance, i) => variances.map((_, j) => (i === j ? variance : 0) + shared))
  // `!`: variances are positive, and so is what effects share.
  const { triangle: root } = choleskyOf(working)!
  const turned = product(root, transposed(root))
  const whole = product(turned, turned)
  const ofColumns = product(root, columns)
  const taken = product(product(ofColumns, inverse), transposed(ofColumns))
  const right = product(root, weighted)
  const result = right.map((row) => row.map(() => 0))
  for (const { value, vector } of eigenOfSymmetric(whole.map((row, i) => row.map((entry, j) => entry - taken[i]![j]!)))) {
    if (value <= takenByFit * bilinear(vector, whole, vector)) continue
    right[0]?.forEach((_, a) => {
      const share = vector.reduce((sum, entry, i) => sum + entry * right[i]![a]!, 0) / Math.sqrt(value)
      vector.forEach((entry, i) => (result[i]![a]! += entry * share))
    })
  }
  return product(transposed(root), result)
}

/** Where one cluster alone tells a coefficient, its residuals sum to 0 whatever it says, and the error would be 0 or a rounding error. */
function requireSeveral(parts: readonly Part[], inverse: Matrix, { contrast, index }: { readonly contrast: readonly number[]; readonly index: number }): void {
  const at = times(inverse, contrast)
  let [whole, left] = [0, 0]
  for (const { information } of parts) {
    const tie = times(information, at)
    const own = bilinear(at, information, at)
    whole += own
    left += own - bilinear(tie, inverse, tie)
  }
  if (!(left > takenByFit * whole)) throw new RangeError(`coefficient ${index} rests on one cluster alone: no error across clusters can be told of it`)
}

const times = (matrix: Matrix, vector: readonly number[]) => matrix.map((row) => row.reduce((sum, value, a) => sum + value * vector[a]!, 0))

/**
 * (tr P)² / tr P² of the quadratic form that the squared error is, its clusters tied together by the fit.
 *
 * @param contrast of the coefficients of the model's columns
 * @see Satterthwaite (1946), Biometrics Bulletin 2:110–114; Bell & McCaffrey (2002), Survey Methodology 28:169–181
 */
function satterthwaite(parts: readonly Part[], inverse: Matrix, contrast: readonly number[]): number {
  const at = times(inverse, contrast)
  const ties = square(inverse.length)
  let [trace, traceOfSquare] = [0, 0]
  for (const { variance, leverage } of parts) {
    const tie = times(leverage, at)
    const [own, tied] = [bilinear(at, variance, at), bilinear(tie, inverse, tie)]
    trace += own - tied
    traceOfSquare += (own - tied) ** 2 - tied ** 2
    tie.forEach((left, a) => tie.forEach((right, b) => (ties[a]![b]! += left * right)))
  }
  const across = product(inverse, ties)
  return trace ** 2 / (traceOfSquare + traceOfProduct(across, across))
}
