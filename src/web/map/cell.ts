import type { MapQuery } from '../../generated/web/graphql.js'
import { decimalsFor, shownLimit, shownNumber } from '../../plots/number.js'
import { counted, directionAgainst, evidenceClassWords } from '../words.js'

export type Cell = MapQuery['evidenceMap']['cells'][number]

/** What a colour says: benefit and harm only against placebo or nothing, and only where the interval excludes no effect. */
export type Tone = 'benefit' | 'harm' | 'no-difference' | 'other-comparison' | 'not-pooled'

export function toneOf({ summary }: Cell): Tone {
  if (summary === null || summary.direction === 'UNCLEAR') return 'not-pooled'
  if (summary.comparison.kind !== 'INACTIVE') return 'other-comparison'
  if (summary.direction === 'NO_CLEAR_DIFFERENCE') return 'no-difference'
  return summary.direction === 'FAVOURS_MAGNESIUM' ? 'benefit' : 'harm'
}

/** People behind what is drawn: of the pool where there is one, else of all effects. */
export const peopleOf = ({ summary, participants }: Cell): number => summary?.participantsPooled ?? participants ?? 0

/** Fill of a bubble, 0.35 to 1: small (0.2), medium (0.5) and large (0.8) standardised differences after Cohen. */
export function strengthOf({ summary }: Cell): number {
  const size = Math.abs(summary?.standardizedBenefit ?? 0)
  return size >= 0.8 ? 1 : size >= 0.5 ? 0.8 : size >= 0.2 ? 0.55 : 0.35
}

/** The cell in words, uncertainty first. */
export function cellWords(cell: Cell): string {
  const { effects, studies, participants, summary, humanStudies, otherStudies } = cell
  if (effects === 0) return gapWords(humanStudies, otherStudies)
  const all = whoWords(studies, participants)
  if (summary === null || summary.standardizedBenefitLower === null || summary.standardizedBenefit === null || summary.standardizedBenefitUpper === null)
    return `not pooled; ${all}`
  const [estimate, lower, upper] = [summary.standardizedBenefit, summary.standardizedBenefitLower, summary.standardizedBenefitUpper]
  const decimals = decimalsFor([estimate, lower, upper], false)
  const { comparison, evidenceClass, studiesPooled, participantsPooled } = summary
  const pooled = studiesPooled === null ? '' : `, ${whoWords(studiesPooled, participantsPooled)}`
  const rest = studiesPooled !== null && studiesPooled < studies ? ` (${all} in all)` : ''
  return (
    `${directionAgainst(summary.direction, comparison)}: standardised benefit between ${shownLimit(lower, decimals, 0)} and ${shownLimit(upper, decimals, 0)}, ` +
    `at best estimate ${shownNumber(estimate, decimals)}; ${comparison.label}, ${evidenceClassWords[evidenceClass]}${pooled}${rest}`
  )
}

const whoWords = (studies: number, participants: number | null) =>
  `${counted(studies, 'study', 'studies')}${participants === null ? '' : `, ${counted(participants, 'participant', 'participants')}`}`

function gapWords(humanStudies: number, otherStudies: number): string {
  if (humanStudies > 0) return `${counted(humanStudies, 'study', 'studies')} in people, none that the filter selects`
  return otherStudies > 0 ? `gap: no study in people, ${otherStudies} in animals or in vitro` : 'gap: no study'
}
