import { poolMantelHaenszel, poolMantelHaenszelRates } from '../../src/statistics/mantelHaenszel.js'
import type { PooledEffect } from '../../src/statistics/pooling.js'
import { asEvents, asTimes, compareCounts, countModels, edgeCountModels, trialsCalled } from './countNumbers.js'

const isMantelHaenszel = ({ measure }: { measure: string }) => measure === 'OR' || measure === 'RR' || measure === 'RD' || measure === 'IRR'
const pool = (measure: string, rows: readonly (readonly number[])[]): PooledEffect =>
  measure === 'IRR' ? poolMantelHaenszelRates(rows.map(asTimes)) : poolMantelHaenszel(rows.map(asEvents), measure === 'OR' || measure === 'RR' ? measure : 'RD')

describe('pooling of counts by Mantel and Haenszel agrees with metafor', () => {
  // metafor 3.8-1: rma.mh(measure, ai, n1i, ci, n2i), or x1i, t1i, x2i, t2i
  test.each(['OR', 'RR', 'RD', 'IRR'])('%s of raw counts', (measure) => {
    const models = countModels.filter((model) => model.measure === measure && !model.halfAdded)
    expect(models.length).toBeGreaterThan(0)
    expect(models.flatMap((model) => compareCounts(model.trials, pool(measure, trialsCalled(model.trials)), model))).toEqual([])
  })

  // metafor 3.8-1: rma.mh(…, add = c(1/2, 1/2), to = c("only0", "only0"))
  test.each(['OR', 'RR', 'RD'])('%s of counts with 0.5 added by the caller where a cell is zero', (measure) => {
    const models = countModels.filter((model) => model.measure === measure && model.halfAdded)
    expect(models.length).toBeGreaterThan(0)
    const wrong = models.flatMap((model) => {
      const trials = trialsCalled(model.trials)
      // Once corrected, a trial without events looks like any other, and enters Q; metafor knows the difference and leaves it out.
      const expected = trials.some(isWithoutEvents) ? { ...model, q: null, qPValue: null, i2: null, h2: null } : model
      return compareCounts(model.trials, pool(measure, trials.map(corrected)), expected)
    })
    expect(wrong).toEqual([])
  })

  test('trials with zero cells, without events, or with nothing but events', () => {
    const models = edgeCountModels.filter(isMantelHaenszel)
    expect(models.map((model) => `${model.case} ${model.measure}`)).toEqual([
      'one double-zero trial OR',
      'one double-zero trial RR',
      'one double-zero trial RD',
      'zero in one arm OR',
      'all patients have the event OR',
      'missing cells OR',
      'rates with zero events IRR',
    ])
    expect(models.flatMap((model) => compareCounts(model.case, pool(model.measure, model.trials), model))).toEqual([])
  })

  // Li 2007, 22 trials of intravenous magnesium in acute myocardial infarction; metafor 3.8-1: rma.mh(measure = "OR", …)
  test('odds ratio of the magnesium trials', () => {
    const { estimate, ciLower, ciUpper } = poolMantelHaenszel(trialsCalled('li2007 all').map(asEvents), 'OR')
    expect([estimate, ciLower, ciUpper].map(Math.exp)).toEqual([0.986994, 0.93564, 1.041166].map((value) => expect.closeTo(value, 6)))
  })
})

