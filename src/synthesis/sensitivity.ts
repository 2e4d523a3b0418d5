import { PublicError } from '../errors.js'
import { median } from '../statistics/median.js'
import type { Candidate } from './candidate.js'
import { entriesOf } from './entries.js'
import { poolEntries } from './pool.js'
import { IntervalMethod, Tau2Estimator, type DependenceRule, type PoolingModel } from './question.js'
import { selectEffects } from './selection.js'
import { shown } from './shown.js'
import type { Synthesis } from './synthesis.js'

/** Which studies a choice admits. */
export const DesignChoice = { ALL: 'ALL', RANDOMISED: 'RANDOMISED', NOT_HIGH_RISK: 'NOT_HIGH_RISK' } as const
export type DesignChoice = keyof typeof DesignChoice

/** One defensible way to pool the effects, and what it gives; estimates as they are shown. */
export interface SensitivityRow {
  readonly model: PoolingModel
  readonly estimator: Tau2Estimator | null
  readonly interval: IntervalMethod
  readonly dependence: DependenceRule
  readonly designs: DesignChoice
  readonly k: number
  readonly estimate: number
  readonly ciLower: number
  readonly ciUpper: number
  readonly excludesNoEffect: boolean
}

export interface Sensitivity {
  readonly choices: number
  /** Choices that have no answer here: too few studies, or an estimator that does not converge. */
  readonly failed: number
  /** Null where no choice has an answer. */
  readonly smallest: number | null
  readonly median: number | null
  readonly largest: number | null
  /** Shares of the choices, 0 to 1. */
  readonly shareExcludingNoEffect: number | null
  readonly shareOnOneSide: number | null
  readonly rows: readonly SensitivityRow[]
}

const admits: Readonly<Record<DesignChoice, (candidate: Candidate) => boolean>> = {
  ALL: () => true,
  RANDOMISED: ({ design }) => design.startsWith('RCT_'),
  NOT_HIGH_RISK: ({ riskOfBias }) => riskOfBias !== 'HIGH',
}

/** Counting effects of the same people as independent is not defensible, and not among them. */
const rules: readonly DependenceRule[] = ['AGGREGATE', 'COMBINE_ARMS', 'SPLIT_CONTROL', 'ROBUST']

/**
 * The same effects pooled in every defensible way: each estimator of tau² with each interval, a common effect, each rule for several effects of a
 * study, and with or without studies that were not randomised or are at high risk of bias. Choices that come to the same entries are made once.
 *
 * @see Steegen, Tuerlinckx, Gelman & Vanpaemel (2016), Perspectives on Psychological Science 11:702–712, on multiverse analyses
 */
export function sensitivityOf({ candidates, measure, question }: Synthesis): Sensitivity {
  const rows: SensitivityRow[] = []
  const seen = new Set<string>()
  let failed = 0
  for (const designs of Object.values(DesignChoice)) {
    const admitted = candidates.filter(admits[designs])
    const asked = { ...question, measure: measure === 'PETO' || measure === 'RAW_COR' || measure === 'GEN' ? null : measure, model: 'RANDOM_EFFECTS' as const }
    const selection = attempt(() => selectEffects(admitted, asked))
    if (selection === null) continue
    for (const dependence of rules) {
      const { entries } = entriesOf(selection, { ...asked, dependence })
      const studies = new Set(entries.map(({ study }) => study)).size
      // Without dependent entries a robust error answers no question that the others leave open.
      if (dependence === 'ROBUST' && studies === entries.length) continue
      const made = JSON.stringify([dependence === 'ROBUST', entries.map(({ estimate, variance }) => [estimate, variance])])
      if (entries.length === 0 || seen.has(made)) continue
      seen.add(made)
      const pool = (model: PoolingModel, estimator: Tau2Estimator | null, interval: IntervalMethod) => {
        const pooled = attempt(() => poolEntries(entries, measure, { ...question, model, estimator: estimator ?? 'REML', interval, dependence }))
        if (pooled === null) failed += 1
        else
          rows.push({
            model,
            estimator,
            interval,
            dependence,
            designs,
            k: pooled.k,
            estimate: shown(measure, pooled.estimate),
            ciLower: shown(measure, pooled.ciLower),
            ciUpper: shown(measure, pooled.ciUpper),
            excludesNoEffect: pooled.ciLower > 0 || pooled.ciUpper < 0,
          })
      }
      pool('COMMON_EFFECT', null, 'WALD')
      if (entries.length < 2) continue
      // A robust error replaces the interval's own.
      const intervals = dependence === 'ROBUST' ? (['WALD'] as const) : Object.values(IntervalMethod)
      for (const estimator of Object.values(Tau2Estimator)) for (const interval of intervals) pool('RANDOM_EFFECTS', estimator, interval)
    }
  }
  const estimates = rows.map(({ estimate }) => estimate).sort((a, b) => a - b)
  const noEffect = shown(measure, 0)
  const above = estimates.filter((estimate) => estimate > noEffect).length
  return {
    choices: rows.length,
    failed,
    smallest: estimates[0] ?? null,
    median: median(estimates),
    largest: estimates.at(-1) ?? null,
    shareExcludingNoEffect: shareOf(rows.filter(({ excludesNoEffect }) => excludesNoEffect).length, rows.length),
    shareOnOneSide: shareOf(Math.max(above, rows.length - above), rows.length),
    rows,
  }
}

/** A choice that the caller could not have made either has no answer; anything else is a fault. */
function attempt<Result>(work: () => Result): Result | null {
  try {
    return work()
  } catch (error) {
    if (error instanceof PublicError) return null
    throw error
  }
}

const shareOf = (part: number, whole: number) => (whole === 0 ? null : part / whole)
