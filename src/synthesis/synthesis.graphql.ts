import DataLoader from 'dataloader'
import { PublicError } from '../errors.js'
import { Evidence } from '../evidence/evidence.graphql.js'
import type { EvidenceRecord } from '../evidence/evidence.js'
import { findEvidenceBySlug } from '../evidence/evidence.queries.js'
import { EvidenceComparison, shownComparison } from '../evidence/comparison.graphql.js'
import { AnalysisScale, EffectMeasure, EvidenceClass } from '../generated/prisma/enums.js'
import type {
  AnalysisScale as AnalysisScaleValue,
  EffectMeasure as EffectMeasureValue,
  EvidenceClass as EvidenceClassValue,
} from '../generated/prisma/enums.js'
import type { Context } from '../graphql/context.js'
import { Arg, Ctx, Field, FieldResolver, Float, ID, Int, ObjectType, Query, Resolver, Root, type ClassType } from '../graphql/decorators.js'
import { Node } from '../graphql/node.js'
import { JsonScalar } from '../graphql/scalars.js'
import { Study } from '../study/study.graphql.js'
import { findStudiesBySlug } from '../study/study.queries.js'
import type { StudyRecord } from '../study/study.js'
import { engineVersion } from '../version.js'
import { Outcome } from '../vocabulary/vocabulary.graphql.js'
import type { OutcomeTerm } from '../vocabulary/vocabulary.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { scaleOf } from './entry.js'
import { usualTauPrior } from './bayesian.js'
import { BayesianPool, bayesianPool, TauPriorInput, tauPriorOf } from './bayesian.graphql.js'
import { compareGroups, groupName } from './groups.js'
import { listParts } from './partList.js'
import { SynthesisPart } from './parts.graphql.js'
import { cumulative, influenceRows, leaveOneOut } from './influence.js'
import { perThousandOf } from './perThousand.js'
import { PerThousand } from './perThousand.graphql.js'
import { plotUrl } from './plotUrl.js'
import { intervalOf } from './question.js'
import { rScript } from './rScript.js'
import { onlyOne } from './synthesis.js'
import { robustnessOf, type Robustness } from './robustness.js'
import { sensitivityOf } from './sensitivity.js'
import { contributions, shownHeterogeneity, shownSize, type ShownEntry } from './shown.js'
import { smallStudyEffectsOf } from './smallStudyEffects.js'
import { metaRegressionOf } from './metaRegression.js'
import { subgroupsOf } from './subgroups.js'
import { questionOf, SynthesisInput } from './synthesis.filter.js'
import { keepSyntheses, poolFilter, type SynthesisRecord } from './synthesis.queries.js'
import {
  Heterogeneity,
  InfluenceRow,
  LeftOutEntry,
  MetaRegression,
  PoolEntry,
  RegressedEntry,
  RobustnessReport,
  Sensitivity,
  SmallStudyEffects,
  StudyInfluence,
  SubgroupTest,
  SynthesisChoices,
  SynthesisSubgroup,
  SynthesisWarning,
  Unpoolable,
  type NamedEntry,
} from './synthesis.types.graphql.js'
import { synthesisTitle } from './title.js'
import { warningsOfPool, warningsOfSelection } from './warnings.js'

@ObjectType({ simpleResolvers: true, description: 'One entry of a pool: a study, usually, with its weight and the numbers that entered.' })
export class Contribution {
  @Field(() => String, { description: 'First author and year.' })
  label!: string

  @Field(() => Int, { nullable: true, description: 'Year of the main report.' })
  year!: number | null

  @Field(() => Int, { nullable: true, description: 'Participants behind the entry.' })
  participants!: number | null

  @Field(() => Float, { description: 'Estimate as it is shown: ratios as ratios.' })
  estimate!: number

  @Field(() => Float, { description: 'Estimate on the analysis scale: the number that entered.' })
  analysisEstimate!: number

  @Field(() => Float, { description: 'Standard error on the analysis scale.' })
  standardError!: number

