import { Link, useSearchParams } from 'react-router'
import { SearchDocument } from '../../generated/web/graphql.js'
import { Page } from '../shell/Page.js'
import { Empty } from '../widgets/states.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { capitalised } from '../words.js'
import { kindWords, placeOf } from './place.js'

/** All that answers some words. */
export function SearchPage() {
  const [address] = useSearchParams()
  const text = address.get('q')?.trim() ?? ''
  const asked = useOperation(SearchDocument, { text, first: 50 }, { pause: text === '' })
  if (text === '')
    return (
      <Page title="Search">
        <Empty>Words, a name, a DOI or a registry id; “quoted phrases”, or, and -without as in a web search.</Empty>
      </Page>
    )
  return (
    <Page title={`Search: ${text}`}>
      <Widget title="Found" asked={asked} lines={12}>
        {({ search }) =>
          search.nodes.length === 0 ? (
            <Empty>Nothing answers “{text}”. Fewer or other words may; the map shows everything that there is.</Empty>
          ) : (
            <ol className="hits">
              {search.nodes.map(({ kind, slug, title, snippet }) => (
                <li key={`${kind} ${slug}`}>
                  <Link to={placeOf(kind, slug)}>{title}</Link> <span className="muted small">{capitalised(kindWords[kind])}</span>
                  <p className="small muted">
                    <Passage snippet={snippet} />
                  </p>
                </li>
              ))}
            </ol>
          )
        }
      </Widget>
    </Page>
  )
}

/** A passage whose words found stand between ** and **. */
function Passage({ snippet }: { readonly snippet: string }) {
  return snippet.split('**').map((part, place) => (place % 2 === 1 ? <mark key={place}>{part}</mark> : part))
}
