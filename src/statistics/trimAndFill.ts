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

const mostRounds = 100

/**
 * How many studies a symmetric funnel would have more, by the estimator L0, and the pool with them. A sensitivity analysis: it supposes that asymmetry
 * comes of unpublished studies, which it need not.
 *
 * @param effects at least three
 * @throws {RangeError} with fewer than three effects
 * @throws {ConvergenceError} if the number of missing studies does not settle
 * @see Duval & Tweedie (2000), Biometrics 56:455–463
 */
export function trimAndFill(effects: readonly StudyEffect[], options: PoolingOptions = {}): TrimAndFill {
  if (effects.length < 3) throw new RangeError(`trim and fill needs three effects, got ${effects.length}`)
  const side = sideOf(effects, options)
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
    next = missingBy(sorted, centre)
  }
  const imputed = sorted.slice(sorted.length - missing).map(({ estimate, variance }) => ({ estimate: sign * (2 * centre - estimate), variance }))
  return { side, imputed, pooled: poolEffects([...effects, ...imputed], options) }
}

/** Small studies with larger effects lack counterparts on the left, and the other way round. */
function sideOf(effects: readonly StudyEffect[], options: PoolingOptions): 'left' | 'right' {
  const standardErrors = effects.map(({ variance }) => Math.sqrt(variance))
  if (standardErrors.every((value) => Math.abs(value - standardErrors[0]!) <= 1e-9 * value)) return 'right'
  const slope = regressEffects(
    effects,
    standardErrors.map((standardError) => [1, standardError]),
    options,
  ).coefficients[1]?.estimate
  return slope !== undefined && slope > 0 ? 'left' : 'right'
}

/** L0: from the ranks, by distance from the centre, of the effects above it; found by merging the two sides, which are in order already. */
function missingBy(sorted: readonly StudyEffect[], centre: number): number {
  const k = sorted.length
  let above = 0
  while (above < k && sorted[above]!.estimate <= centre) above++
  let [below, ranksAbove] = [above - 1, 0]
  for (let rank = 1; rank <= k; rank++) {
    // Of equal distances the one below comes first.
    if (below >= 0 && (above >= k || centre - sorted[below]!.estimate <= sorted[above]!.estimate - centre)) below--
    else {
      ranksAbove += rank
      above++
    }
  }
  return Math.min(k - 1, Math.max(0, roundedToEven((4 * ranksAbove - k * (k + 1)) / (2 * k - 1))))
}

/** A half goes to the even neighbour. */
function roundedToEven(value: number): number {
  const below = Math.floor(value)
  if (value - below !== 0.5) return Math.round(value)
  return below % 2 === 0 ? below : below + 1
}
