import fc from 'fast-check'
import { poolEffects, type PooledEffect, type PoolingOptions, type StudyEffect } from '../../src/statistics/pooling.js'

// In millionths: differences of 1e-160 have no square to compare.
const estimate = fc.integer({ min: -5_000_000, max: 5_000_000 }).map((millionths) => millionths / 1e6)
const study = fc.record({ estimate, variance: fc.double({ min: 1e-3, max: 5, noNaN: true }) })
const studies = fc.array(study, { minLength: 1, maxLength: 15 })
const several = fc.array(study, { minLength: 2, maxLength: 15 })
const choice = fc.record({
  model: fc.constantFrom('RANDOM_EFFECTS', 'COMMON_EFFECT'),
  estimator: fc.constantFrom('REML', 'DL', 'PM', 'ML', 'EB', 'HS', 'HE', 'SJ'),
  interval: fc.constantFrom('WALD', 'HKSJ', 'HKSJ_ADHOC'),
  level: fc.constantFrom(0.8, 0.95, 0.99),
} as const)

const holds = <Values extends [unknown, ...unknown[]]>(property: fc.IPropertyWithHooks<Values>) => fc.assert(property, { numRuns: 200 })

/** Of tau², where the likelihood is flat at its top, half of the digits are all that its own rounding leaves. */
function expectSame(actual: PooledEffect, expected: PooledEffect): void {
  const close = (value: number) => expect.closeTo(value, 6)
  expect(actual).toMatchObject({ k: expected.k, estimate: close(expected.estimate), standardError: close(expected.standardError), df: expected.df })
  expect(actual.ciLower).toBeCloseTo(expected.ciLower, 4)
  expect(actual.ciUpper).toBeCloseTo(expected.ciUpper, 4)
  expect(actual.heterogeneity?.tau2 ?? null).toEqual(expected.heterogeneity === null ? null : close(expected.heterogeneity.tau2))
}

const transformed = (effects: readonly StudyEffect[], { scale = 1, shift = 0 }) =>
  effects.map(({ estimate, variance }) => ({ estimate: estimate * scale + shift, variance: variance * scale * scale }))

