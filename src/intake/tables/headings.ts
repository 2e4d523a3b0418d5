import { numberStyleOf, shapeOf, type NumberStyle } from './cells.js'
import type { Cell, Row, Table } from './grid.js'
import { isGroup, partIn, saysChange, sizeIn, timeIn, withoutChange, type Part, type TimeTold } from './words.js'

/** What one heading says: an arm, a time, a part of the numbers, the rest names the outcome. */
export interface Heading {
  readonly printed: string
  readonly arm: string | null
  readonly time: TimeTold | null
  readonly part: Part | null
  readonly isChange: boolean
  /** The outcome, or a part of its name; empty if the heading is none. */
  readonly outcome: string
}

/** A line of cells that share their headings: a row with its sections, or a column. */
export interface Line {
  readonly headings: readonly Heading[]
  readonly printed: string
  /** Texts of footnotes that its headings point to. */
  readonly notes: readonly string[]
}

export interface ReadRow extends Line {
  readonly row: Row
}

export interface ReadTable {
  readonly table: Table
  readonly style: NumberStyle
  /** Columns of headings before those of numbers. */
  readonly stubs: number
  /** Headings of arms as they are printed, in order. */
  readonly arms: readonly string[]
  readonly rows: readonly ReadRow[]
  /** Of a column by the headings that are true of a row. */
  readonly columnOf: (row: Row, column: number) => Line
}

/** Reads the headings of a table in either direction: which of them are arms, times and outcomes. */
export function readHeadings(table: Table): ReadTable {
  const style = numberStyleOf(table.rows.flatMap(({ cells }) => cells.map(({ text }) => text)))
  const stubs = stubsOf(table, style)
  const groupHeading = (text: string) => /^(?:study )?(?:groups?|arms?|treatments?|treatment groups?)$/i.test(text)
  const isStubGroup = Array.from({ length: stubs }, (_, column) => table.headings.some((row) => groupHeading(row[column]?.text ?? '')))
  const paths = table.rows.map((row) => row)
  const stubTexts = distinct(paths.flatMap(({ cells }) => cells.slice(0, stubs).map(({ text }) => text)))
  const headingLevels = levelsOf(table, stubs)
  const inColumns = headingLevels.flatMap(armsAmong)
  const inRows = inColumns.length > 0 ? [] : isStubGroup.includes(true) ? armsOfGroupColumn(table, isStubGroup) : rowArms(stubTexts)
  const arms = distinct([...inColumns, ...inRows])
  const armTexts = new Set(arms)
  const notesOf = (cells: readonly Cell[]) =>
    table.footnotes.flatMap(({ mark, text }) => (mark !== null && cells.some(({ marks }) => marks.includes(mark)) ? [text] : []))
  const headingOf = (cell: Cell) => headingIn(withUnitOfNote(cell, notesOf([cell])), armTexts)
  const line = (cells: readonly Cell[]): Line => {
    const kept = cells.filter(({ text }, index) => text !== '' && cells.findIndex((one) => one.text === text) === index)
    return { headings: kept.map(headingOf), printed: kept.map(({ text }) => text).join(', '), notes: notesOf(kept) }
  }
  return {
    table,
    style,
    stubs,
    arms,
    rows: rowsWithSections(table, stubs).map(({ row, cells }) => ({ row, ...line(cells) })),
    columnOf: (row, column) => line(row.headings.flatMap((heading) => heading[column] ?? [])),
  }
}

const distinct = (texts: readonly string[]) => [...new Set(texts)].filter((text) => text !== '')

/** "1*" with the footnote "* Postoperative days" is "day 1 (Postoperative days)". */
function withUnitOfNote({ text }: Cell, notes: readonly string[]): string {
  const [, unit] = notes.map((note) => /\b(minute|hour|day|week|month)s?\b/i.exec(note)).find((found) => found !== null) ?? []
  return unit !== undefined && /^\d{1,3}$/.test(text) ? `${unit.toLowerCase()} ${text}` : text
}

