import path from 'node:path'
import type { Actor } from '../../src/audit/audit.js'
import { findAuditEntries } from '../../src/audit/audit.queries.js'
import { registerCuration } from '../../src/intake/curation.http.js'
import type { Draft } from '../../src/intake/draft.js'
import { findDrafts, saveDrafts } from '../../src/intake/draft.queries.js'
import { createKey } from '../../src/keys/key.queries.js'
import { keyRing } from '../../src/keys/keyRing.js'
import { startService, type Service } from '../support/service.js'

const folder = path.resolve('prisma/corpus')
const actor: Actor = { kind: 'COMMAND_LINE', name: 'somebody@here' }
const publication = (slug: string): Draft => ({
  kind: 'PUBLICATION',
  slug,
  document: { slug, role: 'PRIMARY_REPORT', title: `A trial called ${slug}`, authors: [{ family: 'Nobody', given: 'N.' }], year: 2024 },
  origin: { format: 'RIS', source: 'export.ris', line: 3 },
})

let service: Service
let curator: string
let reader: string
beforeAll(async () => {
  service = await startService((database) => ({
    findKeyHolder: keyRing(database),
    addRoutes: (routes) => registerCuration(routes, { database, folder }),
  }))
  curator = await createKey(service.database, { name: 'A. Curator', scopes: ['CURATE'], costPerMinute: null }, actor)
  reader = await createKey(service.database, { name: 'A. Reader', scopes: ['READ'], costPerMinute: null }, actor)
})
afterAll(() => service.stop())

// Answers are as varied as requests; tests compare them with what they expect, whole.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Body = any

