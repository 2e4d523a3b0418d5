import {
  AbsentReason,
  AnalysisScale,
  AnalysisSet,
  CoherenceStatus,
  Comparison,
  EffectDirection,
  EffectMeasure,
  EffectOrigin,
  EvidenceClass,
  ExposureMetric,
  UnitOfAnalysis,
  ValueKind,
} from '../generated/prisma/enums.js'
import type {
  AbsentReason as AbsentReasonValue,
  AnalysisScale as AnalysisScaleValue,
  AnalysisSet as AnalysisSetValue,
  CoherenceStatus as CoherenceStatusValue,
  Comparison as ComparisonValue,
  EffectDirection as EffectDirectionValue,
  EffectMeasure as EffectMeasureValue,
  EffectOrigin as EffectOriginValue,
  EvidenceClass as EvidenceClassValue,
  ExposureMetric as ExposureMetricValue,
  UnitOfAnalysis as UnitOfAnalysisValue,
  ValueKind as ValueKindValue,
} from '../generated/prisma/enums.js'
import { connectionTypes } from '../graphql/connection.js'
import type { Context } from '../graphql/context.js'
import { Arg, Args, Ctx, Field, FieldResolver, Float, Int, ObjectType, Query, Resolver, Root } from '../graphql/decorators.js'
import { Node } from '../graphql/node.js'
import { JsonScalar } from '../graphql/scalars.js'
import { Arm, Population, Provenance, RiskOfBias, Study } from '../study/study.graphql.js'
import { getStudy } from '../study/study.queries.js'
import { assessmentOf, type ArmRecord, type PopulationRecord, type RiskOfBiasRecord, type StudyRecord } from '../study/study.js'
import { Condition, Instrument, MagnesiumForm, Outcome } from '../vocabulary/vocabulary.graphql.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { EvidenceComparison, shownComparison } from './comparison.graphql.js'
import { convertEffect } from './conversion.js'
import { EvidenceListArgs } from './evidence.filter.js'
import { EvidenceFacets } from './facets.graphql.js'
import { listEvidence, type EvidenceList } from './evidence.list.js'
import { findFormTrials, triedOf, type TriedForm } from './formTrials.js'
import { resultDetailLoader } from './evidence.queries.js'
import { asShown, type EffectRecord, type EvidenceRecord, type ReportRecord, type ResultDetail } from './evidence.js'

@ObjectType({ simpleResolvers: true, description: 'A number and its uncertainty. Ratios are shown as ratios; the standard error is on the analysis scale.' })
export class EffectSize {
  @Field(() => EffectMeasure, { description: 'What the effect is expressed in.' })
  measure!: EffectMeasureValue

  @Field(() => AnalysisScale, { description: 'The scale of the standard error.' })
  analysisScale!: AnalysisScaleValue

  @Field(() => Float, { nullable: true, description: 'Magnesium minus comparator, or magnesium over comparator. The sign is as stored, never flipped.' })
  estimate!: number | null

  @Field(() => Float, { nullable: true, description: 'Standard error on the analysis scale: of the logarithm for ratios, of Fisher’s z for correlations.' })
  standardError!: number | null

  @Field(() => Float, { nullable: true, description: 'Lower confidence limit, on the scale shown.' })
  ciLower!: number | null

  @Field(() => Float, { nullable: true, description: 'Upper confidence limit, on the scale shown.' })
  ciUpper!: number | null

  @Field(() => Float, { nullable: true, description: 'Level of the interval as stated: 0.95, 0.9 …' })
  ciLevel!: number | null

  @Field(() => Float, { nullable: true, description: 'Two-sided p value.' })
  pValue!: number | null

  @Field(() => Comparison, { nullable: true, description: 'EQ for an exact p value, LT or GT for a threshold.' })
  pValueOperator!: ComparisonValue | null

  @Field(() => String, { nullable: true, description: 'UCUM unit, or "{score}" for points of a scale; null for ratios and standardised differences.' })
  unit!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'An effect on another measure, or the reason why there is none.' })
