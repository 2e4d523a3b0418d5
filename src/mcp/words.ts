import type { perThousandShape, provenanceShape, resultShape, studyShape } from './shapes.js'
import type { z } from 'zod'

/** A number as a sentence shows it; the data beside the sentence hold all digits. */
export const shownNumber = (value: number): string => String(Number(value.toPrecision(3))).replace('-', '−')

export const counted = (count: number, one: string, many = `${one}s`): string => `${count.toLocaleString('en')} ${count === 1 ? one : many}`

/** "BENEFIT_BASIS" as "benefit basis". */
export const spoken = (word: string): string => word.toLowerCase().replaceAll('_', ' ')

interface Numbers {
  readonly measure: string
  readonly unit: string | null
  readonly estimate: number | null
  readonly ciLower: number | null
  readonly ciUpper: number | null
  readonly ciLevel?: number | null
}

/** "MD −0.5 {attacks} (95 % interval −1.2 to 0.2)". */
export function shownEffect({ measure, unit, estimate, ciLower, ciUpper, ciLevel = 0.95 }: Numbers): string {
  if (estimate === null) return 'no estimate'
  const interval =
    ciLower === null || ciUpper === null
      ? 'no interval known'
      : `${ciLevel === null ? '' : `${shownNumber(100 * ciLevel)} % `}interval ${shownNumber(ciLower)} to ${shownNumber(ciUpper)}`
  return `${measure} ${shownNumber(estimate)}${unit === null ? '' : ` ${shownUnit(unit)}`} (${interval})`
}

/** "Of 1,000 people: 96 with the event without magnesium, 77 with it (difference −19, −40 to 10)". */
export const shownPerThousand = ({ without, with: withIt, difference, lower, upper }: z.output<typeof perThousandShape>): string =>
  `Of 1,000 people: ${shownNumber(without)} with the event without magnesium, ${shownNumber(withIt)} with it (difference ${shownNumber(difference)}, ${shownNumber(lower)} to ${shownNumber(upper)}).`

/** UCUM writes what is no unit in braces. */
const shownUnit = (unit: string): string => (unit === '{score}' ? 'points' : unit.replace(/\{(.*?)\}/g, '$1'))

/** A study with what it is found by; a retraction or doubt comes first. */
export function shownStudy({ citation, doi, pmid, status, doubts }: z.output<typeof studyShape>): string {
  const standing = status === 'CURRENT' ? '' : `${status}: `
  const names = [doi === null ? [] : `doi:${doi}`, pmid === null ? [] : `PMID ${pmid}`]
    .flat()
    .filter((name) => !citation.includes(name.replace(/^doi:|^PMID /, '')))
  return `${standing}${citation.replace(/\.+$/, '')}${names.length === 0 ? '' : ` [${names.join(', ')}]`}${doubts.length === 0 ? '' : ` (doubted: ${doubts.join('; ')})`}`
}

/** One effect with its source on one line. */
export function shownResult({ outcome, form, comparison, effect, directionMeaning, participants, timepoint, source }: z.output<typeof resultShape>): string {
  const people = participants === null ? 'participants not known' : counted(participants, 'participant')
  const where = source.locator === null ? source.source : `${source.source}, ${source.locator}`
  return `${outcome.name}, ${form?.name ?? 'no one form'} ${comparison.label}: ${shownEffect(effect)}; ${directionMeaning}; ${people}${timepoint === null ? '' : `, ${timepoint}`}. Source: ${where}`
}

/** The last lines of every answer. */
export const closingLines = ({ notice, release, dataRevision, page }: z.output<typeof provenanceShape>): string =>
  [`Page: ${page}`, `Data: release ${release}, revision ${dataRevision}.`, notice].join('\n')

export const lines = (...parts: readonly (string | readonly string[] | null)[]): string => parts.flatMap((part) => part ?? []).join('\n')
