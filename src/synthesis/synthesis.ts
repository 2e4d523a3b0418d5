import { PublicError } from '../errors.js'
import { groupBy } from '../grouping.js'
import type { PooledEffect } from '../statistics/pooling.js'
import type { Candidate } from './candidate.js'
import { entriesOf } from './entries.js'
import type { Entry, PooledMeasure } from './entry.js'
import type { Chosen, UnpoolableEffect } from './number.js'
import { poolEntries } from './pool.js'
import type { SynthesisQuestion } from './question.js'
import { selectEffects } from './selection.js'

/** Entries that were pooled, and what they were pooled by. Everything else that a synthesis tells is computed from this when it is asked. */
export interface PooledEntries {
  readonly measure: PooledMeasure
  readonly question: SynthesisQuestion
  readonly entries: readonly Entry[]
  /** The entries again, joined within subgroups only, where subgroups are asked for. */
  readonly grouped: readonly Entry[]
  readonly pooled: PooledEffect
  readonly unpoolable: readonly UnpoolableEffect[]
}

/** A pool of effects that a filter selected. */
export interface Synthesis extends PooledEntries {
  /** Of mean differences, the unit that they are pooled in; null of other measures. */
  readonly unit: string | null
  /** In the order of study and slug; the ones that entered, with their number, are `chosen`. */
  readonly candidates: readonly Candidate[]
  readonly chosen: readonly Chosen[]
  /** Entries of the studies that the question leaves out, as they would have stood in the pool. */
  readonly leftOut: readonly Entry[]
  readonly measuresMixed: boolean
}

/** Where a candidate stands among subgroups; null where it stands in none. */
export type GroupOf = (candidate: Candidate) => string | null

/**
 * Pools the effects that a filter selected: chooses, joins what is of one study, and pools. The same question over the same candidates
 * gives the same answer to the last digit.
 *
 * @throws {PublicError} BAD_USER_INPUT NOTHING_TO_POOL, with the reasons counted; and whatever selection and pooling refuse
 */
export function synthesize(question: SynthesisQuestion, candidates: readonly Candidate[], groupOf: GroupOf = () => null): Synthesis {
  const { measure, unit, chosen, leftOut, unpoolable: unselected, measuresMixed } = selectEffects(candidates, question)
  const { entries, unpoolable: unjoined } = entriesOf({ measure, chosen }, question)
  const unpoolable = [...unselected, ...unjoined]
  if (entries.length === 0) throw nothingToPool(candidates, unpoolable)
  return {
    candidates,
    chosen,
    leftOut: leftOut.length === 0 ? [] : entriesOf({ measure, chosen: leftOut }, question).entries,
    measuresMixed,
    measure,
    unit,
    question,
    entries,
    grouped: question.subgroupBy === null ? [] : entriesOf({ measure, chosen }, question, groupOf).entries,
    pooled: poolEntries(entries, measure, question),
    unpoolable,
  }
}

/** What all effects of a pool have in common; null where they differ. */
export function onlyOne<Value>({ chosen }: Pick<Synthesis, 'chosen'>, valueOf: (candidate: Candidate) => Value): Value | null {
  const [first, ...others] = new Set(chosen.map(({ candidate }) => valueOf(candidate)))
  return first === undefined || others.length > 0 ? null : first
}

/** Whether a higher pooled effect is good: as of an effect that was not turned round to fit the others; null where no direction is good by itself. */
export function higherIsBetter({ chosen }: Pick<Synthesis, 'chosen'>): boolean | null {
  const known = chosen.find(({ candidate, turned }) => turned === candidate.contrastedHasLess && candidate.higherIsBetter !== null)
  return known?.candidate.higherIsBetter ?? null
}

/** Effects were selected, and none of them can be pooled. */
export class NothingToPool extends PublicError {
  constructor(
    message: string,
    effects: number,
    /** Why, the most frequent reason first. */
    readonly reasons: readonly string[],
  ) {
    super('BAD_USER_INPUT', message, { reason: 'NOTHING_TO_POOL', argument: 'filter', actual: effects })
  }
}

/** Says what the filter matched and why nothing of it can be pooled. */
function nothingToPool(candidates: readonly Candidate[], unpoolable: readonly UnpoolableEffect[]): NothingToPool {
  const studies = new Set(candidates.map(({ study }) => study)).size
  const message =
    candidates.length === 0
      ? 'the filter matches no effect, so there is nothing to pool'
      : `the filter matches ${counted(candidates.length, 'effect')} of ${counted(studies, 'study', 'studies')}, none of which can be pooled: ${listed(unpoolable)}`
  return new NothingToPool(
    message,
    candidates.length,
    byFrequency(unpoolable).map(([reason]) => reason),
  )
}

/** "7 have no estimate: the source does not report it; 2 …", the most frequent reasons first. */
function listed(unpoolable: readonly UnpoolableEffect[]): string {
  const reasons = byFrequency(unpoolable)
  return [...reasons.slice(0, 4).map(([reason, effects]) => `${effects.length} × ${reason}`), ...(reasons.length > 4 ? ['and other reasons'] : [])].join('; ')
}

const byFrequency = (unpoolable: readonly UnpoolableEffect[]) => [...groupBy(unpoolable, ({ reason }) => reason)].sort(([, a], [, b]) => b.length - a.length)

export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`
}
