import { hedgesCorrection, meanDifference, standardizedMeanDifference } from './continuous.js'
import { type EffectResult, requireAtLeast, requireFinite } from './effectSize.js'

/** Taken where a within-person correlation is not reported; every use is recorded as an assumption. */
export const assumedWithinPersonCorrelation = 0.5

/** Two measurements of the same persons: under intervention and comparator (crossover), or after and before (change). */
export interface PairedData {
  readonly mean1: number
  readonly standardDeviation1: number
  readonly mean2: number
  readonly standardDeviation2: number
  /** Persons, each counted once. */
  readonly n: number
  /** Between the two measurements of a person; assumedWithinPersonCorrelation where left out. */
  readonly correlation?: number | undefined
}

/** Before and after in one arm of a parallel trial. */
export interface ChangeArm {
  readonly baselineMean: number
  readonly baselineStandardDeviation: number
  readonly finalMean: number
  readonly finalStandardDeviation: number
  readonly n: number
  readonly correlation?: number | undefined
}

/**
 * Mean difference within persons, first minus second: a crossover, or a change.
 *
 * @returns in the unit of the means; not estimable where the differences do not vary
 * @throws {RangeError} if a mean is not finite, a standard deviation negative, n below 1 or the correlation outside −1 … 1
 * @see Elbourne et al. (2002), Int J Epidemiol 31:140–149
 */
export function pairedMeanDifference(data: PairedData): EffectResult {
  const { inputs, assumptions, differenceDeviation } = prepare(data)
  const known = { measure: 'MD', formula: 'md-paired', inputs } as const
  if (differenceDeviation === 0) return { ok: false, ...known, reason: 'the differences within persons do not vary, so their mean has no standard error' }
  return { ok: true, ...known, estimate: data.mean1 - data.mean2, standardError: differenceDeviation / Math.sqrt(data.n), assumptions }
}

/**
 * Standardised mean change by the standard deviation of the changes (SMCC): the unit is the spread of differences within persons,
 * so it does not compare with an SMD between groups.
 *
 * @returns not estimable with fewer than three persons, or where the differences do not vary
 * @throws {RangeError} as pairedMeanDifference
 * @see Gibbons, Hedeker & Davis (1993), Journal of Educational Statistics 18:271–279
 */
export function standardizedMeanChange(data: PairedData): EffectResult {
  const { inputs, assumptions, differenceDeviation } = prepare(data)
  const known = { measure: 'SMD', formula: 'smcc-change-standardised', inputs } as const
  if (data.n < 3) return tooFewPersons(known, data.n)
  if (differenceDeviation === 0) return { ok: false, ...known, reason: 'the differences within persons do not vary, so there is nothing to standardise by' }
  const estimate = (hedgesCorrection(data.n - 1) * (data.mean1 - data.mean2)) / differenceDeviation
  return { ok: true, ...known, estimate, standardError: Math.sqrt(1 / data.n + estimate ** 2 / (2 * data.n)), assumptions }
}

/**
 * Standardised mean change by the standard deviation of the first measurement (SMCR, raw-score standardisation): the unit is the spread
 * between persons, so it compares with an SMD between groups.
 *
 * @returns not estimable with fewer than three persons, where the first standard deviation is zero, or where the correlation is 1 and the means agree
 * @throws {RangeError} as pairedMeanDifference
 * @see Becker (1988), Br J Math Stat Psychol 41:257–278; Morris & DeShon (2002), Psychological Methods 7:105–125
 */
export function standardizedMeanChangeRaw(data: Omit<PairedData, 'standardDeviation2'>): EffectResult {
  const { correlation, assumptions } = correlationOf(data)
  const { mean1, standardDeviation1, mean2, n } = data
  requireArm({ mean: mean1, standardDeviation: standardDeviation1, n })
  requireFinite(mean2, 'mean')
  const known = { measure: 'SMD', formula: 'smcr-raw-standardised', inputs: { mean1, standardDeviation1, mean2, n, correlation } } as const
  if (n < 3) return tooFewPersons(known, n)
  if (standardDeviation1 === 0) return { ok: false, ...known, reason: 'the standard deviation is zero, so there is nothing to standardise by' }
  const estimate = (hedgesCorrection(n - 1) * (mean1 - mean2)) / standardDeviation1
  const variance = (2 * (1 - correlation)) / n + estimate ** 2 / (2 * n)
  if (variance === 0) return { ok: false, ...known, reason: 'with a correlation of 1 and equal means the change has no standard error' }
  return { ok: true, ...known, estimate, standardError: Math.sqrt(variance), assumptions }
}

/**
 * Standardised mean difference of a crossover trial, Hedges' g: the unit is the spread between persons in both periods, so it compares with
 * an SMD between groups; the standard error uses the correlation within persons.
 *
 * The estimate is that of two groups of n, so that knowing the correlation changes the standard error only.
 *
 * @returns not estimable with fewer than two persons, without any spread, or with a correlation of 1
 * @throws {RangeError} as pairedMeanDifference
 * @see Cochrane Handbook for Systematic Reviews of Interventions 6.5, section 23.2.7.2; Elbourne et al. (2002), Int J Epidemiol 31:140–149
 */
