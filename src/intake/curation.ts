import { createHash } from 'node:crypto'
import { theService, type Actor } from '../audit/audit.js'
import { recordChange } from '../audit/audit.queries.js'
import { canonical } from '../canonical.js'
import { findAccepted, withAccepted, type Accepted, type DraftPublication, type Placement } from '../corpus/accepted.js'
import type { Corpus } from '../corpus/files.js'
import type { StatusEventEntry } from '../corpus/format.js'
import { importCorpus, type ImportReport } from '../corpus/import.js'
import { filesOf } from '../corpus/kept.js'
import type { Database } from '../database/client.js'
import { Prisma } from '../generated/prisma/client.js'
import { CurationError } from './curation.error.js'
import { buildersOn } from './curation.undo.js'
import { checkedDocument, fingerprintOf, statusEventSlug } from './draft.js'
import { editedDocument, type DraftEdit } from './draft.edit.js'
import { findDrafts, type KeptDraft } from './draft.queries.js'
import { orderedDocument } from './draft.summary.js'
import { differences, type Difference } from '../corpus/differences.js'
import { findLike, type LikelyDuplicate } from './duplicates.queries.js'
import { placementOf, type PublicationPlace } from './placement.js'

export { CurationError } from './curation.error.js'
export type { PublicationPlace } from './placement.js'

export interface Decision {
  /** Who decides. */
  readonly by: string | null
  /** Why. */
  readonly note: string | null
  /** Whose command or key it is, for the audit log. */
  readonly actor?: Actor
}

export interface Acceptance extends Decision {
  /** Of publications that are not known; other drafts need none. */
  readonly place?: PublicationPlace
  /** Of single drafts, before `place`. */
  readonly places?: ReadonlyMap<number, PublicationPlace>
  /** The curator has seen that a publication is unlike its study, or a second primary report of it. */
  readonly isConfirmed?: boolean
  /** Checks everything and keeps nothing. */
  readonly dryRun?: boolean
}

/** What became of one draft. */
export interface AcceptedDraft {
  readonly id: number
  readonly kind: KeptDraft['kind']
  readonly slug: string
  /** Slug of the study where it is found; null if no study has its publication. */
  readonly study: string | null
  readonly placement: Placement | null
  /** What told a design that nobody gave. */
  readonly designBy: string | null
}

export interface AcceptanceReport extends ImportReport {
  readonly accepted: readonly AcceptedDraft[]
}

/**
 * Makes drafts part of the evidence: all of those named or none. The files and everything accepted are checked and imported together, by the rules
 * and in the transaction of any import.
 *
 * @param folder of the corpus files
 * @throws {CurationError} for a draft that is unknown or decided, or a publication without a place, or in a doubtful one that nobody confirmed
 * @throws {CorpusFaults} {UnplacedDraft} for a draft that does not fit what is there; nothing is decided then
 */
export async function acceptDrafts(database: Database, folder: string, ids: readonly number[], acceptance: Acceptance): Promise<AcceptanceReport> {
  const { actor = theService, by, note, dryRun = false } = acceptance
  let accepted: AcceptedDraft[] = []
  const decide = async (transaction: Prisma.TransactionClient, files: Corpus, before: readonly Accepted[]) => {
    const drafts = await openDrafts(transaction, ids)
    let now = withAccepted(files, before)
    accepted = []
    const start = Date.now()
    for (const [index, draft] of drafts.entries()) {
      // One after another: the order of the decisions is the order in which they are taken in.
      const decidedAt = new Date(start + index)
      const { placed, corpus } = taken(draft, now, acceptance, decidedAt)
      now = corpus
      accepted.push({ ...placed, id: draft.id, kind: draft.kind, slug: draft.slug, study: studyOf(draft, placed.placement, now) })
      const { placement } = placed
      await transaction.draft.update({
        where: { id: draft.id },
        data: { status: 'ACCEPTED', decidedAt, decidedBy: by, note, ...(placement !== null && { placement: { ...placement } }) },
      })
      const details = { draft: draft.id, by, note, ...(draft.matched !== null && { matched: draft.matched }), ...(placement !== null && { placement }) }
      const change = { before: draft.base, after: digestOf(draft.document), details }
      await recordChange(transaction, { actor, action: 'DRAFT_ACCEPTED', subject: subjectOf(draft), ...change })
    }
  }
  const report = await importCorpus(database, folder, decide, actor, { dryRun, reading: filesOf(database, folder) })
  return { ...report, accepted }
}

