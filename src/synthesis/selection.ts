import type { EffectMeasure } from '../generated/prisma/enums.js'
import { inferredPeople } from '../evidence/armEffects.js'
import { groupBy } from '../grouping.js'
import { inOrder, type Candidate } from './candidate.js'
import { isOfFamily, measureOf } from './measure.js'
import { numberOf, type Chosen, type UnpoolableEffect, type UnpoolableReason } from './number.js'
import { defaultPart } from './parts.js'
import type { SynthesisQuestion, TimepointRule } from './question.js'

export interface Selection {
  readonly measure: EffectMeasure
  /** Of mean differences, the unit that they are pooled in; null of other measures. */
  readonly unit: string | null
  readonly chosen: readonly Chosen[]
  /** What would have been chosen of the studies that the question leaves out. */
  readonly leftOut: readonly Chosen[]
  readonly unpoolable: readonly UnpoolableEffect[]
  /** The measure was not asked for but settled on, because several were there. */
  readonly measuresMixed: boolean
}

/**
 * Which of the candidates enter a pool, with which number, and why the others do not: every candidate is in one list or the other.
 *
 * Other subjects and other questions go first. Of the part that is left, each step leaves out what cannot stand beside the rest: no usable number,
 * another unit, a part of a sample that is there whole, a second result of the same people for the same question.
 *
 * @throws {PublicError} BAD_USER_INPUT where measures or units do not go together
 */
export function selectEffects(candidates: readonly Candidate[], question: SynthesisQuestion): Selection {
  const left: UnpoolableEffect[] = []
  const leave = (code: UnpoolableReason, reason: (chosen: Chosen) => string) => (chosen: Chosen) =>
    void left.push({ evidence: chosen.candidate.slug, code, reason: reason(chosen) })
  const { kept, others } = ofTheSameSubjects(inOrder(candidates))
  for (const candidate of others)
    left.push({ evidence: candidate.slug, code: 'OTHER_SUBJECTS', reason: `${candidate.subjects} evidence is never pooled with that of people` })
  const { part, left: otherQuestions } = defaultPart(kept, question.across)
  for (const { candidate, code, reason } of otherQuestions) left.push({ evidence: candidate.slug, code, reason })
  const { measure, unit, mixed } = measureOf(part, question.measure, question.across)
  let chosen: Chosen[] = []
  for (const candidate of part) {
    if (question.measure === null && !question.across.includes('MEASURES') && !isOfFamily(candidate, measure)) {
      left.push({ evidence: candidate.slug, code: 'OTHER_MEASURE', reason: `most studies have ${measure}, and this effect has no number of that kind` })
      continue
    }
    const found = numberOf(candidate, { measure, unit, anyRelativeRisk: question.across.includes('MEASURES'), byCounts: question.model === 'MANTEL_HAENSZEL' })
    if ('code' in found) left.push({ evidence: candidate.slug, ...found })
    else if (question.inferredNumbers !== true && found.assumptions.some((assumption) => assumption.startsWith(inferredPeople)))
      left.push({
        evidence: candidate.slug,
        code: 'N_INFERRED',
        reason: `${found.assumptions.find((assumption) => assumption.startsWith(inferredPeople))}; it enters where inferredNumbers asks for it`,
      })
    else chosen.push(found)
  }
  const sift = (step: (effects: readonly Chosen[]) => ReadonlySet<Chosen>, out: (effect: Chosen) => void) => {
    const stay = step(chosen)
    if (stay.size === chosen.length) return
    for (const effect of chosen) if (!stay.has(effect)) out(effect)
    chosen = chosen.filter((effect) => stay.has(effect))
  }
  /** A study's effects can only stand in each other's way, and most studies have one. */
  const withinStudies =
    (step: (effects: readonly Chosen[]) => ReadonlySet<Chosen>) =>
    (effects: readonly Chosen[]): ReadonlySet<Chosen> => {
      const stay = new Set<Chosen>()
      for (const ofStudy of groupBy(effects, ({ candidate }) => candidate.study).values())
        for (const effect of ofStudy.length === 1 ? ofStudy : step(ofStudy)) stay.add(effect)
      return stay
    }
  sift(
    ofOneExposure,
    leave('OTHER_EXPOSURE', () => 'the others contrast another exposure: an effect per unit of one and a contrast of groups have no common scale'),
  )
  if (measure === 'SMD')
    sift(
      ofOneKindOfValue,
      leave('OTHER_KIND_OF_VALUE', () => 'final values and changes are standardised by different deviations, and most of the others are of the other kind'),
    )
  sift(
    withinStudies(wholeSamples),
    leave('PART_OF_SAMPLE', () => 'the same comparison is there in the whole sample'),
  )
  sift(
    withinStudies(oneComparator),
    leave(
      'OTHER_COMPARISON',
      ({ candidate }) => `the same arm is compared with another one in this pool, and this comparator (${candidate.comparator}) left out`,
    ),
  )
  sift(
    withinStudies(outermostCategories),
    leave('OTHER_CATEGORY', () => 'of several groups with one reference the one farthest from it was taken'),
  )
  // A time point that was asked for comes before the primary result, which has its own.
  const primaryResult = () =>
    sift(
      withinStudies(primaryResults(question.timepoint)),
      leave('OTHER_ANALYSIS', () => 'the study’s primary result was taken instead of this one'),
    )
  const isTimeAsked = question.timepoint === 'LONGEST' || question.timepoint === 'SHORTEST'
  if (!isTimeAsked) primaryResult()
  if (question.timepoint !== 'ALL')
    sift(
      withinStudies(atOneTimepoint(question.timepoint)),
      leave('OTHER_TIMEPOINT', () => `another time point of the same comparison was taken (${question.timepoint})`),
    )
  if (isTimeAsked) primaryResult()
  sift(
    withinStudies(oneKindOfValue),
    leave('OTHER_KIND_OF_VALUE', () => 'the change of the same people was taken, and a mean of change and final value is neither'),
  )
  sift(
    withinStudies(bestAnalyses),
    leave('OTHER_ANALYSIS', ({ candidate }) => `another analysis of the same people was taken instead of this one (${describe(candidate)})`),
  )
  sift(
    withinStudies(oneThreshold),
    leave('OTHER_ANALYSIS', ({ candidate }) => `another definition of the event was taken instead of this one (${candidate.name})`),
  )
  sift(
    oneOfEachCohort,
    leave('SAME_PEOPLE', ({ candidate }) => `another study of the same people is in this pool, with more of them (${(candidate.cohorts ?? []).join(', ')})`),
  )
  const { aligned, opposed } = inOneDirection(chosen, measure)
  opposed.forEach(leave('OPPOSITE_DIRECTION', () => 'a higher value is good here and bad in most of the others, and this measure cannot be turned round'))
  // Last of all: the others are chosen and measured as if these were there, so that nothing but them changes.
  const without = new Set(question.without)
  const isLeftOut = ({ candidate }: Chosen) => without.has(candidate.study)
  const leftOut = aligned.filter(isLeftOut)
  leftOut.forEach(leave('LEFT_OUT', () => 'the study is left out, as asked'))
  return { measure, unit, chosen: aligned.filter((effect) => !isLeftOut(effect)), leftOut, unpoolable: left, measuresMixed: mixed }
}

