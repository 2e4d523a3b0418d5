import type { Candidate } from './candidate.js'

/**
 * What a mean difference counts: a physical unit, converted to the outcome's common one where there is one; percent of baseline; or the points of one scale.
 * Points of a scale that the source does not name are those of no other study.
 */
export function unitOfDifference({
  unit,
  inCommonUnit,
  instrument,
  valueKind,
  study,
}: Pick<Candidate, 'unit' | 'inCommonUnit' | 'instrument' | 'valueKind' | 'study'>): string {
  if (valueKind === 'PERCENT_CHANGE') return '% of baseline'
  if (unit !== null && unit !== '{score}') return inCommonUnit?.unit ?? unit
  return `points of ${instrument ?? `an unnamed scale in ${study}`}`
}
