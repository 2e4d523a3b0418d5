import { riskRatio } from '../../src/statistics/binary.js'
import { poolMantelHaenszel } from '../../src/statistics/mantelHaenszel.js'
import { poolMantelHaenszelRandom } from '../../src/statistics/mantelHaenszelRandom.js'
import { poolEffects } from '../../src/statistics/pooling.js'

type Row = readonly [events1: number, total1: number, events2: number, total2: number]

const trialsOf = (rows: readonly Row[]) =>
  rows.map(([a, n1, c, n2]) => {
    const [intervention, comparator] = [
      { events: a, total: n1 },
      { events: c, total: n2 },
    ]
    const effect = riskRatio(intervention, comparator)
    if (!effect.ok) throw new Error('no effect')
    return { estimate: effect.estimate, variance: effect.standardError ** 2, intervention, comparator }
  })

// Nausea or vomiting, and sweating, of mothers in Conde-Agudelo & Romero (2009), PMC3459676, who print 4.60 (1.54 to 13.75), I² 91.5, and
// 6.37 (1.96 to 20.68), I² 94.6.
const nausea = trialsOf([
  [137, 535, 55, 527],
  [9, 286, 2, 278],
  [166, 1096, 19, 1145],
])
const sweating = trialsOf([
  [104, 535, 29, 527],
  [307, 1096, 28, 1145],
])

test.each([
  ['nausea or vomiting', nausea, 4.5975, 1.5373, 13.7495, 91.5],
  ['sweating', sweating, 6.3693, 1.9617, 20.6797, 94.6],
])('%s as a review prints it: Q about the estimate of Mantel and Haenszel', (_, trials, estimate, lower, upper, i2) => {
  const pooled = poolMantelHaenszelRandom(trials, 'RR')
  expect(Math.exp(pooled.estimate)).toBeCloseTo(estimate, 4)
  expect(Math.exp(pooled.ciLower)).toBeCloseTo(lower, 4)
  expect(Math.exp(pooled.ciUpper)).toBeCloseTo(upper, 4)
  expect(pooled.heterogeneity?.i2).toBeCloseTo(i2, 1)
})

test('its Q and tau² are never smaller than those about the estimate of inverse variance', () => {
  for (const trials of [nausea, sweating]) {
    const usual = poolEffects(trials, { estimator: 'DL', interval: 'WALD' })
    const pooled = poolMantelHaenszelRandom(trials, 'RR')
    expect(pooled.heterogeneity?.q).toBeGreaterThanOrEqual(usual.heterogeneity?.q ?? Infinity)
    expect(pooled.heterogeneity?.tau2).toBeGreaterThanOrEqual(usual.heterogeneity?.tau2 ?? Infinity)
  }
})

test('of one trial it is that trial', () => {
  const [trial] = nausea
  if (trial === undefined) throw new Error('no trial')
  expect(poolMantelHaenszelRandom([trial], 'RR')).toMatchObject({ k: 1, estimate: trial.estimate, heterogeneity: null })
})

describe('one half in empty cells', () => {
  // Cerebral palsy over all randomised children, printed as 0.71 (0.55 to 0.91), I² 25.2.
  const rows: readonly Row[] = [
    [3, 30, 0, 29],
    [36, 629, 42, 626],
    [22, 352, 30, 336],
    [41, 1188, 74, 1256],
  ]

  test('enters the pool itself, as a review of 2009 has it', () => {
    const pooled = poolMantelHaenszel(trialsOf(rows), 'RR', { emptyCells: 'ADD_HALF' })
    expect(Math.exp(pooled.estimate)).toBeCloseTo(0.709, 4)
    expect(Math.exp(pooled.ciLower)).toBeCloseTo(0.5546, 4)
    expect(Math.exp(pooled.ciUpper)).toBeCloseTo(0.9065, 4)
    expect(pooled.heterogeneity?.i2).toBeCloseTo(25.2, 1)
  })

  test('changes nothing of trials without empty cells, nor where nobody or everybody had the event', () => {
    const full = rows.slice(1).map(([a, n1, c, n2]) => ({ intervention: { events: a, total: n1 }, comparator: { events: c, total: n2 } }))
    expect(poolMantelHaenszel(full, 'OR', { emptyCells: 'ADD_HALF' })).toEqual(poolMantelHaenszel(full, 'OR'))
    const withNone = [...full, { intervention: { events: 0, total: 20 }, comparator: { events: 0, total: 21 } }]
    expect(poolMantelHaenszel(withNone, 'RR', { emptyCells: 'ADD_HALF' }).estimate).toBe(poolMantelHaenszel(full, 'RR').estimate)
  })
})
