import { useLocation } from 'react-router'
import { serviceAddress } from '../address.js'

/** The permanent address of the view, and the code that shows it on another page. */
export function Share() {
  const { pathname, search } = useLocation()
  if (pathname.startsWith('/embed')) return null
  const address = `${window.location.origin}${serviceAddress(pathname)}${search}`
  const embedded = `${window.location.origin}${serviceAddress('/embed')}${pathname === '/' ? '' : pathname}${search}`
  return (
    <details className="share no-print">
      <summary>Share</summary>
      <div>
        <Copyable label="Address" text={address} />
        <Copyable
          label="On another page"
          text={`<iframe src="${embedded.replaceAll('&', '&amp;')}" title="Magnesium evidence" width="100%" height="640" loading="lazy"></iframe>`}
        />
      </div>
    </details>
  )
}

function Copyable({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <p>
      <label>
        {label}
        <textarea readOnly rows={3} value={text} onFocus={({ target }) => target.select()} />
      </label>
      <button type="button" onClick={() => void navigator.clipboard?.writeText(text)}>
        Copy
      </button>
    </p>
  )
}
