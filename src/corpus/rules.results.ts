import type { OutcomeEntry, ReportedEffectEntry, ResultEntry, StudyEntry } from './format.js'
import { checkArmNumbers } from './rules.arms.js'
import { slugs, type Check } from './rules.check.js'
import { checkEffect } from './rules.effects.js'

/** What the rules look at of an outcome. */
type JudgedOutcome = Pick<OutcomeEntry, 'slug' | 'type'> & Partial<Pick<OutcomeEntry, 'unitNamesSubstance'>>

/** The rules of one result: its arms, what it counts, and the numbers of each report of it. */
export function checkResult(check: Check, field: string, study: StudyEntry, result: ResultEntry, outcome: JudgedOutcome | undefined): void {
  check.mustKnow('outcome', `${field}.outcome`, [result.outcome])
  check.mustKnow('condition', `${field}.condition`, [result.condition])
  check.mustKnow('instrument', `${field}.instrument`, [result.instrument])
  check.mustKnow('form', `${field}.form`, [result.form])
  check.expect(
    study.populations.some(({ slug }) => slug === result.population),
    `${field}.population`,
    result.population,
    "must be one of this file's populations",
  )
  checkContrast(check, field, study, result)
  check.expect(
    outcome?.unitNamesSubstance !== true || result.unit === undefined || /\{[^}]+\}/.test(result.unit),
    `${field}.unit`,
    result.unit,
    `must name the substance that ${outcome?.slug} counts here, such as mg{morphine}: milligrams of two substances are no one amount`,
  )
  for (const [at, report] of [result, ...result.alternatives].entries()) {
    const reportField = at === 0 ? field : `${field}.alternatives[${at - 1}]`
    const arms = slugs(study.arms)
    report.armResults.forEach((entry, index) => {
      check.expect(arms.has(entry.arm), `${reportField}.armResults[${index}].arm`, entry.arm, "must be one of this file's arms")
      checkArmNumbers(check, `${reportField}.armResults[${index}]`, entry, result.valueKind)
    })
    check.mustBeUnique(
      `${reportField}.armResults.arm`,
      report.armResults.map(({ arm }) => arm),
    )
    report.reported.forEach((effect, index) => checkEffect(check, `${reportField}.reported[${index}]`, effect))
    if (outcome !== undefined) checkKind(check, reportField, result.valueKind, report, outcome)
    if (result.unitOfAnalysis === 'PARTICIPANTS') checkParticipants(check, reportField, study, report, at > 0)
  }
  checkCategories(check, field, result)
  const arms = slugs(study.arms)
  result.overArms?.arms.forEach((arm, index) => check.expect(arms.has(arm), `${field}.overArms.arms[${index}]`, arm, "must be one of this file's arms"))
  check.mustBeUnique(`${field}.overArms.arms`, result.overArms?.arms ?? [])
  check.mustBeUnique(`${field}.furtherSources`, [result.source, ...result.furtherSources])
  check.expect(
    result.responsePercent === undefined || result.valueKind === 'EVENT',
    `${field}.responsePercent`,
    result.responsePercent,
    'a threshold of response is of an EVENT',
  )
  check.expect(
    hasNumber(result) || result.absentReason !== undefined,
    `${field}.absentReason`,
    undefined,
    'a result without a number must say why: two means with their spread, counts with n, percentages, medians or an estimate are numbers',
  )
  check.expect(
    result.adjusted !== false || result.covariates.length === 0,
    `${field}.adjusted`,
    result.adjusted,
    'a crude result has no covariates: leave them out, or say that it is adjusted',
  )
}

/** Categories of an exposure, one of them the reference; each with people, or time, not below its cases. */
function checkCategories(check: Check, field: string, { exposure, exposureCategories }: ResultEntry): void {
  if (exposureCategories.length === 0) return
  check.expect(exposure !== undefined, `${field}.exposureCategories`, exposureCategories.length, 'needs an exposure')
  check.expect(
    exposureCategories.filter(({ reference }) => reference).length === 1,
    `${field}.exposureCategories`,
    exposureCategories.map(({ label }) => label),
    'one category must be the reference',
  )
  check.mustBeUnique(
    `${field}.exposureCategories.label`,
    exposureCategories.map(({ label }) => label),
  )
  exposureCategories.forEach(({ cases, n, dose, doseUnit }, index) => {
    const at = `${field}.exposureCategories[${index}]`
    check.expect((cases ?? 0) <= (n ?? Infinity), `${at}.cases`, cases, `must not exceed n ${n}`)
    check.expect(dose === undefined || doseUnit !== undefined, `${at}.doseUnit`, undefined, 'a dose needs its unit')
  })
}

type Reported = Pick<ResultEntry, 'armResults' | 'reported'>
type Role = StudyEntry['arms'][number]['role']

