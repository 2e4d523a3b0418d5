import type { Citation, Evidence, EvidenceVariable } from 'fhir/r5.js'
import type { StudyRecord } from '../../study/study.js'
import type { DownloadRow } from '../evidenceRow.js'
import { citationId, citationOf } from './citation.js'
import { evidenceResource } from './evidence.js'
import { armId, armVariable, exposureId, exposureVariable, outcomeId, outcomeVariable, populationId, populationVariable } from './variables.js'

type Resource = Evidence | EvidenceVariable | Citation

/** The studies of some slugs, whole. */
export type FindStudies = (slugs: readonly string[]) => Promise<readonly (StudyRecord | null)[]>

/**
 * A FHIR R5 Bundle (collection) of effects as Evidence, with the EvidenceVariables and Citations that they refer to, each once. In memory are the rows at
 * hand and the names of what several effects refer to.
 *
 * @param base address under which the resources are named: "http://localhost:4000/fhir"
 * @param finish before the end is written: throws where what was looked up may be of another state of the data than the rows
 */
export async function* fhirBundle(
  batches: AsyncIterable<readonly DownloadRow[]>,
  findStudies: FindStudies,
  base: string,
  finish: () => Promise<void>,
): AsyncGenerator<string> {
  const given = new Set<string>()
  let before = '{"resourceType":"Bundle","type":"collection","entry":[\n'
  let entries = 0
  for await (const rows of batches) {
    const slugs = [...new Set(rows.map(({ studySlug }) => studySlug))]
    const studies = new Map((await findStudies(slugs)).map((study, place) => [slugs[place], study]))
    const parts: string[] = []
    for (const row of rows) {
      for (const { resource, isShared } of resourcesOf(row, studies.get(row.studySlug) ?? null)) {
        const name = `${resource.resourceType}/${resource.id}`
        if (isShared && given.has(name)) continue
        if (isShared) given.add(name)
        parts.push(`${before}${JSON.stringify({ fullUrl: `${base}/${name}`, resource })}`)
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

interface Part {
  readonly resource: Resource
  /** Whether other effects may refer to it too. */
  readonly isShared: boolean
}

/** An effect, after what it refers to. */
function resourcesOf(row: DownloadRow, study: StudyRecord | null): Part[] {
  if (study === null) throw new RangeError(`no study has the slug ${row.studySlug}`)
  const population = study.populations.find(({ key }) => key === row.populationKey)
  if (population === undefined) throw new RangeError(`${row.studySlug} has no population with the key ${row.populationKey}`)
  const arm = (key: number | null) => study.arms.find((candidate) => candidate.key === key)
  const [intervention, comparator] = [arm(row.interventionArmKey), arm(row.comparatorArmKey)]
  const reports = study.publications.filter(({ role }, place) => place === 0 || role !== 'TABULATED_IN')
  const assessment = study.riskOfBias.find(({ resultId }) => resultId === row.node.key) ?? study.riskOfBias.find(({ resultId }) => resultId === null)
  const evidence = evidenceResource(
    row,
    {
      population: populationId(population),
      exposure: intervention === undefined ? exposureId(row.node) : armId(intervention),
      comparator: comparator === undefined ? null : armId(comparator),
      outcome: outcomeId(row.node),
      citations: reports.map(citationId),
    },
    assessment ?? null,
  )
  const arms = [intervention, comparator].flatMap((one) => (one === undefined ? [] : [armVariable(one)]))
  const shared = [populationVariable(population), ...arms, outcomeVariable(row), ...reports.map(citationOf)]
  const own = [...(intervention === undefined ? [exposureVariable(row)] : []), evidence]
  return [...shared.map((resource) => ({ resource, isShared: true })), ...own.map((resource) => ({ resource, isShared: false }))]
}
