import path from 'node:path'
import { readTrials } from '../../src/intake/clinicalTrials.import.js'
import { acceptDrafts } from '../../src/intake/curation.js'
import { saveDrafts } from '../../src/intake/draft.queries.js'
import { listed, trialProposals } from '../../src/intake/fetch.drafts.js'
import { openSources, type Sources } from '../../src/intake/fetch.sources.js'
import { changeProposal } from '../../src/intake/retractions.drafts.js'
import { checkRetractions, type NewChange } from '../../src/intake/retractions.js'
import { loadVocabulary } from '../../src/vocabulary/vocabulary.queries.js'
import { startService, type Service } from '../support/service.js'
import { json, listen, type Loopback } from './fetch.loopback.js'

const folder = path.resolve('prisma/corpus')
const curator = { by: 'a curator', note: null }
const tarletonDoi = '10.1371/journal.pone.0180067'

let service: Service
let loopback: Loopback
let sources: Sources
beforeAll(async () => {
  service = await startService()
  const retraction = { DOI: '10.1371/journal.pone.0999999', type: 'retraction', label: 'Retraction', updated: { 'date-parts': [[2026, 5, 4]] } }
  loopback = await listen((url, _, response) => {
    if (url.pathname.startsWith('/pubmed/')) return json(response, { result: { uids: [] } })
    const asked = url.searchParams.get('filter') ?? ''
    json(response, { message: { DOI: '10.1000/other', items: asked.includes(tarletonDoi) ? [{ DOI: tarletonDoi, 'updated-by': [retraction] }] : [] } })
  })
  const at = (name: string) => `${loopback.url}/${name}`
  const settings = { pubmedUrl: at('pubmed'), europePmcUrl: at('epmc'), crossrefUrl: at('crossref'), clinicalTrialsUrl: at('trials') }
  sources = openSources({ contactEmail: null, ncbiApiKey: 'key', ...settings }, undefined, { crossref: 1, crossrefLists: 1, pubmed: 1 })
})
afterAll(async () => {
  await loopback.stop()
  await service.stop()
})

const idsIn = (report: { readonly entries: readonly { readonly id: number | null }[] }) => report.entries.flatMap(({ id }) => id ?? [])

async function evidenceCount(filter: string): Promise<number> {
  const { evidence } = await service.ask(`{ evidence(filter: ${filter}) { totalCount } }`)
  return evidence.totalCount
}

test('a retraction notice takes the study out of default answers once a curator accepts it, and no sooner', async () => {
  const ofStudy = 'identifiers: ["28654669"]'
  const before = await evidenceCount(`{ ${ofStudy} }`)
  expect(before).toBeGreaterThan(0)
  const changes: NewChange[] = []
  for await (const batch of checkRetractions(service.database, sources)) changes.push(...batch.changes)
  const report = await saveDrafts(service.database, listed(changes.map(changeProposal)))
  expect(report.counts).toMatchObject({ ADDED: 1, REFUSED: 0 })
  expect(await evidenceCount(`{ ${ofStudy} }`)).toBe(before)

  await acceptDrafts(service.database, folder, idsIn(report), curator)
  expect(await evidenceCount(`{ ${ofStudy} }`)).toBe(0)
  expect(await evidenceCount(`{ ${ofStudy}, retracted: INCLUDE }`)).toBe(before)
  const { study } = await service.ask('{ study(slug: "tarleton-2017") { status statusEvents { status occurredOn note } } }')
  expect(study).toEqual({
    status: 'RETRACTED',
    statusEvents: [{ status: 'RETRACTED', occurredOn: '2026-05-04', note: 'Retraction: 10.1371/journal.pone.0999999' }],
  })

  const again: NewChange[] = []
  for await (const batch of checkRetractions(service.database, sources)) again.push(...batch.changes)
  expect(again).toEqual([])
})

test('a registered trial is evidence once a curator accepts it, and is known when it is imported again', async () => {
  const imported = async () => {
    const vocabulary = await loadVocabulary(service.database)
    const given = { database: service.database, vocabulary, sources, today: '2026-11-23' }
    const proposals = []
    for await (const outcome of readTrials(['tests/fixtures/intake/NCT00000101.json'], given)) proposals.push(...trialProposals(outcome))
    return saveDrafts(service.database, listed(proposals))
  }
  const ofTrial = '{ identifiers: ["NCT00000101"] }'
  const report = await imported()
  expect(report.counts).toMatchObject({ ADDED: 1, REFUSED: 0 })
  expect(await evidenceCount(ofTrial)).toBe(0)
  expect((await imported()).entries).toMatchObject([{ outcome: 'SKIPPED', why: 'is a draft already' }])

  await acceptDrafts(service.database, folder, idsIn(report), curator)
  expect(await evidenceCount(ofTrial)).toBe(4)
  expect((await imported()).entries).toMatchObject([{ outcome: 'SKIPPED', why: 'was accepted already' }])
})
