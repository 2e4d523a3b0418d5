import { PublicError } from '../errors.js'
import type {
  AmountPer as AmountPerValue,
  ArmRole as ArmRoleValue,
  DoseBasis as DoseBasisValue,
  DoseUnit as DoseUnitValue,
  EvidenceKind as EvidenceKindValue,
  MaskingState as MaskingStateValue,
  PublicationRelationType as PublicationRelationTypeValue,
  PublicationRole as PublicationRoleValue,
  PublicationStatus as PublicationStatusValue,
  RiskOfBiasLevel as RiskOfBiasLevelValue,
  Route as RouteValue,
  StudyDesign as StudyDesignValue,
  SubjectKind as SubjectKindValue,
} from '../generated/prisma/enums.js'
import {
  AmountPer,
  ArmRole,
  DoseBasis,
  DoseUnit,
  EvidenceKind,
  MaskingState,
  PublicationRelationType,
  PublicationRole,
  PublicationStatus,
  RiskOfBiasLevel,
  Route,
  StudyDesign,
  SubjectKind,
} from '../generated/prisma/enums.js'
import { requireAtMost } from '../graphql/atMost.js'
import { connectionOf, connectionTypes, type Connection } from '../graphql/connection.js'
import type { Context } from '../graphql/context.js'
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Float, ID, Int, ObjectType, Query, Resolver, Root } from '../graphql/decorators.js'
import { describeEnum } from '../graphql/enum.js'
import { planPage } from '../graphql/keyset.js'
import { Node } from '../graphql/node.js'
import { slugOfId } from '../graphql/nodeId.js'
import { DateScalar } from '../graphql/scalars.js'
import { Condition, MagnesiumForm, Treatment } from '../vocabulary/vocabulary.graphql.js'
import { readIdentifier } from './identifiers.js'
import { requireStudies, StudyListArgs, studyOrder } from './study.filter.js'
import { countStudies, findStudiesByIdentifier, findStudiesBySlug, findStudyPage, getStudy } from './study.queries.js'
import type { RiskOfBiasRecord, StudyRecord } from './study.js'

describeEnum(MaskingState, 'MaskingState', 'Whether somebody knew who received what.', {
  MASKED: 'Did not know.',
  OPEN: 'Knew.',
  UNKNOWN: 'Not known from the source.',
})
describeEnum(PublicationStatus, 'PublicationStatus', 'Standing of a publication.', {
  CURRENT: 'Stands as published.',
  CORRECTED: 'A correction or erratum was published.',
  CONCERN: 'An expression of concern was published.',
  RETRACTED: 'Withdrawn.',
})
describeEnum(PublicationRole, 'PublicationRole', 'What a publication is to a study.', {
  PRIMARY_REPORT: 'Reports the main results.',
  PROTOCOL: 'Announces the study.',
  FOLLOW_UP: 'Reports later results of the same participants.',
  REGISTRY_RESULTS: 'Results posted in a registry.',
  REPUBLICATION: 'The same report published again.',
  ERRATUM: 'Corrects a report.',
  SECONDARY_REPORT: 'Reports further results.',
  PREPRINT: 'An earlier version without peer review.',
  REVIEW: 'Is the review itself.',
  TABULATED_IN: 'A review whose tables carry the study’s results.',
})
describeEnum(PublicationRelationType, 'PublicationRelationType', 'What a publication is to another one.', {
  PREPRINT_OF: 'An earlier version of it.',
  ERRATUM_OF: 'Corrects it.',
  RETRACTION_OF: 'Withdraws it.',
  REPUBLISHED_AS: 'Was published again as it.',
  COMMENT_ON: 'Comments on it.',
  UPDATE_OF: 'Replaces it by a newer version.',
  PROTOCOL_OF: 'Announces the study that it reports.',
})
describeEnum(RiskOfBiasLevel, 'RiskOfBiasLevel', 'How far bias may have distorted a result.', {
  LOW: 'Low risk of bias.',
  SOME_CONCERNS: 'Some concerns.',
  HIGH: 'High risk of bias.',
  UNCLEAR: 'Cannot be judged.',
})

