import { evidenceClassOfDesign } from '../evidence/comparison.js'
import { Across, type SynthesisQuestion } from './question.js'
import type { Candidate } from './candidate.js'

/**
 * Candidates as they were kept, with what they did not say then: what is compared follows from the comparator's role and the design, and nothing is
 * known of combinations, units and primary results.
 */
export function candidateAsKept(kept: Candidate): Candidate {
  const older = kept as Partial<Candidate> & Pick<Candidate, 'design' | 'comparatorRole' | 'comparator' | 'intervention'> // of any version
  return {
    ...kept,
    concern: older.concern ?? false,
    evidenceClass: older.evidenceClass ?? evidenceClassOfDesign(older.design),
    comparison: older.comparison ?? comparisonOfRole(older),
    combinedWith: older.combinedWith ?? [],
    partition: older.partition ?? null,
    name: older.name ?? '',
    isPrimary: older.isPrimary ?? false,
    inCommonUnit: older.inCommonUnit ?? null,
    timepointLabel: older.timepointLabel ?? null,
    category: older.category ?? null,
  }
}

/** A question as it was kept. Before pools answered one question they mixed what the filter selected, and the same number is to come of it again. */
export function questionAsKept<Group extends string>(
  kept: Omit<SynthesisQuestion<Group>, 'across'> & { readonly across?: readonly Across[] },
): SynthesisQuestion<Group> {
  return { ...kept, across: kept.across ?? Object.values(Across) }
}

function comparisonOfRole({ comparatorRole, comparator, intervention }: Pick<Candidate, 'comparatorRole' | 'comparator' | 'intervention'>): string {
  switch (comparatorRole) {
    case 'PLACEBO':
    case 'NO_TREATMENT':
    case 'USUAL_CARE':
      return 'INACTIVE'
    case 'ACTIVE_CONTROL':
      return `ACTIVE:${comparator ?? ''}`
    case 'MAGNESIUM':
    case 'MAGNESIUM_LOWER_DOSE':
      return 'MAGNESIUM'
    case null:
      return `EXPOSURE:OTHER:${intervention}`
  }
}
