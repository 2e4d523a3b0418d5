import type { Creator, Entry } from '@retorquere/bibtex-parser'
import { bibtexEntries, markedSigns, unescaped, unmarkedSigns, type BibtexEntry } from './bibtex.entries.js'
import { referenceOf } from './gather.js'
import { identifiersOfNote } from './identifiers.js'
import {
  MalformedFile,
  type IdentifierField,
  type ReadReference,
  type Reference,
  type ReferenceAuthor,
  type ReferenceFault,
  type ReferenceKind,
} from './reference.js'
import { oneLine } from './text.js'
import { wholeText } from './textLines.js'

/**
 * BibTeX, read by the parser that Better BibTeX for Zotero uses, with LaTeX's accents and symbols turned into letters; written in UTF-8 with LaTeX's
 * special characters escaped. PMID, PMCID, registrations and types have fields of their own, which BibTeX styles pass over.
 */

const types: Readonly<Record<ReferenceKind, string>> = {
  ARTICLE: 'article',
  BOOK: 'book',
  CHAPTER: 'incollection',
  CONFERENCE: 'inproceedings',
  DATASET: 'dataset',
  PREPRINT: 'unpublished',
  REPORT: 'techreport',
  THESIS: 'phdthesis',
  WEB: 'online',
  OTHER: 'misc',
}

/** Types of other programs beside those above. */
const otherTypes: Readonly<Record<string, ReferenceKind>> = {
  inbook: 'CHAPTER',
  conference: 'CONFERENCE',
  report: 'REPORT',
  thesis: 'THESIS',
  mastersthesis: 'THESIS',
  data: 'DATASET',
  electronic: 'WEB',
  www: 'WEB',
}

/** Read whole: larger files are refused. */
export const largestBibtex = 16 * 1_048_576

/**
 * An entry that cannot be read is a fault, and the others are read.
 *
 * @throws {MalformedFile} if the file holds no entry
 */
