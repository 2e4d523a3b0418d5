import sql, { join, type Sql } from 'sql-template-tag'
import { PublicError } from '../errors.js'
import {
  ArmRole,
  CoherenceStatus,
  ComparisonKind,
  EffectDirection,
  EffectMeasure,
  EvidenceClass,
  EvidenceKind,
  ExposureMetric,
  Route,
} from '../generated/prisma/enums.js'
import { describeEnum } from '../graphql/enum.js'
import { ranged, type FieldsOf } from '../graphql/filter.js'
import type { Nameable } from '../graphql/names.js'
import { slugsNamed } from '../graphql/nodeId.js'
import { between, FloatRange, possible } from '../graphql/ranges.js'
import { requireCountry } from '../vocabulary/countries.js'
import { nearestWords } from '../vocabulary/nearest.js'
import { refHelp } from '../vocabulary/vocabulary.graphql.js'
import type { Vocabulary } from '../vocabulary/vocabulary.js'

export const DoseAmbiguity = { ANY_OVERLAP: 'ANY_OVERLAP', WHOLLY_WITHIN: 'WHOLLY_WITHIN', EXCLUDE_AMBIGUOUS: 'EXCLUDE_AMBIGUOUS' } as const
export type DoseAmbiguity = keyof typeof DoseAmbiguity
describeEnum(DoseAmbiguity, 'DoseAmbiguity', 'How to treat doses known only as an interval.', {
  ANY_OVERLAP: 'The interval overlaps the range asked for.',
  WHOLLY_WITHIN: 'The whole interval lies in the range.',
  EXCLUDE_AMBIGUOUS: 'Doses known only as an interval are left out.',
})

export const CombinationFilter = { EXCLUDE: 'EXCLUDE', INCLUDE: 'INCLUDE', ONLY: 'ONLY' } as const
export type CombinationFilter = keyof typeof CombinationFilter
describeEnum(
  CombinationFilter,
  'CombinationFilter',
  'What to do with magnesium given together with other active substances that the comparator’s arm does not get.',
  {
    EXCLUDE: 'Leave them out.',
    INCLUDE: 'Show them among the others.',
    ONLY: 'Show nothing else.',
  },
)

export const ConcernFilter = { EXCLUDE: 'EXCLUDE', INCLUDE: 'INCLUDE', ONLY: 'ONLY' } as const
export type ConcernFilter = keyof typeof ConcernFilter
describeEnum(
  ConcernFilter,
  'ConcernFilter',
  'What to do with studies whose main report is under an expression of concern, or that a third party doubts (`Study.concerns`).',
  {
    EXCLUDE: 'Leave them out.',
    INCLUDE: 'Show them among the others.',
    ONLY: 'Show nothing else.',
  },
)

/** Words that mean the same in the filters of effects and of studies. */
export abstract class FilterWords {
  includeNarrower?: boolean | null
  /** ISO day. */
  recordedSince?: string | null
  instruments?: string[] | null
  measures?: EffectMeasure[] | null
  estimate?: FloatRange | null
  standardizedBenefit?: FloatRange | null
  directions?: EffectDirection[] | null
  ciExcludesNull?: boolean | null
  pValue?: FloatRange | null
  comparators?: ArmRole[] | null
  timepointDays?: FloatRange | null
  coherence?: CoherenceStatus[] | null
  comparison?: ComparisonKind[] | null
  comparisonKeys?: string[] | null
  agents?: string[] | null
  combinations?: CombinationFilter | null
  combinedWith?: string[] | null
  evidenceClasses?: EvidenceClass[] | null
  exposureMetrics?: ExposureMetric[] | null
  units?: string[] | null
  results?: string[] | null
  routes?: Route[] | null
  elementalMgPerDay?: FloatRange | null
  doseAmbiguity?: DoseAmbiguity | null
  durationDays?: FloatRange | null
  populationConditions?: string[] | null
  meanAge?: FloatRange | null
  femalePercent?: FloatRange | null
  baselineSerumMagnesium?: FloatRange | null
  studies?: string[] | null
  countries?: string[] | null
  evidenceKinds?: EvidenceKind[] | null
  concern?: ConcernFilter | null
  cohorts?: string[] | null
}

type Words = FieldsOf<FilterWords, Vocabulary>

const slugLike = (text: string) => text.trim().toLowerCase()

