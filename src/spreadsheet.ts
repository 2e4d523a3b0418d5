/**
 * How tables of spreadsheets and statistics programs write texts, numbers and what is missing. Everything that reads or writes such tables goes by
 * this one reading.
 */

/** A text that a spreadsheet would take for a formula gets an apostrophe before it, which spreadsheets hide; so does one that has such an apostrophe. */
export function inert(text: string): string {
  return /^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text
}

/** The text that `inert` was given. */
export function uninert(text: string): string {
  return /^'+[=+\-@\t\r]/.test(text) ? text.slice(1) : text
}

/** Before a CSV, it tells spreadsheets that the text is UTF-8. */
export const byteOrderMark = '\uFEFF'

export const delimiters = [',', ';', '\t'] as const
export type Delimiter = (typeof delimiters)[number]

/**
 * The delimiter that a first line such as "sep=;" names, as spreadsheets write and read it.
 *
 * @returns null for a line that is none; the text after "sep=" if it is no delimiter that is taken
 */
export function declaredDelimiter(line: string): Delimiter | { readonly unknown: string } | null {
  const [, given] = /^\uFEFF?"?sep=([^"\r\n]?)"?[,;\t]*\r?\n?$/i.exec(line) ?? []
  if (given === undefined) return null
  return delimiters.find((delimiter) => delimiter === given) ?? { unknown: given }
}

/** What tables write in a cell where there is no value, in lower case: words of R, pandas, SQL and spreadsheets, and marks of printed tables. */
const missing: readonly string[] = ['na', 'n/a', 'n.a.', 'nan', 'nat', 'null', '<na>', '#n/a', '#na', '.', '..', '-', '--', '–', '—', '?']

/** Those, and what spreadsheets write where a formula failed: no text says either. */
export const emptyWords: readonly string[] = [...missing, '#null!', '#value!', '#ref!', '#name?', '#num!', '#div/0!']

export const isMissingWord = (cell: string): boolean => missing.includes(cell.trim().toLowerCase())
export const isEmptyWord = (cell: string): boolean => emptyWords.includes(cell.trim().toLowerCase())

export type DecimalMark = 'point' | 'comma'

/** How cells write numbers: regular expressions that JavaScript and PostgreSQL read alike. */
export const numberForms = {
  point: '[-+]?([0-9]+[.][0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?',
  comma: '[-+]?([0-9]+,[0-9]*|,[0-9]+)([eE][-+]?[0-9]+)?',
  /** 1,234 is a thousand or a fraction: what else the file has must tell. */
  either: '[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+',
} as const

/** Around numbers: ASCII's blanks, and those that do not break. */
export const blanks = ' \t\r\n\u00a0\u2007\u202f'

/** The signs that a number may begin with, of which U+2212 is the minus of printed tables. */
export const minusSign = '\u2212'

/**
 * The decimal mark of a table from what its cells of numbers look like: a comma only if none has a point, and one at least can be nothing else.
 * With commas between cells it is a point.
 */
export function decimalMarkOf(delimiter: Delimiter, seen: { readonly points: boolean; readonly commas: boolean }): DecimalMark {
  return delimiter !== ',' && seen.commas && !seen.points ? 'comma' : 'point'
}

const whole = (pattern: string) => new RegExp(`^${pattern}$`)
const [pointNumber, commaNumber, eitherNumber] = [whole(numberForms.point), whole(numberForms.comma), whole(numberForms.either)]

export const hasDecimalPoint = (cell: string): boolean => pointNumber.test(cell)
export const hasDecimalComma = (cell: string): boolean => commaNumber.test(cell)
/** Of one that cannot be thousands. */
export const hasPlainDecimalComma = (cell: string): boolean => commaNumber.test(cell) && !eitherNumber.test(cell)

/** The cell of a number with a plain minus and without an apostrophe of spreadsheets, blanks around it, and a decimal comma if that is the mark. */
export function plainNumber(cell: string, decimal: DecimalMark = 'point'): string {
  const plain = uninert(cell.replace(/^[\s\u2007\u202f]+|[\s\u2007\u202f]+$/g, '')).replaceAll(minusSign, '-')
  return decimal === 'comma' && hasDecimalComma(plain) ? plain.replace(',', '.') : plain
}

const dashes: Readonly<Record<string, string>> = {
  '\u2010': 'a hyphen (U+2010)',
  '\u2011': 'a non-breaking hyphen (U+2011)',
  '\u2012': 'a figure dash (U+2012)',
  '\u2013': 'an en dash (U+2013)',
  '\u2014': 'an em dash (U+2014)',
  '\ufe63': 'a small hyphen (U+FE63)',
  '\uff0d': 'a full-width hyphen (U+FF0D)',
}

/** What to do about a cell that is no number, where that can be told; null where it cannot. */
export function numberHint(cell: string, decimal: DecimalMark = 'point'): string | null {
  const text = plainNumber(cell)
  if (isEmptyWord(text)) return 'leave the cell blank if there is no number'
  const dash = dashes[text.slice(0, 1)]
  if (dash !== undefined && text.length > 1) return `it begins with ${dash}, and a minus is "-" or "${minusSign}"`
  if (eitherNumber.test(text)) {
    const asThousands = text.replaceAll(',', '')
    return /,.*,/.test(text)
      ? `its commas part thousands: write ${asThousands}`
      : `${text} may be a thousand or a fraction: write ${asThousands} or ${text.replace(',', '.')}`
  }
  if (decimal === 'point' && commaNumber.test(text)) return `${text} has a decimal comma: write ${text.replace(',', '.')}`
  return null
}