  @Field(() => Float, { description: 'Lower confidence limit, at the level asked for, by normal quantiles.' })
  ciLower!: number

  @Field(() => Float, { description: 'Upper confidence limit.' })
  ciUpper!: number

  @Field(() => Float, { description: 'Share of the pool’s weight; those of all entries sum to 100.' })
  weightPercent!: number

  @Field(() => [String], { description: 'What was done to reach the number: conversions, joined effects.' })
  notes!: readonly string[]
}

@Resolver(() => Contribution)
export class ContributionResolver {
  @FieldResolver(() => [Evidence], { description: 'The effects that went in, as they are in the data now.' })
  evidence(@Root() { evidence }: ShownEntry, @Ctx() context: Context): Promise<EvidenceRecord[]> {
    return effectsOf(context, evidence)
  }

  @FieldResolver(() => Study, { description: 'The study.' })
  async study(@Root() { study }: ShownEntry, @Ctx() context: Context): Promise<StudyRecord> {
    const found = await context.perRequest(studyBySlug).load(study)
    if (found === null) throw new PublicError('NOT_FOUND', `the study ${study} is no longer in the data`, { ref: study })
    return found
  }
}

/** Resolves what the rows of a pool are of: studies in one statement a request, effects in another, whatever the number of rows and lists. */
function namedEntryResolver(type: ClassType<NamedEntry>) {
  @Resolver(() => type)
  class NamedEntryResolver {
    @FieldResolver(() => Study, { nullable: true, description: 'The study; null if it is no longer in the data.' })
    study(@Root() { study }: NamedEntry, @Ctx() context: Context): Promise<StudyRecord | null> {
      return context.perRequest(studyBySlug).load(study)
    }

    @FieldResolver(() => String, { description: 'Slug of the study, which the filters’ `studies` take.' })
    studySlug(@Root() { study }: NamedEntry): string {
      return study
    }

    @FieldResolver(() => [Evidence], { description: 'Its effects, as they are in the data now.' })
    evidence(@Root() { evidence }: NamedEntry, @Ctx() context: Context): Promise<EvidenceRecord[]> {
      return effectsOf(context, evidence)
    }

    @FieldResolver(() => [String], { description: 'Slugs of its effects, which the filters’ `results` take.' })
    evidenceSlugs(@Root() { evidence }: NamedEntry): readonly string[] {
      return evidence
    }
  }
  return NamedEntryResolver
}

export const namedEntryResolvers = [InfluenceRow, StudyInfluence, PoolEntry, RegressedEntry, LeftOutEntry].map(namedEntryResolver)

async function effectsOf(context: Context, slugs: readonly string[]): Promise<EvidenceRecord[]> {
  const found = await context.perRequest(evidenceBySlug).loadMany(slugs)
  return found.filter((record): record is EvidenceRecord => record !== null && !(record instanceof Error))
}

const evidenceBySlug = (context: Context) => new DataLoader((slugs: readonly string[]) => findEvidenceBySlug(context, slugs))
const studyBySlug = (context: Context) => new DataLoader((slugs: readonly string[]) => findStudiesBySlug(context, slugs))

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description:
    'Effects of primary studies pooled on request, and what the result rests on. Computed from the stored effects at every call; published pooled results never enter. Evidence, not advice: look at the interval, the prediction interval and the warnings first.',
})
export class Synthesis extends Node {}

@Resolver(() => Synthesis)
export class SynthesisResolver {
  @Query(() => Synthesis, {
    nullable: true,
    complexity: 200,
    description:
      'Pools the effects that a filter selects. Computed from the stored effects at every call. At most 20,000 effects; nothing to pool is an error that says what the filter matched and why.',
  })
  synthesis(
    @Arg('input', () => SynthesisInput, { description: 'Which effects, and how.' }) input: SynthesisInput,
    @Ctx() context: Context,
  ): Promise<SynthesisRecord> {
    return poolFilter(context, input.filter, questionOf(input))
  }

