import sql, { type Sql } from 'sql-template-tag'
import { PublicError } from '../errors.js'
import {
  AbsentReason,
  AnalysisScale,
  AnalysisSet,
  CoherenceStatus,
  Comparison,
  EffectDirection,
  EffectMeasure,
  EffectOrigin,
  RiskOfBiasLevel,
  StudyDesign,
  SubjectKind,
  ValueKind,
} from '../generated/prisma/enums.js'
import { PageArgs } from '../graphql/connection.js'
import { ArgsType, Field, InputType } from '../graphql/decorators.js'
import { describeEnum } from '../graphql/enum.js'
import { defineFilter, fieldsThrough, ranged, type Through } from '../graphql/filter.js'
import type { Context } from '../graphql/context.js'
import type { SortDirection as Direction, SortKey } from '../graphql/keyset.js'
import { requireNames } from '../graphql/names.js'
import { NullsOrder, sortKeyOf, SortDirection } from '../graphql/order.js'
import { between, IntRange, possible } from '../graphql/ranges.js'
import { DateScalar } from '../graphql/scalars.js'
import { among, armWords, effectWords, FilterWords, populationWords, studyWords } from '../study/filterWords.js'
import { readIdentifiers, relevanceOf, RetractionFilter } from '../study/study.filter.js'
import { studiesReportedBy } from '../study/study.queries.js'
import { foundBy, wordsHelp } from '../study/words.js'
import { refHelp } from '../vocabulary/vocabulary.graphql.js'
import { namingNearestTerms, vocabularyOf } from '../vocabulary/vocabulary.queries.js'
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

@InputType({
  description:
    'Which effects to list. What is left out restricts nothing, except that at the root only effects in people and in studies that are not retracted are shown.',
})
export class EvidenceFilter extends FilterWords {
  conditions?: string[] | null
  forms?: string[] | null
  outcomes?: string[] | null
  designs?: StudyDesign[] | null
  subjects?: SubjectKind[] | null
  participants?: IntRange | null
  year?: IntRange | null
  riskOfBias?: RiskOfBiasLevel[] | null
  isHarm?: boolean | null
  poolable?: boolean | null
  retracted?: RetractionFilter | null
  identifiers?: string[] | null
  text?: string | null
  and?: EvidenceFilter[] | null
  or?: EvidenceFilter[] | null
  not?: EvidenceFilter | null
}

/** Nearly every effect is of one form, which an index finds together with the condition; the few of several forms have no `form_id`. */
const givenAlone = (keys: readonly number[]): Sql => among(sql`e.form_id`, keys)
const givenTogether = (keys: readonly number[]): Sql => sql`e.form_id IS NULL AND e.form_ids && ${keys}::int[]`
const givenAmong = (keys: readonly number[]): Sql => sql`(${givenAlone(keys)} OR (${givenTogether(keys)}))`

const ofStudy: Through = (predicate) => sql`e.study_id IN (SELECT s.study_id FROM study_row s WHERE ${predicate})`

const filter = defineFilter<EvidenceFilter, Vocabulary>(EvidenceFilter, {
  ...effectWords,
  ...armWords,
  ...populationWords,
  ...fieldsThrough(ofStudy, studyWords),
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
  designs: { type: () => [StudyDesign], description: 'Study designs, any of them.', where: (designs) => sql`e.design = ANY (${designs}::study_design[])` },
  subjects: {
    type: () => [SubjectKind],
    description: 'Left out at the root: HUMAN alone. Inside and/or/not it restricts only where given.',
    where: (subjects) => sql`e.subjects = ANY (${subjects}::subject_kind[])`,
  },
  participants: {
    type: () => IntRange,
    description: 'Participants behind the effect, both arms together.',
    where: ranged('participants', (range) => between(sql`e.participants`, range), possible.amount),
  },
  year: { type: () => IntRange, description: 'Year of the main report.', where: ranged('year', (range) => between(sql`e.year`, range), possible.year) },
  isHarm: {
    type: () => Boolean,
    description: 'True: only outcomes that are unwanted effects of treatment; false: only others.',
    where: (isHarm, _, { outcomes }) => sql`e.outcome_id = ANY (${outcomes.all.filter((outcome) => outcome.isHarm === isHarm).map(({ key }) => key)}::int[])`,
  },
  poolable: {
    type: () => Boolean,
    description: 'True: only effects with an estimate and a standard error; false: only the others.',
    where: (poolable) => sql`(e.estimate IS NOT NULL AND e.standard_error IS NOT NULL) = ${poolable}`,
  },
  retracted: {
    type: () => RetractionFilter,
    description: 'Left out at the root: EXCLUDE. Inside and/or/not it restricts only where given.',
    where: (retracted) => (retracted === 'INCLUDE' ? null : retracted === 'ONLY' ? sql`e.retracted` : sql`NOT e.retracted`),
  },
  recordedSince: {
    type: () => DateScalar,
    description: 'Effects that curators took down, or read in a further source, on this day or later: `provenance.recordedAt` and those of `furtherSources`.',
    where: (day) => sql`e.id IN (
      SELECT p.result_id FROM source src JOIN result_report p ON p.source_id = src.id WHERE src.recorded_at >= ${day}::date
      UNION SELECT fs.result_id FROM source src JOIN result_source fs ON fs.source_id = src.id WHERE src.recorded_at >= ${day}::date)`,
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
  riskOfBias: {
    type: () => [RiskOfBiasLevel],
    description: 'Overall risk of bias, any of these; effects that nobody assessed are in none.',
    where: (levels) => sql`e.risk_of_bias = ANY (${levels}::risk_of_bias_level[])`,
  },
})

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

/** Every word of the filter. */
export const evidenceFilterWords = filter.words

/**
 * The predicate of a filter whose names are all known: terms from memory, others by one statement if there are any.
 *
 * @throws {PublicError} BAD_USER_INPUT UNKNOWN_TERM, UNKNOWN_STUDY and what else the filter refuses
 */
export async function requireEvidence(context: Context, wanted: EvidenceFilter): Promise<Sql> {
  const vocabulary = await vocabularyOf(context)
  return namingNearestTerms(context, async () => {
    const where = evidenceWanted(wanted, vocabulary)
    await requireNames(context.database, filter.namesIn(wanted))
    return where
  })
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
  RECORDED_AT: 'RECORDED_AT',
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
  RECORDED_AT: 'Day on which the effect was last taken down or read in a further source: new data first with DESC.',
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
  RECORDED_AT: sql`(
    SELECT extract(epoch FROM max(src.recorded_at))::double precision FROM source src
    WHERE src.id IN (SELECT p.source_id FROM result_report p WHERE p.result_id = e.id UNION ALL SELECT fs.source_id FROM result_source fs WHERE fs.result_id = e.id))`,
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
