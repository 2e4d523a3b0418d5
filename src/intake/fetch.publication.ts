import type { Reference, ReferenceAuthor } from '../references/reference.js'
import { plainText } from '../references/markup.js'
import { readTitle, roleOfNotice, statusTold, type ToldNotice, type ToldTitle } from '../references/status.js'
import type { Identifier } from '../study/identifiers.js'
import { SourceError } from './fetch.js'
import { crossrefAccount, crossrefTitle, europePmcAccount, pubmedAccount, unstated, type Account } from './fetch.accounts.js'
import { findCrossrefWork } from './fetch.crossref.js'
import { findEuropePmcArticle } from './fetch.europePmc.js'
import { findPmidOfDoi, findPubmedSummaries } from './fetch.pubmed.js'
import type { Sources } from './fetch.sources.js'
import { crossrefNotices, europePmcNotices, isOf, pubmedNotices, type Notice } from './retractions.notices.js'

/** A publication as the sources have it between them. */
export interface FetchedPublication {
  readonly reference: Reference
  /** Those that have it. */
  readonly sources: readonly Account['source'][]
  /** Where they disagree: the field, what each says, and which was taken. */
  readonly conflicts: readonly string[]
  /** Why a source could not be asked; the others were. */
  readonly unread: readonly string[]
  readonly notices: readonly Notice[]
  /** Of a notice of another publication. */
  readonly notice?: ToldNotice
}

/**
 * What PubMed, Europe PMC and Crossref say of a publication, joined into one reference.
 *
 * @param identifier a DOI, PMID or PMCID
 * @returns null where no source has it
 * @throws {SourceError} if none has it and one could not be asked, or if the sources mean different publications by it
 */
export async function fetchPublication(sources: Sources, identifier: Identifier): Promise<FetchedPublication | null> {
  const accounts: Account[] = []
  const titles: { readonly source: Account['source']; readonly told: ToldTitle }[] = []
  const notices: Notice[] = []
  const unread: string[] = []
  const asking = async <Found>(work: () => Promise<Found | null>): Promise<Found | null> => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof SourceError)) throw error
      unread.push(error.message)
      return null
    }
  }
  const known = (kind: 'doi' | 'pmid' | 'pmcid') =>
    identifier.kind === kind ? identifier.value : (accounts.map(({ reference }) => reference[kind]).find((value) => value !== null) ?? null)

  const hit = await asking(() => findEuropePmcArticle(sources.europePmc, identifier))
  const article = hit?.article ?? null
  if (article !== null) {
    accounts.push(europePmcAccount(article))
    titles.push({ source: 'Europe PMC', told: readTitle(plainText(article.title)) })
    notices.push(...europePmcNotices(article))
  }
  const summary = await asking(async () => {
    const doi = known('doi')
    const pmid = known('pmid') ?? (doi === null ? null : await findPmidOfDoi(sources.pubmed, sources.caller, doi))
    return pmid === null ? null : ((await findPubmedSummaries(sources.pubmed, sources.caller, [pmid]))[0] ?? null)
  })
  if (summary !== null) {
    accounts.push(pubmedAccount(summary))
    titles.push({ source: 'PubMed', told: readTitle(plainText(summary.title)) })
    notices.push(...pubmedNotices(summary))
  }
  const doi = known('doi')
  const work = doi === null ? null : await asking(() => findCrossrefWork(sources.crossref, sources.caller.contact, doi))
  if (work !== null) {
    accounts.push(crossrefAccount(work))
    titles.push({ source: 'Crossref', told: readTitle(plainText(crossrefTitle(work))) })
    notices.push(...crossrefNotices(work))
  }

  const [unable] = unread
  if (accounts.length === 0 && unable !== undefined) throw new SourceError(unable)
  if (accounts.length === 0) return null
  const asked = identifier.kind === 'registration' ? null : { kind: identifier.kind, value: identifier.value }
  const { reference, conflicts } = joined(accounts, asked)
  const beside = (hit?.others ?? []).map((other) => `Europe PMC has ${other} under the same identifier; ${article?.source} ${article?.id} is followed`)
  const isOwn = ({ of }: Notice) => isOf(reference, of)
  const own = [...notices.filter(isOwn), ...(notices.some((notice) => isOwn(notice) && notice.status === 'RETRACTED') ? [] : titleNotices(reference, titles))]
  const others = notices.filter((notice) => !isOwn(notice))
  const notice = noticeTold(reference, titles, others)
  return {
    ...{ reference, conflicts: [...conflicts, ...beside], sources: accounts.map(({ source }) => source), unread },
    notices: [...own, ...others],
    ...(notice !== null && { notice }),
  }
}

function titleNotices({ doi, pmid }: Reference, titles: readonly { readonly source: string; readonly told: ToldTitle }[]): Notice[] {
  return titles.flatMap(({ source, told: { retracted } }): Notice[] =>
    retracted === null
      ? []
      : [
          {
            of: { doi, pmid },
            status: 'RETRACTED',
            date: null,
            kind: `"${retracted}" in the title`,
            notice: null,
            source: `${source} ${doi ?? pmid ?? ''}`.trim(),
          },
        ],
  )
}

/** A notice by its types or title; or by what it does to others, if nothing else is told of it. */
function noticeTold({ types }: Reference, titles: readonly { readonly told: ToldTitle }[], others: readonly Notice[]): ToldNotice | null {
  const told = titles.map((title) => title.told).find((title) => title.notice !== null)
  const { notice } = statusTold(told ?? { title: '', retracted: null, notice: null }, types, [])
  const [first] = others
  if (notice === null && first === undefined) return null
  const about = others.map(({ of }) => ({ ...of, title: null }))
  const [status, kind] = [first?.status ?? notice?.status ?? 'RETRACTED', first?.kind ?? notice?.kind ?? 'Notice']
  return { status, kind, role: roleOfNotice(status, kind), about: about.length > 0 ? about : (notice?.about ?? []) }
}

