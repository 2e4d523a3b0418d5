/**
 * How far a category is from the reference that several are compared with, by its words: the outermost farthest, else by the largest number in it.
 * Used where the source's order was not recorded.
 */
export function rankOfCategory(contrasted: string): number {
  if (/\b(highest|lowest|top|bottom|uppermost|extreme)\b/i.test(contrasted)) return outermost
  const numbers = [...contrasted.matchAll(/\d+(?:[.,]\d+)?/g)].map(([digits]) => Number(digits.replace(',', '.')))
  const ordinal = ordinals.findIndex((words) => words.test(contrasted))
  return Math.max(0, ordinal + 1, ...numbers)
}

const outermost = 1e9
const ordinals = [/\bfirst\b/i, /\b(second|middle)\b/i, /\bthird\b(?! of)/i, /\bfourth\b/i, /\bfifth\b(?! of)/i]
