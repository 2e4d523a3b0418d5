import { Link } from 'react-router'
import type { ClaimItemFragment, ClaimVerdict } from '../../generated/web/graphql.js'
import { verdicts } from './verdicts.js'
import './claims.css'

interface ClaimListProps {
  readonly claims: readonly (ClaimItemFragment & { readonly explanation?: string })[]
  /** Whether the reason of the verdict stands under each, where it is known. */
  readonly withWhy?: boolean
}

/** Claims with their verdicts; each opens what decides it. */
export function ClaimList({ claims, withWhy = false }: ClaimListProps) {
  return (
    <ul className="claims">
      {claims.map(({ slug, statement, verdict, explanation }) => (
        <li key={slug}>
          <Verdict verdict={verdict} />
          <div>
            <Link to={`/claims/${slug}`}>{statement}</Link>
            {withWhy && explanation !== undefined && <div className="small muted">{explanation}</div>}
          </div>
        </li>
      ))}
    </ul>
  )
}

export function Verdict({ verdict }: { readonly verdict: ClaimVerdict }) {
  const { name, sign } = verdicts[verdict]
  return (
    <span className={`verdict ${verdict}`}>
      <span aria-hidden="true">{sign}</span> {name}
    </span>
  )
}
