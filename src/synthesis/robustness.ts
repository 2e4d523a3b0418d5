import { PublicError } from '../errors.js'
import { ConvergenceError } from '../statistics/convergence.js'
import { failSafeNumbers, type FailSafeNumbers } from '../statistics/failSafe.js'
import { opposingTrial } from '../statistics/opposingTrial.js'
import { intervalOf } from './question.js'
import { shown } from './shown.js'
import type { PooledEntries } from './synthesis.js'

/** What a further trial would have found. */
export const OpposingFinding = { NO_EFFECT: 'NO_EFFECT', MIRROR_IMAGE: 'MIRROR_IMAGE' } as const
export type OpposingFinding = keyof typeof OpposingFinding

export const OpposingOutcome = { FOUND: 'FOUND', ALREADY: 'ALREADY', CANNOT: 'CANNOT' } as const
export type OpposingOutcome = keyof typeof OpposingOutcome

export interface ShownOpposingTrial {
  readonly finding: OpposingFinding
  readonly outcome: OpposingOutcome
  /** What it would have found, as it is shown. */
  readonly estimate: number
  readonly standardError: number | null
  /** As many as give this standard error, if participants tell as much as those of the pool; null where their numbers are not known. */
  readonly participants: number | null
  /** Whether every larger trial would do as well: under random effects a larger one also changes tau². Null where there is none. */
  readonly largerToo: boolean | null
}

export interface Robustness {
  readonly failSafe: FailSafeNumbers
  readonly opposingTrials: readonly ShownOpposingTrial[]
}

/**
 * What it would take to change the conclusion: unseen studies, or one further trial that found nothing, or the opposite.
 *
 * @throws {PublicError} NOT_COMPUTABLE where an estimator does not converge
 */
export function robustnessOf({ entries, measure, pooled, question }: PooledEntries): Robustness {
  const informative = entries.flatMap(({ participants, variance }) => (participants === null || participants === 0 ? [] : [participants * variance]))
  // n · variance is nearly the same in all studies of one outcome; its mean stands for it.
  const perParticipant = informative.length === 0 ? null : informative.reduce((sum, value) => sum + value, 0) / informative.length
  const options = {
    model: question.model === 'RANDOM_EFFECTS' ? ('RANDOM_EFFECTS' as const) : ('COMMON_EFFECT' as const),
    estimator: question.estimator,
    interval: intervalOf(question),
    level: question.level,
  }
  const trial = (finding: OpposingFinding, estimate: number): ShownOpposingTrial => {
    const found = opposingTrial(entries, estimate, options)
    const variance = found.outcome === 'FOUND' ? found.variance : null
    return {
      finding,
      outcome: found.outcome,
      estimate: shown(measure, estimate),
      standardError: variance === null ? null : Math.sqrt(variance),
      largerToo: found.outcome === 'FOUND' ? found.largerToo : null,
      participants: variance === null || perParticipant === null ? null : Math.min(Math.ceil(perParticipant / variance), 2 ** 31 - 1),
    }
  }
  try {
    return { failSafe: failSafeNumbers(entries), opposingTrials: [trial('NO_EFFECT', 0), trial('MIRROR_IMAGE', -pooled.estimate)] }
  } catch (error) {
    if (!(error instanceof ConvergenceError)) throw error
    throw new PublicError('NOT_COMPUTABLE', error.message, { reason: 'NOT_CONVERGED', argument: 'estimator' })
  }
}
