import { oneLine } from './text.js'
import type { ReferenceAuthor } from './reference.js'

/** Words that people's names do not have. */
const groupWords =
  /\b(group|collaborat\w*|consorti\w*|organi[sz]ation|committee|society|investigators?|network|association|institutes?|university|ministry|agency|foundation|team|authority|panel|trial|study|research|cent(?:er|re)|hospital|department|programme?|project|registry|council|board|clinics?|college|school|health|medicine)\b/i

const initials = /^(?:\p{Lu}{1,4}|(?:\p{Lu}\.[- ]?){1,4})(?: (?:Jr|Sr|2nd|3rd|4th)\.?)?$/u

/** The people of one value, and whether another reading of it is as likely. */
export interface ReadAuthors {
  readonly authors: readonly ReferenceAuthor[]
  readonly isAmbiguous: boolean
}

/**
 * A person as "Family, Given, Suffix", a group, or a list of people: at semicolons, at "and", or at commas if each part is a whole name. A comma at
 * the end tells a group, for formats that have no tag for it.
 *
 * @example authorsIn('Purl AB, Stitch M').authors // [{ family: 'Purl', given: 'AB' }, { family: 'Stitch', given: 'M' }]
 */
export function authorsIn(text: string): ReadAuthors {
  const name = text.trim()
  if (/[^,],$/.test(name)) return { authors: [{ corporate: name.slice(0, -1) }], isAmbiguous: false }
  const pieces = name.split(';').filter((piece) => piece.trim() !== '')
  if (pieces.length > 1) return together(pieces.map(authorsIn))
  const [, before] = /^(.*\S)[,;]?\s+(?:and\s+)?et\.?\s+al\.?$/i.exec(name) ?? []
  if (before !== undefined) return together([authorsIn(before.replace(/,$/, '')), { authors: [etAl], isAmbiguous: false }])
  return withoutSemicolons(pieces[0]?.trim() ?? '')
}

const etAl: ReferenceAuthor = { corporate: 'et al.' }

function together(each: readonly ReadAuthors[]): ReadAuthors {
  return { authors: each.flatMap(({ authors }) => authors), isAmbiguous: each.some(({ isAmbiguous }) => isAmbiguous) }
}

function withoutSemicolons(name: string): ReadAuthors {
  if (groupWords.test(name)) return { authors: [name.includes(',') ? personOf(name) : { corporate: name }], isAmbiguous: false }
  const joined = name.split(/,?\s+(?:and|&)\s+/)
  const parts = joined.flatMap((piece) => piece.split(',')).flatMap((part) => oneLine(part) ?? [])
  // Two whole names at one comma are as likely the two parts of one: "García López, María José".
  const isList = parts.every(isFamilyAndInitials) || ((parts.length > 2 || joined.length > 1) && parts.every(isWholeName))
  if (parts.length > 1 && isList) return { authors: parts.map(wholeName), isAmbiguous: false }
  if (joined.length > 1 && joined.every((piece) => piece.includes(','))) return together(joined.map(withoutSemicolons))
  return { authors: [personOf(name)], isAmbiguous: parts.length > 3 }
}

/** "Family, Given, Suffix", or "Family AB". */
function personOf(name: string): ReferenceAuthor {
  const [family = '', given = '', ...suffix] = name.split(',').map((part) => part.trim())
  if (!name.includes(',') && isFamilyAndInitials(name)) return wholeName(name)
  return { family, given: oneLine([given, ...suffix].filter((part) => part !== '').join(', ')) }
}

const isFamilyAndInitials = (name: string) => initialed(name) !== null
/** A given and a family name at least, each in letters. */
const isWholeName = (name: string) =>
  isFamilyAndInitials(name) || (/^\p{Lu}[\p{L}\p{M}'’.-]*(\s+[\p{L}\p{M}'’.-]+)+$/u.test(name) && /\s\p{Lu}[\p{L}\p{M}'’-]+$/u.test(name))

/** "Tarleton EK" as family and initials; null for another form. */
export function initialed(name: string): { readonly family: string; readonly given: string } | null {
  const [, family, given] = /^(.*\S)\s+(\S+(?: (?:Jr|Sr|2nd|3rd|4th)\.?)?)$/u.exec(name.trim()) ?? []
  if (family === undefined || given === undefined || !initials.test(given)) return null
  // "John A." is somebody's given name and initial, "SMITH AB" is not.
  return /\p{L}{2}/u.test(family) && !/\.$/.test(given) ? { family, given } : null
}

/** "Family AB" or "Given Family", the family name with its particles. */
function wholeName(name: string): ReferenceAuthor {
  const found = initialed(name)
  if (found !== null) return found
  const words = name.split(/\s+/)
  const particle = words.findIndex((word, place) => place > 0 && /^\p{Ll}/u.test(word))
  const at = particle === -1 ? words.length - 1 : particle
  return at < 1 ? { family: name, given: null } : { family: words.slice(at).join(' '), given: words.slice(0, at).join(' ') }
}

/** "et al.", however a reader took it apart. */
export const isEtAl = (name: string) => /^(?:and\s+)?(?:et\.?,?\s*al(?:ii|ia)?\.?|al\.?,\s*et\.?|others)$/i.test(name.trim())
