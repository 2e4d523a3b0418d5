import { timingSafeEqual } from 'node:crypto'
import type { Database } from '../database/client.js'
import type { FindKeyHolder } from '../http/caller.js'
import { hashOfKey, prefixOfKey } from './key.js'
import { findValidKeys, noteUse, type KeyFacts } from './key.queries.js'

/** A key that was made or revoked by another process is known this late. */
const recheckAfterMs = 1_000

/** How often uses are written down. */
const noteAfterMs = 60_000

type Ring = ReadonlyMap<string, KeyFacts & { readonly hash: Buffer }>

/**
 * Tells whose key is shown. All valid keys are kept in memory and read again at most once a second, so that guessed keys cost the database nothing.
 *
 * @param onFailure told why a use could not be written down; the request goes on
 */
export function keyRing(database: Database, onFailure: (error: unknown) => void = () => {}): FindKeyHolder {
  let ring: Ring | undefined
  let checkedAt = 0
  let checking: Promise<Ring> | undefined
  const notedAt = new Map<string, number>()

  const check = async () => {
    ring = new Map((await findValidKeys(database)).map((key) => [key.prefix, key]))
    checkedAt = performance.now()
    return ring
  }
  const ringOfNow = async () => {
    if (ring !== undefined && performance.now() - checkedAt < recheckAfterMs) return ring
    checking ??= check().finally(() => (checking = undefined))
    return checking
  }
  return async (text) => {
    const prefix = prefixOfKey(text)
    if (prefix === null) return null
    const key = (await ringOfNow()).get(prefix)
    if (key === undefined || !timingSafeEqual(key.hash, hashOfKey(text))) return null
    const last = notedAt.get(prefix)
    if (last === undefined || performance.now() - last > noteAfterMs) {
      notedAt.set(prefix, performance.now())
      noteUse(database, prefix).catch(onFailure)
    }
    const { name, scopes, costPerMinute } = key
    return { name, prefix, scopes, costPerMinute }
  }
}
