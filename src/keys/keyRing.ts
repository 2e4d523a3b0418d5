import { timingSafeEqual } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../database/client.js'
import { isOfTheServer } from '../database/query.js'
import type { FindKeyHolder } from '../http/caller.js'
import { hashOfKey, prefixOfKey } from './key.js'
import { findValidKeys, noteUse, type KeyFacts } from './key.queries.js'

/** A key that was revoked is refused this late at most. */
const recheckAfterMs = 1_000

/** However many keys are guessed, the keys are read no oftener. */
const leastBetweenMs = 100

/** How often uses are written down. */
const noteAfterMs = 60_000

interface Ring {
  readonly keys: ReadonlyMap<string, KeyFacts & { readonly hash: Buffer }>
  /** When its reading began. */
  readonly readAt: number
}

/**
 * Tells whose key is shown. All valid keys are kept in memory and read again once a second; a key that is not among them waits for the next reading, since
 * it may have been made just now. So keys in use cost one statement a second, and guessed ones at most ten.
 *
 * @param onFailure told why a use could not be written down; the request goes on
 */
export function keyRing(database: Database, onFailure: (error: unknown) => void = () => {}): FindKeyHolder {
  let ring: Ring = { keys: new Map(), readAt: -Infinity }
  let reading: Promise<void> | undefined
  const notedAt = new Map<string, number>()

  const knownKeys = async (): Promise<Ring['keys']> => {
    try {
      return new Map((await findValidKeys(database)).map((key) => [key.prefix, key]))
    } catch (error) {
      // No key is made or revoked in a database that does not answer.
      if (ring.keys.size > 0 && isOfTheServer(error)) return ring.keys
      throw error
    }
  }
  const read = async () => {
    await pause(Math.max(0, ring.readAt + leastBetweenMs - performance.now()))
    const readAt = performance.now()
    ring = { keys: await knownKeys(), readAt }
  }
  const readSince = async (time: number) => {
    // The reading under way may have begun before.
    while (ring.readAt < time) await (reading ??= read().finally(() => (reading = undefined)))
  }
  return async (text) => {
    const askedAt = performance.now()
    const prefix = prefixOfKey(text)
    if (prefix === null) return null
    await readSince(askedAt - recheckAfterMs)
    if (!ring.keys.has(prefix)) await readSince(askedAt)
    const key = ring.keys.get(prefix)
    if (key === undefined || !timingSafeEqual(key.hash, hashOfKey(text))) return null
    const last = notedAt.get(prefix)
    if (last === undefined || askedAt - last > noteAfterMs) {
      notedAt.set(prefix, askedAt)
      noteUse(database, prefix).catch(onFailure)
    }
    const { name, scopes, costPerMinute } = key
    return { name, prefix, scopes, costPerMinute }
  }
}
