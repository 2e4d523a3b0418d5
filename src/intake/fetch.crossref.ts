import { z } from 'zod'
import type { SourceReader } from './fetch.js'

/** Crossref allows 5 requests a second to everybody, 10 to who names a contact, and 1 and 3 for lists: one pace that suits single works. */
export const crossrefIntervalMs = 220
/** Of requests for lists. */
export const crossrefListIntervalMs = 1_100

const dated = z.looseObject({ 'date-parts': z.array(z.array(z.number().int().nullable())).default([]) })

/** One work changing another: a retraction, a correction, an expression of concern. */
const update = z.looseObject({
  DOI: z.string().optional(),
  type: z.string(),
  label: z.string().optional(),
  /** Who says so: the publisher, or Retraction Watch. */
  source: z.string().optional(),
  updated: dated.optional(),
})
export type CrossrefUpdate = z.infer<typeof update>

const work = z.looseObject({
  DOI: z.string(),
  type: z.string().default(''),
  title: z.array(z.string()).default([]),
  subtitle: z.array(z.string()).default([]),
  author: z
    .array(z.looseObject({ family: z.string().optional(), given: z.string().optional(), name: z.string().optional(), suffix: z.string().optional() }))
    .default([]),
  'container-title': z.array(z.string()).default([]),
  published: dated.optional(),
  issued: dated.optional(),
  volume: z.string().optional(),
  issue: z.string().optional(),
  page: z.string().optional(),
  'article-number': z.string().optional(),
  subtype: z.string().optional(),
  'clinical-trial-number': z.array(z.looseObject({ 'clinical-trial-number': z.string() })).default([]),
  'update-to': z.array(update).default([]),
  'updated-by': z.array(update).default([]),
})
export type CrossrefWork = z.infer<typeof work>

const one = z.looseObject({ message: work })
const several = z.looseObject({ message: z.looseObject({ items: z.array(work) }) })

/**
 * A work by its DOI.
 *
 * @throws {SourceError} see `SourceReader`
 */
export async function findCrossrefWork(crossref: SourceReader, contact: string | null, doi: string): Promise<CrossrefWork | null> {
  const answer = await crossref.read(`/works/${encodeURIComponent(doi)}`, whoAsks(contact), one)
  return answer?.message ?? null
}

/** As many DOIs as fit an address of moderate length. */
export const crossrefBatch = 25

/**
 * Works by their DOIs, in no particular order.
 *
 * @param dois at most `crossrefBatch`; a DOI with a comma cannot be asked for in a list and is left out
 */
export async function findCrossrefWorks(crossref: SourceReader, contact: string | null, dois: readonly string[]): Promise<CrossrefWork[]> {
  const askable = dois.filter((doi) => !doi.includes(','))
  if (askable.length === 0) return []
  const filter = askable.map((doi) => `doi:${doi}`).join(',')
  const answer = await crossref.read('/works', { filter, rows: String(askable.length), ...whoAsks(contact) }, several)
  return answer?.message.items ?? []
}

/** The date of a work or update, as far as it is told: "1992", "1992-06" or "1992-06-27". */
export function dateTold(parts: z.infer<typeof dated> | undefined): string | null {
  const told = (parts?.['date-parts'][0] ?? []).filter((part) => part !== null)
  return told.length === 0 ? null : told.map((part, index) => String(part).padStart(index === 0 ? 4 : 2, '0')).join('-')
}

function whoAsks(contact: string | null): Record<string, string> {
  return contact === null ? {} : { mailto: contact }
}
