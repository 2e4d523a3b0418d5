import { type EventArm, oddsRatio, riskDifference, riskRatio } from './binary.js'
import { chiSquaredUpperTail, criticalValue } from './distributions.js'
import { type EffectResult, requireAtLeast, requirePositive } from './effectSize.js'
import { type Heterogeneity, type PooledEffect, testOf } from './pooling.js'
import { incidenceRateRatio, type RateArm } from './rates.js'

/** What the two arms of one trial saw. */
export interface Compared<Arm> {
  readonly intervention: Arm
  readonly comparator: Arm
}

export interface FixedPoolingOptions {
  /** Of the interval, between 0 and 1; 0.95 where it is left out. */
  readonly level?: number
}

/** What to do with a trial that has an empty cell: `ADD_HALF` adds 0.5 to its four cells, unless both arms agree that nobody or everybody had the event. */
export type EmptyCells = 'AS_THEY_ARE' | 'ADD_HALF'

export interface MantelHaenszelOptions extends FixedPoolingOptions {
  readonly emptyCells?: EmptyCells
}

/**
 * Pools raw counts of trials under a common effect, by Mantel and Haenszel. No cell is corrected, unless `emptyCells` says so, as older reviews did: a
 * trial without events in one arm enters as it is.
 *
 * A trial without events, or without non-events, in both arms weighs nothing in a ratio (of risks: without events) and counts in `k` all the same.
 * Q, and I² of it, compare the single trials with the pool by inverse variance; there 0.5 is added to the cells of a trial where one is zero, and
 * trials without events, or without non-events, in both arms are left out. So does metafor, and for risk differences too.
 *
 * @returns on the analysis scale: logarithms of odds and risk ratios, differences of risks as shares
 * @throws {RangeError} if there is no trial, counts are impossible, or the trials together do not determine the measure: no events in an arm
 * @see Robins, Breslow & Greenland (1986), Biometrics 42:311–323, on the odds ratio; Greenland & Robins (1985), Biometrics 41:55–68, on the risk ratio;
 *   Sato, Greenland & Robins (1989), Biometrics 45:1323–1324, on the risk difference
 *
 * @example
 * const trial = { intervention: { events: 4, total: 123 }, comparator: { events: 11, total: 139 } }
 * poolMantelHaenszel([trial], 'OR').estimate // ln 0.3911…
 */
export function poolMantelHaenszel(trials: readonly Compared<EventArm>[], measure: 'OR' | 'RR' | 'RD', options: MantelHaenszelOptions = {}): PooledEffect {
  requireSome(trials)
  const tables = trials.map((trial) => eventTable(options.emptyCells === 'ADD_HALF' ? withoutEmptyCells(trial) : trial))
  const { estimate, variance, weights } = ofTables[measure](tables)
  return fixedPool({ estimate, variance, weights, ...options }, heterogeneityAround(estimate, trials.map(correctedEffect[measure])))
}

/**
 * Pools counts over time at risk under a common incidence rate ratio, by Mantel and Haenszel. Q as for the other measures.
 *
 * @returns logarithm of the ratio
 * @throws {RangeError} if there is no trial, counts are impossible, or one arm of all trials together saw no event
 * @see Greenland & Robins (1985), Biometrics 41:55–68
 */
export function poolMantelHaenszelRates(trials: readonly Compared<RateArm>[], options: FixedPoolingOptions = {}): PooledEffect {
  requireSome(trials)
  const effects = trials.map(({ intervention, comparator }) => incidenceRateRatio(intervention, comparator))
  const rows = trials.map(({ intervention: { events: x1, time: t1 }, comparator: { events: x2, time: t2 } }) => ({
    numerator: (x1 * t2) / (t1 + t2),
    denominator: (x2 * t1) / (t1 + t2),
    spread: ((x1 + x2) * t1 * t2) / (t1 + t2) ** 2,
  }))
  const { estimate, variance } = logOfRatio(rows)
  return fixedPool({ estimate, variance, weights: rows.map(({ denominator }) => denominator), ...options }, heterogeneityAround(estimate, effects))
}

/** Events and non-events of the intervention (a, b) and of the comparator (c, d), with the arms' sizes and all participants. */
export interface EventTable {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
  readonly n1: number
  readonly n2: number
  readonly n: number
}

/** @throws {RangeError} if events are negative or exceed a total, or a total is not positive */
export function eventTable({ intervention, comparator }: Compared<EventArm>): EventTable {
  for (const [arm, { events, total }] of Object.entries({ intervention, comparator })) {
    requirePositive(total, `${arm} total`)
    requireAtLeast(0, events, `${arm} events`)
    if (events > total) throw new RangeError(`${arm} events cannot exceed the total of ${total}, got ${events}`)
  }
  const [a, n1, c, n2] = [intervention.events, intervention.total, comparator.events, comparator.total]
  return { a, b: n1 - a, c, d: n2 - c, n1, n2, n: n1 + n2 }
}

/** A trial with 0.5 in each cell more where one is empty and the arms differ. */
function withoutEmptyCells(trial: Compared<EventArm>): Compared<EventArm> {
  const { a, b, c, d } = eventTable(trial)
  if (a * b * c * d > 0 || a + c === 0 || b + d === 0) return trial
  const plus = ({ events, total }: EventArm) => ({ events: events + 0.5, total: total + 1 })
  return { intervention: plus(trial.intervention), comparator: plus(trial.comparator) }
}

