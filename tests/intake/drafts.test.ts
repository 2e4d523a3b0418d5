import path from 'node:path'
import { importCorpus } from '../../src/corpus/import.js'
import { acceptDrafts, corpusOfNow, CurationError, draftChanges, rejectDrafts } from '../../src/intake/curation.js'
import { statusEventSlug, type Draft, type Proposal } from '../../src/intake/draft.js'
import { findDrafts, saveDrafts } from '../../src/intake/draft.queries.js'
import { startService, type Service } from '../support/service.js'

const folder = path.resolve('prisma/corpus')
const origin = { format: 'RIS', source: 'export.ris', line: 3 }
const undecided = { by: null, note: null }

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

async function* told(...proposals: Proposal[]) {
  yield* proposals
}

const publication = (slug: string, change: object = {}): Draft => ({
  kind: 'PUBLICATION',
  slug,
  document: { slug, role: 'PRIMARY_REPORT', title: `A trial called ${slug}`, authors: [{ family: 'Nobody', given: 'N.' }], year: 2024, ...change },
  origin,
})

/** A study of one result: 5 of 20 against 10 of 20. */
const study = (slug: string, change: object = {}): Draft => ({
  kind: 'STUDY',
  slug,
  document: {
    slug,
    title: `The study ${slug}`,
    evidenceKind: 'PRIMARY',
    design: 'RCT_PARALLEL',
    publications: [{ slug: `${slug}-report`, role: 'PRIMARY_REPORT', title: `The report of ${slug}`, year: 2024 }],
    populations: [{ slug: 'all', label: 'everybody', wholeSample: true, participants: 40, conditions: ['migraine'], source: 'report' }],
    arms: [
      {
        slug: 'mg',
        label: 'magnesium oxide',
        role: 'MAGNESIUM',
        doses: [{ form: 'magnesium-oxide', route: 'ORAL', amount: 500, unit: 'MG', basis: 'SALT', endDay: 84, source: 'report' }],
      },
      { slug: 'placebo', label: 'placebo', role: 'PLACEBO' },
    ],
    results: [
      {
        slug: 'responders',
        outcome: 'all-cause-mortality',
        condition: 'migraine',
        population: 'all',
        intervention: 'mg',
        comparator: 'placebo',
        name: 'deaths',
        valueKind: 'EVENT',
        armResults: [
          { arm: 'mg', n: 20, events: 5 },
          { arm: 'placebo', n: 20, events: 10 },
        ],
        source: 'report',
      },
    ],
    sources: { report: { source: 'the report', recordedAt: '2026-01-01' } },
    ...change,
  },
  origin,
})

const idsOf = async (...slugs: string[]) =>
  (await findDrafts(service.database, { status: 'DRAFT' })).filter(({ slug }) => slugs.includes(slug)).map(({ id }) => id)

test('what an import proposes is kept as drafts, and no question about the evidence finds it', async () => {
  const report = await saveDrafts(service.database, told(study('unseen-2024'), publication('unseen-2024-other')), { by: 'a test' })
  expect(report.counts).toEqual({ ADDED: 2, CHANGED: 0, SKIPPED: 0, REFUSED: 0 })
  const { study: found, search } = await service.ask('{ study(slug: "unseen-2024") { id } search(text: "unseen-2024") { nodes { slug } } }')
  expect(found).toBeNull()
  expect(search.nodes.map(({ slug }: { slug: string }) => slug)).not.toContain('unseen-2024')
  const drafts = await findDrafts(service.database, { kind: 'STUDY' })
  expect(drafts).toMatchObject([{ slug: 'unseen-2024', status: 'DRAFT', importedBy: 'a test', source: 'export.ris', line: 3 }])
})

test('the same again is skipped; something else changes the draft; what cannot be is refused field by field', async () => {
  const again = await saveDrafts(
    service.database,
    told(publication('twice-2024'), publication('twice-2024'), publication('twice-2024', { year: 2023 }), publication('bad-2024', { year: 'last', doi: 'x' })),
  )
  expect(again.entries.map(({ outcome, why }) => [outcome, why])).toEqual([
    ['ADDED', null],
    ['SKIPPED', 'is a draft already'],
    ['CHANGED', 'the draft said something else'],
    ['REFUSED', expect.stringMatching(/^year: .*; doi: must be a bare DOI/)],
  ])
  expect((await findDrafts(service.database, {})).filter(({ slug }) => slug === 'twice-2024')).toMatchObject([{ document: { year: 2023 } }])
})

