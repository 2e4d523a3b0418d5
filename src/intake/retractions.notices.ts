import type { PublicationEntry } from '../corpus/format.js'
import { dateInCitation, statusOfLink, statusOfUpdate } from '../references/status.js'
import { readIdentifierAs } from '../study/identifiers.js'
import { dateTold, type CrossrefUpdate, type CrossrefWork } from './fetch.crossref.js'
import type { EuropePmcArticle } from './fetch.europePmc.js'
import type { PubmedSummary } from './fetch.pubmed.js'

type StatusEvent = PublicationEntry['statusEvents'][number]

/** What a source says has happened to a publication: corrected, doubted, retracted, reinstated. */
export interface Notice {
  /** The publication it happened to: a DOI or a PMID, as the notice names it. */
  readonly of: { readonly doi: string | null; readonly pmid: string | null }
  readonly status: StatusEvent['status']
  /** As far as it is told: "2018", "2018-03" or "2018-03-01". */
  readonly date: string | null
  /** In the words of the source: "Retraction", "Expression of concern in". */
  readonly kind: string
  /** The notice itself, as far as it is identified. */
  readonly notice: string | null
  readonly source: string
}

/** True if a notice is about the publication, by either identifier. */
export const isOf = (publication: { readonly doi: string | null; readonly pmid: string | null }, of: Notice['of']) =>
  (of.doi !== null && of.doi === publication.doi) || (of.pmid !== null && of.pmid === publication.pmid)

/** What Crossref says of the work (`updated-by`), and what the work says of others (`update-to`) where it is a notice itself. */
export function crossrefNotices(work: CrossrefWork): Notice[] {
  const noticeOf = (update: CrossrefUpdate, about: string | undefined, notice: string | undefined): Notice[] => {
    const [status, of] = [statusOfUpdate(update.type), readIdentifierAs('doi', about ?? '')]
    if (status === undefined || of === null) return []
    const reporter = update.source === undefined || update.source === 'publisher' ? '' : ` (${update.source})`
    const source = `Crossref ${of}${reporter}`
    return [
      {
        of: { doi: of, pmid: null },
        status,
        date: dateTold(update.updated),
        kind: update.label ?? update.type,
        notice: readIdentifierAs('doi', notice ?? ''),
        source,
      },
    ]
  }
  return [
    ...work['updated-by'].flatMap((update) => noticeOf(update, work.DOI, update.DOI)),
    ...work['update-to'].flatMap((update) => noticeOf(update, update.DOI, work.DOI)),
  ]
}

export function pubmedNotices(summary: PubmedSummary): Notice[] {
  const told = summary.references.flatMap(({ refsource, reftype, pmid }) =>
    noticesOfReference({ pmid: summary.uid, type: reftype, other: pmid === undefined ? null : String(pmid), text: refsource, source: 'PubMed' }),
  )
  return [...told, ...noticeOfType(summary.uid, summary.pubtype, told, 'PubMed')]
}

export function europePmcNotices(article: EuropePmcArticle): Notice[] {
  const { pmid } = article
  if (pmid === undefined) return []
  const told = (article.commentCorrectionList?.commentCorrection ?? []).flatMap(({ id, source, reference, type }) =>
    noticesOfReference({ pmid, type, other: source === 'MED' ? (id ?? null) : null, text: reference, source: 'Europe PMC' }),
  )
  return [...told, ...noticeOfType(pmid, article.pubTypeList?.pubType ?? [], told, 'Europe PMC')]
}

interface ToldReference {
  readonly pmid: string
  readonly type: string
  /** The PMID of the other publication. */
  readonly other: string | null
  /** "PLoS One. 2018 Mar 1;13(3):e0193834" */
  readonly text: string
  readonly source: string
}

