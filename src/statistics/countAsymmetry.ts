import { type AsymmetryTest, regressionTest, type SizedEffect } from './asymmetry.js'
import { type EventArm, oddsRatio } from './binary.js'
import { type Compared, eventTable, type EventTable } from './mantelHaenszel.js'

/**
 * Harbord's test: efficient scores of the trials, over their variances, regressed on the standard errors that these give. Like Egger's test of odds
 * ratios, but that scores and variances are nearly independent of each other, which logarithms of odds ratios and their errors are not.
 *
 * @returns null with fewer than three trials that have events and non-events, where all have one variance, or where the line fits them without error
 * @throws {RangeError} if counts are impossible
 * @see Harbord, Egger & Sterne (2006), Statistics in Medicine 25:3443–3457
 */
export function harbordTest(trials: readonly Compared<EventArm>[]): AsymmetryTest | null {
  const effects = informative(trials).map(({ table: { a, b, c, d, n1, n2, n } }): SizedEffect => {
    const information = ((a + c) * (b + d) * n1 * n2) / (n * n * (n - 1))
    return { estimate: (a - ((a + c) * n1) / n) / information, variance: 1 / information }
  })
  return named(regressionTest(effects), 'Harbord: scores over their variances, regressed on the standard errors of these, t test of the slope')
}

/**
 * Peters' test: logarithms of odds ratios regressed on the inverse number of participants, weighted by how many had the event and how many had not,
 * whatever arm they were in; so the weights do not follow from the odds ratio.
 *
 * @returns null with fewer than three trials that have events and non-events, where all are of one size, or where the line fits them without error
 * @throws {RangeError} if counts are impossible
 * @see Peters, Sutton, Jones, Abrams & Rushton (2006), JAMA 295:676–680
 */
export function petersTest(trials: readonly Compared<EventArm>[]): AsymmetryTest | null {
  const effects = informative(trials).map(({ table: { a, b, c, d, n }, logOddsRatio }): SizedEffect => ({
    estimate: logOddsRatio,
    variance: 1 / (a + c) + 1 / (b + d),
    participants: n,
  }))
  return named(regressionTest(effects, 'INVERSE_PARTICIPANTS'), 'Peters: weighted regression on the inverse number of participants, t test of its slope')
}

/**
 * Deeks' test, made for the accuracy of diagnostic tests: logarithms of odds ratios regressed on the inverse root of the effective sample size
 * 4 n₁n₂ / (n₁ + n₂), and weighted by it.
 *
 * A trial in which nobody, or everybody, had the event says nothing of an odds ratio and is left out; R's metafor gives it an odds ratio near 1.
 *
 * @returns null with fewer than three trials that have events and non-events, where all are of one size, or where the line fits them without error
 * @throws {RangeError} if counts are impossible
 * @see Deeks, Macaskill & Irwig (2005), J Clinical Epidemiology 58:882–893
 */
export function deeksTest(trials: readonly Compared<EventArm>[]): AsymmetryTest | null {
  // The inverse root of the size is then the standard error.
  const effects = informative(trials).map(({ table: { n1, n2, n }, logOddsRatio }): SizedEffect => ({ estimate: logOddsRatio, variance: n / (4 * n1 * n2) }))
  return named(regressionTest(effects), 'Deeks: weighted regression on the inverse root of the effective sample size, t test of its slope')
}

/** Trials in which some had the event and some had not, with the logarithm of the odds ratio; 0.5 is added to the cells where one is zero. */
function informative(trials: readonly Compared<EventArm>[]): { readonly table: EventTable; readonly logOddsRatio: number }[] {
  return trials.flatMap((trial) => {
    const ratio = oddsRatio(trial.intervention, trial.comparator)
    return ratio.ok ? [{ table: eventTable(trial), logOddsRatio: ratio.estimate }] : []
  })
}

function named(found: AsymmetryTest | null, method: string): AsymmetryTest | null {
  if (found === null) return null
  const { statistic, df, pValue, estimate } = found
  return { statistic, df, pValue, estimate, method }
}