test('a dry run tells the same and keeps nothing', async () => {
  const before = await findDrafts(service.database, {})
  const report = await saveDrafts(service.database, told(publication('dry-2024'), publication('dry-2024')), { dryRun: true })
  expect(report).toMatchObject({ dryRun: true, counts: { ADDED: 1, SKIPPED: 1 } })
  expect(await findDrafts(service.database, {})).toEqual(before)
})

test('an import that fails in the middle keeps nothing', async () => {
  async function* failing() {
    yield publication('half-2024')
    throw new Error('the file breaks off')
  }
  await expect(saveDrafts(service.database, failing())).rejects.toThrow('the file breaks off')
  expect(await idsOf('half-2024')).toEqual([])
})

test('an accepted study is evidence, with effects worked out as of any other, and stays so when the files are imported again', async () => {
  await saveDrafts(service.database, told(study('accepted-2024')))
  const ids = await idsOf('accepted-2024')
  await acceptDrafts(service.database, folder, ids, { by: 'A. Curator', note: 'read in full' })
  const question = '{ study(slug: "accepted-2024") { title evidence { nodes { effect { measure estimate standardError } direction form { slug } } } } }'
  const { study: found } = await service.ask(question)
  expect(found.evidence.nodes).toEqual([
    {
      effect: { measure: 'OR', estimate: expect.closeTo(1 / 3, 12), standardError: expect.closeTo(Math.sqrt(1 / 5 + 1 / 15 + 1 / 10 + 1 / 10), 12) },
      direction: 'NO_CLEAR_DIFFERENCE',
      form: { slug: 'magnesium-oxide' },
    },
  ])
  expect(await importCorpus(service.database, folder)).toMatchObject({ imported: false })
  expect(await findDrafts(service.database, { ids })).toMatchObject([{ status: 'ACCEPTED', decidedBy: 'A. Curator', note: 'read in full' }])
  await expect(acceptDrafts(service.database, folder, ids, undecided)).rejects.toThrow(`draft ${ids[0]} was accepted already`)
})

test('a study that does not fit what is there is not accepted, by name, and nothing changes', async () => {
  const [good, bad] = [study('fits-2024'), study('unfit-2024', { populations: [{ slug: 'all', label: 'all', conditions: ['unheard-of'], source: 'report' }] })]
  await saveDrafts(service.database, told(good, bad))
  const ids = await idsOf('fits-2024', 'unfit-2024')
  await expect(acceptDrafts(service.database, folder, ids, undecided)).rejects.toThrow(
    /studies\/unfit-2024\.yaml populations.*must be the slug of a known condition, got "unheard-of"/,
  )
  expect(await idsOf('fits-2024', 'unfit-2024')).toEqual(ids)
})

test('a publication that is not known needs a place: a study that is there, or one made for it', async () => {
  await saveDrafts(service.database, told(publication('placed-2024'), publication('alone-2024')))
  const [placed = 0, alone = 0] = [...(await idsOf('placed-2024')), ...(await idsOf('alone-2024'))]
  await expect(acceptDrafts(service.database, folder, [placed], undecided)).rejects.toThrow(CurationError)
  await expect(acceptDrafts(service.database, folder, [placed], { ...undecided, place: { study: 'nowhere', role: 'FOLLOW_UP' } })).rejects.toThrow(
    'there is no study nowhere',
  )
  await acceptDrafts(service.database, folder, [placed], { ...undecided, place: { study: 'tarleton-2017', role: 'FOLLOW_UP' }, isConfirmed: true })
  await acceptDrafts(service.database, folder, [alone], {
    ...undecided,
    place: { made: { design: 'COHORT', evidenceKind: 'PRIMARY' }, role: 'PRIMARY_REPORT' },
  })
  const { tarleton, made } = await service.ask(
    '{ tarleton: study(slug: "tarleton-2017") { publications { slug role } } made: study(slug: "alone-2024") { design citation provenance { source } } }',
  )
  expect(tarleton.publications).toContainEqual({ slug: 'placed-2024', role: 'FOLLOW_UP' })
  expect(made).toEqual({ design: 'COHORT', citation: expect.stringContaining('Nobody'), provenance: { source: 'export.ris' } })
})

