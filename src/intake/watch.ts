import type { Actor } from '../audit/audit.js'
import type { Database } from '../database/client.js'
import { saveDrafts } from './draft.queries.js'
import { SourceError } from './fetch.js'
import { fetchProposals } from './fetch.drafts.js'
import { fetchPublications, type FetchOutcome } from './fetch.import.js'
import { mostSearched, searchPubmed } from './fetch.pubmed.js'
import type { Sources } from './fetch.sources.js'
import { outcomes as intakeOutcomes, type IntakeEntry, type Outcome } from './report.js'
import { deleteSearch, noteRun, noteSeen, saveSearch, unseenOf, type SavedSearch } from './watch.queries.js'

/** Letters of a query; it is part of an address. */
export const longestQuery = 2_000
/** New records that one run takes of one search, unless it is told otherwise. */
export const usualLimit = 500
/** Records whose drafts are kept together. */
const batchSize = 25

/** Why a search cannot be saved or removed, in one sentence for the caller. */
export class WatchError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'WatchError'
  }
}

export interface AddedSearch {
  readonly id: number
  /** Records that it finds now. */
  readonly count: number
  /** Parts that PubMed leaves out. */
  readonly ignored: readonly string[]
}

/**
 * Saves a search after PubMed was asked how many records it finds.
 *
 * @param since ISO day of entry into PubMed
 * @throws {WatchError} for a query that is empty, too long, saved already or finds too much
 * @throws {SourceError} if PubMed cannot be asked, or refuses the query
 */
export async function addSearch(
  database: Database,
  sources: Sources,
  { query: given, since, by }: { readonly query: string; readonly since: string | null; readonly by: string | null },
): Promise<AddedSearch> {
  const query = given.trim()
  if (query === '') throw new WatchError('the query is empty')
  if (query.length > longestQuery) throw new WatchError(`the query has ${query.length} characters, at most ${longestQuery} are taken`)
  const { count, ignored } = await searchPubmed(sources.pubmed, sources.caller, { query, since, atMost: 0 })
  if (count > mostSearched) throw new WatchError(tooMany(count))
  const id = await saveSearch(database, { query, since, addedBy: by })
  if (id === null) throw new WatchError(`the search ${JSON.stringify(query)} is saved already`)
  return { id, count, ignored }
}

const tooMany = (count: number) =>
  `the search finds ${count} records, and PubMed gives at most ${mostSearched} of one search: narrow it, or take only what entered PubMed lately with --since`

/** @returns its query @throws {WatchError} for an unknown one */
export async function removeSearch(database: Database, id: number): Promise<string> {
  const query = await deleteSearch(database, id)
  if (query === null) throw new WatchError(`there is no search ${id}`)
  return query
}

/** What one run of a search came to. */
export interface SearchRun {
  readonly search: number
  readonly query: string
  /** Records that PubMed has of it; null if it could not be asked. */
  readonly found: number | null
  /** Records that the search had not brought before. */
  readonly unseen: number
  /** Of these: a publication or a draft of any status has them already. */
  readonly known: number
  /** What became of the others. */
  readonly counts: Readonly<Record<Outcome, number>>
  readonly entries: readonly IntakeEntry[]
  /** New records beyond the limit: left to the next run. */
  readonly left: number
  /** Why the search, a record or a source of it could not be read; the next run tries again. */
  readonly failures: readonly string[]
  /** Parts of the query that PubMed leaves out. */
  readonly ignored: readonly string[]
}

export interface WatchOptions {
  /** New records of each search. */
  readonly limit?: number
  readonly dryRun?: boolean
  readonly by?: string | null
  readonly actor?: Actor
  readonly onProgress?: (search: SavedSearch, done: number, of: number) => void
}

/** Runs searches one after another. What goes wrong with one is in its own report, and the others go on. */
export async function* runSearches(
  database: Database,
  sources: Sources,
  searches: readonly SavedSearch[],
  options: WatchOptions = {},
): AsyncGenerator<SearchRun> {
  for (const search of searches) yield await runSearch(database, sources, search, options)
}

