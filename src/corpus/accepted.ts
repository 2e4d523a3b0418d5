import type { Prisma } from '../generated/prisma/client.js'
import type { Corpus } from './files.js'
import { z } from 'zod'
import { publicationEntry, type PublicationEntry, type StatusEventEntry, type StudyEntry } from './format.js'

/** A publication that is not known yet, with the registrations that its study will have. */
export const draftPublication = publicationEntry.extend({ registrations: z.array(z.string().trim().min(1)).default([]) })
export type DraftPublication = z.infer<typeof draftPublication>

/** Where a curator placed a publication: in a study that is known, or as the report of a new one. */
export interface Placement {
  /** Slug. */
  readonly study: string
  readonly role: PublicationEntry['role']
  /** Of a study that is made for it. */
  readonly made?: Pick<StudyEntry, 'design' | 'evidenceKind'>
}

/** A draft that a curator accepted. */
export interface Accepted {
  readonly id: number
  readonly kind: 'PUBLICATION' | 'STUDY' | 'STATUS_EVENT'
  /** Checked when it was imported: a publication, what changes of a known one, a study, or an event and its publication's slug. */
  readonly document: unknown
  /** Slug of the known publication that it changes. */
  readonly matched: string | null
  readonly placement: Placement | null
  readonly source: string
  /** ISO day. */
  readonly decidedOn: string
}

/** What cannot be taken in as it was accepted. */
export class UnplacedDraft extends Error {
  constructor(
    readonly draft: number,
    readonly why: string,
  ) {
    super(`draft ${draft}: ${why}`)
    this.name = 'UnplacedDraft'
  }
}

/** The accepted drafts, in the order of the decisions. */
export async function findAccepted(transaction: Prisma.TransactionClient): Promise<Accepted[]> {
  const drafts = await transaction.draft.findMany({ where: { status: 'ACCEPTED' }, orderBy: [{ decidedAt: 'asc' }, { id: 'asc' }] })
  return drafts.map(({ id, kind, document, matched, placement, source, decidedAt }) => ({
    ...{ id, kind, document, matched, source },
    placement: placement as unknown as Placement | null, // written by the curation, of this shape
    decidedOn: (decidedAt ?? new Date()).toISOString().slice(0, 10),
  }))
}

/**
 * The corpus of the files with what curators accepted: studies added or put in place of those of their slug, publications placed or changed,
 * events told of publications; one after another in the order of the decisions.
 *
 * @throws {UnplacedDraft} for a draft whose study or publication is not there
 */
export function withAccepted(corpus: Corpus, accepted: readonly Accepted[]): Corpus {
  if (accepted.length === 0) return corpus
  const studies = new Map(corpus.studies.map((study) => [study.slug, study]))
  for (const draft of accepted) for (const study of changedStudies(studies, draft)) studies.set(study.slug, study)
  return { ...corpus, studies: [...studies.values()] }
}

function changedStudies(studies: ReadonlyMap<string, StudyEntry>, draft: Accepted): StudyEntry[] {
  if (draft.kind === 'STUDY') return [draft.document as StudyEntry] // checked when it was imported
  if (draft.kind === 'STATUS_EVENT') {
    const { publication, event } = draft.document as { publication: string; event: StatusEventEntry } // checked when it was imported
    return [withPublication(studies, draft, publication, (entry) => ({ ...entry, statusEvents: [...entry.statusEvents, event] }))]
  }
  if (draft.matched !== null)
    return [withPublication(studies, draft, draft.matched, (entry) => ({ ...entry, ...(draft.document as Partial<PublicationEntry>) }))] // checked when it was imported
  return [placed(studies, draft, draft.document as DraftPublication)] // checked when it was imported
}

function withPublication(
  studies: ReadonlyMap<string, StudyEntry>,
  { id }: Accepted,
  slug: string,
  change: (entry: PublicationEntry) => PublicationEntry,
): StudyEntry {
  const isIt = (entry: StudyEntry['publications'][number]): entry is PublicationEntry => 'slug' in entry && entry.slug === slug
  const study = [...studies.values()].find(({ publications }) => publications.some(isIt))
  if (study === undefined) throw new UnplacedDraft(id, `there is no publication ${slug}`)
  return { ...study, publications: study.publications.map((entry) => (isIt(entry) ? change(entry) : entry)) }
}

function placed(
  studies: ReadonlyMap<string, StudyEntry>,
  { id, placement, source, decidedOn }: Accepted,
  { registrations, ...document }: DraftPublication,
): StudyEntry {
  if (placement === null) throw new UnplacedDraft(id, 'a publication must be placed in a study')
  const publication = { ...document, role: placement.role }
  const study = studies.get(placement.study)
  if (study !== undefined)
    return { ...study, publications: [...study.publications, publication], registrations: [...new Set([...study.registrations, ...registrations])] }
  if (placement.made === undefined) throw new UnplacedDraft(id, `there is no study ${placement.study}`)
  return {
    ...bareStudy,
    ...placement.made,
    slug: placement.study,
    title: document.title,
    publications: [publication],
    registrations,
    sources: { reference: { source, recordedAt: decidedOn, supports: 'that the publication exists; nothing of it was extracted' } },
  }
}

/** A study of which only a report is known. */
const bareStudy = {
  subjects: 'HUMAN',
  countries: [],
  countriesInferred: false,
  cohorts: [],
  populations: [],
  arms: [],
  results: [],
  pooledResults: [],
  riskOfBias: [],
  concerns: [],
  notes: [],
} satisfies Partial<StudyEntry>
