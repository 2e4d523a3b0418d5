import { heterogeneityOfQ, poolMantelHaenszel, type Compared, type MantelHaenszelOptions } from './mantelHaenszel.js'
import type { EventArm } from './binary.js'
import { poolEffects, type IntervalMethod, type PooledEffect, type StudyEffect } from './pooling.js'

export interface MantelHaenszelTrial extends StudyEffect, Compared<EventArm> {}

export interface MantelHaenszelRandomOptions extends MantelHaenszelOptions {
  readonly interval?: IntervalMethod
}

/**
 * Pools trials under random effects as older programs for reviews do: tau² is DerSimonian and Laird's, but from a Q that is taken about the estimate of
 * Mantel and Haenszel instead of that of inverse variance. Q, its p value and I² are that Q's. Of use to reproduce such a review, and for nothing else:
 * this Q is never smaller than the usual one, and so is tau².
 *
 * @param trials effects on the analysis scale of the measure, each with its counts
 * @returns on the analysis scale
 * @throws {RangeError} as poolMantelHaenszel and poolEffects do
 * @see Deeks & Higgins (2010), Statistical algorithms in Review Manager 5, on random-effects methods for dichotomous outcomes
 */
export function poolMantelHaenszelRandom(
  trials: readonly MantelHaenszelTrial[],
  measure: 'OR' | 'RR' | 'RD',
  { interval, ...options }: MantelHaenszelRandomOptions = {},
): PooledEffect {
  const { estimate: common } = poolMantelHaenszel(trials, measure, options)
  const weights = trials.map(({ variance }) => 1 / variance)
  const sumOfWeights = sum(weights)
  const q = sum(trials.map(({ estimate, variance }) => (estimate - common) ** 2 / variance))
  const about = heterogeneityOfQ(q, trials.length)
  const tau2 = about === null ? 0 : Math.max(0, (q - about.df) / (sumOfWeights - sum(weights.map((weight) => weight ** 2)) / sumOfWeights))
  const pooled = poolEffects(trials, { ...options, interval: interval ?? 'WALD', tau2 })
  return { ...pooled, heterogeneity: about && { ...about, tau2 } }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
