import type { Database } from '../database/client.js'
import { SourceError } from './fetch.js'
import { crossrefBatch, findCrossrefWork, findCrossrefWorks } from './fetch.crossref.js'
import { findPubmedSummaries, pubmedBatch } from './fetch.pubmed.js'
import type { Sources } from './fetch.sources.js'
import { crossrefNotices, isOf, pubmedNotices, statusChanges, type Notice, type StatusChange } from './retractions.notices.js'
import { publicationsAfter, type CheckedPublication } from './retractions.queries.js'

/** Something that happened to a publication, and was not known. */
export interface NewChange extends StatusChange {
  /** Slug of the publication. */
  readonly publication: string
}

/** One step of a check: some publications, what is new of them, and what could not be asked. */
export interface CheckedBatch {
  readonly publications: number
  /** Those of which every source that could know them answered. */
  readonly checked: number
  readonly changes: readonly NewChange[]
  /** Why sources could not be asked about some of them: one sentence each. */
  readonly unread: readonly string[]
}

/**
 * Asks Crossref and PubMed about every publication of the database that has a DOI or a PMID, in batches and in constant
 * memory. A source that fails is named and the check goes on, so that one bad hour of one source costs no more than that.
 */
export async function* checkRetractions(database: Database, sources: Sources): AsyncGenerator<CheckedBatch> {
  for (let last = ''; ;) {
    const publications = await publicationsAfter(database, last, pubmedBatch)
    const end = publications.at(-1)
    if (end === undefined) return
    last = end.slug
    const { notices, unread, unasked } = await noticesFor(publications, sources)
    const checked = publications.filter(({ doi, pmid }) => !(doi !== null && unasked.has(doi)) && !(pmid !== null && unasked.has(pmid)))
    yield { publications: publications.length, checked: checked.length, changes: newChanges(publications, notices), unread }
  }
}

async function noticesFor(publications: readonly CheckedPublication[], { caller, pubmed, crossref, crossrefLists }: Sources) {
  const notices: Notice[] = []
  const unread: string[] = []
  const unasked = new Set<string>()
  const asking = async (identifiers: readonly string[], work: () => Promise<readonly Notice[]>) => {
    try {
      notices.push(...(await work()))
    } catch (error) {
      if (!(error instanceof SourceError)) throw error
      unread.push(error.message)
      for (const identifier of identifiers) unasked.add(identifier)
    }
  }
  const pmids = publications.flatMap(({ pmid }) => pmid ?? [])
  const dois = publications.flatMap(({ doi }) => doi ?? [])
  const listed = dois.filter((doi) => !doi.includes(','))
  // The two are different services, each with its own pace: no need for one to wait for the other.
  await Promise.all([
    asking(pmids, async () => (await findPubmedSummaries(pubmed, caller, pmids)).flatMap(pubmedNotices)),
    (async () => {
      for (let at = 0; at < listed.length; at += crossrefBatch) {
        const batch = listed.slice(at, at + crossrefBatch)
        await asking(batch, async () => (await findCrossrefWorks(crossrefLists, caller.contact, batch)).flatMap(crossrefNotices))
      }
      for (const doi of dois.filter((candidate) => candidate.includes(',')))
        await asking([doi], async () => {
          const work = await findCrossrefWork(crossref, caller.contact, doi)
          return work === null ? [] : crossrefNotices(work)
        })
    })(),
  ])
  return { notices, unread, unasked }
}

/** The changes of the publications that their known events do not tell already. */
export function newChanges(publications: readonly CheckedPublication[], notices: readonly Notice[]): NewChange[] {
  return publications.flatMap((publication) => {
    const own = notices.filter(({ of }) => isOf(publication, of))
    return unknownChanges(own, publication.events).map((change) => ({ ...change, publication: publication.slug }))
  })
}

/** What notices of one publication tell and its known events do not. */
export function unknownChanges(notices: readonly Notice[], events: CheckedPublication['events']): StatusChange[] {
  return statusChanges(notices).filter((change) => !isKnown(change, events))
}

/** A publication is retracted, doubted or reinstated once; corrections are one where both are of one year, or of a year unknown. */
function isKnown({ event }: StatusChange, events: CheckedPublication['events']): boolean {
  const year = event.date?.slice(0, 4) ?? /\bdated (\d{4})/.exec(event.note ?? '')?.[1]
  return events.some(
    ({ status, date }) => status === event.status && (status !== 'CORRECTED' || date === null || year === undefined || date.slice(0, 4) === year),
  )
}
