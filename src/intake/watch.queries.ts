import sql from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { rows, type Transaction } from '../database/query.js'

/** A search of PubMed that is asked again and again. */
export interface SavedSearch {
  readonly id: number
  readonly query: string
  /** ISO day: only records that entered PubMed then or later. */
  readonly since: string | null
  readonly addedBy: string | null
  readonly addedAt: Date
  readonly runAt: Date | null
  /** Records that it has brought already. */
  readonly seen: number
}

const searches = sql`
  SELECT s.id, s.query, s.since::text AS since, s.added_by AS "addedBy", s.added_at AS "addedAt", s.run_at AS "runAt",
    (SELECT count(*)::int FROM saved_search_record r WHERE r.search_id = s.id) AS seen
  FROM saved_search s`

export const findSearches = (database: Database): Promise<SavedSearch[]> => rows(database, sql`${searches} ORDER BY s.id`)

/** @returns null if the query is saved already */
export async function saveSearch(
  database: Database,
  { query, since, addedBy }: { readonly query: string; readonly since: string | null; readonly addedBy: string | null },
): Promise<number | null> {
  const [saved] = await rows<{ id: number }>(
    database,
    sql`INSERT INTO saved_search (query, since, added_by) VALUES (${query}, ${since}::date, ${addedBy}) ON CONFLICT (query) DO NOTHING RETURNING id`,
  )
  return saved?.id ?? null
}

/** @returns the query, or null for an unknown search */
export async function deleteSearch(database: Database, id: number): Promise<string | null> {
  const [deleted] = await rows<{ query: string }>(database, sql`DELETE FROM saved_search WHERE id = ${id} RETURNING query`)
  return deleted?.query ?? null
}

/** Those of the PMIDs that the search has not brought yet, in their order; and which of them a publication or a draft of any status has. */
export function unseenOf(database: Database, search: number, pmids: readonly string[]): Promise<{ readonly pmid: string; readonly isKnown: boolean }[]> {
  return rows(
    database,
    sql`
      SELECT asked.pmid,
        EXISTS (SELECT FROM publication p WHERE p.pmid = asked.pmid)
          OR EXISTS (SELECT FROM draft d WHERE d.kind = 'PUBLICATION' AND d.document ->> 'pmid' = asked.pmid)
          OR EXISTS (SELECT FROM draft d WHERE d.kind = 'PUBLICATION' AND d.imported ->> 'pmid' = asked.pmid) AS "isKnown"
      FROM unnest(${[...pmids]}::text[]) WITH ORDINALITY AS asked (pmid, place)
      WHERE NOT EXISTS (SELECT FROM saved_search_record r WHERE r.search_id = ${search} AND r.pmid = asked.pmid)
      ORDER BY asked.place`,
  )
}

/** Notes what the search has brought. Of a search that was removed meanwhile nothing is noted. */
export async function noteSeen(transaction: Database | Transaction, search: number, pmids: readonly string[]): Promise<void> {
  await rows(
    transaction,
    sql`
      INSERT INTO saved_search_record (search_id, pmid)
      SELECT s.id, pmid FROM saved_search s, unnest(${[...pmids]}::text[]) pmid WHERE s.id = ${search} ON CONFLICT DO NOTHING`,
  )
}

export async function noteRun(database: Database, search: number): Promise<void> {
  await rows(database, sql`UPDATE saved_search SET run_at = now() WHERE id = ${search}`)
}
