import type { Database } from '../database/client.js'
import { findNearestTerms } from '../vocabulary/vocabulary.queries.js'
import { nounOf, termsOfKind, type TermKind, type Vocabulary } from '../vocabulary/vocabulary.js'

/** A word of a file that names no term, and what it may have meant. */
export interface UnknownWord {
  readonly kind: TermKind
  readonly word: string
  /** Slugs, nearest first; empty where nothing is like it. */
  readonly suggestions: readonly string[]
}

/** The words that name no term of their kind, each once, with the nearest terms: one statement for all of them. */
export async function unknownWords(database: Database, vocabulary: Vocabulary, kind: TermKind, words: Iterable<string>): Promise<UnknownWord[]> {
  const unknown = [...new Set(words)].filter((word) => termsOfKind(vocabulary, kind).find(word) === undefined)
  const nearest = await findNearestTerms(database, unknown, { kinds: [kind], limit: 3 })
  return unknown.map((word, index) => ({ kind, word, suggestions: nearest.filter(({ position }) => position === index).map(({ slug }) => slug) }))
}

/** What a term must be, with what the word may have meant: "must be a known condition: did you mean "migraine"?" */
export function unknownWordRule({ kind, suggestions }: UnknownWord): string {
  const hint = suggestions.length === 0 ? 'the vocabulary lists them' : `did you mean ${suggestions.map((slug) => `"${slug}"`).join(' or ')}?`
  return `must be the slug, code or name of a known ${nounOf[kind]}: ${hint}`
}
