import { Link, useSearchParams } from 'react-router'
import { SearchDocument, type SearchKind, type SearchQuery } from '../../generated/web/graphql.js'
import { Page } from '../shell/Page.js'
import { Empty } from '../widgets/states.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { capitalised } from '../words.js'
import { pagesFor } from './pages.js'
import { kindOrder, kindsWords, placeOf } from './place.js'

type Hit = SearchQuery['search']['nodes'][number]

const shownOfAll = 60
const shownOfOne = 100

/** All that answers some words, by kind: conditions before outcomes before studies. `?kind=` shows one kind alone. */
export function SearchPage() {
  const [address] = useSearchParams()
  const text = address.get('q')?.trim() ?? ''
  const kind = kindOrder.find((each) => each === address.get('kind'))
  const asked = useOperation(
    SearchDocument,
    { text, kinds: kind === undefined ? [] : [kind], first: kind === undefined ? shownOfAll : shownOfOne },
    { pause: text === '' },
  )
  if (text === '')
    return (
      <Page title="Search">
        <Empty>Words, a name, a DOI or a registry id; “quoted phrases”, or, and -without as in a web search.</Empty>
      </Page>
    )
  return (
    <Page title={`Search: ${text}`}>
      <Pages text={text} />
      <Widget title="Found" asked={asked} lines={12}>
        {({ all, search }) =>
          all.countByKind.length === 0 ? (
            <Empty>Nothing answers “{text}”. Fewer or other words may; the map shows everything that there is.</Empty>
          ) : (
            <>
              <nav className="row" aria-label="Kinds">
                <KindLink text={text} kind={undefined} chosen={kind} count={all.countByKind.reduce((sum, { count }) => sum + count, 0)} />
                {inOrder(all.countByKind).map(({ kind: each, count }) => (
                  <KindLink key={each} text={text} kind={each} chosen={kind} count={count} />
                ))}
              </nav>
              {inOrder(all.countByKind)
                .filter(({ kind: each }) => kind === undefined || each === kind)
                .map(({ kind: each, count }) => (
                  <Group key={each} text={text} kind={each} count={count} hits={search.nodes.filter((hit) => hit.kind === each)} />
                ))}
            </>
          )
        }
      </Widget>
    </Page>
  )
}

const inOrder = <Counted extends { readonly kind: SearchKind }>(counts: readonly Counted[]): Counted[] =>
  counts.toSorted((a, b) => kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind))

const addressOf = (text: string, kind: SearchKind | undefined) => `/search?${new URLSearchParams({ q: text, ...(kind !== undefined && { kind }) }).toString()}`

function Pages({ text }: { readonly text: string }) {
  const pages = pagesFor(text)
  return (
    pages.length > 0 && (
      <p>
        {pages.length === 1 ? 'A page about this: ' : 'Pages about this: '}
        {pages.map(({ title, place }, index) => (
          <span key={place}>
            {index > 0 && ' · '}
            <Link to={place}>{title}</Link>
          </span>
        ))}
      </p>
    )
  )
}

interface KindLinkProps {
  readonly text: string
  /** Every kind if undefined. */
  readonly kind: SearchKind | undefined
  readonly chosen: SearchKind | undefined
  readonly count: number
}

function KindLink({ text, kind, chosen, count }: KindLinkProps) {
  return (
    <Link to={addressOf(text, kind)} aria-current={kind === chosen ? 'true' : undefined}>
      {kind === undefined ? 'everything' : kindsWords[kind]} <span className="muted">{count}</span>
    </Link>
  )
}

function Group({ text, kind, count, hits }: { readonly text: string; readonly kind: SearchKind; readonly count: number; readonly hits: readonly Hit[] }) {
  return (
    <section className="hits">
      <h3>
        {capitalised(kindsWords[kind])} <span className="muted">{count}</span>
      </h3>
      {hits.length > 0 && (
        <ol>
          {hits.map(({ slug, title, snippet, node }) => (
            <li key={slug}>
              <Link to={placeOf(kind, slug)}>{title}</Link> <Marks node={node} />
              <p className="small muted">
                <Passage snippet={snippet} />
              </p>
            </li>
          ))}
        </ol>
      )}
      {hits.length < count && (
        <p>
          {hits.length < shownOfOne ? (
            <Link to={addressOf(text, kind)}>
              All {count} {kindsWords[kind]}
            </Link>
          ) : (
            `${count - hits.length} more: other words narrow them down.`
          )}
        </p>
      )}
    </section>
  )
}

/** What must be seen before a study is opened. */
function Marks({ node }: { readonly node: Hit['node'] }) {
  if (node === null || !('status' in node)) return null
  return (
    <>
      {node.status === 'RETRACTED' && <strong className="alert">retracted</strong>} {node.design === 'ANIMAL' && <strong>in animals</strong>}
      {node.design === 'IN_VITRO' && <strong>in vitro</strong>}
    </>
  )
}

/** A passage whose words found stand between ** and **. */
function Passage({ snippet }: { readonly snippet: string }) {
  return snippet.split('**').map((part, place) => (place % 2 === 1 ? <mark key={place}>{part}</mark> : part))
}
