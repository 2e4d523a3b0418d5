import { effectComputer } from './effects.js'
import { compositionsOf } from './records.vocabulary.js'
import type { Corpus, Fault, Warning } from './files.js'
import type { StudyEntry } from './format.js'
import { checkOf, knownSlugs, type Check, type Known } from './rules.check.js'
import { checkDocument } from './rules.claims.js'
import { checkDerived } from './rules.derived.js'
import { checkStudy } from './rules.study.js'
import { checkVocabularies } from './rules.vocabularies.js'

/** What the rules find in files whose shape is right. */
export interface Findings {
  /** What no corpus may have. */
  readonly faults: readonly Fault[]
  /** What may be right and should be looked at. */
  readonly warnings: readonly Warning[]
}

/**
 * Applies the rules that no single value can break: slugs that must exist or be unique, arms that must belong to the study, numbers that must fit
 * one another, and whatever the database or a formula would refuse. In file order.
 *
 * @param isSound studies without a fault in a state of the corpus from which nothing differs that they depend on (see `affectedStudies`): not looked at again
 */
export function examine(corpus: Corpus, isSound: (study: StudyEntry) => boolean = () => false): Findings {
  const known = knownSlugs(corpus)
  const vocabularies = checkVocabularies(corpus, known)
  const across = checkAcrossFiles(corpus, known)
  const examined = corpus.studies.filter((study) => !isSound(study))
  const studies = examined.map((study) => checkStudy(study, corpus, known))
  if (vocabularies.every(({ faults }) => faults.length === 0)) {
    const forms = compositionsOf(corpus)
    const effectsOf = effectComputer(corpus, forms)
    // Where a rule with a name is broken, the computation could only repeat it in other words.
    examined.forEach((study, index) => {
      const check = studies[index]
      if (check?.faults.length === 0) checkDerived(check, study, effectsOf, forms)
    })
  }
  const documents = corpus.documents.map((document) => checkDocument(document, corpus, known))
  const checks = [...vocabularies, ...across, ...studies, ...documents]
  return { faults: checks.flatMap(({ faults }) => faults), warnings: checks.flatMap(({ warnings }) => warnings) }
}

/** The faults alone. */
export const crossFileFaults = (corpus: Corpus, isSound?: (study: StudyEntry) => boolean): Fault[] => [...examine(corpus, isSound).faults]

/** What must be unique over all files. */
function checkAcrossFiles({ studies, documents }: Corpus, known: Known): Check[] {
  const checks: Check[] = []
  const unique = (entries: readonly { readonly file: string; readonly field: string; readonly value: string | undefined }[]) => {
    const owners = new Map<string, string>()
    for (const { file, field, value } of entries) {
      if (value === undefined) continue
      const owner = owners.get(value)
      const check = checkOf(file, known)
      check.expect(owner === undefined, field, value, `must be unique; ${owner} has it too`)
      checks.push(check)
      owners.set(value, file)
    }
  }
  const inStudies = studies.map((study) => ({ file: `studies/${study.slug}.yaml`, study }))
  unique(inStudies.map(({ file, study }) => ({ file, field: 'slug', value: study.slug })))
  for (const identifier of ['slug', 'doi', 'pmid', 'pmcid'] as const) {
    unique(
      inStudies.flatMap(({ file, study }) =>
        study.publications.map((entry) => ({
          file,
          field: `publications.${identifier}`,
          value: 'slug' in entry ? entry[identifier]?.toLowerCase() : undefined,
        })),
      ),
    )
  }
  for (const list of ['results', 'pooledResults'] as const) {
    // The key that clients see joins both slugs: a-b with c is a with b-c.
    unique(
      inStudies.flatMap(({ file, study }) =>
        [...new Set(study[list].map(({ slug }) => `${study.slug}-${slug}`))].map((value) => ({ file, field: list, value })),
      ),
    )
  }
  const inDocuments = documents.map((document) => ({ file: `claims/${document.slug}.yaml`, document }))
  unique(inDocuments.map(({ file, document }) => ({ file, field: 'slug', value: document.slug })))
  unique(inDocuments.flatMap(({ file, document }) => document.claims.map(({ slug }) => ({ file, field: 'claims.slug', value: slug }))))
  return checks
}
