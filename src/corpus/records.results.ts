import { Prisma } from '../generated/prisma/client.js'
import type { RiskOfBiasLevel } from '../generated/prisma/enums.js'
import { comparisonOf } from '../evidence/comparison.js'
import { adjustmentOf, effectComputer } from './effects.js'
import type { Corpus } from './files.js'
import type { ArmResultEntry, ReportedEffectEntry, ResultEntry, StudyEntry } from './format.js'
import type { Keys } from './records.ids.js'
import { analysisScaleOf, toAnalysisScale } from '../statistics/effectSize.js'
import { standardErrorOf } from '../evidence/reported.js'
import { decimalsOf as shortestDecimals } from '../statistics/printed.js'
import type { FormComposition } from '../vocabulary/dose.js'

/**
 * The rows that say what was found: outcomes, contrasts, results, reports, numbers of the arms, effects, pooled estimates.
 *
 * @param studies whose rows they are; of the corpus
 */
export function resultRecords(corpus: Corpus, forms: ReadonlyMap<string, FormComposition>, keys: Keys, studies: readonly StudyEntry[] = corpus.studies) {
  const { instruments, treatments } = corpus
  const effectsOf = effectComputer(corpus, forms)
  const instrumentOf = new Map(instruments.map((instrument) => [instrument.slug, instrument]))
  const results = studies.flatMap((study) => study.results.map((result) => ({ study, result, slug: `${study.slug}-${result.slug}` })))
  const reports = results.flatMap(({ study, result, slug }) =>
    [result, ...result.alternatives].map((report, position) => ({ study, result, report, position, slug: `${slug}#${position}` })),
  )
  const replications = studies.flatMap(({ slug, pooledResults }) =>
    pooledResults.flatMap((pooled) =>
      pooled.replication === undefined ? [] : [{ id: keys.assign('pooled_result', `${slug}-${pooled.slug}`), replication: pooled.replication }],
    ),
  )
  const studyOf = new Map(corpus.studies.map((study) => [study.slug, study]))
  const reportPosition = (study: string, result: string, counts: string | undefined): number => {
    const alternatives = studyOf.get(study)?.results.find(({ slug }) => slug === result)?.alternatives ?? []
    return counts === undefined ? 0 : 1 + alternatives.findIndex(({ source }) => source === counts)
  }
  const resultId = (slug: string) => keys.assign('result', slug)
  const reportId = (slug: string) => keys.assign('result_report', slug)
  return {
    studyOutcome: unique(
      results.map(({ study, result }): Prisma.StudyOutcomeCreateManyInput => {
        const slug = studyOutcomeSlug(study, result)
        return {
          id: keys.assign('study_outcome', slug),
          slug,
          studyId: keys.assign('study', study.slug),
          outcomeId: keys.assign('outcome', result.outcome),
          instrumentId: result.instrument === undefined ? null : keys.assign('instrument', result.instrument),
          name: result.name,
          isPrimary: result.primary,
        }
      }),
    ),
    contrast: unique(
      results.map(({ study, result }): Prisma.ContrastCreateManyInput => {
        const slug = contrastSlug(study, result)
        const arm = (name: string | undefined) => (name === undefined ? null : keys.assign('arm', `${study.slug}/${name}`))
        const exposure = result.exposure
        const comparison = comparisonOf(contrastOf(study, result), treatments)
        return {
          id: keys.assign('contrast', slug),
          slug,
          studyId: keys.assign('study', study.slug),
          interventionArmId: arm(result.intervention),
          comparatorArmId: arm(result.comparator),
          formId: result.form === undefined ? null : keys.assign('magnesium_form', result.form),
          exposureMetric: exposure?.metric ?? null,
          exposureUnit: exposure?.unit ?? null,
          exposureContrasted: exposure?.contrasted ?? null,
          exposureReference: exposure?.reference ?? null,
          exposureIsMore: exposure?.contrastedHas === undefined ? null : exposure.contrastedHas === 'MORE_MAGNESIUM',
          exposureKind: comparison.exposure,
          exposureRank: exposure?.rank ?? null,
          comparisonKind: comparison.kind,
          comparisonKey: comparison.key,
          agents: [...comparison.agents],
          combinedWith: [...comparison.combinedWith],
        }
      }),
    ),
    result: results.map(({ study, result, slug }): Prisma.ResultCreateManyInput => ({
      id: resultId(slug),
      slug,
      studyId: keys.assign('study', study.slug),
      contrastId: keys.assign('contrast', contrastSlug(study, result)),
      studyOutcomeId: keys.assign('study_outcome', studyOutcomeSlug(study, result)),
      populationId: keys.assign('population', `${study.slug}/${result.population}`),
      conditionId: keys.assign('condition', result.condition),
      timepointDays: result.timepointDays ?? null,
      timepointLabel: result.timepointLabel ?? null,
      endOfTreatment: result.endOfTreatment ?? null,
      analysisSet: result.analysisSet,
      valueKind: result.valueKind,
      unit: unitOf(result, instrumentOf.get(result.instrument ?? '')?.unit),
      adjusted: adjustmentOf(result),
      isPrimary: result.primary,
      unitOfAnalysis: result.unitOfAnalysis,
      covariates: result.covariates,
      statedDirection: result.statedDirection ?? null,
      absentReason: result.absentReason ?? null,
      responsePercent: result.responsePercent ?? null,
      overArms: result.overArms?.arms ?? [],
      overArmsP: result.overArms?.p.value ?? null,
      overArmsPOperator: result.overArms?.p.operator ?? null,
      note: result.note ?? null,
    })),
    resultSource: results.flatMap(({ study, result, slug }) =>
      result.furtherSources.map((source, position) => ({ resultId: resultId(slug), position, sourceId: keys.assign('source', `${study.slug}/${source}`) })),
    ),
    exposureCategory: results.flatMap(({ result, slug }) =>
      result.exposureCategories.map(({ label, reference, dose, doseUnit, cases, n, personYears }, position): Prisma.ExposureCategoryCreateManyInput => ({
        resultId: resultId(slug),
        position,
        label,
        isReference: reference,
        dose: dose ?? null,
        doseUnit: doseUnit ?? null,
        cases: cases ?? null,
        participants: n ?? null,
        personYears: personYears ?? null,
      })),
    ),
    resultReport: reports.map(({ study, report, position, slug }): Prisma.ResultReportCreateManyInput => ({
      id: reportId(slug),
      slug,
      resultId: resultId(slug.slice(0, slug.lastIndexOf('#'))),
      position,
      note: position === 0 ? null : (report.note ?? null),
      sourceId: keys.assign('source', `${study.slug}/${report.source}`),
    })),
    armResult: reports.flatMap(({ study, report, slug }) =>
      report.armResults.map((entry, position): Prisma.ArmResultCreateManyInput => ({
        reportId: reportId(slug),
        position,
        armId: keys.assign('arm', `${study.slug}/${entry.arm}`),
        ...armNumbers(entry),
      })),
    ),
    effect: results.flatMap(({ study, result, slug }) =>
      effectsOf(study, result).map(({ report, inputs, printed, coherenceChecks, ...effect }, index): Prisma.EffectCreateManyInput => {
        const effectSlug = `${slug}#${report}/${effect.measure}-${effect.origin}-${index}`
        return {
          id: keys.assign('effect', effectSlug),
          slug: effectSlug,
          resultId: resultId(slug),
          reportId: reportId(`${slug}#${report}`),
          ...effect,
          coherenceChecks: coherenceChecks.map((check) => ({ ...check })),
          inputs: inputs === null ? Prisma.DbNull : { ...inputs },
          printed: printed ?? Prisma.DbNull,
        }
      }),
    ),
    riskOfBias: studies.flatMap((study) =>
      study.riskOfBias.map((entry, index): Prisma.RiskOfBiasCreateManyInput => {
        const slug = `${study.slug}/rob-${index}`
        return {
          id: keys.assign('risk_of_bias', slug),
          slug,
          studyId: keys.assign('study', study.slug),
          resultId: entry.result === undefined ? null : resultId(`${study.slug}-${entry.result}`),
          tool: entry.tool,
          version: entry.version ?? null,
          overall: entry.overall ?? null,
          level: entry.overall ?? levelOfDomains(entry),
          readTo: entry.readTo ?? null,
          score: entry.score ?? null,
          scoreMaximum: entry.scoreMaximum ?? null,
          reviewId: entry.review === undefined ? null : keys.assign('study', entry.review),
          assessedBy: entry.assessedBy,
          assessedOn: new Date(`${`${entry.date}-01-01`.slice(0, 10)}T00:00:00Z`),
          assessedPrecision: precisions[entry.date.length] ?? 'DAY',
          sourceId: keys.assign('source', `${study.slug}/${entry.source}`),
        }
      }),
    ),
    riskOfBiasDomain: studies.flatMap((study) =>
      study.riskOfBias.flatMap((entry, index) =>
        entry.domains.map(({ domain, judgement, support }, position) => ({
          assessmentId: keys.assign('risk_of_bias', `${study.slug}/rob-${index}`),
          position,
          domain,
          judgement,
          support: support ?? null,
        })),
      ),
    ),
    pooledResult: studies.flatMap((study) =>
      study.pooledResults.map((entry): Prisma.PooledResultCreateManyInput => {
        const slug = `${study.slug}-${entry.slug}`
        return {
          id: keys.assign('pooled_result', slug),
          slug,
          studyId: keys.assign('study', study.slug),
          conditionId: keys.assign('condition', entry.condition),
          outcomeId: keys.assign('outcome', entry.outcome),
          instrumentId: entry.instrument === undefined ? null : keys.assign('instrument', entry.instrument),
          formId: entry.form === undefined ? null : keys.assign('magnesium_form', entry.form),
          name: entry.name,
          ...reportedNumbers(entry),
          printed: entry.printed ?? Prisma.DbNull,
          k: entry.k ?? null,
          participants: entry.participants ?? null,
          model: entry.model ?? null,
          tau2: entry.tau2 ?? null,
          i2: entry.i2 ?? null,
          subgroup: entry.subgroup ?? null,
          absentReason: entry.absentReason ?? (entry.estimate === undefined ? 'NOT_REPORTED' : null),
          note: entry.note ?? null,
          decimals: entry.estimate === undefined ? null : (entry.decimals ?? decimalsOf(entry)),
          intervalKind: entry.intervalKind ?? 'CONFIDENCE',
          comparator: entry.comparator ?? null,
          sourceId: keys.assign('source', `${study.slug}/${entry.source}`),
        }
      }),
    ),
    replication: replications.map(
      ({ id, replication: { model, estimator, interval, emptyCells, incomplete, explanation } }): Prisma.ReplicationCreateManyInput => ({
        pooledResultId: id,
        model,
        estimator,
        interval,
        emptyCells,
        incomplete,
        explanation,
      }),
    ),
    replicationInput: replications.flatMap(({ id, replication }) =>
      replication.inputs.map(({ study, result, counts }, position): Prisma.ReplicationInputCreateManyInput => {
        const slug = `${study}-${result}`
        return { pooledResultId: id, position, resultId: resultId(slug), reportId: reportId(`${slug}#${reportPosition(study, result, counts)}`) }
      }),
    ),
  }
}

