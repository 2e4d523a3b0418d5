import { exposureMetricOf } from '../evidence/comparison.js'
import type { PooledResultRecord } from '../evidence/pooled.queries.js'
import { normalized, type TreatmentTerm } from '../vocabulary/vocabulary.js'

/** What of a published pooled result says what it compares. */
export type ReviewWords = Pick<PooledResultRecord, 'name' | 'comparator' | 'subgroup'>

const inactive = /\b(placebo|no treatment|no magnesium|usual care|standard care|control|controls|saline)\b/i
const exposed =
  /\b(intake|diet|dietary|serum|plasma|hypomagnes\w+|deficien\w+|magnesium-rich|drinking water|water|depletion score|(higher|lower|low|high|more|less) magnesium|with magnesium (below|above))\b/i
const compared = /\b(?:against|versus|vs\.?|compared (?:with|to))\s+(.+)$/i

/**
 * The comparison that a published pooled result is of, as the keys of our own comparisons have it; null if its words leave it open.
 *
 * Reviews say it in words: in the comparator, else after "against" in the name or the subgroup. A pool that names no comparator and no exposure is
 * one of trials against placebo or no treatment.
 */
export function comparisonOfReview({ name, comparator, subgroup }: ReviewWords, treatments: readonly TreatmentTerm[]): string | null {
  const against = comparator ?? compared.exec(name)?.[1] ?? compared.exec(subgroup ?? '')?.[1] ?? null
  if (comparator === null && exposed.test(name)) return /\bserum magnesium \(|^serum magnesium$/i.test(name) ? 'INACTIVE' : exposureKey(name)
  if (against === null) return 'INACTIVE'
  if (inactive.test(against)) return 'INACTIVE'
  const words = ` ${normalized(against)} `
  const named = treatments.filter((treatment) => [treatment.name, ...treatment.synonyms].some((called) => words.includes(` ${normalized(called)} `)))
  return named.length === 0
    ? null
    : `ACTIVE:${named
        .map(({ slug }) => slug)
        .sort()
        .join('+')}`
}

function exposureKey(words: string): string {
  const metric = /hypomagnes|deficien|low magnesium|serum|plasma/i.test(words) ? 'SERUM' : exposureMetricOf({ kind: 'OTHER', metric: words })
  return `EXPOSURE:${metric}`
}

/** Whether a pooled result stands beside findings of a comparison: of all its trials, or of a part that is named by the comparison itself. */
export function isBeside(review: ReviewWords, comparisonKey: string, treatments: readonly TreatmentTerm[]): boolean {
  if (review.subgroup !== null && !compared.test(review.subgroup) && !inactive.test(review.subgroup)) return false
  const found = comparisonOfReview(review, treatments)
  return found === comparisonKey
}
