import { AxisBottom } from '@visx/axis'
import { scaleLinear, scaleLog } from '@visx/scale'
import { useState } from 'react'
import { Link } from 'react-router'
import type { SynthesisPageQuery } from '../../generated/web/graphql.js'
import { countWords, estimateWords, noEffectOf } from '../words.js'
import './forest.css'

type Synthesis = SynthesisPageQuery['synthesis']

/** A row: an entry of the pool, or a study that is left out of it, which has no weight. */
interface Row extends Pick<Synthesis['leftOut'][number], 'label' | 'year' | 'estimate' | 'ciLower' | 'ciUpper' | 'participants'> {
  readonly study: { readonly slug: string }
  readonly weightPercent: number | null
}

const [width, rowHeight] = [420, 26]

const orders = {
  // By the width of the interval, which is the order of weights: a row that is left out has no weight and stays where it is.
  weight: { name: 'weight', compare: (a: Row, b: Row, isRatio: boolean) => widthOf(a, isRatio) - widthOf(b, isRatio) },
  year: { name: 'year', compare: (a: Row, b: Row) => (a.year ?? 0) - (b.year ?? 0) },
  estimate: { name: 'estimate', compare: (a: Row, b: Row) => a.estimate - b.estimate },
  name: { name: 'study', compare: (a: Row, b: Row) => a.label.localeCompare(b.label) },
} as const
type Order = keyof typeof orders

const widthOf = ({ ciLower, ciUpper }: Row, isRatio: boolean) => (isRatio ? Math.log(ciUpper / ciLower) : ciUpper - ciLower)

interface ForestProps {
  readonly synthesis: Synthesis
  /** Slugs of the studies that are to be left out. */
  readonly left: readonly string[]
  /** Called with the slugs of the studies that are to be left out. */
  readonly onLeaveOut: (studies: readonly string[]) => void
}

