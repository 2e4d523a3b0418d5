import { readIdentifierAs } from '../study/identifiers.js'

/** What may have happened to a publication. */
export type ToldStatus = 'CURRENT' | 'CORRECTED' | 'CONCERN' | 'RETRACTED'

/** What a record says has happened to its own publication. */
export interface ToldChange {
  readonly status: ToldStatus
  /** As far as it is told: "2018", "2018-03" or "2018-03-01". */
  readonly date: string | null
  /** In the words of the source: "Retraction in", "Retracted Publication". */
  readonly kind: string
  /** The notice itself, as far as it is identified. */
  readonly notice: string | null
}

/** A record that tells of another publication: the notice of its retraction, concern or correction, or its republication. */
export interface ToldNotice {
  readonly status: ToldStatus
  readonly kind: string
  /** Of a record that is a publication as well; null for one that only gives notice. */
  readonly role: 'ERRATUM' | 'REPUBLICATION' | null
  /** The publications it is about, by what the notice calls them. */
  readonly about: readonly { readonly doi: string | null; readonly pmid: string | null; readonly title: string | null }[]
}

/** What a record says of another one, as PubMed words and cites it: "Retraction in", "J Invent. 2020 Feb;5(2):8. PMID: 1". */
export interface RecordLink {
  readonly type: string
  readonly citation: string
}

/** Updates as Crossref words them. If a publication is retracted in part, the rest is in doubt. */
const statusOfUpdates: Readonly<Record<string, ToldStatus>> = {
  retraction: 'RETRACTED',
  withdrawal: 'RETRACTED',
  removal: 'RETRACTED',
  'partial-retraction': 'CONCERN',
  'expression-of-concern': 'CONCERN',
  correction: 'CORRECTED',
  corrigendum: 'CORRECTED',
  erratum: 'CORRECTED',
  reinstatement: 'CURRENT',
}

/** @returns undefined for an update that changes nothing, such as an addendum */
export const statusOfUpdate = (type: string): ToldStatus | undefined => statusOfUpdates[type.toLowerCase().replaceAll('_', '-')]

/** Links as PubMed and Europe PMC word them; the second of each is said by the notice of the publication it is about. */
const statusOfLinks: readonly (readonly [RegExp, ToldStatus, 'IN' | 'OF'])[] = [
  [/^(partial retraction) in$/i, 'CONCERN', 'IN'],
  [/^(partial retraction) of$/i, 'CONCERN', 'OF'],
  [/^(retraction) in$|^retracted and republished in$/i, 'RETRACTED', 'IN'],
  [/^(retraction) of$|^retracted and republished from$/i, 'RETRACTED', 'OF'],
  [/^expression of concern in$/i, 'CONCERN', 'IN'],
  [/^expression of concern for$/i, 'CONCERN', 'OF'],
  [/^erratum in$|^corrected and republished in$/i, 'CORRECTED', 'IN'],
  [/^erratum for$|^corrected and republished from$/i, 'CORRECTED', 'OF'],
]

/** @returns the direction IN if the link is from the publication to its notice, OF if it is from the notice; null for a link that changes nothing */
export function statusOfLink(type: string): { readonly status: ToldStatus; readonly direction: 'IN' | 'OF' } | null {
  const [, status, direction] = statusOfLinks.find(([words]) => words.test(type.trim())) ?? []
  return status === undefined || direction === undefined ? null : { status, direction }
}

/** Types of retracted publications, and of notices. */
const statusOfTypes: readonly (readonly [RegExp, ToldStatus, 'IN' | 'OF'])[] = [
  [/^(retracted|withdrawn)( (publication|article|paper))?$/i, 'RETRACTED', 'IN'],
  [/^(retraction|withdrawal)( (of publication|notice|note))?$/i, 'RETRACTED', 'OF'],
  [/^(editorial )?expression of concern$/i, 'CONCERN', 'OF'],
  [/^(published erratum|erratum|corrigendum|correction)$/i, 'CORRECTED', 'OF'],
]

