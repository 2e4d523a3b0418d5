import { Link } from 'react-router'
import type { ClaimItemFragment, ClaimVerdict } from '../../generated/web/graphql.js'
import { verdictWords } from './verdicts.js'
import './claims.css'

/** Claims with their verdicts; each opens what decides it. */
export function ClaimList({ claims }: { readonly claims: readonly ClaimItemFragment[] }) {
  return (
    <ul className="claims">
      {claims.map(({ slug, statement, verdict }) => (
        <li key={slug}>
          <Verdict verdict={verdict} /> <Link to={`/claims/${slug}`}>{statement}</Link>
        </li>
      ))}
    </ul>
  )
}

export function Verdict({ verdict }: { readonly verdict: ClaimVerdict }) {
  return <span className={`verdict ${verdict}`}>{verdictWords[verdict]}</span>
}