export class ConvertedEffect {
  @Field(() => EffectSize, { nullable: true, description: 'The converted effect; null where no conversion is defensible.' })
  effect!: EffectSize | null

  @Field(() => String, { nullable: true, description: 'How it was converted, with its assumptions.' })
  method!: string | null

  @Field(() => String, { nullable: true, description: 'Why there is no conversion.' })
  reason!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'How a number came about.' })
export class Derivation {
  @Field(() => EffectOrigin, { description: 'Reported, computed from the arms, from an interval …' })
  origin!: EffectOriginValue

  @Field(() => String, { nullable: true, description: 'Stable name of the formula; null for a number taken as reported.' })
  formula!: string | null

  @Field(() => JsonScalar, { nullable: true, description: 'The numbers that entered the formula, by name.' })
  inputs!: unknown

  @Field(() => [String], { description: 'What was assumed.' })
  assumptions!: readonly string[]

  @Field(() => JsonScalar, { nullable: true, description: 'The print verbatim, where label, sign or orientation differ from what it means.' })
  printed!: unknown

  @Field(() => String, { nullable: true, description: 'How the standardised benefit was reached, or why there is none.' })
  benefitNote!: string | null

  @Field(() => String, { nullable: true, description: 'What the curators noted about the number.' })
  note!: string | null

  @Field(() => Provenance, { description: 'Where the numbers were read.' })
  source!: Provenance
}

@ObjectType({ simpleResolvers: true, description: 'One arithmetic cross-check.' })
export class CoherenceCheck {
  @Field(() => String, { description: 'Stable name of the rule.' })
  rule!: string

  @Field(() => CoherenceStatus, { description: 'Its outcome.' })
  status!: CoherenceStatusValue

  @Field(() => Float, { nullable: true, description: 'What was reported.' })
  observed!: number | null

  @Field(() => Float, { nullable: true, description: 'What would have agreed.' })
  expected!: number | null

  @Field(() => String, { description: 'The outcome in words.' })
  message!: string
}

@ObjectType({ simpleResolvers: true, description: 'Arithmetic cross-checks of what was reported.' })
export class Coherence {
  @Field(() => CoherenceStatus, { description: 'The worst outcome of the checks.' })
  status!: CoherenceStatusValue

  @Field(() => [CoherenceCheck], { description: 'Every check that could be made.' })
  checks!: CoherenceCheck[]
}

@ObjectType({ simpleResolvers: true, description: 'What was contrasted where nobody was allocated to anything.' })
export class Exposure {
  @Field(() => ExposureMetric, { description: 'Kind of exposure: effects of different ones are not pooled together by default.' })
  kind!: ExposureMetricValue

  @Field(() => String, { description: 'What was measured: dietary intake, serum level, a score.' })
  metric!: string

  @Field(() => String, { nullable: true, description: 'Unit of the metric.' })
  unit!: string | null

  @Field(() => String, { nullable: true, description: 'The side whose effect is given: "highest fifth", "per 100 mg/day".' })
  contrasted!: string | null

  @Field(() => String, { nullable: true, description: 'The side it is compared with.' })
  reference!: string | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: the contrasted side has more magnesium; false: less; null: not known, so that no direction can be told.',
  })
  contrastedHasMoreMagnesium!: boolean | null
}

@ObjectType({ simpleResolvers: true, description: 'A category of an exposure with what was seen in it.' })
export class ExposureCategory {
  @Field(() => String, { description: 'The category: "highest fifth", "above 0.85".' })
  label!: string

  @Field(() => Boolean, { description: 'True: the others are compared with it.' })
  isReference!: boolean

  @Field(() => Float, { nullable: true, description: 'Dose of the category, such as its median.' })
  dose!: number | null

  @Field(() => String, { nullable: true, description: 'Unit of the dose.' })
  doseUnit!: string | null