export const studySlugs: Nameable = {
  noun: 'study',
  reason: 'UNKNOWN_STUDY',
  read: (ref, argument) => slugsNamed([ref], 'Study', argument)[0] ?? ref,
  names: sql`SELECT slug AS name FROM study_row`,
  having: sql`SELECT FROM study_row WHERE slug = asked.ref`,
}
const resultSlugs: Nameable = {
  noun: 'effect',
  reason: 'UNKNOWN_RESULT',
  read: (ref, argument) => slugsNamed([ref], 'Evidence', argument)[0] ?? ref,
  names: sql`SELECT slug AS name FROM evidence_row`,
  having: sql`SELECT FROM evidence_row WHERE slug = asked.ref`,
}
const cohorts: Nameable = {
  noun: 'cohort',
  reason: 'UNKNOWN_COHORT',
  read: slugLike,
  names: sql`SELECT DISTINCT unnest(cohorts) AS name FROM study`,
  having: sql`SELECT FROM study WHERE cohorts @> ARRAY[asked.ref]`,
}
const comparisonKeys: Nameable = {
  noun: 'comparison',
  reason: 'UNKNOWN_COMPARISON',
  names: sql`SELECT DISTINCT comparison_key AS name FROM contrast`,
  having: sql`SELECT FROM contrast WHERE comparison_key = asked.ref`,
}

/** One value is compared with =, so that an index on the column also gives the order of what follows. */
export const among = (column: Sql, keys: readonly number[]): Sql => (keys.length === 1 ? sql`${column} = ${keys[0]}` : sql`${column} = ANY (${keys}::int[])`)

/** Words about an effect, a row `e` of `evidence_row`. */
export const effectWords: Pick<
  Words,
  | 'instruments'
  | 'measures'
  | 'estimate'
  | 'standardizedBenefit'
  | 'directions'
  | 'ciExcludesNull'
  | 'pValue'
  | 'comparators'
  | 'timepointDays'
  | 'coherence'
  | 'comparison'
  | 'comparisonKeys'
  | 'agents'
  | 'combinations'
  | 'combinedWith'
  | 'evidenceClasses'
  | 'exposureMetrics'
  | 'units'
  | 'results'
