/** An entry of a BibTeX file, as it stands there. */
export interface BibtexEntry {
  /** "article", "string" … */
  readonly type: string
  readonly key: string
  readonly text: string
  /** From 1. */
  readonly line: number
  /** False if a brace of it is not closed before the next entry begins. */
  readonly isEnded: boolean
}

const beginning = /@[ \t]*([A-Za-z]\w*)\s*([{(])/g
/** What no value of a field is taken for: an entry with its key, at the beginning of a line. */
const nextEntry = /^[ \t]*@[ \t]*[A-Za-z]\w*\s*[{(]\s*[^\s{}()=,"]*\s*[,=]/

/** The entries in the order of the file. What stands between them is a comment of the file, as BibTeX has it. */
export function bibtexEntries(text: string): BibtexEntry[] {
  const entries: BibtexEntry[] = []
  let [from, line] = [0, 1]
  for (beginning.lastIndex = 0; ;) {
    const found = beginning.exec(text)
    if (found === null) return entries
    const [start = '', type = '', open] = found
    line += countOf(text, '\n', from, found.index)
    from = found.index
    const { end, isEnded } = endOf(text, found.index + start.length, open === '(' ? ')' : '}')
    const whole = text.slice(found.index, end)
    const [, key = ''] = /^@\s*\w+\s*[{(]\s*([^\s,{}]*)/.exec(whole) ?? []
    if (!/^comment$/i.test(type)) entries.push({ type, key, text: whole, line, isEnded })
    beginning.lastIndex = end
  }
}

function countOf(text: string, letter: string, from: number, to: number): number {
  let count = 0
  for (let at = text.indexOf(letter, from); at !== -1 && at < to; at = text.indexOf(letter, at + 1)) count++
  return count
}

/** Braces that LaTeX's backslash escapes count neither way. */
function endOf(text: string, start: number, close: string): { readonly end: number; readonly isEnded: boolean } {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const letter = text[at]
    if (letter === '\\') at++
    else if (letter === close && depth === 0) return { end: at + 1, isEnded: true }
    else if (letter === '{') depth++
    else if (letter === '}') depth--
    else if (letter === '\n' && nextEntry.test(text.slice(at + 1, at + 300))) return { end: at + 1, isEnded: false }
  }
  return { end: text.length, isEnded: false }
}

/** Stand for < and > while the parser has the text: it reads these as old fonts do, and writes HTML's for its own marks. */
const [less, greater] = ['\uE000', '\uE001']

export const markedSigns = (text: string) =>
  text
    .replace(/\\textless(\{\}|(?![a-zA-Z])\s*)|\$\s*(?:<|\\less|\\lt)\s*\$|</g, less)
    .replace(/\\textgreater(\{\}|(?![a-zA-Z])\s*)|\$\s*(?:>|\\greater|\\gt)\s*\$|>/g, greater)

export const unmarkedSigns = (text: string) => text.replaceAll(less, '<').replaceAll(greater, '>')

const commands: Readonly<Record<string, string>> = {
  textless: '<',
  textgreater: '>',
  textunderscore: '_',
  textasciitilde: '~',
  textbackslash: '\\',
  textendash: '-',
  slash: '/',
  _: '_',
  less: '<',
  greater: '>',
}

/** A DOI or address without LaTeX's escapes, in which reference managers write its signs. */
export function unescaped(text: string): string {
  return text
    .replace(/\{?\\(text[a-z]+|slash|less|greater)(?![a-zA-Z])(?:\{\}|\s+)?\}?/g, (whole, name: string) => commands[name] ?? whole)
    .replace(/\$([_<>#%&])\$/g, '$1')
    .replace(/\{(\\[_%&#{}$])\}/g, '$1')
    .replace(/\\([_%&#{}$~^])(?:\{\})?/g, '$1')
    .replace(/\{([^{}\s]{0,3})\}/g, '$1')
}
