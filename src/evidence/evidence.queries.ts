import DataLoader from 'dataloader'
import sql, { empty, join, raw, type Sql } from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { rows } from '../database/query.js'
import type { Context } from '../graphql/context.js'
import { readPage, type Page, type PagePlan } from '../graphql/keyset.js'
import { groupBy } from '../grouping.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { doseBands } from './doseBands.js'
import { evidenceRecord, type EvidenceRecord, type EvidenceRow, type ResultDetail } from './evidence.js'

export const evidenceColumns = sql`
  e.id AS key, e.slug, e.effect_id AS "effectKey", e.study_id AS "studyKey", e.condition_id AS "conditionKey", e.population_id AS "populationKey", e.contrast_id AS "contrastKey",
  e.intervention_arm_id AS "interventionArmKey", e.comparator_arm_id AS "comparatorArmKey", e.form_id AS "formKey", e.outcome_id AS "outcomeKey", e.instrument_id AS "instrumentKey",
  e.timepoint_days AS "timepointDays", e.timepoint_label AS "timepointLabel", e.end_of_treatment AS "endOfTreatment", e.analysis_set AS "analysisSet", e.value_kind AS "valueKind",
  e.unit, e.adjusted, e.participants, e.standardized_benefit AS "standardizedBenefit", e.direction, e.origin, e.risk_of_bias AS "riskOfBiasLevel", e.coherence AS "coherenceStatus",
  e.absent_reason AS "absentReason", e.measure, e.analysis_scale AS "analysisScale", e.estimate, e.standard_error AS "standardError", e.ci_lower AS "ciLower", e.ci_upper AS "ciUpper",
  e.ci_level AS "ciLevel", e.p_value AS "pValue", e.p_value_operator AS "pValueOperator", e.comparison_kind AS "comparisonKind", e.comparison_key AS "comparisonKey", e.agents,
  e.combined_with AS "combinedWith", e.evidence_class AS "evidenceClass", e.exposure_metric AS "exposureMetric", e.is_primary AS "isPrimary", e.unit_of_analysis AS "unitOfAnalysis"`

/** What effects can be listed under: a study, or a condition or form with everything narrower. */
export type Owner = 'study' | 'condition' | 'form'

const belongsTo: Readonly<Record<Owner, Sql>> = {
  study: sql`e.study_id = owner.key`,
  condition: sql`e.condition_id IN (SELECT descendant_id FROM condition_closure WHERE ancestor_id = owner.key)`,
  form: sql`e.form_ids && (SELECT array_agg(descendant_id) FROM form_closure WHERE ancestor_id = owner.key)`,
}

/** The same question for each of several owners, in one statement; its rows say which `owner` they are of. */
function forEachOwner<Row extends object>(
  database: Database,
  owner: Owner,
  keys: readonly number[],
  question: (belonging: Sql) => Sql,
): Promise<(Row & { readonly owner: number })[]> {
  return rows(database, sql`SELECT owner.key AS owner, found.* FROM unnest(${keys}::int[]) owner(key) CROSS JOIN LATERAL (${question(belongsTo[owner])}) found`)
}

/** A page of no rows asks only whether there is one, which needs no order. */
const pageOf = (where: Sql, plan: PagePlan) =>
  sql`SELECT ${evidenceColumns}, ${plan.keys} FROM evidence_row e WHERE ${where} AND ${plan.bounds}${plan.size === 0 ? empty : sql` ORDER BY ${plan.orderBy}`} LIMIT ${plan.limit}`

async function pageFrom(context: Context, plan: PagePlan, found: readonly EvidenceRow[]): Promise<Page<EvidenceRecord>> {
  const vocabulary = await vocabularyOf(context)
  const page = readPage(plan, found)
  return { ...page, rows: page.rows.map((row) => evidenceRecord(row, vocabulary)) }
}

