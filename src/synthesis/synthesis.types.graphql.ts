import { EffectMeasure } from '../generated/prisma/enums.js'
import type { EffectMeasure as EffectMeasureValue } from '../generated/prisma/enums.js'
import { Field, Float, Int, ObjectType } from '../graphql/decorators.js'
import { describeEnum } from '../graphql/enum.js'
import { Evidence } from '../evidence/evidence.graphql.js'
import { UnpoolableReason } from './number.js'
import { Across, DependenceRule, EmptyCellRule, IntervalMethod, PoolingModel, Tau2Estimator, TimepointRule } from './question.js'
import { OpposingFinding, OpposingOutcome } from './robustness.js'
import { DesignChoice } from './sensitivity.js'
import { SummaryGroup } from './groups.js'

describeEnum(UnpoolableReason, 'UnpoolableReason', 'Why an effect that the filter selects is not in the pool.', {
  NO_ESTIMATE: 'There is no estimate.',
  NO_STANDARD_ERROR: 'There is no standard error; a threshold of p bounds it and does not tell it.',
  NOT_CONVERTIBLE: 'It is on another measure, and no conversion is defensible.',
  NO_COUNTS: 'The model pools counts of events, which are not known.',
  N_INFERRED: 'Its number of people is not printed and was inferred; `inferredNumbers` lets it in.',
  LEFT_OUT: 'Its study is left out, as asked (`without`).',
  NO_EVENTS: 'Nobody, or everybody, had the event in both arms.',
  OTHER_SUBJECTS: 'It is of animals, or in vitro, and the others are of people.',
  OTHER_TIMEPOINT: 'Another time point of the same comparison was taken.',
  OTHER_ANALYSIS: 'Another result of the same people was taken: the primary one, crude or adjusted, nearer to all as randomised, or by the usual threshold.',
  PART_OF_SAMPLE: 'The same comparison is there in the whole sample.',
  OTHER_KIND_OF_VALUE: 'Final values and changes from baseline cannot be standardised together.',
  OTHER_EXPOSURE: 'Another exposure is contrasted, or one per unit where the others contrast groups.',
  OTHER_COMPARISON: 'Magnesium is compared with something else.',
  OTHER_AGENT: 'Magnesium is compared with another treatment than in the pool.',
  OTHER_DESIGN: 'The evidence is of another class: not randomised, or observed in another way.',
  OTHER_OUTCOME: 'The outcome is another one.',
  OTHER_UNIT: 'The mean difference is in another unit, or in points of another scale, which does not convert.',
  OTHER_MEASURE: 'Most studies have another kind of measure.',
  OTHER_CATEGORY: 'Of several groups with one reference the one farthest from it was taken.',
  COMBINATION: 'Magnesium was given together with other active substances that the comparator did not get, unlike in the pool.',
  OPPOSITE_DIRECTION: 'A higher value is good here and bad in the others, and the measure cannot be turned round.',
  SAME_PEOPLE: 'The same people are pooled once: other counts of them, or a larger study of their cohort, are in the pool.',
  ROW_INCOMPLETE: 'A row of the table has empty cells.',
})
describeEnum(DesignChoice, 'DesignChoice', 'Which studies a choice admits.', {
  ALL: 'All that the filter selects.',
  RANDOMISED: 'Randomised ones.',
  NOT_HIGH_RISK: 'Those not at high risk of bias, unassessed ones among them.',
})

@ObjectType({ simpleResolvers: true, description: 'How much true effects differ between studies; all null of a single study. On the analysis scale.' })
export class Heterogeneity {
  @Field(() => Float, { nullable: true, description: 'Cochran’s Q.' })
  q!: number | null

  @Field(() => Int, { nullable: true, description: 'Degrees of freedom of Q.' })
  df!: number | null

  @Field(() => Float, { nullable: true, description: 'p value of Q: small where one common effect is an unlikely reason for what is seen.' })
  pValue!: number | null

  @Field(() => Float, { nullable: true, description: 'Variance of true effects between studies, by the estimator asked for; 0 under a common effect.' })
  tau2!: number | null

