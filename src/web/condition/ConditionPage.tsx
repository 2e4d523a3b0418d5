import { Link, useParams } from 'react-router'
import { ConditionPageDocument, type SummaryRowFragment } from '../../generated/web/graphql.js'
import { ClaimList } from '../claims/ClaimList.js'
import { useAddress } from '../filters/useAddress.js'
import { Page } from '../shell/Page.js'
import { SynthesisView } from '../synthesis/SynthesisView.js'
import { Choice } from '../widgets/Choice.js'
import { Codes } from '../widgets/Codes.js'
import { Empty } from '../widgets/states.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { capitalised } from '../words.js'
import { Answer } from './Answer.js'
import { DoseResponse } from './DoseResponse.js'
import { Findings, findingsFiles } from './Findings.js'
import { SummaryTable } from './SummaryTable.js'

/** What is known of magnesium in one condition. */
export function ConditionPage() {
  const { slug = '' } = useParams()
  const asked = useOperation(ConditionPageDocument, { slug })
  const condition = asked.data?.condition
  return (
    <Page title={capitalised(condition?.name ?? slug.replaceAll('-', ' '))} lead={condition?.description} asked={asked}>
      <Widget title="In short" asked={asked} lines={6} note="Made by rule from the numbers below. Evidence, not advice.">
        {({ condition: found }) => (found === null ? <Empty>No condition is called {slug}.</Empty> : <Answer sentences={found.answer} />)}
      </Widget>
      {condition?.summaryOfFindings != null && (
        <Widget
          title={`Summary of findings, ${condition.summaryOfFindings.comparison.label}`}
          asked={asked}
          lines={8}
          downloads={findingsFiles(condition.summaryOfFindings)}
        >
          {() => condition.summaryOfFindings != null && <Findings findings={condition.summaryOfFindings} />}
        </Widget>
      )}
      <Widget
        title="By outcome and form"
        asked={asked}
        lines={12}
        note="One row for each comparison and class of evidence. Pooled by random effects (REML, Hartung–Knapp never narrower than Wald) where that can be done. No clear difference is not evidence of equality."
      >
        {({ condition: found }) =>
          found === null ? (
            <Empty>No condition is called {slug}.</Empty>
          ) : found.summaries.length === 0 ? (
            <Empty>No study in people is known: a gap.</Empty>
          ) : (
            <SummaryTable summaries={found.summaries} by="condition" />
          )
        }
      </Widget>
      {condition != null && <OneOutcome slug={condition.slug} summaries={condition.summaries} />}
      <Widget title="Claims about it" asked={asked} lines={3}>
        {({ claims }) => (claims.nodes.length === 0 ? <Empty>No claim of the source documents is about it.</Empty> : <ClaimList claims={claims.nodes} />)}
      </Widget>
      {condition != null && (
        <p className="small muted">
          {condition.parents.length > 0 && <>Broader: {linked(condition.parents)}. </>}
          {condition.children.length > 0 && <>Narrower: {linked(condition.children)}. </>}
          <Codes codes={condition.codes} />
        </p>
      )}
    </Page>
  )
}

/** One outcome of the condition over all forms: pooled, and by dose. The one with the most pooled studies, until the reader chooses. */
function OneOutcome({ slug, summaries }: { readonly slug: string; readonly summaries: readonly SummaryRowFragment[] }) {
  const { address, set } = useAddress()
  const outcomes = pooledOutcomes(summaries)
  const outcome = outcomes.find(({ slug: known }) => known === address.get('outcome')) ?? outcomes[0]
  if (outcome === undefined) return summaries.length === 0 ? null : <DoseResponse filter={{ conditions: [slug] }} name={slug} />
  const filter = { conditions: [slug], outcomes: [outcome.slug] }
  const name = `${outcome.slug}-${slug}`
  return (
    <>
      <h2 className="part">Together: {outcome.name}</h2>
      <form className="filters no-print" aria-label="Outcome" onSubmit={(event) => event.preventDefault()}>
        <Choice
          label="Outcome"
          words={Object.fromEntries(outcomes.map(({ slug: known, name: words, k }) => [known, `${words} (${k})`]))}
          value={outcome.slug}
          onChange={(chosen) => set('outcome', chosen)}
        />
      </form>
      <SynthesisView key={outcome.slug} filter={filter} name={name} />
      <DoseResponse filter={{ conditions: [slug] }} name={slug} />
    </>
  )
}

interface PooledOutcome {
  readonly slug: string
  readonly name: string
  /** Entries in the pools of its forms. */
  readonly k: number
  readonly participants: number
}

/** Outcomes that something was pooled of; those with the most entries first, of as many those with the most people. */
function pooledOutcomes(summaries: readonly SummaryRowFragment[]): readonly PooledOutcome[] {
  const found = new Map<string, PooledOutcome>()
  for (const { outcome, estimate, k, participants } of summaries) {
    if (outcome === null || estimate === null) continue
    const known = found.get(outcome.slug) ?? { ...outcome, k: 0, participants: 0 }
    found.set(outcome.slug, { ...known, k: known.k + (k ?? 0), participants: known.participants + (participants ?? 0) })
  }
  return [...found.values()].sort((a, b) => b.k - a.k || b.participants - a.participants)
}

const linked = (terms: readonly { readonly slug: string; readonly name: string }[]) =>
  terms.map(({ slug, name }, place) => (
    <span key={slug}>
      {place > 0 && ', '}
      <Link to={`/conditions/${slug}`}>{name}</Link>
    </span>
  ))