/** One page of the effects that fulfil one of several predicates, no effect two of them: one statement, whatever the page holds. */
export async function findEvidencePage(context: Context, apart: readonly Sql[], plan: PagePlan): Promise<Page<EvidenceRecord>> {
  const pages = apart.map((where) => sql`(${pageOf(where, plan)})`)
  const page = pages.length === 1 ? join(pages) : sql`SELECT * FROM (${join(pages, ' UNION ALL ')}) page ORDER BY ${plan.orderByKeys} LIMIT ${plan.limit}`
  return pageFrom(context, plan, await rows<EvidenceRow>(context.database, page))
}

/** One page of effects for each owner, in one statement for all of them. */
export async function findEvidencePages(context: Context, owner: Owner, keys: readonly number[], where: Sql, plan: PagePlan): Promise<Page<EvidenceRecord>[]> {
  const found = await forEachOwner<EvidenceRow>(context.database, owner, keys, (belonging) => pageOf(sql`${belonging} AND ${where}`, plan))
  const byOwner = groupBy(found, (row) => row.owner)
  return Promise.all(keys.map((key) => pageFrom(context, plan, byOwner.get(key) ?? [])))
}

/** The nodes of evidence with these slugs; null where unknown, in the order asked. */
export async function findEvidenceBySlug(context: Context, slugs: readonly string[]): Promise<(EvidenceRecord | null)[]> {
  const vocabulary = await vocabularyOf(context)
  const found = await rows<EvidenceRow>(context.database, sql`SELECT ${evidenceColumns} FROM evidence_row e WHERE e.slug = ANY (${slugs}::text[])`)
  const bySlug = new Map(found.map((row) => [row.slug, evidenceRecord(row, vocabulary)]))
  return slugs.map((slug) => bySlug.get(slug) ?? null)
}

/** The nodes of evidence with these keys, in one statement a request; null where unknown. */
export function evidenceLoader(context: Context): DataLoader<number, EvidenceRecord | null> {
  return new DataLoader(async (keys) => {
    const vocabulary = await vocabularyOf(context)
    const found = await rows<EvidenceRow>(context.database, sql`SELECT ${evidenceColumns} FROM evidence_row e WHERE e.id = ANY (${keys}::int[])`)
    const byKey = new Map(found.map((row) => [row.key, evidenceRecord(row, vocabulary)]))
    return keys.map((key) => byKey.get(key) ?? null)
  })
}

const countOf = (where: Sql) => sql`SELECT count(*)::int AS count FROM evidence_row e WHERE ${where}`

export async function countEvidence(database: Database, where: Sql): Promise<number> {
  const [counted] = await rows<{ count: number }>(database, countOf(where))
  return counted?.count ?? 0
}

export async function countEvidenceOf(database: Database, owner: Owner, keys: readonly number[], where: Sql): Promise<number[]> {
  const counted = await forEachOwner<{ count: number }>(database, owner, keys, (belonging) => countOf(sql`${belonging} AND ${where}`))
  return keys.map((key) => counted.find((row) => row.owner === key)?.count ?? 0)
}

/** What a facet counts by: the value of a row `e`, and the columns of it that are read. */
interface FacetSource {
  readonly columns: readonly string[]
  readonly value: Sql
  /** Rows beside `e` that give several values of one effect, each once. */
  readonly beside?: Sql
}

const inColumn = (column: string): FacetSource => ({ columns: [column], value: raw(`e.${column}`) })
const inArray = (column: string): FacetSource => ({
  columns: [column],
  value: sql`part.value`,
  beside: sql`CROSS JOIN LATERAL unnest(${raw(`e.${column}`)}) part (value)`,
})

const doseBandOf = join(
  doseBands.map(({ value, from }, index) => {
    const to = doseBands[index + 1]?.from
    return sql`WHEN e.elemental_mg_low >= ${from}::float8 AND e.elemental_mg_high ${to === undefined ? sql`IS NOT NULL` : sql`< ${to}::float8`} THEN ${value}::text`
  }),
  ' ',
)

