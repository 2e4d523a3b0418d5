import fc from 'fast-check'
import { criticalValue, tQuantile, twoSidedNormalP, twoSidedTP } from '../../src/statistics/distributions.js'
import type { EffectResult } from '../../src/statistics/effectSize.js'
import {
  correlationFromTest,
  estimateFromInterval,
  meanDifferenceFromErrors,
  printedDifference,
  standardDeviationFromInterval,
  standardDeviationFromMeanDifference,
  standardDeviationFromStandardError,
  standardErrorFromInterval,
  standardErrorFromP,
  standardErrorFromRoundedP,
  standardErrorFromTest,
  standardizedMeanDifferenceFromTest,
} from '../../src/statistics/fromReported.js'
import { relativeError } from './metaforNumbers.js'

describe('standard error from an interval', () => {
  test('a 95 % interval is 3.92 standard errors wide, a 90 % interval 3.29, a 99 % interval 5.15', () => {
    // Cochrane Handbook 6.5, section 6.3.1: divisors 3.92, 3.29 and 5.15
    const widths = [0.95, 0.9, 0.99].map((level) => 1 / standardErrorFromInterval({ lower: 0, upper: 1, level }).standardError)
    expect(widths.map((width) => Number(width.toFixed(2)))).toEqual([3.92, 3.29, 5.15])
  })

  test('an interval made with t gives a smaller standard error than the same one read as normal', () => {
    const interval = { lower: -7.9, upper: -4.2, level: 0.95 }
    expect(standardErrorFromInterval({ ...interval, df: 10 }).standardError).toBeLessThan(standardErrorFromInterval(interval).standardError)
    expect(standardErrorFromInterval({ ...interval, df: 10 })).toMatchObject({ formula: 'se-from-interval-t', inputs: { ...interval, df: 10 } })
  })

  test('interval and standard error undo each other', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -10, max: 10, noNaN: true }),
        fc.double({ min: 1e-3, max: 10, noNaN: true }),
        fc.double({ min: 0.5, max: 0.999, noNaN: true }),
        (estimate, standardError, level) => {
          const reach = criticalValue(level) * standardError
          const interval = { lower: estimate - reach, upper: estimate + reach, level }
          return (
            relativeError(standardErrorFromInterval(interval).standardError, standardError) < 1e-9 &&
            Math.abs(estimateFromInterval(interval).estimate - estimate) < 1e-12 * (1 + reach)
          )
        },
      ),
    )
  })

  test.each([
    [2, 1],
    [1, 1],
    [-Infinity, 1],
    [NaN, 1],
  ])('limits %d to %d give none', (lower, upper) => {
    expect(() => standardErrorFromInterval({ lower, upper, level: 0.95 })).toThrow(`an interval needs finite limits, the lower first, got ${lower} to ${upper}`)
  })

  test('a level of 95 is refused', () => {
    expect(() => standardErrorFromInterval({ lower: 1, upper: 2, level: 95 })).toThrow('such as 0.95; got 95')
  })
})

describe('standard error from a p value', () => {
  test('a mean difference of 3.8 with p = 0.008 among 25 and 22 participants has a standard error of 1.37', () => {
    // Cochrane Handbook 6.5, section 6.5.2.3: t = 2.78 on 45 degrees of freedom, SE = 1.37, SD = 4.69
    const { standardError } = standardErrorFromP({ estimate: 3.8, p: 0.008, df: 45 })
    expect(standardError).toBeCloseTo(1.37, 2)
    expect(standardDeviationFromMeanDifference({ standardError, n1: 25, n2: 22 }).standardDeviation).toBeCloseTo(4.69, 1)
  })

  test('p value and standard error undo each other, whatever the sign', () => {
    const estimate = fc.double({ min: 0.01, max: 10, noNaN: true })
    const p = fc.double({ min: 1e-12, max: 0.99, noNaN: true })
    fc.assert(
      fc.property(
        estimate,
        p,
        fc.constantFrom(1, -1),
        (size, value, sign) => relativeError(twoSidedNormalP(size / standardErrorFromP({ estimate: sign * size, p: value }).standardError), value) < 1e-8,
      ),
    )
    fc.assert(
      fc.property(
        estimate,
        p,
        (size, value) => relativeError(twoSidedTP(size / standardErrorFromP({ estimate: size, p: value, df: 7 }).standardError, 7), value) < 1e-8,
      ),
    )
  })

  test.each([0, 1, -0.1, NaN])('p = %d gives none', (p) => expect(() => standardErrorFromP({ estimate: 2, p })).toThrow(RangeError))
  test.each([0, NaN, Infinity])('an estimate of %d gives none', (estimate) => expect(() => standardErrorFromP({ estimate, p: 0.2 })).toThrow(RangeError))
})

