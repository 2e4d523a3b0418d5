import { normalQuantile } from './distributions.js'
import { requireFinite, requirePositive } from './effectSize.js'
import type { StudyEffect } from './linearModel.js'

export interface FailSafeNumbers {
  /** Unseen studies without effect that would take the combined p value (Stouffer, one-sided) above alpha; 0 where it is there already. */
  readonly rosenthal: number
  /** Unseen studies without effect that would halve the unweighted mean: always as many as there are, by construction, unless a target is given. */
  readonly orwin: number
  /** Unseen studies without effect, of average weight, that would take the p value of the common effect (two-sided) above alpha. */
  readonly rosenberg: number
}

export interface FailSafeOptions {
  /** 0.05 where it is left out. */
  readonly alpha?: number
  /** The mean, in size, that Orwin's studies would bring it down to; half of the mean where it is left out. */
  readonly target?: number
}

/**
 * How many unseen studies that found nothing it would take to change a conclusion. A crude answer to an old question: it supposes that unseen studies show no
 * effect at all, and looks at p values instead of effects; the interval with an opposing trial says more.
 *
 * @param effects one or more, on a scale where no effect is 0
 * @throws {RangeError} if there is no effect, an estimate is not finite, a variance or the target not positive, or alpha not between 0 and 0.5
 * @see Rosenthal (1979), Psychological Bulletin 86:638–641; Orwin (1983), J Educational Statistics 8:157–159; Rosenberg (2005), Evolution 59:464–468
 */
export function failSafeNumbers(effects: readonly StudyEffect[], { alpha = 0.05, target }: FailSafeOptions = {}): FailSafeNumbers {
  const k = effects.length
  if (k === 0) throw new RangeError('there is nothing to pool: no effect was given')
  for (const { estimate, variance } of effects) {
    requireFinite(estimate, 'estimate')
    requirePositive(variance, 'variance')
  }
  if (!(alpha > 0 && alpha < 0.5)) throw new RangeError(`alpha of a fail-safe number is between 0 and 0.5, got ${alpha}`)
  if (target !== undefined && !(target > 0)) throw new RangeError(`the target of a fail-safe number is above 0, got ${target}`)
  const sum = (valueOf: (effect: StudyEffect) => number) => effects.reduce((total, effect) => total + valueOf(effect), 0)
  const sumOfScores = sum(({ estimate, variance }) => estimate / Math.sqrt(variance))
  const [sumOfWeights, weighted] = [sum(({ variance }) => 1 / variance), sum(({ estimate, variance }) => estimate / variance)]
  const mean = Math.abs(sum(({ estimate }) => estimate) / k)
  const wanted = target ?? mean / 2
  return {
    rosenthal: atLeastNone((sumOfScores / normalQuantile(alpha)) ** 2 - k),
    orwin: mean === 0 ? 0 : atLeastNone((k * (mean - wanted)) / wanted),
    rosenberg: atLeastNone(((weighted / normalQuantile(alpha / 2)) ** 2 - sumOfWeights) / (sumOfWeights / k)),
  }
}

/** Whole studies; rounding noise makes no further one. */
const atLeastNone = (studies: number) => Math.max(0, Math.ceil(studies - 1e-9))
