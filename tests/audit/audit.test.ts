import { readFileSync } from 'node:fs'
import path from 'node:path'
import sql from 'sql-template-tag'
import { auditActions, theService, type Actor } from '../../src/audit/audit.js'
import { findAuditEntries, recordChange } from '../../src/audit/audit.queries.js'
import { importCorpus } from '../../src/corpus/import.js'
import { migrate } from '../../src/database/migrate.js'
import { inTransaction, rows } from '../../src/database/query.js'
import { acceptDrafts, rejectDrafts } from '../../src/intake/curation.js'
import type { Draft } from '../../src/intake/draft.js'
import { findDrafts, saveDrafts } from '../../src/intake/draft.queries.js'
import { cloneDatabase, emptyDatabase, type ClonedDatabase } from '../support/database.js'

const folder = path.resolve('prisma/corpus')
const actor: Actor = { kind: 'KEY', name: '1a2b3c4d a test' }
const origin = { format: 'RIS', source: 'export.ris', line: 3 }
const publication = (slug: string): Draft => ({
  kind: 'PUBLICATION',
  slug,
  document: { slug, role: 'PRIMARY_REPORT', title: `A trial called ${slug}`, authors: [{ family: 'Nobody', given: 'N.' }], year: 2024 },
  origin,
})

let clone: ClonedDatabase
beforeAll(async () => {
  clone = await cloneDatabase()
})
afterAll(() => clone.drop())

async function* told(...drafts: Draft[]) {
  yield* drafts
}
const entries = async () =>
  (await findAuditEntries(clone.database, { limit: 1_000 })).map(({ id, at, ...entry }) => {
    expect([typeof id, at.constructor.name]).toEqual(['number', 'Date'])
    return entry
  })
const idOf = async (slug: string) => (await findDrafts(clone.database, {})).find((draft) => draft.slug === slug)?.id ?? 0

/** What was recorded while `work` ran. */
async function recorded(work: () => Promise<unknown>) {
  const before = (await entries()).length
  await work()
  return (await entries()).slice(before)
}

test('an import of evidence is recorded with the states before and after, one of what is there already is not', async () => {
  const empty = await emptyDatabase()
  try {
    await migrate(empty.url)
    const { revision } = await importCorpus(empty.database, folder, undefined, actor)
    await importCorpus(empty.database, folder, undefined, actor)
    expect(await findAuditEntries(empty.database, { limit: 10 })).toEqual([
      expect.objectContaining({ actorKind: 'KEY', actor: actor.name, action: 'EVIDENCE_IMPORTED', before: null, after: revision }),
    ])
  } finally {
    await empty.drop()
  }
})

test('an import of drafts is recorded once; one that changes nothing, and a dry run, are not', async () => {
  const save = (dryRun: boolean) =>
    saveDrafts(clone.database, told(publication('audited-2024'), publication('audited-b-2024')), { actor, by: 'A. Curator', dryRun })
  expect(await recorded(() => save(true))).toEqual([])
  expect(await recorded(() => save(false))).toEqual([
    {
      actorKind: 'KEY',
      actor: actor.name,
      action: 'DRAFTS_PROPOSED',
      subject: 'RIS export.ris',
      before: null,
      after: null,
      details: {
        ADDED: 2,
        CHANGED: 0,
        SKIPPED: 0,
        REFUSED: 0,
        drafts: [await idOf('audited-2024'), await idOf('audited-b-2024')],
        by: 'A. Curator',
      },
    },
  ])
  expect(await recorded(() => save(false))).toEqual([])
})

