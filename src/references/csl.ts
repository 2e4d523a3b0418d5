import { readIdentifierAs } from '../study/identifiers.js'
import { authorsIn, type ReadAuthors } from './authors.js'
import { referenceOf } from './gather.js'
import { plainText } from './markup.js'
import { MalformedFile, type ReadReference, type Reference, type ReferenceAuthor, type ReferenceFault, type ReferenceKind } from './reference.js'
import { roleOfNotice, statusOfUpdate } from './status.js'
import { withSubtitle } from './text.js'
import { wholeText } from './textLines.js'

/**
 * CSL-JSON, what citation processors, Zotero and Crossref exchange: an array of items. See
 * https://github.com/citation-style-language/schema/blob/master/schemas/input/csl-data.json. Registrations stand in lines of the note.
 */

const types: Readonly<Record<ReferenceKind, string>> = {
  ARTICLE: 'article-journal',
  BOOK: 'book',
  CHAPTER: 'chapter',
  CONFERENCE: 'paper-conference',
  DATASET: 'dataset',
  PREPRINT: 'article',
  REPORT: 'report',
  THESIS: 'thesis',
  WEB: 'webpage',
  OTHER: 'document',
}

/** Types of other programs, Crossref's among them, beside those above. */
const otherTypes: Readonly<Record<string, ReferenceKind>> = {
  'article-magazine': 'ARTICLE',
  'article-newspaper': 'ARTICLE',
  'journal-article': 'ARTICLE',
  'posted-content': 'PREPRINT',
  'book-chapter': 'CHAPTER',
  'proceedings-article': 'CONFERENCE',
  post: 'WEB',
  'post-weblog': 'WEB',
}

/** Read whole: larger files are refused. */
export const largestCsl = 64 * 1_048_576

const registrationNote = 'Registration: '

/**
 * Takes an array of items, a single item as resolvers of DOIs answer, the envelopes of Zotero (`items`) and Crossref (`message`, `message.items`), and
 * an item a line.
 *
 * @throws {MalformedFile} if the file is not JSON, or holds no item
 */
export async function* readCsl(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ReadReference | ReferenceFault> {
  const text = await wholeText(bytes, largestCsl)
  for (const { value, line } of valuesIn(text)) {
    const items = itemsIn(value)
    const lines = items.length > 1 || Array.isArray(value) ? itemLines(text) : []
    if (items.length === 0 && !isEmptyList(value)) throw new MalformedFile('the file must hold an item, such as {"title": "…"}, or an array of items', 1)
    for (const [place, item] of items.entries())
      yield isRecord(item)
        ? cslReference(item, lines[place] ?? line)
        : { fault: `an item must be an object such as {"title": "…"}, got ${shown(item)}`, line: lines[place] ?? line }
  }
}

/** One value, or one a line. */
function valuesIn(text: string): { readonly value: unknown; readonly line: number }[] {
  const lines = text.split('\n').flatMap((words, place) => (words.trim() === '' ? [] : [{ words, line: place + 1 }]))
  const first = lines[0] === undefined ? undefined : jsonOrNothing(lines[0].words)
  if (lines.length < 2 || !isRecord(first)) return [{ value: parsedJson(text), line: 1 }]
  return lines.map(({ words, line }) => {
    const value = jsonOrNothing(words)
    // A line that is no JSON costs its own item only.
    return { value: [value ?? words].flat(), line }
  })
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The items of a file, whatever holds them. */
function itemsIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => (isRecord(item) && !isItem(item) ? (enveloped(item) ?? [item]) : [item]))
  if (!isRecord(value)) return []
  return enveloped(value) ?? (isItem(value) ? [value] : [])
}

function enveloped(value: JsonRecord): unknown[] | null {
  const held = value['items'] ?? value['message'] ?? value['references']
  return Array.isArray(held) || (isRecord(held) && !isItem(value)) ? itemsIn(held) : null
}

const isItem = (value: JsonRecord) => ['title', 'DOI', 'author', 'issued', 'container-title', 'PMID', 'PMCID'].some((field) => value[field] !== undefined)
const isEmptyList = (value: unknown) =>
  Array.isArray(value) || (isRecord(value) && Array.isArray(value['items'] ?? (value['message'] as JsonRecord | undefined)?.['items']))

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const { message } = error as SyntaxError // what JSON.parse throws
    if (isTruncation(message, text)) throw new MalformedFile('the file ends too early: it is not whole JSON', lineAt(text, text.trimEnd().length))
    throw new MalformedFile('this is not JSON', lineAt(text, positionIn(message) ?? shortFault(text)))
  }
}

