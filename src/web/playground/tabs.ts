import type { Operation } from './code.js'

/** Where the editor keeps its tabs, and where the playground keeps what it opened last. */
const [ofEditor, ofPlayground] = ['graphiql:tabState', 'playground:opened']

interface KeptTabs {
  readonly tabs: readonly { readonly query?: string | null }[]
  readonly activeTabIndex: number
}

/**
 * Takes the tab out that the address before opened, if nobody changed what it holds: one tab is for operations of addresses, and used again.
 * The editor itself opens a tab for the operation that it is given.
 */
export function reuseTabOf(storage: Storage, given: Operation): void {
  try {
    const opened = storage.getItem(ofPlayground)
    storage.setItem(ofPlayground, given.query)
    const kept = parsed(storage.getItem(ofEditor))
    if (opened === null || kept === null) return
    const tabs = kept.tabs.filter(({ query }) => query !== opened)
    storage.setItem(ofEditor, JSON.stringify({ ...kept, tabs, activeTabIndex: Math.max(0, Math.min(kept.activeTabIndex, tabs.length - 1)) }))
  } catch {
    // A browser that keeps nothing has no tabs of an earlier visit either.
  }
}

function parsed(text: string | null): KeptTabs | null {
  const value: unknown = text === null ? null : JSON.parse(text)
  return typeof value === 'object' &&
    value !== null &&
    'tabs' in value &&
    Array.isArray(value.tabs) &&
    'activeTabIndex' in value &&
    typeof value.activeTabIndex === 'number'
    ? (value as KeptTabs) // what was looked at
    : null
}
