import { rejectDrafts } from '../../src/intake/curation.js'
import { findDrafts } from '../../src/intake/draft.queries.js'
import { usualPatience } from '../../src/intake/fetch.js'
import { openSources, type Sources } from '../../src/intake/fetch.sources.js'
import { addSearch, removeSearch, runLines, runSearches, type SearchRun, type WatchOptions } from '../../src/intake/watch.js'
import { findSearches } from '../../src/intake/watch.queries.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'
import { json, listen, type Loopback } from './fetch.loopback.js'

let clone: ClonedDatabase
let loopback: Loopback
let sources: Sources
/** What PubMed finds, by the query; text is an error of the search. */
let found: Record<string, { pmids: string[]; count?: number; ignored?: string[] } | { answer: unknown; status?: number }>
/** PMIDs whose summary cannot be read. */
let broken: Set<string>
beforeAll(async () => {
  clone = await cloneDatabase()
  loopback = await listen((url, _, response) => {
    const parameter = (name: string) => url.searchParams.get(name) ?? ''
    if (url.pathname === '/pubmed/esearch.fcgi') {
      const known = found[parameter('term')] ?? { pmids: [] }
      if ('answer' in known) return json(response, known.answer, known.status)
      const [start, size] = [Number(parameter('retstart')), Number(parameter('retmax'))]
      const errorlist = known.ignored === undefined ? {} : { errorlist: { phrasesnotfound: known.ignored, fieldsnotfound: [] } }
      return json(response, {
        esearchresult: { count: String(known.count ?? known.pmids.length), idlist: known.pmids.slice(start, start + size), ...errorlist },
      })
    }
    if (url.pathname === '/pubmed/esummary.fcgi') {
      const pmid = parameter('id')
      if (broken.has(pmid)) return json(response, {}, 400)
      return json(response, {
        result: { uids: [pmid], [pmid]: { uid: pmid, title: `A trial called ${pmid}.`, pubdate: '2026 Nov 3', authors: [{ name: `Author${pmid} A` }] } },
      })
    }
    if (url.pathname === '/epmc/search') return json(response, { resultList: { result: [] } })
    response.writeHead(404).end()
  })
  const at = (name: string) => `${loopback.url}/${name}`
  sources = openSources(
    {
      contactEmail: 'curator@example.org',
      ncbiApiKey: null,
      pubmedUrl: at('pubmed'),
      europePmcUrl: at('epmc'),
      crossrefUrl: at('crossref'),
      clinicalTrialsUrl: at('trials'),
    },
    { ...usualPatience, attempts: 1, firstPauseMs: 1 },
    { pubmed: 0, europePmc: 0, crossref: 0, crossrefLists: 0 },
  )
})
afterAll(async () => {
  await loopback.stop()
  await clone.drop()
})
beforeEach(async () => {
  ;[found, broken] = [{}, new Set()]
  await clone.database.pool.query('DELETE FROM saved_search; DELETE FROM draft')
  loopback.asked.length = 0
})

const add = (query: string, since: string | null = null) => addSearch(clone.database, sources, { query, since, by: null })
const run = async (options: WatchOptions = {}): Promise<SearchRun[]> => {
  const runs: SearchRun[] = []
  for await (const one of runSearches(clone.database, sources, await findSearches(clone.database), options)) runs.push(one)
  return runs
}
const pmidsOf = async () => (await findDrafts(clone.database, {})).map(({ document }) => document['pmid']).sort()
const pmids = (from: number, count: number) => Array.from({ length: count }, (_, index) => String(from + index))

test('new records become drafts once; the next run asks for what came since, and for no record again', async () => {
  found['magnesium'] = { pmids: ['90000001', '90000002'] }
  expect(await add(' magnesium ')).toEqual({ id: expect.any(Number), count: 2, ignored: [] })
  expect(await run()).toMatchObject([{ found: 2, unseen: 2, known: 0, left: 0, failures: [], counts: { ADDED: 2, CHANGED: 0, SKIPPED: 0, REFUSED: 0 } }])
  found['magnesium'] = { pmids: ['90000003', '90000001', '90000002'] }
  loopback.asked.length = 0
  expect(await run()).toMatchObject([{ found: 3, unseen: 1, counts: { ADDED: 1 } }])
  expect(loopback.asked.filter((path) => path.includes('esummary')).map((path) => new URL(path, 'http://x').searchParams.get('id'))).toEqual(['90000003'])
  expect(await run()).toMatchObject([{ found: 3, unseen: 0, counts: { ADDED: 0 }, entries: [] }])
  expect(await pmidsOf()).toEqual(['90000001', '90000002', '90000003'])
  expect(await findSearches(clone.database)).toMatchObject([{ query: 'magnesium', seen: 3, runAt: expect.any(Date) }])
})

test('what is known, rejected or brought by another search is not proposed, and nobody is asked about it', async () => {
  found['one'] = { pmids: ['28654669', '90000011'] } // the first is tarleton-2017
  found['two'] = { pmids: ['90000011'] }
  await add('one')
  expect(await run()).toMatchObject([{ unseen: 2, known: 1, counts: { ADDED: 1 } }])
  const [draft] = await findDrafts(clone.database, {})
  await rejectDrafts(clone.database, [draft?.id ?? 0], { by: null, note: 'not a trial' })
  await add('two')
  loopback.asked.length = 0
  expect(await run()).toMatchObject([
    { search: expect.any(Number), unseen: 0 },
    { unseen: 1, known: 1, counts: { ADDED: 0 } },
  ])
  expect(loopback.asked.every((path) => path.includes('esearch'))).toBe(true)
  expect(await findDrafts(clone.database, { status: 'DRAFT' })).toEqual([])
})

