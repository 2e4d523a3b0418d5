import { PublicError } from '../errors.js'
import type { EffectDirection, RiskOfBiasLevel } from '../generated/prisma/enums.js'
import { eggerTest } from '../statistics/asymmetry.js'
import { criticalValue } from '../statistics/distributions.js'
import { inOrder, type Candidate } from '../synthesis/candidate.js'
import type { Entry, PooledMeasure } from '../synthesis/entry.js'
import { poolEntries } from '../synthesis/pool.js'
import { usualQuestion } from '../synthesis/question.js'
import { participantsOf, shown } from '../synthesis/shown.js'
import { enoughForAsymmetry, filledPool } from '../synthesis/smallStudyEffects.js'
import { synthesize, type Synthesis } from '../synthesis/synthesis.js'
import type { InstrumentTerm, OutcomeTerm } from '../vocabulary/vocabulary.js'
import type { BodyOfEvidence, RatedStudy } from './bodyOfEvidence.js'
import { rateCertainty, type ComputedCertainty } from './certainty.js'
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

/** What pooling tells of a group; numbers as they are shown. What could not be told is null beside the reason. */
export interface PooledGroup {
  /** Entries in the pool. */
  readonly k: number | null
  readonly measure: PooledMeasure | null
  readonly estimate: number | null
  readonly ciLower: number | null
  readonly ciUpper: number | null
  readonly i2: number | null
  readonly pooledBenefit: PooledBenefit | null
  readonly certainty: ComputedCertainty | null
  readonly notPooledReason: string | null
  readonly notRatedReason: string | null
}

export function notPooled(reason: string): PooledGroup {
  return {
    ...{ k: null, measure: null, estimate: null, ciLower: null, ciUpper: null, i2: null, pooledBenefit: null, certainty: null },
    notPooledReason: reason,
    notRatedReason: 'GRADE rates an estimate, and none was pooled',
  }
}

/**
 * Whom a pool favours: somebody only where the interval of the standardised benefit and that of the estimate both exclude no effect, since of a few alike effects
 * Hartung and Knapp's interval can shrink on one scale and not on the other. UNCLEAR where nothing was pooled as a benefit.
 */
export function favouredBy({ pooledBenefit: benefit, measure, ciLower, ciUpper }: PooledGroup): EffectDirection {
  if (benefit === null) return 'UNCLEAR'
  const includesNoEffect = (lower: number, upper: number, noEffect: number) => lower <= noEffect && upper >= noEffect
  if (includesNoEffect(benefit.ciLower, benefit.ciUpper, 0)) return 'NO_CLEAR_DIFFERENCE'
  if (measure !== null && ciLower !== null && ciUpper !== null && includesNoEffect(ciLower, ciUpper, shown(measure, 0))) return 'NO_CLEAR_DIFFERENCE'
  return benefit.ciLower > 0 ? 'FAVOURS_MAGNESIUM' : 'FAVOURS_COMPARATOR'
}

/** The synthesis that the usual question gives of a group, or why it gives none. */
export function synthesisOfGroup(candidates: readonly Candidate[]): Synthesis | PublicError {
  return unlessRefused(() => synthesize(usualQuestion, inOrder(candidates)))
}

/** Pools a group as `synthesis` would by default, and rates how certain the result is. */
export function poolGroup(candidates: readonly Candidate[], vocabulary: Measured): PooledGroup {
  const synthesis = synthesisOfGroup(candidates)
  if (synthesis instanceof PublicError) return { ...notPooled(synthesis.message), pooledBenefit: pooledBenefit(candidates) }
  const { measure, pooled } = synthesis
  const body = bodyOf(synthesis, vocabulary)
  return {
    k: pooled.k,
    measure,
    estimate: shown(measure, pooled.estimate),
    ciLower: shown(measure, pooled.ciLower),
    ciUpper: shown(measure, pooled.ciUpper),
    i2: pooled.heterogeneity?.i2 ?? null,
    pooledBenefit: pooledBenefit(candidates),
    certainty: typeof body === 'string' ? null : rateCertainty(body),
    notPooledReason: null,
    notRatedReason: typeof body === 'string' ? body : null,
  }
}

function unlessRefused<Value>(work: () => Value): Value | PublicError {
  try {
    return work()
  } catch (error) {
    if (error instanceof PublicError) return error
    throw error
  }
}

/** Effects that have a benefit at all, pooled as standardised differences; null where they do not convert. */
function pooledBenefit(candidates: readonly Candidate[]): PooledBenefit | null {
  const beneficial = candidates.filter(({ standardizedBenefit }) => standardizedBenefit !== null)
  if (beneficial.length === 0) return null
  const synthesis = unlessRefused(() => synthesize({ ...usualQuestion, measure: 'SMD' }, inOrder(beneficial)))
  if (synthesis instanceof PublicError) return null
  // The entries point one way; one that was not turned to do so tells which.
  const unturned = synthesis.chosen.find(({ candidate, turned }) => turned === candidate.contrastedHasLess && candidate.higherIsBetter !== null)
  if (unturned === undefined) return null
  const { estimate, ciLower, ciUpper } = synthesis.pooled
  return unturned.candidate.higherIsBetter === true ? { estimate, ciLower, ciUpper } : { estimate: -estimate, ciLower: -ciUpper, ciUpper: -ciLower }
}

/** At a few alike effects Hartung and Knapp's interval can shrink to nothing, which is no precision. */
const cautiously = { interval: 'HKSJ_ADHOC' } as const

/** The pool as GRADE looks at it; where it is not of one outcome in one condition, why it is not rated. */
function bodyOf(synthesis: Synthesis, vocabulary: Measured): BodyOfEvidence | string {
  const { chosen, entries, measure, pooled, question } = synthesis
  const bySlug = new Map(chosen.map(({ candidate }) => [candidate.slug, candidate]))
  const entered = entries.flatMap(({ evidence }) => evidence.flatMap((slug) => bySlug.get(slug) ?? []))
  const [outcomes, conditions] = [new Set(entered.map(({ outcome }) => outcome)), new Set(entered.map(({ condition }) => condition))]
  const [slug = ''] = outcomes
  const [condition = ''] = conditions
  if (outcomes.size > 1) return `certainty is of one outcome, and ${outcomes.size} are pooled here`
  if (conditions.size > 1) return `certainty is of one condition, and ${conditions.size} are pooled here`
  const reach = criticalValue(question.level)
  const cautious = poolEntries(entries, measure, { ...question, ...cautiously })
  return {
    measure,
    estimate: pooled.estimate,
    ciLower: cautious.ciLower,
    ciUpper: cautious.ciUpper,
    predictionLower: cautious.predictionLower,
    predictionUpper: cautious.predictionUpper,
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
    adjusted: entered.every(({ adjusted }) => adjusted),
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

/** Of the one instrument that all effects were measured with. */
function importantDifference(entered: readonly Candidate[], { instruments }: Measured): number | null {
  const [slug, ...others] = new Set(entered.map(({ instrument }) => instrument))
  return slug == null || others.length > 0 ? null : (instruments.find(slug)?.minimalImportantDifference ?? null)
}

/** Trim and fill by the same cautious interval, so that the two say the same where nothing is filled in. */
function asymmetryOf(synthesis: Synthesis): BodyOfEvidence['smallStudyEffects'] {
  const filled = filledPool({ ...synthesis, question: { ...synthesis.question, ...cautiously } })
  return {
    eggerP: eggerTest(synthesis.entries)?.pValue ?? null,
    trimAndFill: filled && { missing: filled.imputed.length, ciLower: filled.pooled.ciLower, ciUpper: filled.pooled.ciUpper },
  }
}
