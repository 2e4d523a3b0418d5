import fc from 'fast-check'
import { opposingTrial } from '../../src/statistics/opposingTrial.js'
import { poolEffects, type PoolingOptions, type StudyEffect } from '../../src/statistics/pooling.js'
import { effectsCalled } from './modelNumbers.js'

/** Numbers such as are reported, and none so near to 0 that squares of them vanish. */
const thousandths = (min: number, max: number) => fc.integer({ min, max }).map((value) => value / 1000)
const variance = thousandths(-3000, 0).map((exponent) => 10 ** exponent)
const effects = fc.array(fc.record({ estimate: thousandths(-200, 1000), variance }), { minLength: 2, maxLength: 10 })
const choices = fc.record({
  model: fc.constantFrom('RANDOM_EFFECTS' as const, 'COMMON_EFFECT' as const),
  estimator: fc.constantFrom('REML' as const, 'DL' as const, 'PM' as const),
  interval: fc.constantFrom('WALD' as const, 'HKSJ' as const, 'HKSJ_ADHOC' as const),
  level: fc.constantFrom(0.9, 0.95),
})

/** Whether the interval stays clear of no effect, on the side of `sign`, with one more trial. */
function isClear(studies: readonly StudyEffect[], trial: StudyEffect, sign: number, options: PoolingOptions): boolean {
  const { ciLower, ciUpper } = poolEffects([...studies, trial], options)
  return sign > 0 ? ciLower > 0 : ciUpper < 0
}

test.each([
  ['no effect', 0],
  ['the mirror image of the pooled effect', -1],
])('a trial that finds %s overturns the pool once it is as large as said, and by larger ones where they do too', (_, share) => {
  fc.assert(
    fc.property(effects, choices, (studies, options) => {
      const now = poolEffects(studies, options)
      const estimate = share * now.estimate
      const clear = (own: number) => isClear(studies, { estimate, variance: own }, Math.sign(now.estimate), options)
      const found = opposingTrial(studies, estimate, options)
      if (now.ciLower <= 0 && now.ciUpper >= 0) return found.outcome === 'ALREADY'
      if (found.outcome !== 'FOUND') return found.outcome === 'CANNOT' && [1e2, 1e-8].every(clear)
      const isTurn = clear(found.variance * 1.0001) && !clear(found.variance * 0.9999)
      return isTurn && (!found.largerToo || [0.9, 0.5, 1e-2, 1e-4, 1e-6].every((part) => !clear(part * found.variance)))
    }),
    { numRuns: 60 },
  )
})

test('a larger trial may do less: with it REML finds no tau², and the interval comes clear of no effect again', () => {
  const studies = [
    [0.318, 0.3184197521726125],
    [0.085, 1],
    [0.507, 0.20276827195212824],
    [0.93, 0.09036494737223014],
    [0.046, 0.012531411749414162],
    [0.594, 0.9977000638225533],
    [0.515, 0.9817479430199844],
    [0.142, 0.0026302679918953813],
    [0.407, 0.9862794856312105],
  ].map(([estimate = NaN, own = NaN]) => ({ estimate, variance: own }))
  const options = { estimator: 'REML', interval: 'WALD', level: 0.95 } as const
  const found = opposingTrial(studies, 0, options)
  const withTrial = (variance: number) => poolEffects([...studies, { estimate: 0, variance }], options)
  expect(found).toMatchObject({ outcome: 'FOUND', largerToo: false })
  // The likelihood has two maxima; the one at no tau² becomes the higher.
  expect([withTrial(0.16), withTrial(0.09)].map(({ ciLower, heterogeneity }) => [ciLower > 0, (heterogeneity?.tau2 ?? 0) > 0])).toEqual([
    [false, true],
    [true, false],
  ])
})

test('under a common effect some trial is always large enough', () => {
  fc.assert(
    fc.property(effects, (studies) => opposingTrial(studies, 0, { model: 'COMMON_EFFECT', interval: 'WALD' }).outcome !== 'CANNOT'),
    { numRuns: 60 },
  )
  const precise = [0.9, 1, 1.1].map((estimate) => ({ estimate, variance: 1e-12 }))
  expect(opposingTrial(precise, 0, { model: 'COMMON_EFFECT', interval: 'WALD' }).outcome).toBe('FOUND')
})

// z = Σwy / √(Σw + w₀) falls to 1.96 where w₀ = (Σwy / 1.96)² − Σw: here (3 · 100 · 0.5 / 1.95996398454)² − 300
test('under a common effect the trial without effect has the weight that its formula gives', () => {
  const found = opposingTrial(
    [0.4, 0.5, 0.6].map((estimate) => ({ estimate, variance: 0.01 })),
    0,
    { model: 'COMMON_EFFECT', interval: 'WALD' },
  )
  expect(found).toEqual({ outcome: 'FOUND', variance: expect.closeTo(1 / ((150 / 1.95996398454) ** 2 - 300), 9) as number, largerToo: true }) // jest's matchers have no type
})

test('swapping arms changes nothing', () => {
  fc.assert(
    fc.property(effects, thousandths(-500, 0), (studies, estimate) => {
      const turned = studies.map((study) => ({ ...study, estimate: -study.estimate }))
      const [found, mirrored] = [opposingTrial(studies, estimate), opposingTrial(turned, -estimate)]
      return found.outcome === 'FOUND' && mirrored.outcome === 'FOUND'
        ? Math.abs(found.variance / mirrored.variance - 1) < 1e-6
        : found.outcome === mirrored.outcome
    }),
    { numRuns: 40 },
  )
})

// ISIS-4, with 58,050 patients, is the 22nd trial of Li (2007); the others alone exclude no effect
test('ISIS-4 was large enough to overturn the common effect of the trials of magnesium in infarction, and not the random one', () => {
  const others = effectsCalled('li2007 noISIS4.OR.default')
  const [isis4] = effectsCalled('li2007 all.OR.default').filter(({ variance: own }) => !others.some((study) => study.variance === own))
  const options = { model: 'COMMON_EFFECT', interval: 'WALD' } as const
  const found = opposingTrial(others, isis4?.estimate ?? NaN, options)
  expect(found.outcome === 'FOUND' && found.variance > (isis4?.variance ?? Infinity)).toBe(true)
  expect(poolEffects([...others, isis4!], options).ciUpper).toBeGreaterThan(0)
  expect(poolEffects([...others, isis4!], { interval: 'WALD' }).ciUpper).toBeLessThan(0)
})

test('at the end of the range of numbers it still answers', () => {
  const tiny = [1, 2, 3].map((factor) => ({ estimate: factor * 1e-30, variance: 1e-66 }))
  expect(['FOUND', 'CANNOT']).toContain(opposingTrial(tiny, 0, { interval: 'WALD' }).outcome)
  const huge = [1, 2, 3].map((factor) => ({ estimate: factor * 1e35, variance: 1e67 }))
  expect(['FOUND', 'CANNOT']).toContain(opposingTrial(huge, 0, { interval: 'WALD' }).outcome)
})
