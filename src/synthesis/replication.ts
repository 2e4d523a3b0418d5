import type { SynthesisQuestion } from './question.js'
import { Across } from './question.js'
import type { ShownPool } from './shown.js'

// Published pooled results, computed again from their trials.

/** What came of computing a published pooled result again. */
export const ReplicationVerdict = { REPRODUCED: 'REPRODUCED', DIFFERS: 'DIFFERS', PARTLY_HELD: 'PARTLY_HELD', NOT_HELD: 'NOT_HELD' } as const
export type ReplicationVerdict = keyof typeof ReplicationVerdict

/** An estimate with its interval, ratios as ratios, as printed. */
export interface PublishedPool {
  readonly estimate: number | null
  readonly ciLower: number | null
  readonly ciUpper: number | null
  readonly decimals: number | null
}

/**
 * How far a recomputed pool is from the published one: the largest difference of estimate and limits, each rounded as printed, in units of the last
 * printed decimal; null where nothing can be compared.
 */
export function unitsApart(published: PublishedPool, recomputed: Pick<ShownPool, 'estimate' | 'ciLower' | 'ciUpper'>): number | null {
  const { decimals } = published
  if (published.estimate === null || decimals === null) return null
  const pairs = [
    [published.estimate, recomputed.estimate],
    [published.ciLower, recomputed.ciLower],
    [published.ciUpper, recomputed.ciUpper],
  ] as const
  return Math.max(
    ...pairs.map(([printed, computed]) => (printed === null ? 0 : Math.round(Math.abs(printed - Number(computed.toFixed(decimals))) * 10 ** decimals))),
  )
}

/** As many units of the last decimal may lie between two roundings of one number. */
const withinRounding = 1

/** @param isComplete all trials of the review are held */
export function verdictOf({ apart, isComplete }: { readonly apart: number | null; readonly isComplete: boolean }): ReplicationVerdict {
  if (apart !== null && apart <= withinRounding) return 'REPRODUCED'
  return isComplete ? 'DIFFERS' : 'PARTLY_HELD'
}

/** The question that pools what a review pooled: its model over its trials, whatever they mix. */
export function questionOfReview(
  choices: Pick<SynthesisQuestion, 'measure' | 'model' | 'estimator' | 'interval' | 'level' | 'emptyCells' | 'asCountedBy'>,
): SynthesisQuestion<never> {
  return {
    ...choices,
    dependence: 'INDEPENDENT',
    timepoint: 'ALL',
    subgroupBy: null,
    across: Object.values(Across).sort(),
    moderators: [],
    tauPrior: null,
    baselineRisk: null,
    inferredNumbers: true,
  }
}
