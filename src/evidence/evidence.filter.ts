import sql, { join, type Sql } from 'sql-template-tag'
import { PublicError } from '../errors.js'
import {
  AbsentReason,
  AnalysisScale,
  AnalysisSet,
  ArmRole,
  CoherenceStatus,
  Comparison,
  ComparisonKind,
  EffectDirection,
  EffectMeasure,
  EffectOrigin,
  EvidenceClass,
  EvidenceKind,
  ExposureMetric,
  RiskOfBiasLevel,
  Route,
  StudyDesign,
  SubjectKind,
  ValueKind,
} from '../generated/prisma/enums.js'
import { PageArgs } from '../graphql/connection.js'
import { ArgsType, Field, InputType } from '../graphql/decorators.js'
import { describeEnum } from '../graphql/enum.js'
import { defineFilter, ranged } from '../graphql/filter.js'
import type { SortDirection as Direction, SortKey } from '../graphql/keyset.js'
import { NullsOrder, sortKeyOf, SortDirection } from '../graphql/order.js'
import { decodeId, typeOfId } from '../graphql/nodeId.js'
import { between, FloatRange, IntRange } from '../graphql/ranges.js'
import { readIdentifiers, relevanceOf, RetractionFilter } from '../study/study.filter.js'
import { studiesReportedBy } from '../study/study.queries.js'
import { refHelp } from '../vocabulary/vocabulary.graphql.js'
import { foundBy, wordsHelp } from '../study/words.js'
import { nearestWords } from '../vocabulary/nearest.js'
import type { Vocabulary } from '../vocabulary/vocabulary.js'

describeEnum(EffectMeasure, 'EffectMeasure', 'What an effect is expressed in.', {
  MD: 'Mean difference, in the instrument’s unit.',
  SMD: 'Standardised mean difference (Hedges’ g).',
  ROM: 'Ratio of means.',
  OR: 'Odds ratio.',
  RR: 'Risk ratio.',
  RD: 'Risk difference, as a share (0.1 is 10 percentage points).',
  HR: 'Hazard ratio.',
  IRR: 'Incidence rate ratio.',
  COR: 'Correlation coefficient.',
  BETA: 'Regression coefficient, in the units of its regression.',
})
describeEnum(AnalysisScale, 'AnalysisScale', 'The scale on which an effect is analysed and its standard error is given.', {
  IDENTITY: 'As shown.',
  LOG: 'Natural logarithm.',
  FISHER_Z: 'Fisher’s z, the inverse hyperbolic tangent.',
})
describeEnum(EffectDirection, 'EffectDirection', 'Whom an effect favours, by the outcome’s benefit direction.', {
  FAVOURS_MAGNESIUM: 'Better with magnesium, and chance alone is an unlikely reason at the level stated.',
  FAVOURS_COMPARATOR: 'Worse with magnesium, and chance alone is an unlikely reason at the level stated.',
  NO_CLEAR_DIFFERENCE: 'The uncertainty covers no effect. This is not evidence of equality, let alone of benefit.',
  UNCLEAR: 'Cannot be told: no interval or p value, or an outcome with no good direction.',
})
describeEnum(Comparison, 'Comparison', 'How a p value was reported.', { EQ: 'Exactly.', LT: 'As smaller than a threshold.', GT: 'As larger than a threshold.' })
describeEnum(EffectOrigin, 'EffectOrigin', 'How an effect and its standard error came about.', {
  REPORTED: 'As the source reports it.',
  ARM_DATA: 'Computed from counts or means of the arms.',
  FROM_CI: 'Standard error from a confidence interval; the estimate as reported, or the difference of two means.',
  FROM_P: 'Standard error from an exact p value; the estimate as reported, or the difference of two means.',
  FROM_TEST_STATISTIC: 'From a reported t, F or chi-squared.',
  FROM_MEDIAN: 'Computed from medians by a named formula.',
  IMPUTED: 'With a value taken from elsewhere.',
})
describeEnum(AbsentReason, 'AbsentReason', 'Why a number is missing.', {
  NOT_REPORTED: 'The source does not report it.',
  NOT_EXTRACTED: 'The source may report it; it was not among what was read.',
  NOT_APPLICABLE: 'It makes no sense here.',
  ONLY_IN_FIGURE: 'It is shown in a figure only.',
  ONLY_P_THRESHOLD: 'Only a p value or a threshold is given.',
})
describeEnum(AnalysisSet, 'AnalysisSet', 'Whose data were analysed.', {
  ITT: 'Everyone randomised, as randomised.',
  MITT: 'Everyone randomised with a stated exception.',
  PER_PROTOCOL: 'Those who kept to the protocol.',
  COMPLETERS: 'Those with data at the end.',
  UNKNOWN: 'Not known from the source.',
})
describeEnum(ValueKind, 'ValueKind', 'What kind of value was compared.', {
  FINAL: 'The value at the time point.',
  CHANGE: 'The change from baseline.',
  PERCENT_CHANGE: 'The change in percent of baseline.',
  EVENT: 'Whether something happened.',
  ASSOCIATION: 'An observed association.',
})
describeEnum(CoherenceStatus, 'CoherenceStatus', 'Whether reported numbers agree with each other.', {
  PASS: 'Every check that could be made agrees.',
  WARN: 'A check is off by more than rounding.',
  FAIL: 'Numbers contradict each other.',
  NOT_CHECKABLE: 'Too little is reported to check.',
})

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

