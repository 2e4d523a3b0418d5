import { isUtf8 } from 'node:buffer'
import { MalformedFile } from '../references/reference.js'
import { isWebPage } from '../references/textLines.js'
import { declaredDelimiter, type Delimiter } from '../spreadsheet.js'

const [lineFeed, carriageReturn, quote, letterN, letterA] = [0x0a, 0x0d, 0x22, 0x4e, 0x41]

/** One thing wrong with one row, or one cell, of a file. */
export interface RowFault {
  readonly line: number
  readonly column: string | null
  /** As it was written; null where a cell is blank or the fault is the row's. */
  readonly value: string | null
  /** What would have been right. */
  readonly rule: string
}

/** As many faults of one file are told; a file with more is mended in several goes. */
export const mostFaults = 100

/** A record of a table that is longer is none: a quotation mark was left open, or the file is no table. */
export const longestRecord = 1_048_576

export interface Table {
  /** The first record that is not blank, as it was written. */
  readonly header: string
  readonly headerLine: number
  /** By a line such as "sep=;" before the header; null without one. */
  readonly declared: Delimiter | null
  /** The record after the header that is not blank, as it was written; null if there is none, or it is too long to look at beforehand. */
  readonly firstRow: string | null
  /**
   * The records after the header for COPY in its CSV format: each with its line number in front, ended by a line feed. Records that
   * cannot be told apart into as many cells as the header has are left out and told to `onFault`; empty cells beyond those do not count.
   *
   * @throws {MalformedFile} where the bytes are no table
   */
  rows(shape: Shape): AsyncGenerator<Buffer>
}

/** What is known of the records of a table. */
export interface Shape {
  readonly delimiter: Delimiter
  readonly cells: number
  /** Whether NA without quotation marks is a missing value, as in tables of R whose texts are in quotation marks. */
  readonly bareNaIsMissing?: boolean
  readonly onFault: (fault: RowFault) => void
}

/**
 * Opens a table in CSV, reading as far as its header; in memory is never more than a few blocks and one record. Cells are told apart
 * only as far as counting them needs: the database parses them.
 *
 * @throws {MalformedFile} where the bytes are not UTF-8, are no text, or hold no record
 */
export async function openTable(bytes: AsyncIterable<Uint8Array>): Promise<Table> {
  const blocks = checkedBlocks(withLineFeeds(bytes))
  let line = 1
  let declared: Delimiter | null = null
  for (let next = await blocks.next(); next.done !== true; next = await blocks.next()) {
    const { block, isLast } = next.value
    let start = 0
    while (start < block.length) {
      const record = unparsedRecordAt(block, start, isLast)
      if (record === null) break
      const header = block.toString('utf8', start, record.contentEnd).replace(/^\uFEFF/, '')
      const separator = declared === null ? declaredDelimiter(header) : null
      if (separator !== null) declared = takenDelimiter(separator, line)
      else if (header.trim() !== '') {
        if (isWebPage(header)) throw new MalformedFile('this is a page of the web, not a table', line)
        const firstRow = firstRowFrom(block, record.next, isLast)
        // The header is read again with the block that has its first row whole, unless that is very long.
        if (firstRow === undefined && !isLast && block.length - start < longestRecord / 2) break
        const headerLine = line
        line += record.lines
        next.value.consume(record.next, line)
        return { header, headerLine, declared, firstRow: firstRow ?? null, rows: (shape) => rowsOf(blocks, line, shape) }
      }
      line += record.lines
      start = record.next
    }
    next.value.consume(start, line)
  }
  throw new MalformedFile('the file is empty', null)
}

/** @throws {MalformedFile} for a delimiter that no table has */
function takenDelimiter(separator: NonNullable<ReturnType<typeof declaredDelimiter>>, line: number): Delimiter {
  if (typeof separator === 'string') return separator
  throw new MalformedFile(`the line names ${JSON.stringify(separator.unknown)} as what separates cells: commas, semicolons and tabs are taken`, line)
}

