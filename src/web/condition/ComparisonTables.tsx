import { Fragment, useState } from 'react'
import { Link } from 'react-router'
import type { SummaryRowFragment } from '../../generated/web/graphql.js'
import { Certainty } from '../widgets/Certainty.js'
import { Fold } from '../widgets/Fold.js'
import { counted } from '../words.js'
import '../evidence/effects.css'
import type { ComparisonTable, OutcomeRow } from './byComparison.js'
import { behind, designWordsOf, Direction, DoseAndTime, Effect, OfEstimate } from './cells.js'
import './comparisons.css'

interface ComparisonTablesProps {
  /** Slug of the condition. */
  readonly condition: string
  readonly tables: readonly ComparisonTable[]
}

/** One table a comparison, the first one open; a list to jump by where there are several. */
export function ComparisonTables({ condition, tables }: ComparisonTablesProps) {
  return (
    <>
      {tables.length > 1 && (
        <nav className="jump small no-print" aria-label="Comparisons">
          <ul>
            {tables.map((table) => (
              <li key={table.key}>
                <a href={`#${anchorOf(table)}`} onClick={() => open(table)}>
                  {table.title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
      {tables.map((table, place) => (
        <Fold key={table.key} id={anchorOf(table)} title={table.title} holds={counted(outcomesOf(table), 'outcome', 'outcomes')} isOpen={place === 0}>
          <Table condition={condition} table={table} />
        </Fold>
      ))}
    </>
  )
}

const anchorOf = ({ key }: ComparisonTable) => `comparison-${key.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`

function open(table: ComparisonTable) {
  const details = document.getElementById(anchorOf(table))
  if (details instanceof HTMLDetailsElement) details.open = true
}

const outcomesOf = ({ rows }: ComparisonTable) => new Set(rows.map(({ all }) => all.outcome?.slug)).size

const columns = ['Outcome', 'Studies', 'People', 'Dose and time', 'Effect (interval)', 'Direction', 'Certainty'] as const

function Table({ condition, table }: { readonly condition: string; readonly table: ComparisonTable }) {
  return (
    <div className="scroll" role="region" aria-label={table.title} tabIndex={0}>
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
          {table.rows.map((row) => (
            <Outcome key={keyOf(row.all)} condition={condition} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

const keyOf = ({ group, comparison, evidenceClass }: SummaryRowFragment) => [...group, comparison.key, evidenceClass].join(' ')

/** An outcome with all forms together; each form is a row below it, on demand. */
function Outcome({ condition, row: { all, forms } }: { readonly condition: string; readonly row: OutcomeRow }) {
  const [isOpen, setIsOpen] = useState(false)
  const [only] = forms
  return (
    <Fragment>
      <tr role="row">
        <th scope="row" role="rowheader">
          <Link to={behind(all)}>{all.outcome?.name ?? all.groupNames.at(-1)}</Link>
          <div className="small muted">{designWordsOf(all, condition)}</div>
          {forms.length === 1 && only !== undefined && <div className="small muted">{formName(only)}</div>}
          {forms.length > 1 && (
            <button type="button" className="small no-print" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
              {isOpen ? 'Hide' : 'Show'} {forms.length} forms
            </button>
          )}
        </th>
        <Cells summary={all} />
      </tr>
      {isOpen &&
        forms.map((form) => (
          <tr key={keyOf(form)} role="row" className="of-form">
            <th scope="row" role="rowheader">
              <Link to={behind(form)}>{formName(form)}</Link>
              <div className="small muted">{all.outcome?.name}</div>
            </th>
            <Cells summary={form} />
          </tr>
        ))}
    </Fragment>
  )
}

const formName = ({ form, groupNames }: SummaryRowFragment) => form?.name ?? groupNames[1] ?? ''

function Cells({ summary }: { readonly summary: SummaryRowFragment }) {
  return (
    <>
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
    </>
  )
}
