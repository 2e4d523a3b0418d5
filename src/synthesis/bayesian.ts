import { PublicError } from '../errors.js'
import { poolBayesian } from '../statistics/bayes.js'
import { scaledTauPrior, type TauPrior } from '../statistics/tauPrior.js'
import { scaleOf } from './entry.js'
import { shown, studiesOf } from './shown.js'
import type { PooledEntries, Synthesis } from './synthesis.js'

/** A Bayesian pool as it is told: effects as they are shown, tau on the analysis scale. */
export interface ShownBayesian {
  /** Of tau, as it is asked for; that of the mean is flat. */
  readonly prior: string
  readonly level: number
  /** Posterior median, and on the analysis scale. */
  readonly estimate: number
  readonly analysisEstimate: number
  readonly lower: number
  readonly upper: number
  readonly tauMedian: number
  readonly tauLower: number
  readonly tauUpper: number
  readonly predictiveLower: number
  readonly predictiveUpper: number
  /** Probability that the effect lies above no effect, and below. */
  readonly probabilityAboveNoEffect: number
  readonly probabilityBelowNoEffect: number
}

/**
 * The entries pooled once more, under the prior of tau that was asked for; null if none was, or if several entries are of one study and count as
 * dependent, which this model does not know.
 *
 * @throws {PublicError} NOT_COMPUTABLE if the effects lie too far apart for the prior
 */
export function bayesianOf({ entries, measure, question }: Pick<PooledEntries, 'entries' | 'measure' | 'question'>): ShownBayesian | null {
  const { tauPrior, level, dependence } = question
  if (tauPrior === undefined || tauPrior === null) return null
  if (studiesOf(entries) < entries.length && dependence !== 'INDEPENDENT') return null
  try {
    const { prior, estimate, lower, upper, predictiveLower, predictiveUpper, probabilityAbove0, probabilityBelow0, ...tau } = poolBayesian(entries, {
      prior: tauPrior,
      level,
    })
    return {
      prior,
      level,
      estimate: shown(measure, estimate),
      analysisEstimate: estimate,
      lower: shown(measure, lower),
      upper: shown(measure, upper),
      tauMedian: tau.tauMedian,
      tauLower: tau.tauLower,
      tauUpper: tau.tauUpper,
      predictiveLower: shown(measure, predictiveLower),
      predictiveUpper: shown(measure, predictiveUpper),
      probabilityAboveNoEffect: probabilityAbove0,
      probabilityBelowNoEffect: probabilityBelow0,
    }
  } catch (error) {
    if (error instanceof RangeError) throw new PublicError('NOT_COMPUTABLE', error.message, { reason: 'NOT_DETERMINED', argument: 'tauPrior' })
    throw error
  }
}

/**
 * The prior of tau that is usual for a pool: half-normal with the scale 0.5 on log ratios and on standardised differences, and on mean differences the same
 * times the typical standard deviation of the arms; null where that is not known.
 *
 * @see Röver et al. (2021), Research Synthesis Methods 12:448–474, on weakly informative priors of heterogeneity
 */
export function usualTauPrior({ measure, chosen }: Pick<Synthesis, 'measure' | 'chosen'>): TauPrior | null {
  const usual = { family: 'HALF_NORMAL', scale: 0.5 } as const
  if (measure === 'SMD' || (measure !== 'RAW_COR' && scaleOf(measure) === 'LOG')) return usual
  if (measure !== 'MD') return null
  const deviations = chosen
    .flatMap(({ candidate: { arms, inCommonUnit, valueKind } }) => {
      const factor = valueKind === 'PERCENT_CHANGE' ? 1 : (inCommonUnit?.factor ?? 1)
      return arms === null ? [] : [arms.intervention.standardDeviation, arms.comparator.standardDeviation].flatMap((sd) => (sd === null ? [] : [sd * factor]))
    })
    .sort((a, b) => a - b)
  const middle = deviations[Math.floor(deviations.length / 2)]
  return middle === undefined || middle <= 0 ? null : scaledTauPrior(usual, middle)
}
