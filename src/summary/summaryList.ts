import type { Sql } from 'sql-template-tag'
import { PublicError } from '../errors.js'
import { requireEvidence, type EvidenceFilter } from '../evidence/evidence.filter.js'
import type { EvidenceClass } from '../generated/prisma/enums.js'
import type { Context } from '../graphql/context.js'
import { compareGroups, groupName, none, several, type SummaryGroup } from '../synthesis/groups.js'
import type { BayesianPool } from '../synthesis/bayesian.graphql.js'
import type { Entry } from '../synthesis/entry.js'
import { synthesisLimits } from '../synthesis/synthesis.queries.js'
import type { SynthesisWarning } from '../synthesis/warnings.js'
import type { ConditionTerm, FormTerm, OutcomeTerm, Vocabulary } from '../vocabulary/vocabulary.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { bayesianOfGroups, contributionsOfGroups, groupKey, keepGroups, poolGroups, warnOfGroups, type Pooling } from './groupPools.js'
import { notPooled, type PooledGroup } from './pooledGroup.js'
import { recent } from './recent.js'
import { countGroups, findGroupFacts, type GroupCounts, type GroupFacts } from './summary.queries.js'

/** How much one list of summaries takes; published in docs/limits.md. */
export const summaryLimits = {
  /** Groups of a list, cells of a map. */
  groups: 5_000,
  /** Effects of all groups together, beyond which groups are counted and not pooled. */
  pooledEffects: synthesisLimits.effects,
  /** Kinds of group at once. */
  groupBy: 3,
  /** Of a list or a map, as docs/limits.md counts cost. */
  cost: 1_000,
  /** Rows times columns of a map, beyond which it names no absolute gaps. */
  mapSize: 10_000,
} as const

/** Groups that are kept in memory under a data revision, of the lists asked for most recently. */
const groupsKept = 20_000

/** A group with its names for a reader; what pooling tells is worked out when it is asked for, for all groups of the list together. */
export interface Summary extends GroupCounts {
  readonly list: SummaryList
  /** The group, and what its rows answer: the comparison and the class of evidence. */
  readonly key: string
  /** Of the summaries of one group, the question that comes first. */
  readonly isFirstOfGroup: boolean
  readonly comparisonKey: string
  readonly evidenceClass: EvidenceClass
  readonly groupNames: readonly string[]
  /** The terms of the group; null where it is of no one term, or the list not of that kind. */
  readonly condition: ConditionTerm | null
  readonly form: FormTerm | null
  readonly outcome: OutcomeTerm | null
}

/** At once where it was worked out before. */
type Now<Value> = Value | Promise<Value>

/** The groups of a filter, in the order in which they are shown. */
export interface SummaryList {
  readonly groupBy: readonly SummaryGroup[]
  /** The groups hold all that is known of their terms: the filter names terms and nothing else, and forms only where the groups are of forms. */
  readonly isUndivided: boolean
  readonly summaries: readonly Summary[]
  /** What pooling tells of each group. */
  pooled(context: Context): Now<ReadonlyMap<string, PooledGroup>>
  /** Doses, durations and p values without an estimate, of each group. */
  facts(context: Context): Now<ReadonlyMap<string, GroupFacts>>
  /** What a reader of each group should know. */
  warnings(context: Context): Now<ReadonlyMap<string, readonly SynthesisWarning[]>>
  /** The Bayesian pool of each group of few entries. */
  bayesian(context: Context): Now<ReadonlyMap<string, BayesianPool | null>>
  /** What entered the pool of each group: not kept, for it is as large as all of them together. */
  entries(context: Context): Promise<ReadonlyMap<string, readonly Entry[]>>
  /** Ids of the syntheses of the groups that can be pooled; each gives its synthesis back. */
  synthesisIds(context: Context): Now<ReadonlyMap<string, string>>
}

const recentLists = () => recent<SummaryList>(groupsKept, ({ summaries }) => summaries.length)

/** What summaries are asked of. */
export interface SummaryQuestion {
  readonly filter: EvidenceFilter | null
  readonly groupBy: readonly SummaryGroup[]
  /** What of the filter the groups do not say themselves, and syntheses of them must; the whole of it where left out. */
  readonly within?: EvidenceFilter | null
}

/**
 * Summaries of the effects that a filter selects, by group: counted in one statement, and kept in memory until the data change.
 *
 * @throws {PublicError} BAD_USER_INPUT TOO_MANY_GROUPS, EMPTY_GROUP_BY, DUPLICATE_GROUP, TOO_MANY_GROUP_KINDS, and what the filter refuses
 */
export async function listSummaries(context: Context, { filter, groupBy, within = filter }: SummaryQuestion): Promise<SummaryList> {
  requireGroupKinds(groupBy)
  const vocabulary = await vocabularyOf(context)
  const where = await requireEvidence(context, filter ?? {})
  const name = JSON.stringify([groupBy, within, where.text, where.values])
  return context.perRevision(recentLists).get(name, () => readList(context, { within, where, groupBy }, vocabulary))
}

function requireGroupKinds(groupBy: readonly SummaryGroup[]): void {
  const refuse = (message: string, rule: { readonly reason: string }) => {
    throw new PublicError('BAD_USER_INPUT', message, { ...rule, argument: 'groupBy', limit: summaryLimits.groupBy, actual: groupBy.length })
  }
  if (groupBy.length === 0) refuse('groupBy names no kind of group: ask for one such as CONDITION', { reason: 'EMPTY_GROUP_BY' })
  if (groupBy.length > summaryLimits.groupBy)
    refuse(`groupBy takes at most ${summaryLimits.groupBy} kinds of group, got ${groupBy.length}`, { reason: 'TOO_MANY_GROUP_KINDS' })
  if (new Set(groupBy).size < groupBy.length) refuse(`groupBy names a kind of group twice: ${groupBy.join(', ')}`, { reason: 'DUPLICATE_GROUP' })
}

