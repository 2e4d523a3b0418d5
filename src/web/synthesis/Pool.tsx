import { useEffect, useState } from 'react'
import { Link } from 'react-router'
import type { SynthesisPageQuery } from '../../generated/web/graphql.js'
import { capitalised, estimateWords, evidenceClassWords, measureWords, unitWords } from '../words.js'
import { warningWords } from './choices.js'
import { lastSeen, remember } from './lastSeen.js'

type Synthesis = SynthesisPageQuery['synthesis']

/** The pooled number with its interval and all that stands against it. */
export function Pool({ synthesis, name }: { readonly synthesis: Synthesis; readonly name: string }) {
  const {
    comparison,
    evidenceClass,
    outcome,
    unit,
    measure,
    estimate,
    ciLower,
    ciUpper,
    predictionLower,
    predictionUpper,
    heterogeneity,
    k,
    studies,
    participants,
    warnings,
  } = synthesis
  const facts: readonly [string, string | null][] = [
    ['Magnesium', comparison === null ? 'against several comparators, as asked' : comparison.label],
    ['Outcome', outcome === null ? 'several, as asked' : outcome.name],
    ['Evidence', evidenceClass === null ? 'of several classes, as asked' : evidenceClassWords[evidenceClass]],
    [
      `${capitalised(measureWords[measure])}${unit === null ? '' : ` in ${unitWords(unit)}`}, ${Math.round(synthesis.choices.level * 100)} % interval`,
      estimateWords(measure, estimate, ciLower, ciUpper),
    ],
    [
      'A further study would lie',
      predictionLower === null ? null : estimateWords(measure, estimate, predictionLower, predictionUpper).replace(/^.*\((.*)\)$/, '$1'),
    ],
    ['Studies', `${studies}${k === studies ? '' : ` (${k} entries)`}`],
    ['People', participants === null ? null : participants.toLocaleString('en-GB')],
    [
      'Heterogeneity',
      heterogeneity.i2 === null
        ? null
        : `I² ${Math.round(heterogeneity.i2)} %, τ² ${heterogeneity.tau2 === null ? '–' : Number(heterogeneity.tau2.toPrecision(3))}`,
    ],
  ]
  return (
    <>
      <dl className="facts">
        {facts.map(([fact, value]) =>
          value === null ? null : (
            <div key={fact}>
              <dt>{fact}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      {warnings.length > 0 && (
        <ul className="warnings">
          {warnings.map(({ code, message }) => (
            <li key={code}>{warningWords(message)}</li>
          ))}
        </ul>
      )}
      <Comparison synthesis={synthesis} name={name} />
    </>
  )
}

/** Ways to set this pool beside another: the one that was looked at before it, or any whose address the reader has. */
function Comparison({ synthesis: { id }, name }: { readonly synthesis: Synthesis; readonly name: string }) {
  const [before, setBefore] = useState<{ readonly id: string; readonly name: string } | null>(null)
  useEffect(() => {
    const last = lastSeen()
    setBefore((known) => (last !== null && last.id !== id ? last : known?.id === id ? null : known))
    remember({ id, name })
  }, [id, name])
  return (
    <p className="row small no-print">
      <Link to={`/compare?from=${id}`}>Compare with another synthesis</Link>
      {before !== null && <Link to={`/compare?from=${before.id}&to=${id}`}>Compare with the one before ({before.name.replaceAll('-', ' ')})</Link>}
    </p>
  )
}