@ObjectType({ simpleResolvers: true, description: 'Where a fact was read, and when it was taken down.' })
export class Provenance {
  @Field(() => String, { description: 'Address or reference of what was read.' })
  source!: string

  @Field(() => String, { nullable: true, description: 'Place in it: table, page, paragraph.' })
  locator!: string | null

  @Field(() => DateScalar, { description: 'Day the fact was taken down.' })
  recordedAt!: string

  @Field(() => String, { nullable: true, description: 'What a reader should know about the reading.' })
  note!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'An author: a person, or a group under its own name.' })
export class Author {
  @Field(() => String, { nullable: true, description: 'Family name; null for groups.' })
  family!: string | null

  @Field(() => String, { nullable: true, description: 'Given names or initials.' })
  given!: string | null

  @Field(() => String, { nullable: true, description: 'Name of a group of authors; null for persons.' })
  corporate!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'A correction, concern or retraction.' })
export class PublicationStatusEvent {
  @Field(() => PublicationStatus, { description: 'Standing after the event.' })
  status!: PublicationStatusValue

  @Field(() => DateScalar, { nullable: true, description: 'Day of the event, where known.' })
  occurredOn!: string | null

  @Field(() => String, { nullable: true, description: 'What happened.' })
  note!: string | null

  @Field(() => String, { description: 'Where the event was read.' })
  source!: string
}

@ObjectType({ simpleResolvers: true, description: 'A tie of one publication to another.' })
export class PublicationRelation {
  @Field(() => PublicationRelationType, { description: 'What the publication is to the other one.' })
  type!: PublicationRelationTypeValue

  @Field(() => String, { description: 'Slug of the other publication.' })
  slug!: string

  @Field(() => String, { nullable: true, description: 'DOI of the other publication.' })
  doi!: string | null
}

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'A paper, registry record or other report. A study may have several, and a report may cover several studies.',
})
export class Publication extends Node {
  @Field(() => String, { description: 'Readable, stable name.' })
  slug!: string

  @Field(() => PublicationRole, { description: 'What it is to the study beside which it is shown.' })
  role!: PublicationRoleValue

  @Field(() => String, { description: 'Title.' })
  title!: string

  @Field(() => Boolean, { description: 'False: the published title was not seen and this one describes the report.' })
  titleAsPublished!: boolean

  @Field(() => [Author], { description: 'Authors in order.' })
  authors!: Author[]

  @Field(() => Boolean, { description: 'True: there are more authors than are listed.' })
  authorsIncomplete!: boolean

  @Field(() => String, { nullable: true, description: 'Journal.' })
  journal!: string | null

  @Field(() => Int, { nullable: true, description: 'Year of publication.' })
  year!: number | null

  @Field(() => DateScalar, { nullable: true, description: 'Day of publication, where known.' })
  publishedOn!: string | null

  @Field(() => String, { nullable: true, description: 'Volume.' })
  volume!: string | null

  @Field(() => String, { nullable: true, description: 'Issue.' })
  issue!: string | null

  @Field(() => String, { nullable: true, description: 'Pages or article number.' })
  pages!: string | null

  @Field(() => String, { nullable: true, description: 'Bare, lower-case DOI.' })
  doi!: string | null

  @Field(() => String, { nullable: true, description: 'PubMed id.' })
  pmid!: string | null

  @Field(() => String, { nullable: true, description: 'PubMed Central id.' })
  pmcid!: string | null

  @Field(() => [String], { description: 'Publication types as indexed.' })
  types!: string[]

  @Field(() => String, { nullable: true, description: 'What a reader should know about this report.' })
  note!: string | null

  @Field(() => [PublicationStatusEvent], { description: 'Corrections, concerns, retractions, earliest first.' })
  statusEvents!: PublicationStatusEvent[]

