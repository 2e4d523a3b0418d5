import type { PublicationEntry, StatusEventEntry } from '../corpus/format.js'
import { kindWords } from '../references/gather.js'
import { pageRange } from '../references/pages.js'
import type { Reference } from '../references/reference.js'
import type { ToldNotice } from '../references/status.js'
import { firstAuthor } from './matching.js'
import type { KnownPublication } from './matching.queries.js'

/**
 * A reference as a publication of the corpus, with the registrations that belong to its study.
 *
 * @param role of a record that tells of another publication
 */
export function publicationOf(
  reference: Reference,
  slug: string,
  { statusEvents, role = null }: { readonly statusEvents: readonly StatusEventEntry[]; readonly role?: ToldNotice['role'] },
): object {
  const { kind, title, authors, authorsIncomplete, note, registrations } = reference
  const types = kind === 'ARTICLE' || kind === 'PREPRINT' ? reference.types : [kindWords[kind], ...reference.types]
  return {
    slug,
    role: role ?? (kind === 'PREPRINT' ? 'PREPRINT' : 'PRIMARY_REPORT'),
    title,
    authors: authors.map((author) => ('corporate' in author ? author : { family: author.family, ...(author.given !== null && { given: author.given }) })),
    authorsIncomplete,
    ...bibliography(reference),
    types,
    ...(statusEvents.length > 0 && { statusEvents }),
    ...(note !== null && { note }),
    registrations,
  }
}

/** Fields that a publication may be without, by their names in both. */
const fields = ['journal', 'year', 'date', 'volume', 'issue', 'pages', 'doi', 'pmid', 'pmcid'] as const

function bibliography(reference: Reference): Partial<PublicationEntry> {
  return Object.fromEntries(fields.flatMap((field) => (reference[field] === null ? [] : [[field, reference[field]]])))
}

/** What a reference adds to a publication that is known: what is missing there. What differs is named and left as it is. */
export function additionsTo(known: KnownPublication, reference: Reference): { readonly change: object; readonly differs: readonly string[] } {
  const { authors, authorsIncomplete, title, types } = reference
  const missing = fields.flatMap((field) => (known[field] === null && reference[field] !== null ? [[field, reference[field]] as const] : []))
  const bringsAuthors = authors.length > known.authorCount && !authorsIncomplete && (known.authorsIncomplete || known.authorCount === 0)
  const change = {
    ...(!known.titleAsPublished && known.title !== title && { title, titleAsPublished: true }),
    ...(bringsAuthors && {
      authors: authors.map((author) => ('corporate' in author || author.given !== null ? author : { family: author.family })),
      authorsIncomplete: false,
    }),
    ...Object.fromEntries(missing),
    ...(known.types.length === 0 && types.length > 0 && { types }),
  }
  const differs = fields.flatMap((field) => {
    const [here, there] = [known[field], reference[field]]
    const isSame = here === there || (field === 'pages' && pageRange(known.pages ?? undefined) === reference.pages)
    return here !== null && there !== null && !isSame ? [`${field} is ${here} here and ${there} there`] : []
  })
  return { change, differs }
}

/** A publication of a draft as one that is known. */
export function knownEntry(entry: PublicationEntry): KnownPublication {
  const { title, titleAsPublished, authors, authorsIncomplete, types } = entry
  const { journal = null, year = null, date = null, volume = null, issue = null, pages = null, doi = null, pmid = null, pmcid = null } = entry
  return { title, titleAsPublished, authorCount: authors.length, authorsIncomplete, types, journal, year, date, volume, issue, pages, doi, pmid, pmcid }
}

/** The file's own key where it can be a slug, else the first author and the year: "tarleton-2017". */
export function slugFor(reference: Reference): string {
  const { key, year, title } = reference
  if (key !== null && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(key) && !/^\d+$/.test(key)) return key
  const words = slugWords(firstAuthor(reference) ?? title)
    .slice(0, 4)
    .join('-')
  return [words === '' ? 'publication' : words, year].filter((part) => part !== null).join('-')
}

function slugWords(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
}

/** "tarleton-2017", "tarleton-2017-b" … */
export function* slugsLike(slug: string): Generator<string> {
  yield slug
  for (let place = 2; ; place++) yield `${slug}-${place <= 26 ? String.fromCharCode(96 + place) : place}`
}
