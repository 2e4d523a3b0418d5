import { linearModel, type LinearModel, type StudyEffect } from './linearModel.js'
import { bilinear, inverseOfPositive, type Matrix, product, square, traceOfProduct } from './matrix.js'

/** An effect, and the study it is of. */
export interface ClusteredEffect extends StudyEffect {
  readonly cluster: string
}

/** Variances of true effects: of studies around the mean, and of effects around their study's. */
export interface Components {
  readonly between: number
  readonly within: number
}

export type Likelihood = 'REML' | 'ML'

/** Effects nested in studies: what stays the same while the variances are sought. */
export interface NestedModel {
  readonly flat: LinearModel
  /** For each study, the positions of its effects among those given. */
  readonly members: readonly (readonly number[])[]
  /** The columns of the design, orthonormal where there are several. */
  readonly columns: readonly Float64Array[]
}

/** The fit by generalised least squares at given variances. */
export interface NestedFit {
  /** Of the columns of the model; so is the inverse of X′V⁻¹X, their covariance. */
  readonly coefficients: readonly number[]
  readonly inverse: Matrix
  /** Constants included, so that it can be compared with those of other programs. */
  readonly logLikelihood: number
}

/** How the likelihood rises with each variance, and how that changes. */
export interface Slopes extends Components {
  /** The second derivatives. */
  readonly curvature: Curvature
  /** The part of them that always leads upwards: average information. */
  readonly information: Curvature
}

/** Of between by between, within by within, and between by within. */
export interface Curvature {
  readonly bb: number
  readonly ww: number
  readonly bw: number
}

/**
 * @param design a row for each effect, the intercept written out; left out for a mean
 * @throws {RangeError} if numbers are impossible, or the design is
 */
export function nestedModel(effects: readonly ClusteredEffect[], design?: readonly (readonly number[])[]): NestedModel {
  const flat = linearModel(effects, design)
  const members = new Map<string, number[]>()
  effects.forEach(({ cluster }, index) => {
    const known = members.get(cluster)
    if (known === undefined) members.set(cluster, [index])
    else known.push(index)
  })
  return { flat, members: [...members.values()], columns: flat.columns ?? [new Float64Array(flat.k).fill(1)] }
}

/**
 * The fit and its likelihood where the effects of a study have the covariance V = diag(v + within) + between · 11′.
 *
 * @see Harville (1977), J American Statistical Association 72:320–338
 */
export function fitNested(model: NestedModel, at: Components, likelihood: Likelihood): NestedFit {
  const { flat, columns } = model
  const { k, p } = flat
  const products = productsOf(model, at, [...columns, flat.estimates])
  const { inverse, logDeterminant } = inverseOfPositive(products.slice(0, p).map((row) => row.slice(0, p)))
  const coefficients = inverse.map((row) => row.reduce((total, share, j) => total + share * products[p]![j]!, 0))
  // From the residuals themselves: as a difference of sums it would lose digits.
  const [[misfit = 0] = []] = productsOf(model, at, [residualsOf(model, coefficients)])
  // Of orthonormal columns X′X has the determinant 1; of the one column of a mean, k.
  const constants = likelihood === 'ML' ? k * logTwoPi : (k - p) * logTwoPi - (flat.columns === null ? Math.log(k) : 0) + logDeterminant
  return { coefficients, inverse, logLikelihood: -(constants + logDeterminantOf(model, at) + misfit) / 2 }
}

const logTwoPi = Math.log(2 * Math.PI)

function residualsOf({ flat, columns }: NestedModel, coefficients: readonly number[]): Float64Array {
  const residuals = Float64Array.from(flat.estimates)
  columns.forEach((column, a) => {
    for (let i = 0; i < residuals.length; i++) residuals[i]! -= coefficients[a]! * column[i]!
  })
  return residuals
}

