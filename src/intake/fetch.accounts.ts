import type { Reference, ReferenceAuthor, ReferenceKind } from '../references/reference.js'
import { initialed } from '../references/authors.js'
import { plainText } from '../references/markup.js'
import { readTitle } from '../references/status.js'
import { oneLine, withoutFullStop, withSubtitle } from '../references/text.js'
import { readIdentifierAs, type IdentifierKind } from '../study/identifiers.js'
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
    if (lastName !== undefined) return personNamed(lastName, firstName ?? initials, undefined)
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
      title: titleOf(crossrefTitle(work)),
      authors: work.author.flatMap(({ family, given, name, suffix }): ReferenceAuthor[] =>
        family === undefined && name !== undefined ? [{ corporate: plain(name) }] : personNamed(family, given, suffix),
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

/** PubMed writes persons as "Family AB". */
const personOf = (name: string): ReferenceAuthor => initialed(plain(name)) ?? { family: plain(name), given: null }

const identifierOf = (kind: IdentifierKind, text: string | undefined): string | null => readIdentifierAs(kind, text ?? '')

/** "2017 Jun 27" as a day; null where only the month, the season or the year is told. */
function dayOfPubmed(text: string): string | null {
  const [, year, month = '', day = ''] = /^(\d{4}) ([A-Z][a-z]{2}) (\d{1,2})$/.exec(text) ?? []
  const number = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].indexOf(month) + 1
  return year === undefined || number === 0 ? null : `${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}`
}

const yearIn = (text: string) => (/^\d{4}/.test(text) ? Number(text.slice(0, 4)) : null)

const textOrNull = (text: string | undefined) => (text === undefined ? null : plain(text) || null)

/** A person of one name may have it in either field. */
function personNamed(family: string | undefined, given: string | undefined, suffix: string | undefined): ReferenceAuthor[] {
  const [last, ...first] = [family, given, suffix].flatMap((part) => textOrNull(part) ?? [])
  return last === undefined ? [] : [{ family: last, given: first.join(', ') || null }]
}

/** A title and its subtitle, which Crossref keeps apart. */
export const crossrefTitle = ({ title, subtitle }: CrossrefWork): string => withSubtitle(title[0], subtitle[0]) ?? ''

/** Without markup, the full stop that PubMed sets after every title, and the words that say that it is retracted. */
const titleOf = (text: string) => withoutFullStop(readTitle(plain(text)).title)

const plain = (text: string) => oneLine(plainText(text)) ?? ''