test('what a known publication would gain is shown value by value, and then it has it', async () => {
  const change: Draft = {
    kind: 'PUBLICATION',
    slug: 'tarleton-2017',
    document: { volume: '99', note: 'as printed' },
    origin,
    matched: { slug: 'tarleton-2017', by: 'DOI' },
  }
  const corpus = await corpusOfNow(service.database, folder)
  const known = corpus.studies.flatMap(({ publications }) => publications).find((entry) => 'slug' in entry && entry.slug === 'tarleton-2017')
  await saveDrafts(service.database, told(change))
  const [id = 0] = await idsOf('tarleton-2017')
  expect((await draftChanges(service.database, folder, id)).changes).toEqual([
    { path: 'volume', before: (known as { volume?: string }).volume, after: '99' },
    { path: 'note', before: (known as { note?: string }).note, after: 'as printed' },
  ])
  await acceptDrafts(service.database, folder, [id], undecided)
  const { study: found } = await service.ask('{ study(slug: "tarleton-2017") { publications { slug volume doi } } }')
  expect(found.publications).toContainEqual({ slug: 'tarleton-2017', volume: '99', doi: '10.1371/journal.pone.0180067' })
})

test('an accepted retraction takes the study out of the usual answers', async () => {
  const event = { status: 'RETRACTED', date: '2025-03-01', source: 'https://api.crossref.org/works/10.1371/journal.pone.0180067' } as const
  const before = await service.ask('{ evidence(filter: { identifiers: ["10.1371/journal.pone.0180067"] }) { totalCount } }')
  await saveDrafts(
    service.database,
    told({ kind: 'STATUS_EVENT', slug: statusEventSlug('tarleton-2017', event), document: { publication: 'tarleton-2017', event }, origin }),
  )
  const ids = await idsOf('tarleton-2017/retracted/2025-03-01')
  await acceptDrafts(service.database, folder, ids, undecided)
  const after = await service.ask(
    '{ evidence(filter: { identifiers: ["10.1371/journal.pone.0180067"] }) { totalCount } study(slug: "tarleton-2017") { status statusEvents { status occurredOn } } }',
  )
  expect(before.evidence.totalCount).toBeGreaterThan(0)
  expect(after.evidence.totalCount).toBe(0)
  expect(after.study).toEqual({ status: 'RETRACTED', statusEvents: [{ status: 'RETRACTED', occurredOn: '2025-03-01' }] })
})

test('two imports of the same at once keep it once', async () => {
  const reports = await Promise.all([1, 2, 3].map(() => saveDrafts(service.database, told(publication('racing-2024'), publication('racing-2024-b')))))
  expect(reports.map(({ counts }) => counts.ADDED).sort()).toEqual([0, 0, 2])
  expect(await idsOf('racing-2024', 'racing-2024-b')).toHaveLength(2)
})

test('a study draft does not undo what was accepted of the study since it was made', async () => {
  const known = (await corpusOfNow(service.database, folder)).studies.find(({ slug }) => slug === 'abbasi-2012')
  if (known === undefined) throw new Error('the corpus holds no such study')
  const changed = { ...known, setting: 'a sleep clinic' }
  const draft: Draft = { kind: 'STUDY', slug: known.slug, document: changed, origin, matched: { slug: known.slug, by: 'slug' }, base: known }
  const event = { status: 'CONCERN', date: '2025-01-01', source: 'a notice' } as const
  await saveDrafts(
    service.database,
    told(draft, { kind: 'STATUS_EVENT', slug: statusEventSlug(known.slug, event), document: { publication: known.slug, event }, origin }),
  )
  await acceptDrafts(service.database, folder, await idsOf('abbasi-2012/concern/2025-01-01'), undecided)
  const ids = await idsOf('abbasi-2012')
  await expect(acceptDrafts(service.database, folder, ids, undecided)).rejects.toThrow(/^draft \d+ was made of abbasi-2012 as it was before, and would undo/)
  const now = (await corpusOfNow(service.database, folder)).studies.find(({ slug }) => slug === known.slug) ?? known
  await saveDrafts(service.database, told({ ...draft, document: { ...now, setting: 'a sleep clinic' }, base: now }))
  await acceptDrafts(service.database, folder, ids, undecided)
  const { study: found } = await service.ask('{ study(slug: "abbasi-2012") { setting status } }')
  expect(found).toEqual({ setting: 'a sleep clinic', status: 'CONCERN' })
})

test('what was rejected stays on record with its reason, and is not proposed again', async () => {
  await saveDrafts(service.database, told(publication('rejected-2024')))
  const ids = await idsOf('rejected-2024')
  await rejectDrafts(service.database, ids, { by: 'A. Curator', note: 'not about magnesium' })
  const again = await saveDrafts(service.database, told(publication('rejected-2024')))
  expect(again.entries).toMatchObject([{ outcome: 'SKIPPED', why: 'was rejected: not about magnesium', id: ids[0] }])
  await expect(rejectDrafts(service.database, [...ids, 999_999], undecided)).rejects.toThrow(`draft ${ids[0]} was rejected already`)
  await expect(rejectDrafts(service.database, [999_999], undecided)).rejects.toThrow('there is no draft 999999')
})
