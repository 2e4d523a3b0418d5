import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { entriesOfTable, joinedEntries, type TableQuestion } from '../../src/synthesis/table.entries.js'
import type { TableMeasure } from '../../src/synthesis/table.data.js'
import type { ZeroCells } from '../../src/synthesis/table.effects.js'
import { readTable, TableError } from '../../src/synthesis/table.js'

const bytes = (text: string) => new TextEncoder().encode(text)
const fixture = (name: string) => readFileSync(new URL(`../fixtures/tables/${name}`, import.meta.url))
const plain: TableQuestion = { measure: 'GEN', subgroupBy: null, moderators: [], zeroCells: null }
const entriesIn = (text: string, question: Partial<TableQuestion> = {}) => entriesOfTable(readTable(bytes(text)), { ...plain, ...question })

/** The sentences of the error that a table is refused with. */
function refusal(text: string, question: Partial<TableQuestion> = {}): readonly string[] {
  try {
    entriesIn(text, question)
  } catch (error) {
    if (error instanceof TableError) return error.sentences
    throw error
  }
  return []
}

describe('a file', () => {
  test.each([
    ['commas', 'yi,vi,slab\n0.1,0.2,"Smith, J. ""Jo"""\n'],
    ['semicolons', 'yi;vi;slab\n0.1;0.2;"Smith, J. ""Jo"""\n'],
    ['tabs', 'yi\tvi\tslab\n0.1\t0.2\t"Smith, J. ""Jo"""\n'],
    ['a byte order mark and the line ends of Windows', '\ufeffyi,vi,slab\r\n0.1,0.2,"Smith, J. ""Jo"""\r\n'],
    ['names in capitals, and spaces about the cells', ' YI , Vi ,Slab\n 0.1 , 0.2 ,"Smith, J. ""Jo"""\n'],
    ['no line end after the last row', 'yi,vi,slab\n0.1,0.2,"Smith, J. ""Jo"""'],
    ['rows without content', '\nyi,vi,slab\n\n,,\n0.1,0.2,"Smith, J. ""Jo"""\n,,\n\n'],
    ['decimal commas', 'yi;vi;slab\n0,1;0,2;"Smith, J. ""Jo"""\n'],
    ['a line that names the separator', 'sep=;\nyi;vi;slab\n0.1;0.2;"Smith, J. ""Jo"""\n'],
    ['line ends of carriage returns', 'yi,vi,slab\r0.1,0.2,"Smith, J. ""Jo"""\r'],
    ['rows whose cells say that there is nothing', 'yi,vi,slab\nNaN,#N/A,-\n0.1,0.2,"Smith, J. ""Jo"""\n'],
    ['a first column without a name, as R writes it', '"",yi,vi,slab\n"1",0.1,0.2,"Smith, J. ""Jo"""\n'],
  ])('may have %s', (_, text) => {
    expect(entriesIn(text).entries).toMatchObject([{ estimate: 0.1, variance: 0.2, label: 'Smith, J. "Jo"' }])
  })

  test.each([
    ['', ['the table is empty: a header with the names of the columns was expected']],
    ['yi,vi\n', ['the table has a header and no rows']],
    ['yi,vi,YI\n1,2,3\n', ['the header names "yi" more than once; capitals do not tell columns apart']],
    [
      'yi,vi\n1,2,3\n',
      ['row 1 (line 2): there are 3 cells, and the header names 2 columns: a cell that holds the separator is quoted, and decimals are written with a point'],
    ],
    ['yi,vi\n1,"2\n', ['the table cannot be read: a quoted cell is not closed before the file ends']],
    [
      'yi,vi,slab\n1,2,a "b"\n',
      ['the table cannot be read: line 2 has a quote within a cell: a cell that holds quotes is quoted as a whole, with its own quotes doubled'],
    ],
  ])('that is no table is refused: %j', (text, sentences) => {
    expect(refusal(text)).toEqual(sentences)
  })

  test('may have the minus of printed tables, and be in UTF-16 with its mark', () => {
    expect(entriesIn('yi,vi\n−0.5,1\n').entries).toMatchObject([{ estimate: -0.5 }])
    const { rows } = readTable(Buffer.from('\ufeffyi,vi\né,1\n', 'utf16le'))
    expect(rows).toMatchObject([{ cells: ['é', '1'] }])
  })

  test('that names a separator that no table has is refused', () => {
    expect(refusal('sep=|\nyi|vi\n1|1\n')).toEqual(['line 1 names "|" as what separates cells: commas, semicolons and tabs are read'])
  })

  test('that is not UTF-8 is refused', () => {
    expect(() => readTable(new Uint8Array([0x79, 0x69, 0x2c, 0xe9]))).toThrow('the file is not text in UTF-8: save it as "CSV UTF-8"')
  })

  test('has bounded size', () => {
    expect(() => readTable(bytes(`yi,vi\n${'1,1\n'.repeat(500_000)}`))).toThrow('a table has at most 1000000 cells')
    expect(() => readTable(bytes(`yi,vi\n${'1,1\n'.repeat(20_001)}`))).toThrow('a table has at most 20000 rows, got 20001')
    expect(() => readTable(new Uint8Array(100_000_001))).toThrow('a table has at most 100000000 bytes, got 100000001')
  })

  test('in which a cell goes over several lines still tells the line on which a row begins', () => {
    expect(refusal('slab,yi,vi\n"a\nb",1,1\n\n"c\nd",12a,1\n')).toEqual(['row 2 (line 5), column "yi": "12a" is not a number'])
  })
})

