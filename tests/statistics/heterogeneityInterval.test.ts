import fc from 'fast-check'
import { heterogeneityInterval } from '../../src/statistics/heterogeneityInterval.js'
import { poolEffects } from '../../src/statistics/pooling.js'
import { regressEffects } from '../../src/statistics/metaRegression.js'
import { disagreements, effectsCalled, modelsIn, scaleOf, share, toEffects, within } from './modelNumbers.js'

interface Interval {
  readonly effects: string
  readonly method: string
  /** Estimate, lower and upper limit. */
  readonly tau2: readonly [number, number, number]
  readonly i2: readonly [number, number, number]
  readonly h2: readonly [number, number, number]
  readonly upperSign: string
}

describe('the interval of tau² agrees with metafor', () => {
  // metafor 3.8-1: confint(rma(yi, vi, method), type = "QP")
  test('in every data set', () => {
    const intervals = modelsIn<Interval>('modelIntervals.json')
    expect(intervals).toHaveLength(79)
    const wrong = intervals.flatMap(({ effects: name, tau2, i2, h2, upperSign }) => {
      const effects = effectsCalled(name)
      const ours = heterogeneityInterval(effects)
      const close = within(1e-7 * scaleOf(effects))
      // Where metafor's search ends at its own limit, only the side is known.
      const isCapped = upperSign === '>'
      if (isCapped && !(ours !== null && ours.tau2Upper >= tau2[2])) return [`${name}: ${String(ours?.tau2Upper)} is below metafor's limit of search`]
      return disagreements(name, [
        ['lower limit', ours?.tau2Lower, tau2[1], close],
        ['upper limit', ours?.tau2Upper, isCapped ? null : tau2[2], close],
        ['lower limit of I²', ours?.i2Lower, i2[1], share],
        ['upper limit of I²', ours?.i2Upper, isCapped ? null : i2[2], share],
        ['lower limit of H²', ours?.h2Lower, h2[1], share],
        ['upper limit of H²', ours?.h2Upper, isCapped ? null : h2[2], share],
      ])
    })
    expect(wrong).toEqual([])
  })

  // Li 2007, 22 trials of intravenous magnesium in acute myocardial infarction; confint(rma(yi, vi), control = list(tol = 1e-13)).
  // By default metafor stops earlier, at 0.4775956, which is shown as 0.477596.
  test('of the magnesium trials', () => {
    const interval = heterogeneityInterval(effectsCalled('li2007 all.OR.default'))
    expect(interval).toMatchObject({ tau2Lower: expect.closeTo(0.0167069142035, 12), tau2Upper: expect.closeTo(0.4775954920212, 12) })
  })

  // metafor 3.8-1: confint(rma(yi, vi, method = "DL", level = 90), control = list(tol = 1e-14))
  test('at another level', () => {
    const interval = heterogeneityInterval(toEffects([0.12, -0.35, 0.48, 0.9, 0.05], [0.03, 0.08, 0.05, 0.12, 0.01]), { level: 0.9 })
    expect(interval?.tau2Lower).toBeCloseTo(0.009622397130228982, 10)
    expect(interval?.tau2Upper).toBeCloseTo(1.1612715245739422, 9)
    expect(interval?.i2Upper).toBeCloseTo(96.87496606798724, 6)
  })

  // metafor 3.8-1: confint(rma(yi, vi, method = "DL"), control = list(tol = 1e-12, tau2.max = 1e9)); by default it stops at ten times tau², 46213.8
  test('however large tau² is', () => {
    const interval = heterogeneityInterval(toEffects([-50, 0, 80, 33.3, -120], [0.0001, 0.0002, 0.001, 0.0005, 0.0001]))
    expect(interval?.tau2Lower).toBeCloseTo(2132.7555729697738, 6)
    expect(interval?.tau2Upper).toBeCloseTo(49060.69644579279, 5)
  })
})