@InputType({
  description:
    'Which effects to list. What is left out restricts nothing, except that at the root only effects in people and in studies that are not retracted are shown.',
})
export class EvidenceFilter {
  conditions?: string[] | null
  includeNarrower?: boolean | null
  forms?: string[] | null
  outcomes?: string[] | null
  instruments?: string[] | null
  measures?: EffectMeasure[] | null
  estimate?: FloatRange | null
  standardizedBenefit?: FloatRange | null
  directions?: EffectDirection[] | null
  ciExcludesNull?: boolean | null
  pValue?: FloatRange | null
  designs?: StudyDesign[] | null
  subjects?: SubjectKind[] | null
  comparators?: ArmRole[] | null
  routes?: Route[] | null
  elementalMgPerDay?: FloatRange | null
  doseAmbiguity?: DoseAmbiguity | null
  durationDays?: FloatRange | null
  timepointDays?: FloatRange | null
  participants?: IntRange | null
  year?: IntRange | null
  meanAge?: FloatRange | null
  femalePercent?: FloatRange | null
  populationConditions?: string[] | null
  baselineSerumMagnesium?: FloatRange | null
  riskOfBias?: RiskOfBiasLevel[] | null
  coherence?: CoherenceStatus[] | null
  comparison?: ComparisonKind[] | null
  comparisonKeys?: string[] | null
  agents?: string[] | null
  combinations?: CombinationFilter | null
  combinedWith?: string[] | null
  evidenceClasses?: EvidenceClass[] | null
  exposureMetrics?: ExposureMetric[] | null
  units?: string[] | null
  studies?: string[] | null
  results?: string[] | null
  isHarm?: boolean | null
  countries?: string[] | null
  evidenceKinds?: EvidenceKind[] | null
  poolable?: boolean | null
  concern?: ConcernFilter | null
  retracted?: RetractionFilter | null
  identifiers?: string[] | null
  text?: string | null
  and?: EvidenceFilter[] | null
  or?: EvidenceFilter[] | null
  not?: EvidenceFilter | null
}

/** One value is compared with =, so that an index on the column also gives the order of what follows. */
const among = (column: Sql, keys: readonly number[]): Sql => (keys.length === 1 ? sql`${column} = ${keys[0]}` : sql`${column} = ANY (${keys}::int[])`)

/** Nearly every effect is of one form, which an index finds together with the condition; the few of several forms have no `form_id`. */
const givenAlone = (keys: readonly number[]): Sql => among(sql`e.form_id`, keys)
const givenTogether = (keys: readonly number[]): Sql => sql`e.form_id IS NULL AND e.form_ids && ${keys}::int[]`
const givenAmong = (keys: readonly number[]): Sql => sql`(${givenAlone(keys)} OR (${givenTogether(keys)}))`

