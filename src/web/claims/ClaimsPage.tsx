import { ClaimsDocument, type ClaimsQuery, type ClaimTopic, type ClaimVerdict } from '../../generated/web/graphql.js'
import { useAddress } from '../filters/useAddress.js'
import { Page } from '../shell/Page.js'
import { Choice } from '../widgets/Choice.js'
import { Empty } from '../widgets/states.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { capitalised, counted } from '../words.js'
import { ClaimList } from './ClaimList.js'
import { topicWords } from './topics.js'
import { verdictWords } from './verdicts.js'

const isVerdict = (word: string): word is ClaimVerdict => word in verdictWords
const isTopic = (word: string): word is ClaimTopic => word in topicWords

/** Every claim of the source documents, by verdict, topic and words. */
export function ClaimsPage() {
  const { address, set } = useAddress()
  const verdict = address.get('verdict') ?? ''
  const topic = address.get('topic') ?? ''
  const text = address.get('q') ?? ''
  const asked = useOperation(ClaimsDocument, {
    filter: {
      ...(isVerdict(verdict) && { verdicts: [verdict] }),
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
        <Choice label="Verdict" words={verdictWords} value={verdict} none="all" onChange={(word) => set('verdict', word)} />
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
              <Tally claims={claims.nodes} />
              {Object.entries(topicWords).map(([of, words]) => {
                const ofTopic = claims.nodes.filter((claim) => claim.topic === of)
                return ofTopic.length === 0 ? null : (
                  <section key={of} className="claims-topic" aria-label={words}>
                    <h3>
                      {capitalised(words)} <span className="muted">{ofTopic.length}</span>
                    </h3>
                    <ClaimList claims={ofTopic} withWhy />
                  </section>
                )
              })}
            </>
          )
        }
      </Widget>
    </Page>
  )
}

/** How the claims fared, before any of them is read. */
function Tally({ claims }: { readonly claims: ClaimsQuery['claims']['nodes'] }) {
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