  @FieldResolver(() => ID, {
    description:
      'A hash of what was asked, of the effects that answered it and of the version of the formulas: the same question on the same data has the same id. Asking for it keeps the synthesis, so that node(id) gives it back when the data have changed.',
  })
  async id(@Root() { id, ...record }: SynthesisRecord & { readonly id?: string }, @Ctx() { primary }: Context): Promise<string | undefined> {
    return id ?? (await keepSyntheses(primary, [record]))[0]
  }

  @FieldResolver(() => EffectMeasure, { description: 'What was pooled on.' })
  measure(@Root() { synthesis }: SynthesisRecord): EffectMeasureValue {
    const { measure } = synthesis
    // Peto's, raw correlations and bare numbers come from tables of the command line alone.
    return measure === 'PETO' || measure === 'RAW_COR' || measure === 'GEN' ? 'OR' : measure
  }

  @FieldResolver(() => AnalysisScale, { description: 'The scale of standard errors, tau², Q and `analysisEstimate`.' })
  analysisScale(@Root() { synthesis }: SynthesisRecord): AnalysisScaleValue {
    return scaleOf(synthesis.measure)
  }

  @FieldResolver(() => SynthesisChoices, { description: 'How the effects were pooled, with what was left out filled in.' })
  choices(@Root() { question }: SynthesisRecord): SynthesisChoices {
    return {
      ...question,
      interval: intervalOf(question),
      emptyCells: question.emptyCells ?? 'AS_THEY_ARE',
      asCountedBy: question.asCountedBy ?? null,
      inferredNumbers: question.inferredNumbers ?? false,
      without: question.without ?? [],
    }
  }

  @FieldResolver(() => JsonScalar, { description: 'The filter that was asked.' })
  filter(@Root() { filter }: SynthesisRecord): unknown {
    return filter
  }

  @FieldResolver(() => EvidenceComparison, { nullable: true, description: 'What is compared with what; null where several comparisons are mixed, as asked.' })
  async comparison(@Root() { synthesis }: SynthesisRecord, @Ctx() context: Context): Promise<EvidenceComparison | null> {
    const key = onlyOne(synthesis, ({ comparison }) => comparison)
    return key === null ? null : shownComparison(key, await vocabularyOf(context))
  }

  @FieldResolver(() => EvidenceClass, { nullable: true, description: 'Class of evidence; null where several are mixed, as asked.' })
  evidenceClass(@Root() { synthesis }: SynthesisRecord): EvidenceClassValue | null {
    return onlyOne(synthesis, ({ evidenceClass }) => evidenceClass)
  }

  @FieldResolver(() => Outcome, { nullable: true, description: 'The outcome; null where several are mixed, as asked.' })
  async outcome(@Root() { synthesis }: SynthesisRecord, @Ctx() context: Context): Promise<OutcomeTerm | null> {
    const slug = onlyOne(synthesis, ({ outcome }) => outcome)
    return slug === null ? null : ((await vocabularyOf(context)).outcomes.find(slug) ?? null)
  }

  @FieldResolver(() => String, { nullable: true, description: 'Of mean differences, the unit: UCUM, or the points of a scale; null of other measures.' })
  unit(@Root() { synthesis }: SynthesisRecord): string | null {
    return synthesis.unit
  }

  @FieldResolver(() => [SynthesisPart], {
    complexity: 200,
    description: 'The questions that the effects of the filter answer, each with the filter that asks it alone, in the order in which the default takes them.',
  })
  async parts(@Root() { filter, synthesis }: SynthesisRecord, @Ctx() context: Context): Promise<SynthesisPart[]> {
    const vocabulary = await vocabularyOf(context)
    return listParts(filter, synthesis, (word) => vocabulary.treatments.find(word) !== undefined).map(
      ({ comparison, combinedWith, outcome, measure, ...part }) => ({
        ...part,
        measure: measure as EffectMeasureValue | null, // pools of stored effects are on their measures
        comparison: shownComparison(comparison, vocabulary),
        combinedWith: combinedWith.map((agent) => vocabulary.treatments.find(agent)?.name ?? agent),
        outcome: vocabulary.outcomes.find(outcome) ?? null,
      }),
    )
  }

