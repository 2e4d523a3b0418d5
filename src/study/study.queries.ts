import DataLoader from 'dataloader'
import { LRUCache } from 'lru-cache'
import sql, { join, type Sql } from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { rows } from '../database/query.js'
import type { Context } from '../graphql/context.js'
import { readPage, type Page, type PagePlan } from '../graphql/keyset.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import type { Identifier } from './identifiers.js'
import { studyRecord, type StudyDocument, type StudyRecord } from './study.js'

/** Studies kept in memory under a data revision: the most recently shown ones. */
const studiesKept = 5_000

const studyCache = () => new LRUCache<number, StudyRecord>({ max: studiesKept })

/** The studies of some keys, in one statement a request however many fields ask; null where a key is unknown. */
export function studyLoader(context: Context): DataLoader<number, StudyRecord | null> {
  const cache = context.perRevision(studyCache)
  return new DataLoader(async (keys) => {
    const missing = keys.filter((key) => !cache.has(key))
    const read = missing.length === 0 ? new Map<number, StudyRecord>() : await readStudies(context, missing)
    for (const [key, study] of read) cache.set(key, study)
    return keys.map((key) => read.get(key) ?? cache.get(key) ?? null)
  })
}

/** Studies by their keys, for who reads many of them once: none is kept in memory, nor takes the place of one that is. */
export async function readStudies(context: Context, keys: readonly number[]): Promise<ReadonlyMap<number, StudyRecord>> {
  const vocabulary = await vocabularyOf(context)
  const found = await rows<{ document: StudyDocument }>(context.database, sql`SELECT document FROM study_row WHERE study_id = ANY (${keys}::int[])`)
  return new Map(found.map(({ document }) => [document.id, studyRecord(document, vocabulary)]))
}

/** A study of the data that a row points to: at once where it is in memory. @throws {RangeError} if there is none */
export function getStudy(context: Context, key: number): StudyRecord | Promise<StudyRecord> {
  return (
    context.perRevision(studyCache).get(key) ??
    context
      .perRequest(studyLoader)
      .load(key)
      .then((study) => {
        if (study === null) throw new RangeError(`no study has the key ${key}`)
        return study
      })
  )
}

/** The studies with these slugs; null where unknown, in the order asked. */
export async function findStudiesBySlug(context: Context, slugs: readonly string[]): Promise<(StudyRecord | null)[]> {
  const found = await rows<{ slug: string; key: number }>(
    context.database,
    sql`SELECT slug, study_id AS key FROM study_row WHERE slug = ANY (${slugs}::text[])`,
  )
  const keyOf = new Map(found.map(({ slug, key }) => [slug, key]))
  return loadStudies(
    context,
    slugs.map((slug) => keyOf.get(slug)),
  )
}

/** The studies that publications or registrations with these identifiers report; null where unknown, in the order asked. */
export async function findStudiesByIdentifier(context: Context, identifiers: readonly (Identifier | null)[]): Promise<(StudyRecord | null)[]> {
  const found = await rows<{ identifier: string; key: number }>(context.database, studiesIdentified(identifiers))
  const keyOf = new Map(found.map(({ identifier, key }) => [identifier, key]))
  return loadStudies(
    context,
    identifiers.map((identifier) => (identifier === null ? undefined : keyOf.get(nameOf(identifier)))),
  )
}

const nameOf = ({ kind, value }: StudyReference) => `${kind}:${value}`

/** What each identifier finds, named as `nameOf` names it. */
function studiesIdentified(identifiers: readonly (StudyReference | null)[]): Sql {
  const values = (kind: StudyReference['kind']) => identifiers.flatMap((identifier) => (identifier?.kind === kind ? [identifier.value] : []))
  // A study's own report comes before the reviews that tabulate it, and its first report before later ones.
  return sql`
    SELECT DISTINCT ON (identifier) identifier, key FROM (
      SELECT unnest(array_remove(ARRAY['doi:' || p.doi, 'pmid:' || p.pmid, 'pmcid:' || p.pmcid], NULL)) AS identifier, sp.study_id AS key, sp.position
      FROM publication p JOIN study_publication sp ON sp.publication_id = p.id AND sp.role <> 'TABULATED_IN'
      WHERE p.id IN (
        SELECT id FROM publication WHERE doi = ANY (${values('doi')}::text[])
        UNION SELECT id FROM publication WHERE pmid = ANY (${values('pmid')}::text[])
        UNION SELECT id FROM publication WHERE pmcid = ANY (${values('pmcid')}::text[]))
      UNION ALL
      SELECT 'registration:' || upper(identity), study_id, 0 FROM registration WHERE upper(identity) = ANY (${values('registration')}::text[])
      UNION ALL
      SELECT 'slug:' || slug, study_id, 0 FROM study_row WHERE slug = ANY (${values('slug')}::text[])
    ) reported ORDER BY identifier, position, key`
}

/** A study by an identifier of its reports, or by its own slug. */
export type StudyReference = Identifier | { readonly kind: 'slug'; readonly value: string }

/**
 * The studies that other graphs refer to; null where unknown, in the order asked. One statement where none is in memory, which brings their documents,
 * or where all are; a second brings those that are missing.
 */
