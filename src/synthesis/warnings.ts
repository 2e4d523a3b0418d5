import { groupBy } from '../grouping.js'
import { petoDomain } from '../statistics/peto.js'
import type { Candidate } from './candidate.js'
import { assumedCorrelation } from './entries.js'
import type { Chosen } from './number.js'
import { poolEntries } from './pool.js'
import { intervalOf, poolsCounts, Tau2Estimator } from './question.js'
import { shown, studiesOf } from './shown.js'

import { advisedTest, enoughForAsymmetry, filledPool } from './smallStudyEffects.js'
import { thoseThatTell } from './metaRegression.js'
import { counted, type PooledEntries, type Synthesis } from './synthesis.js'

/** What a reader should know before believing a pooled number; each code with its meaning, as docs/warnings.md lists them. */
export const warningCodes = {
  SINGLE_STUDY: 'There is one entry: nothing is pooled, and heterogeneity cannot be told.',
  FEW_STUDIES: 'Two to four entries: tau² and the interval rest on very little.',
  UNDERPOWERED_ASYMMETRY: 'Fewer than ten entries: tests for small-study effects are shown and not to be relied on.',
  SMALL_STUDY_EFFECTS: 'Small studies show other effects than large ones (the test advised for the measure, p below 0.1).',
  TRIM_AND_FILL_CHANGES_CONCLUSION: 'With the studies that trim and fill imputes, the interval includes no effect, or no longer does.',
  HKSJ_NARROWER_THAN_WALD: 'The interval by Hartung and Knapp is narrower than the usual one; HKSJ_ADHOC never is.',
  SUBGROUP_WITHOUT_ERROR: 'The effects of a subgroup agree exactly, which under HKSJ leaves no error to compare it by: whether subgroups differ is not tested.',
  REGRESSION_OF_FEW: 'The regression rests on fewer than half of the pool, or on fewer than ten studies for each moderator: the others do not tell it.',
  PETO_OUTSIDE_DOMAIN: 'Peto’s method is biased where arms differ much in size or the effect is large: look at MANTEL_HAENSZEL beside it.',
  ESTIMATORS_DISAGREE: 'Whether the interval excludes no effect depends on the estimator of tau².',
  MODELS_DISAGREE: 'A common effect and random effects lead to other conclusions: look at the large studies beside the small ones.',
  PREDICTION_INCLUDES_NO_EFFECT: 'The interval of the mean excludes no effect, and that of a further study does not.',
  DOMINANT_STUDY: 'One entry has more than half of the weight.',
  HIGH_HETEROGENEITY: 'More than three quarters of the variation is between studies: one number describes them poorly.',
  MEASURES_CONVERTED: 'Effects were converted from other measures.',
  MEASURES_LEFT_OUT: 'Effects on other measures do not convert to this one and were left out.',
  MIXED_DESIGNS: 'Classes of evidence are pooled together: randomised and observational, or observational ones of different kinds.',
  MIXED_EXPOSURES: 'Different measures of exposure are pooled together.',
  MIXED_MEASURES: 'Odds, risk, hazard and rate ratios are pooled as one relative risk, or scores with events.',
  CONFOUNDED_CONTRAST: 'In some contrasts magnesium was given together with other active substances that the comparator did not get.',
  UNITS_CONVERTED: 'Mean differences were converted to one unit.',
  MIXED_OUTCOMES: 'Different outcomes are pooled together.',
  MIXED_CONDITIONS: 'Different conditions are pooled together.',
  MIXED_COMPARATORS: 'Different comparators are pooled together.',
  MIXED_ADJUSTMENT: 'Adjusted and crude effects are pooled together.',
  MIXED_KINDS_OF_VALUE: 'Final values and changes from baseline are pooled together, which for mean differences is allowed.',
  DIRECTION_ALIGNED: 'Effects were turned round, so that the same direction is good in all of them.',
  CORRELATION_ASSUMED: 'Several effects of a study were joined with an assumed correlation.',
  DEPENDENCE_IGNORED: 'Several effects of a study are counted as if they were independent, as asked.',
  CROSSOVER_AS_PARALLEL: 'Crossover trials enter as if their periods were parallel groups.',
  CROSSOVER_CORRELATION_ASSUMED: 'Crossover trials enter with an assumed correlation within persons.',
  FROM_MEDIANS: 'Means and deviations were estimated from medians and quartiles.',
  ZERO_CELLS_CORRECTED: 'Trials with nobody, or everybody, in one cell enter with 0.5 added.',
  NO_EVENTS_LEFT_OUT: 'Trials without events in both arms say nothing about a ratio and were left out.',
  RD_NO_EVENTS_LEFT_OUT:
    'Trials without events in both arms have no standard error of a risk difference and were left out, which moves it away from 0; MANTEL_HAENSZEL keeps them.',
  COUNTED_OTHERWISE: 'Trials enter with the counts of a review instead of their own results, as asked.',
  FOR_REPRODUCTION: 'The model, or one half added to empty cells, is of use to reproduce an older review: look at MANTEL_HAENSZEL as it is, or RANDOM_EFFECTS.',
  INCOHERENT_NUMBERS: 'Reported numbers of some effects do not agree with each other.',
  CLUSTER_AS_INDIVIDUAL: 'Cluster-randomised trials enter as if individuals had been randomised: their intervals are too narrow.',
  CLUSTER_ADJUSTED: 'Cluster-randomised trials enter with the design effect of their intra-cluster correlation.',
  SKEWED: 'Some means and deviations are of values that look skewed.',
  TIMEPOINTS_BY_LABEL: 'Results of one study at times known by their labels only were joined.',
  CONCERN_INCLUDED: 'Studies under an expression of concern, or doubted by a third party, are in the pool.',
  RETRACTED_INCLUDED: 'Retracted studies are in the pool, as asked.',
  NOT_HUMAN: 'The effects are not of people.',
  LEFT_OUT: 'Studies are left out, as asked.',
  LEFT_OUT_ABSENT: 'A study that was to be left out would not have been in the pool.',
  UNPOOLABLE_EFFECTS: 'Effects that the filter selects are not in the pool; `unpoolable` says why.',
} as const
export type WarningCode = keyof typeof warningCodes

