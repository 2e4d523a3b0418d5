import sql from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { rows } from '../database/query.js'
import type { DataRevision } from '../graphql/context.js'

/** The newest import that changed something; an empty database has the revision "empty". */
export async function findDataRevision(database: Database): Promise<DataRevision> {
  const [newest] = await rows<DataRevision>(database, sql`SELECT id, revision FROM data_revision ORDER BY id DESC LIMIT 1`)
  return newest ?? { id: 0, revision: 'empty' }
}

export interface DatasetFacts {
  readonly engineVersion: string
  readonly importedAt: Date
  readonly counts: Readonly<Record<string, number>>
  readonly effectsWithoutEstimate: number
  readonly effectsWithoutStandardError: number
  readonly incoherentEffects: number
  readonly inferredCountries: number
  readonly ambiguousDoses: number
  /** Slugs of studies whose main report has no DOI, PMID or PMCID. */
  readonly studiesWithoutIdentifier: readonly string[]
}

/** What the data hold, and what a reader should know is missing in them. */
export async function findDatasetFacts(database: Database): Promise<DatasetFacts | null> {
  const [facts] = await rows<DatasetFacts>(
    database,
    sql`
      SELECT d.engine_version AS "engineVersion", d.created_at AS "importedAt", d.counts,
        (SELECT count(*) FROM evidence_row WHERE estimate IS NULL)::int AS "effectsWithoutEstimate",
        (SELECT count(*) FROM evidence_row WHERE estimate IS NOT NULL AND standard_error IS NULL)::int AS "effectsWithoutStandardError",
        (SELECT count(*) FROM evidence_row WHERE coherence IN ('WARN', 'FAIL'))::int AS "incoherentEffects",
        (SELECT count(*) FROM study WHERE countries_inferred)::int AS "inferredCountries",
        (SELECT count(*) FROM dose WHERE elemental_mg_per_day_low < elemental_mg_per_day_high)::int AS "ambiguousDoses",
        coalesce((
          SELECT array_agg(s.slug ORDER BY s.slug) FROM study s JOIN study_publication sp ON sp.study_id = s.id AND sp.position = 0 JOIN publication p ON p.id = sp.publication_id
          WHERE p.doi IS NULL AND p.pmid IS NULL AND p.pmcid IS NULL
        ), '{}') AS "studiesWithoutIdentifier"
      FROM data_revision d ORDER BY d.id DESC LIMIT 1`,
  )
  return facts ?? null
}
