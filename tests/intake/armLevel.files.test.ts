import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { stringify } from 'csv-stringify/sync'
import type { StudyEntry } from '../../src/corpus/format.js'
import { inTransaction } from '../../src/database/query.js'
import { readArmLevelResults, type ArmLevelOptions } from '../../src/intake/armLevel.js'
import { knownStudies } from '../../src/intake/armLevel.known.js'
import { ResultFaults } from '../../src/intake/bulk.staging.js'
import { byteOrderMark, inert } from '../../src/spreadsheet.js'
import type { Vocabulary } from '../../src/vocabulary/vocabulary.js'
import { loadVocabulary } from '../../src/vocabulary/vocabulary.queries.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'

// Files as R, pandas and spreadsheets write them: in tests/fixtures/intake/armLevel all are variations of plain.csv.

let clone: ClonedDatabase
let vocabulary: Vocabulary
beforeAll(async () => {
  clone = await cloneDatabase()
  vocabulary = await loadVocabulary(clone.database)
})
afterAll(() => clone.drop())

interface Read {
  readonly studies: readonly StudyEntry[]
  readonly faults: readonly string[]
  readonly notes: readonly string[]
}

async function read(file: string | Buffer, options: Pick<ArmLevelOptions, 'decimal' | 'delimiter'> = {}, part = Infinity): Promise<Read> {
  const bytes = Buffer.from(file)
  async function* inParts() {
    for (let start = 0; start < bytes.length; start += part) yield bytes.subarray(start, Math.min(bytes.length, start + part))
  }
  const notes: string[] = []
  const given = {
    database: clone.database,
    vocabulary,
    getKnown: knownStudies(clone.database, 'prisma/corpus'),
    onNote: (note: string) => void notes.push(note),
  }
  try {
    const studies = await inTransaction(clone.database, async (transaction) => {
      const found: StudyEntry[] = []
      for await (const { study } of readArmLevelResults(transaction, inParts(), { ...given, ...options })) found.push(study)
      return found
    })
    return { studies, faults: [], notes }
  } catch (error) {
    if (!(error instanceof ResultFaults)) throw error
    return { studies: [], faults: error.message.split('\n'), notes }
  }
}

const fixture = (name: string) => readFile(`tests/fixtures/intake/armLevel/${name}.csv`)
const faultsOf = async (name: string) => (await read(await fixture(name))).faults

let plain: readonly StudyEntry[]
beforeAll(async () => {
  plain = (await read(await fixture('plain'))).studies
  expect(plain).toHaveLength(1)
})

test.each([
  'all-quoted',
  'byte-order-mark',
  'carriage-returns-only',
  'decimal-comma-semicolons',
  'first-header-empty',
  'no-break-spaces',
  'r-write-csv',
  'r-write-csv-no-row-names',
  'r-write-csv2',
  'sep-line',
  'trailing-comma',
  'whole-numbers-with-point',
])('%s is the same study as the plain file', async (name) => {
  expect(await read(await fixture(name))).toMatchObject({ faults: [], studies: plain })
})

const hint = 'leave the cell blank'
test.each<[string, readonly RegExp[]]>([
  ['column-twice', [/^line 1, column mean: must be there once/]],
  ['date-as-serial-number', [/^line 2, column recorded_on: must be a date such as/, /^line 3/]],
  ['dates-with-dots', [/must be a date such as/, /must be a date such as/]],
  ['dates-with-slashes', [/must be a date such as/, /must be a date such as/]],
  ['deviation-zero', [/^line 2, column sd: must be a number above 0/, /^line 3, column sd/]],
  ['dot-as-missing', [new RegExp(`^line 2, column sd: .*${hint}.*got "\\."`), new RegExp(`^line 3, column sd: .*${hint}.*got "-"`)]],
  ['events-above-n', [/^line 2, column events: must not exceed n, got "90"/]],
  ['less-than', [/^line 2, column sd: must be a number .*got "<0\.1"/]],
  ['minus-sign-u2212', [/^line 3, column mean: .*it begins with an en dash \(U\+2013\), and a minus is "-" or "−", got "–1\.0"/]],
  ['more-analysed-than-randomised', [/^line 2, column n: must not exceed the 40 randomised to magnesium.*got "400"/]],
  ['nan', [/column sd.*leave the cell blank/, /column note.*leave the cell blank/, /column sd.*leave the cell blank/, /column note.*leave the cell blank/]],
  ['percent-sign', [/^line 2/, /^line 3/]],
  ['plus-minus', [/^line 2, column mean: must be a number/]],
  ['thousands-separators', [/^line 2, column n: .*1,234 may be a thousand or a fraction: write 1234 or 1\.234/, /^line 3, column n: must be a whole number/]],
  ['unknown-column', [/^line 1, column sd_of_mean: must be a known column/]],
])('%s is refused by line and column', async (name, expected) => {
  const faults = await faultsOf(name)
  expect(faults).toHaveLength(expected.length)
  expected.forEach((fault, index) => expect(faults[index]).toMatch(fault))
})

