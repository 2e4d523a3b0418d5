import { chiSquaredUpperTail } from './distributions.js'
import type { PooledEffect } from './pooling.js'

export interface BetweenGroups {
  /** Weighted sum of squared differences of the groups' pooled effects, chi-squared if they share one effect. */
  readonly q: number
  readonly df: number
  readonly pValue: number
}

/**
 * Whether independent groups of studies have different effects, each with a variance between studies of its own.
 *
 * @param groups at least two, each pooled by itself
 * @returns null if a group has a standard error of 0, as HKSJ gives to studies that agree exactly: its weight would be infinite
 * @throws {RangeError} if there are fewer than two groups
 * @see Borenstein, Hedges, Higgins & Rothstein (2009), Introduction to Meta-Analysis, ch. 19
 */
export function testBetweenGroups(groups: readonly Pick<PooledEffect, 'estimate' | 'standardError'>[]): BetweenGroups | null {
  if (groups.length < 2) throw new RangeError(`a test between groups needs two of them, got ${groups.length}`)
  if (groups.some(({ standardError }) => !(standardError > 0))) return null
  const weights = groups.map(({ standardError }) => 1 / standardError ** 2)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const mean = groups.reduce((sum, { estimate }, index) => sum + (weights[index] ?? 0) * estimate, 0) / total
  const q = groups.reduce((sum, { estimate }, index) => sum + (weights[index] ?? 0) * (estimate - mean) ** 2, 0)
  return { q, df: groups.length - 1, pValue: chiSquaredUpperTail(q, groups.length - 1) }
}
