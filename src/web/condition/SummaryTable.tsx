import { Link } from 'react-router'
import type { SummaryRowFragment } from '../../generated/web/graphql.js'
import { Certainty } from '../widgets/Certainty.js'
import { evidenceClassWords } from '../words.js'
import '../evidence/effects.css'
import { behind, Direction, DoseAndTime, Effect, OfEstimate } from './cells.js'

/** What the rows differ by beside the outcome: on the page of a form by condition, of harms by form or by dose. */
type GroupedBy = 'condition' | 'form' | 'dose'
const secondColumn: Readonly<Record<GroupedBy, string>> = { condition: 'Condition', form: 'Form', dose: 'Magnesium a day' }

/** Groups of effects, pooled where they can be, with the reason where they cannot. A row opens what stands behind it. */
export function SummaryTable({ summaries, by }: { readonly summaries: readonly SummaryRowFragment[]; readonly by: GroupedBy }) {
  const columns = ['Outcome', secondColumn[by], 'Compared with', 'Studies', 'People', 'Dose and time', 'Effect (interval)', 'Direction', 'Certainty']
  return (
    <div className="scroll" role="region" aria-label={`Table of summaries by ${secondColumn[by].toLowerCase()}`} tabIndex={0}>
      <table className="effects cards" role="table">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column} scope="col" role="columnheader">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {pooledFirst(summaries).map((summary) => (
            <tr key={[...summary.group, summary.comparison.key, summary.evidenceClass].join(' ')} role="row">
              <th scope="row" role="rowheader">
                <Link to={behind(summary)}>{summary.outcome?.name ?? summary.groupNames.at(-1)}</Link>
              </th>
              <td role="cell" data-label={secondColumn[by]}>
                {by === 'condition' ? summary.condition?.name : by === 'dose' ? summary.groupNames[0] : (summary.form?.name ?? summary.groupNames[0])}
              </td>
              <td role="cell" data-label="Compared with">
                {summary.comparison.label}
                <div className="small muted">{evidenceClassWords[summary.evidenceClass]}</div>
              </td>
              <td role="cell" data-label="Studies">
                <OfEstimate pooled={summary.studiesPooled} all={summary.studies} />
              </td>
              <td role="cell" data-label="People">
                <OfEstimate pooled={summary.participantsPooled} all={summary.participants} />
              </td>
              <td role="cell" data-label="Dose and time">
                <DoseAndTime summary={summary} />
              </td>
              <td role="cell" data-label="Effect (interval)">
                <Effect summary={summary} />
              </td>
              <td role="cell" data-label="Direction" className={`direction ${summary.direction}`}>
                <Direction summary={summary} />
              </td>
              <td role="cell" data-label="Certainty">
                <Certainty certainty={summary.certainty} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What was pooled before what could not be, of either the larger first. */
const pooledFirst = (summaries: readonly SummaryRowFragment[]) =>
  [...summaries].sort((a, b) => Number(a.estimate === null) - Number(b.estimate === null) || (b.k ?? 0) - (a.k ?? 0) || b.studies - a.studies)
