import { likeness } from './bulk.likeness.js'

/**
 * Whether two titles are of one publication: the same words, in any order. A word may be spelt otherwise on one side (one letter more, less or other, or two
 * swapped, in words of five letters and more), and words that only tell what kind of study it was may be left out. Companion papers, parts, protocols and
 * errata differ by a whole word or number at least, so theirs are other titles, however long the rest.
 *
 * @example sameTitle('Magnesium sulphate in asthma: a randomised trial', 'Magnesium sulfate in asthma') // true
 * @example sameTitle('Magnesium and serum calcium', 'Magnesium and urine calcium') // false
 */
export function sameTitle(one: string, other: string): boolean {
  const [ours, theirs] = [plainWords(one), plainWords(other)]
  if (ours.join('') === theirs.join('')) return true // "follow-up" and "followup"
  const [oursOnly, theirsOnly] = [without(ours, theirs), without(theirs, ours)]
  const unpaired = oursOnly.reduce<readonly string[] | null>((left, word) => {
    const pair = left?.findIndex((their) => spelledAlike(word, their)) ?? -1
    if (pair >= 0) return left?.toSpliced(pair, 1) ?? null
    return filler.test(word) ? left : null
  }, theirsOnly)
  return unpaired !== null && unpaired.every((word) => filler.test(word))
}

/** Whether titles that are not the same may be of one publication: half of the telling words of the shorter are in the longer, as without a subtitle. */
export function haveSubjectInCommon(one: string, other: string): boolean {
  const [shorter = [], longer = []] = [one, other]
    .map((title) => plainWords(title).filter((word) => !filler.test(word) && !/^magnesium$/.test(word)))
    .sort((some, more) => some.length - more.length)
  const common = shorter.filter((word) => longer.some((their) => their === word || spelledAlike(word, their)))
  return shorter.length > 0 && common.length * 2 >= shorter.length
}

/** Whether two family names, or names of groups, may be of one author: the words of the shorter are all in the longer ("Berg", "van den Berg"). */
export function sameAuthor(one: string, other: string): boolean {
  const [shorter = [], longer = []] = [plainWords(one), plainWords(other)].sort((some, more) => some.length - more.length)
  return shorter.length === 0 || shorter.every((word) => longer.includes(word))
}

/** Words that say what kind of study it was, or nothing. */
const filler = /^(a|an|and|the|of|in|on|for|with|to|by|clinical|controlled|randomi[sz]ed|double|blind|blinded|trial|study)$/

/** Of the first words, those that the second have not, each as often. */
function without(words: readonly string[], others: readonly string[]): string[] {
  const left = [...others]
  return words.filter((word) => {
    const place = left.indexOf(word)
    if (place >= 0) left.splice(place, 1)
    return place < 0
  })
}

/** At most one letter more, less, other or swapped. */
function spelledAlike(one: string, other: string): boolean {
  if (Math.min(one.length, other.length) < 5 || /\d/.test(one + other)) return false
  return likeness(one, other) > 1 - 1.5 / Math.max(one.length, other.length)
}

/** Letters that no accent is taken from, and British spellings. */
const spellings: Readonly<Record<string, string>> = { ø: 'o', ł: 'l', đ: 'd', ı: 'i', ß: 'ss', æ: 'e', œ: 'e', ae: 'e', oe: 'e', ph: 'f' }

/** Words in lower case, without accents and signs, in one spelling. */
function plainWords(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[øłđıßæœ]|ae|oe|ph/g, (letters) => spellings[letters] ?? letters)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}
