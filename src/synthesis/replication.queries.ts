import DataLoader from 'dataloader'
import sql from 'sql-template-tag'
import { z } from 'zod'
import type { Database } from '../database/client.js'
import { rows } from '../database/query.js'
import { PublicError } from '../errors.js'
import { evidenceWanted, type EvidenceFilter } from '../evidence/evidence.filter.js'
import type { PooledResultRecord } from '../evidence/pooled.queries.js'
import type { EffectMeasure } from '../generated/prisma/enums.js'
import type { Context } from '../graphql/context.js'
import { engineVersion } from '../version.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { inOrder, type Candidate } from './candidate.js'
import { findCandidates } from './candidate.queries.js'
import { countedOtherwise, findCountsOfPools } from './countedBy.queries.js'
import { EmptyCellRule, IntervalMethod, PoolingModel, Tau2Estimator } from './question.js'
import { questionOfReview, unitsApart, verdictOf, type ReplicationVerdict } from './replication.js'
import { recordOf, synthesisLimits, type SynthesisRecord } from './synthesis.queries.js'

/** A published pooled result beside what its trials give. */
export interface ReplicationRecord {
  readonly published: PooledResultRecord
  readonly recomputed: SynthesisRecord | null
  readonly heldStudies: number
  readonly ofStudies: number | null
  readonly unitsApart: number | null
  readonly verdict: ReplicationVerdict
  readonly explanation: string
}

/** The trials of a pooled result that are held, in the order of the file. */
interface HeldTrials {
  readonly slug: string
  readonly trials: readonly string[]
  readonly method: {
    readonly model: string
    readonly estimator: string
    readonly interval: string
    readonly emptyCells: string
    readonly incomplete: boolean
    readonly explanation: string
    readonly results: readonly string[]
    /** Some trial enters with other numbers than its result's own. */
    readonly counted: boolean
  } | null
}

const methodAsStored = z.object({
  model: z.enum(PoolingModel),
  estimator: z.enum(Tau2Estimator),
  interval: z.enum(IntervalMethod),
  emptyCells: z.enum(EmptyCellRule),
})

/** Trials named as inputs; where none are, trials on the outcome that say that the review tabulates them. */
function heldTrials(database: Database, slugs: readonly string[]): Promise<HeldTrials[]> {
  return rows<HeldTrials>(
    database,
    sql`
      SELECT pr.slug,
        coalesce(
          (SELECT json_agg(s.slug ORDER BY i.position) FROM replication_input i JOIN result r ON r.id = i.result_id JOIN study s ON s.id = r.study_id WHERE i.pooled_result_id = pr.id),
          (SELECT json_agg(s.slug ORDER BY s.slug) FROM study s
           WHERE s.id <> pr.study_id
             AND EXISTS (SELECT 1 FROM study_publication trial JOIN study_publication review ON review.publication_id = trial.publication_id AND review.role <> 'TABULATED_IN'
                         WHERE trial.study_id = s.id AND trial.role = 'TABULATED_IN' AND review.study_id = pr.study_id)
             AND EXISTS (SELECT 1 FROM study_outcome o WHERE o.study_id = s.id AND o.outcome_id = pr.outcome_id)),
          '[]'
        ) AS trials,
        CASE WHEN m.pooled_result_id IS NOT NULL THEN json_build_object(
          'model', m.model, 'estimator', m.estimator, 'interval', m."interval", 'emptyCells', m.empty_cells, 'incomplete', m.incomplete, 'explanation', m.explanation,
          'results', (SELECT json_agg(r.slug ORDER BY i.position) FROM replication_input i JOIN result r ON r.id = i.result_id WHERE i.pooled_result_id = pr.id),
          'counted', EXISTS (SELECT 1 FROM replication_input i JOIN result_report rep ON rep.id = i.report_id WHERE i.pooled_result_id = pr.id AND rep.position > 0)
        ) END AS method
      FROM pooled_result pr LEFT JOIN replication m ON m.pooled_result_id = pr.id
      WHERE pr.slug = ANY (${slugs}::text[])`,
  )
}

