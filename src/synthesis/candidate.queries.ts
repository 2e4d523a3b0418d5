import sql, { type Sql } from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { rows } from '../database/query.js'
import { momentsOf } from '../evidence/armEffects.js'
import { designEffect, effectiveArm, type Clustering } from '../statistics/clusters.js'
import type { Vocabulary } from '../vocabulary/vocabulary.js'
import type { Candidate, CandidateArm, CandidateEffect } from './candidate.js'
import { rankOfCategory } from './category.js'
import { commonUnitOf } from './commonUnit.js'

/** Counts and moments of an arm as a source reports them; what it does not is left out. */
export interface ArmRow {
  readonly n?: number
  readonly events?: number
  readonly percent?: number
  readonly mean?: number
  readonly sd?: number
  readonly se?: number
  readonly ciLower?: number
  readonly ciUpper?: number
  readonly median?: number
  readonly q1?: number
  readonly q3?: number
  readonly iqr?: number
  readonly minimum?: number
  readonly maximum?: number
}

type Stored = Omit<
  Candidate,
  | 'condition'
  | 'forms'
  | 'outcome'
  | 'instrument'
  | 'intervention'
  | 'higherIsBetter'
  | 'effects'
  | 'arms'
  | 'label'
  | 'perUnitOf'
  | 'category'
  | 'contrastedHasLess'
  | 'inCommonUnit'
  | 'designEffect'
  | 'cohorts'
  | 'countedAs'
>

/** Measure, default or not, estimate, standard error, origin, assumptions. */
export type EffectRow = readonly [CandidateEffect['measure'], boolean, number | null, number | null, CandidateEffect['origin'], readonly string[]]

interface CandidateRow extends Stored {
  readonly author: string | null
  /** Of the study, where no author is known. */
  readonly title: string | null
  readonly conditionKey: number
  readonly formKeys: readonly number[]
  readonly outcomeKey: number
  readonly instrumentKey: number | null
  readonly exposure: {
    readonly metric: string
    readonly unit: string | null
    readonly contrasted: string | null
    readonly reference: string | null
    readonly isMore: boolean | null
    readonly rank: number | null
  } | null
  readonly effects: readonly EffectRow[]
  readonly interventionArm: string | null
  readonly arms: readonly [ArmRow, ArmRow] | null
  /** Of a trial that randomised clusters, where both are known. */
  readonly clustering: Clustering | null
  readonly cohorts: readonly string[] | null
}

/**
 * The effects that a predicate over evidence_row `e` selects, with all that pooling needs of them: one statement.
 *
 * @param limit at most so many and one more, by which the caller can tell that there are too many
 */
export async function findCandidates(database: Database, where: Sql, vocabulary: Vocabulary, limit: number): Promise<Candidate[]> {
  const found = await rows<CandidateRow>(
    database,
    sql`
      SELECT e.slug, e.study_slug AS study, e.year, e.design, e.subjects, e.retracted, p.concern, e.evidence_class AS "evidenceClass", p.partition, p.result_name AS name, e.is_primary AS "isPrimary", p.population_slug AS population, p.whole_sample AS "wholeSample",
        p.intervention_slug AS "interventionArm", p.comparator_slug AS comparator, e.comparator_role AS "comparatorRole", e.comparison_key AS comparison, e.combined_with AS "combinedWith", e.routes::text[] AS routes, e.risk_of_bias AS "riskOfBias",
        e.elemental_mg_low AS "elementalMgLow", e.elemental_mg_high AS "elementalMgHigh", e.duration_days AS "durationDays", e.timepoint_days AS "timepointDays", e.timepoint_label AS "timepointLabel",
        e.end_of_treatment AS "endOfTreatment", e.participants, e.mean_age AS "meanAge", e.female_percent AS "femalePercent", e.baseline_serum_magnesium AS "baselineSerumMagnesium",
        e.unit, e.value_kind AS "valueKind", e.analysis_set AS "analysisSet", e.adjusted, e.direction, e.standardized_benefit AS "standardizedBenefit", e.coherence,
        e.absent_reason AS "absentReason", p.author, e.condition_id AS "conditionKey", e.form_ids AS "formKeys", e.outcome_id AS "outcomeKey", e.instrument_id AS "instrumentKey",
        p.exposure, p.effects, p.arms, p.baseline_risk AS "baselineRisk",
        CASE WHEN p.author IS NULL THEN (SELECT s.title FROM study_row s WHERE s.study_id = e.study_id) END AS title,
        CASE WHEN e.design = 'RCT_CLUSTER' THEN (
          SELECT jsonb_build_object('meanClusterSize', c.mean_cluster_size, 'icc', c.icc) FROM cluster_design c
          WHERE c.study_id = e.study_id AND c.mean_cluster_size IS NOT NULL AND c.icc IS NOT NULL
        ) END AS clustering,
        CASE WHEN e.value_kind = 'EVENT' THEN (SELECT r.response_percent FROM result r WHERE r.id = e.id) END AS "responsePercent",
        CASE WHEN e.evidence_class <> 'RANDOMIZED' THEN (SELECT s.cohorts FROM study s WHERE s.id = e.study_id) END AS cohorts
      FROM evidence_row e
      JOIN pooling_row p ON p.id = e.id
      WHERE ${where}
      LIMIT ${limit + 1}`,
  )
  return found.map((row) => candidateOf(row, vocabulary))
}

