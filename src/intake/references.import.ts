import type { PublicationEntry } from '../corpus/format.js'
import type { Transaction } from '../database/query.js'
import type { ReadReference, Reference, ReferenceFault } from '../references/reference.js'
import type { Origin, Proposal } from './draft.js'
import { findDrafts } from './draft.queries.js'
import { matchOf } from './matching.js'
import { findCandidates, findTaken, getKnownPublication } from './matching.queries.js'
import { additionsTo, knownEntry, publicationOf, slugFor, slugsLike } from './references.document.js'

/** Where references come from. */
export interface ReferenceOrigin {
  /** "RIS", "Crossref" …, for people. */
  readonly format: string
  readonly source: string
}

/**
 * What each reference proposes: a publication that is not known, what it adds to one that is, or nothing, and why.
 *
 * @param transaction that keeps the drafts: a reference that comes twice finds the draft of the first
 */
export async function* referenceProposals(
  transaction: Transaction,
  records: AsyncIterable<ReadReference | ReferenceFault>,
  origin: ReferenceOrigin,
): AsyncGenerator<Proposal> {
  for await (const record of records) {
    const place: Origin = { ...origin, line: record.line }
    if ('fault' in record) yield { outcome: 'REFUSED', subject: 'a record', why: record.fault, origin: place }
    else yield await proposalOf(transaction, record.reference, place)
  }
}

/** What one reference proposes. */
export async function proposalOf(transaction: Transaction, reference: Reference, origin: Origin): Promise<Proposal> {
  const subject = `"${shortened(reference.title)}"`
  const field = Object.entries(reference).find(([, value]) => !isText(value))?.[0]
  if (field !== undefined)
    return { outcome: 'REFUSED', subject: 'a record', why: `its ${field} holds signs that no text has (NUL, or half of a letter)`, origin }
  const match = matchOf(reference, await findCandidates(transaction, reference))
  if (match.kind === 'CONFLICT') return { outcome: 'REFUSED', subject, why: match.why, origin }
  if (match.kind === 'NEW') {
    const slug = await freeSlug(transaction, slugFor(reference))
    return { kind: 'PUBLICATION', slug, document: publicationOf(reference, slug), origin }
  }
  const { candidate, by } = match
  if (candidate.draft !== null) return completed(transaction, candidate.draft, reference, origin)
  const { change, differs } = additionsTo(await getKnownPublication(transaction, candidate.slug), reference)
  if (Object.keys(change).length > 0)
    return { kind: 'PUBLICATION', slug: candidate.slug, document: change, origin, matched: { slug: candidate.slug, by }, differs }
  return { outcome: 'SKIPPED', subject, why: [`is known as ${candidate.slug}, by ${by}`, ...differs].join('; '), origin, known: candidate.slug, differs }
}

/** Escapes of JSON can say what no file in UTF-8 could, and Postgres cannot keep. */
function isText(value: unknown): boolean {
  if (typeof value === 'string') return !/\p{Surrogate}/u.test(value) && !value.includes('\0')
  return typeof value !== 'object' || value === null || Object.values(value).every(isText)
}

/** A draft that the reference is of, with what it lacked. */
async function completed(transaction: Transaction, draft: number, reference: Reference, origin: Origin): Promise<Proposal> {
  const [{ slug, document } = missing(draft)] = await findDrafts(transaction, { ids: [draft] })
  const known = document as unknown as PublicationEntry // checked when it was kept
  const { change } = additionsTo(knownEntry(known), reference)
  return { kind: 'PUBLICATION', slug, document: { ...document, ...change }, origin }
}

function missing(draft: number): never {
  throw new RangeError(`no draft has the id ${draft}`)
}

const shortened = (title: string) => (title.length > 80 ? `${title.slice(0, 79)}…` : title)

async function freeSlug(transaction: Transaction, wanted: string): Promise<string> {
  const slugs = slugsLike(wanted)
  for (;;) {
    const some = Array.from({ length: 26 }, () => slugs.next().value as string) // the generator has no end
    const taken = await findTaken(transaction, some)
    const free = some.find((slug) => !taken.has(slug))
    if (free !== undefined) return free
  }
}
