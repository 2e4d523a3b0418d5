import fc from 'fast-check'
import { standardizedMeanDifference } from '../../src/statistics/continuous.js'
import { standardizedPairedDifference } from '../../src/statistics/paired.js'

const data = { mean1: 12.1, standardDeviation1: 4, mean2: 14, standardDeviation2: 4.2, n: 30 }

test('a standardised difference of a crossover has the error of its correlation within persons', () => {
  // Cochrane Handbook 6.5, 23.2.7.2, with g of metafor 3.8-1: escalc("SMD", m1i = 12.1, sd1i = 4, n1i = 30, m2i = 14, sd2i = 4.2, n2i = 30)
  // √(1/30 + 0.457256²/60) × √(2 (1 − 0.8)) = 0.1213558; × √(2 (1 − 0.5)) = 0.1918803
  expect(standardizedPairedDifference({ ...data, correlation: 0.8 })).toMatchObject({
    ok: true,
    estimate: expect.closeTo(-0.457256, 6),
    standardError: expect.closeTo(0.1213558, 7),
    formula: 'smd-hedges-crossover',
  })
  expect(standardizedPairedDifference({ ...data, correlation: 0.5 })).toMatchObject({ standardError: expect.closeTo(0.1918803, 6) })
})

test('the correlation changes the error and never the estimate', () => {
  const parallel = standardizedMeanDifference({ mean: 12.1, standardDeviation: 4, n: 30 }, { mean: 14, standardDeviation: 4.2, n: 30 })
  fc.assert(
    fc.property(fc.double({ min: -1, max: 0.999, noNaN: true }), (correlation) => {
      const paired = standardizedPairedDifference({ ...data, correlation })
      return paired.ok && parallel.ok && paired.estimate === parallel.estimate && paired.standardError > 0
    }),
  )
})

test('a correlation of 1, one person or no spread gives none', () => {
  for (const changes of [{ correlation: 1 }, { n: 1 }, { standardDeviation1: 0, standardDeviation2: 0 }])
    expect(standardizedPairedDifference({ ...data, correlation: 0.8, ...changes })).toMatchObject({ ok: false, reason: expect.stringMatching(/./) })
  expect(() => standardizedPairedDifference({ ...data, correlation: 1.2 })).toThrow('a correlation lies between -1 and 1')
})
