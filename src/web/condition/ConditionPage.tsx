import { Link, useParams } from 'react-router'
import { ConditionPageDocument, type PublishedPoolFragment, type SummaryRowFragment } from '../../generated/web/graphql.js'
import { groupBy } from '../../grouping.js'
import { ClaimList } from '../claims/ClaimList.js'
import { useAddress } from '../filters/useAddress.js'
import { Page } from '../shell/Page.js'
import { SynthesisView } from '../synthesis/SynthesisView.js'
import { Choice } from '../widgets/Choice.js'
import { Codes } from '../widgets/Codes.js'
import { Fold } from '../widgets/Fold.js'
import { PublishedPools } from '../widgets/PublishedPools.js'
import { Empty } from '../widgets/states.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { capitalised, counted } from '../words.js'
import { Answer } from './Answer.js'
import { byComparison, comparisonKinds, titleOf, type ComparisonTable } from './byComparison.js'
import { ComparisonTables } from './ComparisonTables.js'
import { DoseResponse } from './DoseResponse.js'
import { Findings, findingsFiles } from './Findings.js'

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
        title="By what magnesium was compared with"
        asked={asked}
        lines={12}
        note={
          <>
            One table for each comparison; all forms together first. Pooled by random effects (REML, Hartung–Knapp never narrower than Wald) where that can be
            done. Studies and people are those of the estimate, in brackets those of all effects. No clear difference is not evidence of equality.{' '}
            <Link to={`/evidence?condition=${slug}`}>All effects, one by one</Link>.
          </>
        }
      >
        {({ condition: found, together }) =>
          found === null ? (
            <Empty>No condition is called {slug}.</Empty>
          ) : (together ?? []).length === 0 ? (
            <Empty>No study in people is known: a gap.</Empty>
          ) : (
            <Compared slug={found.slug} tables={byComparison(found.slug, together ?? [], found.summaries)} />
          )
        }
      </Widget>
      {condition != null && <OneOutcome slug={condition.slug} summaries={asked.data?.together ?? []} />}
      <Widget
        title="What reviews found"
        asked={asked}
        lines={3}
        note="Pooled results as reviews report them, the latest first. They stand beside the pools above and never enter them; reviews share trials with each other and with these pools."
      >
        {({ pooledResults }) =>
          pooledResults === null || pooledResults.nodes.length === 0 ? (
            <Empty>No pooled result of a review is held.</Empty>
          ) : (
            <Reviews pools={pooledResults.nodes} total={pooledResults.totalCount} />
          )
        }
      </Widget>
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

/** The tables of all comparisons, or of the one that the reader chose. */
function Compared({ slug, tables }: { readonly slug: string; readonly tables: readonly ComparisonTable[] }) {
  const { address, set } = useAddress()
  const chosen = tables.find(({ key }) => key === address.get('comparison'))
  return (
    <>
      {tables.length > 1 && (
        <form className="filters no-print" aria-label="Comparison" onSubmit={(event) => event.preventDefault()}>
          <Choice
            label="Compared with"
            words={Object.fromEntries(tables.map(({ key, title }) => [key, title]))}
            none="anything"
            value={chosen?.key ?? ''}
            onChange={(key) => set('comparison', key)}
          />
        </form>
      )}
      <ComparisonTables key={chosen?.key} condition={slug} tables={chosen === undefined ? tables : [chosen]} />
    </>
  )
}

const orderOf = (comparison: PublishedPoolFragment['comparison']) => (comparison === null ? comparisonKinds.length : comparisonKinds.indexOf(comparison.kind))

/** Pooled results of reviews by what they compare; the first comparison is open. */
function Reviews({ pools, total }: { readonly pools: readonly PublishedPoolFragment[]; readonly total: number }) {
  const groups = [...groupBy(pools, ({ comparison }) => comparison?.key ?? '')]
    .map(([key, same]) => ({ key, same, comparison: same[0]?.comparison ?? null }))
    .sort((a, b) => orderOf(a.comparison) - orderOf(b.comparison))
  return (
    <>
      {groups.map(({ key, same, comparison }, place) => {
        const title = comparison === null ? 'Comparison not told' : titleOf(comparison)
        return (
          <Fold key={key} title={title} holds={counted(same.length, 'result', 'results')} isOpen={place === 0}>
            <PublishedPools pools={same} label={`Results of reviews: ${title}`} namesReviews />
          </Fold>
        )
      })}
      {total > pools.length && (
        <p className="small muted">
          {pools.length} of {total} results are shown.
        </p>
      )}
    </>
  )
}

/** One outcome of the condition over all forms: pooled, and by dose. The one with the most pooled studies, until the reader chooses. */
function OneOutcome({ slug, summaries }: { readonly slug: string; readonly summaries: readonly SummaryRowFragment[] }) {
  const { address, set } = useAddress()
  const comparison = summaries.some(({ comparison: { key } }) => key === address.get('comparison')) ? address.get('comparison') : null
  const outcomes = pooledOutcomes(slug, comparison === null ? summaries : summaries.filter((summary) => summary.comparison.key === comparison))
  const outcome = outcomes.find(({ slug: known }) => known === address.get('outcome')) ?? outcomes[0]
  if (outcome === undefined) return summaries.length === 0 ? null : <DoseResponse filter={{ conditions: [slug] }} name={slug} />
  const filter = { conditions: [slug], outcomes: [outcome.slug], ...(comparison !== null && { comparisonKeys: [comparison] }) }
  const name = `${outcome.slug}-${slug}`
  return (
    <>
      <h2 className="part">Together: {outcome.name}</h2>
      <form className="filters no-print" aria-label="Outcome" onSubmit={(event) => event.preventDefault()}>
        <Choice
          label="Outcome"
          words={Object.fromEntries(outcomes.map(({ slug: known, name: words, studies }) => [known, `${words} (${counted(studies, 'study', 'studies')})`]))}
          value={outcome.slug}
          onChange={(chosen) => set('outcome', chosen)}
        />
      </form>
      <SynthesisView key={`${outcome.slug} ${comparison ?? ''}`} filter={filter} name={name} />
      <DoseResponse filter={{ conditions: [slug] }} name={slug} />
    </>
  )
}

interface PooledOutcome {
  readonly slug: string
  readonly name: string
  /** Studies in its largest pool. */
  readonly studies: number
}

/** Outcomes that something was pooled of: randomised evidence on the condition itself first, then those with the most studies and people. */
function pooledOutcomes(condition: string, summaries: readonly SummaryRowFragment[]): readonly PooledOutcome[] {
  const inOrder = summaries
    .filter(({ outcome, estimate }) => outcome !== null && estimate !== null)
    .toSorted(
      (a, b) =>
        Number(b.condition?.slug === condition) - Number(a.condition?.slug === condition) ||
        Number(b.evidenceClass === 'RANDOMIZED') - Number(a.evidenceClass === 'RANDOMIZED') ||
        (b.studiesPooled ?? 0) - (a.studiesPooled ?? 0) ||
        (b.participantsPooled ?? 0) - (a.participantsPooled ?? 0),
    )
  return [...groupBy(inOrder, ({ outcome }) => outcome?.slug ?? '').values()].flatMap(([first]) =>
    first?.outcome == null ? [] : [{ slug: first.outcome.slug, name: first.outcome.name, studies: first.studiesPooled ?? 0 }],
  )
}

const linked = (terms: readonly { readonly slug: string; readonly name: string }[]) =>
  terms.map(({ slug, name }, place) => (
    <span key={slug}>
      {place > 0 && ', '}
      <Link to={`/conditions/${slug}`}>{name}</Link>
    </span>
  ))
