import { useState, type ReactNode } from 'react'
import { Link } from 'react-router'
import { FormsDocument, type FormsQuery } from '../../generated/web/graphql.js'
import { Page } from '../shell/Page.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { plainWord } from '../words.js'
import '../evidence/effects.css'
import { Formula } from './Formula.js'
import './forms.css'
import { shareWords } from './share.js'

type Form = FormsQuery['forms']['nodes'][number]

interface Column {
  readonly name: string
  readonly isNumber?: boolean
  readonly shown: (form: Form) => ReactNode
  /** What it is sorted by, the largest first for numbers; null comes last. */
  readonly value: (form: Form) => number | string | null
}

const columns: readonly Column[] = [
  { name: 'Form', shown: ({ slug, name }) => <Link to={`/forms/${slug}`}>{name}</Link>, value: ({ name }) => name },
  { name: 'Formula', shown: ({ formula }) => <Formula formula={formula} />, value: ({ formula }) => formula },
  { name: 'Kind', shown: ({ category }) => plainWord(category), value: ({ category }) => category },
  { name: 'Share of magnesium', isNumber: true, shown: shareWords, value: ({ elementalFractionHigh }) => elementalFractionHigh },
  { name: 'Solubility in water', shown: ({ solubility }) => solubility ?? '–', value: ({ solubility }) => solubility },
  { name: 'Trials', isNumber: true, shown: ({ trials }) => trials, value: ({ trials }) => trials },
  {
    name: 'Usual dose in trials',
    isNumber: true,
    shown: ({ medianElementalMgPerDay: dose }) => (dose === null ? '–' : `${Math.round(dose).toLocaleString('en-GB')} mg a day`),
    value: ({ medianElementalMgPerDay }) => medianElementalMgPerDay,
  },
]

/** The compounds of magnesium that studies name, side by side. */
export function FormsPage() {
  const asked = useOperation(FormsDocument, {})
  return (
    <Page
      title="Forms"
      lead="Compounds of magnesium, and names that may mean several. A gram of one holds more magnesium than a gram of another: the share says how much."
    >
      <Widget
        title="Forms of magnesium"
        asked={asked}
        lines={20}
        note={
          <>
            Trials are randomised ones in people that gave the form by itself; the usual dose is the median of their elemental magnesium. That a form was tried
            more often does not make it the better one. What each does to the gut: <Link to="/safety">harms by form</Link>.
          </>
        }
      >
        {({ forms }) => <Table forms={forms.nodes} />}
      </Widget>
    </Page>
  )
}

function Table({ forms }: { readonly forms: readonly Form[] }) {
  const [by, setBy] = useState<{ readonly name: string; readonly isDescending: boolean }>({ name: 'Trials', isDescending: true })
  const column = columns.find(({ name }) => name === by.name)
  const rows =
    column === undefined ? forms : forms.toSorted((a, b) => compare(column.value(a), column.value(b), by.isDescending) || compare(a.name, b.name, false))
  return (
    <div className="scroll" role="region" aria-label="Forms" tabIndex={0}>
      <table className="cards" role="table">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ name, isNumber = false }) => (
              <th
                key={name}
                scope="col"
                role="columnheader"
                className={isNumber ? 'number' : undefined}
                aria-sort={by.name === name ? (by.isDescending ? 'descending' : 'ascending') : undefined}
              >
                <button type="button" className="sorts" onClick={() => setBy({ name, isDescending: by.name === name ? !by.isDescending : isNumber })}>
                  {name} <span aria-hidden="true">{by.name === name ? (by.isDescending ? '▼' : '▲') : '↕'}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((form) => (
            <tr key={form.slug} role="row">
              {columns.map(({ name, isNumber = false, shown }, place) =>
                place === 0 ? (
                  <th key={name} scope="row" role="rowheader">
                    {shown(form)}
                  </th>
                ) : (
                  <td key={name} role="cell" data-label={name} className={isNumber ? 'number' : undefined}>
                    {shown(form)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What is not known comes last, whichever way round. */
function compare(a: number | string | null, b: number | string | null, isDescending: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b))
  return isDescending ? -order : order
}
