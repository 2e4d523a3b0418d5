import { PublicError } from '../errors.js'
import type { EffectDirection, RiskOfBiasLevel, Route } from '../generated/prisma/enums.js'
import { criticalValue } from '../statistics/distributions.js'
import type { SmallStudyTestName } from '../statistics/smallStudyTest.js'
import { inOrder, type Candidate } from '../synthesis/candidate.js'
import { usualTauPrior } from '../synthesis/bayesian.js'
import { bayesianPool, type BayesianPool } from '../synthesis/bayesian.graphql.js'
import type { Entry, PooledMeasure } from '../synthesis/entry.js'
import { absoluteBasisOf, type AbsoluteBasis } from '../synthesis/perThousand.js'
import { usualQuestion } from '../synthesis/question.js'
import { participantsOf, shown, studiesOf } from '../synthesis/shown.js'
import { advisedTest, enoughForAsymmetry, filledPool } from '../synthesis/smallStudyEffects.js'
import { higherIsBetter, NothingToPool, onlyOne, synthesize, type Synthesis } from '../synthesis/synthesis.js'
import { warningsOfPool, warningsOfSelection, type SynthesisWarning } from '../synthesis/warnings.js'
import type { InstrumentTerm, OutcomeTerm } from '../vocabulary/vocabulary.js'
import type { BodyOfEvidence, RatedStudy } from './bodyOfEvidence.js'
import { rateCertainty, type ComputedCertainty } from './certainty.js'
import { appreciableEffects } from './imprecision.js'
import { isSurrogate } from './surrogate.js'

/** What is known of outcomes and instruments beyond their slugs. */
export interface Measured {
  readonly outcomes: { find(slug: string): Pick<OutcomeTerm, 'domain'> | undefined }
  readonly instruments: { find(slug: string): Pick<InstrumentTerm, 'minimalImportantDifference'> | undefined }
}

/** Pooled as standardised differences, positive where magnesium is better. */
export interface PooledBenefit {
  readonly estimate: number
  readonly ciLower: number
  readonly ciUpper: number
}

/** What the studies of a pool tried and when they looked; limits are null where no study tells. */
export interface Tried {
  /** Slugs of the studies, and of their effects. */
  readonly studies: readonly string[]
  readonly evidence: readonly string[]
  readonly forms: readonly string[]
  readonly routes: readonly Route[]
  /** Elemental magnesium, mg a day. */
  readonly elementalMgPerDay: Limits | null
  readonly durationDays: Limits | null
  readonly timepointDays: Limits | null
}

export interface Limits {
  readonly low: number
  readonly high: number
  /** Studies that tell. */
  readonly studies: number
}

/** What pooling tells of a group; numbers as they are shown. What could not be told is null beside the reason. */
export interface PooledGroup {
  /** Entries in the pool. */
  readonly k: number | null
  readonly measure: PooledMeasure | null
  readonly estimate: number | null
  readonly ciLower: number | null
  readonly ciUpper: number | null
  readonly i2: number | null
  /** On the analysis scale. */
  readonly standardError: number | null
  readonly pValue: number | null
  /** What the effect in people of a thousand is computed from. */
  readonly absolute: AbsoluteBasis | null
  /** From where on the effect is appreciable, as it is shown, and of mean differences the instrument's smallest that matters; null where it is not known. */
  readonly appreciable: { readonly lower: number; readonly upper: number } | null
  readonly minimalImportantDifference: number | null
  /** Slug of the one instrument that all effects were measured with. */
  readonly instrument: string | null
  readonly tried: Tried | null
  /** Of mean differences. */
  readonly unit: string | null
  /** The outcome that was pooled. */
  readonly outcome: string | null
  readonly studies: number | null
  readonly participants: number | null
  /** Whom the interval of the estimate favours. */
  readonly direction: EffectDirection
  readonly directionBasis: string
  readonly pooledBenefit: PooledBenefit | null
  readonly certainty: ComputedCertainty | null
  readonly notPooledReason: string | null
  /** Why the effects cannot be pooled, the most frequent reason alone. */
  readonly mainReason: string | null
  readonly notRatedReason: string | null
}