  @FieldResolver(() => BayesianPool, {
    nullable: true,
    description:
      'The same entries under a Bayesian random-effects model, flat prior of the mean: what few studies leave open. Null where several entries of one study depend on each other, or no prior was given and none is usual for the measure.',
  })
  bayesian(
    @Arg('prior', () => TauPriorInput, {
      nullable: true,
      description: 'Prior of tau; left out, that of the synthesis, else half-normal with the scale 0.5 on log ratios and standardised differences.',
    })
    prior: TauPriorInput | null | undefined,
    @Root() { synthesis }: SynthesisRecord,
  ): BayesianPool | null {
    return bayesianPool(synthesis, prior == null ? (synthesis.question.tauPrior ?? usualTauPrior(synthesis)) : tauPriorOf(prior))
  }

  @FieldResolver(() => PerThousand, {
    nullable: true,
    description:
      'The pooled ratio or risk difference in people of a thousand, for `baselineRisk` or the median risk of the trials; null of other measures, and where no trial states a risk.',
  })
  perThousand(@Root() { synthesis }: SynthesisRecord): PerThousand | null {
    return perThousandOf(synthesis)
  }

  @FieldResolver(() => Int, { description: 'Entries of the pool: studies, but for effects of one study that enter by themselves.' })
  k(@Root() record: SynthesisRecord): number {
    return record.pool.k
  }

  @FieldResolver(() => Int, { description: 'Studies in the pool.' })
  studies(@Root() record: SynthesisRecord): number {
    return record.pool.studies
  }

  @FieldResolver(() => Int, { nullable: true, description: 'Participants of these studies; null where no study tells.' })
  participants(@Root() record: SynthesisRecord): number | null {
    return record.pool.participants
  }

  @FieldResolver(() => Float, { nullable: true, description: 'Pooled estimate, as it is shown: ratios as ratios, correlations as correlations.' })
  estimate(@Root() record: SynthesisRecord): number {
    return record.pool.estimate
  }

  @FieldResolver(() => Float, { nullable: true, description: 'Pooled estimate on the analysis scale: the logarithm of a ratio, Fisher’s z of a correlation.' })
  analysisEstimate(@Root() record: SynthesisRecord): number {
    return record.pool.analysisEstimate
  }

  @FieldResolver(() => Float, { nullable: true, description: 'Standard error, on the analysis scale.' })
  standardError(@Root() record: SynthesisRecord): number {
    return record.pool.standardError
  }

  @FieldResolver(() => Float, { nullable: true, description: 'Lower confidence limit, as it is shown.' })
  ciLower(@Root() record: SynthesisRecord): number {
    return record.pool.ciLower
  }

  @FieldResolver(() => Float, { nullable: true, description: 'Upper confidence limit, as it is shown.' })
  ciUpper(@Root() record: SynthesisRecord): number {
    return record.pool.ciUpper
  }

  @FieldResolver(() => Float, { nullable: true, description: 'Two-sided p value of no effect.' })
  pValue(@Root() record: SynthesisRecord): number {
    return record.pool.pValue
  }

