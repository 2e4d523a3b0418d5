import { twoSidedNormalP } from './distributions.js'

export interface Pair {
  readonly x: number
  readonly y: number
}

export interface RankCorrelation {
  /** Kendall's τ_b: 1 where both rise together, −1 where one falls as the other rises. */
  readonly tau: number
  /** Two-sided. */
  readonly pValue: number
  /** Whether the p value is of the exact distribution, or of the normal that stands for it. */
  readonly isExact: boolean
}

/** The exact distribution takes k³ steps: a few milliseconds of these, a quarter of a second of a thousand. */
const usuallyExactUpTo = 200

/**
 * Kendall's rank correlation, in k log k steps.
 *
 * @param exactUpTo with more pairs than these, and with any ties, the p value is of the normal approximation
 * @returns null with fewer than two pairs, or where all x or all y are the same
 * @see Kendall (1938), Biometrika 30:81–93; Knight (1966), J American Statistical Association 61:436–439
 */
export function kendallCorrelation(pairs: readonly Pair[], exactUpTo = usuallyExactUpTo): RankCorrelation | null {
  const k = pairs.length
  const all = (k * (k - 1)) / 2
  const { score, ties, tiesOfX, tiesOfY } = scoreOf(pairs)
  const root = Math.sqrt(all - ties.x) * Math.sqrt(all - ties.y)
  if (!(root > 0)) return null
  const isExact = ties.x === 0 && ties.y === 0 && k <= exactUpTo
  const pValue = isExact ? exactP(k, (score + all) / 2) : twoSidedNormalP(score / Math.sqrt(varianceOfScore(k, tiesOfX, tiesOfY)))
  return { tau: score / root, pValue, isExact }
}

/** Concordant less discordant pairs, with the tied ones: from the exchanges that a merge sort by y makes of an order by x. */
function scoreOf(pairs: readonly Pair[]) {
  const byX = [...pairs].sort((a, b) => a.x - b.x || a.y - b.y)
  const isSameX = (index: number) => byX[index]!.x === byX[index - 1]!.x
  const isSame = (index: number) => isSameX(index) && byX[index]!.y === byX[index - 1]!.y
  const ys = Float64Array.from(byX, ({ y }) => y)
  const exchanges = sortCounting(ys)
  const [tiesOfX, tiesOfY] = [runs(ys.length, isSameX), runs(ys.length, (index) => ys[index] === ys[index - 1])]
  const tied = (groups: readonly number[]) => groups.reduce((sum, size) => sum + (size * (size - 1)) / 2, 0)
  const ties = { x: tied(tiesOfX), y: tied(tiesOfY), both: tied(runs(ys.length, isSame)) }
  const all = (pairs.length * (pairs.length - 1)) / 2
  return { score: all - ties.x - ties.y + ties.both - 2 * exchanges, ties, tiesOfX, tiesOfY }
}

/** Sizes of the groups of neighbours that are the same. */
function runs(count: number, isTiedWithOneBefore: (index: number) => boolean): number[] {
  const sizes: number[] = []
  for (let index = 0; index < count; index++) {
    if (index > 0 && isTiedWithOneBefore(index)) sizes[sizes.length - 1]! += 1
    else sizes.push(1)
  }
  return sizes
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

/** Two-sided p value of so many concordant pairs, from how many permutations of k have so few inversions. */
function exactP(k: number, concordant: number): number {
  const fewer = Math.round(Math.min(concordant, (k * (k - 1)) / 2 - concordant))
  // Shares instead of counts, which are beyond what a double holds; of n elements from those of n − 1, the new one being in any of n places.
  let [shares, next] = [new Float64Array(fewer + 1), new Float64Array(fewer + 1)]
  shares[0] = 1
  for (let n = 2; n <= k; n++) {
    let window = 0
    for (let inversions = 0; inversions <= fewer; inversions++) {
      window += shares[inversions]! - (inversions < n ? 0 : shares[inversions - n]!)
      next[inversions] = window / n
    }
    ;[shares, next] = [next, shares]
  }
  return Math.min(
    1,
    shares.reduce((sum, share) => sum + 2 * share, 0),
  )
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
