import type { EffectMeasure } from '../generated/prisma/enums.js'
import { oddsRatio, riskDifference, riskRatio } from '../statistics/binary.js'
import { meanDifference, standardizedMeanDifference, type MeanArm } from '../statistics/continuous.js'
import { criticalValue, twoSidedNormalP } from '../statistics/distributions.js'
import { analysisScaleOf, type EffectResult } from '../statistics/effectSize.js'
import { standardDeviationFromInterval, standardDeviationFromStandardError } from '../statistics/fromReported.js'
import { meanAndDeviationFromQuantiles } from '../statistics/medians.js'
import { pairedMeanDifference } from '../statistics/paired.js'
import type { EffectValues } from './effects.js'
import type { ArmNumbers, Report, ResultInQuestion } from './result.js'

/** An effect before its result's direction, benefit and coherence are told. */
export type Derived = Omit<
  EffectValues,
  'report' | 'isDefault' | 'participants' | 'direction' | 'standardizedBenefit' | 'benefitNote' | 'coherence' | 'coherenceChecks'
>

/** An arm's numbers with n, mean and SD, however they were reached. */
export interface Moments extends MeanArm {
  /** What had to be assumed to reach them; empty where they are as reported. */
  readonly assumptions: readonly string[]
  readonly fromMedian: boolean
}

const intervalLevel = 0.95

/** The effects that a report's arm data allow, the usual measure first: OR, RR, RD of counts; MD, SMD of means; a bare difference of percentages or means. */
export function armEffects(question: ResultInQuestion, report: Report): Derived[] {
  const { result, study } = question
  const intervention = report.armResults.find(({ arm }) => arm === result.intervention)
  const comparator = report.armResults.find(({ arm }) => arm === result.comparator)
  if (intervention === undefined || comparator === undefined) return []
  if (intervention.events !== undefined && comparator.events !== undefined && intervention.n !== undefined && comparator.n !== undefined) {
    return eventEffects(
      { events: intervention.events, n: intervention.n },
      { events: comparator.events, n: comparator.n },
      countAssumptions(question, intervention.eventsFromPercent || comparator.eventsFromPercent),
      report,
    )
  }
  const [a, b] = [momentsOf(intervention), momentsOf(comparator)]
  if (a !== null && b !== null && result.valueKind !== 'EVENT')
    return study.design === 'RCT_CROSSOVER' ? crossoverEffects(question, a, b, report) : meanEffects(a, b, report)
  return bareDifference(intervention, comparator, question, report)
}

interface Count {
  readonly events: number
  readonly n: number
}

const asParallel = 'analysed as if the periods were parallel groups'

const countAssumptions = ({ study }: ResultInQuestion, fromPercent: boolean) => [
  ...(fromPercent ? ['event counts were worked out from printed percentages'] : []),
  ...(study.design === 'RCT_CROSSOVER' ? [asParallel] : []),
]

function eventEffects(a: Count, b: Count, assumptions: readonly string[], report: Report): Derived[] {
  const [intervention, comparator] = [
    { events: a.events, total: a.n },
    { events: b.events, total: b.n },
  ]
  const effects = { OR: oddsRatio(intervention, comparator), RR: riskRatio(intervention, comparator), RD: riskDifference(intervention, comparator) }
  const usual = report.reported.find(({ measure, estimate }) => estimate !== undefined && (measure === 'RR' || measure === 'RD'))?.measure
  return (
    usual === 'RR' ? [effects.RR, effects.OR, effects.RD] : usual === 'RD' ? [effects.RD, effects.OR, effects.RR] : [effects.OR, effects.RR, effects.RD]
  ).map((effect) => computed(effect, assumptions, 'ARM_DATA'))
}

function meanEffects(a: Moments, b: Moments, report: Report): Derived[] {
  const origin = a.fromMedian || b.fromMedian ? 'FROM_MEDIAN' : 'ARM_DATA'
  const md = computed(meanDifference(a, b), assumptionsOf(a, b), origin)
  const smd = computed(standardizedMeanDifference(a, b), assumptionsOf(a, b), origin)
  return report.reported.some(({ measure, estimate }) => measure === 'SMD' && estimate !== undefined) ? [smd, md] : [md, smd]
}

function crossoverEffects({ study }: ResultInQuestion, a: Moments, b: Moments, report: Report): Derived[] {
  const correlation = study.crossover?.withinPersonCorrelation
  const paired = pairedMeanDifference({
    mean1: a.mean,
    standardDeviation1: a.standardDeviation,
    mean2: b.mean,
    standardDeviation2: b.standardDeviation,
    n: Math.min(a.n, b.n),
    correlation,
  })
  const unpaired = meanEffects(a, b, report).filter(({ measure }) => measure === 'SMD')
  return [
    computed(paired, assumptionsOf(a, b), correlation === undefined ? 'IMPUTED' : 'ARM_DATA'),
    ...unpaired.map((effect): Derived => ({ ...effect, assumptions: [...effect.assumptions, asParallel] })),
  ]
}

