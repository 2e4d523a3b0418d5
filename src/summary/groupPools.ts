import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Sql } from 'sql-template-tag'
import { PublicError } from '../errors.js'
import type { EvidenceFilter } from '../evidence/evidence.filter.js'
import type { Context } from '../graphql/context.js'
import { groupBy as grouped } from '../grouping.js'
import type { Candidate } from '../synthesis/candidate.js'
import type { Entry } from '../synthesis/entry.js'
import { findCandidates } from '../synthesis/candidate.queries.js'
import { groupOf, type SummaryGroup } from '../synthesis/groups.js'
import type { BayesianPool } from '../synthesis/bayesian.graphql.js'
import { usualQuestion } from '../synthesis/question.js'
import type { Synthesis } from '../synthesis/synthesis.js'
import type { SynthesisWarning } from '../synthesis/warnings.js'
import { keepSyntheses, type SynthesisBasis } from '../synthesis/synthesis.queries.js'
import { engineVersion } from '../version.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { filtersOfGroups } from './groupFilter.js'
import { bayesianOfGroup, poolGroup, synthesisOfGroup, warningsOfGroup, type PooledGroup } from './pooledGroup.js'

/** Which effects are pooled, group by group. */
export interface Pooling {
  readonly within: EvidenceFilter | null
  readonly where: Sql
  readonly groupBy: readonly SummaryGroup[]
  /** Effects that are there at most. */
  readonly limit: number
}

/** A group's place among those of its list. */
export const groupKey = (group: readonly string[]): string => group.join('\u0000')

/** What pooling tells of every group: one statement for all of them. */
export async function poolGroups(context: Context, pooling: Pooling): Promise<ReadonlyMap<string, PooledGroup>> {
  const vocabulary = await vocabularyOf(context)
  return ofEachSynthesis(context, pooling, (synthesis) => poolGroup(synthesis, vocabulary))
}

/** What a reader of every group should know. */
export const warnOfGroups = (context: Context, pooling: Pooling): Promise<ReadonlyMap<string, readonly SynthesisWarning[]>> =>
  ofEachSynthesis(context, pooling, warningsOfGroup)

/** The Bayesian pool of every group of few entries. */
export const bayesianOfGroups = (context: Context, pooling: Pooling): Promise<ReadonlyMap<string, BayesianPool | null>> =>
  ofEachSynthesis(context, pooling, bayesianOfGroup)

/** What entered the pool of every group, study by study. */
export const contributionsOfGroups = (context: Context, pooling: Pooling): Promise<ReadonlyMap<string, readonly Entry[]>> =>
  ofEachSynthesis(context, pooling, (synthesis) => (synthesis instanceof PublicError ? [] : synthesis.entries))

/** Keeps the synthesis of every group that has one, so that its id gives it back; the ids by group. */
export async function keepGroups(context: Context, pooling: Pooling): Promise<ReadonlyMap<string, string>> {
  const { groupBy, within } = pooling
  const [candidates, syntheses] = await Promise.all([candidatesOf(context, pooling), synthesesOf(context, pooling)])
  const filterOf = filtersOfGroups(within, candidates)
  const bases = [...syntheses].flatMap(([key, synthesis]): { key: string; basis: SynthesisBasis }[] => {
    if (synthesis instanceof PublicError) return []
    const [first] = synthesis.candidates
    if (first === undefined) return []
    const filter = filterOf(groupBy.map((by) => ({ by, value: groupOf(first, by) })))
    const { revision } = context.dataRevision
    return [{ key, basis: { filter, question: { ...usualQuestion }, candidates: synthesis.candidates, dataRevision: revision, engineVersion } }]
  })
  const ids = await keepSyntheses(
    context.primary,
    bases.map(({ basis }) => basis),
  )
  return new Map(bases.map(({ key }, index) => [key, ids[index] ?? '']))
}

const groupsOf = (candidates: readonly Candidate[], { groupBy }: Pooling) =>
  grouped(candidates, (candidate) => groupKey(groupBy.map((by) => groupOf(candidate, by))))

async function ofEachSynthesis<Value>(
  context: Context,
  pooling: Pooling,
  work: (synthesis: Synthesis | PublicError) => Value,
): Promise<ReadonlyMap<string, Value>> {
  return eachInTurn(await synthesesOf(context, pooling), work)
}

const synthesesOfRequest = () => new Map<string, Promise<ReadonlyMap<string, Synthesis | PublicError>>>()

/** The synthesis of every group, or why it has none; held no longer than the request, like what it rests on. */
function synthesesOf(context: Context, pooling: Pooling): Promise<ReadonlyMap<string, Synthesis | PublicError>> {
  const held = context.perRequest(synthesesOfRequest)
  const name = JSON.stringify([pooling.groupBy, pooling.where.text, pooling.where.values])
  const found = held.get(name) ?? candidatesOf(context, pooling).then((candidates) => eachInTurn(groupsOf(candidates, pooling), synthesisOfGroup))
  held.set(name, found)
  return found
}

const candidatesOfRequest = () => new Map<string, Promise<Candidate[]>>()

/** All effects of a list with what pooling needs; held no longer than the request, for they are much larger than what comes of them. */
function candidatesOf(context: Context, { where, limit }: Pooling): Promise<Candidate[]> {
  const held = context.perRequest(candidatesOfRequest)
  const name = JSON.stringify([where.text, where.values])
  const found = held.get(name) ?? vocabularyOf(context).then((vocabulary) => findCandidates(context.database, where, vocabulary, limit))
  held.set(name, found)
  return found
}

/** How long other requests wait for a turn at most, about. */
const turnMs = 10

/** Does work that takes no waiting group by group, letting others have a turn in between. */
async function eachInTurn<Item, Value>(groups: ReadonlyMap<string, Item>, work: (item: Item) => Value): Promise<Map<string, Value>> {
  const done = new Map<string, Value>()
  let since = performance.now()
  for (const [key, item] of groups) {
    done.set(key, work(item))
    if (performance.now() - since < turnMs) continue
    await nextTurn()
    since = performance.now()
  }
  return done
}
