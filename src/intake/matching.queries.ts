import sql from 'sql-template-tag'
import { rows, type Transaction } from '../database/query.js'
import type { Reference } from '../references/reference.js'
import type { Candidate } from './matching.js'

/** Titles that share fewer trigrams are not looked at. */
const similarityLimit = 0.6

/**
 * Publications of the evidence, and of open drafts that would make new ones, that share an identifier with a reference or have a title like its own.
 * One statement; the drafts kept before in the same transaction are among them.
 *
 * @param slug that a draft of the same record would have
 */
export function findCandidates(
  transaction: Transaction,
  { title, doi, pmid, pmcid }: Pick<Reference, 'title' | 'doi' | 'pmid' | 'pmcid'>,
  slug: string,
): Promise<Candidate[]> {
  return rows<Candidate>(
    transaction,
    sql`
      WITH asked AS MATERIALIZED (SELECT normalized(${title}::text) AS title, set_config('pg_trgm.similarity_threshold', ${String(similarityLimit)}::text, true)),
      found AS (
        SELECT p.slug, NULL::int AS draft, p.title, p.doi, p.pmid, p.pmcid, p.year, similarity(normalized(p.title), asked.title)::double precision AS similarity,
          p.title_as_published AS "titleAsPublished", NULL::json AS record,
          (SELECT coalesce(a.family, a.corporate) FROM publication_author a WHERE a.publication_id = p.id ORDER BY a.position LIMIT 1) AS author
        FROM asked CROSS JOIN publication p
        WHERE p.id IN (
          SELECT id FROM publication WHERE doi = ${doi} UNION SELECT id FROM publication WHERE pmid = ${pmid} UNION SELECT id FROM publication WHERE pmcid = ${pmcid}
          UNION SELECT like_it.id FROM publication like_it WHERE normalized(like_it.title) % (SELECT asked.title FROM asked))
        UNION ALL
        SELECT d.slug, d.id, d.document ->> 'title', lower(d.document ->> 'doi'), d.document ->> 'pmid', d.document ->> 'pmcid', (d.document ->> 'year')::int,
          similarity(normalized(d.document ->> 'title'), asked.title)::double precision, true,
          json_build_object('format', d.format, 'source', d.source, 'line', d.line, 'isEarlier', d.changed_at < date_trunc('milliseconds', now())), coalesce(d.document #>> '{authors,0,family}', d.document #>> '{authors,0,corporate}')
        FROM asked CROSS JOIN draft d
        WHERE d.kind = 'PUBLICATION' AND d.status = 'DRAFT' AND d.matched IS NULL
          AND (d.slug = ${slug} OR lower(d.document ->> 'doi') = ${doi} OR d.document ->> 'pmid' = ${pmid} OR d.document ->> 'pmcid' = ${pmcid} OR normalized(d.document ->> 'title') % asked.title)
      )
      SELECT slug, draft, title, doi, pmid, pmcid, year, author, similarity, "titleAsPublished", record FROM found ORDER BY draft NULLS FIRST, similarity DESC, slug LIMIT 50`,
  )
}

/** Of these slugs, those that a publication, a study or an open draft of either has. */
export async function findTaken(transaction: Transaction, slugs: readonly string[]): Promise<Set<string>> {
  const taken = await rows<{ slug: string }>(
    transaction,
    sql`
      SELECT slug FROM publication WHERE slug = ANY (${slugs}::text[])
      UNION SELECT slug FROM study WHERE slug = ANY (${slugs}::text[])
      UNION SELECT slug FROM draft WHERE slug = ANY (${slugs}::text[]) AND status = 'DRAFT' AND kind <> 'STATUS_EVENT'`,
  )
  return new Set(taken.map(({ slug }) => slug))
}

/** What is known of a publication, as far as references can add to it. */
export interface KnownPublication {
  readonly titleAsPublished: boolean
  readonly authorsIncomplete: boolean
  readonly authorCount: number
  readonly title: string
  readonly journal: string | null
  readonly year: number | null
  /** YYYY-MM-DD */
  readonly date: string | null
  readonly volume: string | null
  readonly issue: string | null
  readonly pages: string | null
  readonly doi: string | null
  readonly pmid: string | null
  readonly pmcid: string | null
  readonly types: readonly string[]
}

export async function getKnownPublication(transaction: Transaction, slug: string): Promise<KnownPublication> {
  const [known] = await rows<KnownPublication>(
    transaction,
    sql`
      SELECT title_as_published AS "titleAsPublished", authors_incomplete AS "authorsIncomplete", title, journal, year, published_on::text AS date, volume, issue, pages, doi, pmid,
        pmcid, types, (SELECT count(*)::int FROM publication_author a WHERE a.publication_id = p.id) AS "authorCount"
      FROM publication p WHERE slug = ${slug}`,
  )
  if (known === undefined) throw new RangeError(`no publication has the slug ${slug}`)
  return known
}
