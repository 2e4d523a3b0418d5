import { createHash, type Hash } from 'node:crypto'
import { Transform } from 'node:stream'
import { z } from 'zod'

/**
 * A backup is a zip file: each table as Postgres copies it (text, tab-separated), `manifest.json`, and `SHA256SUMS` over all of them, so that
 * `unzip` and `sha256sum --check` can look at it without this program.
 */
export const manifestName = 'manifest.json'
export const sumsName = 'SHA256SUMS'
export const entryOf = (table: string) => `tables/${table}.copy`

const identifier = z.string().regex(/^[a-z_][a-z0-9_]*$/)
const tableEntry = z.object({
  name: identifier,
  columns: z.array(identifier).min(1),
  rows: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

export const manifest = z.object({
  format: z.literal('magnesium-evidence backup'),
  formatVersion: z.literal(1),
  release: z.string(),
  postgres: z.string(),
  /** When the transaction began whose state it holds. */
  takenAt: z.string(),
  revision: z.string().nullable(),
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  /** In an order in which each can be filled: what a table refers to stands before it. */
  tables: z.array(tableEntry),
  /** The value that each gives next. */
  sequences: z.array(z.object({ name: identifier, next: z.string().regex(/^-?\d+$/) })),
})
export type Manifest = z.infer<typeof manifest>
export type TableEntry = z.infer<typeof tableEntry>

/** Why a backup cannot be made or taken back, as a stable word; docs/operations.md lists them. */
export const backupFaults = {
  FILE_EXISTS: 'the file is there already',
  FILE_UNUSABLE: 'the file cannot be read or written',
  NOT_A_BACKUP: 'the file is no backup of this program',
  DAMAGED: 'the file is not as it was written',
  OTHER_SCHEMA: 'the backup and this release have other migrations',
  NOT_EMPTY: 'the database holds something, and nobody said that it may go',
} as const

/** What stands in the way of a backup, in a sentence for whoever asked for it. The database, or the file, is as it was. */
export class BackupError extends Error {
  constructor(
    readonly code: keyof typeof backupFaults,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${message} (${code})`, options)
    this.name = 'BackupError'
  }
}

/** Lets bytes through, and knows how many and of which fingerprint they were. */
export class Measured extends Transform {
  readonly #hash: Hash = createHash('sha256')
  bytes = 0

  constructor(readonly onBytes: (bytes: number) => void = () => {}) {
    super()
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
    this.#hash.update(chunk)
    this.bytes += chunk.length
    this.onBytes(chunk.length)
    done(null, chunk)
  }

  /** Once all has passed. */
  sha256(): string {
    return this.#hash.digest('hex')
  }
}

/** What is being done, and how much of it is, in bytes. */
export type OnProgress = (stage: { readonly doing: string; readonly done: number; readonly total: number }) => void
