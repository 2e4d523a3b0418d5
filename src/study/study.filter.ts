import sql, { type Sql } from 'sql-template-tag'
import { PublicError } from '../errors.js'
import { AmountPer, ArmRole, EvidenceKind, RiskOfBiasLevel, Route, StudyDesign, SubjectKind } from '../generated/prisma/enums.js'
import { Field, InputType, ArgsType } from '../graphql/decorators.js'
import { describeEnum } from '../graphql/enum.js'
import { defineFilter, fieldsThrough, ranged, type Through } from '../graphql/filter.js'
import type { Context } from '../graphql/context.js'
import { PageArgs } from '../graphql/connection.js'
import type { SortDirection as Direction, SortKey } from '../graphql/keyset.js'
import { requireNames } from '../graphql/names.js'
import { NullsOrder, sortKeyOf, SortDirection } from '../graphql/order.js'
import { between, IntRange, possible } from '../graphql/ranges.js'
import { DateScalar } from '../graphql/scalars.js'
import { refHelp } from '../vocabulary/vocabulary.graphql.js'
import type { Vocabulary } from '../vocabulary/vocabulary.js'
import { namingNearestTerms, vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { armWords, effectWords, FilterWords, populationWords, studyWords } from './filterWords.js'
import { readIdentifier, type Identifier } from './identifiers.js'
import { studiesReportedBy } from './study.queries.js'
import { foundBy, wordsHelp, wordsOf } from './words.js'

export const RetractionFilter = { EXCLUDE: 'EXCLUDE', INCLUDE: 'INCLUDE', ONLY: 'ONLY' } as const
export type RetractionFilter = keyof typeof RetractionFilter
describeEnum(RetractionFilter, 'RetractionFilter', 'What to do with studies whose main report was retracted.', {
  EXCLUDE: 'Leave them out.',
  INCLUDE: 'Show them among the others.',
  ONLY: 'Show nothing else.',
})
describeEnum(StudyDesign, 'StudyDesign', 'How a study was done.', {
  RCT_PARALLEL: 'Randomised, each participant in one arm.',
  RCT_CROSSOVER: 'Randomised order of treatments, each participant in every arm.',
  RCT_CLUSTER: 'Groups (wards, families, villages) randomised.',
  RCT_FACTORIAL: 'Randomised to two or more interventions at once.',
  QUASI_EXPERIMENTAL: 'Allocated, but not at random.',
  COHORT: 'Exposure observed, participants followed up.',
  CASE_CONTROL: 'Cases and controls compared for past exposure.',
  CROSS_SECTIONAL: 'Exposure and outcome observed at one time.',
  SINGLE_ARM: 'One treated group, before and after.',
  CASE_SERIES: 'A few treated patients described.',
  MENDELIAN_RANDOMIZATION: 'Genetic variants stand in for exposure.',
  ANIMAL: 'In animals.',
  IN_VITRO: 'In cells or tissues.',
  REVIEW: 'A review or opinion of other work.',
})
describeEnum(EvidenceKind, 'EvidenceKind', 'What kind of publication the evidence is.', {
  PRIMARY: 'A study of its own.',
  SYSTEMATIC_REVIEW: 'A systematic review without pooling.',
  META_ANALYSIS: 'A review that pools the results of studies.',
  NARRATIVE_REVIEW: 'A review without a systematic search.',
  GUIDELINE: 'A guideline or a scientific opinion of an authority.',
  COMMENTARY: 'An editorial, letter or comment.',
})
describeEnum(SubjectKind, 'SubjectKind', 'In whom or what a study was done.', {
  HUMAN: 'People.',
  ANIMAL: 'Animals.',
  IN_VITRO: 'Cells, organoids or tissues.',
})
describeEnum(ArmRole, 'ArmRole', 'What an arm stands for in its trial.', {
  MAGNESIUM: 'Receives the magnesium that is tested.',
  MAGNESIUM_LOWER_DOSE: 'Receives less magnesium, for comparison.',
  PLACEBO: 'Receives a dummy.',
  ACTIVE_CONTROL: 'Receives another active treatment.',
  NO_TREATMENT: 'Receives nothing.',
  USUAL_CARE: 'Receives what patients usually receive.',
})
describeEnum(AmountPer, 'AmountPer', 'What an amount is given for each of.', {
  KG: 'A kilogram of body weight.',
  HOUR: 'An hour of infusion.',
  KG_HOUR: 'A kilogram of body weight and an hour of infusion.',
})
describeEnum(Route, 'Route', 'How magnesium is given.', {
  ORAL: 'By mouth.',
  INTRAVENOUS: 'Into a vein.',
  INTRAMUSCULAR: 'Into a muscle.',
  TOPICAL: 'On the skin.',
  INHALED: 'Breathed in, nebulised.',
  DIETARY: 'In food.',
  INTRATHECAL: 'Into the fluid around the spinal cord.',
  EPIDURAL: 'Around the membranes of the spinal cord.',
  CAUDAL: 'Around them from below, mostly in children.',
  PERINEURAL: 'Around a nerve or a plexus of nerves.',
  INTRAPERITONEAL: 'Into the abdominal cavity.',
  INFILTRATION: 'Into a wound, a joint or a trigger point.',
  GARGLE: 'As a gargle or a lozenge.',
  DIALYSATE: 'By the fluid of a dialysis.',
  PARENTERAL_MIXED: 'Into a vein and into a muscle, one after the other.',
  NOT_STATED: 'Not read: the source does not say, or that part of it was not seen.',
})

/** @throws {PublicError} BAD_USER_INPUT if a text is no identifier */
export function readIdentifiers(texts: readonly string[]): Identifier[] {
  return texts.map((text) => {
    const identifier = readIdentifier(text)
    if (identifier === null)
      throw new PublicError('BAD_USER_INPUT', `"${text.slice(0, 100)}" is not a DOI, PMID, PMCID or registry id`, {
        reason: 'MALFORMED_IDENTIFIER',
        argument: 'identifiers',
      })
    return identifier
  })
}

/** How well a study answers a text, as SQL over a row that has its key. */
export function relevanceOf(studyKey: Sql, text: string): Sql {
  return sql`coalesce((SELECT ts_rank(found.vector, ${wordsOf(text)}) FROM search_row found WHERE found.kind = 'STUDY' AND found.ref_id = ${studyKey}), 0)::double precision`
}

@InputType({
  description:
    'Which studies to list; what is left out restricts nothing, except that narrower terms count. Words about effects, arms or populations hold of a study if one effect, one arm or one population of it fulfils all of them.',
})
export class StudyFilter extends FilterWords {
  conditions?: string[] | null
  forms?: string[] | null
  outcomes?: string[] | null
  designs?: StudyDesign[] | null
  subjects?: SubjectKind[] | null
  year?: IntRange | null
  participants?: IntRange | null
  riskOfBias?: RiskOfBiasLevel[] | null
  isHarm?: boolean | null
  identifiers?: string[] | null
  poolable?: boolean | null
  retracted?: RetractionFilter | null
  text?: string | null
  and?: StudyFilter[] | null
  or?: StudyFilter[] | null
  not?: StudyFilter | null
}

const ofOneEffect: Through = (predicate) => sql`EXISTS (SELECT FROM evidence_row e WHERE e.study_id = s.study_id AND ${predicate})`

const ofOneArm: Through = (predicate) => sql`EXISTS (
  SELECT FROM arm a CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT d.route) AS routes, min(d.elemental_mg_per_day_low) AS elemental_mg_low, max(d.elemental_mg_per_day_high) AS elemental_mg_high,
      coalesce(bool_or(d.elemental_mg_per_day_low < d.elemental_mg_per_day_high), false) AS dose_ambiguous, max(d.end_day) - min(d.start_day) AS duration_days
    FROM dose d WHERE d.arm_id = a.id HAVING count(*) > 0
  ) e WHERE a.study_id = s.study_id AND ${predicate})`

const ofOnePopulation: Through = (predicate) => sql`EXISTS (
  SELECT FROM (
    SELECT p.mean_age, p.female_percent, p.baseline_serum_magnesium, ARRAY(SELECT pc.condition_id FROM population_condition pc WHERE pc.population_id = p.id) AS population_condition_ids
    FROM population p WHERE p.study_id = s.study_id
  ) e WHERE ${predicate})`

const filter = defineFilter<StudyFilter, Vocabulary>(StudyFilter, {
  ...studyWords,
  ...fieldsThrough(ofOneEffect, effectWords),
  ...fieldsThrough(ofOneArm, armWords),
  ...fieldsThrough(ofOnePopulation, populationWords),
  conditions: {
    type: () => [String],
    description: `Conditions that the study's populations have or its results speak to: ${refHelp}.`,
    where: (refs, { includeNarrower }, { conditions }) => sql`s.condition_ids && ${conditions.keysNamed(refs, includeNarrower)}::int[]`,
  },
  includeNarrower: { type: () => Boolean, description: 'Whether a condition or form stands for its narrower terms too.', default: true },
  forms: {
    type: () => [String],
    description: `Forms given or studied: ${refHelp}.`,
    where: (refs, { includeNarrower }, { forms }) => sql`s.form_ids && ${forms.keysNamed(refs, includeNarrower)}::int[]`,
  },
  outcomes: {
    type: () => [String],
    description: `Outcomes reported: ${refHelp}.`,
    where: (refs, _, { outcomes }) => sql`s.outcome_ids && ${refs.map((ref) => outcomes.named(ref).key)}::int[]`,
  },
  designs: { type: () => [StudyDesign], description: 'Study designs, any of them.', where: (designs) => sql`s.design = ANY (${designs}::study_design[])` },
  subjects: {
    type: () => [SubjectKind],
    description: 'People, animals or cells; all of them when left out.',
    where: (subjects) => sql`s.subjects = ANY (${subjects}::subject_kind[])`,
  },
  year: { type: () => IntRange, description: 'Year of the main report.', where: ranged('year', (range) => between(sql`s.year`, range), possible.year) },
  participants: {
    type: () => IntRange,
    description: 'Participants analysed, or randomised where only that is known.',
    where: ranged('participants', (range) => between(sql`s.participants`, range), possible.amount),
  },
  riskOfBias: {
    type: () => [RiskOfBiasLevel],
    description: 'Overall risk of bias of the study, or of one of its effects, any of these; studies that nobody assessed are in none.',
    where: (levels) => sql`(
      EXISTS (SELECT FROM evidence_row e WHERE e.study_id = s.study_id AND e.risk_of_bias = ANY (${levels}::risk_of_bias_level[]))
      OR (SELECT b.level FROM risk_of_bias b WHERE b.study_id = s.study_id AND b.result_id IS NULL AND b.level IS NOT NULL ORDER BY b.assessed_on DESC, b.id LIMIT 1) = ANY (${levels}::risk_of_bias_level[]))`,
  },
  isHarm: {
    type: () => Boolean,
    description: 'True: reports an unwanted effect of treatment; false: reports another outcome.',
    where: (isHarm, _, { outcomes }) => sql`s.outcome_ids && ${outcomes.all.filter((outcome) => outcome.isHarm === isHarm).map(({ key }) => key)}::int[]`,
  },
  recordedSince: {
    type: () => DateScalar,
    description: 'Studies of which something was read on this day or later: `recordedAt` of `sources`.',
    where: (day) => sql`s.study_id IN (SELECT src.study_id FROM source src WHERE src.recorded_at >= ${day}::date)`,
  },
  identifiers: {
    type: () => [String],
    description: 'DOI, PMID, PMCID or registry ids, in any usual notation, of reports of the study or of reviews that tabulate it.',
    where: (texts) => sql`s.study_id IN (${studiesReportedBy(readIdentifiers(texts))})`,
  },
  poolable: {
    type: () => Boolean,
    description: 'True: has at least one effect with an estimate and a standard error; false: has none.',
    where: (poolable) => sql`s.poolable = ${poolable}`,
  },
  retracted: {
    type: () => RetractionFilter,
    description: 'Left out: INCLUDE; a study page must be able to show a retraction.',
    where: (retracted) => (retracted === 'INCLUDE' ? null : retracted === 'ONLY' ? sql`s.status = 'RETRACTED'` : sql`s.status <> 'RETRACTED'`),
  },
  text: {
    type: () => String,
    description: `Words in titles, authors, journals, findings, conditions, forms and outcomes; ${wordsHelp}`,
    where: (text) => sql`s.study_id IN (${foundBy('STUDY', text)})`,
  },
})

/** The predicate of a filter. */
export const studiesWanted = filter.where

/** Every word of the filter. */
export const studyFilterWords = filter.words

/**
 * The predicate of a filter whose names are all known.
 *
 * @throws {PublicError} BAD_USER_INPUT UNKNOWN_TERM, UNKNOWN_STUDY and what else the filter refuses
 */
export async function requireStudies(context: Context, wanted: StudyFilter): Promise<Sql> {
  const vocabulary = await vocabularyOf(context)
  return namingNearestTerms(context, async () => {
    const where = filter.where(wanted, vocabulary)
    await requireNames(context.database, filter.namesIn(wanted))
    return where
  })
}

const StudyOrderField = { YEAR: 'YEAR', PARTICIPANTS: 'PARTICIPANTS', TITLE: 'TITLE', RECORDED_AT: 'RECORDED_AT', RELEVANCE: 'RELEVANCE' } as const
type StudyOrderField = keyof typeof StudyOrderField
describeEnum(StudyOrderField, 'StudyOrderField', 'What studies are sorted by.', {
  YEAR: 'Year of the main report.',
  PARTICIPANTS: 'Participants analysed.',
  TITLE: 'Title, by character.',
  RECORDED_AT: 'Day on which something of the study was last read: new data first with DESC.',
  RELEVANCE: 'How well the study answers `filter.text`, which must be given.',
})

@InputType({ description: 'One key of an order of studies.' })
export class StudyOrder {
  @Field(() => StudyOrderField, { description: 'What to sort by.' })
  field!: StudyOrderField

  @Field(() => SortDirection, { nullable: true, defaultValue: 'ASC', description: 'Smallest first or largest first.' })
  direction!: Direction

  @Field(() => NullsOrder, { nullable: true, defaultValue: 'LAST', description: 'Where studies without the value stand.' })
  nulls!: NullsOrder
}

@ArgsType()
export class StudyListArgs extends PageArgs {
  @Field(() => StudyFilter, { nullable: true, description: 'Which studies to list.' })
  filter?: StudyFilter | null

  @Field(() => [StudyOrder], { nullable: true, description: 'Sort keys, the most important first; by title when left out.' })
  orderBy?: StudyOrder[] | null
}

/** The keys of an order of studies; the study's own key makes it total. */
export function studyOrder(orderBy: readonly StudyOrder[] | null | undefined, filter: StudyFilter | null | undefined): SortKey[] {
  const asked = orderBy?.length ? orderBy : [{ field: 'TITLE', direction: 'ASC', nulls: 'LAST' } as const]
  const column = (field: StudyOrderField): { sql: Sql; type: SortKey['type'] } => {
    if (field === 'TITLE') return { sql: sql`s.title COLLATE "C"`, type: 'text' }
    if (field === 'YEAR') return { sql: sql`s.year::double precision`, type: 'double precision' }
    if (field === 'PARTICIPANTS') return { sql: sql`s.participants::double precision`, type: 'double precision' }
    if (field === 'RECORDED_AT')
      return {
        sql: sql`(SELECT extract(epoch FROM max(src.recorded_at))::double precision FROM source src WHERE src.study_id = s.study_id)`,
        type: 'double precision',
      }
    if (!filter?.text?.trim())
      throw new PublicError('BAD_USER_INPUT', 'ordering by RELEVANCE needs filter.text: relevance is to the words asked for', {
        reason: 'RELEVANCE_WITHOUT_TEXT',
        argument: 'orderBy',
      })
    return { sql: relevanceOf(sql`s.study_id`, filter.text), type: 'double precision' }
  }
  const keys = asked.map(({ field, direction, nulls }) => sortKeyOf({ name: field, ...column(field), direction, nulls }))
  return [...keys, { name: 'ID', sql: sql`s.study_id`, type: 'integer', direction: keys.at(-1)?.direction ?? 'ASC' }]
}
