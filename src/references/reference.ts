import type { PublicationIdentifierKind } from '../study/identifiers.js'
import type { RecordLink, ToldChange, ToldNotice } from './status.js'

/** A person or a group, as the source writes them. */
export type ReferenceAuthor = { readonly family: string; readonly given: string | null } | { readonly corporate: string }

/** What kind of thing is cited, as far as the formats agree on it. */
export const referenceKinds = ['ARTICLE', 'BOOK', 'CHAPTER', 'CONFERENCE', 'DATASET', 'PREPRINT', 'REPORT', 'THESIS', 'WEB', 'OTHER'] as const
export type ReferenceKind = (typeof referenceKinds)[number]

/**
 * A publication as reference managers exchange it: what RIS, NBIB, BibTeX and CSL-JSON are read into and written from. Texts are trimmed and on
 * one line; a note may have several. Identifiers are normalised: a bare lower-case DOI, digits, PMC and digits, registry ids in capitals.
 */
export interface Reference {
  /** The key that the file gives it, where the format has one. */
  readonly key: string | null
  readonly kind: ReferenceKind
  readonly title: string
  readonly authors: readonly ReferenceAuthor[]
  /** True where the list ends in "et al." or "and others". */
  readonly authorsIncomplete: boolean
  /** The journal, or the book or proceedings that a part belongs to. */
  readonly journal: string | null
  readonly year: number | null
  /** YYYY-MM-DD, where the day is known. */
  readonly date: string | null
  readonly volume: string | null
  readonly issue: string | null
  /** "123-130", or an article number such as "e0180067". */
  readonly pages: string | null
  readonly doi: string | null
  readonly pmid: string | null
  readonly pmcid: string | null
  readonly registrations: readonly string[]
  /** As the source words them, "Randomized Controlled Trial", "Retracted Publication"; without the word that only says the kind, "Journal Article". */
  readonly types: readonly string[]
  readonly note: string | null
}

/** A reference, where in its file it begins, and what its record says besides. */
export interface ReadReference {
  readonly reference: Reference
  /** From 1. */
  readonly line: number
  /** What has happened to the publication: its retraction, for one. */
  readonly changes: readonly ToldChange[]
  /** Of a record that is a notice of another publication. */
  readonly notice: ToldNotice | null
  /** What a curator should look at: what was not read, or read in one of several ways. One clause each. */
  readonly remarks: readonly string[]
}

/** Lines of a file that belong to no record, and were skipped. */
export interface SkippedLines {
  readonly skipped: number
  /** Of the first, from 1. */
  readonly line: number
}

/** A record of a file that is no reference, and why; the rest of the file stands. */
export interface ReferenceFault {
  readonly fault: string
  /** From 1. */
  readonly line: number
}

/** What a file is read as, one after another. */
export type ReferenceRecord = ReadReference | ReferenceFault | SkippedLines

/** A file that cannot be read as what it should be. The message says where and what was found. */
export class MalformedFile extends Error {
  constructor(
    message: string,
    /** From 1; null where the fault is of the whole file. */
    readonly line: number | null,
  ) {
    super(line === null ? message : `line ${line}: ${message}`)
    this.name = 'MalformedFile'
  }
}

/** What a reader gathers of a record before it is a reference. */
export interface Gathered {
  readonly key?: string | null
  readonly kind?: ReferenceKind
  readonly title: string | undefined
  readonly authors: readonly ReferenceAuthor[]
  readonly journal?: string | undefined
  readonly year?: string | undefined
  readonly date?: string | undefined
  readonly volume?: string | undefined
  readonly issue?: string | undefined
  readonly pages?: string | undefined
  /** Values of fields that hold identifiers, the field of most weight first; the first of a kind counts. */
  readonly identifiers: readonly IdentifierField[]
  readonly registrations?: readonly string[]
  readonly types?: readonly string[]
  /** Lines that say "PMID: 1" are read as identifiers, if no field holds one of the kind. */
  readonly notes?: readonly string[]
  readonly links?: readonly RecordLink[]
  readonly updates?: Pick<ReadReference, 'changes' | 'notice'>
  readonly remarks?: readonly string[]
}

/** A value, and what its field holds: identifiers of one kind, web addresses, or anything that names itself. */
export interface IdentifierField {
  readonly field: PublicationIdentifierKind | 'address' | 'any'
  readonly text: string | undefined
}