/** One draft taken in: where it goes, and the corpus with it. */
function taken(draft: OpenDraft, now: Corpus, { place, places, isConfirmed = false }: Acceptance, decidedAt: Date) {
  refuseStale(draft, now)
  const { id, kind, slug, document, matched, source } = draft
  const checked = checkedDocument(kind, document, matched !== null)
  if ('faults' in checked) throw new CurationError(`draft ${id} is not as the format of today wants it: ${checked.faults.join('; ')}`)
  const needsPlace = kind === 'PUBLICATION' && matched === null
  const { placement, by } = needsPlace
    ? placementOf({ id, slug, document: checked.document as DraftPublication }, places?.get(id) ?? place, now, isConfirmed) // checked on the line before
    : { placement: null, by: null }
  const accepted = { id, kind, document: checked.document, matched, placement, source, decidedOn: decidedAt.toISOString().slice(0, 10) }
  return { placed: { placement, designBy: by }, corpus: withAccepted(now, [accepted]) }
}

/** Where the result of a draft is found. */
function studyOf({ kind, slug, matched, document }: OpenDraft, placement: Placement | null, { studies }: Corpus): string | null {
  if (placement !== null) return placement.study
  if (kind === 'STUDY') return slug
  const publication = kind === 'STATUS_EVENT' ? document['publication'] : matched
  return studies.find(({ publications }) => publications.some((entry) => 'slug' in entry && entry.slug === publication))?.slug ?? null
}

/** Keeps drafts out of the evidence, and their records from being proposed again. @throws {CurationError} for a draft that is unknown or decided */
export async function rejectDrafts({ prisma }: Database, ids: readonly number[], { by, note, actor = theService }: Decision): Promise<void> {
  await prisma.$transaction(async (transaction) => {
    const drafts = await openDrafts(transaction, ids)
    await transaction.draft.updateMany({
      where: { id: { in: drafts.map(({ id }) => id) } },
      data: { status: 'REJECTED', decidedAt: new Date(), decidedBy: by, note },
    })
    for (const draft of drafts) {
      const change = { before: digestOf(draft.document), details: { draft: draft.id, by, note } }
      await recordChange(transaction, { actor, action: 'DRAFT_REJECTED', subject: subjectOf(draft), ...change })
    }
  })
}

/**
 * Takes acceptances back, all of those named or none: the evidence is imported without them, as a new revision, and the drafts are open again.
 *
 * @throws {CurationError} for a draft that is not accepted, or, with the reason BUILT_UPON, one that later acceptances build on
 */
export async function undoAcceptances(
  database: Database,
  folder: string,
  ids: readonly number[],
  { by, note, actor = theService, dryRun = false }: Decision & { readonly dryRun?: boolean },
): Promise<ImportReport> {
  const decide = async (transaction: Prisma.TransactionClient, files: Corpus, accepted: readonly Accepted[]) => {
    const found = await foundDrafts(transaction, ids, ({ id, status }) => {
      if (status !== 'ACCEPTED') throw new CurationError(`draft ${id} is not accepted: its status is ${status}`)
    })
    let left = accepted
    // The latest first, so that those that build on one another can be undone together.
    for (const { id } of accepted.filter((draft) => ids.includes(draft.id)).toReversed()) {
      const [builder] = buildersOn(files, left, id)
      if (builder !== undefined)
        throw new CurationError(`draft ${id} cannot be undone: draft ${builder.draft}, accepted later, builds on it: ${builder.why}; undo that one first`, {
          reason: 'BUILT_UPON',
        })
      left = left.filter((draft) => draft.id !== id)
    }
    for (const draft of found) {
      const other = await transaction.draft.findFirst({ where: { kind: draft.kind, slug: draft.slug, status: 'DRAFT' } })
      if (other !== null) throw new CurationError(`draft ${draft.id} cannot be open again: draft ${other.id} is about the same and still to be decided`)
      await transaction.draft.update({
        where: { id: draft.id },
        data: { status: 'DRAFT', decidedAt: null, decidedBy: null, note: null, placement: Prisma.DbNull, changedAt: new Date() },
      })
      const details = { draft: draft.id, by, note, acceptedBy: draft.decidedBy, ...(draft.placement !== null && { placement: draft.placement }) }
      await recordChange(transaction, { actor, action: 'ACCEPTANCE_UNDONE', subject: subjectOf(draft), before: digestOf(draft.document), details })
    }
  }
  return importCorpus(database, folder, decide, actor, { dryRun, reading: filesOf(database, folder) })
}