describe('a cell that is neither a number nor missing names row, column and value', () => {
  test.each<[TableMeasure, string, string]>([
    ['GEN', 'yi,vi\n12a,1', 'row 1 (line 2), column "yi": "12a" is not a number'],
    ['GEN', 'yi,vi\n"0,5",1', 'row 1 (line 2), column "yi": "0,5" is not a number: 0,5 has a decimal comma: write 0.5'],
    ['GEN', 'yi;vi\n0,5;1.5', 'row 1 (line 2), column "yi": "0,5" is not a number: 0,5 has a decimal comma: write 0.5'],
    ['GEN', 'yi;vi\n1,234;1', 'row 1 (line 2), column "yi": "1,234" is not a number: 1,234 may be a thousand or a fraction: write 1234 or 1.234'],
    ['GEN', 'yi,vi\n–0.5,1', 'row 1 (line 2), column "yi": "–0.5" is not a number: it begins with an en dash (U+2013), and a minus is "-" or "−"'],
    ['GEN', 'yi,vi\nInf,1', 'row 1 (line 2), column "yi": "Inf" is not a finite number'],
    ['GEN', 'yi,vi\n1e999,1', 'row 1 (line 2), column "yi": "1e999" is not a finite number'],
    ['GEN', 'yi,vi\n0x10,1', 'row 1 (line 2), column "yi": "0x10" is not a number'],
    ['GEN', 'yi,vi\n1,1\n1,0', 'row 2 (line 3), column "vi": "0" is not a number above 0'],
    ['GEN', 'yi,vi\n1,-1', 'row 1 (line 2), column "vi": "-1" is not a number above 0'],
    ['GEN', 'yi,sei\n1,1e-200', 'row 1 (line 2), column "sei": "1e-200" has a square that cannot be told from 0 or infinity'],
    ['OR', 'ai,bi,ci,di\n-1,2,3,4', 'row 1 (line 2), column "ai": "-1" is not a number of at least 0'],
    ['OR', 'ai,bi,ci,di\n0,0,3,4', 'row 1 (line 2), column "bi": "0" leaves the arm without participants: ai is 0 too'],
    ['OR', 'ai,n1i,ci,n2i\n3,2,3,4', 'row 1 (line 2), column "ai": "3" is more than the 2 participants in n1i'],
    ['MD', 'm1i,sd1i,n1i,m2i,sd2i,n2i\n1,-1,3,1,1,3', 'row 1 (line 2), column "sd1i": "-1" is not a number of at least 0'],
    ['MD', 'm1i,sd1i,n1i,m2i,sd2i,n2i\n1,1,3,1,1,0', 'row 1 (line 2), column "n2i": "0" is not a number of at least 1'],
    ['ZCOR', 'ri,ni\n1.1,30', 'row 1 (line 2), column "ri": "1.1" is not a number between -1 and 1'],
    ['IRR', 'x1i,t1i,x2i,t2i\n1,0,1,1', 'row 1 (line 2), column "t1i": "0" is not a number above 0'],
    ['GEN', 'yi,vi,year\n1,1,in press', 'row 1 (line 2), column "year": "in press" is not a number'],
  ])('%s %j', (measure, text, sentence) => {
    expect(refusal(text, { measure })).toEqual([sentence])
  })

  test('in a moderator too', () => {
    expect(refusal('yi,vi,Dose\n1,1,300 mg\n', { moderators: ['dose'] })).toEqual(['row 1 (line 2), column "dose": "300 mg" is not a number'])
  })

  test('and all of a file are told at once, the first twenty of them', () => {
    const sentences = refusal(`yi,vi\n${'a,b\n'.repeat(15)}`)
    expect(sentences).toHaveLength(21)
    expect(sentences.slice(0, 2)).toEqual(['row 1 (line 2), column "yi": "a" is not a number', 'row 1 (line 2), column "vi": "b" is not a number'])
    expect(sentences.at(-1)).toBe('and 10 more')
  })

  test('on one line, whatever it holds', () => {
    expect(refusal(`yi,vi\n"1\n\u001b[31m${'x'.repeat(100)}",1`)).toEqual([`row 1 (line 2), column "yi": "1\\n\\u001b[31m${'x'.repeat(53)}…" is not a number`])
  })
})

