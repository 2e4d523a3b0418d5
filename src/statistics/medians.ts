import { normalQuantile } from './distributions.js'
import type { Derivation } from './fromReported.js'
import { requireAtLeast, requireFinite } from './effectSize.js'

/** What a paper gives of a distribution beside its median: the range, the quartiles, or both. */
export type Quantiles =
  | { readonly minimum: number; readonly median: number; readonly maximum: number }
  | { readonly q1: number; readonly median: number; readonly q3: number }
  | { readonly minimum: number; readonly q1: number; readonly median: number; readonly q3: number; readonly maximum: number }

/** Published formulas for the mean. Luo's weights follow the sample size; Wan's do not. */
export type MeanFormula = 'LUO_2018' | 'WAN_2014'

/**
 * Mean and standard deviation from median and quartiles, range, or all five.
 *
 * The standard deviation is Wan's in either case. Both formulas suppose a normal distribution: medians are often reported because it is not,
 * so the asymmetry of what was given is among the assumptions.
 *
 * @param given the quantiles in order, and n of at least 2
 * @returns in the unit of the median
 * @throws {RangeError} if a number is not finite, the quantiles are not in order, or n is below 2
 * @see Luo, Wan, Liu & Tong (2018), Stat Methods Med Res 27:1785–1805
 * @see Wan, Wang, Liu & Tong (2014), BMC Med Res Methodol 14:135
 */
export function meanAndDeviationFromQuantiles(
  given: Quantiles & { readonly n: number },
  formula: MeanFormula = 'LUO_2018',
): Derivation & { readonly mean: number; readonly standardDeviation: number } {
  const { n, ...quantiles } = given
  requireAtLeast(2, n, 'n')
  requireInOrder(quantiles)
  const from = 'q1' in quantiles ? ('minimum' in quantiles ? 'five-numbers' : 'quartiles') : 'range'
  const mean = formula === 'LUO_2018' ? luoMean(quantiles, n) : wanMean(quantiles)
  return {
    mean,
    standardDeviation: wanStandardDeviation(quantiles, n),
    formula: `${formula === 'LUO_2018' ? 'mean-luo-2018' : 'mean-wan-2014'}-sd-wan-2014-${from}`,
    inputs: { ...quantiles, n },
    assumptions: [
      `the values are roughly normal: the median lies at ${percentOfWay(quantiles)} % of the way between the outer numbers given, 50 % being symmetric`,
    ],
  }
}

function luoMean(quantiles: Quantiles, n: number): number {
  const { median } = quantiles
  const rangeWeight = (scale: number) => scale / (scale + n ** 0.75)
  if (!('q1' in quantiles)) return rangeWeight(4) * midpoint(quantiles.minimum, quantiles.maximum) + (1 - rangeWeight(4)) * median
  if (!('minimum' in quantiles)) {
    const weight = 0.7 + 0.39 / n
    return weight * midpoint(quantiles.q1, quantiles.q3) + (1 - weight) * median
  }
  const outer = rangeWeight(2.2)
  const inner = 0.7 - 0.72 / n ** 0.55
  return outer * midpoint(quantiles.minimum, quantiles.maximum) + inner * midpoint(quantiles.q1, quantiles.q3) + (1 - outer - inner) * median
}

function wanMean(quantiles: Quantiles): number {
  const { median } = quantiles
  if (!('q1' in quantiles)) return (quantiles.minimum + 2 * median + quantiles.maximum) / 4
  if (!('minimum' in quantiles)) return (quantiles.q1 + median + quantiles.q3) / 3
  return (quantiles.minimum + 2 * quantiles.q1 + 2 * median + 2 * quantiles.q3 + quantiles.maximum) / 8
}

function wanStandardDeviation(quantiles: Quantiles, n: number): number {
  // Expected place of the extremes and of the quartiles among n values of a standard normal distribution (Blom).
  const extreme = normalQuantile((n - 0.375) / (n + 0.25))
  const quartile = normalQuantile((0.75 * n - 0.125) / (n + 0.25))
  if (!('q1' in quantiles)) return (quantiles.maximum - quantiles.minimum) / (2 * extreme)
  const fromQuartiles = (quantiles.q3 - quantiles.q1) / (2 * quartile)
  return 'minimum' in quantiles ? ((quantiles.maximum - quantiles.minimum) / (2 * extreme) + fromQuartiles) / 2 : fromQuartiles
}

function requireInOrder(quantiles: Quantiles): void {
  const { median } = quantiles
  const inOrder = 'q1' in quantiles ? [quantiles.q1, median, quantiles.q3] : [median]
  if ('minimum' in quantiles) {
    inOrder.unshift(quantiles.minimum)
    inOrder.push(quantiles.maximum)
  }
  for (const value of inOrder) requireFinite(value, 'a quantile')
  if (inOrder.some((value, position) => position > 0 && value < Number(inOrder[position - 1]))) {
    throw new RangeError(`minimum, quartiles, median and maximum must be in order, got ${inOrder.join(', ')}`)
  }
}

function percentOfWay(quantiles: Quantiles): number {
  const [low, high] = 'minimum' in quantiles ? [quantiles.minimum, quantiles.maximum] : [quantiles.q1, quantiles.q3]
  return high === low ? 50 : Math.round(((quantiles.median - low) / (high - low)) * 100)
}

function midpoint(low: number, high: number): number {
  return (low + high) / 2
}
