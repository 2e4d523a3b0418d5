import type { CertaintyLevel, FindingRowFragment } from '../../generated/web/graphql.js'
import { plainWord } from '../words.js'
import './certainty.css'

const marks: Readonly<Record<CertaintyLevel, number>> = { HIGH: 4, MODERATE: 3, LOW: 2, VERY_LOW: 1 }

/** Four marks that open into the domains that lowered or raised the certainty, each with its reason; a dash if nothing was rated. */
export function Certainty({ certainty }: Pick<FindingRowFragment, 'certainty'>) {
  if (certainty === null) return '–'
  const { level, computed, judgements } = certainty
  return (
    <details className="certainty">
      <summary>
        <span aria-hidden="true">
          {'●'.repeat(marks[level])}
          {'○'.repeat(4 - marks[level])}
        </span>{' '}
        {plainWord(level)}
        {computed && ' (computed)'}
      </summary>
      <ul className="small">
        {judgements.map(({ domain, steps, reason }) => (
          <li key={domain}>
            {plainWord(domain)}: {steps === 0 ? 'no change' : `${steps > 0 ? '+' : '−'}${Math.abs(steps)}`}
            {reason !== null && `, ${reason}`}
          </li>
        ))}
      </ul>
    </details>
  )
}
