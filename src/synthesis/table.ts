import { CsvError, parse } from 'csv-parse/sync'
import { decimalMarkOf, declaredDelimiter, delimiters, hasDecimalPoint, hasPlainDecimalComma, type DecimalMark, type Delimiter } from '../spreadsheet.js'

/** Why a table cannot be pooled: one sentence a line, each naming row, column and value where there is one. */
export class TableError extends Error {
  override readonly name = 'TableError'
  constructor(readonly sentences: readonly string[]) {
    super(sentences.join('\n'))
  }
}

/** A row of a table as text, trimmed; what is not there is empty. */
export interface TableRow {
  /** 1 for the first row under the header. */
  readonly row: number
  /** Of the file, on which the row begins; 1 for its first. */
  readonly line: number
  readonly cells: readonly string[]
}

export interface Table {
  /** Names in lower case by position; columns without a name are not told. */
  readonly columns: ReadonlyMap<string, number>
  readonly rows: readonly TableRow[]
  /** What stands before decimals, as the cells tell. */
  readonly decimal: DecimalMark
}

/** More than these are not read: memory and time are bounded. As many rows as a synthesis of the API has effects. */
export const tableLimits = { bytes: 100_000_000, cells: 1_000_000, rows: 20_000 } as const

/**
 * Reads a table of studies: UTF-8 (or UTF-16 with its mark), a header, cells separated by commas, semicolons or tabs, whichever a line "sep=" names or the
 * header has most of; quoted as RFC 4180 says.
 * Rows without any content are passed over, and counted.
 *
 * @throws {TableError} if the bytes are not such a table, or more than `tableLimits`
 */
export function readTable(bytes: Uint8Array): Table {
  if (bytes.length > tableLimits.bytes) throw new TableError([`a table has at most ${tableLimits.bytes} bytes, got ${bytes.length}`])
  const { records: every, delimiter } = recordsOf(decoded(bytes))
  const [header, ...records] = every
  if (header === undefined) throw new TableError(['the table is empty: a header with the names of the columns was expected'])
  const columns = columnsOf(header.cells)
  const tooLong = records.filter(({ cells }) => cells.slice(header.cells.length).some((cell) => cell !== ''))
  if (tooLong.length > 0)
    throw new TableError(
      listed(
        tooLong.map(
          ({ row, line, cells }) =>
            `${place(row, line)}: there are ${cells.length} cells, and the header names ${header.cells.length} columns: a cell that holds the separator is quoted, and decimals are written with a point`,
        ),
      ),
    )
  const rows = records.filter(({ cells }) => cells.some((cell) => cell !== ''))
  if (rows.length === 0) throw new TableError(['the table has a header and no rows'])
  if (rows.length > tableLimits.rows) throw new TableError([`a table has at most ${tableLimits.rows} rows, got ${rows.length}`])
  const cells = rows.flatMap((row) => row.cells)
  return { columns, rows, decimal: decimalMarkOf(delimiter, { points: cells.some(hasDecimalPoint), commas: cells.some(hasPlainDecimalComma) }) }
}

/** Where a row stands, for a message. */
export function place(row: number, line: number): string {
  return `row ${row} (line ${line})`
}

/** The first sentences of many, and how many more there are. */
export function listed(sentences: readonly string[], most = 20): string[] {
  return sentences.length <= most ? [...sentences] : [...sentences.slice(0, most), `and ${sentences.length - most} more`]
}

function decoded(bytes: Uint8Array): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    throw new TableError(['the file is not text in UTF-8: save it as "CSV UTF-8"'])
  }
}

function recordsOf(file: string): { records: TableRow[]; delimiter: Delimiter } {
  const { text, linesBefore, delimiter } = withoutDeclaration(file)
  const records: TableRow[] = []
  let cellCount = 0
  try {
    parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      onRecord: (record: readonly string[], { lines }) => {
        cellCount += record.length
        if (cellCount > tableLimits.cells) throw new TableError([`a table has at most ${tableLimits.cells} cells`])
        const breaksWithin = record.reduce((count, cell) => count + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0)
        records.push({ row: records.length, line: linesBefore + lines - breaksWithin, cells: record.map((cell) => cell.trim()) })
        return null // kept above, with where it stands
      },
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new TableError([`the table cannot be read: ${sentenceOf(error)}`])
  }
  return { records, delimiter }
}

/** @throws {TableError} if the first line names a delimiter that no table has */
function withoutDeclaration(file: string): { text: string; linesBefore: number; delimiter: Delimiter } {
  const first = /^[^\r\n]*/.exec(file)?.[0] ?? ''
  const declared = declaredDelimiter(first)
  if (declared === null) return { text: file, linesBefore: 0, delimiter: delimiterOf(file) }
  if (typeof declared !== 'string')
    throw new TableError([`line 1 names ${JSON.stringify(declared.unknown)} as what separates cells: commas, semicolons and tabs are read`])
  return { text: file.slice(first.length).replace(/^(\r\n|\n|\r)/, ''), linesBefore: 1, delimiter: declared }
}

function sentenceOf({ code, message, lines }: CsvError): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'a quoted cell is not closed before the file ends'
  if (code === 'INVALID_OPENING_QUOTE' || code === 'CSV_INVALID_CLOSING_QUOTE')
    return `line ${String(lines)} has a quote within a cell: a cell that holds quotes is quoted as a whole, with its own quotes doubled`
  return message.slice(0, 1).toLowerCase() + message.slice(1)
}

/** The separator that the header has most of outside quotes. */
function delimiterOf(text: string): Delimiter {
  const [header = ''] = text.replace(/^\s+/, '').split(/[\r\n]/, 1)
  const unquoted = header.replace(/"[^"]*"/g, '')
  const counted = delimiters.map((delimiter) => ({ delimiter, count: unquoted.split(delimiter).length }))
  return counted.reduce((best, other) => (other.count > best.count ? other : best)).delimiter
}

function columnsOf(header: readonly string[]): Map<string, number> {
  const columns = new Map<string, number>()
  const twice = new Set<string>()
  for (const [position, name] of header.entries()) {
    const column = name.toLowerCase()
    if (column === '') continue
    if (columns.has(column)) twice.add(column)
    columns.set(column, position)
  }
  if (twice.size > 0)
    throw new TableError([`the header names ${[...twice].map((name) => JSON.stringify(name)).join(', ')} more than once; capitals do not tell columns apart`])
  if (columns.size === 0) throw new TableError(['the header names no column'])
  return columns
}