/** A forest plot as a table: a row a study, to be sorted, and to be left out of the pool. Ratios stand on a logarithmic scale. */
export function Forest({ synthesis, left, onLeaveOut }: ForestProps) {
  const [order, setOrder] = useState<Order>('weight')
  const { measure, contributions } = synthesis
  // A study that has gone from the data since the pool was kept has nothing to be named by.
  const leftOut = synthesis.leftOut.flatMap(({ study, ...row }): Row[] => (study === null ? [] : [{ ...row, study, weightPercent: null }]))
  const without = [...new Set(leftOut.map(({ label }) => label))]
  const x = scaleOf(synthesis)
  const place = (value: number) => Math.min(width, Math.max(0, x(value)))
  const rows: readonly Row[] = [...contributions, ...leftOut].sort((a, b) => orders[order].compare(a, b, noEffectOf(measure) === 1))
  const mayLeaveOut = new Set(rows.map(({ study }) => study.slug)).size > 1
  const toggle = (slug: string) => onLeaveOut(left.includes(slug) ? left.filter((other) => other !== slug) : [...left, slug])
  return (
    <div className="scroll" role="region" aria-label="Studies and their pool" tabIndex={0}>
      <p className="row no-print">
        <label>
          Sorted by{' '}
          <select value={order} onChange={({ target }) => setOrder((Object.keys(orders) as Order[]).find((name) => name === target.value) ?? 'weight')}>
            {Object.entries(orders).map(([name, { name: words }]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </select>
        </label>
        {mayLeaveOut && <span className="muted small">Tick studies to leave them out of the pool.</span>}
        {left.length > 0 && (
          <button type="button" onClick={() => onLeaveOut([])}>
            Put all back
          </button>
        )}
      </p>
      <table className="forest">
        <thead>
          <tr>
            <th scope="col">Study</th>
            <th scope="col" className="number">
              People
            </th>
            <th scope="col" className="number">
              Weight
            </th>
            <th scope="col" aria-hidden="true" />
            <th scope="col">Effect (interval)</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, study, participants, weightPercent, estimate, ciLower, ciUpper }) => (
            <tr key={label} className={weightPercent === null ? 'left-out' : ''}>
              <th scope="row">
                {mayLeaveOut && (
                  <input type="checkbox" aria-label={`Leave out ${label}`} checked={left.includes(study.slug)} onChange={() => toggle(study.slug)} />
                )}{' '}
                <Link to={`/studies/${study.slug}`}>{label}</Link>
              </th>
              <td className="number" data-label="People">
                {countWords(participants)}
              </td>
              <td className="number" data-label="Weight">
                {weightPercent === null ? 'left out' : `${weightPercent.toFixed(1)} %`}
              </td>
              <td className="drawing">
                <svg viewBox={`0 0 ${width} ${rowHeight}`} width={width} height={rowHeight} aria-hidden="true">
                  <line className="no-effect" x1={place(noEffectOf(measure))} x2={place(noEffectOf(measure))} y1={0} y2={rowHeight} />
                  <line x1={place(ciLower)} x2={place(ciUpper)} y1={rowHeight / 2} y2={rowHeight / 2} />
                  <Square at={place(estimate)} weightPercent={weightPercent ?? 0} />
                </svg>
              </td>
              <td>{estimateWords(measure, estimate, ciLower, ciUpper)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{without.length === 0 ? 'Pooled' : `Pooled without ${without.join(', ')}`}</th>
            <td className="number" data-label="People">
              {countWords(synthesis.participants)}
            </td>
            <td />
            <td className="drawing">
              <svg viewBox={`0 0 ${width} ${rowHeight}`} width={width} height={rowHeight} aria-hidden="true">
                <line className="no-effect" x1={place(noEffectOf(measure))} x2={place(noEffectOf(measure))} y1={0} y2={rowHeight} />
                {synthesis.estimate !== null && synthesis.ciLower !== null && synthesis.ciUpper !== null && (
                  <path
                    d={`M${place(synthesis.ciLower)} ${rowHeight / 2}L${place(synthesis.estimate)} ${rowHeight / 2 - 8}L${place(synthesis.ciUpper)} ${rowHeight / 2}L${place(synthesis.estimate)} ${rowHeight / 2 + 8}Z`}
                  />
                )}
              </svg>
            </td>
            <td>
              <strong>{estimateWords(measure, synthesis.estimate, synthesis.ciLower, synthesis.ciUpper)}</strong>
            </td>
          </tr>
          <tr aria-hidden="true">
            <td colSpan={3} />
            <td className="drawing">
              <svg viewBox={`0 0 ${width} 30`} width={width} height={30}>
                <AxisBottom
                  scale={x}
                  top={2}
                  tickValues={ticksOf(x, measure)}
                  tickFormat={(value) => String(Number(Number(value).toPrecision(3))).replace('-', '−')}
                  stroke="currentColor"
                  tickStroke="currentColor"
                  tickLabelProps={{ fontSize: 11, fontFamily: 'inherit', fill: 'currentColor', textAnchor: 'middle' }}
                />
              </svg>
            </td>
            <td />
          </tr>
        </tfoot>
      </table>
    </div>
  )
}

/** A square whose area is the weight. */
function Square({ at, weightPercent }: { readonly at: number; readonly weightPercent: number }) {
  const side = 4 + 1.4 * Math.sqrt(weightPercent)
  return <rect x={at - side / 2} y={(rowHeight - side) / 2} width={side} height={side} />
}

/** Few enough to be read; of ratios 1, 2 and 5 and their tenfolds, thinned where the scale is long. */
function ticksOf(x: ReturnType<typeof scaleOf>, measure: Synthesis['measure']): number[] {
  if (noEffectOf(measure) === 0) return x.ticks(5)
  const [low = 0.1, high = 10] = x.domain()
  const ticks = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50].filter((tick) => tick >= low && tick <= high)
  return ticks.length <= 7 ? ticks : ticks.filter((tick) => ['0.1', '0.5', '1', '2', '10', '0.02', '50'].includes(String(tick)))
}

/** Around all intervals, and a little more; far-away limits are cut off at the edge. */
function scaleOf({ measure, contributions, leftOut }: Synthesis) {
  const isRatio = noEffectOf(measure) === 1
  const sizes = [...contributions, ...leftOut]
    .flatMap(({ ciLower, ciUpper }) => [ciLower, ciUpper])
    .filter((value) => Number.isFinite(value) && (!isRatio || value > 0))
  const [low, high] = [Math.min(noEffectOf(measure), ...sizes), Math.max(noEffectOf(measure), ...sizes)]
  if (isRatio) return scaleLog<number>({ domain: [Math.max(low, 0.02) / 1.1, Math.min(high, 50) * 1.1], range: [0, width] })
  const margin = (high - low) * 0.05 || 1
  return scaleLinear<number>({ domain: [low - margin, high + margin], range: [0, width] })
}