type PublicationIdentifier = 'doi' | 'pmid' | 'pmcid'

/**
 * One reference of several accounts. Of each field one account is taken, in an order that suits the field; differences
 * that change what is cited are named. That one source is silent is no difference.
 *
 * @throws {SourceError} if identifiers differ: the accounts are then of different publications
 */
export function joined(
  accounts: readonly Account[],
  asked: { readonly kind: PublicationIdentifier; readonly value: string } | null,
): Pick<FetchedPublication, 'reference' | 'conflicts'> {
  const conflicts: string[] = []
  const inOrder = (first: Account['source'], second: Account['source']) =>
    [...accounts].sort((a, b) => Number(b.source === first) - Number(a.source === first) || Number(b.source === second) - Number(a.source === second))
  const take = <Value>(
    field: string,
    ordered: readonly Account[],
    read: (reference: Reference) => Value | null,
    same: (a: Value, b: Value) => boolean = (a, b) => a === b,
    shown: (value: Value) => string = String,
  ): Value | null => {
    const [taken, ...others] = ordered.flatMap(({ source, reference }) => {
      const value = read(reference)
      return value === null ? [] : [{ source, value }]
    })
    if (taken === undefined) return null
    const differing = others.filter(({ value }) => !same(taken.value, value))
    if (differing.length > 0) {
      const says = ({ source, value }: { source: string; value: Value }) => `${source} says ${shown(value)}`
      conflicts.push(`${field}: ${[taken, ...differing].map(says).join(', ')}; ${taken.source} is followed`)
    }
    return taken.value
  }

  const identifier = (kind: PublicationIdentifier): string | null => {
    const said = [
      ...(asked?.kind === kind ? [{ by: 'asked for', value: asked.value }] : []),
      ...accounts.flatMap(({ source, reference }) => (reference[kind] === null ? [] : [{ by: source, value: reference[kind] }])),
    ]
    if (new Set(said.map(({ value }) => value)).size > 1)
      throw new SourceError(`the sources mean different publications, by ${kind.toUpperCase()}: ${said.map(({ by, value }) => `${value} (${by})`).join(', ')}`)
    return said[0]?.value ?? null
  }

  const [doi, pmid, pmcid] = [identifier('doi'), identifier('pmid'), identifier('pmcid')]
  const indexed = inOrder('PubMed', 'Europe PMC')
  const deposited = inOrder('Crossref', 'Europe PMC')
  const title = take('title', indexed, ({ title: text }) => text || null, sameTitle, JSON.stringify) ?? ''
  // A paper is often online in the year before that of its issue.
  const year = take(
    'year',
    indexed,
    (reference) => reference.year,
    (a, b) => Math.abs(a - b) <= 1,
  )
  const volume = take('volume', indexed, (reference) => reference.volume)
  const issue = take('issue', indexed, (reference) => reference.issue)
  const pages = take(
    'first page',
    indexed,
    (reference) => reference.pages,
    (a, b) => firstPage(a) === firstPage(b),
  )
  const authors = take('authors', deposited, (reference) => (reference.authors.length === 0 ? null : reference.authors), sameAuthors, summaryOf) ?? []
  // PubMed shortens the last page: 127-34.
  const longestPages = accounts.flatMap(({ reference }) =>
    reference.pages !== null && pages !== null && firstPage(reference.pages) === firstPage(pages) ? [reference.pages] : [],
  )
  const kinds = indexed.map(({ reference }) => reference.kind)
  return {
    conflicts,
    reference: {
      ...unstated,
      kind: kinds.find((kind) => kind !== 'ARTICLE' && kind !== 'OTHER') ?? kinds[0] ?? 'ARTICLE',
      title,
      authors,
      journal: deposited.map(({ reference }) => reference.journal).find((journal) => journal !== null) ?? null,
      year,
      date: indexed.map(({ reference }) => reference.date).find((date) => date !== null && Number(date.slice(0, 4)) === year) ?? null,
      volume,
      issue,
      pages: longestPages.sort((a, b) => b.length - a.length)[0] ?? pages,
      doi,
      pmid,
      pmcid,
      registrations: [...new Set(accounts.flatMap(({ reference }) => reference.registrations))],
      types: [...new Set(indexed.find(({ reference }) => reference.types.length > 0)?.reference.types ?? [])],
    },
  }
}

const letters = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** A source may leave the subtitle out. */
function sameTitle(a: string, b: string): boolean {
  const [one, other] = [letters(a), letters(b)]
  return one === other || one.startsWith(`${other} `) || other.startsWith(`${one} `)
}

const firstPage = (pages: string) => (pages.split(/[-–,]/)[0] ?? '').trim().toLowerCase()

const familyOf = (author: ReferenceAuthor | undefined) => (author === undefined ? '' : 'corporate' in author ? author.corporate : author.family)

/** As many persons, the same one first; groups are listed by some sources and not by others. */
function sameAuthors(a: readonly ReferenceAuthor[], b: readonly ReferenceAuthor[]): boolean {
  const [one, other] = [a, b].map((authors) => authors.filter((author) => 'family' in author))
  return one?.length === other?.length && letters(familyOf(one?.[0])) === letters(familyOf(other?.[0]))
}

const summaryOf = (authors: readonly ReferenceAuthor[]) => `${familyOf(authors[0])} and ${authors.length - 1} more`
