import type { Prisma } from '../generated/prisma/client.js'
import { inColumns, insertion } from './insert.js'
import type { Records, StudyRecords } from './records.js'
import { keyedTables, tables, tableShapes, type TableShape } from './tables.js'

/** Deletes what is there and writes the records, in the order that references ask for; then fills the read model. Readers see the old state until the end. */
export async function replaceAll(transaction: Prisma.TransactionClient, records: Records): Promise<void> {
  await transaction.claim.deleteMany()
  await transaction.sourceDocument.deleteMany()
  await transaction.interaction.deleteMany()
  await transaction.contraindication.deleteMany()
  await transaction.certainty.deleteMany()
  await transaction.result.deleteMany()
  await transaction.contrast.deleteMany()
  await transaction.pooledResult.deleteMany()
  await transaction.riskOfBias.deleteMany()
  await transaction.arm.deleteMany()
  await transaction.population.deleteMany()
  await transaction.studyConcern.deleteMany()
  await transaction.source.deleteMany()
  await transaction.study.deleteMany()
  await transaction.publication.deleteMany()
  await transaction.condition.deleteMany()
  await transaction.magnesiumForm.deleteMany()
  await transaction.outcome.deleteMany()
  await transaction.instrument.deleteMany()
  await transaction.treatment.deleteMany()

  // The rows of one table are put into JSON while the database stores those of the one before.
  let stored: Promise<void> = Promise.resolve()
  for (const [name, table] of Object.entries(tables)) {
    const insert = insertion(table, records[name as keyof typeof tables]) // its keys are those of the records
    await stored
    stored = insert(transaction)
    stored.catch(() => {}) // awaited below, or in the next turn
  }
  await stored

  await countOn(transaction, keyedTables)
  await transaction.$executeRaw`SELECT refresh_read_model()`
}

/** Lets the sequences of tables go on after the largest key. */
async function countOn(transaction: Prisma.TransactionClient, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  const values = names.map((table) => `setval(pg_get_serial_sequence('${table}', 'id'), coalesce((SELECT max(id) FROM ${table}), 1))`) // names of our tables, nothing from outside
  await transaction.$executeRawUnsafe(`SELECT ${values.join(', ')}`)
}

/** Rows of one table that a change takes away, adds and makes different. */
interface TableChange {
  readonly table: string
  readonly shape: TableShape
  readonly columns: readonly string[]
  readonly removed: readonly Row[]
  readonly added: readonly Row[]
  /** As they will be. */
  readonly changed: readonly Row[]
}

type Row = Readonly<Record<string, unknown>>

/**
 * What must be unique beside the key, put out of the way: two rows may exchange it, and a statement is checked row by row.
 */
const parked: Readonly<Record<string, string>> = {
  publication: 'doi = NULL, pmid = NULL, pmcid = NULL',
  population: 'is_whole_sample = false',
  result: 'timepoint_label = slug',
}

/**
 * Writes the difference between the rows of some studies and what they will be; then the read model of these studies. The database is afterwards as if the
 * whole had been written.
 *
 * @param before as the database holds them
 */
export async function writeChanges(transaction: Prisma.TransactionClient, before: StudyRecords, after: StudyRecords): Promise<void> {
  const shapes = await tableShapes(transaction)
  const changes = Object.entries(tables).flatMap(([name, table]) => {
    const shape = shapes.get(table)
    if (!(name in after) || shape === undefined) return []
    const change = changeOf(table, shape, before[name as keyof StudyRecords], after[name as keyof StudyRecords]) // a name of both, by the line above
    return change.removed.length + change.added.length + change.changed.length === 0 ? [] : [change]
  })
  const [leaves, referenced] = [changes.filter(({ shape }) => !shape.isReferenced), changes.filter(({ shape }) => shape.isReferenced)]
  for (const change of leaves.toReversed()) await deleteRows(transaction, change, [...change.removed, ...change.changed])
  for (const { table, removed, changed } of referenced) {
    const aside = parked[table]
    const ids = [...removed, ...changed].map(({ id }) => id)
    if (aside !== undefined && ids.length > 0) await transaction.$executeRawUnsafe(`UPDATE "${table}" SET ${aside} WHERE id = ANY ($1::int[])`, ids)
  }
  for (const change of changes) await upsertRows(transaction, change)
  for (const change of referenced.toReversed()) await deleteRows(transaction, change, change.removed)
  await transaction.certainty.deleteMany()
  await countOn(
    transaction,
    keyedTables.filter((table) => changes.some((change) => change.table === table)),
  )
  const studies = new Set([...before.study, ...after.study].map(({ id }) => id))
  await transaction.$executeRawUnsafe('SELECT refresh_read_model($1::int[])', [...studies])
}

function changeOf(table: string, shape: TableShape, before: readonly object[], after: readonly object[]): TableChange {
  const [was, will] = [inColumns(before), inColumns(after)]
  const columns = [...new Set([...was.columns, ...will.columns])]
  const keyOf = (row: Row) => JSON.stringify(shape.key.map((column) => row[column]))
  const textOf = (row: Row) => JSON.stringify(columns.map((column) => row[column] ?? null))
  const known = new Map(was.rows.map((row) => [keyOf(row), row]))
  const kept = new Set(will.rows.map(keyOf))
  const stays = will.rows.flatMap((row) => {
    const old = known.get(keyOf(row))
    return old === undefined ? [] : [{ row, isSame: textOf(old) === textOf(row) }]
  })
  return {
    ...{ table, shape, columns },
    removed: was.rows.filter((row) => !kept.has(keyOf(row))),
    added: will.rows.filter((row) => !known.has(keyOf(row))),
    changed: stays.flatMap(({ row, isSame }) => (isSame ? [] : [row])),
  }
}

async function deleteRows(transaction: Prisma.TransactionClient, { table, shape }: TableChange, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return
  const keys = JSON.stringify(rows.map((row) => Object.fromEntries(shape.key.map((column) => [column, row[column]]))))
  const isGone = shape.key.map((column) => `t."${column}" = gone."${column}"`).join(' AND ')
  await transaction.$executeRawUnsafe(`DELETE FROM "${table}" t USING json_populate_recordset(NULL::"${table}", $1::json) gone WHERE ${isGone}`, keys)
}

async function upsertRows(transaction: Prisma.TransactionClient, { table, shape, columns, added, changed }: TableChange): Promise<void> {
  const rows = [...added, ...changed]
  if (rows.length === 0) return
  const names = columns.map((column) => `"${column}"`).join(', ')
  const others = columns.filter((column) => !shape.key.includes(column))
  const update = others.length === 0 ? 'NOTHING' : `UPDATE SET ${others.map((column) => `"${column}" = EXCLUDED."${column}"`).join(', ')}`
  await transaction.$executeRawUnsafe(
    `INSERT INTO "${table}" (${names}) SELECT ${names} FROM json_populate_recordset(NULL::"${table}", $1::json)
      ON CONFLICT (${shape.key.map((column) => `"${column}"`).join(', ')}) DO ${update}`,
    JSON.stringify(rows),
  )
}
