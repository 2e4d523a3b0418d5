import { pipeline } from 'node:stream/promises'
import { CsvError, parse } from 'csv-parse/sync'
import { from as copyFrom } from 'pg-copy-streams'
import sql, { raw } from 'sql-template-tag'
import { rows, type Transaction } from '../database/query.js'
import { everyColumn } from './armLevel.columns.js'
import { delimiters, type Delimiter } from '../spreadsheet.js'
import { mostFaults, openTable, type RowFault, type Table } from './bulk.records.js'
import { likeness } from './bulk.likeness.js'

/** Why a file of results was not taken, with the first faults; the database is as it was. */
export class ResultFaults extends Error {
  constructor(
    readonly faults: readonly RowFault[],
    readonly areAll: boolean,
  ) {
    super(faults.map(formatRowFault).join('\n'))
    this.name = 'ResultFaults'
  }
}

export function formatRowFault({ line, column, value, rule }: RowFault): string {
  const shown = value === null ? '' : `, got ${JSON.stringify(value.length > 120 ? `${value.slice(0, 119)}…` : value)}`
  return `line ${line}${column === null ? ':' : `, column ${column}:`} ${rule}${shown}`
}

/** The first column of a table of R or pandas, which has no name; not quite a name of ours, so that no header can give it. */
const rowName = '"row name"'

/** Rows of arm-level results, as text, in a table of one transaction's own: gone when it ends, however it ends. */
export const stagingTable = `CREATE TEMP TABLE arm_level_row (line int NOT NULL, ${rowName} text, ${everyColumn.map(({ name }) => `"${name}" text`).join(', ')}) ON COMMIT DROP`

export interface Staged {
  readonly rows: number
  /** Of the header, and rows that were left out. */
  readonly faults: readonly RowFault[]
  readonly areAll: boolean
  readonly delimiter: Delimiter
  /** Whether the first column holds row names, which say nothing. */
  readonly hasRowNames: boolean
}

/**
 * Copies the rows of a CSV into the table arm_level_row of this transaction, in constant memory.
 *
 * @throws {ResultFaults} where the header does not name the columns
 * @throws {MalformedFile} where the bytes are no table
 */
export async function stageRows(
  transaction: Transaction,
  bytes: AsyncIterable<Uint8Array>,
  { delimiter: wanted, onBytes }: { readonly delimiter?: Delimiter; readonly onBytes: (bytes: number) => void },
): Promise<Staged> {
  const table = await openTable(counted(bytes, onBytes))
  const { delimiter, names, hasRowNames, isQuoted } = headerOf(table, wanted)
  const faults: RowFault[] = []
  let areAll = true
  const onFault = (fault: RowFault) => {
    if (faults.length < mostFaults) faults.push(fault)
    else areAll = false
  }
  const { client } = transaction
  await client.query(stagingTable)
  const quoted = [...(hasRowNames ? [rowName] : []), ...names.map((name) => `"${name}"`)].join(', ') // names of ours: headerOf lets no other through
  const copy = client.query(
    copyFrom(`COPY arm_level_row (line, ${quoted}) FROM STDIN (FORMAT csv, DELIMITER E'${delimiter === '\t' ? '\\t' : delimiter}', FORCE_NULL (${quoted}))`),
  )
  const cells = names.length + (hasRowNames ? 1 : 0)
  await pipeline(table.rows({ delimiter, cells, bareNaIsMissing: isQuoted, onFault }), copy)
  if (hasRowNames) faults.push(...(await faultsOfRowNames(transaction)))
  return { rows: copy.rowCount, faults, areAll, delimiter, hasRowNames }
}

async function* counted(bytes: AsyncIterable<Uint8Array>, onBytes: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const part of bytes) {
    yield part
    onBytes(part.length)
  }
}

interface Header {
  readonly delimiter: Delimiter
  /** As the list of columns has them, in the file's order, without a first column of row names and without nameless ones at the end. */
  readonly names: readonly string[]
  readonly hasRowNames: boolean
  /** Whether every name is in quotation marks, as R writes texts: what is without them is no text. */
  readonly isQuoted: boolean
}

/** What R, readr and pandas call the column of row names when they read a table that has one: nothing, X, ...1, Unnamed: 0. */
const rowNameHeader = /^(|x|_?1|unnamed:_?0|row_?names?)$/

