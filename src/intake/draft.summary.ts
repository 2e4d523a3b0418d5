import type { DraftKind } from '../generated/prisma/enums.js'
import { checkedDocument } from './draft.js'

/** What a draft is about, as a reference is listed. */
export interface DraftSummary {
  readonly title: string | null
  /** Family name, or a group's. */
  readonly firstAuthor: string | null
  readonly year: number | null
  readonly doi: string | null
}

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const firstOf = (value: unknown) => (Array.isArray(value) && isFields(value[0]) ? value[0] : {})
const textOf = (value: unknown) => (typeof value === 'string' ? value : null)

/** @param known of the publication that it changes or tells an event of; null for what is new */
export function summaryOf({ kind, document }: { readonly kind: DraftKind; readonly document: Fields }, known: DraftSummary | null): DraftSummary {
  const report = kind === 'STUDY' ? firstOf(document['publications']) : document
  const author = firstOf(report['authors'])
  const { year } = report
  return {
    title: textOf(document['title']) ?? textOf(report['title']) ?? known?.title ?? null,
    firstAuthor: textOf(author['family']) ?? textOf(author['corporate']) ?? known?.firstAuthor ?? null,
    year: typeof year === 'number' ? year : (known?.year ?? null),
    doi: textOf(report['doi']) ?? known?.doi ?? null,
  }
}

/** A draft with what it is about beside it. */
export function summarised<Kept extends { readonly kind: DraftKind; readonly document: Fields; readonly known: DraftSummary | null }>({
  known,
  ...draft
}: Kept) {
  return { ...draft, ...summaryOf(draft, known) }
}

/**
 * A document with its fields in the order of the format, as the files are written; the database keeps them by length. Empty lists, which say
 * nothing, are left out.
 *
 * @param isChange of something that is known: an empty list says that nothing is left of it
 */
export function orderedDocument(kind: DraftKind, document: unknown, isChange: boolean): unknown {
  const checked = checkedDocument(kind, document, isChange)
  return ordered(document, 'document' in checked ? checked.document : document, isChange)
}

function ordered(value: unknown, model: unknown, keepEmpty: boolean): unknown {
  if (Array.isArray(value)) return value.map((member, at) => ordered(member, Array.isArray(model) ? model[at] : undefined, keepEmpty))
  if (!isFields(value)) return value
  const names = new Set([...(isFields(model) ? Object.keys(model) : []), ...Object.keys(value)])
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const inner = value[name]
      if (inner === undefined || (!keepEmpty && Array.isArray(inner) && inner.length === 0)) return []
      return [[name, ordered(inner, isFields(model) ? model[name] : undefined, keepEmpty)]]
    }),
  )
}