/** Web of Science joins types: "Article; Retracted Publication". */
const statusOfType = (type: string) =>
  type.split(';').flatMap((part) => {
    const [, status, direction] = statusOfTypes.find(([words]) => words.test(part.trim())) ?? []
    return status === undefined || direction === undefined ? [] : [{ status, direction, kind: part.trim() }]
  })

const retracted = '(?:retracted|withdrawn)(?:\\s+(?:article|paper|chapter|publication|manuscript))?'
/** "RETRACTED: …", "[Retracted article] …", "WITHDRAWN – …". */
const retractedBefore = new RegExp(`^\\s*(?:[[(]\\s*(${retracted})\\s*[\\])]\\s*[:.–—-]?|(${retracted})\\s*(?::|\\s[–—-]\\s|[–—]))\\s*(?=\\S)`, 'i')
/** "… (Retracted article. See vol. 45, p. 123, 2020)", as Web of Science writes it. */
const retractedAfter = new RegExp(`\\s*[[(]\\s*(${retracted})(?:\\s*[.:,;][^\\])]*|\\s+(?:in|by|see|on)\\b[^\\])]*)?\\s*[\\])]\\.?\\s*$`, 'i')

const retractionNotice =
  /^\s*(?:(?:notice|statement) of (?:retraction|withdrawal)|(?:retraction|withdrawal|removal) (?:notice|note|statement))(?:\s*(?::|[–—]|\s-\s)|\s+(?:to|of|for|from|regarding|concerning)\b:?|$)\s*(.*)$/i
