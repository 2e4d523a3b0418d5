import sql, { empty } from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { rows, type Transaction } from '../database/query.js'
import type { Prisma } from '../generated/prisma/client.js'
import type { AuditActor } from '../generated/prisma/enums.js'
import type { AuditAction, Change } from './audit.js'

/** Records a change in the transaction that makes it: both are kept, or neither. */
export async function recordChange(transaction: Transaction | Prisma.TransactionClient, change: Change): Promise<void> {
  const { actor, action, subject, before = null, after = null, details = {} } = change
  const statement = sql`
    INSERT INTO audit_entry (actor_kind, actor, action, subject, before, after, details)
    VALUES (${actor.kind}::audit_actor, ${actor.name}, ${action}, ${subject}, ${before}, ${after}, ${JSON.stringify(details)}::jsonb)`
  if ('$executeRaw' in transaction) await transaction.$executeRaw(statement)
  else await rows(transaction, statement)
}

/** A change as it was recorded. */
export interface AuditEntry {
  readonly id: number
  readonly at: Date
  readonly actorKind: AuditActor
  readonly actor: string
  readonly action: AuditAction
  readonly subject: string
  readonly before: string | null
  readonly after: string | null
  readonly details: Readonly<Record<string, unknown>>
}

export interface AuditFilter {
  readonly action?: AuditAction
  /** Words that stand in the subject. */
  readonly subject?: string
  readonly since?: Date
  /** At most so many; the newest are kept. */
  readonly limit: number
}

/** The newest changes, oldest first. */
export function findAuditEntries(database: Database, { action, subject, since, limit }: AuditFilter): Promise<AuditEntry[]> {
  const where = [
    action === undefined ? empty : sql` AND action = ${action}`,
    subject === undefined ? empty : sql` AND strpos(lower(subject), lower(${subject})) > 0`,
    since === undefined ? empty : sql` AND at >= ${since}`,
  ]
  return rows<AuditEntry>(
    database,
    sql`
      SELECT * FROM (
        SELECT id::float8 AS id, at, actor_kind AS "actorKind", actor, action, subject, before, after, details
        FROM audit_entry WHERE true${where[0]}${where[1]}${where[2]} ORDER BY audit_entry.id DESC LIMIT ${limit}
      ) newest ORDER BY id`,
  )
}
