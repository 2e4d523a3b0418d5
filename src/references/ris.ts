import { oneLine, referenceOf } from './gather.js'
import { MalformedFile, type ReadReference, type Reference, type ReferenceAuthor, type ReferenceFault, type ReferenceKind } from './reference.js'
import { textLines } from './textLines.js'

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

/** @throws {MalformedFile} where the file is not RIS, or a record does not end */
export async function* readRis(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ReadReference | ReferenceFault> {
  let record: RisRecord | null = null
  for await (const { text, number } of textLines(bytes)) {
    const [, tag, value = ''] = /^([A-Z][A-Z0-9]) {1,2}-(?: (.*))?$/.exec(text.trimEnd()) ?? []
    if (tag === 'TY') {
      if (record !== null) throw new MalformedFile(`a record begins, and the one that began at line ${record.line} has not ended (ER)`, number)
      record = { line: number, type: value.trim(), fields: [] }
    } else if (record === null) {
      if (text.trim() !== '') throw new MalformedFile(`a record must begin with "TY  - ", got "${text.slice(0, 40)}"`, number)
    } else if (tag === 'ER') {
      yield risReference(record)
      record = null
    } else if (tag !== undefined) record.fields.push({ tag, value })
    else continued(record, text)
  }
  if (record !== null) throw new MalformedFile(`the file ends within the record that begins here: it has no end (ER)`, record.line)
}

interface RisRecord {
  readonly line: number
  readonly type: string
  readonly fields: { readonly tag: string; value: string }[]
}

/** Long values are broken into lines by some programs. */
function continued({ fields }: RisRecord, text: string): void {
  const last = fields.at(-1)
  if (last !== undefined && text.trim() !== '') last.value += ` ${text.trim()}`
}

function risReference({ line, type, fields }: RisRecord): ReadReference | ReferenceFault {
  const all = (...tags: string[]) => tags.flatMap((wanted) => fields.filter(({ tag }) => tag === wanted).map(({ value }) => value))
  const first = (...tags: string[]) => all(...tags).find((value) => value.trim() !== '')
  const [start, end] = [first('SP'), first('EP')]
  const kind = kindOf(type)
  const notes = all('N1')
  const isRegistration = (note: string) => note.startsWith(registrationNote)
  const gathered = {
    key: first('ID') ?? null,
    kind,
    title: first('TI', 'T1', 'CT', 'BT'),
    authors: all('AU', 'A1').map(risAuthor),
    journal: first('JF', 'T2', 'JO', 'JA', 'J2'),
    year: first('PY', 'Y1', 'DA'),
    date: first('DA', 'Y1', 'PY'),
    volume: first('VL'),
    issue: first('IS'),
    pages: end === undefined ? start : `${start ?? ''}-${end}`,
    identifiers: [first('DO'), ...all('AN').map(accession), first('C2'), ...all('UR', 'L2')],
    registrations: notes.filter(isRegistration).map((note) => note.slice(registrationNote.length)),
    types: all('M3'),
    notes: notes.filter((note) => !isRegistration(note)),
  }
  return referenceOf(gathered, line)
}

function kindOf(type: string): ReferenceKind {
  const known = Object.entries(types).find(([, ours]) => ours === type)?.[0] as ReferenceKind | undefined // a key of types
  return known ?? otherTypes[type] ?? 'OTHER'
}

/** Accession numbers are of any database: only digits of PubMed's length are taken for its. */
const accession = (text: string) => (/^(pmid:?\s*)?\d{5,8}$/i.test(text.trim()) ? text : undefined)

/** Words that people's names do not have. */
const groupWords =
  /\b(group|collaborat\w*|consorti\w*|organi[sz]ation|committee|society|investigators?|network|association|institutes?|university|ministry|agency|foundation|team|authority|panel)\b/i

/** "Family, Given, Suffix". A comma at the end, or a group's word, tells a group: RIS has no tag for it. */
function risAuthor(text: string): ReferenceAuthor {
  const name = text.trim()
  if (/[^,],$/.test(name)) return { corporate: name.slice(0, -1) }
  const [family = '', given = '', ...suffix] = name.split(',').map((part) => part.trim())
  if (!name.includes(',') && groupWords.test(name)) return { corporate: name }
  return { family, given: oneLine([given, ...suffix].filter((part) => part !== '').join(', ')) }
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
