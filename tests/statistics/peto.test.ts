import { petoDomain, poolPeto } from '../../src/statistics/peto.js'
import { asEvents, compareCounts, countModels, edgeCountModels, trialsCalled } from './countNumbers.js'

describe("pooling of counts by Peto's method agrees with metafor", () => {
  // metafor 3.8-1: rma.peto(ai, n1i, ci, n2i)
  test('in every data set', () => {
    const models = countModels.filter(({ measure }) => measure === 'PETO')
    expect(models).toHaveLength(10)
    expect(models.flatMap((model) => compareCounts(model.trials, poolPeto(trialsCalled(model.trials).map(asEvents)), model))).toEqual([])
  })

  test('with zero cells', () => {
    const models = edgeCountModels.filter(({ measure }) => measure === 'PETO')
    expect(models.map((model) => model.case)).toEqual(['one double-zero trial', 'zero in one arm'])
    expect(models.flatMap((model) => compareCounts(model.case, poolPeto(model.trials.map(asEvents)), model))).toEqual([])
  })
})

// Yusuf et al. (1985): ln OR = (O − E) / V. Five of 50 against nine of 50: E = 7, V = 25 · 14 · 86 / (100 · 99) … = 50 · 50 · 14 · 86 / (100² · 99)
test('one trial gives observed less expected events over their variance', () => {
  const pooled = poolPeto([asEvents([5, 50, 9, 50])])
  const variance = (50 * 50 * 14 * 86) / (100 ** 2 * 99)
  expect(pooled.estimate).toBeCloseTo(-2 / variance, 12)
  expect(pooled.standardError).toBeCloseTo(1 / Math.sqrt(variance), 12)
  expect(pooled).toMatchObject({ k: 1, df: null, predictionLower: null, heterogeneity: null, weightsPercent: [100] })
})

test('a trial without events in both arms is counted and weighs nothing', () => {
  const trials = [asEvents([5, 50, 9, 50]), asEvents([7, 33, 11, 30])]
  const [without, withEmpty] = [poolPeto(trials), poolPeto([...trials, asEvents([0, 40, 0, 41])])]
  expect(withEmpty).toEqual({ ...without, k: 3, weightsPercent: [...without.weightsPercent, 0] })
})

test('arms swapped turn the sign', () => {
  const trials = trialsCalled('bcg all')
  const pooled = poolPeto(trials.map(asEvents))
  const turned = poolPeto(trials.map(([a = NaN, n1 = NaN, c = NaN, n2 = NaN]) => asEvents([c, n2, a, n1])))
  expect(turned.estimate).toBeCloseTo(-pooled.estimate, 12)
  expect(turned.heterogeneity?.q).toBeCloseTo(pooled.heterogeneity?.q ?? NaN, 9)
})

test.each([
  ['no trial', [], 'there is nothing to pool: no trial was given'],
  // metafor: "One of the two outcomes never occurred in any of the tables."
  [
    'no event in any trial',
    [asEvents([0, 50, 0, 52]), asEvents([0, 40, 0, 41])],
    'nobody, or everybody, had the event in both arms of each trial: the odds ratio cannot be determined',
  ],
  ['more events than participants', [asEvents([1, 10, 12, 10])], 'comparator events cannot exceed the total of 10, got 12'],
] as const)('%s is refused', (_, trials, message) => {
  expect(() => poolPeto(trials)).toThrow(new RangeError(message))
})

describe('the domain of Peto’s method', () => {
  const trial = (a: number, n1: number, c: number, n2: number) => ({ intervention: { events: a, total: n1 }, comparator: { events: c, total: n2 } })

  test('is that of rare events, small effects and arms of like size', () => {
    expect(petoDomain([trial(5, 1000, 8, 1000)], poolPeto([trial(5, 1000, 8, 1000)]).estimate)).toMatchObject({ isWithin: true, largestArmRatio: 1 })
    expect(petoDomain([trial(1, 1000, 90, 10_000)], 0).isWithin).toBe(false)
    expect(petoDomain([trial(2, 1000, 12, 1000)], poolPeto([trial(2, 1000, 12, 1000)]).estimate).isWithin).toBe(false)
  })

  // With rare events the method converges to (ψ − 1) / (1 + f (ψ − 1)): here ψ = 4 and f = 1/11
  test('implies the odds ratio that the method would have estimated so', () => {
    const rare = [trial(4_000, 1e7, 10_000, 1e8)]
    const { estimate } = poolPeto(rare)
    expect(estimate).toBeCloseTo(3 / (1 + 3 / 11), 3)
    expect(petoDomain(rare, estimate).impliedOddsRatio).toBeCloseTo(4, 2)
    expect(petoDomain(rare, 20).impliedOddsRatio).toBeNull()
  })
})
