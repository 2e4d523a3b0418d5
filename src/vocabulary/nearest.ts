/**
 * The words most like another, the nearest first: by the share of letter pairs that they have in common.
 *
 * @see Dice (1945), Measures of the amount of ecologic association between species, Ecology 26:297–302
 */
export function nearestWords(word: string, words: readonly string[], limit: number): string[] {
  const asked = pairsOf(word)
  const likeness = (other: string) => {
    const pairs = pairsOf(other)
    const common = [...asked].filter((pair) => pairs.has(pair)).length
    return (2 * common) / (asked.size + pairs.size)
  }
  return [...words].sort((a, b) => likeness(b) - likeness(a) || a.length - b.length || (a < b ? -1 : 1)).slice(0, limit)
}

function pairsOf(word: string): Set<string> {
  const text = ` ${word.toLowerCase().replace(/[^\p{L}\p{N}%]/gu, '')} `
  return new Set(Array.from({ length: text.length - 1 }, (_, at) => text.slice(at, at + 2)))
}
