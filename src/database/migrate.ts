import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, type SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { messageOf, StartupError } from '../startupError.js'
import { applicationName, connectionTimeoutMs } from './client.js'

const prismaFolder = fileURLToPath(new URL('../../prisma', import.meta.url))

/** Held while migrating, so that of services that start together one migrates and the others wait. */
const migrationLock = 4_020_260_101

interface Migration {
  readonly name: string
  readonly script: string
}

/**
 * Brings a database to the newest migration with Prisma's own schema engine (its WebAssembly build, which needs no
 * download), so that `prisma migrate deploy` and `prisma migrate status` agree with what is recorded.
 *
 * @returns the names of the migrations applied now, oldest first
 * @throws {StartupError} if the server cannot be reached, a migration fails, or the database is ahead of this release
 */
export async function migrate(url: string): Promise<string[]> {
  const migrations = await readMigrations(path.join(prismaFolder, 'migrations'))
  const lockHolder = await connected(url)
  try {
    await lockHolder.query('SELECT pg_advisory_lock($1)', [migrationLock])
    return (await isUpToDate(lockHolder, migrations)) ? [] : await applyWithEngine(url, migrations)
  } finally {
    await lockHolder.end()
  }
}

async function connected(url: string): Promise<pg.Client> {
  try {
    // The driver reads the address here, and the files of certificates that it names.
    const client = new pg.Client({ connectionString: url, application_name: `${applicationName} migration`, connectionTimeoutMillis: connectionTimeoutMs })
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
  return Promise.all(names.map(async (name) => ({ name, script: await readFile(path.join(folder, name, 'migration.sql'), 'utf8') })))
}

/** Whether everything is applied, so that the engine (a third of a second) need not be loaded. */
async function isUpToDate(client: pg.Client, migrations: readonly Migration[]): Promise<boolean> {
  const { rows: tables } = await client.query<{ exists: boolean }>(`SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS exists`)
  if (tables[0]?.exists !== true) return false
  const { rows: recorded } = await client.query<{ name: string; checksum: string; finished: boolean }>(
    'SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished FROM public._prisma_migrations WHERE rolled_back_at IS NULL',
  )
  const unknown = recorded.find(({ name }) => !migrations.some((migration) => migration.name === name))
  if (unknown)
    throw new StartupError(`the database has the migration ${unknown.name}, which this release does not know: run the release that made it, or a newer one`)
  for (const { name, script } of migrations) {
    const applied = recorded.find((row) => row.name === name && row.finished)
    if (applied === undefined) return false
    if (applied.checksum !== createHash('sha256').update(script).digest('hex'))
      throw new StartupError(
        `the migration ${name} was applied in another version than prisma/migrations holds: a migration must not change once it is applied`,
      )
  }
  return true
}

async function applyWithEngine(url: string, migrations: readonly Migration[]): Promise<string[]> {
  const { SchemaEngine } = await loadEngine()
  // The engine works in the schema public whatever search path the address or the role sets.
  const pool = new pg.Pool({
    connectionString: url,
    application_name: `${applicationName} migration`,
    options: '-c search_path=public',
    max: 2,
    connectionTimeoutMillis: connectionTimeoutMs,
  })
  const schema = await readFile(path.join(prismaFolder, 'schema.prisma'), 'utf8')
  const engine = await SchemaEngine.new(
    { datamodels: [['schema.prisma', schema]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(runningScriptsWhole(new PrismaPg(pool))),
  )
  const baseDir = path.join(prismaFolder, 'migrations')
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: {
        baseDir,
        lockfile: { path: 'migration_lock.toml', content: await readFile(path.join(baseDir, 'migration_lock.toml'), 'utf8') },
        shadowDbInitScript: '',
        migrationDirectories: migrations.map(({ name, script }) => ({
          path: name,
          migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: script } },
        })),
      },
      filters: { externalTables: [], externalEnums: [] },
    })
    return appliedMigrationNames
  } catch (cause) {
    throw new StartupError(`cannot migrate the database: ${messageOf(cause)}`, { cause })
  } finally {
    engine.free()
    await pool.end()
  }
}

/**
 * The adapter splits a script at every semicolon, also inside a function's body; the server reads a whole script rightly,
 * as one transaction, which is also what Prisma's own binary sends.
 */
function runningScriptsWhole(factory: PrismaPg): SqlMigrationAwareDriverAdapterFactory {
  const whole = <Adapter extends Awaited<ReturnType<PrismaPg['connect']>>>(adapter: Adapter): Adapter => {
    adapter.executeScript = async (script) => void (await adapter.executeRaw({ sql: script, args: [], argTypes: [] }))
    return adapter
  }
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => whole(await factory.connect()),
    connectToShadowDb: async () => whole(await factory.connectToShadowDb()),
  }
}

type Engine = typeof import('@prisma/schema-engine-wasm/schema_engine_bg')

let engine: Promise<Engine> | undefined

/** Once a process: the package's bindings keep views of the memory of the instance they were given. */
export function loadEngine(): Promise<Engine> {
  return (engine ??= instantiateEngine())
}

/** Node does not import WebAssembly by itself, so what the package's own entry does is done by hand. */
async function instantiateEngine(): Promise<Engine> {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const file = createRequire(import.meta.url)
    .resolve('@prisma/schema-engine-wasm/schema_engine_bg')
    .replace(/js$/, 'wasm')
  const { instance } = await WebAssembly.instantiate(await readFile(file), { './schema_engine_bg.js': withoutWaiting(bindings) })
  bindings.__wbg_set_wasm(instance.exports)
  instance.exports['__wbindgen_start']?.()
  return bindings
}

/** The engine leaves its lock's time-out of ten seconds running, which nobody should have to wait for when all is done. */
function withoutWaiting(bindings: Engine): Record<string, unknown> {
  const isTimer = (name: string) => name.startsWith('__wbg_setTimeout_')
  const unreferenced =
    (setTimer: (...given: unknown[]) => NodeJS.Timeout) =>
    (...given: unknown[]) =>
      setTimer(...given).unref()
  return Object.fromEntries(Object.entries(bindings).map(([name, binding]) => [name, isTimer(name) ? unreferenced(binding as () => NodeJS.Timeout) : binding])) // what Node's setTimeout returns
}
