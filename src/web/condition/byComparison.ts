import type { ComparisonKind, EvidenceClass, SummaryRowFragment } from '../../generated/web/graphql.js'
import { groupBy } from '../../grouping.js'
import { evidenceClassWords } from '../words.js'

/** An outcome of one comparison and class of evidence: all forms together, and each form apart. */
export interface OutcomeRow {
  readonly all: SummaryRowFragment
  readonly forms: readonly SummaryRowFragment[]
}

/** What is known of one comparison. */
export interface ComparisonTable {
  readonly key: string
  readonly kind: ComparisonKind
  /** "Magnesium against valproate". */
  readonly title: string
  readonly rows: readonly OutcomeRow[]
}

/** Trials before what was observed; what nothing is compared with comes last. */
export const comparisonKinds: readonly ComparisonKind[] = ['INACTIVE', 'ACTIVE', 'MAGNESIUM', 'EXPOSURE', 'NONE']
const classes = Object.keys(evidenceClassWords) as EvidenceClass[] // the keys of the record, the strongest class first

/**
 * Summaries of a condition by what magnesium was compared with: placebo or nothing, each other treatment, magnesium in another way, observed exposure,
 * nothing to compare with. In each the outcomes of the condition itself come before those of narrower ones, randomised evidence before other, and what
 * was pooled before what was not, the larger first.
 *
 * @param condition slug of the condition that the page is of
 * @param together summaries by condition and outcome, all forms together
 * @param byForm the same by form as well
 */
export function byComparison(condition: string, together: readonly SummaryRowFragment[], byForm: readonly SummaryRowFragment[]): readonly ComparisonTable[] {
  const formsOf = groupBy(byForm, questionOf)
  return [...groupBy(together, ({ comparison }) => comparison.key)]
    .map(([key, summaries]) => ({
      key,
      comparison: summaries[0]?.comparison,
      people: Math.max(...summaries.map(({ participants }) => participants ?? 0)),
      rows: [...summaries].sort(rowOrder(condition)).map((all) => ({ all, forms: [...(formsOf.get(questionOf(all)) ?? [])].sort(rowOrder(condition)) })),
    }))
    .flatMap(({ comparison, ...table }) => (comparison === undefined ? [] : [{ ...table, kind: comparison.kind, title: titleOf(comparison) }]))
    .sort(
      (a, b) =>
        comparisonKinds.indexOf(a.kind) - comparisonKinds.indexOf(b.kind) ||
        Math.min(...a.rows.map(({ all }) => classOrder(all))) - Math.min(...b.rows.map(({ all }) => classOrder(all))) ||
        b.people - a.people ||
        (a.title < b.title ? -1 : 1),
    )
    .map(({ key, kind, title, rows }) => ({ key, kind, title, rows }))
}

/** What a comparison is called as a heading. */
export function titleOf({ kind, label }: SummaryRowFragment['comparison']): string {
  if (kind === 'EXPOSURE') return `Observed, not allocated: ${label}`
  return kind === 'NONE' ? 'Before and after, without a comparison group' : `Magnesium ${label}`
}

/** Forms are compared on what all else says the same of. */
const questionOf = ({ condition, outcome, comparison, evidenceClass }: SummaryRowFragment) =>
  [condition?.slug, outcome?.slug, comparison.key, evidenceClass].join(' ')

const classOrder = ({ evidenceClass }: SummaryRowFragment) => classes.indexOf(evidenceClass)

const rowOrder = (condition: string) => (a: SummaryRowFragment, b: SummaryRowFragment) =>
  Number(b.condition?.slug === condition) - Number(a.condition?.slug === condition) ||
  classOrder(a) - classOrder(b) ||
  Number(a.estimate === null) - Number(b.estimate === null) ||
  (b.studiesPooled ?? 0) - (a.studiesPooled ?? 0) ||
  (b.participantsPooled ?? b.participants ?? 0) - (a.participantsPooled ?? a.participants ?? 0) ||
  b.studies - a.studies
