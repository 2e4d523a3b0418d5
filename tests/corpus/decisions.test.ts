import { rm } from 'node:fs/promises'
import fc from 'fast-check'
import { draftPublication } from '../../src/corpus/accepted.js'
import { importCorpus } from '../../src/corpus/import.js'
import { validCorpus } from '../../src/corpus/reading.js'
import type { Prisma } from '../../src/generated/prisma/client.js'
import { acceptDrafts, corpusOfNow, undoAcceptances, type Acceptance } from '../../src/intake/curation.js'
import { cloneDatabase, statementsOf, type ClonedDatabase } from '../support/database.js'
import { asDocument, connectedStudies, folderOf, mutations } from './changes.js'

/** Where decisions write what changed. */
let quick: ClonedDatabase
/** Where the same decisions write everything anew. */
let whole: ClonedDatabase
let folder: string
beforeAll(async () => {
  ;[quick, whole] = await Promise.all([cloneDatabase(), cloneDatabase()])
  folder = await folderOf(connectedStudies(await validCorpus('prisma/corpus'), 5))
  for (const { database } of [quick, whole]) await importCorpus(database, folder)
})
afterAll(async () => {
  await Promise.all([quick.drop(), whole.drop()])
  await rm(folder, { recursive: true })
})

/** Tables that tell of when something happened, beside what; and the changes of revisions, which are recorded only where the files before were kept. */
const ofTime = /^(_prisma_migrations|audit_entry|data_revision|data_change|draft\w*|kept_corpus|api_key)$/

