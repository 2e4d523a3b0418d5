import DataLoader from 'dataloader'
import sql, { join, type Sql } from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { rows } from '../database/query.js'
import type { AbsentReason, IntervalKind } from '../generated/prisma/enums.js'
import type { Context } from '../graphql/context.js'
import { readPage, type Page, type PagePlan } from '../graphql/keyset.js'
import { encodeId } from '../graphql/nodeId.js'
import { groupBy } from '../grouping.js'
import type { Provenance } from '../study/study.js'
import type { ConditionTerm, FormTerm, InstrumentTerm, OutcomeTerm, Vocabulary } from '../vocabulary/vocabulary.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { asShown, type EffectSizeRecord } from './evidence.js'

interface PooledResultRow extends Omit<EffectSizeRecord, 'unit'> {
  readonly slug: string
  readonly studyKey: number
  readonly conditionKey: number
  readonly formKey: number | null
  readonly outcomeKey: number
  readonly instrumentKey: number | null
  readonly name: string
  readonly k: number | null
  readonly participants: number | null
  readonly model: string | null
  readonly tau2: number | null
  readonly i2: number | null
  readonly subgroup: string | null
  readonly printed: unknown
  readonly absentReason: AbsentReason | null
  readonly note: string | null
  readonly decimals: number | null
  readonly intervalKind: IntervalKind
  readonly comparator: string | null
  readonly provenance: Provenance
}

export interface PooledResultRecord extends Omit<PooledResultRow, keyof EffectSizeRecord> {
  readonly id: string
  readonly condition: ConditionTerm
  readonly form: FormTerm | null
  readonly outcome: OutcomeTerm
  readonly instrument: InstrumentTerm | null
  readonly effect: EffectSizeRecord
}

const columns = sql`
  r.slug, r.study_id AS "studyKey", r.condition_id AS "conditionKey", r.form_id AS "formKey", r.outcome_id AS "outcomeKey", r.instrument_id AS "instrumentKey", r.name, r.k, r.participants,
  r.model, r.tau2, r.i2, r.subgroup, r.printed, r.decimals, r.interval_kind AS "intervalKind", r.comparator, r.absent_reason AS "absentReason", r.note, r.measure, r.analysis_scale AS "analysisScale", r.estimate, r.standard_error AS "standardError",
  r.ci_lower AS "ciLower", r.ci_upper AS "ciUpper", r.ci_level AS "ciLevel", r.p_value AS "pValue", r.p_value_operator AS "pValueOperator",
  json_build_object('source', src.source, 'locator', src.locator, 'recordedAt', src.recorded_at, 'note', src.note) AS provenance`
const tables = sql`pooled_result r JOIN study_row s ON s.study_id = r.study_id JOIN source src ON src.id = r.source_id`

function pooledResultRecord(
  { measure, analysisScale, estimate, standardError, ciLower, ciUpper, ciLevel, pValue, pValueOperator, ...row }: PooledResultRow,
  vocabulary: Vocabulary,
): PooledResultRecord {
  const instrument = row.instrumentKey === null ? null : vocabulary.instruments.get(row.instrumentKey)
  return {
    ...row,
    id: encodeId('PooledResult', row.slug),
    condition: vocabulary.conditions.get(row.conditionKey),
    form: row.formKey === null ? null : vocabulary.forms.get(row.formKey),
    outcome: vocabulary.outcomes.get(row.outcomeKey),
    instrument,
    effect: asShown({ measure, analysisScale, estimate, standardError, ciLower, ciUpper, ciLevel, pValue, pValueOperator, unit: instrument?.unit ?? null }),
  }
}

const both = (predicates: readonly Sql[]) => (predicates.length === 0 ? sql`true` : join(predicates, ' AND '))

export async function findPooledResultPage(context: Context, wanted: readonly Sql[], plan: PagePlan): Promise<Page<PooledResultRecord>> {
  const vocabulary = await vocabularyOf(context)
  const found = await rows<PooledResultRow>(
    context.database,
    sql`SELECT ${columns}, ${plan.keys} FROM ${tables} WHERE ${both(wanted)} AND ${plan.bounds} ORDER BY ${plan.orderBy} LIMIT ${plan.limit}`,
  )
  const page = readPage(plan, found)
  return { ...page, rows: page.rows.map((row) => pooledResultRecord(row, vocabulary)) }
}

/** All that fulfil the predicates, in no order: for what is told of them together. */
export async function findPooledResults(context: Context, wanted: readonly Sql[]): Promise<PooledResultRecord[]> {
  const vocabulary = await vocabularyOf(context)
  const found = await rows<PooledResultRow>(context.database, sql`SELECT ${columns} FROM ${tables} WHERE ${both(wanted)} ORDER BY r.id`)
  return found.map((row) => pooledResultRecord(row, vocabulary))
}

export async function countPooledResults(database: Database, wanted: readonly Sql[]): Promise<number> {
  const [counted] = await rows<{ count: number }>(database, sql`SELECT count(*)::int AS count FROM ${tables} WHERE ${both(wanted)}`)
  return counted?.count ?? 0
}

export async function findPooledResultsBySlug(context: Context, slugs: readonly string[]): Promise<(PooledResultRecord | null)[]> {
  const vocabulary = await vocabularyOf(context)
  const found = await rows<PooledResultRow>(context.database, sql`SELECT ${columns} FROM ${tables} WHERE r.slug = ANY (${slugs}::text[])`)
  const bySlug = new Map(found.map((row) => [row.slug, pooledResultRecord(row, vocabulary)]))
  return slugs.map((slug) => bySlug.get(slug) ?? null)
}

/** The pooled estimates that each review reports, in one statement a request. */
export function pooledResultsOfStudy(context: Context): DataLoader<number, PooledResultRecord[]> {
  return new DataLoader(async (studyKeys) => {
    const vocabulary = await vocabularyOf(context)
    const found = groupBy(
      await rows<PooledResultRow>(context.database, sql`SELECT ${columns} FROM ${tables} WHERE r.study_id = ANY (${studyKeys}::int[]) ORDER BY r.id`),
      (row) => row.studyKey,
    )
    return studyKeys.map((key) => (found.get(key) ?? []).map((row) => pooledResultRecord(row, vocabulary)))
  })
}
