import { readFile } from 'node:fs/promises'
import { readCorpus } from '../../src/corpus/files.js'
import { crossFileFaults } from '../../src/corpus/rules.js'
import { inTransaction } from '../../src/database/query.js'
import { everyColumn } from '../../src/intake/armLevel.columns.js'
import { readArmLevelResults, type ProposedStudy } from '../../src/intake/armLevel.js'
import { knownStudies } from '../../src/intake/armLevel.known.js'
import { ResultFaults } from '../../src/intake/bulk.staging.js'
import { loadVocabulary } from '../../src/vocabulary/vocabulary.queries.js'
import type { Vocabulary } from '../../src/vocabulary/vocabulary.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'

let clone: ClonedDatabase
let vocabulary: Vocabulary
beforeAll(async () => {
  clone = await cloneDatabase()
  vocabulary = await loadVocabulary(clone.database)
})
afterAll(() => clone.drop())

type Row = Readonly<Record<string, string>>

/** A trial of two arms that every rule accepts. */
const trial: readonly Row[] = [
  {
    study: 'Smith 2020',
    title: 'A trial',
    design: 'RCT_PARALLEL',
    condition: 'migraine',
    arm: 'magnesium',
    role: 'MAGNESIUM',
    form: 'magnesium-citrate',
    route: 'ORAL',
    outcome: 'migraine-attack-frequency',
    timepoint_days: '84',
    value_kind: 'FINAL',
    n: '30',
    mean: '3.1',
    sd: '1.2',
    source: 'https://example.org/smith',
    recorded_on: '2026-11-23',
  },
  {
    study: 'Smith 2020',
    condition: 'migraine',
    arm: 'placebo',
    role: 'PLACEBO',
    outcome: 'migraine-attack-frequency',
    timepoint_days: '84',
    value_kind: 'FINAL',
    n: '31',
    mean: '4.0',
    sd: '1.4',
    source: 'https://example.org/smith',
    recorded_on: '2026-11-23',
  },
]

const cell = (value: string, delimiter: string) => (/["\n\r]/.test(value) || value.includes(delimiter) ? `"${value.replaceAll('"', '""')}"` : value)
function csv(rows: readonly Row[], delimiter = ','): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return [names, ...rows.map((row) => names.map((name) => cell(row[name] ?? '', delimiter)))].map((cells) => `${cells.join(delimiter)}\n`).join('')
}
/** The trial with other cells in one of its rows. */
const changed = (index: number, cells: Row, rows = trial) => rows.map((row, at) => (at === index ? { ...row, ...cells } : row))

async function studiesOf(file: string | Buffer, parts = 1): Promise<ProposedStudy[]> {
  const bytes = Buffer.from(file)
  async function* inParts() {
    for (let part = 0; part < parts; part++) yield bytes.subarray(Math.floor((part * bytes.length) / parts), Math.floor(((part + 1) * bytes.length) / parts))
  }
  return inTransaction(clone.database, async (transaction) => {
    const studies: ProposedStudy[] = []
    const getKnown = knownStudies(clone.database, 'prisma/corpus')
    for await (const study of readArmLevelResults(transaction, inParts(), { database: clone.database, vocabulary, getKnown })) studies.push(study)
    return studies
  })
}

async function faultsOf(file: string | Buffer): Promise<string[]> {
  const error = await studiesOf(file).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ResultFaults)) throw new Error('the file was taken, or refused for another reason', { cause: error })
  return error.message.split('\n')
}

