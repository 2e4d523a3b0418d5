import { authorsIn } from './authors.js'
import { referenceOf } from './gather.js'
import { identifiersOfNote } from './identifiers.js'
import { plainText } from './markup.js'
import { pageRange } from './pages.js'
import {
  MalformedFile,
  type ReadReference,
  type Reference,
  type ReferenceAuthor,
  type ReferenceFault,
  type ReferenceKind,
  type SkippedLines,
} from './reference.js'
import { risIdentifiers } from './ris.identifiers.js'
import { textLines, type TextLine } from './textLines.js'

/**
 * RIS: a record from TY to ER, a line "AU  - Tarleton, Emily K." for each value; as Zotero and EndNote write and read it. What RIS has no tag for
 * stands where those programs put it: PMID in AN, PMCID in C2, types in M3, and registrations in notes.
 */

const types: Readonly<Record<ReferenceKind, string>> = {
  ARTICLE: 'JOUR',
  BOOK: 'BOOK',
  CHAPTER: 'CHAP',
  CONFERENCE: 'CPAPER',
  DATASET: 'DATA',
  PREPRINT: 'UNPB',
  REPORT: 'RPRT',
  THESIS: 'THES',
  WEB: 'ELEC',
  OTHER: 'GEN',
}

/** Types of other programs beside those above. */
const otherTypes: Readonly<Record<string, ReferenceKind>> = {
  JFULL: 'ARTICLE',
  EJOUR: 'ARTICLE',
  MGZN: 'ARTICLE',
  INPR: 'ARTICLE',
  ABST: 'ARTICLE',
  EBOOK: 'BOOK',
  ECHAP: 'CHAPTER',
  CONF: 'CONFERENCE',
  ICOMM: 'WEB',
  BLOG: 'WEB',
}

const registrationNote = 'Registration: '

/**
 * A new TY and the end of the file end a record too. Lines outside records are skipped and counted, as databases number and link the records there.
 *
 * @throws {MalformedFile} if the file holds no record
 */