test('a search that fails says so and leaves the others; a record that cannot be read is asked for again', async () => {
  found['fails'] = { pmids: ['90000020'] }
  found['works'] = { pmids: ['90000021', '90000022'] }
  await add('fails')
  await add('works')
  found['fails'] = { answer: { esearchresult: { ERROR: 'Search Backend failed: timed out' } } }
  broken = new Set(['90000022'])
  const [fails, works] = await run()
  expect(fails).toMatchObject({ found: null, failures: ['PubMed refuses the search: Search Backend failed: timed out'] })
  expect(works).toMatchObject({ found: 2, counts: { ADDED: 1 }, failures: [expect.stringMatching(/90000022/)] })
  broken = new Set()
  expect((await run())[1]).toMatchObject({ unseen: 1, counts: { ADDED: 1 }, failures: [] })
  expect(await pmidsOf()).toEqual(['90000021', '90000022'])
})

test.each<[string, { answer: unknown; status?: number }, RegExp]>([
  ['an error of the search', { answer: { esearchresult: { ERROR: 'Invalid db name' } } }, /PubMed refuses the search: Invalid db name/],
  ['an error of the service', { answer: { error: 'API key invalid', 'api-key': 'x' } }, /PubMed refuses the search: API key invalid/],
  ['too many requests', { answer: { error: 'API rate limit exceeded', count: '4' }, status: 429 }, /PubMed cannot be read.*status 429/],
  ['no count', { answer: { esearchresult: { idlist: [] } } }, /count is missing/],
])('%s is told, and no search is saved', async (_, answer, message) => {
  found['query'] = answer
  await expect(add('query')).rejects.toThrow(message)
  expect(await findSearches(clone.database)).toEqual([])
})

test.each<[string, string, RegExp]>([
  ['nothing', '  ', /the query is empty/],
  ['what is too long', 'x'.repeat(2_001), /has 2001 characters, at most 2000/],
  ['what finds too much', 'everything', /finds 40000 records, and PubMed gives at most 9999/],
  ['what is saved already', 'twice', /is saved already/],
])('%s is refused', async (_, query, message) => {
  found['everything'] = { pmids: [], count: 40_000 }
  await add('twice')
  await expect(add(query)).rejects.toThrow(message)
  expect(await findSearches(clone.database)).toHaveLength(1)
})

test('a search that has grown too wide is told of, and nothing of it is taken', async () => {
  await add('grows')
  found['grows'] = { pmids: pmids(90_001_000, 5), count: 40_000 }
  const [grown] = await run()
  expect(grown).toMatchObject({ found: 40_000, unseen: 0, failures: [expect.stringContaining('narrow it')] })
  expect(await findDrafts(clone.database, {})).toEqual([])
})

test('more than a page is read page by page, and more new records than the limit are left to the next run, which is said', async () => {
  found['many'] = { pmids: pmids(90_002_000, 2_100) }
  await add('many')
  loopback.asked.length = 0
  const [first] = await run({ limit: 3 })
  expect(loopback.asked.filter((path) => path.includes('esearch')).map((path) => new URL(path, 'http://x').searchParams.get('retstart'))).toEqual([
    '0',
    '1000',
    '2000',
  ])
  expect(first).toMatchObject({ found: 2_100, unseen: 2_100, left: 2_097, counts: { ADDED: 3 } })
  if (first !== undefined) expect(runLines(first, false).at(-1)).toBe('  2097 more are left to the next run (--limit)')
  expect(await run({ limit: 2 })).toMatchObject([{ unseen: 2_097, left: 2_095, counts: { ADDED: 2 } }])
})

test('a dry run keeps nothing and forgets what it saw', async () => {
  found['dry'] = { pmids: ['28654669', '90003000'] }
  await add('dry')
  expect(await run({ dryRun: true })).toMatchObject([{ known: 1, counts: { ADDED: 1 } }])
  expect(await findDrafts(clone.database, {})).toEqual([])
  expect(await findSearches(clone.database)).toMatchObject([{ seen: 0, runAt: null }])
})

test('only records since a day are asked for, with who asks; parts that PubMed does not know are told', async () => {
  found['magnesum'] = { pmids: [], ignored: ['magnesum'] }
  expect(await add('magnesum', '2026-01-31')).toMatchObject({ count: 0, ignored: ['magnesum'] })
  const asked = new URL(loopback.asked[0] ?? '', 'http://x').searchParams
  expect(Object.fromEntries(asked)).toMatchObject({
    datetype: 'edat',
    mindate: '2026/01/31',
    term: 'magnesum',
    email: 'curator@example.org',
    tool: 'magnesium-evidence',
  })
  expect(await run()).toMatchObject([{ ignored: ['magnesum'] }])
})

test('a removed search is forgotten with what it brought; its drafts stay', async () => {
  found['gone'] = { pmids: ['90004000'] }
  const { id } = await add('gone')
  await run()
  expect(await removeSearch(clone.database, id)).toBe('gone')
  await expect(removeSearch(clone.database, id)).rejects.toThrow(`there is no search ${id}`)
  expect(await pmidsOf()).toEqual(['90004000'])
  await add('gone')
  expect(await run()).toMatchObject([{ unseen: 1, known: 1, counts: { ADDED: 0 } }])
})

test('two runs at once propose each record once', async () => {
  found['twice at once'] = { pmids: pmids(90_005_000, 4) }
  await add('twice at once')
  await Promise.all([run(), run()])
  expect(await pmidsOf()).toEqual(pmids(90_005_000, 4))
})
