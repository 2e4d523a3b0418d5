import type { EffectMeasure } from '../generated/prisma/enums.js'
import { groupBy } from '../grouping.js'
import { oddsRatio, riskDifference, riskRatio } from '../statistics/binary.js'
import { meanDifference, ratioOfMeans, standardizedMeanDifference } from '../statistics/continuous.js'
import { combineArms, compositeOf, splitArm, type ArmSummary } from '../statistics/composite.js'
import { compositeOfDependent, covarianceOfCounts, covarianceOfMeans } from '../statistics/dependence.js'
import type { Candidate, CandidateArm } from './candidate.js'
import type { Counts, Entry } from './entry.js'
import type { Chosen, UnpoolableEffect } from './number.js'
import { poolsCounts, type Moderator, type SynthesisQuestion } from './question.js'

/** Of effects on the same people, where no source tells; stated wherever it is used. */
export const assumedCorrelation = 0.5

export interface Entries {
  readonly entries: readonly Entry[]
  /** Effects that stand for the same people as others and could not be joined with them. */
  readonly unpoolable: readonly UnpoolableEffect[]
}

type Joining = Pick<SynthesisQuestion, 'model' | 'dependence'>

/**
 * Independent entries of a pool, by the rule for several effects of one study.
 *
 * @param groupOf of a candidate, where subgroups are pooled: what is of different groups is not joined
 * @see Borenstein, Hedges, Higgins & Rothstein (2009), Introduction to Meta-Analysis, ch. 24 and 25; Cochrane Handbook 23.3.4, on several arms
 */
export function entriesOf(
  { measure, chosen }: { readonly measure: EffectMeasure; readonly chosen: readonly Chosen[] },
  joining: Joining,
  groupOf: (candidate: Candidate) => string | null = () => null,
): Entries {
  const unpoolable: UnpoolableEffect[] = []
  const counted = poolsCounts(joining.model)
  const entries = [...groupBy(chosen, ({ candidate }) => `${candidate.study}\u0000${groupOf(candidate) ?? ''}`).values()].flatMap((ofStudy) => {
    const group = ofStudy[0] === undefined ? null : groupOf(ofStudy[0].candidate)
    const joined = counted ? oneForEachPeople(ofStudy, measure, joining, unpoolable) : joinedBy(joining, ofStudy, measure)
    return withDistinctLabels(joined).map((entry): Entry => ({ ...entry, group }))
  })
  return { entries, unpoolable }
}

/** An entry, and the sides that it compares: entries of other sides stand for other people. */
interface OfSides extends Entry {
  readonly sides: string
}

function joinedBy({ model, dependence }: Joining, effects: readonly Chosen[], measure: EffectMeasure): OfSides[] {
  // Three levels and robust errors allow for the dependence instead of removing it.
  if (model === 'THREE_LEVEL' || dependence === 'INDEPENDENT' || dependence === 'ROBUST') return effects.map(entryOf)
  if (effects.length === 1) return effects.map(entryOf)
  if (dependence !== 'SPLIT_CONTROL') {
    const ofSamePeople = byPeople(effects).map((some) =>
      dependence === 'AGGREGATE' ? joinedByCovariance(some, measure) : aggregated(armsCombined(some, measure)),
    )
    return [pooledApart(ofSamePeople)]
  }
  return [...groupBy(controlSplit(effects, measure), ({ sides }) => sides).values()].map((ofSides) => aggregated(ofSides))
}

/** Raw counts of the same people cannot be averaged: one entry for each group of people, the others left out. */
function oneForEachPeople(effects: readonly Chosen[], measure: EffectMeasure, { dependence }: Joining, unpoolable: UnpoolableEffect[]): OfSides[] {
  const withCounts = effects.filter((effect) => {
    if (countsOf(effect) === null)
      unpoolable.push({ evidence: effect.candidate.slug, code: 'NO_COUNTS', reason: 'the model pools counts of events, which are not known here' })
    return countsOf(effect) !== null
  })
  const entries =
    dependence === 'SPLIT_CONTROL'
      ? [...groupBy(controlSplit(withCounts, measure), ({ sides }) => sides).values()]
      : byPeople(withCounts).map((ofSamePeople) => armsCombined(ofSamePeople, measure))
  return entries.flatMap(([taken, ...others]) => {
    for (const { evidence } of others)
      for (const slug of evidence)
        unpoolable.push({
          evidence: slug,
          code: 'SAME_PEOPLE',
          reason: `raw counts of the same people are pooled once, and those of ${taken?.evidence.join(', ')} were taken`,
        })
    return taken === undefined ? [] : [taken]
  })
}

