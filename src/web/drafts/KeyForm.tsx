import { useState } from 'react'

interface KeyFormProps {
  readonly onKey: (key: string) => void
}

/** Asks for the key that curating needs. */
export function KeyForm({ onKey }: KeyFormProps) {
  const [typed, setTyped] = useState('')
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault()
        if (typed.trim() !== '') onKey(typed.trim())
      }}
    >
      <label>
        Key for curation <input type="password" autoComplete="off" value={typed} onChange={({ target }) => setTyped(target.value)} required />
      </label>
      <button type="submit">Use this key</button>
      <p className="small muted">
        Only holders of a key with the scope <code>curate</code> see drafts. The key stays in this tab and is forgotten when the tab is closed.
      </p>
    </form>
  )
}
