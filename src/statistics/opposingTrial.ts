import { poolEffects, type PoolingOptions, type StudyEffect } from './pooling.js'
import { findRoot } from './root.js'

export type OpposingTrial =
  /** The largest variance, so the smallest trial, that brings the interval to include no effect. */
  | { readonly outcome: 'FOUND'; readonly variance: number }
  /** The interval includes no effect without it. */
  | { readonly outcome: 'ALREADY' }
  /** No trial is large enough: under random effects even an endless one is one study among others. */
  | { readonly outcome: 'CANNOT' }

/** Variances looked at, from one too large to matter down to none, each this part of the one before. */
const stepDown = 0.7
const [least, most] = [1e-9, 1e4]

/**
 * How precise one further trial would have to be, if it found `estimate`, for the pooled interval to include no effect.
 *
 * @param effects one or more, on a scale where no effect is 0
 * @param estimate of the further trial: 0 for no effect, or one on the other side
 * @throws {RangeError} and ConvergenceError as `poolEffects`
 */
export function opposingTrial(effects: readonly StudyEffect[], estimate: number, options: PoolingOptions = {}): OpposingTrial {
  const now = poolEffects(effects, options)
  const side = Math.sign(now.estimate)
  /** How far the interval stays from no effect; not above 0 where it includes it. */
  const distance = ({ ciLower, ciUpper }: { readonly ciLower: number; readonly ciUpper: number }) => (side > 0 ? ciLower : -ciUpper)
  if (side === 0 || distance(now) <= 0) return { outcome: 'ALREADY' }
  const distanceWith = (logVariance: number) => distance(poolEffects([...effects, { estimate, variance: Math.exp(logVariance) }], options))
  const variances = effects.map(({ variance }) => variance)
  let larger = Math.log(most * Math.max(...variances))
  for (let smaller = larger; smaller > Math.log(least * Math.min(...variances)); smaller += Math.log(stepDown)) {
    if (distanceWith(smaller) <= 0) {
      if (smaller === larger) return { outcome: 'FOUND', variance: Math.exp(smaller) }
      return { outcome: 'FOUND', variance: Math.exp(findRoot(distanceWith, { lower: smaller, upper: larger, tolerance: 1e-9 })) }
    }
    larger = smaller
  }
  return { outcome: 'CANNOT' }
}
