import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { findDrafts } from '../../src/intake/draft.queries.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'
import { json, listen, type Loopback } from './fetch.loopback.js'

let clone: ClonedDatabase
let loopback: Loopback
beforeAll(async () => {
  clone = await cloneDatabase()
  const trial = JSON.parse(readFileSync('tests/fixtures/intake/NCT00000101.json', 'utf8')) as unknown
  loopback = await listen((url, _, response) =>
    url.pathname === '/trials/studies/NCT00000101' ? json(response, trial) : void response.writeHead(url.pathname.startsWith('/trials') ? 404 : 400).end(),
  )
})
afterAll(async () => {
  await loopback.stop()
  await clone.drop()
})

interface Ended {
  readonly code: number
  readonly output: string
  readonly complaint: string
}

/** Runs the program as a user does, with the services on loopback. */
function run(...given: string[]): Promise<Ended> {
  const at = (name: string) => `${loopback.url}/${name}`
  const services = { PUBMED_URL: at('pubmed'), EUROPE_PMC_URL: at('epmc'), CROSSREF_URL: at('crossref'), CLINICAL_TRIALS_URL: at('trials') }
  const env = { PATH: process.env['PATH'], DATABASE_URL: clone.url, ...services }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['dist/cli.js', ...given], { env, maxBuffer: 10_000_000 }, (_, output, complaint) =>
      resolve({ code: child.exitCode ?? -1, output, complaint }),
    )
  })
}

test('a dry run tells what a trial would become and what is left out, and keeps nothing', async () => {
  const { code, output } = await run('import-trial', 'NCT00000101', '--dry-run')
  expect(output).toContain(
    'NCT00000101: Magnesium Oxide for Depression (Invented Example): 2 arms, 4 results, 2 publications\n  left out: outcome "Serum Zinc"',
  )
  expect(output).toContain('would be added 1, changed 0, skipped 0, refused 0')
  expect(code).toBe(0)
  expect(await findDrafts(clone.database, {})).toEqual([])
})

test('a trial is kept as a draft, and skipped the second time', async () => {
  const { code, output } = await run('import-trial', 'NCT00000101', '--by', 'a curator', '--json')
  expect(JSON.parse(output)).toMatchObject({
    dryRun: false,
    counts: { ADDED: 1, CHANGED: 0, SKIPPED: 0, REFUSED: 0 },
    entries: [{ outcome: 'ADDED', subject: 'nct00000101', origin: { format: 'ClinicalTrials.gov', source: 'https://clinicaltrials.gov/study/NCT00000101' } }],
    leftOut: [{ trial: 'NCT00000101', what: expect.arrayContaining([expect.stringContaining('Serum Zinc')]) }],
  })
  expect(code).toBe(0)
  expect(await findDrafts(clone.database, {})).toMatchObject([{ kind: 'STUDY', slug: 'nct00000101', status: 'DRAFT', importedBy: 'a curator' }])
  const again = await run('import-trial', 'tests/fixtures/intake/NCT00000101.json')
  expect(again).toMatchObject({ code: 0, output: expect.stringContaining('added 0, changed 0, skipped 1, refused 0') })
})

test('what is refused is named, and the exit code says so; what can be taken is', async () => {
  const { code, output } = await run('import-trial', 'NCT99999999', 'tests/fixtures/intake/NCT00000102.json', 'tests/fixtures/intake/pubmed.28654669.json')
  expect(output).toContain('NCT99999999: ClinicalTrials.gov has no such study')
  expect(output).toContain("not a study of ClinicalTrials.gov's API of version 2: protocolSection")
  expect(output).toContain('added 1, changed 0, skipped 0, refused 2')
  expect(code).toBe(1)
})

test('a condition that nobody knows is refused before anything is asked', async () => {
  loopback.asked.length = 0
  const { code, complaint } = await run('import-trial', 'NCT00000101', '--condition', 'migrane')
  expect(complaint).toContain('--condition must be the slug, code or name of a known condition, got "migrane"')
  expect(code).toBe(1)
  expect(loopback.asked).toEqual([])
})

test('a check that could not ask says so in its exit code, and in JSON on standard output alone', async () => {
  const { code, output } = await run('check-retractions', '--json')
  const report = JSON.parse(output) as { unread: string[]; publications: number }
  expect(report.publications).toBeGreaterThan(100)
  expect(report.unread[0]).toMatch(/(PubMed|Crossref) refuses the request/)
  expect(code).toBe(1)
}, 60_000)