/** Estimate and variance of a pool, with a weight for each trial, in any unit. */
interface FixedPool extends FixedPoolingOptions {
  readonly estimate: number
  readonly variance: number
  readonly weights: readonly number[]
}

type PooledTables = Omit<FixedPool, 'level'>

const ofTables: Readonly<Record<'OR' | 'RR' | 'RD', (tables: readonly EventTable[]) => PooledTables>> = { OR: oddsRatios, RR: riskRatios, RD: riskDifferences }

function oddsRatios(tables: readonly EventTable[]): PooledTables {
  let [r, s, pr, cross, qs] = [0, 0, 0, 0, 0]
  for (const { a, b, c, d, n } of tables) {
    const [concordant, discordant] = [(a * d) / n, (b * c) / n]
    const [p, q] = [(a + d) / n, (b + c) / n]
    r += concordant
    s += discordant
    pr += p * concordant
    cross += p * discordant + q * concordant
    qs += q * discordant
  }
  requireEventsInBoth(r, s, 'odds ratio')
  return {
    estimate: Math.log(r / s),
    variance: pr / (2 * r * r) + cross / (2 * r * s) + qs / (2 * s * s),
    weights: tables.map(({ b, c, n }) => (b * c) / n),
  }
}

function riskRatios(tables: readonly EventTable[]): PooledTables {
  const rows = tables.map(({ a, c, n1, n2, n }) => ({
    numerator: (a * n2) / n,
    denominator: (c * n1) / n,
    spread: (n1 * n2 * (a + c) - a * c * n) / (n * n),
  }))
  return { ...logOfRatio(rows), weights: rows.map(({ denominator }) => denominator) }
}

function riskDifferences(tables: readonly EventTable[]): PooledTables {
  const weights = tables.map(({ n1, n2, n }) => (n1 * n2) / n)
  const sumOfWeights = sum(weights)
  const estimate = sum(tables.map(({ a, c, n1, n2, n }) => (a * n2 - c * n1) / n)) / sumOfWeights
  const p = sum(tables.map(({ a, c, n1, n2, n }) => (n1 * n1 * c - n2 * n2 * a + (n1 * n2 * (n2 - n1)) / 2) / (n * n)))
  const q = sum(tables.map(({ a, b, c, d, n }) => (a * d + c * b) / (2 * n)))
  const variance = (estimate * p + q) / sumOfWeights ** 2
  if (!(variance > 0)) throw new RangeError('nobody, or everybody, had the event in each arm of all trials: the risk difference has no standard error')
  return { estimate, variance, weights }
}

function logOfRatio(rows: readonly { numerator: number; denominator: number; spread: number }[]): { estimate: number; variance: number } {
  const [r, s] = [sum(rows.map(({ numerator }) => numerator)), sum(rows.map(({ denominator }) => denominator))]
  requireEventsInBoth(r, s, 'ratio')
  const variance = sum(rows.map(({ spread }) => spread)) / (r * s)
  if (!(variance > 0)) throw new RangeError('everybody had the event in all trials: the ratio has no standard error')
  return { estimate: Math.log(r / s), variance }
}

function requireSome(trials: readonly unknown[]): void {
  if (trials.length === 0) throw new RangeError('there is nothing to pool: no trial was given')
}

function requireEventsInBoth(r: number, s: number, name: string): void {
  if (r > 0 && s > 0) return
  throw new RangeError(`all trials together do not determine the ${name}: it would be ${r} over ${s}, and both must be above 0`)
}

/** Each trial alone, as Q compares it with the pool. */
const correctedEffect: Readonly<Record<'OR' | 'RR' | 'RD', (trial: Compared<EventArm>) => EffectResult>> = {
  OR: ({ intervention, comparator }) => oddsRatio(intervention, comparator),
  RR: ({ intervention, comparator }) => riskRatio(intervention, comparator),
  RD: (trial) => {
    const { intervention, comparator } = withoutEmptyCells(trial)
    return riskDifference(intervention, comparator)
  },
}

/** Q of the trials that have an estimate by themselves; null where fewer than two have. */
function heterogeneityAround(pooled: number, effects: readonly EffectResult[]): Heterogeneity | null {
  const estimable = effects.filter((effect) => effect.ok)
  return heterogeneityOfQ(sum(estimable.map(({ estimate, standardError }) => ((estimate - pooled) / standardError) ** 2)), estimable.length)
}

/** What Q says of `k` trials under a common effect; null where there are not two of them. */
export function heterogeneityOfQ(q: number, k: number): Heterogeneity | null {
  if (k < 2) return null
  const df = k - 1
  return { q, df, pValue: chiSquaredUpperTail(q, df), tau2: 0, i2: q > df ? (100 * (q - df)) / q : 0, h2: q / df }
}

/** A pool under a common effect, with its interval by normal quantiles. */
export function fixedPool({ estimate, variance, weights, level = 0.95 }: FixedPool, heterogeneity: Heterogeneity | null): PooledEffect {
  const standardError = Math.sqrt(variance)
  const reach = criticalValue(level) * standardError
  const sumOfWeights = sum(weights)
  return {
    k: weights.length,
    estimate,
    standardError,
    ...testOf(estimate, standardError, null),
    ciLower: estimate - reach,
    ciUpper: estimate + reach,
    predictionLower: null,
    predictionUpper: null,
    weightsPercent: weights.map((weight) => (100 * weight) / sumOfWeights),
    heterogeneity,
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
