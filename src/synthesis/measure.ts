import { PublicError } from '../errors.js'
import type { EffectMeasure } from '../generated/prisma/enums.js'
import { groupBy } from '../grouping.js'
import type { Candidate } from './candidate.js'
import { isUsable, numberOf } from './number.js'
import type { Across } from './question.js'
import { unitOfDifference } from './unit.js'

/** What effects are pooled on. */
export interface PoolMeasure {
  readonly measure: EffectMeasure
  /** Of mean differences, the one unit that they are pooled in; null of other measures. */
  readonly unit: string | null
  /** The measure was not asked for but settled on, because several were there. */
  readonly mixed: boolean
}

/**
 * The measure that effects are pooled on: the one asked for, else that of the family most studies have. Mean differences are of one unit, which most studies
 * have; where more studies have a standardised difference than any one unit, it is that.
 *
 * @throws {PublicError} BAD_USER_INPUT MIXED_UNITS where mean differences of several outcomes are asked for and have no common unit
 */
export function measureOf(candidates: readonly Candidate[], asked: EffectMeasure | null, across: readonly Across[]): PoolMeasure {
  const usable = leading(candidates.filter(({ effects }) => effects.some(isUsable)))
  if (asked !== null) {
    if (asked !== 'MD') return { measure: asked, unit: null, mixed: false }
    const units = unitsOf(usable)
    if (across.includes('OUTCOMES') && units.length > 1) throw mixedUnits(units)
    return { measure: 'MD', unit: units[0]?.[0] ?? null, mixed: false }
  }
  const families = mostFirst(groupBy(usable, familyOf))
  const [first] = families
  // Without a usable number anywhere the first number's measure will do: what cannot be pooled is told later, with the reasons.
  if (first === undefined) return { measure: candidates[0]?.effects[0]?.measure ?? 'SMD', unit: null, mixed: false }
  if (across.includes('MEASURES') && families.some(([family]) => family === 'CONTINUOUS') && families.length > 1)
    return { measure: 'SMD', unit: null, mixed: true }
  const [family] = first
  const inFamily = usable.filter((candidate) => candidate.effects.some((effect) => isUsable(effect) && familyOfMeasure(effect.measure) === family))
  const mixed = new Set(usable.map(usualMeasure)).size > 1
  if (family === 'BINARY') return { measure: ofBinary(inFamily), unit: null, mixed }
  if (family === 'CONTINUOUS') return { ...ofContinuous(inFamily), mixed }
  return { measure: family, unit: null, mixed }
}

/** Of each study the effects that it will be pooled by: its primary results, where it names any. */
function leading(candidates: readonly Candidate[]): Candidate[] {
  const withPrimary = new Set(candidates.flatMap(({ study, isPrimary }) => (isPrimary ? [study] : [])))
  return candidates.filter(({ study, isPrimary }) => isPrimary || !withPrimary.has(study))
}

type Family = 'BINARY' | 'CONTINUOUS' | Exclude<EffectMeasure, 'OR' | 'RR' | 'RD' | 'MD' | 'SMD' | 'ROM'>

function familyOfMeasure(measure: EffectMeasure): Family {
  if (measure === 'OR' || measure === 'RR' || measure === 'RD') return 'BINARY'
  return measure === 'MD' || measure === 'SMD' || measure === 'ROM' ? 'CONTINUOUS' : measure
}

/** Whether an effect has a number of the measure's family; scores and events are different families, and so are hazard ratios and counts. */
export function isOfFamily({ effects }: Candidate, measure: EffectMeasure): boolean {
  const usable = effects.filter(isUsable)
  return usable.length === 0 || usable.some((effect) => familyOfMeasure(effect.measure) === familyOfMeasure(measure))
}

const familyOf = (candidate: Candidate) => familyOfMeasure(usualMeasure(candidate))
const usualMeasure = ({ effects }: Candidate): EffectMeasure => effects.find(isUsable)?.measure ?? 'SMD' // asked of candidates that have a usable one
const studiesOf = (candidates: readonly Candidate[]) => new Set(candidates.map(({ study }) => study)).size
const peopleOf = (candidates: readonly Candidate[]) => candidates.reduce((sum, { participants }) => sum + (participants ?? 0), 0)

function mostFirst<Key>(groups: ReadonlyMap<Key, readonly Candidate[]>): (readonly [Key, readonly Candidate[]])[] {
  return [...groups].sort(([, a], [, b]) => studiesOf(b) - studiesOf(a) || peopleOf(b) - peopleOf(a) || b.length - a.length)
}

/**
 * Of odds ratio, risk ratio and risk difference the one that most studies can give, from counts or by a stated control risk; of equals the one that needs
 * the fewest conversions, then the usual one.
 */
function ofBinary(candidates: readonly Candidate[]): EffectMeasure {
  const usual = groupBy(candidates, usualMeasure)
  const scored = (['OR', 'RR', 'RD'] as const).map((measure) => ({
    measure,
    studies: studiesOf(candidates.filter((candidate) => !('code' in numberOf(candidate, { measure, unit: null })))),
    direct: studiesOf(candidates.filter(({ effects }) => effects.some((effect) => effect.measure === measure && isUsable(effect)))),
    usual: studiesOf(usual.get(measure) ?? []),
  }))
  return scored.sort((a, b) => b.studies - a.studies || b.direct - a.direct || b.usual - a.usual)[0]?.measure ?? 'OR'
}

/** The mean difference in the unit of most studies, unless more of them have a standardised one, or all of them a ratio of means and nothing else. */
function ofContinuous(candidates: readonly Candidate[]): Omit<PoolMeasure, 'mixed'> {
  const studiesWith = (measure: EffectMeasure) => studiesOf(candidates.filter((candidate) => !('code' in numberOf(candidate, { measure, unit: null }))))
  const [best] = unitsOf(candidates)
  const [inBest, standardised, ratios] = [best === undefined ? 0 : studiesOf(best[1]), studiesWith('SMD'), studiesWith('ROM')]
  if (inBest >= standardised && inBest > 0) return { measure: 'MD', unit: best?.[0] ?? null }
  return { measure: standardised >= ratios ? 'SMD' : 'ROM', unit: null }
}

/** What the mean differences count, the unit of most studies first. */
function unitsOf(candidates: readonly Candidate[]): (readonly [string, readonly Candidate[]])[] {
  return mostFirst(
    groupBy(
      candidates.filter(({ effects }) => effects.some((effect) => effect.measure === 'MD' && isUsable(effect))),
      unitOfDifference,
    ),
  )
}

function mixedUnits(units: readonly (readonly [string, readonly Candidate[]])[]): PublicError {
  const listed = units.map(([unit, group]) => `${studiesOf(group)} in ${unit}`).join(', ')
  return new PublicError(
    'BAD_USER_INPUT',
    `mean differences in different units cannot be pooled (${listed}): ask for the measure SMD, leave OUTCOMES out of across, or narrow the filter by units`,
    { reason: 'MIXED_UNITS', argument: 'across', suggestions: ['SMD'] },
  )
}