export interface SynthesisWarning {
  readonly code: WarningCode
  readonly message: string
}

const thereAre = (count: number) => (count === 1 ? 'There is one.' : `There are ${count}.`)

const warn = (applies: boolean, code: WarningCode, detail = ''): SynthesisWarning[] =>
  applies ? [{ code, message: detail === '' ? warningCodes[code] : `${warningCodes[code]} ${detail}` }] : []

/** Studies that a regression should have for each moderator. @see Cochrane Handbook for Systematic Reviews of Interventions 6.5, section 10.11.5.1 */
const enoughForModerator = 10

/** What the numbers of a pool themselves give reason to warn of. */
export function warningsOfPool(pool: PooledEntries): SynthesisWarning[] {
  const { entries, measure, pooled, question, unpoolable } = pool
  const regressed = thoseThatTell(entries, question.moderators)
  const { k, heterogeneity } = pooled
  const excludesNoEffect = ({ ciLower, ciUpper }: { readonly ciLower: number; readonly ciUpper: number }) => ciLower > 0 || ciUpper < 0
  const random = question.model === 'RANDOM_EFFECTS' && k > 1
  const by = (choice: Partial<typeof question>) => poolEntries(entries, measure, { ...question, ...choice })
  const wald = random && intervalOf(question) === 'HKSJ' ? by({ interval: 'WALD' }) : null
  const disagreeing = random ? Object.values(Tau2Estimator).filter((estimator) => excludesNoEffect(by({ estimator })) !== excludesNoEffect(pooled)) : []
  const peto =
    question.model === 'PETO'
      ? petoDomain(
          entries.flatMap(({ counts }) => counts ?? []),
          pooled.estimate,
        )
      : null
  const common = random ? by({ model: 'COMMON_EFFECT' }) : null
  const filled = k >= enoughForAsymmetry ? filledPool({ entries, measure, question }) : null
  const heaviest = pooled.weightsPercent.reduce((best, weight, index, all) => (weight > (all[best] ?? 0) ? index : best), 0)
  const [lower, upper] = [pooled.predictionLower, pooled.predictionUpper]
  // What is left out as asked has a warning of its own.
  const unable = unpoolable.filter(({ code }) => code !== 'LEFT_OUT').length
  return [
    ...warn(k === 1, 'SINGLE_STUDY'),
    ...warn(k >= 2 && k <= 4, 'FEW_STUDIES'),
    ...warn(wald !== null && pooled.standardError * reachOf(pooled) < wald.standardError * reachOf(wald), 'HKSJ_NARROWER_THAN_WALD'),
    ...warn(question.subgroupBy !== null && intervalOf(question) === 'HKSJ' && hasGroupWithoutError(pool), 'SUBGROUP_WITHOUT_ERROR'),
    ...warn(
      question.moderators.length > 0 && (2 * regressed.length < entries.length || regressed.length < enoughForModerator * question.moderators.length),
      'REGRESSION_OF_FEW',
      `They are ${regressed.length} of ${entries.length}.`,
    ),
    ...warn(
      peto !== null && !peto.isWithin,
      'PETO_OUTSIDE_DOMAIN',
      peto === null
        ? ''
        : `The larger arm is up to ${rounded(peto.largestArmRatio)} times the smaller, and the true odds ratio may be near ${peto.impliedOddsRatio === null ? 'none that can be told' : rounded(peto.impliedOddsRatio)}.`,
    ),
    ...warn(question.model === 'MANTEL_HAENSZEL_RANDOM' || (question.emptyCells === 'ADD_HALF' && poolsCounts(question.model)), 'FOR_REPRODUCTION'),
    ...warn(disagreeing.length > 0, 'ESTIMATORS_DISAGREE', `With ${disagreeing.join(', ')} it ${excludesNoEffect(pooled) ? 'does not' : 'does'}.`),
    ...warn(
      common !== null && (excludesNoEffect(common) !== excludesNoEffect(pooled) || Math.sign(common.estimate) !== Math.sign(pooled.estimate)),
      'MODELS_DISAGREE',
      common === null
        ? ''
        : `The common effect is ${rounded(shown(measure, common.estimate))} (${rounded(shown(measure, common.ciLower))} to ${rounded(shown(measure, common.ciUpper))}).`,
    ),
    ...warn(excludesNoEffect(pooled) && lower !== null && upper !== null && lower < 0 && upper > 0, 'PREDICTION_INCLUDES_NO_EFFECT'),
    ...warn(
      k > 2 && (pooled.weightsPercent[heaviest] ?? 0) > 50,
      'DOMINANT_STUDY',
      `${entries[heaviest]?.label} has ${rounded(pooled.weightsPercent[heaviest] ?? 0)} %.`,
    ),
    ...warn(heterogeneity !== null && heterogeneity.i2 > 75, 'HIGH_HETEROGENEITY'),
    ...warn(k >= 2 && k < enoughForAsymmetry, 'UNDERPOWERED_ASYMMETRY'),
    ...warn(k >= enoughForAsymmetry && (advisedTest({ entries, measure }).test?.pValue ?? 1) < 0.1, 'SMALL_STUDY_EFFECTS'),
    ...warn(
      filled !== null && excludesNoEffect(filled.pooled) !== excludesNoEffect(pooled),
      'TRIM_AND_FILL_CHANGES_CONCLUSION',
      filled === null ? '' : `It imputes ${counted(filled.imputed.length, 'study', 'studies')}.`,
    ),
    ...warn(question.dependence === 'INDEPENDENT' && studiesOf(entries) < entries.length, 'DEPENDENCE_IGNORED'),
    ...warn(unable > 0, 'UNPOOLABLE_EFFECTS', thereAre(unable)),
  ]
}