function positionIn(message: string): number | null {
  const [, position] = /position (\d+)/.exec(message) ?? []
  return position === undefined ? null : Number(position)
}

const isTruncation = (message: string, text: string) =>
  /^(Unexpected end|Unterminated string)/.test(message) || (positionIn(message) ?? -1) >= text.trimEnd().length

/** Of a text so short that the parser repeats it instead of telling where: the first letter with which it is wrong. */
function shortFault(text: string): number {
  for (let end = 1; end <= text.length; end++) {
    const beginning = text.slice(0, end)
    try {
      JSON.parse(beginning)
    } catch (error) {
      if (!isTruncation((error as SyntaxError).message, beginning)) return end - 1
    }
  }
  return text.length
}

const lineAt = (text: string, position: number) => text.slice(0, position).split('\n').length

/** Line of each value of the outermost array that holds objects. */
function itemLines(text: string): number[] {
  const lines: number[] = []
  let [line, depth, inString] = [1, 0, false]
  let itemDepth: number | null = null
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]
    if (letter === '\n') line++
    else if (inString) {
      if (letter === '\\') at++
      else if (letter === '"') inString = false
    } else if (letter === '"') inString = true
    else if (letter === '[' || letter === '{') {
      if (letter === '[' && itemDepth === null) itemDepth = depth + 1
      else if (depth === itemDepth) lines.push(line)
      depth++
    } else if (letter === ']' || letter === '}') depth--
  }
  return lines
}

function cslReference(given: JsonRecord, line: number): ReadReference | ReferenceFault {
  const unread: string[] = []
  const words = (field: string) => wordsOf(given[field]) ?? (given[field] == null || isEmpty(given[field]) ? undefined : void unread.push(field))
  const notes = (words('note') ?? '').split('\n')
  const isRegistration = (note: string) => note.startsWith(registrationNote)
  const issued = dateWords(given['issued']) ?? dateWords(given['published'])
  const [title, subtitle] = [words('title'), words('subtitle')]
  const people = authorsOf(given['author'])
  const gathered = {
    key: words('id') ?? null,
    kind: kindOf(words('type'), words('subtype')),
    title: withSubtitle(title, subtitle),
    authors: people.flatMap(({ authors }) => authors),
    journal: words('container-title'),
    year: issued,
    date: dateWords(given['available-date']) ?? issued,
    volume: words('volume'),
    issue: words('issue'),
    pages: words('page') ?? words('article-number'),
    identifiers: [
      { field: 'doi' as const, text: words('DOI') },
      { field: 'pmid' as const, text: words('PMID') },
      { field: 'pmcid' as const, text: words('PMCID') },
      { field: 'address' as const, text: words('URL') },
    ],
    registrations: [...notes.filter(isRegistration).map((note) => note.slice(registrationNote.length)), ...trialNumbers(given['clinical-trial-number'])],
    types: words('genre')?.split('; ') ?? [],
    notes: notes.filter((note) => !isRegistration(note)),
    updates: updatesOf(given),
    remarks: [
      ...[...new Set(unread)].map((field) => `its ${field} is no text, and was not read`),
      ...(people.some(({ isAmbiguous }) => isAmbiguous) ? ['several authors seem to stand in one text, and were read as one'] : []),
    ],
  }
  return referenceOf(gathered, line)
}

type JsonRecord = Readonly<Record<string, unknown>>
const isRecord = (value: unknown): value is JsonRecord => typeof value === 'object' && value !== null && !Array.isArray(value)
const isEmpty = (value: unknown) => Array.isArray(value) && value.length === 0
const shown = (value: unknown) => JSON.stringify(value).slice(0, 40)

/** A text or number; the first of a list, as Crossref gives titles. */
function wordsOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return wordsOf(value.find((one) => one != null))
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

const trialNumbers = (value: unknown) =>
  (Array.isArray(value) ? value : []).flatMap((entry: unknown) => (isRecord(entry) ? (wordsOf(entry['clinical-trial-number']) ?? []) : []))

/** What Crossref says of the work in `updated-by`, and of others in `update-to`. */
function updatesOf(given: JsonRecord): Pick<ReadReference, 'changes' | 'notice'> {
  const told = (field: string) =>
    (Array.isArray(given[field]) ? given[field] : []).flatMap((update: unknown) => {
      const [type, doi] = isRecord(update) ? [wordsOf(update['type']) ?? '', readIdentifierAs('doi', wordsOf(update['DOI']) ?? '')] : ['', null]
      const status = statusOfUpdate(type)
      if (!isRecord(update) || status === undefined) return []
      return [{ status, kind: wordsOf(update['label']) ?? type, doi, date: /^[\d-]+$/.exec(dateWords(update['updated']) ?? '')?.[0] ?? null }]
    })
  const others = told('update-to')
  return {
    changes: told('updated-by').map(({ status, kind, doi, date }) => ({ status, kind, date, notice: doi })),
    notice:
      others[0] === undefined
        ? null
        : {
            status: others[0].status,
            kind: others[0].kind,
            role: roleOfNotice(others[0].status, others[0].kind),
            about: others.flatMap(({ doi }) => (doi === null ? [] : [{ doi, pmid: null, title: null }])),
          },
  }
}

