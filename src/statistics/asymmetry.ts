import { twoSidedNormalP } from './distributions.js'
import type { StudyEffect } from './linearModel.js'
import { regressEffects } from './metaRegression.js'

/** A test of whether small studies show other effects than large ones. */
export interface AsymmetryTest {
  readonly statistic: number
  /** Of the t distribution; null where the statistic has none. */
  readonly df: number | null
  /** Two-sided. */
  readonly pValue: number
  /** What a study without any error would show, on the analysis scale; null where the test does not tell. */
  readonly estimate: number | null
  readonly method: string
}

/**
 * Egger's test: effects regressed on their standard errors, weighted by inverse variance, with a residual variance of its own.
 *
 * @param effects on one analysis scale
 * @returns null with fewer than three effects, where all have one standard error, or where the line fits them without error
 * @see Egger, Davey Smith, Schneider & Minder (1997), BMJ 315:629–634; Sterne & Egger (2005), in: Publication Bias in Meta-Analysis, ch. 6
 */
export function eggerTest(effects: readonly StudyEffect[]): AsymmetryTest | null {
  const standardErrors = effects.map(({ variance }) => Math.sqrt(variance))
  if (effects.length < 3 || isConstant(standardErrors)) return null
  // A common effect whose interval is scaled by the residual variance is weighted least squares.
  const { coefficients, df, qe } = regressEffects(
    effects,
    standardErrors.map((standardError) => [1, standardError]),
    { model: 'COMMON_EFFECT', interval: 'HKSJ' },
  )
  const [limit, slope] = coefficients
  // A sum of squares that rounding alone leaves is no error.
  const whole = effects.reduce((sum, { estimate, variance }) => sum + estimate ** 2 / variance, 0)
  if (limit === undefined || slope === undefined || qe <= 1e-24 * whole) return null
  return {
    statistic: slope.statistic,
    df,
    pValue: slope.pValue,
    estimate: limit.estimate,
    method: 'Egger: weighted regression on the standard error, t test of its slope',
  }
}

const isConstant = (values: readonly number[]) => values.every((value) => Math.abs(value - values[0]!) <= 1e-9 * Math.abs(values[0]!))

/** With more studies, or with ties, the normal approximation takes the place of the exact distribution. */
const mostForExact = 49

/**
 * Begg and Mazumdar's test: Kendall's rank correlation of the effects, standardised by their distance from the common effect, with their variances.
 *
 * @returns null with fewer than two effects, or where all have one variance
 * @see Begg & Mazumdar (1994), Biometrics 50:1088–1101; Kendall (1938), Biometrika 30:81–93; Knight (1966), J American Statistical Association 61:436–439
 */
export function rankTest(effects: readonly StudyEffect[]): AsymmetryTest | null {
  const k = effects.length
  if (k < 2) return null
  let [sumOfWeights, weighted] = [0, 0]
  for (const { estimate, variance } of effects) {
    sumOfWeights += 1 / variance
    weighted += estimate / variance
  }
  const mean = weighted / sumOfWeights
  const pairs = effects.map(({ estimate, variance }) => ({ x: (estimate - mean) / Math.sqrt(variance - 1 / sumOfWeights), y: variance }))
  const { score, ties, tiesOfX, tiesOfY } = kendall(pairs)
  const all = (k * (k - 1)) / 2
  const root = Math.sqrt(all - ties.x) * Math.sqrt(all - ties.y)
  if (!(root > 0)) return null
  const exact = ties.x === 0 && ties.y === 0 && k <= mostForExact
  return {
    statistic: score / root,
    df: null,
    pValue: exact ? exactKendallP(k, (score + all) / 2) : twoSidedNormalP(score / Math.sqrt(varianceOfScore(k, tiesOfX, tiesOfY))),
    estimate: null,
    method: `Begg and Mazumdar: Kendall’s tau of standardised effects and variances, ${exact ? 'exact' : 'normal approximation'}`,
  }
}

interface Pair {
  readonly x: number
  readonly y: number
}

