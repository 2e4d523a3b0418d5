import { kindWords, oneLine, referenceOf } from './gather.js'
import { MalformedFile, referenceKinds, type ReadReference, type Reference, type ReferenceAuthor, type ReferenceFault } from './reference.js'
import { textLines } from './textLines.js'

/**
 * NBIB, PubMed's own format (MEDLINE): "PMID- 28654669", tags of four letters, continued lines behind six spaces, a blank line between records.
 * See https://www.nlm.nih.gov/bsd/mms/medlineelements.html.
 */

/** @throws {MalformedFile} where the file is not NBIB */
export async function* readNbib(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ReadReference | ReferenceFault> {
  let record: NbibRecord | null = null
  for await (const { text, number } of textLines(bytes)) {
    const [, tag, value = ''] = /^([A-Z]{2,4}) *- ?(.*)$/.exec(text.length > 4 && text[4] === '-' ? text : '') ?? []
    if (text.trim() === '' || (tag === 'PMID' && record !== null)) {
      if (record !== null) yield nbibReference(record)
      record = null
    }
    if (tag !== undefined) {
      record ??= { line: number, fields: [] }
      record.fields.push({ tag, value })
    } else if (text.trim() !== '') {
      const last = record?.fields.at(-1)
      if (last === undefined || !text.startsWith('  '))
        throw new MalformedFile(`a line must begin with a tag such as "PMID- " or with six spaces, got "${text.slice(0, 40)}"`, number)
      last.value += ` ${text.trim()}`
    }
  }
  if (record !== null) yield nbibReference(record)
}

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
    title: first('TI', 'BTI', 'VTI'),
    authors: authorsOf(fields),
    journal: first('JT', 'TA'),
    year: first('DP'),
    date: first('DEP') ?? publicationDay(first('DP')),
    volume: first('VI'),
    issue: first('IP'),
    pages: first('PG') ?? [...all('LID'), ...all('AID')].find((text) => text.endsWith('[pii]') && /^e\d+/.test(text))?.slice(0, -5),
    identifiers: [...dois, first('PMID'), first('PMC')],
    registrations: all('SI').map((text) => text.slice(text.indexOf('/') + 1)),
    types,
    notes: all('GN'),
  }
  return referenceOf(gathered, line)
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
    const [family = '', ...given] = tag === 'FAU' ? field.value.split(',') : initialed(field.value)
    return [{ family, given: oneLine(given.join(',')) }]
  })
}

/** "Tarleton EK" is family and initials. */
function initialed(name: string): string[] {
  const [, family, initials] = /^(.+) ([A-Z]{1,4}(?: (?:Jr|Sr|2nd|3rd|4th))?)$/.exec(name.trim()) ?? []
  return family === undefined || initials === undefined ? [name] : [family, initials]
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
    ...field('TI', title),
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