describe('a pool of counts', () => {
  const trials = trialsCalled('bcg all').map(asEvents)

  test.each(['OR', 'RR', 'RD'] as const)('of %s has weights that sum to 100, and no prediction', (measure) => {
    const pooled = poolMantelHaenszel(trials, measure)
    expect(pooled.weightsPercent.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(100, 10)
    expect(pooled).toMatchObject({ k: 13, df: null, predictionLower: null, predictionUpper: null })
  })

  test.each(['OR', 'RR', 'RD'] as const)('of %s turns its sign when the arms are swapped', (measure) => {
    const swapped = trials.map(({ intervention, comparator }) => ({ intervention: comparator, comparator: intervention }))
    const [pooled, turned] = [poolMantelHaenszel(trials, measure), poolMantelHaenszel(swapped, measure)]
    expect(turned.estimate).toBeCloseTo(-pooled.estimate, 12)
    expect(turned.standardError).toBeCloseTo(pooled.standardError, 12)
    expect(turned.ciLower).toBeCloseTo(-pooled.ciUpper, 12)
  })

  test('of one trial is that trial, without heterogeneity', () => {
    // ln (4 / 119 / (11 / 128)), Woolf's standard error
    const pooled = poolMantelHaenszel([trials[0]!], 'OR')
    expect(pooled.estimate).toBeCloseTo(Math.log(4 / 119 / (11 / 128)), 12)
    expect(pooled.standardError).toBeCloseTo(Math.sqrt(1 / 4 + 1 / 119 + 1 / 11 + 1 / 128), 12)
    expect(pooled).toMatchObject({ k: 1, weightsPercent: [100], heterogeneity: null })
  })

  test('has a wider interval at a higher level', () => {
    // Φ⁻¹(0.995) = 2.575829…
    const { estimate, standardError, ciUpper } = poolMantelHaenszel(trials, 'OR', { level: 0.99 })
    expect((ciUpper - estimate) / standardError).toBeCloseTo(2.5758293035489, 12)
  })
})

describe('counts that say nothing of a measure are refused', () => {
  const arms = (a: number, n1: number, c: number, n2: number) => asEvents([a, n1, c, n2])

  test.each([
    ['no trial', [], 'OR', 'there is nothing to pool: no trial was given'],
    [
      'an odds ratio without any event',
      [arms(0, 50, 0, 52)],
      'OR',
      'all trials together do not determine the odds ratio: it would be 0 over 0, and both must be above 0',
    ],
    [
      'a risk ratio with events on one side only',
      [arms(5, 50, 0, 50)],
      'RR',
      'all trials together do not determine the ratio: it would be 2.5 over 0, and both must be above 0',
    ],
    [
      'a risk difference without any event',
      [arms(0, 50, 0, 52)],
      'RD',
      'nobody, or everybody, had the event in each arm of all trials: the risk difference has no standard error',
    ],
    ['a risk ratio where everybody had the event', [arms(50, 50, 52, 52)], 'RR', 'everybody had the event in all trials: the ratio has no standard error'],
    ['more events than participants', [arms(11, 10, 2, 10)], 'OR', 'intervention events cannot exceed the total of 10, got 11'],
    ['negative events', [arms(1, 10, -2, 10)], 'RR', 'comparator events must be a number of at least 0, got -2'],
    ['an empty arm', [arms(0, 0, 2, 10)], 'RD', 'intervention total must be a number above 0, got 0'],
    ['a missing cell', [arms(3, 20, NaN, 20)], 'OR', 'comparator events must be a number of at least 0, got NaN'],
  ] as const)('%s', (_, trials, measure, message) => {
    expect(() => poolMantelHaenszel(trials, measure)).toThrow(new RangeError(message))
  })

  test('a level that is a percentage', () => {
    expect(() => poolMantelHaenszel([arms(1, 10, 2, 10)], 'OR', { level: 95 })).toThrow(
      new RangeError('a confidence level lies between 0 and 1, such as 0.95; got 95'),
    )
  })

  test('rates without any event', () => {
    expect(() => poolMantelHaenszelRates([asTimes([0, 100, 0, 120])])).toThrow(RangeError)
  })
})

const isWithoutEvents = ([a, n1, c, n2]: readonly number[]) => (a === 0 && c === 0) || (a === n1 && c === n2)

function corrected([a = NaN, n1 = NaN, c = NaN, n2 = NaN]: readonly number[]): number[] {
  return a === 0 || c === 0 || a === n1 || c === n2 ? [a + 0.5, n1 + 1, c + 0.5, n2 + 1] : [a, n1, c, n2]
}
