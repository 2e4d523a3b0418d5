import { readdirSync } from 'node:fs'
import { migrate, shownAddress } from '../../src/database/migrate.js'
import { emptyDatabase, type ClonedDatabase } from '../support/database.js'
import { migrationHistory } from '../support/schemaScript.js'

let empty: ClonedDatabase
beforeAll(async () => {
  empty = await emptyDatabase()
})
afterAll(() => empty.drop())

const names = readdirSync('prisma/migrations')
  .filter((name) => /^\d/.test(name))
  .sort()
const query = async (text: string) => (await empty.database.pool.query<Record<string, unknown>>(text)).rows

test('services that start together migrate once, whole scripts with functions in them included', async () => {
  const applied = await Promise.all([migrate(empty.url), migrate(empty.url), migrate(empty.url)])
  expect(applied.sort((a, b) => b.length - a.length)).toEqual([names, [], []])
})

test('one process migrates one database after another', async () => {
  const second = await emptyDatabase()
  try {
    expect(await migrate(second.url)).toEqual(names)
  } finally {
    await second.drop()
  }
})

test('what is recorded is what Prisma itself would record', async () => {
  const recorded = await query(
    `SELECT migration_name, length(checksum) AS checksum, finished_at IS NOT NULL AS finished, applied_steps_count AS steps FROM _prisma_migrations ORDER BY migration_name`,
  )
  expect(recorded).toEqual(names.map((name) => ({ migration_name: name, checksum: 64, finished: true, steps: 1 })))
})

test('Prisma finds nothing to apply, edited or failed in a migrated database', async () => {
  expect(await migrationHistory(names, empty.url)).toEqual({
    history: null,
    failedMigrationNames: [],
    editedMigrationNames: [],
    hasMigrationsTable: true,
  })
})

test('a migration that fails is named and leaves nothing behind', async () => {
  const other = await emptyDatabase()
  try {
    await other.database.pool.query('CREATE DOMAIN form_category AS text')
    await expect(migrate(other.url)).rejects.toThrow(`cannot apply the migration ${names[0]}, of which nothing remains: type "form_category" already exists`)
    await other.database.pool.query('DROP DOMAIN form_category')
    expect(await migrate(other.url)).toEqual(names)
  } finally {
    await other.drop()
  }
})

test('a migration that failed under another program is refused until somebody resolves it', async () => {
  const other = await emptyDatabase()
  try {
    await migrate(other.url)
    await other.database.pool.query(`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '${names.at(-1)}'`)
    await expect(migrate(other.url)).rejects.toThrow(`the migration ${names.at(-1)} failed earlier`)
  } finally {
    await other.drop()
  }
})

test('a database of something else is refused', async () => {
  const other = await emptyDatabase()
  try {
    await other.database.pool.query('CREATE TABLE guest (name text)')
    await expect(migrate(other.url)).rejects.toThrow('the database holds tables of something else (guest)')
  } finally {
    await other.drop()
  }
})

test('a migration changed after it was applied is refused', async () => {
  await query(`UPDATE _prisma_migrations SET checksum = repeat('0', 64) WHERE migration_name = '${names[0]}'`)
  await expect(migrate(empty.url)).rejects.toThrow(`the migration ${names[0]} was applied in another version`)
})

test('a database ahead of this release is refused', async () => {
  await query(`UPDATE _prisma_migrations SET migration_name = '29990101000000_later' WHERE migration_name = '${names.at(-1)}'`)
  await expect(migrate(empty.url)).rejects.toThrow('the database has the migration 29990101000000_later, which this release does not know')
})

test('a server that cannot be reached is named without its password', async () => {
  await expect(migrate('postgresql://reader:secret@127.0.0.1:1/evidence')).rejects.toThrow(
    /^cannot reach the database at postgresql:\/\/reader@127\.0\.0\.1:1\/evidence: connect ECONNREFUSED/,
  )
})

test.each([
  ['postgresql://a:b@h/d', 'postgresql://a@h/d'],
  ['postgres://a@h/d', 'postgres://a@h/d'],
  ['postgresql://a:b@c@h:5433/d', 'postgresql://a@h:5433/d'],
  ['postgresql://a:%2F%40b@[::1]:5433/d', 'postgresql://a@[::1]:5433/d'],
  ['postgres://h/d?user=a&password=b&sslmode=require', 'postgres://h/d'],
])('of %s only %s is shown', (address, shown) => {
  expect(shownAddress(address)).toBe(shown)
})

test.each(['p@ss', 'p@@ss@', 'p%w', 'p%FFw', 'p:w', 'p w', 'p&w', '%2F@pw', 'p"w'])(
  'a server that cannot be reached with the password %s is named without it',
  async (secret) => {
    const refused = await migrate(`postgresql://reader:${secret}@127.0.0.1:1/evidence`).then(
      () => '',
      (error: Error) => error.message,
    )
    expect(refused).toMatch(
      /^cannot reach the database at postgresql:\/\/reader@127\.0\.0\.1:1\/evidence: (?:connect ECONNREFUSED 127\.0\.0\.1:1|URI malformed)$/,
    )
  },
)