  @Field(() => Float, { nullable: true, description: 'Lower limit of tau² (Q-profile); null where the interval is empty or cannot be told.' })
  tau2Lower!: number | null

  @Field(() => Float, { nullable: true, description: 'Upper limit of tau² (Q-profile).' })
  tau2Upper!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'Share of variation that is not chance, percent: tau² over tau² plus the typical variance; (Q − df) / Q under a common effect.',
  })
  i2!: number | null

  @Field(() => Float, { nullable: true, description: 'Lower limit of I², percent, from the interval of tau².' })
  i2Lower!: number | null

  @Field(() => Float, { nullable: true, description: 'Upper limit of I².' })
  i2Upper!: number | null

  @Field(() => Float, { nullable: true, description: 'Lower limit of H², from the interval of tau².' })
  h2Lower!: number | null

  @Field(() => Float, { nullable: true, description: 'Upper limit of H².' })
  h2Upper!: number | null

  @Field(() => Float, { nullable: true, description: 'H²: how many times larger the variation is than chance alone would make it.' })
  h2!: number | null
}

/** What a row of a pool is of; its study and effects themselves are resolved. */
export abstract class NamedEntry {
  abstract label: string
  /** Slug of the study. */
  study!: string
  /** Slugs of the effects. */
  evidence!: readonly string[]
}

@ObjectType({ simpleResolvers: true, description: 'An entry of a pool: a study, usually.' })
export class PoolEntry extends NamedEntry {
  @Field(() => String, { description: 'First author and year.' })
  label!: string
}

@ObjectType({ simpleResolvers: true, description: 'A study that is left out of a pool, as asked, with the numbers that would have entered.' })
export class LeftOutEntry extends NamedEntry {
  @Field(() => String, { description: 'First author and year.' })
  label!: string

  @Field(() => Int, { nullable: true, description: 'Year of the main report.' })
  year!: number | null

  @Field(() => Int, { nullable: true, description: 'Participants behind the entry.' })
  participants!: number | null

  @Field(() => Float, { description: 'Estimate as it is shown: ratios as ratios.' })
  estimate!: number

  @Field(() => Float, { description: 'Lower confidence limit, at the level asked for, by normal quantiles.' })
  ciLower!: number

  @Field(() => Float, { description: 'Upper confidence limit.' })
  ciUpper!: number
}

@ObjectType({ simpleResolvers: true, description: 'An entry of a meta-regression with what it reports of the moderators.' })
export class RegressedEntry extends NamedEntry {
  @Field(() => String, { description: 'First author and year.' })
  label!: string

  @Field(() => [Float], { nullable: 'items', description: 'Values of the moderators, in the order of `moderators`; null if not reported.' })
  values!: readonly (number | null)[]
}

@ObjectType({ simpleResolvers: true, description: 'A pool of some of the entries.' })
export class InfluenceRow extends NamedEntry {
  @Field(() => String, { description: 'First author and year of the study left out, or added last.' })
  label!: string

  @Field(() => Float, { description: 'Pooled estimate, as it is shown: ratios as ratios.' })
  estimate!: number

  @Field(() => Float, { description: 'Lower confidence limit.' })
  ciLower!: number

  @Field(() => Float, { description: 'Upper confidence limit.' })
  ciUpper!: number

  @Field(() => Float, { nullable: true, description: 'tau², on the analysis scale; null of a single study.' })
  tau2!: number | null

  @Field(() => Float, { nullable: true, description: 'I², percent; null of a single study.' })
  i2!: number | null
}

@ObjectType({ simpleResolvers: true, description: 'A test of whether small studies show other effects than large ones.' })
export class AsymmetryTest {
  @Field(() => Float, { description: 'Statistic: t for Egger, Kendall’s tau for Begg.' })
  statistic!: number

  @Field(() => Float, { nullable: true, description: 'Degrees of freedom, where the statistic has them.' })
  df!: number | null

  @Field(() => Float, { description: 'Two-sided p value.' })
  pValue!: number

  @Field(() => Float, { nullable: true, description: 'Egger: the effect that a study without any error would show, on the analysis scale. Begg: null.' })
  estimate!: number | null