/**
 * Changes what an open draft says. The document as it was imported stays on record, so that its record is known when it comes again.
 *
 * @param changedAt the draft's state that the edit was made of; another is refused
 * @returns what the edit changed, value by value
 * @throws {CurationError} for a draft that is unknown or decided, with the reason MALFORMED_DRAFT for values that the format does not take, and with
 * DRAFT_CHANGED_MEANWHILE for one that changed since `changedAt`
 */
export async function editDraft(
  { prisma }: Database,
  id: number,
  edit: DraftEdit,
  { by, note, actor = theService, changedAt }: Decision & { readonly changedAt?: string | undefined },
): Promise<Difference[]> {
  return prisma.$transaction(async (transaction) => {
    await transaction.$queryRaw`SELECT FROM draft WHERE id = ${id} FOR UPDATE`
    const [draft] = await openDrafts(transaction, [id])
    if (draft === undefined) throw new RangeError(`no draft has the id ${id}`) // openDrafts has thrown
    const now = draft.changedAt.toISOString()
    if (changedAt !== undefined && new Date(changedAt).getTime() !== draft.changedAt.getTime())
      throw new CurationError(`draft ${id} was changed at ${now}, after the state of ${changedAt} that was edited: look at it again`, {
        reason: 'DRAFT_CHANGED_MEANWHILE',
      })
    const document = editedDocument({ kind: draft.kind, document: draft.document, isChange: draft.matched !== null }, edit)
    const changes = differences(draft.document, document)
    if (changes.length === 0) return []
    const slug = slugAfter(draft, document as Record<string, unknown>)
    if (slug !== draft.slug) await refuseTaken(transaction, draft, slug)
    await transaction.draft.update({
      where: { id },
      data: {
        slug,
        document: document as Prisma.InputJsonObject, // it was read as JSON
        ...(draft.imported === null && { imported: draft.document as Prisma.InputJsonObject }),
        changedAt: new Date(),
        editedAt: new Date(),
        editedBy: by,
      },
    })
    const details = { draft: id, by, note, changes: changes.map(({ path, before = null, after = null }) => ({ path, before, after })) }
    const digests = { before: digestOf(draft.document), after: digestOf(document) }
    await recordChange(transaction, { actor, action: 'DRAFT_EDITED', subject: subjectOf(draft), ...digests, details })
    return changes
  })
}

/** A new publication or study is called by its own slug, an event by its publication and day. */
function slugAfter({ id, kind, slug, document: before, matched, base }: OpenDraft, after: Record<string, unknown>): string {
  if (kind === 'STATUS_EVENT') {
    const nameOf = ({ publication, event }: Record<string, unknown>) => statusEventSlug(publication as string, event as StatusEventEntry) // both were checked
    return nameOf(before) === nameOf(after) ? slug : nameOf(after)
  }
  const named = after['slug']
  if (typeof named !== 'string' || named === slug) return slug
  if (matched !== null || base !== null) throw new CurationError(`draft ${id} changes ${slug}: its slug stays`, { reason: 'MALFORMED_DRAFT' })
  return named
}

async function refuseTaken(transaction: Prisma.TransactionClient, { id, kind }: OpenDraft, slug: string): Promise<void> {
  const other = await transaction.draft.findFirst({ where: { kind, slug, status: 'DRAFT', NOT: { id } } })
  if (other !== null) throw new CurationError(`slug: ${slug} is that of draft ${other.id}`, { reason: 'MALFORMED_DRAFT' })
}

const subjectOf = ({ kind, slug }: Pick<OpenDraft, 'kind' | 'slug'>) => `${kind} ${slug}`

/** Tells what was decided of from anything else that the draft might say. */
const digestOf = (document: unknown) => createHash('sha256').update(canonical(document)).digest('hex')

