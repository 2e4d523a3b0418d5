import type { Creator, Entry } from '@retorquere/bibtex-parser'
import { oneLine, referenceOf } from './gather.js'
import { MalformedFile, type ReadReference, type Reference, type ReferenceAuthor, type ReferenceFault, type ReferenceKind } from './reference.js'
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

/** @throws {MalformedFile} where the file holds no entry, or one that does not end */
export async function* readBibtex(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ReadReference | ReferenceFault> {
  const text = await wholeText(bytes, largestBibtex)
  if (!/@\s*\w+\s*[{(]/.test(text)) throw new MalformedFile('there is no entry such as @article{key, …}', 1)
  // Large, and needed by few commands.
  const { parse } = await import('@retorquere/bibtex-parser')
  const source = text.replace(/\\textless(\{\}|(?![a-zA-Z])\s*)/g, lessThan)
  const { entries, errors } = parse(source, { sentenceCase: false, caseProtection: false, verbatimFields: [...verbatim] })
  const lineOf = lineFinder(source)
  const [error] = errors
  if (error !== undefined) throw new MalformedFile(faultWords(error.error), lineOf(error.input ?? ''))
  for (const entry of entries) yield bibtexReference(entry, lineOf(entry.input))
}

/** Fields whose text is taken as it stands. */
const verbatim: ReadonlySet<string> = new Set(['doi', 'url', 'pmid', 'pmcid', 'eprint', 'date', 'available', 'year'])

/** The parser counts lines within the entry. */
const faultWords = (message: string) => message.replace(/ at line \d+, column \d+/, '')

/** Entries come in the order of the file. */
function lineFinder(text: string): (input: string) => number {
  let [at, line] = [0, 1]
  return (input) => {
    const found = text.indexOf(input.slice(0, 200), at)
    if (found === -1) return line
    line += text.slice(at, found).split('\n').length - 1
    at = found
    return line
  }
}

function bibtexReference({ type, key, fields }: Entry, line: number): ReadReference | ReferenceFault {
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
    pages: words('pages', 'eid'),
    identifiers: [words('doi'), words('pmid') ?? (words('eprinttype') === 'pubmed' ? words('eprint') : undefined), words('pmcid'), words('url')],
    registrations: listed('registration'),
    types: listed('publicationtypes'),
    notes: (words('note') ?? '').split('\n'),
  }
  const { kind = otherTypes[type] ?? 'OTHER', ...others } = gathered
  return referenceOf({ ...others, kind }, line)
}

/** Stands for < while the parser, whose marks for italics and the like are HTML's, has the text. */
const lessThan = '\uE000'

const textOf = (value: unknown): string => (Array.isArray(value) ? value.join('; ') : typeof value === 'string' ? value : '')

/** The parser's text, where there is any. */
function asItStands(value: unknown): string | undefined {
  const text = textOf(value).replaceAll(lessThan, '<')
  return text.trim() === '' ? undefined : text
}

/** The parser's text without those marks; a line break is one. */
function plain(value: unknown): string | undefined {
  return asItStands(
    textOf(value)
      .replace(/<(br|p)>/g, '\n')
      .replace(/<\/?(i|b|sup|sub|span|em|strong|tt)(\s[^<>]*)?>/g, ''),
  )
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
