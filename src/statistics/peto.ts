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

/** Whether Peto's method is near the odds ratio that it estimates. */
export interface PetoDomain {
  readonly isWithin: boolean
  /** Participants of the larger arm over those of the smaller, in the trial where they differ most. */
  readonly largestArmRatio: number
  /**
   * The odds ratio at which Peto's method would give this estimate if events are rare and arms as they are here; null if none would.
   */
  readonly impliedOddsRatio: number | null
}

/** Arms that differ more than this, or effects further from 1 than the odds ratio here, are outside what the method is recommended for. */
const petoLimits = { armRatio: 3, logOddsRatio: Math.log(3), relativeBias: 0.1 } as const

/**
 * Whether arms are alike enough and the effect small enough for Peto's method.
 *
 * Where events are rare it converges not to ln ψ but to (ψ − 1) / (1 + f (ψ − 1)), f being the share of participants in the intervention arm; that is within
 * a tenth of ln ψ between odds ratios of about 1/3 and 3 if arms are alike, and within much less if they are not. It is outside its domain if this differs
 * from ln ψ by more than a tenth, if ψ lies beyond 1/3 to 3, or if the arms of most participants differ by more than 3 to 1.
 *
 * @param trials at least one
 * @param logOddsRatio the estimate by Peto's method
 * @see Greenland & Salvan (1990), Statistics in Medicine 9:247–252, on its bias; Brockhaus, Grouven & Bender (2016), Biometrical Journal 58:1428–1444
 *   (PMID 27546483): its coverage fails with larger effects and unbalanced arms
 */
export function petoDomain(trials: readonly Compared<EventArm>[], logOddsRatio: number): PetoDomain {
  const tables = trials.map(eventTable)
  const ratios = tables.map(({ n1, n2 }) => Math.max(n1, n2) / Math.min(n1, n2))
  const everybody = tables.reduce((sum, { n }) => sum + n, 0)
  const unlike = tables.reduce((sum, { n }, index) => sum + (ratios[index]! > petoLimits.armRatio ? n : 0), 0)
  const share = tables.reduce((sum, { n1 }) => sum + n1, 0) / everybody
  const left = 1 - share * logOddsRatio
  const implied = left > 0 ? 1 + logOddsRatio / left : -1
  const impliedOddsRatio = implied > 0 ? implied : null
  const truth = impliedOddsRatio === null ? NaN : Math.log(impliedOddsRatio)
  const isNear = Math.abs(logOddsRatio - truth) <= petoLimits.relativeBias * Math.abs(truth) && Math.abs(truth) <= petoLimits.logOddsRatio
  return { isWithin: isNear && unlike <= everybody / 2, largestArmRatio: ratios.reduce((most, ratio) => Math.max(most, ratio), 1), impliedOddsRatio }
}
