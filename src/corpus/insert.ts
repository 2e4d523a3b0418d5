import { Prisma } from '../generated/prisma/client.js'

/** Columns have the names of the fields, in the writing of SQL. */
const columnOf = (field: string) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/**
 * Prepares the statement that writes all rows of a table from one JSON text; the returned function sends it. Prisma's `createMany` compiles a query for the values of every row, which took
 * more than all else that an import does.
 *
 * @param table a name of the schema, never of a caller
 * @param rows with the fields of the Prisma model; a field that no row has takes the column's default
 */
export function insertion(table: string, rows: readonly object[]): (transaction: Prisma.TransactionClient) => Promise<void> {
  if (rows.length === 0) return () => Promise.resolve()
  const { columns: names, rows: stored } = inColumns(rows)
  const values = JSON.stringify(stored)
  const columns = names.map((column) => `"${column}"`).join(', ')
  const statement = `INSERT INTO "${table}" (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::"${table}", $1::json)`
  return async (transaction) => void (await transaction.$executeRawUnsafe(statement, values))
}

/** Rows under the names of their columns, and all of these names. */
export function inColumns(rows: readonly object[]): { readonly columns: readonly string[]; readonly rows: readonly Readonly<Record<string, unknown>>[] } {
  const columnOfField = new Map<string, string>()
  const stored = rows.map((row) => {
    const values: Record<string, unknown> = {}
    for (const [field, value] of Object.entries(row)) {
      if (value === undefined) continue
      const column = columnOfField.get(field) ?? columnOf(field)
      columnOfField.set(field, column)
      values[column] = value === Prisma.DbNull ? null : value
    }
    return values
  })
  return { columns: [...columnOfField.values()], rows: stored }
}
