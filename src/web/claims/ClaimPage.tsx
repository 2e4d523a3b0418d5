import { Link, useParams } from 'react-router'
import { ClaimPageDocument, type ClaimPageQuery } from '../../generated/web/graphql.js'
import { EffectTable } from '../evidence/EffectTable.js'
import { Page } from '../shell/Page.js'
import { Empty } from '../widgets/states.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { articleWords } from './articles.js'
import { Verdict } from './ClaimList.js'
import { verdicts } from './verdicts.js'

const stances = { SUPPORTS: 'supports it', REFUTES: 'speaks against it', CONTEXT: 'context' } as const

type Claim = NonNullable<ClaimPageQuery['claim']>

/** One claim: verdict, why, and the numbers that decide it. */
export function ClaimPage() {
  const { slug = '' } = useParams()
  const asked = useOperation(ClaimPageDocument, { slug })
  return (
    <Page title={asked.data?.claim == null ? 'Claim' : `“${asked.data.claim.statement}”`} asked={asked}>
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
        <Verdict verdict={claim.verdict} /> {claim.explanation}
      </p>
      <p className="small muted">{verdicts[claim.verdict].meaning}</p>
      {statedWords(claim.stated) !== null && <p>In numbers it states {statedWords(claim.stated)}.</p>}
      {claim.conditions.length + claim.forms.length > 0 && (
        <p>
          What is known of{' '}
          <Terms terms={[...claim.conditions.map((term) => ({ ...term, to: '/conditions' })), ...claim.forms.map((term) => ({ ...term, to: '/forms' }))]} />.
        </p>
      )}
      <p className="small muted">
        {claim.verdict === 'OMISSION' ? 'Missing in' : 'Asserted by'} {articleWords(claim.source)}, in “{claim.section}”.
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

function Terms({ terms }: { readonly terms: readonly { readonly slug: string; readonly name: string; readonly to: string }[] }) {
  return terms.map(({ slug, name, to }, place) => (
    <span key={`${to} ${slug}`}>
      {place > 0 && ', '}
      <Link to={`${to}/${slug}`}>{name}</Link>
    </span>
  ))
}

/** "share in bone 60 %; daily need 300 to 400 mg"; null where nothing is stated in numbers, or in another way than is known. */
function statedWords(stated: unknown): string | null {
  const numbers = (Array.isArray(stated) ? stated : []).flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || !('what' in entry) || !('value' in entry)) return []
    const { what, value, upper, unit } = entry as { what: unknown; value: unknown; upper?: unknown; unit?: unknown } // looked at above
    const range = [value, upper].filter((number) => typeof number === 'number' || typeof number === 'string').join(' to ')
    return typeof what === 'string' && range !== '' ? [`${what}: ${range}${typeof unit === 'string' ? ` ${unit}` : ''}`] : []
  })
  return numbers.length === 0 ? null : numbers.join('; ')
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