function checkContrast(check: Check, field: string, study: StudyEntry, { intervention, comparator, exposure, form }: ResultEntry): void {
  const roles = new Map<string, Role>(study.arms.map(({ slug, role }) => [slug, role]))
  for (const [side, arm] of Object.entries({ intervention, comparator }))
    check.expect(arm === undefined || roles.has(arm), `${field}.${side}`, arm, "must be one of this file's arms")
  check.expect(intervention === undefined || intervention !== comparator, `${field}.comparator`, comparator, 'the arms of a contrast must differ')
  check.expect(
    intervention !== undefined || exposure !== undefined || form !== undefined,
    `${field}.intervention`,
    undefined,
    'a result needs an intervention arm, an exposure or a form',
  )
  const role = roles.get(intervention ?? '')
  check.expect(
    role === undefined || role === 'MAGNESIUM' || role === 'MAGNESIUM_LOWER_DOSE',
    `${field}.intervention`,
    intervention,
    `must be the arm with magnesium, not one of role ${role}: exchange intervention and comparator, or an effect would be told the wrong way round`,
  )
  check.expect(
    !(role === 'MAGNESIUM_LOWER_DOSE' && roles.get(comparator ?? '') === 'MAGNESIUM'),
    `${field}.intervention`,
    intervention,
    'must be the arm with the higher dose of the two: exchange intervention and comparator',
  )
}

/** Of the measures of a difference between means; the others compare how many, or how soon. */
const ofMeans: readonly ReportedEffectEntry['measure'][] = ['MD', 'SMD', 'ROM', 'BETA', 'COR']

/** Means are of quantities, counts of events: kind of value, numbers, measure and type of the outcome must be of one kind. */
function checkKind(check: Check, field: string, valueKind: ResultEntry['valueKind'], { armResults, reported }: Reported, { slug, type }: JudgedOutcome): void {
  const isEvent = valueKind === 'EVENT'
  const isValue = valueKind === 'FINAL' || valueKind === 'CHANGE' || valueKind === 'PERCENT_CHANGE'
  check.expect(
    !(isEvent && type === 'CONTINUOUS'),
    `${field}.valueKind`,
    valueKind,
    `${slug} is a quantity and does not happen: give it as FINAL or CHANGE, or take an outcome that is an event`,
  )
  check.expect(
    !(isValue && (type === 'BINARY' || type === 'TIME_TO_EVENT')),
    `${field}.valueKind`,
    valueKind,
    `${slug} is an event: give it as EVENT, or take an outcome that is a quantity`,
  )
  armResults.forEach((entry, index) => {
    const at = `${field}.armResults[${index}]`
    const mean = entry.mean ?? entry.median
    check.expect(
      !(isEvent && mean !== undefined),
      `${at}.${entry.mean === undefined ? 'median' : 'mean'}`,
      mean,
      'an EVENT is counted: means and medians need FINAL or CHANGE',
    )
    check.expect(!(isValue && entry.events !== undefined), `${at}.events`, entry.events, 'people who had something are an EVENT')
    check.expect(
      !(isValue && valueKind !== 'PERCENT_CHANGE' && entry.percent !== undefined),
      `${at}.percent`,
      entry.percent,
      'percent is a share of people (EVENT) or a change in percent (PERCENT_CHANGE): a quantity that is measured in % is a mean or a median',
    )
  })
  reported.forEach(({ measure }, index) => {
    const at = `${field}.reported[${index}].measure`
    check.expect(!(isEvent && ofMeans.includes(measure)), at, measure, 'an EVENT is compared by OR, RR, RD, HR or IRR')
    check.expect(
      ofMeans.includes(measure) || type !== 'CONTINUOUS',
      at,
      measure,
      `${slug} is a quantity: its effects are MD, SMD, ROM, BETA or COR; a ratio needs an outcome that is an event, a time to one, a count or a grade`,
    )
  })
}

/**
 * Nobody is analysed who was not randomised, unless a note to the arm says why the source counts more. An alternative count may contradict the
 * file; the main one must not.
 */
function checkParticipants(check: Check, field: string, study: StudyEntry, { armResults }: Reported, isAlternative: boolean): void {
  const judge = (holds: boolean, at: string, value: number, rule: string) =>
    isAlternative ? check.advise(holds, 'an alternative count of more people than were randomised', at, value, rule) : check.expect(holds, at, value, rule)
  const hint = 'if it counts children, eyes or attacks, say so in unitOfAnalysis; if the source counts so, say so in a note to the arm'
  const crossover = study.design === 'RCT_CROSSOVER'
  const total = study.participantsRandomized ?? Infinity
  const largestOf = (arm: string) => Math.min(total, crossover ? Infinity : (study.arms.find(({ slug }) => slug === arm)?.randomized ?? Infinity))
  let isWithin = true
  armResults.forEach(({ arm, n, note }, index) => {
    if (n === undefined || n <= largestOf(arm)) return
    isWithin = false
    judge(note !== undefined, `${field}.armResults[${index}].n`, n, `must not exceed the ${largestOf(arm)} randomised to ${arm}: ${hint}`)
  })
  const sum = armResults.reduce((people, { n }) => people + (n ?? 0), 0)
  const isExplained = armResults.some(({ note }) => note !== undefined)
  if (isWithin && !crossover && sum > total) judge(isExplained, `${field}.armResults.n`, sum, `the arms add up to more than the ${total} randomised: ${hint}`)
}

/** Whether a result carries a number that says something of what is compared. */
function hasNumber({ reported, armResults }: Reported): boolean {
  const means = armResults.filter(({ mean, sd, se, ciLower }) => mean !== undefined && (sd ?? se ?? ciLower) !== undefined)
  return (
    reported.some(({ estimate }) => estimate !== undefined) ||
    means.length > 1 ||
    armResults.some(
      ({ n, mean, events, percent, median }) =>
        (n !== undefined && (mean !== undefined || events !== undefined)) || percent !== undefined || median !== undefined,
    )
  )
}