const filter = defineFilter<EvidenceFilter, Vocabulary>(EvidenceFilter, {
  conditions: {
    type: () => [String],
    description: `Conditions that the outcome speaks to, any of them: ${refHelp}.`,
    where: (refs, { includeNarrower }, { conditions }) => among(sql`e.condition_id`, conditions.keysNamed(refs, includeNarrower)),
  },
  includeNarrower: { type: () => Boolean, description: 'Whether a condition or form stands for its narrower terms too.', default: true },
  forms: {
    type: () => [String],
    description: `Magnesium forms given, any of them: ${refHelp}.`,
    where: (refs, { includeNarrower }, { forms }) => givenAmong(forms.keysNamed(refs, includeNarrower)),
  },
  outcomes: {
    type: () => [String],
    description: `Outcomes, any of them: ${refHelp}.`,
    where: (refs, _, { outcomes }) =>
      among(
        sql`e.outcome_id`,
        refs.map((ref) => outcomes.named(ref).key),
      ),
  },
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
    where: ranged('pValue', (range) => between(sql`e.p_value`, range)),
  },
  designs: { type: () => [StudyDesign], description: 'Study designs, any of them.', where: (designs) => sql`e.design = ANY (${designs}::study_design[])` },
  subjects: {
    type: () => [SubjectKind],
    description: 'Left out at the root: HUMAN alone. Inside and/or/not it restricts only where given.',
    where: (subjects) => sql`e.subjects = ANY (${subjects}::subject_kind[])`,
  },
  comparators: {
    type: () => [ArmRole],
    description: 'What magnesium was compared with, any of these.',
    where: (roles) => sql`e.comparator_role = ANY (${roles}::arm_role[])`,
  },
  routes: { type: () => [Route], description: 'How magnesium was given, any of these.', where: (routes) => sql`e.routes && ${routes}::route[]` },
  elementalMgPerDay: {
    type: () => FloatRange,
    description: 'Elemental magnesium, mg per day, over all phases of the regimen.',
    where: (range, { doseAmbiguity }) => ranged<FloatRange>('elementalMgPerDay', (bounds) => doseWithin(bounds, doseAmbiguity ?? 'ANY_OVERLAP'))(range),
  },
  doseAmbiguity: {
    type: () => DoseAmbiguity,
    description: 'How to treat doses known only as an interval, because the source leaves the form or the basis open.',
    default: 'ANY_OVERLAP',
    where: (ambiguity, { elementalMgPerDay }) => (ambiguity === 'EXCLUDE_AMBIGUOUS' && elementalMgPerDay == null ? sql`NOT e.dose_ambiguous` : sql`true`),
  },
  durationDays: {
    type: () => FloatRange,
    description: 'Length of treatment, days.',
    where: ranged('durationDays', (range) => between(sql`e.duration_days`, range)),
  },
  timepointDays: {
    type: () => FloatRange,
    description: 'When the outcome was taken, days from the start of treatment.',
    where: ranged('timepointDays', (range) => between(sql`e.timepoint_days`, range)),
  },
  participants: {
    type: () => IntRange,
    description: 'Participants behind the effect, both arms together.',
    where: ranged('participants', (range) => between(sql`e.participants`, range)),
  },
  year: { type: () => IntRange, description: 'Year of the main report.', where: ranged('year', (range) => between(sql`e.year`, range)) },
  meanAge: { type: () => FloatRange, description: 'Mean age of the population, years.', where: ranged('meanAge', (range) => between(sql`e.mean_age`, range)) },
  femalePercent: {
    type: () => FloatRange,
    description: 'Share of women, percent.',
    where: ranged('femalePercent', (range) => between(sql`e.female_percent`, range)),
  },
  populationConditions: {
    type: () => [String],
    description: `Conditions that the participants have, any of them: ${refHelp}.`,
    where: (refs, { includeNarrower }, { conditions }) => sql`e.population_condition_ids && ${conditions.keysNamed(refs, includeNarrower)}::int[]`,
  },
  baselineSerumMagnesium: {
    type: () => FloatRange,
    description: 'Mean serum magnesium before treatment, mmol/L.',
    where: ranged('baselineSerumMagnesium', (range) => between(sql`e.baseline_serum_magnesium`, range)),
  },
  riskOfBias: {
    type: () => [RiskOfBiasLevel],
    description: 'Overall risk of bias, any of these; effects that nobody assessed are in none.',
    where: (levels) => sql`e.risk_of_bias = ANY (${levels}::risk_of_bias_level[])`,
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
    where: (combinations) => (combinations === 'INCLUDE' ? sql`true` : combinations === 'ONLY' ? sql`e.combined_with <> '{}'` : sql`e.combined_with = '{}'`),
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
  studies: {
    type: () => [String],
    description: 'Studies by slug or global id, any of these; inside `not` they are left out.',
    where: (refs) => sql`e.study_slug = ANY (${refs.map((ref) => slugOf(ref, 'Study'))}::text[])`,
  },
  results: {
    type: () => [String],
    description: 'Single effects by slug or global id, any of these; inside `not` they are left out.',
    where: (refs) => sql`e.slug = ANY (${refs.map((ref) => slugOf(ref, 'Evidence'))}::text[])`,
  },
  isHarm: {
    type: () => Boolean,
    description: 'True: only outcomes that are unwanted effects of treatment; false: only others.',
    where: (isHarm, _, { outcomes }) => sql`e.outcome_id = ANY (${outcomes.all.filter((outcome) => outcome.isHarm === isHarm).map(({ key }) => key)}::int[])`,
  },
  countries: {
    type: () => [String],
    description: 'Countries of the study, ISO 3166-1 alpha-2, any of these.',
    where: (countries) =>
      sql`e.study_id IN (SELECT s.study_id FROM study_row s WHERE s.countries && ${countries.map((country) => country.toUpperCase())}::text[])`,
  },
  evidenceKinds: {
    type: () => [EvidenceKind],
    description: 'Kinds of publication, any of these.',
    where: (kinds) => sql`e.study_id IN (SELECT s.study_id FROM study_row s WHERE s.evidence_kind = ANY (${kinds}::evidence_kind[]))`,
  },
  poolable: {
    type: () => Boolean,
    description: 'True: only effects with an estimate and a standard error; false: only the others.',
    where: (poolable) => sql`(e.estimate IS NOT NULL AND e.standard_error IS NOT NULL) = ${poolable}`,
  },
  concern: {
    type: () => ConcernFilter,
    description: 'What to do with studies under an expression of concern, or doubted by a third party; left out, they are shown.',
    where: (concern) => {
      if (concern === 'INCLUDE') return sql`true`
      const doubted = sql`e.study_id IN (SELECT s.study_id FROM study_row s WHERE s.status = 'CONCERN' UNION SELECT k.study_id FROM study_concern k)`
      return concern === 'ONLY' ? doubted : sql`NOT (${doubted})`
    },
  },
  retracted: {
    type: () => RetractionFilter,
    description: 'Left out at the root: EXCLUDE. Inside and/or/not it restricts only where given.',
    where: (retracted) => (retracted === 'INCLUDE' ? sql`true` : retracted === 'ONLY' ? sql`e.retracted` : sql`NOT e.retracted`),
  },
  identifiers: {
    type: () => [String],
    description: 'DOI, PMID, PMCID or registry ids, in any usual notation, of reports of the study or of reviews that tabulate it.',
    where: (texts) => sql`e.study_id IN (${studiesReportedBy(readIdentifiers(texts))})`,
  },
  text: {
    type: () => String,
    description: `Words in the study: title, authors, findings, conditions, forms, outcomes; ${wordsHelp}`,
    where: (text) => sql`e.study_id IN (${foundBy('STUDY', text)})`,
  },
})

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