const assumptionsOf = (a: Moments, b: Moments) => [...new Set([...a.assumptions, ...b.assumptions])]

/** A difference without uncertainty, where the arms give a percentage or a mean but not what a standard error needs. */
function bareDifference(a: ArmNumbers, b: ArmNumbers, { result }: ResultInQuestion, report: Report): Derived[] {
  const p = report.reported.find((entry) => entry.estimate === undefined)?.p
  const bare = (measure: EffectMeasure, estimate: number, formula: string, inputs: Record<string, number>): Derived => ({
    ...frame(measure),
    estimate,
    pValue: p?.value ?? null,
    pValueOperator: p?.operator ?? null,
    origin: 'ARM_DATA',
    formula,
    inputs,
    assumptions: [],
    absentReason: result.absentReason ?? (p === undefined || p.operator === 'EQ' ? 'NOT_REPORTED' : 'ONLY_P_THRESHOLD'),
  })
  if (a.percent !== undefined && b.percent !== undefined) {
    if (sidesDiffer(a, b)) return []
    return result.valueKind === 'PERCENT_CHANGE'
      ? [bare('MD', rounded(a.percent - b.percent), 'difference-of-percent-changes', { interventionPercent: a.percent, comparatorPercent: b.percent })]
      : [bare('RD', rounded((a.percent - b.percent) / 100), 'difference-of-percentages', { interventionPercent: a.percent, comparatorPercent: b.percent })]
  }
  if (a.mean !== undefined && b.mean !== undefined)
    return [bare('MD', rounded(a.mean - b.mean), 'difference-of-means', { interventionMean: a.mean, comparatorMean: b.mean })]
  return []
}

/** Arms whose percentages count different things ("improved" against "deteriorated") carry notes that say so, and cannot be subtracted. */
const sidesDiffer = (a: ArmNumbers, b: ArmNumbers) => a.note !== undefined && b.note !== undefined && a.note !== b.note

const momentsFrom = ({ standardDeviation, assumptions }: { readonly standardDeviation: number; readonly assumptions: readonly string[] }, how: string) => ({
  standardDeviation,
  assumptions: [how, ...assumptions],
  fromMedian: false,
})

/** n, mean and SD of an arm: as reported, else from the standard error, the interval or the quartiles. */
export function momentsOf(entry: ArmNumbers): Moments | null {
  const { n, mean, sd, se, ciLower, ciUpper, median, q1, q3 } = entry
  if (n === undefined || n < 2) return null
  if (mean !== undefined && sd !== undefined) return { n, mean, standardDeviation: sd, assumptions: [], fromMedian: false }
  if (mean !== undefined && se !== undefined)
    return { n, mean, ...momentsFrom(standardDeviationFromStandardError({ standardError: se, n }), 'SD from the standard error of the mean') }
  if (mean !== undefined && ciLower !== undefined && ciUpper !== undefined && ciLower < ciUpper) {
    return {
      n,
      mean,
      ...momentsFrom(standardDeviationFromInterval({ lower: ciLower, upper: ciUpper, n, level: intervalLevel }), 'SD from the 95 % interval of the mean'),
    }
  }
  if (median !== undefined && q1 !== undefined && q3 !== undefined) {
    const { mean: estimated, standardDeviation, formula, assumptions } = meanAndDeviationFromQuantiles({ q1, median, q3, n })
    return { n, mean: estimated, standardDeviation, assumptions: [`mean and SD from median and quartiles by ${formula}`, ...assumptions], fromMedian: true }
  }
  return null
}

/** A computed effect with a 95 % interval and a two-sided p value by normal quantiles; where the data do not determine it, the reason. */
function computed(effect: EffectResult, assumptions: readonly string[], origin: Derived['origin']): Derived {
  const { measure, formula, inputs } = effect
  if (!effect.ok) return { ...frame(measure), origin, formula, inputs, absentReason: 'NOT_APPLICABLE', note: effect.reason }
  const { estimate, standardError } = effect
  const reach = criticalValue(intervalLevel) * standardError
  return {
    ...frame(measure),
    estimate,
    standardError,
    ciLower: estimate - reach,
    ciUpper: estimate + reach,
    ciLevel: intervalLevel,
    pValue: Math.min(1, twoSidedNormalP(estimate / standardError)),
    pValueOperator: 'EQ',
    origin,
    formula,
    inputs,
    assumptions: [...assumptions, ...effect.assumptions, 'interval and p value by normal quantiles'],
  }
}

function frame(measure: EffectMeasure): Derived {
  return {
    measure,
    analysisScale: analysisScaleOf[measure],
    estimate: null,
    standardError: null,
    ciLower: null,
    ciUpper: null,
    ciLevel: null,
    pValue: null,
    pValueOperator: null,
    origin: 'REPORTED',
    formula: null,
    inputs: null,
    assumptions: [],
    printed: null,
    absentReason: null,
    note: null,
  }
}

/** A difference of printed decimals without the noise of binary fractions. */
const rounded = (value: number) => Number(value.toPrecision(12))
