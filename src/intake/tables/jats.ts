import { readIdentifierAs } from '../../study/identifiers.js'
import { TablesError } from './error.js'
import { tableOf, type Table } from './grid.js'
import { childrenNamed, descendantsNamed, isElement, parseXml, textOf, type XmlElement } from './xml.js'

/** What the front of an article tells of it. */
export interface ArticleFront {
  readonly title: string
  /** "Family, Given", or a group in braces, as files of results have them. */
  readonly authors: readonly string[]
  readonly journal: string | null
  readonly year: string | null
  readonly doi: string | null
  readonly pmid: string | null
  readonly pmcid: string | null
  readonly registrations: readonly string[]
  readonly abstract: string
}

export interface Article {
  readonly front: ArticleFront
  /** Of the body, without its tables: what it says of its groups and its statistics. */
  readonly body: string
  readonly tables: readonly Table[]
  /** Tables that are no text, with the reason. */
  readonly unread: readonly { readonly label: string; readonly caption: string; readonly reason: string }[]
}

export const mostBytes = 33_554_432

/**
 * An article of JATS, or of the NLM's older formats.
 *
 * @throws {TablesError} WEB_PAGE, NOT_XML, NOT_JATS or TOO_LARGE
 */
export function readArticle(bytes: Uint8Array): Article {
  if (bytes.length > mostBytes) throw new TablesError('TOO_LARGE', `a full text has at most ${mostBytes} bytes, got ${bytes.length}`)
  const text = decoded(bytes)
  if (/^\s*(<!--[\s\S]*?-->\s*)?<(!doctype\s+html|html)\b/i.test(text)) throw new TablesError('WEB_PAGE', 'a page of the web came, not the XML of an article')
  const root = parseXml(text)
  const article = root.name === 'article' ? root : descendantsNamed(root, 'article')[0]
  const meta = article === undefined ? undefined : descendantsNamed(article, 'article-meta')[0]
  if (article === undefined || meta === undefined)
    throw new TablesError('NOT_JATS', `the XML is no article of JATS: its root is <${root.name}>${article === undefined ? '' : ', without <article-meta>'}`)
  const [body] = childrenNamed(article, 'body')
  const wraps = ['body', 'floats-group', 'floats-wrap', 'back']
    .flatMap((name) => childrenNamed(article, name))
    .flatMap((part) => descendantsNamed(part, 'table-wrap'))
  const read = wraps.flatMap((wrap, index) => tableOf(wrap, index + 1))
  return {
    front: frontOf(article, meta),
    body: body === undefined ? '' : textWithoutTables(body),
    tables: read.flatMap((one) => ('unread' in one ? [] : [one])),
    unread: read.flatMap((one) => ('unread' in one ? [one.unread] : [])),
  }
}

/** As a byte order mark or the XML declaration says, else UTF-8. */
function decoded(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1')
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined
  const encoding = marked ?? /^[^<]*<\?xml[^>]*\bencoding\s*=\s*["']([\w.-]+)["']/i.exec(start)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (error) {
    throw new TablesError('NOT_XML', `the bytes are not text in ${encoding}`, { cause: error })
  }
}

function frontOf(article: XmlElement, meta: XmlElement): ArticleFront {
  const identifier = (kind: 'doi' | 'pmid' | 'pmcid', ...types: readonly string[]) => {
    const found = childrenNamed(meta, 'article-id').find(({ attributes }) => types.includes(attributes['pub-id-type'] ?? ''))
    return found === undefined ? null : readIdentifierAs(kind, textOf(found))
  }
  const [titles] = [...childrenNamed(meta, 'title-group')]
  const title = titles === undefined ? '' : [...childrenNamed(titles, 'article-title'), ...childrenNamed(titles, 'subtitle')].map(textOf).join(': ')
  const abstract = childrenNamed(meta, 'abstract').map(textWithoutTables).join('\n')
  const registrations = new Set(
    `${abstract} ${childrenNamed(meta, 'trans-abstract', 'custom-meta-group', 'ext-link').map(textOf).join(' ')}`.match(
      /\b(NCT\d{8}|ISRCTN\d{8}|IRCT\d+N\d+|ACTRN\d{14})\b/g,
    ) ?? [],
  )
  return {
    title: title.replace(/\s*\*+$/, ''),
    authors: childrenNamed(meta, 'contrib-group').flatMap((group) => childrenNamed(group, 'contrib').flatMap(authorOf)),
    journal: textOf(descendantsNamed(article, 'journal-title')[0]) || null,
    year: yearOf(meta),
    doi: identifier('doi', 'doi'),
    pmid: identifier('pmid', 'pmid'),
    pmcid: identifier('pmcid', 'pmc', 'pmcid'),
    registrations: [...registrations],
    abstract,
  }
}

function authorOf(contrib: XmlElement): string[] {
  const type = contrib.attributes['contrib-type']
  if (type !== undefined && type !== 'author') return []
  const [name] = descendantsNamed(contrib, 'name')
  const [group] = descendantsNamed(contrib, 'collab')
  if (name === undefined) return group === undefined ? [] : [`{${textOf(group)}}`]
  const [family, given] = ['surname', 'given-names'].map((part) => childrenNamed(name, part).map(textOf).join(' '))
  return family === undefined || family === '' ? [] : [given === undefined || given === '' ? family : `${family}, ${given}`]
}

/** The earliest year that the article states for its publication. */
function yearOf(meta: XmlElement): string | null {
  const years = childrenNamed(meta, 'pub-date')
    .flatMap((date) => childrenNamed(date, 'year').map(textOf))
    .filter((year) => /^\d{4}$/.test(year))
  return years.sort()[0] ?? null
}

/** A paragraph or title ends a sentence, so that groups and statistics of two are not read as one. */
function textWithoutTables({ children }: XmlElement): string {
  return children
    .map((node): string => {
      if (!isElement(node)) return node
      if (['table-wrap', 'table-wrap-group', 'fig', 'tex-math', 'ref-list'].includes(node.name)) return ' '
      return node.name === 'p' || node.name === 'title' ? `${textWithoutTables(node)}\n` : textWithoutTables(node)
    })
    .join('')
    .replace(/[^\S\n]+/g, ' ')
}
