import fc from 'fast-check'
import { failSafeNumbers } from '../../src/statistics/failSafe.js'
import { twoSidedNormalP } from '../../src/statistics/distributions.js'

const effects = fc.array(fc.record({ estimate: fc.double({ min: -2, max: 2, noNaN: true }), variance: fc.double({ min: 0.001, max: 1, noNaN: true }) }), {
  minLength: 1,
  maxLength: 25,
})

/** Stouffer's combination of one-sided z values, of which unseen studies add nothing but their number. */
const combined = (studies: readonly { estimate: number; variance: number }[], unseen: number) =>
  Math.abs(studies.reduce((sum, { estimate, variance }) => sum + estimate / Math.sqrt(variance), 0)) / Math.sqrt(studies.length + unseen)

// Rosenthal (1979): N so that Σz / √(k + N) falls to the critical value of one side
test("Rosenthal's is the smallest number that takes the combined p value above alpha", () => {
  fc.assert(
    fc.property(effects, (studies) => {
      const { rosenthal } = failSafeNumbers(studies)
      const pWith = (unseen: number) => twoSidedNormalP(combined(studies, unseen)) / 2
      return pWith(rosenthal) >= 0.05 - 1e-9 && (rosenthal === 0 || pWith(rosenthal - 1) < 0.05 + 1e-9)
    }),
  )
})

// Rosenberg (2005): studies of no effect and of average weight
test("Rosenberg's is the smallest number that takes the p value of the common effect above alpha", () => {
  fc.assert(
    fc.property(effects, (studies) => {
      const { rosenberg } = failSafeNumbers(studies)
      const weights = studies.reduce((sum, { variance }) => sum + 1 / variance, 0)
      const weighted = studies.reduce((sum, { estimate, variance }) => sum + estimate / variance, 0)
      const pWith = (unseen: number) => twoSidedNormalP(weighted / Math.sqrt(weights * (1 + unseen / studies.length)))
      return pWith(rosenberg) >= 0.05 - 1e-9 && (rosenberg === 0 || pWith(rosenberg - 1) < 0.05 + 1e-9)
    }),
  )
})

// Orwin (1983): k (mean − target) / target
test("Orwin's is the smallest number that takes the mean down to the target", () => {
  const studies = [0.3, 0.5, 0.7].map((estimate) => ({ estimate, variance: 0.04 }))
  expect(failSafeNumbers(studies, { target: 0.1 }).orwin).toBe(12)
  expect(failSafeNumbers(studies, { target: 0.11 }).orwin).toBe(11)
  expect(failSafeNumbers(studies, { target: 0.6 }).orwin).toBe(0)
})

test.each([
  ['no effect', [], {}, 'there is nothing to pool: no effect was given'],
  ['a variance of zero', [{ estimate: 1, variance: 0 }], {}, 'variance must be a number above 0, got 0'],
  ['an alpha in percent', [{ estimate: 1, variance: 1 }], { alpha: 5 }, 'alpha of a fail-safe number is between 0 and 0.5, got 5'],
  ['a target of nothing', [{ estimate: 1, variance: 1 }], { target: 0 }, 'the target of a fail-safe number is above 0, got 0'],
] as const)('%s is refused', (_, studies, options, message) => {
  expect(() => failSafeNumbers(studies, options)).toThrow(new RangeError(message))
})
