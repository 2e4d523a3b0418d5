import sql from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { rows } from '../database/query.js'
import type { DataRevision } from '../graphql/context.js'

/** How much the primary has written, in bytes since the beginning of its log. @throws where it is no primary */
export async function findPosition(primary: Database): Promise<number> {
  const [found] = await rows<{ position: number }>(primary, sql`SELECT (pg_current_wal_lsn() - '0/0')::float8 AS position`)
  return found?.position ?? 0
}

export interface Standing extends DataRevision {
  /** Up to where it has followed its primary's log, in bytes; null where it follows none. */
  readonly position: number | null
}

/** How far a replica has come, and the evidence it holds. */
export async function findStanding(replica: Database): Promise<Standing> {
  const [found] = await rows<Standing>(
    replica,
    sql`SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0')::float8 END AS position,
        coalesce(d.id, 0) AS id, coalesce(d.revision, 'empty') AS revision
      FROM (SELECT 1) one LEFT JOIN (SELECT id, revision FROM data_revision ORDER BY id DESC LIMIT 1) d ON true`,
  )
  return found ?? { position: null, id: 0, revision: 'empty' }
}
