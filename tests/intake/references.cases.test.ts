import { readFileSync } from 'node:fs'
import path from 'node:path'
import { acceptDrafts } from '../../src/intake/curation.js'
import { findDrafts, saveDrafts } from '../../src/intake/draft.queries.js'
import { referenceProposals } from '../../src/intake/references.import.js'
import { formatOf, referenceFormats } from '../../src/references/formats.js'
import { each } from '../references/support.js'
import { startService, type Service } from '../support/service.js'

const folder = path.resolve('prisma/corpus')
const made = { design: 'RCT_PARALLEL', evidenceKind: 'PRIMARY' } as const
let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

async function imported(name: string, content: string | Buffer = readFileSync(`tests/fixtures/intake/references/${name}`)) {
  const { read, title } = referenceFormats[formatOf(name, '') ?? 'ris']
  const report = await saveDrafts(service.database, (transaction) =>
    referenceProposals(transaction, read(each([Buffer.from(content as string)])), { format: title, source: name }),
  )
  return report.entries.map(({ outcome, subject, why }) => [outcome, subject, why])
}
const openDraft = async (slug: string) => (await findDrafts(service.database, { status: 'DRAFT' })).find((draft) => draft.slug === slug)
async function acceptAsStudy(slug: string) {
  const draft = await openDraft(slug)
  await acceptDrafts(service.database, folder, [draft?.id ?? 0], { by: null, note: null, place: { made, role: 'PRIMARY_REPORT' } })
}
const statusOf = async (slug: string): Promise<string> => (await service.ask(`{ study(slug: "${slug}") { status } }`)).study.status

test("another database's number, or a PMCID's digits, make no publication known", async () => {
  expect(await imported('accession-of-another-database.ris')).toEqual([['ADDED', 'cargo-2009', null]])
  expect(await imported('pmcid-digits-of-a-known-pmid.csl.json')).toEqual([['ADDED', 'zz', null]])
})

test('an identifier of a publication that differs in title, author and year is a conflict by both titles', async () => {
  const knots = '[{"id":"kn","title":"A paper about knots","author":[{"family":"Knoten"}],"issued":{"date-parts":[[2009]]},"PMID":"28654669"}]'
  expect(await imported('knots.csl.json', knots)).toEqual([
    [
      'REFUSED',
      '"A paper about knots"',
      expect.stringMatching(/^its PMID is of tarleton-2017, but the title is "Role of magnesium.*" here and "A paper about knots" there/),
    ],
  ])
})

test('a later import of the same record replaces the values of the earlier one while the draft is open', async () => {
  const item = { id: 'Later2018', title: 'Magnesium of the wrong numbers', author: [{ family: 'Korrektur', given: 'A.' }], issued: { 'date-parts': [[2018]] } }
  const file = (change: object) => JSON.stringify([{ ...item, ...change }])
  expect(await imported('later.csl.json', file({ PMID: '99990098', DOI: '10.5555/wrong', volume: '3' }))).toEqual([['ADDED', 'korrektur-2018', null]])
  expect(await imported('later.csl.json', file({ PMCID: 'PMC99990098', DOI: '10.5555/right' }))).toEqual([
    ['CHANGED', 'korrektur-2018', 'the draft said something else'],
  ])
  const draft = await openDraft('korrektur-2018')
  expect(draft?.document).toMatchObject({ pmcid: 'PMC99990098', doi: '10.5555/right' })
  expect(draft?.document).not.toHaveProperty('pmid')
  expect(draft?.document).not.toHaveProperty('volume')
  expect(await imported('later.csl.json', file({ PMCID: 'PMC99990098', DOI: '10.5555/right' }))).toEqual([['SKIPPED', 'korrektur-2018', 'is a draft already']])
})

test("a record of another file adds to a draft, and takes back a PMID that was the PMCID's number", async () => {
  const ris = (...fields: string[]) => ['TY  - JOUR', 'TI  - Magnesium in two files', 'AU  - Zwei, Z.', 'PY  - 2016', ...fields, 'ER  - ', ''].join('\n')
  expect(await imported('one.ris', ris('AN  - 99990097', 'VL  - 3'))).toEqual([['ADDED', 'zwei-2016', null]])
  expect(await imported('other.ris', ris('C2  - PMC99990097', 'IS  - 4'))).toMatchObject([['CHANGED', 'zwei-2016', expect.any(String)]])
  const draft = await openDraft('zwei-2016')
  expect(draft?.document).toMatchObject({ pmcid: 'PMC99990097', volume: '3', issue: '4' })
  expect(draft?.document).not.toHaveProperty('pmid')
})

test('a retraction that a record tells is an event: of a known publication as a draft of its own, of a new one in its draft', async () => {
  await imported('retraction-1-known.nbib')
  await acceptAsStudy('angel-2018')
  expect(await statusOf('angel-2018')).toBe('CURRENT')
  expect(await imported('retraction-2-retracted.nbib')).toEqual([
    ['SKIPPED', expect.stringContaining('anglers'), 'is known as angel-2018, by PMID'],
    ['ADDED', 'angel-2018/retracted', expect.stringMatching(/^RETRACTED: Retraction in: PMID 99990012; dated 2020-02 \(NBIB/)],
    ['ADDED', 'campanile-2019', expect.stringContaining('is told to be RETRACTED: Retraction in: PMID 99990003; dated 2021-01')],
    ['SKIPPED', 'campanile-2019', 'is a draft already'],
  ])
  const event = await openDraft('angel-2018/retracted')
  await acceptDrafts(service.database, folder, [event?.id ?? 0], { by: null, note: null })
  expect(await statusOf('angel-2018')).toBe('RETRACTED')
  await acceptAsStudy('campanile-2019')
  expect(await statusOf('campanile-2019')).toBe('RETRACTED')
  expect((await imported('retraction-2-retracted.nbib')).map(([outcome]) => outcome)).toEqual(['SKIPPED', 'SKIPPED', 'SKIPPED'])
})

test('words before a title are told of the publication, and a notice of it is no report', async () => {
  await imported('retraction-title-1-known.ris')
  await acceptAsStudy('glocke-2019')
  expect(await imported('retraction-title-2-retracted.ris')).toEqual([
    ['SKIPPED', expect.any(String), 'is known as glocke-2019, by title, year and author'],
    ['ADDED', 'glocke-2019/retracted', expect.stringMatching(/^RETRACTED: "RETRACTED" in the title/)],
    ['ADDED', 'spout-2018', expect.stringContaining('is told to be RETRACTED: Retracted Publication')],
    [expect.stringMatching(/CHANGED|SKIPPED/), 'glocke-2019/retracted', expect.any(String)],
  ])
  const notice = 'TY  - JOUR\nTI  - Retraction notice to "Magnesium of nobody"\nPY  - 2021\nER  - \n'
  expect(await imported('notice.ris', notice)).toEqual([
    ['REFUSED', expect.any(String), 'is a notice (Notice) of "Magnesium of nobody", which is not known: a notice is no report of a study'],
  ])
})

test('lines outside records are counted, and remarks are told', async () => {
  expect(await imported('text-between-records.ris')).toEqual([
    ['ADDED', 'marrowby-2018', null],
    ['ADDED', 'stellan-2017', null],
    ['SKIPPED', '4 lines', 'outside any record'],
  ])
  expect(await imported('end-tag-missing.ris')).toMatchObject([
    ['ADDED', 'ottermole-2020', 'the record has no end (ER) before line 6'],
    ['ADDED', 'pennywhistle-2021', expect.stringContaining('the file ends')],
  ])
})
