import { AxisBottom, AxisLeft } from '@visx/axis'
import { scaleLinear } from '@visx/scale'
import { useRef } from 'react'
import { Link } from 'react-router'
import { DoseResponseDocument, type DoseResponseQuery, type EvidenceFilter } from '../../generated/web/graphql.js'
import { SavePlot } from '../widgets/SavePlot.js'
import { Empty } from '../widgets/states.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { counted, directionWords, plainWord } from '../words.js'
import { pointsOf, type DosePoint } from './dosePoints.js'
import './doseResponse.css'

const [width, height] = [760, 380]
const margin = { top: 16, right: 16, bottom: 56, left: 64 }

/** Effects over the elemental dose a day. A line through them is left to a meta-regression: doses are not allocated at random between studies. */
export function DoseResponse({ filter, name }: { readonly filter: EvidenceFilter; readonly name: string }) {
  const asked = useOperation(DoseResponseDocument, { filter })
  return (
    <Widget
      title="Effect by dose"
      asked={asked}
      lines={18}
      note="Standardised benefit (above zero: in magnesium’s favour) over elemental magnesium a day, with 95 % intervals; a bar lies where the dose is open. Studies differ in more than dose: this shows no cause."
    >
      {({ evidence }) => <Scatter evidence={evidence} name={name} />}
    </Widget>
  )
}

function Scatter({ evidence: { nodes, totalCount }, name }: { readonly evidence: DoseResponseQuery['evidence']; readonly name: string }) {
  const drawing = useRef<HTMLDivElement>(null)
  const points = pointsOf(nodes)
  if (points.length === 0)
    return <Empty>Of {counted(totalCount, 'effect', 'effects')} none has both an elemental dose and a standardised size: nothing can be drawn.</Empty>
  return (
    <>
      <div ref={drawing}>
        <Drawing points={points} />
        <p className="small muted">
          {points.length} of {counted(totalCount, 'effect', 'effects')} have both an elemental dose and a standardised size.
        </p>
      </div>
      <SavePlot part={drawing} name={`dose-${name}`} rows={() => rowsOf(points)} />
      <details>
        <summary>As a table</summary>
        <Table points={points} />
      </details>
    </>
  )
}

function Drawing({ points }: { readonly points: readonly DosePoint[] }) {
  const sizes = points.flatMap(({ benefit, lower, upper }) => [benefit, lower ?? benefit, upper ?? benefit])
  const x = scaleLinear<number>({ domain: [0, Math.max(...points.map(({ high }) => high))], range: [margin.left, width - margin.right], nice: true })
  const y = scaleLinear<number>({ domain: [Math.min(0, ...sizes), Math.max(0, ...sizes)], range: [height - margin.bottom, margin.top], nice: true })
  const lettering = { fontSize: 13, fontFamily: 'inherit', fill: 'currentColor' } as const
  return (
    <svg
      className="dose-response"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`${counted(points.length, 'effect', 'effects')} by dose; the same as a table below`}
    >
      <line className="no-effect" x1={margin.left} x2={width - margin.right} y1={y(0)} y2={y(0)} />
      {points.map((point) => (
        <g key={point.slug} className={point.direction}>
          <title>{wordsOf(point)}</title>
          {point.lower !== null && point.upper !== null && (
            <line x1={x((point.low + point.high) / 2)} x2={x((point.low + point.high) / 2)} y1={y(point.lower)} y2={y(point.upper)} />
          )}
          {point.high > point.low && <line className="open-dose" x1={x(point.low)} x2={x(point.high)} y1={y(point.benefit)} y2={y(point.benefit)} />}
          {point.isOral ? (
            <circle cx={x((point.low + point.high) / 2)} cy={y(point.benefit)} r={5} />
          ) : (
            <rect x={x((point.low + point.high) / 2) - 5} y={y(point.benefit) - 5} width={10} height={10} />
          )}
        </g>
      ))}
      <AxisBottom
        scale={x}
        top={height - margin.bottom}
        stroke="currentColor"
        tickStroke="currentColor"
        tickLabelProps={{ ...lettering, textAnchor: 'middle' }}
        label="elemental magnesium, mg a day (circles: by mouth, squares: other routes)"
        labelOffset={12}
        labelProps={{ ...lettering, textAnchor: 'middle' }}
      />
      <AxisLeft
        scale={y}
        left={margin.left}
        stroke="currentColor"
        tickStroke="currentColor"
        tickLabelProps={{ ...lettering, textAnchor: 'end', dy: '0.3em' }}
        label="standardised benefit"
        labelOffset={36}
        labelProps={{ ...lettering, textAnchor: 'middle' }}
      />
    </svg>
  )
}

function Table({ points }: { readonly points: readonly DosePoint[] }) {
  return (
    <div className="scroll" role="region" aria-label="Effects by dose" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Study</th>
            <th scope="col">Outcome</th>
            <th scope="col" className="number">
              Dose, mg a day
            </th>
            <th scope="col" className="number">
              Benefit (95 % interval)
            </th>
            <th scope="col">Direction</th>
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.slug}>
              <th scope="row">
                <Link to={`/studies/${point.study.slug}`}>{point.study.title}</Link>
              </th>
              <td>{point.outcome}</td>
              <td className="number">{doseWords(point)}</td>
              <td className="number">{benefitWords(point)}</td>
              <td className={`direction ${point.direction}`}>{directionWords[point.direction]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const rounded = (value: number) => String(Number(value.toPrecision(3))).replace('-', '−')
const doseWords = ({ low, high }: DosePoint) => (low === high ? rounded(low) : `${rounded(low)} to ${rounded(high)}`)
const benefitWords = ({ benefit, lower, upper }: DosePoint) =>
  `${benefit.toFixed(2)}${lower === null || upper === null ? '' : ` (${lower.toFixed(2)} to ${upper.toFixed(2)})`}`.replaceAll('-', '−')
const wordsOf = (point: DosePoint) => `${point.study.title}: ${point.outcome}, ${doseWords(point)} mg a day, ${plainWord(point.route)}, ${benefitWords(point)}`

const rowsOf = (points: readonly DosePoint[]) => [
  ['study', 'effect', 'outcome', 'route', 'elementalMgPerDayLow', 'elementalMgPerDayHigh', 'standardizedBenefit', 'lower', 'upper'],
  ...points.map(({ study, slug, outcome, route, low, high, benefit, lower, upper }) => [study.slug, slug, outcome, route, low, high, benefit, lower, upper]),
]
