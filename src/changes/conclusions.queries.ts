import sql, { empty } from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { inTransaction, rows } from '../database/query.js'
import type { DataRevision } from '../graphql/context.js'
import { unpacked, type Conclusion, type ConclusionKey } from './conclusion.js'

/** A conclusion for its row; content null if the group is no more. */
export interface KeptRow extends ConclusionKey {
  readonly digest: string
  readonly content: Buffer | null
}

/** The newest revision, and whether its conclusions are kept. */
export async function findNewest(database: Database): Promise<(DataRevision & { readonly isKept: boolean }) | null> {
  const [newest] = await rows<DataRevision & { readonly isKept: boolean }>(
    database,
    sql`SELECT id, revision, conclusions_kept_at IS NOT NULL AS "isKept" FROM data_revision ORDER BY id DESC LIMIT 1`,
  )
  return newest ?? null
}

/** The newest revision up to one whose conclusions are kept; null if there is none. */
export async function findKeptUpTo(database: Database, key: number): Promise<{ id: number; engineVersion: string } | null> {
  const [found] = await rows<{ id: number; engineVersion: string }>(
    database,
    sql`SELECT id, engine_version AS "engineVersion" FROM data_revision WHERE id <= ${key} AND conclusions_kept_at IS NOT NULL ORDER BY id DESC LIMIT 1`,
  )
  return found ?? null
}

/** The oldest revision whose conclusions are kept. */
export async function findOldestKept(database: Database): Promise<string | null> {
  const [found] = await rows<{ revision: string }>(database, sql`SELECT revision FROM data_revision WHERE conclusions_kept_at IS NOT NULL ORDER BY id LIMIT 1`)
  return found?.revision ?? null
}

/** Effects of each condition, by its key. */
export function countEffects(database: Database): Promise<{ key: number; effects: number }[]> {
  return rows(database, sql`SELECT condition_id AS key, count(*)::int AS effects FROM evidence_row GROUP BY condition_id ORDER BY condition_id`)
}

/**
 * Writes the conclusions that differ from those kept last, and that they are those of the revision.
 *
 * @returns false, with nothing written, if another revision has come
 */
export function keepRows(database: Database, { id }: DataRevision, kept: readonly KeptRow[]): Promise<boolean> {
  return inTransaction(database, async (transaction) => {
    const [newest] = await rows<{ id: number }>(transaction, sql`SELECT max(id) AS id FROM data_revision`)
    if (newest?.id !== id) return false
    const column = <Value>(of: (row: KeptRow) => Value) => kept.map(of)
    await rows(
      transaction,
      sql`
      WITH now AS (
        SELECT * FROM unnest(
          ${column(({ condition }) => condition)}::text[], ${column(({ outcome }) => outcome)}::text[], ${column(({ comparison }) => comparison)}::text[],
          ${column(({ evidenceClass }) => evidenceClass)}::text[], ${column(({ digest }) => digest)}::text[], ${column(({ content }) => content)}::bytea[]
        ) AS given (condition, outcome, comparison, evidence_class, digest, content)
      ), last AS (
        SELECT DISTINCT ON (condition, outcome, comparison, evidence_class) condition, outcome, comparison, evidence_class, digest
        FROM kept_conclusion ORDER BY condition, outcome, comparison, evidence_class, revision_id DESC
      )
      INSERT INTO kept_conclusion (revision_id, condition, outcome, comparison, evidence_class, digest, content)
      SELECT ${id}::int, condition, outcome, comparison, evidence_class, coalesce(now.digest, ''), now.content
      FROM now FULL JOIN last USING (condition, outcome, comparison, evidence_class)
      WHERE coalesce(now.digest, '') IS DISTINCT FROM coalesce(last.digest, '')`,
    )
    await rows(transaction, sql`UPDATE data_revision SET conclusions_kept_at = now() WHERE id = ${id}`)
    return true
  })
}

/** A conclusion at two revisions; null where there was no such group. */
export interface ConclusionPair {
  readonly key: ConclusionKey
  readonly before: Conclusion | null
  readonly after: Conclusion | null
}

export interface PairsWanted {
  /** Keys of revisions. */
  readonly from: number
  readonly to: number
  /** Slugs; null for all. */
  readonly conditions: readonly string[] | null
  /** Pairs at most, and one more by which the caller can tell that there are too many. */
  readonly limit: number
}

/** The conclusions that differ between two revisions in anything that is kept, in the order of their names. */
export async function findPairs(database: Database, { from, to, conditions, limit }: PairsWanted): Promise<ConclusionPair[]> {
  const found = await rows<ConclusionKey & { before: Buffer | null; after: Buffer | null }>(
    database,
    sql`
      SELECT g.condition, g.outcome, g.comparison, g.evidence_class AS "evidenceClass", b.content AS before, a.content AS after
      FROM (SELECT DISTINCT condition, outcome, comparison, evidence_class FROM kept_conclusion WHERE revision_id > ${from} AND revision_id <= ${to} ${conditions === null ? empty : sql`AND condition = ANY (${conditions}::text[])`}) g
      LEFT JOIN LATERAL (SELECT k.digest, k.content FROM kept_conclusion k WHERE (k.condition, k.outcome, k.comparison, k.evidence_class) = (g.condition, g.outcome, g.comparison, g.evidence_class)
        AND k.revision_id <= ${from} ORDER BY k.revision_id DESC LIMIT 1) b ON true
      LEFT JOIN LATERAL (SELECT k.digest, k.content FROM kept_conclusion k WHERE (k.condition, k.outcome, k.comparison, k.evidence_class) = (g.condition, g.outcome, g.comparison, g.evidence_class)
        AND k.revision_id <= ${to} ORDER BY k.revision_id DESC LIMIT 1) a ON true
      WHERE coalesce(a.digest, '') <> coalesce(b.digest, '')
      ORDER BY g.condition, g.outcome, g.comparison, g.evidence_class LIMIT ${limit + 1}`,
  )
  return Promise.all(
    found.map(async ({ before, after, ...key }) => ({
      key,
      before: before === null ? null : await unpacked(before),
      after: after === null ? null : await unpacked(after),
    })),
  )
}
