import path from 'node:path'
import { findAuditEntries } from '../../src/audit/audit.queries.js'
import { acceptDrafts, corpusOfNow, draftChanges, editDraft, rejectDrafts, undoAcceptances } from '../../src/intake/curation.js'
import { statusEventSlug, type Draft, type Proposal } from '../../src/intake/draft.js'
import { readEditedFile } from '../../src/intake/draft.edit.js'
import { findDrafts, saveDrafts } from '../../src/intake/draft.queries.js'
import { changesText, draftFile, draftLine } from '../../src/intake/draft.text.js'
import { referenceProposals } from '../../src/intake/references.import.js'
import { findSkipped } from '../../src/intake/skipped.queries.js'
import { referenceFormats } from '../../src/references/formats.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'

const folder = path.resolve('prisma/corpus')
const origin = { format: 'RIS', source: './folder/review.ris', line: 3 }
const curator = { by: 'A. Curator', note: null }

let clone: ClonedDatabase
beforeAll(async () => {
  clone = await cloneDatabase()
})
afterAll(() => clone.drop())

const publication = (slug: string, change: object = {}): Draft => ({
  kind: 'PUBLICATION',
  slug,
  document: {
    slug,
    role: 'PRIMARY_REPORT',
    title: `A trial called ${slug}`,
    authors: [{ family: 'Nobody', given: 'N.' }],
    year: 2024,
    types: ['Randomized Controlled Trial'],
    ...change,
  },
  origin,
})

async function* told(...proposals: Proposal[]) {
  yield* proposals
}
const save = (...proposals: Proposal[]) => saveDrafts(clone.database, told(...proposals))
const draftOf = async (slug: string) => {
  const draft = (await findDrafts(clone.database, {})).findLast((kept) => kept.slug === slug)
  if (draft === undefined) throw new Error(`no draft is called ${slug}`)
  return draft
}
const idOf = async (slug: string) => (await draftOf(slug)).id
const studies = async () => new Map((await corpusOfNow(clone.database, folder)).studies.map((study) => [study.slug, study]))

test('an edit changes single values, and the log keeps each with what it was', async () => {
  await save(publication('edited-2024', { pmid: '5487054' }))
  const id = await idOf('edited-2024')
  const changes = await editDraft(clone.database, id, { set: { pmcid: 'PMC5487054', 'authors[0].family': 'Somebody' }, unset: ['pmid'] }, curator)
  expect(changes).toEqual(
    expect.arrayContaining([
      { path: 'pmid', before: '5487054', after: undefined },
      { path: 'pmcid', before: undefined, after: 'PMC5487054' },
      { path: 'authors[0].family', before: 'Nobody', after: 'Somebody' },
    ]),
  )
  expect(await draftOf('edited-2024')).toMatchObject({ editedBy: 'A. Curator', document: { pmcid: 'PMC5487054', authors: [{ family: 'Somebody' }] } })
  const [entry] = await findAuditEntries(clone.database, { action: 'DRAFT_EDITED', limit: 1 })
  expect(entry).toMatchObject({
    subject: 'PUBLICATION edited-2024',
    details: { draft: id, by: 'A. Curator', changes: expect.arrayContaining([{ path: 'pmid', before: '5487054', after: null }]) },
  })
})

test.each<[string, object, RegExp]>([
  ['a value that the format does not take', { set: { year: 'last' } }, /^year: /],
  ['a field that there is not', { set: { colour: 'red' } }, /colour/],
  ['a place that is not in a list', { set: { 'authors[7].family': 'X' } }, /^authors\[7\]\.family: the list has 1 members/],
  ['a path that is none', { set: { 'authors[': 'X' } }, /is no path/],
  ['what stands nowhere', { unset: ['volume'] }, /volume/],
  ['what must be there', { unset: ['title'] }, /^title: /],
  ['a whole document without a title', { document: { slug: 'refused-edit-2024' } }, /title: /],
  ['a prototype', { set: { '__proto__.title': 'X' } }, /__proto__/],
])('an edit with %s is refused by name and changes nothing', async (_, edit, message) => {
  await save(publication('refused-edit-2024'))
  const before = await draftOf('refused-edit-2024')
  await expect(editDraft(clone.database, before.id, edit, curator)).rejects.toMatchObject({
    reason: 'MALFORMED_DRAFT',
    message: expect.stringMatching(message),
  })
  expect(await draftOf('refused-edit-2024')).toEqual(before)
})

