import sql, { join, raw, type Sql } from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { rows } from '../database/query.js'
import type { CertaintyLevel, Comparison } from '../generated/prisma/enums.js'
import { doseBands } from '../evidence/doseBands.js'
import { ambiguousDose, doseNotStated, none, notAssessed, several, type SummaryGroup } from '../synthesis/groups.js'
import type { Vocabulary } from '../vocabulary/vocabulary.js'
import type { CertaintyDomain } from './bodyOfEvidence.js'

/** How often a group occurs, and whom its effects favour. */
export interface GroupCounts {
  /** One for each kind of group asked for, in its order: slugs of terms, words for values. */
  readonly group: readonly string[]
  readonly effects: number
  readonly studies: number
  /** Each study once, with the largest number that an effect of it has; null where none tells. */
  readonly participants: number | null
  readonly favoursMagnesium: number
  readonly favoursComparator: number
  readonly noClearDifference: number
  readonly unclear: number
  /** Median of the effects' standardised benefits; null where no effect has one. */
  readonly medianBenefit: number | null
}

type CountedRow = Omit<GroupCounts, 'group'> & Readonly<Record<'g0' | 'g1' | 'g2' | 'g3' | 'g4', number | string>>

const bandOf = join(
  doseBands.flatMap(({ value, from }, index) => {
    const next = doseBands[index + 1]
    return [
      sql`WHEN e.elemental_mg_low >= ${raw(String(from))} AND ${next === undefined ? sql`true` : sql`e.elemental_mg_high < ${raw(String(next.from))}`} THEN ${raw(`'${value}'`)}`,
    ]
  }),
  ' ',
)

/** The group of a row of evidence_row `e`: keys of terms (−1 none, −2 several), words for values; never null, so that groups can be joined. */
const groupColumns: Readonly<Record<SummaryGroup, Sql>> = {
  CONDITION: sql`e.condition_id`,
  FORM: sql`coalesce(e.form_id, CASE WHEN e.form_ids = '{}' THEN -1 ELSE -2 END)`,
  OUTCOME: sql`e.outcome_id`,
  DESIGN: sql`e.design`,
  COMPARATOR: sql`coalesce(e.comparator_role::text, ${raw(`'${none}'`)})`,
  COMPARISON: sql`e.comparison_key`,
  EVIDENCE_CLASS: sql`e.evidence_class`,
  ROUTE: sql`CASE cardinality(e.routes) WHEN 0 THEN ${raw(`'${none}'`)} WHEN 1 THEN e.routes[1]::text ELSE ${raw(`'${several}'`)} END`,
  DOSE_BAND: sql`CASE WHEN e.elemental_mg_low IS NULL OR e.elemental_mg_high IS NULL THEN ${raw(`'${doseNotStated}'`)} ${bandOf} ELSE ${raw(`'${ambiguousDose}'`)} END`,
  RISK_OF_BIAS: sql`coalesce(e.risk_of_bias::text, ${raw(`'${notAssessed}'`)})`,
}

function valueOf(by: SummaryGroup, stored: number | string, { conditions, forms, outcomes }: Vocabulary): string {
  if (stored === -1) return none
  if (stored === -2) return several
  const terms = { CONDITION: conditions, FORM: forms, OUTCOME: outcomes }
  return by === 'CONDITION' || by === 'FORM' || by === 'OUTCOME' ? terms[by].get(Number(stored)).slug : String(stored)
}

/**
 * The groups of the effects that a predicate over evidence_row `e` selects, counted in the database: one statement, whatever their number.
 *
 * @param limit at most so many groups and one more, by which the caller can tell that there are too many
 */
