import type { Prisma } from '../generated/prisma/client.js'
import { withAccepted, type Accepted } from './accepted.js'
import { corpusChanges, type CorpusChange } from './changes.js'
import type { Corpus } from './files.js'
import { insertion } from './insert.js'
import { keptAsOfToday } from './kept.js'

/** Where an import stands before it writes. */
export interface Standing {
  /** The newest revision; null in a new database. */
  readonly newest: { readonly filesDigest: string | null } | null
  readonly files: Corpus
  readonly filesDigest: string
  /** What was accepted before this import. */
  readonly accepted: readonly Accepted[]
}

/** The corpus of the newest revision: null if there is none, undefined if its files were not kept. To be asked before other files are kept. */
export async function corpusBefore(
  transaction: Prisma.TransactionClient,
  { newest, files, filesDigest, accepted }: Standing,
): Promise<Corpus | null | undefined> {
  if (newest === null) return null
  if (newest.filesDigest === null) return undefined
  const before = newest.filesDigest === filesDigest ? files : await keptAsOfToday(transaction, newest.filesDigest)
  return before === null ? undefined : withAccepted(before, accepted)
}

interface Recorded {
  readonly revisionId: number
  /** See `corpusBefore`. */
  readonly before: Corpus | null | undefined
  readonly after: Corpus
  readonly counts: Readonly<Record<string, number>>
}

/** Records what a revision changed, in the transaction that writes it. Of the first one, that it added everything: a line for each kind, not a row for each study. */
export async function recordChanges(transaction: Prisma.TransactionClient, { revisionId, before, after, counts }: Recorded): Promise<void> {
  if (before === undefined) return
  const changes = before === null ? [everythingAdded(counts)] : corpusChanges(before, after).map(rowOf)
  // They are read from the newest to the oldest: the first is written last.
  await insertion('data_change', changes.map((change) => ({ revisionId, ...change })).reverse())(transaction)
  await transaction.dataRevision.update({ where: { id: revisionId }, data: { changeRecord: before === null ? 'EVERYTHING_ADDED' : 'RECORDED' } })
}

const rowOf = ({ type, slug, ...change }: CorpusChange) => ({ subjectType: type, subjectSlug: slug, ...change })

const everythingAdded = (counts: Readonly<Record<string, number>>) => ({
  ...{ kind: 'ADDED', subjectType: null, subjectSlug: null, conditions: null },
  what: Object.entries(counts).map(([kind, count]) => `${kind}: added ${count}`),
})
