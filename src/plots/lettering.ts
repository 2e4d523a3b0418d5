/** Advance widths of Source Sans 3, regular and bold, from space to tilde, in thousandths of the font size. */
const regular = [
  200, 289, 426, 497, 497, 824, 609, 249, 303, 303, 418, 497, 249, 311, 249, 350, 497, 497, 497, 497, 497, 497, 497, 497, 497, 497, 249, 249, 497, 497, 497,
  425, 847, 543, 588, 571, 615, 527, 494, 617, 652, 263, 479, 579, 486, 727, 647, 664, 566, 664, 569, 534, 536, 645, 515, 786, 513, 476, 539, 303, 350, 303,
  497, 500, 542, 504, 553, 456, 555, 496, 292, 504, 544, 246, 247, 495, 255, 829, 547, 542, 555, 555, 347, 419, 338, 544, 467, 719, 446, 467, 425, 303, 241,
  303, 497,
]
const boldness = 1.06

/** Where Source Sans 3 is not installed, a wider font stands in; the widest of the usual ones, DejaVu Sans, by about a quarter, its bold by a third. */
const spare = { regular: 1.24, bold: 1.32 }

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
const wide = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\u3000-\u303f\uff00-\uff60]/u

export interface Lettering {
  /** Font size in pixels. */
  readonly size: number
  readonly bold?: boolean
}

/** What readers see as the characters of a text: a letter with its accents is one. */
export function charactersOf(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment)
}

/** Whether a terminal gives the character two columns. */
export function isWide(character: string): boolean {
  return wide.test(character)
}

/** How wide a text may become in any of the fonts, in pixels: an estimate on the safe side. */
export function widthOf(text: string, { size, bold = false }: Lettering): number {
  const thousandths = charactersOf(text).reduce((sum, character) => sum + (isWide(character) ? 1000 : (regular[character.charCodeAt(0) - 32] ?? 570)), 0)
  return (thousandths / 1000) * size * (bold ? boldness * spare.bold : spare.regular)
}

/** The text, or as much of its beginning as fits, with … at the end. */
export function shortened(text: string, width: number, measure: (text: string) => number): string {
  if (measure(text) <= width) return text
  const characters = charactersOf(text)
  let [fits, tooMany] = [0, characters.length]
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2)
    if (measure(`${characters.slice(0, middle).join('').trimEnd()}…`) <= width) fits = middle
    else tooMany = middle
  }
  return `${characters.slice(0, fits).join('').trimEnd()}…`
}

/** The text broken at spaces into lines of at most this width; what does not fit into `lines` of them ends in …. */
export function wrapped(text: string, width: number, lines: number, measure: (text: string) => number): string[] {
  const broken: string[] = []
  let rest = text
  while (rest !== '') {
    if (broken.length === lines - 1) return [...broken, shortened(rest, width, measure)]
    const line = lineOf(rest, width, measure)
    broken.push(shortened(line, width, measure))
    rest = rest.slice(line.length).trimStart()
  }
  return broken
}

/** As many whole words as fit; one at least. */
function lineOf(text: string, width: number, measure: (text: string) => number): string {
  let line = ''
  for (const { 0: word } of text.matchAll(/\s*\S+/gu)) {
    if (line !== '' && measure(line + word) > width) return line
    line += word
  }
  return line
}
