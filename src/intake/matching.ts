import type { Reference } from '../references/reference.js'
import { sameAuthor, sameTitle } from './matching.titles.js'

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
}

/** What a reference is, among the candidates. */
export type Match =
  | { readonly kind: 'NEW' }
  | { readonly kind: 'SAME'; readonly candidate: Candidate; /** "DOI", "title, year and author" … */ readonly by: string }
  | { readonly kind: 'CONFLICT'; readonly why: string }

const identifiers = ['doi', 'pmid', 'pmcid'] as const

/**
 * By identifiers where any is shared, else by the title, which may be misspelt but not differ by a word (see `sameTitle`), the years at most one apart
 * (online and in print), and the same first author, as far as they are known.
 */
export function matchOf(reference: Reference, candidates: readonly Candidate[]): Match {
  const shared = candidates.flatMap((candidate) => {
    const by = identifiers.filter((name) => reference[name] !== null && reference[name] === candidate[name])
    return by.length > 0 ? [{ candidate, by }] : []
  })
  const [first, ...others] = shared
  if (first !== undefined) {
    const other = others.find(({ candidate }) => candidate.slug !== first.candidate.slug)
    if (other !== undefined)
      return { kind: 'CONFLICT', why: `its ${told(first.by)} is of ${first.candidate.slug} and its ${told(other.by)} of ${other.candidate.slug}` }
    const apart = contradicting(reference, first.candidate)
    if (apart !== undefined)
      return {
        kind: 'CONFLICT',
        why: `its ${told(first.by)} is of ${first.candidate.slug}, whose ${apart.toUpperCase()} is ${first.candidate[apart]} and not ${reference[apart]}`,
      }
    return { kind: 'SAME', candidate: first.candidate, by: told(first.by) }
  }
  const [like] = candidates.filter((candidate) => isLike(reference, candidate)).sort((one, other) => other.similarity - one.similarity)
  return like === undefined ? { kind: 'NEW' } : { kind: 'SAME', candidate: like, by: 'title, year and author' }
}

const told = (names: readonly string[]) => names.map((name) => name.toUpperCase()).join(' and ')

/** An identifier that both have and that differs. */
const contradicting = (reference: Reference, candidate: Candidate) =>
  identifiers.find((name) => reference[name] !== null && candidate[name] !== null && reference[name] !== candidate[name])

function isLike(reference: Reference, candidate: Candidate): boolean {
  if (contradicting(reference, candidate) !== undefined) return false
  if (reference.year !== null && candidate.year !== null && Math.abs(reference.year - candidate.year) > 1) return false
  const author = firstAuthor(reference)
  if (author !== null && candidate.author !== null && !sameAuthor(author, candidate.author)) return false
  return sameTitle(reference.title, candidate.title)
}

export function firstAuthor({ authors }: Reference): string | null {
  const [first] = authors
  if (first === undefined) return null
  return 'corporate' in first ? first.corporate : first.family
}