  @Field(() => Int, { nullable: true, description: 'Cases.' })
  cases!: number | null

  @Field(() => Int, { nullable: true, description: 'People.' })
  participants!: number | null

  @Field(() => Float, { nullable: true, description: 'Person-years.' })
  personYears!: number | null
}

@ObjectType({ simpleResolvers: true, description: 'A p value over several arms.' })
export class PValueOverArms {
  @Field(() => [Arm], { description: 'The arms.' })
  arms!: Arm[]

  @Field(() => Float, { description: 'The p value, or its bound.' })
  pValue!: number

  @Field(() => Comparison, { description: 'Whether it is exact.' })
  pValueOperator!: ComparisonValue
}

@ObjectType({ simpleResolvers: true, description: 'What a source reports of one arm.' })
export class ArmResult {
  @Field(() => Arm, { description: 'The arm.' })
  arm!: Arm

  @Field(() => Int, { nullable: true, description: 'Participants behind the numbers.' })
  n!: number | null

  @Field(() => String, { nullable: true, description: 'How n was inferred, where the source does not print it; pools leave such numbers out unless asked.' })
  nInferred!: string | null

  @Field(() => Int, { nullable: true, description: 'Participants with the event.' })
  events!: number | null

  @Field(() => Boolean, { description: 'True: the count was worked out from a printed percentage.' })
  eventsFromPercent!: boolean

  @Field(() => Float, { nullable: true, description: 'Percentage as printed.' })
  percent!: number | null

  @Field(() => Float, { nullable: true, description: 'Mean.' })
  mean!: number | null

  @Field(() => Float, { nullable: true, description: 'Standard deviation.' })
  sd!: number | null

  @Field(() => Float, { nullable: true, description: 'Standard error of the mean.' })
  se!: number | null

  @Field(() => Float, { nullable: true, description: 'Lower confidence limit of the mean.' })
  ciLower!: number | null

  @Field(() => Float, { nullable: true, description: 'Upper confidence limit of the mean.' })
  ciUpper!: number | null

  @Field(() => Float, { nullable: true, description: 'Median.' })
  median!: number | null

  @Field(() => Float, { nullable: true, description: 'First quartile.' })
  q1!: number | null

  @Field(() => Float, { nullable: true, description: 'Third quartile.' })
  q3!: number | null

  @Field(() => Float, { nullable: true, description: 'Width between the quartiles, where they are not printed.' })
  iqr!: number | null

  @Field(() => Float, { nullable: true, description: 'Smallest value.' })
  minimum!: number | null

  @Field(() => Float, { nullable: true, description: 'Largest value.' })
  maximum!: number | null

  @Field(() => Float, { nullable: true, description: 'Mean before treatment.' })
  baselineMean!: number | null

  @Field(() => Float, { nullable: true, description: 'Standard deviation before treatment.' })
  baselineSd!: number | null

  @Field(() => String, { nullable: true, description: 'What a reader should know about these numbers.' })
  note!: string | null
}

@ObjectType({
  simpleResolvers: true,
  description:
    'Another number for the same result: on another measure, as reported beside the computed one, or from another report. Never pooled beside the one shown.',
})
export class AlternativeEffect {
  @Field(() => EffectSize, { description: 'The number.' })
  effect!: EffectSize

  @Field(() => Derivation, { description: 'How it came about.' })
  derivation!: Derivation

  @Field(() => Int, { nullable: true, description: 'Participants behind it.' })
  participants!: number | null

  @Field(() => AbsentReason, { nullable: true, description: 'Why the number, or a part of it, is missing.' })
  absentReason!: AbsentReasonValue | null

  @Field(() => String, { nullable: true, description: 'What the curators noted about the report.' })
  reportNote!: string | null
}

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'An effect of magnesium: one contrast, one outcome, one population, one time point of a primary study.',
})
export class Evidence extends Node {
  studyKey!: number

