import { startTransition, useOptimistic } from 'react'
import { useSearchParams } from 'react-router'
import { withParameter } from './evidenceFilter.js'

export interface Address {
  readonly address: URLSearchParams
  /** Sets one parameter, or takes it out where it is empty. */
  readonly set: (name: string, value: string) => void
  /** Takes several out in one step, which the browser's button takes back. */
  readonly clear: (names: readonly string[]) => void
}

/**
 * What the address asks, and how to change it. A change is shown at once, however long the view takes to follow, and adds to those before it:
 * nothing typed or chosen in quick succession is lost.
 */
export function useAddress(): Address {
  const [followed, setAddress] = useSearchParams()
  const [address, anticipate] = useOptimistic(followed)
  const change = (names: readonly string[], value: string, { replace }: { readonly replace: boolean }) =>
    startTransition(() => {
      // The browser's own address is ahead of what has been rendered.
      const next = names.reduce((changed, name) => withParameter(changed, name, value), new URLSearchParams(window.location.search))
      anticipate(next)
      setAddress(next, { replace })
    })
  return {
    address,
    set: (name, value) => change([name], value, { replace: true }),
    clear: (names) => change(names, '', { replace: false }),
  }
}