/** How much of a date its letters tell. */
const precisions: Readonly<Record<number, string>> = { 4: 'YEAR', 7: 'MONTH', 10: 'DAY' }

/** What judgements of domains come to: the worst of them; low only where all of them were read. */
function levelOfDomains({ domains, readTo }: StudyEntry['riskOfBias'][number]): RiskOfBiasLevel | null {
  const judged = new Set(domains.map(({ judgement }) => judgement))
  const worst = (['HIGH', 'SOME_CONCERNS', 'UNCLEAR'] as const).find((level) => judged.has(level))
  return worst ?? (domains.length > 0 && readTo === undefined ? 'LOW' : null)
}

/** Decimals that an estimate and its limits have at least. */
function decimalsOf({ estimate, ciLower, ciUpper }: ReportedEffectEntry): number {
  return Math.max(...[estimate, ciLower, ciUpper].map((value) => (value === undefined ? 0 : shortestDecimals(value))))
}

/** The arms or the exposure that a result contrasts. */
function contrastOf(study: StudyEntry, { intervention, comparator, exposure }: ResultEntry) {
  const arm = (name: string | undefined) => study.arms.find(({ slug }) => slug === name) ?? null
  return { intervention: arm(intervention), comparator: arm(comparator), exposure: exposure ?? null }
}

