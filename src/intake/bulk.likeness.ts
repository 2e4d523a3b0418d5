/** How alike two names are, from 0 to 1: the share of their pairs of neighbouring letters that both have (Dice 1945). */
export function likeness(one: string, other: string): number {
  const [pairs, others] = [pairsOf(one), pairsOf(other)]
  if (pairs.length + others.length === 0) return one === other ? 1 : 0
  const left = [...others]
  let shared = 0
  for (const pair of pairs) {
    const at = left.indexOf(pair)
    if (at === -1) continue
    left.splice(at, 1)
    shared++
  }
  return (2 * shared) / (pairs.length + others.length)
}

const pairsOf = (text: string) => Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2))
