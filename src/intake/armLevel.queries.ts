import sql, { raw } from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { rows, type Transaction } from '../database/query.js'
import { termsOfKind, type TermKind, type Vocabulary } from '../vocabulary/vocabulary.js'
import type { ArmLevelRow } from './armLevel.columns.js'
import { isEmptyWord } from '../spreadsheet.js'
import { mostFaults, type RowFault } from './bulk.records.js'
import { unknownWordRule, unknownWords } from './terms.js'

const termColumns = [
  { column: 'condition', kind: 'CONDITION' },
  { column: 'form', kind: 'FORM' },
  { column: 'outcome', kind: 'OUTCOME' },
  { column: 'instrument', kind: 'INSTRUMENT' },
] as const satisfies readonly { column: keyof ArmLevelRow; kind: TermKind }[]

/** Words that name no term, where they stand, with the nearest terms. Each word is looked up once, as the API does. */
export async function faultsOfTerms(database: Database, transaction: Transaction, vocabulary: Vocabulary): Promise<RowFault[]> {
  const faults: RowFault[] = []
  for (const { column, kind } of termColumns) {
    const terms = termsOfKind(vocabulary, kind)
    const unknown: string[] = []
    const distinct = `SELECT DISTINCT "${column}" AS word FROM arm_level_row WHERE btrim("${column}") <> ''`
    for await (const words of batches<{ word: string }>(transaction, distinct)) {
      unknown.push(...words.flatMap(({ word }) => (terms.find(word) === undefined && !isEmptyWord(word) ? [word] : [])))
      if (unknown.length > mostFaults) break
    }
    if (unknown.length === 0) continue
    const rules = new Map((await unknownWords(database, vocabulary, kind, unknown.slice(0, mostFaults))).map((word) => [word.word, unknownWordRule(word)]))
    const found = await rows<{ line: number; value: string }>(
      transaction,
      sql`SELECT line, ${raw(`"${column}"`)} AS value FROM arm_level_row WHERE ${raw(`"${column}"`)} = ANY(${[...rules.keys()]}) ORDER BY line LIMIT ${mostFaults + 1}`,
    )
    faults.push(...found.map(({ line, value }) => ({ line, column, value, rule: rules.get(value) ?? '' })))
  }
  return faults
}

/** As `readIdentifier` has it. */
const bareDoi = sql`lower(regexp_replace(btrim(max(doi)), '^(https?://(dx[.])?doi[.]org/|doi\\s*:?\\s*)', '', 'i'))`

/** After `faultsOfStudies`. */
export async function countStudies({ client }: Transaction): Promise<number> {
  const { rows: counted } = await client.query<{ count: number }>('SELECT count(*)::int AS count FROM arm_level_study')
  return counted[0]?.count ?? 0
}

/**
 * One row for each study of the file in the table arm_level_study of this transaction: its slug, and the slugs of known studies that are called
 * so or have a publication with its DOI, PMID or PMCID.
 */
async function createStudyList(transaction: Transaction): Promise<void> {
  await transaction.client.query({
    text: sql`
      CREATE TEMP TABLE arm_level_study ON COMMIT DROP AS
      WITH asked AS (
        SELECT study, replace(normalized(study), ' ', '-') AS slug, min(line) AS line, max(title) AS title, max(design) AS design, ${bareDoi} AS doi,
          substring(max(pmid) FROM '[0-9]+') AS pmid, upper(substring(max(pmcid) FROM '(?i)PMC[0-9]+')) AS pmcid
        FROM arm_level_row GROUP BY study
      ), found AS (
        SELECT asked.study, known.slug FROM asked JOIN study known USING (slug)
        UNION SELECT asked.study, known.slug FROM asked JOIN publication p ON p.doi = asked.doi
          JOIN study_publication link ON link.publication_id = p.id AND link.role <> 'TABULATED_IN' JOIN study known ON known.id = link.study_id
        UNION SELECT asked.study, known.slug FROM asked JOIN publication p ON p.pmid = asked.pmid
          JOIN study_publication link ON link.publication_id = p.id AND link.role <> 'TABULATED_IN' JOIN study known ON known.id = link.study_id
        UNION SELECT asked.study, known.slug FROM asked JOIN publication p ON p.pmcid = asked.pmcid
          JOIN study_publication link ON link.publication_id = p.id AND link.role <> 'TABULATED_IN' JOIN study known ON known.id = link.study_id
      )
      SELECT asked.*, known.slugs AS known FROM asked
      LEFT JOIN (SELECT study, array_agg(slug ORDER BY slug) AS slugs FROM found GROUP BY study) known USING (study)`.text,
  })
  await transaction.client.query('ANALYZE arm_level_study')
}

