import type { Corpus } from './files.js'
import { claimRecords } from './records.claims.js'
import type { Keys } from './records.ids.js'
import { resultRecords } from './records.results.js'
import { studyRecords } from './records.study.js'
import { compositionsOf, vocabularyRecords } from './records.vocabulary.js'

export type Records = ReturnType<typeof recordsOf>
export type StudyRecords = ReturnType<typeof recordsOfStudies>

/** The rows of the whole corpus. */
export function recordsOf(corpus: Corpus, keys: Keys) {
  const vocabulary = vocabularyRecords(corpus, keys)
  const studies = recordsOfStudies(corpus, keys)
  const claims = claimRecords(corpus, keys)
  return { ...vocabulary, ...studies, ...claims, source: [...studies.source, ...claims.source] }
}

/** The rows of studies, in the order of the corpus. */
export function recordsOfStudies(corpus: Corpus, keys: Keys, isWanted: (slug: string) => boolean = () => true) {
  const forms = compositionsOf(corpus)
  const studies = corpus.studies.filter(({ slug }) => isWanted(slug))
  return { ...studyRecords(studies, forms, keys), ...resultRecords(corpus, forms, keys, studies) }
}

/** How many there are of what the state of the data tells. */
export function countsOf({ study, publication, arm, dose, result, effect, pooledResult, ...others }: StudyRecords & Partial<Records>) {
  const { condition, magnesiumForm, outcome, instrument, treatment, claim, interaction, contraindication } = others
  const lengths = {
    ...{ conditions: condition, forms: magnesiumForm, outcomes: outcome, instruments: instrument, treatments: treatment },
    ...{ studies: study, publications: publication, arms: arm, doses: dose, results: result, effects: effect, pooledResults: pooledResult },
    ...{ claims: claim, interactions: interaction, contraindications: contraindication },
  }
  return Object.fromEntries(Object.entries(lengths).map(([name, rows]) => [name, rows?.length ?? 0]))
}
