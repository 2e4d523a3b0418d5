import { useParams } from 'react-router'
import { serviceAddress } from '../address.js'
import { StudyPageDocument, type StudyPageQuery } from '../../generated/web/graphql.js'
import { ClaimList } from '../claims/ClaimList.js'
import { EffectTable } from '../evidence/EffectTable.js'
import { Page } from '../shell/Page.js'
import { Empty } from '../widgets/states.js'
import { useOperation } from '../widgets/useOperation.js'
import { PublishedPools } from '../widgets/PublishedPools.js'
import { ReadIn } from '../widgets/ReadIn.js'
import { Widget } from '../widgets/Widget.js'
import { countWords, designWords, plainWord, sentenceWords } from '../words.js'
import { Flow } from './Flow.js'
import { formulaWords } from './formulaWords.js'
import { Regimens } from './Regimens.js'
import './study.css'

export type Study = NonNullable<StudyPageQuery['study']>

/** One study: how it was done, what was given, what it found and where that was read. */
export function StudyPage() {
  const { slug = '' } = useParams()
  const asked = useOperation(StudyPageDocument, { slug })
  const study = asked.data?.study
  const unknown = <Empty>No study is called {slug}.</Empty>
  const references = new URLSearchParams({ filter: JSON.stringify({ studies: [study?.slug ?? slug] }) }).toString()
  const downloads =
    study == null
      ? []
      : ['ris', 'bib', 'csl.json', 'nbib'].map((ending) => ({
          name: `Cite: ${ending.toUpperCase()}`,
          href: serviceAddress(`/download/studies.${ending}?${references}`),
        }))
  return (
    <Page title={study?.title ?? 'Study'} asked={asked}>
      {study?.status === 'RETRACTED' && <Retraction study={study} />}
      <Widget title="How it was done" asked={asked} lines={8} downloads={downloads}>
        {({ study: found }) => (found === null ? unknown : <Design study={found} />)}
      </Widget>
      {study != null && study.arms.length > 0 && (
        <Widget title="Who took part" asked={asked}>
          {() => <Flow study={study} />}
        </Widget>
      )}
      {study?.design !== 'REVIEW' && (
        <Widget title="What was given" asked={asked} lines={5}>
          {({ study: found }) =>
            found === null ? unknown : found.arms.length === 0 ? <Empty>Nobody was allocated to anything.</Empty> : <Regimens arms={found.arms} />
          }
        </Widget>
      )}
      {study != null && (study.design === 'REVIEW' || study.pooledResults.length > 0) && (
        <Widget
          title="What it pooled"
          asked={asked}
          lines={10}
          note="As the review reports it, never pooled with trials. Reviews that share trials are no independent witnesses."
        >
          {() =>
            study.pooledResults.length === 0 ? (
              <Empty>No pooled result of it is held.</Empty>
            ) : (
              <PublishedPools pools={study.pooledResults} label="Pooled results" namesReviews={false} />
            )
          }
        </Widget>
      )}
      {(study?.design !== 'REVIEW' || study.evidence.nodes.length > 0) && (
        <Widget title="What it found" asked={asked} lines={10}>
          {({ study: found }) => (found === null ? unknown : <Results study={found} />)}
        </Widget>
      )}
      <Widget title="Where this was read" asked={asked} lines={4}>
        {({ study: found }) => (found === null ? unknown : <Sources study={found} />)}
      </Widget>
      {study != null && study.claims.length > 0 && (
        <Widget title="Claims that cite it" asked={asked}>
          {() => <ClaimList claims={study.claims} />}
        </Widget>
      )}
    </Page>
  )
}

function Retraction({ study }: { readonly study: Study }) {
  return (
    <div className="retraction" role="note">
      <strong>Retracted.</strong>{' '}
      {study.statusEvents
        .filter(({ status }) => status === 'RETRACTED')
        .map(({ occurredOn, note }) => [occurredOn, note].filter((part) => part !== null).join(': '))
        .join(' ')}{' '}
      It is left out of every pool and of every list that does not ask for it.
    </div>
  )
}