test.each(['na-in-texts', 'na-in-text-and-pmid', 'na-cells-all-quoted'])('%s: every cell that says NA is refused with what to do', async (name) => {
  const text = (await fixture(name)).toString()
  const faults = await faultsOf(name)
  expect(faults).toHaveLength(text.split(/[,\n]/).filter((cell) => /^"?NA"?$/.test(cell)).length)
  expect(faults.filter((fault) => !fault.includes(hint))).toEqual([])
})

test('a file in another encoding is refused by line', async () => {
  await expect(read(await fixture('windows-1252'))).rejects.toThrow('line 2: the bytes are not UTF-8')
})

test('DOIs are bare, TRUE is yes, groups are groups, and an apostrophe of spreadsheets is none of the text', async () => {
  const [doi] = (await read(await fixture('doi-as-address'))).studies
  expect(doi?.publications[0]).toMatchObject({ doi: '10.5555/csv.1' })
  const [primary] = (await read(await fixture('true-false'))).studies
  expect(primary?.results[0]?.primary).toBe(true)
  const [awkward] = (await read(await fixture('awkward-texts'))).studies
  expect(awkward?.publications[0]).toMatchObject({
    authors: [{ family: 'O’Neil', given: 'Seán' }, { corporate: 'Braced Group' }, { family: 'Müller', given: 'Ł' }],
  })
  const formulas = (await fixture('formula-like-texts')).toString()
  const [before] = (await read(formulas)).studies
  const guarded = formulas.replace(/(?<=^|,)"=/gm, `"'=`).replace(/(?<=,)([+@]|-(?=placebo))/g, "'$1")
  expect(guarded).not.toBe(formulas)
  expect((await read(guarded)).studies[0]).toEqual(before)
})

test('a standard error that contradicts its deviation is told at its row', async () => {
  const { notes, studies } = await read(await fixture('errors-contradict-deviations'))
  expect(studies).toHaveLength(1)
  expect(notes).toEqual([expect.stringMatching(/^look at line 3, column se: a standard deviation of 1\.5 in 39 participants makes a standard error of 0\.24/)])
})

// ── the same rows, however they are written ─────────────────────────────────────────────────────────────────────────

type Rows = readonly (readonly string[])[]
const header =
  'study,title,authors,year,design,condition,arm,role,randomized,form,route,duration_days,outcome,timepoint_days,value_kind,n,mean,sd,note,source,recorded_on'.split(
    ',',
  )
const rowsWith = (cells: Readonly<Record<string, readonly [string, string]>> = {}): Rows => {
  const arm = (index: 0 | 1) => {
    const all: Record<string, string | undefined> = {
      ...{
        study: 'Example 2020',
        title: 'Magnesium; "good", or not?',
        authors: 'Clerk, Ida; Éxample, Bo',
        year: '2020',
        design: 'RCT_PARALLEL',
        condition: 'migraine',
      },
      ...{
        arm: ['magnesium', 'placebo'][index],
        role: ['MAGNESIUM', 'PLACEBO'][index],
        randomized: '40',
        form: ['magnesium-oxide', ''][index],
        route: ['ORAL', ''][index],
      },
      ...{
        duration_days: '84',
        outcome: 'migraine-attack-frequency',
        timepoint_days: '84',
        value_kind: 'CHANGE',
        n: '38',
        mean: ['-3.25', '0.5'][index],
        sd: '1.5',
      },
      ...{ note: '', source: 'table 2', recorded_on: '2026-11-30' },
      ...Object.fromEntries(Object.entries(cells).map(([name, pair]) => [name, pair[index]])),
    }
    return header.map((name) => all[name] ?? '')
  }
  return [arm(0), arm(1)]
}
const numeric = new Set(['year', 'randomized', 'duration_days', 'timepoint_days', 'n', 'mean', 'sd'])
const written = (rows: Rows, number: (text: string) => string) =>
  rows.map((row) => row.map((cell, at) => (numeric.has(header[at] ?? '') ? number(cell) : cell)))

test('quoting, delimiters, marks, line ends and encodings of one table give one study', async () => {
  const { studies: expected } = await read(stringify([header, ...rowsWith()]))
  expect(expected).toHaveLength(1)
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        delimiter: fc.constantFrom(',', ';', '\t'),
        end: fc.constantFrom('\n', '\r\n', '\r'),
        encoding: fc.constantFrom('utf8', 'utf8 with mark', 'utf16le'),
        quoted: fc.boolean(),
        comma: fc.boolean(),
        minus: fc.constantFrom('-', '\u2212'),
        whole: fc.constantFrom('', '.0', '.'),
        rowNames: fc.constantFrom('none', 'nameless', 'X', 'short header'),
        extra: fc.constantFrom(0, 1, 3),
        sep: fc.boolean(),
        part: fc.integer({ min: 1, max: 300 }),
      }),
      async ({ delimiter, end, encoding, quoted, comma, minus, whole, rowNames, extra, sep, part }) => {
        const isComma = comma && delimiter !== ','
        const number = (text: string) => {
          const full = /^\d+$/.test(text) ? text + whole : text
          return (isComma ? full.replace('.', ',') : full).replace('-', minus)
        }
        const numbered = rowNames !== 'none'
        const table = [header, ...written(rowsWith(), number)].map((row, at) => [
          ...(numbered && !(rowNames === 'short header' && at === 0) ? [at === 0 ? (rowNames === 'X' ? 'X' : '') : String(at)] : []),
          ...row,
          ...Array.from({ length: rowNames === 'short header' ? 0 : extra }, () => ''),
        ])
        const text = (sep ? `sep=${delimiter}${end}` : '') + stringify(table, { delimiter, record_delimiter: end, quoted })
        const bytes = encoding === 'utf16le' ? Buffer.from(byteOrderMark + text, 'utf16le') : Buffer.from((encoding === 'utf8' ? '' : byteOrderMark) + text)
        expect(await read(bytes, {}, part)).toMatchObject({ faults: [], studies: expected })
      },
    ),
    { numRuns: 60 },
  )
}, 120_000)

