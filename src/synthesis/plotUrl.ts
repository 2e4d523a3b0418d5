import type { EvidenceFilter } from '../evidence/evidence.filter.js'
import { canonical } from '../canonical.js'
import { usualQuestion, type SynthesisQuestion } from './question.js'

/** What a pool can be drawn as: its effects, their precision, a moderator, what each study adds to heterogeneity. */
export const plots = ['forest', 'funnel', 'bubble', 'baujat'] as const
export type Plot = (typeof plots)[number]

/**
 * Address of a plot, without the host: the filter as JSON, and each choice that is not the usual one under its own name.
 *
 * @param basePath path under which callers find the service
 */
export function plotUrl(plot: Plot, filter: EvidenceFilter, question: SynthesisQuestion, basePath = ''): string {
  const parameters = new URLSearchParams({ filter: canonical(filter) })
  for (const [name, value] of Object.entries(question)) {
    const usual: unknown = Object.entries(usualQuestion).find(([other]) => other === name)?.[1]
    if (Array.isArray(value) ? value.length > 0 : value !== usual)
      parameters.set(name, typeof value === 'object' && !Array.isArray(value) ? canonical(value) : String(value))
  }
  return `${basePath}/plots/${plot}.svg?${parameters.toString()}`
}
