import sql from 'sql-template-tag'
import type { StudyEntry } from '../corpus/format.js'
import type { Database } from '../database/client.js'
import { rows } from '../database/query.js'

export interface KnownTrial {
  /** Slug of the study. */
  readonly study: string
  /** The registry id, PMID or DOI by which it is known. */
  readonly by: string
}

/** The study of the database that has one of the trial's registry ids, or one of whose reports is a report of the trial. */
export async function findKnownTrial(database: Database, { slug, registrations, publications }: StudyEntry): Promise<KnownTrial | null> {
  const reports = publications.filter((entry) => 'slug' in entry)
  const [known] = await rows<KnownTrial>(
    database,
    sql`
      SELECT study, by FROM (
        SELECT s.slug AS study, g.identity AS by, 0 AS preference
        FROM registration g JOIN study s ON s.id = g.study_id WHERE upper(g.identity) = ANY (${registrations.map((id) => id.toUpperCase())}::text[])
        UNION ALL
        SELECT s.slug, CASE WHEN p.pmid = ANY (${reports.flatMap(({ pmid }) => pmid ?? [])}::text[]) THEN 'PMID ' || p.pmid ELSE p.doi END, 1
        FROM publication p JOIN study_publication sp ON sp.publication_id = p.id AND sp.role <> 'TABULATED_IN' JOIN study s ON s.id = sp.study_id
        WHERE p.pmid = ANY (${reports.flatMap(({ pmid }) => pmid ?? [])}::text[]) OR p.doi = ANY (${reports.flatMap(({ doi }) => doi?.toLowerCase() ?? [])}::text[])
      ) known WHERE study <> ${slug} ORDER BY preference, study LIMIT 1`,
  )
  return known ?? null
}