/** A reported effect on its analysis scale. */
/** A published estimate on the scale that it is analysed on. */
export function reportedNumbers(entry: ReportedEffectEntry) {
  const onScale = (value: number | undefined) => (value === undefined ? null : toAnalysisScale(value, analysisScaleOf[entry.measure]))
  return {
    measure: entry.measure,
    analysisScale: analysisScaleOf[entry.measure],
    estimate: onScale(entry.estimate),
    standardError: standardErrorOf(entry)?.standardError ?? null,
    ciLower: onScale(entry.ciLower),
    ciUpper: onScale(entry.ciUpper),
    ciLevel: entry.ciLevel ?? null,
    pValue: entry.p?.value ?? null,
    pValueOperator: entry.p?.operator ?? null,
  }
}

function armNumbers(entry: ArmResultEntry) {
  return {
    n: entry.n ?? null,
    nInferred: entry.nInferred ?? null,
    events: entry.events ?? null,
    eventsFromPercent: entry.eventsFromPercent,
    percent: entry.percent ?? null,
    mean: entry.mean ?? null,
    sd: entry.sd ?? null,
    se: entry.se ?? null,
    ciLower: entry.ciLower ?? null,
    ciUpper: entry.ciUpper ?? null,
    median: entry.median ?? null,
    q1: entry.q1 ?? null,
    q3: entry.q3 ?? null,
    iqr: entry.iqr ?? null,
    minimum: entry.minimum ?? null,
    maximum: entry.maximum ?? null,
    baselineMean: entry.baselineMean ?? null,
    baselineSd: entry.baselineSd ?? null,
    note: entry.note ?? null,
  }
}

/** The unit of a mean difference: what the result says, else the instrument's; percent for changes in percent. */
function unitOf(result: ResultEntry, instrumentUnit: string | undefined): string | null {
  return result.unit ?? (result.valueKind === 'PERCENT_CHANGE' ? '%' : (instrumentUnit ?? null))
}

export const studyOutcomeSlug = (study: StudyEntry, result: ResultEntry) =>
  [study.slug, result.outcome, result.instrument ?? 'any', kebab(result.name)].join('/')
export const contrastSlug = (study: StudyEntry, { intervention, comparator, form, exposure }: ResultEntry) =>
  [
    study.slug,
    intervention ?? kebab(exposure?.metric ?? form ?? ''),
    comparator ?? '',
    exposure === undefined ? '' : kebab(`${exposure.contrasted} v ${exposure.reference ?? ''}`),
    form ?? '',
  ].join('/')
const kebab = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}<>≥≤.]+/gu, '-')
    .replace(/^-|-$/g, '')

/** Rows that several results share, once. */
function unique<Row extends { readonly slug: string }>(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [row.slug, row])).values()]
}
