import { z } from 'zod'
import { referenceOf } from './gather.js'
import { MalformedFile, type ReadReference, type Reference, type ReferenceAuthor, type ReferenceFault, type ReferenceKind } from './reference.js'
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

const word = z.union([z.string(), z.number()]).transform(String)
/** Crossref gives lists of one title. */
const title = z.union([z.string(), z.array(z.string()).transform((titles) => titles[0] ?? '')])
const date = z.looseObject({ 'date-parts': z.array(z.array(z.union([z.string(), z.number()]).nullable())).optional(), raw: z.string().optional() })
const name = z.looseObject({
  family: z.string().optional(),
  given: z.string().optional(),
  literal: z.string().optional(),
  name: z.string().optional(),
  suffix: z.string().optional(),
  'non-dropping-particle': z.string().optional(),
  'dropping-particle': z.string().optional(),
})
const item = z.looseObject({
  id: word.optional(),
  type: z.string().optional(),
  title: title.optional(),
  author: z.array(name).optional(),
  'container-title': title.optional(),
  issued: date.optional(),
  'available-date': date.optional(),
  volume: word.optional(),
  issue: word.optional(),
  page: word.optional(),
  DOI: z.string().optional(),
  PMID: word.optional(),
  PMCID: z.string().optional(),
  genre: z.string().optional(),
  note: z.string().optional(),
})

/** Read whole: larger files are refused. */
export const largestCsl = 64 * 1_048_576

const registrationNote = 'Registration: '

/** @throws {MalformedFile} where the file is not JSON, or no array of items */
export async function* readCsl(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ReadReference | ReferenceFault> {
  const text = await wholeText(bytes, largestCsl)
  const parsed = parsedJson(text)
  const items: unknown = Array.isArray(parsed) ? parsed : (parsed as { items?: unknown } | null)?.items // Zotero wraps the array
  if (!Array.isArray(items)) throw new MalformedFile('the file must hold an array of items', 1)
  const lines = itemLines(text)
  for (const [place, given] of items.entries()) {
    const line = lines[place] ?? 1
    const checked = item.safeParse(given)
    if (checked.success) yield cslReference(checked.data, line)
    else {
      const [issue] = checked.error.issues
      yield { fault: `${issue?.path.join('.') || 'the item'}: ${issue?.message ?? 'is not as it should be'}`, line }
    }
  }
}

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

function cslReference(given: z.infer<typeof item>, line: number): ReadReference | ReferenceFault {
  const notes = (given.note ?? '').split('\n')
  const isRegistration = (note: string) => note.startsWith(registrationNote)
  const issued = dateWords(given.issued)
  const gathered = {
    key: given.id ?? null,
    kind: kindOf(given.type),
    title: given.title,
    authors: (given.author ?? []).map(cslAuthor),
    journal: given['container-title'],
    year: issued,
    date: dateWords(given['available-date']) ?? issued,
    volume: given.volume,
    issue: given.issue,
    pages: given.page,
    identifiers: [given.DOI, given.PMID, given.PMCID],
    registrations: notes.filter(isRegistration).map((note) => note.slice(registrationNote.length)),
    types: given.genre?.split('; ') ?? [],
    notes: notes.filter((note) => !isRegistration(note)),
  }
  return referenceOf(gathered, line)
}

function kindOf(type: string | undefined): ReferenceKind {
  if (type === undefined) return 'ARTICLE'
  const known = Object.entries(types).find(([, ours]) => ours === type)?.[0] as ReferenceKind | undefined // a key of types
  return known ?? otherTypes[type] ?? 'OTHER'
}

function cslAuthor({ family, given, literal, name: plain, suffix, ...particles }: z.infer<typeof name>): ReferenceAuthor {
  if (family === undefined) return { corporate: literal ?? plain ?? given ?? '' }
  const parts = (words: readonly (string | undefined)[], joint: string) => words.filter((part) => part !== undefined && part !== '').join(joint)
  const before = parts([particles['dropping-particle'], particles['non-dropping-particle'], family], ' ')
  return { family: before, given: parts([given, suffix], ', ') || null }
}

/** "2017-06-27", or as much of it as is told. */
function dateWords(told: z.infer<typeof date> | undefined): string | undefined {
  const [parts = []] = told?.['date-parts'] ?? []
  const written = parts.flatMap((part, place) => (part === null ? [] : [String(part).padStart(place === 0 ? 4 : 2, '0')])).join('-')
  return written === '' ? told?.raw : written
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