/** People where there are any; else animals, else what happened in vitro. */
function ofTheSameSubjects(candidates: readonly Candidate[]): { kept: Candidate[]; others: Candidate[] } {
  const subjects = (['HUMAN', 'ANIMAL', 'IN_VITRO'] as const).find((kind) => candidates.some((candidate) => candidate.subjects === kind))
  return { kept: candidates.filter((candidate) => candidate.subjects === subjects), others: candidates.filter((candidate) => candidate.subjects !== subjects) }
}

/** Effects per unit of one exposure, or contrasts of groups, whichever more studies have. */
function ofOneExposure(effects: readonly Chosen[]): ReadonlySet<Chosen> {
  return largest(groupBy(effects, ({ candidate }) => candidate.perUnitOf ?? ''))
}

/** Final values, or changes; an event or an association has no deviation of its own and stands with either. */
function ofOneKindOfValue(effects: readonly Chosen[]): ReadonlySet<Chosen> {
  const isMeasured = ({ candidate }: Chosen) => candidate.valueKind !== 'EVENT' && candidate.valueKind !== 'ASSOCIATION'
  const stay = largest(groupBy(effects.filter(isMeasured), ({ candidate }) => candidate.valueKind))
  return new Set(effects.filter((effect) => !isMeasured(effect) || stay.has(effect)))
}

const studiesOf = (effects: readonly Chosen[]) => new Set(effects.map(({ candidate }) => candidate.study)).size

/** Of studies whose people are of one cohort, the one with the most of them; the latest of equals. */
function oneOfEachCohort(effects: readonly Chosen[]): ReadonlySet<Chosen> {
  // Few studies are of a cohort that several report.
  if (effects.every(({ candidate: { cohorts = [] } }) => cohorts.length === 0)) return new Set(effects)
  const ofStudies = groupBy(effects, ({ candidate }) => candidate.study)
  const size = (own: readonly Chosen[]) => Math.max(...own.map(({ candidate }) => candidate.participants ?? 0))
  const year = (own: readonly Chosen[]) => own[0]?.candidate.year ?? 0
  const taken = new Set<string>()
  const stay = new Set<Chosen>()
  for (const own of [...ofStudies.values()].sort((a, b) => size(b) - size(a) || year(b) - year(a))) {
    const cohorts = own[0]?.candidate.cohorts ?? []
    if (cohorts.some((cohort) => taken.has(cohort))) continue
    for (const cohort of cohorts) taken.add(cohort)
    for (const effect of own) stay.add(effect)
  }
  return stay
}

