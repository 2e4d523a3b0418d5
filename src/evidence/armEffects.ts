import { oddsRatio, riskDifference, riskRatio, type EventArm } from '../statistics/binary.js'
import { clustered } from '../statistics/clusters.js'
import { meanDifference, standardizedMeanDifference, type MeanArm } from '../statistics/continuous.js'
import type { EffectResult } from '../statistics/effectSize.js'
import {
  meanDifferenceFromErrors,
  standardDeviationFromInterval,
  standardDeviationFromStandardError,
  standardErrorFromInterval,
  type MeanWithError,
} from '../statistics/fromReported.js'
import { meanAndDeviationFromQuantiles, type Quantiles } from '../statistics/medians.js'
import { assumedWithinPersonCorrelation, pairedMeanDifference, standardizedPairedDifference } from '../statistics/paired.js'
import { bareDifference } from './bareDifference.js'
import { computed, intervalLevel, type Derived } from './derived.js'
import type { ArmNumbers, Report, ResultInQuestion } from './result.js'

/** An arm's numbers with n, mean and SD, however they were reached. */
export interface Moments extends MeanArm {
  /** What had to be assumed to reach them; empty where they are as reported. */
  readonly assumptions: readonly string[]
  readonly fromMedian: boolean
}

/**
 * The effects that a report's arm data allow, the usual measure first: OR, RR, RD of counts; MD, SMD of means; MD of means with standard
 * errors; a difference of percentages or means with the standard error of its exact p value, or without any.
 */
export function armEffects(question: ResultInQuestion, report: Report): Derived[] {
  const { result, study } = question
  const intervention = report.armResults.find(({ arm }) => arm === result.intervention)
  const comparator = report.armResults.find(({ arm }) => arm === result.comparator)
  if (intervention === undefined || comparator === undefined) return []
  const people = inferredNumbers(intervention, comparator)
  if (intervention.events !== undefined && comparator.events !== undefined && intervention.n !== undefined && comparator.n !== undefined) {
    return eventEffects(
      question,
      { events: intervention.events, total: intervention.n },
      { events: comparator.events, total: comparator.n },
      [...people, ...countAssumptions(question, intervention.eventsFromPercent || comparator.eventsFromPercent)],
      report,
    )
  }
  if (result.valueKind !== 'EVENT') {
    const [a, b] = [momentsOf(intervention), momentsOf(comparator)]
    if (a !== null && b !== null)
      return study.design === 'RCT_CROSSOVER' ? crossoverEffects(question, a, b, people, report) : meanEffects(question, a, b, people, report)
    const [first, second] = [meanWithError(intervention), meanWithError(comparator)]
    if (first !== null && second !== null) return [differenceFromErrors(question, first, second, people)]
  }
  return bareDifference(intervention, comparator, question, report)
}

const asParallel = 'analysed as if the periods were parallel groups'
const asIndividuals = 'analysed as if individuals had been randomised'

/** How an assumption about an inferred number of people begins; pools leave effects that make it out unless asked. */
export const inferredPeople = 'the number of people was inferred: '

const inferredNumbers = (...arms: readonly ArmNumbers[]) => [
  ...new Set(arms.flatMap(({ nInferred }) => (nInferred === undefined ? [] : [`${inferredPeople}${nInferred}`]))),
]

const countAssumptions = ({ study }: ResultInQuestion, fromPercent: boolean) => [
  ...(fromPercent ? ['event counts were worked out from printed percentages'] : []),
  ...(study.design === 'RCT_CROSSOVER' ? [asParallel] : []),
]

/** What randomising clusters does to an effect: the design effect if ICC and size are known, else an assumption that says so. */
function ofClusters({ study }: ResultInQuestion, effect: EffectResult): EffectResult {
  if (study.design !== 'RCT_CLUSTER' || !effect.ok) return effect
  const { meanClusterSize, icc } = study.cluster ?? {}
  return meanClusterSize === undefined || icc === undefined
    ? { ...effect, assumptions: [...effect.assumptions, asIndividuals] }
    : clustered(effect, { meanClusterSize, icc })
}

function eventEffects(question: ResultInQuestion, intervention: EventArm, comparator: EventArm, assumptions: readonly string[], report: Report): Derived[] {
  const effects = { OR: oddsRatio(intervention, comparator), RR: riskRatio(intervention, comparator), RD: riskDifference(intervention, comparator) }
  const usual = report.reported.find(({ measure, estimate }) => estimate !== undefined && (measure === 'RR' || measure === 'RD'))?.measure
  return (
    usual === 'RR' ? [effects.RR, effects.OR, effects.RD] : usual === 'RD' ? [effects.RD, effects.OR, effects.RR] : [effects.OR, effects.RR, effects.RD]
  ).map((effect) => computed(ofClusters(question, effect), assumptions, 'ARM_DATA'))
}

function meanEffects(question: ResultInQuestion, a: Moments, b: Moments, people: readonly string[], report: Report): Derived[] {
  const origin = a.fromMedian || b.fromMedian ? 'FROM_MEDIAN' : 'ARM_DATA'
  const assumptions = [...people, ...assumptionsOf(a, b)]
  const md = computed(ofClusters(question, meanDifference(a, b)), assumptions, origin)
  const smd = computed(ofClusters(question, standardizedMeanDifference(a, b)), assumptions, origin)
  return report.reported.some(({ measure, estimate }) => measure === 'SMD' && estimate !== undefined) ? [smd, md] : [md, smd]
}

