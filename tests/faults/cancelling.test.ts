import sql from 'sql-template-tag'
import { rows } from '../../src/database/query.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'

let clone: ClonedDatabase
beforeAll(async () => {
  clone = await cloneDatabase()
})
afterAll(() => clone.drop())

test('statements end when nobody waits for them, and their connection serves nobody else', async () => {
  const leaving = new AbortController()
  const database = { ...clone.database, signal: leaving.signal }
  const sleeping = rows(database, sql`SELECT pg_sleep(60)`)
  const failure = expect(sleeping).rejects.toMatchObject({ code: '57014' })
  const before = clone.database.pool.totalCount
  setTimeout(() => leaving.abort(), 50)
  await failure
  expect(clone.database.pool.totalCount).toBeLessThanOrEqual(before + 1)
  expect(await rows<{ one: number }>(clone.database, sql`SELECT 1 AS one`)).toEqual([{ one: 1 }])
  await expect(rows(database, sql`SELECT 1`)).rejects.toThrow('aborted')
})

test('a signal that is never aborted leaves nothing behind', async () => {
  const waiting = new AbortController()
  for (let times = 0; times < 50; times += 1) await rows({ ...clone.database, signal: waiting.signal }, sql`SELECT 1`)
  expect(clone.database.pool.totalCount).toBeLessThanOrEqual(2)
})
