import type { Fault } from '../corpus/files.js'
import type { ResultEntry, StudyEntry } from '../corpus/format.js'
import { checkOf, slugs, type Known } from '../corpus/rules.check.js'
import { checkResult } from '../corpus/rules.results.js'
import type { Vocabulary } from '../vocabulary/vocabulary.js'

/** What the rules of the corpus say of one result, with fields counted from it. */
export interface ResultFindings {
  readonly result: ResultEntry
  readonly faults: readonly Fault[]
  readonly warnings: readonly Fault[]
}

/** Each result of a study by the rules that any result of the corpus keeps to, so that an import says at once what accepting would refuse. */
export function examineResults(study: StudyEntry, vocabulary: Vocabulary): ResultFindings[] {
  const known: Known = {
    condition: slugs(vocabulary.conditions.all),
    form: slugs(vocabulary.forms.all),
    outcome: slugs(vocabulary.outcomes.all),
    treatment: slugs(vocabulary.treatments.all),
    instrument: slugs(vocabulary.instruments.all),
    study: new Set(),
    publication: new Set(),
  }
  return study.results.map((result) => {
    const check = checkOf(`studies/${study.slug}.yaml`, known)
    checkResult(check, 'result', study, result, vocabulary.outcomes.find(result.outcome))
    const ofResult = ({ field, ...fault }: Fault): Fault => ({ ...fault, field: field.replace(/^result\./, '') })
    return { result, faults: check.faults.map(ofResult), warnings: check.warnings.map(ofResult) }
  })
}
