import type { Database } from '../database/client.js'
import { PublicError } from '../errors.js'
import type { EvidenceFilter } from '../evidence/evidence.filter.js'
import { contextOver, RevisionMemo, type Context, type DataRevision } from '../graphql/context.js'
import { notPooled } from '../summary/pooledGroup.js'
import { listSummaries, summaryLimits } from '../summary/summaryList.js'
import type { SummaryGroup } from '../synthesis/groups.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { conclusionOf, packed } from './conclusion.js'
import { countEffects, findNewest, keepRows, type KeptRow } from './conclusions.queries.js'

/** What a conclusion is about; comparison and class of evidence part every list. */
export const conclusionGroups = ['CONDITION', 'OUTCOME'] as const satisfies readonly SummaryGroup[]

/**
 * Pools the evidence of the newest revision group by group and keeps what differs from the conclusions before; does nothing if that was done.
 * One process at a time: others wait, and find it done.
 */
export async function keepConclusions(database: Database, signal?: AbortSignal): Promise<void> {
  if ((await findNewest(database))?.isKept !== false) return
  const client = await database.pool.connect()
  let lost = false
  try {
    await client.query("SELECT pg_advisory_lock(hashtext('magnesium-evidence conclusions'))")
    try {
      for (;;) {
        const newest = await findNewest(database)
        if (newest?.isKept !== false) return
        if (await keepRows(database, newest, await conclusionsOf(database, newest, signal))) return
      }
    } finally {
      await client.query("SELECT pg_advisory_unlock(hashtext('magnesium-evidence conclusions'))")
    }
  } catch (error) {
    lost = true
    throw error
  } finally {
    // A connection that failed may hold the lock still: it goes, and the lock with it.
    client.release(lost)
  }
}

async function conclusionsOf(database: Database, revision: DataRevision, signal: AbortSignal | undefined): Promise<KeptRow[]> {
  // Of its own, and gone with this work: what requests keep in memory stays.
  const memo = new RevisionMemo(database, revision)
  const kept: KeptRow[] = []
  for (const filter of await portionsOf(contextOver(memo))) {
    signal?.throwIfAborted()
    kept.push(...(await conclusionsWithin(contextOver(memo), filter)))
  }
  return kept
}

/** Conditions together as long as their effects can be pooled at once; a larger one by its outcomes. */
async function portionsOf(context: Context): Promise<EvidenceFilter[]> {
  const [vocabulary, counts] = [await vocabularyOf(context), await countEffects(context.primary)]
  const portions: EvidenceFilter[] = []
  let [together, sum]: [string[], number] = [[], 0]
  const close = () => {
    if (together.length > 0) portions.push({ conditions: together, includeNarrower: false })
    ;[together, sum] = [[], 0]
  }
  for (const { key, effects } of counts) {
    const { slug } = vocabulary.conditions.get(key)
    if (effects > summaryLimits.pooledEffects) {
      portions.push(...vocabulary.outcomes.all.map((outcome) => ({ conditions: [slug], outcomes: [outcome.slug], includeNarrower: false })))
      continue
    }
    if (sum + effects > summaryLimits.pooledEffects) close()
    together.push(slug)
    sum += effects
  }
  close()
  return portions
}

async function conclusionsWithin(context: Context, filter: EvidenceFilter): Promise<KeptRow[]> {
  const list = await listSummaries(context, { filter, groupBy: conclusionGroups }).catch((error: unknown) => {
    // Too many groups for one list: one condition after the other.
    if (error instanceof PublicError && (filter.conditions?.length ?? 0) > 1) return null
    throw error
  })
  if (list === null) {
    const rows: KeptRow[] = []
    for (const condition of filter.conditions ?? []) rows.push(...(await conclusionsWithin(context, { ...filter, conditions: [condition] })))
    return rows
  }
  // One after the other: they share the syntheses, which the first of them makes.
  const pools = await list.pooled(context)
  const warnings = await list.warnings(context)
  const entries = await list.entries(context)
  return Promise.all(
    list.summaries.map(async (summary) => {
      const { key, group, comparisonKey, evidenceClass } = summary
      const pool = pools.get(key) ?? notPooled('its effects were not found')
      const conclusion = conclusionOf(summary, pool, warnings.get(key) ?? [], entries.get(key) ?? [])
      return { condition: group[0] ?? '', outcome: group[1] ?? '', comparison: comparisonKey, evidenceClass, ...(await packed(conclusion)) }
    }),
  )
}

export interface KeepingOptions {
  /** Until the first look; later ones follow each other at `everyMs`. */
  readonly firstAfterMs: number
  readonly everyMs: number
  readonly onFailure: (error: unknown) => void
}

/** Keeps the conclusions of every revision that is seen, beside whatever else the process does. @returns ends it, as soon as what is under way lets it */
export function watchConclusions(database: Database, { firstAfterMs, everyMs, onFailure }: KeepingOptions): () => void {
  const stopping = new AbortController()
  let timer: NodeJS.Timeout
  const lookAfter = (ms: number) => {
    timer = setTimeout(() => {
      void keepConclusions(database, stopping.signal)
        .catch((error: unknown) => {
          if (!stopping.signal.aborted) onFailure(error)
        })
        .finally(() => {
          if (!stopping.signal.aborted) lookAfter(everyMs)
        })
    }, ms)
    timer.unref()
  }
  lookAfter(firstAfterMs)
  return () => {
    stopping.abort()
    clearTimeout(timer)
  }
}
