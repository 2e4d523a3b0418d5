import { ConvergenceError } from './convergence.js'

export interface Bracket {
  readonly lower: number
  readonly upper: number
  /** How close to the root the answer must be. */
  readonly tolerance: number
}

const maxSteps = 200

/**
 * The root of a continuous function that changes its sign in the bracket, by Brent's method.
 *
 * @throws {RangeError} if the function has the same sign at both ends
 * @throws {ConvergenceError} if 200 steps are not enough
 * @see Brent (1973), Algorithms for Minimization without Derivatives, ch. 4
 */
export function findRoot(valueAt: (x: number) => number, { lower, upper, tolerance }: Bracket): number {
  let [best, bestValue] = [upper, valueAt(upper)]
  let [before, beforeValue] = [lower, valueAt(lower)]
  if (beforeValue === 0) return lower
  if (bestValue === 0) return upper
  if (beforeValue > 0 === bestValue > 0)
    throw new RangeError(`a root is sought between values of opposite signs, got ${beforeValue} at ${lower} and ${bestValue} at ${upper}`)
  let [opposite, oppositeValue] = [before, beforeValue]
  let step = best - before
  let stepBefore = step
  for (let round = 0; round < maxSteps; round++) {
    if (Math.abs(oppositeValue) < Math.abs(bestValue)) {
      ;[before, best, opposite] = [best, opposite, best]
      ;[beforeValue, bestValue, oppositeValue] = [bestValue, oppositeValue, bestValue]
    }
    const close = 2 * Number.EPSILON * Math.abs(best) + tolerance / 2
    const half = (opposite - best) / 2
    if (Math.abs(half) <= close || bestValue === 0) return best
    const guess = Math.abs(stepBefore) >= close && Math.abs(beforeValue) > Math.abs(bestValue) ? interpolated() : null
    if (
      guess !== null &&
      2 * guess.numerator < Math.min(3 * half * guess.denominator - Math.abs(close * guess.denominator), Math.abs(stepBefore * guess.denominator))
    ) {
      stepBefore = step
      step = guess.numerator / guess.denominator
    } else {
      step = half
      stepBefore = half
    }
    before = best
    beforeValue = bestValue
    best += Math.abs(step) > close ? step : half > 0 ? close : -close
    bestValue = valueAt(best)
    if (bestValue > 0 === oppositeValue > 0) {
      ;[opposite, oppositeValue] = [before, beforeValue]
      step = best - before
      stepBefore = step
    }
  }
  throw new ConvergenceError(`no root was found between ${lower} and ${upper} in ${maxSteps} steps`)

  /** Secant where two points are known, else the inverse quadratic through three; as a fraction with a positive numerator. */
  function interpolated() {
    const half = (opposite - best) / 2
    const ratio = bestValue / beforeValue
    let [numerator, denominator] = [2 * half * ratio, 1 - ratio]
    if (before !== opposite) {
      const [q, r] = [beforeValue / oppositeValue, bestValue / oppositeValue]
      numerator = ratio * (2 * half * q * (q - r) - (best - before) * (r - 1))
      denominator = (q - 1) * (r - 1) * (ratio - 1)
    }
    return numerator > 0 ? { numerator, denominator: -denominator } : { numerator: -numerator, denominator }
  }
}
