import type { DoseResponseQuery } from '../../generated/web/graphql.js'

type Effect = DoseResponseQuery['evidence']['nodes'][number]

/** An effect over its dose: `benefit` on the scale of standardised differences, above zero in magnesium's favour; doses in mg of elemental magnesium a day. */
export interface DosePoint extends Pick<Effect, 'slug' | 'direction' | 'study'> {
  readonly outcome: string
  readonly route: string
  readonly isOral: boolean
  readonly low: number
  readonly high: number
  readonly benefit: number
  readonly lower: number | null
  readonly upper: number | null
}

/**
 * The effects that have both a known elemental dose and a standardised size. Where an arm has phases the one with the highest dose counts. An interval is turned
 * to the side of the benefit, which the standardised effect need not have (fewer attacks are better).
 */
export const pointsOf = (effects: readonly Effect[]): DosePoint[] =>
  effects.flatMap(({ slug, direction, study, outcome, intervention, standardizedBenefit: benefit, effectAs }) => {
    const doses = (intervention?.doses ?? []).flatMap(({ route, elementalMgPerDayLow: low, elementalMgPerDayHigh: high }) =>
      low === null || high === null ? [] : [{ route, low, high }],
    )
    const [dose] = doses.sort((a, b) => b.high - a.high)
    if (dose === undefined || benefit === null) return []
    const standardised = effectAs.effect
    const isTurned = standardised?.estimate != null && Math.sign(standardised.estimate) !== Math.sign(benefit)
    const [from, to] = isTurned
      ? [negated(standardised.ciUpper), negated(standardised.ciLower)]
      : [standardised?.ciLower ?? null, standardised?.ciUpper ?? null]
    return [{ slug, direction, study, outcome: outcome.name, ...dose, isOral: dose.route === 'ORAL', benefit, lower: from, upper: to }]
  })

const negated = (value: number | null): number | null => (value === null ? null : -value)
