import { isMissingWord, numberHint, plainNumber, uninert } from '../spreadsheet.js'
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

const finiteNumber = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

/** Reads the cells of a table, and remembers every cell that is neither missing nor right, so that all of them are told at once. */
export interface CellReader {
  has(column: string): boolean
  /** Null where the cell is empty, or says that there is nothing, such as NA. */
  text(row: TableRow, column: string): string | null
  /** Null where the cell is missing; NaN where it is wrong, which is remembered. */
  number(row: TableRow, column: string, rule?: NumberRule): number | null
  /** Remembers a cell as wrong. */
  reject(row: TableRow, column: string, why: string): void
  /** @throws {TableError} if any cell was wrong: the first twenty of them */
  finish(): void
}

export function cellReader({ columns, decimal }: Table): CellReader {
  const faults: string[] = []
  const cellOf = ({ cells }: TableRow, column: string) => cells[columns.get(column) ?? Infinity] ?? ''
  const reader: CellReader = {
    has: (column) => columns.has(column),
    text: (row, column) => {
      const cell = cellOf(row, column)
      return cell === '' || isMissingWord(cell) ? null : uninert(cell)
    },
    number: (row, column, { holds, expected } = numberRules.any) => {
      const cell = reader.text(row, column)
      if (cell === null) return null
      const plain = plainNumber(cell, decimal)
      const value = finiteNumber.test(plain) ? Number(plain) : NaN
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
  if (/^[+-]?(inf(inity)?|nan)$/i.test(cell) || finiteNumber.test(cell)) return 'is not a finite number'
  const hint = numberHint(cell)
  return `is not a number${hint === null ? '' : `: ${hint}`}`
}

/** A stranger's text for a message: on one line, and not too long for it. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
