import { readIdentifier } from '../study/identifiers.js'
import { authorsIn, isEtAl } from './authors.js'
import { identifiersIn, identifiersOfNote, type Identifiers } from './identifiers.js'
import { plainText } from './markup.js'
import { pageRange } from './pages.js'
import type { Gathered, ReadReference, Reference, ReferenceAuthor, ReferenceFault, ReferenceKind } from './reference.js'
import { readTitle, statusTold } from './status.js'
import { oneLine } from './text.js'

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

/** A reference of what a reader gathered, normalised; a fault if it has no title. */
export function referenceOf(gathered: Gathered, line: number): ReadReference | ReferenceFault {
  const { key = null, kind = 'ARTICLE', registrations = [], types: given = [], links = [], updates, remarks = [] } = gathered
  const told = readTitle(plainLine(gathered.title) ?? '')
  const title = oneLine(told.title)
  if (title === null) return { fault: 'the record has no title', line }
  const authors = gathered.authors.flatMap(namedAuthors)
  const complete = authors.filter((author) => !isUnnamed(author))
  const date = dayOf(gathered.date)
  const year = yearIn(gathered.year) ?? yearIn(gathered.date)
  const types = [...new Set(given.flatMap((type) => oneLine(type) ?? []))]
  const { identifiers, note } = identified(gathered)
  const reference: Reference = {
    ...{ key: oneLine(key ?? undefined), kind, title, authors: complete, authorsIncomplete: complete.length < authors.length },
    journal: plainLine(gathered.journal),
    year,
    date,
    volume: oneLine(gathered.volume),
    issue: oneLine(gathered.issue),
    pages: pageRange(gathered.pages),
    ...identifiers,
    registrations: [...new Set(registrations.flatMap((text) => registrationOf(text) ?? []))],
    types: types.filter((type) => type !== kindWords[kind]),
    note,
  }
  const { changes, notice } = statusTold(told, types, links)
  const unread = oneLine(gathered.year)
  return {
    reference,
    line,
    changes: [...changes, ...(updates?.changes ?? [])],
    notice: updates?.notice ?? notice,
    remarks: [...remarks, ...(year === null && unread !== null ? [`"${unread}" is no year`] : [])],
  }
}

/** A line of a note is an identifier only if no field holds one of its kind. */
function identified({ identifiers, notes = [] }: Gathered): { readonly identifiers: Identifiers; readonly note: string | null } {
  const held = identifiersIn(identifiers)
  const lines = notes.flatMap((text) => text.split('\n')).map((line) => oneLine(line) ?? '')
  const told = lines.flatMap((line) => identifiersOfNote(line) ?? [])
  const first = (wanted: keyof Identifiers) => held[wanted] ?? told.find(({ kind }) => kind === wanted)?.value ?? null
  const found = { doi: first('doi'), pmid: first('pmid'), pmcid: first('pmcid') }
  const isTaken = (line: string) =>
    identifiersOfNote(line)?.every(({ kind, value }) => kind !== 'registration' && held[kind] === null && found[kind] === value) ?? false
  const note = lines
    .filter((line) => !isTaken(line))
    .join('\n')
    .trim()
  return { identifiers: found, note: note === '' ? null : note }
}

/** The id of a registry in its usual notation; of a registry that is not known, as it stands, in capitals. */
export function registrationOf(text: string): string | null {
  const identifier = readIdentifier(text)
  return identifier?.kind === 'registration' ? identifier.value : (oneLine(text)?.toUpperCase() ?? null)
}

const plainLine = (text: string | undefined) => (text === undefined ? null : oneLine(plainText(text)))

/** A value that has semicolons is a list of people that its program did not take apart. */
function namedAuthors(author: ReferenceAuthor): ReferenceAuthor[] {
  if ('corporate' in author) {
    const corporate = plainLine(author.corporate)
    return corporate === null ? [] : [{ corporate }]
  }
  const [family, given] = [plainLine(author.family), plainLine(author.given ?? undefined)]
  if (family !== null && `${family}${given ?? ''}`.includes(';')) return [...authorsIn([family, given].filter((part) => part !== null).join(', ')).authors]
  // A person of one name may have it in either place.
  return family !== null ? [{ family, given }] : given !== null ? [{ family: given, given: null }] : []
}

function isUnnamed(author: ReferenceAuthor): boolean {
  return isEtAl('corporate' in author ? author.corporate : [author.family, author.given].filter((part) => part !== null).join(', '))
}

/** "2017a" is of 2017; "in press" is of no year. */
function yearIn(text: string | undefined): number | null {
  const [, year] = /(?<!\d)((?:1[5-9]|20)\d\d)(?!\d)/.exec(text ?? '') ?? /^\s*((?:1[5-9]|20)\d\d)(?:\d\d){1,2}\s*$/.exec(text ?? '') ?? []
  return year === undefined ? null : Number(year)
}

/** YYYY-MM-DD of a date in that form, with slashes or without separators; null if the day is not told or does not exist. */
function dayOf(text: string | undefined): string | null {
  const [, year, month, day] = /^\s*(\d{4})[-/]?(\d{2})[-/]?(\d{2})(?!\d)/.exec(text ?? '') ?? []
  if (year === undefined || month === undefined || day === undefined) return null
  const iso = `${year}-${month}-${day}`
  const date = new Date(`${iso}T00:00:00Z`)
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== iso ? null : iso
}
