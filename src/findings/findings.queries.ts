import DataLoader from 'dataloader'
import sql from 'sql-template-tag'
import { shownComparison, type EvidenceComparison } from '../evidence/comparison.graphql.js'
import { exposureNames, readComparisonKey } from '../evidence/comparisonKey.js'
import { PublicError } from '../errors.js'
import { findPooledResults, type PooledResultRecord } from '../evidence/pooled.queries.js'
import { Route, type ComparisonKind } from '../generated/prisma/enums.js'
import type { Context } from '../graphql/context.js'
import { groupBy } from '../grouping.js'
import type { Certainty } from '../summary/certainty.graphql.js'
import { notPooled, type PooledGroup } from '../summary/pooledGroup.js'
import { certaintyOf, outcomesOfConditions } from '../summary/summary.graphql.js'
import type { Summary } from '../summary/summaryList.js'
import { absoluteEffect, type AbsoluteEffect } from '../synthesis/perThousand.js'
import { requireRisk } from '../synthesis/synthesis.filter.js'
import type { ConditionTerm, OutcomeTerm, Vocabulary } from '../vocabulary/vocabulary.js'
import { namingNearestTerms, vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { arrange, comparisonsOf, type Placed } from './finding.js'
import { isBeside } from './reviews.js'
import { statementOf, type Told } from './statement.js'
import { span, unitInWords } from './amount.js'

/** One outcome of one condition, comparison and class of evidence, with all that is told of it. */
export interface Finding extends Placed, Told {
  readonly summary: Summary
  readonly condition: ConditionTerm
  readonly outcome: OutcomeTerm
  readonly group: PooledGroup
  readonly rating: Certainty | null
  readonly perThousand: AbsoluteEffect | null
  readonly statement: string
  readonly timepoint: string | null
  readonly reviews: readonly PooledResultRecord[]
}

export interface Findings {
  readonly condition: ConditionTerm
  readonly comparison: EvidenceComparison
  readonly rows: readonly Finding[]
  readonly moreRows: readonly Finding[]
  /** As they were asked, for addresses. */
  readonly asked: FindingsQuestion
}

export interface FindingsQuestion {
  readonly comparison: ComparisonKind
  readonly agent: string | null
  readonly baselineRisk: number | null
}

/** What is found on a condition and all narrower ones, whatever the comparison. */
export async function findingsOf(context: Context, { key }: Pick<ConditionTerm, 'key'>, baselineRisk: number | null = null): Promise<readonly Finding[]> {
  const [summaries, reviews, vocabulary] = await Promise.all([
    context.perRequest(outcomesOfConditions).load(key),
    context.perRequest(reviewsOfConditions).load(key),
    vocabularyOf(context),
  ])
  return Promise.all(summaries.map((summary) => findingOf(context, summary, { baselineRisk, reviews, vocabulary })))
}

interface Beside {
  readonly baselineRisk: number | null
  readonly reviews: readonly PooledResultRecord[]
  readonly vocabulary: Vocabulary
}

async function findingOf(context: Context, summary: Summary, { baselineRisk, reviews, vocabulary }: Beside): Promise<Finding> {
  const { condition, outcome, comparisonKey, evidenceClass } = summary
  if (condition === null || outcome === null) throw new RangeError('a summary by condition and outcome must have both')
  const [groups, rating] = await Promise.all([summary.list.pooled(context), certaintyOf(summary, context)])
  const group = groups.get(summary.key) ?? notPooled('its effects were not found')
  const perThousand = group.absolute === null ? null : absoluteEffect(group.absolute, baselineRisk)
  const told: Told = {
    outcome,
    comparisonKey,
    comparisonLabel: shownComparison(comparisonKey, vocabulary).label,
    evidenceClass,
    studies: group.studies ?? summary.studies,
    participants: group.studies === null ? summary.participants : group.participants,
    notPooledReason: group.mainReason,
    certainty: rating?.level ?? null,
    pool: poolOf(group, perThousand, vocabulary),
  }
  return {
    ...told,
    ...{ summary, condition, outcome, group, rating, perThousand },
    isPooled: told.pool !== null,
    statement: statementOf(told),
    timepoint: group.tried?.timepointDays == null ? null : span(group.tried.timepointDays),
    reviews: reviews.filter(
      (review) => review.condition === condition && review.outcome === outcome && isBeside(review, comparisonKey, vocabulary.treatments.all),
    ),
  }
}

function poolOf(group: PooledGroup, perThousand: AbsoluteEffect | null, vocabulary: Vocabulary): Told['pool'] {
  const { measure, estimate, ciLower, ciUpper, direction, appreciable } = group
  if (measure === null || estimate === null || ciLower === null || ciUpper === null) return null
  return { measure, estimate, ciLower, ciUpper, direction, appreciable, perThousand, unit: readableUnit(group, vocabulary) }
}

/** "points of ISI" for "points of isi". */
function readableUnit({ unit, instrument }: PooledGroup, { instruments }: Vocabulary): string | null {
  const term = instrument === null ? undefined : instruments.find(instrument)
  return unit !== null && term !== undefined && unit === `points of ${term.slug}` ? `points of ${term.abbreviation ?? term.name}` : unit && unitInWords(unit)
}

/**
 * The summary of findings of a condition against one comparator; null if nothing is known of it.
 *
 * @throws {PublicError} BAD_USER_INPUT BASELINE_RISK_OUT_OF_RANGE, UNKNOWN_TERM, AGENT_WITHOUT_COMPARISON
 */
export async function summarizeFindings(context: Context, condition: ConditionTerm, asked: FindingsQuestion): Promise<Findings | null> {
  requireRisk(asked.baselineRisk)
  const vocabulary = await vocabularyOf(context)
  const wanted = wantedKey(asked, vocabulary)
  const all = await findingsOf(context, condition, asked.baselineRisk)
  const key = comparisonsOf(all).find(wanted)
  if (key === undefined) return namingNearestTerms(context, async () => (requireAgent(asked, vocabulary), null))
  const { rows, moreRows } = arrange(
    all.filter(({ comparisonKey }) => comparisonKey === key),
    condition.slug,
  )
  return { condition, comparison: shownComparison(key, vocabulary), rows, moreRows, asked }
}

/** Which keys answer a question: any of the kind, or the one of the agent that is named. */
function wantedKey({ comparison, agent }: FindingsQuestion, { treatments, forms }: Vocabulary): (key: string) => boolean {
  if (agent === null) return (key) => readComparisonKey(key).kind === comparison
  if (comparison === 'INACTIVE' || comparison === 'NONE')
    throw new PublicError('BAD_USER_INPUT', `agents are of the comparisons ACTIVE, MAGNESIUM and EXPOSURE, not of ${comparison}`, {
      reason: 'AGENT_WITHOUT_COMPARISON',
      argument: 'agent',
      ref: agent,
    })
  const detail = detailOf(comparison, agent)
  const term = comparison === 'ACTIVE' ? treatments.find(detail) : comparison === 'MAGNESIUM' ? forms.find(detail) : undefined
  const wanted = `${comparison}:${term?.slug ?? detail}`.toLowerCase()
  return (key) => key.toLowerCase() === wanted
}

/** An agent may be given as a comparison's whole key. */
const detailOf = (comparison: ComparisonKind, agent: string) => (agent.startsWith(`${comparison}:`) ? agent.slice(comparison.length + 1) : agent)

/** A name that no comparison of the condition has is unknown if no vocabulary has it either. */
function requireAgent({ comparison, agent }: FindingsQuestion, { treatments, forms }: Vocabulary): void {
  if (agent === null) return
  const details = detailOf(comparison, agent).split('+')
  if (comparison === 'ACTIVE') for (const detail of details) treatments.named(detail)
  if (comparison === 'MAGNESIUM') for (const detail of details) if (!wordsOfMagnesium.has(detail)) forms.named(detail)
  if (comparison === 'EXPOSURE' && !Object.keys(exposureNames).includes(details[0] ?? ''))
    throw new PublicError('BAD_USER_INPUT', `no exposure is called "${agent}"`, {
      reason: 'UNKNOWN_TERM',
      argument: 'agent',
      ref: agent,
      suggestions: Object.keys(exposureNames),
    })
}

const wordsOfMagnesium: ReadonlySet<string> = new Set(['DOSE', ...Object.keys(Route)])

/** The comparisons of a condition, in the order in which questions are taken. */
export async function comparisonsOfCondition(context: Context, condition: Pick<ConditionTerm, 'key'>): Promise<EvidenceComparison[]> {
  const [all, vocabulary] = await Promise.all([findingsOf(context, condition), vocabularyOf(context)])
  return comparisonsOf(all).map((key) => shownComparison(key, vocabulary))
}

/** Pooled results of reviews by condition, of each with all narrower ones: one statement a request. */
function reviewsOfConditions(context: Context): DataLoader<number, readonly PooledResultRecord[]> {
  return new DataLoader(async (keys) => {
    const { conditions } = await vocabularyOf(context)
    const narrower = keys.map((key) => conditions.keysNamed([conditions.get(key).slug], true))
    const found = await findPooledResults(context, [sql`r.condition_id = ANY (${[...new Set(narrower.flat())]}::int[])`, sql`r.estimate IS NOT NULL`])
    const byCondition = groupBy(found, ({ conditionKey }) => conditionKey)
    return narrower.map((all) => all.flatMap((key) => byCondition.get(key) ?? []))
  })
}
