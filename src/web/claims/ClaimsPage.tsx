import { Fragment } from 'react'
import { ClaimsDocument, type ClaimsQuery, type ClaimTopic, type ClaimVerdict } from '../../generated/web/graphql.js'
import { useAddress } from '../filters/useAddress.js'
import { Page } from '../shell/Page.js'
import { Choice } from '../widgets/Choice.js'
import { Fold } from '../widgets/Fold.js'
import { Empty } from '../widgets/states.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { capitalised, counted } from '../words.js'
import { ClaimList, Verdict } from './ClaimList.js'
import { articleWords } from './articles.js'
import { topicWords } from './topics.js'
import { verdicts, verdictWords } from './verdicts.js'

const isVerdict = (word: string): word is ClaimVerdict => Object.hasOwn(verdictWords, word)
const isTopic = (word: string): word is ClaimTopic => Object.hasOwn(topicWords, word)

/** Every claim of the source documents, by verdict, topic and words. */
export function ClaimsPage() {
  const { address, set } = useAddress()
  const chosen = (address.get('verdict') ?? '').split(',').filter(isVerdict)
  const topic = address.get('topic') ?? ''
  const text = address.get('q') ?? ''
  const asked = useOperation(ClaimsDocument, {
    filter: {
      ...(chosen.length > 0 && { verdicts: chosen }),
      ...(isTopic(topic) && { topics: [topic] }),
      ...(text.trim() !== '' && { text: text.trim() }),
    },
  })
  return (
    <Page
      title="Claims"
      lead="What a magazine-style article on magnesium asserts, and whether its own sources and the trials bear it out. A claim opens the numbers that decide it."
    >
      <form className="filters no-print" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
        <fieldset className="row">
          <legend>Verdict</legend>
          {(Object.keys(verdictWords) as ClaimVerdict[]).map((verdict) => (
            <label key={verdict} className="small">
              <input
                type="checkbox"
                checked={chosen.includes(verdict)}
                onChange={() => set('verdict', (chosen.includes(verdict) ? chosen.filter((other) => other !== verdict) : [...chosen, verdict]).join(','))}
              />{' '}
              {verdictWords[verdict]}
            </label>
          ))}
        </fieldset>
        <Choice label="About" words={topicWords} value={topic} none="all" onChange={(word) => set('topic', word)} />
        <label>
          Words <input type="search" value={text} onChange={({ target }) => set('q', target.value)} />
        </label>
      </form>
      <Widget title="Ledger" asked={asked} lines={20}>
        {({ claims }) =>
          claims.totalCount === 0 ? (
            <Empty>No claim answers: fewer filters may find some.</Empty>
          ) : (
            <>
              <Articles claims={claims.nodes} />
              <Tally claims={claims.nodes} />
              <Glossary />
              {Object.entries(topicWords).map(([of, words]) => {
                const ofTopic = claims.nodes.filter((claim) => claim.topic === of)
                return ofTopic.length === 0 ? null : (
                  <Fold key={of} title={capitalised(words)} holds={counted(ofTopic.length, 'claim', 'claims')} isOpen>
                    <ClaimList claims={ofTopic} withWhy />
                  </Fold>
                )
              })}
            </>
          )
        }
      </Widget>
    </Page>
  )
}

type Claims = ClaimsQuery['claims']['nodes']

/** The articles that assert them. */
function Articles({ claims }: { readonly claims: Claims }) {
  const articles = new Map(claims.map(({ source }) => [source.slug, source]))
  return (
    <p className="small">
      Of{' '}
      {[...articles.values()].map((article, place) => (
        <span key={article.slug}>
          {place > 0 && '; '}
          {articleWords(article)}
        </span>
      ))}
      . An address of the article is not recorded here.
    </p>
  )
}

/** What each verdict means. */
function Glossary() {
  return (
    <details className="small">
      <summary>What the verdicts mean</summary>
      <dl className="glossary">
        {(Object.keys(verdicts) as ClaimVerdict[]).map((verdict) => (
          <Fragment key={verdict}>
            <dt>
              <Verdict verdict={verdict} />
            </dt>
            <dd>{verdicts[verdict].meaning}</dd>
          </Fragment>
        ))}
      </dl>
    </details>
  )
}

/** How the claims fared, before any of them is read. */
function Tally({ claims }: { readonly claims: Claims }) {
  const counts = Object.entries(verdictWords)
    .map(([verdict, words]) => ({ verdict, words, count: claims.filter((claim) => claim.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
  return (
    <p className="row">
      <span className="muted">{counted(claims.length, 'claim', 'claims')}:</span>
      {counts.map(({ verdict, words, count }) => (
        <span key={verdict}>
          {count} <span className={`verdict ${verdict}`}>{words}</span>
        </span>
      ))}
    </p>
  )
}