export async function countGroups(
  database: Database,
  { where, groupBy, limit }: { readonly where: Sql; readonly groupBy: readonly SummaryGroup[]; readonly limit: number },
  vocabulary: Vocabulary,
): Promise<GroupCounts[]> {
  const names = join(groupBy.map((_, index) => raw(`g${index}`)))
  const found = await rows<CountedRow>(
    database,
    sql`
      SELECT ${names}, count(*)::int AS effects, count(*) FILTER (WHERE place = 1)::int AS studies, (sum(participants) FILTER (WHERE place = 1))::float8 AS participants,
        count(*) FILTER (WHERE direction = 'FAVOURS_MAGNESIUM')::int AS "favoursMagnesium", count(*) FILTER (WHERE direction = 'FAVOURS_COMPARATOR')::int AS "favoursComparator",
        count(*) FILTER (WHERE direction = 'NO_CLEAR_DIFFERENCE')::int AS "noClearDifference", count(*) FILTER (WHERE direction = 'UNCLEAR')::int AS unclear,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY standardized_benefit) AS "medianBenefit"
      FROM (
        SELECT wanted.*, row_number() OVER (PARTITION BY ${names}, study_id ORDER BY participants DESC NULLS LAST) AS place
        FROM (
          SELECT ${join(groupBy.map((by, index) => sql`${groupColumns[by]} AS ${raw(`g${index}`)}`))}, e.study_id, e.participants, e.direction, e.standardized_benefit
          FROM evidence_row e WHERE ${where}
        ) wanted
      ) placed GROUP BY ${names} LIMIT ${limit + 1}`,
  )
  return found.map(({ g0, g1, g2, g3, g4, ...counts }) => ({
    ...counts,
    group: groupBy.map((by, index) => valueOf(by, [g0, g1, g2, g3, g4][index] ?? '', vocabulary)),
  }))
}

/** A p value that an effect has instead of an estimate. */
export interface LonePValue {
  /** Slugs of the effect and its study. */
  readonly evidence: string
  readonly study: string
  readonly pValue: number
  readonly operator: Comparison
}

export interface AmountRange {
  readonly low: number
  readonly high: number
}

/** What the effects of a group tell beside their sizes. */
export interface GroupFacts {
  readonly group: readonly string[]
  /** Elemental magnesium, mg a day, from the least to the most that an effect's dose may be; null where none is known. */
  readonly elementalMgPerDay: AmountRange | null
  readonly durationDays: AmountRange | null
  readonly lonePValues: readonly LonePValue[]
}

type FactsRow = Readonly<Record<'g0' | 'g1' | 'g2' | 'g3' | 'g4', number | string>> &
  Readonly<Record<'doseLow' | 'doseHigh' | 'durationLow' | 'durationHigh', number | null>> & { readonly lonePValues: readonly LonePValue[] }

/** Doses, durations and lone p values of the groups of the effects that a predicate over evidence_row `e` selects: one statement, whatever their number. */
export async function findGroupFacts(
  database: Database,
  { where, groupBy }: { readonly where: Sql; readonly groupBy: readonly SummaryGroup[] },
  vocabulary: Vocabulary,
): Promise<GroupFacts[]> {
  const names = join(groupBy.map((_, index) => raw(`g${index}`)))
  const found = await rows<FactsRow>(
    database,
    sql`
      SELECT ${names}, min(elemental_mg_low) AS "doseLow", max(coalesce(elemental_mg_high, elemental_mg_low)) AS "doseHigh",
        min(duration_days) AS "durationLow", max(duration_days) AS "durationHigh",
        coalesce(json_agg(json_build_object('evidence', slug, 'study', study_slug, 'pValue', p_value, 'operator', coalesce(p_value_operator, 'EQ')) ORDER BY study_slug, slug)
          FILTER (WHERE estimate IS NULL AND p_value IS NOT NULL), '[]') AS "lonePValues"
      FROM (
        SELECT ${join(groupBy.map((by, index) => sql`${groupColumns[by]} AS ${raw(`g${index}`)}`))},
          e.slug, e.study_slug, e.elemental_mg_low, e.elemental_mg_high, e.duration_days, e.estimate, e.p_value, e.p_value_operator
        FROM evidence_row e WHERE ${where}
      ) wanted GROUP BY ${names}`,
  )
  const range = (low: number | null, high: number | null) => (low === null || high === null ? null : { low, high })
  return found.map(({ g0, g1, g2, g3, g4, doseLow, doseHigh, durationLow, durationHigh, lonePValues }) => ({
    group: groupBy.map((by, index) => valueOf(by, [g0, g1, g2, g3, g4][index] ?? '', vocabulary)),
    elementalMgPerDay: range(doseLow, doseHigh),
    durationDays: range(durationLow, durationHigh),
    lonePValues,
  }))
}