  @Field(() => String, { description: 'Readable, stable name: "tarleton-2017-phq9-6wk".' })
  slug!: string

  @Field(() => Condition, { description: 'The condition that the outcome speaks to.' })
  condition!: Condition

  @Field(() => MagnesiumForm, { nullable: true, description: 'The form given; null where no one form applies (dietary intake, serum level, several forms).' })
  form!: MagnesiumForm | null

  @Field(() => Outcome, { description: 'What was measured or counted.' })
  outcome!: Outcome

  @Field(() => Instrument, { nullable: true, description: 'What it was measured with.' })
  instrument!: Instrument | null

  @Field(() => Float, { nullable: true, description: 'When the outcome was taken, days from the start of treatment.' })
  timepointDays!: number | null

  @Field(() => String, { nullable: true, description: 'The time point in the source’s terms.' })
  timepointLabel!: string | null

  @Field(() => Boolean, { nullable: true, description: 'True: at the end of treatment.' })
  endOfTreatment!: boolean | null

  @Field(() => AnalysisSet, { description: 'Whose data were analysed.' })
  analysisSet!: AnalysisSetValue

  @Field(() => ValueKind, { description: 'Final value, change, event …' })
  valueKind!: ValueKindValue

  @Field(() => EffectSize, { description: 'The effect: computed from the arms where their data exist, else as reported.' })
  effect!: EffectSize

  @Field(() => Float, {
    nullable: true,
    description: 'Hedges-g equivalent, positive = favours magnesium; null where no conversion is defensible (derivation.benefitNote says why).',
  })
  standardizedBenefit!: number | null

  @Field(() => EffectDirection, { description: 'Whom the effect favours, uncertainty taken into account.' })
  direction!: EffectDirectionValue

  @Field(() => Int, {
    nullable: true,
    description: 'Participants behind the effect, both arms together; those of the study where the effect’s own number is not given.',
  })
  participants!: number | null

  @Field(() => Boolean, { nullable: true, description: 'True: adjusted for covariates; false: crude; null: not read.' })
  adjusted!: boolean | null

  @Field(() => EvidenceClass, { description: 'Randomised, cohort, case-control …: classes are not pooled together by default.' })
  evidenceClass!: EvidenceClassValue

  @Field(() => ExposureMetric, { nullable: true, description: 'What measures the exposure, in observational work; null for trials.' })
  exposureMetric!: ExposureMetricValue | null

  @Field(() => Boolean, { description: 'True: the study’s own primary result.' })
  isPrimary!: boolean

  @Field(() => UnitOfAnalysis, { description: 'What the numbers count: people, children of women who took part, eyes …' })
  unitOfAnalysis!: UnitOfAnalysisValue

  @Field(() => EffectOrigin, { description: 'How the effect and its standard error came about.' })
  origin!: EffectOriginValue

  @Field(() => AbsentReason, { nullable: true, description: 'Why the estimate, or its uncertainty, is missing.' })
  absentReason!: AbsentReasonValue | null
}

const { ConnectionType: EvidenceConnection } = connectionTypes(Evidence, 'Evidence')

@Resolver(() => EvidenceConnection)
export class EvidenceConnectionResolver {
  @FieldResolver(() => EvidenceFacets, { description: 'Counts over the whole filtered set, not the page; only what is asked is counted.' })
  facets(@Root() connection: EvidenceList): EvidenceFacets {
    return connection.facets
  }
}

@Resolver(() => Evidence)
export class EvidenceResolver {
  @Query(() => EvidenceConnection, {
    nullable: true,
    description:
      'Effects of magnesium: one per contrast × outcome × time point × population of a primary study. In people and not retracted, unless the filter says otherwise; by study unless told otherwise.',
  })
  evidence(@Args(() => EvidenceListArgs) args: EvidenceListArgs, @Ctx() context: Context): Promise<EvidenceList> {
    return listEvidence(context, args)
  }

