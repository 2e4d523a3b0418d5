import { median } from '../statistics/median.js'
import type { Corpus } from './files.js'
import type { ResultEntry, StudyEntry } from './format.js'

/**
 * The standard deviations that other studies report on the scale of a result: one of each study, its median, of the same instrument, unit and kind
 * of value (final, change).
 *
 * @returns a function that gives none where a result has no scale
 */
export function deviationsElsewhere({
  studies,
  instruments,
}: Pick<Corpus, 'studies' | 'instruments'>): (study: StudyEntry, result: ResultEntry) => readonly number[] {
  const unitOf = new Map(instruments.map(({ slug, unit }) => [slug, unit]))
  /** What two standard deviations must share to be compared; an outcome without an instrument is a scale where its unit is known. */
  const scaleOf = ({ instrument, outcome, unit = unitOf.get(instrument ?? ''), valueKind }: ResultEntry): string | undefined => {
    if (valueKind !== 'FINAL' && valueKind !== 'CHANGE') return undefined
    const scale = instrument ?? (unit === undefined ? undefined : outcome)
    return scale === undefined ? undefined : [scale, unit ?? '', valueKind].join('|')
  }
  const ofScale = new Map<string, Map<string, number[]>>()
  for (const study of studies)
    for (const result of study.results) {
      const scale = scaleOf(result)
      if (scale === undefined) continue
      const ofStudies = ofScale.get(scale) ?? new Map<string, number[]>()
      ofScale.set(scale, ofStudies)
      const deviations = result.armResults.flatMap(({ sd }) => (sd === undefined || sd <= 0 ? [] : [sd]))
      if (deviations.length > 0) ofStudies.set(study.slug, [...(ofStudies.get(study.slug) ?? []), ...deviations])
    }
  const medians = new Map(
    [...ofScale].map(([scale, ofStudies]) => [scale, [...ofStudies].map(([slug, deviations]) => [slug, median(deviations) ?? NaN] as const)]),
  )
  return (study, result) => (medians.get(scaleOf(result) ?? '') ?? []).flatMap(([slug, deviation]) => (slug === study.slug ? [] : [deviation]))
}
