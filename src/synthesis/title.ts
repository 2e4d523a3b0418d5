import { labelOfComparison } from '../evidence/comparisonKey.js'
import type { Vocabulary } from '../vocabulary/vocabulary.js'
import { onlyOne, type Synthesis } from './synthesis.js'

/** What a pool is of: "Magnesium against placebo or no treatment: all-cause mortality, acute myocardial infarction; without ISIS-4 1995". */
export function synthesisTitle(synthesis: Pick<Synthesis, 'chosen' | 'leftOut'>, vocabulary: Vocabulary): string {
  const { chosen, leftOut } = synthesis
  const names = (terms: readonly (string | undefined)[]) => [...new Set(terms)].filter((name) => name !== undefined)
  const outcomes = names(chosen.map(({ candidate }) => vocabulary.outcomes.find(candidate.outcome)?.name))
  const conditions = names(chosen.map(({ candidate }) => vocabulary.conditions.find(candidate.condition)?.name))
  const told = (found: readonly string[], plural: string) => (found.length > 2 ? `${found.length} ${plural}` : found.join(' and '))
  const key = onlyOne(synthesis, ({ comparison }) => comparison)
  const without = names(leftOut.map(({ label }) => label))
  return (
    `Magnesium${key === null ? '' : ` ${labelOfComparison(key, vocabulary)}`}: ${told(outcomes, 'outcomes')}, ${told(conditions, 'conditions')}` +
    (without.length === 0 ? '' : `; without ${without.length > 3 ? `${without.length} studies` : without.join(', ')}`)
  )
}