function Design({ study }: { readonly study: Study }) {
  const { masking, populations } = study
  const sample = populations.find(({ isWholeSample }) => isWholeSample) ?? populations[0]
  const facts: readonly [string, string | null][] = [
    ['Design', designWords[study.design]],
    ['Subjects', study.species ?? plainWord(study.subjects)],
    ['Randomised', study.participantsRandomized === null ? null : countWords(study.participantsRandomized)],
    ['Analysed', study.participantsAnalysed === null ? null : countWords(study.participantsAnalysed)],
    ['Who', sample?.label ?? null],
    ['Mean age', sample?.meanAge == null ? null : `${sample.meanAge} years`],
    ['Women', sample?.femalePercent == null ? null : `${sample.femalePercent} %`],
    [
      'Masked',
      Object.entries(masking)
        .filter(([, state]) => state === 'MASKED')
        .map(([who]) => who)
        .join(', ') || null,
    ],
    ['Countries', study.countries.map(countryName).join(', ') || null],
    ['Setting', study.setting],
    ['Funding', study.funding],
    ['Interests', study.conflictsOfInterest],
  ]
  return (
    <>
      <p className="prose">{study.citation}</p>
      <p className="row small">
        {study.doi !== null && <a href={`https://doi.org/${study.doi}`}>doi:{study.doi}</a>}
        {study.pmid !== null && <a href={`https://pubmed.ncbi.nlm.nih.gov/${study.pmid}/`}>PMID {study.pmid}</a>}
        {study.pmcid !== null && <a href={`https://pmc.ncbi.nlm.nih.gov/articles/${study.pmcid}/`}>{study.pmcid}</a>}
        {study.registrations.map((id) =>
          id.startsWith('NCT') ? (
            <a key={id} href={`https://clinicaltrials.gov/study/${id}`}>
              {id}
            </a>
          ) : (
            <span key={id}>{id}</span>
          ),
        )}
      </p>
      <dl className="facts">
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      {study.keyFindings !== null && <p className="prose">{study.keyFindings}</p>}
      {study.notes.map((note) => (
        <p key={note} className="prose small muted">
          {note}
        </p>
      ))}
    </>
  )
}

const countries = new Intl.DisplayNames('en-GB', { type: 'region' })

/** DE as "Germany"; what is no ISO 3166 code as it stands. */
function countryName(code: string): string {
  try {
    return countries.of(code) ?? code
  } catch {
    return code
  }
}

function Results({ study }: { readonly study: Study }) {
  const { nodes } = study.evidence
  if (nodes.length === 0) return <Empty>No effect is recorded.</Empty>
  return (
    <>
      <EffectTable effects={nodes} withStudy={false} />
      <details>
        <summary>How the numbers came about, and whether they agree with themselves</summary>
        <ul className="small">
          {nodes.map(({ id, outcome, timepointLabel, derivation, coherence, provenance }) => (
            <li key={id}>
              <strong>{[outcome.name, timepointLabel].filter((part) => part !== null).join(', ')}</strong>: {plainWord(derivation.origin)}
              {derivation.formula !== null && `, ${formulaWords(derivation.formula)}`}
              {derivation.assumptions.length > 0 && `; assuming ${derivation.assumptions.join('; ')}`}. {coherenceWords(coherence)} Read in{' '}
              <ReadIn source={provenance.source} more={[provenance.locator]} />.
            </li>
          ))}
        </ul>
      </details>
    </>
  )
}

/** Which of the reported numbers disagree with each other, and in what. */
function coherenceWords({ status, checks }: Study['evidence']['nodes'][number]['coherence']): string {
  const doubts = checks.filter((check) => check.status === 'WARN' || check.status === 'FAIL')
  if (doubts.length > 0) return `Doubtful: ${doubts.map(({ message }) => sentenceWords(message)).join('; ')}.`
  return status === 'PASS' ? 'Its numbers agree with each other.' : 'Nothing in it could be checked against another number.'
}

function Sources({ study }: { readonly study: Study }) {
  return (
    <ul className="small">
      {study.sources.map(({ source, locator, recordedAt, note }, place) => (
        <li key={place}>
          <ReadIn source={source} more={[locator, note]} /> ({recordedAt})
        </li>
      ))}
    </ul>
  )
}
