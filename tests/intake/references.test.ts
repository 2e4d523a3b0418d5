import path from 'node:path'
import { acceptDrafts, rejectDrafts } from '../../src/intake/curation.js'
import { findDrafts, saveDrafts } from '../../src/intake/draft.queries.js'
import { referenceProposals } from '../../src/intake/references.import.js'
import type { IntakeReport } from '../../src/intake/report.js'
import { referenceFormatNames, referenceFormats, type ReferenceFormatName } from '../../src/references/formats.js'
import type { Reference } from '../../src/references/reference.js'
import { each, plain, references, written } from '../references/support.js'
import { startService, type Service } from '../support/service.js'

const folder = path.resolve('prisma/corpus')
let service: Service
/** As the evidence has it. */
let known: Reference
beforeAll(async () => {
  service = await startService()
  const filter = JSON.stringify({ identifiers: [plain.doi] })
  const response = await fetch(`${service.url}/download/studies.csl.json?${new URLSearchParams({ filter }).toString()}`)
  const [first] = await references('csl.json', await response.text())
  if (first === undefined) throw new Error('the corpus holds no publication with this DOI')
  known = first
})
afterAll(() => service.stop())

const imported = async (format: ReferenceFormatName, file: string, dryRun = false): Promise<IntakeReport> => {
  const { read, title } = referenceFormats[format]
  return saveDrafts(
    service.database,
    (transaction) => referenceProposals(transaction, read(each([Buffer.from(file)])), { format: title, source: `a.${format}` }),
    { dryRun },
  )
}
/** What becomes of references, with nothing kept. */
const tried = async (...references: Reference[]) =>
  (await imported('csl.json', await written('csl.json', references), true)).entries.map(({ outcome, why }) => [outcome, why])

const unknown: Reference = {
  ...plain,
  ...{
    key: null,
    title: 'Magnesium threonate in restless legs of pilots: a crossover trial, part II',
    authors: [{ family: 'Ålesund', given: 'Q.' }],
    year: 2023,
    date: null,
  },
  ...{ doi: '10.5555/legs.2', pmid: null, pmcid: null, registrations: ['NCT99999999'], journal: 'Journal of Legs' },
}

test.each(referenceFormatNames)('the whole corpus downloaded as %s and imported: every publication is known, and nothing would change', async (format) => {
  const file = await (await fetch(`${service.url}/download/studies.${format}`)).text()
  const { counts, entries } = await imported(format, file, true)
  expect(entries.filter(({ outcome }) => outcome !== 'SKIPPED')).toEqual([])
  expect(counts.SKIPPED).toBeGreaterThan(200)
})

test('a publication is known by any identifier, in any notation', async () => {
  const { doi, pmid, pmcid } = known
  for (const change of [{ doi }, { pmid }, { pmcid }]) {
    const [only] = await tried({ ...known, title: 'Quite another title', doi: null, pmid: null, pmcid: null, ...change })
    expect(only).toEqual(['SKIPPED', expect.stringMatching(/^is known as tarleton-2017, by (DOI|PMID|PMCID)/)])
  }
  const ris = `TY  - JOUR\r\nTI  - Another title\r\nUR  - https://dx.doi.org/10.1371/JOURNAL.PONE.0180067\r\nER  - \r\n`
  expect((await imported('ris', ris, true)).entries).toMatchObject([{ outcome: 'SKIPPED', why: expect.stringContaining('tarleton-2017') }])
})

