import { PublicError } from '../errors.js'
import type { EffectMeasure } from '../generated/prisma/enums.js'
import { groupBy } from '../grouping.js'
import type { Candidate } from './candidate.js'
import { isUsable, numberOf } from './number.js'

/**
 * The measure that effects are pooled on: the one asked for; else the one that all of them have, in one unit; else SMD, where measures mix that convert to it.
 *
 * @throws {PublicError} BAD_USER_INPUT MIXED_UNITS where mean differences of several units are asked for, MIXED_MEASURES where nothing joins what is there
 */
export function measureOf(candidates: readonly Candidate[], asked: EffectMeasure | null): { measure: EffectMeasure; mixed: boolean } {
  const usable = candidates.filter(({ effects }) => effects.some(isUsable))
  if (asked !== null) {
    if (asked === 'MD') requireOneUnit(usable)
    return { measure: asked, mixed: false }
  }
  const counted = mostStudiesFirst(groupBy(usable, usualMeasure))
  const [most] = counted
  // Without a usable number anywhere the first number's measure will do: what cannot be pooled is told later, with the reasons.
  if (most === undefined) return { measure: candidates[0]?.effects[0]?.measure ?? 'SMD', mixed: false }
  const joining = counted
    .map(([measure]) => measure)
    .find((measure) => usable.every((candidate) => has(candidate, measure)) && (measure !== 'MD' || unitsOf(usable).size <= 1))
  if (joining !== undefined) return { measure: joining, mixed: counted.length > 1 }
  const convertible = usable.filter((candidate) => !('code' in numberOf(candidate, 'SMD')))
  const measures = new Set(convertible.map(usualMeasure))
  if (measures.size > 1 || (measures.size === 1 && convertible.length === usable.length)) return { measure: 'SMD', mixed: true }
  if (measures.size === 1 || counted.length === 1) return { measure: most[0], mixed: true }
  throw new PublicError('BAD_USER_INPUT', `the effects are on measures that do not convert into one another (${listed(counted)}): ask for one with measure`, {
    reason: 'MIXED_MEASURES',
    argument: 'measure',
    suggestions: counted.map(([measure]) => measure),
  })
}

const usualMeasure = ({ effects }: Candidate): EffectMeasure => effects.find(isUsable)?.measure ?? 'SMD' // asked of candidates that have a usable one
const has = ({ effects }: Candidate, measure: EffectMeasure) => effects.some((effect) => effect.measure === measure && isUsable(effect))
const studiesOf = (candidates: readonly Candidate[]) => new Set(candidates.map(({ study }) => study)).size

const mostStudiesFirst = (groups: ReadonlyMap<EffectMeasure, Candidate[]>) =>
  [...groups].sort(([, a], [, b]) => studiesOf(b) - studiesOf(a) || b.length - a.length)
const listed = (counted: readonly (readonly [string, readonly Candidate[]])[]) => counted.map(([name, group]) => `${studiesOf(group)} in ${name}`).join(', ')

/** What a mean difference counts: a physical unit, or the points of one scale. */
function unitsOf(candidates: readonly Candidate[]): Map<string, Candidate[]> {
  const measured = candidates.filter((candidate) => has(candidate, 'MD'))
  return groupBy(measured, ({ unit, instrument, outcome, valueKind }) => {
    const counted = unit === null || unit === '{score}' ? `points of ${instrument ?? outcome}` : unit
    return valueKind === 'PERCENT_CHANGE' ? '% of baseline' : counted
  })
}

function requireOneUnit(candidates: readonly Candidate[]): void {
  const units = [...unitsOf(candidates)]
  if (units.length <= 1) return
  throw new PublicError(
    'BAD_USER_INPUT',
    `mean differences in different units cannot be pooled (${listed(units)}): ask for SMD, or narrow the filter to one instrument`,
    {
      reason: 'MIXED_UNITS',
      argument: 'measure',
      suggestions: ['SMD'],
    },
  )
}
