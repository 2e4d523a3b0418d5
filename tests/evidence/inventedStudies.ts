import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { fileKinds, type StudyEntry } from '../../src/corpus/format.js'
import type { ResultInQuestion } from '../../src/evidence/result.js'

const read = (file: string): unknown => parse(readFileSync(file, 'utf8'))
const outcomes = fileKinds['outcomes.yaml'].parse(read('prisma/corpus/outcomes.yaml'))
const instruments = fileKinds['instruments.yaml'].parse(read('prisma/corpus/instruments.yaml'))

/** The one result of an invented study in tests/fixtures/findings, as an import asks for its effects. */
export function questionOf(name: string, change: (study: StudyEntry) => StudyEntry = (study) => study): ResultInQuestion {
  const study = change(fileKinds['studies/*.yaml'].parse(read(`tests/fixtures/findings/${name}.yaml`)))
  const [result] = study.results
  const outcome = outcomes.find(({ slug }) => slug === result?.outcome)
  if (result === undefined || outcome === undefined) throw new RangeError(`an invented study needs a result of a known outcome, got "${name}"`)
  return {
    study,
    result: { ...result, adjusted: result.adjusted ?? false },
    outcome,
    instrument: instruments.find(({ slug }) => slug === result.instrument),
    regimen: [],
  }
}
