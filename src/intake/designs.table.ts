import { CsvError, parse } from 'csv-parse/sync'
import { publicationEntry } from '../corpus/format.js'
import { CurationError } from './curation.error.js'
import { designs, evidenceKinds } from './design.js'
import type { PublicationPlace } from './placement.js'

/** Where drafts go, in a table: a row for each, named by its id or slug, with a design or a study. */
export interface DesignRow {
  /** Id or slug. */
  readonly draft: string
  readonly place: PublicationPlace
}

const columns = ['draft', 'design', 'evidence_kind', 'study', 'role'] as const

/**
 * Reads a table of designs: the columns `draft` and `design`, and, where wanted, `evidence_kind`, `study` and `role`; separated by commas, semicolons or tabs.
 *
 * @throws {CurationError} naming the line and column of the first fault
 */
export function readDesigns(text: string): DesignRow[] {
  const [header, ...lines] = recordsOf(text)
  const names = header?.record.map((name) => name.trim().toLowerCase()) ?? []
  const unknown = names.find((name) => !columns.includes(name as (typeof columns)[number]))
  if (!names.includes('draft') || unknown !== undefined || new Set(names).size < names.length)
    throw new CurationError(`a table of designs has the columns draft, design and, where wanted, evidence_kind, study and role; got "${names.join(', ')}"`)
  const seen = new Set<string>()
  return lines.map(({ record, line }) => {
    const cell = (name: (typeof columns)[number]) => {
      const value = record[names.indexOf(name)]?.trim() ?? ''
      return value === '' ? undefined : value
    }
    const oneOf = <Value extends string>(name: (typeof columns)[number], allowed: readonly Value[]): Value | undefined => {
      const value = cell(name)
      const found = allowed.find((candidate) => candidate === value?.toUpperCase())
      if (value === undefined || found !== undefined) return found
      throw new CurationError(`line ${line}, column ${name}: must be one of ${allowed.join(', ')}, got "${value}"`)
    }
    const [draft, study] = [cell('draft'), cell('study')]
    if (draft === undefined) throw new CurationError(`line ${line}, column draft: must be the id or the slug of a draft`)
    if (seen.has(draft)) throw new CurationError(`line ${line}, column draft: ${draft} has a line already`)
    seen.add(draft)
    const [design, evidenceKind] = [oneOf('design', designs), oneOf('evidence_kind', evidenceKinds)]
    const role = oneOf('role', publicationEntry.shape.role.options)
    if (study !== undefined && (design !== undefined || evidenceKind !== undefined))
      throw new CurationError(`line ${line}: a draft goes into a study that is there, or makes one of a design, not both`)
    return { draft, place: study === undefined ? { made: { design, evidenceKind }, role } : { study, role } }
  })
}

interface Line {
  readonly record: readonly string[]
  readonly line: number
}

function recordsOf(text: string): Line[] {
  const first = text.replace(/^\uFEFF/, '').split(/\r?\n|\r/, 1)[0] ?? ''
  const delimiter = [',', ';', '\t'].reduce((best, sign) => (first.split(sign).length > first.split(best).length ? sign : best))
  try {
    const options = { bom: true, delimiter, info: true, skip_empty_lines: true, trim: true }
    const parsed = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[] // as `info` makes them
    return parsed.map(({ record, info }) => ({ record, line: info.lines }))
  } catch (error) {
    if (error instanceof CsvError) throw new CurationError(`the table of designs cannot be read: ${error.message}`)
    throw error
  }
}

/**
 * The place of each draft that a table names.
 *
 * @throws {CurationError} for a row that names none of the drafts that are decided
 */
export function placesOf(rows: readonly DesignRow[], drafts: readonly { readonly id: number; readonly slug: string }[]): ReadonlyMap<number, PublicationPlace> {
  return new Map(
    rows.map(({ draft, place }) => {
      const found = drafts.find(({ id, slug }) => String(id) === draft || slug === draft)
      if (found === undefined) throw new CurationError(`the table of designs names ${draft}, which is none of the drafts to accept`)
      return [found.id, place]
    }),
  )
}
