import { oddsRatio, riskDifference, riskRatio, type EventArm } from '../statistics/binary.js'
import { meanDifference, ratioOfMeans, standardizedMeanDifference } from '../statistics/continuous.js'
import { correlation } from '../statistics/correlation.js'
import type { EffectResult } from '../statistics/effectSize.js'
import type { StudyEffect } from '../statistics/pooling.js'
import { incidenceRateRatio } from '../statistics/rates.js'
import type { UnpoolableReason } from './number.js'
import type { RowData, Sides, TableMeasure } from './table.data.js'

/** An effect that a row gives, with what was done to reach it; or why it gives none. */
export type RowEffect =
  (StudyEffect & { readonly ok: true; readonly notes: readonly string[] }) | { readonly ok: false; readonly code: UnpoolableReason; readonly reason: string }

/** How the entries are pooled, as far as it decides which rows have an effect. */
export type PoolsBy = 'INVERSE_VARIANCE' | 'MANTEL_HAENSZEL'

/** What is added to the cells of trials, as metafor's escalc() has it. */
export interface ZeroCells {
  readonly add: number
  /** To trials with a zero cell, to all, to all if any has one, or to none. */
  readonly to: 'only0' | 'all' | 'if0all' | 'none'
  /** Trials in which nobody, or everybody, had the event in both arms are left out instead of corrected. */
  readonly drop00: boolean
}

/**
 * The effect of each study, on the analysis scale.
 *
 * @param zeroCells null for the rule of each measure: 0.5 is added for OR, RR and IRR where a cell is zero, nothing for RD and PETO, which need no
 * logarithm, and trials in which nobody, or everybody, had the event in both arms are left out
 * @param by a risk difference by Mantel and Haenszel keeps those trials, since they say that the difference is small
 */
export function effectsOf(data: readonly RowData[], measure: TableMeasure, zeroCells: ZeroCells | null, by: PoolsBy = 'INVERSE_VARIANCE'): RowEffect[] {
  const addTo = zeroCells === null ? null : additions(data, zeroCells)
  return data.map((row) => {
    const effect = sound(effectOf(row, measure, addTo))
    return !effect.ok && row.kind === 'counts' && measure === 'RD' && by === 'MANTEL_HAENSZEL' && addTo?.(row) !== 'dropped' ? pooledByCounts(row) : effect
  })
}

export const ownErrorCorrected = 'its own standard error is of the cells with 0.5 more in each; the pool takes the counts as they are'

/** The risk difference of a trial whose arms do not vary, with a standard error that only the trial's own interval shows. */
function pooledByCounts({ intervention, comparator }: Sides<EventArm>): RowEffect {
  const corrected = shownResult(riskDifference(...armsOf(plus({ intervention, comparator }, 0.5))), 'NO_EVENTS')
  if (!corrected.ok) return corrected
  return { ...corrected, estimate: intervention.events / intervention.total - comparator.events / comparator.total, notes: [ownErrorCorrected] }
}

const armsOf = ({ intervention, comparator }: Sides<EventArm>): [EventArm, EventArm] => [intervention, comparator]

/** How much is added to the cells of a trial; 'dropped' where it is left out. */
type Additions = (row: RowData) => number | 'dropped'

function additions(data: readonly RowData[], { add, to, drop00 }: ZeroCells): Additions {
  const dropped = (row: RowData) => drop00 && saysNothing(row)
  const any = data.some((row) => hasZero(row) && !dropped(row))
  return (row) => {
    if (dropped(row)) return 'dropped'
    return to === 'all' || (to === 'only0' && hasZero(row)) || (to === 'if0all' && any) ? add : 0
  }
}

function hasZero(row: RowData): boolean {
  if (row.kind === 'rates') return row.intervention.events === 0 || row.comparator.events === 0
  return row.kind === 'counts' && [row.intervention, row.comparator].some(({ events, total }) => events === 0 || events === total)
}

function saysNothing(row: RowData): boolean {
  if (row.kind === 'rates') return row.intervention.events === 0 && row.comparator.events === 0
  if (row.kind !== 'counts') return false
  const arms = [row.intervention, row.comparator]
  return arms.every(({ events }) => events === 0) || arms.every(({ events, total }) => events === total)
}

function effectOf(row: RowData, measure: TableMeasure, addTo: Additions | null): RowEffect {
  if (row.kind === 'effect') return { ok: true, estimate: row.estimate, variance: row.variance, notes: [] }
  if (row.kind === 'correlation') return measure === 'COR' ? rawCorrelation(row) : shownResult(correlation(row), 'NO_ESTIMATE')
  if (row.kind === 'means') {
    const compute = measure === 'MD' ? meanDifference : measure === 'ROM' ? ratioOfMeans : standardizedMeanDifference
    return shownResult(compute(row.intervention, row.comparator), 'NO_ESTIMATE')
  }
  const added = addTo?.(row) ?? null
  if (added === 'dropped')
    return { ok: false, code: 'NO_EVENTS', reason: 'nobody, or everybody, had the event in both arms, and such trials are left out (drop00)' }
  const note = added === null || added === 0 ? [] : [`${added} was added to ${row.kind === 'rates' ? 'both counts' : 'each cell of the 2×2 table'}`]
  const effect =
    row.kind === 'rates'
      ? ofRates(row, added)
      : ofCounts[measure === 'RR' || measure === 'RD' || measure === 'PETO' ? measure : 'OR'](plus(row, added ?? 0), added !== null)
  return effect.ok ? { ...effect, notes: [...note, ...effect.notes] } : effect
}

