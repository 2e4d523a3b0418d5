import type { OutcomeTerm } from '../vocabulary/vocabulary.js'
import { unitFactor } from '../vocabulary/units.js'
import type { Candidate } from './candidate.js'

/** The unit that mean differences of an outcome are pooled in, where another one converts to it. */
export function commonUnitOf({ unit: wanted, molarMass, conversions }: OutcomeTerm, unit: string): Candidate['inCommonUnit'] {
  if (wanted === null || wanted === unit) return null
  const found = unitFactor(unit, wanted, { molarMassGPerMol: molarMass ?? undefined, factors: conversions })
  return found === null ? null : { unit: wanted, factor: found.factor, how: `${unit} to ${wanted}: ${found.how}` }
}
