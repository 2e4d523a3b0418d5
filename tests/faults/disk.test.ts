import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { cp, readFile, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sql from 'sql-template-tag'
import { importCorpus } from '../../src/corpus/import.js'
import { openDatabase, type Database } from '../../src/database/client.js'
import { startEmbedded, type EmbeddedPostgres } from '../../src/database/embedded.js'
import { migrate } from '../../src/database/migrate.js'
import { rows } from '../../src/database/query.js'
import { until } from '../support/until.js'

// A disk that is really full: one of a quarter of a gigabyte in memory, and a Postgres on it.

const folder = mkdtempSync(path.join(tmpdir(), 'magnesium-evidence-disk-'))
const disk = mkdtempSync(path.join(folder, 'disk-'))
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256m', 'tmpfs', disk]).status === 0
const here = isMounted ? test : test.skip
if (!isMounted) console.warn('skipped: this user may not mount a file system, so that no disk can be filled')

let postgres: EmbeddedPostgres | undefined
afterAll(async () => {
  await postgres?.stop()
  if (isMounted) spawnSync('umount', [disk])
  await rm(folder, { recursive: true, force: true })
})

const stateOf = async (database: Database) =>
  (
    await rows<{ state: string }>(
      database,
      sql`SELECT (SELECT count(*) FROM study) || ' ' || (SELECT count(*) FROM evidence_row) || ' ' || (SELECT max(id) FROM data_revision) AS state`,
    )
  )[0]?.state

here('a disk that fills up during an import: nothing of it is kept, and with room again it can be done', async () => {
  let isDead = false
  const start = async () => {
    isDead = false
    const settings = { max_wal_size: '64MB', min_wal_size: '32MB', shared_buffers: '32MB' }
    postgres = await startEmbedded({ folder: path.join(disk, 'postgres'), settings, onDeath: () => (isDead = true) })
    return openDatabase({ url: postgres.url, poolSize: 2 })
  }
  let database = await start()
  await migrate(postgres?.url ?? '')
  try {
    await importCorpus(database, path.resolve('prisma/corpus'))
    const before = await stateOf(database)
    const corpus = path.join(folder, 'changed')
    await cp('prisma/corpus', corpus, { recursive: true })
    const file = path.join(corpus, 'studies', 'tarleton-2017.yaml')
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^title: .*$/m, 'title: Another title'))

    const { bavail, bsize } = await statfs(disk)
    const filler = path.join(disk, 'filler')
    await writeFile(filler, Buffer.alloc(bavail * bsize - 1_000_000))
    // Where the log itself finds no room, the server ends what is under way with the connection; it recovers by itself, or ends where recovery needs room too.
    await expect(importCorpus(database, corpus)).rejects.toThrow(/No space left on device|Connection terminated/)
    await until(async () => isDead || (await stateOf(database).catch(() => undefined)) === before)

    await rm(filler)
    if (isDead) {
      await database.close()
      database = await start()
    }
    expect(await stateOf(database)).toBe(before)
    await until(() =>
      importCorpus(database, corpus).then(
        () => true,
        () => false,
      ),
    )
    expect(await stateOf(database)).not.toBe(before)
  } finally {
    await database.close()
  }
})