/** @throws {ResultFaults} for a header that cannot be read, and columns that are unknown, missing, nameless or there twice */
function headerOf({ header, headerLine, declared, firstRow }: Table, wanted: Delimiter | undefined): Header {
  const known = new Set(everyColumn.map(({ name }) => name))
  const asked = wanted ?? declared
  const readings = (asked === null ? delimiters : [asked]).flatMap((delimiter) => {
    const cells = cellsIn(header, delimiter)
    return cells === null ? [] : [{ delimiter, cells: cells.map(nameOf) }]
  })
  const best = readings.reduce<(typeof readings)[number] | null>(
    (one, other) => (one === null || countKnown(other.cells, known) > countKnown(one.cells, known) ? other : one),
    null,
  )
  if (best === null)
    throw new ResultFaults([{ line: headerLine, column: null, value: null, rule: 'must have names in quotation marks whole, or without any' }], true)
  const { delimiter } = best
  const named = best.cells.slice(0, best.cells.findLastIndex((name) => name !== '') + 1)
  // write.table() of R gives row names no column of their own in the header.
  const isShort =
    firstRow !== null && named.length === best.cells.length && cellsIn(firstRow, delimiter)?.length === named.length + 1 && !firstRow.endsWith(delimiter)
  const hasOwn = rowNameHeader.test(named[0] ?? '')
  const names = hasOwn ? named.slice(1) : named
  const faults = faultsOfHeader(names, known, hasOwn ? 2 : 1).map((fault) => ({ line: headerLine, ...fault }))
  if (faults.length > 0) throw new ResultFaults(faults.slice(0, mostFaults), faults.length <= mostFaults)
  return { delimiter, names, hasRowNames: hasOwn || isShort, isQuoted: new RegExp(`^("[^"]*"(${delimiter}|$))+$`).test(header.trim()) }
}

/** The cells of a record; null where its quotation marks belong to another delimiter. */
function cellsIn(record: string, delimiter: Delimiter): string[] | null {
  try {
    const [cells = []] = parse(record, { delimiter, relaxQuotes: true, relaxColumnCount: true, trim: true }) as string[][] // one record
    return cells
  } catch (error) {
    if (error instanceof CsvError) return null
    throw error
  }
}

const nameOf = (cell: string) =>
  cell
    .toLowerCase()
    .replace(/[\s.-]+/g, '_')
    .slice(0, 200)

/** Row names are numbers, each another; anything else is a column whose name was forgotten. */
async function faultsOfRowNames(transaction: Transaction): Promise<RowFault[]> {
  const rule = 'must be the number of its row, each another, as the first column has no name: name the column, or take it away'
  return rows<RowFault>(
    transaction,
    sql`
      SELECT line, NULL AS "column", name AS value, ${rule} AS rule
      FROM (SELECT line, ${raw(rowName)} AS name, count(*) OVER (PARTITION BY ${raw(rowName)}) AS times FROM arm_level_row) numbered
      WHERE name !~ '^\\s*[0-9]+([.][0-9]+)*\\s*$' OR (name IS NOT NULL AND times > 1) ORDER BY line LIMIT 1`,
  )
}

const countKnown = (names: readonly string[], known: ReadonlySet<string>) => names.filter((name) => known.has(name)).length

type HeaderFault = Omit<RowFault, 'line'>

/** @param first place of the first name in the file */
function faultsOfHeader(names: readonly string[], known: ReadonlySet<string>, first: number): HeaderFault[] {
  if (countKnown(names, known) === 0)
    return [
      {
        column: null,
        value: names.join(' ').slice(0, 80),
        rule: 'must name the columns of arm-level results: study, arm, outcome …, separated by commas, semicolons or tabs',
      },
    ]
  const missing = everyColumn.filter(({ name, isRequired }) => isRequired === true && !names.includes(name))
  return [
    ...names.flatMap((name, place): HeaderFault[] => {
      if (name === '') return [{ column: null, value: null, rule: `must name every column: the ${ordinal(place + first)} has no name` }]
      if (!known.has(name)) return [{ column: name, value: null, rule: `must be a known column${hintFor(name, known)}` }]
      return names.indexOf(name) < place ? [{ column: name, value: null, rule: 'must be there once, and is there twice' }] : []
    }),
    ...missing.map(({ name }) => ({
      column: name,
      value: null,
      rule: `must be there${nearestTo(
        name,
        names.filter((given) => !known.has(given)),
        'is it called',
      )}`,
    })),
  ]
}

const ordinals = new Intl.PluralRules('en', { type: 'ordinal' })
const endings: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd' }
const ordinal = (place: number) => `${place}${endings[ordinals.select(place)] ?? 'th'}`

const hintFor = (name: string, known: ReadonlySet<string>) => nearestTo(name, [...known], 'did you mean')

function nearestTo(name: string, others: readonly string[], asking: string): string {
  const [best] = others.map((other) => ({ other, score: likeness(name, other) })).sort((a, b) => b.score - a.score)
  return best !== undefined && best.score >= 0.6 ? `: ${asking} "${best.other}"?` : ''
}
