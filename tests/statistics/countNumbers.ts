import type { EventArm } from '../../src/statistics/binary.js'
import type { Compared } from '../../src/statistics/mantelHaenszel.js'
import type { PooledEffect } from '../../src/statistics/pooling.js'
import type { RateArm } from '../../src/statistics/rates.js'
import { disagreements, modelsIn, pValue, read, record, relative, share } from './modelNumbers.js'

interface CountNumbers {
  readonly estimate: number
  readonly standardError: number
  readonly pValue: number
  readonly ciLower: number
  readonly ciUpper: number
  readonly q: number | null
  readonly qPValue: number | null
  readonly i2: number | null
  readonly h2: number | null
  /** Trials that have an estimate by themselves. */
  readonly estimable: number
}

interface CountModel extends CountNumbers {
  readonly trials: string
  readonly measure: string
  readonly halfAdded: boolean
}

interface EdgeCountModel extends CountNumbers {
  readonly case: string
  readonly measure: string
  readonly trials: readonly (readonly number[])[]
}

const file = 'modelsOfCounts.json'
const trials = read<{ trials: Readonly<Record<string, number[][]>> }>(file).trials
const edge = read<{ countColumns: string[]; countModels: unknown[][] }>('modelsAtTheEdge.json')

export const countModels = modelsIn<CountModel>(file)
export const edgeCountModels = edge.countModels.map((row) => record<EdgeCountModel>(edge.countColumns, row))

/** Events and total of the intervention, then of the comparator; of rates, events and time. */
export function trialsCalled(name: string): number[][] {
  const rows = trials[name]
  if (rows === undefined) throw new RangeError(`no trials are kept under the name ${name}`)
  return rows
}

export function asEvents([a = NaN, n1 = NaN, c = NaN, n2 = NaN]: readonly number[]): Compared<EventArm> {
  return { intervention: { events: a, total: n1 }, comparator: { events: c, total: n2 } }
}

export function asTimes([x1 = NaN, t1 = NaN, x2 = NaN, t2 = NaN]: readonly number[]): Compared<RateArm> {
  return { intervention: { events: x1, time: t1 }, comparator: { events: x2, time: t2 } }
}

/** Closed forms: ten digits. metafor gives Q = 0 for fewer than two trials, where we give no heterogeneity. */
export function compareCounts(label: string, pooled: PooledEffect, expected: CountNumbers): string[] {
  const exact = relative(1e-10)
  const hasQ = expected.estimable > 1
  return disagreements(label, [
    ['estimate', pooled.estimate, expected.estimate, exact],
    ['standard error', pooled.standardError, expected.standardError, exact],
    ['p value', pooled.pValue, expected.pValue, pValue],
    ['lower limit', pooled.ciLower, expected.ciLower, exact],
    ['upper limit', pooled.ciUpper, expected.ciUpper, exact],
    ['Q', pooled.heterogeneity?.q, hasQ ? expected.q : null, exact],
    ['p value of Q', pooled.heterogeneity?.pValue, hasQ ? expected.qPValue : null, pValue],
    ['I²', pooled.heterogeneity?.i2, hasQ ? expected.i2 : null, share],
    ['H²', pooled.heterogeneity?.h2, hasQ ? expected.h2 : null, share],
  ])
}