/** Concordant less discordant pairs, with the tied ones, in k log k steps: exchanges that a merge sort by y makes of an order by x. */
function kendall(pairs: readonly Pair[]) {
  const byX = [...pairs].sort((a, b) => a.x - b.x || a.y - b.y)
  const tiesOfX = runs(byX.map(({ x }) => x))
  const tiesOfBoth = runsOfPairs(byX)
  const ys = Float64Array.from(byX, ({ y }) => y)
  const exchanges = sortCounting(ys)
  const tiesOfY = runs([...ys])
  const tied = (groups: readonly number[]) => groups.reduce((sum, size) => sum + (size * (size - 1)) / 2, 0)
  const ties = { x: tied(tiesOfX), y: tied(tiesOfY), both: tied(tiesOfBoth) }
  const all = (pairs.length * (pairs.length - 1)) / 2
  return { score: all - ties.x - ties.y + ties.both - 2 * exchanges, ties, tiesOfX, tiesOfY }
}

/** Sizes of the groups of equal neighbours. */
function runs(sorted: readonly number[]): number[] {
  const sizes: number[] = []
  sorted.forEach((value, index) => {
    if (index > 0 && value === sorted[index - 1]) sizes[sizes.length - 1]! += 1
    else sizes.push(1)
  })
  return sizes
}

function runsOfPairs(sorted: readonly Pair[]): number[] {
  const numbers = sorted.map(() => 0)
  for (let i = 1; i < sorted.length; i++) numbers[i] = numbers[i - 1]! + (sorted[i]!.x === sorted[i - 1]!.x && sorted[i]!.y === sorted[i - 1]!.y ? 0 : 1)
  return runs(numbers)
}

/** Sorts in place, and counts the exchanges of neighbours that it takes. */
function sortCounting(values: Float64Array<ArrayBuffer>): number {
  let [from, to] = [values, new Float64Array(values.length)]
  let exchanges = 0
  for (let width = 1; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      const [middle, end] = [Math.min(start + width, values.length), Math.min(start + 2 * width, values.length)]
      let [left, right] = [start, middle]
      for (let place = start; place < end; place++) {
        if (left < middle && (right >= end || from[left]! <= from[right]!)) to[place] = from[left++]!
        else {
          exchanges += middle - left
          to[place] = from[right++]!
        }
      }
    }
    ;[from, to] = [to, from]
  }
  if (from !== values) values.set(from)
  return exchanges
}

/** Two-sided p value of so many concordant pairs, from the number of permutations with so few inversions. */
function exactKendallP(k: number, concordant: number): number {
  const all = (k * (k - 1)) / 2
  // Shares instead of counts: 49! is beyond what a double holds exactly.
  let shares = [1]
  for (let n = 2; n <= k; n++) {
    const next = new Array<number>((n * (n - 1)) / 2 + 1).fill(0)
    let window = 0
    for (let inversions = 0; inversions < next.length; inversions++) {
      window += shares[inversions] ?? 0
      window -= shares[inversions - n] ?? 0
      next[inversions] = window / n
    }
    shares = next
  }
  const fewer = Math.min(concordant, all - concordant)
  let tail = 0
  for (let inversions = 0; inversions <= Math.round(fewer); inversions++) tail += shares[inversions] ?? 0
  return Math.min(1, 2 * tail)
}

/** Kendall (1970), Rank Correlation Methods, ch. 4: variance of the score, with ties. */
function varianceOfScore(k: number, tiesOfX: readonly number[], tiesOfY: readonly number[]): number {
  const sum = (groups: readonly number[], term: (size: number) => number) => groups.reduce((total, size) => total + term(size), 0)
  const pairs = (size: number) => size * (size - 1)
  const spread = (size: number) => pairs(size) * (2 * size + 5)
  const triples = (size: number) => pairs(size) * (size - 2)
  return (
    (spread(k) - sum(tiesOfX, spread) - sum(tiesOfY, spread)) / 18 +
    (sum(tiesOfX, pairs) * sum(tiesOfY, pairs)) / (2 * pairs(k)) +
    (k > 2 ? (sum(tiesOfX, triples) * sum(tiesOfY, triples)) / (9 * triples(k)) : 0)
  )
}
