import { PublicError } from '../errors.js'
import type { EvidenceClass } from '../generated/prisma/enums.js'
import type { Context } from '../graphql/context.js'
import { groupBy } from '../grouping.js'
import { groupKey } from '../summary/groupPools.js'
import { listSummaries, summaryLimits, type Summary, type SummaryList } from '../summary/summaryList.js'
import type { ConditionTerm, OutcomeTerm, Vocabulary } from '../vocabulary/vocabulary.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { findRevisionsBetween, findRelevantChanges, getRevision } from './changes.queries.js'
import { hasMoved, type Conclusion, type ConclusionKey } from './conclusion.js'
import { findKeptUpTo, findOldestKept, findPairs } from './conclusions.queries.js'
import { conclusionGroups, keepConclusions } from './keeping.js'
import { slugsOfConditions } from './changes.filter.js'
import { reasonsOf } from './why.js'

export interface ConclusionChangeRecord {
  readonly condition: ConditionTerm | null
  readonly outcome: OutcomeTerm | null
  readonly key: ConclusionKey
  readonly before: Summary | null
  readonly after: Summary | null
  readonly why: readonly string[]
}

export interface ConclusionQuestion {
  readonly sinceRevision: string
  readonly conditions: readonly string[] | null
}

/**
 * The conclusions that moved from a revision to the state of the data now.
 *
 * @throws {PublicError} UNKNOWN_REVISION, UNKNOWN_TERM; NOT_COMPUTABLE CONCLUSIONS_NOT_KEPT of a revision that is older than the first one kept; BAD_USER_INPUT TOO_MANY_GROUPS
 */
export async function findMovedConclusions(context: Context, { sinceRevision, conditions }: ConclusionQuestion): Promise<ConclusionChangeRecord[]> {
  const { primary, dataRevision } = context
  const since = await getRevision(primary, sinceRevision, 'sinceRevision')
  const wanted = conditions === null ? null : new Set(await slugsOfConditions(context, conditions))
  if (since.key === dataRevision.id) return []
  await keepConclusions(primary)
  const [from, to] = await Promise.all([findKeptUpTo(primary, since.key), findKeptUpTo(primary, dataRevision.id)])
  if (to?.id !== dataRevision.id)
    throw new PublicError('SERVICE_UNAVAILABLE', 'the data changed while their conclusions were pooled: ask again', { reason: 'CONCLUSIONS_NOT_READY' })
  if (from === null) throw await notKept(context, since.revision)
  const limit = summaryLimits.groups
  const pairs = await findPairs(primary, { from: from.id, to: to.id, conditions: wanted === null ? null : [...wanted], limit })
  if (pairs.length > limit)
    throw new PublicError('BAD_USER_INPUT', `more than ${limit} conclusions differ: name conditions`, {
      reason: 'TOO_MANY_GROUPS',
      argument: 'conditions',
      limit,
    })
  const moved = pairs.filter(({ before, after }) => hasMoved(before, after))
  if (moved.length === 0) return []
  const span = { since: null, after: from.id, upTo: to.id }
  const [vocabulary, changes, between] = await Promise.all([vocabularyOf(context), findRelevantChanges(primary, span), findRevisionsBetween(primary, span)])
  const byStudy = groupBy(
    changes.filter(({ study }) => study !== null),
    ({ study }) => study ?? '',
  )
  const notRecorded = between.filter(({ changeRecord }) => changeRecord === null).length
  return moved.map(({ key, before, after }) => ({
    key,
    condition: vocabulary.conditions.find(key.condition) ?? null,
    outcome: vocabulary.outcomes.find(key.outcome) ?? null,
    before: before && summaryOf({ key, conclusion: before, isNow: false }, vocabulary),
    after: after && summaryOf({ key, conclusion: after, isNow: true }, vocabulary),
    why: reasonsOf(before, after, {
      engineVersions: [from.engineVersion, to.engineVersion],
      notRecorded,
      byStudy,
      ofTerms: changes.filter(({ study, subjectType, subjectSlug }) => study === null && (subjectType !== 'Outcome' || subjectSlug === key.outcome)),
    }),
  }))
}

async function notKept({ primary }: Context, revision: string): Promise<PublicError> {
  const oldest = await findOldestKept(primary)
  return new PublicError(
    'NOT_COMPUTABLE',
    `the conclusions of revision ${revision.slice(0, 12)} were not kept: the first revision with conclusions is ${oldest?.slice(0, 12) ?? 'yet to come'}`,
    { reason: 'CONCLUSIONS_NOT_KEPT', ref: revision, suggestions: oldest === null ? [] : [oldest] },
  )
}

interface Shown {
  readonly key: ConclusionKey
  readonly conclusion: Conclusion
  /** Whether it is of the state of the data now, of which more can be asked. */
  readonly isNow: boolean
}

/** A conclusion as the summary that it was. */
function summaryOf({ key, conclusion, isNow }: Shown, vocabulary: Vocabulary): Summary {
  const { condition, outcome, comparison, evidenceClass } = key
  const [conditionTerm, outcomeTerm] = [vocabulary.conditions.find(condition) ?? null, vocabulary.outcomes.find(outcome) ?? null]
  const inList = groupKey([condition, outcome, evidenceClass, comparison])
  const live = (context: Context) =>
    listSummaries(context, { filter: { conditions: [condition], outcomes: [outcome], includeNarrower: false }, groupBy: conclusionGroups, within: null })
  const list: SummaryList = {
    groupBy: conclusionGroups,
    // A curator's judgement is of now.
    isUndivided: isNow,
    summaries: [],
    pooled: () => new Map([[inList, conclusion.pool]]),
    warnings: () => new Map([[inList, conclusion.warnings]]),
    facts: async (context) => (isNow ? (await live(context)).facts(context) : new Map()),
    entries: async (context) => (isNow ? (await live(context)).entries(context) : new Map()),
    bayesian: async (context) => (isNow ? (await live(context)).bayesian(context) : new Map()),
    synthesisIds: async (context) => (isNow ? (await live(context)).synthesisIds(context) : new Map()),
  }
  return {
    ...conclusion.counts,
    list,
    key: inList,
    isFirstOfGroup: conclusion.isFirstOfGroup,
    comparisonKey: comparison,
    evidenceClass: evidenceClass as EvidenceClass, // kept from a summary
    group: [condition, outcome],
    groupNames: [conditionTerm?.name ?? condition, outcomeTerm?.name ?? outcome],
    condition: conditionTerm,
    form: null,
    outcome: outcomeTerm,
  }
}