  @Field(() => [PublicationRelation], { description: 'Ties to other publications.' })
  relations!: PublicationRelation[]
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'A stratum of a study: the whole sample or a subgroup with results of its own.' })
export class Population extends Node {
  @Field(() => String, { description: 'Readable, stable name.' })
  slug!: string

  @Field(() => String, { description: 'Name of the stratum.' })
  label!: string

  @Field(() => Boolean, { description: 'True for the whole sample.' })
  isWholeSample!: boolean

  @Field(() => Int, { nullable: true, description: 'Participants in the stratum.' })
  participants!: number | null

  @Field(() => Float, { nullable: true, description: 'Mean age, years.' })
  meanAge!: number | null

  @Field(() => Float, { nullable: true, description: 'Standard deviation of age, years.' })
  sdAge!: number | null

  @Field(() => Float, { nullable: true, description: 'Lowest age, years.' })
  minAge!: number | null

  @Field(() => Float, { nullable: true, description: 'Highest age, years.' })
  maxAge!: number | null

  @Field(() => Float, { nullable: true, description: 'Share of women, percent.' })
  femalePercent!: number | null

  @Field(() => [Condition], { description: 'Conditions that the participants have.' })
  conditions!: Condition[]

  @Field(() => String, { nullable: true, description: 'How severe the condition was.' })
  severity!: string | null

  @Field(() => Boolean, { nullable: true, description: 'True: pregnant women.' })
  pregnant!: boolean | null

  @Field(() => Float, { nullable: true, description: 'Mean serum magnesium before treatment, mmol/L.' })
  baselineSerumMagnesium!: number | null

  @Field(() => String, { nullable: true, description: 'Who was included.' })
  inclusion!: string | null

  @Field(() => String, { nullable: true, description: 'What a reader should know about these numbers.' })
  note!: string | null

  @Field(() => Provenance, { description: 'Where the description was read.' })
  provenance!: Provenance
}

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'One phase of an arm’s regimen: what the source states, and the elemental magnesium in it.',
})
export class Dose extends Node {
  @Field(() => MagnesiumForm, { description: 'The compound given.' })
  form!: MagnesiumForm

  @Field(() => Route, { description: 'How it was given.' })
  route!: RouteValue

  @Field(() => Int, { description: 'Place in the regimen, from 1.' })
  phase!: number

  @Field(() => Float, { nullable: true, description: 'First day of the phase, counted from the start of treatment (0).' })
  startDay!: number | null

  @Field(() => Float, { nullable: true, description: 'Day on which the phase ends.' })
  endDay!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'As the source states it: for one administration where timesPerDay is given, else for a day or a single infusion.',
  })
  reportedAmount!: number | null

  @Field(() => DoseUnit, { nullable: true, description: 'Unit of the reported amount.' })
  reportedUnit!: DoseUnitValue | null

  @Field(() => DoseBasis, { description: 'Whether the reported amount weighs the magnesium or the compound.' })
  basis!: DoseBasisValue

  @Field(() => AmountPer, {
    nullable: true,
    description: 'What the amount is for each of: a kilogram of body weight, an hour; null where it is for all of them.',
  })
  amountPer!: AmountPerValue | null

  @Field(() => Float, { nullable: true, description: 'Days of a week on which it is given; null where on every day, or not stated.' })
  daysPerWeek!: number | null

  @Field(() => Float, { nullable: true, description: 'Administrations a day.' })
  timesPerDay!: number | null

  @Field(() => String, { nullable: true, description: 'The regimen in words.' })
  reportedText!: string | null

  @Field(() => Float, { nullable: true, description: 'Elemental magnesium as the source itself reports it beside a mass of salt, mg per day.' })
  reportedElementalMgPerDay!: number | null

  @Field(() => Float, { nullable: true, description: 'Mass of salt as the source itself reports it beside an elemental dose, mg per day.' })
  reportedSaltMgPerDay!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'Elemental magnesium, mg per day: reported where it is, else derived; the low bound where the source leaves the form or basis open.',
  })
  elementalMgPerDayLow!: number | null

  @Field(() => Float, { nullable: true, description: 'The high bound; equal to the low one where nothing is open.' })
  elementalMgPerDayHigh!: number | null

  @Field(() => Float, { nullable: true, description: 'Mass of the compound, mg per day, where the source gives it.' })
  saltMgPerDay!: number | null

  @Field(() => Float, {
    nullable: true,
    description:
      'Elemental magnesium, mg for a kilogram of body weight and day (with amountPer KG_HOUR, and hour), low bound; null where it is not given by weight.',
  })
  elementalMgPerKgLow!: number | null

  @Field(() => Float, { nullable: true, description: 'The same, high bound.' })
  elementalMgPerKgHigh!: number | null

  @Field(() => Float, { nullable: true, description: 'Elemental magnesium, mg for an hour of infusion, low bound; null where it is not given by the hour.' })
  elementalMgPerHourLow!: number | null

  @Field(() => Float, { nullable: true, description: 'The same, high bound.' })
  elementalMgPerHourHigh!: number | null

  @Field(() => String, { nullable: true, description: 'How the elemental bounds came about, or why there are none.' })
  conversionNote!: string | null

  @Field(() => String, { nullable: true, description: 'What a reader should know about this dose.' })
  note!: string | null

  @Field(() => Provenance, { description: 'Where the dose was read.' })
  provenance!: Provenance
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'A group of participants treated alike.' })
export class Arm extends Node {
  @Field(() => String, { description: 'Readable, stable name.' })
  slug!: string

