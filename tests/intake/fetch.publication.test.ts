import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import type { Patience } from '../../src/intake/fetch.js'
import { fetchPublication } from '../../src/intake/fetch.publication.js'
import { openSources, type Sources } from '../../src/intake/fetch.sources.js'
import { json, listen, type Loopback } from './fetch.loopback.js'

const patience: Patience = { attempts: 2, timeoutMs: 60_000, firstPauseMs: 5, longestPauseMs: 20, maximumBytes: 100_000 }
const doi = '10.1371/journal.pone.0180067'

// Answers are edited field by field below; their shapes are those of the services, not ours.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Recorded = any
const recorded = (name: string): Recorded => JSON.parse(readFileSync(`tests/fixtures/intake/${name}.json`, 'utf8')) as Recorded

let answers: { pubmed: Recorded; europePmc: Recorded; crossref: Recorded }
let loopback: Loopback
let sources: Sources

beforeEach(async () => {
  answers = { pubmed: recorded('pubmed.28654669'), europePmc: recorded('europePmc.28654669'), crossref: recorded('crossref.10.1371_journal.pone.0180067') }
  const given = (response: ServerResponse, answer: Recorded) =>
    answer === null ? response.writeHead(404).end() : typeof answer === 'number' ? response.writeHead(answer).end() : json(response, answer)
  loopback = await listen((url, _, response) => {
    if (url.pathname.startsWith('/pubmed/esearch')) json(response, { esearchresult: { idlist: answers.pubmed === null ? [] : ['28654669'] } })
    else if (url.pathname.startsWith('/pubmed/')) given(response, answers.pubmed)
    else if (url.pathname.startsWith('/epmc/')) given(response, answers.europePmc ?? { resultList: { result: [] } })
    else given(response, answers.crossref)
  })
  sources = openSources(
    {
      contactEmail: 'curator@example.org',
      ncbiApiKey: 'key',
      pubmedUrl: `${loopback.url}/pubmed`,
      europePmcUrl: `${loopback.url}/epmc`,
      crossrefUrl: `${loopback.url}/crossref`,
      clinicalTrialsUrl: `${loopback.url}/trials`,
    },
    patience,
  )
})
afterEach(() => loopback.stop())

const pubmedSummary = () => answers.pubmed.result['28654669']

test.each([
  { kind: 'pmid', value: '28654669' },
  { kind: 'doi', value: doi },
  { kind: 'pmcid', value: 'PMC5487054' },
] as const)('a publication asked for by $kind is joined of what three sources say', async (identifier) => {
  expect(await fetchPublication(sources, identifier)).toEqual({
    reference: {
      key: null,
      authorsIncomplete: false,
      kind: 'ARTICLE',
      title: 'Role of magnesium supplementation in the treatment of depression: A randomized clinical trial',
      authors: [
        { family: 'Tarleton', given: 'Emily K.' },
        { family: 'Littenberg', given: 'Benjamin' },
        { family: 'MacLean', given: 'Charles D.' },
        { family: 'Kennedy', given: 'Amanda G.' },
        { family: 'Daley', given: 'Christopher' },
      ],
      journal: 'PLOS ONE',
      year: 2017,
      date: '2017-06-27',
      volume: '12',
      issue: '6',
      pages: 'e0180067',
      doi,
      pmid: '28654669',
      pmcid: 'PMC5487054',
      registrations: ['NCT02466087'],
      types: ['Randomized Controlled Trial'],
      note: null,
    },
    sources: ['Europe PMC', 'PubMed', 'Crossref'],
    conflicts: [],
    unread: [],
    notices: [],
  })
  expect(loopback.asked.every((path) => /email=|mailto=|epmc/.test(path))).toBe(true)
})

test('where sources differ, what each says is named, and which is followed', async () => {
  answers.crossref.message.volume = '13'
  answers.crossref.message.author.pop()
  pubmedSummary().title = 'Magnesium for depression.'
  const found = await fetchPublication(sources, { kind: 'pmid', value: '28654669' })
  expect(found?.conflicts).toEqual([
    'title: PubMed says "Magnesium for depression", Europe PMC says "Role of magnesium supplementation in the treatment of depression: A randomized clinical trial", Crossref says "Role of magnesium supplementation in the treatment of depression: A randomized clinical trial"; PubMed is followed',
    'volume: PubMed says 12, Crossref says 13; PubMed is followed',
    'authors: Crossref says Tarleton and 3 more, Europe PMC says Tarleton and 4 more, PubMed says Tarleton and 4 more; Crossref is followed',
  ])
  expect(found?.reference).toMatchObject({ title: 'Magnesium for depression', volume: '12' })
})

test('a year of online publication, a subtitle left out and a shortened last page are no differences', async () => {
  answers.crossref.message.published['date-parts'] = [[2016, 12, 30]]
  answers.crossref.message.title = ['Role of magnesium supplementation in the treatment of depression']
  answers.crossref.message.page = '127-134'
  answers.europePmc.resultList.result[0].pageInfo = '127-34'
  pubmedSummary().pages = '127-34'
  expect(await fetchPublication(sources, { kind: 'doi', value: doi })).toMatchObject({ conflicts: [], reference: { year: 2017, pages: '127-134' } })
})