function ofRates({ intervention, comparator }: Sides<{ readonly events: number; readonly time: number }>, added: number | null): RowEffect {
  const sides = [intervention, comparator].map(({ events, time }) => ({ events: events + (added ?? 0), time }))
  const [first = intervention, second = comparator] = sides
  if (added !== null && sides.some(({ events }) => events === 0)) return withoutLogarithm
  return shownResult(incidenceRateRatio(first, second), 'NO_EVENTS')
}

const plus = ({ intervention, comparator }: Sides<EventArm>, added: number): Sides<EventArm> => ({
  intervention: { events: intervention.events + added, total: intervention.total + 2 * added },
  comparator: { events: comparator.events + added, total: comparator.total + 2 * added },
})

const withoutLogarithm: RowEffect = { ok: false, code: 'NO_ESTIMATE', reason: 'a cell is zero and nothing is added to it, so the ratio has no logarithm' }

/** @param asAsked the cells are as the caller wants them: nothing further is added */
type OfCounts = (arms: Sides<EventArm>, asAsked: boolean) => RowEffect

const ofCounts: Readonly<Record<'OR' | 'RR' | 'RD' | 'PETO', OfCounts>> = {
  OR: (arms, asAsked) =>
    asAsked && hasZero({ kind: 'counts', ...arms }) ? withoutLogarithm : shownResult(oddsRatio(arms.intervention, arms.comparator), 'NO_EVENTS'),
  RR: (arms, asAsked) => {
    const { intervention: a, comparator: b } = arms
    if (!asAsked || !hasZero({ kind: 'counts', ...arms })) return shownResult(riskRatio(a, b), 'NO_EVENTS')
    if (a.events === 0 || b.events === 0) return withoutLogarithm
    // Everybody had the event in one arm: uncorrected, its risk enters as if it were known without error.
    return {
      ok: true,
      estimate: Math.log(a.events / a.total / (b.events / b.total)),
      variance: 1 / a.events - 1 / a.total + 1 / b.events - 1 / b.total,
      notes: [],
    }
  },
  RD: ({ intervention, comparator }) => shownResult(riskDifference(intervention, comparator), 'NO_EVENTS'),
  PETO: petoOddsRatio,
}

/**
 * Logarithm of the odds ratio by Peto's one step: observed less expected events over their hypergeometric variance, which is also one over its own variance.
 *
 * @see Yusuf, Peto, Lewis, Collins & Sleight (1985), Progress in Cardiovascular Diseases 27:335–371
 */
function petoOddsRatio({ intervention, comparator }: Sides<EventArm>): RowEffect {
  const total = intervention.total + comparator.total
  const events = intervention.events + comparator.events
  const variance = (intervention.total * comparator.total * events * (total - events)) / (total ** 2 * (total - 1))
  if (!(variance > 0))
    return { ok: false, code: 'NO_EVENTS', reason: 'nobody, or everybody, had the event in both arms, so the data say nothing about a ratio' }
  return { ok: true, estimate: (intervention.events - (intervention.total * events) / total) / variance, variance: 1 / variance, notes: [] }
}

/**
 * A correlation as it is, with its large-sample variance (1 − r²)² / (n − 1); Hedges (1989), Psychological Bulletin 105:469–478. Of three people it is
 * no large sample: metafor gives them no variance either, and Fisher's z has none.
 */
function rawCorrelation({ r, n }: { readonly r: number; readonly n: number }): RowEffect {
  if (n <= 3) return { ok: false, code: 'NO_STANDARD_ERROR', reason: `the standard error of a correlation needs at least 4 participants, got ${n}` }
  if (Math.abs(r) === 1) return { ok: false, code: 'NO_STANDARD_ERROR', reason: `a correlation of ${r} has no standard error` }
  return { ok: true, estimate: r, variance: (1 - r ** 2) ** 2 / (n - 1), notes: [] }
}

function shownResult(result: EffectResult, code: UnpoolableReason): RowEffect {
  if (!result.ok) return { ok: false, code, reason: result.reason }
  return {
    ok: true,
    estimate: result.estimate,
    variance: result.standardError ** 2,
    notes: result.assumptions.filter((assumption) => assumption.includes('was added')),
  }
}

/** Numbers that are right by themselves can have a variance that rounds to nothing, or an estimate beyond all numbers. */
function sound(effect: RowEffect): RowEffect {
  if (!effect.ok || (Number.isFinite(effect.estimate) && effect.variance > 0 && effect.variance < Infinity)) return effect
  return { ok: false, code: 'NO_STANDARD_ERROR', reason: `an estimate of ${effect.estimate} with a variance of ${effect.variance} cannot be pooled` }
}
