import { useRef } from 'react'
import { Link, useSearchParams } from 'react-router'
import { MapDocument, type MapQuery } from '../../generated/web/graphql.js'
import { filterOfAddress } from '../filters/evidenceFilter.js'
import { FilterBar } from '../filters/FilterBar.js'
import { Page } from '../shell/Page.js'
import { SavePlot } from '../widgets/SavePlot.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { Bubble, Legend } from './Bubble.js'
import { cellWords, type Cell } from './cell.js'
import './map.css'

const lead = (
  <>
    Which magnesium was tried for what, and whether it made a difference. A colour means that the interval of the pooled effect excludes no effect; grey that it
    does not. Trials only say what was tried in the people who took part: this is evidence, not advice.
  </>
)

/** Conditions × forms: where evidence is, what it says, and where it is missing. */
export function MapPage() {
  const [address] = useSearchParams()
  const drawing = useRef<HTMLDivElement>(null)
  const asked = useOperation(MapDocument, { filter: filterOfAddress(address) })
  return (
    <Page title="Evidence map" lead={lead}>
      <FilterBar />
      <Widget title="Conditions by forms" asked={asked} lines={24} note={<Legend />}>
        {({ evidenceMap }) => (
          <>
            <div ref={drawing}>
              <Grid map={evidenceMap} address={address} />
            </div>
            <SavePlot part={drawing} name="evidence-map" rows={() => rowsOf(evidenceMap)} />
          </>
        )}
      </Widget>
    </Page>
  )
}

function Grid({ map: { rows, columns, cells }, address }: { readonly map: MapQuery['evidenceMap']; readonly address: URLSearchParams }) {
  const byPlace = new Map(cells.map((cell) => [`${cell.row} ${cell.column}`, cell]))
  return (
    <div className="scroll map" role="region" aria-label="Grid of conditions and forms" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <td />
            {columns.map(({ slug, name }) => (
              <th key={slug} scope="col">
                <span>{isTerm(slug) ? <Link to={`/forms/${slug}`}>{shortened(name)}</Link> : name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ slug: row, name }) => (
            <tr key={row}>
              <th scope="row">
                <Link to={`/conditions/${row}`}>{name}</Link>
              </th>
              {columns.map(({ slug: column }) => (
                <td key={column}>
                  <Spot cell={byPlace.get(`${row} ${column}`)} address={address} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Spot({ cell, address }: { readonly cell: Cell | undefined; readonly address: URLSearchParams }) {
  if (cell === undefined || cell.effects === 0) {
    const isStudied = cell !== undefined && cell.humanStudies + cell.otherStudies > 0
    return (
      <span className={`gap ${isStudied ? 'elsewhere' : ''}`} title={cell === undefined ? 'gap: no study' : cellWords(cell)}>
        <span className="visually-hidden">{cell === undefined ? 'gap: no study' : cellWords(cell)}</span>
      </span>
    )
  }
  const words = cellWords(cell)
  return (
    <Link to={evidenceAddress(cell, address)} title={words} className="spot">
      <Bubble cell={cell} />
      <span className="visually-hidden">{words}</span>
    </Link>
  )
}

/** The evidence of a cell, under the same filters. */
function evidenceAddress({ row, column }: Cell, address: URLSearchParams): string {
  const next = new URLSearchParams(address)
  next.set('condition', row)
  if (isTerm(column)) next.set('form', column)
  return `/evidence?${next.toString()}`
}

const rowsOf = ({ cells }: MapQuery['evidenceMap']) => [
  ['condition', 'form', 'effects', 'studies', 'participants', 'direction', 'standardizedBenefit', 'lower', 'upper'],
  ...cells.map(({ row, column, effects, studies, participants, summary }) => [
    ...[row, column, effects, studies, participants, summary?.direction],
    ...[summary?.standardizedBenefit, summary?.standardizedBenefitLower, summary?.standardizedBenefitUpper],
  ]),
]

/** SEVERAL and NONE are words for what no one form describes. */
const isTerm = (slug: string) => slug === slug.toLowerCase()

/** The map is of magnesium: its columns need not repeat it. */
const shortened = (name: string) => name.replace(/^magnesium (?=\S)/i, '')
