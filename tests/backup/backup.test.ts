import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ZipFile } from 'yazl'
import { BackupError, backupFaults, type OnProgress } from '../../src/backup/format.js'
import { restoreBackup } from '../../src/backup/restore.js'
import { writeBackup } from '../../src/backup/write.js'
import { readConfig } from '../../src/config.js'
import type { Database } from '../../src/database/client.js'
import { migrate } from '../../src/database/migrate.js'
import { startService } from '../../src/service.js'
import { cloneDatabase, emptyDatabase, type ClonedDatabase } from '../support/database.js'
import { until } from '../support/until.js'

let folder: string
let source: ClonedDatabase
/** Of the source: evidence, drafts, a kept synthesis, keys that deletions left gaps in. */
let file: string
let synthesis: string
const clones: ClonedDatabase[] = []
const made = async (clone: Promise<ClonedDatabase>) => {
  clones.push(await clone)
  return clone
}
const migrated = async () => {
  const clone = await made(emptyDatabase())
  await migrate(clone.url)
  return clone
}
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'magnesium-evidence-backup-'))
  file = path.join(folder, 'whole.zip')
  source = await made(cloneDatabase())
  await source.database.pool.query(`
    INSERT INTO draft (kind, slug, document, format, source, note)
    SELECT 'PUBLICATION', 'draft-' || number, jsonb_build_object('title', E'tab\\t, line\\n, back\\\\slash, \\u00b5, ' || number), 'RIS', 'export.ris', NULL
    FROM generate_series(1, 40) AS number`)
  await source.database.pool.query('DELETE FROM draft WHERE id > 35')
  synthesis = await keepSynthesis(source.url)
  await writeBackup(source.database, file, { release: 'test' })
})
afterAll(async () => {
  for (const clone of clones) await clone.drop()
  await rm(folder, { recursive: true, force: true })
})

