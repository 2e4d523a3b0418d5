import { TablesError } from './error.js'
import { childrenNamed, descendantsNamed, isElement, textOf, type XmlElement, type XmlNode } from './xml.js'

/** A cell as it is printed. A merged cell stands at each place that it covers. */
export interface Cell {
  readonly text: string
  /** Marks of footnotes, which the text is without. */
  readonly marks: readonly string[]
  /** Blanks that the text is moved in by. */
  readonly indent: number
  readonly isHeading: boolean
  /** Whether it is a picture, or has one. */
  readonly hasPicture: boolean
}

export interface Row {
  /** From 1, counted in the body. */
  readonly number: number
  readonly cells: readonly Cell[]
  /** The heading rows that are true of it: those of the table, or of a heading that the body repeats. */
  readonly headings: readonly (readonly Cell[])[]
}

export interface Footnote {
  readonly mark: string | null
  readonly text: string
}

export interface Table {
  readonly label: string
  readonly caption: string
  readonly columns: number
  readonly headings: readonly (readonly Cell[])[]
  readonly rows: readonly Row[]
  readonly footnotes: readonly Footnote[]
}

export interface Unread {
  readonly unread: { readonly label: string; readonly caption: string; readonly reason: string }
}

const [mostColumns, mostRows] = [200, 5_000]

const blank: Cell = { text: '', marks: [], indent: 0, isHeading: false, hasPicture: false }

/**
 * The tables of a `table-wrap`: one, unless it holds several. One that is a picture only is told as unread.
 *
 * @param number its place in the article, which stands in for a label
 * @throws {TablesError} TOO_LARGE
 */
export function tableOf(wrap: XmlElement, number: number): (Table | Unread)[] {
  const label = textOf(childrenNamed(wrap, 'label')[0]).replace(/[.:\s]+$/, '') || `Table ${number}`
  const caption = childrenNamed(wrap, 'caption')
    .map((part) =>
      part.children
        .map((node) => (isElement(node) ? readText(node.children).text : node.trim()))
        .filter((text) => text !== '')
        .join(' '),
    )
    .join(' ')
  const footnotes = childrenNamed(wrap, 'table-wrap-foot').flatMap(footnotesOf)
  // A table of CALS holds its rows in groups of its own.
  const tables = descendantsNamed(wrap, 'table', 'tgroup').flatMap((table) =>
    table.name === 'tgroup' ? [table] : [...(childrenNamed(table, 'tgroup').length > 0 ? childrenNamed(table, 'tgroup') : [table])],
  )
  if (tables.length === 0) {
    const isPicture = descendantsNamed(wrap, 'graphic', 'inline-graphic', 'media').length > 0
    return [{ unread: { label, caption, reason: isPicture ? 'it is a picture, without a table as text' : 'it has no table as text' } }]
  }
  const markers = new Set(footnotes.flatMap(({ mark }) => mark ?? []))
  return tables.map((table, index) => ({ label: index === 0 ? label : `${label}, part ${index + 1}`, caption, footnotes, ...gridOf(table, markers, label) }))
}

function gridOf(table: XmlElement, markers: ReadonlySet<string>, label: string): Pick<Table, 'columns' | 'headings' | 'rows'> {
  const columnNames = descendantsNamed(table, 'colspec').map(({ attributes }, index) => attributes['colname'] ?? String(index + 1))
  const groups = childrenNamed(table, 'thead', 'tbody', 'tfoot')
  const loose = childrenNamed(table, 'tr', 'row')
  const parts = [
    ...(loose.length === 0 ? [] : [{ isHead: false, rows: loose }]),
    ...groups.map((group) => ({ isHead: group.name === 'thead', rows: childrenNamed(group, 'tr', 'row') })),
  ]
  if (parts.reduce((sum, { rows }) => sum + rows.length, 0) > mostRows) throw new TablesError('TOO_LARGE', `${label} has more than ${mostRows} rows`)
  const grids = parts.map(({ isHead, rows }) => ({ isHead, rows: placed(rows, { columnNames, markers, label, isHead }) }))
  const columns = Math.max(0, ...grids.flatMap(({ rows }) => rows.map((row) => row.length)))
  const full = (row: readonly Cell[]) => [...row, ...Array.from({ length: columns - row.length }, () => blank)]
  const isBlank = (row: readonly Cell[]) => row.every(({ text, hasPicture }) => text === '' && !hasPicture)
  const head = grids
    .filter(({ isHead }) => isHead)
    .flatMap(({ rows }) => rows.map(full))
    .filter((row) => !isBlank(row))
  const body = grids
    .filter(({ isHead }) => !isHead)
    .flatMap(({ rows }) => rows.map(full))
    .filter((row) => !isBlank(row))
  const leading = head.length > 0 ? 0 : headingRowsOf(body)
  const headings = [...head, ...body.slice(0, leading)]
  return { columns, headings, rows: rowsUnder(headings, body.slice(leading)) }
}

