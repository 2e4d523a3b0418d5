import { requireFinite, requirePositive } from './effectSize.js'
import { inverseOfPositive, inverseOfTriangle, type Matrix, product, square, transposed } from './matrix.js'

/** What one study says: an estimate on the analysis scale, and its variance, the square of its standard error. */
export interface StudyEffect {
  readonly estimate: number
  readonly variance: number
}

/**
 * What a weighted fit comes to at one value of tau², with weights w = 1 / (v + tau²) and P = W − WX(X′WX)⁻¹X′W:
 * all that estimators of tau², Q and standard errors are made of.
 */
export interface WeightedFit {
  /** Coefficients of the orthonormal columns; of the mean alone, the mean itself. */
  readonly coefficients: readonly number[]
  /** (X′WX)⁻¹ of the orthonormal columns, by rows. */
  readonly inverse: readonly (readonly number[])[]
  readonly logDeterminant: number
  readonly sumOfWeights: number
  /** y′Py: the weighted sum of squared residuals. */
  readonly residual: number
  /** y′PPy. */
  readonly residualOfSquares: number
  /** tr P. */
  readonly trace: number
}

/** Studies around a mean or a regression: what stays the same while tau² is sought. */
export interface LinearModel {
  readonly k: number
  /** Number of coefficients: 1 where there is only a mean. */
  readonly p: number
  readonly estimates: Float64Array
  readonly variances: Float64Array
  /** The columns of the design, made orthonormal; null of a mean, whose one column would be ones. */
  readonly columns: readonly Float64Array[] | null
  /** The coefficients of the columns given from those of the orthonormal ones, but for the origin. */
  readonly toOwn: readonly (readonly number[])[]
  /** Estimates are held as differences from this one, so that equal estimates leave residuals of exactly zero. */
  readonly origin: number
  /** Σ of the diagonal of the hat matrix of the unweighted fit times the variances, and that fit's sum of squared residuals. */
  readonly unweighted: { readonly residual: number; readonly hatTimesVariance: number }
  fitAt(tau2: number): WeightedFit
  /** Coefficients and covariance in terms of the columns given. */
  inOwnTerms(fit: Pick<WeightedFit, 'coefficients' | 'inverse'>, scale: number): { coefficients: number[]; covariance: number[][] }
}

/** Columns whose part outside the others is smaller than this share of their length add nothing that can be told from rounding. */
const smallestShare = 1e-9

/**
 * @param effects at least one
 * @param design k rows of p numbers, the intercept written out; left out for a mean
 * @throws {RangeError} if there is no effect, a number is not finite or beyond what can be computed with, a variance not positive, a column collinear
 *   with others, or k < p
 */
export function linearModel(effects: readonly StudyEffect[], design?: readonly (readonly number[])[]): LinearModel {
  const k = effects.length
  if (k === 0) throw new RangeError('there is nothing to pool: no effect was given')
  // Without an intercept there is nothing that could take the origin up again.
  const origin = design === undefined || design.every(([first]) => first === 1) ? (effects[0]?.estimate ?? 0) : 0
  const [estimates, variances] = [new Float64Array(k), new Float64Array(k)]
  effects.forEach(({ estimate, variance }, index) => {
    requireFinite(estimate, 'estimate')
    requirePositive(variance, 'variance')
    requireComputable(estimate, variance)
    estimates[index] = estimate - origin
    variances[index] = variance
  })
  return design === undefined ? meanModel(estimates, variances, origin) : regressionModel(estimates, variances, origin, design)
}

/** A column of a design that adds nothing to those before it. */
export class CollinearColumnError extends RangeError {
  override readonly name = 'CollinearColumnError'
  /**
   * @param column its position in the design, the intercept being 0
   * @param others positions of the columns that it follows from; none but the intercept if it does not vary enough beside its size
   */
  constructor(
    readonly column: number,
    readonly others: readonly number[],
  ) {
    super(`moderator ${column} does not vary, or follows from the others: leave it out`)
  }
}

