import { createHash } from 'node:crypto'
import { z } from 'zod'
import { canonical } from '../canonical.js'
import { dotted, innermostIssues } from '../corpus/files.js'
import { draftPublication } from '../corpus/accepted.js'
import { publicationEntry, statusEvent, study, type StudyEntry } from '../corpus/format.js'
import type { DraftKind } from '../generated/prisma/enums.js'

/** Where a draft was read. */
export interface Origin {
  /** "RIS", "ClinicalTrials.gov" …, for people. */
  readonly format: string
  /** File, or web address. */
  readonly source: string
  /** From 1; null where there are no lines. */
  readonly line: number | null
}

/** What an import proposes; nothing of it is evidence until a curator accepts it. */
export interface Draft {
  readonly kind: DraftKind
  /** Of the publication or study that it would make or change; of a status event see `statusEventSlug`. */
  readonly slug: string
  /** In the format of the corpus files: see `documents`. */
  readonly document: unknown
  readonly origin: Origin
  /** The known publication or study that it would change, and what they have in common. */
  readonly matched?: { readonly slug: string; readonly by: string }
  /** Of a study that takes the place of a known one: that one, as it was. What is accepted of it in between is not undone unseen. */
  readonly base?: StudyEntry
  /** What a curator should look at, for the report. */
  readonly remark?: string
  /** What the record has otherwise than the publication that is known, a sentence each; it changes nothing. */
  readonly differs?: readonly string[]
}

/** What an importer met and does not propose, and why. */
export interface NotProposed {
  readonly outcome: 'SKIPPED' | 'REFUSED'
  /** What it is about: a slug, a title, an identifier. */
  readonly subject: string
  readonly why: string
  readonly origin: Origin
  /** Slug of the publication or study that is known. */
  readonly known?: string
  /** What the record has otherwise than what is known, a sentence each. */
  readonly differs?: readonly string[]
}

export type Proposal = Draft | NotProposed

/** Tells whether a study is still as it was. */
export function fingerprintOf(entry: StudyEntry): string {
  return createHash('sha256').update(canonical(entry)).digest('hex')
}

/** What a draft of each kind holds. A publication that is known holds only what would change. */
export const documents = {
  PUBLICATION: draftPublication,
  PUBLICATION_CHANGE: publicationEntry.omit({ slug: true, role: true }).partial(),
  STUDY: study,
  STATUS_EVENT: z.strictObject({ publication: z.string(), event: statusEvent }),
} as const

/** One event of a publication is one draft, whoever tells of it. */
export function statusEventSlug(publication: string, { status, date }: z.infer<typeof statusEvent>): string {
  return `${publication}/${status.toLowerCase()}${date === undefined ? '' : `/${date}`}`
}

/**
 * The document as the corpus would read it, or what is wrong with it, field by field.
 *
 * @param isChange of a publication that is known: only some of its fields
 * @example checkedDocument('PUBLICATION', {}, false) // { faults: ['slug: …', 'title: …'] }
 */
export function checkedDocument(kind: DraftKind, document: unknown, isChange: boolean): { document: object } | { faults: string[] } {
  const change = kind === 'PUBLICATION' && isChange
  const checked = (change ? documents.PUBLICATION_CHANGE : documents[kind]).safeParse(document)
  if (!checked.success)
    return { faults: checked.error.issues.flatMap(innermostIssues).map(({ path, message }) => `${dotted(path) || 'the document'}: ${message}`) }
  // What a change leaves out stays as it is: no default may stand in for it.
  return { document: change ? onlyGiven(checked.data, document) : checked.data }
}

function onlyGiven(parsed: object, document: unknown): object {
  const fields = new Set(Object.keys(document as object)) // it was parsed as an object
  return Object.fromEntries(Object.entries(parsed).filter(([field]) => fields.has(field)))
}