  @Field(() => String, { description: 'Name of the arm.' })
  label!: string

  @Field(() => ArmRole, { description: 'Magnesium, placebo, no treatment …' })
  role!: ArmRoleValue

  @Field(() => Int, { nullable: true, description: 'Participants randomised to it.' })
  randomized!: number | null

  @Field(() => Int, { nullable: true, description: 'Participants analysed.' })
  analysed!: number | null

  @Field(() => [Dose], { description: 'The regimen in order; one dose for each phase.' })
  doses!: Dose[]

  @Field(() => [String], { description: 'What the arm received besides.' })
  coInterventions!: string[]

  @Field(() => [Treatment], {
    nullable: true,
    description: 'Active substances and procedures of the arm besides magnesium, as the vocabulary names them; null where nobody recorded them.',
  })
  agents!: Treatment[] | null

  @Field(() => String, { nullable: true, description: 'What a reader should know about this arm.' })
  note!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'Who did not know who received what.' })
export class Masking {
  @Field(() => MaskingState, { description: 'Participants.' })
  participants!: MaskingStateValue

  @Field(() => MaskingState, { description: 'Those who gave the treatment.' })
  providers!: MaskingStateValue

  @Field(() => MaskingState, { description: 'Those who judged the outcome.' })
  assessors!: MaskingStateValue

  @Field(() => String, { nullable: true, description: 'Masking in the study’s own terms.' })
  text!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'How a crossover was run.' })
export class CrossoverDesign {
  @Field(() => Int, { description: 'Treatment periods of each participant.' })
  periods!: number

  @Field(() => Float, { nullable: true, description: 'Length of a period, days.' })
  periodDays!: number | null

  @Field(() => Float, { nullable: true, description: 'Pause between periods, days.' })
  washoutDays!: number | null

  @Field(() => String, { nullable: true, description: 'Analysis used.' })
  analysis!: string | null

  @Field(() => Float, { nullable: true, description: 'Correlation of a participant’s two values.' })
  withinPersonCorrelation!: number | null

  @Field(() => String, { nullable: true, description: 'Where that correlation comes from.' })
  correlationSource!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'How clusters were randomised.' })
export class ClusterDesign {
  @Field(() => Int, { nullable: true, description: 'Clusters randomised.' })
  clusters!: number | null

  @Field(() => Float, { nullable: true, description: 'Mean participants in a cluster.' })
  meanClusterSize!: number | null

