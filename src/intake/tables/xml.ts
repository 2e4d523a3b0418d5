import { decodeHTML } from 'entities'
import { SaxesParser } from 'saxes'
import { TablesError } from './error.js'

/** An element with its content in order; names are without their prefix. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlNode[]
}
export type XmlNode = XmlElement | string

const mostElements = 1_000_000
const greatestDepth = 256

/**
 * Named characters are those of HTML, which are the ISO sets that the DTDs of JATS declare. What a document declares itself is not looked at, so that
 * nothing expands and nothing is fetched.
 */
const namedCharacters = new Proxy<Record<string, string>>(
  {},
  {
    get: (_, name) => {
      if (typeof name !== 'string' || !/^[A-Za-z][A-Za-z0-9]*$/.test(name)) return undefined
      const reference = `&${name};`
      const character = decodeHTML(reference)
      return character === reference ? undefined : character
    },
  },
)

/**
 * The root element of a document.
 *
 * @throws {TablesError} NOT_XML with line and column for what is not well-formed, TOO_LARGE for more elements or depth than articles have
 */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser({ position: true, xmlns: false })
  parser.ENTITIES = namedCharacters
  const open: { readonly name: string; readonly attributes: Record<string, string>; readonly children: XmlNode[] }[] = []
  let root: XmlElement | undefined
  let elements = 0
  const add = (node: XmlNode) => void open.at(-1)?.children.push(node)
  parser.on('error', ({ message }) => {
    throw new TablesError('NOT_XML', `the text is not whole XML: line and column ${message}`)
  })
  parser.on('opentag', ({ name, attributes }) => {
    elements++
    if (elements > mostElements || open.length >= greatestDepth)
      throw new TablesError('TOO_LARGE', `the XML has more than ${mostElements} elements, or nests deeper than ${greatestDepth}`)
    open.push({ name: localName(name), attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)])), children: [] })
  })
  parser.on('text', add)
  parser.on('cdata', add)
  parser.on('closetag', () => {
    const element = open.pop()
    if (element === undefined) return
    if (open.length === 0) root = element
    else add(element)
  })
  parser.write(text).close()
  if (root === undefined) throw new TablesError('NOT_XML', 'the text has no element')
  return root
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1)

export const isElement = (node: XmlNode): node is XmlElement => typeof node !== 'string'

/** Elements right below, of one of the names. */
export function childrenNamed(element: XmlElement, ...names: readonly string[]): XmlElement[] {
  return element.children.filter((node): node is XmlElement => isElement(node) && names.includes(node.name))
}

/** Elements anywhere below, in the order of the document; what is inside a found one is not looked at. */
export function descendantsNamed(element: XmlElement, ...names: readonly string[]): XmlElement[] {
  return element.children.flatMap((node): XmlElement[] => (!isElement(node) ? [] : names.includes(node.name) ? [node] : descendantsNamed(node, ...names)))
}

/** All text below, with its blanks made single. */
export function textOf(element: XmlElement | undefined): string {
  return element === undefined ? '' : rawText(element).replace(/\s+/g, ' ').trim()
}

function rawText({ children }: XmlElement): string {
  return children.map((node) => (!isElement(node) ? node : node.name === 'tex-math' ? '' : node.name === 'break' ? ' ' : rawText(node))).join('')
}
