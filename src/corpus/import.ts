import { createHash } from 'node:crypto'
import { theService, type Actor } from '../audit/audit.js'
import { recordChange } from '../audit/audit.queries.js'
import type { Prisma } from '../generated/prisma/client.js'
import type { Database } from '../database/client.js'
import { engineVersion, release } from '../version.js'
import { findAccepted, withAccepted, type Accepted } from './accepted.js'
import { affectedStudies } from './affected.js'
import { corpusBefore, recordChanges } from './changes.record.js'
import { CorpusFaults, type Corpus } from './files.js'
import { keepCorpus, packCorpus } from './kept.js'
import { readFiles, type CorpusFiles } from './reading.js'
import { countsOf, recordsOf, recordsOfStudies } from './records.js'
import { Keys, WantedKeys } from './records.ids.js'
import { crossFileFaults } from './rules.js'
import { existingKeys, wantedKeys } from './tables.js'
import { replaceAll, writeChanges } from './write.js'

export interface ImportReport {
  /** False where the database held this revision already. */
  readonly imported: boolean
  /** Fingerprint of the files and of the formulas. */
  readonly revision: string
  readonly counts: Readonly<Record<string, number>>
}

/** What a curator decides, in the transaction of the import that follows. */
export type Decide = (transaction: Prisma.TransactionClient, files: Corpus, accepted: readonly Accepted[]) => Promise<void>

/** Takes back what a dry run did, with what it would have said. */
class DryRun extends Error {
  constructor(readonly report: ImportReport) {
    super('a dry run')
  }
}

/**
 * Brings the database to the state of the corpus files and of the drafts that curators accepted: the whole of it in one transaction, or nothing.
 *
 * Rows keep their keys from import to import. An import of what is there already changes nothing; two imports at once
 * wait for each other.
 *
 * @param decide what a curator decides now: done in the same transaction, before the accepted drafts are read; it may ask for the files and what was accepted before
 * @param actor who imports, for the audit log
 * @param options.dryRun checks everything, tells the same, and writes nothing
 * @param options.reading the folder's files, if somebody reads them already
 * @throws {CorpusFaults} naming every fault, {UnplacedDraft} for an accepted draft that fits nowhere, and what `decide` throws; with the database untouched
 */
export async function importCorpus(
  { prisma }: Database,
  folder: string,
  decide: Decide | undefined = undefined,
  actor: Actor = theService,
  { dryRun = false, reading = readFiles(folder) }: { readonly dryRun?: boolean; readonly reading?: Promise<CorpusFiles> | undefined } = {},
): Promise<ImportReport> {
  const { digest: filesDigest, corpus: files, isChecked, isKept = false } = await reading
  const work = prisma.$transaction(
    async (transaction) => {
      await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('magnesium-evidence import'))`
      const acceptedBefore = await findAccepted(transaction)
      const newest = await transaction.dataRevision.findFirst({ orderBy: { id: 'desc' } })
      // What the database holds, if it was made of these very files.
      const held = newest?.filesDigest === filesDigest ? withAccepted(files, acceptedBefore) : null
      await decide?.(transaction, files, acceptedBefore)
      const corpus = withAccepted(files, await findAccepted(transaction))
      const affected = held !== null && newest?.revision === revisionOf(held) ? affectedStudies(held, corpus) : null
      const faults = isChecked && corpus === files ? [] : crossFileFaults(corpus, affected === null ? undefined : ({ slug }) => !affected.has(slug))
      if (faults.length > 0) throw new CorpusFaults(faults)
      const revision = revisionOf(corpus)
      if (newest?.revision === revision) {
        const report = { imported: false, revision, counts: newest.counts as Record<string, number> } // written below
        if (dryRun) throw new DryRun(report)
        if (!isKept) await keepCorpus(transaction, { digest: filesDigest, packed: await packCorpus(files) })
        return report
      }
      const before = await studyStatuses(transaction)
      const { counts, write } =
        held !== null && affected !== null && newest !== null
          ? await localChange(transaction, { held, corpus, affected, counts: newest.counts as Record<string, number> }) // written below
          : await wholeChange(transaction, corpus)
      if (dryRun) throw new DryRun({ imported: true, revision, counts })
      const corpusThen = await corpusBefore(transaction, { newest, files, filesDigest, accepted: acceptedBefore })
      const packing = isKept ? null : packCorpus(files) // compressed while the database works
      await write()
      if (packing !== null) await keepCorpus(transaction, { digest: filesDigest, packed: await packing })
      const { id: revisionId } = await transaction.dataRevision.create({ data: { revision, engineVersion, release, counts, filesDigest } })
      await recordChanges(transaction, { revisionId, before: corpusThen, after: corpus, counts })
      const after = await studyStatuses(transaction)
      for (const [slug, status] of after) {
        const was = before.get(slug)
        if (was !== undefined && was !== status)
          await recordChange(transaction, { actor, action: 'STATUS_CHANGED', subject: `study ${slug}`, before: was, after: status })
      }
      const change = { before: newest?.revision ?? null, after: revision, details: { release, engineVersion, ...counts } }
      await recordChange(transaction, { actor, action: 'EVIDENCE_IMPORTED', subject: 'evidence', ...change })
      return { imported: true, revision, counts }
    },
    { timeout: 120_000, maxWait: 60_000 },
  )
  return work.catch((error: unknown) => {
    if (error instanceof DryRun) return error.report
    throw error
  })
}

interface Change {
  readonly counts: Readonly<Record<string, number>>
  readonly write: () => Promise<void>
}

async function wholeChange(transaction: Prisma.TransactionClient, corpus: Corpus): Promise<Change> {
  const records = recordsOf(corpus, new Keys(await existingKeys(transaction)))
  return { counts: countsOf(records), write: () => replaceAll(transaction, records) }
}

interface Held {
  /** What the database holds. */
  readonly held: Corpus
  readonly corpus: Corpus
  /** Slugs. */
  readonly affected: ReadonlySet<string>
  /** Of what the database holds. */
  readonly counts: Readonly<Record<string, number>>
}

/** The rows of the affected studies alone: all others are as they will be. */
async function localChange(transaction: Prisma.TransactionClient, { held, corpus, affected, counts }: Held): Promise<Change> {
  const rowsOf = (state: Corpus, keys: Keys) => recordsOfStudies(state, keys, (slug) => affected.has(slug))
  const wanted = new WantedKeys()
  for (const state of [held, corpus]) rowsOf(state, wanted)
  const { existing, largest } = await wantedKeys(transaction, wanted)
  const keys = new Keys(existing, largest)
  const [before, after] = [rowsOf(held, keys), rowsOf(corpus, keys)]
  const [less, more] = [countsOf(before), countsOf(after)]
  const now = Object.entries(counts).map(([name, count]) => [name, count - (less[name] ?? 0) + (more[name] ?? 0)] as const)
  return { counts: Object.fromEntries(now), write: () => writeChanges(transaction, before, after) }
}

/** Current, corrected, retracted …: of every study, by its slug. */
async function studyStatuses(transaction: Prisma.TransactionClient): Promise<ReadonlyMap<string, string>> {
  const statuses = await transaction.$queryRaw<{ slug: string; status: string }[]>`
    SELECT s.slug, st.status::text AS status FROM study s JOIN study_status st ON st.study_id = s.id ORDER BY s.id`
  return new Map(statuses.map(({ slug, status }) => [slug, status]))
}

function revisionOf(corpus: Corpus): string {
  return createHash('sha256')
    .update(JSON.stringify([release, engineVersion, corpus]))
    .digest('hex')
}