/** Squares of weights and of differences must not overflow: sums of them would be wrong without a sign of it. */
const extreme = 1e70

function requireComputable(estimate: number, variance: number): void {
  if (Math.abs(estimate) > extreme) throw new RangeError(`estimate must be between -${extreme} and ${extreme} to be computed with, got ${estimate}`)
  if (variance > extreme || variance < 1 / extreme)
    throw new RangeError(`variance must be between ${1 / extreme} and ${extreme} to be computed with, got ${variance}`)
}

/** The usual case, without columns: sums over the studies. */
function meanModel(estimates: Float64Array, variances: Float64Array, origin: number): LinearModel {
  const k = estimates.length
  let [sum, sumOfVariances] = [0, 0]
  for (let i = 0; i < k; i++) {
    sum += estimates[i]!
    sumOfVariances += variances[i]!
  }
  const mean = sum / k
  let residual = 0
  for (let i = 0; i < k; i++) residual += (estimates[i]! - mean) ** 2
  return {
    k,
    p: 1,
    estimates,
    variances,
    columns: null,
    toOwn: [[1]],
    origin,
    unweighted: { residual, hatTimesVariance: sumOfVariances / k },
    fitAt: (tau2) => meanFit(estimates, variances, tau2),
    inOwnTerms: ({ coefficients: [coefficient = 0], inverse: [[variance = 0] = []] }, scale) => ({
      coefficients: [coefficient + origin],
      covariance: [[variance * scale]],
    }),
  }
}

function meanFit(estimates: Float64Array, variances: Float64Array, tau2: number): WeightedFit {
  const k = estimates.length
  let [sumOfWeights, sumOfSquares, weighted] = [0, 0, 0]
  for (let i = 0; i < k; i++) {
    const weight = 1 / (variances[i]! + tau2)
    sumOfWeights += weight
    sumOfSquares += weight * weight
    weighted += weight * estimates[i]!
  }
  const mean = weighted / sumOfWeights
  let [residual, residualOfSquares] = [0, 0]
  for (let i = 0; i < k; i++) {
    const weight = 1 / (variances[i]! + tau2)
    const pull = weight * (estimates[i]! - mean)
    residual += pull * (estimates[i]! - mean)
    residualOfSquares += pull * pull
  }
  return {
    coefficients: [mean],
    inverse: [[1 / sumOfWeights]],
    logDeterminant: Math.log(sumOfWeights),
    sumOfWeights,
    residual,
    residualOfSquares,
    trace: sumOfWeights - sumOfSquares / sumOfWeights,
  }
}

function regressionModel(estimates: Float64Array, variances: Float64Array, origin: number, design: readonly (readonly number[])[]): LinearModel {
  const k = estimates.length
  if (design.length !== k) throw new RangeError(`the design has a row for each effect: ${k} were expected, got ${design.length}`)
  const p = design[0]?.length ?? 0
  if (k < p) throw new RangeError(`${p} coefficients cannot be estimated from ${k} ${k === 1 ? 'study' : 'studies'}`)
  const { columns, triangle } = orthonormalised(design, p)
  const projected = columns.map((column) => dot(column, estimates))
  let [residual, hatTimesVariance] = [0, 0]
  for (let i = 0; i < k; i++) {
    let [fitted, hat] = [0, 0]
    for (let j = 0; j < p; j++) {
      fitted += projected[j]! * columns[j]![i]!
      hat += columns[j]![i]! ** 2
    }
    residual += (estimates[i]! - fitted) ** 2
    hatTimesVariance += hat * variances[i]!
  }
  const back = inverseOfTriangle(triangle)
  return {
    k,
    p,
    estimates,
    variances,
    columns,
    toOwn: back,
    origin,
    unweighted: { residual, hatTimesVariance },
    fitAt: (tau2) => regressionFit(estimates, variances, columns, tau2),
    inOwnTerms: ({ coefficients, inverse }, scale) => {
      const own = back.map((row) => row.reduce((sum, share, j) => sum + share * coefficients[j]!, 0))
      // The estimates stand as differences from the origin, which the intercept, the first column, takes up again.
      own[0] = own[0]! + origin
      return { coefficients: own, covariance: product(product(back, inverse), transposed(back)).map((row) => row.map((value) => value * scale)) }
    },
  }
}