test('the template names every column, in order, and becomes two studies', async () => {
  const template = await readFile('public/templates/arm-level.csv', 'utf8')
  expect(template.split('\n')[0]).toBe(everyColumn.map(({ name }) => name).join(','))
  const [first, second, ...others] = (await studiesOf(template)).map(({ study }) => study)
  expect(others).toEqual([])
  expect(first).toMatchObject({
    slug: 'example-trial-2023',
    design: 'RCT_PARALLEL',
    countries: ['GB'],
    registrations: ['NCT00000123'],
    publications: [
      {
        doi: '10.5555/example.2023',
        year: 2023,
        authors: [
          { family: 'Example', given: 'Ada' },
          { family: 'Sample', given: 'Ben' },
        ],
        authorsIncomplete: false,
      },
    ],
    populations: [{ slug: 'all', wholeSample: true, meanAge: 38.5, femalePercent: 80, conditions: ['migraine'] }],
    arms: [
      {
        slug: 'magnesium-citrate-600-mg',
        role: 'MAGNESIUM',
        randomized: 60,
        doses: [{ form: 'magnesium-citrate', route: 'ORAL', startDay: 0, endDay: 84, amount: 300, unit: 'MG', basis: 'ELEMENTAL', timesPerDay: 2 }],
      },
      { slug: 'placebo', role: 'PLACEBO', randomized: 62, doses: [] },
    ],
    results: [
      {
        slug: 'migraine-attack-frequency-day-84',
        outcome: 'migraine-attack-frequency',
        condition: 'migraine',
        intervention: 'magnesium-citrate-600-mg',
        comparator: 'placebo',
        name: 'attacks in four weeks',
        primary: true,
        timepointDays: 84,
        analysisSet: 'ITT',
        armResults: [
          { arm: 'magnesium-citrate-600-mg', n: 58, mean: 3.1, sd: 1.6, baselineMean: 5.2, baselineSd: 1.9 },
          { arm: 'placebo', n: 59, mean: 4, sd: 1.8 },
        ],
      },
      {
        outcome: 'headache-response',
        valueKind: 'EVENT',
        armResults: [
          { n: 60, events: 31 },
          { n: 62, events: 19 },
        ],
      },
    ],
    sources: {
      'results-1': { source: 'https://doi.org/10.5555/example.2023', locator: 'table 2', recordedAt: '2026-11-23' },
      'results-2': { locator: 'table 3' },
    },
  })
  // Both doses against placebo, and not against each other: a comparator is there.
  expect(second?.results.map(({ intervention, comparator }) => [intervention, comparator])).toEqual([
    ['magnesium-oxide-500-mg', 'placebo'],
    ['magnesium-oxide-250-mg', 'placebo'],
  ])
  expect(second?.publications[0]).toMatchObject({ authors: [{ family: 'Sample', given: 'Ben' }], authorsIncomplete: true })
})

test.each([
  ['commas', csv(trial)],
  ['semicolons', csv(trial, ';')],
  ['tabs', csv(trial, '\t')],
  ['a byte order mark', `\uFEFF${csv(trial)}`],
  ['the line ends of Windows', csv(trial).replaceAll('\n', '\r\n')],
  ['blank rows', csv(trial).replaceAll('\n', '\n,,,,,,,,,,,,,,,\n\n')],
  ['UTF-16', Buffer.from(`\uFEFF${csv(trial)}`, 'utf16le')],
  ['names of columns in capitals, with spaces', csv(trial).replace('value_kind', 'Value Kind')],
  ['words in lower case', csv(changed(0, { role: 'magnesium', design: 'rct parallel' }))],
])('a file with %s is read', async (_, file) => {
  expect((await studiesOf(file)).map(({ study }) => study.results[0]?.armResults.map(({ mean }) => mean))).toEqual([[3.1, 4]])
})

test('cells may hold delimiters, quotation marks and lines, wherever the bytes are cut', async () => {
  const title = 'Magnesium, "good"; or\r\nnot? Магний №1 – 镁'
  const file = csv(changed(0, { title, note: 'a "b"' }))
  for (const parts of [1, 2, 7, 50, file.length]) {
    const [proposed] = await studiesOf(file, parts)
    expect([proposed?.study.title, proposed?.study.results[0]?.armResults[0]?.note, proposed?.line]).toEqual([title, 'a "b"', 2])
  }
})

