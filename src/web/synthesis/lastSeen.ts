/** A synthesis that was looked at. */
export interface Seen {
  readonly id: string
  readonly name: string
}

const place = 'last synthesis'

/** The synthesis that this tab showed last; null where there was none, or the browser keeps nothing. */
export function lastSeen(): Seen | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(place) ?? 'null')
    return isSeen(kept) ? kept : null
  } catch {
    return null
  }
}

export function remember(seen: Seen): void {
  try {
    sessionStorage.setItem(place, JSON.stringify(seen))
  } catch {
    // A browser that keeps nothing offers no comparison with the one before.
  }
}

const isSeen = (kept: unknown): kept is Seen =>
  typeof kept === 'object' && kept !== null && 'id' in kept && typeof kept.id === 'string' && 'name' in kept && typeof kept.name === 'string'
