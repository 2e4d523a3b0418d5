import { stringify } from 'yaml'
import type { AcceptedDraft, DraftChanges } from './curation.js'
import type { Difference } from '../corpus/differences.js'
import type { KeptDraft } from './draft.queries.js'
import { orderedDocument, summaryOf, type DraftSummary } from './draft.summary.js'
import type { LikelyDuplicate } from './duplicates.queries.js'
import type { SkippedRecord } from './skipped.queries.js'

/** A draft in two lines of a list: where it stands, and what it is about as a reference is listed. */
export function draftLine(draft: KeptDraft): string {
  const { id, kind, slug, status, format, source, line, matched } = draft
  const place = `${source}${line === null ? '' : `:${line}`}`
  const about = referenceOf(summaryOf(draft, draft.known))
  return [
    `${String(id).padStart(6)}  ${status.padEnd(8)}  ${kind.padEnd(12)}  ${slug}${matched === null ? '' : `  changes ${matched}`}  (${format}, ${place})`,
    ...(about === '' ? [] : [`        ${about}`]),
  ].join('\n')
}

/** "2017 Tarleton: Role of magnesium …, doi:10.1371/journal.pone.0180067", as far as it is known. */
function referenceOf({ title, firstAuthor, year, doi }: DraftSummary): string {
  const who = [year, firstAuthor].filter((part) => part !== null).join(' ')
  const what = title === null ? '' : shortened(title)
  return [[who, what].filter((part) => part !== '').join(': '), ...(doi === null ? [] : [`doi:${doi}`])].filter((part) => part !== '').join(', ')
}

const shortened = (title: string) => (title.length > 110 ? `${title.slice(0, 109)}…` : title)

/** What a draft is and where it stands, as comments before its document. */
export function draftText(draft: KeptDraft): string {
  const {
    id,
    kind,
    slug,
    status,
    format,
    source,
    line,
    matched,
    matchedBy,
    importedBy,
    importedAt,
    changedAt,
    editedBy,
    editedAt,
    decidedBy,
    decidedAt,
    note,
    known,
  } = draft
  const doneBy = (at: Date, by: string | null) => `${at.toISOString()}${by === null ? '' : ` by ${by}`}`
  const lines: readonly [string, string | null][] = [
    [`draft ${id}`, `${kind} ${slug}`],
    ['status', status],
    ['from', `${format}, ${source}${line === null ? '' : `, line ${line}`}`],
    ['changes', matched === null ? null : `${matched} (known by ${matchedBy})`],
    ['known', known === null ? null : referenceOf(known)],
    ['imported', doneBy(importedAt, importedBy)],
    ['changed', changedAt.toISOString()],
    ['edited', editedAt === null ? null : doneBy(editedAt, editedBy)],
    ['decided', decidedAt === null ? null : doneBy(decidedAt, decidedBy)],
    ['note', note],
  ]
  return lines.flatMap(([name, value]) => (value === null ? [] : [`# ${name}: ${value.replaceAll(/\s+/g, ' ')}`])).join('\n')
}

/** A draft as a file that can be edited and read back: what it is in comments, then its document, in the order of the format. */
export function draftFile(draft: KeptDraft): string {
  return `${draftText(draft)}\n${stringify(orderedDocument(draft.kind, draft.document, draft.matched !== null)).trimEnd()}`
}

/** What a curator may do next with a draft. */
export function nextSteps({ id, kind, status, matched }: Pick<KeptDraft, 'id' | 'kind' | 'status' | 'matched'>): string[] {
  const steps: Readonly<Record<KeptDraft['status'], readonly string[]>> = {
    DRAFT: [
      `drafts diff ${id}`,
      `drafts edit ${id} --set FIELD=VALUE`,
      kind === 'PUBLICATION' && matched === null ? `drafts accept ${id} --as-study (or --study SLUG)` : `drafts accept ${id}`,
      `drafts reject ${id} --note WHY`,
    ],
    ACCEPTED: [`drafts undo ${id} --note WHY`],
    REJECTED: [],
  }
  return [...steps[status]]
}

/** What accepting a draft changes, then what it may repeat. */
export function changesText({ draft, changes, likelyDuplicates }: DraftChanges): string {
  const isNew = draft.matched === null && draft.kind !== 'STATUS_EVENT' && !changes.some(({ before }) => before !== undefined)
  const told = changes.length === 0 ? ['changes nothing'] : [...(isNew ? ['# all of it is new'] : []), ...changes.flatMap(differenceLines)]
  return [...told, ...likelyDuplicates.map((duplicate) => `# may repeat ${duplicateLine(duplicate)}`)].join('\n')
}

const duplicateLine = ({ slug, draft, by, ...reference }: LikelyDuplicate) =>
  `${draft === null ? slug : `draft ${draft}, ${slug}`} (${by}): ${referenceOf(reference)}`

/** Before and after of a value, as the files write values. */
export function differenceLines({ path, before, after }: Difference): string[] {
  const side = (sign: string, value: unknown) =>
    value === undefined
      ? []
      : typeof value === 'object' && value !== null
        ? [
            `${sign} ${path}:`,
            ...stringify(value)
              .trimEnd()
              .split('\n')
              .map((text) => `${sign}   ${text}`),
          ]
        : [`${sign} ${path}: ${stringify(value).trimEnd()}`]
  return [...side('-', before), ...side('+', after)]
}

/** What an edit changed, a line for each value. */
export const editLines = (changes: readonly Difference[]): string[] =>
  changes.length === 0 ? ['changes nothing: the draft says so already'] : changes.flatMap(differenceLines)

/** What became of an accepted draft, and where it is found. */
export function acceptedLine({ id, kind, slug, study, placement, designBy }: AcceptedDraft, address: (study: string) => string): string {
  const what =
    placement === null
      ? kind.toLowerCase().replace('_', ' ')
      : placement.made === undefined
        ? `${placement.role} of ${placement.study}`
        : `a study of its own, ${placement.made.design}${designBy === null ? '' : ` (told by ${designBy})`}`
  return `draft ${id}  ${slug}: ${what}${study === null ? '' : `  ${address(study)}`}`
}

/** A record that an import refused or that differs. */
export function skippedLine({ outcome, subject, known, draft, why, format, source, line, importedAt }: SkippedRecord): string {
  const about = [...(draft === null ? [] : [`draft ${draft}`]), ...(known === null ? [] : [`known as ${known}`])].join(', ')
  const place = `${format}, ${source}${line === null ? '' : `:${line}`}, ${importedAt.toISOString().slice(0, 10)}`
  return `${outcome.toLowerCase().padEnd(8)}${subject}${about === '' ? '' : ` (${about})`}: ${why}  (${place})`
}
