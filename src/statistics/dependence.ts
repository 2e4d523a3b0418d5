import { type EventArm, oddsRatio, riskDifference, riskRatio } from './binary.js'
import { type MeanArm, meanDifference, ratioOfMeans, standardizedMeanDifference } from './continuous.js'
import type { StudyEffect } from './linearModel.js'

/** Two arms that were compared with one control. */
export interface SharedControl<Arm> {
  readonly first: Arm
  readonly second: Arm
  readonly control: Arm
}

/**
 * Covariance of two contrasts of counts with one control: the control's part of either variance.
 *
 * @returns on the analysis scale of the measure; null where one of the contrasts is not estimable
 * @throws {RangeError} as the effects themselves, if events are negative or exceed a total
 * @see Gleser & Olkin (2009), in: The Handbook of Research Synthesis and Meta-Analysis, ch. 19, on multiple-treatment studies
 *
 * @example
 * covarianceOfCounts('RD', { first, second, control: { events: 20, total: 100 } }) // 0.2 · 0.8 / 100
 */
export function covarianceOfCounts(measure: 'OR' | 'RR' | 'RD', { first, second, control }: SharedControl<EventArm>): number | null {
  const effects = [first, second].map((arm) => ofCounts[measure](arm, control))
  if (effects.some((effect) => !effect.ok)) return null
  // Where one of the tables was corrected for a zero cell, so was the control that entered it.
  const added = effects.some((effect) => effect.ok && effect.assumptions.length > 0) ? 0.5 : 0
  const [events, others] = [control.events + added, control.total - control.events + added]
  if (measure === 'OR') return 1 / events + 1 / others
  if (measure === 'RR') return 1 / events - 1 / (events + others)
  return (events * others) / control.total ** 3
}

/**
 * Covariance of two contrasts of means with one control. Of the standardised difference it is 1 / n₀ + g₁g₂ n₀ / (2 N₁N₂): each contrast is standardised by the
 * deviation within its own two arms, of which the control's n₀ participants are in both; Gleser and Olkin's denominator is of one deviation within all arms.
 *
 * @returns on the analysis scale of the measure; null where one of the contrasts is not estimable
 * @throws {RangeError} as the effects themselves, if a standard deviation is negative or n below 1
 * @see Gleser & Olkin (2009), as above, eq. 19.19; Lajeunesse (2011), Ecology 92:2049–2055, on ratios of means
 */
export function covarianceOfMeans(measure: 'MD' | 'SMD' | 'ROM', { first, second, control }: SharedControl<MeanArm>): number | null {
  const [one, other] = [first, second].map((arm) => ofMeans[measure](arm, control))
  if (one === undefined || other === undefined || !one.ok || !other.ok) return null
  if (measure === 'MD') return control.standardDeviation ** 2 / control.n
  if (measure === 'ROM') return control.standardDeviation ** 2 / (control.n * control.mean ** 2)
  const participants = (first.n + control.n) * (second.n + control.n)
  return 1 / control.n + (one.estimate * other.estimate * control.n) / (2 * participants)
}

const ofCounts = { OR: oddsRatio, RR: riskRatio, RD: riskDifference } as const
const ofMeans = { MD: meanDifference, SMD: standardizedMeanDifference, ROM: ratioOfMeans } as const

/**
 * Several effects whose covariances are known as one: their mean, each counting alike, as where only a correlation is assumed.
 *
 * @param covarianceOf of two of the effects, by their positions; symmetric, asked for once of each two
 * @throws {RangeError} if there is no effect, or a covariance is larger than the variances allow
 * @see Borenstein, Hedges, Higgins & Rothstein (2009), Introduction to Meta-Analysis, ch. 24 and 25
 */
export function compositeOfDependent(effects: readonly StudyEffect[], covarianceOf: (one: number, other: number) => number): StudyEffect {
  const m = effects.length
  if (m === 0) throw new RangeError('there is nothing to join: no effect was given')
  let [sum, total] = [0, 0]
  effects.forEach(({ estimate, variance }, index) => {
    sum += estimate
    total += variance
    for (let other = 0; other < index; other++) {
      const covariance = covarianceOf(other, index)
      const most = Math.sqrt(variance * effects[other]!.variance)
      if (!(Math.abs(covariance) <= most * (1 + 1e-12)))
        throw new RangeError(
          `the covariance of effects with variances ${effects[other]!.variance} and ${variance} is at most ${most} in size, got ${covariance}`,
        )
      total += 2 * covariance
    }
  })
  if (!(total > 0)) throw new RangeError(`${m} effects cannot all have such covariances: their mean would have no variance`)
  return { estimate: sum / m, variance: total / m ** 2 }
}
