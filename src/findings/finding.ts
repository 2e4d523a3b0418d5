import { comparisonKinds, readComparisonKey } from '../evidence/comparisonKey.js'
import type { EvidenceClass, OutcomeImportance } from '../generated/prisma/enums.js'
import { groupBy } from '../grouping.js'
import type { ConditionTerm, OutcomeTerm } from '../vocabulary/vocabulary.js'

/** What decides whether and where a finding stands in a summary. */
export interface Placed {
  readonly condition: Pick<ConditionTerm, 'slug'>
  readonly outcome: Pick<OutcomeTerm, 'slug' | 'name' | 'importance' | 'isHarm'>
  readonly comparisonKey: string
  /** Of the classes of evidence on one outcome and comparison, 0 is the strongest. */
  readonly evidenceClass: EvidenceClass
  readonly participants: number | null
  readonly isPooled: boolean
}

/** As many outcomes as a reader can take in: GRADE's own limit. @see Guyatt et al. (2011), GRADE guidelines 1, J Clin Epidemiol 64:383–394 */
export const mostRows = 7

/** Strongest first, as GRADE starts from it. */
const classes: readonly EvidenceClass[] = ['RANDOMIZED', 'NON_RANDOMIZED', 'COHORT', 'CASE_CONTROL', 'CROSS_SECTIONAL', 'UNCONTROLLED']

/** An outcome that nobody judged counts as important: it is shown, and decides nothing by itself. */
export const importanceOf = ({ importance }: Placed['outcome']): OutcomeImportance => importance ?? 'IMPORTANT'

const tierOf = ({ outcome }: Placed): number => {
  const importance = importanceOf(outcome)
  return importance === 'CRITICAL' ? 0 : outcome.isHarm ? 1 : importance === 'IMPORTANT' ? 2 : 3
}

/**
 * The findings of one comparison in the order of a summary: the condition's own outcomes before those of narrower conditions; critical outcomes, then
 * harms, important outcomes and surrogates; within these what is pooled, the stronger class of evidence, more people.
 *
 * @param condition slug of the condition that is asked about
 * @returns at most seven `rows`, each of another outcome with its strongest evidence and a harm among them if there is one; everything else in `moreRows`
 */
export function arrange<Finding extends Placed>(findings: readonly Finding[], condition: string): { rows: Finding[]; moreRows: Finding[] } {
  const inOrder = [...findings].sort(
    (a, b) =>
      Number(b.condition.slug === condition) - Number(a.condition.slug === condition) ||
      tierOf(a) - tierOf(b) ||
      Number(b.isPooled) - Number(a.isPooled) ||
      classes.indexOf(a.evidenceClass) - classes.indexOf(b.evidenceClass) ||
      (b.participants ?? 0) - (a.participants ?? 0) ||
      compareText(a.outcome.name, b.outcome.name) ||
      compareText(a.condition.slug, b.condition.slug),
  )
  const strongest = [...groupBy(inOrder, ({ outcome }) => outcome.slug).values()].map((same) => strongestOf(same))
  const chosen = new Set(withAHarm(strongest))
  return { rows: inOrder.filter((finding) => chosen.has(finding)), moreRows: inOrder.filter((finding) => !chosen.has(finding)) }
}

/** Of findings on one outcome, those of the condition itself come first; among them the strongest class. */
function strongestOf<Finding extends Placed>([first, ...others]: readonly Finding[]): Finding {
  if (first === undefined) throw new RangeError('an outcome must have a finding')
  return others
    .filter(({ condition }) => condition.slug === first.condition.slug)
    .reduce((best, finding) => (classes.indexOf(finding.evidenceClass) < classes.indexOf(best.evidenceClass) ? finding : best), first)
}

function withAHarm<Finding extends Placed>(inOrder: readonly Finding[]): Finding[] {
  const first = inOrder.slice(0, mostRows)
  const harm = inOrder.find(({ outcome }) => outcome.isHarm)
  return harm === undefined || first.includes(harm) ? first : [...first.slice(0, -1), harm]
}

/**
 * The comparisons of findings, in the order in which questions are taken: by kind, of one kind the stronger class of evidence, then more people.
 */
export function comparisonsOf(findings: readonly Placed[]): string[] {
  const rank = [...groupBy(findings, ({ comparisonKey }) => comparisonKey)].map(([key, same]) => ({
    key,
    kind: comparisonKinds.indexOf(readComparisonKey(key).kind),
    evidenceClass: Math.min(...same.map(({ evidenceClass }) => classes.indexOf(evidenceClass))),
    participants: Math.max(...same.map(({ participants }) => participants ?? 0)),
  }))
  return rank
    .sort((a, b) => a.kind - b.kind || a.evidenceClass - b.evidenceClass || b.participants - a.participants || compareText(a.key, b.key))
    .map(({ key }) => key)
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
