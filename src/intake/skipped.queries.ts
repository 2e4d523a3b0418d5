import { createHash } from 'node:crypto'
import sql, { empty } from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { rows, type Transaction } from '../database/query.js'
import type { Outcome } from './report.js'

/** A record that an import refused, or that differs from what is known already. */
export interface SkippedRecord {
  readonly id: number
  readonly outcome: Outcome
  /** What it is about: a slug, a title, an identifier. */
  readonly subject: string
  /** Slug of the publication or study that is known. */
  readonly known: string | null
  readonly draft: number | null
  readonly why: string
  readonly format: string
  readonly source: string
  readonly line: number | null
  readonly importedBy: string | null
  readonly importedAt: Date
}

/** Keeps what there is to know of a record; the same again takes its place, so that a daily import does not pile up. */
export async function keepSkipped(
  transaction: Transaction,
  { outcome, subject, known, draft, why, format, source, line, importedBy }: Omit<SkippedRecord, 'id' | 'importedAt'>,
): Promise<void> {
  const key = createHash('sha256')
    .update(JSON.stringify([subject, known, why]))
    .digest('hex')
  await rows(
    transaction,
    sql`
      INSERT INTO draft_skipped (key, outcome, subject, known, draft, why, format, source, line, imported_by)
      VALUES (${key}, ${outcome}, ${subject}, ${known}, ${draft}, ${why}, ${format}, ${source}, ${line}, ${importedBy})
      ON CONFLICT (key) DO UPDATE SET outcome = excluded.outcome, draft = excluded.draft, format = excluded.format, source = excluded.source,
        line = excluded.line, imported_by = excluded.imported_by, imported_at = now()`,
  )
}

export interface SkippedFilter {
  /** Those with greater ids. */
  readonly after?: number
  readonly outcome?: Outcome
  readonly sources?: readonly string[]
}

/** In the order they came in first. */
export function findSkipped(database: Database, { after, outcome, sources }: SkippedFilter, limit: number): Promise<SkippedRecord[]> {
  const where = [
    after === undefined ? empty : sql` AND id > ${after}`,
    outcome === undefined ? empty : sql` AND outcome = ${outcome}`,
    sources === undefined ? empty : sql` AND source = ANY (${sources}::text[])`,
  ]
  return rows<SkippedRecord>(
    database,
    sql`
      SELECT id, outcome, subject, known, draft, why, format, source, line, imported_by AS "importedBy", imported_at AS "importedAt"
      FROM draft_skipped WHERE true${where[0]}${where[1]}${where[2]} ORDER BY id LIMIT ${limit}`,
  )
}

/** Sources of such records, by name. */
export async function findSkippedSources(database: Database): Promise<string[]> {
  return (await rows<{ source: string }>(database, sql`SELECT DISTINCT source FROM draft_skipped ORDER BY source`)).map(({ source }) => source)
}