export async function* readRis(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ReadReference | ReferenceFault | SkippedLines> {
  let record: RisRecord | null = null
  let records = 0
  let [skipped, firstSkipped] = [0, 0]
  let foreign: TextLine | null = null
  for await (const line of textLines(bytes)) {
    const { text, number } = line
    const [, tag, value = ''] = /^([A-Z][A-Z0-9]) {1,2}-(?: (.*))?$/.exec(text.trimEnd()) ?? []
    const isEnd = /^ER\b[\s-]*$/.test(text)
    if (tag === 'TY') {
      if (record !== null) yield risReference(record, `the record has no end (ER) before line ${number}`)
      record = { line: number, type: value.trim(), fields: [], isParted: false }
      records++
    } else if (record === null || (record.isParted && tag === undefined && !isEnd && text.trim() !== '')) {
      if (text.trim() === '' || isEnd) continue
      foreign ??= line
      if (isBeginning(text)) yield { fault: beginningRule(text), line: number }
      else if (skipped++ === 0) firstSkipped = number
    } else if (isEnd) {
      yield risReference(record)
      record = null
    } else if (tag !== undefined) {
      record.fields.push({ tag, value })
      record.isParted = false
    } else continued(record, text)
  }
  if (records === 0 && foreign !== null) throw new MalformedFile(beginningRule(foreign.text), foreign.number)
  if (record !== null) yield risReference(record, 'the file ends before the end (ER) of the record')
  if (skipped > 0) yield { skipped, line: firstSkipped }
}

/** A TY that is not written as RIS wants it; what follows belongs to no record. */
const isBeginning = (text: string) => /^\s*TY\s*-/i.test(text)
const beginningRule = (text: string) => `a record must begin with "TY  - ", got "${text.slice(0, 40)}"`

interface RisRecord {
  readonly line: number
  readonly type: string
  readonly fields: { readonly tag: string; value: string }[]
  /** True after a blank line that follows a short value, which nothing continues. */
  isParted: boolean
}

/** Long values are broken into lines by some programs, abstracts and notes into paragraphs. */
function continued(record: RisRecord, text: string): void {
  const last = record.fields.at(-1)
  if (text.trim() === '') record.isParted = last === undefined || !/^(AB|N1|N2)$/.test(last.tag)
  else if (last !== undefined) last.value += ` ${text.trim()}`
}

function risReference({ line, type, fields }: RisRecord, remark?: string): ReadReference | ReferenceFault {
  const all = (...tags: string[]) => tags.flatMap((wanted) => fields.filter(({ tag }) => tag === wanted).map(({ value }) => value))
  const first = (...tags: string[]) => all(...tags).find((value) => value.trim() !== '')
  const kind = kindOf(type)
  const notes = all('N1')
  const isRegistration = (note: string) => note.startsWith(registrationNote)
  const people = all('AU', 'A1').map((name) => authorsIn(plainText(name)))
  const { identifiers, articleNumber } = risIdentifiers(all, kind)
  const gathered = {
    key: first('ID') ?? null,
    kind,
    title: first('TI', 'T1', 'CT', 'BT'),
    authors: people.flatMap(({ authors }) => authors),
    journal: first('JF', 'T2', 'JO', 'JA', 'J2'),
    year: first('PY', 'Y1', 'DA'),
    date: first('DA', 'Y1', 'PY'),
    volume: first('VL'),
    issue: first('IS'),
    pages: pageRange(first('SP'), first('EP')) ?? articleNumber,
    identifiers,
    registrations: notes.filter(isRegistration).map((note) => note.slice(registrationNote.length)),
    types: all('M3').filter((text) => identifiersOfNote(text) === null),
    notes: notes.filter((note) => !isRegistration(note)),
    remarks: [
      ...(remark === undefined ? [] : [remark]),
      ...(people.some(({ isAmbiguous }) => isAmbiguous) ? ['several authors seem to stand in one line, and were read as one'] : []),
    ],
  }
  return referenceOf(gathered, line)
}

function kindOf(type: string): ReferenceKind {
  const known = Object.entries(types).find(([, ours]) => ours === type)?.[0] as ReferenceKind | undefined // a key of types
  return known ?? otherTypes[type] ?? 'OTHER'
}

function risAuthorOf(author: ReferenceAuthor): string {
  if ('corporate' in author) return `${author.corporate},`
  const family = author.family.replaceAll(',', '')
  if (author.given === null) return /\s/.test(family) ? `${family},,` : family
  return `${family}, ${author.given}`
}

/** One record of each reference, with CRLF as the format asks. */
export async function* writeRis(references: AsyncIterable<Reference>): AsyncGenerator<string> {
  for await (const reference of references) yield `${risFields(reference).join('\r\n')}\r\nER  - \r\n\r\n`
}

function risFields(reference: Reference): string[] {
  const {
    key,
    kind,
    title,
    authors,
    authorsIncomplete,
    journal,
    year,
    date,
    volume,
    issue,
    pages,
    doi,
    pmid,
    pmcid,
    registrations,
    types: words,
    note,
  } = reference
  const [, start = pages, end = null] = /^(\w+)-(\w+)$/.exec(pages ?? '') ?? []
  const field = (tag: string, value: string | number | null) => (value === null ? [] : [`${tag}  - ${value}`])
  return [
    ...field('TY', types[kind]),
    ...field('ID', key),
    ...field('TI', title),
    ...authors.flatMap((author) => field('AU', risAuthorOf(author))),
    ...(authorsIncomplete ? ['AU  - et al.,'] : []),
    ...field('T2', journal),
    ...field('PY', year),
    ...field('DA', date === null ? null : date.replaceAll('-', '/')),
    ...field('VL', volume),
    ...field('IS', issue),
    ...field('SP', start),
    ...field('EP', end),
    ...field('DO', doi),
    ...field('AN', pmid),
    ...field('DB', pmid === null ? null : 'PubMed'),
    ...field('C2', pmcid),
    ...words.flatMap((type) => field('M3', type)),
    ...registrations.flatMap((registration) => field('N1', `${registrationNote}${registration}`)),
    ...(note === null ? [] : note.split('\n').flatMap((line) => field('N1', line))),
  ]
}
