import { stringify } from 'csv-stringify/sync'
import { byteOrderMark, inert } from '../spreadsheet.js'
import type { Cell, Column } from './columns.js'

/**
 * Comma-separated values after RFC 4180: a header, dot decimals, TRUE and FALSE, nothing where there is no value; a byte order mark if asked for.
 * Numbers are as short as they can be and still read back the same.
 */
export async function* csvOf<Row>(
  columns: readonly Column<Row>[],
  batches: AsyncIterable<readonly Row[]>,
  { withMark }: { readonly withMark: boolean },
): AsyncGenerator<string> {
  // With the first rows and not before them: a file that cannot be made must not have begun.
  let header = (withMark ? byteOrderMark : '') + linesOf([columns.map(({ name }) => name)])
  for await (const rows of batches) {
    yield header + linesOf(rows.map((row) => columns.map((column) => cellOf(column, row))))
    header = ''
  }
  if (header !== '') yield header
}

const linesOf = (records: readonly (readonly Cell[])[]) => stringify(records as Cell[][], { record_delimiter: 'windows' }) // csv-stringify reads only

function cellOf<Row>({ type, of }: Column<Row>, row: Row): Cell {
  const value = of(row)
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  return type === 'text' && typeof value === 'string' ? inert(value) : value
}
