import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { openPromise, type Entry, type ZipFile } from 'yauzl'
import type { Database } from '../database/client.js'
import { inTransaction, type Transaction } from '../database/query.js'
import { findMigrations, findSequences, findTables } from './catalogue.js'
import { BackupError, entryOf, manifest as manifestShape, manifestName, Measured, sumsName, type Manifest, type OnProgress, type TableEntry } from './format.js'

export interface RestoreOptions {
  /** What the database holds goes; without it a database that holds anything is refused. */
  readonly replace?: boolean
  readonly onProgress?: OnProgress
}

/**
 * Fills a migrated database from a backup: the whole file is verified first, then everything is loaded in one transaction, or nothing. Readers wait
 * while it loads. What runs beside it must not hold what it has read: services should be started again.
 *
 * @throws {BackupError} any but FILE_EXISTS, with the database as it was
 */
export async function restoreBackup(database: Database, file: string, { replace = false, onProgress = () => {} }: RestoreOptions = {}): Promise<Manifest> {
  const backup = await openBackup(file)
  try {
    const { manifest } = backup
    await inTransaction(database, (transaction) => requireSameSchema(transaction, manifest))
    await verify(backup, onProgress)
    await inTransaction(database, (transaction) => load(transaction, backup, { replace, onProgress }))
    await database.pool.query('ANALYZE')
    return manifest
  } finally {
    backup.zip.close()
  }
}

interface Backup {
  readonly file: string
  readonly zip: ZipFile
  readonly entries: ReadonlyMap<string, Entry>
  readonly manifest: Manifest
}

const damaged = (file: string, what: string, cause?: unknown) => new BackupError('DAMAGED', `${file} is damaged: ${what}; nothing was changed`, { cause })

async function openBackup(file: string): Promise<Backup> {
  const zip = await openPromise(file, { lazyEntries: true, autoClose: false }).catch((cause: NodeJS.ErrnoException) => {
    throw cause.syscall === undefined
      ? new BackupError('NOT_A_BACKUP', `${file} is no whole zip file, as backups are: it is another file, or cut off`, { cause })
      : new BackupError('FILE_UNUSABLE', `cannot read ${file}: ${cause.code}`, { cause })
  })
  try {
    const entries = new Map<string, Entry>()
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry)
    const [held, sums] = await Promise.all([manifestName, sumsName].map((name) => smallEntry(file, zip, entries.get(name))))
    if (held === undefined || held === null || sums === undefined || sums === null)
      throw new BackupError('NOT_A_BACKUP', `${file} is a zip file without ${manifestName} and ${sumsName}: no backup of this program`)
    const listed = new Map(
      sums
        .toString('utf8')
        .split('\n')
        .map((line) => [line.slice(66), line.slice(0, 64)]),
    )
    if (listed.get(manifestName) !== createHash('sha256').update(held).digest('hex')) throw damaged(file, `${manifestName} is not as ${sumsName} says`)
    const read = manifestShape.safeParse(JSON.parse(held.toString('utf8')))
    if (!read.success)
      throw new BackupError('NOT_A_BACKUP', `${file} has a manifest that this release does not understand: ${read.error.issues[0]?.path.join('.')}`)
    return { file, zip, entries, manifest: read.data }
  } catch (error) {
    zip.close()
    throw error instanceof BackupError ? error : damaged(file, 'its entries cannot be read', error)
  }
}

/** No entry that is read whole is larger. */
const smallBytes = 10_000_000

async function smallEntry(file: string, zip: ZipFile, entry: Entry | undefined): Promise<Buffer | null> {
  if (entry === undefined) return null
  if (entry.uncompressedSize > smallBytes) throw damaged(file, `${entry.fileName} is too large`)
  return buffer(await zip.openReadStreamPromise(entry))
}

async function requireSameSchema(transaction: Transaction, { release, migrations, tables, sequences }: Manifest): Promise<void> {
  const here = await findMigrations(transaction)
  const differs = (one: readonly { name: string; checksum: string }[], other: typeof one) =>
    one.find(({ name, checksum }) => !other.some((migration) => migration.name === name && migration.checksum === checksum))?.name
  const [unknown, missing] = [differs(migrations, here), differs(here, migrations)]
  if (unknown !== undefined || missing !== undefined)
    throw new BackupError(
      'OTHER_SCHEMA',
      `the backup was made by release ${release} ${unknown !== undefined ? `with the migration ${unknown}, which the database has not` : `without the migration ${missing}, which the database has`}: restore it by that release, then upgrade`,
    )
  const shapeOf = (found: readonly { name: string; columns: readonly string[] }[]) =>
    found.map(({ name, columns }) => `${name}(${[...columns].sort().join()})`).sort()
  const named = (found: readonly { name: string }[]) => found.map(({ name }) => name).sort()
  const same =
    JSON.stringify([shapeOf(tables), named(sequences)]) === JSON.stringify([shapeOf(await findTables(transaction)), named(await findSequences(transaction))])
  if (!same)
    throw new BackupError('OTHER_SCHEMA', 'the backup has other tables or columns than the database, though the same migrations: one was changed by hand')
}