test('accepting is recorded draft by draft, with the import that follows; rejecting too', async () => {
  await saveDrafts(clone.database, told(publication('accepted-audit-2024'), publication('rejected-audit-2024')))
  const [accepted, rejected] = [await idOf('accepted-audit-2024'), await idOf('rejected-audit-2024')]
  const decision = { by: 'A. Curator', note: 'read in full', actor }
  const digest = expect.stringMatching(/^[0-9a-f]{64}$/)
  expect(
    await recorded(() =>
      acceptDrafts(clone.database, folder, [accepted], { ...decision, place: { study: 'tarleton-2017', role: 'FOLLOW_UP' }, isConfirmed: true }),
    ),
  ).toMatchObject([
    {
      actorKind: 'KEY',
      action: 'DRAFT_ACCEPTED',
      subject: 'PUBLICATION accepted-audit-2024',
      before: null,
      after: digest,
      details: { draft: accepted, by: 'A. Curator', note: 'read in full', placement: { study: 'tarleton-2017', role: 'FOLLOW_UP' } },
    },
    { actorKind: 'KEY', action: 'EVIDENCE_IMPORTED', before: digest, after: digest },
  ])
  expect(await recorded(() => rejectDrafts(clone.database, [rejected], decision))).toMatchObject([
    { actor: actor.name, action: 'DRAFT_REJECTED', subject: 'PUBLICATION rejected-audit-2024', before: digest, after: null, details: { draft: rejected } },
  ])
})

test('a retraction is recorded as the change of status that it is', async () => {
  await saveDrafts(
    clone.database,
    told({
      kind: 'STATUS_EVENT',
      slug: 'abbasi-2012/retracted/2026-02-01',
      document: { publication: 'abbasi-2012', event: { status: 'RETRACTED', date: '2026-02-01', source: 'for the test' } },
      origin,
    }),
  )
  const id = await idOf('abbasi-2012/retracted/2026-02-01')
  const changes = await recorded(() => acceptDrafts(clone.database, folder, [id], { by: null, note: null, actor }))
  expect(changes.map(({ action, subject, before, after }) => [action, subject, action === 'STATUS_CHANGED' ? [before, after] : null])).toEqual([
    ['DRAFT_ACCEPTED', 'STATUS_EVENT abbasi-2012/retracted/2026-02-01', null],
    ['STATUS_CHANGED', 'study abbasi-2012', ['CURRENT', 'RETRACTED']],
    ['EVIDENCE_IMPORTED', 'evidence', null],
  ])
})

test('a change that is taken back leaves no record, whoever makes the transaction', async () => {
  const change = { actor: theService, action: 'KEY_CREATED', subject: 'key taken back' } as const
  const refusal = new Error('taken back')
  expect(
    await recorded(async () => {
      await expect(
        inTransaction(clone.database, async (transaction) => {
          await recordChange(transaction, change)
          throw refusal
        }),
      ).rejects.toBe(refusal)
      await expect(
        clone.database.prisma.$transaction(async (transaction) => {
          await recordChange(transaction, change)
          throw refusal
        }),
      ).rejects.toBe(refusal)
      // A draft whose document no longer fits: neither the decision nor its record stays.
      await saveDrafts(clone.database, told({ ...publication('unplaced-2024') }), { actor })
      await expect(acceptDrafts(clone.database, folder, [await idOf('unplaced-2024')], { by: null, note: null })).rejects.toThrow('say which study')
    }),
  ).toMatchObject([{ action: 'DRAFTS_PROPOSED' }])
})

test.each([
  ['UPDATE', sql`UPDATE audit_entry SET actor = 'nobody'`],
  ['UPDATE of no row', sql`UPDATE audit_entry SET actor = 'nobody' WHERE false`],
  ['DELETE', sql`DELETE FROM audit_entry`],
  ['TRUNCATE', sql`TRUNCATE audit_entry`],
])('the database refuses %s of the audit log', async (_, statement) => {
  const before = await entries()
  await expect(rows(clone.database, statement)).rejects.toMatchObject({ code: '42501', message: expect.stringContaining('the audit log is only added to') })
  expect(await entries()).toEqual(before)
})

test('a session that calls itself a replica is refused as well', async () => {
  await expect(
    inTransaction(clone.database, async (transaction) => {
      await rows(transaction, sql`SET LOCAL session_replication_role = replica`)
      await rows(transaction, sql`DELETE FROM audit_entry`)
    }),
  ).rejects.toMatchObject({ code: '42501' })
})

test('every action is documented, and every documented one exists', () => {
  const documented = [...readFileSync('docs/keys.md', 'utf8').matchAll(/^\| `([A-Z_]+)` \| (.*) \|$/gm)].map(([, action, meaning]) => [action, meaning])
  expect(documented).toEqual(Object.entries(auditActions))
})
