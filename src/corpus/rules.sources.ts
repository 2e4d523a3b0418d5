import type { StudyEntry } from './format.js'
import { isLasting } from '../study/lastingSource.js'
import type { Check } from './rules.check.js'

/** The rules of where things were read: keys that must lead to a source, and addresses that should last. */
export function checkSources(check: Check, study: StudyEntry): void {
  for (const { field, source } of sourceKeysOf(study))
    check.expect(source in study.sources, field, source, `must be one of this file's sources (${Object.keys(study.sources).join(', ')})`)
  const main = study.publications[0]
  if (main !== undefined && 'slug' in main)
    check.advise(
      (main.doi ?? main.pmid ?? main.pmcid) !== undefined,
      'a main report without an identifier',
      'publications[0]',
      main.title,
      'look up its DOI, PMID or PMCID; without one the report cannot be matched, nor its retraction noticed',
    )
  for (const [key, { source, locator }] of Object.entries(study.sources))
    check.advise(
      isLasting(`${source} ${locator ?? ''}`),
      'a source without a lasting address',
      `sources.${key}.source`,
      source,
      'read it in the record itself and give that address: DOI, PubMed, PMC, a registry, a repository or the publisher',
    )
}

function sourceKeysOf(study: StudyEntry): { field: string; source: string }[] {
  return [
    ...study.populations.map(({ source }, index) => ({ field: `populations[${index}].source`, source })),
    ...study.arms.flatMap((arm, index) => arm.doses.map(({ source }, phase) => ({ field: `arms[${index}].doses[${phase}].source`, source }))),
    ...study.concerns.map(({ source }, index) => ({ field: `concerns[${index}].source`, source })),
    ...study.results.flatMap((result, index) => [
      { field: `results[${index}].source`, source: result.source },
      ...result.furtherSources.map((source, at) => ({ field: `results[${index}].furtherSources[${at}]`, source })),
      ...result.alternatives.map(({ source }, at) => ({ field: `results[${index}].alternatives[${at}].source`, source })),
    ]),
    ...study.pooledResults.map(({ source }, index) => ({ field: `pooledResults[${index}].source`, source })),
    ...study.riskOfBias.map(({ source }, index) => ({ field: `riskOfBias[${index}].source`, source })),
  ]
}
