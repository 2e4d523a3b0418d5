import { dailyDoseOf, type FormComposition } from '../vocabulary/dose.js'
import type { effectComputer } from './effects.js'
import type { StudyEntry } from './format.js'
import { reportedNumbers } from './records.results.js'
import type { Check } from './rules.check.js'

/** Beyond it, an exponential is no double precision number any more, and the database gives up. */
const largestLogarithm = 700

/** Of a column of integers. */
const largestInteger = 2_147_483_647

/**
 * What is computed from a study's numbers can be computed and stored. Last of the rules: it finds what no other has a name for, such as numbers
 * so large that their difference is infinite.
 */
export function checkDerived(check: Check, study: StudyEntry, effectsOf: ReturnType<typeof effectComputer>, forms: ReadonlyMap<string, FormComposition>): void {
  study.arms.forEach((arm, index) =>
    arm.doses.forEach((dose, phase) => {
      const form = forms.get(dose.form)
      if (form === undefined) return
      const fault = faultIn(() => {
        const { elementalMgPerDay, saltMgPerDay } = dailyDoseOf(form, dose)
        return [elementalMgPerDay?.low ?? 0, elementalMgPerDay?.high ?? 0, saltMgPerDay ?? 1].every(Number.isFinite) && (saltMgPerDay ?? 1) > 0
      })
      check.expect(fault === null, `arms[${index}].doses[${phase}].amount`, dose.amount, `no daily dose can be computed from it: ${fault}`)
    }),
  )
  study.results.forEach((result, index) => {
    const fault = faultIn(() => effectsOf(study, result).every(isStorable))
    check.expect(fault === null, `results[${index}]`, result.slug, `no effect can be computed from its numbers: ${fault}`)
  })
  study.pooledResults.forEach((pooled, index) => {
    const fault = faultIn(() => isStorable({ ...reportedNumbers(pooled), participants: pooled.participants ?? null }))
    check.expect(fault === null, `pooledResults[${index}]`, pooled.slug, `no standard error can be computed from its numbers: ${fault}`)
  })
}

interface EffectNumbers {
  readonly analysisScale: string
  readonly estimate?: number | null
  readonly standardError?: number | null
  readonly ciLower?: number | null
  readonly ciUpper?: number | null
  readonly standardizedBenefit?: number | null
  readonly participants?: number | null
}

function isStorable({ analysisScale, estimate, standardError, ciLower, ciUpper, standardizedBenefit, participants }: EffectNumbers): boolean {
  const numbers = [estimate, ciLower, ciUpper].filter((value) => value !== null && value !== undefined)
  return (
    numbers.every((value) => Number.isFinite(value) && (analysisScale !== 'LOG' || Math.abs(value) <= largestLogarithm)) &&
    (standardError ?? 1) > 0 &&
    (participants ?? 0) <= largestInteger &&
    [standardError, standardizedBenefit].every((value) => Number.isFinite(value ?? 1)) &&
    (ciLower ?? -Infinity) <= (ciUpper ?? Infinity)
  )
}

function faultIn(holds: () => boolean): string | null {
  try {
    return holds() ? null : 'the numbers are too large, too small or too far apart to be computed with'
  } catch (error) {
    if (error instanceof RangeError) return error.message
    throw error
  }
}
