import { readIdentifierAs, readNamedIdentifier, type Identifier, type PublicationIdentifierKind } from '../study/identifiers.js'
import type { IdentifierField } from './reference.js'

/** The identifiers of one record; null if it has none of the kind. */
export type Identifiers = Readonly<Record<PublicationIdentifierKind, string | null>>

/**
 * The identifiers in fields of a record, the first of each kind. Digits alone are read by their field, as every database numbers its records.
 * Two addresses of different publications identify neither.
 */
export function identifiersIn(fields: readonly IdentifierField[]): Identifiers {
  const held = fields.flatMap(({ field, text }) => (field === 'address' || text === undefined ? [] : identifierOf(field, text)))
  const addresses = fields.flatMap(({ field, text }) => (field === 'address' && text !== undefined ? addressed(text) : []))
  const named = addresses.filter(({ landing }) => !landing)
  const landing = addresses.filter((found) => found.landing && new Set(addresses.filter((other) => other.landing).map(({ value }) => value)).size === 1)
  const first = (wanted: PublicationIdentifierKind) => [...held, ...named, ...landing].find(({ kind }) => kind === wanted)?.value ?? null
  return { doi: first('doi'), pmid: first('pmid'), pmcid: first('pmcid') }
}

function identifierOf(field: PublicationIdentifierKind | 'any', text: string): Identifier[] {
  const own = field === 'any' ? null : readIdentifierAs(field, text)
  const identifier = own === null || field === 'any' ? readNamedIdentifier(text) : { kind: field, value: own }
  return identifier === null ? [] : [identifier]
}

/** A resolver's address names its publication; another page may have a DOI in its path. */
function addressed(text: string): (Identifier & { readonly landing: boolean })[] {
  const named = readNamedIdentifier(text)
  if (named !== null) return [{ ...named, landing: false }]
  if (!/^\s*(https?:\/\/|www\.)/i.test(text)) return []
  const [, pmid] = /(?:\/MED\/|[?&](?:list_uids|term)=|\/pubmed\/)(\d{1,8})(?:\[uid\])?(?:[&#?/]|\s*$)/i.exec(text) ?? []
  if (pmid !== undefined && /europepmc\.org|nih\.gov/i.test(text)) return [{ kind: 'pmid', value: String(Number(pmid)), landing: false }]
  const doi = doiInAddress(text.trim())
  return doi === null ? [] : [{ kind: 'doi', value: doi, landing: true }]
}

/** "https://onlinelibrary.wiley.com/doi/abs/10.1002/x?af=R" has the DOI 10.1002/x; a path that goes on in an unknown way has none. */
function doiInAddress(address: string): string | null {
  const [, before = '', found = ''] = /^(.*?[/=:])(10\.\d{4,9}(?:\/|%2F)[^\s?#&"]+)/i.exec(address) ?? []
  const doi = readIdentifierAs('doi', found)
    ?.replace(/\/(?:full|abstract|summary|pdf|epdf|pdfdirect|meta|html|fulltext|references)(?:\/.*|\.html?)?$/, '')
    .replace(/(?:\.full|\.abstract|\.long|\.short)?(?:\.pdf|\.html?|\.full|\.abstract)(?:\+html)?$/, '')
    .replace(/\/$/, '')
  if (doi === undefined) return null
  const isPlain = doi.split('/').length === 2 || /\/doi\/(?:[a-z]+\/)?$/i.test(before)
  return isPlain ? doi.replace(/^(10\.1101\/.*?)v\d+$/, '$1') : null
}

const label = /^\W*(doi|pmid|pmcid|pubmed(?:\s+id)?|medline)\s*[:=]\s*/i

/**
 * The identifiers in a line of a note that says nothing else: "PMID: 28654669; PMCID: PMC5487054", "{:DOI: 10.1000/1}", an address.
 *
 * @returns null for a line of other text
 */
export function identifiersOfNote(line: string): Identifier[] | null {
  const text = line.trim().replace(/^\{:?|\}$/g, '')
  const whole = readNamedIdentifier(text)
  if (whole !== null) return whole.kind === 'registration' ? null : [whole]
  const found: Identifier[] = []
  for (let rest = text; rest.trim() !== '';) {
    const [start = '', name = ''] = label.exec(rest) ?? []
    const [value = ''] = /^\S+/.exec(rest.slice(start.length)) ?? []
    const kind = /^pmcid/i.test(name) ? 'pmcid' : /^doi/i.test(name) ? 'doi' : 'pmid'
    const read = name === '' ? null : readIdentifierAs(kind, value.replace(/[;,.}]+$/, ''))
    if (read === null) return null
    found.push({ kind, value: read })
    rest = rest.slice(start.length + value.length)
  }
  return found.length === 0 ? null : found
}
