import { newChanges } from '../../src/intake/retractions.js'
import { checkRetractions, type CheckedBatch } from '../../src/intake/retractions.js'
import type { Patience } from '../../src/intake/fetch.js'
import { openSources, type Sources } from '../../src/intake/fetch.sources.js'
import type { Notice } from '../../src/intake/retractions.notices.js'
import { countPublicationsToCheck, type CheckedPublication } from '../../src/intake/retractions.queries.js'
import { rows } from '../../src/database/query.js'
import sql from 'sql-template-tag'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'
import { json, listen, type Loopback } from './fetch.loopback.js'

const patience: Patience = { attempts: 1, timeoutMs: 5_000, firstPauseMs: 1, longestPauseMs: 1, maximumBytes: 1_000_000 }
const tarleton = { slug: 'tarleton-2017', doi: '10.1371/journal.pone.0180067', pmid: '28654669' }

let clone: ClonedDatabase
let loopback: Loopback
let sources: Sources
/** What the services know: notices by DOI and by PMID; null for a service that is down. */
let crossref: Record<string, object[]> | null
let pubmed: Record<string, object> | null

beforeAll(async () => {
  clone = await cloneDatabase()
  loopback = await listen((url, _, response) => {
    if (url.pathname.startsWith('/pubmed/')) {
      if (pubmed === null) return void response.writeHead(400).end()
      const uids = (url.searchParams.get('id') ?? '').split(',')
      return json(response, { result: { uids, ...Object.fromEntries(uids.map((uid) => [uid, { uid, ...pubmed?.[uid] }])) } })
    }
    if (crossref === null) return void response.writeHead(400).end()
    const single = decodeURIComponent(url.pathname.replace('/crossref/works', '').slice(1))
    const dois = single === '' ? (url.searchParams.get('filter') ?? '').split(',').map((part) => part.replace(/^doi:/, '')) : [single]
    const works = dois.map((doi) => ({ DOI: doi.toUpperCase(), 'updated-by': crossref?.[doi] ?? [] }))
    json(response, { message: single === '' ? { items: works } : works[0] })
  })
  sources = openSources(
    {
      contactEmail: null,
      ncbiApiKey: 'key',
      pubmedUrl: `${loopback.url}/pubmed`,
      europePmcUrl: `${loopback.url}/epmc`,
      crossrefUrl: `${loopback.url}/crossref`,
      clinicalTrialsUrl: `${loopback.url}/trials`,
    },
    patience,
    { crossrefLists: 1, crossref: 1, pubmed: 1 },
  )
})
afterAll(async () => {
  await loopback.stop()
  await clone.drop()
})
beforeEach(() => {
  crossref = {}
  pubmed = {}
  loopback.asked.length = 0
})

async function checked(): Promise<CheckedBatch[]> {
  const batches: CheckedBatch[] = []
  for await (const batch of checkRetractions(clone.database, sources)) batches.push(batch)
  return batches
}

test('every publication with a DOI or a PMID is asked about, once, many in one request', async () => {
  const batches = await checked()
  const total = await countPublicationsToCheck(clone.database)
  expect(batches.reduce((sum, { publications }) => sum + publications, 0)).toBe(total)
  const identified = await rows<{ doi: string | null; pmid: string | null }>(clone.database, sql`SELECT doi, pmid FROM publication`)
  const asked = loopback.asked.map((path) => new URL(path, 'http://loopback'))
  const pmids = asked.flatMap((url) => url.searchParams.get('id')?.split(',') ?? [])
  const dois = asked.flatMap((url) => url.searchParams.get('filter')?.split(',') ?? [])
  expect([...pmids].sort()).toEqual(identified.flatMap(({ pmid }) => pmid ?? []).sort())
  expect(dois.length + asked.filter((url) => url.pathname.startsWith('/crossref/works/')).length).toBe(identified.filter(({ doi }) => doi !== null).length)
  expect(loopback.asked.length).toBeLessThan(total / 5)
  expect(batches.flatMap(({ changes }) => changes)).toEqual([])
})

test('a retraction that Crossref and PubMed tell is one change of the publication', async () => {
  crossref = { [tarleton.doi]: [{ DOI: '10.1371/journal.pone.0999999', type: 'retraction', label: 'Retraction', updated: { 'date-parts': [[2026, 5, 4]] } }] }
  pubmed = {
    [tarleton.pmid]: {
      pubtype: ['Retracted Publication'],
      references: [{ reftype: 'Retraction in', refsource: 'PLoS One. 2026 May;21(5):e1', pmid: '99999999' }],
    },
  }
  expect((await checked()).flatMap(({ changes }) => changes)).toEqual([
    {
      publication: 'tarleton-2017',
      slug: 'retracted',
      event: {
        status: 'RETRACTED',
        date: '2026-05-04',
        note: 'Retraction / Retraction in: 10.1371/journal.pone.0999999; PMID 99999999',
        source: 'Crossref 10.1371/journal.pone.0180067, PubMed 28654669',
      },
    },
  ])
})