/** @throws {CurationError} for a study that has changed since the draft of its changes was made */
function refuseStale({ id, slug, base }: OpenDraft, { studies }: Corpus): void {
  if (base === null) return
  const study = studies.find((candidate) => candidate.slug === slug)
  if (study === undefined || fingerprintOf(study) !== base)
    throw new CurationError(`draft ${id} was made of ${slug} as it was before, and would undo what was accepted since: import its file again`)
}

type OpenDraft = Pick<KeptDraft, 'id' | 'kind' | 'slug' | 'document' | 'matched' | 'source' | 'changedAt'> & {
  readonly base: string | null
  readonly imported: unknown
}

/** @param check throws for a draft that cannot be decided as asked */
async function foundDrafts(
  transaction: Prisma.TransactionClient,
  ids: readonly number[],
  check: (draft: { readonly id: number; readonly status: KeptDraft['status'] }) => void,
) {
  const found = await transaction.draft.findMany({ where: { id: { in: [...ids] } }, orderBy: { id: 'asc' } })
  const known = new Map(found.map((draft) => [draft.id, draft]))
  return [...new Set(ids)].map((id) => {
    const draft = known.get(id)
    if (draft === undefined) throw new CurationError(`there is no draft ${id}`)
    check(draft)
    return { ...draft, document: draft.document as Record<string, unknown> } // the table takes objects only
  })
}

const openDrafts = (transaction: Prisma.TransactionClient, ids: readonly number[]): Promise<OpenDraft[]> =>
  foundDrafts(transaction, ids, ({ id, status }) => {
    if (status !== 'DRAFT') throw new CurationError(`draft ${id} was ${status.toLowerCase()} already`)
  })

/** The corpus of the files and of what is accepted so far, which was checked when it was accepted. @throws {CorpusFaults} {UnplacedDraft} */
export async function corpusOfNow(database: Database, folder: string): Promise<Corpus> {
  const { corpus } = await filesOf(database, folder)
  return withAccepted(corpus, await findAccepted(database.prisma))
}

/** What accepting a draft would change, value by value; of what is new, all of it. */
export function changesOf(draft: KeptDraft, corpus: Corpus): Difference[] {
  const publications = corpus.studies.flatMap((study) => study.publications.filter((entry) => 'slug' in entry))
  const publication = (slug: string) => publications.find((entry) => entry.slug === slug)
  const document = orderedDocument(draft.kind, draft.document, draft.matched !== null)
  if (draft.kind === 'STUDY') {
    const known = corpus.studies.find(({ slug }) => slug === draft.slug)
    return known === undefined ? differences({}, document) : differences(orderedDocument('STUDY', known, false), document)
  }
  if (draft.kind === 'STATUS_EVENT') {
    const { publication: slug, event } = draft.document as { publication: string; event: StatusEventEntry } // checked when it was imported
    const statusEvents = publication(slug)?.statusEvents ?? []
    const last = statusEvents.at(-1)?.status ?? 'CURRENT'
    return [
      ...(last === event.status ? [] : [{ path: 'status', before: last, after: event.status }]),
      ...differences({ statusEvents }, { statusEvents: [...statusEvents, event] }),
    ]
  }
  const known = draft.matched === null ? undefined : publication(draft.matched)
  return known === undefined ? differences({}, document) : differences(known, { ...known, ...draft.document })
}

/** @throws {CurationError} for an unknown one */
export async function getDraft(database: Database, id: number): Promise<KeptDraft> {
  const [draft] = await findDrafts(database, { ids: [id] })
  if (draft === undefined) throw new CurationError(`there is no draft ${id}`)
  return draft
}

export interface DraftChanges {
  readonly draft: KeptDraft
  readonly changes: readonly Difference[]
  /** Publications and open drafts that the draft, if it is new, may repeat. */
  readonly likelyDuplicates: readonly LikelyDuplicate[]
}

/** One draft with what it would change and what it may repeat. @throws {CurationError} for an unknown one */
export async function draftChanges(database: Database, folder: string, id: number): Promise<DraftChanges> {
  const draft = await getDraft(database, id)
  return { draft, changes: changesOf(draft, await corpusOfNow(database, folder)), likelyDuplicates: await findLike(database, draft) }
}
