import { tableFromIPC } from 'apache-arrow'
import { parse } from 'csv-parse/sync'
import { readParquet } from 'parquet-wasm/node'
import { evidenceTable } from '../../src/download/columns.js'
import { parquetOf } from '../../src/download/parquet.js'
import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

/** Read by another implementation, Rust's. */
const rowsOf = (bytes: Uint8Array) => tableFromIPC(readParquet(bytes).intoIPCStream())
const download = (file: string, filter: object) =>
  fetch(`${service.url}/download/${file}?${new URLSearchParams({ filter: JSON.stringify(filter) }).toString()}`)

test.each([{}, { conditions: ['migraine'] }, { year: { gte: 2099 } }])('the rows of %j are those of the CSV, typed', async (filter) => {
  const response = await download('evidence.parquet', filter)
  expect(response.headers.get('content-type')).toBe('application/vnd.apache.parquet')
  expect(response.headers.get('content-disposition')).toMatch(/filename="magnesium-evidence-[0-9a-f]{8}\.parquet"$/)
  const table = rowsOf(new Uint8Array(await response.arrayBuffer()))
  const csv = parse(await (await download('evidence.csv', filter)).text(), { columns: true }) as Record<string, string>[]
  expect(table.numRows).toBe(csv.length)
  expect(table.schema.fields.map(({ name, type }) => [name, String(type)])).toEqual(
    evidenceTable.map(({ name, type }) => [name, { text: 'Utf8', number: 'Float64', integer: 'Int32', boolean: 'Bool' }[type]]),
  )
  const written = (value: unknown) => (value === null ? '' : typeof value === 'boolean' ? String(value).toUpperCase() : String(value as string | number))
  table.toArray().forEach((row, place) => {
    const told = Object.fromEntries(Object.entries(row.toJSON() as object).map(([name, value]) => [name, written(value)]))
    // A spreadsheet's formula is none in Parquet, and needs no apostrophe.
    expect(told).toEqual(Object.fromEntries(Object.entries(csv[place] ?? {}).map(([name, value]) => [name, value.replace(/^'(?=[=+\-@])/, '')])))
  })
})

test('many rows are many row groups, and come back whole', async () => {
  const columns = [
    { name: 'n', type: 'integer', meaning: '', of: (row: number) => row },
    { name: 'x', type: 'number', meaning: '', of: (row: number) => (row % 3 === 0 ? null : row / 7) },
    { name: 's', type: 'text', meaning: '', of: (row: number) => (row % 5 === 0 ? null : `строка ${row}`) },
    { name: 'b', type: 'boolean', meaning: '', of: (row: number) => (row % 2 === 0 ? null : row % 3 === 0) },
  ] as const
  async function* batches() {
    for (let from = 0; from < 50_500; from += 1_000) yield Array.from({ length: Math.min(1_000, 50_500 - from) }, (_, place) => from + place)
  }
  const parts: Uint8Array[] = []
  for await (const part of parquetOf<number>(columns, batches())) parts.push(part)
  expect(parts).toHaveLength(3)
  const table = rowsOf(Buffer.concat(parts))
  expect(table.numRows).toBe(50_500)
  for (const row of [0, 1, 19_999, 20_000, 39_999, 40_001, 50_499])
    expect(table.get(row)?.toJSON()).toEqual(Object.fromEntries(columns.map(({ name, of }) => [name, of(row)])))
})