function crossoverEffects(question: ResultInQuestion, a: Moments, b: Moments, people: readonly string[], report: Report): Derived[] {
  const correlation = question.study.crossover?.withinPersonCorrelation
  const data = {
    mean1: a.mean,
    standardDeviation1: a.standardDeviation,
    mean2: b.mean,
    standardDeviation2: b.standardDeviation,
    n: Math.min(a.n, b.n),
  }
  const assumptions = [...people, ...assumptionsOf(a, b)]
  const fromMedian = a.fromMedian || b.fromMedian
  const paired = computed(
    pairedMeanDifference({ ...data, correlation }),
    assumptions,
    correlation === undefined ? 'IMPUTED' : fromMedian ? 'FROM_MEDIAN' : 'ARM_DATA',
  )
  if (correlation !== undefined)
    return [paired, computed(standardizedPairedDifference({ ...data, correlation }), assumptions, fromMedian ? 'FROM_MEDIAN' : 'ARM_DATA')]
  const unpaired = meanEffects(question, a, b, people, report).filter(({ measure }) => measure === 'SMD')
  return [paired, ...unpaired.map((effect): Derived => ({ ...effect, assumptions: [...effect.assumptions, asParallel] }))]
}

/** A difference of means whose own standard errors are known, with or without numbers of people. */
function differenceFromErrors(question: ResultInQuestion, a: Spread, b: Spread, people: readonly string[]): Derived {
  const assumptions = [...new Set([...people, ...a.assumptions, ...b.assumptions])]
  const origin = a.fromMedian || b.fromMedian ? 'FROM_MEDIAN' : 'ARM_DATA'
  if (question.study.design !== 'RCT_CROSSOVER') return computed(ofClusters(question, meanDifferenceFromErrors(a, b)), assumptions, origin)
  const known = question.study.crossover?.withinPersonCorrelation
  return known === undefined
    ? computed(
        meanDifferenceFromErrors(a, b, assumedWithinPersonCorrelation),
        [...assumptions, `the correlation within persons is not reported; ${assumedWithinPersonCorrelation} is assumed`],
        'IMPUTED',
      )
    : computed(meanDifferenceFromErrors(a, b, known), assumptions, origin)
}

/** A mean with its standard error, and what had to be assumed to reach it. */
interface Spread extends MeanWithError {
  readonly assumptions: readonly string[]
  readonly fromMedian: boolean
}

/** An arm's mean with its standard error: as reported, from deviation and n, or from its interval. */
function meanWithError(entry: ArmNumbers): Spread | null {
  const { mean, se, ciLower, ciUpper } = entry
  const moments = momentsOf(entry)
  if (moments !== null) return { ...moments, standardError: moments.standardDeviation / Math.sqrt(moments.n) }
  if (mean === undefined) return null
  if (se !== undefined) return { mean, standardError: se, assumptions: [], fromMedian: false }
  if (ciLower === undefined || ciUpper === undefined || !(ciLower < ciUpper)) return null
  const { standardError, assumptions } = standardErrorFromInterval({ lower: ciLower, upper: ciUpper, level: intervalLevel })
  return { mean, standardError, assumptions: ['standard error from the 95 % interval of the mean', ...assumptions], fromMedian: false }
}

const assumptionsOf = (a: Moments, b: Moments) => [...new Set([...a.assumptions, ...b.assumptions])]

const momentsFrom = ({ standardDeviation, assumptions }: { readonly standardDeviation: number; readonly assumptions: readonly string[] }, how: string) => ({
  standardDeviation,
  assumptions: [how, ...assumptions],
  fromMedian: false,
})

/** n, mean and SD of an arm: as reported, else from the standard error, the interval, or median with quartiles or range. */
export function momentsOf(entry: ArmNumbers): Moments | null {
  const { n, mean, sd, se, ciLower, ciUpper } = entry
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
  const quantiles = quantilesOf(entry)
  if (quantiles === null) return fromWidth(entry, n)
  const { mean: estimated, standardDeviation, formula, assumptions } = meanAndDeviationFromQuantiles({ ...quantiles, n })
  const given = ['median', ...('q1' in quantiles ? ['quartiles'] : []), ...('minimum' in quantiles ? ['range'] : [])].join(' and ')
  return mean === undefined
    ? { n, mean: estimated, standardDeviation, assumptions: [`mean and SD from ${given} by ${formula}`, ...assumptions], fromMedian: true }
    : { n, mean, standardDeviation, assumptions: [`SD from ${given} by ${formula}`, ...assumptions], fromMedian: true }
}

/**
 * A mean, or a median in its place, with the SD that the width between the quartiles of a normal distribution gives.
 *
 * @see Higgins et al. (2019), Cochrane Handbook for Systematic Reviews of Interventions, 6.5.2.5: the width is 1.35 SD
 */
function fromWidth({ mean, median, iqr }: ArmNumbers, n: number): Moments | null {
  const middle = mean ?? median
  if (iqr === undefined || middle === undefined) return null
  const assumptions = ['SD as the width between the quartiles over 1.35', ...(mean === undefined ? ['the median is taken for the mean'] : [])]
  return { n, mean: middle, standardDeviation: iqr / widthInDeviations, assumptions, fromMedian: true }
}

const widthInDeviations = 1.35

/** What an arm gives of its distribution, as much of it as is in order. */
function quantilesOf({ median, q1, q3, minimum, maximum }: ArmNumbers): Quantiles | null {
  if (median === undefined) return null
  const quartiles = q1 !== undefined && q3 !== undefined && q1 <= median && median <= q3 ? { q1, q3 } : null
  const [low, high] = [quartiles?.q1 ?? median, quartiles?.q3 ?? median]
  const range = minimum !== undefined && maximum !== undefined && minimum <= low && high <= maximum && minimum < maximum ? { minimum, maximum } : null
  if (quartiles !== null) return range === null ? { ...quartiles, median } : { ...quartiles, ...range, median }
  return range === null ? null : { ...range, median }
}
