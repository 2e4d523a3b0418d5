import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
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
  folder = await mkdtemp(path.join(tmpdir(), 'changes-'))
  await cp('prisma/corpus', folder, { recursive: true })
  states.push((await service.ask('{ dataset { dataRevision } }')).dataset.dataRevision)
  await edit('studies/tarleton-2017.yaml', (text) => text.replace('participantsRandomized: 126', 'participantsRandomized: 127'))
  await imported()
  await rm(path.join(folder, 'studies/afitska-2021.yaml'))
  await edit('treatments.yaml', (text) => `${text.trimEnd()}\n- { slug: invented-treatment, name: Invented treatment }\n`)
  await imported()
})
afterAll(async () => {
  await rm(folder, { recursive: true })
  await service.stop()
})

const fields = 'nodes { kind at revision subject { __typename id } subjectType subjectSlug what } totalCount notRecorded { revision }'

test('revisions are listed newest first, with what each counted and how much of its changes is known', async () => {
  const { revisions, dataset } = await service.ask(
    '{ revisions { totalCount nodes { revision importedAt release engineVersion changeRecording counts { studies treatments } } } dataset { release counts { studies treatments } } }',
  )
  expect(revisions.totalCount).toBe(3)
  expect(revisions.nodes.map(({ revision }: { revision: string }) => revision)).toEqual([...states].reverse())
  expect(revisions.nodes[0]).toMatchObject({ release: dataset.release, counts: dataset.counts })
  expect(revisions.nodes.map(({ changeRecording }: { changeRecording: string }) => changeRecording)).toEqual(['RECORDED', 'RECORDED', 'EVERYTHING_ADDED'])
  const { revisions: second } = await service.ask('query ($after: String) { revisions(first: 1, after: $after) { nodes { revision } } }', {
    after: (await service.ask('{ revisions(first: 1) { pageInfo { endCursor } } }')).revisions.pageInfo.endCursor,
  })
  expect(second.nodes).toEqual([{ revision: states[1] }])
})

test('changes name subject, kind and values; what is gone has no subject any more', async () => {
  const { changes } = await service.ask(`query ($since: String) { changes(sinceRevision: $since) { ${fields} } }`, { since: states[0] })
  expect(changes).toMatchObject({ totalCount: 3, notRecorded: [] })
  expect(changes.nodes).toMatchObject([
    { kind: 'ADDED', revision: states[2], subject: { __typename: 'Treatment' }, subjectSlug: 'invented-treatment', what: ['Invented treatment'] },
    { kind: 'REMOVED', revision: states[2], subject: null, subjectType: 'Study', subjectSlug: 'afitska-2021', what: [expect.any(String)] },
    { kind: 'CHANGED', revision: states[1], subject: { __typename: 'Study' }, subjectSlug: 'tarleton-2017', what: ['participantsRandomized: 126 → 127'] },
  ])
})

test('the first import is one change that says how much it added', async () => {
  const { changes, dataset } = await service.ask(`query ($until: String) { changes(untilRevision: $until) { ${fields} } dataset { counts { claims } } }`, {
    until: states[0],
  })
  expect(changes.nodes).toMatchObject([
    { kind: 'ADDED', revision: states[0], subject: null, subjectType: null, what: expect.arrayContaining([`claims: added ${dataset.counts.claims}`]) },
  ])
})

test('changes are read between any two revisions, from a time on, and page by page', async () => {
  const ask = async (given: string) =>
    (await service.ask(`{ changes(${given}) { nodes { subjectSlug } } }`)).changes.nodes.map(({ subjectSlug }: { subjectSlug: string }) => subjectSlug)
  expect(await ask(`sinceRevision: "${states[0]}", untilRevision: "${states[1]}"`)).toEqual(['tarleton-2017'])
  expect(await ask(`sinceRevision: "${states[1]?.slice(0, 12)}"`)).toEqual(['invented-treatment', 'afitska-2021'])
  expect(await ask(`sinceRevision: "${states[2]}"`)).toEqual([])
  const { revisions } = await service.ask('{ revisions { nodes { importedAt } } }')
  expect(await ask(`since: "${revisions.nodes[0].importedAt}"`)).toEqual(['invented-treatment', 'afitska-2021'])
  expect(await ask(`since: "${revisions.nodes[0].importedAt}", sinceRevision: "${states[0]}"`)).toEqual(['invented-treatment', 'afitska-2021'])
  expect(await ask('since: "2100-01-01T00:00:00Z"')).toEqual([])
  const { changes: first } = await service.ask('{ changes(first: 2) { pageInfo { endCursor hasNextPage } } }')
  expect(first.pageInfo.hasNextPage).toBe(true)
  expect(await ask(`first: 1, after: "${first.pageInfo.endCursor}"`)).toEqual(['tarleton-2017'])
})

test('changes are read of a condition with those narrower', async () => {
  const ask = async (condition: string) =>
    (await service.ask(`{ changes(sinceRevision: "${states[0]}", conditions: ["${condition}"]) { nodes { subjectSlug } } }`)).changes.nodes
  expect(await ask('depression')).toEqual([{ subjectSlug: 'tarleton-2017' }])
  expect(await ask('MESH:D003866')).toEqual([{ subjectSlug: 'tarleton-2017' }])
  expect(await ask('migraine')).toEqual([])
})

test.each([
  ['a revision that is unknown', 'sinceRevision: "0000000000000000"', { reason: 'UNKNOWN_REVISION', argument: 'sinceRevision' }],
  ['a beginning that is too short', 'untilRevision: "0"', { reason: 'UNKNOWN_REVISION', argument: 'untilRevision' }],
  ['a condition that is unknown', 'conditions: ["depresion"]', { reason: 'UNKNOWN_TERM', suggestions: expect.arrayContaining(['depression']) }],
])('%s is refused', async (_, given, extensions) => {
  const { data, errors } = await service.request(`{ changes(${given}) { totalCount } }`)
  expect(data).toEqual({ changes: null })
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', ...extensions })
})

test('a fingerprint with a mistake is told the nearest ones', async () => {
  const mistaken = `${states[1]?.slice(0, 40)}ffff`
  const { errors } = await service.request(`{ changes(sinceRevision: "${mistaken}") { totalCount } }`)
  expect(errors?.[0]?.extensions.suggestions).toContain(states[1])
})

test('revisions of a release that recorded nothing are named, not passed over', async () => {
  await service.database.pool.query('UPDATE data_revision SET change_record = NULL WHERE revision = $1', [states[1]])
  await service.database.pool.query('DELETE FROM data_change c USING data_revision r WHERE r.id = c.revision_id AND r.revision = $1', [states[1]])
  const { changes } = await service.ask(`{ changes(sinceRevision: "${states[0]}") { ${fields} } }`)
  expect(changes.notRecorded).toEqual([{ revision: states[1] }])
  expect(changes.totalCount).toBe(2)
})

test('an import over one whose files were not kept says that its changes are not known', async () => {
  await service.database.pool.query('DELETE FROM kept_corpus')
  await edit('studies/tarleton-2017.yaml', (text) => text.replace('participantsRandomized: 127', 'participantsRandomized: 128'))
  await imported()
  const { changes } = await service.ask(`{ changes(sinceRevision: "${states[2]}") { ${fields} } }`)
  expect(changes).toMatchObject({ nodes: [], notRecorded: [{ revision: states[3] }] })
})
