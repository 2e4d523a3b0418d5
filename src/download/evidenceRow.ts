import sql, { join, type Sql } from 'sql-template-tag'
import { labelOfComparison } from '../evidence/comparisonKey.js'
import { evidenceRecord, type EvidenceRecord, type EvidenceRow } from '../evidence/evidence.js'
import { evidenceColumns } from '../evidence/evidence.queries.js'
import type { ArmRole, PublicationStatus, Route, StudyDesign, SubjectKind } from '../generated/prisma/enums.js'
import type { SortKey } from '../graphql/keyset.js'
import type { Vocabulary } from '../vocabulary/vocabulary.js'

/** What one arm reports, as its source gives it. */
export interface ArmNumbers {
  readonly n?: number
  readonly events?: number
  readonly mean?: number
  readonly sd?: number
}

interface StoredRow extends EvidenceRow {
  /** On the analysis scale: log of a ratio, Fisher's z of a correlation. */
  readonly analysisEstimate: number | null
  readonly studySlug: string
  readonly studyTitle: string
  /** First author of the main report. */
  readonly author: string | null
  readonly year: number | null
  readonly doi: string | null
  readonly pmid: string | null
  readonly pmcid: string | null
  readonly design: StudyDesign
  readonly subjects: SubjectKind
  readonly status: PublicationStatus
  readonly population: string
  readonly meanAge: number | null
  readonly femalePercent: number | null
  readonly baselineSerumMagnesium: number | null
  readonly intervention: string | null
  readonly comparator: string | null
  readonly comparatorRole: ArmRole | null
  readonly routes: readonly Route[]
  readonly formKeys: readonly number[]
  readonly elementalMgLow: number | null
  readonly elementalMgHigh: number | null
  readonly durationDays: number | null
  /** Of the intervention and of the comparator; null unless both report. */
  readonly arms: readonly [ArmNumbers, ArmNumbers] | null
  /** What was contrasted where nobody was allocated to anything. */
  readonly exposure: { readonly metric: string; readonly unit: string | null; readonly contrasted: string | null; readonly reference: string | null } | null
  readonly source: string
  readonly locator: string | null
}

/** An effect as downloads give it: the node of the API, and flat beside it what it is pooled by and whose it is. */
export interface DownloadRow extends StoredRow {
  readonly node: EvidenceRecord
  /** Slugs of every form given. */
  readonly forms: readonly string[]
  /** What was compared with what, in words: "against placebo or no treatment". */
  readonly comparison: string
}

/** One statement for all effects that a filter selects, in an order of the API's. */
export function evidenceStatement(where: Sql, order: readonly SortKey[]): Sql {
  return sql`
    SELECT ${evidenceColumns}, f.estimate AS "analysisEstimate", e.study_slug AS "studySlug", study.title AS "studyTitle", pooling.author, e.year, main.doi, main.pmid, main.pmcid,
      e.design, e.subjects, study.status, p.label AS population, e.mean_age AS "meanAge", e.female_percent AS "femalePercent", e.baseline_serum_magnesium AS "baselineSerumMagnesium",
      intervention.label AS intervention, comparator.label AS comparator, e.comparator_role AS "comparatorRole", e.routes::text[] AS routes, e.form_ids AS "formKeys",
      e.elemental_mg_low AS "elementalMgLow", e.elemental_mg_high AS "elementalMgHigh", e.duration_days AS "durationDays", pooling.arms, pooling.exposure, src.source, src.locator
    FROM evidence_row e
    JOIN effect f ON f.id = e.effect_id
    JOIN result_report report ON report.id = f.report_id
    JOIN source src ON src.id = report.source_id
    JOIN pooling_row pooling ON pooling.id = e.id
    JOIN study_row study ON study.study_id = e.study_id
    JOIN population p ON p.id = e.population_id
    LEFT JOIN study_publication first ON first.study_id = e.study_id AND first.position = 0
    LEFT JOIN publication main ON main.id = first.publication_id
    LEFT JOIN arm intervention ON intervention.id = e.intervention_arm_id
    LEFT JOIN arm comparator ON comparator.id = e.comparator_arm_id
    WHERE ${where}
    ORDER BY ${inOrder(order)}`
}

export function inOrder(order: readonly SortKey[]): Sql {
  return join(order.map(({ sql: key, direction }) => (direction === 'ASC' ? sql`${key} ASC` : sql`${key} DESC`)))
}

/** @param stored what `evidenceStatement` selects */
export function downloadRow(stored: StoredRow, vocabulary: Vocabulary): DownloadRow {
  return {
    ...stored,
    node: evidenceRecord(stored, vocabulary),
    forms: stored.formKeys.map((key) => vocabulary.forms.get(key).slug),
    comparison: labelOfComparison(stored.comparisonKey, vocabulary),
  }
}

export type { StoredRow }
