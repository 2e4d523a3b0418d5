import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sql from 'sql-template-tag'
import { importCorpus } from '../../src/corpus/import.js'
import { rows } from '../../src/database/query.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'

let clone: ClonedDatabase
let folder: string
beforeAll(async () => {
  clone = await cloneDatabase()
  folder = await mkdtemp(path.join(tmpdir(), 'magnesium-evidence-corpus-'))
})
afterAll(async () => {
  await clone.drop()
  await rm(folder, { recursive: true, force: true })
})

const state = async () =>
  (
    await rows<{ state: string }>(
      clone.database,
      sql`SELECT (SELECT count(*) FROM study) || ' ' || (SELECT count(*) FROM evidence_row) || ' ' || (SELECT max(id) FROM data_revision) AS state`,
    )
  )[0]?.state

const damages: readonly (readonly [string, (content: Buffer) => Buffer | string])[] = [
  ['cut off in the middle', (content) => content.subarray(0, Math.floor(content.length / 2))],
  ['no UTF-8', (content) => Buffer.concat([content.subarray(0, 40), Buffer.from([0xff, 0xfe, 0x80]), content.subarray(40)])],
  ['of another kind', () => Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0])],
  ['empty', () => ''],
  ['a list', () => '- a\n- b\n'],
  ['with a number where words belong', (content) => content.toString().replace(/^title: .*$/m, 'title: 7')],
]

test.each(damages)('a file of the corpus that is %s is refused by name, and nothing of the import is kept', async (_, damaged) => {
  const corpus = path.join(folder, 'corpus')
  await rm(corpus, { recursive: true, force: true })
  await cp('prisma/corpus', corpus, { recursive: true })
  const file = path.join(corpus, 'studies', 'tarleton-2017.yaml')
  await writeFile(file, damaged(await readFile(file)))
  const before = await state()
  await expect(importCorpus(clone.database, corpus)).rejects.toThrow(/tarleton-2017/)
  expect(await state()).toBe(before)
})

test('a disk that is full during an import: nothing of it is kept, and the service goes on', async () => {
  // As Postgres says it, from within the import: a trigger on one of the last tables that it fills.
  await rows(
    clone.database,
    sql`CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$`,
  )
  await rows(clone.database, sql`CREATE TRIGGER no_space BEFORE INSERT OR UPDATE OR DELETE ON evidence_row FOR EACH STATEMENT EXECUTE FUNCTION no_space()`)
  const corpus = path.join(folder, 'changed')
  await cp('prisma/corpus', corpus, { recursive: true })
  const file = path.join(corpus, 'studies', 'tarleton-2017.yaml')
  await writeFile(file, (await readFile(file, 'utf8')).replace(/^title: .*$/m, 'title: Another title'))
  const before = await state()
  await expect(importCorpus(clone.database, corpus)).rejects.toThrow(/53100|No space left on device/)
  expect(await state()).toBe(before)
  await rows(clone.database, sql`DROP TRIGGER no_space ON evidence_row`)
  await importCorpus(clone.database, corpus)
  expect(await state()).not.toBe(before)
})