/** Asks a service over the database, started as always: it would bring in its evidence where it is not there. */
async function served<Result>(url: string, work: (ask: (query: string) => Promise<unknown>) => Promise<Result>): Promise<Result> {
  const service = await startService(readConfig({ PORT: '0', DATABASE_URL: url, LOG_LEVEL: 'silent' }), { say: () => {}, signal: new AbortController().signal })
  try {
    return await work(async (query) => {
      const response = await fetch(`${service.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      })
      const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown }
      expect(errors).toBeUndefined()
      return data
    })
  } finally {
    await service.stop()
  }
}

function keepSynthesis(url: string): Promise<string> {
  return served(url, async (ask) => {
    const { synthesis: kept } = (await ask('{ synthesis(input: { filter: { conditions: ["depression"] } }) { id } }')) as { synthesis: { id: string } }
    return kept.id
  })
}

const answersOf = (url: string) =>
  served(url, async (ask) => [
    await ask('{ dataset { dataRevision counts { studies effects treatments } importedAt } }'),
    await ask('{ evidence(first: 100) { totalCount pageInfo { endCursor } nodes { id study { slug title } effect { estimate } } } }'),
    await ask(`{ node(id: "${synthesis}") { ... on Synthesis { id dataRevision estimate ciLower k } } }`),
    await ask('{ search(text: "migrain", first: 10) { nodes { kind score } } }'),
  ])

/** Every row of every table, and what the next keys are. */
async function contentOf({ pool }: Database): Promise<Record<string, string>> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> '_prisma_migrations' ORDER BY relname`,
  )
  const content: Record<string, string> = {}
  for (const { name } of tables) {
    const { rows } = await pool.query<{ hash: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(line, '' ORDER BY line COLLATE "C")), '') AS hash FROM (SELECT t::text AS line FROM "${name}" t) lines`,
    )
    content[name] = rows[0]?.hash ?? ''
  }
  const { rows: sequences } = await pool.query<{ name: string }>(`SELECT sequencename AS name FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1`)
  for (const { name } of sequences) {
    const { rows } = await pool.query<{ next: string }>(`SELECT (last_value + is_called::int)::text AS next FROM "${name}"`)
    content[`next ${name}`] = rows[0]?.next ?? ''
  }
  return content
}

const refused = (work: Promise<unknown>, code: BackupError['code']) =>
  expect(work.then(() => 'not refused').catch((error: unknown) => (error instanceof BackupError ? error.code : error))).resolves.toBe(code)

test('a database restored from a backup has every row, and its next keys, of the one that was backed up', async () => {
  const { database } = await migrated()
  const seen: string[] = []
  const onProgress: OnProgress = ({ doing, done, total }) => seen.push(`${doing} ${done === total ? 'all' : 'some'}`)
  await restoreBackup(database, file, { onProgress })
  const before = await contentOf(source.database)
  expect(await contentOf(database)).toEqual(before)
  expect(before['draft']).toMatch(/^35 /)
  expect(before['kept_synthesis']).toMatch(/^1 /)
  expect(seen.slice(-1)).toEqual(['loading all'])
  expect(seen).toContain('verifying all')
})

test('a service over it gives the same answers, kept syntheses included, and has nothing to import', async () => {
  const clone = await migrated()
  await restoreBackup(clone.database, file)
  const before = await contentOf(clone.database)
  expect(await answersOf(clone.url)).toEqual(await answersOf(source.url))
  expect(await contentOf(clone.database)).toEqual(before)
})

test('a backup of the restored database holds the same tables', async () => {
  const { database } = await migrated()
  const [first, second] = [await restoreBackup(database, file), await writeBackup(database, path.join(folder, 'second.zip'), { release: 'test' })]
  const content = ({ tables }: typeof first) => tables.map(({ name, rows, bytes }) => [name, rows, bytes])
  expect(content(second)).toEqual(content(first))
})

test('what changes while a backup is written is not in it, by halves or at all', async () => {
  const { database } = await made(cloneDatabase())
  let changed: Promise<unknown> | undefined
  // At the first table: a study's name, and drafts, whose table comes later.
  const onProgress: OnProgress = () => {
    changed ??= database.pool.query(`INSERT INTO draft (kind, slug, document, format, source) VALUES ('STUDY', 'late', '{}', 'RIS', 'late.ris')`)
  }
  const { tables } = await writeBackup(database, path.join(folder, 'during.zip'), { release: 'test', onProgress })
  await changed
  expect(tables.find(({ name }) => name === 'draft')?.rows).toBe(0)
})

test('a backup does not take the place of a file, and only its owner may read it', async () => {
  await refused(writeBackup(source.database, file, { release: 'test' }), 'FILE_EXISTS')
  expect((await stat(file)).mode & 0o077).toBe(0)
  await refused(writeBackup(source.database, path.join(folder, 'no-such-folder', 'x.zip'), { release: 'test' }), 'FILE_UNUSABLE')
})

test('a backup whose connection is lost half way leaves no file behind', async () => {
  const { database } = await made(cloneDatabase())
  const holder = await database.pool.connect()
  try {
    // The backup has copied what stands before the table of drafts, and waits for it.
    await holder.query('BEGIN; LOCK TABLE draft IN ACCESS EXCLUSIVE MODE')
    const written = writeBackup(database, path.join(folder, 'failed.zip'), { release: 'test' })
    const waiting = `FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY public."draft"%' AND wait_event_type = 'Lock'`
    await until(async () => (await database.pool.query(`SELECT ${waiting}`)).rowCount !== 0)
    expect((await readdir(folder)).filter((name) => name.includes('failed'))).toEqual([expect.stringMatching(/^\.failed\.zip\.partial-/)])
    await Promise.all([expect(written).rejects.toThrow(/terminat/), database.pool.query(`SELECT pg_terminate_backend(pid) ${waiting}`)])
  } finally {
    await holder.query('ROLLBACK')
    holder.release()
  }
  expect((await readdir(folder)).filter((name) => name.includes('failed'))).toEqual([])
})

test('a disk that takes no more ends a backup in a sentence, and leaves no file behind', async () => {
  const full = path.join(folder, 'full.zip')
  // A limit of the size of files is met as a full disk is: a write fails half way.
  const child = spawn('/bin/sh', ['-c', `ulimit -f 100; exec "$0" dist/cli.js backup "$1"`, process.execPath, full], {
    env: { PATH: process.env['PATH'], DATABASE_URL: source.url },
  })
  expect(await outcomeOf(child)).toEqual({ code: 1, said: '', told: `cannot write ${full}: EFBIG (FILE_UNUSABLE)\n` })
  expect((await readdir(folder)).filter((name) => name.includes('full'))).toEqual([])
})

test('a database that holds anything is refused, and replaced when that is asked for', async () => {
  const { database } = await made(cloneDatabase())
  await database.pool.query(`UPDATE study SET title = 'changed' WHERE id = (SELECT min(id) FROM study)`)
  const before = await contentOf(database)
  await refused(restoreBackup(database, file), 'NOT_EMPTY')
  expect(await contentOf(database)).toEqual(before)
  await restoreBackup(database, file, { replace: true })
  expect(await contentOf(database)).toEqual(await contentOf(source.database))
})

test('a backup of other migrations, or into other tables, is refused', async () => {
  const { database } = await made(cloneDatabase())
  const before = await contentOf(database)
  await database.pool.query(`UPDATE _prisma_migrations SET checksum = 'other' WHERE migration_name LIKE '%_drafts'`)
  await refused(restoreBackup(database, file, { replace: true }), 'OTHER_SCHEMA')
  const { database: widened } = await made(cloneDatabase())
  await widened.pool.query('ALTER TABLE draft ADD COLUMN further text')
  await refused(restoreBackup(widened, file, { replace: true }), 'OTHER_SCHEMA')
  expect(await contentOf(database)).toEqual(before)
})

describe('a damaged file is refused with nothing changed', () => {
  let target: ClonedDatabase
  let before: Record<string, string>
  let size: number
  beforeAll(async () => {
    target = await made(cloneDatabase())
    before = await contentOf(target.database)
    size = (await stat(file)).size
  })
  const damagedBy = async (damage: (copy: string) => Promise<unknown>) => {
    const copy = path.join(folder, 'damaged.zip')
    await copyFile(file, copy)
    await damage(copy)
    return restoreBackup(target.database, copy, { replace: true })
  }

  test.each([0.02, 0.1, 0.25, 0.5, 0.75, 0.9])('a byte changed at %d of its length', async (share) => {
    await refused(
      damagedBy((copy) => flip(copy, Math.floor(size * share))),
      'DAMAGED',
    )
    expect(await contentOf(target.database)).toEqual(before)
  })

  test.each([0, 0.5, 0.999])('cut off at %d of its length', async (share) => {
    await refused(
      damagedBy((copy) => truncate(copy, Math.floor(size * share))),
      'NOT_A_BACKUP',
    )
    expect(await contentOf(target.database)).toEqual(before)
  })

  test('another file, another zip file, and none', async () => {
    await refused(
      damagedBy((copy) => writeFile(copy, 'id,title\n1,a table\n')),
      'NOT_A_BACKUP',
    )
    await refused(damagedBy(otherZip), 'NOT_A_BACKUP')
    await refused(restoreBackup(target.database, path.join(folder, 'none.zip')), 'FILE_UNUSABLE')
    expect(await contentOf(target.database)).toEqual(before)
  })
})

test('killed while it loads, a restore leaves the database as it was', async () => {
  const target = await made(cloneDatabase())
  const before = await contentOf(target.database)
  // The last table that is loaded takes a minute a row: the process is killed when all before it stand.
  await target.database.pool.query(`ALTER TABLE kept_synthesis ADD CONSTRAINT slow CHECK (pg_sleep(60)::text = '')`)
  const child = spawn(process.execPath, ['dist/cli.js', 'restore', file, '--replace'], {
    env: { PATH: process.env['PATH'], DATABASE_URL: target.url },
    stdio: 'ignore',
  })
  const loading = `FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY public."kept_synthesis"%' AND wait_event = 'PgSleep'`
  await until(async () => (await target.database.pool.query(`SELECT ${loading}`)).rowCount === 1)
  child.kill('SIGKILL')
  await once(child, 'exit')
  // The server notices at its next word to the client; the sleep is cut short for the test.
  await target.database.pool.query(`SELECT pg_terminate_backend(pid) ${loading}`)
  await target.database.pool.query('ALTER TABLE kept_synthesis DROP CONSTRAINT slow')
  expect(await contentOf(target.database)).toEqual(before)
})

test('the commands do what they say, and say in a sentence why they do not', async () => {
  const target = await made(emptyDatabase())
  const written = path.join(folder, 'by-command.zip')
  expect(await command(source.url, 'backup', written)).toEqual({ code: 0, said: expect.stringMatching(/^wrote \d+ tables with \d+ rows to /), told: '' })
  expect(await command(target.url, 'restore', written)).toMatchObject({ code: 0, said: expect.stringMatching(/^restored \d+ tables with \d+ rows/) })
  expect(await contentOf(target.database)).toEqual(await contentOf(source.database))
  expect(await command(target.url, 'restore', written)).toEqual({
    code: 1,
    said: '',
    told: expect.stringMatching(/^the database holds something .*\(NOT_EMPTY\)\n$/),
  })
})

test('every reason of a refusal is documented', async () => {
  const text = await readFile('docs/operations.md', 'utf8')
  expect(Object.keys(backupFaults).filter((code) => !text.includes(`| \`${code}\` |`))).toEqual([])
})

async function flip(file: string, position: number): Promise<void> {
  const handle = await open(file, 'r+')
  const byte = Buffer.alloc(1)
  await handle.read(byte, 0, 1, position)
  await handle.write(Buffer.from([(byte[0] ?? 0) ^ 0x40]), 0, 1, position)
  await handle.close()
}

async function otherZip(file: string): Promise<void> {
  const zip = new ZipFile()
  zip.addBuffer(Buffer.from('text'), 'readme.txt')
  zip.end()
  const parts: Buffer[] = []
  for await (const part of zip.outputStream) parts.push(Buffer.from(part))
  await writeFile(file, Buffer.concat(parts))
}

const command = (url: string, ...given: string[]) =>
  outcomeOf(spawn(process.execPath, ['dist/cli.js', ...given], { env: { PATH: process.env['PATH'], DATABASE_URL: url } }))

async function outcomeOf(child: ChildProcessWithoutNullStreams): Promise<{ code: unknown; said: string; told: string }> {
  let [said, told] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()))
  const [code] = (await once(child, 'close')) as unknown[] // what close carries
  return { code, said, told }
}
