import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { Page } from '../shell/Page.js'
import { Loading } from '../widgets/states.js'
import { Choice } from '../widgets/Choice.js'
import { capitalised, designWords } from '../words.js'
import { askCuration, referenceOf, useCuration, useKey, type Draft, type Shown } from './curation.js'
import './drafts.css'
import { KeyForm } from './KeyForm.js'
import { Refused } from './Refused.js'
import { kindWords, statusWords } from './words.js'

/** One draft: what it would change, and what a curator decides of it. */
export function DraftPage() {
  const { id = '' } = useParams()
  const { key, setKey } = useKey()
  return (
    <Page title={`Draft ${id}`}>
      <p>
        <Link to="/drafts">All drafts</Link>
      </p>
      {key === '' ? <KeyForm onKey={setKey} /> : <OneDraft key={id} curationKey={key} id={id} />}
    </Page>
  )
}

function OneDraft({ curationKey, id }: { readonly curationKey: string; readonly id: string }) {
  const { data, failure, again } = useCuration<Shown>(curationKey, `/drafts/${encodeURIComponent(id)}`)
  const [done, setDone] = useState<string | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  if (failure !== null) return <Refused message={failure} retry={again} />
  if (data === undefined && !isBusy && done === null) return <Loading lines={16} />
  /** Asks for a decision, and shows the draft anew. */
  const decide = async (address: string, body: object, words: string, method = 'POST') => {
    setBusy(true)
    setRefusal(null)
    try {
      await askCuration(curationKey, `/drafts${address}`, body, method)
      setDone(words)
      if ('dryRun' in body) return
      again()
    } catch (error) {
      setDone(null)
      setRefusal(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <div role="status">{isBusy ? 'The service is at it …' : (done ?? '')}</div>
      {refusal !== null && <Refused message={refusal} />}
      {data !== undefined && (
        <>
          <About draft={data.draft} />
          <Changes {...data} />
          <Decide draft={data.draft} isBusy={isBusy} decide={decide} />
        </>
      )}
    </>
  )
}

function About({ draft }: { readonly draft: Draft }) {
  const { kind, slug, status, format, source, line, matched, matchedBy, editedBy, decidedBy, note, doi } = draft
  return (
    <section className="widget" aria-labelledby="about-draft">
      <h2 id="about-draft">{referenceOf(draft) || slug}</h2>
      <p className="muted">
        {capitalised(kindWords[kind])} <code>{slug}</code>, {statusWords[status]}
        {decidedBy === null ? '' : ` by ${decidedBy}`}
        {note === null ? '' : `: ${note}`}
        <br />
        From {format}, {source}
        {line === null ? '' : `, line ${line}`}
        {matched === null ? '' : `; changes ${matched}, known by ${matchedBy ?? 'its slug'}`}
        {editedBy === null ? '' : `; edited by ${editedBy}`}
      </p>
      {doi !== null && (
        <p>
          <a href={`https://doi.org/${doi}`} rel="noopener">
            doi:{doi}
          </a>
        </p>
      )}
    </section>
  )
}

function Changes({ changes, likelyDuplicates }: Shown) {
  return (
    <section className="widget" aria-labelledby="changes-of-draft">
      <h2 id="changes-of-draft">What it would change</h2>
      {likelyDuplicates.length > 0 && (
        <div className="warnings">
          <p>It may repeat:</p>
          <ul>
            {likelyDuplicates.map(({ slug, draft, by, ...reference }) => (
              <li key={`${draft ?? ''} ${slug}`}>
                {draft === null ? <code>{slug}</code> : <Link to={`/drafts/${draft}`}>draft {draft}</Link>}, by {by}: {referenceOf(reference)}
              </li>
            ))}
          </ul>
        </div>
      )}
      {changes.length === 0 ? (
        <p>Nothing.</p>
      ) : (
        <div className="scroll" role="region" aria-label="Values" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Value</th>
                <th scope="col">Now</th>
                <th scope="col">After it</th>
              </tr>
            </thead>
            <tbody>
              {changes.map(({ path, before, after }) => (
                <tr key={path}>
                  <th scope="row">{path}</th>
                  <td>{shownValue(before)}</td>
                  <td>{shownValue(after)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function shownValue(value: unknown) {
  if (value === undefined || value === null) return <span className="muted">nothing</span>
  return typeof value === 'object' ? <pre className="document">{JSON.stringify(value, null, 2)}</pre> : String(value)
}

interface DecideProps {
  readonly draft: Draft
  readonly isBusy: boolean
  readonly decide: (address: string, body: object, words: string, method?: string) => Promise<void>
}

const placeWords = { study: 'a report of a study that is there', made: 'a study of its own' } as const

function Decide({ draft, isBusy, decide }: DecideProps) {
  const { id, kind, status, matched } = draft
  const [note, setNote] = useState('')
  const [placed, setPlaced] = useState<keyof typeof placeWords>('made')
  const [study, setStudy] = useState('')
  const [design, setDesign] = useState('')
  const [isConfirmed, setConfirmed] = useState(false)
  const signed = { ids: [id], ...(note.trim() !== '' && { note: note.trim() }) }
  const needsPlace = kind === 'PUBLICATION' && matched === null
  const place = placed === 'study' ? { study: study.trim() } : { ...(design !== '' && { design }) }
  const accepting = { ...signed, ...(needsPlace && { place, confirm: isConfirmed }) }
  if (status === 'REJECTED') return null
  return (
    <section className="widget" aria-labelledby="decide-on-draft">
      <h2 id="decide-on-draft">Decide</h2>
      <form className="decide" onSubmit={(event) => event.preventDefault()}>
        <label>
          Note <input value={note} maxLength={2000} onChange={({ target }) => setNote(target.value)} />
        </label>
        {status === 'ACCEPTED' ? (
          <p className="row">
            <button type="button" disabled={isBusy} onClick={() => void decide('/undo', signed, 'The acceptance is undone: the draft is open again.')}>
              Undo the acceptance
            </button>
          </p>
        ) : (
          <>
            {needsPlace && (
              <>
                <Choice label="It is" words={placeWords} value={placed} onChange={(word) => word !== '' && setPlaced(word)} />
                {placed === 'study' ? (
                  <label>
                    Slug of the study <input value={study} onChange={({ target }) => setStudy(target.value)} />
                  </label>
                ) : (
                  <Choice label="Design" words={designWords} value={design} none="as its types or title tell" onChange={setDesign} />
                )}
                <label>
                  <input type="checkbox" checked={isConfirmed} onChange={({ target }) => setConfirmed(target.checked)} /> I have seen that it is unlike the
                  study’s other reports, or a second primary one
                </label>
              </>
            )}
            <p className="row">
              <button type="button" disabled={isBusy} onClick={() => void decide('/accept', accepting, 'Accepted: it is evidence now.')}>
                Accept
              </button>
              <button
                type="button"
                disabled={isBusy}
                onClick={() => void decide('/accept', { ...accepting, dryRun: true }, 'It could be accepted as it is. Nothing was kept.')}
              >
                Try accepting
              </button>
              <button type="button" disabled={isBusy} onClick={() => void decide('/reject', signed, 'Rejected: its record will not be proposed again.')}>
                Reject
              </button>
            </p>
            <Edit key={draft.changedAt} draft={draft} isBusy={isBusy} decide={decide} />
          </>
        )}
      </form>
    </section>
  )
}

function Edit({ draft: { id, document: kept, changedAt }, isBusy, decide }: DecideProps) {
  const written = JSON.stringify(kept, null, 2)
  const [text, setText] = useState(written)
  const [fault, setFault] = useState<string | null>(null)
  const save = () => {
    const document = parsed(text)
    setFault(document === null ? 'This is not a JSON object: look for a missing comma or quote.' : null)
    if (document !== null) void decide(`/${id}`, { document, changedAt }, 'The draft is changed.', 'PATCH')
  }
  return (
    <details>
      <summary>Edit what it says</summary>
      <label>
        Document, as JSON
        <textarea className="document" rows={18} spellCheck={false} value={text} onChange={({ target }) => setText(target.value)} />
      </label>
      {fault !== null && <Refused message={fault} />}
      <p className="row">
        <button type="button" disabled={isBusy || text === written} onClick={save}>
          Save
        </button>
        <button type="button" disabled={text === written} onClick={() => setText(written)}>
          As it was
        </button>
      </p>
    </details>
  )
}

function parsed(text: string): object | null {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}