  @Field(() => Float, { nullable: true, description: 'Intracluster correlation.' })
  icc!: number | null

  @Field(() => String, { nullable: true, description: 'Where that correlation comes from.' })
  iccSource!: string | null
}

const DatePrecision = { DAY: 'DAY', MONTH: 'MONTH', YEAR: 'YEAR' } as const
type DatePrecision = keyof typeof DatePrecision
describeEnum(DatePrecision, 'DatePrecision', 'How much of a date is known.', { DAY: 'All of it.', MONTH: 'Month and year.', YEAR: 'The year.' })

@ObjectType({ simpleResolvers: true, description: 'A doubt about a study that a third party raised: impossible figures, the same figures in two papers.' })
export class StudyConcern {
  @Field(() => String, { description: 'Who raised it.' })
  raisedBy!: string

  @Field(() => String, { description: 'What is doubted, in the curators’ words.' })
  note!: string

  @Field(() => DateScalar, { nullable: true, description: 'When, where known.' })
  raisedOn!: string | null

  @Field(() => Provenance, { description: 'Where it was read.' })
  provenance!: Provenance
}

@ObjectType({ simpleResolvers: true, description: 'Judgement of one domain of bias.' })
export class RiskOfBiasDomain {
  @Field(() => String, { description: 'Domain, as the tool names it.' })
  domain!: string

  @Field(() => RiskOfBiasLevel, { description: 'Judgement.' })
  judgement!: RiskOfBiasLevelValue

  @Field(() => String, { nullable: true, description: 'Reason for the judgement.' })
  support!: string | null
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'An assessment of bias with a named tool.' })
export class RiskOfBias extends Node {
  @Field(() => String, { description: 'Tool used.' })
  tool!: string

  @Field(() => String, { nullable: true, description: 'Version of the tool.' })
  version!: string | null

  @Field(() => RiskOfBiasLevel, { nullable: true, description: 'Overall judgement as the reviewer prints it; null where only domains or a score are printed.' })
  overall!: RiskOfBiasLevelValue | null

  @Field(() => RiskOfBiasLevel, {
    nullable: true,
    description:
      'What filters and certainty go by: the overall judgement, else the worst of the domains that were read, which is the service’s reading; null where they tell nothing.',
  })
  level!: RiskOfBiasLevelValue | null

  @Field(() => String, { nullable: true, description: 'Where the assessment that was read is cut off; null where it was read whole.' })
  readTo!: string | null

  @Field(() => Float, { nullable: true, description: 'Score, of tools that give one.' })
  score!: number | null

  @Field(() => Float, { nullable: true, description: 'The best that the score can be.' })
  scoreMaximum!: number | null

  @Field(() => [RiskOfBiasDomain], { description: 'Judgement by domain.' })
  domains!: RiskOfBiasDomain[]

  @Field(() => String, { description: 'Who judged.' })
  assessedBy!: string

  @Field(() => DateScalar, { description: 'When; the first day of the month or year where only that is known.' })
  assessedOn!: string

  @Field(() => DatePrecision, { description: 'How much of the date is known.' })
  assessedPrecision!: DatePrecision

  @Field(() => Provenance, { description: 'Where the assessment was read.' })
  provenance!: Provenance
}

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'A study: what was done, in whom, with what. A study is not a paper: one study may have several reports.',
})
export class Study extends Node {
  key!: number

  @Field(() => String, { description: 'Readable, stable name: "tarleton-2017".' })
  slug!: string

  @Field(() => String, { description: 'Title.' })
  title!: string

  @Field(() => [Author], { description: 'Authors of the main report, in order.' })
  authors!: Author[]

  @Field(() => Boolean, { description: 'True: there are more authors than are listed.' })
  authorsIncomplete!: boolean

  @Field(() => Int, { nullable: true, description: 'Year of the main report.' })
  year!: number | null

  @Field(() => DateScalar, { nullable: true, description: 'Day of the main report, where known.' })
  publicationDate!: string | null

