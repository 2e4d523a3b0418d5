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

/** Published formulas for the standard deviation. They differ for five numbers only, which Shi weighs by the sample size. */
export type DeviationFormula = 'SHI_2020' | 'WAN_2014'

/** Begins the assumption that is made of quantiles which a normal distribution hardly gives; readers of assumptions look for it. */
export const skewed = 'the values look skewed'

/** A median closer to a quartile than this share of the way between the quartiles is next to it, whatever the number of people. */
const nextToQuartile = 0.1

/**
 * Mean and standard deviation from median and quartiles, range, or all five.
 *
 * The formulas suppose a normal distribution: medians are often reported because it is not,
 * so the asymmetry of what was given is among the assumptions.
 *
 * @param given the quantiles in order, and n of at least 2
 * @returns in the unit of the median
 * @throws {RangeError} if a number is not finite, the quantiles are not in order, or n is below 2
 * @see Luo, Wan, Liu & Tong (2018), Stat Methods Med Res 27:1785–1805
 * @see Wan, Wang, Liu & Tong (2014), BMC Med Res Methodol 14:135
 * @see Shi, Luo, Weng, Zeng, Lin, Chu & Tong (2020), Res Synth Methods 11:641–654, eq. 11
 */
export function meanAndDeviationFromQuantiles(
  given: Quantiles & { readonly n: number },
  formula: MeanFormula = 'LUO_2018',
  deviation: DeviationFormula = formula === 'WAN_2014' ? 'WAN_2014' : 'SHI_2020',
): Derivation & { readonly mean: number; readonly standardDeviation: number } {
  const { n, ...quantiles } = given
  requireAtLeast(2, n, 'n')
  requireInOrder(quantiles)
  const from = 'q1' in quantiles ? ('minimum' in quantiles ? 'five-numbers' : 'quartiles') : 'range'
  const mean = formula === 'LUO_2018' ? luoMean(quantiles, n) : wanMean(quantiles)
  const byShi = from === 'five-numbers' && deviation === 'SHI_2020'
  const standardDeviation = byShi ? shiStandardDeviation(quantiles, n) : wanStandardDeviation(quantiles, n)
  const { statistic, criticalValue, isSkewed } = skewnessOf(given)
  const position = `the median lies at ${percentOfWay(quantiles)} % of the way between the ${'q1' in quantiles ? 'quartiles' : 'outer numbers given'}, 50 % being symmetric`
  return {
    mean,
    standardDeviation,
    formula: `${formula === 'LUO_2018' ? 'mean-luo-2018' : 'mean-wan-2014'}-sd-${byShi ? 'shi-2020' : 'wan-2014'}-${from}`,
    inputs: { ...quantiles, n },
    assumptions: [
      isSkewed
        ? `${skewed}, and the formulas suppose a normal distribution: ${position} (test of skewness ${shown(statistic)}, critical value ${shown(criticalValue)} for ${n} people)`
        : `the values are roughly normal: ${position}`,
    ],
  }
}

/**
 * Whether quantiles are too asymmetric for a normal distribution, at a level of 5 %; or a median is next to a quartile.
 *
 * The critical values are the simplified ones of the paper; simulation of normal samples of 9 to 401 gives them within 0.02.
 *
 * @throws {RangeError} as meanAndDeviationFromQuantiles
 * @see Shi, Luo, Wan, Liu, Liu, Bian & Tong (2023), Stat Methods Med Res 32:1338–1360
 */
export function skewnessOf(given: Quantiles & { readonly n: number }): {
  readonly statistic: number
  readonly criticalValue: number
  readonly isSkewed: boolean
} {
  const { n, ...quantiles } = given
  requireAtLeast(2, n, 'n')
  requireInOrder(quantiles)
  const { median } = quantiles
  const asymmetry = (low: number, high: number) => (high === low ? 0 : Math.abs(low + high - 2 * median) / (high - low))
  const ofRange = 'minimum' in quantiles ? asymmetry(quantiles.minimum, quantiles.maximum) : 0
  const ofQuartiles = 'q1' in quantiles ? asymmetry(quantiles.q1, quantiles.q3) : 0
  const [statistic, criticalValue] = !('q1' in quantiles)
    ? [ofRange, 1 / Math.log(n + 9) + 2.5 / (n + 1)]
    : !('minimum' in quantiles)
      ? [ofQuartiles, 2.65 / Math.sqrt(n) - 6 / n ** 2]
      : [Math.max(((2.65 * Math.log(0.6 * n)) / Math.sqrt(n)) * ofRange, ofQuartiles), 3 / Math.sqrt(n) - 40 / n ** 3]
  // Of very few people no asymmetry is beyond chance, and the approximation of the critical value fails.
  const beyondChance = criticalValue > 0 && statistic > criticalValue
  return { statistic, criticalValue, isSkewed: beyondChance || ofQuartiles >= 1 - 2 * nextToQuartile }
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

function shiStandardDeviation(quantiles: Quantiles, n: number): number {
  if (!('q1' in quantiles && 'minimum' in quantiles)) return wanStandardDeviation(quantiles, n)
  const ofRange = (2 + 0.14 * n ** 0.6) * normalQuantile((n - 0.375) / (n + 0.25))
  const ofQuartiles = (2 + 2 / (0.07 * n ** 0.6)) * normalQuantile((0.75 * n - 0.125) / (n + 0.25))
  return (quantiles.maximum - quantiles.minimum) / ofRange + (quantiles.q3 - quantiles.q1) / ofQuartiles
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
  const [low, high] = 'q1' in quantiles ? [quantiles.q1, quantiles.q3] : [quantiles.minimum, quantiles.maximum]
  return high === low ? 50 : Math.round(((quantiles.median - low) / (high - low)) * 100)
}

function midpoint(low: number, high: number): number {
  return (low + high) / 2
}

function shown(value: number): string {
  return String(Number(value.toPrecision(3)))
}