/** Two entries of one study would be told apart by nothing. */
function withDistinctLabels(entries: readonly OfSides[]): readonly OfSides[] {
  return entries.length < 2 ? entries : entries.map((entry) => ({ ...entry, label: `${entry.label} (${entry.evidence.join(', ')})` }))
}

function entryOf(effect: Chosen): OfSides {
  const { candidate, estimate, variance, conversion, unitConversion, turned } = effect
  return {
    estimate,
    variance,
    label: candidate.label,
    study: candidate.study,
    year: candidate.year,
    group: null,
    evidence: [candidate.slug],
    participants: candidate.participants,
    counts: countsOf(effect),
    moderators: moderatorsOf(candidate),
    notes: [
      ...(conversion === null ? [] : [conversion]),
      ...(unitConversion === null ? [] : [unitConversion]),
      ...(candidate.designEffect == null
        ? []
        : [`people and events are counted over the design effect of its clusters, ${Number(candidate.designEffect.toPrecision(4))}`]),
      ...(candidate.countedAs === undefined ? [] : [`as another report counts it: ${candidate.countedAs}`]),
      ...(turned ? ['turned round, so that its direction is that of the other entries'] : []),
    ],
    sides: `${candidate.intervention} ${candidate.comparator ?? ''}`,
  }
}

function countsOf({ candidate: { arms }, turned, conversion }: Chosen): Counts | null {
  if (arms === null || turned || conversion !== null) return null
  const { intervention: a, comparator: b } = arms
  if (a.events === null || a.n === null || b.events === null || b.n === null) return null
  return { intervention: { events: a.events, total: a.n }, comparator: { events: b.events, total: b.n } }
}

function moderatorsOf(candidate: Candidate): Record<Moderator, number | null> {
  const { elementalMgLow: low, elementalMgHigh: high } = candidate
  return {
    // The middle of the interval, where form, hydration or basis is not stated.
    ELEMENTAL_MG_PER_DAY: low === null || high === null ? null : (low + high) / 2,
    DURATION_DAYS: candidate.durationDays,
    YEAR: candidate.year,
    MEAN_AGE: candidate.meanAge,
    FEMALE_PERCENT: candidate.femalePercent,
    BASELINE_SERUM_MAGNESIUM: candidate.baselineSerumMagnesium,
    PARTICIPANTS: candidate.participants,
  }
}

/** Entries on the same people as one: their mean, with the correlation assumed between them; what is not the same in all of them is not told. */
export function aggregated<One extends Entry>(entries: readonly One[], noun = 'effects of the study'): One {
  const [first] = entries
  if (first === undefined) throw new RangeError('there is nothing to aggregate: no entry was given')
  if (entries.length === 1) return first
  const names = Object.keys(first.moderators)
  const same = (valueOf: (entry: One) => string | null) => new Set(entries.map(valueOf)).size === 1
  return {
    ...first,
    ...compositeOf(entries, assumedCorrelation),
    label: same(({ label }) => label) ? first.label : first.study,
    evidence: entries.flatMap(({ evidence }) => evidence),
    // They may be the same people.
    participants: largestOf(entries.map(({ participants }) => participants)),
    counts: null,
    moderators: Object.fromEntries(names.map((name) => [name, meanOf(entries.map(({ moderators }) => moderators[name] ?? null))])),
    group: same(({ group }) => group) ? first.group : null,
    notes: [
      `the mean of ${entries.length} ${noun}, with a correlation of ${assumedCorrelation} assumed between them`,
      ...new Set(entries.flatMap(({ notes }) => notes)),
    ],
  }
}

const known = (values: readonly (number | null)[]) => values.filter((value) => value !== null)
const largestOf = (values: readonly (number | null)[]) => (known(values).length === 0 ? null : Math.max(...known(values)))
const meanOf = (values: readonly (number | null)[]) =>
  known(values).length === 0 ? null : known(values).reduce((sum, value) => sum + value, 0) / known(values).length

/**
 * Effects of one study by the people that they are of. Two effects share nobody if their populations are parts of one partition, or if people were in one
 * arm only and no arm is in both: separate randomisations in one report.
 */
