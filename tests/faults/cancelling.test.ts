import sql from 'sql-template-tag'
import { rows } from '../../src/database/query.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'
import { until } from '../support/until.js'

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
  await until(isAsleep)
  const before = clone.database.pool.totalCount
  leaving.abort()
  await failure
  expect(clone.database.pool.totalCount).toBeLessThanOrEqual(before + 1)
  expect(await rows<{ one: number }>(clone.database, sql`SELECT 1 AS one`)).toEqual([{ one: 1 }])
  await expect(rows(database, sql`SELECT 1`)).rejects.toThrow('aborted')
})

test('who leaves while waiting for a connection asks nothing of it', async () => {
  const leaving = new AbortController()
  const asking = rows({ ...clone.database, signal: leaving.signal }, sql`SELECT pg_sleep(60)`)
  leaving.abort()
  await expect(asking).rejects.toThrow('aborted')
  expect(await isAsleep()).toBe(false)
})

test('a signal that is never aborted leaves nothing behind', async () => {
  const waiting = new AbortController()
  for (let times = 0; times < 50; times += 1) await rows({ ...clone.database, signal: waiting.signal }, sql`SELECT 1`)
  expect(clone.database.pool.totalCount).toBeLessThanOrEqual(2)
})

/** Whether a server process is in the middle of `pg_sleep`. */
async function isAsleep(): Promise<boolean> {
  const { rowCount } = await clone.database.pool.query("SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'")
  return rowCount === 1
}