/** Columns at the left that hold headings: those without numbers, at least one unless the first holds numbers under a heading of an arm. */
function stubsOf({ rows, columns, headings }: Table, style: NumberStyle): number {
  for (let column = 0; column < columns; column++) {
    const texts = rows.map(({ cells }) => cells[column]?.text ?? '').filter((text) => text !== '')
    const values = texts.filter((text) => !['UNREADABLE', 'BLANK'].includes(shapeOf(text, style).form))
    const isUnnamed = headings.every((row) => (row[column]?.text ?? '') === '')
    if (column > 0 && !(isUnnamed && headings.length > 0) && values.length * 2 >= texts.length) return column
  }
  return Math.min(1, columns)
}

/** The distinct headings of each heading row, beside the stubs. */
function levelsOf({ headings, rows }: Table, stubs: number): string[][] {
  const all = [headings, ...new Set(rows.map((row) => row.headings))]
  return [...new Set(all.flat())].map((row) => distinct(row.slice(stubs).map(({ text }) => text)))
}

/** Of a level of headings those that are arms: what is called a group, and what stands beside one and is nothing else. */
function armsAmong(level: readonly string[]): string[] {
  const groups = level.filter((text) => isGroup(text) && partIn(sizeIn(text).rest) === null)
  if (groups.length === 0) return []
  return level.filter((text) => {
    const { rest } = sizeIn(text)
    if (groups.includes(text)) return timeOnly(rest) === false
    return (
      partIn(rest) === null &&
      partIn(text) === null &&
      timeIn(rest) === null &&
      !saysChange(rest) &&
      rest.split(/\s+/).length <= 8 &&
      groups.length + 1 >= level.filter((one) => partIn(one) === null).length
    )
  })
}

const timeOnly = (text: string) => timeIn(text)?.rest === ''

/** Arms that stand in rows: at least two headings that are called groups. */
function rowArms(texts: readonly string[]): string[] {
  const groups = texts.filter((text) => isGroup(text) && partIn(text) === null && timeIn(sizeIn(text).rest) === null)
  return groups.length < 2 ? [] : groups
}

function armsOfGroupColumn({ rows }: Table, isStubGroup: readonly boolean[]): string[] {
  return distinct(rows.flatMap(({ cells }) => isStubGroup.flatMap((is, column) => (is ? [cells[column]?.text ?? ''] : [])))).filter(
    (text) => partIn(text) === null && timeIn(text) === null,
  )
}

/** What one heading says. An arm's heading may end in a time: "Magnesium, week 6". */
function headingIn(text: string, arms: ReadonlySet<string>): Heading {
  const blank = { printed: text, arm: null, time: null, part: null, isChange: false, outcome: '' }
  if (arms.has(text)) {
    const time = timeIn(sizeIn(text).rest)
    return { ...blank, arm: text, time: time === null || time.rest === '' ? null : time }
  }
  const part = partIn(text)
  if (part !== null) return { ...blank, part, isChange: part === 'DIFFERENCE' && saysChange(text) }
  const isChange = saysChange(text)
  const rest = isChange ? withoutChange(text) : text
  const time = timeIn(rest)
  const outcome = time === null ? rest : time.rest
  return { ...blank, time, isChange, outcome: partIn(outcome) === null ? outcome : '' }
}

/** Rows of numbers with the section rows above them, and with a first column that is blank as the row before had it. */
function rowsWithSections({ rows }: Table, stubs: number): { readonly row: Row; readonly cells: readonly Cell[] }[] {
  let section: Cell | undefined
  let sectionHasIndented = false
  let carried: (Cell | undefined)[] = []
  return rows.flatMap((row) => {
    const stub = row.cells.slice(0, stubs)
    const numbers = row.cells.slice(stubs).filter((cell) => cell.text !== '' && !stub.includes(cell))
    const [first] = stub
    if (first !== undefined && numbers.length === 0) {
      section = first.text === '' ? section : first
      sectionHasIndented = false
      carried = []
      return []
    }
    if ((first?.indent ?? 0) > (section?.indent ?? 0)) sectionHasIndented = true
    else if (sectionHasIndented && section !== undefined && first?.text !== '') section = undefined
    const filled = stub.map((cell, index) =>
      cell.text === '' && index < stub.length - 1 && stub.slice(index + 1).some(({ text }) => text !== '') ? (carried[index] ?? cell) : cell,
    )
    carried = filled
    return [{ row, cells: [...(section === undefined ? [] : [section]), ...filled] }]
  })
}