/** The group with the most studies; of equals the first. */
function largest(groups: ReadonlyMap<string, readonly Chosen[]>): ReadonlySet<Chosen> {
  let best: readonly Chosen[] = []
  for (const group of groups.values()) if (studiesOf(group) > studiesOf(best)) best = group
  return new Set(best)
}

const comparisonOf = ({ candidate: { study, intervention, comparator, outcome, instrument } }: Chosen) =>
  [study, intervention, comparator, outcome, instrument].join(' ')

/** Subgroups go where the whole sample is there for the same comparison. */
function wholeSamples(effects: readonly Chosen[]): ReadonlySet<Chosen> {
  const kept = [...groupBy(effects, comparisonOf).values()].flatMap((group) => {
    const whole = group.filter(({ candidate }) => candidate.wholeSample)
    return whole.length > 0 ? whole : group
  })
  return new Set(kept)
}

const rolesFirst = ['PLACEBO', 'NO_TREATMENT', 'USUAL_CARE', 'MAGNESIUM_LOWER_DOSE', 'MAGNESIUM', 'ACTIVE_CONTROL'] as const

/** One comparator of each arm: a placebo before no treatment before usual care; of equals the one with the most people. */
function oneComparator(effects: readonly Chosen[]): ReadonlySet<Chosen> {
  const sameArm = ({ candidate: { intervention, comparator, outcome, population } }: Chosen) =>
    comparator === null ? `${intervention} without` : [intervention, outcome, population].join(' ')
  return new Set(
    [...groupBy(effects, sameArm).values()].flatMap((group) => {
      const comparators = [...groupBy(group, ({ candidate }) => candidate.comparator).values()]
      if (comparators.length < 2) return group
      const rank = (some: readonly Chosen[]) =>
        Math.min(...some.map(({ candidate }) => (candidate.comparatorRole === null ? 99 : rolesFirst.indexOf(candidate.comparatorRole))))
      const people = (some: readonly Chosen[]) => Math.max(...some.map(({ candidate }) => candidate.participants ?? 0))
      return comparators.sort((a, b) => rank(a) - rank(b) || people(b) - people(a))[0] ?? []
    }),
  )
}

/**
 * Of several observed groups against one reference the farthest: an average of them is the effect of no contrast. All of them enter a dose–response.
 */
function outermostCategories(effects: readonly Chosen[]): ReadonlySet<Chosen> {
  const sameReference = ({ candidate: { category, slug, population, outcome, instrument, timepointDays } }: Chosen) =>
    category === null ? slug : [category.reference, population, outcome, instrument, timepointDays].join(' ')
  return new Set([...groupBy(effects, sameReference).values()].flatMap((group) => smallestBy(group, ({ candidate }) => -(candidate.category?.rank ?? 0))))
}

/** The primary results where a study names one for the same people and the same arms; at each time where all times are asked for. */
function primaryResults(timepoint: TimepointRule): (effects: readonly Chosen[]) => ReadonlySet<Chosen> {
  const samePeople = ({ candidate: { intervention, comparator, outcome, population, timepointDays, timepointLabel } }: Chosen) =>
    [intervention, comparator, outcome, population, ...(timepoint === 'ALL' ? [timepointDays, timepointLabel] : [])].join(' ')
  return (effects) =>
    new Set([...groupBy(effects, samePeople).values()].flatMap((group) => smallestBy(group, ({ candidate }) => (candidate.isPrimary ? 0 : 1))))
}

const kindsFirst = ['CHANGE', 'FINAL', 'PERCENT_CHANGE'] as const
const analysisSets = ['ITT', 'MITT', 'UNKNOWN', 'PER_PROTOCOL', 'COMPLETERS'] as const
const isRandomised = ({ design }: Candidate) => design.startsWith('RCT_')

const atSameTime = (effect: Chosen) => {
  const { population, timepointDays, timepointLabel, endOfTreatment } = effect.candidate
  return [comparisonOf(effect), population, timepointDays, timepointDays === null ? timepointLabel : '', endOfTreatment].join(' ')
}

/** The change rather than the final value of the same people at the same time. */
function oneKindOfValue(effects: readonly Chosen[]): ReadonlySet<Chosen> {
  const rank = ({ candidate: { valueKind } }: Chosen) => kindsFirst.indexOf(valueKind as (typeof kindsFirst)[number]) // −1 for events and associations
  return new Set([...groupBy(effects, atSameTime).values()].flatMap((group) => smallestBy(group, rank)))
}

