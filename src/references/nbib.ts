import { readNamedIdentifier } from '../study/identifiers.js'
import { initialed } from './authors.js'
import { kindWords, referenceOf } from './gather.js'
import { MalformedFile, referenceKinds, type ReadReference, type Reference, type ReferenceAuthor, type ReferenceFault, type SkippedLines } from './reference.js'
import { oneLine, withItsFullStop, withoutFullStop } from './text.js'
import { textLines, type TextLine } from './textLines.js'

/**
 * NBIB, PubMed's own format (MEDLINE): "PMID- 28654669", tags of four letters, continued lines behind six spaces, a blank line between records.
 * See https://www.nlm.nih.gov/bsd/mms/medlineelements.html.
 */

/**
 * A record ends before the next PMID, and at a blank line before another title; another blank line is part of it. Lines that have neither a tag nor
 * six spaces are skipped and counted.
 *
 * @throws {MalformedFile} if the file holds no record, or begins as another format
 */
export async function* readNbib(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ReadReference | ReferenceFault | SkippedLines> {
  let record: NbibRecord | null = null
  let [isParted, isNbib] = [false, false]
  let [skipped, firstSkipped] = [0, 0]
  let foreign: TextLine | null = null
  for await (const line of textLines(bytes)) {
    const { text, number } = line
    const [, tag, value = ''] = /^([A-Z]{2,4}) *- ?(.*)$/.exec(text.length > 4 && text[4] === '-' ? text : '') ?? []
    if (text.trim() === '') isParted = true
    else if (tag !== undefined) {
      // Lines of another format may look like tags.
      if (record === null && foreign !== null && tag !== 'PMID') throw new MalformedFile(lineRule(foreign.text), foreign.number)
      if (record !== null && (tag === 'PMID' || (isParted && isTitle(tag) && record.fields.some((field) => isTitle(field.tag))))) {
        yield nbibReference(record)
        record = null
      }
      record ??= { line: number, fields: [] }
      record.fields.push({ tag, value })
      isNbib ||= tag === 'PMID' || isTitle(tag)
      isParted = false
    } else if (record !== null && text.startsWith('  ')) {
      const last = record.fields.at(-1)
      if (last !== undefined) last.value += ` ${text.trim()}`
    } else {
      foreign ??= line
      if (skipped++ === 0) firstSkipped = number
    }
  }
  if (!isNbib && foreign !== null) throw new MalformedFile(lineRule(foreign.text), foreign.number)
  if (record !== null) yield nbibReference(record)
  if (skipped > 0) yield { skipped, line: firstSkipped }
}

const isTitle = (tag: string) => /^(TI|BTI|VTI)$/.test(tag)
const lineRule = (text: string) => `a line must begin with a tag such as "PMID- " or with six spaces, got "${text.slice(0, 40)}"`

interface NbibRecord {
  readonly line: number
  readonly fields: { readonly tag: string; value: string }[]
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function nbibReference({ line, fields }: NbibRecord): ReadReference | ReferenceFault {
  const all = (wanted: string) => fields.filter(({ tag }) => tag === wanted).map(({ value }) => value.trim())
  const first = (...tags: string[]) => tags.flatMap(all).find((value) => value !== '')
  const types = all('PT')
  const kind =
    referenceKinds.find((name) => types[0] === kindWords[name]) ??
    referenceKinds.find((name) => name !== 'ARTICLE' && types.includes(kindWords[name])) ??
    'ARTICLE'
  const dois = [...all('LID'), ...all('AID')].filter((text) => text.endsWith('[doi]')).map((text) => text.slice(0, -5))
  const gathered = {
    kind,
    title: withoutFullStop(first('TI', 'BTI', 'VTI') ?? ''),
    authors: authorsOf(fields),
    journal: first('JT', 'TA'),
    year: first('DP'),
    date: first('DEP') ?? publicationDay(first('DP')),
    volume: first('VI'),
    issue: first('IP'),
    pages: first('PG') ?? [...all('LID'), ...all('AID')].find((text) => text.endsWith('[pii]') && /^e\d+/.test(text))?.slice(0, -5),
    identifiers: [
      ...dois.map((text) => ({ field: 'doi' as const, text })),
      { field: 'pmid' as const, text: first('PMID') },
      { field: 'pmcid' as const, text: first('PMC') },
    ],
    registrations: all('SI').flatMap(registrationIn),
    types,
    notes: all('GN'),
    links: fields.flatMap(({ tag, value }) => (links[tag] === undefined ? [] : [{ type: links[tag], citation: value }])),
  }
  return referenceOf(gathered, line)
}

/** Tags of links to other records, in the words of PubMed. See https://www.nlm.nih.gov/bsd/mms/medlineelements.html#cc. */
const links: Readonly<Record<string, string>> = {
  RIN: 'Retraction in',
  ROF: 'Retraction of',
  PRIN: 'Partial retraction in',
  PROF: 'Partial retraction of',
  RRI: 'Retracted and republished in',
  RRF: 'Retracted and republished from',
  ECI: 'Expression of concern in',
  ECF: 'Expression of concern for',
  EIN: 'Erratum in',
  EFR: 'Erratum for',
  CRI: 'Corrected and republished in',
  CRF: 'Corrected and republished from',
  // Of records of before 2006, which had one tag for both.
  RPI: 'Corrected and republished in',
  RPF: 'Corrected and republished from',
}

/** Registries of trials, as PubMed names them in SI; it names archives of genes and data there too. */
const registries =
  /^(ClinicalTrials\.gov|ISRCTN|EudraCT|EU ?CTR|CTIS|ANZCTR|ACTRN|ChiCTR|CRiS|KCT|CTRI|DRKS|IRCT|JPRN|JapicCTI|JMACCT|jRCT|UMIN(-?CTR)?|LBCTR|NTR|NL|PACTR|ReBec|RBR|REPEC|RPCEC|SLCTR|TCTR|PROSPERO|ICTRP|GCTR|Registration)$/i

/** "ClinicalTrials.gov/NCT01234567": the number, if the bank is a registry or the number has the form of one. */
function registrationIn(text: string): string[] {
  const [, bank = '', number = ''] = /^([^/]*)\/(.*)$/.exec(text) ?? []
  if (number.trim() === '') return readNamedIdentifier(bank)?.kind === 'registration' ? [bank] : []
  return registries.test(bank.trim()) || readNamedIdentifier(number)?.kind === 'registration' ? [number] : []
}

/** "2017 Jun 27" as 2017-06-27. */
function publicationDay(text: string | undefined): string | undefined {
  const [, year, month = '', day] = /^(\d{4}) ([A-Z][a-z]{2}) (\d{1,2})$/.exec(text ?? '') ?? []
  const place = months.indexOf(month)
  return day === undefined || place === -1 ? undefined : `${year}-${String(place + 1).padStart(2, '0')}-${day.padStart(2, '0')}`
}

/** Full names where the record has them, groups among them in their order. */
function authorsOf(fields: NbibRecord['fields']): ReferenceAuthor[] {
  const tag = fields.some(({ tag }) => tag === 'FAU') ? 'FAU' : 'AU'
  return fields.flatMap((field): ReferenceAuthor[] => {
    if (field.tag === 'CN') return [{ corporate: field.value }]
    if (field.tag !== tag) return []
    if (tag === 'AU') return [initialed(field.value) ?? { family: field.value, given: null }]
    const [family = '', ...given] = field.value.split(',')
    return [{ family, given: oneLine(given.join(',')) }]
  })
}

/** One record of each reference, a blank line after it. */
export async function* writeNbib(references: AsyncIterable<Reference>): AsyncGenerator<string> {
  for await (const reference of references) yield `${nbibFields(reference).join('\n')}\n\n`
}

function nbibFields(reference: Reference): string[] {
  const { kind, title, authors, authorsIncomplete, journal, year, date, volume, issue, pages, doi, pmid, pmcid, registrations, types, note } = reference
  const field = (tag: string, value: string | number | null) => (value === null ? [] : wrapped(`${tag.padEnd(4)}- ${value}`))
  return [
    ...field('PMID', pmid),
    ...field('TI', withItsFullStop(title)),
    ...field('LID', doi === null ? null : `${doi} [doi]`),
    ...authors.flatMap((author) =>
      'corporate' in author
        ? field('CN', author.corporate)
        : field('FAU', [author.family.replaceAll(',', ''), author.given].filter((part) => part != null).join(', ')),
    ),
    ...(authorsIncomplete ? field('CN', 'et al.') : []),
    ...[kindWords[kind], ...types].flatMap((type) => field('PT', type)),
    ...field('DEP', date === null ? null : date.replaceAll('-', '')),
    ...field('DP', year),
    ...field('JT', journal),
    ...field('VI', volume),
    ...field('IP', issue),
    ...field('PG', pages),
    ...registrations.flatMap((registration) => field('SI', `${registryOf(registration)}/${registration}`)),
    ...field('PMC', pmcid),
    ...(note === null ? [] : note.split('\n').flatMap((line) => field('GN', line))),
  ]
}

function registryOf(registration: string): string {
  if (registration.startsWith('NCT')) return 'ClinicalTrials.gov'
  if (readNamedIdentifier(registration)?.kind !== 'registration') return 'Registration'
  return /^[A-Z]+/.exec(registration)?.[0] ?? 'EudraCT'
}

const widest = 88

/** Broken at single spaces, continued behind six: a reader joins them by one. */
function wrapped(text: string): string[] {
  if (text.length <= widest) return [text]
  const at = text.lastIndexOf(' ', widest)
  const head = at > 6 ? text.slice(0, at) : ''
  if (head.trim() === '' || text[at + 1] === ' ') return [text]
  return [head, ...wrapped(`      ${text.slice(at + 1)}`)]
}
