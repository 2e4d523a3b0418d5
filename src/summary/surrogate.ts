import type { OutcomeTerm } from '../vocabulary/vocabulary.js'

/** Fields whose outcomes stand for something else, unless the condition is itself a matter of magnesium in the blood. */
const surrogateDomains: ReadonlySet<string> = new Set(['biomarker', 'inflammation', 'neurobiology', 'magnesium status'])
const conditionsOfStatus: ReadonlySet<string> = new Set(['magnesium-deficiency', 'magnesium-status', 'hypermagnesaemia'])

/** The outcome is not itself what matters to patients. */
export function isSurrogate(outcome: Pick<OutcomeTerm, 'domain'> | undefined, condition: string): boolean {
  if (outcome === undefined || !surrogateDomains.has(outcome.domain)) return false
  return !(outcome.domain === 'magnesium status' && conditionsOfStatus.has(condition))
}
