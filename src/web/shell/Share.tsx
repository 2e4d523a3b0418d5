import { useEffect, useRef } from 'react'
import { useLocation } from 'react-router'
import { serviceAddress } from '../address.js'
import { useCopy } from '../widgets/useCopy.js'

/** The permanent address of the view, and the code that shows it on another page. Escape or a press elsewhere closes it. */
export function Share() {
  const { pathname, search } = useLocation()
  const box = useClosing()
  if (pathname.startsWith('/embed')) return null
  const address = `${window.location.origin}${serviceAddress(pathname)}${search}`
  const embedded = `${window.location.origin}${serviceAddress('/embed')}${pathname}${search}`
  return (
    <details className="share no-print" ref={box}>
      <summary>Share</summary>
      <div>
        <Copyable label="Address" text={address} />
        {pathname !== '/' && (
          <Copyable
            label="On another page"
            text={`<iframe src="${embedded.replaceAll('&', '&amp;')}" title="Magnesium evidence" width="100%" height="640" loading="lazy"></iframe>`}
          />
        )}
      </div>
    </details>
  )
}

function Copyable({ label, text }: { readonly label: string; readonly text: string }) {
  const { copy, said } = useCopy()
  return (
    <p>
      <label>
        {label}
        <textarea readOnly rows={3} value={text} onFocus={({ target }) => target.select()} />
      </label>
      <button type="button" onClick={() => copy(text)}>
        Copy
      </button>{' '}
      <span role="status">{said}</span>
    </p>
  )
}

/** Closes the opened details by Escape, which gives the focus back to their summary, and by a press outside of them. */
function useClosing() {
  const box = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const onKey = ({ key }: KeyboardEvent) => {
      const details = box.current
      if (key !== 'Escape' || details === null || !details.open) return
      details.open = false
      details.querySelector('summary')?.focus()
    }
    const onPress = ({ target }: PointerEvent) => {
      if (box.current !== null && target instanceof Node && !box.current.contains(target)) box.current.open = false
    }
    document.addEventListener('keydown', onKey)
    document.addEventListener('pointerdown', onPress)
    return () => {
      document.removeEventListener('keydown', onKey)
      document.removeEventListener('pointerdown', onPress)
    }
  }, [])
  return box
}