test('markup and entities of the sources are no part of a title, signs are', async () => {
  pubmedSummary().title = '[&lt;i&gt;In vitro&lt;/i&gt; release of Mg<sup>2+</sup> &amp; calcium, p &lt; 0.05].'
  answers.europePmc = null
  answers.crossref = null
  expect((await fetchPublication(sources, { kind: 'pmid', value: '28654669' }))?.reference.title).toBe('[In vitro release of Mg2+ & calcium, p < 0.05]')
})

test('a publication that one source has is what that source says', async () => {
  answers.pubmed = null
  answers.europePmc = null
  expect(await fetchPublication(sources, { kind: 'doi', value: doi })).toMatchObject({ sources: ['Crossref'], reference: { doi, pmid: null }, unread: [] })
  answers.crossref = null
  expect(await fetchPublication(sources, { kind: 'doi', value: doi })).toBeNull()
})

test('a source that cannot be asked is named, and the others serve', async () => {
  answers.pubmed = 500
  expect(await fetchPublication(sources, { kind: 'pmid', value: '28654669' })).toMatchObject({
    sources: ['Europe PMC', 'Crossref'],
    unread: [expect.stringMatching(/^PubMed cannot be read, tried 2 times: .*: status 500$/)],
  })
})

test('nothing is said of a publication that nobody has while a source could not be asked', async () => {
  answers = { pubmed: 500, europePmc: null, crossref: null }
  await expect(fetchPublication(sources, { kind: 'pmid', value: '28654669' })).rejects.toThrow(/^PubMed cannot be read/)
})

test('sources that mean different publications are refused', async () => {
  answers.crossref.message.DOI = '10.1371/journal.pone.0180068'
  await expect(fetchPublication(sources, { kind: 'doi', value: doi })).rejects.toThrow(
    `the sources mean different publications, by DOI: ${doi} (asked for), ${doi} (Europe PMC), ${doi} (PubMed), 10.1371/journal.pone.0180068 (Crossref)`,
  )
})

test.each<[string, (answered: typeof answers) => void]>([
  [
    'Crossref',
    (given) => {
      given.crossref.message.author = [{ given: 'Sukma' }, { family: 'Doe', given: 'Jane', suffix: 'Jr.' }, { name: 'The Magnesium Group' }]
      given.europePmc = given.pubmed = null
    },
  ],
  [
    'Europe PMC',
    (given) => {
      const [article] = given.europePmc.resultList.result
      article.authorList.author = [{ fullName: 'Sukma' }, { lastName: 'Doe', firstName: 'Jane, Jr.' }, { collectiveName: 'The Magnesium Group' }]
      given.crossref = given.pubmed = null
    },
  ],
])('a person of one name, a suffix and a group are authors by %s', async (_, change) => {
  change(answers)
  expect((await fetchPublication(sources, { kind: 'doi', value: doi }))?.reference.authors).toEqual([
    { family: 'Sukma', given: null },
    { family: 'Doe', given: 'Jane, Jr.' },
    { corporate: 'The Magnesium Group' },
  ])
})

test('a person of one name and a group are authors by PubMed', async () => {
  pubmedSummary().authors = [
    { name: 'Sukma', authtype: 'Author' },
    { name: 'The Magnesium Group', authtype: 'CollectiveName' },
  ]
  answers.europePmc = answers.crossref = null
  expect((await fetchPublication(sources, { kind: 'pmid', value: '28654669' }))?.reference.authors).toEqual([
    { family: 'Sukma', given: null },
    { corporate: 'The Magnesium Group' },
  ])
})

test('of an article and its preprint under one DOI the article is followed, and the preprint is named', async () => {
  const { result } = answers.europePmc.resultList
  result.unshift({ ...structuredClone(result[0]), id: 'PPR1', source: 'PPR', pmid: undefined, pmcid: undefined, journalInfo: undefined, pubYear: '2016' })
  expect(await fetchPublication(sources, { kind: 'doi', value: doi })).toMatchObject({
    sources: ['Europe PMC', 'PubMed', 'Crossref'],
    reference: { kind: 'ARTICLE', pmid: '28654669', year: 2017 },
    conflicts: ['Europe PMC has PPR PPR1 under the same identifier; MED 28654669 is followed'],
    unread: [],
  })
})

test('two records of MEDLINE under one DOI are two publications: neither is followed, and it is said', async () => {
  const { result } = answers.europePmc.resultList
  result.push({ ...structuredClone(result[0]), id: '99999999', pmid: '99999999' })
  expect(await fetchPublication(sources, { kind: 'doi', value: doi })).toMatchObject({
    sources: ['PubMed', 'Crossref'],
    unread: [`Europe PMC has several records of the DOI ${doi}: MED 28654669, MED 99999999`],
  })
})