> = {
  instruments: {
    type: () => [String],
    description: `Instruments, any of them: ${refHelp}.`,
    where: (refs, _, { instruments }) =>
      among(
        sql`e.instrument_id`,
        refs.map((ref) => instruments.named(ref).key),
      ),
  },
  measures: {
    type: () => [EffectMeasure],
    description: 'Measures of the effect, any of them.',
    where: (measures) => sql`e.measure = ANY (${measures}::effect_measure[])`,
  },
  estimate: {
    type: () => FloatRange,
    description: 'Range of the estimate on the scale shown (ratios as ratios). Needs exactly one measure in `measures` beside it.',
    where: (range, { measures }) => {
      if (measures?.length !== 1)
        throw new PublicError(
          'BAD_USER_INPUT',
          `estimate needs exactly one measure beside it, got ${measures?.length ?? 0}: numbers of different measures cannot be compared`,
          { reason: 'ESTIMATE_NEEDS_ONE_MEASURE', argument: 'estimate' },
        )
      return ranged<FloatRange>('estimate', (bounds) => between(sql`e.estimate`, bounds))(range)
    },
  },
  standardizedBenefit: {
    type: () => FloatRange,
    description: 'Across measures: Hedges-g equivalent, positive = favours magnesium. Effects without a defensible conversion are in no range.',
    where: ranged('standardizedBenefit', (range) => between(sql`e.standardized_benefit`, range)),
  },
  directions: {
    type: () => [EffectDirection],
    description: 'Whom the effect favours, any of these.',
    where: (directions) => sql`e.direction = ANY (${directions}::effect_direction[])`,
  },
  ciExcludesNull: {
    type: () => Boolean,
    description:
      'True: the confidence interval, at its stated level, excludes no effect; false: it includes no effect. Effects without an interval are in neither.',
    where: (excludes) => sql`e.ci_excludes_null = ${excludes}`,
  },
  pValue: {
    type: () => FloatRange,
    description: 'Range of the p value; a threshold such as "p < 0.05" counts as its limit.',
    where: ranged('pValue', (range) => between(sql`e.p_value`, range), possible.share),
  },
  comparators: {
    type: () => [ArmRole],
    description: 'What magnesium was compared with, any of these.',
    where: (roles) => sql`e.comparator_role = ANY (${roles}::arm_role[])`,
  },
  timepointDays: {
    type: () => FloatRange,
    description: 'When the outcome was taken, days from the start of treatment.',
    where: ranged('timepointDays', (range) => between(sql`e.timepoint_days`, range)),
  },
  coherence: {
    type: () => [CoherenceStatus],
    description: 'Outcome of the arithmetic cross-checks, any of these.',
    where: (statuses) => sql`e.coherence = ANY (${statuses}::coherence_status[])`,
  },
  comparison: {
    type: () => [ComparisonKind],
    description: 'Kinds of comparison, any of these: against nothing active, another treatment, other magnesium, less exposure.',
    where: (kinds) => sql`e.comparison_kind = ANY (${kinds}::comparison_kind[])`,
  },
  comparisonKeys: {
    type: () => [String],
    names: comparisonKeys,
    description: 'Keys of comparisons as `comparison.key` gives them, any of these: just these comparisons and no other.',
    where: (keys) => sql`e.comparison_key = ANY (${keys}::text[])`,
  },
  agents: {
    type: () => [String],
    description: `What magnesium was compared with, any of these treatments: ${refHelp}.`,
    where: (refs, _, { treatments }) => sql`(e.agents <> '{}' AND e.agents && ${refs.map((ref) => treatments.named(ref).slug)}::text[])`,
  },
  combinations: {
    type: () => CombinationFilter,
    description: 'What to do with magnesium given together with other active substances.',
    default: 'INCLUDE',
    where: (combinations) => (combinations === 'INCLUDE' ? null : combinations === 'ONLY' ? sql`e.combined_with <> '{}'` : sql`e.combined_with = '{}'`),
  },
  combinedWith: {
    type: () => [String],
    description: `Other active substances of the magnesium arm that the comparator’s does not get, any of these treatments: ${refHelp}.`,
    where: (refs, _, { treatments }) => sql`(e.combined_with <> '{}' AND e.combined_with && ${refs.map((ref) => treatments.named(ref).slug)}::text[])`,
  },
  evidenceClasses: {
    type: () => [EvidenceClass],
    description: 'Classes of evidence, any of these.',
    where: (classes) => sql`e.evidence_class = ANY (${classes}::evidence_class[])`,
  },
  exposureMetrics: {
    type: () => [ExposureMetric],
    description: 'Kinds of observed exposure, any of these; trials have none.',
    where: (metrics) => sql`e.exposure_metric = ANY (${metrics}::exposure_metric[])`,
  },
  units: {
    type: () => [String],
    description: 'UCUM units that the source reports in, any of these: "mmol/L", "mm[Hg]", "{score}".',
    where: (units, _, vocabulary) => sql`e.unit = ANY (${units.map((unit) => requireUnit(unit, vocabulary))}::text[])`,
  },
  results: {
    type: () => [String],
    names: resultSlugs,
    description: 'Single effects by slug or global id, any of these; inside `not` they are left out.',
    where: (refs) => sql`e.slug = ANY (${slugsNamed(refs, 'Evidence', 'results')}::text[])`,
  },
}

/** Words about what an arm received: its regimen, a row `e` with the columns that `evidence_row` has of it. */
export const armWords: Pick<Words, 'routes' | 'elementalMgPerDay' | 'doseAmbiguity' | 'durationDays'> = {
  routes: { type: () => [Route], description: 'How magnesium was given, any of these.', where: (routes) => sql`e.routes && ${routes}::route[]` },
  elementalMgPerDay: {
    type: () => FloatRange,
    description: 'Elemental magnesium, mg per day, over all phases of the regimen.',
    where: (range, { doseAmbiguity }) =>
      ranged<FloatRange>('elementalMgPerDay', (bounds) => doseWithin(bounds, doseAmbiguity ?? 'ANY_OVERLAP'), possible.amount)(range),
  },
  doseAmbiguity: {
    type: () => DoseAmbiguity,
    description: 'How to treat doses known only as an interval, because the source leaves the form or the basis open.',
    default: 'ANY_OVERLAP',
    where: (ambiguity, { elementalMgPerDay }) => (ambiguity === 'EXCLUDE_AMBIGUOUS' && elementalMgPerDay == null ? sql`NOT e.dose_ambiguous` : null),
  },
  durationDays: {
    type: () => FloatRange,
    description: 'Length of treatment, days.',
    where: ranged('durationDays', (range) => between(sql`e.duration_days`, range), possible.amount),
  },
}

