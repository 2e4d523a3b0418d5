import path from 'node:path'
import type { Reference } from '../references/reference.js'
import { haveSubjectInCommon, sameAuthor, sameTitle } from './matching.titles.js'

/** A publication, of the evidence or of an open draft, that a reference may be. */
export interface Candidate {
  readonly slug: string
  /** Of the draft; null for a publication of the evidence. */
  readonly draft: number | null
  readonly title: string
  readonly doi: string | null
  readonly pmid: string | null
  readonly pmcid: string | null
  readonly year: number | null
  /** Family name of the first author, or the group's. */
  readonly author: string | null
  /** Of the titles, 0 to 1: shared trigrams of all trigrams, after case, accents and signs are gone. */
  readonly similarity: number
  /** False if the title is ours, as of a publication that was not seen: it is then no evidence against a match. */
  readonly titleAsPublished?: boolean
  /** Where an open draft was read; null for a publication of the evidence. */
  readonly record?: DraftRecord | null
}

/** Where a draft was read, and by which import. */
export interface DraftRecord {
  readonly format: string
  readonly source: string
  readonly line: number | null
  /** False for a draft of the import that goes on. */
  readonly isEarlier: boolean
}

/** What a reference is, among the candidates. */
export type Match =
  | { readonly kind: 'NEW' }
  | { readonly kind: 'SAME'; readonly candidate: Candidate; /** "DOI", "title, year and author" … */ readonly by: string }
  | { readonly kind: 'CONFLICT'; readonly why: string }

const identifiers = ['doi', 'pmid', 'pmcid'] as const

/**
 * What a reference is: by the identifiers of a publication if any is shared, else by the title, which may be misspelt but not differ by a word (see
 * `sameTitle`), the years at most one apart (online and in print), and the same first author, as far as they are known. An identifier is not believed
 * if title, author and year all tell another publication.
 *
 * @param isSameRecord of an open draft that an earlier import made of the same record: its values are replaced, so none of them contradicts
 */
export function matchOf(reference: Reference, candidates: readonly Candidate[], isSameRecord: (candidate: Candidate) => boolean = () => false): Match {
  const shared = candidates.flatMap((candidate) => {
    const by = identifiers.filter((name) => reference[name] !== null && reference[name] === candidate[name])
    return by.length > 0 ? [{ candidate, by }] : []
  })
  const [first, ...others] = shared
  if (first !== undefined) {
    const { slug } = first.candidate
    const other = others.find(({ candidate }) => candidate.slug !== slug)
    if (other !== undefined) return { kind: 'CONFLICT', why: `its ${told(first.by)} is of ${slug} and its ${told(other.by)} of ${other.candidate.slug}` }
    if (!isSameRecord(first.candidate)) {
      const apart = contradicting(reference, first.candidate)
      if (apart !== undefined)
        return {
          kind: 'CONFLICT',
          why: `its ${told(first.by)} is of ${slug}, whose ${apart.toUpperCase()} is ${first.candidate[apart]} and not ${reference[apart]}`,
        }
      const differs = differencesFrom(reference, first.candidate)
      if (isUnlike(reference, first.candidate))
        return { kind: 'CONFLICT', why: `its ${told(first.by)} is of ${slug}, but ${differs.join(', ')}: one of the two has a wrong identifier` }
    }
    return { kind: 'SAME', candidate: first.candidate, by: told(first.by) }
  }
  const earlier = candidates.filter(isSameRecord)
  if (earlier.length === 1 && earlier[0] !== undefined) return { kind: 'SAME', candidate: earlier[0], by: 'its place in the file' }
  const [like] = candidates.filter((candidate) => isLike(reference, candidate)).sort((one, other) => other.similarity - one.similarity)
  return like === undefined ? { kind: 'NEW' } : { kind: 'SAME', candidate: like, by: 'title, year and author' }
}

const told = (names: readonly string[]) => names.map((name) => name.toUpperCase()).join(' and ')

/** An identifier that both have and that differs. */
const contradicting = (reference: Reference, candidate: Candidate) =>
  identifiers.find(
    (name) =>
      reference[name] !== null && candidate[name] !== null && reference[name] !== candidate[name] && !(name === 'pmid' && hasPmcidAsPmid(candidate, reference)),
  )

/** True of a draft whose PMID is the number of the reference's PMCID: an earlier file had it without its letters. */
export const hasPmcidAsPmid = ({ draft, pmid }: Pick<Candidate, 'draft' | 'pmid'>, { pmcid }: Reference) =>
  draft !== null && pmid !== null && pmcid === `PMC${pmid}`

/** True if at least two of title, first author and year are known of both, and none agrees. */
function isUnlike(reference: Reference, candidate: Candidate): boolean {
  const agreements = [titlesAgree(reference, candidate), authorsAgree(reference, candidate), yearsAgree(reference, candidate)].filter(
    (agrees) => agrees !== null,
  )
  return agreements.length >= 2 && !agreements.includes(true)
}

function titlesAgree(reference: Reference, candidate: Candidate): boolean | null {
  if (candidate.titleAsPublished === false) return null
  return sameTitle(reference.title, candidate.title) || haveSubjectInCommon(reference.title, candidate.title)
}

function authorsAgree(reference: Reference, candidate: Candidate): boolean | null {
  const author = firstAuthor(reference)
  return author === null || candidate.author === null ? null : sameAuthor(author, candidate.author)
}

const yearsAgree = ({ year }: Reference, candidate: Candidate): boolean | null =>
  year === null || candidate.year === null ? null : Math.abs(year - candidate.year) <= 1

function isLike(reference: Reference, candidate: Candidate): boolean {
  if (contradicting(reference, candidate) !== undefined) return false
  return yearsAgree(reference, candidate) !== false && authorsAgree(reference, candidate) !== false && sameTitle(reference.title, candidate.title)
}

/** Title, first author and year, as far as both have them and they are not the same. */
export function differencesFrom(reference: Reference, candidate: Candidate): string[] {
  const author = firstAuthor(reference)
  return [
    ...(sameTitle(reference.title, candidate.title) ? [] : [`the title is "${candidate.title}" here and "${reference.title}" there`]),
    ...(authorsAgree(reference, candidate) === false ? [`the first author is ${candidate.author} here and ${author} there`] : []),
    ...(yearsAgree(reference, candidate) === false ? [`the year is ${candidate.year} here and ${reference.year} there`] : []),
  ]
}

/** True for the open draft of an earlier import that was made of the record which now comes again, in the same format. */
export function isDraftOf(reference: Reference, slug: string, origin: Pick<DraftRecord, 'format' | 'source' | 'line'>): (candidate: Candidate) => boolean {
  return (candidate) => {
    const { record } = candidate
    if (record == null || !record.isEarlier || record.format !== origin.format) return false
    const hasSameKey = reference.key !== null && candidate.slug === slug
    const isOfSameFile = path.basename(record.source) === path.basename(origin.source)
    if (!hasSameKey && !isOfSameFile) return false
    if (yearsAgree(reference, candidate) === false || authorsAgree(reference, candidate) === false) return false
    if (sameTitle(reference.title, candidate.title)) return true
    // The title was corrected: then nothing else may tell another publication, or its draft would be lost.
    const isInPlace = hasSameKey || record.line === origin.line
    return (
      isInPlace &&
      authorsAgree(reference, candidate) === true &&
      haveSubjectInCommon(reference.title, candidate.title) &&
      contradicting(reference, candidate) === undefined
    )
  }
}

export function firstAuthor({ authors }: Reference): string | null {
  const [first] = authors
  if (first === undefined) return null
  return 'corporate' in first ? first.corporate : first.family
}
