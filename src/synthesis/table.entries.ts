import { groupBy } from '../grouping.js'
import { aggregated } from './entries.js'
import type { Entry } from './entry.js'
import type { UnpoolableEffect } from './number.js'
import { poolsCounts, type PoolingQuestion } from './question.js'
import { cellReader, quoted, type CellReader } from './table.cells.js'
import { rowReader, type RowData, type TableMeasure } from './table.data.js'
import { effectsOf, type PoolsBy, type ZeroCells } from './table.effects.js'
import { TableError, type Table, type TableRow } from './table.js'

/** What is asked of a table besides how its rows are pooled. */
export interface TableQuestion {
  readonly measure: TableMeasure
  /** Columns, by their names in the header. */
  readonly subgroupBy: string | null
  readonly moderators: readonly string[]
  /** Null for the rule of each measure. */
  readonly zeroCells: ZeroCells | null
  /** Inverse variance if it is left out. */
  readonly by?: PoolsBy
}

/** A row that is not in the pool. */
export interface UnpoolableRow extends UnpoolableEffect {
  readonly label: string
  /** 1 for the first row under the header. */
  readonly row: number
}

export interface TableEntries {
  /** In the order of the table; of rows that share a cluster, as if they were independent. */
  readonly entries: readonly Entry[]
  readonly unpoolable: readonly UnpoolableRow[]
}

/**
 * The entries that the rows of a table make.
 *
 * @throws {TableError} if columns are missing, or cells are neither numbers nor missing
 */
export function entriesOfTable(table: Table, { measure, subgroupBy, moderators, zeroCells, by }: TableQuestion): TableEntries {
  const reader = cellReader(table)
  requireColumns(table, [...(subgroupBy === null ? [] : [subgroupBy]), ...moderators])
  const dataOf = rowReader(reader, measure)
  const described = table.rows.map((row) => ({
    row: row.row,
    data: dataOf(row),
    label: labelOf(reader, row),
    study: reader.text(row, 'cluster') ?? `row ${row.row}`,
    year: yearOf(reader, row),
    group: subgroupBy === null ? null : reader.text(row, subgroupBy.toLowerCase()),
    moderators: Object.fromEntries(moderators.map((name) => [name, reader.number(row, name.toLowerCase())])),
    stated: statedParticipants(reader, row),
  }))
  reader.finish()
  const unpoolable: UnpoolableRow[] = []
  const complete = described.flatMap(({ data, ...rest }) => {
    if (data.kind !== 'incomplete') return [{ ...rest, data }]
    unpoolable.push({ ...whoseRow(rest), code: 'ROW_INCOMPLETE', reason: `${data.empty.join(', ')} ${data.empty.length === 1 ? 'is' : 'are'} not there` })
    return []
  })
  const effects = effectsOf(
    complete.map(({ data }) => data),
    measure,
    zeroCells,
    by,
  )
  const entries = complete.flatMap((known, index): Entry[] => {
    const effect = effects[index]
    if (effect?.ok) {
      const { label, study, year, group, data, row, stated } = known
      const { estimate, variance, notes } = effect
      const own = { participants: participantsIn(data) ?? stated, counts: data.kind === 'counts' ? data : null }
      return [{ estimate, variance, label, study, year, group, moderators: known.moderators, notes, evidence: [`row ${row}`], ...own }]
    }
    if (effect !== undefined) unpoolable.push({ ...whoseRow(known), code: effect.code, reason: effect.reason })
    return []
  })
  return { entries, unpoolable: unpoolable.sort((a, b) => a.row - b.row) }
}

/**
 * Entries as the rule for dependence has them: rows of one cluster joined into their mean, or left for the model to allow for.
 *
 * @param within rows of one cluster are joined only where this is the same too
 * @throws {TableError} if the rule needs to know of the arms what a table does not tell
 */
export function joinedEntries(
  entries: readonly Entry[],
  { dependence, model }: Pick<PoolingQuestion, 'dependence' | 'model'>,
  within: (entry: Entry) => string | null = () => null,
): Entry[] {
  const clusters = [...groupBy(entries, (entry) => `${entry.study}\u0000${within(entry) ?? ''}`).values()]
  if (model === 'THREE_LEVEL' || dependence === 'INDEPENDENT' || dependence === 'ROBUST' || clusters.length === entries.length) return [...entries]
  if (poolsCounts(model))
    throw new TableError([
      `${model} pools counts, and those of rows in one cluster cannot be averaged: with dependence INDEPENDENT they are counted as different people`,
    ])
  if (dependence !== 'AGGREGATE')
    throw new TableError([
      `${dependence} needs to know which arms the rows of a cluster share, which a table does not tell: choose AGGREGATE, ROBUST or INDEPENDENT, or the model THREE_LEVEL`,
    ])
  return clusters.map((cluster) => aggregated(cluster, 'rows of the cluster'))
}

function requireColumns({ columns }: Table, wanted: readonly string[]): void {
  const missing = wanted.filter((name) => !columns.has(name.toLowerCase()))
  if (missing.length > 0)
    throw new TableError([`there is no column ${missing.map(quoted).join(', ')}: the header names ${[...columns.keys()].slice(0, 30).map(quoted).join(', ')}`])
}

const whoseRow = ({ label, row }: { readonly label: string; readonly row: number }) => ({ label, row, evidence: `row ${row}` })

/** As metafor names its studies (slab), by a column of that meaning, or by author and year; else by the row. */
function labelOf(reader: CellReader, row: TableRow): string {
  const named = reader.text(row, 'slab') ?? reader.text(row, 'study')
  if (named !== null) return named
  const author = reader.text(row, 'author')
  if (author !== null) return [author, reader.text(row, 'year')].filter((part) => part !== null).join(' ')
  return reader.text(row, 'cluster') ?? `row ${row.row}`
}

/** 2001, also of "2001b". */
function yearOf(reader: CellReader, row: TableRow): number | null {
  const lettered = /^(\d{4})[a-z]$/i.exec(reader.text(row, 'year') ?? '')
  return lettered === null ? reader.number(row, 'year', { holds: (year) => Number.isInteger(year), expected: 'a year' }) : Number(lettered[1])
}

function participantsIn(data: RowData): number | null {
  if (data.kind === 'correlation') return data.n
  if (data.kind === 'counts') return data.intervention.total + data.comparator.total
  return data.kind === 'means' ? data.intervention.n + data.comparator.n : null
}

/** Participants of an effect that is given, or of person-time: in ni, or the sum of n1i and n2i. */
function statedParticipants(reader: CellReader, row: TableRow): number | null {
  const numberIn = (column: string) => (/^\d+(\.\d+)?$/.test(reader.text(row, column) ?? '') ? Number(reader.text(row, column)) : null)
  const [n1, n2] = [numberIn('n1i'), numberIn('n2i')]
  return numberIn('ni') ?? (n1 === null || n2 === null ? null : n1 + n2)
}
