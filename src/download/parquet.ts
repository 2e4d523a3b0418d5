import { ByteWriter, ParquetWriter, schemaFromColumnData, type ColumnSource } from 'hyparquet-writer'
import type { CellType, Column } from './columns.js'

/** Rows of a row group: what is in memory, and what a reader may skip at once. */
const rowsOfGroup = 20_000

const types = { text: 'STRING', number: 'DOUBLE', integer: 'INT32', boolean: 'BOOLEAN' } as const satisfies Readonly<Record<CellType, string>>

/** Apache Parquet with the columns of the table, typed, missing values as nulls; a row group at a time. */
export async function* parquetOf<Row>(columns: readonly Column<Row>[], batches: AsyncIterable<readonly Row[]>): AsyncGenerator<Uint8Array> {
  const writer = new ByteWriter()
  // Values by column: the rows themselves hold much more than a table shows of them.
  let gathered: unknown[][] = columns.map(() => [])
  const data = () => columns.map(({ name, type }, place) => ({ name, type: types[type], data: gathered[place] ?? [], nullable: true, offsetIndex: false }))
  const parquet = new ParquetWriter({ writer, schema: schemaFromColumnData({ columnData: data() }), createdBy: 'magnesium-evidence' })
  const writeGroup = async () => {
    await parquet.write({ columnData: data(), rowGroupSize: rowsOfGroup * 2 })
    gathered = columns.map(() => [])
  }
  for await (const rows of batches) {
    columns.forEach(({ of }, place) => rows.forEach((row) => gathered[place]?.push(of(row))))
    if ((gathered[0]?.length ?? 0) < rowsOfGroup) continue
    await writeGroup()
    yield taken(writer)
  }
  if ((gathered[0]?.length ?? 0) > 0) await writeGroup()
  if (parquet.row_groups.length === 0) await writeNoRows(parquet, data())
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
