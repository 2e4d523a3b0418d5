import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import sql from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { isOfTheServer, rows } from '../database/query.js'
import { PublicError } from '../errors.js'
import { requireEvidence, type EvidenceFilter } from '../evidence/evidence.filter.js'
import type { Context } from '../graphql/context.js'
import { requireNames } from '../graphql/names.js'
import { encodeId } from '../graphql/nodeId.js'
import { studySlugs } from '../study/filterWords.js'
import { engineVersion } from '../version.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { inOrder, type Candidate } from './candidate.js'
import { findCandidates } from './candidate.queries.js'
import { countedOtherwise, findCounts } from './countedBy.queries.js'
import { canonical } from '../canonical.js'
import { candidateAsKept, questionAsKept } from './keptCandidate.js'
import { groupOf, type SummaryGroup } from './groups.js'
import type { SynthesisQuestion } from './question.js'
import { shownPool, type ShownPool } from './shown.js'
import { synthesize, type Synthesis } from './synthesis.js'

/** How many effects one synthesis takes, and how much room the kept syntheses have; published in docs/limits.md. */
export const synthesisLimits = { effects: 20_000, keptBytes: 256 * 1024 * 1024 } as const

type Question = SynthesisQuestion<SummaryGroup>

/** What a synthesis is computed from, and all that is needed to compute it again. */
export interface SynthesisBasis {
  readonly filter: EvidenceFilter
  readonly question: Question
  readonly candidates: readonly Candidate[]
  readonly dataRevision: string
  readonly engineVersion: string
}

/** A synthesis with what it rests on. */
export interface SynthesisRecord extends SynthesisBasis {
  readonly synthesis: Synthesis
  readonly pool: ShownPool
}

/**
 * Pools the effects that a filter selects, over the data as they are now: one statement, and one more where a review's counts are asked for.
 *
 * @throws {PublicError} BAD_USER_INPUT TOO_MANY_EFFECTS, NOTHING_TO_POOL, UNKNOWN_STUDY, NO_COUNTS_OF_REVIEW, COUNTED_IN_TWO_WAYS, and what filter, selection and pooling refuse
 */
export async function poolFilter(context: Context, filter: EvidenceFilter, question: Question): Promise<SynthesisRecord> {
  const vocabulary = await vocabularyOf(context)
  const where = await requireEvidence(context, filter)
  await requireNames(
    context.database,
    (question.without ?? []).map((ref) => ({ nameable: studySlugs, argument: 'without', ref })),
  )
  const candidates = await findCandidates(context.database, where, vocabulary, synthesisLimits.effects)
  if (candidates.length > synthesisLimits.effects)
    throw new PublicError('BAD_USER_INPUT', `the filter matches more than ${synthesisLimits.effects} effects, which is as many as are pooled: narrow it`, {
      reason: 'TOO_MANY_EFFECTS',
      argument: 'filter',
      limit: synthesisLimits.effects,
    })
  const counted = question.asCountedBy == null ? candidates : countedOtherwise(candidates, await findCounts(context.database, question.asCountedBy))
  return recordOf({ filter, question, candidates: inOrder(counted), dataRevision: context.dataRevision.revision, engineVersion })
}

export function recordOf(basis: SynthesisBasis): SynthesisRecord {
  const { subgroupBy } = basis.question
  const synthesis = synthesize(basis.question, basis.candidates, (candidate) => (subgroupBy === null ? null : groupOf(candidate, subgroupBy)))
  return { ...basis, synthesis, pool: shownPool(synthesis) }
}

/** A hash of what was asked, of the effects that answered it and of the version of the formulas. */
export function synthesisKey({ filter, question, candidates, engineVersion: engine }: SynthesisBasis): string {
  return createHash('sha256').update(canonical({ engine, filter, question, candidates })).digest('base64url').slice(0, 32)
}

const [zip, unzip] = [promisify(gzip), promisify(gunzip)]

