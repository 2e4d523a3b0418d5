import { listed, place, TableError, type Table, type TableRow } from './table.js'

/** A rule for the numbers of a column: what is right, and the words for it. */
export interface NumberRule {
  readonly holds: (value: number) => boolean
  readonly expected: string
}

export const numberRules = {
  any: { holds: () => true, expected: 'a number' },
  count: { holds: (value) => value >= 0, expected: 'a number of at least 0' },
  participants: { holds: (value) => value >= 1, expected: 'a number of at least 1' },
  positive: { holds: (value) => value > 0, expected: 'a number above 0' },
  correlation: { holds: (value) => value >= -1 && value <= 1, expected: 'a number between -1 and 1' },
} as const satisfies Record<string, NumberRule>

const plainNumber = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i
const missingWords = ['', 'na', '.']

/** Reads the cells of a table, and remembers every cell that is neither missing nor right, so that all of them are told at once. */
export interface CellReader {
  has(column: string): boolean
  /** Null where the cell is empty, NA or a full stop. */
  text(row: TableRow, column: string): string | null
  /** Null where the cell is missing; NaN where it is wrong, which is remembered. */
  number(row: TableRow, column: string, rule?: NumberRule): number | null
  /** Remembers a cell as wrong. */
  reject(row: TableRow, column: string, why: string): void
  /** @throws {TableError} if any cell was wrong: the first twenty of them */
  finish(): void
}

export function cellReader({ columns }: Table): CellReader {
  const faults: string[] = []
  const cellOf = ({ cells }: TableRow, column: string) => cells[columns.get(column) ?? Infinity] ?? ''
  const reader: CellReader = {
    has: (column) => columns.has(column),
    text: (row, column) => {
      const cell = cellOf(row, column)
      return missingWords.includes(cell.toLowerCase()) ? null : cell
    },
    number: (row, column, { holds, expected } = numberRules.any) => {
      const cell = reader.text(row, column)
      if (cell === null) return null
      const value = plainNumber.test(cell) ? Number(cell) : NaN
      if (Number.isFinite(value) && holds(value)) return value
      reader.reject(row, column, Number.isFinite(value) ? `is not ${expected}` : whyNoNumber(cell))
      return NaN
    },
    reject: (row, column, why) => void faults.push(`${place(row.row, row.line)}, column ${quoted(column)}: ${quoted(cellOf(row, column))} ${why}`),
    finish: () => {
      if (faults.length > 0) throw new TableError(listed(faults))
    },
  }
  return reader
}

function whyNoNumber(cell: string): string {
  if (/^[+-]?\d+,\d+$/.test(cell)) return 'is not a number: decimals are written with a point'
  if (/^[−–]/.test(cell)) return 'is not a number: its minus is another character than "-"'
  if (/^[+-]?(inf(inity)?|nan)$/i.test(cell) || plainNumber.test(cell)) return 'is not a finite number'
  return 'is not a number'
}

/** A stranger's text for a message: on one line, and not too long for it. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