/** Studies of a cell of a map, whatever subjects are asked for. */
export interface CellStudies {
  /** Row and column. */
  readonly group: readonly string[]
  readonly humanStudies: number
  /** In animals or in vitro. */
  readonly otherStudies: number
}

/** Studies in people, and in animals or in vitro, of each cell that has any: one statement. */
export async function countSubjects(
  database: Database,
  { where, groupBy: [row, column], limit }: { readonly where: Sql; readonly groupBy: readonly [SummaryGroup, SummaryGroup]; readonly limit: number },
  vocabulary: Vocabulary,
): Promise<CellStudies[]> {
  const found = await rows<Omit<CellStudies, 'group'> & Readonly<Record<'g0' | 'g1', number | string>>>(
    database,
    sql`
      SELECT g0, g1, count(*) FILTER (WHERE human)::int AS "humanStudies", count(*) FILTER (WHERE NOT human)::int AS "otherStudies"
      FROM (SELECT DISTINCT ${groupColumns[row]} AS g0, ${groupColumns[column]} AS g1, e.study_id, e.subjects = 'HUMAN' AS human FROM evidence_row e WHERE ${where}) study
      GROUP BY g0, g1 LIMIT ${limit + 1}`,
  )
  return found.map(({ g0, g1, ...studies }) => ({ ...studies, group: [valueOf(row, g0, vocabulary), valueOf(column, g1, vocabulary)] }))
}

/** What a published review pooled: slugs of the terms; a form only where it pooled one. */
export interface PublishedPool {
  readonly condition: string
  readonly form: string | null
  readonly outcome: string
}

/** Conditions, forms and outcomes for which a published review reports a pooled estimate; read once for all requests of a revision. */
export async function findPublishedPools(database: Database): Promise<PublishedPool[]> {
  return rows(
    database,
    sql`SELECT DISTINCT c.slug AS condition, f.slug AS form, o.slug AS outcome FROM pooled_result r
      JOIN condition c ON c.id = r.condition_id JOIN outcome o ON o.id = r.outcome_id LEFT JOIN magnesium_form f ON f.id = r.form_id`,
  )
}

/** What curators judged of a body of evidence. */
export interface CuratedCertainty extends PublishedPool {
  readonly level: CertaintyLevel
  readonly startLevel: CertaintyLevel
  /** Down below zero, up above. */
  readonly steps: Readonly<Record<CertaintyDomain, number>>
  /** By domain, in words; what is not there was not explained. */
  readonly reasons: Readonly<Record<string, unknown>>
  readonly judgedBy: string
  /** A day, ISO. */
  readonly judgedOn: string
}

/** Every judgement of curators, the latest first; read once for all requests of a revision. */
export async function findCuratedCertainties({ prisma }: Database): Promise<CuratedCertainty[]> {
  const slug = { select: { slug: true } } as const
  const found = await prisma.certainty.findMany({ include: { condition: slug, form: slug, outcome: slug }, orderBy: [{ judgedOn: 'desc' }, { id: 'desc' }] })
  return found.map(({ condition, form, outcome, level, startLevel, reasons, judgedBy, judgedOn, ...steps }) => ({
    condition: condition.slug,
    form: form?.slug ?? null,
    outcome: outcome.slug,
    level,
    startLevel,
    steps: {
      RISK_OF_BIAS: 0 - steps.riskOfBias,
      INCONSISTENCY: 0 - steps.inconsistency,
      INDIRECTNESS: 0 - steps.indirectness,
      IMPRECISION: 0 - steps.imprecision,
      PUBLICATION_BIAS: 0 - steps.publicationBias,
      LARGE_EFFECT: steps.largeEffect,
      DOSE_RESPONSE: steps.doseResponse,
      CONFOUNDING: steps.confounding,
    },
    reasons: typeof reasons === 'object' && reasons !== null && !Array.isArray(reasons) ? reasons : {},
    judgedBy,
    judgedOn: judgedOn.toISOString().slice(0, 10),
  }))
}
