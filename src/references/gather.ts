import { readIdentifier, type IdentifierKind } from '../study/identifiers.js'
import type { Gathered, ReadReference, ReferenceAuthor, ReferenceFault, ReferenceKind } from './reference.js'

/** The word that says nothing but the kind, as PubMed words it. */
export const kindWords: Readonly<Record<ReferenceKind, string>> = {
  ARTICLE: 'Journal Article',
  BOOK: 'Book',
  CHAPTER: 'Book Chapter',
  CONFERENCE: 'Congress',
  DATASET: 'Dataset',
  PREPRINT: 'Preprint',
  REPORT: 'Technical Report',
  THESIS: 'Academic Dissertation',
  WEB: 'Webpage',
  OTHER: 'Other',
}

/** A reference of what a reader gathered, normalised; a fault where it has no title. */
export function referenceOf(gathered: Gathered, line: number): ReadReference | ReferenceFault {
  const { key = null, kind = 'ARTICLE', identifiers, registrations = [], types = [], notes = [] } = gathered
  const title = oneLine(gathered.title)
  if (title === null) return { fault: 'the record has no title', line }
  const authors = gathered.authors.flatMap(namedAuthor)
  const complete = authors.filter((author) => !isEtAl(author))
  const found = identifiers.map((text) => (text === undefined ? null : readIdentifier(text)))
  const first = (wanted: IdentifierKind) => found.find((identifier) => identifier?.kind === wanted)?.value ?? null
  const date = dayOf(gathered.date)
  const year = /\b(1[5-9]|20)\d\d\b/.exec(gathered.year ?? gathered.date ?? '')?.[0]
  const note = notes
    .flatMap((text) => text.split('\n'))
    .map((line) => oneLine(line) ?? '')
    .join('\n')
    .trim()
  const reference = {
    ...{ key: oneLine(key ?? undefined), kind, title, authors: complete, authorsIncomplete: complete.length < authors.length },
    journal: oneLine(gathered.journal),
    year: year === undefined ? null : Number(year),
    date,
    volume: oneLine(gathered.volume),
    issue: oneLine(gathered.issue),
    pages: oneLine(gathered.pages)?.replace(/\s*[–—−]\s*|--+/g, '-') ?? null,
    ...{ doi: first('doi'), pmid: first('pmid'), pmcid: first('pmcid') },
    registrations: [...new Set(registrations.flatMap((text) => registrationOf(text) ?? []))],
    types: [...new Set(types.flatMap((type) => oneLine(type) ?? []))].filter((type) => type !== kindWords[kind]),
    note: note === '' ? null : note,
  }
  return { reference, line }
}

/** The id of a registry in its usual notation; of a registry that is not known, as it stands, in capitals. */
export function registrationOf(text: string): string | null {
  const identifier = readIdentifier(text)
  return identifier?.kind === 'registration' ? identifier.value : (oneLine(text)?.toUpperCase() ?? null)
}

/** Trimmed and on one line; null where nothing is left. */
export function oneLine(text: string | undefined): string | null {
  const plain = text?.replace(/\s+/gu, ' ').trim() ?? ''
  return plain === '' ? null : plain
}

function namedAuthor(author: ReferenceAuthor): ReferenceAuthor[] {
  if ('corporate' in author) {
    const corporate = oneLine(author.corporate)
    return corporate === null ? [] : [{ corporate }]
  }
  const family = oneLine(author.family)
  return family === null ? [] : [{ family, given: oneLine(author.given ?? undefined) }]
}

function isEtAl(author: ReferenceAuthor): boolean {
  const name = 'corporate' in author ? author.corporate : author.given === null ? author.family : ''
  return /^(et al\.?|others)$/i.test(name)
}

/** YYYY-MM-DD of a date in that form, with slashes or without separators; null where the day is not told or does not exist. */
function dayOf(text: string | undefined): string | null {
  const [, year, month, day] = /^\s*(\d{4})[-/]?(\d{2})[-/]?(\d{2})(?!\d)/.exec(text ?? '') ?? []
  if (year === undefined || month === undefined || day === undefined) return null
  const iso = `${year}-${month}-${day}`
  const date = new Date(`${iso}T00:00:00Z`)
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== iso ? null : iso
}
