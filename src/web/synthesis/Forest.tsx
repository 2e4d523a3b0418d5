import { AxisBottom } from '@visx/axis'
import { scaleLinear, scaleLog } from '@visx/scale'
import { useState } from 'react'
import { Link } from 'react-router'
import type { SynthesisPageQuery } from '../../generated/web/graphql.js'
import { countWords, estimateWords, noEffectOf } from '../words.js'
import './forest.css'

type Synthesis = SynthesisPageQuery['synthesis']
type Contribution = Synthesis['contributions'][number]

const [width, rowHeight] = [420, 26]

const orders = {
  weight: { name: 'weight', compare: (a: Contribution, b: Contribution) => b.weightPercent - a.weightPercent },
  year: { name: 'year', compare: (a: Contribution, b: Contribution) => (a.year ?? 0) - (b.year ?? 0) },
  estimate: { name: 'estimate', compare: (a: Contribution, b: Contribution) => a.estimate - b.estimate },
  name: { name: 'study', compare: (a: Contribution, b: Contribution) => a.label.localeCompare(b.label) },
} as const
type Order = keyof typeof orders

/** A forest plot as a table: a row a study, to be sorted, and each study's absence to be looked at. Ratios stand on a logarithmic scale. */
export function Forest({ synthesis }: { readonly synthesis: Synthesis }) {
  const [order, setOrder] = useState<Order>('weight')
  const [left, setLeft] = useState<string | null>(null)
  const { measure, contributions, leaveOneOut } = synthesis
  const without = leaveOneOut.find(({ label }) => label === left)
  const pooled = without ?? synthesis
  const x = scaleOf(synthesis)
  const place = (value: number) => Math.min(width, Math.max(0, x(value)))
  const rows = [...contributions].sort(orders[order].compare)
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
        {leaveOneOut.length > 0 && <span className="muted small">Tick a study to see the pool without it.</span>}
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
            <tr key={label} className={label === left ? 'left-out' : ''}>
              <th scope="row">
                {leaveOneOut.length > 0 && (
                  <input type="checkbox" aria-label={`Leave out ${label}`} checked={label === left} onChange={() => setLeft(label === left ? null : label)} />
                )}{' '}
                <Link to={`/studies/${study.slug}`}>{label}</Link>
              </th>
              <td className="number">{countWords(participants)}</td>
              <td className="number">{weightPercent.toFixed(1)} %</td>
              <td className="drawing">
                <svg width={width} height={rowHeight} aria-hidden="true">
                  <line className="no-effect" x1={place(noEffectOf(measure))} x2={place(noEffectOf(measure))} y1={0} y2={rowHeight} />
                  <line x1={place(ciLower)} x2={place(ciUpper)} y1={rowHeight / 2} y2={rowHeight / 2} />
                  <rect
                    x={place(estimate) - side(weightPercent) / 2}
                    y={rowHeight / 2 - side(weightPercent) / 2}
                    width={side(weightPercent)}
                    height={side(weightPercent)}
                  />
                </svg>
              </td>
              <td>{estimateWords(measure, estimate, ciLower, ciUpper)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{without === undefined ? 'Pooled' : `Pooled without ${left}`}</th>
            <td className="number">{countWords(synthesis.participants)}</td>
            <td />
            <td className="drawing">
              <svg width={width} height={rowHeight} aria-hidden="true">
                <line className="no-effect" x1={place(noEffectOf(measure))} x2={place(noEffectOf(measure))} y1={0} y2={rowHeight} />
                {pooled.estimate !== null && pooled.ciLower !== null && pooled.ciUpper !== null && (
                  <path
                    d={`M${place(pooled.ciLower)} ${rowHeight / 2}L${place(pooled.estimate)} ${rowHeight / 2 - 8}L${place(pooled.ciUpper)} ${rowHeight / 2}L${place(pooled.estimate)} ${rowHeight / 2 + 8}Z`}
                  />
                )}
              </svg>
            </td>
            <td>
              <strong>{estimateWords(measure, pooled.estimate, pooled.ciLower, pooled.ciUpper)}</strong>
            </td>
          </tr>
          <tr aria-hidden="true">
            <td colSpan={3} />
            <td className="drawing">
              <svg width={width} height={30}>
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

/** Side of a square whose area is the weight. */
const side = (weightPercent: number) => 4 + 1.4 * Math.sqrt(weightPercent)

/** Few enough to be read; of ratios 1, 2 and 5 and their tenfolds, thinned where the scale is long. */
function ticksOf(x: ReturnType<typeof scaleOf>, measure: Synthesis['measure']): number[] {
  if (noEffectOf(measure) === 0) return x.ticks(5)
  const [low = 0.1, high = 10] = x.domain()
  const ticks = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50].filter((tick) => tick >= low && tick <= high)
  return ticks.length <= 7 ? ticks : ticks.filter((tick) => ['0.1', '0.5', '1', '2', '10', '0.02', '50'].includes(String(tick)))
}

/** Around all intervals, and a little more; far-away limits are cut off at the edge. */
function scaleOf({ measure, contributions }: Synthesis) {
  const isRatio = noEffectOf(measure) === 1
  const sizes = contributions.flatMap(({ ciLower, ciUpper }) => [ciLower, ciUpper]).filter((value) => Number.isFinite(value) && (!isRatio || value > 0))
  const [low, high] = [Math.min(noEffectOf(measure), ...sizes), Math.max(noEffectOf(measure), ...sizes)]
  if (isRatio) return scaleLog<number>({ domain: [Math.max(low, 0.02) / 1.1, Math.min(high, 50) * 1.1], range: [0, width] })
  const margin = (high - low) * 0.05 || 1
  return scaleLinear<number>({ domain: [low - margin, high + margin], range: [0, width] })
}