test.each([
  [changed(0, { mean: '3,1' }), 'line 2, column mean: must be a number such as 12.5, with a dot; 3,1 has a decimal comma: write 3.1, got "3,1"'],
  [changed(1, { n: '-3' }), 'line 3, column n: must be a whole number of at least 0, got "-3"'],
  [changed(1, { n: '12.5' }), 'line 3, column n: must be a whole number of at least 0, got "12.5"'],
  [changed(1, { sd: '-1' }), 'line 3, column sd: must be a number above 0 such as 12.5, with a dot: a spread of 0 says that all have one value, got "-1"'],
  [changed(1, { mean: 'NaN' }), 'line 3, column mean: must be a number such as 12.5, with a dot; leave the cell blank if there is no number, got "NaN"'],
  [changed(1, { mean: '1e999' }), 'line 3, column mean: must be a number such as 12.5, with a dot, got "1e999"'],
  [changed(1, { events: '40' }), 'line 3, column events: must not exceed n, got "40"'],
  [changed(1, { median: '3', q1: '3.5' }), 'line 3, column q1: must not exceed the median, got "3.5"'],
  [changed(1, { mean: '' }), 'line 3, column mean: must be given, or one of events, percent, median: the row has no number'],
  [changed(1, { ci_lower: '3' }), 'line 3, column ci_lower: needs a ci_upper, got "3"'],
  [
    changed(0, { role: 'DRUG' }),
    'line 2, column role: must be one of MAGNESIUM, MAGNESIUM_LOWER_DOSE, PLACEBO, ACTIVE_CONTROL, NO_TREATMENT, USUAL_CARE, got "DRUG"',
  ],
  [changed(0, { recorded_on: '23.11.2026' }), 'line 2, column recorded_on: must be a date such as 2026-11-23, got "23.11.2026"'],
  [changed(0, { recorded_on: '2026-02-29' }), 'line 2, column recorded_on: must be a day that there is, got "2026-02-29"'],
  [changed(0, { value_kind: 'EVENT' }), 'line 2, column value_kind: must be given with events, or a percent, got "EVENT"'],
  [changed(0, { events: '3' }), 'line 2, column events: must stand beside the value_kind EVENT, got "3"'],
  [changed(0, { percent: '5000' }), 'line 2, column percent: must be a percentage from -1000 to 1000, with a dot, got "5000"'],
  [changed(0, { registration: 'x' }, changed(0, { doi: '10.1234/.' })), 'line 2, column doi: must be a DOI'],
  [changed(0, { arm: ' ' }), 'line 2, column arm: must be given, got " "'],
  [changed(0, { doi: 'doi.org' }), 'line 2, column doi: must be a DOI such as 10.1371/journal.pone.0180067, got "doi.org"'],
  [changed(0, { year: '1066' }), 'line 2, column year: must be a year from 1800 to 2100, got "1066"'],
  [changed(1, { condition: 'migrane' }), 'line 3, column condition: must be the slug, code or name of a known condition: did you mean "migraine"'],
  [changed(0, { form: 'magnesium citrat' }), 'line 2, column form: must be the slug, code or name of a known magnesium form: did you mean "magnesium-citrate"'],
  [changed(1, { role: 'MAGNESIUM' }), 'line 2, column role: must be that of a comparator in another row of the result, unless the design is SINGLE_ARM'],
  [changed(0, { role: 'USUAL_CARE' }), 'line 2, column role: must be MAGNESIUM or MAGNESIUM_LOWER_DOSE in one row of the result at least'],
  [
    changed(1, { unit: 'attacks' }, changed(0, { unit: 'days' })),
    'line 2, column role: must be in rows with the same unit, primary, source, locator, recorded_on as the other rows of the result',
  ],
  [changed(1, { title: 'Another' }), 'line 2, column title: must be the same in all rows of the study; another has "Another", got "A trial"'],
  [[...trial, trial[1] ?? {}], 'line 4, column arm: must have one row for an outcome, time and analysis; line 3 has it too, got "placebo"'],
  [changed(1, { study: 'smith-2020' }), 'line 2, column role: must be that of a comparator'],
  [changed(0, { title: '' }), 'line 2, column title: must be given for a new study, and no known one has its slug, DOI, PMID or PMCID'],
  [changed(0, { design: '' }), 'line 2, column design: must be given for a new study'],
  [
    changed(1, { study: 'Иванов' }, changed(0, { study: 'Иванов' })),
    'line 2, column study: must have letters from a to z or digits, as its slug is made of them, got "Иванов"',
  ],
])('a fault names its line, column and value, and what would have been right (%#)', async (rows, said) => {
  expect((await faultsOf(csv(rows)))[0]).toContain(said)
})

test('every fault of a file is told at once, to the first hundred', async () => {
  const rows = Array.from({ length: 200 }, (_, index) => ({
    ...trial[index % 2],
    study: `Trial ${index >> 1}`,
    title: 'A trial',
    n: index < 3 ? 'many' : '30',
    mean: 'x',
  }))
  const faults = await faultsOf(csv(rows))
  expect(faults).toHaveLength(100)
  expect(faults.slice(0, 3).map((fault) => fault.slice(0, 17))).toEqual(['line 2, column n:', 'line 2, column me', 'line 3, column n:'])
})