  @Field(() => String, { description: 'How it was computed.' })
  method!: string
}

const FunnelSide = { LEFT: 'left', RIGHT: 'right' } as const
type FunnelSide = (typeof FunnelSide)[keyof typeof FunnelSide]
describeEnum(FunnelSide, 'FunnelSide', 'A side of a funnel plot.', { LEFT: 'Towards smaller effects.', RIGHT: 'Towards larger effects.' })

@ObjectType({
  simpleResolvers: true,
  description: 'What the pool would be with the studies that a symmetric funnel would have: a sensitivity analysis, not a correction.',
})
export class TrimAndFill {
  @Field(() => FunnelSide, { description: 'Side on which studies are missing.' })
  side!: FunnelSide

  @Field(() => Int, { description: 'Number of studies imputed (estimator L0).' })
  missing!: number

  @Field(() => Float, { description: 'Pooled estimate with them, as it is shown.' })
  estimate!: number

  @Field(() => Float, { description: 'Lower confidence limit.' })
  ciLower!: number

  @Field(() => Float, { description: 'Upper confidence limit.' })
  ciUpper!: number
}

@ObjectType({ simpleResolvers: true, description: 'The test of small-study effects that is advised for a measure.' })
export class AdvisedTest {
  @Field(() => String, { description: 'HARBORD, PETERS, EGGER, PUSTEJOVSKY_RODGERS, or NONE.' })
  name!: string

  @Field(() => AsymmetryTest, { nullable: true, description: 'Its result; null where it cannot be computed, or none is advised.' })
  test!: AsymmetryTest | null

  @Field(() => String, { description: 'Why this one.' })
  reason!: string
}

@ObjectType({
  simpleResolvers: true,
  description: 'Whether small studies show other effects than large ones: one reason for it is that unwelcome results stay unpublished.',
})
export class SmallStudyEffects {
  @Field(() => AsymmetryTest, {
    nullable: true,
    description: 'Egger’s regression; null where it cannot be computed: under three studies, or all of one precision.',
  })
  egger!: AsymmetryTest | null

  @Field(() => AsymmetryTest, { nullable: true, description: 'Begg and Mazumdar’s rank correlation; null where it cannot be computed.' })
  begg!: AsymmetryTest | null

  @Field(() => AsymmetryTest, { nullable: true, description: 'Harbord’s test, on counts; null where not every entry has them.' })
  harbord!: AsymmetryTest | null

  @Field(() => AsymmetryTest, { nullable: true, description: 'Peters’ test, on counts; null where not every entry has them.' })
  peters!: AsymmetryTest | null

  @Field(() => AsymmetryTest, { nullable: true, description: 'Deeks’ test, on counts; null where not every entry has them.' })
  deeks!: AsymmetryTest | null

  @Field(() => AdvisedTest, {
    description: 'The test that is advised for the measure: Harbord’s or Peters’ of ratios of counts, Egger’s elsewhere. Warnings and certainty rest on it.',
  })
  advised!: AdvisedTest

  @Field(() => TrimAndFill, { nullable: true, description: 'Trim and fill of Duval and Tweedie; null under three studies, or where it does not settle.' })
  trimAndFill!: TrimAndFill | null

  @Field(() => Boolean, { description: 'Under ten studies: computed, but not to be relied on.' })
  underpowered!: boolean
}

@ObjectType({ simpleResolvers: true, description: 'How much one entry moves the pool: everything that is left out is fitted again. On the analysis scale.' })
export class StudyInfluence extends NamedEntry {
  @Field(() => String, { description: 'First author and year.' })
  label!: string

  @Field(() => Float, { description: 'Externally studentised residual.' })
  rstudent!: number

  @Field(() => Float, { description: 'DFFITS: change of the fitted effect without the entry, in standard errors.' })
  dffits!: number

  @Field(() => Float, { nullable: true, description: 'Cook’s distance; null where the mean has no error.' })
  cookDistance!: number | null

  @Field(() => Float, { description: 'Variance of the mean without the entry over that with it.' })
  covarianceRatio!: number

  @Field(() => Float, { description: 'tau² without the entry.' })
  tau2Without!: number

