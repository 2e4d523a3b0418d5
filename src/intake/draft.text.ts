import { stringify } from 'yaml'
import type { Difference } from './differences.js'
import type { KeptDraft } from './draft.queries.js'

/** A draft in a line of a list. */
export function draftLine({ id, kind, slug, status, format, source, line, matched }: KeptDraft): string {
  const place = `${source}${line === null ? '' : `:${line}`}`
  return `${String(id).padStart(6)}  ${status.padEnd(8)}  ${kind.padEnd(12)}  ${slug}${matched === null ? '' : `  changes ${matched}`}  (${format}, ${place})`
}

/** What a draft is and where it stands, before its document. */
export function draftText({
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
  decidedBy,
  decidedAt,
  note,
}: KeptDraft): string {
  const lines: readonly [string, string | null][] = [
    [`draft ${id}`, `${kind} ${slug}`],
    ['status', status],
    ['from', `${format}, ${source}${line === null ? '' : `, line ${line}`}`],
    ['changes', matched === null ? null : `${matched} (known by ${matchedBy})`],
    ['imported', `${importedAt.toISOString()}${importedBy === null ? '' : ` by ${importedBy}`}`],
    ['decided', decidedAt === null ? null : `${decidedAt.toISOString()}${decidedBy === null ? '' : ` by ${decidedBy}`}`],
    ['note', note],
  ]
  return lines.flatMap(([name, value]) => (value === null ? [] : [`# ${name}: ${value}`])).join('\n')
}

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