test('a draft that was printed is read back as it is; an edit of an older state is refused', async () => {
  await save(publication('printed-2024', { volume: '3', pages: '1-9' }))
  const before = await draftOf('printed-2024')
  const text = draftFile(before)
  expect(text.indexOf('title:')).toBeLessThan(text.indexOf('year:'))
  expect(text).not.toContain('[]')
  const file = readEditedFile(text)
  expect(file.draft).toBe(before.id)
  expect(await editDraft(clone.database, before.id, { document: file.document }, { ...curator, changedAt: before.changedAt.toISOString() })).toEqual([])
  const edited = readEditedFile(text.replace('volume: "3"', 'volume: "4"'))
  await editDraft(clone.database, before.id, { document: edited.document }, { ...curator, changedAt: edited.changedAt ?? '' })
  expect((await draftOf('printed-2024')).document['volume']).toBe('4')
  await expect(editDraft(clone.database, before.id, { document: file.document }, { ...curator, changedAt: file.changedAt ?? '' })).rejects.toMatchObject({
    reason: 'DRAFT_CHANGED_MEANWHILE',
  })
})

test('an edited draft stays so when its record comes again, open or rejected', async () => {
  const record = publication('again-2024')
  await save(record)
  const id = await idOf('again-2024')
  await editDraft(clone.database, id, { set: { title: 'A better title' } }, curator)
  expect((await save(record)).entries).toMatchObject([{ outcome: 'SKIPPED', id, why: 'is a draft already' }])
  const other = await save(publication('again-2024', { year: 2020 }))
  expect(other.entries).toMatchObject([{ outcome: 'SKIPPED', id, why: expect.stringContaining('was edited by A. Curator and stays so; ') }])
  expect((await draftOf('again-2024')).document).toMatchObject({ title: 'A better title', year: 2024 })
  await rejectDrafts(clone.database, [id], { by: null, note: 'not about magnesium' })
  expect((await save(record)).entries).toMatchObject([{ outcome: 'SKIPPED', why: 'was rejected: not about magnesium' }])
})

test('a publication is a follow-up of a study that has a primary report; a second one must be confirmed', async () => {
  await save(publication('follow-up-2024', { authors: [{ family: 'Tarleton' }] }), publication('second-2024', { authors: [{ family: 'Tarleton' }] }))
  const [followUp, second] = [await idOf('follow-up-2024'), await idOf('second-2024')]
  const place = { study: 'tarleton-2017' }
  const dry = await acceptDrafts(clone.database, folder, [followUp], { ...curator, place, dryRun: true })
  expect(dry.accepted).toMatchObject([{ study: 'tarleton-2017', placement: { role: 'FOLLOW_UP' } }])
  expect((await draftOf('follow-up-2024')).status).toBe('DRAFT')
  await expect(acceptDrafts(clone.database, folder, [second], { ...curator, place: { ...place, role: 'PRIMARY_REPORT' } })).rejects.toMatchObject({
    reason: 'UNCONFIRMED_PLACE',
    message: expect.stringContaining('has a primary report already, tarleton-2017'),
  })
  await acceptDrafts(clone.database, folder, [followUp], { ...curator, place })
  expect((await studies()).get('tarleton-2017')?.publications).toContainEqual(expect.objectContaining({ slug: 'follow-up-2024', role: 'FOLLOW_UP' }))
})