  @Field(() => Float, { description: 'Cochran’s Q without the entry.' })
  qWithout!: number

  @Field(() => Float, { description: 'Share of the weight, 0 to 1.' })
  hat!: number

  @Field(() => Float, { description: 'DFBETAS: change of the mean without the entry, in standard errors.' })
  dfbeta!: number

  @Field(() => Boolean, { description: 'True: one of the usual limits is exceeded.' })
  isInfluential!: boolean

  @Field(() => Float, { description: 'Baujat’s plot, across: contribution to Q.' })
  baujatHeterogeneity!: number

  @Field(() => Float, { description: 'Baujat’s plot, up: squared standardised change of the mean without the entry.' })
  baujatInfluence!: number
}

@ObjectType({ simpleResolvers: true, description: 'A group of effects pooled by itself, with a tau² of its own.' })
export class SynthesisSubgroup {
  @Field(() => String, { description: 'The group’s name.' })
  label!: string

  @Field(() => String, { description: 'The group’s slug or word, as summaries and filters spell it.' })
  value!: string

  @Field(() => Int, { description: 'Entries.' })
  k!: number

  @Field(() => Int, { description: 'Studies.' })
  studies!: number

  @Field(() => Int, { nullable: true, description: 'Participants.' })
  participants!: number | null

  @Field(() => [PoolEntry], { description: 'The entries of the group.' })
  entries!: readonly PoolEntry[]

  @Field(() => Float, { description: 'Pooled estimate, as it is shown.' })
  estimate!: number

  @Field(() => Float, { description: 'Lower confidence limit.' })
  ciLower!: number

  @Field(() => Float, { description: 'Upper confidence limit.' })
  ciUpper!: number

  @Field(() => Heterogeneity, { description: 'Heterogeneity within the group.' })
  heterogeneity!: Heterogeneity
}

@ObjectType({ simpleResolvers: true, description: 'Whether the subgroups have different effects.' })
export class SubgroupTest {
  @Field(() => Float, { description: 'Q between the groups.' })
  q!: number

  @Field(() => Int, { description: 'Its degrees of freedom: groups less one.' })
  df!: number

  @Field(() => Float, {
    description: 'p value: small where one effect of all groups is an unlikely reason for what is seen. Differences between studies may have other reasons.',
  })
  pValue!: number
}

@ObjectType({ simpleResolvers: true, description: 'A coefficient of a meta-regression, on the analysis scale, per unit of the moderator.' })
export class Coefficient {
  @Field(() => String, { description: '"intercept", or the moderator.' })
  name!: string

  @Field(() => Float, { description: 'Estimate: what the effect differs by per unit.' })
  estimate!: number

  @Field(() => Float, { description: 'Standard error.' })
  standardError!: number

  @Field(() => Float, { description: 'Lower confidence limit.' })
  ciLower!: number

  @Field(() => Float, { description: 'Upper confidence limit.' })
  ciUpper!: number

  @Field(() => Float, { description: 'Two-sided p value.' })
  pValue!: number
}

@ObjectType({
  simpleResolvers: true,
  description: 'Effects regressed on moderators of the studies: associations between studies, which are no proof of a cause.',
})
export class MetaRegression {
  @Field(() => Int, { description: 'Entries that report every moderator.' })
  k!: number

  @Field(() => [RegressedEntry], { description: 'These entries.' })
  entries!: readonly RegressedEntry[]

  @Field(() => [String], { description: 'Labels of the entries left out, because they do not; `omittedEntries` says which studies these are.' })
  omitted!: readonly string[]

  @Field(() => [RegressedEntry], { description: 'Entries left out, because they do not report every moderator.' })
  omittedEntries!: readonly RegressedEntry[]

  @Field(() => [Coefficient], { description: 'The intercept first.' })
  coefficients!: readonly Coefficient[]

  @Field(() => Float, { description: 'Test of all moderators together: chi-squared, or F under HKSJ.' })
  qModerators!: number

  @Field(() => Int, { description: 'Its (first) degrees of freedom.' })
  qModeratorsDf!: number

