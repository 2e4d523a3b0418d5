import sql from 'sql-template-tag'
import type { Actor } from '../audit/audit.js'
import { recordChange } from '../audit/audit.queries.js'
import type { Database } from '../database/client.js'
import { inTransaction, rows } from '../database/query.js'
import type { KeyScope } from '../generated/prisma/enums.js'
import { makeKey } from './key.js'

/** What a key is and may, without its hash. */
export interface KeyFacts {
  readonly name: string
  readonly prefix: string
  readonly scopes: readonly KeyScope[]
  /** What its holder may spend in a minute; null for as much as any key. */
  readonly costPerMinute: number | null
}

export interface KeptKey extends KeyFacts {
  readonly createdAt: Date
  readonly revokedAt: Date | null
  /** To the minute. */
  readonly lastUsedAt: Date | null
}

/** Why a key cannot be made or revoked, for whoever asked for it. */
export class KeyError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'KeyError'
  }
}

/** Makes a key. @returns its text, which nobody can read again @throws {KeyError} for a name or scopes that are none */
export async function createKey(database: Database, { name, scopes, costPerMinute }: Omit<KeyFacts, 'prefix'>, actor: Actor): Promise<string> {
  if (name.trim() === '' || name.length > 200) throw new KeyError(`a key has a name of 1 to 200 letters, got ${JSON.stringify(name.slice(0, 200))}`)
  if (scopes.length === 0) throw new KeyError('a key has at least one scope: read, curate')
  const { text, prefix, hash } = makeKey()
  await inTransaction(database, async (transaction) => {
    await rows(
      transaction,
      sql`
        INSERT INTO api_key (name, prefix, hash, scopes, cost_per_minute)
        VALUES (${name.trim()}, ${prefix}, ${hash}, ${[...new Set(scopes)]}::text[]::key_scope[], ${costPerMinute})`,
    )
    await recordChange(transaction, { actor, action: 'KEY_CREATED', subject: `key ${prefix}`, details: { name: name.trim(), scopes, costPerMinute } })
  })
  return text
}

/** @throws {KeyError} for a key that is unknown, or revoked already */
export async function revokeKey(database: Database, prefix: string, actor: Actor): Promise<KeyFacts> {
  return inTransaction(database, async (transaction) => {
    const [revoked] = await rows<KeyFacts>(
      transaction,
      sql`
        UPDATE api_key SET revoked_at = now() WHERE prefix = ${prefix} AND revoked_at IS NULL
        RETURNING name, prefix, scopes::text[] AS scopes, cost_per_minute AS "costPerMinute"`,
    )
    if (revoked === undefined) {
      const known = await rows(transaction, sql`SELECT FROM api_key WHERE prefix = ${prefix}`)
      throw new KeyError(known.length > 0 ? `key ${prefix} was revoked already` : `there is no key ${prefix}: "keys list" shows them`)
    }
    await recordChange(transaction, { actor, action: 'KEY_REVOKED', subject: `key ${prefix}`, details: { name: revoked.name } })
    return revoked
  })
}

/** Every key that was ever made, oldest first. */
export function findKeys(database: Database): Promise<KeptKey[]> {
  return rows<KeptKey>(
    database,
    sql`
      SELECT name, prefix, scopes::text[] AS scopes, cost_per_minute AS "costPerMinute", created_at AS "createdAt", revoked_at AS "revokedAt",
        last_used_at AS "lastUsedAt"
      FROM api_key ORDER BY id`,
  )
}

/** The keys that are valid now, with the hashes to hold others against. */
export function findValidKeys(database: Database): Promise<(KeyFacts & { readonly hash: Buffer })[]> {
  return rows(
    database,
    sql`
      SELECT name, prefix, hash, scopes::text[] AS scopes, cost_per_minute AS "costPerMinute" FROM api_key WHERE revoked_at IS NULL`,
  )
}

/** Says that a key was used, to the minute: of several processes one writes. */
export async function noteUse(database: Database, prefix: string): Promise<void> {
  await rows(
    database,
    sql`
      UPDATE api_key SET last_used_at = now()
      WHERE prefix = ${prefix} AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
  )
}
