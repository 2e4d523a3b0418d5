import type { CombinedError } from 'urql'
import { capitalised } from '../words.js'
import './states.css'

/** Lines in grey, of about the size of what comes, so that nothing jumps when it does. */
export function Loading({ lines = 4 }: { readonly lines?: number }) {
  return (
    <div className="loading" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className={`line line-${line % 4}`} />
      ))}
    </div>
  )
}

/** What went wrong in the service's own words, its code, and a way to try again. */
export function Failed({ error, retry }: { readonly error: CombinedError; readonly retry: () => void }) {
  const [first] = error.graphQLErrors
  const code = first?.extensions['code']
  // The same question has the same answer: trying again does not help.
  if (code === 'BAD_USER_INPUT')
    return (
      <p className="empty" role="alert">
        {capitalised(first?.message ?? '')}.
      </p>
    )
  return (
    <div className="failed" role="alert">
      <p>{first?.message ?? 'The service cannot be reached.'}</p>
      <p className="row">
        {typeof code === 'string' && <code>{code}</code>}
        <button type="button" onClick={retry}>
          Try again
        </button>
      </p>
    </div>
  )
}

export function Empty({ children }: { readonly children: React.ReactNode }) {
  return <p className="empty">{children}</p>
}
