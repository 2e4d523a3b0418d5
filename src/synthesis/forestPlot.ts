import type { ForestGroup, ForestPlot, ForestPooled, ForestRow } from '../plots/forest.js'
import type { PooledEffect } from '../statistics/pooling.js'
import { groupBy } from '../grouping.js'
import { scaleOf, type Counts, type PooledMeasure } from './entry.js'
import { choiceFor, poolEntries } from './pool.js'
import { contributions, participantsOf, shown, studiesOf, type ShownEntry } from './shown.js'
import { counted, type PooledEntries } from './synthesis.js'

/** What a plot says in words, which the numbers do not know. */
export interface PlotWords {
  readonly title: string
  /** Whether a higher estimate is better with magnesium; null where neither side is, or it is not known. */
  readonly higherIsBetter: boolean | null
  /** All of the studies allocated people by chance. */
  readonly randomised: boolean
  /** What a subgroup is called, and in which order they stand. */
  readonly groupName: (value: string) => string
  readonly compareGroups: (a: string, b: string) => number
}

export const measureNames: Readonly<Record<PooledMeasure, string>> = {
  MD: 'Mean difference',
  SMD: 'Hedges’ g',
  ROM: 'Ratio of means',
  OR: 'Odds ratio',
  RR: 'Risk ratio',
  RD: 'Risk difference',
  HR: 'Hazard ratio',
  IRR: 'Incidence rate ratio',
  COR: 'Correlation',
  BETA: 'Regression coefficient',
  PETO: 'Peto odds ratio',
  RAW_COR: 'Correlation',
  GEN: 'Effect',
}

const modelNames = {
  RANDOM_EFFECTS: 'random effects',
  COMMON_EFFECT: 'common effect',
  MANTEL_HAENSZEL: 'Mantel–Haenszel',
  MANTEL_HAENSZEL_RANDOM: 'random effects, Q about Mantel–Haenszel',
  PETO: 'Peto',
  THREE_LEVEL: 'three levels',
} as const

/** A pool as a forest plot: its entries with their weights, by subgroup where there are any, and the pooled effects under them. */
export function forestPlotOf(pool: PooledEntries, words: PlotWords): ForestPlot {
  const { measure, pooled, question, unpoolable } = pool
  const rows = contributions(pool)
  const unable = unpoolable.filter(({ code }) => code !== 'LEFT_OUT').length
  const withCounts = rows.length > 0 && rows.every(({ counts }) => counts !== null)
  const rowOf = (row: ShownEntry): ForestRow => ({
    label: row.label,
    details: withCounts ? detailsOf(row.counts) : [],
    estimate: row.estimate,
    ciLower: row.ciLower,
    ciUpper: row.ciUpper,
    weightPercent: row.weightPercent,
  })
  return {
    title: words.title,
    description: summaryOf(pool),
    measure: measureNames[measure],
    scale: scaleOf(measure),
    noEffect: shown(measure, 0),
    level: question.level,
    ...sidesOf(words),
    detailHeadings: withCounts ? ['Magnesium', 'Control'] : [],
    groups: question.subgroupBy === null ? [{ heading: null, rows: rows.map(rowOf), pooled: null }] : groupsOf(pool, words, rowOf),
    pooled: pooledRow(pool, pooled, `All ${counted(studiesOf(pool.entries), 'study', 'studies')}`),
    notes: [
      ...(participantsOf(pool.entries) === null ? [] : [`${participantsOf(pool.entries)?.toLocaleString('en')} participants.`]),
      ...(unable > 0 ? [`${counted(unable, 'effect')} that the filter selects could not be pooled.`] : []),
    ],
  }
}

const modelName = ({ question: { model, estimator, interval } }: PooledEntries) =>
  model === 'RANDOM_EFFECTS' ? `${modelNames[model]}, ${estimator}${interval === 'WALD' ? '' : ', Hartung–Knapp'}` : modelNames[model]

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

const detailsOf = (counts: Counts | null) =>
  counts === null ? [] : [counts.intervention, counts.comparator].map(({ events, total }) => `${tidy(events)}/${tidy(total)}`)
const tidy = (value: number) => String(Number(value.toFixed(1)))

