import { type ComputedEffect, type EffectResult, requireFinite, requirePositive } from './effectSize.js'

/** How people of a cluster-randomised trial resemble those of their cluster. */
export interface Clustering {
  /** People analysed in a cluster, on average. */
  readonly meanClusterSize: number
  /** Intracluster correlation of the outcome. */
  readonly icc: number
}

/**
 * How many times larger the variance is than if individuals had been randomised: 1 + (m − 1) × ICC.
 *
 * An ICC estimated below zero is noise about zero, and a cluster of one person is that person: neither makes a trial more precise.
 *
 * @returns at least 1
 * @throws {RangeError} if the size is not positive, or the ICC not finite
 * @see Cochrane Handbook for Systematic Reviews of Interventions 6.5, section 23.1.4
 *
 * @example
 * designEffect({ meanClusterSize: 30, icc: 0.05 }) // 2.45
 */
export function designEffect({ meanClusterSize, icc }: Clustering): number {
  requirePositive(meanClusterSize, 'mean cluster size')
  requireFinite(icc, 'intracluster correlation')
  return Math.max(1, 1 + (meanClusterSize - 1) * icc)
}

/**
 * The arm that carries as much information without clusters: people, and events if counted, over the design effect. Neither needs to be whole;
 * what is not known stays so. Mean and deviation are those of the arm.
 *
 * @see Cochrane Handbook for Systematic Reviews of Interventions 6.5, section 23.1.5
 */
export function effectiveArm<Arm extends { readonly n: number | null; readonly events?: number | null | undefined }>(arm: Arm, clustering: Clustering): Arm {
  const effect = designEffect(clustering)
  return { ...arm, n: arm.n === null ? null : arm.n / effect, ...(arm.events == null ? {} : { events: arm.events / effect }) }
}

/**
 * An effect computed as if individuals had been randomised, with the standard error that clusters leave it: multiplied by the root of the design effect.
 *
 * @see Cochrane Handbook for Systematic Reviews of Interventions 6.5, section 23.1.4
 */
export function clustered(effect: EffectResult, clustering: Clustering): EffectResult {
  if (!effect.ok) return effect
  const { meanClusterSize, icc } = clustering
  const inflation = designEffect(clustering)
  return {
    ...effect,
    standardError: effect.standardError * Math.sqrt(inflation),
    formula: `${effect.formula}+design-effect`,
    inputs: { ...effect.inputs, designEffect: inflation, meanClusterSize, icc },
    assumptions: [...effect.assumptions, `design effect ${shown(inflation)} from an ICC of ${icc} and clusters of ${meanClusterSize}`],
  } satisfies ComputedEffect
}

const shown = (value: number) => String(Number(value.toPrecision(4)))
