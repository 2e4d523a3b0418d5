import fc from 'fast-check'
import { oddsRatio } from '../../src/statistics/binary.js'
import { clustered, designEffect, effectiveArm } from '../../src/statistics/clusters.js'
import { standardizedMeanDifference } from '../../src/statistics/continuous.js'

const clustering = { meanClusterSize: 30, icc: 0.05 }

test('the design effect is 1 + (m − 1) × ICC, and never below 1', () => {
  // Cochrane Handbook 6.5, section 23.1.4, by hand
  expect(designEffect(clustering)).toBeCloseTo(2.45, 12)
  expect(designEffect({ meanClusterSize: 30, icc: -0.02 })).toBe(1)
  expect(designEffect({ meanClusterSize: 1, icc: 0.3 })).toBe(1)
  expect(() => designEffect({ meanClusterSize: 0, icc: 0.05 })).toThrow('mean cluster size must be a number above 0, got 0')
})

test('people and events of an arm shrink by the design effect', () => {
  // 300 / 2.45 and 150 / 2.45; both arms of 300 together 244.9
  expect(effectiveArm({ n: 300, events: 150 }, clustering)).toEqual({ n: expect.closeTo(122.449, 3), events: expect.closeTo(61.2245, 4) })
  expect(effectiveArm({ n: 600 }, clustering)).toEqual({ n: expect.closeTo(244.898, 3) })
  expect(effectiveArm({ n: null, events: null, mean: 12 }, clustering)).toEqual({ n: null, events: null, mean: 12 })
})

test('inflating the error of counts is the same as counting effective people', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 99 }),
      fc.integer({ min: 1, max: 99 }),
      fc.double({ min: 1, max: 50, noNaN: true }),
      fc.double({ min: 0, max: 0.5, noNaN: true }),
      (a, c, meanClusterSize, icc) => {
        const inflated = clustered(oddsRatio({ events: a, total: 100 }, { events: c, total: 100 }), { meanClusterSize, icc })
        const [first, second] = [a, c].map((events) => effectiveArm({ n: 100, events }, { meanClusterSize, icc }))
        const effective = oddsRatio({ events: first?.events ?? 0, total: first?.n ?? 0 }, { events: second?.events ?? 0, total: second?.n ?? 0 })
        return (
          inflated.ok &&
          effective.ok &&
          Math.abs(inflated.estimate - effective.estimate) < 1e-9 &&
          Math.abs(inflated.standardError / effective.standardError - 1) < 1e-9
        )
      },
    ),
  )
})

test('an effect that is not estimable stays so', () => {
  const none = standardizedMeanDifference({ mean: 1, standardDeviation: 0, n: 10 }, { mean: 2, standardDeviation: 0, n: 10 })
  expect(clustered(none, clustering)).toBe(none)
})
