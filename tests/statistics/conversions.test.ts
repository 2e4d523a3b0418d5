import fc from 'fast-check'
import { convertEffect, type Conversion, type ConversionContext } from '../../src/statistics/conversions.js'
import type { EffectMeasure } from '../../src/statistics/effectSize.js'

const everything: ConversionContext = { referenceStandardDeviation: 5, baselineRisk: 0.3 }

describe('worked examples', () => {
  // Borenstein, Hedges, Higgins & Rothstein (2009), ch. 7: log odds ratio 0.9069 (variance 0.0676) is d = 0.5000 (0.0205) and back
  test('log odds ratio and standardised difference', () => {
    expectConversion(convertEffect({ measure: 'OR', estimate: 0.9069, standardError: Math.sqrt(0.0676) }, 'SMD'), 0.5, 0.0205, 4)
    expectConversion(convertEffect({ measure: 'SMD', estimate: 0.5, standardError: Math.sqrt(0.0205) }, 'OR'), 0.9069, 0.0676, 3)
  })

  // Borenstein et al. (2009), ch. 7: r = 0.50 (variance 0.0058) is d = 1.1547 (0.0550) and back; the variance of z is that of r / (1 − r²)²
  test('correlation and standardised difference', () => {
    const standardError = Math.sqrt(0.0058) / 0.75
    expectConversion(convertEffect({ measure: 'COR', estimate: Math.atanh(0.5), standardError }, 'SMD'), 1.1547, 0.055, 4)
    expectConversion(convertEffect({ measure: 'SMD', estimate: 1.1547, standardError: Math.sqrt(0.055) }, 'COR'), Math.atanh(0.5), standardError ** 2, 4)
  })

  // by hand: −6 / 5; 0.94² / 25
  test('mean difference and standardised difference, through a reference standard deviation', () => {
    expectConversion(convertEffect({ measure: 'MD', estimate: -6, standardError: 0.94 }, 'SMD', everything), -1.2, 0.94 ** 2 / 25, 10)
    expectConversion(convertEffect({ measure: 'SMD', estimate: -1.2, standardError: 0.188 }, 'MD', everything), -6, 0.94 ** 2, 10)
  })

  // Zhang & Yu (1998), JAMA 280:1690: RR = OR / (1 − p0 + p0 OR); 2 / 1.2 at p0 = 0.2, risk 1/3, difference 2/15
  test('odds ratio, risk ratio and risk difference, through a baseline risk', () => {
    const context = { baselineRisk: 0.2 }
    const odds = { measure: 'OR', estimate: Math.log(2), standardError: 0.3 } as const
    // slopes of the delta method: 1 − p1 and p1 (1 − p1), with p1 = 1/3
    expectConversion(convertEffect(odds, 'RR', context), Math.log(5 / 3), (0.3 * (2 / 3)) ** 2, 10)
    expectConversion(convertEffect(odds, 'RD', context), 2 / 15, (0.3 * (2 / 9)) ** 2, 10)
    expectConversion(convertEffect({ measure: 'RR', estimate: Math.log(5 / 3), standardError: 0.2 }, 'OR', context), Math.log(2), 0.09, 10)
    expectConversion(convertEffect({ measure: 'RD', estimate: 2 / 15, standardError: 0.3 * (2 / 9) }, 'RR', context), Math.log(5 / 3), 0.04, 10)
  })

  test('a long way names each of its steps, what they used and what they supposed', () => {
    expect(convertEffect({ measure: 'RR', estimate: Math.log(0.5), standardError: 0.2 }, 'COR', everything)).toMatchObject({
      ok: true,
      formula: 'or-from-rr+d-from-or-logistic+r-from-d',
      inputs: { baselineRisk: 0.3 },
      assumptions: [expect.stringContaining('0.3 has the event'), expect.stringContaining('logistic'), expect.stringContaining('two groups')],
    })
  })
})

const convertible: readonly EffectMeasure[] = ['MD', 'SMD', 'OR', 'RR', 'RD', 'COR']
const pairsOf = (measures: readonly EffectMeasure[]) => measures.flatMap((from) => measures.map((to) => [from, to] as const))

