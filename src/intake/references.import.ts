import path from 'node:path'
import type { PublicationEntry, StatusEventEntry } from '../corpus/format.js'
import type { Transaction } from '../database/query.js'
import type { ReadReference, Reference, ReferenceRecord, SkippedLines } from '../references/reference.js'
import type { ToldNotice } from '../references/status.js'
import type { Origin, Proposal } from './draft.js'
import { findDrafts, type KeptDraft } from './draft.queries.js'
import { differencesFrom, hasPmcidAsPmid, isDraftOf, matchOf, type Candidate } from './matching.js'
import { findCandidates, findTaken, getKnownPublication } from './matching.queries.js'
import { sameTitle } from './matching.titles.js'
import { additionsTo, knownEntry, publicationOf, slugFor, slugsLike } from './references.document.js'
import { eventProposal, eventWords } from './retractions.drafts.js'
import { unknownChanges } from './retractions.js'
import { isOf, statusChanges, type Notice } from './retractions.notices.js'
import { getCheckedPublication, openEventDrafts } from './retractions.queries.js'

/** Where references come from. */
export interface ReferenceOrigin {
  /** "RIS", "Crossref" …, for people. */
  readonly format: string
  readonly source: string
}

/** A reference, and what its record or its sources say besides. */
export interface ToldReference {
  readonly reference: Reference
  /** What has happened to it, or to other publications. */
  readonly notices: readonly Notice[]
  /** Of a record that tells of another publication. */
  readonly notice: ToldNotice | null
  readonly remarks: readonly string[]
}

/**
 * What each reference proposes: a publication that is not known, what it adds to one that is, or nothing, and why. Notices come last, so that they
 * find the publications of their file.
 *
 * @param transaction that keeps the drafts: a reference that comes twice finds the draft of the first
 */
export async function* referenceProposals(
  transaction: Transaction,
  records: AsyncIterable<ReferenceRecord>,
  origin: ReferenceOrigin,
): AsyncGenerator<Proposal> {
  const notices: { readonly told: ToldReference; readonly place: Origin }[] = []
  for await (const record of records) {
    const place: Origin = { ...origin, line: record.line }
    if ('fault' in record) yield { outcome: 'REFUSED', subject: 'a record', why: record.fault, origin: place }
    else if ('skipped' in record) yield { outcome: 'SKIPPED', subject: linesOf(record), why: 'outside any record', origin: place }
    else if (record.notice === null) yield* await proposalsOf(transaction, toldReference(record, place), place)
    else notices.push({ told: toldReference(record, place), place })
  }
  for (const { told, place } of notices) yield* await proposalsOf(transaction, told, place)
}

const linesOf = ({ skipped }: SkippedLines) => (skipped === 1 ? 'a line' : `${skipped} lines`)

function toldReference({ reference, changes, notice, remarks }: ReadReference, { format, source, line }: Origin): ToldReference {
  const { doi, pmid } = reference
  const read = `${format}, ${path.basename(source)}${line === null ? '' : `:${line}`}`
  return { reference, notices: changes.map((change): Notice => ({ of: { doi, pmid }, ...change, source: read })), notice, remarks }
}

/** What one reference proposes, and what its notices propose for the publications that they are about. */
export async function proposalsOf(transaction: Transaction, told: ToldReference, origin: Origin): Promise<Proposal[]> {
  const { reference, notice } = told
  const field = Object.entries(reference).find(([, value]) => !isText(value))?.[0]
  if (field !== undefined)
    return [{ outcome: 'REFUSED', subject: 'a record', why: `its ${field} holds signs that no text has (NUL, or half of a letter)`, origin }]
  if (notice === null) return publicationProposals(transaction, told, origin)
  const events = await noticeProposals(transaction, told, notice, origin)
  if (notice.role !== null) return [...(await publicationProposals(transaction, told, origin)), ...events]
  if (events.length > 0) return events
  const about = notice.about.map(({ doi, pmid, title }) => (pmid !== null ? `PMID ${pmid}` : (doi ?? `"${shortened(title ?? '')}"`)))
  const of = about.length === 0 ? 'a publication that it does not name' : `${about.join(' and ')}, which is not known`
  return [{ outcome: 'REFUSED', subject: subjectOf(reference), why: `is a notice (${notice.kind}) of ${of}: a notice is no report of a study`, origin }]
}