test('without identifiers it is known by title, year and first author, misprints and all; near misses are not it', async () => {
  const bare = { ...known, doi: null, pmid: null, pmcid: null }
  const { title } = known
  expect(await tried({ ...bare, title: title.toUpperCase().replace('MAGNESIUM', 'MAGNESUIM') })).toEqual([
    ['SKIPPED', expect.stringContaining('tarleton-2017, by title, year and author')],
  ])
  expect(await tried({ ...bare, title, year: 2018 })).toEqual([
    ['SKIPPED', expect.stringMatching(/by title, year and author; year is 2017 here and 2018 there$/)],
  ])
  expect(await tried({ ...bare, title, year: 2021 })).toEqual([['ADDED', null]])
  expect(await tried({ ...bare, title, authors: [{ family: 'Someone', given: 'Else' }] })).toEqual([['ADDED', null]])
  // An erratum is a publication, and tells that its article is corrected.
  expect(await tried({ ...bare, title: `Erratum: ${title}` })).toEqual([
    ['ADDED', null],
    ['ADDED', expect.stringMatching(/^CORRECTED on 2017-06-27: Notice: "Erratum: /)],
  ])
  expect(await tried({ ...bare, title: `${title} 2` })).toEqual([['ADDED', null]])
  expect(await tried({ ...bare, title, doi: '10.5555/a.preprint' })).toEqual([['ADDED', null]])
})

test('identifiers of two publications, or one that contradicts, are a conflict by name', async () => {
  const { studies } = await service.ask('{ studies(filter: { text: "abbasi" }, first: 1) { nodes { pmid } } }')
  const other: string = studies.nodes[0].pmid
  expect(await tried({ ...known, pmid: other })).toEqual([
    ['REFUSED', expect.stringMatching(/^its (DOI and PMCID is of tarleton-2017 and its PMID of|PMID is of) /)],
  ])
  expect(await tried({ ...known, doi: '10.5555/other' })).toEqual([
    ['REFUSED', 'its PMID and PMCID is of tarleton-2017, whose DOI is 10.1371/journal.pone.0180067 and not 10.5555/other'],
  ])
})

test('a publication that is not known becomes a draft; twice in a file, and in another format, it is one', async () => {
  const report = await imported(
    'bib',
    await written('bib', [unknown, { ...unknown, key: 'legs', doi: null }, { ...unknown, title: unknown.title.replace('part II', 'part III'), doi: null }]),
  )
  expect(report.entries.map(({ outcome, subject }) => [outcome, subject])).toEqual([
    ['ADDED', 'alesund-2023'],
    ['SKIPPED', 'alesund-2023'],
    ['ADDED', 'alesund-2023-b'],
  ])
  const again = await imported('ris', await written('ris', [{ ...unknown, doi: null }]))
  expect(again.counts).toEqual({ ADDED: 0, CHANGED: 0, SKIPPED: 1, REFUSED: 0 })
})

test('what a known publication lacks becomes a draft that changes it', async () => {
  await service.database.pool.query(`UPDATE publication SET issue = NULL, pmcid = NULL WHERE slug = 'tarleton-2017'`)
  const report = await imported('nbib', await written('nbib', [{ ...known, issue: '6', pmcid: 'PMC5487054' }]))
  expect(report.entries).toMatchObject([{ outcome: 'ADDED', subject: 'tarleton-2017', why: 'changes tarleton-2017, known by DOI and PMID' }])
  const [draft] = (await findDrafts(service.database, { status: 'DRAFT' })).filter(({ matched }) => matched === 'tarleton-2017')
  expect(draft?.document).toMatchObject({ issue: '6', pmcid: 'PMC5487054' })
  await rejectDrafts(service.database, [draft?.id ?? 0], { by: null, note: null })
})

test('a record without a title is refused at its line, and the others are kept', async () => {
  const ris = `TY  - JOUR\nAU  - Nobody\nER  - \n\n${await written('ris', [{ ...unknown, title: 'Magnesium for hiccups in goats', doi: '10.5555/goats' }])}`
  const { entries } = await imported('ris', ris)
  expect(entries.map(({ outcome, why, origin }) => [outcome, why, origin.line])).toEqual([
    ['REFUSED', 'the record has no title', 1],
    ['ADDED', null, 5],
  ])
})

test('a file that cannot be read to its end leaves nothing', async () => {
  const whole = await written('ris', [{ ...unknown, title: 'Half a file', doi: '10.5555/half' }])
  const ris = Buffer.concat([Buffer.from(whole), Buffer.from('TY  - JOUR\nTI  - Magn\u00e9sium', 'latin1')])
  const work = saveDrafts(service.database, (transaction) =>
    referenceProposals(transaction, referenceFormats.ris.read(each([ris])), { format: 'RIS', source: 'a.ris' }),
  )
  await expect(work).rejects.toThrow(`line ${ris.toString('latin1').split('\n').length}: the bytes are not UTF-8`)
  expect((await findDrafts(service.database, {})).filter(({ document }) => document['title'] === 'Half a file')).toEqual([])
})

test.each(referenceFormatNames)('%s: imported, accepted and downloaded again, it is the same file', async (format) => {
  const references = [unknown, { ...unknown, title: 'Роль магния у котов', authors: [{ corporate: 'Cat Group, Perm' }], year: 2020 }].map(
    (reference, place) => ({
      ...reference,
      key: `round-${format.replace('.', '-')}-${place}`,
      title: `${reference.title} (${format})`,
      doi: `10.5555/round.${format}.${place}`,
      kind: 'ARTICLE' as const,
      note: 'kept; as is',
    }),
  )
  const file = await written(format, references)
  await imported(format, file)
  const open = (await findDrafts(service.database, { status: 'DRAFT' })).filter(({ document }) => String(document['doi']).startsWith(`10.5555/round.${format}`))
  await acceptDrafts(
    service.database,
    folder,
    open.map(({ id }) => id),
    { by: null, note: null, place: { made: { design: 'RCT_CROSSOVER', evidenceKind: 'PRIMARY' }, role: 'PRIMARY_REPORT' } },
  )
  const filter = JSON.stringify({ identifiers: references.map(({ doi }) => doi) })
  const again = await (await fetch(`${service.url}/download/studies.${format}?${new URLSearchParams({ filter }).toString()}`)).text()
  expect(again).toBe(file)
})