/** Reads every table to its end, so that nothing is touched for the sake of a file that cannot be loaded whole. */
async function verify(backup: Backup, onProgress: OnProgress): Promise<void> {
  const total = totalOf(backup)
  let done = 0
  for (const table of backup.manifest.tables) {
    const onBytes = (bytes: number) => onProgress({ doing: 'verifying', done: (done += bytes), total })
    await readTable(backup, table, onBytes, async (content) => {
      for await (const part of content) void part
    })
  }
}

const totalOf = ({ manifest }: Backup) => manifest.tables.reduce((sum, { bytes }) => sum + bytes, 0)

/** @throws {BackupError} DAMAGED where the bytes are not those that were written */
async function readTable(
  { file, zip, entries }: Backup,
  { name, bytes, sha256 }: TableEntry,
  onBytes: (bytes: number) => void,
  use: (content: Measured) => Promise<void>,
): Promise<void> {
  const entry = entries.get(entryOf(name))
  if (entry === undefined || entry.uncompressedSize !== bytes) throw damaged(file, `${entryOf(name)} is missing or of another size`)
  const measured = new Measured(onBytes)
  const opened = () => zip.openReadStreamPromise(entry)
  async function* sound(): AsyncGenerator<Buffer> {
    try {
      yield* await opened()
    } catch (cause) {
      throw damaged(file, `${entryOf(name)} cannot be read`, cause)
    }
  }
  // A failure of the one ends the other; the user's tells the cause, whose ever it was.
  const [used, read] = await Promise.allSettled([use(measured), pipeline(sound, measured)])
  for (const outcome of [used, read]) if (outcome.status === 'rejected') throw outcome.reason
  if (measured.sha256() !== sha256) throw damaged(file, `${entryOf(name)} is not as ${manifestName} says`)
}

async function load(transaction: Transaction, backup: Backup, { replace, onProgress }: Required<RestoreOptions>): Promise<void> {
  const { client } = transaction
  const { tables, sequences } = backup.manifest
  // Imports wait for it, and it for them.
  await client.query(`SELECT pg_advisory_xact_lock(hashtext('magnesium-evidence import'))`)
  const names = tables.map(({ name }) => `public.${pg.escapeIdentifier(name)}`)
  await client.query(`LOCK TABLE ${names.join(', ')} IN ACCESS EXCLUSIVE MODE`)
  await requireSameSchema(transaction, backup.manifest)
  if (!replace) await requireEmpty(transaction, backup)
  // What triggers would do was done when the rows were first written, and is in the backup.
  for (const name of names) await client.query(`ALTER TABLE ${name} DISABLE TRIGGER USER`)
  await client.query(`TRUNCATE ${names.join(', ')}`)
  const total = totalOf(backup)
  let done = 0
  for (const table of tables) {
    const onBytes = (bytes: number) => onProgress({ doing: 'loading', done: (done += bytes), total })
    const columns = table.columns.map((column) => pg.escapeIdentifier(column)).join(', ')
    await readTable(backup, table, onBytes, async (content) => {
      const copy = client.query(copyFrom(`COPY public.${pg.escapeIdentifier(table.name)} (${columns}) FROM STDIN`))
      await pipeline(content, copy)
      if (copy.rowCount !== table.rows) throw damaged(backup.file, `${entryOf(table.name)} has ${copy.rowCount} rows, not ${table.rows}`)
    })
  }
  // Unlike setval, undone with the transaction.
  for (const { name, next } of sequences) await client.query(`ALTER SEQUENCE public.${pg.escapeIdentifier(name)} RESTART WITH ${BigInt(next)}`)
  for (const name of names) await client.query(`ALTER TABLE ${name} ENABLE TRIGGER USER`)
}

async function requireEmpty(transaction: Transaction, { manifest }: Backup): Promise<void> {
  for (const { name } of manifest.tables) {
    const { rows: found } = await transaction.client.query<{ filled: boolean }>(`SELECT EXISTS (SELECT FROM public.${pg.escapeIdentifier(name)}) AS filled`)
    if (found[0]?.filled === true)
      throw new BackupError('NOT_EMPTY', `the database holds something already (in ${name}): restore into an empty one, or replace it with --replace`)
  }
}
