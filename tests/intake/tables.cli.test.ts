import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findDrafts } from '../../src/intake/draft.queries.js'
import type { TablesPlan } from '../../src/intake/tables/plan.js'
import { tablesErrorCodes } from '../../src/intake/tables/error.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'
import { rows } from '../../src/database/query.js'
import sql from 'sql-template-tag'
import { json, listen, type Loopback } from './fetch.loopback.js'

let clone: ClonedDatabase
let loopback: Loopback
let folder: string
const article = (name: string) => readFileSync(`tests/fixtures/jats/${name}.xml`, 'utf8')

beforeAll(async () => {
  clone = await cloneDatabase()
  folder = await mkdtemp(path.join(tmpdir(), 'tables-'))
  // As Europe PMC answers: XML of what is open access, 404 of everything else, and its search tells which of the two it is.
  loopback = await listen((url, _, response) => {
    const xml = (body: string) => response.writeHead(200, { 'content-type': 'application/xml' }).end(body)
    if (url.pathname === '/PMC1000001/fullTextXML') return xml(article('nested-times'))
    if (url.pathname === '/PMC1000002/fullTextXML') return xml(article('plain').slice(0, -200))
    if (url.pathname === '/PMC1000003/fullTextXML')
      return response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><html><body>Maintenance</body></html>')
    if (url.pathname === '/search') {
      const isKnown = url.searchParams.get('query') === 'PMCID:PMC1000004'
      return json(response, { resultList: { result: isKnown ? [{ id: '1', source: 'MED', pmcid: 'PMC1000004', title: 'A closed paper' }] : [] } })
    }
    return response.writeHead(404).end()
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

const run = (given: readonly string[], europePmc?: string) => command(['import-tables', ...given], europePmc)

/** Runs the program as a curator does, with Europe PMC on loopback. */
function command(given: readonly string[], europePmc = loopback.url): Promise<Ended> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: clone.url, EUROPE_PMC_URL: europePmc }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['dist/cli.js', ...given], { env, maxBuffer: 10_000_000 }, (_, output, complaint) =>
      resolve({ code: child.exitCode ?? -1, output, complaint }),
    )
  })
}

const confirmed = ['--condition', 'depression', '--confirm', '--by', 'a curator']

test('an article is listed with its arms, results and effects, and nothing is kept', async () => {
  const { code, output } = await run(['PMC1000001'])
  expect(output).toContain('[x] Table 2, PHQ-9, Week 6 (day 42): depressive-symptoms by phq-9, FINAL')
  expect(output).toContain('Magnesium (n = 30): MAGNESIUM')
  // 9.1 − 11.4, its interval by the standard error √(3.2²/30 + 3.5²/29)
  expect(output).toContain('PHQ-9, Magnesium against Placebo: MD -2.3 (-4.01 to -0.587), coherence PASS')
  expect(output).toContain('nothing is kept without --confirm')
  expect(code).toBe(0)
  expect(await findDrafts(clone.database, {})).toEqual([])
})

test('what is confirmed becomes a draft with table and cells as its place, and its effect is found after acceptance', async () => {
  const { code, output } = await run(['PMC1000001', '--row', 'PHQ-9', ...confirmed])
  expect(output).toContain('added 1, changed 0, skipped 0, refused 0')
  expect(code).toBe(0)
  const [draft] = await findDrafts(clone.database, {})
  expect(draft).toMatchObject({
    kind: 'STUDY',
    slug: 'example-2024',
    importedBy: 'a curator',
    format: 'tables of a full text',
    source: 'https://doi.org/10.5555/nested-times',
    document: {
      design: 'RCT_PARALLEL',
      results: [
        {
          outcome: 'depressive-symptoms',
          instrument: 'phq-9',
          timepointDays: 42,
          armResults: [{ n: 30, mean: 9.1, sd: 3.2, baselineMean: 14, baselineSd: 4 }, { n: 29 }],
        },
      ],
      sources: { 'results-1': { locator: 'Table 2, row "PHQ-9", columns "Magnesium (n = 30), Week 6" and "Placebo (n = 29), Week 6"' } },
    },
  })
  expect(await command(['drafts', 'accept', String(draft?.id)])).toMatchObject({ code: 0 })
  const found = await rows<{ estimate: number }>(
    clone.database,
    sql`SELECT e.estimate FROM effect e JOIN result r ON r.id = e.result_id JOIN study s ON s.id = r.study_id WHERE s.slug = 'example-2024' AND e.is_default`,
  )
  expect(found.map(({ estimate }) => estimate)).toEqual([expect.closeTo(-2.3, 10)])
})

