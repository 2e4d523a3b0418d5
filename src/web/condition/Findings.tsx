import type { FindingRowFragment, FindingsFragment } from '../../generated/web/graphql.js'
import { Certainty } from '../widgets/Certainty.js'
import type { Download } from '../widgets/Widget.js'
import { countWords, estimateWords, evidenceClassWords, measureWords, unitWords } from '../words.js'
import '../evidence/effects.css'
import './findings.css'

/** The same summary as a page to print, a file and a picture. */
export const findingsFiles = ({ htmlUrl, csvUrl, pngUrl }: FindingsFragment): Download[] =>
  Object.entries({ Print: htmlUrl, CSV: csvUrl, PNG: pngUrl }).map(([name, url]) => ({ name, href: url }))

/** At most seven outcomes of one comparison, those that matter most first; the rest on demand. */
export function Findings({ findings }: { readonly findings: FindingsFragment }) {
  return (
    <>
      <Rows rows={findings.rows} label="Summary of findings" />
      {findings.moreRows.length > 0 && (
        <details>
          <summary>{findings.moreRows.length === 1 ? 'One more outcome' : `${findings.moreRows.length} more outcomes`}</summary>
          <Rows rows={findings.moreRows} label="Further outcomes" />
        </details>
      )}
    </>
  )
}

const columns = ['Outcome', 'Trials', 'People', 'Effect (interval)', 'Of 1,000 people', 'Certainty', 'In words'] as const

function Rows({ rows, label }: { readonly rows: readonly FindingRowFragment[]; readonly label: string }) {
  return (
    <div className="scroll" role="region" aria-label={label} tabIndex={0}>
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
          {rows.map((row) => (
            <tr key={`${row.condition.slug} ${row.outcome.slug} ${row.evidenceClass} ${row.timepoint ?? ''}`} role="row">
              <th scope="row" role="rowheader">
                {row.outcome.name}
                <div className="small muted">
                  {[row.timepoint, row.condition.name, evidenceClassWords[row.evidenceClass]].filter((part) => part !== null).join(', ')}
                </div>
              </th>
              <td role="cell" data-label="Trials">
                {row.studies}
              </td>
              <td role="cell" data-label="People">
                {countWords(row.participants)}
              </td>
              <td role="cell" data-label="Effect (interval)">
                <Effect {...row} />
              </td>
              <td role="cell" data-label="Of 1,000 people">
                <PerThousand {...row} />
              </td>
              <td role="cell" data-label="Certainty">
                <Certainty certainty={row.certainty} />
              </td>
              <td role="cell" data-label="In words">
                {row.statement}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Effect({ relative, difference }: FindingRowFragment) {
  const size = relative ?? difference
  if (size?.estimate == null) return <span className="muted">not pooled</span>
  return (
    <>
      {estimateWords(size.measure, size.estimate, size.ciLower, size.ciUpper)}
      <div className="small muted">
        {measureWords[size.measure]}
        {size.unit !== null && `, ${unitWords(size.unit)}`}
      </div>
    </>
  )
}

function PerThousand({ perThousand }: FindingRowFragment) {
  if (perThousand === null) return '–'
  return (
    <>
      {Math.round(perThousand.without)} without, {Math.round(perThousand.with)} with magnesium
      <div className="small muted">{perThousand.baselineSource}</div>
    </>
  )
}