function noticesOfReference({ pmid, type, other, text, source }: ToldReference): Notice[] {
  const found = statusOfLink(type)
  if (found === null) return []
  const { status, direction } = found
  const subject = direction === 'IN' ? pmid : other
  if (subject === null || subject === '') return []
  const citation = text.trim() === '' ? null : text.trim()
  const notice = direction === 'IN' ? (other !== null && other !== '' ? `PMID ${other}` : citation) : `PMID ${pmid}`
  return [
    {
      of: { doi: null, pmid: subject },
      status,
      date: direction === 'IN' ? dateInCitation(text) : null,
      kind: type.trim(),
      notice,
      source: `${source} ${subject}`,
    },
  ]
}

/** A retracted publication whose retraction nobody links to. */
function noticeOfType(pmid: string, types: readonly string[], told: readonly Notice[], source: string): Notice[] {
  const retracted = types.some((type) => /^retracted publication$/i.test(type))
  if (!retracted || told.some(({ of, status }) => of.pmid === pmid && status === 'RETRACTED')) return []
  return [{ of: { doi: null, pmid }, status: 'RETRACTED', date: null, kind: 'Retracted Publication', notice: null, source: `${source} ${pmid}` }]
}

/** A change of a publication's status, as one or more sources tell it. */
export interface StatusChange {
  /** Told apart among the changes of one publication: "retracted", "corrected-2018-03-01". */
  readonly slug: string
  readonly event: StatusEvent
}

const strength = (notice: Notice) => (notice.date?.length ?? 0) * 10 + (notice.source.startsWith('Crossref') ? 1 : 0)

/**
 * The changes that notices of one publication tell of. A publication is retracted, doubted or reinstated once, so notices
 * of one such status are joined, whatever their dates; corrections are several, and two notices are of the same one where
 * they name the same notice or, in different sources, the same year.
 */
export function statusChanges(notices: readonly Notice[]): StatusChange[] {
  const groups: Notice[][] = []
  for (const notice of [...notices].sort((a, b) => strength(b) - strength(a) || (a.date ?? '').localeCompare(b.date ?? ''))) {
    const group = groups.find(
      ([first, ...others]) => first?.status === notice.status && (notice.status !== 'CORRECTED' || sameCorrection([first, ...others], notice)),
    )
    if (group === undefined) groups.push([notice])
    else group.push(notice)
  }
  const changes = groups.flatMap((group) => changeOf(group))
  const slugs = changes.map(({ slug }) => slug)
  return changes.map((change, index) => {
    const before = slugs.slice(0, index).filter((slug) => slug === change.slug).length
    return before === 0 ? change : { ...change, slug: `${change.slug}-${before + 1}` }
  })
}

function sameCorrection(group: readonly Notice[], notice: Notice): boolean {
  const sourceOf = (source: string) => source.replace(/\s\d.*$/, '')
  return group.some(
    (other) =>
      (other.notice !== null && other.notice === notice.notice) ||
      (sourceOf(other.source) !== sourceOf(notice.source) &&
        (other.date === null || notice.date === null || other.date.slice(0, 4) === notice.date.slice(0, 4))),
  )
}

/** The best dated notice first; a date without its day is told in the note, as a day cannot be made up. */
function changeOf(group: readonly Notice[]): StatusChange[] {
  const [first] = group
  if (first === undefined) return []
  const dated = group.find(({ date }) => date !== null)?.date ?? null
  const named = [...new Set(group.flatMap(({ notice }) => notice ?? []))]
  const kinds = [...new Set(group.map(({ kind }) => kind))]
  const note = [
    `${kinds.join(' / ')}${named.length === 0 ? '' : `: ${named.join('; ')}`}`,
    ...(dated !== null && dated.length < 10 ? [`dated ${dated}`] : []),
  ].join('; ')
  const isDay = dated?.length === 10
  return [
    {
      slug: first.status === 'CORRECTED' && dated !== null ? `corrected-${dated}` : first.status.toLowerCase(),
      event: { status: first.status, ...(isDay && { date: dated }), note, source: [...new Set(group.map(({ source }) => source))].join(', ') },
    },
  ]
}