test('a plan is printed, edited and confirmed', async () => {
  const printed = await run([`tests/fixtures/jats/sections.xml`, '--json', '--condition', 'hypertension'])
  const plan = JSON.parse(printed.output) as TablesPlan & { effects: unknown[] }
  expect(plan.results.map(({ outcome, take }) => ({ outcome, take }))).toEqual([
    { outcome: 'systolic-blood-pressure', take: true },
    { outcome: 'diastolic-blood-pressure', take: true },
  ])
  const file = path.join(folder, 'plan.json')
  const edited = {
    ...plan,
    results: plan.results.slice(0, 1).map((result) => ({ ...result, arms: result.arms.map((arm) => ({ ...arm, values: { ...arm.values, n: '40' } })) })),
  }
  await writeFile(file, JSON.stringify(edited))
  const dry = await run(['--plan', file, '--confirm', '--dry-run', '--json'])
  expect(JSON.parse(dry.output)).toMatchObject({ dryRun: true, counts: { ADDED: 1 }, effects: [{ measure: 'MD', estimate: -8, coherence: 'PASS' }] })
  const before = (await findDrafts(clone.database, {})).length
  const { code } = await run(['--plan', file, '--confirm'])
  expect(code).toBe(0)
  expect((await findDrafts(clone.database, {})).length).toBe(before + 1)
})

test('numbers that cannot be are told at their cell, and nothing is kept', async () => {
  const file = path.join(folder, 'impossible.xml')
  await writeFile(file, article('counts').replace('3 (10%)', '33 (110%)').replace('10.5555/counts', '10.5555/impossible'))
  const before = (await findDrafts(clone.database, {})).length
  const { code, complaint } = await run([file, ...confirmed])
  expect(complaint).toContain('Table 2, row "Nausea", Magnesium, events: must not exceed n, got "33"')
  expect(complaint).toContain('nothing was kept')
  expect(code).toBe(1)
  expect((await findDrafts(clone.database, {})).length).toBe(before)
})

const bad: readonly (readonly [code: keyof typeof tablesErrorCodes, given: readonly string[], content?: string | Buffer])[] = [
  ['UNKNOWN_PMCID', ['PMC9999999']],
  ['NOT_OPEN_ACCESS', ['PMC1000004']],
  ['NOT_AN_ARTICLE', ['no-such-file.xml']],
  ['NOT_AN_ARTICLE', ['3703169']],
  ['NOT_AN_ARTICLE', []],
  ['UNREADABLE_FILE', ['tests']],
  ['NOT_XML', ['FILE'], 'hello'],
  ['NOT_XML', ['FILE'], Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0xfe])],
  ['NOT_XML', ['FILE'], '<!DOCTYPE article [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><article>&b;</article>'],
  ['NOT_XML', ['FILE'], '<!DOCTYPE article [<!ENTITY a SYSTEM "file:///etc/hostname">]><article>&a;</article>'],
  ['TOO_LARGE', ['FILE'], `${'<a>'.repeat(300)}${'</a>'.repeat(300)}`],
  ['TOO_LARGE', ['FILE'], Buffer.alloc(33_554_433, ' ')],
  ['WEB_PAGE', ['FILE'], '<!doctype html><html><body>Sign in</body></html>'],
  ['NOT_JATS', ['FILE'], '<rss><channel/></rss>'],
  ['NO_TABLES', ['FILE'], '<article><front><article-meta/></front><body><p>Words.</p></body></article>'],
  ['BAD_PLAN', ['--plan', 'FILE'], '{"plan": 2}'],
  ['BAD_PLAN', ['--plan', 'FILE'], 'plan'],
  ['UNKNOWN_CHOICE', ['tests/fixtures/jats/plain.xml', '--table', '7']],
  ['UNKNOWN_CHOICE', ['tests/fixtures/jats/plain.xml', '--arm', 'Zinc=PLACEBO']],
  ['NOTHING_TO_KEEP', ['tests/fixtures/jats/standard-errors.xml', '--table', '3', '--confirm', '--condition', 'depression']],
]

test.each(bad.map(([expected, given, content]) => ({ expected, given, content })))('$expected: $given', async ({ expected, given, content }) => {
  const file = path.join(folder, 'bad')
  if (content !== undefined) await writeFile(file, content)
  const { code, output } = await run([...given.map((one) => (one === 'FILE' ? file : one)), '--json'])
  expect(JSON.parse(output)).toEqual({ error: { code: expected, message: expect.any(String) } })
  expect(code).toBe(1)
})

test.each(['PMC1000002', 'PMC1000003'])('what breaks off, and a page of the web, are asked for again and then told: %s', async (pmcid) => {
  const { code, complaint } = await run([pmcid])
  expect(complaint).toMatch(/Europe PMC cannot be read, tried 4 times: .*(breaks off|a web page came instead of XML).*\(UNREACHABLE\)/)
  expect(code).toBe(1)
})

test('a network that is down is told', async () => {
  const { code, complaint } = await run(['PMC1000001'], 'http://127.0.0.1:9')
  expect(complaint).toContain('(UNREACHABLE)')
  expect(code).toBe(1)
})

test('the documentation lists every code', async () => {
  const documented = await readFile('docs/importing-tables.md', 'utf8')
  expect(Object.entries(tablesErrorCodes).filter(([code, meaning]) => !documented.includes(`| \`${code}\` | ${meaning} |`))).toEqual([])
})