export function notPooled(reason: string, mainReason = reason): PooledGroup {
  return {
    ...{ k: null, measure: null, estimate: null, ciLower: null, ciUpper: null, i2: null, pooledBenefit: null, certainty: null },
    ...{ unit: null, outcome: null, studies: null, participants: null, standardError: null, pValue: null, absolute: null, appreciable: null },
    ...{ minimalImportantDifference: null, instrument: null, tried: null, mainReason },
    direction: 'UNCLEAR',
    directionBasis: 'nothing was pooled',
    notPooledReason: reason,
    notRatedReason: 'GRADE rates an estimate, and none was pooled',
  }
}

/** Up to so many entries the Bayesian pool stands beside the other. */
const fewStudies = 4

/** Whom a pool favours, by the interval that is shown with it: nobody clearly where it includes no effect, and unclear where no direction is good by itself. */
export function favouredBy(synthesis: Pick<Synthesis, 'chosen' | 'pooled'>): EffectDirection {
  const { ciLower, ciUpper } = synthesis.pooled
  const better = higherIsBetter(synthesis)
  if (better === null) return 'UNCLEAR'
  if (ciLower <= 0 && ciUpper >= 0) return 'NO_CLEAR_DIFFERENCE'
  return ciLower > 0 === better ? 'FAVOURS_MAGNESIUM' : 'FAVOURS_COMPARATOR'
}

/** The synthesis that the usual question gives of a group, or why it gives none. */
export function synthesisOfGroup(candidates: readonly Candidate[]): Synthesis | PublicError {
  return unlessRefused(() => synthesize(usualQuestion, inOrder(candidates)))
}

/** What a group pools to by the defaults of `synthesis`, and how certain that is. */
export function poolGroup(synthesis: Synthesis | PublicError, vocabulary: Measured): PooledGroup {
  if (synthesis instanceof NothingToPool) return notPooled(synthesis.message, synthesis.reasons[0])
  if (synthesis instanceof PublicError) return notPooled(synthesis.message)
  const { measure, pooled } = synthesis
  const entered = enteredIn(synthesis)
  const minimalImportantDifference = importantDifference(entered, vocabulary)
  const appreciable = appreciableEffects({ measure, minimalImportantDifference })
  const body = bodyOf(synthesis, vocabulary)
  return {
    k: pooled.k,
    measure,
    estimate: shown(measure, pooled.estimate),
    ciLower: shown(measure, pooled.ciLower),
    ciUpper: shown(measure, pooled.ciUpper),
    i2: pooled.heterogeneity?.i2 ?? null,
    standardError: pooled.standardError,
    pValue: pooled.pValue,
    absolute: absoluteBasisOf(synthesis),
    appreciable: appreciable && { lower: shown(measure, appreciable.lower), upper: shown(measure, appreciable.upper) },
    minimalImportantDifference,
    instrument: onlyInstrument(entered),
    tried: triedIn(entered),
    unit: synthesis.unit,
    outcome: onlyOne(synthesis, ({ outcome }) => outcome),
    studies: studiesOf(synthesis.entries),
    participants: participantsOf(synthesis.entries),
    direction: favouredBy(synthesis),
    directionBasis:
      pooled.k === 1 ? 'the 95 % interval of the one entry' : 'the 95 % interval of the pooled estimate: Hartung and Knapp’s, never narrower than Wald’s',
    pooledBenefit: pooledBenefit(synthesis),
    certainty: typeof body === 'string' ? null : rateCertainty(body),
    notPooledReason: null,
    mainReason: null,
    notRatedReason: typeof body === 'string' ? body : null,
  }
}