function byPeople(effects: readonly Chosen[]): Chosen[][] {
  let groups: Chosen[][] = []
  for (const effect of effects) {
    const touching = groups.filter((group) => group.some((other) => !areApart(effect, other)))
    groups = [...groups.filter((group) => !touching.includes(group)), [...touching.flat(), effect]]
  }
  return groups
}

function areApart({ candidate: one }: Chosen, { candidate: other }: Chosen): boolean {
  if (one.partition !== null && one.partition === other.partition && one.population !== other.population) return true
  const isOfOneArm = (candidate: Candidate) => candidate.comparator !== null && candidate.design !== 'RCT_CROSSOVER'
  if (!isOfOneArm(one) || !isOfOneArm(other)) return false
  const arms = new Set([one.intervention, one.comparator, other.intervention, other.comparator])
  return arms.size === 4
}

/** Entries on different people as one: by inverse variance, each with its own weight, and all their participants. */
function pooledApart(entries: readonly OfSides[]): OfSides {
  const [first] = entries
  if (first === undefined || entries.length === 1) return aggregated(entries)
  const weights = entries.map(({ variance }) => 1 / variance)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const people = entries.map(({ participants }) => participants)
  return {
    ...aggregated(entries),
    estimate: entries.reduce((sum, { estimate }, index) => sum + (weights[index] ?? 0) * estimate, 0) / total,
    variance: 1 / total,
    participants: people.includes(null) ? null : known(people).reduce((sum, count) => sum + count, 0),
    notes: [`${entries.length} comparisons of different people joined by inverse variance`, ...new Set(entries.flatMap(({ notes }) => notes))],
  }
}

/** Effects of one study as one: contrasts that share a control by the covariance that this gives them, all others with the correlation assumed. */
function joinedByCovariance(effects: readonly Chosen[], measure: EffectMeasure): OfSides {
  const entries = effects.map(entryOf)
  const known = effects.map((one, i) => effects.slice(0, i).map((other) => covarianceOfContrasts(one, other, measure)))
  const pairs = known.flat()
  const joined = aggregated(entries)
  if (pairs.every((covariance) => covariance === null)) return joined
  const assumed = (one: number, other: number) => assumedCorrelation * Math.sqrt((entries[one]?.variance ?? 0) * (entries[other]?.variance ?? 0))
  const exact = pairs.every((covariance) => covariance !== null)
  const how = exact
    ? 'by the covariance that a shared control gives them'
    : `by the covariance that a shared control gives them, and elsewhere with a correlation of ${assumedCorrelation} assumed between them`
  return {
    ...joined,
    ...compositeOfDependent(entries, (one, other) => known[Math.max(one, other)]?.[Math.min(one, other)] ?? assumed(one, other)),
    notes: [`the mean of ${entries.length} effects of the study, ${how}`, ...joined.notes.slice(1)],
  }
}

/** Of two contrasts of different arms with one control, for one outcome at one time; null where they are none, or the arms are not known in numbers. */
function covarianceOfContrasts({ candidate: one, ...a }: Chosen, { candidate: other, ...b }: Chosen, measure: EffectMeasure): number | null {
  const shared = one.comparator !== null && one.comparator === other.comparator && one.intervention !== other.intervention
  const alike =
    one.outcome === other.outcome && one.instrument === other.instrument && one.population === other.population && one.timepointDays === other.timepointDays
  if (!shared || !alike || a.turned !== b.turned || a.conversion !== null || b.conversion !== null || one.arms === null || other.arms === null) return null
  const [first, second, control] = [one.arms.intervention, other.arms.intervention, one.arms.comparator]
  const covariance = withCounts(measure, first, second, control) ?? withMeans(measure, first, second, control)
  // Where an effect was reported and is not that of the arms, its own variance may allow less.
  return covariance === null || Math.abs(covariance) > Math.sqrt(a.variance * b.variance) ? null : covariance
}

type Arms = readonly [first: CandidateArm, second: CandidateArm, control: CandidateArm]

function withCounts(measure: EffectMeasure, ...arms: Arms): number | null {
  if (measure !== 'OR' && measure !== 'RR' && measure !== 'RD') return null
  const [first, second, control] = arms.map(({ events, n }) => (events === null || n === null ? null : { events, total: n }))
  return first == null || second == null || control == null ? null : covarianceOfCounts(measure, { first, second, control })
}

