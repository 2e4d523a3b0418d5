import { Link } from 'react-router'
import { useAddress } from '../filters/useAddress.js'
import { Page } from '../shell/Page.js'
import { Choice } from '../widgets/Choice.js'
import { Empty, Loading } from '../widgets/states.js'
import { counted } from '../words.js'
import { referenceOf, useCuration, useKey, type Draft } from './curation.js'
import { KeyForm } from './KeyForm.js'
import { Refused } from './Refused.js'
import { kindWords, statusWords } from './words.js'

/** What imports proposed, for curators. */
export function DraftsPage() {
  const { key, setKey } = useKey()
  const { address, set } = useAddress()
  const [status, kind] = [address.get('status') ?? 'DRAFT', address.get('kind') ?? '']
  return (
    <Page title="Drafts" lead="What imports propose. None of it is evidence until a curator accepts it.">
      {key === '' ? (
        <KeyForm onKey={setKey} />
      ) : (
        <>
          <form className="filters no-print" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
            <Choice label="Status" words={statusWords} value={status} onChange={(word) => set('status', word)} />
            <Choice label="Kind" words={kindWords} value={kind} none="all" onChange={(word) => set('kind', word)} />
            <button type="button" onClick={() => setKey('')}>
              Forget the key
            </button>
          </form>
          <List curationKey={key} query={new URLSearchParams({ status, ...(kind !== '' && { kind }), ...after(address.get('after')) }).toString()} set={set} />
        </>
      )}
    </Page>
  )
}

const after = (id: string | null) => (id === null ? {} : { after: id })

interface ListProps {
  readonly curationKey: string
  readonly query: string
  readonly set: (name: string, value: string) => void
}

function List({ curationKey, query, set }: ListProps) {
  const { data, failure, again } = useCuration<{ drafts: readonly Draft[]; hasMore: boolean }>(curationKey, `/drafts?${query}`)
  if (failure !== null) return <Refused message={failure} retry={again} />
  if (data === undefined) return <Loading lines={12} />
  const { drafts, hasMore } = data
  if (drafts.length === 0) return <Empty>No such drafts.</Empty>
  return (
    <section className="widget" aria-label="List of drafts">
      <p className="muted">
        {hasMore ? 'The first ' : ''}
        {counted(drafts.length, 'draft', 'drafts')}
      </p>
      <ul className="studies">
        {drafts.map((draft) => (
          <li key={draft.id}>
            <Link to={`/drafts/${draft.id}`}>{referenceOf(draft) || draft.slug}</Link>
            <div className="small muted">
              {[
                `draft ${draft.id}`,
                kindWords[draft.kind],
                ...(draft.matched === null ? [] : [`changes ${draft.matched}`]),
                ...(draft.doi === null ? [] : [`doi:${draft.doi}`]),
                draft.source,
              ].join(', ')}
            </div>
          </li>
        ))}
      </ul>
      {hasMore && (
        <button type="button" onClick={() => set('after', String(drafts.at(-1)?.id ?? ''))}>
          Further drafts
        </button>
      )}
    </section>
  )
}
