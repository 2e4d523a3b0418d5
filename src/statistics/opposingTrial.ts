import { poolEffects, type PoolingOptions, type StudyEffect } from './pooling.js'
import { findRoot } from './root.js'

export type OpposingTrial =
  /**
   * The largest variance, so the smallest trial, that brings the interval to include no effect; and whether every larger trial does so too. Under random
   * effects it need not: tau² changes with the size of the trial, and the interval can come clear of no effect again.
   */
  | { readonly outcome: 'FOUND'; readonly variance: number; readonly largerToo: boolean }
  /** The interval includes no effect without it. */
  | { readonly outcome: 'ALREADY' }
  /** No trial is large enough: under random effects even an endless one is one study among others. */
  | { readonly outcome: 'CANNOT' }

/** Variances looked at, from one too large to matter down to one that is as good as none, each this part of the one before. */
const stepDown = 0.7
const most = 1e4
/** Under random effects the weight of the further trial has then reached its bound; under a common effect it has none. */
const least = { RANDOM_EFFECTS: 1e-9, COMMON_EFFECT: 1e-30 } as const
/** Beyond these nothing can be pooled. */
const [smallestOfAll, largestOfAll] = [1e-69, 1e69]

/**
 * How precise one further trial would have to be, if it found `estimate`, for the pooled interval to include no effect, under the same options.
 *
 * Small trials are tried before large ones. By Hartung and Knapp's method a single
 * study becomes a pool of two with one degree of freedom, and nearly any further trial is enough.
 *
 * @param effects one or more, on a scale where no effect is 0
 * @param estimate of the further trial: 0 for no effect, or one on the other side
 * @throws {RangeError} if there is nothing to pool, or a number cannot be pooled
 * @throws {ConvergenceError} if tau² cannot be pinned down
 */
export function opposingTrial(effects: readonly StudyEffect[], estimate: number, options: PoolingOptions = {}): OpposingTrial {
  const now = poolEffects(effects, options)
  const side = Math.sign(now.estimate)
  /** How far the interval stays from no effect; not above 0 where it includes it. */
  const distance = ({ ciLower, ciUpper }: { readonly ciLower: number; readonly ciUpper: number }) => (side > 0 ? ciLower : -ciUpper)
  if (side === 0 || distance(now) <= 0) return { outcome: 'ALREADY' }
  const distanceWith = (logVariance: number) => distance(poolEffects([...effects, { estimate, variance: Math.exp(logVariance) }], options))
  const [smallest, largest] = extremesOf(effects)
  const [first, last] = [
    Math.log(Math.min(largestOfAll, most * largest)),
    Math.log(Math.max(smallestOfAll, least[options.model ?? 'RANDOM_EFFECTS'] * smallest)),
  ]
  let found: number | null = null
  for (let logVariance = first; logVariance > last; logVariance += Math.log(stepDown)) {
    const isClear = distanceWith(logVariance) > 0
    if (found !== null && isClear) return { outcome: 'FOUND', variance: Math.exp(found), largerToo: false }
    if (found !== null || isClear) continue
    const before = logVariance - Math.log(stepDown)
    found = logVariance === first ? first : findRoot(distanceWith, { lower: logVariance, upper: before, tolerance: 1e-9 })
  }
  return found === null ? { outcome: 'CANNOT' } : { outcome: 'FOUND', variance: Math.exp(found), largerToo: true }
}

function extremesOf(effects: readonly StudyEffect[]): [smallest: number, largest: number] {
  let [smallest, largest] = [Infinity, 0]
  for (const { variance } of effects) {
    smallest = Math.min(smallest, variance)
    largest = Math.max(largest, variance)
  }
  return [smallest, largest]
}