const subjectOf = ({ title }: Reference) => `"${shortened(title)}"`

async function publicationProposals(transaction: Transaction, { reference, notices, notice, remarks }: ToldReference, origin: Origin): Promise<Proposal[]> {
  const subject = subjectOf(reference)
  const slug = slugFor(reference)
  const isSameRecord = isDraftOf(reference, slug, origin)
  const match = matchOf(reference, await findCandidates(transaction, reference, slug), isSameRecord)
  if (match.kind === 'CONFLICT') return [{ outcome: 'REFUSED', subject, why: match.why, origin }]
  const own = notices.filter(({ of }) => isOf(reference, of) || (of.doi === null && of.pmid === null))
  const role = notice?.role ?? null
  if (match.kind === 'NEW') {
    const free = await freeSlug(transaction, slug)
    const statusEvents = statusChanges(own).map(({ event }) => event)
    return [{ kind: 'PUBLICATION', slug: free, document: publicationOf(reference, free, { statusEvents, role }), origin, ...remarked(statusEvents, remarks) }]
  }
  const { candidate, by } = match
  if (candidate.draft !== null) {
    const draft = await getOpenDraft(transaction, candidate.draft)
    const statusEvents = withNewEvents(draft.document, own)
    const document = isSameRecord(candidate)
      ? publicationOf(reference, draft.slug, { statusEvents, role })
      : { ...completed(draft.document, candidate, reference), ...(statusEvents.length > 0 && { statusEvents }) }
    return [{ kind: 'PUBLICATION', slug: draft.slug, document, origin, ...remarked(statusEvents, remarks) }]
  }
  const events = await eventProposals(transaction, candidate.slug, own, origin)
  const { change, differs } = additionsTo(await getKnownPublication(transaction, candidate.slug), reference)
  if (Object.keys(change).length > 0)
    return [
      { kind: 'PUBLICATION', slug: candidate.slug, document: change, origin, matched: { slug: candidate.slug, by }, differs, ...remarked([], remarks) },
      ...events,
    ]
  const different = [...differencesFrom(reference, candidate).filter((difference) => !difference.startsWith('the year')), ...differs]
  const why = [`is known as ${candidate.slug}, by ${by}`, ...different].join('; ')
  return [{ outcome: 'SKIPPED', subject, why, origin, known: candidate.slug, differs: different }, ...events]
}

/** For the report, in one text. */
function remarked(events: readonly StatusEventEntry[], remarks: readonly string[]): { readonly remark?: string } {
  const told = [...events.map((event) => `is told to be ${eventWords(event)}`), ...remarks]
  return told.length === 0 ? {} : { remark: told.join('; ') }
}

/** What notices tell of a publication of the evidence. An event that an open draft proposes already is not proposed again, whoever tells it. */
async function eventProposals(transaction: Transaction, publication: string, notices: readonly Notice[], origin: Origin): Promise<Proposal[]> {
  if (notices.length === 0) return []
  const { events } = await getCheckedPublication(transaction, publication)
  const open = await openEventDrafts(transaction, publication)
  return unknownChanges(notices, events).map((change): Proposal => {
    const proposal = eventProposal({ ...change, publication }, origin)
    const { status } = change.event
    const before = open.find((draft) => draft.slug !== proposal.slug && draft.status === status && status !== 'CORRECTED')
    return before === undefined
      ? proposal
      : { outcome: 'SKIPPED', subject: proposal.slug, why: `draft ${before.id} proposes that it is ${status} already`, origin }
  })
}

