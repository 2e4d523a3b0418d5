import { Link } from 'react-router'
import type { PublishedPoolFragment } from '../../generated/web/graphql.js'
import { capitalised, countWords, estimateWords, levelWords, measureWords, plainWord, pValueWords, unitWords } from '../words.js'
import '../evidence/effects.css'
import { ReadIn } from './ReadIn.js'

interface PublishedPoolsProps {
  readonly pools: readonly PublishedPoolFragment[]
  readonly label: string
  /** Whether each row names its review; not on the review's own page. */
  readonly namesReviews: boolean
}

const columns = ['What was pooled', 'Compared with', 'Trials', 'People', 'Effect (interval)', 'Read in'] as const

/** Pooled results as reviews report them, one a row. They are never pooled with trials. */
export function PublishedPools({ pools, label, namesReviews }: PublishedPoolsProps) {
  return (
    <div className="scroll" role="region" aria-label={label} tabIndex={0}>
      <table className="effects cards" role="table">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column} scope="col" role="columnheader">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {pools.map((pool) => (
            <tr key={pool.id} role="row">
              <th scope="row" role="rowheader">
                {namesReviews ? <Link to={`/studies/${pool.study.slug}`}>{reviewName(pool)}</Link> : pool.outcome.name}
                <div className="small muted">
                  {[namesReviews ? pool.outcome.name : null, pool.name === pool.outcome.name ? null : pool.name, pool.subgroup, pool.condition.name]
                    .filter((part) => part !== null)
                    .join(' · ')}
                </div>
              </th>
              <td role="cell" data-label="Compared with">
                {pool.comparator ?? (pool.comparison === null ? 'not told' : pool.comparison.label.replace(/^against /, ''))}
              </td>
              <td role="cell" data-label="Trials">
                {countWords(pool.k)}
              </td>
              <td role="cell" data-label="People">
                {countWords(pool.participants)}
              </td>
              <td role="cell" data-label="Effect (interval)">
                <Size pool={pool} />
              </td>
              <td role="cell" data-label="Read in" className="small">
                <ReadIn source={pool.provenance.source} more={[pool.provenance.locator]} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** First author and year, else the title. */
const reviewName = ({ study: { authors, title, year } }: PublishedPoolFragment) => {
  const [first] = authors
  const name = first?.family ?? first?.corporate
  return name == null ? title : `${name}${authors.length > 1 ? ' et al.' : ''} ${year ?? ''}`.trim()
}

function Size({ pool: { effect, decimals, i2, intervalKind, absentReason } }: { readonly pool: PublishedPoolFragment }) {
  const { measure, unit, estimate, ciLower, ciUpper, ciLevel, pValue, pValueOperator } = effect
  const p = pValue === null ? null : pValueWords(pValue, pValueOperator)
  if (estimate === null)
    return (
      <span className="muted">
        {p ?? 'no number'}
        {absentReason !== null && `: ${plainWord(absentReason)}`}
      </span>
    )
  const notes = [
    capitalised(measureWords[measure]),
    unit === null ? null : unitWords(unit),
    intervalKind === 'CREDIBLE' ? 'credible interval' : null,
    ciLower === null ? 'without an interval' : levelWords(ciLevel) || null,
    i2 === null ? null : `I² ${Math.round(i2)} %`,
    ciLower === null ? p : null,
  ].filter((note) => note !== null)
  return (
    <>
      {estimateWords(measure, estimate, ciLower, ciUpper, decimals)}
      <div className="small muted">{notes.join(', ')}</div>
    </>
  )
}