/** Facets and what they count by. */
const facetSources = {
  conditions: inColumn('condition_id'),
  conditionsWithNarrower: {
    columns: ['condition_id'],
    value: sql`closure.ancestor_id`,
    beside: sql`JOIN condition_closure closure ON closure.descendant_id = e.condition_id`,
  },
  forms: inArray('form_ids'),
  formsWithNarrower: {
    columns: ['form_ids'],
    value: sql`broader.key`,
    beside: sql`CROSS JOIN LATERAL (SELECT DISTINCT ancestor_id AS key FROM form_closure WHERE descendant_id = ANY (e.form_ids)) broader`,
  },
  outcomes: inColumn('outcome_id'),
  designs: inColumn('design'),
  measures: inColumn('measure'),
  directions: inColumn('direction'),
  years: inColumn('year'),
  comparisons: inColumn('comparison_key'),
  evidenceClasses: inColumn('evidence_class'),
  routes: inArray('routes'),
  comparators: inColumn('comparator_role'),
  agents: inArray('agents'),
  riskOfBias: inColumn('risk_of_bias'),
  doseBands: { columns: ['elemental_mg_low', 'elemental_mg_high'], value: sql`CASE ${doseBandOf} END` },
} as const satisfies Readonly<Record<string, FacetSource>>
export type Facet = keyof typeof facetSources

export interface FacetCount {
  readonly facet: Facet
  /** A term's key or a value, as text; rows without one are not counted. */
  readonly value: string
  readonly count: number
  readonly studies: number
}

function facetsOf(where: Sql, facets: readonly Facet[]): Sql {
  const sources = facets.map((facet): FacetSource & { readonly facet: Facet } => ({ facet, ...facetSources[facet] }))
  const counts = sources.map(
    ({ facet, value, beside = empty }) => sql`(SELECT ${facet}::text AS facet, value::text AS value, sum(effects)::int AS count, count(*)::int AS studies
      FROM (SELECT ${value} AS value, e.study_id, count(*) AS effects FROM wanted e ${beside} GROUP BY 1, 2) study WHERE value IS NOT NULL GROUP BY value)`,
  )
  const selected = join([...new Set(['study_id', ...sources.flatMap(({ columns }) => columns)])].map((name) => raw(`e.${name}`)))
  return sql`WITH wanted AS MATERIALIZED (SELECT ${selected} FROM evidence_row e WHERE ${where}) ${join(counts, ' UNION ALL ')} ORDER BY facet, count DESC, value`
}

/** Effects and studies behind each value of the facets asked for, over all rows of a filter: one statement. */
export function countFacets(database: Database, where: Sql, facets: readonly Facet[]): Promise<FacetCount[]> {
  return rows(database, facetsOf(where, facets))
}

export async function countFacetsOf(database: Database, owner: Owner, keys: readonly number[], where: Sql, facets: readonly Facet[]): Promise<FacetCount[][]> {
  const counted = groupBy(
    await forEachOwner<FacetCount>(database, owner, keys, (belonging) => facetsOf(sql`${belonging} AND ${where}`, facets)),
    (row) => row.owner,
  )
  return keys.map((key) => counted.get(key) ?? [])
}

