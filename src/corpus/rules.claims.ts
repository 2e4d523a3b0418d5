import type { Corpus } from './files.js'
import type { SourceDocumentEntry } from './format.js'
import { checkOf, type Check, type Known } from './rules.check.js'

/** The rules of a document whose claims are judged. */
export function checkDocument(document: SourceDocumentEntry, corpus: Corpus, known: Known): Check {
  const check = checkOf(`claims/${document.slug}.yaml`, known)
  const resultsOf = (slug: string | undefined) => corpus.studies.find((study) => study.slug === slug)?.results
  check.mustKnow(
    'study',
    'references',
    document.references.map(({ study }) => study),
  )
  check.mustBeUnique(
    'references.number',
    document.references.map(({ number }) => String(number)),
  )
  document.claims.forEach((claim, index) => {
    const field = `claims[${index}]`
    check.mustKnow('form', `${field}.forms`, claim.forms)
    check.mustKnow('condition', `${field}.conditions`, claim.conditions)
    check.mustKnow('outcome', `${field}.outcomes`, claim.outcomes)
    check.mustKnow('study', `${field}.citations`, claim.citations)
    for (const list of ['forms', 'conditions', 'outcomes', 'citations'] as const) check.mustBeUnique(`${field}.${list}`, claim[list])
    claim.findings.forEach(({ study, result }, at) => {
      check.mustKnow('study', `${field}.findings[${at}].study`, [study])
      check.expect(
        result === undefined || resultsOf(study)?.some(({ slug }) => slug === result) === true,
        `${field}.findings[${at}].result`,
        result,
        `must be a result of ${study ?? 'a study named beside it'}`,
      )
    })
  })
  return check
}
