import { readBibtex, writeBibtex } from './bibtex.js'
import { readCsl, writeCsl } from './csl.js'
import { readNbib, writeNbib } from './nbib.js'
import type { Reference, ReferenceRecord } from './reference.js'
import { readRis, writeRis } from './ris.js'

export const referenceFormatNames = ['ris', 'nbib', 'bib', 'csl.json'] as const
export type ReferenceFormatName = (typeof referenceFormatNames)[number]

export interface ReferenceFormat {
  readonly contentType: string
  /** What people call it. */
  readonly title: string
  /** Record by record; a record that is no reference is a fault, and the rest goes on. @throws {MalformedFile} where the file itself cannot be read */
  read(bytes: AsyncIterable<Uint8Array>): AsyncIterable<ReferenceRecord>
  write(references: AsyncIterable<Reference>): AsyncIterable<string>
}

/** Formats of reference managers, by the ending of their files. */
export const referenceFormats: Readonly<Record<ReferenceFormatName, ReferenceFormat>> = {
  ris: { contentType: 'application/x-research-info-systems; charset=utf-8', title: 'RIS', read: readRis, write: writeRis },
  nbib: { contentType: 'application/nbib; charset=utf-8', title: 'NBIB (PubMed)', read: readNbib, write: writeNbib },
  bib: { contentType: 'application/x-bibtex; charset=utf-8', title: 'BibTeX', read: readBibtex, write: writeBibtex },
  'csl.json': { contentType: 'application/vnd.citationstyles.csl+json; charset=utf-8', title: 'CSL-JSON', read: readCsl, write: writeCsl },
}

/** The format of a file by its name, else by how it begins; null where neither tells. */
export function formatOf(fileName: string, beginning: string): ReferenceFormatName | null {
  const name = fileName.toLowerCase()
  const named = referenceFormatNames.find((format) => name.endsWith(`.${format}`))
  if (named !== undefined) return named
  if (name.endsWith('.bibtex')) return 'bib'
  if (name.endsWith('.json')) return 'csl.json'
  const text = beginning.trimStart()
  if (/^[[{]/.test(text)) return 'csl.json'
  if (/^(%|@)/.test(text)) return 'bib'
  // Some services write a line or two before the first record.
  if (/^TY {1,2}- /m.test(text)) return 'ris'
  return /^PMID- /m.test(text) || (/^[A-Z]{2,4} *- /.test(text) && text.indexOf('-') === 4) ? 'nbib' : null
}