  @FieldResolver(() => Study, { description: 'The study that found it.' })
  study(@Root() { studyKey }: EvidenceRecord, @Ctx() context: Context): StudyRecord | Promise<StudyRecord> {
    return getStudy(context, studyKey)
  }

  @FieldResolver(() => Population, { description: 'In whom.' })
  population(
    @Root() { studyKey, populationKey }: EvidenceRecord,
    @Ctx() context: Context,
  ): PopulationRecord | undefined | Promise<PopulationRecord | undefined> {
    return ofStudy(context, studyKey, ({ populations }) => populations.find(({ key }) => key === populationKey))
  }

  @FieldResolver(() => Arm, { nullable: true, description: 'The arm that received magnesium; null for observational contrasts.' })
  intervention(
    @Root() { studyKey, interventionArmKey }: EvidenceRecord,
    @Ctx() context: Context,
  ): ArmRecord | null | undefined | Promise<ArmRecord | null | undefined> {
    return interventionArmKey === null ? null : ofStudy(context, studyKey, ({ arms }) => arms.find(({ key }) => key === interventionArmKey))
  }

  @FieldResolver(() => Arm, { nullable: true, description: 'The arm it was compared with; null for observational contrasts and single arms.' })
  comparator(
    @Root() { studyKey, comparatorArmKey }: EvidenceRecord,
    @Ctx() context: Context,
  ): ArmRecord | null | undefined | Promise<ArmRecord | null | undefined> {
    return comparatorArmKey === null ? null : ofStudy(context, studyKey, ({ arms }) => arms.find(({ key }) => key === comparatorArmKey))
  }

  @FieldResolver(() => RiskOfBias, { nullable: true, description: 'The latest assessment of this result, else of its study; null where nobody assessed it.' })
  riskOfBias(
    @Root() { studyKey, key, riskOfBiasLevel }: EvidenceRecord,
    @Ctx() context: Context,
  ): RiskOfBiasRecord | null | undefined | Promise<RiskOfBiasRecord | null | undefined> {
    if (riskOfBiasLevel === null) return null
    return ofStudy(context, studyKey, (study) => assessmentOf(study, key))
  }

  @FieldResolver(() => EvidenceComparison, { description: 'What is compared with what.' })
  async comparison(@Root() { comparisonKey }: EvidenceRecord, @Ctx() context: Context): Promise<EvidenceComparison> {
    return shownComparison(comparisonKey, await vocabularyOf(context))
  }

  @FieldResolver(() => [String], {
    description: 'Other active substances that the magnesium arm gets and the comparator’s does not, by name; empty where magnesium alone differs.',
  })
  async combinedWith(@Root() { combinedWith }: EvidenceRecord, @Ctx() context: Context): Promise<string[]> {
    const { treatments } = await vocabularyOf(context)
    return combinedWith.map((agent) => treatments.find(agent)?.name ?? agent)
  }

  @FieldResolver(() => String, { description: 'What the study calls the outcome.' })
  async outcomeName(@Root() evidence: EvidenceRecord, @Ctx() context: Context): Promise<string> {
    return (await detailOf(context, evidence)).name
  }

  @FieldResolver(() => Boolean, { description: 'True: a primary outcome of the study.' })
  async isPrimaryOutcome(@Root() evidence: EvidenceRecord, @Ctx() context: Context): Promise<boolean> {
    return (await detailOf(context, evidence)).isPrimary
  }

  @FieldResolver(() => Exposure, { nullable: true, description: 'Observational: what was contrasted; null for trials.' })
  async exposure(@Root() evidence: EvidenceRecord, @Ctx() context: Context): Promise<Exposure | null> {
    return (await detailOf(context, evidence)).exposure
  }

  @FieldResolver(() => [ExposureCategory], {
    description: 'Observational: the categories of the exposure with what was seen in them, where the source prints it; else empty.',
  })
  async exposureCategories(@Root() evidence: EvidenceRecord, @Ctx() context: Context): Promise<readonly ExposureCategory[]> {
    return (await detailOf(context, evidence)).exposureCategories
  }

