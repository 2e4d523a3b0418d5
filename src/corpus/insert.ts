import { Prisma } from '../generated/prisma/client.js'

/** Columns have the names of the fields, in the writing of SQL. */
const columnOf = (field: string) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/**
 * Writes all rows of a table in one statement, from one JSON text: Prisma's `createMany` compiles a query for the values of every row, which took
 * more than all else that an import does.
 *
 * @param table a name of the schema, never of a caller
 * @param rows with the fields of the Prisma model; a field that no row has takes the column's default
 */
export async function insertRows(transaction: Prisma.TransactionClient, table: string, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return
  const fields = new Set(rows.flatMap((row) => Object.entries(row).flatMap(([field, value]) => (value === undefined ? [] : [field]))))
  const columns = [...fields].map((field) => `"${columnOf(field)}"`).join(', ')
  const values = JSON.stringify(
    rows.map((row) => Object.fromEntries(Object.entries(row).map(([field, value]) => [columnOf(field), value === Prisma.DbNull ? null : (value as unknown)]))),
  )
  await transaction.$executeRawUnsafe(`INSERT INTO "${table}" (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::"${table}", $1::json)`, values)
}