test('corrections that the database knows are not told again', async () => {
  const [known] = await rows<{ doi: string; pmid: string }>(clone.database, sql`SELECT doi, pmid FROM publication WHERE slug = 'collab-eclampsia-1995'`)
  pubmed = { [known?.pmid ?? '']: { references: [{ reftype: 'Erratum in', refsource: 'Lancet 1995 Jul 22;346(8969):258' }] } }
  expect((await checked()).flatMap(({ changes }) => changes)).toEqual([])
})

test('a source that is down is named, and the others go on telling', async () => {
  crossref = null
  pubmed = { [tarleton.pmid]: { pubtype: ['Retracted Publication'] } }
  const batches = await checked()
  expect(batches.flatMap(({ changes }) => changes)).toMatchObject([{ publication: 'tarleton-2017', event: { status: 'RETRACTED' } }])
  expect(batches[0]?.unread[0]).toMatch(/^Crossref refuses the request: .*: status 400$/)
})

const notice = (changes: Partial<Notice>): Notice => ({
  of: { doi: tarleton.doi, pmid: null },
  status: 'RETRACTED',
  date: null,
  kind: 'Retraction',
  notice: null,
  source: 'Crossref',
  ...changes,
})

test.each<[string, CheckedPublication['events'], Partial<Notice>, number]>([
  ['a retraction after a correction', [{ status: 'CORRECTED', date: '2018-01-01' }], {}, 1],
  ['a retraction already known', [{ status: 'RETRACTED', date: '2018-01-01' }], { date: '2019-02-02' }, 0],
  ['a correction of another year', [{ status: 'CORRECTED', date: '2018-01-01' }], { status: 'CORRECTED', date: '2020-03' }, 1],
  ['a correction of the same year', [{ status: 'CORRECTED', date: '2018-01-01' }], { status: 'CORRECTED', date: '2018-03' }, 0],
  ['a reinstatement', [{ status: 'RETRACTED', date: '2018-01-01' }], { status: 'CURRENT', date: '2019-01-01' }, 1],
])('%s is new %s', (_, events, changes, count) => {
  expect(newChanges([{ ...tarleton, events }], [notice(changes)])).toHaveLength(count)
})

test.each<[string, [status: string, date: string | null][], string]>([
  [
    'a retraction of an unknown day outlasts a dated correction',
    [
      ['RETRACTED', null],
      ['CORRECTED', '2020-01-01'],
    ],
    'RETRACTED',
  ],
  [
    'a retraction outlasts a later correction',
    [
      ['RETRACTED', '2019-01-01'],
      ['CORRECTED', '2020-01-01'],
    ],
    'RETRACTED',
  ],
  [
    'a later reinstatement ends a retraction',
    [
      ['RETRACTED', '2019-01-01'],
      ['CURRENT', '2020-01-01'],
    ],
    'CURRENT',
  ],
  [
    'an earlier reinstatement does not',
    [
      ['CURRENT', '2018-01-01'],
      ['RETRACTED', '2019-01-01'],
    ],
    'RETRACTED',
  ],
  [
    'without a retraction the last event is the status',
    [
      ['CONCERN', '2019-01-01'],
      ['CORRECTED', '2020-01-01'],
    ],
    'CORRECTED',
  ],
])('%s', async (_, events, status) => {
  await rows(clone.database, sql`DELETE FROM publication_status_event WHERE publication_id = (SELECT id FROM publication WHERE slug = 'tarleton-2017')`)
  for (const [position, [told, date]] of events.entries())
    await rows(
      clone.database,
      sql`INSERT INTO publication_status_event (publication_id, position, status, occurred_on, source)
        SELECT id, ${position}::int, ${told}::publication_status, ${date}::date, 'test' FROM publication WHERE slug = 'tarleton-2017'`,
    )
  const [found] = await rows<{ status: string }>(
    clone.database,
    sql`SELECT status FROM study_status JOIN study s ON s.id = study_id WHERE s.slug = 'tarleton-2017'`,
  )
  expect(found?.status).toBe(status)
})
