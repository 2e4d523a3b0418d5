import { Link } from 'react-router'
import type { EffectRowFragment } from '../../generated/web/graphql.js'
import { countWords, designWords, directionAgainst, estimateWords, levelWords, measureWords, plainWord, pValueWords, rangeWords, unitWords } from '../words.js'
import './effects.css'

/** Effects, a row each: uncertainty before direction, and a reason where there is no number. */
export function EffectTable({ effects, withStudy = true }: { readonly effects: readonly EffectRowFragment[]; readonly withStudy?: boolean }) {
  return (
    <div className="scroll" role="region" aria-label="Table of effects" tabIndex={0}>
      <table className="effects cards" role="table">
        <thead role="rowgroup">
          <tr role="row">
            {withStudy && (
              <th scope="col" role="columnheader">
                Study
              </th>
            )}
            <th scope="col" role="columnheader">
              Condition and outcome
            </th>
            <th scope="col" role="columnheader">
              Magnesium
            </th>
            <th scope="col" role="columnheader">
              Dose
            </th>
            <th scope="col" role="columnheader" className="number">
              People
            </th>
            <th scope="col" role="columnheader">
              Effect (interval)
            </th>
            <th scope="col" role="columnheader">
              Direction
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {effects.map((effect) => (
            <tr key={effect.id} role="row" className={effect.study.status === 'RETRACTED' ? 'retracted' : ''}>
              {withStudy && (
                <th scope="row" role="rowheader">
                  <Link to={`/studies/${effect.study.slug}`}>{effect.study.title}</Link>
                  <div className="small muted">
                    {designWords[effect.study.design]}
                    {effect.study.status === 'RETRACTED' && <strong className="alert"> retracted</strong>}
                  </div>
                </th>
              )}
              <td role="cell" data-label="Condition and outcome">
                <Link to={`/conditions/${effect.condition.slug}`}>{effect.condition.name}</Link>: {effect.outcome.name}
                <div className="small muted">
                  {[effect.instrument?.abbreviation ?? effect.instrument?.name, effect.timepointLabel].filter((part) => part != null).join(', ')}
                </div>
              </td>
              <td role="cell" data-label="Magnesium">
                {effect.form === null ? '–' : <Link to={`/forms/${effect.form.slug}`}>{effect.form.name}</Link>}
                {effect.comparator !== null && <div className="small muted">against {effect.comparator.label}</div>}
              </td>
              <td role="cell" data-label="Dose">
                {doseOf(effect) ?? '–'}
              </td>
              <td role="cell" data-label="People" className="number">
                {countWords(effect.participants)}
              </td>
              <td role="cell" data-label="Effect (interval)">
                <Estimate effect={effect} />
              </td>
              <td role="cell" data-label="Direction" className={`direction ${effect.direction}`}>
                {directionOf(effect)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Whom it favours; of magnesium against magnesium, by the name of the other arm. */
function directionOf({ direction, comparison, comparator }: EffectRowFragment): string {
  const against = comparison.kind === 'MAGNESIUM' && comparator !== null ? { kind: comparison.kind, label: `against ${comparator.label}` } : comparison
  return directionAgainst(direction, against)
}

/** Elemental magnesium a day, from the least to the most of the arm's doses; null where none is known. */
function doseOf({ intervention }: EffectRowFragment): string | null {
  const doses = (intervention?.doses ?? []).flatMap(({ elementalMgPerDayLow: low, elementalMgPerDayHigh: high }) => [low, high].filter((dose) => dose !== null))
  return doses.length === 0 ? null : `${rangeWords({ low: Math.min(...doses), high: Math.max(...doses) })} mg a day`
}

function Estimate({ effect: { effect, absentReason } }: { readonly effect: EffectRowFragment }) {
  const { measure, estimate, ciLower, ciUpper, ciLevel, pValue, pValueOperator, unit } = effect
  const p = pValue === null ? null : pValueWords(pValue, pValueOperator)
  if (estimate === null)
    return (
      <>
        {p !== null && <div>{p}</div>}
        <span className={p === null ? 'muted' : 'small muted'}>no size: {absentReason === null ? 'none is known' : plainWord(absentReason)}</span>
      </>
    )
  const notes = [
    measureWords[measure],
    unit === null ? '' : unitWords(unit),
    ciLower === null ? 'no interval reported' : levelWords(ciLevel),
    ciLower === null ? (p ?? '') : '',
  ]
  return (
    <>
      {estimateWords(measure, estimate, ciLower, ciUpper)}
      <div className="small muted">{notes.filter((note) => note !== '').join(', ')}</div>
    </>
  )
}