/** What a reader should know before believing a group's estimate; nothing of a group that has none. */
export const warningsOfGroup = (synthesis: Synthesis | PublicError): readonly SynthesisWarning[] =>
  synthesis instanceof PublicError ? [] : [...warningsOfPool(synthesis), ...warningsOfSelection(synthesis)]

/** Of two to four entries, whose interval rests on very little, the Bayesian pool; null elsewhere. */
export const bayesianOfGroup = (synthesis: Synthesis | PublicError): BayesianPool | null =>
  synthesis instanceof PublicError || synthesis.pooled.k < 2 || synthesis.pooled.k > fewStudies ? null : bayesianPool(synthesis, usualTauPrior(synthesis))

function unlessRefused<Value>(work: () => Value): Value | PublicError {
  try {
    return work()
  } catch (error) {
    if (error instanceof PublicError) return error
    throw error
  }
}

/** The effects of the pool that have a benefit at all, as standardised differences; null where they do not convert. */
function pooledBenefit({ chosen }: Synthesis): PooledBenefit | null {
  const beneficial = chosen.flatMap(({ candidate }) => (candidate.standardizedBenefit === null ? [] : [candidate]))
  if (beneficial.length === 0) return null
  const synthesis = unlessRefused(() => synthesize({ ...usualQuestion, measure: 'SMD' }, inOrder(beneficial)))
  if (synthesis instanceof PublicError) return null
  const better = higherIsBetter(synthesis)
  if (better === null) return null
  const { estimate, ciLower, ciUpper } = synthesis.pooled
  return better ? { estimate, ciLower, ciUpper } : { estimate: -estimate, ciLower: -ciUpper, ciUpper: -ciLower }
}

/** The pool as GRADE looks at it; where it is not of one outcome in one condition, why it is not rated. */
function bodyOf(synthesis: Synthesis, vocabulary: Measured): BodyOfEvidence | string {
  const { entries, measure, pooled, question } = synthesis
  const entered = enteredIn(synthesis)
  const bySlug = new Map(entered.map((candidate) => [candidate.slug, candidate]))
  const [outcomes, conditions] = [new Set(entered.map(({ outcome }) => outcome)), new Set(entered.map(({ condition }) => condition))]
  const [slug = ''] = outcomes
  const [condition = ''] = conditions
  if (outcomes.size > 1) return `certainty is of one outcome, and ${outcomes.size} are pooled here`
  if (conditions.size > 1) return `certainty is of one condition, and ${conditions.size} are pooled here`
  const reach = criticalValue(question.level)
  return {
    measure,
    estimate: pooled.estimate,
    ciLower: pooled.ciLower,
    ciUpper: pooled.ciUpper,
    predictionLower: pooled.predictionLower,
    predictionUpper: pooled.predictionUpper,
    heterogeneity: pooled.heterogeneity,
    studies: entries.map((entry, index) => ratedStudy(entry, { weightPercent: pooled.weightsPercent[index] ?? 0, reach, bySlug })),
    participants: participantsOf(entries),
    events: eventsOf(entries),
    minimalImportantDifference: importantDifference(entered, vocabulary),
    isSurrogate: isSurrogate(vocabulary.outcomes.find(slug), condition),
    smallStudyEffects: entries.length < enoughForAsymmetry ? null : asymmetryOf(synthesis),
  }
}

function ratedStudy(
  { evidence, estimate, variance }: Entry,
  { weightPercent, reach, bySlug }: { weightPercent: number; reach: number; bySlug: ReadonlyMap<string, Candidate> },
): RatedStudy {
  const entered = evidence.flatMap((slug) => bySlug.get(slug) ?? [])
  const [first] = entered
  if (first === undefined) throw new RangeError(`an entry must rest on evidence that was chosen, got ${evidence.join(', ')}`)
  const treated = entered.find(({ comparatorRole }) => comparatorRole !== 'PLACEBO' && comparatorRole !== 'NO_TREATMENT' && comparatorRole !== 'USUAL_CARE')
  const spread = reach * Math.sqrt(variance)
  return {
    weightPercent,
    design: first.design,
    subjects: first.subjects,
    comparatorRole: (treated ?? first).comparatorRole,
    riskOfBias: worstRisk(entered),
    adjusted: entered.every(({ adjusted }) => adjusted === true),
    ciLower: estimate - spread,
    ciUpper: estimate + spread,
  }
}