/**
 * Keeps what syntheses were computed from under their ids, so that an id gives its synthesis back when the data have changed: in three statements at
 * most, whatever their number. The oldest go when there is no more room. A database that takes no writes, or does not answer while replicas do, keeps
 * nothing; the ids do not need to be kept to be told.
 *
 * @returns their ids, in the order given
 */
export async function keepSyntheses(primary: Database, bases: readonly SynthesisBasis[]): Promise<string[]> {
  const keys = bases.map(synthesisKey)
  await unlessItTakesNone(() => keepMissing(primary, new Map(bases.map((basis, index) => [keys[index] ?? '', basis]))))
  return keys.map((key) => encodeId('Synthesis', key))
}

async function keepMissing(database: Database, missing: Map<string, SynthesisBasis>): Promise<void> {
  const keys = [...missing.keys()]
  const known = await rows<{ key: string }>(database, sql`SELECT key FROM kept_synthesis WHERE key = ANY (${keys}::text[])`)
  for (const { key } of known) missing.delete(key)
  if (missing.size > 0) await keep(database, missing)
}

async function keep(database: Database, bases: ReadonlyMap<string, SynthesisBasis>): Promise<void> {
  const values = [...bases.values()]
  const [revisions, engines] = [values.map(({ dataRevision }) => dataRevision), values.map((basis) => basis.engineVersion)]
  const contents = await Promise.all(values.map(({ filter, question, candidates }) => zip(JSON.stringify({ filter, question, candidates }))))
  await rows(
    database,
    sql`INSERT INTO kept_synthesis (key, data_revision, engine_version, content)
      SELECT * FROM unnest(${[...bases.keys()]}::text[], ${revisions}::text[], ${engines}::text[], ${contents}::bytea[]) ON CONFLICT (key) DO NOTHING`,
  )
  await rows(
    database,
    sql`DELETE FROM kept_synthesis WHERE key IN (
      SELECT key FROM (SELECT key, sum(octet_length(content)) OVER (ORDER BY kept_at DESC, key) AS held FROM kept_synthesis) newest WHERE held > ${synthesisLimits.keptBytes})`,
  )
}

async function unlessItTakesNone(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const { code } = error as { code?: string } // the driver's errors carry their SQLSTATE
    if (code !== '25006' && !isOfTheServer(error)) throw error
  }
}

/** What syntheses were computed from, by key and in the order asked; null where a key is not kept (any more). */
export async function findSynthesisBases(database: Database, keys: readonly string[]): Promise<(SynthesisBasis | null)[]> {
  const found = await rows<{ key: string; dataRevision: string; engineVersion: string; content: Buffer }>(
    database,
    sql`SELECT key, data_revision AS "dataRevision", engine_version AS "engineVersion", content FROM kept_synthesis WHERE key = ANY (${keys}::text[])`,
  )
  return Promise.all(
    keys.map(async (key) => {
      const row = found.find((candidate) => candidate.key === key)
      if (row === undefined) return null
      const held = JSON.parse((await unzip(row.content)).toString('utf8')) as Pick<SynthesisBasis, 'filter' | 'question' | 'candidates'> // as keepSyntheses wrote it
      return {
        filter: held.filter,
        question: questionAsKept(held.question),
        candidates: held.candidates.map(candidateAsKept),
        dataRevision: row.dataRevision,
        engineVersion: row.engineVersion,
      }
    }),
  )
}

/** Kept syntheses, computed again from what they were computed from, by key and in the order asked; null where a key is not kept. */
export async function findSyntheses({ primary }: Context, keys: readonly string[]): Promise<((SynthesisRecord & { readonly id: string }) | null)[]> {
  const bases = await findSynthesisBases(primary, keys)
  return bases.map((basis, index) => (basis === null ? null : { ...recordOf(basis), id: encodeId('Synthesis', keys[index] ?? '') }))
}
