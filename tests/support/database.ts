import { randomUUID } from 'node:crypto'
import { createDatabase, databaseUrl, dropDatabase } from '../../src/database/administration.js'
import { openDatabase, type Database } from '../../src/database/client.js'

export interface ClonedDatabase {
  readonly database: Database
  readonly url: string
  /** Closes the connections and removes the database. */
  drop(): Promise<void>
}

/**
 * A database of this test file's own, migrated and holding the corpus: a clone of the run's template.
 *
 * @example
 * let clone: ClonedDatabase
 * beforeAll(async () => { clone = await cloneDatabase() })
 * afterAll(() => clone.drop())
 */
export function cloneDatabase(): Promise<ClonedDatabase> {
  return cloneOf(fromSetup('TEST_TEMPLATE'))
}

/** A database without a single table. */
export function emptyDatabase(): Promise<ClonedDatabase> {
  return cloneOf('template0')
}

async function cloneOf(template: string): Promise<ClonedDatabase> {
  const server = fromSetup('TEST_SERVER_URL')
  const name = `test_${randomUUID()}`
  await createDatabase(server, name, template)
  const url = databaseUrl(server, name)
  const database = openDatabase({ url })
  return {
    database,
    url,
    drop: async () => {
      await database.close()
      await dropDatabase(server, name)
    },
  }
}

/** What `work` sends to the database, statement by statement. */
export async function statementsOf(database: Database, work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = []
  const stop = database.onStatement((text) => sent.push(text))
  try {
    await work()
  } finally {
    stop()
  }
  return sent
}

function fromSetup(name: string): string {
  const value = process.env[name]
  if (value === undefined) throw new RangeError(`${name} is not set: tests need the global set-up of jest.config.js`)
  return value
}