async function ask(
  address: string,
  { key = curator, body, method = body === undefined ? 'GET' : 'POST' }: { key?: string | null; body?: unknown; method?: string } = {},
): Promise<{ status: number; headers: Headers; body: Body }> {
  const response = await fetch(`${service.url}/curation/${address.startsWith('skipped') ? '' : 'drafts'}${address}`, {
    method,
    headers: { ...(key !== null && { authorization: `Bearer ${key}` }), ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

async function draft(slug: string): Promise<number> {
  await saveDrafts(
    service.database,
    (async function* () {
      yield await Promise.resolve(publication(slug))
    })(),
  )
  return (await findDrafts(service.database, {})).find((kept) => kept.slug === slug)?.id ?? 0
}

test.each<[string, string, unknown]>([
  ['listing', '', undefined],
  ['looking at one', '/1', undefined],
  ['accepting', '/accept', { ids: [1] }],
  ['rejecting', '/reject', { ids: [1] }],
  ['undoing', '/undo', { ids: [1] }],
  ['what was skipped', 'skipped', undefined],
  ['what is malformed', '/reject', { nothing: true }],
])('%s needs a key, and one with the scope', async (_, address, body) => {
  const without = await ask(address, { key: null, body })
  expect([without.status, without.body.errors[0].extensions.code, without.headers.get('www-authenticate')]).toEqual([401, 'UNAUTHENTICATED', 'Bearer'])
  const reading = await ask(address, { key: reader, body })
  expect([reading.status, reading.body.errors[0].extensions.code]).toEqual([403, 'FORBIDDEN'])
  expect(reading.body.errors[0].message).toMatch(/^the key mgev_[0-9a-f]{8}_… has the scope read, this needs "curate"$/)
})

test('drafts are listed, looked at with what they would change, accepted and rejected; the log says by whose key', async () => {
  const [accepted, rejected] = [await draft('http-accepted-2024'), await draft('http-rejected-2024')]
  const listed = await ask('?kind=PUBLICATION&source=export.ris')
  expect([listed.status, listed.headers.get('cache-control'), listed.body.hasMore]).toEqual([200, 'no-store', false])
  expect(listed.body.drafts.map(({ id }: { id: number }) => id)).toEqual([accepted, rejected])
  expect((await ask(`?after=${accepted}`)).body.drafts).toHaveLength(1)
  const one = await ask(`/${accepted}`)
  expect(one.body).toMatchObject({
    draft: { id: accepted, status: 'DRAFT' },
    changes: expect.arrayContaining([{ path: 'slug', after: 'http-accepted-2024' }]),
  })

  const place = { study: 'tarleton-2017', role: 'FOLLOW_UP' }
  const done = await ask('/accept', { body: { ids: [accepted], note: 'read in full', place, confirm: true } })
  expect([done.status, done.body]).toEqual([
    200,
    {
      drafts: [{ id: accepted, kind: 'PUBLICATION', slug: 'http-accepted-2024', status: 'ACCEPTED', study: 'tarleton-2017', placement: place }],
      evidence: { changed: true, revision: expect.stringMatching(/^[0-9a-f]{64}$/), counts: expect.objectContaining({ studies: expect.any(Number) }) },
      dryRun: false,
    },
  ])
  expect((await ask('/reject', { body: { ids: [rejected] } })).body).toEqual({
    drafts: [{ id: rejected, kind: 'PUBLICATION', slug: 'http-rejected-2024', status: 'REJECTED' }],
  })
  expect((await findDrafts(service.database, { ids: [accepted] }))[0]).toMatchObject({ decidedBy: 'A. Curator', note: 'read in full' })
  const who = `${curator.slice(5, 13)} A. Curator`
  const entries = await findAuditEntries(service.database, { limit: 3 })
  expect(entries.map(({ actorKind, actor: name, action }) => [actorKind, name, action])).toEqual([
    ['KEY', who, 'DRAFT_ACCEPTED'],
    ['KEY', who, 'EVIDENCE_IMPORTED'],
    ['KEY', who, 'DRAFT_REJECTED'],
  ])
})

test.each<[string, (id: number) => unknown, string, RegExp]>([
  ['without a place', (id) => ({ ids: [id] }), 'UNDECIDABLE_DRAFT', /is a publication that is not known/],
  ['into a study that is none', (id) => ({ ids: [id], place: { study: 'nowhere' } }), 'UNDECIDABLE_DRAFT', /nowhere/],
  ['with one that is unknown', (id) => ({ ids: [id, 999_999] }), 'UNDECIDABLE_DRAFT', /there is no draft 999999/],
  ['none', () => ({ ids: [] }), 'BAD_PARAMETER', /^ids: /],
  ['by a name', () => ({ ids: ['1; DROP TABLE draft'] }), 'BAD_PARAMETER', /^ids\.0: /],
  ['beyond any number', () => ({ ids: [2 ** 40] }), 'BAD_PARAMETER', /^ids\.0: /],
  ['with what is not asked for', (id) => ({ ids: [id], by: 'somebody else' }), 'BAD_PARAMETER', /by/],
  ['with a list for a body', () => [], 'BAD_PARAMETER', /^the request: /],
  ['with a prototype', (id) => `{"ids":[${id}],"__proto__":{"place":{"study":"tarleton-2017"}}}`, '', /not valid JSON/],
])('accepting %s is refused by name, and nothing is decided', async (_, body, reason, message) => {
  const id = await draft('http-refused-2024')
  const refused = await ask('/accept', { body: body(id) })
  expect([refused.status, refused.body.errors[0].extensions.reason ?? '']).toEqual([400, reason])
  expect(refused.body.errors[0].message).toMatch(message)
  expect((await findDrafts(service.database, { ids: [id] }))[0]?.status).toBe('DRAFT')
})

test('a draft is edited by whom the log names; a value that cannot be is refused by name, and so is an edit of an older state', async () => {
  const id = await draft('http-edited-2024')
  const before = (await ask(`/${id}`)).body.draft
  const edited = await ask(`/${id}`, {
    method: 'PATCH',
    body: { set: { pmid: '99990003' }, unset: ['authors'], note: 'read again', changedAt: before.changedAt },
  })
  expect([edited.status, edited.body.draft.document.pmid, edited.body.edits]).toEqual([
    200,
    '99990003',
    expect.arrayContaining([{ path: 'pmid', after: '99990003' }]),
  ])
  const [entry] = await findAuditEntries(service.database, { action: 'DRAFT_EDITED', limit: 1 })
  expect(entry).toMatchObject({ actorKind: 'KEY', details: { draft: id, by: 'A. Curator', note: 'read again' } })
  const reasons = []
  for (const body of [{ set: { year: 'last' } }, { set: { year: 2020 }, changedAt: before.changedAt }, {}, { set: {}, document: {} }])
    reasons.push((await ask(`/${id}`, { method: 'PATCH', body })).body.errors[0].extensions.reason)
  expect(reasons).toEqual(['MALFORMED_DRAFT', 'DRAFT_CHANGED_MEANWHILE', 'BAD_PARAMETER', 'BAD_PARAMETER'])
  expect((await ask(`/${id}`, { method: 'PATCH', body: { set: { year: 2020 } }, key: reader })).status).toBe(403)
})

test('a doubtful place is refused until it is confirmed; an acceptance is tried, made and undone', async () => {
  const id = await draft('http-undone-2024')
  const body = { ids: [id], place: { study: 'abbasi-2012' } }
  expect((await ask('/accept', { body })).body.errors[0].extensions.reason).toBe('UNCONFIRMED_PLACE')
  const tried = await ask('/accept', { body: { ...body, confirm: true, dryRun: true } })
  expect(tried.body).toMatchObject({ dryRun: true, drafts: [{ status: 'DRAFT', study: 'abbasi-2012', placement: { role: 'FOLLOW_UP' } }] })
  expect((await ask('/accept', { body: { ...body, confirm: true } })).status).toBe(200)
  expect((await ask('/undo', { body: { ids: [id], note: 'another trial' } })).body).toMatchObject({
    drafts: [{ id, status: 'DRAFT' }],
    evidence: { changed: true },
  })
  expect((await ask('/undo', { body: { ids: [id] } })).body.errors[0].extensions.reason).toBe('UNDECIDABLE_DRAFT')
})

test('records that were refused are listed; a source that is none is answered with those that are', async () => {
  const origin = { format: 'RIS', source: './folder/refused.ris', line: 7 }
  await saveDrafts(
    service.database,
    (async function* () {
      yield await Promise.resolve({ outcome: 'REFUSED', subject: 'a record', why: 'it has no title', origin } as const)
    })(),
  )
  const { body } = await ask('skipped?source=refused.ris')
  expect(body).toMatchObject({ hasMore: false, records: [{ outcome: 'REFUSED', why: 'it has no title', line: 7 }] })
  const unknown = await ask('skipped?source=nothing.ris')
  expect([unknown.status, unknown.body.errors[0].extensions.reason]).toEqual([400, 'UNKNOWN_SOURCE'])
  expect(unknown.body.errors[0].message).toContain('./folder/refused.ris')
})

test.each(['/0', '/999999', '/1e3', '/x', '/99999999999999999999', '/1%20OR%201=1'])('there is no draft %s', async (address) => {
  const { status, body } = await ask(address)
  expect([status, body.errors[0].extensions.code]).toEqual([404, 'NOT_FOUND'])
})

test('the schema that everybody sees has no mutation', async () => {
  expect(await service.ask('{ __schema { mutationType { name } } }')).toEqual({ __schema: { mutationType: null } })
})
