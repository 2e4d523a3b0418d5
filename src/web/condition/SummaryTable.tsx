import { Link } from 'react-router'
import type { SummaryRowFragment } from '../../generated/web/graphql.js'
import { warningWords } from '../synthesis/choices.js'
import { counted, countWords, directionWords, estimateWords, evidenceClassWords, measureWords, plainWord, unitWords } from '../words.js'
import '../evidence/effects.css'

/** What the rows differ by beside the outcome: on the page of a condition by form, of a form by condition. */
type GroupedBy = 'condition' | 'form' | 'dose'
const secondColumn: Readonly<Record<GroupedBy, string>> = { condition: 'Form', form: 'Condition', dose: 'Magnesium a day' }

/** Groups of effects, pooled where they can be, with the reason where they cannot. A row opens what stands behind it. */
export function SummaryTable({ summaries, by }: { readonly summaries: readonly SummaryRowFragment[]; readonly by: GroupedBy }) {
  return (
    <div className="scroll" role="region" aria-label={`Table of summaries by ${secondColumn[by].toLowerCase()}`} tabIndex={0}>
      <table className="effects cards" role="table">
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">
              Outcome
            </th>
            <th scope="col" role="columnheader">
              {secondColumn[by]}
            </th>
            <th scope="col" role="columnheader">
              Compared with
            </th>
            <th scope="col" role="columnheader" className="number">
              Studies
            </th>
            <th scope="col" role="columnheader" className="number">
              People
            </th>
            <th scope="col" role="columnheader">
              Pooled effect (interval)
            </th>
            <th scope="col" role="columnheader">
              Direction
            </th>
            <th scope="col" role="columnheader">
              Certainty
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {pooledFirst(summaries).map((summary) => (
            <tr key={[...summary.group, summary.comparison.key, summary.evidenceClass].join(' ')} role="row">
              <th scope="row" role="rowheader">
                <Link to={behind(summary)}>{summary.outcome?.name ?? summary.groupNames.at(-1)}</Link>
              </th>
              <td role="cell" data-label={secondColumn[by]}>
                {by === 'form' ? summary.condition?.name : by === 'dose' ? summary.groupNames[0] : (summary.form?.name ?? summary.groupNames[1])}
              </td>
              <td role="cell" data-label="Compared with">
                {summary.comparison.label}
                <div className="small muted">{evidenceClassWords[summary.evidenceClass]}</div>
              </td>
              <td role="cell" data-label="Studies" className="number">
                {summary.studiesPooled ?? summary.studies}
              </td>
              <td role="cell" data-label="People" className="number">
                {countWords(summary.estimate === null ? summary.participants : summary.participantsPooled)}
              </td>
              <td role="cell" data-label="Pooled effect (interval)">
                <Pooled summary={summary} />
              </td>
              <td role="cell" data-label="Direction" className={`direction ${summary.direction}`}>
                {summary.estimate === null ? 'not pooled' : directionWords[summary.direction]}
              </td>
              <td role="cell" data-label="Certainty" title={summary.notRatedReason ?? undefined}>
                {summary.certainty === null ? '–' : `${plainWord(summary.certainty.level)}${summary.certainty.computed ? ' (computed)' : ''}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Pooled({ summary }: { readonly summary: SummaryRowFragment }) {
  const { measure, unit, estimate, ciLower, ciUpper, i2, k, notPooledReason, favoursMagnesium, noClearDifference, favoursComparator, unclear, warnings } =
    summary
  if (estimate === null || measure === null)
    return (
      <>
        <span className="muted">{notPooledReason === null ? 'not pooled' : reasonWords(notPooledReason)}</span>
        <div className="small muted">
          of {counted(summary.effects, 'effect', 'effects')}: {noClearDifference} without a clear difference, {unclear} unclear, {favoursMagnesium} for
          magnesium, {favoursComparator} against
        </div>
      </>
    )
  return (
    <>
      {estimateWords(measure, estimate, ciLower, ciUpper)}
      <div className="small muted">
        {measureWords[measure]}
        {unit !== null && `, ${unitWords(unit)}`}
        {k !== null && k > 1 && i2 !== null && `, I² ${Math.round(i2)} %`}
        {k === 1 && ', one study'}
      </div>
      {warnings.length > 0 && (
        <details className="small muted">
          <summary>{counted(warnings.length, 'warning', 'warnings')}</summary>
          <ul>
            {warnings.map(({ code, message }) => (
              <li key={code}>{warningWords(message)}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

/** What was pooled before what could not be, of either the larger first. */
const pooledFirst = (summaries: readonly SummaryRowFragment[]) =>
  [...summaries].sort((a, b) => Number(a.estimate === null) - Number(b.estimate === null) || (b.k ?? 0) - (a.k ?? 0) || b.studies - a.studies)

/** The API's sentence without what the row shows already: how many effects of how many studies there are. */
const reasonWords = (reason: string) =>
  reason
    .replace(/^the filter matches .*? can be pooled: /, '')
    .replace(/\b1 × /g, '')
    .replace(/(\d+) × /g, '$1 times ')

/** Where the effects of a group are shown: pooled where they can be, in a list where they cannot. */
function behind({ condition, form, outcome, comparison, evidenceClass, estimate }: SummaryRowFragment): string {
  const parameters = new URLSearchParams()
  if (condition !== null) parameters.set('condition', condition.slug)
  if (form !== null) parameters.set('form', form.slug)
  if (outcome !== null) parameters.set('outcome', outcome.slug)
  parameters.set('comparison', comparison.key)
  parameters.set('evidence', evidenceClass)
  return `/${estimate === null ? 'evidence' : 'synthesis'}?${parameters.toString()}`
}