/** Every row of every table as text, and what each sequence gives next. */
async function stateOf({ database: { pool } }: ClonedDatabase): Promise<Record<string, string[]>> {
  const { rows: tables } = await pool.query<{ name: string }>("SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
  const state: Record<string, string[]> = {}
  for (const { name } of tables.filter((table) => !ofTime.test(table.name)))
    state[name] = (await pool.query<{ row: string }>(`SELECT t::text AS row FROM "${name}" t ORDER BY 1`)).rows.map(({ row }) => row)
  const { rows: sequences } = await pool.query<{ row: string }>(
    "SELECT sequencename || ' ' || coalesce(last_value, 0) AS row FROM pg_sequences WHERE schemaname = 'public' AND sequencename !~ '^(audit|data_|draft)' ORDER BY 1",
  )
  const { rows: told } = await pool.query<{ row: string }>('SELECT revision || counts::text AS row FROM data_revision ORDER BY id DESC LIMIT 1')
  const { rows: logged } = await pool.query<{ row: string }>(
    "SELECT concat_ws(' ', action, subject, before, after) AS row FROM audit_entry WHERE action = 'STATUS_CHANGED' ORDER BY id",
  )
  return { ...state, sequences: sequences.map(({ row }) => row), revision: told.map(({ row }) => row), statuses: logged.map(({ row }) => row) }
}

/** Another digest of the files than theirs makes an import write the whole. */
const forgetFiles = ({ database }: ClonedDatabase) => database.pool.query("UPDATE data_revision SET files_digest = 'of other files'")

/** Does the same to both databases and holds them to the same answer and the same state. */
async function both(decide: (database: ClonedDatabase['database']) => Promise<object>): Promise<{ refused: string | null }> {
  await forgetFiles(whole)
  const outcomeOf = ({ database }: ClonedDatabase) =>
    decide(database).then(
      ({ ...told }) => ({ told: { ...told, accepted: undefined }, refused: null }),
      (error: Error) => ({ told: null, refused: error.message }),
    )
  const [one, other] = [await outcomeOf(quick), await outcomeOf(whole)]
  expect(one).toEqual(other)
  const [of, than] = [await stateOf(quick), await stateOf(whole)]
  for (const [name, rows] of Object.entries(than)) expect({ [name]: of[name] }).toEqual({ [name]: rows })
  return { refused: one.refused }
}

type Proposed = Pick<Prisma.DraftUncheckedCreateInput, 'kind' | 'slug' | 'document' | 'matched'>

/** The same draft in both, under the same id. */
async function propose({ matched, ...draft }: Proposed): Promise<number> {
  const data = { ...draft, format: 'invented', source: 'invented', ...(matched !== undefined && { matched, matchedBy: 'slug' }) }
  const made = await Promise.all([quick, whole].map(({ database }) => database.prisma.draft.create({ data })))
  const [id, other] = made.map((one) => one.id)
  if (id === undefined || id !== other) throw new Error(`the drafts have the ids ${id} and ${other}`)
  return id
}
const close = (ids: number[]) =>
  Promise.all([quick, whole].map(({ database }) => database.prisma.draft.deleteMany({ where: { id: { in: ids }, status: 'DRAFT' } })))
const accept = (ids: number[], acceptance: Partial<Acceptance> = {}) =>
  both((database) => acceptDrafts(database, folder, ids, { by: null, note: null, isConfirmed: true, ...acceptance }))
const undo = (ids: number[]) => both((database) => undoAcceptances(database, folder, ids, { by: null, note: null }))

const studiesNow = async () => (await corpusOfNow(quick.database, folder)).studies
const document = (value: object) => value as Prisma.InputJsonObject
const publication = (slug: string, change: object = {}) =>
  document(
    draftPublication.parse({
      ...{ slug, role: 'PRIMARY_REPORT', title: `A trial called ${slug}`, authors: [{ family: 'Nobody' }], year: 2024 },
      ...{ types: ['Randomized Controlled Trial'], ...change },
    }),
  )

test('a decision sends no statement that empties a table', async () => {
  const id = await propose({ kind: 'PUBLICATION', slug: 'quick-2024', document: publication('quick-2024') })
  const sent = await statementsOf(quick.database, () =>
    acceptDrafts(quick.database, folder, [id], { by: null, note: null, place: { made: {} }, dryRun: false }),
  )
  expect(sent.filter((text) => /DELETE FROM "public"\."(study|result|publication)"/.test(text))).toEqual([])
  await forgetFiles(whole)
  await acceptDrafts(whole.database, folder, [id], { by: null, note: null, place: { made: {} } })
  expect(await stateOf(quick)).toEqual(await stateOf(whole))
  await undo([id])
  await close([id])
})

test('publications become studies, join studies, change and are retracted, and all of it is taken back', async () => {
  const [study] = (await studiesNow()).filter(({ slug }) => slug === 'li-2007')
  const known = study?.publications.find((entry) => 'slug' in entry)
  const slug = known !== undefined && 'slug' in known ? known.slug : ''
  const [made, joined, changed, retracted] = [
    await propose({ kind: 'PUBLICATION', slug: 'made-2024', document: publication('made-2024', { doi: '10.1000/made', registrations: ['NCT00000001'] }) }),
    await propose({ kind: 'PUBLICATION', slug: 'joined-2024', document: publication('joined-2024', { authors: [{ corporate: 'A Group' }] }) }),
    await propose({ kind: 'PUBLICATION', slug, document: document({ title: 'Another title', year: 1999 }), matched: slug }),
    await propose({
      kind: 'STATUS_EVENT',
      slug: `${slug}/retracted`,
      document: document({ publication: slug, event: { status: 'RETRACTED', date: '2024-01-02', source: 'invented' } }),
    }),
  ]
  expect(await accept([made], { place: { made: {} } })).toEqual({ refused: null })
  expect(await accept([joined], { place: { study: 'li-2007' } })).toEqual({ refused: null })
  expect(await accept([changed, retracted])).toEqual({ refused: null })
  expect(await accept([made])).toEqual({ refused: `draft ${made} was accepted already` })
  expect(await undo([retracted])).toEqual({ refused: null })
  expect(await undo([joined, changed, made])).toEqual({ refused: null })
  await close([made, joined, changed, retracted])
})

const step = fc.record({ name: fc.constantFrom(...Object.keys(mutations)), study: fc.nat(1_000), pick: fc.nat(100), isUndone: fc.boolean() })

test('after any decisions the database is, row by row, as if the whole had been written', async () => {
  const told = { accepted: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 3 }), async (steps) => {
      for (const { name, study, pick, isUndone } of steps) {
        const now = await studiesNow()
        const chosen = now[study % now.length]
        const mutated = chosen === undefined ? undefined : mutations[name]?.(chosen, pick, now)
        if (mutated === undefined) continue
        const id = await propose({ kind: 'STUDY', slug: mutated.slug, document: document(asDocument(mutated)) })
        const { refused } = await accept([id])
        told[refused === null ? 'accepted' : 'refused'] += 1
        if (refused === null && isUndone) await undo([id])
        await close([id])
      }
    }),
    { numRuns: 2, endOnFailure: true },
  )
  expect(told.accepted).toBeGreaterThan(0)
})

test('each kind of change is written as it would be with the whole', async () => {
  for (const [name, mutate] of Object.entries(mutations)) {
    const now = await studiesNow()
    const chosen = now.filter(({ results, publications }) => results.length > 2 && publications.length > 0)[name.length % 10]
    if (chosen === undefined) throw new Error('the folder has no such study')
    const id = await propose({ kind: 'STUDY', slug: chosen.slug, document: document(asDocument(mutate(chosen, name.length, now))) })
    await accept([id])
    await close([id])
  }
})