describe('effects from test statistics', () => {
  // metafor 3.8-1: escalc("SMD", ti = c(2.1, -0.7, 1.9), n1i = c(12, 40, 7), n2i = c(15, 38, 9))
  test.each([
    [2.1, 12, 15, 0.7886384481314563, 0.1615176037383554],
    [-0.7, 40, 38, -0.15700004524045733, 0.051473795975001554],
    [1.9, 7, 9, 0.9051224520721621, 0.27956971188216406],
  ])("t = %d among %d and %d gives Hedges' g", (value, n1, n2, yi, vi) => {
    const df = n1 + n2 - 2
    const fromT = standardizedMeanDifferenceFromTest({ statistic: { test: 't', value, df }, n1, n2 })
    expect(relativeError(estimatesOf(fromT).estimate, yi)).toBeLessThan(1e-10)
    expect(relativeError(estimatesOf(fromT).standardError ** 2, vi)).toBeLessThan(1e-10)
    const fromF = standardizedMeanDifferenceFromTest({ statistic: { test: 'F', value: value ** 2, df1: 1, df2: df }, sign: value > 0 ? 1 : -1, n1, n2 })
    expect(estimatesOf(fromF).estimate).toBeCloseTo(estimatesOf(fromT).estimate, 12)
  })

  test('t, F and chi-squared of one contrast give the same standard error of a known estimate', () => {
    // by hand: 3 / 2
    for (const statistic of [
      { test: 't', value: -2, df: 30 },
      { test: 'F', value: 4, df1: 1, df2: 30 },
      { test: 'chi-squared', value: 4, df: 1 },
    ] as const) {
      expect(standardErrorFromTest({ estimate: -3, statistic }).standardError).toBeCloseTo(1.5, 12)
    }
  })

  test('t gives the correlation whose test it is, chi-squared the phi of its table', () => {
    // by hand: r = 0.5 among 27 has t = 0.5 √(25 / 0.75) = 2.886751; phi = √(4 / 100) = 0.2
    const fromT = correlationFromTest({ statistic: { test: 't', value: 0.5 * Math.sqrt(25 / 0.75), df: 25 }, n: 27 })
    expect(Math.tanh(estimatesOf(fromT).estimate)).toBeCloseTo(0.5, 12)
    expect(estimatesOf(fromT).standardError).toBeCloseTo(1 / Math.sqrt(24), 12)
    const fromTable = correlationFromTest({ statistic: { test: 'chi-squared', value: 4, df: 1 }, sign: -1, n: 100 })
    expect(Math.tanh(estimatesOf(fromTable).estimate)).toBeCloseTo(-0.2, 12)
  })

  test('a test of several contrasts at once has no effect, and F has no direction of its own', () => {
    expect(() => standardErrorFromTest({ estimate: 3, statistic: { test: 'F', value: 4, df1: 2, df2: 30 } })).toThrow(
      'only with 1 degree of freedom for it, got 2',
    )
    expect(() => correlationFromTest({ statistic: { test: 'chi-squared', value: 4, df: 3 }, sign: 1, n: 50 })).toThrow('got 3')
    expect(() => standardizedMeanDifferenceFromTest({ statistic: { test: 'F', value: 4, df1: 1, df2: 30 }, n1: 16, n2: 16 })).toThrow('give the sign')
    expect(() => standardErrorFromTest({ estimate: 3, statistic: { test: 'F', value: -4, df1: 1, df2: 30 } })).toThrow(
      'F must be a number of at least 0, got -4',
    )
    expect(() => standardErrorFromTest({ estimate: 3, statistic: { test: 't', value: 0, df: 30 } })).toThrow(RangeError)
  })

  test('more chi-squared than participants is no correlation', () => {
    expect(correlationFromTest({ statistic: { test: 'chi-squared', value: 30, df: 1 }, sign: 1, n: 25 }).ok).toBe(false)
  })
})

