import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { messageOf, StartupError } from '../startupError.js'
import { applicationName, connectionTimeoutMs } from './client.js'

const prismaFolder = fileURLToPath(new URL('../../prisma', import.meta.url))

/** Advisory lock held while migrating, the same as Prisma's: of services and commands that start together one migrates and the others wait. */
const migrationLock = 72_707_369

interface Migration {
  readonly name: string
  readonly script: string
  /** SHA-256 of the script, in hexadecimal. */
  readonly checksum: string
}

/**
 * Brings a database to the newest migration. Each migration and its record commit together, so a failed one leaves
 * nothing. The records are those of `prisma migrate deploy`: `prisma migrate status` agrees with them.
 *
 * @returns the names of the migrations applied now, oldest first
 * @throws {StartupError} if the server cannot be reached, a migration fails, the database holds other tables, or it is ahead of this release
 */
export async function migrate(url: string): Promise<string[]> {
  const migrations = await readMigrations(path.join(prismaFolder, 'migrations'))
  const client = await connected(url)
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock])
    const missing = await missingMigrations(client, migrations)
    if (missing.length > 0) await client.query(recordTable)
    for (const migration of missing) await apply(client, migration)
    return missing.map(({ name }) => name)
  } catch (cause) {
    throw cause instanceof StartupError ? cause : new StartupError(`cannot migrate the database: ${messageOf(cause)}`, { cause })
  } finally {
    await client.end()
  }
}

async function connected(url: string): Promise<pg.Client> {
  try {
    // The driver reads the address here, and the files of certificates that it names.
    const client = new pg.Client({
      connectionString: url,
      application_name: `${applicationName} migration`,
      // Tables belong into the schema public, whatever search path the address or the role sets.
      options: '-c search_path=public',
      connectionTimeoutMillis: connectionTimeoutMs,
    })
    client.on('error', () => {}) // a connection that breaks fails the statement under way, which reports it
    await client.connect()
    return client
  } catch (cause) {
    throw new StartupError(`cannot reach the database at ${shownAddress(url)}: ${messageOf(cause)}`, { cause })
  }
}

/**
 * An address as it may be shown: where, and as whom. Made of the parts that hold no secret, so that no spelling of a password gets into it.
 *
 * @param url as the configuration takes it
 */
export function shownAddress(url: string): string {
  const { protocol, username, host, pathname } = new URL(url)
  return `${protocol}//${username === '' ? '' : `${username}@`}${host}${pathname}`
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const script = await readFile(path.join(folder, name, 'migration.sql'), 'utf8')
      return { name, script, checksum: createHash('sha256').update(script).digest('hex') }
    }),
  )
}

/** As Prisma creates it. */
const recordTable = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum VARCHAR(64) NOT NULL,
    finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL,
    logs TEXT,
    rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`

/** @throws {StartupError} if the database's history is not one that this release can continue */
async function missingMigrations(client: pg.Client, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  const { rows: tables } = await client.query<{ name: string }>(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`)
  if (tables.length === 0) return migrations
  if (!tables.some(({ name }) => name === '_prisma_migrations'))
    throw new StartupError(`the database holds tables of something else (${tables[0]?.name}): give the service a database of its own`)
  const { rows: recorded } = await client.query<{ name: string; checksum: string; finished: boolean }>(
    'SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  )
  const unknown = recorded.find(({ name }) => !migrations.some((migration) => migration.name === name))
  if (unknown)
    throw new StartupError(`the database has the migration ${unknown.name}, which this release does not know: run the release that made it, or a newer one`)
  const failed = recorded.find(({ finished }) => !finished)
  if (failed)
    throw new StartupError(
      `the migration ${failed.name} failed earlier: mend the database, then say so with prisma migrate resolve --rolled-back ${failed.name} or --applied`,
    )
  const edited = migrations.find(({ name, checksum }) => recorded.some((row) => row.name === name && row.checksum !== checksum))
  if (edited)
    throw new StartupError(
      `the migration ${edited.name} was applied in another version than prisma/migrations holds: a migration must not change once it is applied`,
    )
  return migrations.filter(({ name }) => !recorded.some((row) => row.name === name))
}

async function apply(client: pg.Client, { name, script, checksum }: Migration): Promise<void> {
  try {
    await client.query('BEGIN')
    await client.query(script)
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    )
    await client.query('COMMIT')
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => {}) // the connection may be gone
    throw new StartupError(`cannot apply the migration ${name}, of which nothing remains: ${messageOf(cause)}`, { cause })
  }
}