/** Studies that cannot be told apart, or from known ones, and new ones that do not say what they are. */
export async function faultsOfStudies(transaction: Transaction): Promise<RowFault[]> {
  await createStudyList(transaction)
  return rows<RowFault & { line: number }>(
    transaction,
    sql`
      SELECT s.line, fault."column", fault.value, fault.rule
      FROM (SELECT *, first_value(study) OVER same AS first_spelling, first_value(line) OVER same AS first_line,
          first_value(line) OVER (PARTITION BY known ORDER BY line) AS known_line FROM arm_level_study WINDOW same AS (PARTITION BY slug ORDER BY line)) s
      CROSS JOIN LATERAL (VALUES
        ('study', s.study, 'must have letters from a to z or digits, as its slug is made of them', s.slug !~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
        ('study', s.study, 'must be spelt in one way; line ' || s.first_line || ' has ' || to_json(s.first_spelling)::text, s.study <> s.first_spelling),
        ('study', s.study, 'must be one study, and its identifiers are of several: ' || array_to_string(s.known, ', '), cardinality(s.known) > 1),
        ('study', s.study, 'must be another study than that of line ' || s.known_line || ': both are the known study ' || s.known[1],
          cardinality(s.known) = 1 AND s.known_line <> s.line AND s.study = s.first_spelling),
        ('title', NULL, 'must be given for a new study, and no known one has its slug, DOI, PMID or PMCID', s.known IS NULL AND s.title IS NULL),
        ('design', NULL, 'must be given for a new study', s.known IS NULL AND s.design IS NULL)
      ) AS fault("column", value, rule, is_broken)
      WHERE fault.is_broken ORDER BY s.line LIMIT ${mostFaults + 1}`,
  )
}

export interface StudyInRows {
  readonly slug: string
  /** Slug of the known study that it is; null for a new one. */
  readonly known: string | null
  readonly rows: readonly ArmLevelRow[]
}

/** The studies of the file with their rows in the file's order, one study after another. */
export async function* studiesInRows(transaction: Transaction): AsyncGenerator<StudyInRows> {
  let study: { slug: string; known: string | null; rows: ArmLevelRow[] } | undefined
  const inOrder = `SELECT s.slug AS study_slug, s.known[1] AS known_slug, r.* FROM arm_level_row r JOIN arm_level_study s USING (study) ORDER BY s.slug COLLATE "C", r.line`
  for await (const batch of batches<ArmLevelRow & { study_slug: string; known_slug: string | null }>(transaction, inOrder)) {
    for (const { study_slug: slug, known_slug: known, ...row } of batch) {
      if (study?.slug !== slug) {
        if (study !== undefined) yield study
        study = { slug, known, rows: [] }
      }
      study.rows.push(row)
    }
  }
  if (study !== undefined) yield study
}

/** The rows of a statement of ours, some at a time, inside the transaction. */
async function* batches<Row extends object>({ client }: Transaction, statement: string): AsyncGenerator<Row[]> {
  await client.query(`DECLARE arm_level_batches NO SCROLL CURSOR FOR ${statement}`)
  try {
    for (;;) {
      const { rows: batch } = await client.query<Row>('FETCH 1000 FROM arm_level_batches')
      if (batch.length > 0) yield batch
      if (batch.length < 1_000) return
    }
  } finally {
    // Where the transaction has failed the cursor is gone with it.
    await client.query('CLOSE arm_level_batches').catch(() => undefined)
  }
}
