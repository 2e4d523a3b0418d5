import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findDrafts } from '../../src/intake/draft.queries.js'
import type { IntakeReport } from '../../src/intake/report.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'
import { json, listen, type Loopback } from './fetch.loopback.js'

let clone: ClonedDatabase
let loopback: Loopback
let folder: string
beforeAll(async () => {
  clone = await cloneDatabase()
  folder = await mkdtemp(path.join(tmpdir(), 'fetched-'))
  const recorded = (name: string) => JSON.parse(readFileSync(`tests/fixtures/intake/${name}.json`, 'utf8')) as { message?: object }
  const work = recorded('crossref.10.1371_journal.pone.0180067')
  const corrected = { DOI: '10.1371/journal.pone.0999998', type: 'correction', label: 'Correction', updated: { 'date-parts': [[2019, 1, 8]] } }
  const answers: Record<string, unknown> = {
    '/trials/studies/NCT00000101': recorded('NCT00000101'),
    '/pubmed/esummary.fcgi?28654669': recorded('pubmed.28654669'),
    '/epmc/search?DOI:"10.1371/journal.pone.0180067"': recorded('europePmc.28654669'),
    '/epmc/search?DOI:"10.1000/new.one"': { resultList: { result: [] } },
    '/pubmed/esearch.fcgi': { esearchresult: { idlist: [] } },
    '/crossref/works/10.1000%2Fnew.one': {
      message: {
        DOI: '10.1000/NEW.ONE',
        type: 'journal-article',
        title: ['A new trial'],
        author: [{ family: 'Neu', given: 'Anna' }],
        issued: { 'date-parts': [[2025]] },
      },
    },
    '/epmc/search?DOI:"10.1000/retracted.one"': { resultList: { result: [] } },
    '/crossref/works/10.1000%2Fretracted.one': {
      message: {
        DOI: '10.1000/retracted.one',
        type: 'journal-article',
        title: ['A trial that was retracted'],
        author: [{ family: 'Weg', given: 'Anna' }],
        issued: { 'date-parts': [[2024]] },
        'updated-by': [{ DOI: '10.1000/notice', type: 'retraction', label: 'Retraction', updated: { 'date-parts': [[2025, 3, 4]] } }],
      },
    },
    '/crossref/works/10.1371%2Fjournal.pone.0180067': { ...work, message: { ...work.message, 'updated-by': [corrected] } },
  }
  loopback = await listen((url, _, response) => {
    const answer = answers[url.pathname] ?? answers[`${url.pathname}?${url.searchParams.get('id') ?? url.searchParams.get('query') ?? ''}`]
    if (answer === undefined) response.writeHead(url.pathname.startsWith('/trials') ? 404 : 400).end()
    else json(response, answer)
  })
})
afterAll(async () => {
  await loopback.stop()
  await rm(folder, { recursive: true })
  await clone.drop()
})

interface Ended {
  readonly code: number
  readonly output: string
  readonly complaint: string
}

/** Runs the program as a user does, with the services on loopback. */
function run(...given: (string | NodeJS.ProcessEnv)[]): Promise<Ended> {
  const at = (name: string) => `${loopback.url}/${name}`
  const services = { PUBMED_URL: at('pubmed'), EUROPE_PMC_URL: at('epmc'), CROSSREF_URL: at('crossref'), CLINICAL_TRIALS_URL: at('trials') }
  const words = given.filter((part) => typeof part === 'string')
  const env = Object.assign({ PATH: process.env['PATH'], DATABASE_URL: clone.url, ...services }, ...given.filter((part) => typeof part !== 'string'))
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['dist/cli.js', ...words], { env, maxBuffer: 10_000_000 }, (_, output, complaint) =>
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
})

test('a publication is fetched and written as a reference, and what its notices tell is proposed', async () => {
  const file = path.join(folder, 'fetched.ris')
  const { code, output } = await run('fetch', 'https://doi.org/10.1371/journal.pone.0180067', '--write', file)
  expect(output).toContain(
    'Role of magnesium supplementation in the treatment of depression: A randomized clinical trial (2017), from Europe PMC, PubMed, Crossref',
  )
  expect(output).toContain(
    'tarleton-2017/corrected/2019-01-08: CORRECTED on 2019-01-08: Correction: 10.1371/journal.pone.0999998 (Crossref 10.1371/journal.pone.0180067)',
  )
  expect(code).toBe(0)
  expect((await readFile(file, 'utf8')).split('\r\n')).toEqual(expect.arrayContaining(['TY  - JOUR', 'DO  - 10.1371/journal.pone.0180067', 'AN  - 28654669']))
  expect(await findDrafts(clone.database, { kind: 'STATUS_EVENT' })).toMatchObject([
    { slug: 'tarleton-2017/corrected/2019-01-08', document: { publication: 'tarleton-2017', event: { status: 'CORRECTED', date: '2019-01-08' } } },
  ])
})

test('a publication that is not known becomes a draft, one that is what is new of it; asked for again both are skipped', async () => {
  const asked = ['fetch', '10.1000/new.one', '10.1371/journal.pone.0180067', '--json']
  const first = JSON.parse((await run(...asked)).output) as IntakeReport
  expect(first.entries).toMatchObject([
    { outcome: 'ADDED', subject: 'neu-2025', origin: { format: 'Crossref', source: 'https://doi.org/10.1000/new.one' } },
    { subject: expect.stringContaining('arleton') },
    { outcome: 'SKIPPED', subject: 'tarleton-2017/corrected/2019-01-08' },
  ])
  expect(await findDrafts(clone.database, { kind: 'PUBLICATION' })).toMatchObject(
    expect.arrayContaining([
      expect.objectContaining({
        slug: 'neu-2025',
        matched: null,
        document: expect.objectContaining({ title: 'A new trial', doi: '10.1000/new.one', year: 2025 }),
      }),
    ]),
  )
  const second = JSON.parse((await run(...asked)).output) as IntakeReport
  expect(second.counts).toEqual({ ADDED: 0, CHANGED: 0, SKIPPED: 3, REFUSED: 0 })
})

test('a publication that its sources call retracted becomes a draft that says so', async () => {
  const { entries } = JSON.parse((await run('fetch', '10.1000/retracted.one', '--json')).output) as IntakeReport
  expect(entries).toMatchObject([{ outcome: 'ADDED', subject: 'weg-2024' }])
  const drafts = await findDrafts(clone.database, { kind: 'PUBLICATION' })
  expect(drafts.find(({ slug }) => slug === 'weg-2024')?.document).toMatchObject({ statusEvents: [{ status: 'RETRACTED', date: '2025-03-04' }] })
})

test('a check whose sources cannot be reached has checked nothing, and says so in short lines', async () => {
  const closed = 'http://127.0.0.1:9'
  const { code, output, complaint } = await run('check-retractions', { PUBMED_URL: closed, EUROPE_PMC_URL: closed, CROSSREF_URL: closed })
  expect(`${output}${complaint}`).toMatch(/\b0 of \d+ publications/)
  for (const line of `${output}${complaint}`.split('\n')) expect(line.length).toBeLessThan(400)
  expect(code).toBe(1)
})

test('what is no identifier of a publication is refused by name', async () => {
  const { code, output } = await run('fetch', 'magnesium', 'NCT02466087')
  expect(output).toContain('"magnesium" is no DOI, PMID or PMCID')
  expect(output).toContain('NCT02466087 is the number of a registered trial: import-trial takes those of ClinicalTrials.gov')
  expect(output).toContain('added 0, changed 0, skipped 0, refused 2')
  expect(code).toBe(1)
})
