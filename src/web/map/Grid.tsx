import { useRef, useState, type KeyboardEvent } from 'react'
import { Link } from 'react-router'
import type { MapQuery } from '../../generated/web/graphql.js'
import { counted } from '../words.js'
import { Bubble } from './Bubble.js'
import { cellWords, peopleOf, type Cell } from './cell.js'

type EvidenceMap = MapQuery['evidenceMap']
type Axis = EvidenceMap['rows'][number]

interface GridProps {
  readonly map: EvidenceMap
  /** Where the evidence of a cell is shown. */
  readonly addressOf: (cell: Cell) => string
}

/**
 * The cells of a map: rows with the most people compared with placebo or nothing first, what holds no effect folded. One stop of the Tab key, in which arrows move; the panel below tells what
 * is pointed at, focused or tapped.
 */
export function Grid({ map, addressOf }: GridProps) {
  const [isWhole, setIsWhole] = useState(false)
  const [place, setPlace] = useState<Place>({ row: 1, column: 0 })
  const [told, setTold] = useState<Cell | null>(null)
  const tapOnlyTells = useRef(false)
  const { rows, columns, folded } = shownAxes(map, isWhole)
  const cellAt = new Map(map.cells.map((cell) => [placeName(cell), cell]))
  const nameOf = new Map([...map.rows, ...map.columns].map(({ slug, name }) => [slug, name]))
  const stop = (at: Place) => ({
    'data-place': `${at.row} ${at.column}`,
    tabIndex: at.row === place.row && at.column === place.column ? 0 : -1,
    onFocus: () => setPlace(at),
  })
  return (
    <>
      <div className="scroll map" role="region" aria-label="Grid of conditions and forms" tabIndex={-1}>
        <table onKeyDown={(event) => moveBy(event, { rows: rows.length + 1, columns: columns.length + 1 }, () => setTold(null))}>
          <thead>
            <tr>
              <td />
              {columns.map(({ slug, name }, column) => (
                <th key={slug} scope="col">
                  <span>
                    {isTerm(slug) ? (
                      <Link to={`/forms/${slug}`} {...stop({ row: 0, column: column + 1 })}>
                        {shortened(name)}
                      </Link>
                    ) : (
                      name
                    )}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ slug: row, name }, line) => (
              <tr key={row}>
                <th scope="row">
                  <Link to={`/conditions/${row}`} {...stop({ row: line + 1, column: 0 })}>
                    {name}
                  </Link>
                </th>
                {columns.map(({ slug: column }, across) => {
                  const cell = cellAt.get(placeName({ row, column }))
                  if (cell === undefined || cell.effects === 0)
                    return (
                      <td key={column}>
                        <Gap cell={cell} />
                      </td>
                    )
                  const at = stop({ row: line + 1, column: across + 1 })
                  return (
                    <td key={column} onPointerEnter={({ pointerType }) => pointerType === 'mouse' && setTold(cell)}>
                      <Link
                        to={addressOf(cell)}
                        className="spot"
                        aria-label={cellWords(cell)}
                        {...at}
                        onFocus={() => {
                          at.onFocus()
                          setTold(cell)
                        }}
                        // A finger cannot point: its first tap tells, the second opens. The tap focuses the cell before it clicks.
                        onPointerDown={({ pointerType }) => (tapOnlyTells.current = pointerType === 'touch' && told !== cell)}
                        onClick={(event) => {
                          if (tapOnlyTells.current) event.preventDefault()
                          tapOnlyTells.current = false
                        }}
                      >
                        <Bubble cell={cell} />
                      </Link>
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="map-panel small no-print" aria-live="polite">
        {told === null ? (
          <span className="muted">Point at a cell, tap it, or move to it by the arrow keys: what it holds stands here.</span>
        ) : (
          <>
            <strong>
              {nameOf.get(told.row)} · {nameOf.get(told.column)}
            </strong>
            : {cellWords(told)}. <Link to={addressOf(told)}>Its effects</Link>
          </>
        )}
      </div>
      {folded > 0 && (
        <p className="no-print">
          <button type="button" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
            {isWhole ? 'Hide what holds no effect' : `Show ${counted(folded, 'row or column', 'rows and columns')} that hold no effect`}
          </button>
        </p>
      )}
    </>
  )
}

interface Place {
  readonly row: number
  readonly column: number
}

const placeName = ({ row, column }: { readonly row: string; readonly column: string }) => `${row} ${column}`

/** Rows with the most people in comparisons with placebo or nothing first; what holds no effect is left out, unless all is asked for. */
function shownAxes({ rows, columns, cells }: EvidenceMap, isWhole: boolean) {
  const people = new Map<string, number>()
  const held = new Set<string>()
  for (const cell of cells) {
    if (cell.effects === 0) continue
    people.set(cell.row, (people.get(cell.row) ?? 0) + (cell.summary?.comparison.kind === 'INACTIVE' ? peopleOf(cell) : 0))
    held.add(`row ${cell.row}`).add(`column ${cell.column}`)
  }
  const inOrder = rows.toSorted((a, b) => (people.get(b.slug) ?? -1) - (people.get(a.slug) ?? -1))
  const holding = (kind: 'row' | 'column') => (axis: Axis) => held.has(`${kind} ${axis.slug}`)
  const [fullRows, fullColumns] = [inOrder.filter(holding('row')), columns.filter(holding('column'))]
  const folded = rows.length - fullRows.length + columns.length - fullColumns.length
  return { folded, rows: isWhole ? inOrder : fullRows, columns: isWhole ? columns : fullColumns }
}

const steps: Readonly<Record<string, Place>> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
}

/** Arrows go to the next cell that holds something in their direction; Escape empties the panel. */
function moveBy(event: KeyboardEvent<HTMLTableElement>, size: { readonly rows: number; readonly columns: number }, onEscape: () => void): void {
  if (event.key === 'Escape') return onEscape()
  const step = steps[event.key]
  const from = event.target instanceof Element ? event.target.getAttribute('data-place') : null
  if (step === undefined || from === null) return
  event.preventDefault()
  const [row = 0, column = 0] = from.split(' ').map(Number)
  for (let at = { row: row + step.row, column: column + step.column }; ; at = { row: at.row + step.row, column: at.column + step.column }) {
    if (at.row < 0 || at.column < 0 || at.row >= size.rows || at.column >= size.columns) return
    const next = event.currentTarget.querySelector<HTMLElement>(`[data-place="${at.row} ${at.column}"]`)
    if (next !== null) return next.focus()
  }
}

function Gap({ cell }: { readonly cell: Cell | undefined }) {
  const isStudied = cell !== undefined && cell.humanStudies + cell.otherStudies > 0
  return <span className={`gap ${isStudied ? 'elsewhere' : ''}`} role="img" aria-label={cell === undefined ? 'gap: no study' : cellWords(cell)} />
}

/** SEVERAL and NONE are words for what no one form describes. */
export const isTerm = (slug: string) => slug === slug.toLowerCase()

/** The map is of magnesium: its columns need not repeat it. */
const shortened = (name: string) => name.replace(/^magnesium (?=\S)/i, '')
