import sql, { join, raw, type Sql } from 'sql-template-tag'
import { rows, type Transaction } from '../database/query.js'
import { blanks, decimalMarkOf, minusSign, numberForms, type DecimalMark, type Delimiter } from '../spreadsheet.js'
import { everyColumn } from './armLevel.columns.js'
import { mostFaults, type RowFault } from './bulk.records.js'

/*
 * Numbers as tables write them become numbers as the checks and the database read them, where they lie; src/spreadsheet.ts says how tables write.
 */

const numeric = everyColumn.filter(({ isNumeric }) => isNumeric === true)
/** What rows must agree on, or are told apart by: 84 and 84.0 are one day. */
const compared = numeric.filter(({ subject }) => subject !== 'NUMBER')

const name = (column: { readonly name: string }) => raw(`r."${column.name}"`)
const literal = (text: string) => raw(`E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`)
const alone = (pattern: string) => literal(`^(${pattern})$`)

/** The cells of numbers in one text, so that one look tells whether a row has anything to change. */
const together = (columns: readonly { readonly name: string }[]) => sql`concat_ws(';', ${join(columns.map(name))})`

async function change(transaction: Transaction, columns: readonly { readonly name: string }[], hint: string, to: (cell: Sql) => Sql): Promise<void> {
  const changes = join(columns.map((column) => sql`${raw(`"${column.name}"`)} = ${to(name(column))}`))
  await rows(transaction, sql`UPDATE arm_level_row r SET ${changes} WHERE ${together(columns)} ~ ${literal(hint)}`)
}

export interface ReadNumbers {
  readonly decimal: DecimalMark
  /** Numbers that have the other mark than the file. */
  readonly faults: readonly RowFault[]
}

/**
 * Takes blanks, apostrophes of spreadsheets and minus signs of printed tables out of the cells of numbers, and writes decimal commas as points.
 *
 * @param wanted the mark of decimals; left out, the numbers tell it
 */
export async function readNumbers(transaction: Transaction, delimiter: Delimiter, wanted?: DecimalMark): Promise<ReadNumbers> {
  const plain = (cell: Sql) =>
    sql`nullif(translate(regexp_replace(btrim(${cell}, ${literal(blanks)}), ${literal(`^'+(?=[-+${minusSign}])`)}, ''), ${literal(minusSign)}, '-'), '')`
  await change(transaction, numeric, `[${blanks}${minusSign}']`, plain)
  const decimal = wanted ?? decimalMarkOf(delimiter, await marksSeen(transaction, delimiter))
  const faults = decimal === 'comma' ? await numbersWithPoints(transaction) : []
  if (decimal === 'comma')
    await change(transaction, numeric, ',', (cell) => sql`CASE WHEN ${cell} ~ ${alone(numberForms.comma)} THEN replace(${cell}, ',', '.') ELSE ${cell} END`)
  if (faults.length === 0)
    await change(transaction, compared, '[.]', (cell) => sql`CASE WHEN ${cell} ~ '^[0-9]+[.][0-9]*$' THEN rtrim(rtrim(${cell}, '0'), '.') ELSE ${cell} END`)
  return { decimal, faults }
}

async function marksSeen(transaction: Transaction, delimiter: Delimiter): Promise<{ points: boolean; commas: boolean }> {
  if (delimiter === ',') return { points: true, commas: false }
  const some = (form: (cell: Sql) => Sql) =>
    sql`coalesce(bool_or(${join(
      numeric.map((column) => form(name(column))),
      ' OR ',
    )}), false)`
  const [seen] = await rows<{ points: boolean; commas: boolean }>(
    transaction,
    sql`
      SELECT ${some((cell) => sql`coalesce(${cell} ~ ${alone(numberForms.point)}, false)`)} AS points,
        ${some((cell) => sql`coalesce(${cell} ~ ${alone(numberForms.comma)} AND ${cell} !~ ${alone(numberForms.either)}, false)`)} AS commas
      FROM arm_level_row r WHERE ${together(numeric)} ~ '[.,]'`,
  )
  return seen ?? { points: false, commas: false }
}

/** In a file with decimal commas a point may part thousands. */
function numbersWithPoints(transaction: Transaction): Promise<RowFault[]> {
  const cells = join(numeric.map((column) => sql`(${column.name}, ${name(column)})`))
  return rows<RowFault>(
    transaction,
    sql`
      SELECT r.line, fault."column", fault.value, 'must have a decimal comma, as the other numbers of the file have; a point may part thousands' AS rule
      FROM arm_level_row r CROSS JOIN LATERAL (VALUES ${cells}) AS fault("column", value)
      WHERE ${together(numeric)} ~ '[.]' AND fault.value ~ ${alone(numberForms.point)} ORDER BY r.line LIMIT ${mostFaults + 1}`,
  )
}