  @Field(() => String, { nullable: true, description: 'Journal of the main report.' })
  journal!: string | null

  @Field(() => String, { description: 'The main report on one line.' })
  citation!: string

  @Field(() => String, { nullable: true, description: 'Bare, lower-case DOI of the main report.' })
  doi!: string | null

  @Field(() => String, { nullable: true, description: 'PubMed id of the main report.' })
  pmid!: string | null

  @Field(() => String, { nullable: true, description: 'PubMed Central id of the main report.' })
  pmcid!: string | null

  @Field(() => [String], { description: 'Registry ids.' })
  registrations!: string[]

  @Field(() => [Publication], { description: 'Every report, the main one first.' })
  publications!: Publication[]

  @Field(() => StudyDesign, { description: 'How the study was done.' })
  design!: StudyDesignValue

  @Field(() => SubjectKind, { description: 'People, animals or cells.' })
  subjects!: SubjectKindValue

  @Field(() => String, { nullable: true, description: 'Animal species or cell system.' })
  species!: string | null

  @Field(() => EvidenceKind, { description: 'Primary study, review …' })
  evidenceKind!: EvidenceKindValue

  @Field(() => String, { nullable: true, description: 'How participants were allocated.' })
  allocation!: string | null

  @Field(() => Masking, { description: 'Who did not know who received what.' })
  masking!: Masking

  @Field(() => CrossoverDesign, { nullable: true, description: 'Periods, washout and analysis of a crossover.' })
  crossover!: CrossoverDesign | null

  @Field(() => ClusterDesign, { nullable: true, description: 'Clusters of a cluster-randomised trial.' })
  cluster!: ClusterDesign | null

  @Field(() => [String], { description: 'Countries, ISO 3166-1 alpha-2.' })
  countries!: string[]

  @Field(() => Boolean, { description: 'True: the countries were inferred, not read.' })
  countriesInferred!: boolean

  @Field(() => [String], {
    description: 'Larger samples that its people are of, such as aric; studies that share one are partly of the same people, and a pool takes one of them.',
  })
  cohorts!: string[]

  @Field(() => String, { nullable: true, description: 'Where the study was done.' })
  setting!: string | null

  @Field(() => String, { nullable: true, description: 'Who paid.' })
  funding!: string | null

  @Field(() => String, { nullable: true, description: 'Interests declared.' })
  conflictsOfInterest!: string | null

  @Field(() => Int, { nullable: true, description: 'Participants randomised.' })
  participantsRandomized!: number | null

  @Field(() => Int, { nullable: true, description: 'Participants analysed.' })
  participantsAnalysed!: number | null

  @Field(() => [Population], { description: 'The whole sample and its subgroups.' })
  populations!: Population[]

  @Field(() => [Arm], { description: 'Arms with their regimens.' })
  arms!: Arm[]

  @Field(() => [RiskOfBias], { description: 'Assessments of bias, the latest first.' })
  riskOfBias!: RiskOfBias[]

  @Field(() => PublicationStatus, { description: 'Standing of the main report.' })
  status!: PublicationStatusValue

  @Field(() => [PublicationStatusEvent], { description: 'Corrections, concerns and retractions of its reports.' })
  statusEvents!: PublicationStatusEvent[]

  @Field(() => [StudyConcern], {
    description: 'What third parties doubt about it, beside the notices of its journal; pools with it say so (CONCERN_INCLUDED).',
  })
  concerns!: StudyConcern[]

  @Field(() => String, { nullable: true, description: 'What it found, also where no number can be pooled.' })
  keyFindings!: string | null

  @Field(() => [String], { description: 'What the curators noted.' })
  notes!: string[]

  @Field(() => Provenance, { description: 'Where the study was read: the record first, a copy of it where only that is known.' })
  provenance!: Provenance

  @Field(() => [Provenance], { description: 'Everything that was read about the study: addresses of records first, copies that were read behind them.' })
  sources!: Provenance[]
}

const { ConnectionType: StudyConnection } = connectionTypes(Study, 'Study')