  @Field(() => Float, { description: 'Its p value.' })
  pValue!: number

  @Field(() => Float, { description: 'tau² that the moderators leave.' })
  residualTau2!: number

  @Field(() => Float, { description: 'I² that the moderators leave, percent.' })
  residualI2!: number

  @Field(() => Float, { description: 'Q about the regression.' })
  residualQ!: number

  @Field(() => Int, { description: 'Its degrees of freedom.' })
  residualQDf!: number

  @Field(() => Float, { description: 'Its p value.' })
  residualQPValue!: number

  @Field(() => Float, { nullable: true, description: 'Share of tau² that the moderators explain, percent; null where there is none to explain.' })
  r2!: number | null
}

@ObjectType({ simpleResolvers: true, description: 'An effect that the filter selects and that is not in the pool.' })
export class Unpoolable {
  @Field(() => Evidence, { description: 'The effect.' })
  evidence!: Evidence

  @Field(() => UnpoolableReason, { description: 'Why, as a word.' })
  code!: UnpoolableReason

  @Field(() => String, { description: 'Why, in words.' })
  reason!: string
}

@ObjectType({ simpleResolvers: true, description: 'What a reader should know before believing a pooled number.' })
export class SynthesisWarning {
  @Field(() => String, { description: 'Stable word; docs/warnings.md lists them.' })
  code!: string

  @Field(() => String, { description: 'In words.' })
  message!: string
}

@ObjectType({ simpleResolvers: true, description: 'One defensible way to pool the effects, and what it gives.' })
export class SensitivityRow {
  @Field(() => PoolingModel, { description: 'Random effects, or a common effect.' })
  model!: PoolingModel

  @Field(() => Tau2Estimator, { nullable: true, description: 'Estimator of tau²; null under a common effect.' })
  estimator!: Tau2Estimator | null

  @Field(() => IntervalMethod, { description: 'How the interval was formed.' })
  interval!: IntervalMethod

  @Field(() => DependenceRule, { description: 'How several effects of a study entered.' })
  dependence!: DependenceRule

  @Field(() => DesignChoice, { description: 'Which studies entered.' })
  designs!: DesignChoice

  @Field(() => Int, { description: 'Entries.' })
  k!: number

  @Field(() => Float, { description: 'Pooled estimate, as it is shown.' })
  estimate!: number

  @Field(() => Float, { description: 'Lower confidence limit.' })
  ciLower!: number

  @Field(() => Float, { description: 'Upper confidence limit.' })
  ciUpper!: number

  @Field(() => Boolean, { description: 'Whether the interval excludes no effect.' })
  excludesNoEffect!: boolean
}

@ObjectType({
  simpleResolvers: true,
  description:
    'The spread of the estimate over all defensible choices: estimator × interval × dependence × design. Choices that come to the same entries are made once.',
})
export class Sensitivity {
  @Field(() => Int, { description: 'Choices made.' })
  choices!: number

  @Field(() => Int, { description: 'Choices that have no answer here.' })
  failed!: number

  @Field(() => Float, { nullable: true, description: 'Smallest pooled estimate; null where no choice has an answer.' })
  smallest!: number | null

  @Field(() => Float, { nullable: true, description: 'Median of the pooled estimates; null where no choice has an answer.' })
  median!: number | null

  @Field(() => Float, { nullable: true, description: 'Largest pooled estimate; null where no choice has an answer.' })
  largest!: number | null

  @Field(() => Float, { nullable: true, description: 'Share of the choices whose interval excludes no effect, 0 to 1; null where no choice has an answer.' })
  shareExcludingNoEffect!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'Share of the choices whose estimate lies on the side that most lie on, 0.5 to 1; null where no choice has an answer.',
  })
  shareOnOneSide!: number | null

  @Field(() => [SensitivityRow], { description: 'Each choice.' })
  rows!: readonly SensitivityRow[]
}

