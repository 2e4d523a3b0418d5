import fc from 'fast-check'
import { normalQuantile } from '../../src/statistics/distributions.js'
import { meanAndDeviationFromQuantiles, skewnessOf } from '../../src/statistics/medians.js'

// By hand from the papers' formulas; Φ⁻¹ from Python's statistics.NormalDist.
// S1: w = 4 / (4 + 25^0.75) = 0.263499; SD = 20 / (2 Φ⁻¹(24.625 / 25.25)) = 20 / (2 × 1.964217)
// S3: weights 2.2 / (2.2 + 25^0.75) and 0.7 − 0.72 / 25^0.55; SD = 20 / θ1 + 8 / θ2 by Shi 2020, eq. 11, in R 4.2.2; mean of the other two by Wan
// S2: w = 0.7 + 0.39 / 25 = 0.7156; SD = 8 / (2 Φ⁻¹(18.625 / 25.25)) = 8 / (2 × 0.636037)
test.each([
  ['range', { minimum: 4, median: 11, maximum: 24, n: 25 }, 11.7904961344, 12.5, 5.0910875961],
  ['quartiles', { q1: 8, median: 11, q3: 16, n: 25 }, 11.7156, 35 / 3, 6.2889448739],
  ['five numbers', { minimum: 4, q1: 8, median: 11, q3: 16, maximum: 24, n: 25 }, 12.0706680636, 12.25, 5.4811675924],
])('mean and standard deviation from the %s', (_, given, luo, wan, standardDeviation) => {
  expect(meanAndDeviationFromQuantiles(given).mean).toBeCloseTo(luo, 8)
  expect(meanAndDeviationFromQuantiles(given, 'WAN_2014').mean).toBeCloseTo(wan, 10)
  expect(meanAndDeviationFromQuantiles(given).standardDeviation).toBeCloseTo(standardDeviation, 8)
})

test('the deviation of five numbers is the mean of both others by Wan', () => {
  const five = { minimum: 4, q1: 8, median: 11, q3: 16, maximum: 24, n: 25 }
  expect(meanAndDeviationFromQuantiles(five, 'LUO_2018', 'WAN_2014')).toMatchObject({
    standardDeviation: expect.closeTo(5.690016235, 8),
    formula: 'mean-luo-2018-sd-wan-2014-five-numbers',
  })
})

// Shi et al. 2023, as the R package metamedian 1.1 computes them: statistic, critical value
// 1/ln(34) + 2.5/26; 2.65/5 − 6/625; 3/5 − 40/15625, and 2.65 ln(15)/5 × 6/20
test.each([
  ['a range', { minimum: 4, median: 11, maximum: 24, n: 25 }, 0.3, 0.379731, false],
  ['a skewed range', { minimum: 4, median: 8, maximum: 24, n: 25 }, 0.6, 0.379731, true],
  ['quartiles', { q1: 8, median: 11, q3: 16, n: 25 }, 0.25, 0.5204, false],
  ['a median at a quartile', { q1: 10, median: 10, q3: 15, n: 25 }, 1, 0.5204, true],
  ['a median next to a quartile, of few', { q1: 10, median: 10.4, q3: 15, n: 7 }, 0.84, 0.879156, true],
  ['five numbers', { minimum: 4, q1: 8, median: 11, q3: 16, maximum: 24, n: 25 }, 0.430582, 0.59744, false],
  ['no spread', { q1: 10, median: 10, q3: 10, n: 25 }, 0, 0.5204, false],
])('skewness of %s', (_, given, statistic, criticalValue, isSkewed) => {
  expect(skewnessOf(given)).toEqual({ statistic: expect.closeTo(statistic, 5), criticalValue: expect.closeTo(criticalValue, 5), isSkewed })
})

test('quartiles of very many normal values give back their mean and standard deviation', () => {
  const reach = 3 * normalQuantile(0.75)
  const { mean, standardDeviation } = meanAndDeviationFromQuantiles({ q1: 50 - reach, median: 50, q3: 50 + reach, n: 1e9 })
  expect(mean).toBeCloseTo(50, 8)
  expect(standardDeviation).toBeCloseTo(3, 6)
})

test('symmetric quantiles have their mean at the median, whatever the formula and the number', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -50, max: 50, noNaN: true }),
      fc.double({ min: 0.1, max: 9, noNaN: true }),
      fc.integer({ min: 2, max: 5000 }),
      fc.constantFrom('LUO_2018', 'WAN_2014'),
      (median, step, n, formula) => {
        const quantiles = { minimum: median - 3 * step, q1: median - step, median, q3: median + step, maximum: median + 3 * step, n }
        return Math.abs(meanAndDeviationFromQuantiles(quantiles, formula).mean - median) < 1e-9
      },
    ),
  )
})

test('the formula is named and the asymmetry told', () => {
  expect(meanAndDeviationFromQuantiles({ q1: 8, median: 9, q3: 18, n: 40 })).toMatchObject({
    formula: 'mean-luo-2018-sd-wan-2014-quartiles',
    inputs: { q1: 8, median: 9, q3: 18, n: 40 },
    assumptions: [expect.stringContaining('the median lies at 10 % of the way')],
  })
})

test.each([
  [{ q1: 8, median: 7, q3: 18, n: 40 }, 'must be in order, got 8, 7, 18'],
  [{ minimum: 9, q1: 8, median: 10, q3: 18, maximum: 20, n: 40 }, 'must be in order, got 9, 8, 10, 18, 20'],
  [{ q1: 8, median: NaN, q3: 18, n: 40 }, 'a quantile must be a finite number, got NaN'],
  [{ q1: 8, median: 9, q3: 18, n: 1 }, 'n must be a number of at least 2, got 1'],
])('quantiles that cannot be are refused: %j', (given, message) => expect(() => meanAndDeviationFromQuantiles(given)).toThrow(message))
