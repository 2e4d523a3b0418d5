import sql from 'sql-template-tag'
import type { PublicationEntry } from '../corpus/format.js'
import type { Database } from '../database/client.js'
import { rows } from '../database/query.js'

/** A publication of the database as far as sources are asked about it. */
export interface CheckedPublication {
  readonly slug: string
  readonly doi: string | null
  readonly pmid: string | null
  /** What is known to have happened to it. */
  readonly events: readonly { readonly status: PublicationEntry['statusEvents'][number]['status']; /** YYYY-MM-DD */ readonly date: string | null }[]
}

const columns = sql`
  p.slug, p.doi, p.pmid,
  coalesce((
    SELECT json_agg(json_build_object('status', event.status, 'date', event.occurred_on) ORDER BY event.position)
    FROM publication_status_event event WHERE event.publication_id = p.id
  ), '[]') AS events`

/** The publications with a DOI or PMID after a slug, in their order. */
export function publicationsAfter(database: Database, slug: string, limit: number): Promise<CheckedPublication[]> {
  return rows<CheckedPublication>(
    database,
    sql`SELECT ${columns} FROM publication p WHERE (p.doi IS NOT NULL OR p.pmid IS NOT NULL) AND p.slug > ${slug} ORDER BY p.slug LIMIT ${limit}`,
  )
}

/** The publications with one of these DOIs or PMIDs. */
export function publicationsIdentified(database: Database, dois: readonly string[], pmids: readonly string[]): Promise<CheckedPublication[]> {
  return rows<CheckedPublication>(
    database,
    sql`SELECT ${columns} FROM publication p WHERE p.doi = ANY (${dois}::text[]) OR p.pmid = ANY (${pmids}::text[]) ORDER BY p.slug`,
  )
}

export async function countPublicationsToCheck(database: Database): Promise<number> {
  const [counted] = await rows<{ count: number }>(database, sql`SELECT count(*)::int AS count FROM publication WHERE doi IS NOT NULL OR pmid IS NOT NULL`)
  return counted?.count ?? 0
}
