import fc from 'fast-check'
import { type EventArm, oddsRatio, riskDifference, riskRatio } from '../../src/statistics/binary.js'
import { combineArms, compositeOf, splitArm } from '../../src/statistics/composite.js'
import { type MeanArm, meanDifference, ratioOfMeans, standardizedMeanDifference } from '../../src/statistics/continuous.js'
import { compositeOfDependent, covarianceOfCounts, covarianceOfMeans } from '../../src/statistics/dependence.js'
import type { EffectResult } from '../../src/statistics/effectSize.js'

const varianceOf = (effect: EffectResult) => (effect.ok ? effect.standardError ** 2 : NaN)
const estimateOf = (effect: EffectResult) => (effect.ok ? effect.estimate : NaN)
const close = (actual: number | null, expected: number, share = 1e-9) =>
  expect(Math.abs((actual ?? NaN) - expected)).toBeLessThanOrEqual(share * Math.abs(expected) + 1e-12)

const eventArm = fc
  .record({ events: fc.integer({ min: 1, max: 60 }), others: fc.integer({ min: 1, max: 60 }) })
  .map(({ events, others }): EventArm => ({ events, total: events + others }))
const meanArm = fc.record({
  mean: fc.double({ min: 1, max: 50, noNaN: true }),
  standardDeviation: fc.double({ min: 0.5, max: 20, noNaN: true }),
  n: fc.integer({ min: 5, max: 200 }),
})
const shared = <Arm>(arm: fc.Arbitrary<Arm>) => fc.record({ first: arm, second: arm, control: arm })

describe('contrasts with one control', () => {
  // Var(a − c) + Var(b − c) − 2 Cov = Var(a − b): what the control brought must cancel, and the contrast of the two arms is left.
  test.each([
    ['OR', oddsRatio],
    ['RR', riskRatio],
    ['RD', riskDifference],
  ] as const)('%s: their difference is the contrast of their arms, with its variance', (measure, effectOf) => {
    fc.assert(
      fc.property(shared(eventArm), ({ first, second, control }) => {
        const [one, other, direct] = [effectOf(first, control), effectOf(second, control), effectOf(first, second)]
        const covariance = covarianceOfCounts(measure, { first, second, control }) ?? NaN
        close(estimateOf(one) - estimateOf(other), estimateOf(direct))
        close(varianceOf(one) + varianceOf(other) - 2 * covariance, varianceOf(direct))
      }),
    )
  })

  test.each([
    ['MD', meanDifference],
    ['ROM', ratioOfMeans],
  ] as const)('%s: as counts', (measure, effectOf) => {
    fc.assert(
      fc.property(shared(meanArm), ({ first, second, control }) => {
        const covariance = covarianceOfMeans(measure, { first, second, control }) ?? NaN
        const known = varianceOf(effectOf(first, control)) + varianceOf(effectOf(second, control))
        close(known - 2 * covariance, varianceOf(effectOf(first, second)), 1e-9 * (1 + known / varianceOf(effectOf(first, second))))
      }),
    )
  })

  // By hand: 1/30 + g₁ g₂ · 30 / (2 · 50 · 70), with g of 20 and 40 participants against 30
  test('SMD: by the share of the control in both standard deviations', () => {
    const control: MeanArm = { mean: 10, standardDeviation: 2, n: 30 }
    const [first, second]: [MeanArm, MeanArm] = [
      { mean: 13, standardDeviation: 2, n: 20 },
      { mean: 11, standardDeviation: 2, n: 40 },
    ]
    const [g1, g2] = [first, second].map((arm) => estimateOf(standardizedMeanDifference(arm, control)))
    close(covarianceOfMeans('SMD', { first, second, control }), 1 / 30 + ((g1 ?? NaN) * (g2 ?? NaN) * 30) / (2 * 50 * 70))
  })

  // 200,000 simulated trials of normal outcomes, arms of 20, 20 and 20, true differences of 1.5 and 1.0: Cov(g₁, g₂) = 0.0607; of 40, 25 and 15,
  // 2.0 and 2.0: 0.0811, where one deviation within all three arms would give 0.0917
  test.each([
    [{ sizes: [20, 20, 20], differences: [1.5, 1] }, 0.0607],
    [{ sizes: [40, 25, 15], differences: [2, 2] }, 0.0811],
  ] as const)('SMD: %j covary as in simulated trials', ({ sizes, differences }, simulated) => {
    const arm = (mean: number, n: number): MeanArm => ({ mean, standardDeviation: 1, n })
    const covariance = covarianceOfMeans('SMD', {
      first: arm(differences[0], sizes[0]),
      second: arm(differences[1], sizes[1]),
      control: arm(0, sizes[2]),
    })
    close(covariance, simulated, 0.05)
  })

  test('covary by no more than their variances allow', () => {
    fc.assert(
      fc.property(shared(meanArm), fc.constantFrom('MD', 'SMD', 'ROM'), ({ first, second, control }, measure) => {
        const effectOf = { MD: meanDifference, SMD: standardizedMeanDifference, ROM: ratioOfMeans }[measure]
        const covariance = covarianceOfMeans(measure, { first, second, control }) ?? NaN
        expect(Math.abs(covariance)).toBeLessThan(Math.sqrt(varianceOf(effectOf(first, control)) * varianceOf(effectOf(second, control))))
      }),
    )
  })

  test('a zero cell is corrected as the effects are, and a risk difference needs no correction', () => {
    const arms = { first: { events: 0, total: 40 }, second: { events: 5, total: 40 }, control: { events: 10, total: 50 } }
    // Woolf with 0.5 in each cell: 1/10.5 + 1/40.5
    close(covarianceOfCounts('OR', arms), 1 / 10.5 + 1 / 40.5)
    close(covarianceOfCounts('RR', arms), 1 / 10.5 - 1 / 51)
    close(covarianceOfCounts('RD', arms), (0.2 * 0.8) / 50)
  })

  test('that are not estimable have no covariance', () => {
    const nobody = { events: 0, total: 40 }
    expect(covarianceOfCounts('OR', { first: nobody, second: { events: 5, total: 40 }, control: nobody })).toBeNull()
    const arm = { mean: 3, standardDeviation: 1, n: 10 }
    expect(covarianceOfMeans('ROM', { first: { ...arm, mean: -3 }, second: arm, control: arm })).toBeNull()
  })
})