describe('of a pool, by every model, estimator and interval', () => {
  test('the order of studies does not matter', () => {
    holds(fc.property(studies, choice, (effects, options) => expectSame(poolEffects([...effects].reverse(), options), poolEffects(effects, options))))
  })

  test('estimates scaled by c scale the pool by c, and tau² by c²; Q, I² and p do not change', () => {
    // Powers of two, so that scaling itself rounds nothing: every number is then exactly scaled.
    holds(
      fc.property(studies, choice, fc.constantFrom(0.125, 0.5, 2, 1024), (effects, options, scale) => {
        const [plain, scaled] = [poolEffects(effects, options), poolEffects(transformed(effects, { scale }), options)]
        expect(scaled.estimate / scale).toBeCloseTo(plain.estimate, 8)
        expect(scaled.standardError / scale).toBeCloseTo(plain.standardError, 8)
        expect(scaled.pValue).toBeCloseTo(plain.pValue, 8)
        expect((scaled.heterogeneity?.tau2 ?? 0) / scale ** 2).toBeCloseTo(plain.heterogeneity?.tau2 ?? 0, 8)
        expect(scaled.heterogeneity?.q ?? 0).toBeCloseTo(plain.heterogeneity?.q ?? 0, 8)
        expect(scaled.heterogeneity?.i2 ?? 0).toBeCloseTo(plain.heterogeneity?.i2 ?? 0, 5)
      }),
    )
  })

  test('estimates shifted shift the pool and its limits, and leave its error and tau² as they are', () => {
    holds(
      fc.property(studies, choice, fc.double({ min: -100, max: 100, noNaN: true }), (effects, options, shift) => {
        const [plain, shifted] = [poolEffects(effects, options), poolEffects(transformed(effects, { shift }), options)]
        expectSame({ ...shifted, estimate: shifted.estimate - shift, ciLower: shifted.ciLower - shift, ciUpper: shifted.ciUpper - shift }, plain)
      }),
    )
  })

  test('arms swapped turn the sign and nothing else', () => {
    holds(
      fc.property(studies, choice, (effects, options) => {
        const [plain, turned] = [poolEffects(effects, options), poolEffects(transformed(effects, { scale: -1 }), options)]
        expectSame({ ...turned, estimate: -turned.estimate, ciLower: -turned.ciUpper, ciUpper: -turned.ciLower }, plain)
        expect(turned.pValue).toBeCloseTo(plain.pValue, 9)
      }),
    )
  })

  test('the estimate lies among those of the studies, and its interval about it', () => {
    holds(
      fc.property(studies, choice, (effects, options) => {
        const { estimate, ciLower, ciUpper, predictionLower, predictionUpper } = poolEffects(effects, options)
        const values = effects.map((effect) => effect.estimate)
        const slack = 1e-9
        expect(estimate).toBeGreaterThanOrEqual(Math.min(...values) - slack)
        expect(estimate).toBeLessThanOrEqual(Math.max(...values) + slack)
        expect(ciLower).toBeLessThanOrEqual(estimate)
        expect(ciUpper).toBeGreaterThanOrEqual(estimate)
        // A further study is less certain than the mean.
        expect(predictionLower ?? ciLower).toBeLessThanOrEqual(ciLower + slack)
        expect(predictionUpper ?? ciUpper).toBeGreaterThanOrEqual(ciUpper - slack)
      }),
    )
  })

  test('weights are positive and sum to 100', () => {
    holds(
      fc.property(studies, choice, (effects, options) => {
        const { weightsPercent } = poolEffects(effects, options)
        expect(weightsPercent).toHaveLength(effects.length)
        expect(Math.min(...weightsPercent)).toBeGreaterThan(0)
        expect(weightsPercent.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(100, 8)
      }),
    )
  })

  test('the interval excludes no effect exactly where p is below 1 − level', () => {
    holds(
      fc.property(several, choice, (effects, options) => {
        const { ciLower, ciUpper, pValue } = poolEffects(effects, options)
        if (Math.abs(pValue - (1 - options.level)) < 1e-9) return
        expect(ciLower > 0 || ciUpper < 0).toBe(pValue < 1 - options.level)
      }),
    )
  })

  test('one study is itself', () => {
    holds(
      fc.property(study, choice, (effect, options) => {
        const pooled = poolEffects([effect], options)
        expect(pooled).toMatchObject({
          k: 1,
          estimate: expect.closeTo(effect.estimate, 12),
          df: null,
          heterogeneity: null,
          weightsPercent: [expect.closeTo(100, 10)],
        })
        expect(pooled.standardError).toBeCloseTo(Math.sqrt(effect.variance), 12)
      }),
    )
  })
})

describe('models and intervals agree with each other', () => {
  const wald: PoolingOptions = { interval: 'WALD' }

  test('where tau² is 0, random effects are a common effect', () => {
    holds(
      fc.property(several, choice, (effects, { estimator, interval }) => {
        const random = poolEffects(effects, { estimator, interval })
        if (random.heterogeneity?.tau2 !== 0) return
        const common = poolEffects(effects, { model: 'COMMON_EFFECT', interval })
        expect([random.estimate, random.standardError, random.ciLower, random.ciUpper]).toEqual([
          common.estimate,
          common.standardError,
          common.ciLower,
          common.ciUpper,
        ])
        expect(random.weightsPercent).toEqual(common.weightsPercent)
      }),
    )
  })

  test('a study given twice narrows its interval by √2, under a common effect', () => {
    holds(
      fc.property(study, (effect) => {
        const width = ({ ciLower, ciUpper }: PooledEffect) => ciUpper - ciLower
        const options = { ...wald, model: 'COMMON_EFFECT' } as const
        expect(width(poolEffects([effect], options)) / width(poolEffects([effect, effect], options))).toBeCloseTo(Math.SQRT2, 10)
      }),
    )
  })

  test('all studies given twice leave the common effect as it is and double Q', () => {
    holds(
      fc.property(several, (effects) => {
        const options = { ...wald, model: 'COMMON_EFFECT' } as const
        const [once, twice] = [poolEffects(effects, options), poolEffects([...effects, ...effects], options)]
        expect(twice.estimate).toBeCloseTo(once.estimate, 9)
        expect(twice.standardError * Math.SQRT2).toBeCloseTo(once.standardError, 9)
        expect(twice.heterogeneity?.q ?? NaN).toBeCloseTo(2 * (once.heterogeneity?.q ?? NaN), 7)
      }),
    )
  })

  test('the variant of Hartung and Knapp is never narrower than Wald', () => {
    holds(
      fc.property(several, choice, (effects, options) => {
        const width = (interval: 'WALD' | 'HKSJ_ADHOC') => {
          const { ciLower, ciUpper } = poolEffects(effects, { ...options, interval })
          return ciUpper - ciLower
        }
        expect(width('HKSJ_ADHOC')).toBeGreaterThanOrEqual(width('WALD') * (1 - 1e-12))
      }),
    )
  })

  test('by Paule and Mandel, Hartung and Knapp have the standard error of Wald wherever tau² is above 0', () => {
    // Their factor is Q / (k − 1) at tau², which is what the estimator sets to 1.
    holds(
      fc.property(several, (effects) => {
        const pooled = poolEffects(effects, { estimator: 'PM', interval: 'HKSJ' })
        if ((pooled.heterogeneity?.tau2 ?? 0) < 1e-6) return
        expect(pooled.standardError).toBeCloseTo(poolEffects(effects, { estimator: 'PM', interval: 'WALD' }).standardError, 6)
      }),
    )
  })

  test('with one variance for all studies DL, HE, PM, EB and REML are one estimator, and the pool is the mean', () => {
    holds(
      fc.property(fc.array(estimate, { minLength: 2, maxLength: 15 }), fc.double({ min: 1e-3, max: 5, noNaN: true }), (values, variance) => {
        const effects = values.map((estimate) => ({ estimate, variance }))
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length
        const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
        for (const estimator of ['DL', 'HE', 'PM', 'EB', 'REML'] as const) {
          const pooled = poolEffects(effects, { estimator })
          expect(pooled.heterogeneity?.tau2).toBeCloseTo(Math.max(0, spread - variance), 8)
          expect(pooled.estimate).toBeCloseTo(mean, 9)
        }
      }),
    )
  })
})

test('what tau² is expected to be shortens the search and does not move the answer', () => {
  holds(
    fc.property(
      fc.array(study, { minLength: 201, maxLength: 230 }),
      fc.constantFrom('REML', 'ML'),
      fc.double({ min: 0, max: 20, noNaN: true }),
      (effects, estimator, expectedTau2) => {
        expectSame(poolEffects(effects, { estimator, expectedTau2 }), poolEffects(effects, { estimator }))
      },
    ),
  )
})
