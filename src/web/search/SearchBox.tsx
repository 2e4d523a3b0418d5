import { useEffect, useId, useState, type FormEvent, type KeyboardEvent } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { SuggestionsDocument } from '../../generated/web/graphql.js'
import { useOperation } from '../widgets/useOperation.js'
import { kindWords, placeOf } from './place.js'
import './search.css'

/** Asked once the typing pauses. */
const pauseMs = 180
const suggested = 8

/** A box that suggests while one types: arrows choose, Enter goes there, or to all hits. After the ARIA pattern of a combobox with a list. */
export function SearchBox() {
  const navigate = useNavigate()
  const list = useId()
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState(-1)
  const [open, setOpen] = useState(false)
  const asked = useSettled(text.trim())
  const { data } = useOperation(SuggestionsDocument, { text: asked, first: suggested }, { pause: asked.length < 2 })
  const { pathname, search } = useLocation()
  const inAddress = pathname.endsWith('/search') ? (new URLSearchParams(search).get('q') ?? '') : ''
  useEffect(() => {
    setOpen(false)
    setText(inAddress)
  }, [pathname, inAddress])
  const hits = open && text.trim().length > 1 ? (data?.search.nodes ?? []) : []
  const go = (place: string) => {
    setOpen(false)
    setChosen(-1)
    void navigate(place)
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    const hit = hits[chosen]
    if (hit !== undefined) go(placeOf(hit.kind, hit.slug))
    else if (text.trim() !== '') go(`/search?q=${encodeURIComponent(text.trim())}`)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setOpen(false)
    if ((event.key !== 'ArrowDown' && event.key !== 'ArrowUp') || hits.length === 0) return
    event.preventDefault()
    // The places of the list and, between its end and its beginning, none.
    const places = hits.length + 1
    const step = event.key === 'ArrowDown' ? 1 : -1
    setChosen(((chosen + 1 + step + places) % places) - 1)
  }
  return (
    <form className="search-box" role="search" onSubmit={onSubmit}>
      <input
        type="search"
        placeholder="Search"
        aria-label="Search conditions, forms, studies and claims"
        role="combobox"
        aria-expanded={hits.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={chosen >= 0 ? `${list}-${chosen}` : undefined}
        autoComplete="off"
        value={text}
        onChange={({ target }) => {
          setText(target.value)
          setOpen(true)
          setChosen(-1)
        }}
        onKeyDown={onKeyDown}
        onBlur={() => setOpen(false)}
      />
      <ul id={list} role="listbox" aria-label="Suggestions" hidden={hits.length === 0}>
        {hits.map(({ kind, slug, title }, place) => (
          <li
            key={`${kind} ${slug}`}
            id={`${list}-${place}`}
            role="option"
            aria-selected={place === chosen}
            // Before the box loses the focus, and with it the list.
            onMouseDown={(event) => {
              event.preventDefault()
              go(placeOf(kind, slug))
            }}
          >
            {title} <span className="muted small">{kindWords[kind]}</span>
          </li>
        ))}
      </ul>
    </form>
  )
}

/** The value, once it has not changed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pauseMs)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
