import { parseDocument } from 'yaml'
import type { DraftKind } from '../generated/prisma/enums.js'
import { CurationError } from './curation.error.js'
import { checkedDocument } from './draft.js'
import { PathFault, readPath, withoutValue, withValue } from './draft.paths.js'

/** What a curator changes of a draft's document: all of it, or values at paths such as "results[0].unit". */
export type DraftEdit = { readonly document: unknown } | { readonly set?: Readonly<Record<string, unknown>>; readonly unset?: readonly string[] }

interface Edited {
  readonly kind: DraftKind
  readonly document: unknown
  /** True if the document says only what changes of something that is known. */
  readonly isChange: boolean
}

/**
 * The document after an edit, as the format of the corpus files reads it.
 *
 * @throws {CurationError} MALFORMED_DRAFT, naming every field that is wrong
 */
export function editedDocument({ kind, document, isChange }: Edited, edit: DraftEdit): object {
  const wanted = 'document' in edit ? edit.document : withSet(withUnset(document, edit.unset ?? []), edit.set ?? {})
  const checked = checkedDocument(kind, wanted, isChange)
  if ('faults' in checked) throw malformed(checked.faults)
  return checked.document
}

/**
 * Values that were given as text, such as on a command line: JSON where that is what the field takes ("2017", "true", "[…]"), the text itself where it takes
 * a text. A PMID stays a text, and a year becomes a number.
 */
export function settledValues(edited: Edited, given: Readonly<Record<string, string>>, unset: readonly string[] = []): Record<string, unknown> {
  const parsed = Object.fromEntries(Object.entries(given).map(([path, text]) => [path, parsedOr(text)]))
  const faultsWith = (values: Readonly<Record<string, unknown>>) => {
    const checked = checkedDocument(edited.kind, withSet(withUnset(edited.document, unset), values), edited.isChange)
    return 'faults' in checked ? checked.faults.length : 0
  }
  return Object.entries(given).reduce<Record<string, unknown>>((values, [path, text]) => {
    const asText = { ...values, [path]: text }
    return values[path] !== text && faultsWith(asText) < faultsWith(values) ? asText : values
  }, parsed)
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function withUnset(document: unknown, paths: readonly string[]): unknown {
  return paths.reduce((edited, path) => atPath(path, (parts) => withoutValue(edited, parts)), document)
}

function withSet(document: unknown, values: Readonly<Record<string, unknown>>): unknown {
  return Object.entries(values).reduce((edited, [path, value]) => atPath(path, (parts) => withValue(edited, parts, value)), document)
}

function atPath(text: string, work: (path: readonly string[]) => unknown): unknown {
  const path = readPath(text)
  if (path === null) throw malformed([`"${text.slice(0, 200)}" is no path such as pmid or results[0].unit`])
  try {
    return work(path)
  } catch (error) {
    if (error instanceof PathFault) throw malformed([`${text}: ${error.message}`])
    throw error
  }
}

/** A draft as `drafts show` prints it, edited in a file. */
export interface EditedFile {
  readonly document: unknown
  /** Which draft the file was printed from, and its state then; null if its comments do not tell. */
  readonly draft: number | null
  readonly changedAt: string | null
}

/** @throws {CurationError} MALFORMED_DRAFT for a file that is not YAML */
export function readEditedFile(text: string): EditedFile {
  const document = parseDocument(text, { prettyErrors: true })
  const [fault] = document.errors
  if (fault !== undefined) throw malformed([`the file is not YAML: ${fault.message.split('\n')[0]?.replace(/:$/, '') ?? ''}`])
  const draft = /^# draft (\d{1,9}):/m.exec(text)?.[1]
  return {
    document: document.toJS({ maxAliasCount: 100 }) as unknown,
    draft: draft === undefined ? null : Number(draft),
    changedAt: /^# changed: (\S+)/m.exec(text)?.[1] ?? null,
  }
}

const malformed = (faults: readonly string[]) => new CurationError(faults.join('; '), { reason: 'MALFORMED_DRAFT' })