test('columns that a measure cannot be computed from are told with those that it can', () => {
  expect(refusal('ai,ci\n1,2\n', { measure: 'RR' })).toEqual([
    'the table lacks the columns that RR is computed from, which are ai, bi, ci, di; or ai, n1i, ci, n2i; or yi, vi; or yi, sei',
  ])
  expect(refusal('yi,vi\n1,2\n', { subgroupBy: 'form' })).toEqual(['there is no column "form": the header names "yi", "vi"'])
})

test.each(['', 'NA', 'na', '.'])('a row in which a number is missing (%j) is left out, with the reason', (missing) => {
  expect(entriesIn(`slab,ai,n1i,ci,n2i\nA,1,10,2,10\nB,1,${missing},2,\n`, { measure: 'OR' })).toMatchObject({
    entries: [{ label: 'A', evidence: ['row 1'] }],
    unpoolable: [{ label: 'B', row: 2, code: 'ROW_INCOMPLETE', reason: 'n1i, n2i are not there' }],
  })
})

test('a row is read by the first columns that it fills, raw data before effects', () => {
  const { entries } = entriesIn('ai,n1i,ci,n2i,yi,vi\n1,10,2,10,9,9\n,,,,0.5,0.25\n', { measure: 'OR' })
  expect(entries).toMatchObject([
    { estimate: Math.log((1 * 8) / (9 * 2)), participants: 20 },
    { estimate: 0.5, variance: 0.25, counts: null },
  ])
})

test.each([
  ['slab,study,author,year\nA,B,C,2001', 'A'],
  ['study,author,year\nB,C,2001', 'B'],
  ['author,year\nC,2001b', 'C 2001b'],
  ['author\nC', 'C'],
  ['cluster\nX', 'X'],
  ['other\n', 'row 1'],
])('a study is named by slab, study, author and year, or its row: %j', (columns, label) => {
  const [header = '', cells = ''] = columns.split('\n')
  expect(entriesIn(`yi,vi,${header}\n1,1,${cells}\n`).entries[0]).toMatchObject({ label })
})

describe('effects are those of escalc', () => {
  interface Escalc {
    readonly measure: TableMeasure
    readonly options: Partial<ZeroCells>
    readonly yi: readonly (number | null)[]
    readonly vi: readonly (number | null)[]
  }
  // metafor 3.8-1, escalc(): see tests/fixtures/tables/README.md
  const numbers = JSON.parse(fixture('escalc.json').toString()) as Record<string, readonly Escalc[]> // the shape is described there
  const cases = Object.entries(numbers).flatMap(([table, computed]) =>
    computed.map((expected) => ({ table, ...expected, options: JSON.stringify(expected.options) })),
  )

  test.each(cases)('$table $measure $options', ({ table, measure, options, yi, vi }) => {
    const asked: ZeroCells = { add: 0.5, to: 'only0', drop00: false, ...(JSON.parse(options) as Partial<ZeroCells>) } // as written above
    const { entries, unpoolable } = entriesOfTable(readTable(fixture(`${table}.csv`)), { ...plain, measure, zeroCells: asked })
    const expected = yi.flatMap((estimate, index) => {
      const variance = vi[index] ?? null
      // A difference of nothing with no variance (row 6, to = "none") is in escalc's table, and in no pool.
      return estimate === null || variance === null || variance === 0 ? [] : [{ row: `row ${index + 1}`, estimate, variance }]
    })
    expect(entries.map(({ evidence }) => evidence[0])).toEqual(expected.map(({ row }) => row))
    expect(entries.length + unpoolable.length).toBe(yi.length)
    for (const [index, { estimate, variance }] of expected.entries()) {
      const entry = entries[index]
      expect(Math.abs((entry?.estimate ?? NaN) - estimate)).toBeLessThanOrEqual(1e-10 * Math.abs(estimate) + 1e-12)
      expect(Math.abs((entry?.variance ?? NaN) - variance)).toBeLessThanOrEqual(1e-10 * variance)
    }
  })

  test('but without options nothing is added to differences or Peto’s ratio, and a trial without events tells no ratio', () => {
    const table = readTable(fixture('linde2005.csv'))
    // row 4 has 10 of 25 against 0 of 25, row 6 has no event at all, rows 5 and 26 no counts
    const rowsOf = (measure: TableMeasure) => entriesOfTable(table, { ...plain, measure })
    expect(rowsOf('RD').entries[3]?.estimate).toBeCloseTo(0.4, 15)
    expect(rowsOf('PETO').entries[3]?.estimate).toBeCloseTo(5 / ((25 * 25 * 10 * 40) / (50 ** 2 * 49)), 14)
    for (const measure of ['OR', 'RR', 'RD', 'PETO'] as const)
      expect(rowsOf(measure).unpoolable.map(({ row, code }) => [row, code])).toEqual([
        [5, 'ROW_INCOMPLETE'],
        [6, 'NO_EVENTS'],
        [26, 'ROW_INCOMPLETE'],
      ])
  })
})