interface Listed {
  readonly within: EvidenceFilter | null
  readonly where: Sql
  readonly groupBy: readonly SummaryGroup[]
}

async function readList(context: Context, { within, where, groupBy }: Listed, vocabulary: Vocabulary): Promise<SummaryList> {
  const parted = partedBy(groupBy)
  const counted = await countGroups(context.database, { where, groupBy: parted, limit: summaryLimits.groups }, vocabulary)
  if (counted.length > summaryLimits.groups) throw tooManyGroups(groupBy)
  const effects = counted.reduce((sum, group) => sum + group.effects, 0)
  const pooling: Pooling = { within, where, groupBy: parted, limit: summaryLimits.pooledEffects }
  const refused = () => new Map(counted.map(({ group }) => [groupKey(group), notPooled(tooManyEffects(effects))]))
  const isTooLarge = effects > summaryLimits.pooledEffects
  const summaries: Summary[] = []
  const list: SummaryList = {
    groupBy,
    isUndivided: isUndivided(within ?? {}, groupBy),
    summaries,
    pooled: once((asking) => (isTooLarge ? Promise.resolve(refused()) : poolGroups(asking, pooling))),
    facts: once(async ({ database }) => {
      const found = await findGroupFacts(database, { where, groupBy: parted }, vocabulary)
      return new Map(found.map((facts) => [groupKey(facts.group), facts]))
    }),
    warnings: once((asking) => (isTooLarge ? Promise.resolve(new Map()) : warnOfGroups(asking, pooling))),
    bayesian: once((asking) => (isTooLarge ? Promise.resolve(new Map()) : bayesianOfGroups(asking, pooling))),
    entries: (asking) => (isTooLarge ? Promise.resolve(new Map()) : contributionsOfGroups(asking, pooling)),
    synthesisIds: once((asking) => (isTooLarge ? Promise.resolve(new Map<string, string>()) : keepGroups(asking, pooling))),
  }
  const orders = parted.map((by) => compareGroups(by, vocabulary))
  const inOrder = (a: GroupCounts, b: GroupCounts) =>
    orders.reduce((found, order, index) => (found !== 0 ? found : order(a.group[index] ?? '', b.group[index] ?? '')), 0)
  const seen = new Set<string>()
  summaries.push(
    ...counted.sort(inOrder).map((counts) => ({
      ...counts,
      list,
      key: groupKey(counts.group),
      isFirstOfGroup: seen.size < seen.add(groupKey(counts.group.slice(0, groupBy.length))).size,
      group: counts.group.slice(0, groupBy.length),
      comparisonKey: counts.group[parted.indexOf('COMPARISON')] ?? '',
      evidenceClass: counts.group[parted.indexOf('EVIDENCE_CLASS')] as EvidenceClass, // its groups are classes
      ...namesOf(counts.group, groupBy, vocabulary),
    })),
  )
  return list
}

/** Summaries are always of one class of evidence and one comparison: an average over several answers no question. */
const partedBy = (groupBy: readonly SummaryGroup[]): SummaryGroup[] => [...new Set<SummaryGroup>([...groupBy, 'EVIDENCE_CLASS', 'COMPARISON'])]

function namesOf(
  group: readonly string[],
  groupBy: readonly SummaryGroup[],
  vocabulary: Vocabulary,
): Pick<Summary, 'groupNames' | 'condition' | 'form' | 'outcome'> {
  const valueOf = (by: SummaryGroup) => group[groupBy.indexOf(by)] ?? none
  const termOf = <Term>(terms: { find(ref: string): Term | undefined }, value: string) =>
    value === none || value === several ? null : (terms.find(value) ?? null)
  return {
    groupNames: groupBy.map((by) => groupName(by, valueOf(by), vocabulary)),
    condition: termOf(vocabulary.conditions, valueOf('CONDITION')),
    form: termOf(vocabulary.forms, valueOf('FORM')),
    outcome: termOf(vocabulary.outcomes, valueOf('OUTCOME')),
  }
}

const termFields: ReadonlySet<string> = new Set(['conditions', 'forms', 'outcomes', 'includeNarrower', 'doseAmbiguity'] satisfies (keyof EvidenceFilter)[])

function isUndivided(filter: EvidenceFilter, groupBy: readonly SummaryGroup[]): boolean {
  const isOpen = ([field, value]: [string, unknown]) => value == null || termFields.has(field) || (field === 'combinations' && value === 'INCLUDE')
  return Object.entries(filter).every(isOpen) && (groupBy.includes('FORM') || !filter.forms?.length)
}

/** Does the work at the first call, and has the answer at hand from then on; a failure is tried again at the next. */
function once<Value extends object>(work: (context: Context) => Promise<Value>): (context: Context) => Now<Value> {
  let done: Now<Value> | undefined
  return (context) =>
    (done ??= work(context).then(
      (value) => (done = value),
      (error: unknown) => {
        done = undefined
        throw error
      },
    ))
}

export function tooManyGroups(groupBy: readonly SummaryGroup[]): PublicError {
  const message = `the effects of the filter fall into more than ${summaryLimits.groups} groups: narrow it by conditions, forms or outcomes, or ask for coarser groups than ${groupBy.join(' × ')}`
  return new PublicError('BAD_USER_INPUT', message, { reason: 'TOO_MANY_GROUPS', argument: 'filter', limit: summaryLimits.groups })
}

const tooManyEffects = (effects: number) =>
  `the list holds ${effects} effects, and at most ${summaryLimits.pooledEffects} are pooled at once: narrow the filter`