export function standardizedPairedDifference(data: PairedData & { readonly correlation: number }): EffectResult {
  const { inputs } = prepare(data)
  const { mean1, standardDeviation1, mean2, standardDeviation2, n, correlation } = data
  const known = { measure: 'SMD', formula: 'smd-hedges-crossover', inputs } as const
  const parallel = standardizedMeanDifference(
    { mean: mean1, standardDeviation: standardDeviation1, n },
    { mean: mean2, standardDeviation: standardDeviation2, n },
  )
  if (!parallel.ok) return { ok: false, ...known, reason: parallel.reason }
  const { estimate } = parallel
  const standardError = Math.sqrt((1 / n + estimate ** 2 / (2 * n)) * 2 * (1 - correlation))
  if (standardError === 0) return { ok: false, ...known, reason: 'with a correlation of 1 within persons the standardised difference has no standard error' }
  return { ok: true, ...known, estimate, standardError, assumptions: ['both periods share one standard deviation'] }
}

/**
 * Mean difference of changes from baseline between two arms, where the spread of the changes is not reported but that before and after is.
 *
 * @returns in the unit of the means; not estimable where the changes do not vary
 * @throws {RangeError} if a mean is not finite, a standard deviation negative, n below 1 or a correlation outside −1 … 1
 * @see Cochrane Handbook for Systematic Reviews of Interventions 6.5, section 6.5.2.8
 */
export function meanDifferenceOfChanges(intervention: ChangeArm, comparator: ChangeArm): EffectResult {
  const [first, second] = [changeOf(intervention), changeOf(comparator)]
  const result = meanDifference(first.arm, second.arm)
  const inputs = { ...prefixed('intervention', first.inputs), ...prefixed('comparator', second.inputs) }
  const formula = 'md-of-changes'
  return result.ok ? { ...result, formula, inputs, assumptions: [...new Set([...first.assumptions, ...second.assumptions])] } : { ...result, formula, inputs }
}

/**
 * Standard deviation of the difference between two correlated measurements.
 *
 * @throws {RangeError} if a standard deviation is negative or the correlation outside −1 … 1
 */
export function differenceStandardDeviation({
  standardDeviation1,
  standardDeviation2,
  correlation,
}: {
  readonly standardDeviation1: number
  readonly standardDeviation2: number
  readonly correlation: number
}): number {
  requireAtLeast(0, standardDeviation1, 'standard deviation')
  requireAtLeast(0, standardDeviation2, 'standard deviation')
  requireCorrelation(correlation)
  // Rounding can carry a perfect correlation of equal spreads a hair below zero.
  return Math.sqrt(Math.max(0, standardDeviation1 ** 2 + standardDeviation2 ** 2 - 2 * correlation * standardDeviation1 * standardDeviation2))
}

function prepare(data: PairedData) {
  const { correlation, assumptions } = correlationOf(data)
  const { mean1, standardDeviation1, mean2, standardDeviation2, n } = data
  requireArm({ mean: mean1, standardDeviation: standardDeviation1, n })
  requireFinite(mean2, 'mean')
  return {
    inputs: { mean1, standardDeviation1, mean2, standardDeviation2, n, correlation },
    assumptions,
    differenceDeviation: differenceStandardDeviation({ standardDeviation1, standardDeviation2, correlation }),
  }
}

function changeOf(data: ChangeArm) {
  const { correlation, assumptions } = correlationOf(data)
  const { baselineMean, baselineStandardDeviation, finalMean, finalStandardDeviation, n } = data
  const standardDeviation = differenceStandardDeviation({
    standardDeviation1: baselineStandardDeviation,
    standardDeviation2: finalStandardDeviation,
    correlation,
  })
  return {
    arm: { mean: finalMean - baselineMean, standardDeviation, n },
    inputs: { baselineMean, baselineStandardDeviation, finalMean, finalStandardDeviation, n, correlation },
    assumptions,
  }
}

function correlationOf({ correlation }: { readonly correlation?: number | undefined }) {
  if (correlation !== undefined) {
    requireCorrelation(correlation)
    return { correlation, assumptions: [] }
  }
  return {
    correlation: assumedWithinPersonCorrelation,
    assumptions: [`the correlation within persons is not reported; ${assumedWithinPersonCorrelation} is assumed`],
  }
}

function tooFewPersons<Known extends object>(known: Known, n: number) {
  return { ok: false, ...known, reason: `${n} persons are too few for the correction of small samples, which needs 3` } as const
}

function prefixed(prefix: string, inputs: Readonly<Record<string, number>>) {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [prefix + name.charAt(0).toUpperCase() + name.slice(1), value]))
}

function requireArm({ mean, standardDeviation, n }: { readonly mean: number; readonly standardDeviation: number; readonly n: number }): void {
  requireFinite(mean, 'mean')
  requireAtLeast(0, standardDeviation, 'standard deviation')
  requireAtLeast(1, n, 'n')
}

function requireCorrelation(correlation: number): void {
  if (!(correlation >= -1 && correlation <= 1)) throw new RangeError(`a correlation lies between -1 and 1, got ${correlation}`)
}