test.each([
  ['an unknown column', csv(changed(0, { mena: '3' })), 'line 1, column mena: must be a known column: did you mean "mean"?'],
  ['a column there twice', csv(trial).replace('route', 'form'), 'line 1, column form: must be there once, and is there twice'],
  ['a missing column', csv(trial).replace('value_kind', 'valuekind'), 'line 1, column value_kind: must be there: is it called "valuekind"?'],
  ['a column without a name', csv(trial).replace('route', ''), 'line 1: must name every column: the 8th has no name'],
  ['a header only', csv(trial).split('\n')[0] ?? '', 'line 1: must be followed by rows: the file has a header only'],
  [
    'another kind of table',
    'name,age\nAda,36\n',
    'line 1: must name the columns of arm-level results: study, arm, outcome …, separated by commas, semicolons or tabs, got "name age"',
  ],
  ['a row cut short', csv(trial).slice(0, -40), 'line 3: must have 16 cells as the header has, got 14'],
  ['text after a closing quotation mark', csv(trial).replace('A trial', '"A" trial'), 'line 2: must not go on after a closing quotation mark: cell 2 does'],
  ['a quotation mark within a cell', csv(trial).replace('A trial', 'A "trial"'), 'line 2: must double a quotation mark within a cell'],
])('%s is named', async (_, file, said) => {
  expect((await faultsOf(file)).map((fault) => fault.slice(0, said.length))).toContain(said)
})

