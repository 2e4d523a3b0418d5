import type { PublicationEntry, StudyEntry } from '../../src/corpus/format.js'
import { kindWords, registrationOf } from '../../src/references/gather.js'
import { referenceFormats, type ReferenceFormatName } from '../../src/references/formats.js'
import type { Reference, ReferenceRecord } from '../../src/references/reference.js'

/** A plain reference, to be changed in what a test is about. */
export const plain: Reference = {
  key: 'tarleton-2017',
  kind: 'ARTICLE',
  title: 'Role of magnesium supplementation in the treatment of depression: A randomized clinical trial',
  authors: [
    { family: 'Tarleton', given: 'Emily K.' },
    { family: 'Littenberg', given: 'Benjamin' },
  ],
  authorsIncomplete: false,
  journal: 'PLOS ONE',
  year: 2017,
  date: '2017-06-27',
  volume: '12',
  issue: '6',
  pages: 'e0180067',
  doi: '10.1371/journal.pone.0180067',
  pmid: '28654669',
  pmcid: 'PMC5487054',
  registrations: ['NCT02466087'],
  types: ['Randomized Controlled Trial'],
  note: null,
}

/** The publications of the corpus, as references. */
export function referencesOfStudies(studies: readonly StudyEntry[]): Reference[] {
  return studies.flatMap((study) =>
    study.publications.flatMap((publication) => ('ref' in publication ? [] : [referenceOfEntry(publication, study.registrations)])),
  )
}

function referenceOfEntry(publication: PublicationEntry, registrations: readonly string[]): Reference {
  const { slug, role, title, authors, authorsIncomplete, journal, year, date, volume, issue, pages, doi, pmid, pmcid, types, note } = publication
  const kind = role === 'PREPRINT' ? 'PREPRINT' : 'ARTICLE'
  return {
    ...{ key: slug, kind, title, authorsIncomplete, doi: doi?.toLowerCase() ?? null, pmid: pmid ?? null, pmcid: pmcid ?? null },
    authors: authors.map((author) => ('corporate' in author ? author : { family: author.family, given: author.given ?? null })),
    ...{
      journal: journal ?? null,
      year: year ?? null,
      date: date ?? null,
      volume: volume ?? null,
      issue: issue ?? null,
      pages: pages ?? null,
      note: note ?? null,
    },
    registrations: registrations.flatMap((text) => registrationOf(text) ?? []),
    types: types.filter((type) => type !== kindWords[kind]),
  }
}

export async function* each<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  yield* items
}

export async function written(format: ReferenceFormatName, references: readonly Reference[]): Promise<string> {
  let text = ''
  for await (const part of referenceFormats[format].write(each(references))) text += part
  return text
}

/** What a file of these bytes is read as; in parts of a size, where one is given. */
export async function read(format: ReferenceFormatName, content: string | Uint8Array, partSize = Infinity): Promise<ReferenceRecord[]> {
  const bytes = Buffer.from(content as string) // either kind is copied
  const parts = Array.from({ length: Math.max(1, Math.ceil(bytes.length / partSize)) }, (_, place) =>
    partSize === Infinity ? bytes : bytes.subarray(place * partSize, (place + 1) * partSize),
  )
  const records: ReferenceRecord[] = []
  for await (const record of referenceFormats[format].read(each(parts))) records.push(record)
  return records
}

/** The references of a file without a fault or a line too many. */
export async function references(format: ReferenceFormatName, content: string): Promise<Reference[]> {
  return (await read(format, content)).map((record) => {
    if ('skipped' in record) throw new Error(`line ${record.line}: ${record.skipped} lines are of no record`)
    if ('fault' in record) throw new Error(`line ${record.line}: ${record.fault}`)
    return record.reference
  })
}

/** Reads a file to its end. */
export async function referenceFile(format: ReferenceFormatName, bytes: AsyncIterable<Uint8Array>): Promise<number> {
  let records = 0
  for await (const record of referenceFormats[format].read(bytes)) records += 'reference' in record ? 1 : 0
  return records
}
