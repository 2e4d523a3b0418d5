import { AxisBottom } from '@visx/axis'
import { scaleLinear } from '@visx/scale'
import { Link } from 'react-router'
import { countWords, plainWord } from '../words.js'
import type { Study } from './StudyPage.js'

const [width, labelWidth, barHeight] = [720, 4, 20]

/** The arms on a time line: phases as bars, as far as their days are known, and beside them what was given. */
export function Regimens({ arms }: { readonly arms: Study['arms'] }) {
  const last = Math.max(0, ...arms.flatMap(({ doses }) => doses.map(({ endDay }) => endDay ?? 0)))
  const x = scaleLinear<number>({ domain: [0, last || 1], range: [labelWidth, width - 12] })
  return (
    <div className="scroll" role="region" aria-label="Arms and regimens" tabIndex={0}>
      <table className="regimens">
        <thead>
          <tr>
            <th scope="col">Arm</th>
            <th scope="col" className="number">
              People
            </th>
            <th scope="col">What was given</th>
            {last > 0 && <th scope="col">When (days)</th>}
          </tr>
        </thead>
        <tbody>
          {arms.map(({ slug, label, role, randomized, analysed, doses }) => (
            <tr key={slug}>
              <th scope="row">
                {label}
                <div className="small muted">{plainWord(role)}</div>
              </th>
              <td className="number">{countWords(analysed ?? randomized)}</td>
              <td>
                {doses.length === 0
                  ? '–'
                  : doses.map((dose) => (
                      <div key={dose.phase}>
                        <Link to={`/forms/${dose.form.slug}`}>{dose.form.name}</Link>, {plainWord(dose.route)}
                        {dose.reportedText !== null && `: ${dose.reportedText}`} <span className="muted">{elementalWords(dose)}</span>
                      </div>
                    ))}
              </td>
              {last > 0 && (
                <td>
                  <svg width={width / 2} viewBox={`0 0 ${width} ${barHeight * Math.max(1, doses.length)}`} aria-hidden="true" className="time">
                    {doses.map(({ phase, startDay, endDay }, place) =>
                      endDay === null ? null : (
                        <rect
                          key={phase}
                          x={x(startDay ?? 0)}
                          y={place * barHeight + 3}
                          width={Math.max(3, x(endDay) - x(startDay ?? 0))}
                          height={barHeight - 6}
                          rx={3}
                        />
                      ),
                    )}
                  </svg>
                  <span className="visually-hidden">
                    {doses.map(({ startDay, endDay }) => (endDay === null ? 'not stated' : `day ${startDay ?? 0} to ${endDay}`)).join('; ')}
                  </span>
                </td>
              )}
            </tr>
          ))}
          {last > 0 && (
            <tr aria-hidden="true">
              <td colSpan={3} />
              <td>
                <svg width={width / 2} viewBox={`0 0 ${width} 44`} className="time">
                  <AxisBottom
                    scale={x}
                    top={2}
                    numTicks={6}
                    tickLabelProps={{ fontSize: 26, fontFamily: 'inherit', textAnchor: 'middle', fill: 'currentColor' }}
                    stroke="currentColor"
                    tickStroke="currentColor"
                  />
                </svg>
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  )
}

function elementalWords({ elementalMgPerDayLow: low, elementalMgPerDayHigh: high, conversionNote }: Study['arms'][number]['doses'][number]): string {
  if (low === null || high === null) return conversionNote ?? '(elemental dose not stated)'
  const [from, to] = [low, high].map((value) => String(Number(value.toPrecision(3))))
  return `(${from === to ? from : `${from} to ${to}`} mg of magnesium a day)`
}