/** Smaller values stand on the left. Where people were not randomised, an association is not called a favour. */
function sidesOf({ higherIsBetter, randomised }: PlotWords): Pick<ForestPlot, 'favoursLeft' | 'favoursRight' | 'benefitSide'> {
  if (higherIsBetter === null) return { favoursLeft: null, favoursRight: null, benefitSide: null }
  const [better, worse] = randomised ? ['favours magnesium', 'favours comparator'] : ['better with more magnesium', 'worse with more magnesium']
  return higherIsBetter ? { favoursLeft: worse, favoursRight: better, benefitSide: 'RIGHT' } : { favoursLeft: better, favoursRight: worse, benefitSide: 'LEFT' }
}

function groupsOf(pool: PooledEntries, { groupName, compareGroups }: PlotWords, rowOf: (row: ShownEntry) => ForestRow): ForestGroup[] {
  const groups = [...groupBy(pool.grouped, ({ group }) => group ?? '')].sort(([a], [b]) => compareGroups(a, b))
  const total = pool.grouped.reduce((sum, { variance }) => sum + 1 / (variance + (pool.pooled.heterogeneity?.tau2 ?? 0)), 0)
  return groups.map(([value, entries]) => {
    const pooled = poolEntries(entries, pool.measure, choiceFor(entries, pool.question))
    // Weights as they are in the whole, so that rows of different groups can be compared.
    const weightsPercent = entries.map(({ variance }) => 100 / ((variance + (pool.pooled.heterogeneity?.tau2 ?? 0)) * total))
    return {
      heading: groupName(value),
      rows: contributions({ ...pool, entries, pooled: { ...pooled, weightsPercent } }).map(rowOf),
      pooled: entries.length === 1 ? null : pooledRow(pool, pooled, `${groupName(value)}: ${counted(studiesOf(entries), 'study', 'studies')}`),
    }
  })
}

function pooledRow(pool: PooledEntries, pooled: PooledEffect, label: string): ForestPooled {
  const { measure } = pool
  const { heterogeneity } = pooled
  return {
    label,
    estimate: shown(measure, pooled.estimate),
    ciLower: shown(measure, pooled.ciLower),
    ciUpper: shown(measure, pooled.ciUpper),
    predictionLower: shown(measure, pooled.predictionLower),
    predictionUpper: shown(measure, pooled.predictionUpper),
    note:
      heterogeneity === null
        ? null
        : `${capitalised(modelName(pool))}; Q = ${heterogeneity.q.toFixed(2)}, df = ${heterogeneity.df}, p ${heterogeneity.pValue < 0.001 ? '< 0.001' : `= ${heterogeneity.pValue.toFixed(3)}`}; τ² = ${rounded(heterogeneity.tau2)}; I² = ${heterogeneity.i2.toFixed(0)} %`,
  }
}

const rounded = (value: number) => String(Number(value.toPrecision(3)))

/** Three digits, or as many as tell a limit from no effect. */
function apart(value: number, noEffect: number): string {
  for (let digits = 3; digits < 8; digits++) if (Number(value.toPrecision(digits)) !== noEffect) return String(Number(value.toPrecision(digits)))
  return rounded(value)
}

/** The result in a sentence, its uncertainty first. */
export function summaryOf(pool: PooledEntries): string {
  const { measure, pooled, question, entries } = pool
  const number = (value: number) => apart(shown(measure, value), shown(measure, 0))
  const clear = pooled.ciLower > 0 || pooled.ciUpper < 0
  const interval = `between ${number(pooled.ciLower)} and ${number(pooled.ciUpper)} (${Number((100 * question.level).toPrecision(6))} % confidence interval)`
  const spread =
    pooled.predictionLower === null || pooled.predictionUpper === null
      ? ''
      : `; that of a further study between ${number(pooled.predictionLower)} and ${number(pooled.predictionUpper)}`
  return `${measureNames[measure]} ${interval}, best estimate ${number(pooled.estimate)}, from ${counted(studiesOf(entries), 'study', 'studies')}${spread}; ${clear ? 'the interval excludes no effect' : 'the interval includes no effect'}.`
}
