import fc from 'fast-check'
import { hedgesCorrection } from '../../src/statistics/continuous.js'
import {
  chiSquaredCdf,
  chiSquaredQuantile,
  chiSquaredUpperTail,
  criticalValue,
  fUpperTail,
  logGamma,
  normalCdf,
  normalQuantile,
  tCdf,
  tQuantile,
  tUpperTail,
  twoSidedNormalP,
  twoSidedTP,
} from '../../src/statistics/distributions.js'
import { functionValues, relativeError } from './metaforNumbers.js'

// R 4.2.2 nmath, tests/fixtures/metafor/functions.json; docs/decisions/0004-distribution-functions.md has the errors of each function.
test.each<[string, (...parameters: number[]) => number]>([
  ['pnorm.lower', (z = NaN) => normalCdf(z)],
  ['pnorm.upper', (z = NaN) => normalCdf(-z)],
  ['twoSidedP', (z = NaN) => twoSidedNormalP(z)],
  ['qnorm', (p = NaN) => normalQuantile(p)],
  ['pt.upper', (t = NaN, df = NaN) => tUpperTail(t, df)],
  ['qt', (p = NaN, df = NaN) => tQuantile(p, df)],
  ['pchisq.upper', (x = NaN, df = NaN) => chiSquaredUpperTail(x, df)],
  ['qchisq', (p = NaN, df = NaN) => chiSquaredQuantile(p, df)],
  ['pf.upper', (f = NaN, df1 = NaN, df2 = NaN) => fUpperTail(f, { df1, df2 })],
  ['lgamma', (x = NaN) => logGamma(x)],
])('%s agrees with R to twelve digits, far into the tails', (name, ours) => {
  expect(errorsOf(name, ours).filter(({ error }) => !(error < 1e-12))).toEqual([])
})

test('the correction of small samples agrees with R to eleven digits, which is what R computes right at 10,000 degrees of freedom', () => {
  expect(errorsOf('hedgesJ.exact', (m = NaN) => hedgesCorrection(m)).filter(({ error }) => !(error < 1e-11))).toEqual([])
})

function errorsOf(name: string, ours: (...parameters: number[]) => number) {
  const rows = (functionValues[name] ?? []).filter((row) => row.at(-1) !== null)
  expect(rows.length).toBeGreaterThanOrEqual(10)
  return rows.map((row) => ({ arguments: row.slice(0, -1), error: relativeError(ours(...row.slice(0, -1).map(Number)), Number(row.at(-1))) }))
}

test('a quantile undoes its distribution function', () => {
  const probability = fc.double({ min: 1e-10, max: 1 - 1e-10, noNaN: true })
  const degreesOfFreedom = fc.double({ min: 0.5, max: 1e4, noNaN: true })
  fc.assert(fc.property(probability, (p) => relativeError(normalCdf(normalQuantile(p)), p) < 1e-11))
  fc.assert(fc.property(probability, degreesOfFreedom, (p, df) => relativeError(tCdf(tQuantile(p, df), df), p) < 1e-9))
  fc.assert(fc.property(probability, degreesOfFreedom, (p, df) => relativeError(chiSquaredCdf(chiSquaredQuantile(p, df), df), p) < 1e-8))
})

test('the two tails of chi-squared add up to one', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 200, noNaN: true }),
      fc.integer({ min: 1, max: 100 }),
      (x, df) => Math.abs(chiSquaredCdf(x, df) + chiSquaredUpperTail(x, df) - 1) < 1e-12,
    ),
  )
})

test('t approaches the normal distribution, and F with one degree of freedom is t squared', () => {
  expect(relativeError(tQuantile(0.975, 1e9), normalQuantile(0.975))).toBeLessThan(1e-8)
  expect(relativeError(fUpperTail(2.3 ** 2, { df1: 1, df2: 17 }), twoSidedTP(2.3, 17))).toBeLessThan(1e-12)
})

test('95 % of the normal distribution lie within 1.96, 95 % of t on 10 degrees of freedom within 2.228', () => {
  // mpmath, 30 digits: roots of the distribution functions
  expect(criticalValue(0.95)).toBeCloseTo(1.959963984540054, 12)
  expect(criticalValue(0.95, 10)).toBeCloseTo(2.2281388519862747, 12)
})

test('the correction of small samples follows one curve on both sides of where its series begins', () => {
  // Γ(m/2) / (√(m/2) Γ((m−1)/2)) with 40 digits, mpmath
  expect(relativeError(hedgesCorrection(99.999), 0.99247797954109069)).toBeLessThan(1e-13)
  expect(relativeError(hedgesCorrection(100), 0.99247805498144487)).toBeLessThan(1e-14)
  expect(relativeError(hedgesCorrection(1e6), 0.99999924999978125)).toBeLessThan(1e-14)
})

test.each([0, 1, -0.1, 1.5, NaN])('a quantile of %d is refused', (p) => {
  expect(() => normalQuantile(p)).toThrow('strictly between 0 and 1')
  expect(() => tQuantile(p, 5)).toThrow('strictly between 0 and 1')
  expect(() => chiSquaredQuantile(p, 5)).toThrow('strictly between 0 and 1')
})

test.each([0, -3, NaN, Infinity])('%d degrees of freedom are refused', (df) => {
  expect(() => tCdf(1, df)).toThrow(`degrees of freedom must be positive and finite, got ${df}`)
  expect(() => chiSquaredUpperTail(1, df)).toThrow(RangeError)
  expect(() => fUpperTail(1, { df1: df, df2: 3 })).toThrow(RangeError)
})

test('a level of 95 is refused: 0.95 is meant', () => {
  expect(() => criticalValue(95)).toThrow('a confidence level lies between 0 and 1, such as 0.95; got 95')
})