/** The trials of pooled results that are held, one statement a request. */
export function trialsOfPools({ database }: Context): DataLoader<string, HeldTrials> {
  return new DataLoader(async (slugs) => {
    const found = new Map((await heldTrials(database, slugs)).map((held) => [held.slug, held]))
    return slugs.map((slug) => found.get(slug) ?? { slug, trials: [], method: null })
  })
}

/** Pooled results computed again: three statements a request, whatever their number. */
export function replicationsOfPools(context: Context): DataLoader<PooledResultRecord, ReplicationRecord, string> {
  return new DataLoader<PooledResultRecord, ReplicationRecord, string>(
    async (pooled) => {
      const trials = context.perRequest(trialsOfPools)
      const held = await Promise.all(pooled.map(({ slug }) => trials.load(slug)))
      const results = held.flatMap(({ method }) => method?.results ?? [])
      const vocabulary = await vocabularyOf(context)
      const [candidates, counts] = await Promise.all([
        results.length === 0 ? [] : findCandidates(context.database, evidenceWanted(filterOf(results), vocabulary), vocabulary, synthesisLimits.effects),
        findCountsOfPools(
          context.database,
          held.filter(({ method }) => method?.counted === true).map(({ slug }) => slug),
        ),
      ])
      const bySlug = new Map(candidates.map((candidate) => [candidate.slug, candidate]))
      return pooled.map((published, index) => {
        const ofPublished = held[index] as HeldTrials // one for each
        const ofPool = (ofPublished.method?.results ?? []).flatMap((slug) => bySlug.get(slug) ?? [])
        return replicationOf(published, ofPublished, countedOtherwise(ofPool, counts.get(published.slug) ?? []), context.dataRevision.revision)
      })
    },
    { cacheKeyFn: ({ slug }) => slug },
  )
}

/** A review may hold what has been retracted since. */
const filterOf = (results: readonly string[]): EvidenceFilter => ({ results: [...results], retracted: 'INCLUDE' })

function replicationOf(
  published: PooledResultRecord,
  { trials, method }: HeldTrials,
  candidates: readonly Candidate[],
  dataRevision: string,
): ReplicationRecord {
  const ofStudies = published.k
  const held = { published, ofStudies, heldStudies: method === null ? Math.min(trials.length, ofStudies ?? Infinity) : trials.length }
  if (method === null) {
    const verdict = trials.length === 0 ? ('NOT_HELD' as const) : ('PARTLY_HELD' as const)
    const explanation =
      trials.length === 0
        ? 'None of its trials is known to be held.'
        : 'Trials that the review tabulates are held; which of their numbers it pooled, and by which model, is not recorded.'
    return { ...held, recomputed: null, unitsApart: null, verdict, explanation }
  }
  const { model, estimator, interval, emptyCells } = methodAsStored.parse(method)
  const { effect } = published
  const question = questionOfReview({
    measure: effect.measure as EffectMeasure,
    model,
    estimator,
    interval,
    level: effect.ciLevel ?? 0.95,
    emptyCells: emptyCells === 'ADD_HALF' ? emptyCells : null,
    asCountedBy: method.counted ? published.slug : null,
  })
  try {
    const basis = { filter: filterOf(method.results), question, candidates: inOrder(candidates), dataRevision, engineVersion }
    const recomputed = recordOf(basis)
    const apart = unitsApart({ ...effect, decimals: published.decimals }, recomputed.pool)
    return {
      ...held,
      recomputed,
      unitsApart: apart,
      verdict: verdictOf({ apart, isComplete: !method.incomplete && (ofStudies === null || trials.length >= ofStudies) }),
      explanation: method.explanation,
    }
  } catch (error) {
    if (!(error instanceof PublicError)) throw error
    return {
      ...held,
      recomputed: null,
      unitsApart: null,
      verdict: 'PARTLY_HELD',
      explanation: `${method.explanation} The trials held cannot be pooled: ${error.message}`,
    }
  }
}