const semicolons = (rows: Rows) => stringify([header, ...rows], { delimiter: ';' })
test.each<[string, string, Pick<ArmLevelOptions, 'decimal'>, RegExp | readonly number[]]>([
  ['commas that may part thousands', semicolons(rowsWith({ mean: ['1,234', '2,345'], sd: ['1', '1'] })), {}, /mean: .*1,234 may be a thousand or a fraction/],
  ['such commas, with the mark given', semicolons(rowsWith({ mean: ['1,234', '2,345'], sd: ['1', '1'] })), { decimal: 'comma' }, [1.234, 2.345]],
  ['such commas beside one that is plain', semicolons(rowsWith({ mean: ['1,234', '2,3'], sd: ['1', '1'] })), {}, [1.234, 2.3]],
  ['a zero before the comma', semicolons(rowsWith({ mean: ['0,234', '2'], sd: ['1', '1'] })), {}, [0.234, 2]],
  ['both marks', semicolons(rowsWith({ mean: ['1,5', '2.5'], sd: ['1', '1'] })), {}, /mean: .*1,5 has a decimal comma: write 1\.5/],
  [
    'points in a file of commas',
    semicolons(rowsWith({ mean: ['1,5', '1.234'], sd: ['1', '1'] })),
    { decimal: 'comma' },
    /line 3, column mean: must have a decimal comma/,
  ],
  [
    'commas in quotation marks, with the mark given',
    stringify([header, ...rowsWith({ mean: ['1,5', '2,5'], sd: ['1', '1'] })]),
    { decimal: 'comma' },
    [1.5, 2.5],
  ],
  ['commas in quotation marks', stringify([header, ...rowsWith({ mean: ['1,5', '2,5'] })]), {}, /1,5 has a decimal comma: write 1\.5/],
  ['exponents of R', stringify([header, ...rowsWith({ n: ['1e+01', '1.2e+01'], mean: ['1e-01', '2.5E1'] })]), {}, [0.1, 25]],
])('%s', async (_, file, options, expected) => {
  const { studies, faults } = await read(file, options)
  if (expected instanceof RegExp) expect(faults.join('\n')).toMatch(expected)
  else {
    expect(faults).toEqual([])
    expect(studies[0]?.results[0]?.armResults.map(({ mean }) => mean)).toEqual(expected)
  }
})