/** ln |V|, by the determinant of a diagonal plus a product of vectors. */
function logDeterminantOf({ flat: { variances }, members }: NestedModel, { between, within }: Components): number {
  let logs = 0
  for (const study of members) {
    let sum = 0
    for (const index of study) {
      sum += 1 / (variances[index]! + within)
      logs += Math.log(variances[index]! + within)
    }
    logs += Math.log1p(between * sum)
  }
  return logs
}

/**
 * x′V⁻¹y of every two of some vectors: over each study Σw(x − x̄)(y − ȳ) + x̄ȳΣw / (1 + between Σw), with w = 1 / (v + within) and means by w. Costs
 * two passes over the effects; where between is far above v nothing is lost, as it would be from Σwxy less a correction.
 *
 * @see Sherman & Morrison (1950), Annals of Mathematical Statistics 21:124–127, for the inverse of V
 */
function productsOf({ flat: { variances }, members }: NestedModel, { between, within }: Components, vectors: readonly Float64Array[]): Matrix {
  const size = vectors.length
  const products = square(size)
  const [means, rest] = [new Float64Array(size), new Float64Array(size)]
  for (const study of members) {
    let sum = 0
    means.fill(0)
    for (const index of study) {
      const weight = 1 / (variances[index]! + within)
      sum += weight
      for (let a = 0; a < size; a++) means[a]! += weight * vectors[a]![index]!
    }
    const precision = sum / (1 + between * sum)
    for (let a = 0; a < size; a++) {
      means[a]! /= sum
      for (let b = 0; b <= a; b++) products[a]![b]! += precision * means[a]! * means[b]!
    }
    if (study.length === 1) continue
    for (const index of study) {
      const weight = 1 / (variances[index]! + within)
      for (let a = 0; a < size; a++) {
        rest[a] = vectors[a]![index]! - means[a]!
        for (let b = 0; b <= a; b++) products[a]![b]! += weight * rest[a]! * rest[b]!
      }
    }
  }
  for (let a = 0; a < size; a++) for (let b = 0; b < a; b++) products[b]![a] = products[a]![b]!
  return products
}

/**
 * How the likelihood changes with the variances. With P = V⁻¹ − V⁻¹XCX′V⁻¹ and V_i = ∂V, which is 11′ by `between` and I by `within`, the slopes are
 * −½ (tr PV_i − y′PV_iPy), and the curvatures ½ tr PV_iPV_j − y′PV_iPV_jPy; under ML the traces are of V⁻¹ in the place of P.
 *
 * @see Harville (1977), as above; Johnson & Thompson (1995), J Dairy Science 78:449–456, on average information
 */
export function slopesOfNested(
  model: NestedModel,
  at: Components,
  likelihood: Likelihood,
  { coefficients, inverse }: Pick<NestedFit, 'coefficients' | 'inverse'>,
): Slopes {
  const p = coefficients.length
  const derived = [...model.columns, residualsOf(model, coefficients)].map((vector) => derivedOf(model, at, vector))
  const [byBetween, byWithin] = [derived.map(({ between }) => between), derived.map(({ within }) => within)]
  // x′V⁻¹V_iV⁻¹y of the columns and, last, the residuals; then x′V⁻¹V_iV⁻¹V_jV⁻¹y.
  const b = dotsOf(
    byBetween,
    model.members.map(([first = 0]) => first),
  )
  const w = dotsOf(byWithin, model.members.flat())
  const twice = productsOf(model, at, [...byBetween, ...byWithin])
  const block = (row: number, column: number) => Array.from({ length: p }, (_, a) => twice[row + a]!.slice(column, column + p))
  const [bb, bw, ww] = [block(0, 0), block(0, p + 1), block(p + 1, p + 1)]
  const pull = { b: b[p]!.slice(0, p), w: w[p]!.slice(0, p) }
  const information = {
    bb: twice[p]![p]! - bilinear(pull.b, inverse, pull.b),
    bw: twice[p]![2 * p + 1]! - bilinear(pull.b, inverse, pull.w),
    ww: twice[2 * p + 1]![2 * p + 1]! - bilinear(pull.w, inverse, pull.w),
  }
  const traces = tracesOf(model, at)
  if (likelihood === 'REML') {
    const [ofB, ofW] = [b, w].map((dots) =>
      product(
        inverse,
        dots.slice(0, p).map((row) => row.slice(0, p)),
      ),
    ) as [Matrix, Matrix] // two in, two out
    traces.b -= trace(ofB)
    traces.w -= trace(ofW)
    traces.bb += traceOfProduct(ofB, ofB) - 2 * traceOfProduct(inverse, bb)
    traces.bw += traceOfProduct(ofB, ofW) - 2 * traceOfProduct(inverse, bw)
    traces.ww += traceOfProduct(ofW, ofW) - 2 * traceOfProduct(inverse, ww)
  }
  return {
    between: (b[p]![p]! - traces.b) / 2,
    within: (w[p]![p]! - traces.w) / 2,
    curvature: { bb: traces.bb / 2 - information.bb, ww: traces.ww / 2 - information.ww, bw: traces.bw / 2 - information.bw },
    information: { bb: information.bb / 2, ww: information.ww / 2, bw: information.bw / 2 },
  }
}