/** Written out field by field: of objects that are spread together from so many, each access takes several times as long. */
function candidateOf(row: CandidateRow, vocabulary: Vocabulary): Candidate {
  const { exposure, arms, clustering } = row
  const outcome = vocabulary.outcomes.get(row.outcomeKey)
  const instrument = row.instrumentKey === null ? null : vocabulary.instruments.get(row.instrumentKey)
  // An instrument's direction is that of its score; an event has its own.
  const { benefitDirection } =
    outcome.type === 'BINARY' || outcome.type === 'TIME_TO_EVENT' || instrument === null || instrument.benefitDirection === 'NEUTRAL' ? outcome : instrument
  return {
    slug: row.slug,
    study: row.study,
    label: labelOf(row),
    year: row.year,
    design: row.design,
    subjects: row.subjects,
    retracted: row.retracted,
    concern: row.concern,
    evidenceClass: row.evidenceClass,
    condition: vocabulary.conditions.get(row.conditionKey).slug,
    forms: row.formKeys.map((key) => vocabulary.forms.get(key).slug),
    outcome: outcome.slug,
    instrument: instrument?.slug ?? null,
    population: row.population,
    wholeSample: row.wholeSample,
    partition: row.partition,
    name: row.name,
    isPrimary: row.isPrimary,
    intervention: row.interventionArm ?? [exposure?.metric, exposure?.contrasted, exposure?.reference].filter((part) => part != null).join(' '),
    comparator: row.comparator,
    comparatorRole: row.comparatorRole,
    comparison: row.comparison,
    combinedWith: row.combinedWith,
    routes: row.routes,
    riskOfBias: row.riskOfBias,
    elementalMgLow: row.elementalMgLow,
    elementalMgHigh: row.elementalMgHigh,
    durationDays: row.durationDays,
    timepointDays: row.timepointDays,
    timepointLabel: row.timepointLabel,
    endOfTreatment: row.endOfTreatment,
    participants: row.participants,
    meanAge: row.meanAge,
    femalePercent: row.femalePercent,
    baselineSerumMagnesium: row.baselineSerumMagnesium,
    unit: row.unit,
    inCommonUnit: row.unit === null ? null : commonUnitOf(outcome, row.unit),
    valueKind: row.valueKind,
    analysisSet: row.analysisSet,
    adjusted: row.adjusted,
    higherIsBetter: benefitDirection === 'NEUTRAL' ? null : benefitDirection === 'HIGHER',
    baselineRisk: row.baselineRisk ?? null,
    perUnitOf: exposure === null || exposure.reference !== null ? null : [exposure.metric, exposure.unit, exposure.contrasted].join(' '),
    category:
      exposure === null || exposure.reference === null
        ? null
        : { reference: exposure.reference, rank: exposure.rank ?? rankOfCategory(exposure.contrasted ?? '') },
    contrastedHasLess: exposure?.isMore === false,
    direction: row.direction,
    standardizedBenefit: row.standardizedBenefit,
    coherence: row.coherence,
    absentReason: row.absentReason,
    effects: candidateEffects(row.effects),
    arms: candidateArms(arms, clustering),
    cohorts: row.cohorts ?? [],
    ...(row.responsePercent == null ? {} : { responsePercent: row.responsePercent }),
    designEffect: clustering === null ? null : designEffect(clustering),
  }
}

export function candidateEffects(effects: readonly EffectRow[]): CandidateEffect[] {
  return effects.map(([measure, isDefault, estimate, standardError, origin, assumptions]) => ({
    measure,
    isDefault,
    estimate,
    standardError,
    origin,
    assumptions,
  }))
}

export function candidateArms(arms: readonly [ArmRow, ArmRow] | null, clustering: Clustering | null): Candidate['arms'] {
  return arms === null ? null : { intervention: armNumbers(arms[0], clustering), comparator: armNumbers(arms[1], clustering) }
}

/** "Tarleton 2017"; where nobody is named, the beginning of the title. */
const labelOf = ({ author, title, study, year }: CandidateRow) => [author ?? beginningOf(title ?? study), year].filter((part) => part !== null).join(' ')

const longestTitle = 36

function beginningOf(title: string): string {
  if (title.length <= longestTitle) return title
  return `${title.slice(0, title.lastIndexOf(' ', longestTitle))} …`
}

/** Of clusters, the arm that carries as much information without them. */
function armNumbers(arm: ArmRow, clustering: Clustering | null): CandidateArm {
  const moments = momentsOf({ ...arm, arm: '', eventsFromPercent: false })
  const numbers: CandidateArm = {
    n: arm.n ?? null,
    events: arm.events ?? null,
    percent: arm.percent ?? null,
    mean: moments?.mean ?? null,
    standardDeviation: moments?.standardDeviation ?? null,
  }
  return clustering === null ? numbers : effectiveArm(numbers, clustering)
}