  @FieldResolver(() => Float, { nullable: true, description: 'Degrees of freedom of the interval’s t quantile; null where it is normal.' })
  degreesOfFreedom(@Root() record: SynthesisRecord): number | null {
    return record.pool.df
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'Where the true effect of a further study would lie, lower limit: by the quantile of the interval (t with k − 1 degrees of freedom under HKSJ, else normal). Null under a common effect and for one study.',
  })
  predictionLower(@Root() record: SynthesisRecord): number | null {
    return record.pool.predictionLower
  }

  @FieldResolver(() => Float, { nullable: true, description: 'The same, upper limit.' })
  predictionUpper(@Root() record: SynthesisRecord): number | null {
    return record.pool.predictionUpper
  }

  @FieldResolver(() => Heterogeneity, { description: 'How much true effects differ between studies.' })
  heterogeneity(@Root() { synthesis }: SynthesisRecord): Heterogeneity {
    return shownHeterogeneity(synthesis)
  }

  @FieldResolver(() => [Contribution], { description: 'The entries of the pool with their weights, by study.' })
  contributions(@Root() { synthesis }: SynthesisRecord): ShownEntry[] {
    return contributions(synthesis)
  }

  @FieldResolver(() => [InfluenceRow], { complexity: 200, description: 'The pool without each entry in turn.' })
  leaveOneOut(@Root() { synthesis }: SynthesisRecord): InfluenceRow[] {
    return leaveOneOut(synthesis)
  }

  @FieldResolver(() => [InfluenceRow], { complexity: 200, description: 'The pool as it stood after each study, by year.' })
  cumulative(@Root() { synthesis }: SynthesisRecord): InfluenceRow[] {
    return cumulative(synthesis)
  }

  @FieldResolver(() => [StudyInfluence], {
    complexity: 200,
    description: 'Influence of each entry on the pool by inverse variance, with the coordinates of Baujat’s plot; empty of a single entry.',
  })
  influence(@Root() { synthesis }: SynthesisRecord): StudyInfluence[] {
    return influenceRows(synthesis)
  }

  @FieldResolver(() => [SynthesisSubgroup], { description: 'Each group pooled by itself, where `subgroupBy` was asked; else empty.' })
  async subgroups(@Root() { synthesis, question }: SynthesisRecord, @Ctx() context: Context): Promise<SynthesisSubgroup[]> {
    const by = question.subgroupBy
    if (by === null) return []
    const terms = await vocabularyOf(context)
    const order = compareGroups(by, terms)
    return subgroupsOf(synthesis)
      .subgroups.map(({ label, ...subgroup }) => ({ ...subgroup, value: label, label: groupName(by, label, terms) }))
      .sort((a, b) => order(a.value, b.value))
  }

  @FieldResolver(() => SubgroupTest, { nullable: true, description: 'Whether the subgroups have different effects; null without two of them.' })
  subgroupTest(@Root() { synthesis }: SynthesisRecord): SubgroupTest | null {
    return subgroupsOf(synthesis).test
  }

  @FieldResolver(() => MetaRegression, { nullable: true, description: 'The effects regressed on `moderators`; null where none was asked for.' })
  metaRegression(@Root() { synthesis }: SynthesisRecord): MetaRegression | null {
    return metaRegressionOf(synthesis)
  }

  @FieldResolver(() => SmallStudyEffects, { description: 'Egger, Begg, trim and fill; flagged below ten studies.' })
  smallStudyEffects(@Root() { synthesis }: SynthesisRecord): SmallStudyEffects {
    return smallStudyEffectsOf(synthesis)
  }

  @FieldResolver(() => Sensitivity, { complexity: 400, description: 'The same effects pooled in every defensible way.' })
  sensitivity(@Root() { synthesis }: SynthesisRecord): Sensitivity {
    return sensitivityOf(synthesis)
  }

  @FieldResolver(() => RobustnessReport, {
    description: 'How many unseen studies without effect, or how large an opposing trial, it would take to change the conclusion.',
  })
  robustness(@Root() { synthesis }: SynthesisRecord): Robustness {
    return robustnessOf(synthesis)
  }

  @FieldResolver(() => [LeftOutEntry], { description: 'Studies that are left out, as asked (`without`), with the numbers that would have entered.' })
  leftOut(@Root() { synthesis }: SynthesisRecord): LeftOutEntry[] {
    return synthesis.leftOut.map((entry) => ({ ...entry, ...shownSize(entry, synthesis) }) as unknown as LeftOutEntry) // its study and effects are resolved
  }

  @FieldResolver(() => String, { description: 'What is pooled, in words: the comparison, the outcome, the condition, and what is left out.' })
  async title(@Root() { synthesis }: SynthesisRecord, @Ctx() context: Context): Promise<string> {
    return synthesisTitle(synthesis, await vocabularyOf(context))
  }

  @FieldResolver(() => [Unpoolable], {
    description: 'Effects that the filter selects but that are not in the pool, with the reason: with the contributions, every effect of the filter.',
  })
  async unpoolable(@Root() { synthesis }: SynthesisRecord, @Ctx() context: Context): Promise<Unpoolable[]> {
    const found = await context.perRequest(evidenceBySlug).loadMany(synthesis.unpoolable.map(({ evidence }) => evidence))
    return synthesis.unpoolable.flatMap(({ code, reason }, index) => {
      const evidence = found[index]
      // What has gone from the data since the synthesis was kept has no node any more.
      return evidence === null || evidence === undefined || evidence instanceof Error ? [] : [{ evidence, code, reason } as unknown as Unpoolable] // the record resolves the node's fields
    })
  }

  @FieldResolver(() => [SynthesisWarning], { description: 'What a reader should know before believing the number.' })
  warnings(@Root() { synthesis, engineVersion: computedBy }: SynthesisRecord): SynthesisWarning[] {
    const changed = {
      code: 'ENGINE_CHANGED',
      message: `The synthesis was kept by version ${computedBy} of the formulas and is computed by ${engineVersion} now.`,
    }
    return [...(computedBy === engineVersion ? [] : [changed]), ...warningsOfPool(synthesis), ...warningsOfSelection(synthesis)]
  }

  @FieldResolver(() => String, { description: 'Address of the forest plot at this host: .svg as given, .png by the other ending; ?theme=dark or print.' })
  forestPlotUrl(@Root() { filter, question }: SynthesisRecord, @Ctx() { basePath }: Context): string {
    return plotUrl('forest', filter, question, basePath)
  }

  @FieldResolver(() => String, { description: 'Address of what was pooled, as CSV: `rma(yi, vi)` of it gives this pool.' })
  csvUrl(@Root() { filter, question }: SynthesisRecord, @Ctx() { basePath }: Context): string {
    return plotUrl('forest', filter, question, basePath).replace('/plots/forest.svg', '/plots/forest.csv')
  }

  @FieldResolver(() => String, { description: 'Address of a script for R with metafor, which gives this pool.' })
  rScriptUrl(@Root() { filter, question }: SynthesisRecord, @Ctx() { basePath }: Context): string {
    return plotUrl('forest', filter, question, basePath).replace('/plots/forest.svg', '/plots/forest.R')
  }

  @FieldResolver(() => String, { description: 'Address of the funnel plot at this host, likewise.' })
  funnelPlotUrl(@Root() { filter, question }: SynthesisRecord, @Ctx() { basePath }: Context): string {
    return plotUrl('funnel', filter, question, basePath)
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Address of the bubble plot at this host, of the effects over the one moderator asked for with their regression; null without just one.',
  })
  bubblePlotUrl(@Root() { filter, question }: SynthesisRecord, @Ctx() { basePath }: Context): string | null {
    return question.moderators.length === 1 ? plotUrl('bubble', filter, question, basePath) : null
  }

  @FieldResolver(() => String, { description: 'Address of Baujat’s plot at this host: what each study adds to the heterogeneity and to the result.' })
  baujatPlotUrl(@Root() { filter, question }: SynthesisRecord, @Ctx() { basePath }: Context): string {
    return plotUrl('baujat', filter, question, basePath)
  }

  @FieldResolver(() => String, { description: 'A script that reproduces the result with R’s metafor.' })
  rScript(@Root() { synthesis }: SynthesisRecord): string {
    return rScript(synthesis)
  }

  @FieldResolver(() => String, { description: 'Version of the formulas.' })
  engineVersion(): string {
    return engineVersion
  }

  @FieldResolver(() => String, { description: 'State of the data that answered.' })
  dataRevision(@Root() { dataRevision }: SynthesisRecord): string {
    return dataRevision
  }
}