describe('standard deviations', () => {
  test('from a standard error', () => expect(standardDeviationFromStandardError({ standardError: 0.8, n: 25 }).standardDeviation).toBeCloseTo(4, 12))

  test('from the interval of a mean, by t', () => {
    const reach = (tQuantile(0.975, 24) * 4) / 5
    expect(standardDeviationFromInterval({ lower: 10 - reach, upper: 10 + reach, level: 0.95, n: 25 }).standardDeviation).toBeCloseTo(4, 10)
  })
})

function estimatesOf(effect: EffectResult) {
  if (!effect.ok) throw new Error(effect.reason)
  return { estimate: effect.estimate, standardError: effect.standardError }
}

describe('standard error from a rounded p value', () => {
  const exactly = (value: number) => ({ value, low: value, high: value })

  test('is that of the p value if nothing is rounded much', () => {
    // R 4.2.2: 2.4 / qnorm(1 - 0.03/2)
    expect(standardErrorFromRoundedP({ difference: { value: 2.4, low: 2.3, high: 2.5 }, p: 0.03 })).toMatchObject({
      ok: true,
      standardError: expect.closeTo(1.1059447, 6),
      formula: 'se-from-p-z',
    })
  })

  // R 4.2.2, the worst case both ways, over 0.4/qnorm(1-0.368/2) = 0.444 and 0.2/qnorm(1-0.93/2) = 2.28:
  // 0.3/qnorm(1-0.3675/2) = 0.333, 0.5/qnorm(1-0.3685/2) = 0.556; 0.1/qnorm(1-0.925/2) = 1.06, 0.3/qnorm(1-0.935/2) = 3.68
  test('is kept up to half as much again, and no further', () => {
    expect(standardErrorFromRoundedP({ difference: printedDifference(2.8, 3.2), p: 0.368 }).ok).toBe(true)
    expect(standardErrorFromRoundedP({ difference: printedDifference(21.8, 21.6), p: 0.93 })).toEqual({
      ok: false,
      reason: 'rounding dominates: the printed p value of 0.93 and difference allow any standard error from 1.06 to 3.68',
    })
  })

  test.each([
    [0.999, exactly(5), 'rounding dominates'],
    [0.004, { value: 1, low: -1, high: 3 }, 'rounding dominates'],
    [1, exactly(5), 'is a limit'],
    [0, exactly(5), 'is a limit'],
    [0.5, exactly(0), 'a difference of 0'],
  ])('p = %d and %j give none', (p, difference, reason) => {
    expect(standardErrorFromRoundedP({ difference, p })).toEqual({ ok: false, reason: expect.stringContaining(reason) })
  })

  test('two printed numbers differ by as much as the rounding of both allows', () => {
    // 10.0 beside 12.4: the zero is lost and the decimal shared
    expect(printedDifference(10, 12.4)).toEqual({ value: -2.4, low: -2.5, high: -2.3 })
    expect(printedDifference({ value: 10, decimals: 0 }, 12)).toEqual({ value: -2, low: -3, high: -1 })
  })
})

test('two means differ with the error of both, and the same people’s by their correlation', () => {
  // 3-4-5; √(9 + 16 − 2 × 0.5 × 12) = √13
  const [a, b] = [
    { mean: 70, standardError: 3 },
    { mean: 75, standardError: 4 },
  ]
  expect(meanDifferenceFromErrors(a, b)).toMatchObject({ ok: true, estimate: -5, standardError: 5, formula: 'md-from-standard-errors' })
  expect(meanDifferenceFromErrors(a, b, 0.5)).toMatchObject({ standardError: expect.closeTo(Math.sqrt(13), 12), formula: 'md-from-standard-errors-paired' })
  expect(meanDifferenceFromErrors({ ...a, standardError: 0 }, { ...b, standardError: 0 })).toMatchObject({ ok: false })
  expect(() => meanDifferenceFromErrors(a, b, 2)).toThrow('a correlation lies between -1 and 1, got 2')
})