test.each<[string, Readonly<Record<string, readonly [string, string]>>, RegExp]>([
  ['a count that is not whole', { n: ['1.25e1', '38'] }, /line 2, column n: must be a whole number of at least 0, got "1\.25e1"/],
  ['a mean of nobody', { n: ['0', '38'] }, /line 2, column n: must be above 0: nobody has no mean/],
  ['an error of a spreadsheet', { note: ['#REF!', ''] }, /line 2, column note: .*leave the cell blank/],
  ['a dash for nothing', { note: ['—', ''] }, /line 2, column note: .*leave the cell blank/],
  ['a minus that is a non-breaking hyphen', { mean: ['\u20113', '1'] }, /a non-breaking hyphen \(U\+2011\)/],
])('%s is refused', async (_, cells, expected) => {
  expect((await read(stringify([header, ...rowsWith(cells)]))).faults.join('\n')).toMatch(expected)
})

test('NA is Namibia beside other countries, and NAM is Namibia alone', async () => {
  const table = (countries: string) => stringify([[...header, 'countries'], ...rowsWith().map((row) => [...row, countries])])
  expect((await read(table('NA;ZA'))).studies[0]?.countries).toEqual(['NA', 'ZA'])
  expect((await read(table('NAM'))).studies[0]?.countries).toEqual(['NA'])
  expect((await read(table('NA'))).faults[0]).toMatch(/line 2, column countries: must not be NA alone, which is Namibia or a missing value/)
})

test.each([
  ['a first column without a name that is no row number', ['', ...header], (at: number) => `comment ${at}`, /line 2: must be the number of its row/],
  ['row numbers that repeat', ['', ...header], () => '1', /line 2: must be the number of its row, each another/],
])('%s is refused', async (_, names, cellOf, expected) => {
  const rows = rowsWith().map((row, at) => [cellOf(at), ...row])
  expect((await read(stringify([names, ...rows]))).faults.join('\n')).toMatch(expected)
})

test('a nameless column is named by its place', async () => {
  const names = header.map((name, at) => (at === 2 || at === 21 ? '' : name))
  expect((await read(stringify([names, ...rowsWith()]))).faults[0]).toBe('line 1: must name every column: the 3rd has no name')
})

test('a line that names another delimiter is refused', async () => {
  await expect(read(`sep=|\n${stringify([header, ...rowsWith()], { delimiter: '|' })}`)).rejects.toThrow(/line 1: the line names "\|" as what separates cells/)
})

test('texts come back as they were, whatever sign they begin with', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('=', '+', '-', '@', "'", "'=", "''+", 'a'), async (sign) => {
      const title = `${sign}1 of magnesium`
      const { studies } = await read(stringify([header, ...rowsWith({ title: [inert(title), inert(title)] })]))
      expect(studies[0]?.title).toBe(title)
    }),
    { numRuns: 12 },
  )
})
