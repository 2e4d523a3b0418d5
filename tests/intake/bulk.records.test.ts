import fc from 'fast-check'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { barOf, progressOn } from '../../src/intake/bulk.progress.js'
import { likeness } from '../../src/intake/bulk.likeness.js'
import type { Delimiter } from '../../src/spreadsheet.js'
import { openTable, type RowFault } from '../../src/intake/bulk.records.js'

async function* inParts(bytes: Buffer, size: number) {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

async function recordsOf(bytes: AsyncIterable<Uint8Array>, delimiter: Delimiter = ',', cells = 2) {
  const faults: RowFault[] = []
  const table = await openTable(bytes)
  const parts: Buffer[] = []
  for await (const part of table.rows({ delimiter, cells, onFault: (fault) => void faults.push(fault) })) parts.push(part)
  return { header: table.header, copied: Buffer.concat(parts).toString(), faults }
}

// Any table that a CSV writer writes is told apart into the records that a CSV reader reads, whatever the cells hold and wherever the bytes are cut.
test('records are those of the standard, each with the line it begins on', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'ß', '镁', ',', ';', '"', '\n', '\r\n', ' ', '1', '.'), maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, cell), { maxLength: 12 }),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom(',', ';', '\t'),
      fc.constantFrom('\n', '\r\n'),
      async (rows, size, delimiter, end) => {
        const file = stringify([['one', 'two'], ...rows], { delimiter, record_delimiter: end, quoted_match: /[\r\n]/ })
        const { copied, faults } = await recordsOf(inParts(Buffer.from(file), size), delimiter)
        const read = parse(copied, { delimiter, relaxColumnCount: true }) as string[][]
        let line = 2
        const expected = rows.flatMap((row) => {
          const at = line
          line += 1 + row.join('').split('\n').length - 1
          // A row of nothing but delimiters is what spreadsheets leave below a table.
          return row.join('') === '' ? [] : [[String(at), ...row]]
        })
        expect(faults).toEqual([])
        expect(read).toEqual(expected)
      },
    ),
    { numRuns: 300 },
  )
})

test.each([
  ['without a quotation mark', 'x'],
  ['after a quotation mark that is left open', '"'],
])('a line of 100 MB %s is refused when the first MiB of it is read', async (_, first) => {
  let given = 0
  async function* endless() {
    yield Buffer.from(`one,two\na,b\n${first}`)
    for (; given < 100; given++) yield Buffer.alloc(1_048_576, 'x')
  }
  await expect(recordsOf(endless())).rejects.toThrow('line 3: the line is longer than 1 MiB')
  expect(given).toBeLessThan(3)
})

test('of a million rows that are all wrong, each is told, and none is kept in memory here', async () => {
  let told = 0
  async function* wrong() {
    yield Buffer.from('one,two\n')
    for (let part = 0; part < 100; part++) yield Buffer.from('a,b,c\n'.repeat(10_000))
  }
  const table = await openTable(wrong())
  for await (const part of table.rows({ delimiter: ',', cells: 2, onFault: () => told++ })) expect(part.length).toBe(0)
  expect(told).toBe(1_000_000)
})

test.each([
  ['mena', 'mean', 0.75],
  ['valuekind', 'value_kind', 0.9],
  ['study', 'study', 1],
  ['', '', 1],
  ['abc', 'xyz', 0],
])('%s and %s are alike by %d', (one, other, expected) => {
  expect(likeness(one, other)).toBeCloseTo(expected, 10)
})

test('progress is drawn on a terminal and nowhere else', () => {
  const written: string[] = []
  const stream = (isTTY: boolean) => ({ isTTY, write: (text: string) => written.push(text) > 0 })
  progressOn(stream(false)).show({ doing: 'copying', done: 1, total: 2 })
  expect(written).toEqual([])
  const bar = progressOn(stream(true))
  bar.show({ doing: 'copying', done: 1, total: 2 })
  bar.show({ doing: 'copying', done: 2, total: 2 })
  bar.clear()
  expect(written).toEqual(['\r\u001B[Kcopying  [###############---------------]  50 %', '\r\u001B[K'])
  expect(barOf({ doing: 'checking', done: 0, total: null })).toBe('checking …')
})