const effects = fc.array(fc.record({ estimate: fc.double({ min: -3, max: 3, noNaN: true }), variance: fc.double({ min: 1e-3, max: 2, noNaN: true }) }), {
  minLength: 1,
  maxLength: 6,
})

describe('dependent effects as one', () => {
  test('with the covariances of one correlation are what that correlation makes of them', () => {
    fc.assert(
      fc.property(effects, fc.double({ min: 0, max: 1, noNaN: true }), (given, correlation) => {
        const composite = compositeOfDependent(given, (one, other) => correlation * Math.sqrt(given[one]!.variance * given[other]!.variance))
        const assumed = compositeOf(given, correlation)
        close(composite.estimate, assumed.estimate)
        close(composite.variance, assumed.variance)
      }),
    )
  })

  test('leave one effect as it is', () => {
    expect(compositeOfDependent([{ estimate: 0.4, variance: 0.09 }], () => NaN)).toEqual({ estimate: 0.4, variance: 0.09 })
  })

  // By hand: two doses against one placebo. Arms of 40 (SD 3) and 50 (SD 4), placebo of 60 (SD 5): the mean of the two differences is
  // (x̄₁ + x̄₂) / 2 − x̄₀, of variance (9/40 + 16/50) / 4 + 25/60
  test('of two mean differences with one control is that of the mean of both arms', () => {
    const control = { mean: 10, standardDeviation: 5, n: 60 }
    const [first, second] = [
      { mean: 8, standardDeviation: 3, n: 40 },
      { mean: 7, standardDeviation: 4, n: 50 },
    ] as const
    const given = [first, second].map((arm) => {
      const effect = meanDifference(arm, control)
      return { estimate: estimateOf(effect), variance: varianceOf(effect) }
    })
    const composite = compositeOfDependent(given, () => covarianceOfMeans('MD', { first, second, control }) ?? NaN)
    close(composite.estimate, -2.5)
    close(composite.variance, (9 / 40 + 16 / 50) / 4 + 25 / 60)
  })

  test.each([
    [() => compositeOfDependent([], () => 0), 'there is nothing to join: no effect was given'],
    [
      () =>
        compositeOfDependent(
          [
            { estimate: 1, variance: 0.04 },
            { estimate: 1, variance: 0.09 },
          ],
          () => 0.07,
        ),
      'the covariance of effects with variances 0.04 and 0.09 is at most 0.06 in size, got 0.07',
    ],
    [
      () =>
        compositeOfDependent(
          [1, 2, 3].map((estimate) => ({ estimate, variance: 0.04 })),
          () => -0.03,
        ),
      '3 effects cannot all have such covariances: their mean would have no variance',
    ],
  ])('%#: what cannot be is refused', (work, message) => expect(work).toThrow(new RangeError(message)))
})

describe('participants', () => {
  const arm = fc.record({
    n: fc.integer({ min: 2, max: 300 }),
    events: fc.constant(null),
    mean: fc.double({ min: -50, max: 50, noNaN: true }),
    standardDeviation: fc.double({ min: 0.1, max: 20, noNaN: true }),
  })

  test('are as many after a control is split as before', () => {
    fc.assert(
      fc.property(arm, fc.integer({ min: 1, max: 6 }), (control, parts) => {
        const split = Array.from({ length: parts }, () => splitArm(control, parts))
        close(
          split.reduce((sum, { n }) => sum + (n ?? NaN), 0),
          control.n,
        )
      }),
    )
  })

  test('are as many after arms are combined as before, with the sum of squares about the common mean', () => {
    fc.assert(
      fc.property(fc.array(arm, { minLength: 1, maxLength: 4 }), (arms) => {
        const combined = combineArms(arms)
        const n = arms.reduce((sum, own) => sum + own.n, 0)
        const mean = arms.reduce((sum, own) => sum + own.n * own.mean, 0) / n
        const squares = arms.reduce((sum, own) => sum + (own.n - 1) * own.standardDeviation ** 2 + own.n * (own.mean - mean) ** 2, 0)
        expect(combined.n).toBe(n)
        close(combined.mean, mean)
        close(combined.standardDeviation, Math.sqrt(squares / (n - 1)))
      }),
    )
  })
})