/** High, if any is; else not assessed, if any is not; else the worst. */
function worstRisk(entered: readonly Candidate[]): RiskOfBiasLevel | null {
  const levels = entered.map(({ riskOfBias }) => riskOfBias)
  return (['HIGH', null, 'UNCLEAR', 'SOME_CONCERNS', 'LOW'] as const).find((level) => levels.includes(level)) ?? null
}

function eventsOf(entries: readonly Entry[]): number | null {
  const events = entries.map(({ counts }) => (counts === null ? null : counts.intervention.events + counts.comparator.events))
  return events.includes(null) ? null : events.reduce<number>((sum, count) => sum + (count ?? 0), 0)
}

/** The effects that went into the entries of a pool. */
function enteredIn({ chosen, entries }: Pick<Synthesis, 'chosen' | 'entries'>): Candidate[] {
  const bySlug = new Map(chosen.map(({ candidate }) => [candidate.slug, candidate]))
  return entries.flatMap(({ evidence }) => evidence.flatMap((slug) => bySlug.get(slug) ?? []))
}

/** Slug of the one instrument that all effects were measured with. */
function onlyInstrument(entered: readonly Candidate[]): string | null {
  const [slug, ...others] = new Set(entered.map(({ instrument }) => instrument))
  return others.length > 0 ? null : (slug ?? null)
}

function importantDifference(entered: readonly Candidate[], { instruments }: Measured): number | null {
  const slug = onlyInstrument(entered)
  return slug === null ? null : (instruments.find(slug)?.minimalImportantDifference ?? null)
}

function triedIn(entered: readonly Candidate[]): Tried {
  const distinct = <Value>(values: readonly Value[]) => [...new Set(values)].sort()
  const limits = (lowOf: (candidate: Candidate) => number | null, highOf = lowOf): Limits | null => {
    const told = entered.flatMap((candidate) => {
      const [low, high] = [lowOf(candidate), highOf(candidate)]
      return low === null || high === null ? [] : [{ low, high, study: candidate.study }]
    })
    return told.length === 0
      ? null
      : {
          low: Math.min(...told.map(({ low }) => low)),
          high: Math.max(...told.map(({ high }) => high)),
          studies: new Set(told.map(({ study }) => study)).size,
        }
  }
  return {
    studies: distinct(entered.map(({ study }) => study)),
    evidence: distinct(entered.map(({ slug }) => slug)),
    forms: distinct(entered.flatMap(({ forms }) => forms)),
    routes: distinct(entered.flatMap(({ routes }) => routes)),
    elementalMgPerDay: limits(
      ({ elementalMgLow }) => elementalMgLow,
      ({ elementalMgHigh }) => elementalMgHigh,
    ),
    durationDays: limits(({ durationDays }) => durationDays),
    timepointDays: limits(({ timepointDays }) => timepointDays),
  }
}

const testNames: Readonly<Record<SmallStudyTestName, string>> = {
  EGGER: 'Egger’s test',
  HARBORD: 'Harbord’s test',
  PETERS: 'Peters’ test',
  PUSTEJOVSKY_RODGERS: 'Pustejovsky and Rodgers’ test',
  NONE: 'no test',
}

function asymmetryOf(synthesis: Synthesis): BodyOfEvidence['smallStudyEffects'] {
  const [filled, advised] = [filledPool(synthesis), advisedTest(synthesis)]
  return {
    test: testNames[advised.name],
    testP: advised.test?.pValue ?? null,
    trimAndFill: filled && { missing: filled.imputed.length, ciLower: filled.pooled.ciLower, ciUpper: filled.pooled.ciUpper },
  }
}
