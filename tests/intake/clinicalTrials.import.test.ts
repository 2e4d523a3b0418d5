import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { readTrials, type TrialOutcome } from '../../src/intake/clinicalTrials.import.js'
import { openSources } from '../../src/intake/fetch.sources.js'
import { loadVocabulary } from '../../src/vocabulary/vocabulary.queries.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'
import { json, listen, type Loopback } from './fetch.loopback.js'

const fixture = 'tests/fixtures/intake/NCT00000101.json'

let clone: ClonedDatabase
let folder: string
let loopback: Loopback
let text: string
beforeAll(async () => {
  clone = await cloneDatabase()
  folder = await mkdtemp(path.join(tmpdir(), 'trials-'))
  text = await readFile(fixture, 'utf8')
  loopback = await listen((url, _, response) =>
    url.pathname === '/trials/studies/NCT00000101' ? json(response, JSON.parse(text)) : void response.writeHead(404).end(),
  )
})
afterAll(async () => {
  await loopback.stop()
  await rm(folder, { recursive: true })
  await clone.drop()
})

async function outcomesOf(...inputs: string[]): Promise<TrialOutcome[]> {
  const at = (name: string) => `${loopback.url}/${name}`
  const settings = { pubmedUrl: at('pubmed'), europePmcUrl: at('epmc'), crossrefUrl: at('crossref'), clinicalTrialsUrl: at('trials') }
  const sources = openSources({ contactEmail: null, ncbiApiKey: null, ...settings }, undefined, { clinicalTrials: 1 })
  const vocabulary = await loadVocabulary(clone.database)
  const outcomes: TrialOutcome[] = []
  for await (const outcome of readTrials(inputs, { database: clone.database, vocabulary, sources, today: '2026-11-23' })) outcomes.push(outcome)
  return outcomes
}

async function written(name: string, content: string | Uint8Array): Promise<string> {
  const file = path.join(folder, name)
  await writeFile(file, content)
  return file
}

test('a trial is read from a file or by its number, and is the same', async () => {
  const [fromFile, fromRegistry] = await outcomesOf(fixture, 'nct00000101')
  expect(fromFile).toMatchObject({ source: fixture, kind: 'MAPPED', trial: { nctId: 'NCT00000101' } })
  expect(fromRegistry).toEqual({ ...fromFile, source: 'https://clinicaltrials.gov/study/NCT00000101' })
})

test('a number that the registry does not have is refused', async () => {
  expect(await outcomesOf('NCT99999999')).toEqual([
    { source: 'https://clinicaltrials.gov/study/NCT99999999', kind: 'REFUSED', reasons: ['NCT99999999: ClinicalTrials.gov has no such study'] },
  ])
})

test('a file of a search has many trials; what is wrong with one does not stop the others', async () => {
  const file = await written('search.json', JSON.stringify({ totalCount: 2, studies: [{ protocolSection: {} }, JSON.parse(text)] }))
  expect(await outcomesOf(file)).toMatchObject([
    { source: `${file} studies[0]`, kind: 'REFUSED', reasons: [expect.stringMatching(/protocolSection\.identificationModule/)] },
    { source: `${file} studies[1]`, kind: 'MAPPED' },
  ])
})

test('a trial that the database has as a study is known by its registry id, or by its report', async () => {
  const registered = await written('registered.json', text.replaceAll('NCT00000101', 'NCT02466087'))
  const reported = await written('reported.json', text.replaceAll('99000001', '28654669'))
  expect(await outcomesOf(registered, reported)).toMatchObject([
    { kind: 'KNOWN', known: { study: 'tarleton-2017', by: 'NCT02466087' } },
    { kind: 'KNOWN', known: { study: 'tarleton-2017', by: 'PMID 28654669' } },
  ])
})

test.each<[string, (file: string) => string | Uint8Array, RegExp]>([
  ['truncated.json', (whole) => whole.slice(0, 5_000), /truncated\.json:\d{3}: it breaks off in the middle of its JSON$/],
  ['comma.json', (whole) => whole.replace('"briefTitle":', '"briefTitle"'), /comma\.json:22: it is no JSON: /],
  ['page.json', () => '<!DOCTYPE html><title>ClinicalTrials.gov</title>', /page\.json:1: it is a web page or XML, not JSON/],
  ['latin1.json', (whole) => Buffer.from(whole.replace('Example University', 'Universität'), 'latin1'), /latin1\.json:19: it is not in UTF-8$/],
  ['utf16.json', (whole) => Buffer.from(`\uFEFF${whole}`, 'utf16le'), /it is in UTF-16; save it in UTF-8$/],
  ['packed.json', (whole) => gzipSync(whole), /it is packed by gzip; unpack it first$/],
  ['archive.json', () => Buffer.from('PK\u0003\u0004'), /it is a zip archive; unpack it first$/],
  ['empty.json', () => ' \n', /it is empty$/],
])('%s is refused with its line', async (name, content, reason) => {
  const [outcome] = await outcomesOf(await written(name, content(text)))
  expect(outcome).toMatchObject({ kind: 'REFUSED', reasons: [expect.stringMatching(reason)] })
})

test('a byte order mark is no fault; a file that is not there is', async () => {
  expect(await outcomesOf(await written('mark.json', `\uFEFF${text}`))).toMatchObject([{ kind: 'MAPPED' }])
  expect(await outcomesOf('nowhere.json')).toEqual([
    { source: 'nowhere.json', kind: 'REFUSED', reasons: ['nowhere.json cannot be read: there is no such file'] },
  ])
})