/** A slug, whether it is given as such or as a global id of the type. */
function slugOf(ref: string, type: 'Study' | 'Evidence'): string {
  const decoded = typeOfId(ref) === type ? decodeId(ref).slug : ref
  return decoded.trim().toLowerCase()
}

/** The predicate of a filter, with what holds at its root when nothing is said: people only, nothing retracted. */
export function evidenceWanted(wanted: EvidenceFilter, vocabulary: Vocabulary): Sql {
  return filter.where({ ...wanted, subjects: wanted.subjects ?? ['HUMAN'], retracted: wanted.retracted ?? 'EXCLUDE' }, vocabulary)
}

/**
 * The predicate of a filter as predicates that no row fulfils two of. Of one form, effects of it alone and of several forms are apart: each has an index
 * in the order of the page, and a planner that does not know the form would otherwise sort all that it was given for.
 */
export function evidenceWantedApart(wanted: EvidenceFilter, vocabulary: Vocabulary): Sql[] {
  const { forms: refs, ...others } = wanted
  const keys = refs == null ? [] : vocabulary.forms.keysNamed(refs, wanted.includeNarrower ?? true)
  if (keys.length !== 1) return [evidenceWanted(wanted, vocabulary)]
  const rest = evidenceWanted(others, vocabulary)
  return [givenAlone(keys), givenTogether(keys)].map((given) => sql`${given} AND ${rest}`)
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

export const EvidenceOrderField = {
  STANDARDIZED_BENEFIT: 'STANDARDIZED_BENEFIT',
  ESTIMATE: 'ESTIMATE',
  P_VALUE: 'P_VALUE',
  PARTICIPANTS: 'PARTICIPANTS',
  YEAR: 'YEAR',
  ELEMENTAL_MG_PER_DAY: 'ELEMENTAL_MG_PER_DAY',
  DURATION_DAYS: 'DURATION_DAYS',
  STUDY: 'STUDY',
  RELEVANCE: 'RELEVANCE',
} as const
export type EvidenceOrderField = keyof typeof EvidenceOrderField
describeEnum(EvidenceOrderField, 'EvidenceOrderField', 'What effects are sorted by.', {
  STANDARDIZED_BENEFIT: 'Hedges-g equivalent; largest benefit first with DESC.',
  ESTIMATE: 'Estimate on the scale shown; meaningful within one measure.',
  P_VALUE: 'p value, a threshold counting as its limit.',
  PARTICIPANTS: 'Participants behind the effect.',
  YEAR: 'Year of the main report.',
  ELEMENTAL_MG_PER_DAY: 'Elemental magnesium a day, by the low bound.',
  DURATION_DAYS: 'Length of treatment.',
  STUDY: 'Slug of the study: first author and year.',
  RELEVANCE: 'How well the study answers `filter.text`, which must be given.',
})

@InputType({ description: 'One key of an order of effects.' })
export class EvidenceOrder {
  @Field(() => EvidenceOrderField, { description: 'What to sort by.' })
  field!: EvidenceOrderField

  @Field(() => SortDirection, { nullable: true, defaultValue: 'ASC', description: 'Smallest first or largest first.' })
  direction!: Direction

  @Field(() => NullsOrder, { nullable: true, defaultValue: 'LAST', description: 'Where effects without the value stand.' })
  nulls!: NullsOrder
}

@ArgsType()
export class EvidenceListArgs extends PageArgs {
  @Field(() => EvidenceFilter, { nullable: true, description: 'Which effects to list.' })
  filter?: EvidenceFilter | null

  @Field(() => [EvidenceOrder], { nullable: true, description: 'Sort keys, the most important first; by study when left out.' })
  orderBy?: EvidenceOrder[] | null
}

const numericColumn: Readonly<Record<Exclude<EvidenceOrderField, 'STUDY' | 'RELEVANCE'>, Sql>> = {
  STANDARDIZED_BENEFIT: sql`e.standardized_benefit`,
  ESTIMATE: sql`e.estimate`,
  P_VALUE: sql`e.p_value`,
  PARTICIPANTS: sql`e.participants::double precision`,
  YEAR: sql`e.year::double precision`,
  ELEMENTAL_MG_PER_DAY: sql`e.elemental_mg_low`,
  DURATION_DAYS: sql`e.duration_days`,
}

/** The keys of an order of effects; the row's own key makes it total. */
export function evidenceOrder(orderBy: readonly EvidenceOrder[] | null | undefined, wanted: EvidenceFilter | null | undefined): SortKey[] {
  const asked = orderBy?.length ? orderBy : [{ field: 'STUDY', direction: 'ASC', nulls: 'LAST' } as const]
  const keys = asked.map(({ field, direction, nulls }) => {
    if (field === 'STUDY') return { name: field, sql: sql`e.study_slug COLLATE "C"`, type: 'text', direction } as const
    if (field !== 'RELEVANCE') return sortKeyOf({ name: field, sql: numericColumn[field], type: 'double precision', direction, nulls })
    if (!wanted?.text?.trim())
      throw new PublicError('BAD_USER_INPUT', 'ordering by RELEVANCE needs filter.text: relevance is to the words asked for', {
        reason: 'RELEVANCE_WITHOUT_TEXT',
        argument: 'orderBy',
      })
    return { name: field, sql: relevanceOf(sql`e.study_id`, wanted.text), type: 'double precision', direction } as const
  })
  return [...keys, { name: 'ID', sql: sql`e.id`, type: 'integer', direction: keys.at(-1)?.direction ?? 'ASC' }]
}