function kindOf(type: string | undefined, subtype: string | undefined): ReferenceKind {
  if (type === undefined) return 'ARTICLE'
  if (subtype === 'preprint') return 'PREPRINT'
  const known = Object.entries(types).find(([, ours]) => ours === type)?.[0] as ReferenceKind | undefined // a key of types
  return known ?? otherTypes[type] ?? 'OTHER'
}

/** A list of names, one name, or a text of some. */
function authorsOf(value: unknown): ReadAuthors[] {
  return (Array.isArray(value) ? value : value == null ? [] : [value]).flatMap((author: unknown): ReadAuthors[] => {
    if (typeof author === 'string') return author.trim() === '' ? [] : [authorsIn(plainText(author))]
    return isRecord(author) ? [{ authors: [cslAuthor(author)], isAmbiguous: false }] : []
  })
}

function cslAuthor(author: JsonRecord): ReferenceAuthor {
  const part = (field: string) => wordsOf(author[field]) ?? ''
  const joined = (words: readonly string[], joint: string) => words.filter((word) => word.trim() !== '').join(joint)
  const group = joined([part('literal') || part('name')], '')
  if (part('family') === '' && group !== '') return { corporate: group }
  const family = joined([part('dropping-particle'), part('non-dropping-particle'), part('family')], ' ')
  const given = joined([part('given'), part('suffix')], ', ')
  return family === '' ? { family: given, given: null } : { family, given: given || null }
}

/** "2017-06-27", or as much of it as is told, in parts or in words. */
function dateWords(told: unknown): string | undefined {
  if (!isRecord(told)) return Array.isArray(told) ? dateWords({ 'date-parts': told }) : wordsOf(told)
  const dates = Array.isArray(told['date-parts']) ? (told['date-parts'] as unknown[]) : []
  const parts = Array.isArray(dates[0]) ? (dates[0] as unknown[]) : dates
  const written = parts.flatMap((part, place) => {
    const words = wordsOf(part)?.trim() ?? ''
    return words === '' ? [] : [words.padStart(place === 0 ? 4 : 2, '0')]
  })
  return written.length > 0 ? written.join('-') : (wordsOf(told['raw']) ?? wordsOf(told['literal']) ?? wordsOf(told['date-time']))
}

/** An array with an item a line. */
export async function* writeCsl(references: AsyncIterable<Reference>): AsyncGenerator<string> {
  let before = '[\n'
  for await (const reference of references) {
    yield `${before}${JSON.stringify(cslItem(reference))}`
    before = ',\n'
  }
  yield before === '[\n' ? '[]\n' : '\n]\n'
}

function cslItem(reference: Reference): object {
  const {
    key,
    kind,
    title: words,
    authors,
    authorsIncomplete,
    journal,
    year,
    date: day,
    volume,
    issue,
    pages,
    doi,
    pmid,
    pmcid,
    registrations,
    types: genres,
    note,
  } = reference
  const dayInYear = day !== null && (year === null || day.startsWith(String(year)))
  const issued = dayInYear ? datePartsOf(day) : year === null ? null : { 'date-parts': [[year]] }
  const notes = [...registrations.map((registration) => `${registrationNote}${registration}`), ...(note === null ? [] : [note])]
  const held = {
    id: key ?? doi ?? pmid ?? words,
    type: types[kind],
    title: words,
    author: [
      ...authors.map((author) => ('corporate' in author ? { literal: author.corporate } : withoutNulls(author))),
      ...(authorsIncomplete ? [{ literal: 'et al.' }] : []),
    ],
    'container-title': journal,
    issued,
    'available-date': day !== null && !dayInYear ? datePartsOf(day) : null,
    ...{ volume, issue, page: pages, DOI: doi, PMID: pmid, PMCID: pmcid },
    genre: genres.length === 0 ? null : genres.join('; '),
    note: notes.length === 0 ? null : notes.join('\n'),
  }
  return withoutNulls(held)
}

const datePartsOf = (day: string) => ({ 'date-parts': [day.split('-').map(Number)] })

function withoutNulls(held: object): object {
  return Object.fromEntries(Object.entries(held).filter(([, value]) => value !== null))
}