test('a publication with neither title nor author nor year of a study is accepted into it only if that is confirmed', async () => {
  await save(publication('unlike-2024'))
  const id = await idOf('unlike-2024')
  const place = { study: 'abbasi-2012' }
  await expect(acceptDrafts(clone.database, folder, [id], { ...curator, place })).rejects.toMatchObject({ reason: 'UNCONFIRMED_PLACE' })
  expect((await draftOf('unlike-2024')).status).toBe('DRAFT')
  const { accepted } = await acceptDrafts(clone.database, folder, [id], { ...curator, place, isConfirmed: true })
  expect(accepted).toMatchObject([{ study: 'abbasi-2012', placement: { role: 'FOLLOW_UP' } }])
})

test('an acceptance is undone as a new revision, and the draft is open again', async () => {
  await save(publication('undone-2024'))
  const id = await idOf('undone-2024')
  const before = await studies()
  const accepted = await acceptDrafts(clone.database, folder, [id], { ...curator, place: { made: {} } })
  expect((await studies()).get('undone-2024')).toMatchObject({ design: 'RCT_PARALLEL', evidenceKind: 'PRIMARY' })
  expect(accepted.accepted[0]?.designBy).toBe('its type Randomized Controlled Trial')
  const undone = await undoAcceptances(clone.database, folder, [id], { by: 'B. Curator', note: 'another trial' })
  expect(undone).toMatchObject({ imported: true })
  expect(undone.revision).not.toBe(accepted.revision)
  expect(await studies()).toEqual(before)
  expect(await draftOf('undone-2024')).toMatchObject({ status: 'DRAFT', decidedBy: null, note: null })
  const [entry] = await findAuditEntries(clone.database, { action: 'ACCEPTANCE_UNDONE', limit: 1 })
  expect(entry).toMatchObject({ subject: 'PUBLICATION undone-2024', details: { draft: id, by: 'B. Curator', acceptedBy: 'A. Curator', note: 'another trial' } })
  await expect(undoAcceptances(clone.database, folder, [id], curator)).rejects.toThrow(`draft ${id} is not accepted: its status is DRAFT`)
})

test('an acceptance that a later one builds on is undone only after it, or with it', async () => {
  const event = { status: 'CONCERN', date: '2025-01-01', source: 'a notice' } as const
  await save(publication('base-2024'), {
    kind: 'STATUS_EVENT',
    slug: statusEventSlug('base-2024', event),
    document: { publication: 'base-2024', event },
    origin,
  })
  const [base, built] = [await idOf('base-2024'), await idOf('base-2024/concern/2025-01-01')]
  await acceptDrafts(clone.database, folder, [base], { ...curator, place: { made: { design: 'COHORT' } } })
  await acceptDrafts(clone.database, folder, [built], curator)
  await expect(undoAcceptances(clone.database, folder, [base], curator)).rejects.toMatchObject({
    reason: 'BUILT_UPON',
    message: `draft ${base} cannot be undone: draft ${built}, accepted later, builds on it: there is no publication base-2024; undo that one first`,
  })
  await undoAcceptances(clone.database, folder, [base, built], curator)
  expect((await studies()).has('base-2024')).toBe(false)
})

test('a design that neither types nor title tell must be named; single drafts have places of their own', async () => {
  await save(
    publication('untold-2024', { types: [] }),
    publication('crossed-2024', { title: 'Magnesium for hiccups: a randomised crossover trial' }),
    publication('reviewed-2024', { types: ['Meta-Analysis', 'Randomized Controlled Trial'] }),
  )
  const ids = [await idOf('untold-2024'), await idOf('crossed-2024'), await idOf('reviewed-2024')]
  const [untold = 0] = ids
  await expect(acceptDrafts(clone.database, folder, ids, { ...curator, place: { made: {} }, dryRun: true })).rejects.toThrow(
    `draft ${untold}, "A trial called untold-2024": neither its types nor its title tell its design`,
  )
  const places = new Map([[untold, { made: { design: 'CASE_SERIES' } } as const]])
  const { accepted } = await acceptDrafts(clone.database, folder, ids, { ...curator, place: { made: {} }, places, dryRun: true })
  expect(accepted.map(({ placement }) => placement?.made)).toEqual([
    { design: 'CASE_SERIES', evidenceKind: 'PRIMARY' },
    { design: 'RCT_CROSSOVER', evidenceKind: 'PRIMARY' },
    { design: 'REVIEW', evidenceKind: 'META_ANALYSIS' },
  ])
})