function regressionFit(estimates: Float64Array, variances: Float64Array, columns: readonly Float64Array[], tau2: number): WeightedFit {
  const [k, p] = [estimates.length, columns.length]
  const [gram, gramOfSquares] = [square(p), square(p)]
  const right = new Array<number>(p).fill(0)
  let sumOfWeights = 0
  for (let i = 0; i < k; i++) {
    const weight = 1 / (variances[i]! + tau2)
    sumOfWeights += weight
    for (let a = 0; a < p; a++) {
      const weighted = weight * columns[a]![i]!
      right[a] = right[a]! + weighted * estimates[i]!
      for (let b = 0; b <= a; b++) {
        const term = weighted * columns[b]![i]!
        gram[a]![b] = gram[a]![b]! + term
        gramOfSquares[a]![b] = gramOfSquares[a]![b]! + weight * term
      }
    }
  }
  for (let a = 0; a < p; a++) {
    for (let b = 0; b < a; b++) {
      gram[b]![a] = gram[a]![b]!
      gramOfSquares[b]![a] = gramOfSquares[a]![b]!
    }
  }
  const { inverse, logDeterminant } = inverseOfPositive(gram)
  const coefficients = inverse.map((row) => row.reduce((sum, share, j) => sum + share * right[j]!, 0))
  let [residual, residualOfSquares, explained] = [0, 0, 0]
  for (let i = 0; i < k; i++) {
    let fitted = 0
    for (let j = 0; j < p; j++) fitted += coefficients[j]! * columns[j]![i]!
    const difference = estimates[i]! - fitted
    const pull = difference / (variances[i]! + tau2)
    residual += pull * difference
    residualOfSquares += pull * pull
  }
  for (let a = 0; a < p; a++) for (let b = 0; b < p; b++) explained += inverse[a]![b]! * gramOfSquares[a]![b]!
  return { coefficients, inverse, logDeterminant, sumOfWeights, residual, residualOfSquares, trace: sumOfWeights - explained }
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0
  for (let i = 0; i < left.length; i++) sum += left[i]! * right[i]!
  return sum
}

/** Columns at right angles and of length one, by Gram–Schmidt done twice, and the triangle that leads back: design = columns · triangle. */
function orthonormalised(design: readonly (readonly number[])[], p: number): { columns: Float64Array[]; triangle: Matrix } {
  const triangle = square(p)
  const columns: Float64Array[] = []
  for (let j = 0; j < p; j++) {
    const column = Float64Array.from(design, (row) => {
      const value = row[j]
      if (row.length !== p || value === undefined) throw new RangeError(`each row of the design has ${p} numbers, got ${row.length}`)
      requireFinite(value, 'moderator')
      return value
    })
    const length = Math.sqrt(dot(column, column))
    for (let pass = 0; pass < 2; pass++) {
      columns.forEach((other, index) => {
        const share = dot(other, column)
        triangle[index]![j] = triangle[index]![j]! + share
        for (let i = 0; i < column.length; i++) column[i] = column[i]! - share * other[i]!
      })
    }
    const left = Math.sqrt(dot(column, column))
    if (!(left > smallestShare * length)) {
      const varies = Math.hypot(...columns.slice(1).map((_, index) => triangle[index + 1]![j]!))
      const others = columns.flatMap((_, index) =>
        index > 0 && Math.abs(triangle[index]![j]!) > Math.max(1e-6 * varies, smallestShare * length) ? [index] : [],
      )
      throw new CollinearColumnError(j, others)
    }
    triangle[j]![j] = left
    for (let i = 0; i < column.length; i++) column[i] = column[i]! / left
    columns.push(column)
  }
  return { columns, triangle }
}
