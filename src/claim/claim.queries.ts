import DataLoader from 'dataloader'
import sql, { join, type Sql } from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { rows } from '../database/query.js'
import type { ClaimTopic, ClaimVerdict, Stance } from '../generated/prisma/enums.js'
import type { Context } from '../graphql/context.js'
import { readPage, type Page, type PagePlan } from '../graphql/keyset.js'
import { encodeId } from '../graphql/nodeId.js'
import { groupBy } from '../grouping.js'
import type { ConditionTerm, FormTerm, OutcomeTerm, Vocabulary } from '../vocabulary/vocabulary.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'

interface ClaimRow {
  readonly key: number
  readonly slug: string
  readonly section: string
  readonly statement: string
  readonly topic: ClaimTopic
  readonly stated: readonly unknown[]
  readonly verdict: ClaimVerdict
  readonly explanation: string
  readonly source: {
    readonly slug: string
    readonly title: string
    readonly authors: readonly string[]
    readonly publishedOn: string | null
    readonly dateNote: string | null
    readonly kind: string
    readonly language: string
  }
  readonly formKeys: readonly number[]
  readonly conditionKeys: readonly number[]
  readonly outcomeKeys: readonly number[]
  readonly citationKeys: readonly number[]
  readonly findings: readonly FindingRecord[]
}

export interface FindingRecord {
  readonly studyKey: number | null
  readonly resultKey: number | null
  readonly stance: Stance
  readonly note: string
}

export interface ClaimRecord extends Omit<ClaimRow, 'source'> {
  readonly id: string
  readonly source: ClaimRow['source'] & { readonly id: string }
  readonly forms: readonly FormTerm[]
  readonly conditions: readonly ConditionTerm[]
  readonly outcomes: readonly OutcomeTerm[]
}

/** A claim with all it names: a few hundred rows at most, so that one statement may carry everything. */
const columns = sql`
  c.id AS key, c.slug, c.section, c.statement, c.topic, c.stated, c.verdict, c.explanation,
  (SELECT json_build_object('slug', d.slug, 'title', d.title, 'authors', d.authors, 'publishedOn', d.published_on, 'dateNote', d.date_note, 'kind', d.kind, 'language', d.language) FROM source_document d WHERE d.id = c.document_id) AS source,
  ARRAY(SELECT form_id FROM claim_form WHERE claim_id = c.id ORDER BY form_id) AS "formKeys",
  ARRAY(SELECT condition_id FROM claim_condition WHERE claim_id = c.id ORDER BY condition_id) AS "conditionKeys",
  ARRAY(SELECT outcome_id FROM claim_outcome WHERE claim_id = c.id ORDER BY outcome_id) AS "outcomeKeys",
  ARRAY(SELECT study_id FROM claim_citation WHERE claim_id = c.id ORDER BY position) AS "citationKeys",
  coalesce((SELECT json_agg(json_build_object('studyKey', f.study_id, 'resultKey', f.result_id, 'stance', f.stance, 'note', f.note) ORDER BY f.position) FROM claim_finding f WHERE f.claim_id = c.id), '[]') AS findings`

function claimRecord(row: ClaimRow, { conditions, forms, outcomes }: Vocabulary): ClaimRecord {
  return {
    ...row,
    id: encodeId('Claim', row.slug),
    source: { ...row.source, id: encodeId('SourceDocument', row.source.slug) },
    forms: row.formKeys.map((key) => forms.get(key)),
    conditions: row.conditionKeys.map((key) => conditions.get(key)),
    outcomes: row.outcomeKeys.map((key) => outcomes.get(key)),
  }
}

const all = (predicates: readonly Sql[]) => (predicates.length === 0 ? sql`true` : join(predicates, ' AND '))

export async function findClaimPage(context: Context, wanted: readonly Sql[], plan: PagePlan): Promise<Page<ClaimRecord>> {
  const vocabulary = await vocabularyOf(context)
  const page = readPage(
    plan,
    await rows<ClaimRow>(
      context.database,
      sql`SELECT ${columns}, ${plan.keys} FROM claim c WHERE ${all(wanted)} AND ${plan.bounds} ORDER BY ${plan.orderBy} LIMIT ${plan.limit}`,
    ),
  )
  return { ...page, rows: page.rows.map((row) => claimRecord(row, vocabulary)) }
}

export async function countClaims(database: Database, wanted: readonly Sql[]): Promise<number> {
  const [counted] = await rows<{ count: number }>(database, sql`SELECT count(*)::int AS count FROM claim c WHERE ${all(wanted)}`)
  return counted?.count ?? 0
}

export async function findClaimsBySlug(context: Context, slugs: readonly string[]): Promise<(ClaimRecord | null)[]> {
  const vocabulary = await vocabularyOf(context)
  const found = await rows<ClaimRow>(context.database, sql`SELECT ${columns} FROM claim c WHERE c.slug = ANY (${slugs}::text[])`)
  const bySlug = new Map(found.map((row) => [row.slug, claimRecord(row, vocabulary)]))
  return slugs.map((slug) => bySlug.get(slug) ?? null)
}

/** The claims that cite each study or are judged by it, in one statement a request. */
export function claimsOfStudy(context: Context): DataLoader<number, ClaimRecord[]> {
  return new DataLoader(async (studyKeys) => {
    const vocabulary = await vocabularyOf(context)
    const found = groupBy(
      await rows<ClaimRow & { studyKey: number }>(
        context.database,
        sql`SELECT named.study_id AS "studyKey", ${columns} FROM (
            SELECT study_id, claim_id FROM claim_citation WHERE study_id = ANY (${studyKeys}::int[])
            UNION SELECT study_id, claim_id FROM claim_finding WHERE study_id = ANY (${studyKeys}::int[])
          ) named JOIN claim c ON c.id = named.claim_id ORDER BY c.document_id, c.position`,
      ),
      (row) => row.studyKey,
    )
    return studyKeys.map((key) => (found.get(key) ?? []).map((row) => claimRecord(row, vocabulary)))
  })
}
