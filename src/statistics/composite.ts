import { requireAtLeast } from './effectSize.js'
import type { StudyEffect } from './linearModel.js'

/**
 * Several effects of the same people as one: their mean, with the variance that a mean of correlated numbers has. Each counts alike: inverse-variance
 * weights would need the correlation to be right, the mean only its variance.
 *
 * @param correlation of every two of them, between −1 and 1
 * @throws {RangeError} if there is no effect, or the correlation is impossible, alone or for so many effects
 * @see Borenstein, Hedges, Higgins & Rothstein (2009), Introduction to Meta-Analysis, ch. 24, eq. 24.6
 *
 * @example
 * compositeOf([{ estimate: 0.2, variance: 0.04 }, { estimate: 0.4, variance: 0.04 }], 0.5) // { estimate: 0.3, variance: 0.03 }
 */
export function compositeOf(effects: readonly StudyEffect[], correlation: number): StudyEffect {
  const m = effects.length
  if (m === 0) throw new RangeError('there is nothing to join: no effect was given')
  if (!(correlation >= -1 && correlation <= 1)) throw new RangeError(`a correlation lies between -1 and 1, got ${correlation}`)
  const sum = (valueOf: (effect: StudyEffect) => number) => effects.reduce((total, effect) => total + valueOf(effect), 0)
  const variances = sum(({ variance }) => variance)
  const deviations = sum(({ variance }) => Math.sqrt(variance))
  // Σᵢ≠ⱼ √vᵢ√vⱼ = (Σ√v)² − Σv
  const variance = (variances + correlation * (deviations ** 2 - variances)) / m ** 2
  if (!(variance > 0)) throw new RangeError(`${m} effects cannot all be correlated by ${correlation}: their mean would have no variance`)
  return { estimate: sum(({ estimate }) => estimate) / m, variance }
}

/** Numbers of an arm; what is not known of it is null. */
export interface ArmSummary {
  readonly n: number | null
  readonly events: number | null
  readonly mean: number | null
  readonly standardDeviation: number | null
}

/**
 * Arms of one study as one arm: participants and events summed, mean and standard deviation those of all participants together. What one of the
 * arms does not tell is null.
 *
 * @throws {RangeError} if there is no arm
 * @see Higgins et al. (2019), Cochrane Handbook for Systematic Reviews of Interventions, table 6.5.a
 */
export function combineArms(arms: readonly ArmSummary[]): ArmSummary {
  const [first, ...others] = arms
  if (first === undefined) throw new RangeError('there is no arm to combine')
  return others.reduce(combineTwo, first)
}

function combineTwo(a: ArmSummary, b: ArmSummary): ArmSummary {
  const n = a.n === null || b.n === null ? null : a.n + b.n
  const events = a.events === null || b.events === null ? null : a.events + b.events
  if (a.n === null || b.n === null || n === null || a.mean === null || b.mean === null) return { n, events, mean: null, standardDeviation: null }
  const mean = (a.n * a.mean + b.n * b.mean) / n
  if (a.standardDeviation === null || b.standardDeviation === null) return { n, events, mean, standardDeviation: null }
  const within = (a.n - 1) * a.standardDeviation ** 2 + (b.n - 1) * b.standardDeviation ** 2
  const between = ((a.n * b.n) / n) * (a.mean - b.mean) ** 2
  return { n, events, mean, standardDeviation: Math.sqrt((within + between) / (n - 1)) }
}

/**
 * A part of an arm that several contrasts share, so that nobody in it counts twice: participants and events divided, which need not give whole
 * numbers; mean and standard deviation as they are.
 *
 * @throws {RangeError} if it is not divided into at least one part
 * @see Higgins et al. (2019), Cochrane Handbook for Systematic Reviews of Interventions, 23.3.4
 */
export function splitArm(arm: ArmSummary, parts: number): ArmSummary {
  requireAtLeast(1, parts, 'parts')
  return { ...arm, n: arm.n === null ? null : arm.n / parts, events: arm.events === null ? null : arm.events / parts }
}