/** Whether subgroups are to be compared of which one has several effects, all the same. */
function hasGroupWithoutError({ grouped }: PooledEntries): boolean {
  const groups = [...groupBy(grouped, ({ group }) => group).entries()].flatMap(([group, entries]) => (group === null ? [] : [entries]))
  return groups.length > 1 && groups.some((entries) => entries.length > 1 && entries.every(({ estimate }) => estimate === entries[0]?.estimate))
}

const reachOf = ({ ciUpper, estimate, standardError }: { readonly ciUpper: number; readonly estimate: number; readonly standardError: number }) =>
  standardError === 0 ? 0 : (ciUpper - estimate) / standardError

const rounded = (value: number) => Number(value.toPrecision(3))

/** What the choice of effects gives reason to warn of. */
export function warningsOfSelection({ candidates, chosen, entries, leftOut, measure, measuresMixed, question, unpoolable }: Synthesis): SynthesisWarning[] {
  const values = (valueOf: (candidate: Candidate) => string) => new Set(chosen.map(({ candidate }) => valueOf(candidate)))
  const among = <Value extends string>(found: ReadonlySet<string>, wanted: readonly Value[]) => wanted.filter((value) => found.has(value)).length
  const some = (holds: (effect: Chosen) => boolean) => chosen.filter(holds).length
  const assumes = (text: string) => some(({ assumptions }) => assumptions.some((assumption) => assumption.includes(text)))
  const converted = some(({ conversion }) => conversion !== null)
  const mixed = (valueOf: (candidate: Candidate) => string | null, code: WarningCode) => {
    const found = values((candidate) => valueOf(candidate) ?? 'none')
    return warn(found.size > 1, code, `They are ${[...found].sort().slice(0, 8).join(', ')}${found.size > 8 ? ' …' : ''}.`)
  }
  const absent = (question.without ?? []).filter((study) => !leftOut.some((entry) => entry.study === study))
  const notConvertible = unpoolable.filter(({ code }) => code === 'NOT_CONVERTIBLE').length
  const noEvents = unpoolable.filter(({ code }) => code === 'NO_EVENTS').length
  const merged = entries.filter(({ notes }) => notes.some((note) => note.includes('assumed between them'))).length
  const combined = new Set(chosen.flatMap(({ candidate }) => candidate.combinedWith))
  const bySlug = new Map(chosen.map(({ candidate }) => [candidate.slug, candidate]))
  const joinedByLabel = entries.flatMap(({ evidence, label }) => {
    const labels = new Set(evidence.flatMap((slug) => (bySlug.get(slug)?.timepointDays === null ? (bySlug.get(slug)?.timepointLabel ?? []) : [])))
    return labels.size > 1 ? [label] : []
  })
  return [
    ...warn(converted > 0, 'MEASURES_CONVERTED', `They are ${converted} of ${chosen.length}.`),
    ...warn(measuresMixed && notConvertible > 0, 'MEASURES_LEFT_OUT', thereAre(notConvertible)),
    ...mixed(({ evidenceClass }) => evidenceClass, 'MIXED_DESIGNS'),
    ...mixed(({ comparison }) => (comparison.startsWith('EXPOSURE') ? comparison : 'EXPOSURE'), 'MIXED_EXPOSURES'),
    ...warn(some(({ conversion }) => conversion?.endsWith(', as asked') === true) > 0, 'MIXED_MEASURES'),
    ...warn(combined.size > 0, 'CONFOUNDED_CONTRAST', `They are ${[...combined].sort().join(', ')}.`),
    ...warn(
      some(({ unitConversion }) => unitConversion !== null) > 0,
      'UNITS_CONVERTED',
      `They are ${some(({ unitConversion }) => unitConversion !== null)} of ${chosen.length}.`,
    ),
    ...mixed(({ outcome }) => outcome, 'MIXED_OUTCOMES'),
    ...mixed(({ condition }) => condition, 'MIXED_CONDITIONS'),
    ...mixed(({ comparison, comparatorRole }) => (comparison === 'INACTIVE' ? comparatorRole : comparison), 'MIXED_COMPARATORS'),
    ...warn(
      among(
        values(({ adjusted }) => String(adjusted)),
        ['true', 'false'],
      ) > 1,
      'MIXED_ADJUSTMENT',
    ),
    ...warn(
      measure === 'MD' &&
        among(
          values(({ valueKind }) => valueKind),
          ['FINAL', 'CHANGE'],
        ) > 1,
      'MIXED_KINDS_OF_VALUE',
    ),
    ...warn(some(({ turned, candidate }) => turned !== candidate.contrastedHasLess) > 0, 'DIRECTION_ALIGNED'),
    ...warn(
      merged > 0 && question.model !== 'THREE_LEVEL',
      'CORRELATION_ASSUMED',
      `The correlation is ${assumedCorrelation}, in ${counted(merged, 'study', 'studies')}.`,
    ),
    ...warn(assumes('as if individuals had been randomised') > 0, 'CLUSTER_AS_INDIVIDUAL'),
    ...warn(assumes('design effect') > 0, 'CLUSTER_ADJUSTED'),
    ...warn(assumes('the values look skewed') > 0, 'SKEWED'),
    ...warn(joinedByLabel.length > 0, 'TIMEPOINTS_BY_LABEL', `They are of ${joinedByLabel.join(', ')}.`),
    ...warn(some(({ candidate }) => candidate.concern) > 0, 'CONCERN_INCLUDED'),
    ...warn(assumes('as if the periods were parallel') > 0, 'CROSSOVER_AS_PARALLEL'),
    ...warn(assumes('is assumed') > 0, 'CROSSOVER_CORRELATION_ASSUMED'),
    ...warn(some(({ origin }) => origin === 'FROM_MEDIAN') > 0, 'FROM_MEDIANS'),
    ...warn(assumes('0.5 was added') > 0, 'ZERO_CELLS_CORRECTED', thereAre(assumes('0.5 was added'))),
    ...warn(noEvents > 0, measure === 'RD' ? 'RD_NO_EVENTS_LEFT_OUT' : 'NO_EVENTS_LEFT_OUT', thereAre(noEvents)),
    ...warn(
      some(({ candidate }) => candidate.countedAs !== undefined) > 0,
      'COUNTED_OTHERWISE',
      thereAre(some(({ candidate }) => candidate.countedAs !== undefined)),
    ),
    ...warn(some(({ candidate }) => candidate.coherence === 'FAIL') > 0, 'INCOHERENT_NUMBERS'),
    ...warn(some(({ candidate }) => candidate.retracted) > 0, 'RETRACTED_INCLUDED'),
    ...warn(candidates.length > 0 && some(({ candidate }) => candidate.subjects === 'HUMAN') === 0, 'NOT_HUMAN'),
    ...warn(leftOut.length > 0, 'LEFT_OUT', `Without them: ${[...new Set(leftOut.map(({ label }) => label))].join(', ')}.`),
    ...warn(absent.length > 0, 'LEFT_OUT_ABSENT', `Not in the pool anyway: ${absent.join(', ')}.`),
  ]
}