// metafor 3.8-1 looks no further than 100: confint(rma(yi, vi, method = "DL")) gives 0.0287 to "> 100"
test('of two studies the upper limit is found beyond any limit of search: (y₁ − y₂)² / (v₁ + v₂ + 2 tau²) is the lower quantile of chi-squared', () => {
  const interval = heterogeneityInterval(toEffects([0.1, 0.9], [0.05, 0.02]))
  expect(interval?.tau2Lower).toBeCloseTo(0.028695710465732233, 10)
  // 0.000982069117175… is the 0.025 quantile of chi-squared with one degree of freedom
  expect(interval?.tau2Upper).toBeCloseTo((0.64 / 0.000982069117175256 - 0.07) / 2, 6)
})

// metafor 3.8-1 gives the null set as [0, 0] as well
test('effects more alike than chance would have them leave 0 alone', () => {
  const interval = heterogeneityInterval(toEffects([0.3, 0.3, 0.3, 0.3, 0.3], [0.03, 0.08, 0.05, 0.12, 0.01]))
  expect(interval).toEqual({ tau2Lower: 0, tau2Upper: 0, i2Lower: 0, i2Upper: 0, h2Lower: 1, h2Upper: 1 })
})

test('one study has no interval, nor has a regression with as many coefficients as studies', () => {
  expect(heterogeneityInterval(toEffects([0.3], [0.04]))).toBeNull()
  expect(
    heterogeneityInterval(toEffects([0.1, 0.9], [0.05, 0.02]), {
      design: [
        [1, 1],
        [1, 2],
      ],
    }),
  ).toBeNull()
})

test('nothing, impossible variances and percentages as levels are refused', () => {
  expect(() => heterogeneityInterval([])).toThrow(new RangeError('there is nothing to pool: no effect was given'))
  expect(() => heterogeneityInterval(toEffects([1, 2], [0.1, 0]))).toThrow(new RangeError('variance must be a number above 0, got 0'))
  expect(() => heterogeneityInterval(toEffects([1, 2], [0.1, 0.1]), { level: 95 })).toThrow(RangeError)
})

const someEffects = fc.array(fc.record({ estimate: fc.double({ min: -5, max: 5, noNaN: true }), variance: fc.double({ min: 1e-3, max: 5, noNaN: true }) }), {
  minLength: 2,
  maxLength: 15,
})

test('the estimate of Paule and Mandel never lies outside', () => {
  fc.assert(
    fc.property(someEffects, (effects) => {
      const interval = heterogeneityInterval(effects)
      const tau2 = poolEffects(effects, { estimator: 'PM' }).heterogeneity?.tau2 ?? NaN
      const slack = 1e-9 * (1 + tau2)
      return interval !== null && interval.tau2Lower <= tau2 + slack && (tau2 <= interval.tau2Upper + slack || interval.tau2Upper === 0)
    }),
    { numRuns: 300 },
  )
})

test('the interval of what moderators leave contains the estimate of Paule and Mandel of the regression', () => {
  // BCG against tuberculosis by latitude
  const effects = effectsCalled('bcg all.RR.default')
  const latitudes = [44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33]
  const design = latitudes.map((latitude) => [1, latitude])
  const interval = heterogeneityInterval(effects, { design })
  const { tau2 } = regressEffects(effects, design, { estimator: 'PM' })
  expect(interval?.tau2Lower).toBeLessThan(tau2)
  expect(interval?.tau2Upper).toBeGreaterThan(tau2)
})

test('a higher level is never narrower', () => {
  fc.assert(
    fc.property(someEffects, (effects) => {
      const [narrow, wide] = [heterogeneityInterval(effects, { level: 0.8 }), heterogeneityInterval(effects, { level: 0.99 })]
      return narrow !== null && wide !== null && wide.tau2Lower <= narrow.tau2Lower + 1e-12 && wide.tau2Upper >= narrow.tau2Upper - 1e-12
    }),
    { numRuns: 200 },
  )
})