/** What stands behind the rows of a request: reports, numbers of the arms, effects and how they came about. One statement. */
export function resultDetailLoader({ database }: Context): DataLoader<number, ResultDetail> {
  return new DataLoader(async (keys) => {
    const found = await rows<{ key: number; detail: ResultDetail }>(
      database,
      sql`
        SELECT r.id AS key, json_build_object(
          'name', so.name, 'isPrimary', so.is_primary, 'covariates', r.covariates, 'note', r.note, 'responsePercent', r.response_percent,
          'overArms', CASE WHEN r.over_arms_p IS NOT NULL THEN json_build_object('arms', (SELECT json_agg(x.id ORDER BY x.position) FROM arm x WHERE x.study_id = r.study_id AND x.slug = ANY (SELECT (SELECT s.slug FROM study s WHERE s.id = r.study_id) || '/' || named FROM unnest(r.over_arms) named)), 'pValue', r.over_arms_p, 'pValueOperator', r.over_arms_p_operator) END,
          'furtherSources', coalesce((SELECT json_agg(json_build_object('source', src.source, 'locator', src.locator, 'recordedAt', src.recorded_at, 'note', src.note) ORDER BY fs.position) FROM result_source fs JOIN source src ON src.id = fs.source_id WHERE fs.result_id = r.id), '[]'),
          'exposureCategories', coalesce((SELECT json_agg(json_build_object('label', k.label, 'isReference', k.is_reference, 'dose', k.dose, 'doseUnit', k.dose_unit, 'cases', k.cases, 'participants', k.participants, 'personYears', k.person_years) ORDER BY k.position) FROM exposure_category k WHERE k.result_id = r.id), '[]'),
          'exposure', CASE WHEN c.exposure_metric IS NOT NULL THEN json_build_object('kind', c.exposure_kind, 'metric', c.exposure_metric, 'unit', c.exposure_unit, 'contrasted', c.exposure_contrasted, 'reference', c.exposure_reference, 'contrastedHasMoreMagnesium', c.exposure_is_more) END,
          'reports', (
            SELECT json_agg(json_build_object(
              'position', p.position, 'note', p.note,
              'provenance', json_build_object('source', src.source, 'locator', src.locator, 'recordedAt', src.recorded_at, 'note', src.note),
              'armResults', coalesce((SELECT json_agg(json_build_object(
                'armKey', a.arm_id, 'n', a.n, 'nInferred', a.n_inferred, 'events', a.events, 'eventsFromPercent', a.events_from_percent, 'percent', a.percent, 'mean', a.mean, 'sd', a.sd, 'se', a.se,
                'ciLower', a.ci_lower, 'ciUpper', a.ci_upper, 'median', a.median, 'q1', a.q1, 'q3', a.q3, 'iqr', a.iqr, 'minimum', a.minimum, 'maximum', a.maximum,
                'baselineMean', a.baseline_mean, 'baselineSd', a.baseline_sd, 'note', a.note) ORDER BY a.position) FROM arm_result a WHERE a.report_id = p.id), '[]'),
              'effects', coalesce((SELECT json_agg(json_build_object(
                'isDefault', f.is_default, 'measure', f.measure, 'analysisScale', f.analysis_scale, 'estimate', f.estimate, 'standardError', f.standard_error, 'ciLower', f.ci_lower,
                'ciUpper', f.ci_upper, 'ciLevel', f.ci_level, 'pValue', f.p_value, 'pValueOperator', f.p_value_operator, 'unit', r.unit, 'origin', f.origin, 'formula', f.formula,
                'inputs', f.inputs, 'assumptions', f.assumptions, 'printed', f.printed, 'participants', f.participants, 'direction', f.direction,
                'standardizedBenefit', f.standardized_benefit, 'benefitNote', f.benefit_note, 'coherence', f.coherence, 'coherenceChecks', f.coherence_checks,
                'absentReason', f.absent_reason, 'note', f.note) ORDER BY f.is_default DESC, f.id) FROM effect f WHERE f.report_id = p.id), '[]')
            ) ORDER BY p.position)
            FROM result_report p JOIN source src ON src.id = p.source_id WHERE p.result_id = r.id
          )) AS detail
        FROM result r JOIN study_outcome so ON so.id = r.study_outcome_id JOIN contrast c ON c.id = r.contrast_id
        WHERE r.id = ANY (${keys}::int[])`,
    )
    const byKey = new Map(found.map(({ key, detail }) => [key, detail]))
    return keys.map((key) => byKey.get(key) ?? new RangeError(`no result has the key ${key}`))
  })
}
