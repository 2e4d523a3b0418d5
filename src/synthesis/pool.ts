import { PublicError } from '../errors.js'
import { ConvergenceError } from '../statistics/convergence.js'
import { poolMantelHaenszel } from '../statistics/mantelHaenszel.js'
import { poolMantelHaenszelRandom } from '../statistics/mantelHaenszelRandom.js'
import { poolPeto } from '../statistics/peto.js'
import { poolEffects, type PooledEffect, type PoolingOptions } from '../statistics/pooling.js'
import { robustMean } from '../statistics/robust.js'
import { poolThreeLevels } from '../statistics/threeLevel.js'
import type { Counts, Entry, PooledMeasure } from './entry.js'
import { intervalOf, type PoolingQuestion } from './question.js'

/** The choices that a pooled number depends on. */
export type PoolingChoice = Pick<PoolingQuestion, 'model' | 'estimator' | 'interval' | 'level' | 'dependence' | 'emptyCells'>

/**
 * Pools entries by the model that was asked for.
 *
 * @param entries at least one
 * @param expectedTau2 of nearly the same entries, if it is known: only makes the search shorter
 * @throws {PublicError} BAD_USER_INPUT where the model needs what the entries do not have, NOT_COMPUTABLE where an estimator does not converge
 */
export function poolEntries(entries: readonly Entry[], measure: PooledMeasure, choice: PoolingChoice, expectedTau2?: number): PooledEffect {
  try {
    return modelOf[choice.model](entries, measure, choice, expectedTau2)
  } catch (error) {
    if (error instanceof ConvergenceError)
      throw new PublicError('NOT_COMPUTABLE', `${error.message}: another estimator may have an answer, such as DL, which is a closed form`, {
        reason: 'NOT_CONVERGED',
        argument: 'estimator',
      })
    // Numbers that are each possible and together determine nothing: no event in any trial, variances too far apart for the machine.
    if (error instanceof RangeError) throw new PublicError('NOT_COMPUTABLE', error.message, { reason: 'NOT_DETERMINED', argument: 'model' })
    throw error
  }
}

/**
 * How a part is pooled: as the whole, but for what a part may lack. Where a part has no study with several effects left, or one study alone, there is no
 * dependence to model, and it is pooled under random effects.
 */
export function choiceFor<Choice extends Pick<PoolingChoice, 'model' | 'dependence'>>(part: readonly Entry[], question: Choice): Choice {
  const studies = new Set(part.map(({ study }) => study)).size
  if (question.model === 'THREE_LEVEL' && (studies === 1 || studies === part.length)) return { ...question, model: 'RANDOM_EFFECTS', dependence: 'INDEPENDENT' }
  return question.dependence === 'ROBUST' && studies === 1 ? { ...question, dependence: 'INDEPENDENT' } : question
}

type Model = (entries: readonly Entry[], measure: PooledMeasure, choice: PoolingChoice, expectedTau2: number | undefined) => PooledEffect

const modelOf: Readonly<Record<PoolingChoice['model'], Model>> = {
  RANDOM_EFFECTS: inverseVariance,
  COMMON_EFFECT: inverseVariance,
  MANTEL_HAENSZEL: (entries, measure, { level, emptyCells }) =>
    poolMantelHaenszel(countsOf(entries, 'Mantel and Haenszel’s method'), countedMeasure(measure), { level, emptyCells: emptyCells ?? 'AS_THEY_ARE' }),
  MANTEL_HAENSZEL_RANDOM: (entries, measure, { level, emptyCells, interval }) => {
    const counts = countsOf(entries, 'Mantel and Haenszel’s method')
    const trials = entries.map(({ estimate, variance }, index) => ({ estimate, variance, ...(counts[index] as Counts) })) // one for each entry
    return poolMantelHaenszelRandom(trials, countedMeasure(measure), { level, interval, emptyCells: emptyCells ?? 'AS_THEY_ARE' })
  },
  PETO: (entries, measure, { level }) => {
    if (measure !== 'OR' && measure !== 'PETO')
      throw new PublicError('BAD_USER_INPUT', `Peto’s method gives an odds ratio, not ${measure}: ask for the measure OR`, {
        reason: 'MODEL_NEEDS_COUNTS',
        argument: 'model',
      })
    return poolPeto(countsOf(entries, 'Peto’s method'), { level })
  },
  THREE_LEVEL: (entries, _, choice) => {
    const studies = new Set(entries.map(({ study }) => study)).size
    if (entries.length > 1 && (studies === entries.length || studies === 1))
      throw new PublicError(
        'BAD_USER_INPUT',
        studies === 1
          ? 'three levels need more than one study'
          : 'three levels need several effects of a study, and every study here has one: use RANDOM_EFFECTS',
        { reason: 'MODEL_NEEDS_CLUSTERS', argument: 'model' },
      )
    return entries.length === 1 ? poolEffects(entries, optionsOf(choice)) : poolThreeLevels(entries.map(clustered), optionsOf(choice))
  },
}

function inverseVariance(entries: readonly Entry[], _: PooledMeasure, choice: PoolingChoice, expectedTau2: number | undefined): PooledEffect {
  const pooled = poolEffects(entries, { ...optionsOf(choice), expectedTau2 })
  if (choice.dependence !== 'ROBUST' || entries.length === 1) return pooled
  if (new Set(entries.map(({ study }) => study)).size === 1)
    throw new PublicError('BAD_USER_INPUT', 'errors that are robust to dependence within studies need more than one study', {
      reason: 'MODEL_NEEDS_CLUSTERS',
      argument: 'dependence',
    })
  // Where a further study would lie is told by the model; the robust error replaces that of the mean alone.
  return { ...pooled, ...robustMean(entries.map(clustered), { tau2: pooled.heterogeneity?.tau2 ?? 0, level: choice.level }) }
}

function countedMeasure(measure: PooledMeasure): 'OR' | 'RR' | 'RD' {
  if (measure === 'OR' || measure === 'RR' || measure === 'RD') return measure
  throw new PublicError('BAD_USER_INPUT', `Mantel and Haenszel’s method pools OR, RR and RD, not ${measure}`, {
    reason: 'MODEL_NEEDS_COUNTS',
    argument: 'model',
  })
}

const optionsOf = (choice: PoolingChoice): PoolingOptions => ({
  model: choice.model === 'COMMON_EFFECT' ? 'COMMON_EFFECT' : 'RANDOM_EFFECTS',
  estimator: choice.estimator,
  interval: intervalOf(choice),
  level: choice.level,
})

/** An entry as models of dependence take it. */
export const clustered = ({ estimate, variance, study }: Entry) => ({ estimate, variance, cluster: study })

function countsOf(entries: readonly Entry[], method: string): Counts[] {
  return entries.map(({ counts, label }) => {
    if (counts === null)
      throw new PublicError('BAD_USER_INPUT', `${method} pools counts of events, which are not known of ${label}`, {
        reason: 'MODEL_NEEDS_COUNTS',
        argument: 'model',
      })
    return counts
  })
}