@ArgsType()
class StudyArgs {
  @Field(() => ID, { nullable: true, description: 'Global id.' })
  id?: string | null

  @Field(() => String, { nullable: true, description: 'Slug: "tarleton-2017".' })
  slug?: string | null

  @Field(() => String, { nullable: true, description: 'DOI in any usual notation.' })
  doi?: string | null

  @Field(() => String, { nullable: true, description: 'PubMed id.' })
  pmid?: string | null

  @Field(() => String, { nullable: true, description: 'PubMed Central id.' })
  pmcid?: string | null

  @Field(() => String, { nullable: true, description: 'Registry id: "NCT02466087".' })
  registration?: string | null
}

/** The most identifiers one call may ask for. */
export const maxIdentifiers = 1_000

@Resolver()
export class StudyResolver {
  @Query(() => StudyConnection, { nullable: true, description: 'Studies of every kind, reviews among them; by title unless told otherwise.' })
  async studies(@Args(() => StudyListArgs) { filter, orderBy, ...page }: StudyListArgs, @Ctx() context: Context): Promise<Connection<StudyRecord>> {
    const where = await requireStudies(context, filter ?? {})
    const found = await findStudyPage(context, where, planPage('studies', studyOrder(orderBy, filter), page))
    return connectionOf(found, found.rows, () => countStudies(context.database, where))
  }

  @Query(() => Study, { nullable: true, description: 'One study, by exactly one argument; null where none is known by it.' })
  async study(@Args(() => StudyArgs) args: StudyArgs, @Ctx() context: Context): Promise<StudyRecord | null> {
    const given = Object.entries(args).filter(([, value]) => value != null)
    const [name, value] = given[0] ?? []
    if (given.length !== 1 || typeof value !== 'string') {
      throw new PublicError(
        'BAD_USER_INPUT',
        `study takes exactly one of id, slug, doi, pmid, pmcid, registration, got ${given.length === 0 ? 'none' : given.map(([argument]) => argument).join(' and ')}`,
        { reason: 'EXACTLY_ONE_ARGUMENT' },
      )
    }
    if (name === 'id') return (await findStudiesBySlug(context, [slugOfId(value, 'Study')]))[0] ?? null
    if (name === 'slug') return (await findStudiesBySlug(context, [value]))[0] ?? null
    const identifier = readIdentifier(value)
    if (identifier?.kind !== name)
      throw new PublicError('BAD_USER_INPUT', `"${value.slice(0, 100)}" is not a ${name === 'registration' ? 'registry id' : name?.toUpperCase()}`, {
        reason: 'MALFORMED_IDENTIFIER',
        argument: name ?? '',
      })
    return (await findStudiesByIdentifier(context, [identifier]))[0] ?? null
  }

  @Query(() => [Study], {
    nullable: 'itemsAndList',
    description: 'For joins: DOI, PMID, PMCID or registry ids in any usual notation. Same length and order as asked; null where unknown. At most 1,000.',
  })
  async studiesByIdentifiers(
    @Arg('identifiers', () => [String], { description: 'Identifiers of any kind, mixed as they come.' }) identifiers: string[],
    @Ctx() context: Context,
  ): Promise<(StudyRecord | null)[]> {
    const noun = 'identifiers'
    requireAtMost(identifiers.length, { reason: 'TOO_MANY_IDENTIFIERS', argument: noun, taker: 'studiesByIdentifiers', noun, limit: maxIdentifiers })
    return findStudiesByIdentifier(context, identifiers.map(readIdentifier))
  }
}

@Resolver(() => RiskOfBias)
export class RiskOfBiasResolver {
  @FieldResolver(() => Study, { nullable: true, description: 'The review whose assessment it is, where it is held here.' })
  review(@Root() { reviewId }: RiskOfBiasRecord, @Ctx() context: Context): StudyRecord | Promise<StudyRecord> | null {
    return reviewId === null ? null : getStudy(context, reviewId)
  }
}
