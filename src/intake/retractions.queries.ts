import sql from 'sql-template-tag'
import type { PublicationEntry } from '../corpus/format.js'
import type { Database } from '../database/client.js'
import { rows, type Transaction } from '../database/query.js'

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

/** A publication of the evidence by its slug. */
export async function getCheckedPublication(transaction: Transaction, slug: string): Promise<CheckedPublication> {
  const [found] = await rows<CheckedPublication>(transaction, sql`SELECT ${columns} FROM publication p WHERE p.slug = ${slug}`)
  if (found === undefined) throw new RangeError(`no publication has the slug ${slug}`)
  return found
}

/** Open drafts of events of a publication. */
export function openEventDrafts(transaction: Transaction, slug: string): Promise<{ readonly id: number; readonly slug: string; readonly status: string }[]> {
  return rows(
    transaction,
    sql`
      SELECT id, slug, document #>> '{event,status}' AS status FROM draft
      WHERE kind = 'STATUS_EVENT' AND status = 'DRAFT' AND document ->> 'publication' = ${slug} ORDER BY id`,
  )
}

export async function countPublicationsToCheck(database: Database): Promise<number> {
  const [counted] = await rows<{ count: number }>(database, sql`SELECT count(*)::int AS count FROM publication WHERE doi IS NOT NULL OR pmid IS NOT NULL`)
  return counted?.count ?? 0
}
