import { criticalValue } from '../statistics/distributions.js'
import { fromAnalysisScale } from '../statistics/effectSize.js'
import { heterogeneityInterval } from '../statistics/heterogeneityInterval.js'
import { scaleOf, type Entry, type PooledMeasure } from './entry.js'
import type { PooledEntries } from './synthesis.js'

// A pool as it is told: ratios as ratios, correlations as correlations; standard errors, tau² and Q stay on the analysis scale.

/** A number of the analysis scale as it is shown. */
export function shown(measure: PooledMeasure, value: number): number
export function shown(measure: PooledMeasure, value: number | null): number | null
export function shown(measure: PooledMeasure, value: number | null): number | null {
  return value === null ? null : fromAnalysisScale(value, scaleOf(measure))
}

export interface ShownHeterogeneity {
  readonly q: number | null
  readonly df: number | null
  readonly pValue: number | null
  readonly tau2: number | null
  readonly tau2Lower: number | null
  readonly tau2Upper: number | null
  readonly i2: number | null
  readonly h2: number | null
  /** The limits of tau² as shares of the variance, percent, and as H². */
  readonly i2Lower: number | null
  readonly i2Upper: number | null
  readonly h2Lower: number | null
  readonly h2Upper: number | null
}

const noInterval = { tau2Lower: null, tau2Upper: null, i2Lower: null, i2Upper: null, h2Lower: null, h2Upper: null } as const

/** All null of a single entry, which cannot differ from others. */
export function shownHeterogeneity({ entries, pooled, question }: Pick<PooledEntries, 'entries' | 'pooled' | 'question'>): ShownHeterogeneity {
  if (pooled.heterogeneity === null) return { q: null, df: null, pValue: null, tau2: null, i2: null, h2: null, ...noInterval }
  return { ...pooled.heterogeneity, ...(heterogeneityInterval(entries, { level: question.level }) ?? noInterval) }
}

export interface ShownEntry extends Pick<Entry, 'label' | 'study' | 'year' | 'evidence' | 'participants' | 'notes' | 'counts'> {
  readonly estimate: number
  /** On the analysis scale, as is the standard error. */
  readonly analysisEstimate: number
  readonly standardError: number
  readonly ciLower: number
  readonly ciUpper: number
  readonly weightPercent: number
}

/** Each entry with its weight, and an interval by normal quantiles at the level of the pool. */
export function contributions(pool: PooledEntries): ShownEntry[] {
  return pool.entries.map((entry, index) => {
    const { label, study, year, evidence, participants, notes, counts, estimate, variance } = entry
    return {
      ...{ label, study, year, evidence, participants, notes, counts },
      ...shownSize(entry, pool),
      analysisEstimate: estimate,
      standardError: Math.sqrt(variance),
      weightPercent: pool.pooled.weightsPercent[index] ?? 0,
    }
  })
}

/** The numbers of an entry as they are shown, with an interval by normal quantiles at the level of the pool. */
export function shownSize({ estimate, variance }: Pick<Entry, 'estimate' | 'variance'>, { measure, question }: Pick<PooledEntries, 'measure' | 'question'>) {
  const reach = criticalValue(question.level) * Math.sqrt(variance)
  return { estimate: shown(measure, estimate), ciLower: shown(measure, estimate - reach), ciUpper: shown(measure, estimate + reach) }
}

/** Participants of the studies; of several entries of one study the largest number, as they may be the same people. Null where no entry tells. */
export function participantsOf(entries: readonly Entry[]): number | null {
  const ofStudy = new Map<string, number>()
  for (const { study, participants } of entries) if (participants !== null) ofStudy.set(study, Math.max(participants, ofStudy.get(study) ?? 0))
  return ofStudy.size === 0 ? null : [...ofStudy.values()].reduce((sum, participants) => sum + participants, 0)
}

export function studiesOf(entries: readonly Entry[]): number {
  return new Set(entries.map(({ study }) => study)).size
}

export interface ShownPool {
  readonly k: number
  readonly studies: number
  readonly participants: number | null
  readonly estimate: number
  readonly analysisEstimate: number
  readonly standardError: number
  readonly ciLower: number
  readonly ciUpper: number
  readonly pValue: number
  readonly df: number | null
  readonly predictionLower: number | null
  readonly predictionUpper: number | null
}

/** The pooled number itself. */
export function shownPool({ entries, measure, pooled }: Pick<PooledEntries, 'entries' | 'measure' | 'pooled'>): ShownPool {
  return {
    k: pooled.k,
    studies: studiesOf(entries),
    participants: participantsOf(entries),
    estimate: shown(measure, pooled.estimate),
    analysisEstimate: pooled.estimate,
    standardError: pooled.standardError,
    ciLower: shown(measure, pooled.ciLower),
    ciUpper: shown(measure, pooled.ciUpper),
    pValue: pooled.pValue,
    df: pooled.df,
    predictionLower: shown(measure, pooled.predictionLower),
    predictionUpper: shown(measure, pooled.predictionUpper),
  }
}
