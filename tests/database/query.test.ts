import sql, { raw } from 'sql-template-tag'
import type { Database } from '../../src/database/client.js'
import { preparedTexts } from '../../src/database/prepared.js'
import { inTransaction, rows } from '../../src/database/query.js'
import { cloneDatabase, statementsOf, type ClonedDatabase } from '../support/database.js'

let clone: ClonedDatabase
let database: Database
beforeAll(async () => {
  clone = await cloneDatabase()
  database = clone.database
})
afterAll(() => clone.drop())

const preparedHere = sql`SELECT statement FROM pg_prepared_statements WHERE name <> '' ORDER BY prepare_time`

test('values travel beside the text and come back as they went', async () => {
  expect(await rows(database, sql`SELECT ${`Robert'); DROP TABLE study;--`}::text AS name, ${[1, 2]}::int[] AS numbers`)).toEqual([
    { name: `Robert'); DROP TABLE study;--`, numbers: [1, 2] },
  ])
})

test('a text is prepared when it comes again, not at first sight', async () => {
  await inTransaction(database, async (transaction) => {
    const statement = sql`SELECT ${1}::int AS once`
    await rows(transaction, statement)
    expect(await rows(transaction, preparedHere)).not.toContainEqual({ statement: statement.text })
    await rows(transaction, statement)
    expect(await rows(transaction, preparedHere)).toContainEqual({ statement: statement.text })
  })
})

test('what a connection holds prepared stays bounded however many texts come', async () => {
  for (let number = 0; number < preparedTexts * 2; number += 1) {
    for (let time = 0; time < 2; time += 1) await rows(database, raw(`SELECT ${number} AS number`))
  }
  const connections = await Promise.all(
    Array.from({ length: 10 }, () => rows<{ count: number }>(database, sql`SELECT count(*)::int AS count FROM pg_prepared_statements`)),
  )
  for (const [connection] of connections) expect(connection?.count).toBeLessThanOrEqual(preparedTexts)
})

test('an error of the server leaves the connection usable', async () => {
  await expect(rows(database, sql`SELECT 1 / ${0}::int`)).rejects.toMatchObject({ code: '22012' })
  expect(await rows(database, sql`SELECT 1 AS one`)).toEqual([{ one: 1 }])
})

test('work that throws leaves nothing behind', async () => {
  const before = await database.prisma.dataRevision.count()
  await expect(
    inTransaction(database, async (transaction) => {
      await rows(transaction, sql`DELETE FROM data_revision`)
      throw new RangeError('changed my mind')
    }),
  ).rejects.toThrow('changed my mind')
  expect(await database.prisma.dataRevision.count()).toBe(before)
})

test('statements are counted whoever sends them', async () => {
  const sent = await statementsOf(database, async () => {
    await rows(database, sql`SELECT 42 AS answer`)
    await database.prisma.dataRevision.findFirst()
  })
  expect(sent).toEqual(['SELECT 42 AS answer', expect.stringContaining('data_revision')])
})

test('a connection that breaks is replaced', async () => {
  await expect(rows(database, sql`SELECT pg_terminate_backend(pg_backend_pid())`)).rejects.toThrow()
  expect(await rows(database, sql`SELECT 1 AS one`)).toEqual([{ one: 1 }])
})
