import type { PooledEffect } from '../statistics/pooling.js'
import { scaleOf, type Entry, type EntryName, type PooledMeasure } from './entry.js'
import { fromAnalysisScale } from '../statistics/effectSize.js'
import { influenceOf } from '../statistics/influence.js'
import { intervalOf } from './question.js'
import { choiceFor, poolEntries, type PoolingChoice } from './pool.js'

/** A pool of a part of the entries; numbers as they are shown. */
export interface InfluenceRow extends EntryName {
  readonly estimate: number
  readonly ciLower: number
  readonly ciUpper: number
  readonly tau2: number | null
  readonly i2: number | null
}

interface Pooled {
  readonly entries: readonly Entry[]
  readonly measure: PooledMeasure
  readonly question: PoolingChoice
  readonly pooled: PooledEffect
}

/** The pool without each of its studies in turn, in their order; of a single study nothing would be left. */
export function leaveOneOut({ entries, measure, question, pooled }: Pooled): InfluenceRow[] {
  if (entries.length < 2) return []
  const expected = pooled.heterogeneity?.tau2
  return entries.map((entry, left) => {
    const part = entries.filter((_, index) => index !== left)
    return rowOf(entry, poolEntries(part, measure, choiceFor(part, question), expected), measure)
  })
}

/** What each entry does to the pool by inverse variance, with its place in Baujat's plot; what is infinite is null. */
export function influenceRows({ entries, question }: Pick<Pooled, 'entries'> & { readonly question: PoolingChoice }) {
  const model = question.model === 'COMMON_EFFECT' || question.model === 'MANTEL_HAENSZEL' || question.model === 'PETO' ? 'COMMON_EFFECT' : 'RANDOM_EFFECTS'
  const { diagnostics, baujat } = influenceOf(entries, { model, estimator: question.estimator, interval: intervalOf(question), level: question.level })
  return diagnostics.map(({ cookDistance, ...diagnostic }, index) => ({
    ...diagnostic,
    label: entries[index]?.label ?? '',
    study: entries[index]?.study ?? '',
    evidence: entries[index]?.evidence ?? [],
    cookDistance: Number.isFinite(cookDistance) ? cookDistance : null,
    baujatHeterogeneity: baujat[index]?.heterogeneity ?? 0,
    baujatInfluence: baujat[index]?.influence ?? 0,
  }))
}

/** The pool as it would have stood after each study, in the order of their years; those without a year come last. */
export function cumulative({ entries, measure, question }: Omit<Pooled, 'pooled'>): InfluenceRow[] {
  const byYear = [...entries].sort((a, b) => (a.year ?? Infinity) - (b.year ?? Infinity) || 0)
  let expected: number | undefined
  return byYear.map((entry, last) => {
    const part = byYear.slice(0, last + 1)
    const pooled = poolEntries(part, measure, choiceFor(part, question), expected)
    expected = pooled.heterogeneity?.tau2
    return rowOf(entry, pooled, measure)
  })
}

function rowOf({ label, study, evidence }: Entry, { estimate, ciLower, ciUpper, heterogeneity }: PooledEffect, measure: PooledMeasure): InfluenceRow {
  const show = (value: number) => fromAnalysisScale(value, scaleOf(measure))
  return {
    label,
    study,
    evidence,
    estimate: show(estimate),
    ciLower: show(ciLower),
    ciUpper: show(ciUpper),
    tau2: heterogeneity?.tau2 ?? null,
    i2: heterogeneity?.i2 ?? null,
  }
}
