import { readQuestion, wantedWords, type Asked } from '../study/words.js'

/** Words by which people ask, and that name nothing: "does … help …", "which … is best". */
export const askingWords: ReadonlySet<string> = new Set(
  (
    'a about am an and any anyone are as at be been being best better by can cause causes causing could cure cures did do does doing effective for from get give gives good had has have having ' +
    'help helpful helping helps how i if in into is it its me much my need of on our really relieve relieves should so some tell than that the their there these they this those to ' +
    'treat treating treats us use used useful using was we were what when where whether which while who why will with work working works would you your ' +
    'take taken takes taking vs versus'
  ).split(' '),
)

/** A text question as it is searched for. */
export interface SearchWords {
  /** The text that is searched for: the question without the words that weigh nothing. */
  readonly text: string
  /** Names that the question may mean: the whole of it, without the asking words, and the words that weigh something. */
  readonly names: readonly string[]
}

/**
 * What a question asks for. Asking words and words that most studies hold ("magnesium") weigh nothing, unless nothing else is asked or they stand in
 * a quoted phrase, an exclusion or a question with alternatives.
 *
 * @param common words that most studies hold, normalised
 * @example
 * searchWords('does magnesium help migraine', new Set(['magnesium'])) // text: 'migraine'
 */
export function searchWords(text: string, common: ReadonlySet<string>): SearchWords {
  const parts = readQuestion(text)
  const wanted = parts.filter(({ isExcluded }) => !isExcluded)
  const whole = wantedWords(text)
  if (parts.some(({ isAlternative }) => isAlternative)) return { text, names: [whole] }
  const without = (weightless: (word: string) => boolean) => wanted.filter(({ words, isPhrase }) => isPhrase || !normalized(words).split(' ').every(weightless))
  const named = without((word) => askingWords.has(word))
  const weighty = without((word) => askingWords.has(word) || common.has(word))
  const kept = weighty.length > 0 ? weighty : named.length > 0 ? named : wanted
  const nameOf = (some: readonly Asked[]) => some.map(({ words }) => words).join(' ')
  const excluded = parts.filter(({ isExcluded }) => isExcluded)
  return {
    text: [...kept.map(({ words, isPhrase }) => (isPhrase ? `"${words}"` : words)), ...excluded.map(({ words }) => `-"${words}"`)].join(' '),
    names: [...new Set([whole, nameOf(named.length > 0 ? named : kept), nameOf(kept)])],
  }
}

/** As the function normalized() of the database does it for the letters of questions. */
const normalized = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