/** The events of a draft, and what notices tell besides. */
function withNewEvents(document: KeptDraft['document'], notices: readonly Notice[]): StatusEventEntry[] {
  const { statusEvents } = document as unknown as PublicationEntry // checked when it was kept
  const known = statusEvents.map(({ status, date = null }) => ({ status, date }))
  return [...statusEvents, ...unknownChanges(notices, known).map(({ event }) => event)]
}

/** The events that a notice tells of the publications it is about, as far as they are known or are drafts. */
async function noticeProposals(transaction: Transaction, { reference, notices }: ToldReference, notice: ToldNotice, origin: Origin): Promise<Proposal[]> {
  const { pmid, doi, date, year } = reference
  const proposals: Proposal[] = []
  for (const about of notice.about) {
    const target = await targetOf(transaction, reference, about)
    if (target === null) continue
    const others = notices.filter(({ of }) => (of.doi !== null && of.doi === about.doi) || (of.pmid !== null && of.pmid === about.pmid))
    const made: Notice = {
      of: { doi: about.doi, pmid: about.pmid },
      ...{ status: notice.status, kind: notice.kind, date: date ?? (year === null ? null : String(year)) },
      notice: pmid !== null ? `PMID ${pmid}` : (doi ?? `"${shortened(reference.title)}"`),
      source: `${origin.format}, ${path.basename(origin.source)}${origin.line === null ? '' : `:${origin.line}`}`,
    }
    const told = others.length > 0 ? others : [made]
    if (target.draft === null) proposals.push(...(await eventProposals(transaction, target.slug, told, origin)))
    else {
      const draft = await getOpenDraft(transaction, target.draft)
      const statusEvents = withNewEvents(draft.document, told)
      proposals.push({ kind: 'PUBLICATION', slug: draft.slug, document: { ...draft.document, statusEvents }, origin, ...remarked(statusEvents, []) })
    }
    if (proposals.length === 0)
      proposals.push({
        outcome: 'SKIPPED',
        subject: subjectOf(reference),
        why: `is a notice (${notice.kind}) of ${target.slug}, which is known to be ${notice.status}`,
        origin,
      })
  }
  return proposals
}

/** The publication that a notice is about: by identifier, else the only one of its title. */
async function targetOf(transaction: Transaction, notice: Reference, { doi, pmid, title }: ToldNotice['about'][number]): Promise<Candidate | null> {
  const candidates = await findCandidates(transaction, { ...notice, doi, pmid, pmcid: null, title: title ?? '' }, '')
  const identified = candidates.find((candidate) => isOf(candidate, { doi, pmid }))
  if (identified !== undefined || title === null) return identified ?? null
  const titled = candidates.filter((candidate) => sameTitle(title, candidate.title))
  return new Set(titled.map(({ slug }) => slug)).size === 1 ? (titled[0] ?? null) : null
}

/** Escapes of JSON can say what no file in UTF-8 could, and Postgres cannot keep. */
function isText(value: unknown): boolean {
  if (typeof value === 'string') return !/\p{Surrogate}/u.test(value) && !value.includes('\0')
  return typeof value !== 'object' || value === null || Object.values(value).every(isText)
}

/** A draft that the reference is of, with what it lacked; without a PMID that was the number of the PMCID. */
function completed(document: KeptDraft['document'], candidate: Candidate, reference: Reference): object {
  const { pmid, ...others } = document as unknown as PublicationEntry // checked when it was kept
  const known = { ...others, ...(pmid !== undefined && !hasPmcidAsPmid(candidate, reference) && { pmid }) }
  return { ...known, ...additionsTo(knownEntry(known), reference).change }
}

async function getOpenDraft(transaction: Transaction, id: number): Promise<KeptDraft> {
  const [draft] = await findDrafts(transaction, { ids: [id] })
  return draft ?? missing(id)
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