const bareRetraction = /^\s*(?:editorial |publisher['’]?s? )?(?:retraction|withdrawal)(?:\s*(?::|[–—]|\s-\s)|\s+to\b:?|\s+(?:of|for)\s+(?=["“”'‘«])|$)\s*(.*)$/i
const concernNotice =
  /^\s*(?:(?:editorial |publisher['’]?s? )*(?:expression|statement|notice) of concern)(?:\s*(?::|[–—]|\s-\s)|\s+(?:to|of|for|on|about|regarding|concerning)\b:?|$)\s*(.*)$/i
const correctionNotice = /^\s*(?:(?:author|publisher) )?(?:erratum|corrigendum|correction|corrigendum\/erratum)(?:\s*:|\s+to\b:?|$)\s*(.*)$/i

/** What a title says beside the name of its publication. */
export interface ToldTitle {
  /** Without the words that say that it is retracted. */
  readonly title: string
  /** Those words; null if there are none. */
  readonly retracted: string | null
  /** Of a notice, and the title that it names; null if there is none. */
  readonly notice: { readonly status: ToldStatus; readonly title: string | null } | null
}

/** What a record that gives notice is besides. */
export function roleOfNotice(status: ToldStatus, kind: string): ToldNotice['role'] {
  if (/republished/i.test(kind)) return 'REPUBLICATION'
  return status === 'CORRECTED' ? 'ERRATUM' : null
}

/** @example readTitle('RETRACTED: Magnesium for sleep') // { title: 'Magnesium for sleep', retracted: 'RETRACTED', notice: null } */
export function readTitle(given: string): ToldTitle {
  let title = given
  let words: string | null = null
  for (let found; (found = retractedBefore.exec(title)) !== null;) {
    words ??= found[1] ?? found[2] ?? null
    title = title.slice(found[0].length)
  }
  const after = retractedAfter.exec(title)
  if (after !== null && after.index > 0) {
    words ??= after[1] ?? null
    title = title.slice(0, after.index)
  }
  const [, retraction] = retractionNotice.exec(title) ?? bareRetraction.exec(title) ?? []
  if (retraction !== undefined) return { title, retracted: null, notice: { status: 'RETRACTED', title: namedTitle(retraction) } }
  const [, concern] = concernNotice.exec(title) ?? []
  if (concern !== undefined) return { title, retracted: null, notice: { status: 'CONCERN', title: namedTitle(concern) } }
  const [, correction] = correctionNotice.exec(title) ?? []
  const notice = correction === undefined ? null : { status: 'CORRECTED' as const, title: namedTitle(correction) }
  return { title, retracted: words, notice }
}

/** The title in quotation marks; without them, all of it but a citation in brackets. */
function namedTitle(text: string): string | null {
  const [, quoted] = /^["“”'‘«](.+?)["”’'»](?=\s*(?:$|[[(.,:;]|by\b|published\b|in\b))/i.exec(text.trim()) ?? []
  const named = (quoted ?? text).replace(/\s*\[[^\]]*\]\s*\.?$/, '').trim()
  return named === '' ? null : readTitle(named).title
}

/** What title, types and links of a record say of its publication; or of another one, if it is a notice. */
export function statusTold(
  told: ToldTitle,
  types: readonly string[],
  links: readonly RecordLink[],
): { readonly changes: readonly ToldChange[]; readonly notice: ToldNotice | null } {
  const ofTypes = types.flatMap(statusOfType)
  const ofLinks = links.flatMap(({ type, citation }) => {
    const found = statusOfLink(type)
    return found === null ? [] : [{ ...found, kind: type, ...citedIn(citation), citation: citation.trim() || null }]
  })
  const linked = ofLinks.flatMap(({ status, direction, kind, doi, pmid, date, citation }): ToldChange[] =>
    direction === 'OF' ? [] : [{ status, date, kind, notice: pmid !== null ? `PMID ${pmid}` : (doi ?? citation) }],
  )
  const isNotice = told.notice !== null || [...ofTypes, ...ofLinks].some(({ direction }) => direction === 'OF')
  const typed = ofTypes.flatMap(({ status, direction, kind }): ToldChange[] =>
    direction === 'OF' || linked.some((change) => change.status === status) ? [] : [{ status, date: null, kind, notice: null }],
  )
  const titled: ToldChange[] =
    told.retracted === null || isNotice || [...linked, ...typed].some(({ status }) => status === 'RETRACTED')
      ? []
      : [{ status: 'RETRACTED', date: null, kind: `"${told.retracted}" in the title`, notice: null }]
  const changes = [...linked, ...typed, ...titled]
  if (!isNotice) return { changes, notice: null }
  const ofOthers = [...ofLinks, ...ofTypes].filter(({ direction }) => direction === 'OF')
  const status = ofOthers[0]?.status ?? told.notice?.status ?? 'RETRACTED'
  const cited = ofLinks.flatMap(({ direction, doi, pmid }) => (direction === 'OF' && (doi !== null || pmid !== null) ? [{ doi, pmid, title: null }] : []))
  // Hindawi calls its notices as it calls the papers: "Retracted: …".
  const named = told.notice === null ? (told.retracted === null ? null : told.title) : told.notice.title
  const kind = ofOthers[0]?.kind ?? 'Notice'
  return {
    changes,
    notice: {
      status,
      kind,
      role: roleOfNotice(status, kind),
      about: cited.length > 0 ? cited : named === null ? [] : [{ doi: null, pmid: null, title: named }],
    },
  }
}

/** The identifiers and the date in a citation as PubMed writes it. */
function citedIn(citation: string): { readonly doi: string | null; readonly pmid: string | null; readonly date: string | null } {
  const [, doi = ''] = /\bdoi:\s*(10\.\S+)/i.exec(citation) ?? []
  const [, pmid = ''] = /\bPMID:\s*(\d+)/i.exec(citation) ?? []
  return { doi: readIdentifierAs('doi', doi), pmid: readIdentifierAs('pmid', pmid), date: dateInCitation(citation) }
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** PubMed cites as "Lancet. 2018 Mar 1;391(10123):850", with or without day and month. */
export function dateInCitation(citation: string): string | null {
  const [, year, month, day] = /\.\s*(\d{4})(?:\s+([A-Z][a-z]{2})(?:[a-z]*)?(?:\s+(\d{1,2}))?)?\s*[;:.]/.exec(`${citation}.`) ?? []
  if (year === undefined) return null
  const number = months.indexOf(month ?? '') + 1
  if (number === 0) return year
  return [year, String(number).padStart(2, '0'), ...(day === undefined ? [] : [day.padStart(2, '0')])].join('-')
}