async function runSearch(
  database: Database,
  sources: Sources,
  search: SavedSearch,
  { limit = usualLimit, dryRun = false, onProgress = () => {}, ...options }: WatchOptions,
): Promise<SearchRun> {
  const { id, query, since } = search
  const nothing = { search: id, query, found: null, unseen: 0, known: 0, counts: sumOf([]), entries: [], left: 0, failures: [], ignored: [] }
  let found
  try {
    found = await searchPubmed(sources.pubmed, sources.caller, { query, since })
  } catch (error) {
    if (error instanceof SourceError) return { ...nothing, failures: [error.message] }
    throw error
  }
  const { count, pmids, ignored } = found
  if (count > mostSearched) return { ...nothing, found: count, ignored, failures: [tooMany(count)] }
  const unseen = await unseenOf(database, id, pmids)
  const known = unseen.flatMap(({ pmid, isKnown }) => (isKnown ? [pmid] : []))
  const fresh = unseen.flatMap(({ pmid, isKnown }) => (isKnown ? [] : [pmid]))
  if (!dryRun) await noteSeen(database, id, known)
  const taken = fresh.slice(0, limit)
  const reports = []
  const failures: string[] = []
  for (let start = 0; start < taken.length; start += batchSize) {
    const fetched: FetchOutcome[] = []
    for await (const outcome of fetchPublications(taken.slice(start, start + batchSize), sources)) {
      onProgress(search, start + fetched.length + 1, taken.length)
      fetched.push(outcome)
    }
    failures.push(...fetched.flatMap(failuresOf))
    // A record that could not be read is not seen.
    const read = fetched.filter(({ kind }) => kind === 'FETCHED')
    const proposals: Parameters<typeof saveDrafts>[1] = async function* (transaction) {
      yield* fetchProposals(transaction, read)
      // With the drafts or not at all.
      await noteSeen(
        transaction,
        id,
        read.map(({ asked }) => asked),
      )
    }
    reports.push(await saveDrafts(database, proposals, { dryRun, ...options }))
  }
  if (!dryRun) await noteRun(database, id)
  return {
    ...{ search: id, query, found: count, unseen: unseen.length, known: known.length, left: fresh.length - taken.length, failures, ignored },
    counts: sumOf(reports),
    entries: reports.flatMap(({ entries }) => entries),
  }
}

function failuresOf(outcome: FetchOutcome): readonly string[] {
  return outcome.kind === 'REFUSED' ? outcome.reasons : outcome.publication.unread.map((reason) => `${outcome.asked}: not asked: ${reason}`)
}

const sumOf = (reports: readonly { readonly counts: Readonly<Record<Outcome, number>> }[]) =>
  Object.fromEntries(intakeOutcomes.map((outcome) => [outcome, reports.reduce((sum, { counts }) => sum + counts[outcome], 0)])) as Record<Outcome, number> // every outcome, by the list

/** For a terminal. */
export function searchLine({ id, query, since, addedBy, runAt, seen }: SavedSearch): string {
  const run = runAt === null ? 'not run yet' : `last run ${runAt.toISOString()}`
  return `${String(id).padStart(6)}  ${query}${since === null ? '' : `  (since ${since})`}  ${seen} seen, ${run}${addedBy === null ? '' : `, added by ${addedBy}`}`
}

/** For a terminal: what is new, then the counts. */
export function runLines({ search, query, found, known, unseen, counts, entries, left, failures, ignored }: SearchRun, dryRun: boolean): string[] {
  const drafts = entries.filter(({ outcome }) => outcome !== 'SKIPPED')
  return [
    `search ${search}: ${query}`,
    ...drafts.map(({ outcome, id, subject, why, origin }) =>
      [`  ${outcome.toLowerCase()}`, ...(id === null ? [] : [`draft ${id}`]), subject, `(${origin.source})`, ...(why === null ? [] : [why])].join('  '),
    ),
    ...ignored.map((part) => `  PubMed does not know and leaves out: ${part}`),
    ...failures.map((failure) => `  not read: ${failure}`),
    ...(found === null
      ? []
      : [
          `  ${found} found, ${unseen} not seen before: ${dryRun ? 'would be ' : ''}added ${counts.ADDED}, changed ${counts.CHANGED}, known ${known + counts.SKIPPED}, refused ${counts.REFUSED}`,
        ]),
    ...(left > 0 ? [`  ${left} more are left to the next run (--limit)`] : []),
  ]
}
