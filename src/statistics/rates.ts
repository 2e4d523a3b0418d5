import { type EffectResult, requireAtLeast, requirePositive } from './effectSize.js'

/** One arm of a count outcome: events over the time that all its participants were at risk, in one unit for both arms. */
export interface RateArm {
  readonly events: number
  readonly time: number
}

/**
 * Incidence rate ratio, as its logarithm. 0.5 is added to both counts where one of them is zero.
 *
 * @returns ln IRR; not estimable without an event in either arm
 * @throws {RangeError} if events are negative or time is not positive
 * @see Rothman, Greenland & Lash (2008), Modern Epidemiology, 3rd ed., ch. 14
 */
export function incidenceRateRatio(intervention: RateArm, comparator: RateArm): EffectResult {
  for (const [arm, { events, time }] of Object.entries({ intervention, comparator })) {
    requireAtLeast(0, events, `${arm} events`)
    requirePositive(time, `${arm} time at risk`)
  }
  const inputs = {
    interventionEvents: intervention.events,
    interventionTime: intervention.time,
    comparatorEvents: comparator.events,
    comparatorTime: comparator.time,
  }
  const known = { measure: 'IRR', formula: 'irr-log-poisson', inputs } as const
  if (intervention.events === 0 && comparator.events === 0)
    return { ok: false, ...known, reason: 'there was no event in either arm, so the data say nothing about a ratio' }
  const hasZero = intervention.events === 0 || comparator.events === 0
  const added = hasZero ? 0.5 : 0
  const [x1, x2] = [intervention.events + added, comparator.events + added]
  const assumptions = ['events are independent: repeated events of one person would widen the standard error']
  if (hasZero) assumptions.push('0.5 was added to both counts because one of them is zero')
  return { ok: true, ...known, estimate: Math.log(x1 / intervention.time / (x2 / comparator.time)), standardError: Math.sqrt(1 / x1 + 1 / x2), assumptions }
}
