import fc from 'fast-check'
import { isRiskMeasure, riskAfter, riskMeasures } from '../../src/statistics/absoluteRisk.js'

// Cochrane Handbook, section 15.4.4: assumed risk 0.2; risk ratio 0.5; odds ratio 0.5: 0.5 × 0.2 / (1 − 0.2 + 0.5 × 0.2) = 0.1111; hazard ratio 0.5: 1 − 0.8^0.5
test.each([
  ['RR', Math.log(0.5), 0.1],
  ['OR', Math.log(0.5), 0.111111],
  ['PETO', Math.log(0.5), 0.111111],
  ['HR', Math.log(0.5), 0.105573],
  ['RD', -0.05, 0.15],
] as const)('the risk after %s', (measure, effect, expected) => {
  expect(riskAfter(measure, effect, 0.2)).toBeCloseTo(expected, 6)
})

test('a risk stays a risk, rises with the effect, and without an effect stays what it was', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...riskMeasures),
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.double({ min: 0.001, max: 0.999, noNaN: true }),
      (measure, effect, baseline) => {
        const risk = riskAfter(measure, effect, baseline)
        expect(risk).toBeGreaterThanOrEqual(0)
        expect(risk).toBeLessThanOrEqual(1)
        expect(riskAfter(measure, effect + 0.1, baseline)).toBeGreaterThanOrEqual(risk)
        expect(riskAfter(measure, 0, baseline)).toBeCloseTo(baseline, 12)
      },
    ),
  )
})

test('a mean difference makes no risk, and what is no risk is refused', () => {
  expect(['MD', 'SMD', 'COR', 'IRR'].some((measure) => isRiskMeasure(measure as 'MD'))).toBe(false)
  expect(() => riskAfter('OR', 0, 1.2)).toThrow(RangeError)
})
