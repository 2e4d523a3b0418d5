import { deviationsElsewhere } from './deviations.js'
import { effectComputer } from './effects.js'
import type { Corpus } from './files.js'
import type { StudyEntry } from './format.js'
import { compositionsOf } from './records.vocabulary.js'

/**
 * The studies whose rows or whose faults may differ between two states of a corpus whose vocabularies and documents are the same: those that are added, taken away
 * or different, and those that depend on one of them.
 *
 * @returns slugs
 */
export function affectedStudies(before: Corpus, after: Corpus): ReadonlySet<string> {
  const changed = changedStudies(before, after)
  if (changed.size === 0) return changed
  const isChanged = ({ slug }: StudyEntry) => changed.has(slug)
  const versions = [...before.studies.filter(isChanged), ...after.studies.filter(isChanged)]
  const publications = new Set(versions.flatMap((study) => study.publications.flatMap((entry) => ('slug' in entry ? [entry.slug] : []))))
  const dependants = after.studies.filter((study) => !isChanged(study) && pointsInto(study, changed, publications)).map(({ slug }) => slug)
  return new Set([...changed, ...dependants, ...comparedWith(before, after, changed)])
}

function changedStudies(before: Corpus, after: Corpus): ReadonlySet<string> {
  const known = new Map(before.studies.map((study) => [study.slug, study]))
  const left = new Map(after.studies.map((study) => [study.slug, study]))
  const slugs = [...new Set([...known.keys(), ...left.keys()])]
  return new Set(slugs.filter((slug) => !isSame(known.get(slug), left.get(slug))))
}

/** What was accepted before is another object each time that it is taken in. */
const isSame = (one: StudyEntry | undefined, other: StudyEntry | undefined) => one === other || JSON.stringify(one) === JSON.stringify(other)

/** Whether a study names one of the studies or publications: in its list of publications, among what it pooled, or as the review that judged it. */
function pointsInto(
  { publications: entries, riskOfBias, pooledResults }: StudyEntry,
  studies: ReadonlySet<string>,
  publications: ReadonlySet<string>,
): boolean {
  return (
    entries.some((entry) => ('ref' in entry ? publications.has(entry.ref) : entry.relations.some(({ to }) => publications.has(to)))) ||
    riskOfBias.some(({ review }) => review !== undefined && studies.has(review)) ||
    pooledResults.some(({ replication }) => replication?.inputs.some(({ study }) => studies.has(study)) === true)
  )
}

/** Studies that did not change, with deviations that are judged by those of studies that did, and now differently. */
function comparedWith(before: Corpus, after: Corpus, changed: ReadonlySet<string>): string[] {
  const resultsOf = (corpus: Corpus) =>
    JSON.stringify(corpus.studies.flatMap(({ slug, results }) => (changed.has(slug) && results.length > 0 ? [slug, results] : [])))
  if (resultsOf(before) === resultsOf(after)) return []
  const [othersBefore, othersAfter] = [deviationsElsewhere(before), deviationsElsewhere(after)]
  const forms = compositionsOf(after)
  const [effectsBefore, effectsAfter] = [effectComputer(before, forms), effectComputer(after, forms)]
  return after.studies
    .filter((study) => !changed.has(study.slug))
    .filter((study) =>
      study.results.some((result) => {
        if (String(othersBefore(study, result)) === String(othersAfter(study, result))) return false
        return told(() => effectsBefore(study, result)) !== told(() => effectsAfter(study, result))
      }),
    )
    .map(({ slug }) => slug)
}

/** Effects as text, or why there are none. */
function told(compute: () => unknown): string {
  try {
    return JSON.stringify(compute())
  } catch (error) {
    if (error instanceof RangeError) return error.message
    throw error
  }
}