export async function findStudiesReferred(context: Context, references: readonly (StudyReference | null)[]): Promise<(StudyRecord | null)[]> {
  const cache = context.perRevision(studyCache)
  const vocabulary = await vocabularyOf(context)
  const found = await rows<{ identifier: string; key: number; document: StudyDocument | null }>(
    context.database,
    sql`SELECT identifier, key, CASE WHEN ${cache.size === 0}::boolean THEN s.document END AS document FROM (${studiesIdentified(references)}) identified JOIN study_row s ON s.study_id = key`,
  )
  for (const { key, document } of found) if (document !== null) cache.set(key, studyRecord(document, vocabulary))
  const keyOf = new Map(found.map(({ identifier, key }) => [identifier, key]))
  return Promise.all(
    references.map((reference) => {
      const key = reference === null ? undefined : keyOf.get(nameOf(reference))
      return key === undefined ? null : getStudy(context, key)
    }),
  )
}

async function loadStudies(context: Context, keys: readonly (number | undefined)[]): Promise<(StudyRecord | null)[]> {
  const loader = context.perRequest(studyLoader)
  return Promise.all(keys.map((key) => (key === undefined ? null : loader.load(key))))
}

const partsOf = {
  publication: {
    owner: sql`SELECT p.slug, min(sp.study_id) AS key FROM publication p JOIN study_publication sp ON sp.publication_id = p.id AND sp.role <> 'TABULATED_IN'`,
    pick: ({ publications }: StudyRecord) => publications,
  },
  population: { owner: sql`SELECT p.slug, p.study_id AS key FROM population p`, pick: ({ populations }: StudyRecord) => populations },
  arm: { owner: sql`SELECT p.slug, p.study_id AS key FROM arm p`, pick: ({ arms }: StudyRecord) => arms },
  dose: {
    owner: sql`SELECT p.slug, a.study_id AS key FROM dose p JOIN arm a ON a.id = p.arm_id`,
    pick: ({ arms }: StudyRecord) => arms.flatMap(({ doses }) => doses),
  },
  risk_of_bias: { owner: sql`SELECT p.slug, p.study_id AS key FROM risk_of_bias p`, pick: ({ riskOfBias }: StudyRecord) => riskOfBias },
} as const

/** Publications, populations, arms, doses or assessments with these slugs, out of their studies; null where unknown. */
export async function findStudyParts(
  context: Context,
  part: keyof typeof partsOf,
  slugs: readonly string[],
): Promise<({ readonly id: string; readonly slug: string } | null)[]> {
  const { owner, pick } = partsOf[part]
  const found = await rows<{ slug: string; key: number }>(
    context.database,
    sql`${owner} WHERE p.slug = ANY (${slugs}::text[])${part === 'publication' ? sql` GROUP BY p.slug` : sql``}`,
  )
  const keyOf = new Map(found.map(({ slug, key }) => [slug, key]))
  const studies = await loadStudies(
    context,
    slugs.map((slug) => keyOf.get(slug)),
  )
  return slugs.map((slug, index) => {
    const study = studies[index]
    const parts: readonly { readonly id: string; readonly slug: string }[] = study == null ? [] : pick(study)
    return parts.find((candidate) => candidate.slug === slug) ?? null
  })
}

export async function findStudyPage(context: Context, where: Sql, plan: PagePlan): Promise<Page<StudyRecord>> {
  const found = await rows<{ key: number }>(
    context.database,
    sql`SELECT s.study_id AS key, ${plan.keys} FROM study_row s WHERE ${where} AND ${plan.bounds} ORDER BY ${plan.orderBy} LIMIT ${plan.limit}`,
  )
  const page = readPage(plan, found)
  const loader = context.perRequest(studyLoader)
  const studies = await Promise.all(page.rows.map(({ key }) => loader.load(key)))
  return { ...page, rows: studies.filter((study) => study !== null) }
}

export async function countStudies(database: Database, where: Sql): Promise<number> {
  const [counted] = await rows<{ count: number }>(database, sql`SELECT count(*)::int AS count FROM study_row s WHERE ${where}`)
  return counted?.count ?? 0
}

/** The keys of the studies that publications or registrations with these identifiers report or tabulate, as SQL. */
export function studiesReportedBy(identifiers: readonly Identifier[]): Sql {
  const values = (kind: Identifier['kind']) => identifiers.flatMap((identifier) => (identifier.kind === kind ? [identifier.value] : []))
  const matches = [
    ...(['doi', 'pmid', 'pmcid'] as const).flatMap((kind) =>
      values(kind).length === 0
        ? []
        : [
            sql`SELECT sp.study_id FROM study_publication sp JOIN publication p ON p.id = sp.publication_id WHERE ${columnOf[kind]} = ANY (${values(kind)}::text[])`,
          ],
    ),
    ...(values('registration').length === 0 ? [] : [sql`SELECT study_id FROM registration WHERE upper(identity) = ANY (${values('registration')}::text[])`]),
  ]
  return join(matches, ' UNION ')
}

const columnOf = { doi: sql`p.doi`, pmid: sql`p.pmid`, pmcid: sql`p.pmcid` } as const
