import { Fragment } from 'react'
import { Link } from 'react-router'
import type { SummaryRowFragment } from '../../generated/web/graphql.js'
import { warningWords } from '../synthesis/choices.js'
import {
  counted,
  countWords,
  daysWords,
  directionAgainst,
  estimateWords,
  evidenceClassWords,
  measureWords,
  pValueWords,
  rangeWords,
  unitWords,
} from '../words.js'

interface OfSummary {
  readonly summary: SummaryRowFragment
}

/** The pooled effect, or the effect of one study; where there is neither, why, and what the effects say one by one. */
export function Effect({ summary }: OfSummary) {
  const { measure, unit, estimate, ciLower, ciUpper, i2, k, notPooledReason, warnings } = summary
  if (estimate === null || measure === null)
    return (
      <>
        <span className="muted">not pooled</span>
        <div className="small muted">
          Of {counted(summary.effects, 'effect', 'effects')}: {votes(summary)}.
        </div>
        <LonePValues summary={summary} />
        {notPooledReason !== null && (
          <details className="small muted">
            <summary>Why not</summary>
            {reasonWords(notPooledReason)}
          </details>
        )}
      </>
    )
  return (
    <>
      {estimateWords(measure, estimate, ciLower, ciUpper)}
      <div className="small muted">
        {measureWords[measure]}
        {unit !== null && `, ${unitWords(unit)}`}
        {k === 1 ? ', one study' : `, pooled from ${k ?? 0}${i2 === null ? '' : `, I² ${Math.round(i2)} %`}`}
      </div>
      {warnings.length > 0 && (
        <details className="small muted">
          <summary>{counted(warnings.length, 'warning', 'warnings')}</summary>
          <ul>
            {warnings.map(({ code, message }) => (
              <li key={code}>{warningWords(message)}</li>
            ))}
          </ul>
        </details>
      )}
      <LonePValues summary={summary} />
    </>
  )
}

/** p values of studies that report nothing else. */
function LonePValues({ summary: { lonePValues } }: OfSummary) {
  if (lonePValues.length === 0) return null
  return (
    <div className="small muted">
      Reported without a size:{' '}
      {lonePValues.map(({ evidence, study, pValue, operator }, place) => (
        <Fragment key={evidence}>
          {place > 0 && ', '}
          <Link to={`/studies/${study}`}>{pValueWords(pValue, operator)}</Link>
        </Fragment>
      ))}
    </div>
  )
}

/** Effects by whom they favour, which is no test: "2 favour magnesium, 1 of unclear direction". */
function votes({ favoursMagnesium, noClearDifference, favoursComparator, unclear, comparison }: SummaryRowFragment): string {
  const favour = (words: string) => words.replace(/^favours /, '')
  return [
    [favoursMagnesium, `for ${favour(directionAgainst('FAVOURS_MAGNESIUM', comparison))}`] as const,
    [favoursComparator, `for ${favour(directionAgainst('FAVOURS_COMPARATOR', comparison))}`] as const,
    [noClearDifference, 'without a clear difference'] as const,
    [unclear, 'whose direction is not told'] as const,
  ]
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${words}`)
    .join(', ')
}

/** Whom the estimate favours. */
export function Direction({ summary: { estimate, direction, directionBasis, comparison } }: OfSummary) {
  if (estimate === null) return '–'
  if (direction === 'UNCLEAR')
    return (
      <>
        neither direction is good by itself
        <div className="small muted">{directionBasis}</div>
      </>
    )
  return directionAgainst(direction, comparison)
}

/** Studies or people of the estimate, and in brackets those of all effects where they are more. */
export function OfEstimate({ pooled, all }: { readonly pooled: number | null; readonly all: number | null }) {
  if (pooled === null) return countWords(all)
  return (
    <>
      {countWords(pooled)}
      {all !== null && all > pooled && <div className="small muted">({countWords(all)} in all)</div>}
    </>
  )
}

/** How much magnesium the studies gave, and for how long. */
export function DoseAndTime({ summary: { elementalMgPerDay, durationDays } }: OfSummary) {
  if (elementalMgPerDay === null && durationDays === null) return <span className="muted">not stated</span>
  return (
    <>
      {elementalMgPerDay === null ? <span className="muted">dose not stated</span> : `${rangeWords(elementalMgPerDay)} mg a day`}
      {durationDays !== null && <div className="small muted">{daysWords(durationDays)}</div>}
    </>
  )
}

/** The class of evidence, and the condition where it is not the page's own. */
export const designWordsOf = ({ evidenceClass, condition }: SummaryRowFragment, own: string | null): string =>
  [evidenceClassWords[evidenceClass], condition === null || condition.slug === own ? null : condition.name].filter((part) => part !== null).join(' · ')

/** The API's sentence without what the row shows already: how many effects of how many studies there are. */
const reasonWords = (reason: string) =>
  reason
    .replace(/^the filter matches .*? can be pooled: /, '')
    .replace(/\b1 × /g, '')
    .replace(/(\d+) × /g, '$1 effects: ')

/** Where the effects of a group are shown: pooled where they can be, in a list where they cannot. */
export function behind({ condition, form, outcome, comparison, evidenceClass, estimate }: SummaryRowFragment): string {
  const parameters = new URLSearchParams()
  if (condition !== null) parameters.set('condition', condition.slug)
  if (form !== null) parameters.set('form', form.slug)
  if (outcome !== null) parameters.set('outcome', outcome.slug)
  parameters.set('comparison', comparison.key)
  parameters.set('evidence', evidenceClass)
  return `/${estimate === null ? 'evidence' : 'synthesis'}?${parameters.toString()}`
}