export async function* readBibtex(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ReadReference | ReferenceFault> {
  const text = await wholeText(bytes, largestBibtex)
  const entries = bibtexEntries(text)
  if (entries.length === 0) throw new MalformedFile('there is no entry such as @article{key, …}', 1)
  const unended = entries.filter((entry) => !entry.isEnded && isReference(entry))
  const { read, faults } = await parsed(entries.filter(({ isEnded }) => isEnded))
  const all = [...read, ...faults, ...unended.map(({ key, line }) => ({ fault: `the entry ${key} has a brace that is not closed`, line }))]
  yield* all.sort((one, other) => one.line - other.line)
}

/** Fields whose text is taken as it stands, but for the escapes of LaTeX. */
const verbatim: ReadonlySet<string> = new Set(['doi', 'url', 'pmid', 'pmcid', 'eprint', 'date', 'available', 'year'])

const isReference = ({ type }: BibtexEntry) => !/^(comment|string|preamble)$/i.test(type)

/** All entries together, as one may inherit from another; those that the parser cannot read are found one by one, and left out. */
async function parsed(entries: readonly BibtexEntry[]): Promise<{ readonly read: (ReadReference | ReferenceFault)[]; readonly faults: ReferenceFault[] }> {
  // Large, and needed by few commands.
  const { parse } = await import('@retorquere/bibtex-parser')
  const options = { sentenceCase: false as const, caseProtection: false, verbatimFields: [...verbatim] }
  const parseSource = (some: readonly BibtexEntry[]) => {
    const library = parse(some.map(({ text }) => markedSigns(text)).join('\n'), options)
    return { entries: library.entries, errors: library.errors.filter(({ error }) => !isUnknownMacro(error)) }
  }
  const strings = entries.filter(({ type }) => /^string$/i.test(type))
  const isReadable = (entry: BibtexEntry) => {
    const alone = parseSource([...strings, entry])
    return alone.errors.length === 0 && alone.entries.length === 1
  }
  const whole = parseSource(entries)
  const references = entries.filter(isReference)
  const areAllRead = whole.errors.length === 0 && whole.entries.length === references.length
  const readable = areAllRead ? references : references.filter(isReadable)
  const library = areAllRead ? whole : parseSource([...strings, ...readable])
  const macros = macrosOf(strings)
  const faults = references
    .filter((entry) => !readable.includes(entry))
    .map(({ key, line }) => ({ fault: `the entry ${key} cannot be read: a comma, a quotation mark or an equals sign is missing`, line }))
  return { read: readable.flatMap((source, place) => bibtexReference(library.entries[place], source, macros)), faults }
}

const isUnknownMacro = (message: string) => message.startsWith('Unresolved @string reference')

const macrosOf = (strings: readonly BibtexEntry[]) =>
  new Set([
    'jan',
    'feb',
    'mar',
    'apr',
    'may',
    'jun',
    'jul',
    'aug',
    'sep',
    'oct',
    'nov',
    'dec',
    ...strings.map(({ text }) => /^@\w+\s*[{(]\s*([^\s=]+)/.exec(text)?.[1]?.toLowerCase()),
  ])

/** What stands in the file for a field and names no macro: the parser takes it as text. */
function unknownMacros({ text }: BibtexEntry, macros: ReadonlySet<string | undefined>): string[] {
  return [...text.matchAll(/,\s*([\w-]+)\s*=\s*([A-Za-z][\w:.+-]*)\s*(?=[,}#)])/g)].flatMap(([, field = '', name = '']) =>
    macros.has(name.toLowerCase()) ? [] : [`${field} is ${name}, which no @string of the file defines`],
  )
}

function bibtexReference(entry: Entry | undefined, source: BibtexEntry, macros: ReadonlySet<string | undefined>): (ReadReference | ReferenceFault)[] {
  return entry === undefined ? [] : [referenceOfEntry(entry, source.line, unknownMacros(source, macros))]
}

function referenceOfEntry({ type, key, fields }: Entry, line: number, remarks: readonly string[]): ReadReference | ReferenceFault {
  const words = (...names: string[]) => names.map((name) => (verbatim.has(name) ? asItStands : plain)(fields[name])).find((value) => value !== undefined)
  const listed = (name: string) => (words(name) ?? '').split('; ').filter((value) => value !== '')
  const gathered = {
    key: key === '' || madeKey.test(key) ? null : key,
    kind: Object.entries(types).find(([, ours]) => ours === type)?.[0] as ReferenceKind | undefined, // a key of types
    title: words('title'),
    authors: (fields.author ?? []).map(bibtexAuthor),
    journal: words('journal', 'journaltitle', 'booktitle'),
    year: words('year', 'date'),
    date: words('available') ?? words('date'),
    volume: words('volume'),
    issue: words('number', 'issue'),
    pages: words('pages', 'eid', 'articleno', 'article-number'),
    identifiers: [
      { field: 'doi' as const, text: words('doi') },
      { field: 'pmid' as const, text: words('pmid') },
      { field: 'pmcid' as const, text: words('pmcid', 'pmc') },
      ...eprint(words('eprinttype', 'archiveprefix'), words('eprint')),
      { field: 'address' as const, text: words('url') },
      { field: 'address' as const, text: words('howpublished') },
    ],
    registrations: listed('registration'),
    types: listed('publicationtypes'),
    notes: [...(words('note') ?? '').split('\n'), ...annotations(words('annote', 'annotation'))],
    remarks,
  }
  const { kind = otherTypes[type] ?? 'OTHER', ...others } = gathered
  return referenceOf({ ...others, kind }, line)
}

/** Of other people's annotations, only the identifiers are taken. */
const annotations = (text: string | undefined) => (text ?? '').split('\n').filter((line) => identifiersOfNote(line) !== null)

function eprint(archive: string | undefined, text: string | undefined): IdentifierField[] {
  if (/^(pubmed|pmid|medline)$/i.test(archive ?? '')) return [{ field: 'pmid', text }]
  return /^(pmc|pmcid|pubmed ?central)$/i.test(archive ?? '') ? [{ field: 'pmcid', text }] : []
}

const textOf = (value: unknown): string => (Array.isArray(value) ? value.join('; ') : typeof value === 'string' ? value : '')

/** The text of a field that LaTeX does not typeset, where there is any. */
function asItStands(value: unknown): string | undefined {
  const text = unescaped(unmarkedSigns(textOf(value)))
  return text.trim() === '' ? undefined : text
}

/** The parser's text without its marks for italics and the like, which are HTML's; a line break is one. */
function plain(value: unknown): string | undefined {
  const text = unmarkedSigns(
    textOf(value)
      .replace(/<(br|p)>/g, '\n')
      .replace(/<\/?(i|b|sup|sub|span|em|strong|tt)(\s[^<>]*)?>/g, ''),
  )
  return text.trim() === '' ? undefined : text
}

function bibtexAuthor({ name, lastName, firstName, prefix, suffix }: Creator): ReferenceAuthor {
  if (lastName === undefined) return { corporate: plain(name) ?? '' }
  const parts = (words: readonly (string | undefined)[], joint: string) => words.flatMap((part) => plain(part) ?? []).join(joint)
  return { family: parts([prefix, lastName], ' '), given: oneLine(parts([firstName, suffix], ', ')) }
}

/** Keys that only stand there because an entry must have one. */
const madeKey = /^reference-\d+$/

/** One entry of each reference; keys are made where there is none, and told apart. */
export async function* writeBibtex(references: AsyncIterable<Reference>): AsyncGenerator<string> {
  let made = 0
  for await (const reference of references) {
    const key = reference.key !== null && /^[^\s,{}()=#%"~\\]+$/.test(reference.key) ? reference.key : `reference-${++made}`
    yield `@${types[reference.kind]}{${key},\n${bibtexFields(reference).join('')}}\n\n`
  }
}

function bibtexFields(reference: Reference): string[] {
  const { kind, title, authors, authorsIncomplete, journal, year, date, volume, issue, pages, doi, pmid, pmcid, registrations, types: words, note } = reference
  const field = (name: string, value: string | number | null) => (value === null ? [] : [`  ${name} = {${value}},\n`])
  const text = (name: string, value: string | null) => field(name, value === null ? null : escaped(value))
  const names = [...authors.map(bibtexAuthorOf), ...(authorsIncomplete ? ['others'] : [])]
  const journalField = kind === 'CHAPTER' || kind === 'CONFERENCE' ? 'booktitle' : 'journal'
  return [
    // A second pair of braces keeps the case in styles that lower it.
    ...field('title', `{${escaped(title)}}`),
    ...field('author', names.length === 0 ? null : names.join(' and ')),
    ...text(journalField, journal),
    ...field('year', year),
    // Readers take the year from the date: a day in another year than the volume's stands apart.
    ...field(date !== null && year !== null && !date.startsWith(String(year)) ? 'available' : 'date', date),
    ...text('volume', volume),
    ...text('number', issue),
    ...field('pages', pages === null ? null : escaped(pages).replace(/^(\w+)-(\w+)$/, '$1--$2')),
    ...field('doi', doi),
    ...field('pmid', pmid),
    ...field('pmcid', pmcid),
    ...text('registration', registrations.length === 0 ? null : registrations.join('; ')),
    ...text('publicationtypes', words.length === 0 ? null : words.join('; ')),
    ...text('note', note),
  ]
}

function bibtexAuthorOf(author: ReferenceAuthor): string {
  if ('corporate' in author) return `{${escaped(author.corporate)}}`
  // Braces around a family name of several words, which BibTeX would take apart.
  const family = /\s/.test(author.family) ? `{${escaped(author.family)}}` : escaped(author.family)
  if (author.given === null) return /\s/.test(author.family) ? `${family}, {}` : family
  return `${family}, ${author.given.includes(',') ? `{${escaped(author.given)}}` : escaped(author.given)}`
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '\n': '\\\\\n',
}

/** What LaTeX takes for more than a letter, and pairs of signs that it takes for one. */
function escaped(text: string): string {
  return text.replace(/[\\~^<>\n{}%$&#_]/g, (letter) => escapes[letter] ?? `\\${letter}`).replace(/([-`',])(?=\1)|[!?](?=`)/g, '$&{}')
}
