import { pipeline } from 'node:stream/promises'
import { parse } from 'csv-parse/sync'
import { from as copyFrom } from 'pg-copy-streams'
import type { Transaction } from '../database/query.js'
import { everyColumn } from './armLevel.columns.js'
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

export const delimiters = [',', ';', '\t'] as const
export type Delimiter = (typeof delimiters)[number]

/** Rows of arm-level results, as text, in a table of one transaction's own: gone when it ends, however it ends. */
export const stagingTable = `CREATE TEMP TABLE arm_level_row (line int NOT NULL, ${everyColumn.map(({ name }) => `"${name}" text`).join(', ')}) ON COMMIT DROP`

export interface Staged {
  readonly rows: number
  /** Of the header, and rows that were left out. */
  readonly faults: readonly RowFault[]
  readonly areAll: boolean
}

/**
 * Copies the rows of a CSV into the table arm_level_row of this transaction, in constant memory.
 *
 * @throws {ResultFaults} where the header does not name the columns
 * @throws {MalformedFile} where the bytes are no table
 */
export async function stageRows(
  { client }: Transaction,
  bytes: AsyncIterable<Uint8Array>,
  { delimiter: wanted, onBytes }: { readonly delimiter?: Delimiter; readonly onBytes: (bytes: number) => void },
): Promise<Staged> {
  const table = await openTable(counted(bytes, onBytes))
  const { delimiter, names } = headerOf(table, wanted)
  const faults: RowFault[] = []
  let areAll = true
  const onFault = (fault: RowFault) => {
    if (faults.length < mostFaults) faults.push(fault)
    else areAll = false
  }
  await client.query(stagingTable)
  const quoted = names.map((name) => `"${name}"`).join(', ') // names of ours: headerOf lets no other through
  const copy = client.query(
    copyFrom(`COPY arm_level_row (line, ${quoted}) FROM STDIN (FORMAT csv, DELIMITER E'${delimiter === '\t' ? '\\t' : delimiter}', FORCE_NULL (${quoted}))`),
  )
  await pipeline(table.rows({ delimiter, cells: names.length, onFault }), copy)
  return { rows: copy.rowCount, faults, areAll }
}

async function* counted(bytes: AsyncIterable<Uint8Array>, onBytes: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const part of bytes) {
    yield part
    onBytes(part.length)
  }
}

interface Header {
  readonly delimiter: Delimiter
  /** As the list of columns has them, in the file's order. */
  readonly names: readonly string[]
}

/** @throws {ResultFaults} for columns that are unknown, missing, nameless or there twice */
function headerOf({ header, headerLine }: Table, wanted: Delimiter | undefined): Header {
  const known = new Set(everyColumn.map(({ name }) => name))
  const readings = (wanted === undefined ? delimiters : [wanted]).map((delimiter) => ({ delimiter, names: namesIn(header, delimiter) }))
  const best = readings.reduce((one, other) => (countKnown(other.names, known) > countKnown(one.names, known) ? other : one))
  const faults = faultsOfHeader(best.names, known).map((fault) => ({ line: headerLine, ...fault }))
  if (faults.length > 0) throw new ResultFaults(faults.slice(0, mostFaults), faults.length <= mostFaults)
  return best
}

function namesIn(header: string, delimiter: Delimiter): string[] {
  const [cells = []] = parse(header, { delimiter, relaxQuotes: true, relaxColumnCount: true, trim: true }) as string[][] // a header is one record
  return cells.map((cell) =>
    cell
      .toLowerCase()
      .replace(/[\s.-]+/g, '_')
      .slice(0, 200),
  )
}

const countKnown = (names: readonly string[], known: ReadonlySet<string>) => names.filter((name) => known.has(name)).length

type HeaderFault = Omit<RowFault, 'line'>

function faultsOfHeader(names: readonly string[], known: ReadonlySet<string>): HeaderFault[] {
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
      if (name === '') return [{ column: null, value: null, rule: `must name every column: the ${place + 1}th has no name` }]
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

const hintFor = (name: string, known: ReadonlySet<string>) => nearestTo(name, [...known], 'did you mean')

function nearestTo(name: string, others: readonly string[], asking: string): string {
  const [best] = others.map((other) => ({ other, score: likeness(name, other) })).sort((a, b) => b.score - a.score)
  return best !== undefined && best.score >= 0.6 ? `: ${asking} "${best.other}"?` : ''
}