  @FieldResolver(() => Float, { nullable: true, description: 'Of an event that is a response: the change in percent, at least, that counts as one.' })
  async responsePercent(@Root() evidence: EvidenceRecord, @Ctx() context: Context): Promise<number | null> {
    return (await detailOf(context, evidence)).responsePercent
  }

  @FieldResolver(() => PValueOverArms, { nullable: true, description: 'One p value that compares several arms together, which says nothing of two of them.' })
  async overArms(@Root() evidence: EvidenceRecord, @Ctx() context: Context): Promise<(Omit<PValueOverArms, 'arms'> & { arms: ArmRecord[] }) | null> {
    const [{ overArms }, { arms }] = await Promise.all([detailOf(context, evidence), getStudy(context, evidence.studyKey)])
    return overArms === null ? null : { ...overArms, arms: arms.filter(({ key }) => overArms.arms.includes(key)) }
  }

  @FieldResolver(() => [Provenance], { description: 'Where parts of the result were read besides `provenance`.' })
  async furtherSources(@Root() evidence: EvidenceRecord, @Ctx() context: Context): Promise<readonly Provenance[]> {
    return (await detailOf(context, evidence)).furtherSources
  }

  @FieldResolver(() => [String], { description: 'Covariates that the effect is adjusted for.' })
  async covariates(@Root() evidence: EvidenceRecord, @Ctx() context: Context): Promise<readonly string[]> {
    return (await detailOf(context, evidence)).covariates
  }

  @FieldResolver(() => String, { nullable: true, description: 'What the curators noted about the result.' })
  async note(@Root() evidence: EvidenceRecord, @Ctx() context: Context): Promise<string | null> {
    return (await detailOf(context, evidence)).note
  }

  @FieldResolver(() => [ArmResult], { description: 'What the source reports of each arm: counts, means, percentages.' })
  async armResults(@Root() evidence: EvidenceRecord, @Ctx() context: Context): Promise<(Omit<ArmResult, 'arm'> & { arm: ArmRecord })[]> {
    const [{ reports }, { arms }] = await Promise.all([detailOf(context, evidence), getStudy(context, evidence.studyKey)])
    return (reports[0]?.armResults ?? []).flatMap(({ armKey, ...numbers }) => arms.filter(({ key }) => key === armKey).map((arm) => ({ ...numbers, arm })))
  }

  @FieldResolver(() => Derivation, { description: 'How the number came about: formula, inputs, assumptions, source.' })
  async derivation(@Root() evidence: EvidenceRecord, @Ctx() context: Context): Promise<Derivation> {
    const { report, effect } = defaultOf(await detailOf(context, evidence))
    return derivationOf(report, effect)
  }

  @FieldResolver(() => Coherence, { description: 'Arithmetic cross-checks of what was reported.' })
  async coherence(@Root() evidence: EvidenceRecord, @Ctx() context: Context): Promise<Coherence> {
    const { effect } = defaultOf(await detailOf(context, evidence))
    return {
      status: evidence.coherenceStatus,
      checks: effect.coherenceChecks.map(({ observed = null, expected = null, ...check }) => ({ ...check, observed, expected })),
    }
  }

  @FieldResolver(() => Provenance, { description: 'Where the result was read.' })
  async provenance(@Root() evidence: EvidenceRecord, @Ctx() context: Context): Promise<ReportRecord['provenance']> {
    return defaultOf(await detailOf(context, evidence)).report.provenance
  }

  @FieldResolver(() => [AlternativeEffect], { description: 'Other numbers for the same result, kept beside the one shown.' })
  async alternatives(@Root() evidence: EvidenceRecord, @Ctx() context: Context): Promise<AlternativeEffect[]> {
    const { reports } = await detailOf(context, evidence)
    return reports.flatMap((report) =>
      report.effects
        .filter(({ isDefault }) => !isDefault)
        .map((effect) => ({
          effect: asShown(effect),
          derivation: derivationOf(report, effect),
          participants: effect.participants,
          absentReason: effect.absentReason,
          reportNote: report.note,
        })),
    )
  }

