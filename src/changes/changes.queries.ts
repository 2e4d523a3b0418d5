import sql, { empty, join, type Sql } from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { rows } from '../database/query.js'
import { requireNames, type Nameable } from '../graphql/names.js'
import { readPage, type Page, type PagePlan, type SortKey } from '../graphql/keyset.js'
import type { ChangeKind, SubjectType } from './change.js'

/** An import that changed something. */
export interface RevisionRecord {
  readonly key: number
  readonly revision: string
  readonly importedAt: Date
  readonly release: string | null
  readonly engineVersion: string
  readonly counts: Readonly<Record<string, number>>
  readonly changeRecord: 'RECORDED' | 'EVERYTHING_ADDED' | null
  readonly conclusionsKeptAt: Date | null
}

const revisionColumns = sql`r.id AS key, r.revision, r.created_at AS "importedAt", r.release, r.engine_version AS "engineVersion", r.counts, r.change_record AS "changeRecord", r.conclusions_kept_at AS "conclusionsKeptAt"`

export const revisionOrder: SortKey[] = [{ name: 'ID', sql: sql`r.id`, type: 'integer', direction: 'DESC' }]

export async function findRevisionPage(database: Database, upTo: number, plan: PagePlan): Promise<Page<RevisionRecord>> {
  const found = await rows<RevisionRecord>(
    database,
    sql`SELECT ${revisionColumns}, ${plan.keys} FROM data_revision r WHERE r.id <= ${upTo} AND ${plan.bounds} ORDER BY ${plan.orderBy} LIMIT ${plan.limit}`,
  )
  return readPage(plan, found)
}

export async function countRevisions(database: Database, upTo: number): Promise<number> {
  const [counted] = await rows<{ count: number }>(database, sql`SELECT count(*)::int AS count FROM data_revision WHERE id <= ${upTo}`)
  return counted?.count ?? 0
}

/** Revisions of a time, newest first. */
export function findRevisionsBetween(database: Database, { since, after, upTo }: Omit<ChangesWanted, 'conditions'>): Promise<RevisionRecord[]> {
  return rows(
    database,
    sql`SELECT ${revisionColumns} FROM data_revision r WHERE r.id > ${after} AND r.id <= ${upTo} ${since === null ? empty : sql`AND r.created_at >= ${since}`} ORDER BY r.id DESC`,
  )
}

export async function findOldestRevision(database: Database): Promise<RevisionRecord | null> {
  const [oldest] = await rows<RevisionRecord>(database, sql`SELECT ${revisionColumns} FROM data_revision r ORDER BY r.id LIMIT 1`)
  return oldest ?? null
}

/** Fewer characters of a fingerprint name no revision: `dataset.citation` shows as many. */
export const shortestRevision = 12

const isNamed = (ref: Sql) => sql`revision = ${ref} OR (length(${ref}) >= ${shortestRevision}::int AND starts_with(revision, ${ref}))`

const revisions: Nameable = {
  noun: 'revision',
  reason: 'UNKNOWN_REVISION',
  read: (ref) => ref.trim().toLowerCase(),
  names: sql`SELECT revision AS name FROM data_revision`,
  having: sql`SELECT FROM data_revision WHERE ${isNamed(sql`asked.ref`)}`,
}

/** The newest revision with a fingerprint, or with the beginning of one. @throws {PublicError} UNKNOWN_REVISION */
export async function getRevision(database: Database, ref: string, argument: string): Promise<RevisionRecord> {
  await requireNames(database, [{ nameable: revisions, argument, ref }])
  const name = ref.trim().toLowerCase()
  const [found] = await rows<RevisionRecord>(
    database,
    sql`SELECT ${revisionColumns} FROM data_revision r WHERE ${isNamed(sql`${name}::text`)} ORDER BY r.id DESC LIMIT 1`,
  )
  if (found === undefined) throw new RangeError(`the revision ${name} is there and cannot be read`)
  return found
}

/** What a revision changed of one subject. */
export interface ChangeRecord {
  readonly key: number
  readonly kind: ChangeKind
  readonly at: Date
  readonly revision: string
  readonly revisionKey: number
  readonly subjectType: SubjectType | null
  readonly subjectSlug: string | null
  /** Slug of the study that it belongs to, of studies and publications. */
  readonly study: string | null
  readonly what: readonly string[]
}

/** Which changes. */
export interface ChangesWanted {
  readonly since: Date | null
  /** Keys of revisions: changes after the one, up to the other. */
  readonly after: number
  readonly upTo: number
  /** Slugs; null for all. */
  readonly conditions: readonly string[] | null
}

const predicates = ({ since, after, upTo, conditions }: ChangesWanted): Sql =>
  join(
    [
      sql`c.revision_id > ${after} AND c.revision_id <= ${upTo}`,
      ...(since === null ? [] : [sql`r.created_at >= ${since}`]),
      // The first import added what there was of every condition.
      ...(conditions === null ? [] : [sql`(c.conditions && ${conditions}::text[] OR c.conditions IS NULL)`]),
    ],
    ' AND ',
  )

const changeTables = sql`data_change c JOIN data_revision r ON r.id = c.revision_id`

/** Of the newest import first; of one import, in the order of the corpus. */
export const changeOrder: SortKey[] = [{ name: 'ID', sql: sql`c.id`, type: 'integer', direction: 'DESC' }]

const changeColumns = sql`c.id AS key, c.kind, r.created_at AS at, r.revision, r.id AS "revisionKey", c.subject_type AS "subjectType", c.subject_slug AS "subjectSlug", c.study, c.what`

export async function findChangePage(database: Database, wanted: ChangesWanted, plan: PagePlan): Promise<Page<ChangeRecord>> {
  const found = await rows<ChangeRecord>(
    database,
    sql`SELECT ${changeColumns}, ${plan.keys} FROM ${changeTables} WHERE ${predicates(wanted)} AND ${plan.bounds} ORDER BY ${plan.orderBy} LIMIT ${plan.limit}`,
  )
  return readPage(plan, found)
}

export async function countChanges(database: Database, wanted: ChangesWanted): Promise<number> {
  const [counted] = await rows<{ count: number }>(database, sql`SELECT count(*)::int AS count FROM ${changeTables} WHERE ${predicates(wanted)}`)
  return counted?.count ?? 0
}

/** Changes between two revisions that may have moved a pool: of studies and publications, and of terms that say how numbers are read. */
export function findRelevantChanges(database: Database, { after, upTo }: Pick<ChangesWanted, 'after' | 'upTo'>): Promise<ChangeRecord[]> {
  return rows(
    database,
    sql`SELECT ${changeColumns} FROM ${changeTables} WHERE c.revision_id > ${after} AND c.revision_id <= ${upTo}
      AND (c.study IS NOT NULL OR c.kind = 'CHANGED' AND c.subject_type IN ('Outcome', 'Instrument', 'MagnesiumForm', 'Treatment')) ORDER BY c.id DESC`,
  )
}