test.each([
  ['empty', '', /the file is empty/],
  ['a page of the web', '<!doctype html>\n<html><body>not found</body></html>\n', /line 1: this is a page of the web, not a table/],
  ['packed by gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), /gzip/],
  ['a spreadsheet, which is a zip', Buffer.from('PK\u0003\u0004abcdefgh'), /spreadsheet/],
  ['in Latin-1', Buffer.from(csv(changed(1, { note: 'näher' })), 'latin1'), /line 3: the bytes are not UTF-8/],
  ['binary', `${csv(trial)}\0\0`, /line 4: the file holds bytes that no text has/],
  ['left open at a quotation mark', csv(trial).replace('A trial', '"A trial'), /line 2: a quotation mark is opened and never closed/],
  ['of one line that is too long', `${csv(trial)}${'x'.repeat(3_000_000)}`, /line 4: the line is longer than 1 MiB/],
])('a file that is %s is refused', async (_, file, said) => {
  await expect(studiesOf(file, 3)).rejects.toThrow(said)
})

// prisma/corpus/studies/3mg-2013.yaml: admissions in 285 of 394 with intravenous magnesium and 281 of 358 with placebo.
const known: readonly Row[] = [
  { arm: 'Intravenous magnesium sulfate', role: 'MAGNESIUM', n: '394', events: '285' },
  { arm: 'placebo', role: 'PLACEBO', n: '358', events: '281' },
].map((row) => ({
  ...row,
  ...{ study: '3Mg 2013', condition: 'acute asthma', outcome: 'hospital-admission', timepoint_days: '7', value_kind: 'EVENT' },
  ...{ source: 'https://example.org/extraction', recorded_on: '2026-11-23' },
}))

test('rows that say what a known study says, by its labels or slugs, leave it as it is', async () => {
  const [proposed] = await studiesOf(csv(known))
  expect(proposed?.known?.slug).toBe('3mg-2013')
  expect(proposed?.study).toEqual(proposed?.known)
  expect(proposed?.kept).toEqual([])
})

test('other numbers of a known result take its place, and the known ones stay beside them with their source', async () => {
  const [proposed] = await studiesOf(csv(changed(0, { events: '286' }, known)))
  const before = proposed?.known?.results.find(({ slug }) => slug === 'admission-intravenous')
  const after = proposed?.study.results.find(({ slug }) => slug === 'admission-intravenous')
  expect(after?.armResults).toMatchObject([
    { n: 394, events: 286 },
    { n: 358, events: 281 },
  ])
  expect(after?.alternatives).toMatchObject([{ armResults: before?.armResults, source: 'studylib' }])
  expect(proposed?.study.sources[after?.source ?? '']).toEqual({ source: 'https://example.org/extraction', recordedAt: '2026-11-23' })
  expect(proposed?.study.results).toHaveLength(proposed?.known?.results.length ?? 0)
})

test('what is said of a known study itself stays, and the difference is told', async () => {
  const [proposed] = await studiesOf(csv(changed(0, { randomized: '400' }, known)))
  expect(proposed?.study).toEqual(proposed?.known)
  expect(proposed?.kept).toEqual(['arm magnesium-intravenous: randomized stays 406, the file has 400'])
})

test('a new time of a known study is a result beside the others', async () => {
  const [proposed] = await studiesOf(csv(known.map((row) => ({ ...row, timepoint_days: '30' }))))
  const added = proposed?.study.results.filter(({ slug }) => !proposed.known?.results.some((result) => result.slug === slug))
  expect(added).toMatchObject([{ slug: 'hospital-admission-day-30', intervention: 'magnesium-intravenous', comparator: 'placebo', timepointDays: 30 }])
  expect(proposed?.study.arms).toEqual(proposed?.known?.arms)
})

test('identifiers of one known study and the name of another are a conflict, named', async () => {
  const doi =
    (await clone.database.prisma.publication.findFirstOrThrow({ where: { doi: { not: null }, studies: { some: { role: 'PRIMARY_REPORT' } } } })).doi ?? ''
  const [fault] = await faultsOf(csv(known.map((row) => ({ ...row, doi }))))
  expect(fault).toContain('line 2, column study: must be one study, and its identifiers are of several: 3mg-2013, ')
})

test('two analyses of one result are two results, told apart by name', async () => {
  const perProtocol = trial.map((row) => ({ ...row, analysis_set: 'PER_PROTOCOL', n: '25' }))
  const [proposed] = await studiesOf(csv([...trial.map((row) => ({ ...row, analysis_set: 'ITT' })), ...perProtocol]))
  expect(proposed?.study.results).toMatchObject([
    { slug: 'migraine-attack-frequency-day-84', name: 'migraine attack frequency', analysisSet: 'ITT' },
    { slug: 'migraine-attack-frequency-day-84-2', name: 'migraine attack frequency (per protocol)', analysisSet: 'PER_PROTOCOL' },
  ])
})

test('a magnesium arm alone is a result without a comparator, in a study of a single arm', async () => {
  const [proposed] = await studiesOf(csv([{ ...trial[0], design: 'SINGLE_ARM' }]))
  expect(proposed?.study.results).toMatchObject([{ intervention: 'magnesium', armResults: [{ arm: 'magnesium', n: 30, mean: 3.1 }] }])
  expect(proposed?.study.results[0]).not.toHaveProperty('comparator')
})

test('two doses without another comparator are compared with each other', async () => {
  const [proposed] = await studiesOf(csv(changed(1, { role: 'MAGNESIUM_LOWER_DOSE', arm: 'half', form: 'magnesium-citrate', route: 'ORAL' })))
  expect(proposed?.study.results).toMatchObject([{ intervention: 'magnesium', comparator: 'half' }])
})

test('the page of the columns tells every column and what it takes', async () => {
  const page = await readFile('docs/importing-results.md', 'utf8')
  const missing = everyColumn.filter(({ name, about }) => !page.includes(`| \`${name}\``) || !page.includes(about))
  expect(missing).toEqual([])
})

test('what the checks let through keeps to the rules of the corpus', async () => {
  const { corpus } = await readCorpus('prisma/corpus')
  const files = [
    await readFile('public/templates/arm-level.csv', 'utf8'),
    csv(changed(1, { n: '' }, changed(0, { n: '' }))),
    csv(changed(1, { mean: '', median: '4' }, changed(0, { mean: '', sd: '', median: '3', q1: '2', q3: '3' }))),
    csv([...trial, ...trial.map((row) => ({ ...row, population: 'Women', timepoint_days: '' }))]),
    csv([...trial, ...trial.map((row) => ({ ...row, outcome_name: 'attacks, by diary', timepoint: 'later', timepoint_days: '' }))]),
  ]
  for (const file of files) {
    const studies = (await studiesOf(file)).map(({ study }) => study)
    expect(crossFileFaults({ ...corpus, studies: [...corpus.studies, ...studies] })).toEqual([])
  }
})