describe('identities', () => {
  // Small effects, so that every risk stays between 0 and 1.
  const small = fc.double({ min: -0.25, max: 0.25, noNaN: true })

  test.each(pairsOf(convertible))('%s to %s and back is where one began', (from, to) => {
    fc.assert(
      fc.property(small, fc.double({ min: 0.01, max: 1, noNaN: true }), (estimate, standardError) => {
        const there = accepted(convertEffect({ measure: from, estimate, standardError }, to, everything))
        const back = accepted(convertEffect(there, from, everything))
        return Math.abs(back.estimate - estimate) < 1e-9 && Math.abs(Number(back.standardError) - standardError) < 1e-9
      }),
    )
  })

  test.each(pairsOf(convertible))('%s to %s keeps the sign, and no effect stays no effect', (from, to) => {
    fc.assert(
      fc.property(
        small,
        (estimate) =>
          estimate === 0 ||
          Math.abs(estimate) < 1e-9 ||
          Math.sign(accepted(convertEffect({ measure: from, estimate, standardError: null }, to, everything)).estimate) === Math.sign(estimate),
      ),
    )
    expect(accepted(convertEffect({ measure: from, estimate: 0, standardError: null }, to, everything)).estimate).toBeCloseTo(0, 12)
  })

  test.each(pairsOf(convertible))('%s to %s carries the standard error by the slope', (from, to) => {
    fc.assert(
      fc.property(small, (estimate) => {
        const at = (value: number) => accepted(convertEffect({ measure: from, estimate: value, standardError: 1 }, to, everything))
        const slope = Math.abs(at(estimate + 1e-5).estimate - at(estimate - 1e-5).estimate) / 2e-5
        return Math.abs(Number(at(estimate).standardError) - slope) < 1e-5 * Math.max(1, slope)
      }),
    )
  })

  test('unequal groups make a correlation of the same difference smaller', () => {
    const difference = { measure: 'SMD', estimate: 0.8, standardError: null } as const
    const at = (n1: number, n2: number) => accepted(convertEffect(difference, 'COR', { groupSizes: { n1, n2 } })).estimate
    expect(at(50, 50)).toBeCloseTo(accepted(convertEffect(difference, 'COR')).estimate, 12)
    expect(at(10, 90)).toBeLessThan(at(50, 50))
  })

  test('an unknown standard error stays unknown', () => {
    expect(convertEffect({ measure: 'OR', estimate: 0.4, standardError: null }, 'SMD')).toMatchObject({ ok: true, standardError: null })
  })

  test.each<EffectMeasure>(['HR', 'BETA', 'MD'])('%s is itself without any conversion', (measure) => {
    expect(convertEffect({ measure, estimate: 0.4, standardError: 0.1 }, measure)).toMatchObject({
      ok: true,
      estimate: 0.4,
      standardError: 0.1,
      formula: 'identity',
    })
  })
})

describe('no conversion', () => {
  test.each<EffectMeasure>(['HR', 'IRR', 'ROM', 'BETA'])('%s converts neither way, and says why', (measure) => {
    for (const other of convertible) {
      const [from, to] = [
        convertEffect({ measure, estimate: 0.4, standardError: 0.1 }, other, everything),
        convertEffect({ measure: other, estimate: 0.1, standardError: 0.1 }, measure, everything),
      ]
      expect(from).toEqual(to)
      expect(from).toMatchObject({ ok: false, reason: expect.stringMatching(/without/) })
    }
  })

  test('a mean difference needs a standard deviation, a risk ratio a baseline risk; neither is assumed', () => {
    expect(convertEffect({ measure: 'MD', estimate: -6, standardError: 1 }, 'SMD', { baselineRisk: 0.2 })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('standard deviation'),
    })
    expect(convertEffect({ measure: 'RR', estimate: -0.2, standardError: 0.1 }, 'SMD', { referenceStandardDeviation: 3 })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('none is stated'),
    })
  })

  test('a risk beyond 0 or 1 is no risk', () => {
    expect(convertEffect({ measure: 'RR', estimate: Math.log(3), standardError: 0.1 }, 'OR', { baselineRisk: 0.4 })).toEqual({
      ok: false,
      reason: 'at a baseline risk of 0.4 a risk ratio of 3 would mean a risk of 1.2, which is no risk below 1',
    })
    expect(convertEffect({ measure: 'RD', estimate: -0.3, standardError: 0.1 }, 'RR', { baselineRisk: 0.2 })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('does not lie between 0 and 1'),
    })
  })

  test.each([{ baselineRisk: 0 }, { baselineRisk: 30 }, { referenceStandardDeviation: 0 }, { groupSizes: { n1: 0, n2: 4 } }])(
    '%j is refused as a context',
    (context) => {
      expect(() => convertEffect({ measure: 'OR', estimate: 0.1, standardError: 0.1 }, 'SMD', context)).toThrow(RangeError)
    },
  )
})

function accepted(conversion: Conversion) {
  if (!conversion.ok) throw new Error(conversion.reason)
  return conversion
}

function expectConversion(conversion: Conversion, estimate: number, variance: number, digits: number): void {
  const { estimate: ours, standardError } = accepted(conversion)
  expect(ours).toBeCloseTo(estimate, digits)
  expect(Number(standardError) ** 2).toBeCloseTo(variance, digits)
}
