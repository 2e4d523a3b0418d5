import type { EffectMeasure } from '../generated/prisma/enums.js'
import { groupBy } from '../grouping.js'
import { inOrder, type Candidate } from './candidate.js'
import { measureOf } from './measure.js'
import { numberOf, type Chosen, type UnpoolableEffect, type UnpoolableReason } from './number.js'
import type { SynthesisQuestion, TimepointRule } from './question.js'

export interface Selection {
  readonly measure: EffectMeasure
  readonly chosen: readonly Chosen[]
  readonly unpoolable: readonly UnpoolableEffect[]
  /** The measure was not asked for but settled on, because several were there. */
  readonly measuresMixed: boolean
}

/**
 * Which of the candidates enter a pool, with which number, and why the others do not: every candidate is in one list or the other.
 *
 * Each step leaves out what cannot stand beside the rest: other subjects, no usable number, a part of a sample that is there whole, a second
 * analysis of the same people, another time point, another kind of value.
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
  const { measure, mixed } = measureOf(kept, question.measure)
  let chosen: Chosen[] = []
  for (const candidate of kept) {
    const found = numberOf(candidate, measure)
    if ('code' in found) left.push({ evidence: candidate.slug, ...found })
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
    withinStudies(bestAnalyses),
    leave('OTHER_ANALYSIS', ({ candidate }) => `another analysis of the same people was taken instead of this one (${describe(candidate)})`),
  )
  if (question.timepoint !== 'ALL')
    sift(
      withinStudies(atOneTimepoint(question.timepoint)),
      leave('OTHER_TIMEPOINT', () => `another time point of the same comparison was taken (${question.timepoint})`),
    )
  const { aligned, opposed } = inOneDirection(chosen, measure)
  opposed.forEach(leave('OPPOSITE_DIRECTION', () => 'a higher value is good here and bad in most of the others, and this measure cannot be turned round'))
  return { measure, chosen: aligned, unpoolable: left, measuresMixed: mixed }
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

const analysisSets = ['ITT', 'MITT', 'UNKNOWN', 'PER_PROTOCOL', 'COMPLETERS'] as const
const isRandomised = ({ design }: Candidate) => design.startsWith('RCT_')

/** Of several analyses of the same people at the same time: crude where they were randomised and adjusted where not, the one nearest to all as randomised. */
function bestAnalyses(effects: readonly Chosen[]): ReadonlySet<Chosen> {
  const rank = ({ candidate }: Chosen) => (candidate.adjusted === isRandomised(candidate) ? 10 : 0) + analysisSets.indexOf(candidate.analysisSet)
  const sameTime = (effect: Chosen) =>
    `${comparisonOf(effect)} ${effect.candidate.population} ${effect.candidate.timepointDays} ${effect.candidate.endOfTreatment}`
  return new Set([...groupBy(effects, sameTime).values()].flatMap((group) => smallestBy(group, rank)))
}

const describe = ({ adjusted, analysisSet }: Candidate) => `${adjusted ? 'adjusted' : 'crude'}, ${analysisSet}`

/** One time point of each comparison in each population. */
function atOneTimepoint(rule: Exclude<TimepointRule, 'ALL'>): (effects: readonly Chosen[]) => ReadonlySet<Chosen> {
  const day = ({ candidate }: Chosen) => candidate.timepointDays
  const rank: Readonly<Record<typeof rule, (effect: Chosen) => number>> = {
    LONGEST: (effect) => -(day(effect) ?? -Infinity),
    SHORTEST: (effect) => day(effect) ?? Infinity,
    // Where no time point is marked as the end of treatment, the nearest to its length; where that is not known either, the last.
    END_OF_TREATMENT: (effect) => {
      const { endOfTreatment, durationDays, timepointDays } = effect.candidate
      if (endOfTreatment === true) return -Infinity
      if (timepointDays === null) return Number.MAX_VALUE
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