describe('rows of one cluster', () => {
  const text = 'cluster,slab,yi,vi,dose,form\nA,A1,0.2,0.04,100,x\nB,B1,1,1,NA,y\nA,A2,0.4,0.04,300,y\n'
  const { entries } = entriesIn(text, { moderators: ['dose'], subgroupBy: 'form' })

  test('are joined into their mean, with half correlated errors', () => {
    // Borenstein et al. (2009), eq. 24.6: (0.04 + 0.04 + 2 · 0.5 · 0.04) / 4
    expect(joinedEntries(entries, { model: 'RANDOM_EFFECTS', dependence: 'AGGREGATE' })).toMatchObject([
      { label: 'A', study: 'A', evidence: ['row 1', 'row 3'], moderators: { dose: 200 }, group: null },
      { label: 'B1', evidence: ['row 2'], moderators: { dose: null }, group: 'y' },
    ])
    expect(joinedEntries(entries, { model: 'RANDOM_EFFECTS', dependence: 'AGGREGATE' })[0]?.variance).toBeCloseTo(0.03, 15)
  })

  test('of different groups stay apart where groups are pooled', () => {
    expect(joinedEntries(entries, { model: 'RANDOM_EFFECTS', dependence: 'AGGREGATE' }, ({ group }) => group).map(({ group }) => group)).toEqual([
      'x',
      'y',
      'y',
    ])
  })

  test.each([{ dependence: 'INDEPENDENT' }, { dependence: 'ROBUST' }, { model: 'THREE_LEVEL' }] as const)('stay as they are under %j', (choice) => {
    expect(joinedEntries(entries, { model: 'RANDOM_EFFECTS', dependence: 'AGGREGATE', ...choice })).toEqual(entries)
  })

  test.each([{ dependence: 'COMBINE_ARMS' }, { dependence: 'SPLIT_CONTROL' }, { model: 'PETO' }] as const)(
    'are refused under %j, which a table cannot answer',
    (choice) => {
      expect(() => joinedEntries(entries, { model: 'RANDOM_EFFECTS', dependence: 'AGGREGATE', ...choice })).toThrow(TableError)
    },
  )
})

test('numbers survive the way through a file to the last digit', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
  const positive = fc.double({ min: 1e-300, max: 1e300, noNaN: true })
  fc.assert(
    fc.property(fc.array(fc.tuple(finite, positive, fc.string()), { minLength: 1, maxLength: 5 }), fc.constantFrom(',', ';', '\t'), (rows, delimiter) => {
      const cells = rows.map(([yi, vi, slab]) => [yi, vi, `"s${slab.replaceAll('"', '""')}s"`].join(delimiter))
      const { entries } = entriesIn([`yi${delimiter}vi${delimiter}slab`, ...cells].join('\n'))
      expect(entries.map(({ estimate, variance, label }) => [estimate + 0, variance, label])).toEqual(rows.map(([yi, vi, slab]) => [yi + 0, vi, `s${slab}s`]))
    }),
  )
})
