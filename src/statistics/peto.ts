import type { EventArm } from './binary.js'
import { type Compared, eventTable, fixedPool, type FixedPoolingOptions, heterogeneityOfQ } from './mantelHaenszel.js'
import type { PooledEffect } from './pooling.js'

/**
 * Pools raw counts of trials under a common odds ratio, by Peto's one step: events observed less expected, over their hypergeometric variance.
 *
 * Fit for rare events, arms of like size and small effects, and biased otherwise. A trial without events, or without non-events, in both arms has
 * variance 0: it weighs nothing, is left out of Q, and counts in `k` all the same.
 *
 * @returns logarithm of the odds ratio
 * @throws {RangeError} if there is no trial, counts are impossible, or no trial has both events and non-events
 * @see Yusuf, Peto, Lewis, Collins & Sleight (1985), Progress in Cardiovascular Diseases 27:335–371
 */
export function poolPeto(trials: readonly Compared<EventArm>[], options: FixedPoolingOptions = {}): PooledEffect {
  if (trials.length === 0) throw new RangeError('there is nothing to pool: no trial was given')
  const rows = trials.map((trial) => {
    const { a, b, c, d, n1, n2, n } = eventTable(trial)
    // A single participant has no variance, and n − 1 would divide by zero; effective numbers of a clustered trial can be below 2.
    const variance = n > 1 ? (((n1 * (a + c)) / n) * ((n2 * (b + d)) / n)) / (n - 1) : 0
    return { excess: a - (n1 * (a + c)) / n, variance }
  })
  let [excess, variance, q, informative] = [0, 0, 0, 0]
  for (const row of rows) {
    if (row.variance === 0) continue
    excess += row.excess
    variance += row.variance
    informative++
  }
  if (informative === 0) throw new RangeError('nobody, or everybody, had the event in both arms of each trial: the odds ratio cannot be determined')
  const estimate = excess / variance
  for (const row of rows) if (row.variance > 0) q += row.variance * (row.excess / row.variance - estimate) ** 2
  return fixedPool({ estimate, variance: 1 / variance, weights: rows.map((row) => row.variance), ...options }, heterogeneityOfQ(q, informative))
}
