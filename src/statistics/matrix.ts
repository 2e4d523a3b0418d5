/** Small dense matrices, by rows: of a few coefficients, or of the effects of one study. */
export type Matrix = number[][]

type Rows = readonly (readonly number[])[]

export const square = (size: number): Matrix => Array.from({ length: size }, () => new Array<number>(size).fill(0))
export const transposed = (matrix: Rows): Matrix => (matrix[0] ?? []).map((_, column) => matrix.map((row) => row[column]!))
export const product = (left: Rows, right: Rows): Matrix =>
  left.map((row) => (right[0] ?? []).map((_, column) => row.reduce((sum, value, inner) => sum + value * right[inner]![column]!, 0)))
/** tr(AB). */
export const traceOfProduct = (left: Rows, right: Rows): number =>
  left.reduce((trace, row, i) => row.reduce((sum, value, j) => sum + value * right[j]![i]!, trace), 0)
/** x′Ay. */
export const bilinear = (x: readonly number[], matrix: Rows, y: readonly number[]): number =>
  matrix.reduce((total, row, i) => total + x[i]! * row.reduce((sum, value, j) => sum + value * y[j]!, 0), 0)

/** Of an upper triangle. */
export function inverseOfTriangle(triangle: Rows): Matrix {
  const p = triangle.length
  const inverse = square(p)
  for (let j = 0; j < p; j++) {
    inverse[j]![j] = 1 / triangle[j]![j]!
    for (let i = j - 1; i >= 0; i--) {
      let sum = 0
      for (let inner = i + 1; inner <= j; inner++) sum += triangle[i]![inner]! * inverse[inner]![j]!
      inverse[i]![j] = -sum / triangle[i]![i]!
    }
  }
  return inverse
}

/**
 * The upper triangle R with R′R = `matrix` (Cholesky), and the logarithm of the determinant.
 *
 * @returns null where the matrix is not positive definite
 */
export function choleskyOf(matrix: Rows): { readonly triangle: Matrix; readonly logDeterminant: number } | null {
  const p = matrix.length
  const triangle = square(p)
  let logDeterminant = 0
  for (let j = 0; j < p; j++) {
    for (let i = 0; i <= j; i++) {
      let rest = matrix[i]![j]!
      for (let inner = 0; inner < i; inner++) rest -= triangle[inner]![i]! * triangle[inner]![j]!
      if (i < j) triangle[i]![j] = rest / triangle[i]![i]!
      else {
        if (!(rest > 0)) return null
        triangle[j]![j] = Math.sqrt(rest)
        logDeterminant += Math.log(rest)
      }
    }
  }
  return { triangle, logDeterminant }
}

/**
 * The inverse of X′WX, and the logarithm of its determinant.
 *
 * @throws {RangeError} if the columns cannot be told apart
 */
export function inverseOfPositive(matrix: Rows): { inverse: Matrix; logDeterminant: number } {
  const cholesky = choleskyOf(matrix)
  if (cholesky === null) throw new RangeError('the moderators cannot be told apart with these weights: leave some out')
  const back = inverseOfTriangle(cholesky.triangle)
  return { inverse: product(back, transposed(back)), logDeterminant: cholesky.logDeterminant }
}

const mostSweeps = 60

/**
 * Eigenvalues, and for each its eigenvector of length one, by Jacobi's rotations: unlike faster methods they keep the digits of the small
 * eigenvalues of a matrix whose diagonal spans orders of magnitude.
 *
 * @see Demmel & Veselić (1992), SIAM J Matrix Analysis and Applications 13:1204–1245
 */
export function eigenOfSymmetric(symmetric: Rows): { readonly value: number; readonly vector: readonly number[] }[] {
  const a = symmetric.map((row) => [...row])
  // Rows are turned and not columns, so that in the end each row is an eigenvector.
  const vectors = square(a.length)
  vectors.forEach((row, i) => (row[i] = 1))
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let turned = false
    for (let i = 0; i < a.length - 1; i++) {
      for (let j = i + 1; j < a.length; j++) {
        const [ii, jj, ij] = [a[i]![i]!, a[j]![j]!, a[i]![j]!]
        if (Math.abs(ij) <= Number.EPSILON * Math.sqrt(Math.abs(ii * jj))) continue
        turned = true
        const theta = (jj - ii) / (2 * ij)
        const tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const cosine = 1 / Math.sqrt(tangent * tangent + 1)
        const turn = { cosine, sine: tangent * cosine }
        for (const row of a) turnPair(row, i, row, j, turn)
        turnRows(a[i]!, a[j]!, turn)
        turnRows(vectors[i]!, vectors[j]!, turn)
      }
    }
    if (!turned) break
  }
  return vectors.map((vector, i) => ({ value: a[i]![i]!, vector }))
}

interface Turn {
  readonly cosine: number
  readonly sine: number
}

function turnPair(left: number[], i: number, right: number[], j: number, { cosine, sine }: Turn): void {
  const [x, y] = [left[i]!, right[j]!]
  left[i] = cosine * x - sine * y
  right[j] = sine * x + cosine * y
}

function turnRows(left: number[], right: number[], turn: Turn): void {
  for (let i = 0; i < left.length; i++) turnPair(left, i, right, i, turn)
}
