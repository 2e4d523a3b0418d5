import type { ReportedEffectEntry } from './format.js'
import { isWithin, type Check } from './rules.check.js'

const ratios: readonly string[] = ['OR', 'RR', 'HR', 'IRR', 'ROM']

/** The rules of an effect as a source reports it: of a study's result, or pooled by a review. */
export function checkEffect(check: Check, field: string, effect: ReportedEffectEntry): void {
  const { measure, estimate, ciLower, ciUpper, ciLevel, p, printed } = effect
  check.expect((ciLower === undefined) === (ciUpper === undefined), `${field}.ciLower`, ciLower, 'both limits of an interval must be given, or none')
  check.expect(ciLower === undefined || ciLevel !== undefined, `${field}.ciLevel`, ciLevel, 'an interval must state its level; it is never assumed')
  check.expect(
    (ciLower ?? -Infinity) <= (ciUpper ?? Infinity),
    `${field}.ciLower`,
    ciLower,
    `must not exceed ciUpper ${ciUpper}: give the lower limit first, and what was printed under printed with its reason`,
  )
  for (const key of ['estimate', 'ciLower', 'ciUpper'] as const) {
    const value = effect[key]
    if (value === undefined) continue
    check.expect(!ratios.includes(measure) || value > 0, `${field}.${key}`, value, `a ${measure} must be above zero`)
    check.expect(
      measure !== 'COR' || Math.abs(value) < 1,
      `${field}.${key}`,
      value,
      "a correlation must lie between -1 and 1, both excluded: those have no place on Fisher's z scale, so leave the number out and keep what was printed in a note",
    )
  }
  check.expect(
    measure !== 'RD' || Math.abs(estimate ?? 0) <= 1,
    `${field}.estimate`,
    estimate,
    'a risk difference lies between -1 and 1: write 5 percentage points as 0.05',
  )
  check.expect(
    isWithin(estimate, ciLower, ciUpper) || (ciLower ?? 0) > (ciUpper ?? 0) || printed !== undefined,
    `${field}.estimate`,
    estimate,
    `must lie within its interval ${ciLower} to ${ciUpper}; if the source prints it so, keep the printed numbers under printed with the reason`,
  )
  check.expect(
    p === undefined || !((p.operator === 'LT' && p.value === 0) || (p.operator === 'GT' && p.value === 1)),
    `${field}.p`,
    p?.value,
    'no p value is below 0 or above 1: give the bound that the source prints, such as below 0.001',
  )
  check.advise(
    p?.operator !== 'EQ' || p.value > 0,
    'a p value of exactly 0',
    `${field}.p`,
    p?.value,
    'no test gives 0: give the bound that its printed digits mean, such as below 0.001 for 0.000',
  )
}
