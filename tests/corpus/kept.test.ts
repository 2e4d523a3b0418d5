import { rm } from 'node:fs/promises'
import { importCorpus } from '../../src/corpus/import.js'
import { digestOf } from '../../src/corpus/digest.js'
import { filesOf, keptCorpus } from '../../src/corpus/kept.js'
import { validCorpus } from '../../src/corpus/reading.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'
import { miniatureCorpus, replaceIn } from './miniature.js'

const corpusFolder = 'prisma/corpus'
let clone: ClonedDatabase
let folder: string
beforeAll(async () => {
  clone = await cloneDatabase()
})
afterAll(() => clone.drop())
beforeEach(async () => {
  folder = await miniatureCorpus()
})
afterEach(() => rm(folder, { recursive: true }))

const keptOf = async (of: string) => keptCorpus(clone.database.prisma, await digestOf(of))

test('the kept corpus is, letter by letter, what the files say', async () => {
  const [kept, read] = [await keptOf(corpusFolder), await validCorpus(corpusFolder)]
  expect(JSON.stringify(kept)).toBe(JSON.stringify(read))
})

test('the files of the newest import are kept, and no others', async () => {
  await importCorpus(clone.database, folder)
  expect(await keptOf(folder)).toEqual(await validCorpus(folder))
  expect(await keptOf(corpusFolder)).toBeNull()
  expect(await filesOf(clone.database, folder)).toMatchObject({ isKept: true })
  await replaceIn(folder, 'studies/invented.yaml', 'participantsRandomized: 120', 'participantsRandomized: 121')
  expect(await filesOf(clone.database, folder)).not.toHaveProperty('isKept')
})

test('files whose words changed and whose content did not are kept under their new digest', async () => {
  await importCorpus(clone.database, folder)
  await replaceIn(folder, 'studies/invented.yaml', '', '\n# a comment\n')
  expect(await keptOf(folder)).toBeNull()
  expect(await importCorpus(clone.database, folder)).toMatchObject({ imported: false })
  expect(await keptOf(folder)).toEqual(await validCorpus(folder))
})

test('a corpus that was parsed under another format is parsed again, and then kept', async () => {
  await importCorpus(clone.database, folder)
  await clone.database.prisma.keptCorpus.updateMany({ data: { format: 'another' } })
  expect(await keptOf(folder)).toBeNull()
  await importCorpus(clone.database, folder)
  expect(await keptOf(folder)).not.toBeNull()
})

test('a dry run keeps nothing', async () => {
  await importCorpus(clone.database, folder)
  await replaceIn(folder, 'studies/invented.yaml', 'participantsRandomized: 120', 'participantsRandomized: 122')
  await importCorpus(clone.database, folder, undefined, undefined, { dryRun: true })
  expect(await keptOf(folder)).toBeNull()
})
