// The Postgres and the data that benchmarks run on.
import os from 'node:os'
import path from 'node:path'
import sql from 'sql-template-tag'
import { importCorpus } from '../src/corpus/import.js'
import { createDatabase, databaseUrl, dropDatabase } from '../src/database/administration.js'
import { openDatabase, type Database } from '../src/database/client.js'
import { startEmbedded } from '../src/database/embedded.js'
import { migrate } from '../src/database/migrate.js'
import { rows } from '../src/database/query.js'
import { findDataRevision } from '../src/dataset/dataset.queries.js'
import { corpusFolder } from '../src/provision.js'
import { generate, type Size } from './generate.js'

const seed = 20261123
const folder = path.resolve(process.env['BENCH_FOLDER'] ?? 'data/bench')

export const sizes = {
  tiny: { studies: 1_000, effects: 10_000 },
  small: { studies: 10_000, effects: 100_000 },
  large: { studies: 100_000, effects: 1_000_000 },
  huge: { studies: 1_000_000, effects: 10_000_000, readModelOnly: true },
} as const

const settings = { shared_buffers: '2GB', max_wal_size: '8GB', synchronous_commit: 'off', maintenance_work_mem: '512MB', effective_cache_size: '8GB' }

export const postgresFolder = path.join(folder, 'postgres')

/** The embedded Postgres, with the memory that a server of this size would have. */
export function startBenchPostgres(say: (line: string) => void) {
  return startEmbedded({ folder: postgresFolder, onProgress: say, settings })
}

export const scaleFolder = path.join(folder, 'postgres-scale')

/** One for data that are generated, read and thrown away: its log stays small and nothing waits for the disk. */
export function startScalePostgres(say: (line: string) => void) {
  return startEmbedded({
    folder: scaleFolder,
    onProgress: say,
    settings: { ...settings, max_wal_size: '2GB', min_wal_size: '256MB', fsync: 'off', full_page_writes: 'off' },
  })
}

/** A database of a size, generated unless it is there from an earlier run. */
export async function provideGenerated(server: string, name: string, size: Size, say: (line: string) => void): Promise<string> {
  const database = `bench_${name}_${size.studies}_${size.effects}`
  const admin = openDatabase({ url: server, poolSize: 1 })
  const [known] = await rows(admin, sql`SELECT 1 AS known FROM pg_database WHERE datname = ${database}`)
  await admin.close()
  const url = databaseUrl(server, database)
  if (known !== undefined) {
    const opened = openDatabase({ url, poolSize: 1 })
    const { revision } = await findDataRevision(opened).catch(() => ({ revision: '' }))
    await opened.close()
    if (revision.startsWith('generated')) {
      await migrate(url)
      return url
    }
    say(`${database} was left half made and is generated again`)
    await dropDatabase(server, database)
  }
  say(`generating ${size.studies} studies with ${size.effects} effects …`)
  await createDatabase(server, database)
  await migrate(url)
  const opened = openDatabase({ url, poolSize: 2 })
  try {
    await importCorpus(opened, corpusFolder)
    await generate(opened, size, seed, say)
  } finally {
    await opened.close()
  }
  return url
}

/** The corpus of this release, freshly imported. */
export async function provideCorpus(server: string): Promise<string> {
  const database = 'bench_corpus'
  await dropDatabase(server, database)
  await createDatabase(server, database)
  const url = databaseUrl(server, database)
  await migrate(url)
  const opened = openDatabase({ url, poolSize: 2 })
  await importCorpus(opened, corpusFolder).finally(() => opened.close())
  return url
}

/** Ends what servers still have the database do for requests whose clients have gone, so that it does not run beside what is measured next. */
export async function settle({ pool }: Database): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(
      `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    )
    if (rowCount === 0) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export function machineInWords(): string {
  const [cpu] = os.cpus()
  const load = os.loadavg().map((value) => value.toFixed(2))
  return `${cpu?.model.trim()}, ${os.cpus().length} cores, ${Math.round(os.totalmem() / 2 ** 30)} GiB; ${os.type()} ${os.release()}; Node.js ${process.version}; embedded PostgreSQL 18. Load average before: ${load.join(', ')}.`
}