  @FieldResolver(() => ConvertedEffect, { description: 'The same effect on another measure, where a defensible conversion exists; else null with the reason.' })
  async effectAs(
    @Root() evidence: EvidenceRecord,
    @Arg('measure', () => EffectMeasure, { description: 'The measure wanted.' }) measure: EffectMeasureValue,
    @Ctx() context: Context,
  ): Promise<ConvertedEffect> {
    const { effect, report } = defaultOf(await detailOf(context, evidence))
    return convertEffect(effect, report, measure, evidence.comparatorArmKey)
  }
}

@Resolver(() => Study)
export class StudyEvidenceResolver {
  @FieldResolver(() => EvidenceConnection, {
    description: 'Effects that the study found; all of them, also of animals and of retracted studies, unless the filter says otherwise.',
  })
  evidence(@Root() { key }: StudyRecord, @Args(() => EvidenceListArgs) args: EvidenceListArgs, @Ctx() context: Context): Promise<EvidenceList> {
    return listEvidence(context, args, { owner: 'study', key })
  }
}

@Resolver(() => Condition)
export class ConditionEvidenceResolver {
  @FieldResolver(() => EvidenceConnection, { description: 'Effects that speak to the condition or to a narrower one.' })
  evidence(@Root() { key }: Condition, @Args(() => EvidenceListArgs) args: EvidenceListArgs, @Ctx() context: Context): Promise<EvidenceList> {
    return listEvidence(context, args, { owner: 'condition', key })
  }
}

@Resolver(() => MagnesiumForm)
export class MagnesiumFormEvidenceResolver {
  @FieldResolver(() => EvidenceConnection, { description: 'Effects of the form or of a narrower one.' })
  evidence(@Root() { key }: MagnesiumForm, @Args(() => EvidenceListArgs) args: EvidenceListArgs, @Ctx() context: Context): Promise<EvidenceList> {
    return listEvidence(context, args, { owner: 'form', key })
  }

  @FieldResolver(() => Int, { description: 'Randomised trials in people that gave it, or a narrower form, by itself.' })
  async trials(@Root() form: MagnesiumForm, @Ctx() context: Context): Promise<number> {
    return (await triedForm(form, context)).trials
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: 'Median elemental magnesium of these trials, mg a day, over those whose dose is known as one number; null where none is.',
  })
  async medianElementalMgPerDay(@Root() form: MagnesiumForm, @Ctx() context: Context): Promise<number | null> {
    return (await triedForm(form, context)).medianElementalMgPerDay
  }
}

async function triedForm({ slug }: MagnesiumForm, context: Context): Promise<TriedForm> {
  const { forms } = await vocabularyOf(context)
  return triedOf(await context.perRevision(findFormTrials), forms.keysNamed([slug], true))
}

const detailOf = (context: Context, { key }: EvidenceRecord): Promise<ResultDetail> => context.perRequest(resultDetailLoader).load(key)

/** At once where the study is in memory. */
function ofStudy<Part>(context: Context, studyKey: number, pick: (study: StudyRecord) => Part): Part | Promise<Part> {
  const study = getStudy(context, studyKey)
  return study instanceof Promise ? study.then(pick) : pick(study)
}

function defaultOf({ name, reports }: ResultDetail): { readonly report: ReportRecord; readonly effect: EffectRecord } {
  for (const report of reports) for (const effect of report.effects) if (effect.isDefault) return { report, effect }
  throw new RangeError(`the result "${name}" has no default effect`)
}

function derivationOf(report: ReportRecord, { origin, formula, inputs, assumptions, printed, benefitNote, note }: EffectRecord): Derivation {
  return { origin, formula, inputs, assumptions, printed, benefitNote, note, source: report.provenance }
}
