import type { OutcomeTerm } from '../vocabulary/vocabulary.js'
import { unitFactor } from '../vocabulary/units.js'
import type { Candidate } from './candidate.js'

/** An outcome's term lives as long as the revision of the data, and its effects are in a few units. */
const known = new WeakMap<OutcomeTerm, Map<string, Candidate['inCommonUnit']>>()

/** The unit that mean differences of an outcome are pooled in, where another one converts to it. */
export function commonUnitOf(outcome: OutcomeTerm, unit: string): Candidate['inCommonUnit'] {
  const ofOutcome = known.get(outcome) ?? new Map<string, Candidate['inCommonUnit']>()
  known.set(outcome, ofOutcome)
  const found = ofOutcome.get(unit)
  if (found !== undefined) return found
  const conversion = conversionOf(outcome, unit)
  ofOutcome.set(unit, conversion)
  return conversion
}

function conversionOf({ unit: wanted, molarMass, conversions }: OutcomeTerm, unit: string): Candidate['inCommonUnit'] {
  if (wanted === null || wanted === unit) return null
  const found = unitFactor(unit, wanted, { molarMassGPerMol: molarMass ?? undefined, factors: conversions })
  return found === null ? null : { unit: wanted, factor: found.factor, how: `${unit} to ${wanted}: ${found.how}` }
}