test('records that differ from what is known, and refused ones, are kept; the same again is one', async () => {
  const known = (await studies()).get('tarleton-2017')?.publications.find((entry) => 'slug' in entry && entry.slug === 'tarleton-2017')
  if (known === undefined || !('slug' in known)) throw new Error('the corpus holds no such publication')
  const ris = ['TY  - JOUR', `TI  - ${known.title}`, `DO  - ${known.doi ?? ''}`, 'PY  - 2018', 'JO  - Another journal', 'ER  - ', ''].join('\n')
  const read = () =>
    saveDrafts(
      clone.database,
      (transaction) => referenceProposals(transaction, referenceFormats.ris.read(listed(Buffer.from(ris))), { format: 'RIS', source: 'differing.ris' }),
      { by: 'A. Curator' },
    )
  await read()
  await read()
  const kept = await findSkipped(clone.database, { sources: ['differing.ris'] }, 100)
  expect(kept).toHaveLength(1)
  expect(kept[0]).toMatchObject({ known: 'tarleton-2017', importedBy: 'A. Curator', why: expect.stringContaining(`year is ${known.year} here and 2018 there`) })
  await saveDrafts(clone.database, told({ outcome: 'REFUSED', subject: 'a record', why: 'it has no title', origin: { ...origin, source: 'refused.ris' } }))
  expect(await findSkipped(clone.database, { outcome: 'REFUSED', sources: ['refused.ris'] }, 100)).toMatchObject([{ why: 'it has no title', line: 3 }])
})

async function* listed(bytes: Uint8Array) {
  yield await Promise.resolve(bytes)
}

test('a list tells year, first author, title and DOI, also of what changes something known', async () => {
  const event = { status: 'CONCERN', date: '2024-05-05', source: 'a notice' } as const
  await save(publication('listed-2024', { doi: '10.5555/listed' }), {
    kind: 'STATUS_EVENT',
    slug: statusEventSlug('tarleton-2017', event),
    document: { publication: 'tarleton-2017', event },
    origin,
  })
  expect(draftLine(await draftOf('listed-2024'))).toMatch(/\n {8}2024 Nobody: A trial called listed-2024, doi:10\.5555\/listed$/)
  expect(draftLine(await draftOf('tarleton-2017/concern/2024-05-05'))).toMatch(/\n {8}2017 Tarleton: Role of magnesium .*doi:10\.1371\/journal\.pone\.0180067$/)
})

test('what would change is told against what is stored, without empty lists, and with what it may repeat', async () => {
  const event = { status: 'RETRACTED', date: '2024-06-06', source: 'a notice' } as const
  await save(
    { kind: 'STATUS_EVENT', slug: statusEventSlug('tarleton-2017', event), document: { publication: 'tarleton-2017', event }, origin },
    publication('repeated-2030', { title: 'Role of magnesium supplementation in the treatment of depression: a randomized clinical trial', year: 2030 }),
  )
  const ofEvent = await draftChanges(clone.database, folder, await idOf('tarleton-2017/retracted/2024-06-06'))
  expect(ofEvent.changes[0]).toEqual({ path: 'status', before: 'CURRENT', after: 'RETRACTED' })
  const repeated = await draftChanges(clone.database, folder, await idOf('repeated-2030'))
  expect(repeated.likelyDuplicates).toContainEqual(expect.objectContaining({ slug: 'tarleton-2017', draft: null, year: 2017, by: 'title' }))
  expect(changesText(repeated)).not.toContain('[]')
  expect(changesText(repeated)).toMatch(/# may repeat tarleton-2017 \(title\): 2017 Tarleton/)
})
