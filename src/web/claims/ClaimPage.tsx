import { Link, useParams } from 'react-router'
import { ClaimPageDocument, type ClaimPageQuery } from '../../generated/web/graphql.js'
import { EffectTable } from '../evidence/EffectTable.js'
import { Page } from '../shell/Page.js'
import { Empty } from '../widgets/states.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { Verdict } from './ClaimList.js'

const stances = { SUPPORTS: 'supports it', REFUTES: 'speaks against it', CONTEXT: 'context' } as const

type Claim = NonNullable<ClaimPageQuery['claim']>

/** One claim: verdict, why, and the numbers that decide it. */
export function ClaimPage() {
  const { slug = '' } = useParams()
  const asked = useOperation(ClaimPageDocument, { slug })
  return (
    <Page title={asked.data?.claim == null ? 'Claim' : `Claim: ${asked.data.claim.section}`} asked={asked}>
      <Widget title="The claim" asked={asked} lines={6}>
        {({ claim }) => (claim === null ? <Empty>There is no claim {slug}.</Empty> : <Judged claim={claim} />)}
      </Widget>
      <Widget title="What decides it" asked={asked} lines={8}>
        {({ claim }) => (claim === null || claim.findings.length === 0 ? <Empty>No finding is recorded.</Empty> : <Findings claim={claim} />)}
      </Widget>
    </Page>
  )
}

function Judged({ claim }: { readonly claim: Claim }) {
  return (
    <div className="prose">
      <p>
        <strong>{claim.statement}</strong>
      </p>
      <p>
        <Verdict verdict={claim.verdict} /> {claim.explanation}
      </p>
      <p className="small muted">
        {claim.source.title}
        {claim.source.publishedOn !== null && `, ${claim.source.publishedOn}`}
      </p>
      {claim.citations.length > 0 && (
        <>
          <h3>It cites</h3>
          <ul>
            {claim.citations.map(({ slug, citation, status }) => (
              <li key={slug}>
                <Link to={`/studies/${slug}`}>{citation}</Link>
                {status === 'RETRACTED' && <strong className="alert"> retracted</strong>}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

function Findings({ claim }: { readonly claim: Claim }) {
  const effects = claim.findings.flatMap(({ evidence }) => evidence ?? [])
  return (
    <>
      <ul>
        {claim.findings.map(({ stance, note, study }, place) => (
          <li key={place}>
            <strong>{stances[stance]}</strong>: {note} {study !== null && <Link to={`/studies/${study.slug}`}>{study.title}</Link>}
          </li>
        ))}
      </ul>
      {effects.length > 0 && <EffectTable effects={effects} />}
    </>
  )
}
