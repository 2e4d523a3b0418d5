import type { EvidenceComparison } from '../evidence/comparison.graphql.js'
import type { ConditionTerm } from '../vocabulary/vocabulary.js'

/** What a summary of findings can be had as. */
export const findingsFormats = ['html', 'csv', 'svg', 'png'] as const
export type FindingsFormat = (typeof findingsFormats)[number]

interface Addressed {
  readonly condition: Pick<ConditionTerm, 'slug'>
  readonly comparison: Pick<EvidenceComparison, 'key' | 'kind'>
  readonly asked: { readonly baselineRisk: number | null }
}

/**
 * Address of a summary of findings, without the host: it names the comparison that was found, so that it stays of that one.
 *
 * @param basePath path under which callers find the service
 */
export function findingsUrl({ condition, comparison: { key, kind }, asked }: Addressed, format: FindingsFormat, basePath = ''): string {
  const parameters = new URLSearchParams({ comparison: kind })
  if (key !== kind) parameters.set('agent', key.slice(kind.length + 1))
  if (asked.baselineRisk !== null) parameters.set('baselineRisk', String(asked.baselineRisk))
  return `${basePath}/summary-of-findings/${condition.slug}.${format}?${parameters.toString()}`
}
