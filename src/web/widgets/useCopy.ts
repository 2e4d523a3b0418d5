import { useState } from 'react'

/** Copies texts to the clipboard, and says for a reader what came of the last one; empty before the first. */
export function useCopy(): { readonly copy: (text: string) => void; readonly said: string } {
  const [said, setSaid] = useState('')
  const copy = (text: string) => {
    // Browsers offer the clipboard to secure pages alone.
    const written = navigator.clipboard === undefined ? Promise.reject(new Error('there is no clipboard')) : navigator.clipboard.writeText(text)
    written.then(
      () => setSaid('Copied'),
      () => setSaid('The browser does not let this page copy. Select the text and copy it.'),
    )
  }
  return { copy, said }
}