describeEnum(OpposingFinding, 'OpposingFinding', 'What a further trial would have found.', {
  NO_EFFECT: 'Exactly no effect.',
  MIRROR_IMAGE: 'The pooled effect, on the other side.',
})
describeEnum(OpposingOutcome, 'OpposingOutcome', 'Whether a further trial could bring the pooled interval to include no effect.', {
  FOUND: 'One of this size could.',
  ALREADY: 'It includes no effect without it.',
  CANNOT: 'None is large enough: under random effects even an endless trial is one study among others.',
})

@ObjectType({
  simpleResolvers: true,
  description: 'How many unseen studies that found nothing it would take to change a conclusion: crude answers, kept because readers ask for them.',
})
export class FailSafe {
  @Field(() => Int, { description: 'Rosenthal: to take the combined p value (one-sided) above 0.05.' })
  rosenthal!: number

  @Field(() => Int, { description: 'Orwin: to halve the unweighted mean. That is as many as there are, by construction.' })
  orwin!: number

  @Field(() => Int, { description: 'Rosenberg: of average weight, to take the p value of the common effect above 0.05.' })
  rosenberg!: number
}

@ObjectType({ simpleResolvers: true, description: 'One further trial that would bring the pooled interval to include no effect.' })
export class OpposingTrial {
  @Field(() => OpposingFinding, { description: 'What it would have found.' })
  finding!: OpposingFinding

  @Field(() => OpposingOutcome, { description: 'Whether there is such a trial.' })
  outcome!: OpposingOutcome

  @Field(() => Float, { description: 'Its estimate, as it is shown.' })
  estimate!: number

  @Field(() => Float, { nullable: true, description: 'The standard error that it would have to have at most, on the analysis scale.' })
  standardError!: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'Participants for that standard error, if they tell as much as those of the pool; null where their numbers are not known.',
  })
  participants!: number | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether every larger trial would do as well; under random effects a larger one also changes tau², and may do less. Null where there is none.',
  })
  largerToo!: boolean | null
}

@ObjectType({ simpleResolvers: true, description: 'What it would take to change the conclusion.' })
export class RobustnessReport {
  @Field(() => FailSafe, { description: 'Unseen studies.' })
  failSafe!: FailSafe

  @Field(() => [OpposingTrial], { description: 'An opposing trial: one that finds nothing, and one that finds the opposite.' })
  opposingTrials!: readonly OpposingTrial[]
}

@ObjectType({ simpleResolvers: true, description: 'How the effects were pooled, with what was left out filled in.' })
export class SynthesisChoices {
  @Field(() => EffectMeasure, { nullable: true, description: 'The measure asked for; null where the effects decided.' })
  measure!: EffectMeasureValue | null

  @Field(() => PoolingModel, { description: 'What is supposed of the effects.' })
  model!: PoolingModel

  @Field(() => Tau2Estimator, { description: 'Estimator of tau²; of no consequence but under random effects.' })
  estimator!: Tau2Estimator

  @Field(() => IntervalMethod, { description: 'How the interval was in fact formed: by normal quantiles (WALD) under a common effect, whatever was asked.' })
  interval!: IntervalMethod

  @Field(() => Float, { description: 'Level of the intervals.' })
  level!: number

  @Field(() => DependenceRule, { description: 'How several effects of one study entered.' })
  dependence!: DependenceRule

  @Field(() => TimepointRule, { description: 'Which time point of a comparison entered.' })
  timepoint!: TimepointRule

  @Field(() => SummaryGroup, { nullable: true, description: 'Subgroups.' })
  subgroupBy!: SummaryGroup | null

  @Field(() => [String], { description: 'Moderators.' })
  moderators!: readonly string[]

  @Field(() => [Across], { description: 'What the pool was allowed to mix.' })
  across!: readonly Across[]

  @Field(() => EmptyCellRule, { description: 'Of Mantel and Haenszel’s method: what was done with trials that have an empty cell.' })
  emptyCells!: EmptyCellRule

  @Field(() => String, { nullable: true, description: 'The review, or its pooled result, whose counts entered; null where results entered as they are.' })
  asCountedBy!: string | null

  @Field(() => Boolean, { description: 'Whether effects with an inferred number of people entered.' })
  inferredNumbers!: boolean

  @Field(() => [String], { description: 'Slugs of studies that were to be left out.' })
  without!: readonly string[]
}
