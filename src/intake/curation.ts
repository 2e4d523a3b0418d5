import { createHash } from 'node:crypto'
import { theService, type Actor } from '../audit/audit.js'
import { recordChange } from '../audit/audit.queries.js'
import { canonical } from '../canonical.js'
import { findAccepted, withAccepted, type Placement } from '../corpus/accepted.js'
import type { Corpus } from '../corpus/files.js'
import type { PublicationEntry, StatusEventEntry } from '../corpus/format.js'
import { importCorpus, type ImportReport } from '../corpus/import.js'
import { validCorpus } from '../corpus/reading.js'
import type { Database } from '../database/client.js'
import type { Prisma } from '../generated/prisma/client.js'
import { checkedDocument, fingerprintOf } from './draft.js'
import { findDrafts, type KeptDraft } from './draft.queries.js'
import { differences, type Difference } from './differences.js'

/** What stands in the way of a decision, for the curator. */
export class CurationError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'CurationError'
  }
}

export interface Decision {
  /** Who decides. */
  readonly by: string | null
  /** Why. */
  readonly note: string | null
  /** Whose command or key it is, for the audit log. */
  readonly actor?: Actor
}

/** Where accepted publications go: into a study, or each into a study made for it. */
export type PublicationPlace =
  | { readonly study: string; readonly role: PublicationEntry['role'] }
  | { readonly made: NonNullable<Placement['made']>; readonly role: PublicationEntry['role'] }

/**
 * Makes drafts part of the evidence: all of those named or none. The files and everything accepted are checked and imported together, by the rules
 * and in the transaction of any import.
 *
 * @param folder of the corpus files
 * @param place of publications that are not known; other drafts need none
 * @throws {CurationError} for a draft that is unknown or decided, or a publication without a place
 * @throws {CorpusFaults} {UnplacedDraft} for a draft that does not fit what is there; nothing is decided then
 */
export async function acceptDrafts(
  database: Database,
  folder: string,
  ids: readonly number[],
  decision: Decision & { readonly place?: PublicationPlace },
): Promise<ImportReport> {
  const { actor = theService, by, note } = decision
  const decide = async (transaction: Prisma.TransactionClient) => {
    const drafts = await openDrafts(transaction, ids)
    await refuseStale(transaction, folder, drafts)
    for (const draft of drafts) {
      const checked = checkedDocument(draft.kind, draft.document, draft.matched !== null)
      if ('faults' in checked) throw new CurationError(`draft ${draft.id} is not as the format of today wants it: ${checked.faults.join('; ')}`)
      const placement = placementOf(draft, decision.place)
      await transaction.draft.update({
        where: { id: draft.id },
        data: {
          status: 'ACCEPTED',
          decidedAt: new Date(),
          decidedBy: by,
          note,
          ...(placement !== null && { placement: { ...placement } }),
        },
      })
      const details = { draft: draft.id, by, note, ...(draft.matched !== null && { matched: draft.matched }), ...(placement !== null && { placement }) }
      const change = { before: draft.base, after: digestOf(draft), details }
      await recordChange(transaction, { actor, action: 'DRAFT_ACCEPTED', subject: subjectOf(draft), ...change })
    }
  }
  return importCorpus(database, folder, decide, actor)
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
      const change = { before: digestOf(draft), details: { draft: draft.id, by, note } }
      await recordChange(transaction, { actor, action: 'DRAFT_REJECTED', subject: subjectOf(draft), ...change })
    }
  })
}

const subjectOf = ({ kind, slug }: OpenDraft) => `${kind} ${slug}`

/** Tells what was decided of from anything else that the draft might say. */
const digestOf = ({ document }: OpenDraft) => createHash('sha256').update(canonical(document)).digest('hex')

/** @throws {CurationError} for a study that has changed since the draft of its changes was made */
async function refuseStale(transaction: Prisma.TransactionClient, folder: string, drafts: readonly OpenDraft[]): Promise<void> {
  const based = drafts.filter(({ base }) => base !== null)
  if (based.length === 0) return
  const { studies } = withAccepted(await validCorpus(folder), await findAccepted(transaction))
  const now = new Map(studies.map((study) => [study.slug, study]))
  for (const { id, slug, base } of based) {
    const study = now.get(slug)
    if (study === undefined || fingerprintOf(study) !== base)
      throw new CurationError(`draft ${id} was made of ${slug} as it was before, and would undo what was accepted since: import its file again`)
  }
}

type OpenDraft = Pick<KeptDraft, 'id' | 'kind' | 'slug' | 'document' | 'matched'> & { readonly base: string | null }

async function openDrafts(transaction: Prisma.TransactionClient, ids: readonly number[]): Promise<OpenDraft[]> {
  const found = await transaction.draft.findMany({ where: { id: { in: [...ids] } }, orderBy: { id: 'asc' } })
  const known = new Map(found.map((draft) => [draft.id, draft]))
  return [...new Set(ids)].map((id) => {
    const draft = known.get(id)
    if (draft === undefined) throw new CurationError(`there is no draft ${id}`)
    if (draft.status !== 'DRAFT') throw new CurationError(`draft ${id} was ${draft.status.toLowerCase()} already`)
    return { ...draft, document: draft.document as Record<string, unknown> } // the table takes objects only
  })
}

function placementOf({ id, kind, slug, matched, document }: OpenDraft, place: PublicationPlace | undefined): Placement | null {
  if (kind !== 'PUBLICATION' || matched !== null) return null
  if (place === undefined)
    throw new CurationError(`draft ${id} is a publication that is not known, "${String(document['title'])}": say which study it reports, or that it is one`)
  return 'study' in place ? place : { study: slug, role: place.role, made: place.made }
}

/** The corpus of the files and of what is accepted so far. @throws {CorpusFaults} {UnplacedDraft} */
export async function corpusOfNow({ prisma }: Database, folder: string): Promise<Corpus> {
  return withAccepted(await validCorpus(folder), await findAccepted(prisma))
}

/** What accepting a draft would change, value by value; of what is new, all of it. */
export function changesOf(draft: KeptDraft, corpus: Corpus): Difference[] {
  const publications = corpus.studies.flatMap((study) => study.publications.filter((entry) => 'slug' in entry))
  const publication = (slug: string) => publications.find((entry) => entry.slug === slug)
  if (draft.kind === 'STUDY') return differences(corpus.studies.find(({ slug }) => slug === draft.slug) ?? {}, draft.document)
  if (draft.kind === 'STATUS_EVENT') {
    const { publication: slug, event } = draft.document as { publication: string; event: StatusEventEntry } // checked when it was imported
    const statusEvents = publication(slug)?.statusEvents ?? []
    return differences({ statusEvents }, { statusEvents: [...statusEvents, event] })
  }
  const known = draft.matched === null ? undefined : publication(draft.matched)
  return differences(known ?? {}, { ...known, ...draft.document })
}

/** @throws {CurationError} for an unknown one */
export async function getDraft(database: Database, id: number): Promise<KeptDraft> {
  const [draft] = await findDrafts(database, { ids: [id] })
  if (draft === undefined) throw new CurationError(`there is no draft ${id}`)
  return draft
}

/** One draft with what it would change. @throws {CurationError} for an unknown one */
export async function draftChanges(database: Database, folder: string, id: number): Promise<{ draft: KeptDraft; changes: Difference[] }> {
  const draft = await getDraft(database, id)
  return { draft, changes: changesOf(draft, await corpusOfNow(database, folder)) }
}
