import sql, { type Sql } from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { rows } from '../database/query.js'
import { momentsOf } from '../evidence/armEffects.js'
import type { Vocabulary } from '../vocabulary/vocabulary.js'
import type { Candidate, CandidateArm, CandidateEffect } from './candidate.js'

/** Counts and moments of an arm as a source reports them; what it does not is left out. */
interface ArmRow {
  readonly n?: number
  readonly events?: number
  readonly mean?: number
  readonly sd?: number
  readonly se?: number
  readonly ciLower?: number
  readonly ciUpper?: number
  readonly median?: number
  readonly q1?: number
  readonly q3?: number
}

type Stored = Omit<
  Candidate,
  'condition' | 'forms' | 'outcome' | 'instrument' | 'higherIsBetter' | 'effects' | 'arms' | 'label' | 'perUnitOf' | 'contrastedHasLess'
>

interface CandidateRow extends Stored {
  readonly author: string | null
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
  } | null
  readonly effects: readonly (readonly [CandidateEffect['measure'], boolean, number | null, number | null, CandidateEffect['origin'], readonly string[]])[]
  readonly interventionArm: ArmRow | null
  readonly comparatorArm: ArmRow | null
}

const armOf = (arm: Sql) => sql`
  (SELECT json_strip_nulls(json_build_object('n', a.n, 'events', a.events, 'mean', a.mean, 'sd', a.sd, 'se', a.se, 'ciLower', a.ci_lower, 'ciUpper', a.ci_upper, 'median', a.median, 'q1', a.q1, 'q3', a.q3))
   FROM arm_result a WHERE a.report_id = f.report_id AND a.arm_id = ${arm})`

/**
 * The effects that a predicate over evidence_row `e` selects, with all that pooling needs of them: one statement.
 *
 * @param limit at most so many and one more, by which the caller can tell that there are too many
 */
export async function findCandidates(database: Database, where: Sql, vocabulary: Vocabulary, limit: number): Promise<Candidate[]> {
  const found = await rows<CandidateRow>(
    database,
    sql`
      SELECT e.slug, e.study_slug AS study, e.year, e.design, e.subjects, e.retracted, p.slug AS population, p.is_whole_sample AS "wholeSample",
        coalesce(ia.slug, concat_ws(' ', c.exposure_metric, c.exposure_contrasted, c.exposure_reference)) AS intervention, ca.slug AS comparator, e.comparator_role AS "comparatorRole",
        e.routes, e.risk_of_bias AS "riskOfBias", e.elemental_mg_low AS "elementalMgLow", e.elemental_mg_high AS "elementalMgHigh", e.duration_days AS "durationDays",
        e.timepoint_days AS "timepointDays", e.end_of_treatment AS "endOfTreatment", e.participants, e.mean_age AS "meanAge", e.female_percent AS "femalePercent",
        e.baseline_serum_magnesium AS "baselineSerumMagnesium", e.unit, e.value_kind AS "valueKind", e.analysis_set AS "analysisSet", e.adjusted, e.direction,
        e.standardized_benefit AS "standardizedBenefit", e.coherence, e.absent_reason AS "absentReason",
        (SELECT coalesce(a.family, a.corporate) FROM study_publication sp JOIN publication_author a ON a.publication_id = sp.publication_id
         WHERE sp.study_id = e.study_id AND sp.position = 0 ORDER BY a.position LIMIT 1) AS author,
        e.condition_id AS "conditionKey", e.form_ids AS "formKeys", e.outcome_id AS "outcomeKey", e.instrument_id AS "instrumentKey",
        CASE WHEN c.exposure_metric IS NOT NULL THEN json_build_object('metric', c.exposure_metric, 'unit', c.exposure_unit, 'contrasted', c.exposure_contrasted, 'reference', c.exposure_reference, 'isMore', c.exposure_is_more) END AS exposure,
        (SELECT json_agg(json_build_array(o.measure, o.is_default, o.estimate, o.standard_error, o.origin, o.assumptions) ORDER BY o.is_default DESC, o.id) FROM effect o WHERE o.report_id = f.report_id) AS effects,
        ${armOf(sql`e.intervention_arm_id`)} AS "interventionArm", ${armOf(sql`e.comparator_arm_id`)} AS "comparatorArm"
      FROM evidence_row e
      JOIN effect f ON f.id = e.effect_id
      JOIN population p ON p.id = e.population_id
      JOIN contrast c ON c.id = e.contrast_id
      LEFT JOIN arm ia ON ia.id = e.intervention_arm_id
      LEFT JOIN arm ca ON ca.id = e.comparator_arm_id
      WHERE ${where}
      LIMIT ${limit + 1}`,
  )
  return found.map((row) => candidateOf(row, vocabulary))
}

function candidateOf(row: CandidateRow, vocabulary: Vocabulary): Candidate {
  const { author, conditionKey, formKeys, outcomeKey, instrumentKey, exposure, effects, interventionArm, comparatorArm, ...stored } = row
  const outcome = vocabulary.outcomes.get(outcomeKey)
  const instrument = instrumentKey === null ? null : vocabulary.instruments.get(instrumentKey)
  // An instrument's direction is that of its score; an event has its own.
  const { benefitDirection } =
    outcome.type === 'BINARY' || outcome.type === 'TIME_TO_EVENT' || instrument === null || instrument.benefitDirection === 'NEUTRAL' ? outcome : instrument
  return {
    ...stored,
    label: labelOf(author, row),
    condition: vocabulary.conditions.get(conditionKey).slug,
    forms: formKeys.map((key) => vocabulary.forms.get(key).slug),
    outcome: outcome.slug,
    instrument: instrument?.slug ?? null,
    higherIsBetter: benefitDirection === 'NEUTRAL' ? null : benefitDirection === 'HIGHER',
    perUnitOf: exposure === null || exposure.reference !== null ? null : [exposure.metric, exposure.unit, exposure.contrasted].join(' '),
    contrastedHasLess: exposure?.isMore === false,
    effects: effects.map(([measure, isDefault, estimate, standardError, origin, assumptions]) => ({
      measure,
      isDefault,
      estimate,
      standardError,
      origin,
      assumptions,
    })),
    arms: interventionArm === null || comparatorArm === null ? null : { intervention: armNumbers(interventionArm), comparator: armNumbers(comparatorArm) },
  }
}

/** "Tarleton 2017"; where nobody is named, the study's own slug. */
const labelOf = (author: string | null, { study, year }: Stored) => (author === null ? study : [author, year].filter((part) => part !== null).join(' '))

function armNumbers(arm: ArmRow): CandidateArm {
  const moments = momentsOf({ ...arm, arm: '', eventsFromPercent: false })
  return { n: arm.n ?? null, events: arm.events ?? null, mean: moments?.mean ?? null, standardDeviation: moments?.standardDeviation ?? null }
}