/**
 * Of several analyses of the same people at the same time: the one nearest to all as randomised; adjusted where people were not randomised, and where
 * they were the one that the report leads with: the crude one, unless it is the primary result that is adjusted.
 */
function bestAnalyses(effects: readonly Chosen[]): ReadonlySet<Chosen> {
  const rank = ({ candidate }: Chosen) => (candidate.adjusted === isRandomised(candidate) ? 10 : 0) + analysisSets.indexOf(candidate.analysisSet)
  return new Set([...groupBy(effects, atSameTime).values()].flatMap((group) => smallestBy(group, rank)))
}

const usualThreshold = 50

/** Of several definitions of one event in the same people the usual one: a change by half, else the one that most people were counted for, else the first. */
function oneThreshold(effects: readonly Chosen[]): ReadonlySet<Chosen> {
  return new Set(
    [...groupBy(effects, atSameTime).values()].flatMap((group) => {
      if (group.length < 2 || group.some(({ candidate }) => candidate.valueKind !== 'EVENT') || new Set(group.map(({ candidate }) => candidate.name)).size < 2)
        return group
      const distance = ({ candidate: { name, responsePercent } }: Chosen) =>
        responsePercent != null
          ? Math.abs(responsePercent - usualThreshold)
          : Math.min(...[...name.matchAll(/(\d+(?:\.\d+)?)\s*%/g)].map(([, percent]) => Math.abs(Number(percent) - usualThreshold)), 1e6)
      const people = ({ candidate }: Chosen) => -(candidate.participants ?? 0)
      return smallestBy(smallestBy(group, distance), people).slice(0, 1)
    }),
  )
}

const describe = ({ adjusted, analysisSet }: Candidate) =>
  `${adjusted === null ? 'adjusted or crude is not known' : adjusted ? 'adjusted' : 'crude'}, ${analysisSet}`

/** One time point of each comparison in each population. */
function atOneTimepoint(rule: Exclude<TimepointRule, 'ALL'>): (effects: readonly Chosen[]) => ReadonlySet<Chosen> {
  const day = ({ candidate }: Chosen) => candidate.timepointDays
  const rank: Readonly<Record<typeof rule, (effect: Chosen) => number>> = {
    LONGEST: (effect) => -(day(effect) ?? -Infinity),
    SHORTEST: (effect) => day(effect) ?? Infinity,
    // Where no time point is marked as the end of treatment, the nearest to its length; where that is not known either, the last. A single dose ends
    // as it begins: what it does is taken within the day, as late as that.
    END_OF_TREATMENT: (effect) => {
      const { endOfTreatment, durationDays, timepointDays } = effect.candidate
      const isSingleDose = durationDays !== null && durationDays < 1
      if (endOfTreatment === true && !isSingleDose) return -Infinity
      if (timepointDays === null) return Number.MAX_VALUE
      if (isSingleDose) return timepointDays <= 1 ? -timepointDays : timepointDays
      return durationDays === null ? -timepointDays : Math.abs(timepointDays - durationDays)
    },
  }
  const sameComparison = (effect: Chosen) => `${comparisonOf(effect)} ${effect.candidate.population}`
  return (effects) => new Set([...groupBy(effects, sameComparison).values()].flatMap((group) => smallestBy(group, rank[rule])))
}

/** All that share the smallest rank; a tie of numbers of one time is left to the rule of dependence. */
function smallestBy(group: readonly Chosen[], rank: (effect: Chosen) => number): Chosen[] {
  const best = Math.min(...group.map(rank))
  return group.filter((effect) => rank(effect) === best)
}

/**
 * Scales on which higher is better and scales on which lower is better cannot be pooled as they stand. Standardised differences and odds ratios of
 * the rarer direction are turned round, which for them is exact; other measures of it cannot be.
 *
 * @see Higgins et al. (2019), Cochrane Handbook for Systematic Reviews of Interventions, 6.5.1.2, on the direction of scales
 */
function inOneDirection(effects: readonly Chosen[], measure: EffectMeasure): { aligned: Chosen[]; opposed: Chosen[] } {
  const better = effects.filter(({ candidate }) => candidate.higherIsBetter === true)
  const worse = effects.filter(({ candidate }) => candidate.higherIsBetter === false)
  if (better.length === 0 || worse.length === 0) return { aligned: [...effects], opposed: [] }
  const rarer = new Set(studiesOf(better) > studiesOf(worse) ? worse : better)
  if (measure !== 'SMD' && measure !== 'OR') return { aligned: effects.filter((effect) => !rarer.has(effect)), opposed: [...rarer] }
  return { aligned: effects.map((effect) => (rarer.has(effect) ? { ...effect, estimate: -effect.estimate, turned: !effect.turned } : effect)), opposed: [] }
}
