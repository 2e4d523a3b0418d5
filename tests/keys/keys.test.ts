import { createHash } from 'node:crypto'
import type { Actor } from '../../src/audit/audit.js'
import { findAuditEntries } from '../../src/audit/audit.queries.js'
import { hashOfKey, makeKey, prefixOfKey } from '../../src/keys/key.js'
import { createKey, findKeys, revokeKey } from '../../src/keys/key.queries.js'
import { keyRing } from '../../src/keys/keyRing.js'
import { cloneDatabase, statementsOf, type ClonedDatabase } from '../support/database.js'
import { until } from '../support/until.js'

const actor: Actor = { kind: 'COMMAND_LINE', name: 'somebody@here' }

let clone: ClonedDatabase
beforeAll(async () => {
  clone = await cloneDatabase()
})
afterAll(() => clone.drop())

const make = (name: string) => createKey(clone.database, { name, scopes: ['READ'], costPerMinute: null }, actor)

test('a key has a part to show and 256 random bits to hide', () => {
  const [one, other] = [makeKey(), makeKey()]
  expect(one.text).toMatch(/^mgev_[0-9a-f]{8}_[\w-]{43}$/)
  expect(Buffer.from(one.text.slice(14), 'base64url')).toHaveLength(32)
  expect(one.text.slice(14)).not.toBe(other.text.slice(14))
  expect(prefixOfKey(one.text)).toBe(one.prefix)
})

test.each(['', 'mgev_', 'mgev_1a2b3c4d_short', `MGEV_1a2b3c4d_${'x'.repeat(43)}`, `mgev_1a2b3c4d_${'x'.repeat(44)}`, `mgev_1a2b3c4d_${'ü'.repeat(43)}`])(
  '%j is no key',
  (text) => {
    expect(prefixOfKey(text)).toBeNull()
  },
)

test('of a key only the hash is kept, and no column or log of the change holds its secret', async () => {
  const text = await make('kept as a hash')
  const secret = text.slice(14)
  expect(hashOfKey(text)).toEqual(createHash('sha256').update(text).digest())
  const { rows } = await clone.database.pool.query<{ text: string; hash: Buffer }>(
    `SELECT k::text || (SELECT string_agg(a::text, ' ') FROM audit_entry a) AS text, hash FROM api_key k WHERE prefix = $1`,
    [prefixOfKey(text)],
  )
  expect(rows[0]?.hash).toEqual(hashOfKey(text))
  expect(rows[0]?.text).toContain('kept as a hash')
  expect(rows[0]?.text).not.toContain(secret)
})

test('a key is known whole and by nothing less', async () => {
  const text = await make('known')
  const find = keyRing(clone.database)
  expect(await find(text)).toEqual({ name: 'known', prefix: prefixOfKey(text), scopes: ['READ'], costPerMinute: null })
  const otherEnd = text.endsWith('A') ? 'B' : 'A'
  expect(await find(text.slice(0, -1) + otherEnd)).toBeNull()
  expect(await find(text.slice(0, -1))).toBeNull()
  expect(await find(makeKey().text)).toBeNull()
})

test('a key is known as soon as it is made', async () => {
  const find = keyRing(clone.database)
  for (const name of ['first', 'second', 'third']) expect(await find(await make(name))).toMatchObject({ name })
})

test('a key in use is read from memory; guessed keys are answered by few readings, however many they are', async () => {
  const find = keyRing(clone.database)
  const text = await make('in use')
  await find(text)
  const used = await statementsOf(clone.database, () => Promise.all(Array.from({ length: 100 }, () => find(text))))
  const guessed = await statementsOf(clone.database, () => Promise.all(Array.from({ length: 100 }, () => find(makeKey().text))))
  const readings = (statements: string[]) => statements.filter((statement) => statement.includes('FROM api_key')).length
  expect(readings(used)).toBeLessThanOrEqual(1) // where a second has passed
  expect(readings(guessed)).toBeLessThanOrEqual(2)
})

test('a revoked key is refused by a process that knew it, within two seconds', async () => {
  const text = await make('to be revoked')
  const find = keyRing(clone.database)
  expect(await find(text)).not.toBeNull()
  await revokeKey(clone.database, text.slice(5, 13), actor)
  await until(async () => (await find(text)) === null)
})

test('a key is revoked once, and one that never was is not revoked at all', async () => {
  const prefix = (await make('revoked twice')).slice(5, 13)
  await revokeKey(clone.database, prefix, actor)
  await expect(revokeKey(clone.database, prefix, actor)).rejects.toThrow(`key ${prefix} was revoked already`)
  await expect(revokeKey(clone.database, '00000000', actor)).rejects.toThrow('there is no key 00000000')
})

test('use is written down', async () => {
  const text = await make('used')
  await keyRing(clone.database)(text)
  const used = async () => (await findKeys(clone.database)).find(({ prefix }) => prefix === prefixOfKey(text))?.lastUsedAt ?? null
  await until(async () => (await used()) !== null)
  expect(await used()).toBeInstanceOf(Date)
})

test('making and revoking are recorded with who did it; a key that cannot be made leaves no record', async () => {
  const text = await createKey(clone.database, { name: 'recorded', scopes: ['READ', 'CURATE'], costPerMinute: 70_000 }, actor)
  const prefix = prefixOfKey(text) ?? ''
  await revokeKey(clone.database, prefix, actor)
  const entries = await findAuditEntries(clone.database, { subject: prefix, limit: 10 })
  expect(entries.map(({ actorKind, actor: who, action, subject, details }) => [actorKind, who, action, subject, details])).toEqual([
    ['COMMAND_LINE', actor.name, 'KEY_CREATED', `key ${prefix}`, { name: 'recorded', scopes: ['READ', 'CURATE'], costPerMinute: 70_000 }],
    ['COMMAND_LINE', actor.name, 'KEY_REVOKED', `key ${prefix}`, { name: 'recorded' }],
  ])
  const count = async () => (await findAuditEntries(clone.database, { limit: 1_000 })).length
  const before = await count()
  await expect(createKey(clone.database, { name: ' ', scopes: ['READ'], costPerMinute: null }, actor)).rejects.toThrow('a key has a name')
  await expect(createKey(clone.database, { name: 'none', scopes: [], costPerMinute: null }, actor)).rejects.toThrow('at least one scope')
  expect(await count()).toBe(before)
})