/** Without a `thead`: rows of `th` alone, else the first row if it has no number beside its first cell. */
function headingRowsOf(body: readonly (readonly Cell[])[]): number {
  const count = body.findIndex((row) => !isHeadingRow(row))
  if (count !== 0) return Math.max(0, count)
  return body.length > 1 && body[0]?.slice(1).every(({ text }) => !/^[<>≤≥~(]?\s*[-−–]?\d/.test(text)) === true ? 1 : 0
}

const isHeadingRow = (row: readonly Cell[]) =>
  row.every(({ isHeading, text }) => isHeading || text === '') && new Set(row.filter(({ text }) => text !== '')).size > 1

/** A row of headings between others begins a table of its own, under the same label. */
function rowsUnder(headings: readonly (readonly Cell[])[], body: readonly (readonly Cell[])[]): Row[] {
  const rows: Row[] = []
  let current = headings
  let wasHeading = false
  body.forEach((cells, index) => {
    if (isHeadingRow(cells)) {
      current = wasHeading ? [...current, cells] : [cells]
      wasHeading = true
      return
    }
    wasHeading = false
    rows.push({ number: index + 1, cells, headings: current })
  })
  return rows
}

interface Placing {
  readonly columnNames: readonly string[]
  readonly markers: ReadonlySet<string>
  readonly label: string
  readonly isHead: boolean
}

/** The rows of one group with merged cells at every place that they cover; none reaches out of its group. */
function placed(rows: readonly XmlElement[], { columnNames, markers, label, isHead }: Placing): Cell[][] {
  const grid: (Cell | undefined)[][] = rows.map(() => [])
  rows.forEach((row, y) => {
    let x = 0
    for (const element of childrenNamed(row, 'td', 'th', 'entry')) {
      const { attributes } = element
      const named = (name: string | undefined) => (name === undefined ? -1 : columnNames.indexOf(name))
      const [first, last] = [named(attributes['namest'] ?? attributes['colname']), named(attributes['nameend'] ?? attributes['colname'])]
      if (first >= 0) x = first
      while (grid[y]?.[x] !== undefined) x++
      const width = first >= 0 ? Math.max(1, last - first + 1) : spanOf(attributes['colspan'])
      const height = Math.min(rows.length - y, attributes['morerows'] === undefined ? spanOf(attributes['rowspan']) : spanOf(attributes['morerows']) + 1)
      if (x + width > mostColumns) throw new TablesError('TOO_LARGE', `${label} has more than ${mostColumns} columns`)
      const read = cellOf(element, markers, isHead)
      for (let down = 0; down < height; down++)
        for (let right = 0; right < width; right++) {
          const line = grid[y + down]
          if (line !== undefined) line[x + right] ??= read
        }
      x += width
    }
  })
  return grid.map((line) => Array.from(line, (one) => one ?? blank))
}

/** A span of 0 is "to the end" in HTML; what is no number is one cell. */
const spanOf = (attribute: string | undefined) => (/^\d{1,4}$/.test(attribute ?? '') ? Math.max(1, Number(attribute)) : 1)

const symbols = '*†‡§¶‖#∗'

function cellOf(element: XmlElement, markers: ReadonlySet<string>, isHead: boolean): Cell {
  const read = readText(element.children, markers)
  const [, trailing = ''] = new RegExp(`[^${symbols}\\s]\\s*([${symbols}]+(?:[,\\s]*[${symbols}]+)*)$`).exec(read.text) ?? []
  const [, leading = ''] = new RegExp(`^([${symbols}]+)\\s*\\S`).exec(read.text) ?? []
  const text = read.text.slice(leading.length, read.text.length - trailing.length).trim()
  const marks = [...read.marks, ...[leading, trailing].flatMap((mark) => mark.split(/[,\s]+/)).filter((mark) => mark !== '')]
  return { text, marks: [...new Set(marks)], indent: read.indent, isHeading: isHead || element.name === 'th', hasPicture: read.hasPicture }
}

interface Read {
  readonly text: string
  readonly marks: readonly string[]
  readonly indent: number
  readonly hasPicture: boolean
}

const superscripts: Readonly<Record<string, string>> = { '2': '²', '3': '³', '-1': '⁻¹', '−1': '⁻¹', '–1': '⁻¹', '-2': '⁻²', '−2': '⁻²', '–2': '⁻²' }

/** Text of mixed content; marks of footnotes and citations are taken off, exponents stay. */
function readText(nodes: readonly XmlNode[], markers: ReadonlySet<string> = new Set()): Read {
  const marks: string[] = []
  let text = ''
  let hasPicture = false
  const mark = (told: string) => marks.push(...told.split(/[,\s]+/).filter((one) => one !== ''))
  const read = (node: XmlNode): void => {
    if (!isElement(node)) return void (text += node)
    const { name, attributes, children } = node
    if (name === 'xref')
      return attributes['ref-type'] === 'bibr' ? undefined : /fn/.test(attributes['ref-type'] ?? '') ? void mark(textOf(node)) : children.forEach(read)
    if (name === 'fn' || name === 'tex-math' || name === 'hr') return
    if (name === 'graphic' || name === 'inline-graphic') return void (hasPicture = true)
    if (name === 'sup') return superscript(node)
    if (name === 'break' || name === 'p' || name === 'list-item' || name === 'title') {
      if (text !== '') text += ' '
      return children.forEach(read)
    }
    children.forEach(read)
  }
  const superscript = (node: XmlElement) => {
    const told = textOf(node)
    const isCitation = descendantsNamed(node, 'xref').some(({ attributes }) => attributes['ref-type'] === 'bibr')
    if (isCitation || told === '') return
    const isMark = new RegExp(`^(?:[${symbols}]+|[a-z]|[ivx]{1,4})(?:[,\\s]*(?:[${symbols}]+|[a-z]))*$`).test(told) && !/^(st|nd|rd|th)$/.test(told)
    const afterUnit = /(?:^|[^A-Za-z])(?:m|cm|mm|kg\/m|s|L|l|min|h|10)\s*$/.test(text)
    if (isMark || descendantsNamed(node, 'xref').length > 0) mark(told)
    else if (/^\d$/.test(told) && !afterUnit && markers.has(told)) mark(told)
    else text += superscripts[told] ?? (/^[+\-−–®™]$|^(st|nd|rd|th)$/.test(told) ? told : `^${told}`)
  }
  nodes.forEach(read)
  const [, before = ''] = /^([\s\u00a0\u2000-\u200a\u202f\u3000]*)/.exec(text.replace(/^[\t\r\n ]+/, '')) ?? []
  // Blanks that do not break may part thousands: they stay between digits.
  const plain = text
    .replace(/[\u2010\u2011]/g, '-')
    .replace(/(?<!\d)[\u00a0\u2000-\u200a\u202f\u3000]|[\u00a0\u2000-\u200a\u202f\u3000](?!\d{3}(?!\d))/g, ' ')
    .replace(/[ \t\r\n]+/g, ' ')
    .trim()
  return { text: plain, marks, indent: before.length, hasPicture }
}

function footnotesOf(foot: XmlElement): Footnote[] {
  const notes = descendantsNamed(foot, 'fn')
  const loose = foot.children.filter((node): node is XmlElement => isElement(node) && node.name !== 'fn-group' && node.name !== 'fn')
  return [
    ...notes.map((note) => {
      const label = textOf(childrenNamed(note, 'label')[0])
      const rest = note.children.filter((node) => !isElement(node) || node.name !== 'label')
      const text = footText(rest)
      return label === '' ? marked(text) : { mark: label, text }
    }),
    ...loose.flatMap((node) =>
      footText([node])
        .split(new RegExp(`[;.]\\s+(?=[${symbols}])`))
        .map(marked),
    ),
  ].filter(({ text }) => text !== '')
}

/** A superscript at the beginning is the note's mark. */
function footText(nodes: readonly XmlNode[]): string {
  return textOf({ name: 'note', attributes: {}, children: nodes })
}

function marked(text: string): Footnote {
  const [, mark, rest] = new RegExp(`^([${symbols}]+|[a-z0-9](?=[\\s:)]|[A-Z]))[\\s:)]*(.+)$`).exec(text) ?? []
  return mark === undefined || rest === undefined ? { mark: null, text } : { mark, text: rest }
}
