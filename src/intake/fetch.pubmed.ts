import { z } from 'zod'
import { SourceError, type SourceReader } from './fetch.js'

/** PubMed's E-utilities. Without a key 3 requests a second are allowed, with one 10; see NBK25497 of NCBI's bookshelf. */
export const pubmedIntervalMs = (apiKey: string | null) => (apiKey === null ? 350 : 110)

/** How operators reach whoever asks; NCBI blocks addresses that ask too much and name nobody. */
export interface PubmedCaller {
  readonly contact: string | null
  readonly apiKey: string | null
}

const summary = z.looseObject({
  uid: z.string(),
  error: z.string().optional(),
  pubdate: z.string().default(''),
  epubdate: z.string().default(''),
  source: z.string().default(''),
  fulljournalname: z.string().default(''),
  title: z.string().default(''),
  volume: z.string().default(''),
  issue: z.string().default(''),
  pages: z.string().default(''),
  authors: z.array(z.looseObject({ name: z.string(), authtype: z.string().default('Author') })).default([]),
  pubtype: z.array(z.string()).default([]),
  articleids: z.array(z.looseObject({ idtype: z.string(), value: z.string() })).default([]),
  /** What corrects, retracts or comments on it, and what it does that to. */
  references: z
    .array(
      z.looseObject({
        refsource: z.string().default(''),
        reftype: z.string(),
        pmid: z.union([z.string(), z.number()]).optional(),
        note: z.string().default(''),
      }),
    )
    .default([]),
})
export type PubmedSummary = z.infer<typeof summary>

const summaries = z.looseObject({ result: z.object({ uids: z.array(z.string()) }).catchall(summary) })
const searched = z.looseObject({ esearchresult: z.looseObject({ idlist: z.array(z.string()) }) })

const list = z.array(z.string()).default([])
const page = z.looseObject({
  /** Of the whole service: too many requests, or a key that is not valid. */
  error: z.string().optional(),
  esearchresult: z
    .looseObject({
      ERROR: z.string().optional(),
      count: z.string().regex(/^\d+$/, 'must be a number').optional(),
      idlist: list,
      errorlist: z.looseObject({ phrasesnotfound: list, fieldsnotfound: list }).optional(),
      warninglist: z.looseObject({ quotedphrasesnotfound: list, outputmessages: list }).optional(),
    })
    .optional(),
})

/** As many as fit an address of moderate length. */
export const pubmedBatch = 200

/**
 * The summaries of publications.
 *
 * @param pmids at most `pubmedBatch`
 * @returns those that PubMed has, in no particular order
 * @throws {SourceError} see `SourceReader`
 */
export async function findPubmedSummaries(pubmed: SourceReader, caller: PubmedCaller, pmids: readonly string[]): Promise<PubmedSummary[]> {
  if (pmids.length === 0) return []
  const answer = await pubmed.read('/esummary.fcgi', { db: 'pubmed', retmode: 'json', id: pmids.join(','), ...whoAsks(caller) }, summaries)
  if (answer === null) return []
  const { uids, ...byUid } = answer.result
  return uids.flatMap((uid) => byUid[uid] ?? []).filter(({ error }) => error === undefined)
}

/** @returns null where PubMed has no publication, or several, with the DOI */
export async function findPmidOfDoi(pubmed: SourceReader, caller: PubmedCaller, doi: string): Promise<string | null> {
  const answer = await pubmed.read('/esearch.fcgi', { db: 'pubmed', retmode: 'json', term: `"${doi}"[doi]`, ...whoAsks(caller) }, searched)
  const found = answer?.esearchresult.idlist ?? []
  return found.length === 1 ? (found[0] ?? null) : null
}

/** E-utilities give no more of one search, whatever the place that is asked for. */
export const mostSearched = 9_999
const searchPage = 1_000

export interface PubmedSearch {
  /** How many records PubMed says there are. */
  readonly count: number
  /** All of them, the latest to enter PubMed first; empty if there are more than were asked for at most. */
  readonly pmids: readonly string[]
  /** Parts of the query that PubMed does not know and leaves out, which makes it another query. */
  readonly ignored: readonly string[]
}

/**
 * The PMIDs of a search.
 *
 * @param search.since ISO day of entry into PubMed: only records of that day or later
 * @param search.atMost up to `mostSearched`; 0 counts only
 * @throws {SourceError} see `SourceReader`; also if PubMed refuses the query, in its words
 */
export async function searchPubmed(
  pubmed: SourceReader,
  caller: PubmedCaller,
  { query, since, atMost = mostSearched }: { readonly query: string; readonly since: string | null; readonly atMost?: number },
): Promise<PubmedSearch> {
  const days: Record<string, string> = since === null ? {} : { datetype: 'edat', mindate: since.replaceAll('-', '/'), maxdate: '3000' }
  const pmids = new Set<string>()
  for (let start = 0; ; start += searchPage) {
    const paging = { sort: 'date', retstart: String(start), retmax: String(Math.min(searchPage, atMost)) }
    const answer = await pubmed.read('/esearch.fcgi', { db: 'pubmed', retmode: 'json', term: query, ...days, ...paging, ...whoAsks(caller) }, page)
    const found = answer?.esearchresult
    const refused = answer?.error ?? found?.ERROR
    if (refused !== undefined) throw new SourceError(`PubMed refuses the search: ${refused}`)
    if (found?.count === undefined) throw new SourceError('PubMed answered the search in an unknown shape: esearchresult.count is missing')
    const count = Number(found.count)
    const { errorlist, warninglist } = found
    const ignored = [...(errorlist?.phrasesnotfound ?? []), ...(errorlist?.fieldsnotfound ?? []), ...(warninglist?.quotedphrasesnotfound ?? [])]
    if (count > atMost) return { count, pmids: [], ignored }
    found.idlist.forEach((pmid) => pmids.add(pmid))
    // A record that enters meanwhile moves the others down: what slips off a page is found by the next run.
    if (start + searchPage >= count || found.idlist.length === 0) return { count, pmids: [...pmids], ignored }
  }
}

function whoAsks({ contact, apiKey }: PubmedCaller): Record<string, string> {
  return { tool: 'magnesium-evidence', ...(contact !== null && { email: contact }), ...(apiKey !== null && { api_key: apiKey }) }
}
