import sql, { type Sql } from 'sql-template-tag'
import { readIdentifier } from './identifiers.js'

/** How texts are read, for descriptions of the schema. */
export const wordsHelp =
  '"quoted phrases", or, and -without as in a web search. Punctuation only separates words: "PHQ-9" is the phrase "PHQ 9". A blank text restricts nothing; a text of stop words alone finds nothing.'

/** One part of a text question: a word or a quoted phrase. */
export interface Asked {
  readonly words: string
  /** Whether the words were quoted. */
  readonly isPhrase: boolean
  /** What holds these words is left out. */
  readonly isExcluded: boolean
  /** The parts from here on are an alternative to those before. */
  readonly isAlternative: boolean
}

// Operators travel as control characters, which survive normalisation in the database; punctuation does not.
const [quote, minus] = ['\u0001', '\u0002']

/**
 * Reads a text question as web searches do: "quoted phrases", `or`, and `-` at the beginning of a word. All other punctuation only separates words.
 * An identifier in a usual notation ("doi:10.…", "https://doi.org/10.…") is read as the identifier alone.
 *
 * @example
 * readQuestion('pre-eclampsia or "type 2" -asthma') // pre-eclampsia | type 2, without asthma
 */
export function readQuestion(text: string): Asked[] {
  const whole = notationOf(text)
  if (whole !== null) return [{ words: whole, isPhrase: false, isExcluded: false, isAlternative: false }]
  const asked: Asked[] = []
  let isAlternative = false
  for (const { groups: { sign, phrase, word = '' } = {} } of text
    .replace(/[“”„‟＂]/g, '"')
    .matchAll(/(?<sign>(?<=^|[\s("])-)?(?:"(?<phrase>[^"]*)"|(?<word>[^\s"(][^\s"]*))/gu)) {
    if (sign === undefined && /^or$/i.test(word)) {
      isAlternative = asked.length > 0
      continue
    }
    asked.push({ words: phrase ?? notationOf(word) ?? word, isPhrase: phrase !== undefined, isExcluded: sign !== undefined, isAlternative })
    isAlternative = false
  }
  return asked
}

/** The identifier of a notation that names more than it: "PMID: 18281113" is 18281113. Null for every other text. */
const notationOf = (text: string): string | null => (/[:/=]/.test(text) ? (readIdentifier(text)?.value ?? null) : null)

/** A text as normalized() of the database makes it, with the operators among the words. Both sides of a search are normalised alike. */
const normalizedQuestion = (question: string): Sql =>
  sql`translate(regexp_replace(lower(unaccent(${question})), ${`[^[:alnum:]${quote}${minus}]+`}, ' ', 'g'), ${quote + minus}, '"-')`

/** What a text asks of a `vector` of search_row, as a tsquery. */
export const wordsOf = (text: string): Sql => queryOf(readQuestion(text))

/** What a text leaves out, as a tsquery; null if it leaves nothing out. */
export function unwantedOf(text: string): Sql | null {
  const unwanted = readQuestion(text).filter(({ isExcluded }) => isExcluded)
  return unwanted.length === 0 ? null : queryOf(unwanted.map((part) => ({ ...part, isExcluded: false, isAlternative: true })))
}

function queryOf(asked: readonly Asked[]): Sql {
  const question = asked
    .map(({ words, isExcluded, isAlternative }) => {
      const bare = words.replaceAll(quote, ' ').replaceAll(minus, ' ')
      return `${isAlternative ? 'or ' : ''}${isExcluded ? minus : ''}${quote}${bare}${quote}`
    })
    .join(' ')
  return sql`websearch_to_tsquery('english', ${normalizedQuestion(question)})`
}

/** The words that a text asks for, without what it leaves out. "Or" stays: it is a word of names too, "nausea or vomiting". */
export const wantedWords = (text: string): string =>
  readQuestion(text)
    .flatMap(({ words, isExcluded, isAlternative }) => (isExcluded ? [] : [isAlternative ? `or ${words}` : words]))
    .join(' ')

/** Things of a kind that a text finds, as SQL for their keys. */
export function foundBy(kind: 'STUDY' | 'CLAIM', text: string): Sql {
  return sql`SELECT ref_id FROM search_row WHERE kind = ${kind} AND vector @@ ${wordsOf(text)}`
}