/** The first record that is not blank; undefined where the block ends before it does. */
function firstRowFrom(block: Buffer, from: number, isLast: boolean): string | undefined {
  for (let start = from; start < block.length;) {
    const record = unparsedRecordAt(block, start, isLast)
    if (record === null) return undefined
    const text = block.toString('utf8', start, record.contentEnd)
    if (/[^\s,;"]/.test(text)) return text
    start = record.next
  }
  return undefined
}

/**
 * The record that begins at `start` as far as it can be told before the delimiter is known: line feeds within quotation marks do not end it, unless a
 * mark is never closed. Null where the block ends within it.
 */
function unparsedRecordAt(block: Buffer, start: number, isLast: boolean): Pick<Record, 'contentEnd' | 'next' | 'lines'> | null {
  const ending = (at: number, lines: number) => ({ contentEnd: at > start && block[at - 1] === carriageReturn ? at - 1 : at, next: at + 1, lines })
  let [isQuoted, lines] = [false, 1]
  for (let at = start; at < block.length; at++) {
    if (block[at] === quote) isQuoted = !isQuoted
    else if (block[at] === lineFeed) {
      if (!isQuoted) return ending(at, lines)
      lines++
    }
  }
  if (!isLast) return null
  const feed = isQuoted ? block.indexOf(lineFeed, start) : -1
  return ending(feed === -1 ? block.length : feed, isQuoted && feed !== -1 ? 1 : lines)
}

async function* rowsOf(
  blocks: AsyncGenerator<Block>,
  firstLine: number,
  { delimiter, cells, bareNaIsMissing = false, onFault }: Shape,
): AsyncGenerator<Buffer> {
  const separator = delimiter.charCodeAt(0)
  let line = firstLine
  for await (const { block, isLast, consume } of blocks) {
    const parts: Buffer[] = []
    // A record is as long as it was, but for its line number; blank ones do not count.
    let out = Buffer.allocUnsafe(block.length + 65_536)
    let [written, start] = [0, 0]
    while (start < block.length) {
      const record = recordAt(block, start, separator, isLast, line)
      if (record === null) break
      if (record.contentEnd - start > longestRecord) throw tooLong(line)
      const { cells: found, end } = withoutEmptyCells(block, start, record, { separator, cells })
      const length = end - start
      if (isBlank(block.subarray(start, end), separator)) {
        // Nothing but delimiters: what spreadsheets leave below a table.
      } else if (record.problem !== null) onFault({ line, column: null, value: null, rule: record.problem })
      else if (found !== cells) onFault({ line, column: null, value: null, rule: `must have ${cells} cells as the header has, got ${record.cells}` })
      else {
        if (out.length - written < length + 16) {
          parts.push(out.subarray(0, written))
          out = Buffer.allocUnsafe(length + block.length - start + 65_536)
          written = 0
        }
        written += out.write(`${line}${delimiter}`, written, 'latin1')
        const row = block.subarray(start, end)
        written += bareNaIsMissing ? withoutBareNa(row, separator).copy(out, written) : row.copy(out, written)
        out[written++] = lineFeed
      }
      line += record.lines
      start = record.next
    }
    consume(start, line)
    if (written > 0) parts.push(out.subarray(0, written))
    yield* parts
  }
}

/** Whether a record has delimiters and empty cells only. */
function isBlank(record: Buffer, separator: number): boolean {
  for (let at = 0; at < record.length; at++) {
    if (record[at] === quote && record[at + 1] === quote && bounds(record, at - 1, separator) && bounds(record, at + 2, separator)) at++
    else if (record[at] !== separator) return false
  }
  return true
}

/** The record without the empty cells at its end that the header has no names for, as exports write a delimiter after the last cell. */
function withoutEmptyCells(
  block: Buffer,
  start: number,
  { cells, contentEnd }: Record,
  wanted: { readonly separator: number; readonly cells: number },
): { cells: number; end: number } {
  let [left, end] = [cells, contentEnd]
  while (left > wanted.cells && end > start) {
    if (block[end - 1] === wanted.separator) end -= 1
    // Two marks after a delimiter end a record only as an empty cell: within a cell a third would follow.
    else if (block[end - 1] === quote && block[end - 2] === quote && block[end - 3] === wanted.separator) end -= 3
    else break
    left--
  }
  return { cells: left, end }
}

/** The record with nothing in the place of every NA that stands without quotation marks. */
function withoutBareNa(record: Buffer, separator: number): Buffer {
  if (!record.includes('NA')) return record
  const kept: number[] = []
  let isQuoted = false
  for (let at = 0; at < record.length; at++) {
    const byte = record[at] ?? 0
    if (byte === quote) isQuoted = !isQuoted
    const isNa = !isQuoted && byte === letterN && record[at + 1] === letterA && bounds(record, at - 1, separator) && bounds(record, at + 2, separator)
    if (isNa) at++
    else kept.push(byte)
  }
  return Buffer.from(kept)
}

const bounds = (record: Buffer, at: number, separator: number) => at < 0 || at >= record.length || record[at] === separator

interface Record {
  /** Where its text ends, without the end of its line. */
  readonly contentEnd: number
  readonly next: number
  readonly cells: number
  readonly lines: number
  /** Why its cells cannot be told apart. */
  readonly problem: string | null
}

const strayReturn = 'must not hold a carriage return alone: save the file with the line ends of Windows or Unix'

/** The record that begins at `start`; null where the block ends within it. */
function recordAt(block: Buffer, start: number, separator: number, isLast: boolean, line: number): Record | null {
  const feed = block.indexOf(lineFeed, start)
  if (feed === -1 && !isLast) return null
  const end = feed === -1 ? block.length : feed
  const contentEnd = end > start && block[end - 1] === carriageReturn ? end - 1 : end
  let cells = 1
  let problem: string | null = null
  for (let at = start; at < contentEnd; at++) {
    const byte = block[at]
    if (byte === separator) cells++
    else if (byte === quote) return quotedRecordAt(block, start, separator, isLast, line)
    else if (byte === carriageReturn) problem = strayReturn
  }
  return { contentEnd, next: end + 1, cells, lines: 1, problem }
}

/** A record with quotation marks in it: a cell within them may hold delimiters, line ends, and marks doubled. */
function quotedRecordAt(block: Buffer, start: number, separator: number, isLast: boolean, line: number): Record | null {
  let [cells, lines, cellStart, openedAt] = [1, 1, start, line]
  let state: 'BARE' | 'QUOTED' | 'CLOSED' = 'BARE'
  let problem: string | null = null
  for (let at = start; at < block.length; at++) {
    const byte = block[at]
    if (state === 'QUOTED') {
      if (byte === lineFeed) lines++
      else if (byte === quote) {
        if (block[at + 1] === quote) at++
        else if (at + 1 === block.length && !isLast) return null
        else state = 'CLOSED'
      }
      continue
    }
    if (byte === lineFeed || (byte === carriageReturn && block[at + 1] === lineFeed))
      return { contentEnd: at, next: byte === lineFeed ? at + 1 : at + 2, cells, lines, problem }
    if (byte === separator) {
      cells++
      cellStart = at + 1
      state = 'BARE'
    } else if (byte === quote && state === 'BARE' && at === cellStart) {
      openedAt = line + lines - 1
      state = 'QUOTED'
    } else if (byte === quote) problem = `must double a quotation mark within a cell ("") and put the cell in quotation marks: cell ${cells} does not`
    else if (state === 'CLOSED') problem = `must not go on after a closing quotation mark: cell ${cells} does`
    else if (byte === carriageReturn && at + 1 < block.length) problem = strayReturn
  }
  if (!isLast) return null
  if (state === 'QUOTED') throw new MalformedFile('a quotation mark is opened and never closed', openedAt)
  return { contentEnd: block.length, next: block.length, cells, lines, problem }
}

const tooLong = (line: number) =>
  new MalformedFile(`the line is longer than ${longestRecord / 1_048_576} MiB, or a quotation mark is opened in it and not closed`, line)

interface Block {
  /** What was left of the block before, and what came after it: text, as far as its last line feed. */
  readonly block: Buffer
  readonly isLast: boolean
  /** Says how much of the block was read, and the line of what follows; the rest comes again. */
  readonly consume: (end: number, nextLine: number) => void
}

/** The bytes, with line feeds if lines end in carriage returns alone, as the first line tells. */
async function* withLineFeeds(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let endsInReturns: boolean | null = null
  let isQuoted = false
  let held = false // A carriage return at the end of a part: what follows tells what it is.
  for await (const given of bytes) {
    const part: Buffer = held ? Buffer.concat([Buffer.from([carriageReturn]), given]) : Buffer.from(given.buffer, given.byteOffset, given.byteLength)
    held = part.length > 0 && part[part.length - 1] === carriageReturn && endsInReturns !== false
    const end = held ? part.length - 1 : part.length
    for (let at = 0; endsInReturns === null && at < end; at++) {
      const byte = part[at]
      if (byte === quote) isQuoted = !isQuoted
      else if (!isQuoted && (byte === lineFeed || byte === carriageReturn)) endsInReturns = byte === carriageReturn && part[at + 1] !== lineFeed
    }
    const whole = part.subarray(0, end)
    if (endsInReturns === true) yield whole.map((byte: number, at: number) => (byte === carriageReturn && part[at + 1] !== lineFeed ? lineFeed : byte))
    else yield whole
  }
  if (held) yield Buffer.from([endsInReturns === false ? carriageReturn : lineFeed])
}

/** The bytes in blocks, each with what its reader left of the one before. */
async function* checkedBlocks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Block> {
  let [rest, line]: [Buffer, number] = [Buffer.alloc(0), 1]
  function* blockOf(block: Buffer, isLast: boolean): Generator<Block> {
    requireText(isLast ? block : block.subarray(0, block.lastIndexOf(lineFeed) + 1), line)
    let consumed = 0
    yield {
      block,
      isLast,
      consume: (end, nextLine) => {
        consumed = end
        line = nextLine
      },
    }
    rest = block.subarray(consumed)
    if (rest.length > longestRecord) throw tooLong(line)
  }
  for await (const part of bytes) yield* blockOf(Buffer.concat([rest, part]), false)
  do yield* blockOf(rest, true)
  while (rest.length > 0)
}

/** @throws {MalformedFile} naming the first line that is not text in UTF-8 */
function requireText(block: Buffer, firstLine: number): void {
  if (isUtf8(block) && !block.includes(0)) return
  for (let [start, line] = [0, firstLine]; start < block.length; line++) {
    const feed = block.indexOf(lineFeed, start)
    const text = block.subarray(start, feed === -1 ? block.length : feed)
    if (text.includes(0)) throw new MalformedFile('the file holds bytes that no text has: it is not a text file', line)
    if (!isUtf8(text)) throw new MalformedFile('the bytes are not UTF-8: save the file as UTF-8 (spreadsheets call it "CSV UTF-8")', line)
    start = feed === -1 ? block.length : feed + 1
  }
}
