import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { access, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import sql from 'sql-template-tag'
import { ZipFile } from 'yazl'
import type { Database } from '../database/client.js'
import { inTransaction, rows, type Transaction } from '../database/query.js'
import { findMigrations, findSequences, findTables, type TableShape } from './catalogue.js'
import { BackupError, entryOf, manifestName, Measured, sumsName, type Manifest, type OnProgress, type TableEntry } from './format.js'

export interface BackupOptions {
  /** Of the program that writes it. */
  readonly release: string
  readonly onProgress?: OnProgress
}

/**
 * Writes everything a database holds into a file: one state of it, whatever is changed meanwhile. The file has its name when it is whole, and
 * nobody but its owner may read it.
 *
 * @throws {BackupError} FILE_EXISTS, FILE_UNUSABLE, NOT_A_BACKUP for a database without the tables of this program
 */
export async function writeBackup(database: Database, file: string, { release, onProgress = () => {} }: BackupOptions): Promise<Manifest> {
  await refuseExisting(file)
  const partial = path.join(path.dirname(file), `.${path.basename(file)}.partial-${process.pid}`)
  try {
    const manifest = await inTransaction(database, (transaction) => writeZip(transaction, partial, { release, onProgress }))
    await refuseExisting(file)
    await rename(partial, file)
    return manifest
  } catch (error) {
    throw unusable(file, error)
  } finally {
    await rm(partial, { force: true })
  }
}

async function refuseExisting(file: string): Promise<void> {
  const exists = await access(file).then(
    () => true,
    () => false,
  )
  if (exists) throw new BackupError('FILE_EXISTS', `${file} is there already: name another, or remove it`)
}

function unusable(file: string, error: unknown): unknown {
  const { syscall, code } = error as NodeJS.ErrnoException // what the file system fails with
  return syscall !== undefined && code !== undefined && ['open', 'write', 'fsync', 'rename'].includes(syscall)
    ? new BackupError('FILE_UNUSABLE', `cannot write ${file}: ${code}`, { cause: error })
    : error
}

async function writeZip(transaction: Transaction, partial: string, options: Required<BackupOptions>): Promise<Manifest> {
  const zip = new ZipFile()
  // Where the file cannot be written the copying stops, and where the copying fails the file; whichever was first is told.
  const stop = new AbortController()
  let cause: unknown
  const giveUp = (error: unknown) => {
    cause ??= error
    stop.abort()
  }
  zip.on('error', giveUp)
  const written = pipeline(zip.outputStream, createWriteStream(partial, { flags: 'wx', mode: 0o600 }), { signal: stop.signal })
  written.catch(giveUp)
  try {
    const manifest = await fillZip(transaction, zip, stop.signal, options)
    zip.end()
    await written
    const handle = await open(partial)
    await handle.sync().finally(() => handle.close())
    return manifest
  } catch (error) {
    giveUp(error)
    await written.catch(() => {}) // the file is closed
    throw cause
  }
}

async function fillZip(transaction: Transaction, zip: ZipFile, signal: AbortSignal, { release, onProgress }: Required<BackupOptions>): Promise<Manifest> {
  const [about] = await rows<{ postgres: string; takenAt: string }>(
    transaction,
    sql`SELECT current_setting('server_version') AS postgres, to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "takenAt"`,
  )
  const migrations = await findMigrations(transaction)
  if (about === undefined || migrations.length === 0)
    throw new BackupError('NOT_A_BACKUP', 'the database has none of the tables of this program: there is nothing to back up')
  const shapes = await findTables(transaction)
  const sequences = await findSequences(transaction)
  const [newest] = await rows<{ revision: string }>(transaction, sql`SELECT revision FROM data_revision ORDER BY id DESC LIMIT 1`)
  const total = shapes.reduce((sum, { size }) => sum + size, 0)
  const tables: TableEntry[] = []
  let before = 0
  for (const shape of shapes) {
    let copied = 0
    const onBytes = (bytes: number) => {
      copied += bytes
      onProgress({ doing: 'copying', done: before + Math.min(copied, shape.size), total })
    }
    tables.push(await copyTable(transaction, shape, { zip, signal, onBytes }))
    before += shape.size
  }
  const manifest: Manifest = {
    format: 'magnesium-evidence backup',
    formatVersion: 1,
    release,
    ...about,
    revision: newest?.revision ?? null,
    migrations,
    tables,
    sequences,
  }
  const text = `${JSON.stringify(manifest, null, 2)}\n`
  zip.addBuffer(Buffer.from(text), manifestName)
  const sums = [...tables.map(({ name, sha256 }) => `${sha256}  ${entryOf(name)}`), `${createHash('sha256').update(text).digest('hex')}  ${manifestName}`]
  zip.addBuffer(Buffer.from(`${sums.join('\n')}\n`), sumsName)
  return manifest
}

interface Copying {
  readonly zip: ZipFile
  readonly signal: AbortSignal
  readonly onBytes: (bytes: number) => void
}

async function copyTable({ client }: Transaction, { name, columns }: TableShape, { zip, signal, onBytes }: Copying): Promise<TableEntry> {
  const listed = columns.map((column) => pg.escapeIdentifier(column)).join(', ')
  const copy = client.query(copyTo(`COPY public.${pg.escapeIdentifier(name)} (${listed}) TO STDOUT`))
  const measured = new Measured(onBytes)
  // A table may be larger than a zip file's plain size field holds.
  zip.addReadStream(measured, entryOf(name), { forceZip64Format: true })
  try {
    await pipeline(copy, measured, { signal })
  } catch (error) {
    // A copy cannot be left half way: its connection takes no further statement, the end of the transaction included.
    if (client instanceof pg.Client) await client.end().catch(() => {})
    throw error
  }
  return { name, columns: [...columns], rows: copy.rowCount, bytes: measured.bytes, sha256: measured.sha256() }
}
