import { useSearchParams } from 'react-router'
import { ClaimsDocument, type ClaimVerdict } from '../../generated/web/graphql.js'
import { withParameter } from '../filters/evidenceFilter.js'
import { Page } from '../shell/Page.js'
import { Empty } from '../widgets/states.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { capitalised, counted } from '../words.js'
import { ClaimList } from './ClaimList.js'
import { verdictWords } from './verdicts.js'

const isVerdict = (word: string): word is ClaimVerdict => word in verdictWords

/** Every claim of the source documents, by verdict and words. */
export function ClaimsPage() {
  const [address, setAddress] = useSearchParams()
  const verdict = address.get('verdict') ?? ''
  const text = address.get('q') ?? ''
  const set = (name: string, value: string) => setAddress(withParameter(address, name, value), { replace: true })
  const asked = useOperation(ClaimsDocument, {
    filter: { ...(isVerdict(verdict) && { verdicts: [verdict] }), ...(text.trim() !== '' && { text: text.trim() }) },
  })
  return (
    <Page
      title="Claims"
      lead="What a magazine-style article on magnesium asserts, and whether its own sources and the trials bear it out. A claim opens the numbers that decide it."
    >
      <form className="filters no-print" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
        <label>
          Verdict{' '}
          <select value={verdict} onChange={({ target }) => set('verdict', target.value)}>
            <option value="">all</option>
            {Object.entries(verdictWords).map(([word, words]) => (
              <option key={word} value={word}>
                {capitalised(words)}
              </option>
            ))}
          </select>
        </label>
        <label>
          Words <input type="search" value={text} onChange={({ target }) => set('q', target.value)} />
        </label>
      </form>
      <Widget title="Ledger" asked={asked} lines={20}>
        {({ claims }) =>
          claims.totalCount === 0 ? (
            <Empty>No claim has this verdict and these words.</Empty>
          ) : (
            <>
              <p className="muted">{counted(claims.totalCount, 'claim', 'claims')}</p>
              <ClaimList claims={claims.nodes} />
            </>
          )
        }
      </Widget>
    </Page>
  )
}