const trace = (matrix: Matrix) => matrix.reduce((sum, row, i) => sum + row[i]!, 0)

/** V_iV⁻¹x: by `within` V⁻¹x itself, by `between` the sum of it over the study, for each of its effects. */
function derivedOf({ flat: { variances }, members }: NestedModel, { between, within }: Components, x: Float64Array) {
  const derived = { between: new Float64Array(x.length), within: new Float64Array(x.length) }
  for (const study of members) {
    let [sum, mean] = [0, 0]
    for (const index of study) {
      const weight = 1 / (variances[index]! + within)
      sum += weight
      mean += weight * x[index]!
    }
    mean /= sum
    const shrunk = mean / (1 + between * sum)
    for (const index of study) {
      const rest = study.length === 1 ? 0 : x[index]! - mean
      derived.within[index] = (rest + shrunk) / (variances[index]! + within)
      derived.between[index] = shrunk * sum
    }
  }
  return derived
}

function dotsOf(vectors: readonly Float64Array[], positions: readonly number[]): Matrix {
  return vectors.map((left) => vectors.map((right) => positions.reduce((sum, index) => sum + left[index]! * right[index]!, 0)))
}

/** tr V⁻¹V_i and tr V⁻¹V_iV⁻¹V_j, from the entries of V⁻¹: w(1 + between (Σw − w)) / (1 + between Σw) on the diagonal. */
function tracesOf({ flat: { variances }, members }: NestedModel, { between, within }: Components) {
  const traces = { b: 0, w: 0, bb: 0, bw: 0, ww: 0 }
  for (const study of members) {
    let [sum, squares] = [0, 0]
    for (const index of study) {
      const weight = 1 / (variances[index]! + within)
      sum += weight
      squares += weight * weight
    }
    const shrunk = 1 / (1 + between * sum)
    for (const index of study) {
      const weight = 1 / (variances[index]! + within)
      const entry = weight * (1 + between * (sum - weight)) * shrunk
      traces.w += entry
      traces.ww += entry * entry + (between * shrunk * weight) ** 2 * (squares - weight * weight)
    }
    traces.b += sum * shrunk
    traces.bb += (sum * shrunk) ** 2
    traces.bw += squares * shrunk ** 2
  }
  return traces
}

/** 1′V⁻¹, in the order of the effects: what each counts towards a mean. */
export function nestedWeights({ flat, members }: NestedModel, { between, within }: Components): Float64Array {
  const weights = Float64Array.from(flat.variances, (variance) => 1 / (variance + within))
  for (const study of members) {
    const sum = study.reduce((total, index) => total + weights[index]!, 0)
    for (const index of study) weights[index]! /= 1 + between * sum
  }
  return weights
}
