import { z } from 'zod'
import type { SourceReader } from './fetch.js'

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

function whoAsks({ contact, apiKey }: PubmedCaller): Record<string, string> {
  return { tool: 'magnesium-evidence', ...(contact !== null && { email: contact }), ...(apiKey !== null && { api_key: apiKey }) }
}