function withMeans(measure: EffectMeasure, ...arms: Arms): number | null {
  if (measure !== 'MD' && measure !== 'SMD' && measure !== 'ROM') return null
  const [first, second, control] = arms.map(({ n, mean, standardDeviation }) =>
    n === null || mean === null || standardDeviation === null ? null : { n, mean, standardDeviation },
  )
  return first == null || second == null || control == null ? null : covarianceOfMeans(measure, { first, second, control })
}

/** Contrasts of one outcome at one time with one control; only where several arms share it is there anything to combine or split. */
function bySharedControl(effects: readonly Chosen[]): Chosen[][] {
  const shared = ({ candidate: { comparator, outcome, instrument, population, timepointDays, slug } }: Chosen) =>
    [comparator ?? slug, outcome, instrument, population, timepointDays].join(' ')
  return [...groupBy(effects, shared).values()]
}

const severalArms = (contrasts: readonly Chosen[]) => new Set(contrasts.map(({ candidate }) => candidate.intervention)).size > 1

/** The arms that share a control as one arm, its effect computed anew; contrasts whose arms are not known in numbers stay as they are. */
function armsCombined(effects: readonly Chosen[], measure: EffectMeasure): OfSides[] {
  return bySharedControl(effects).flatMap((contrasts) => {
    const entries = contrasts.map(entryOf)
    const [first] = contrasts
    const [entry] = entries
    if (first === undefined || entry === undefined || !severalArms(contrasts)) return entries
    const arms = contrasts.map(({ candidate }) => candidate.arms)
    if (arms.some((sides) => sides === null)) return entries
    const recomputed = entryFromArms(
      measure,
      combineArms(arms.map((sides) => sides?.intervention ?? unknownArm)),
      first.candidate.arms?.comparator ?? unknownArm,
    )
    if (recomputed === null) return entries
    return [
      {
        ...aggregated(entries),
        ...recomputed,
        sides: 'combined',
        notes: [`${contrasts.length} arms combined into one, and the effect computed anew`],
      },
    ]
  })
}

/** Each contrast with its share of the control that it has in common with others, its effect computed anew. */
function controlSplit(effects: readonly Chosen[], measure: EffectMeasure): OfSides[] {
  return bySharedControl(effects).flatMap((contrasts) =>
    contrasts.map((contrast) => {
      const entry = entryOf(contrast)
      const { arms } = contrast.candidate
      if (!severalArms(contrasts) || arms === null) return entry
      const recomputed = entryFromArms(measure, arms.intervention, splitArm(arms.comparator, contrasts.length))
      return recomputed === null
        ? entry
        : {
            ...entry,
            ...recomputed,
            notes: [...entry.notes, `the control is shared by ${contrasts.length} arms, and a ${contrasts.length}th of it enters here`],
          }
    }),
  )
}

const unknownArm: CandidateArm = { n: null, events: null, mean: null, standardDeviation: null }

/** The effect of two arms on a measure, with counts and participants; null where their numbers do not give it. */
function entryFromArms(measure: EffectMeasure, a: ArmSummary, b: ArmSummary): Pick<Entry, 'estimate' | 'variance' | 'counts' | 'participants'> | null {
  if (a.n === null || b.n === null) return null
  const counts =
    a.events === null || b.events === null ? null : { intervention: { events: a.events, total: a.n }, comparator: { events: b.events, total: b.n } }
  const means =
    a.mean === null || b.mean === null || a.standardDeviation === null || b.standardDeviation === null
      ? null
      : ([
          { n: a.n, mean: a.mean, standardDeviation: a.standardDeviation },
          { n: b.n, mean: b.mean, standardDeviation: b.standardDeviation },
        ] as const)
  const effect =
    counts === null ? (means === null ? null : (ofMeans[measure]?.(...means) ?? null)) : (ofCounts[measure]?.(counts.intervention, counts.comparator) ?? null)
  return effect === null || !effect.ok ? null : { estimate: effect.estimate, variance: effect.standardError ** 2, counts, participants: Math.round(a.n + b.n) }
}

const ofCounts: Readonly<Partial<Record<EffectMeasure, typeof oddsRatio>>> = { OR: oddsRatio, RR: riskRatio, RD: riskDifference }
const ofMeans: Readonly<Partial<Record<EffectMeasure, typeof meanDifference>>> = { MD: meanDifference, SMD: standardizedMeanDifference, ROM: ratioOfMeans }
