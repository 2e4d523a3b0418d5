import { ByteWriter, ParquetWriter, schemaFromColumnData, type ColumnSource } from 'hyparquet-writer'
import type { CellType, Column } from './columns.js'

/** Rows of a row group: what is in memory, and what a reader may skip at once. */
const rowsOfGroup = 20_000

const types = { text: 'STRING', number: 'DOUBLE', integer: 'INT32', boolean: 'BOOLEAN' } as const satisfies Readonly<Record<CellType, string>>

/** Apache Parquet with the columns of the table, typed, missing values as nulls; a row group at a time. */
export async function* parquetOf<Row>(columns: readonly Column<Row>[], batches: AsyncIterable<readonly Row[]>): AsyncGenerator<Uint8Array> {
  const writer = new ByteWriter()
  const dataOf = (rows: readonly Row[]) =>
    columns.map(({ name, type, of }) => ({ name, type: types[type], data: rows.map((row) => of(row)), nullable: true, offsetIndex: false }))
  const parquet = new ParquetWriter({ writer, schema: schemaFromColumnData({ columnData: dataOf([]) }), createdBy: 'magnesium-evidence' })
  let gathered: Row[] = []
  for await (const rows of batches) {
    gathered.push(...rows)
    if (gathered.length < rowsOfGroup) continue
    await parquet.write({ columnData: dataOf(gathered), rowGroupSize: rowsOfGroup * 2 })
    gathered = []
    yield taken(writer)
  }
  if (gathered.length > 0) await parquet.write({ columnData: dataOf(gathered), rowGroupSize: rowsOfGroup * 2 })
  if (parquet.row_groups.length === 0) await writeNoRows(parquet, dataOf([]))
  await parquet.finish()
  yield taken(writer)
}

/**
 * A row group of no rows: the library gives an empty list of row groups a type that strict readers refuse. It is written with one row of nulls,
 * and told to have none.
 */
async function writeNoRows(parquet: ParquetWriter, columns: readonly ColumnSource[]): Promise<void> {
  await parquet.write({ columnData: columns.map((column) => ({ ...column, data: [null] })) })
  parquet.num_rows = 0n
  for (const group of parquet.row_groups) {
    group.num_rows = 0n
    for (const { meta_data } of group.columns) if (meta_data) meta_data.num_values = 0n
  }
}

/** What was written since the last time; the writer goes on counting from there. */
function taken(writer: ByteWriter): Uint8Array {
  const bytes = Uint8Array.from(writer.getBytes())
  writer.index = 0
  return bytes
}
