import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import sql from 'sql-template-tag'
import { rows } from '../../src/database/query.js'
import { everyColumn } from '../../src/intake/armLevel.columns.js'
import { findDrafts } from '../../src/intake/draft.queries.js'
import { startService, type Service } from '../support/service.js'
import { until } from '../support/until.js'

let service: Service
let url: string
beforeAll(async () => {
  service = await startService()
  url = service.database.pool.options.connectionString ?? ''
})
afterAll(() => service.stop())

const env = () => ({ PATH: process.env['PATH'], DATABASE_URL: url })

interface Ended {
  readonly code: number
  readonly output: string
  readonly complaint: string
}

/** Runs the program as a user does; `input` comes on its standard input. */
function run(given: readonly string[], input = ''): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['dist/cli.js', ...given], { env: env(), maxBuffer: 10_000_000 }, (_, output, complaint) =>
      resolve({ code: child.exitCode ?? -1, output, complaint }),
    )
    child.stdin?.end(input)
  })
}

const template = 'public/templates/arm-level.csv'
const tables = 'tests/fixtures/intake/armLevel'

const header = everyColumn.map(({ name }) => name).join(',')
const row = (cells: Readonly<Record<string, string | number>>) => `${everyColumn.map(({ name }) => cells[name] ?? '').join(',')}\n`
/** Two arms with the same number of people, of which only the means and deviations matter. */
const trial = (study: string, [magnesium, placebo]: readonly [number, number], sd: number, n: number, more: Readonly<Record<string, string>> = {}) => {
  const shared = {
    study,
    title: `Trial of ${study}`,
    design: 'RCT_PARALLEL',
    condition: 'migraine',
    outcome: 'migraine-attack-frequency',
    timepoint_days: 84,
    value_kind: 'FINAL',
  }
  const read = { unit: 'attacks', n, sd, source: 'https://example.org', recorded_on: '2026-11-23', ...more }
  return (
    row({ ...shared, ...read, arm: 'magnesium', role: 'MAGNESIUM', form: 'magnesium-citrate', route: 'ORAL', mean: magnesium }) +
    row({ ...shared, ...read, arm: 'placebo', role: 'PLACEBO', mean: placebo })
  )
}

const effectsOf = (identifier: string) =>
  service.ask(
    `query ($identifier: String!) { evidence(filter: { identifiers: [$identifier] }, first: 20) { nodes {
       outcome { slug } comparator { label } form { slug } study { slug } timepointDays effect { measure estimate standardError unit }
     } } }`,
    { identifier },
  )

test('a dry run checks the file, tells what would be kept, and keeps nothing', async () => {
  const { code, output } = await run(['import-results', template, '--dry-run'])
  expect(output).toContain('would be added 2, changed 0, skipped 0, refused 0')
  expect(code).toBe(0)
  expect(await findDrafts(service.database, {})).toEqual([])
})

test('the template becomes drafts that no answer shows, and evidence with its numbers when they are accepted', async () => {
  const imported = await run(['import-results', template, '--by', 'a curator', '--json'])
  expect(JSON.parse(imported.output)).toMatchObject({ dryRun: false, counts: { ADDED: 2, CHANGED: 0, SKIPPED: 0, REFUSED: 0 }, kept: [] })
  expect(await findDrafts(service.database, {})).toMatchObject([
    { kind: 'STUDY', slug: 'example-trial-2023', status: 'DRAFT', source: template, line: 2, importedBy: 'a curator' },
    { kind: 'STUDY', slug: 'example-trial-2024', line: 6 },
  ])
  expect(await effectsOf('10.5555/example.2023')).toEqual({ evidence: { nodes: [] } })

  const accepted = await run(['drafts', 'accept', '--all', '--source', template, '--by', 'a curator'])
  expect(accepted).toMatchObject({ code: 0, complaint: expect.not.stringContaining('Error') })
  const { evidence } = await effectsOf('10.5555/example.2023')
  const frequency = evidence.nodes.find(({ outcome }: { outcome: { slug: string } }) => outcome.slug === 'migraine-attack-frequency')
  expect(frequency).toMatchObject({
    study: { slug: 'example-trial-2023' },
    form: { slug: 'magnesium-citrate' },
    comparator: { label: 'placebo' },
    effect: { measure: 'MD', unit: 'attacks' },
  })
  expect(frequency.effect.estimate).toBeCloseTo(3.1 - 4, 10)
  expect(frequency.effect.standardError).toBeCloseTo(Math.sqrt(1.6 ** 2 / 58 + 1.8 ** 2 / 59), 10)
  const response = evidence.nodes.find(({ outcome }: { outcome: { slug: string } }) => outcome.slug === 'headache-response')
  expect(response.effect).toMatchObject({ measure: 'OR' })
  expect(response.effect.estimate).toBeCloseTo(31 / 29 / (19 / 43), 10)
  // Both doses of the second trial, each against the same placebo.
  expect((await effectsOf('10.5555/example.2024')).evidence.nodes).toHaveLength(2)
})

