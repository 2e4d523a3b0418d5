import type { Reference, ReferenceAuthor, ReferenceKind } from '../references/reference.js'
import { readIdentifier, type IdentifierKind } from '../study/identifiers.js'
import { dateTold, type CrossrefWork } from './fetch.crossref.js'
import type { EuropePmcArticle } from './fetch.europePmc.js'
import type { PubmedSummary } from './fetch.pubmed.js'

/** What one source says of a publication. */
export interface Account {
  readonly source: 'PubMed' | 'Europe PMC' | 'Crossref'
  readonly reference: Reference
}

/** What no source states of a publication: a key of a file, or that its authors go on. */
export const unstated = { key: null, authorsIncomplete: false, note: null } as const

export function pubmedAccount(summary: PubmedSummary): Account {
  const identified = (type: string) => summary.articleids.find(({ idtype }) => idtype === type)?.value
  const date = dayOfPubmed(summary.pubdate)
  return {
    source: 'PubMed',
    reference: {
      ...unstated,
      kind: kindOf(summary.pubtype),
      title: titleOf(summary.title),
      authors: summary.authors.map(({ name, authtype }) => (authtype === 'CollectiveName' ? { corporate: plain(name) } : personOf(name))),
      journal: textOrNull(summary.fulljournalname) ?? textOrNull(summary.source),
      year: yearIn(summary.pubdate),
      date,
      volume: textOrNull(summary.volume),
      issue: textOrNull(summary.issue),
      pages: textOrNull(summary.pages),
      doi: identifierOf('doi', identified('doi')),
      pmid: identifierOf('pmid', summary.uid),
      pmcid: identifierOf('pmcid', identified('pmc')),
      registrations: [],
      types: tellingTypes(summary.pubtype),
    },
  }
}

export function europePmcAccount(article: EuropePmcArticle): Account {
  const types = article.pubTypeList?.pubType ?? []
  const authors = (article.authorList?.author ?? []).flatMap(({ lastName, firstName, initials, collectiveName, fullName }): ReferenceAuthor[] => {
    if (collectiveName !== undefined) return [{ corporate: plain(collectiveName) }]
    if (lastName !== undefined) return [{ family: plain(lastName), given: textOrNull(firstName) ?? textOrNull(initials) }]
    return fullName === undefined ? [] : [personOf(fullName)]
  })
  return {
    source: 'Europe PMC',
    reference: {
      ...unstated,
      kind: article.source === 'PPR' ? 'PREPRINT' : kindOf(types),
      title: titleOf(article.title),
      authors,
      journal: textOrNull(article.journalInfo?.journal?.title),
      year: article.journalInfo?.yearOfPublication ?? yearIn(article.pubYear ?? ''),
      date: /^\d{4}-\d{2}-\d{2}$/.test(article.firstPublicationDate ?? '') ? (article.firstPublicationDate ?? null) : null,
      volume: textOrNull(article.journalInfo?.volume),
      issue: textOrNull(article.journalInfo?.issue),
      pages: textOrNull(article.pageInfo),
      doi: identifierOf('doi', article.doi),
      pmid: identifierOf('pmid', article.pmid),
      pmcid: identifierOf('pmcid', article.pmcid),
      registrations: [],
      types: tellingTypes(types),
    },
  }
}

export function crossrefAccount(work: CrossrefWork): Account {
  const date = dateTold(work.published) ?? dateTold(work.issued)
  const registrations = work['clinical-trial-number'].flatMap((entry) => identifierOf('registration', entry['clinical-trial-number']) ?? [])
  return {
    source: 'Crossref',
    reference: {
      ...unstated,
      kind: work.subtype === 'preprint' ? 'PREPRINT' : (crossrefKinds[work.type] ?? 'OTHER'),
      title: titleOf(work.title[0] ?? ''),
      authors: work.author.flatMap(({ family, given, name }): ReferenceAuthor[] =>
        family !== undefined ? [{ family: plain(family), given: textOrNull(given) }] : name !== undefined ? [{ corporate: plain(name) }] : [],
      ),
      journal: textOrNull(work['container-title'][0]),
      year: yearIn(date ?? ''),
      date: date?.length === 10 ? date : null,
      volume: textOrNull(work.volume),
      issue: textOrNull(work.issue),
      pages: textOrNull(work.page) ?? textOrNull(work['article-number']),
      doi: identifierOf('doi', work.DOI),
      pmid: null,
      pmcid: null,
      registrations: [...new Set(registrations)],
      types: [],
    },
  }
}

/** Without the words that only say the kind. */
const tellingTypes = (types: readonly string[]) => types.filter((type) => !/^(journal[ -]article|research-article|preprint)$/i.test(type))

const crossrefKinds: Readonly<Record<string, ReferenceKind>> = {
  'journal-article': 'ARTICLE',
  'posted-content': 'PREPRINT',
  'book-chapter': 'CHAPTER',
  'proceedings-article': 'CONFERENCE',
  book: 'BOOK',
  monograph: 'BOOK',
  dataset: 'DATASET',
  report: 'REPORT',
  dissertation: 'THESIS',
}

function kindOf(types: readonly string[]): ReferenceKind {
  return types.some((type) => /^preprint$/i.test(type)) ? 'PREPRINT' : 'ARTICLE'
}

/** PubMed writes persons as "Family AB"; what follows the last space are initials. */
function personOf(name: string): ReferenceAuthor {
  const person = /^(.*\S)\s+(\p{Lu}{1,4}(?:\s(?:Jr|Sr|2nd|3rd|4th))?)$/u.exec(plain(name))
  return person?.[1] === undefined ? { family: plain(name), given: null } : { family: person[1], given: person[2] ?? null }
}

function identifierOf(kind: IdentifierKind, text: string | undefined): string | null {
  const identifier = readIdentifier(text ?? '')
  return identifier?.kind === kind ? identifier.value : null
}

/** "2017 Jun 27" as a day; null where only the month, the season or the year is told. */
function dayOfPubmed(text: string): string | null {
  const [, year, month = '', day = ''] = /^(\d{4}) ([A-Z][a-z]{2}) (\d{1,2})$/.exec(text) ?? []
  const number = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].indexOf(month) + 1
  return year === undefined || number === 0 ? null : `${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}`
}

const yearIn = (text: string) => (/^\d{4}/.test(text) ? Number(text.slice(0, 4)) : null)

const textOrNull = (text: string | undefined) => (text === undefined ? null : plain(text) || null)

/** Without the full stop that PubMed sets after every title; an ellipsis stays. */
const titleOf = (text: string) => plain(text).replace(/(?<!\.)\.$/, '')

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }
const markup = /<\/?(?:i|b|u|em|strong|sub|sup|sc|scp|span|br|jats:[\w-]+|mml:[\w-]+)(?:\s[^<>]*)?\/?>/gi

/** Without the markup that sources leave in their texts; a sign such as "<" that is no markup stays. */
function plain(text: string): string {
  const decoded = text.replace(/&(?:#(\d{1,6})|#x([\da-f]{1,5})|([a-z]+));/gi, (entity, decimal?: string, hexadecimal?: string, name = '') => {
    const code = decimal !== undefined ? Number(decimal) : hexadecimal !== undefined ? parseInt(hexadecimal, 16) : null
    return code === null ? (named[String(name).toLowerCase()] ?? entity) : String.fromCodePoint(code)
  })
  return decoded.replace(markup, '').replace(/\s+/g, ' ').trim()
}
