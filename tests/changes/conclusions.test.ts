import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { keepConclusions } from '../../src/changes/keeping.js'
import { importCorpus } from '../../src/corpus/import.js'
import { startService, type Service } from '../support/service.js'

let service: Service
let folder: string
/** The revisions in the order of their imports. */
const states: string[] = []

const edit = async (file: string, change: (text: string) => string) => {
  const text = await readFile(path.join(folder, file), 'utf8')
  const changed = change(text)
  expect(changed).not.toBe(text)
  await writeFile(path.join(folder, file), changed)
}
const imported = async () => states.push((await importCorpus(service.database, folder)).revision)

beforeAll(async () => {
  service = await startService()
  folder = await mkdtemp(path.join(tmpdir(), 'conclusions-'))
  await cp('prisma/corpus', folder, { recursive: true })
  states.push((await service.ask('{ dataset { dataRevision } }')).dataset.dataRevision)
})
afterAll(async () => {
  await rm(folder, { recursive: true })
  await service.stop()
})

const summary =
  'group estimate ciLower ciUpper k measure unit studies direction certainty { level } warnings { code } comparison { key } evidenceClass synthesisId'
const ask = `query ($since: String!, $conditions: [String!]) {
  conclusionChanges(sinceRevision: $since, conditions: $conditions) { condition { slug } outcome { slug } comparison { key label } before { ${summary} } after { ${summary} } why }
}`
const moved = async (since: string | undefined, conditions: string[] | null = null) => (await service.ask(ask, { since, conditions })).conclusionChanges
const summariesNow = async () => (await service.ask(`{ evidenceSummaries(groupBy: [CONDITION, OUTCOME]) { ${summary} } }`)).evidenceSummaries
interface Told {
  readonly outcome: { readonly slug: string }
  readonly why: readonly string[]
}
const rowsKept = async () => (await service.database.pool.query<{ count: number }>('SELECT count(*)::int AS count FROM kept_conclusion')).rows[0]?.count ?? 0

test('nothing moved since the newest revision', async () => {
  expect(await moved(states[0])).toEqual([])
})

test('conclusions are kept once, however many ask for it at once', async () => {
  await Promise.all([keepConclusions(service.database), keepConclusions(service.database), keepConclusions(service.database)])
  const kept = await rowsKept()
  const { evidenceSummaries } = await service.ask('{ evidenceSummaries(groupBy: [CONDITION, OUTCOME]) { group } }')
  expect(kept).toBe(evidenceSummaries.length)
  await keepConclusions(service.database)
  expect(await rowsKept()).toBe(kept)
})

test('a corrected estimate moves the conclusions that it enters, told by the study and the value', async () => {
  const [before, kept] = [await summariesNow(), await rowsKept()]
  await edit('studies/tarleton-2017.yaml', (text) => text.replace('estimate: -4.5\n', 'estimate: -4.4\n'))
  await imported()
  const found = await moved(states[0])
  expect(found.map(({ outcome }: Told) => outcome.slug)).toEqual(['anxiety-symptoms'])
  const [change] = found
  const same = ({ comparison, evidenceClass, group }: { comparison: { key: string }; evidenceClass: string; group: string[] }) =>
    comparison.key === change.comparison.key && evidenceClass === change.after.evidenceClass && group.join(' ') === 'anxiety anxiety-symptoms'
  // As they were shown before, and are shown now.
  expect({ ...change.before, synthesisId: null }).toEqual({ ...before.find(same), synthesisId: null })
  expect(change.after).toEqual((await summariesNow()).find(same))
  expect(change.before.estimate).not.toBe(change.after.estimate)
  expect(change.why).toEqual(['tarleton-2017 was changed: results.gad7-6wk.reported.estimate: -4.5 → -4.4.'])
  expect(await moved(states[0], ['migraine'])).toEqual([])
  // What did not move takes no room.
  expect((await rowsKept()) - kept).toBe(1)
})

test('a retraction moves what rested on the study, and says so', async () => {
  await edit('studies/tarleton-2017.yaml', (text) =>
    text.replace('    role: PRIMARY_REPORT\n', '    role: PRIMARY_REPORT\n    statusEvents: [{ status: RETRACTED, date: 2026-06-01, source: the journal }]\n'),
  )
  await imported()
  const found = await moved(states[1], ['anxiety'])
  expect(found.length).toBeGreaterThan(0)
  for (const { why } of found) expect(why).toContain('tarleton-2017 was retracted.')
  const { changes } = await service.ask(`{ changes(sinceRevision: "${states[1]}") { nodes { kind subject { __typename } what } } }`)
  expect(changes.nodes).toMatchObject([{ kind: 'STATUS', subject: { __typename: 'Publication' }, what: ['status: CURRENT → RETRACTED', expect.any(String)] }])
})

test('the movement of a revision that was replaced before it was pooled counts to the next', async () => {
  await edit('studies/tarleton-2017.yaml', (text) => text.replace(/ {4}statusEvents: .*\n/, ''))
  await imported()
  await edit('studies/tarleton-2017.yaml', (text) => text.replace('estimate: -4.4\n', 'estimate: -4.5\n'))
  await imported()
  // The state before the retraction came back, but for its estimate.
  expect((await moved(states[2])).flatMap(({ why }: Told) => why)).toContainEqual(
    expect.stringMatching(/^tarleton-2017 entered the pool: status: RETRACTED → CURRENT/),
  )
  // Of the revision in between nothing was kept: it counts as the one before it.
  expect(await moved(states[3])).toEqual(await moved(states[2]))
  // From the first state to the last, which are the same, nothing moved.
  expect(states[4]).toBe(states[0])
})

test('a revision older than the first conclusions that were kept is refused with the first', async () => {
  await service.database.pool.query('DELETE FROM kept_conclusion')
  await service.database.pool.query('UPDATE data_revision SET conclusions_kept_at = NULL')
  const { errors } = await service.request(ask, { since: states[1] })
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'NOT_COMPUTABLE', reason: 'CONCLUSIONS_NOT_KEPT', suggestions: [states.at(-1)] })
})

test('an unknown revision is refused', async () => {
  const { errors } = await service.request(ask, { since: 'x' })
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', reason: 'UNKNOWN_REVISION', argument: 'sinceRevision' })
})