test('the same file once more is skipped, study by study', async () => {
  const { output, code } = await run(['import-results', template])
  expect(output).toContain('added 0, changed 0, skipped 2, refused 0')
  expect(output).toContain('the known study says all of it')
  expect(code).toBe(0)
})

test('effects that were imported pool as any others do', async () => {
  const file = `${header}\n${trial('Pooled One', [3, 4], 1.5, 50, { doi: '10.5555/one' })}${trial('Pooled Two', [3.5, 4], 1.2, 80, { doi: '10.5555/two' })}`
  expect(await run(['import-results', '-'], file)).toMatchObject({ code: 0 })
  expect(await run(['drafts', 'accept', '--all', '--source', '-'])).toMatchObject({ code: 0 })
  const { synthesis } = await service.ask(
    '{ synthesis(input: { filter: { identifiers: ["10.5555/one", "10.5555/two"] }, measure: MD, model: COMMON_EFFECT }) { k estimate standardError participants } }',
  )
  const [one, two] = [(2 * 1.5 ** 2) / 50, (2 * 1.2 ** 2) / 80]
  expect(synthesis).toMatchObject({ k: 2, participants: 260 })
  expect(synthesis.estimate).toBeCloseTo((-1 / one - 0.5 / two) / (1 / one + 1 / two), 10)
  expect(synthesis.standardError).toBeCloseTo(Math.sqrt(1 / (1 / one + 1 / two)), 10)
})

test('rows of a known study, by its DOI, become a draft that changes that study and nothing that was curated of it', async () => {
  const file = `${header}\n${trial('Somebody 2020', [3, 4], 1.5, 51, { doi: 'https://doi.org/10.5555/ONE' })}${trial('Somebody 2020', [2, 3], 1.4, 50, { doi: 'https://doi.org/10.5555/ONE', timepoint_days: '168' })}`
  const { output } = await run(['import-results', '-', '--json'], file)
  expect(JSON.parse(output)).toMatchObject({ counts: { ADDED: 1 }, entries: [{ subject: 'pooled-one', why: expect.stringContaining('changes pooled-one') }] })
  const [draft] = await findDrafts(service.database, { status: 'DRAFT' })
  expect(draft?.document).toMatchObject({
    slug: 'pooled-one',
    title: 'Trial of Pooled One',
    results: [
      { timepointDays: 84, armResults: [{ n: 51 }, { n: 51 }], alternatives: [{ armResults: [{ n: 50 }, { n: 50 }], source: 'results-1' }] },
      {
        timepointDays: 168,
        armResults: [
          { n: 50, mean: 2 },
          { n: 50, mean: 3 },
        ],
      },
    ],
  })
  const diff = await run(['drafts', 'diff', String(draft?.id)])
  expect(diff).toMatchObject({ code: 0, output: expect.stringContaining('armResults[0].n') })
  expect(await run(['drafts', 'accept', String(draft?.id)])).toMatchObject({ code: 0 })
})

