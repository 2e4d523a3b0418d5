import { tellsApart } from './asymmetry.js'
import { ConvergenceError } from './convergence.js'
import type { StudyEffect } from './linearModel.js'
import { regressEffects } from './metaRegression.js'
import { poolEffects, type PooledEffect, type PoolingOptions } from './pooling.js'

export interface TrimAndFill {
  /** Where studies are missing in a funnel plot. */
  readonly side: 'left' | 'right'
  /** Mirror images of as many studies as are missing. */
  readonly imputed: readonly StudyEffect[]
  /** All of them, pooled by the same options. */
  readonly pooled: PooledEffect
}

/** L0 and R0 are Duval and Tweedie's choice: Q0 varies more than L0, and with many studies missing does not exist. */
export type MissingEstimator = 'L0' | 'R0' | 'Q0'

export interface TrimAndFillOptions extends PoolingOptions {
  /** L0 where it is left out. */
  readonly missingBy?: MissingEstimator
  /** Where studies are supposed to be missing; where it is left out, opposite the small studies. */
  readonly side?: 'left' | 'right'
}

const mostRounds = 100

/**
 * How many studies a symmetric funnel would have more, and the pool with them. A sensitivity analysis: it supposes that asymmetry
 * comes of unpublished studies, which it need not.
 *
 * @param effects at least three
 * @throws {RangeError} with fewer than three effects
 * @throws {ConvergenceError} if the number of missing studies does not settle, or by Q0 does not exist
 * @see Duval & Tweedie (2000), Biometrics 56:455–463, and J American Statistical Association 95:89–98
 */
export function trimAndFill(effects: readonly StudyEffect[], { missingBy = 'L0', side: givenSide, ...options }: TrimAndFillOptions = {}): TrimAndFill {
  if (effects.length < 3) throw new RangeError(`trim and fill needs three effects, got ${effects.length}`)
  const side = givenSide ?? sideOf(effects, options)
  // Turned so that what is missing is on the left: the largest effects are the ones without a counterpart.
  const sign = side === 'left' ? 1 : -1
  const sorted = effects.map(({ estimate, variance }) => ({ estimate: sign * estimate, variance })).sort((a, b) => a.estimate - b.estimate)
  let [missing, centre] = [-1, 0]
  let tau2: number | undefined
  for (let [next, round] = [0, 0]; next !== missing; round++) {
    if (round >= mostRounds) throw new ConvergenceError(`the number of missing studies did not settle in ${mostRounds} rounds of trim and fill`)
    missing = next
    const trimmed = poolEffects(sorted.slice(0, sorted.length - missing), { ...options, expectedTau2: tau2 })
    ;[centre, tau2] = [trimmed.estimate, trimmed.heterogeneity?.tau2]
    next = Math.min(sorted.length - 1, Math.max(0, missingFrom[missingBy](ranksAbove(sorted, centre))))
  }
  const imputed = sorted.slice(sorted.length - missing).map(({ estimate, variance }) => ({ estimate: sign * (2 * centre - estimate), variance }))
  return { side, imputed, pooled: poolEffects([...effects, ...imputed], options) }
}

/** Small studies with larger effects lack counterparts on the left, and the other way round; on the right where size does not tell studies apart. */
function sideOf(effects: readonly StudyEffect[], options: PoolingOptions): 'left' | 'right' {
  const standardErrors = effects.map(({ variance }) => Math.sqrt(variance))
  if (!tellsApart(effects, standardErrors)) return 'right'
  const slope = regressEffects(
    effects,
    standardErrors.map((standardError) => [1, standardError]),
    options,
  ).coefficients[1]?.estimate
  return slope !== undefined && slope > 0 ? 'left' : 'right'
}

interface RanksAbove {
  readonly k: number
  /** Of all effects' ranks by distance from the centre, the sum of those above it. */
  readonly sum: number
  /** How many effects above it are farther away than any below. */
  readonly farthest: number
}

/** Found by merging the two sides, which are in order already. */
function ranksAbove(sorted: readonly StudyEffect[], centre: number): RanksAbove {
  const k = sorted.length
  let above = 0
  while (above < k && sorted[above]!.estimate <= centre) above++
  let [below, sum, farthest] = [above - 1, 0, 0]
  for (let rank = 1; rank <= k; rank++) {
    // Of equal distances the one below comes first.
    if (below >= 0 && (above >= k || centre - sorted[below]!.estimate <= sorted[above]!.estimate - centre)) {
      below--
      farthest = 0
    } else {
      above++
      sum += rank
      farthest++
    }
  }
  return { k, sum, farthest }
}

const missingFrom: Readonly<Record<MissingEstimator, (ranks: RanksAbove) => number>> = {
  L0: ({ k, sum }) => roundedToEven((4 * sum - k * (k + 1)) / (2 * k - 1)),
  R0: ({ farthest }) => farthest - 1,
  Q0: ({ k, sum }) => {
    const square = 2 * k * k - 4 * sum + 1 / 4
    if (square < 0) throw new ConvergenceError('Q0 does not exist for these effects, nearly all of which lie on one side: use L0 or R0')
    return roundedToEven(k - 1 / 2 - Math.sqrt(square))
  },
}

/** A half goes to the even neighbour. */
function roundedToEven(value: number): number {
  const below = Math.floor(value)
  if (value - below !== 0.5) return Math.round(value)
  return below % 2 === 0 ? below : below + 1
}