/** Words about who took part, a row `e` with the columns that `evidence_row` has of a population. */
export const populationWords: Pick<Words, 'populationConditions' | 'meanAge' | 'femalePercent' | 'baselineSerumMagnesium'> = {
  populationConditions: {
    type: () => [String],
    description: `Conditions that the participants have, any of them: ${refHelp}.`,
    where: (refs, { includeNarrower }, { conditions }) => sql`e.population_condition_ids && ${conditions.keysNamed(refs, includeNarrower)}::int[]`,
  },
  meanAge: {
    type: () => FloatRange,
    description: 'Mean age of the population, years.',
    where: ranged('meanAge', (range) => between(sql`e.mean_age`, range), possible.age),
  },
  femalePercent: {
    type: () => FloatRange,
    description: 'Share of women, percent.',
    where: ranged('femalePercent', (range) => between(sql`e.female_percent`, range), possible.percent),
  },
  baselineSerumMagnesium: {
    type: () => FloatRange,
    description: 'Mean serum magnesium before treatment, mmol/L.',
    where: ranged('baselineSerumMagnesium', (range) => between(sql`e.baseline_serum_magnesium`, range), possible.amount),
  },
}

/** Words about a study, a row `s` of `study_row`. */
export const studyWords: Pick<Words, 'studies' | 'countries' | 'evidenceKinds' | 'concern' | 'cohorts'> = {
  studies: {
    type: () => [String],
    names: studySlugs,
    description: 'Studies by slug or global id, any of these; inside `not` they are left out.',
    where: (refs) => sql`s.slug = ANY (${slugsNamed(refs, 'Study', 'studies')}::text[])`,
  },
  countries: {
    type: () => [String],
    description: 'Countries of the study, any of these: ISO 3166-1 codes of two or three letters, or English names.',
    where: (countries) => sql`s.countries && ${countries.map(requireCountry)}::text[]`,
  },
  evidenceKinds: {
    type: () => [EvidenceKind],
    description: 'Kinds of publication, any of these: primary studies, reviews …',
    where: (kinds) => sql`s.evidence_kind = ANY (${kinds}::evidence_kind[])`,
  },
  concern: {
    type: () => ConcernFilter,
    description: 'What to do with studies under an expression of concern, or doubted by a third party; left out, they are shown.',
    where: (concern) => {
      if (concern === 'INCLUDE') return null
      const doubted = sql`s.study_id IN (SELECT d.study_id FROM study_row d WHERE d.status = 'CONCERN' UNION SELECT k.study_id FROM study_concern k)`
      return concern === 'ONLY' ? doubted : sql`NOT (${doubted})`
    },
  },
  cohorts: {
    type: () => [String],
    names: cohorts,
    description: 'Larger samples that the people of the study are of, such as aric, any of these.',
    where: (named) => sql`s.study_id IN (SELECT c.id FROM study c WHERE c.cohorts && ${named.map(slugLike)}::text[])`,
  },
}

/** @throws {PublicError} BAD_USER_INPUT UNKNOWN_UNIT, with the nearest units */
function requireUnit(unit: string, { units }: Vocabulary): string {
  if (units.includes(unit)) return unit
  const suggestions = nearestWords(unit, units, 5)
  throw new PublicError('BAD_USER_INPUT', `no effect is reported in the unit "${unit}": did you mean ${suggestions.map((one) => `"${one}"`).join(', ')}?`, {
    reason: 'UNKNOWN_UNIT',
    argument: 'units',
    ref: unit,
    suggestions,
  })
}

function doseWithin(range: FloatRange, ambiguity: DoseAmbiguity): Sql {
  if (ambiguity === 'ANY_OVERLAP') {
    const overlaps = [
      ...(range.gte == null && range.gt == null ? [] : [between(sql`e.elemental_mg_high`, { gte: range.gte ?? null, gt: range.gt ?? null })]),
      ...(range.lte == null && range.lt == null ? [] : [between(sql`e.elemental_mg_low`, { lte: range.lte ?? null, lt: range.lt ?? null })]),
    ]
    return sql`(${join(overlaps, ' AND ')})`
  }
  const within = sql`(${between(sql`e.elemental_mg_low`, range)} AND ${between(sql`e.elemental_mg_high`, range)})`
  return ambiguity === 'WHOLLY_WITHIN' ? within : sql`(NOT e.dose_ambiguous AND ${within})`
}