test('a file with faults is not taken: each is told with its line, and the exit code is 1', async () => {
  const file = `${header}\n${trial('Faulty', [3, 4], 1.5, 50)}${trial('Sound', [3, 4], 1.5, 50)}`.replace('migraine,', 'migrane,')
  const plain = await run(['import-results', '-'], file)
  expect(plain).toMatchObject({ code: 1, output: '' })
  expect(plain.complaint).toContain('-: line 2, column condition: must be the slug, code or name of a known condition: did you mean "migraine"')
  expect(plain.complaint).toContain('nothing was kept')
  const json = await run(['import-results', '-', '--json'], file)
  expect([json.code, JSON.parse(json.output)]).toEqual([
    1,
    { areAll: true, faults: [expect.objectContaining({ line: 2, column: 'condition', value: 'migrane' })] },
  ])
  expect(await findDrafts(service.database, { status: 'DRAFT' })).toEqual([])
})

test.each([
  [['import-results', 'nowhere.csv'], 'nowhere.csv cannot be read: there is no such file'],
  [['import-results', 'tests'], 'tests cannot be read: it is a folder'],
  [['import-results', 'package.json'], 'line 1: must name the columns'],
  [['import-results', template, '--delimiter', 'dot'], 'comma, semicolon, tab'],
  [['import-results', template, '--decimal', 'dot'], 'point, comma'],
  [['import-results', `${tables}/windows-1252.csv`], `${tables}/windows-1252.csv: line 2: the bytes are not UTF-8`],
  [
    ['import-results', `${tables}/more-analysed-than-randomised.csv`],
    `${tables}/more-analysed-than-randomised.csv: line 2, column n: must not exceed the 40 randomised`,
  ],
])('%j is refused in a sentence', async (given, said) => {
  const { code, complaint } = await run(given)
  expect(complaint).toContain(said)
  expect(complaint).not.toMatch(/\n\s+at /)
  expect(code).not.toBe(0)
})

test('a table of R with decimal commas is taken, and the report says how it was read', async () => {
  const { code, output, complaint } = await run(['import-results', `${tables}/r-write-csv2.csv`, '--dry-run'])
  expect([code, output]).toEqual([0, expect.stringContaining('would be added 1, changed 0, skipped 0, refused 0')])
  expect(complaint).toContain(`${tables}/r-write-csv2.csv: numbers are read with decimal commas`)
  const { output: json } = await run(['import-results', `${tables}/r-write-csv.csv`, '--dry-run', '--json'])
  expect(JSON.parse(json)).toMatchObject({ notes: ['the first column holds row numbers and is passed over'] })
})

test('an import that is killed while it copies leaves nothing, and can be done again', async () => {
  const child = spawn(process.execPath, ['dist/cli.js', 'import-results', '-'], { env: env(), stdio: ['pipe', 'ignore', 'ignore'] })
  const ended = once(child, 'exit')
  child.stdin.on('error', () => undefined) // what it had not read when it was killed
  const rowsOfMany = Array.from({ length: 20_000 }, (_, index) => trial(`Killed ${index}`, [3, 4], 1.5, 50)).join('')
  child.stdin.write(`${header}\n${rowsOfMany}`) // and no end
  const copying = async () => {
    const [found] = await rows<{ count: number }>(
      service.database,
      sql`SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY arm_level_row%' AND state = 'active'`,
    )
    return (found?.count ?? 0) > 0
  }
  await until(copying)
  child.kill('SIGKILL')
  await ended
  await until(async () => !(await copying()))
  expect(await findDrafts(service.database, { status: 'DRAFT' })).toEqual([])
  const left = await rows(service.database, sql`SELECT relname FROM pg_class WHERE relname LIKE 'arm_level%'`)
  expect(left).toEqual([])
  const again = await run(['import-results', '-'], `${header}\n${trial('Killed 0', [3, 4], 1.5, 50)}`)
  expect(again).toMatchObject({ code: 0, output: expect.stringContaining('added 1, changed 0, skipped 0, refused 0') })
})
