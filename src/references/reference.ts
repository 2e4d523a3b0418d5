/** A person or a group, as the source writes them. */
export type ReferenceAuthor = { readonly family: string; readonly given: string | null } | { readonly corporate: string }

/** What kind of thing is cited, as far as the formats agree on it. */
export const referenceKinds = ['ARTICLE', 'BOOK', 'CHAPTER', 'CONFERENCE', 'DATASET', 'PREPRINT', 'REPORT', 'THESIS', 'WEB', 'OTHER'] as const
export type ReferenceKind = (typeof referenceKinds)[number]

/**
 * A publication as reference managers exchange it: what RIS, NBIB, BibTeX and CSL-JSON are read into and written from.
 * Identifiers are normalised (`readIdentifier`): a bare lower-case DOI, digits, PMC and digits, registry ids in capitals.
 */
export interface Reference {
  /** The key that the file gives it, where the format has one. */
  readonly key: string | null
  readonly kind: ReferenceKind
  readonly title: string
  readonly authors: readonly ReferenceAuthor[]
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
  /** As the source words them: "Randomized Controlled Trial", "Retracted Publication". */
  readonly types: readonly string[]
  readonly note: string | null
}

/** A reference, and where in its file it begins. */
export interface ReadReference {
  readonly reference: Reference
  /** From 1. */
  readonly line: number
}
