import type { Citation, Evidence, EvidenceVariable } from 'fhir/r5.js'
import { assessmentOf, type StudyRecord } from '../../study/study.js'
import type { DownloadRow } from '../evidenceRow.js'
import { citationId, citationOf } from './citation.js'
import { evidenceResource } from './evidence.js'
import { armId, armVariable, exposureId, exposureVariable, outcomeId, outcomeVariable, populationId, populationVariable } from './variables.js'

type Resource = Evidence | EvidenceVariable | Citation

/** The studies of some keys, whole. */
export type ReadStudies = (keys: readonly number[]) => Promise<ReadonlyMap<number, StudyRecord>>

/**
 * A FHIR R5 Bundle (collection) of effects as Evidence, with the EvidenceVariables and Citations that they refer to, each once. In memory are the rows at
 * hand, their studies, and what of the others was given already: a number or a slug each.
 *
 * @param base address under which the resources are named: "http://localhost:4000/fhir"
 * @param finish before the end is written: throws where what was looked up may be of another state of the data than the rows
 */
export async function* fhirBundle(
  batches: AsyncIterable<readonly DownloadRow[]>,
  readStudies: ReadStudies,
  base: string,
  finish: () => Promise<void>,
): AsyncGenerator<string> {
  const isNew = newcomers()
  const addressOf: AddressOf = (type, id) => `${base}/${type}/${id}`
  let before = '{"resourceType":"Bundle","type":"collection","entry":[\n'
  let entries = 0
  for await (const rows of batches) {
    const studies = await readStudies([...new Set(rows.map(({ node }) => node.studyKey))])
    const parts: string[] = []
    for (const row of rows) {
      for (const resource of resourcesOf(row, studies.get(row.node.studyKey), isNew, addressOf)) {
        parts.push(`${before}${JSON.stringify({ fullUrl: addressOf(resource.resourceType, String(resource.id)), resource })}`)
        before = ',\n'
        entries++
      }
    }
    yield parts.join('')
  }
  await finish()
  // FHIR allows no empty lists.
  yield entries === 0 ? '{"resourceType":"Bundle","type":"collection"}\n' : '\n]}\n'
}

/** What a resource is called in the Bundle, and referred to by: one form for both, so that no reader has to resolve anything. */
type AddressOf = (type: Resource['resourceType'], id: string) => string

/** Whether this is the first time that one of its kind is asked about. */
type IsNew = (kind: 'population' | 'arm' | 'outcome' | 'citation', name: number | string) => boolean

function newcomers(): IsNew {
  const known = { population: new Set(), arm: new Set(), outcome: new Set(), citation: new Set() }
  return (kind, name) => known[kind].size < known[kind].add(name).size
}

/** An effect, after what it refers to, as far as that was not given before. */
function resourcesOf(row: DownloadRow, study: StudyRecord | undefined, isNew: IsNew, addressOf: AddressOf): Resource[] {
  if (study === undefined) throw new RangeError(`no study has the slug ${row.studySlug}`)
  const population = study.populations.find(({ key }) => key === row.populationKey)
  if (population === undefined) throw new RangeError(`${row.studySlug} has no population with the key ${row.populationKey}`)
  const arm = (key: number | null) => study.arms.find((candidate) => candidate.key === key)
  const [intervention, comparator] = [arm(row.interventionArmKey), arm(row.comparatorArmKey)]
  const reports = study.publications.filter(({ role }, place) => place === 0 || role !== 'TABULATED_IN')
  const assessment = assessmentOf(study, row.node.key)
  const variable = (id: string) => addressOf('EvidenceVariable', id)
  const evidence = evidenceResource(
    row,
    {
      population: variable(populationId(population)),
      exposure: variable(intervention === undefined ? exposureId(row.node) : armId(intervention)),
      comparator: comparator === undefined ? null : variable(armId(comparator)),
      outcome: variable(outcomeId(row.node)),
      citations: reports.map((report) => addressOf('Citation', citationId(report))),
    },
    assessment ?? null,
  )
  return [
    ...(isNew('population', population.key) ? [populationVariable(population)] : []),
    ...[intervention, comparator].flatMap((one) => (one !== undefined && isNew('arm', one.key) ? [armVariable(one)] : [])),
    ...(isNew('outcome', outcomeId(row.node)) ? [outcomeVariable(row)] : []),
    ...reports.filter(({ slug }) => isNew('citation', slug)).map(citationOf),
    ...(intervention === undefined ? [exposureVariable(row)] : []),
    evidence,
  ]
}
