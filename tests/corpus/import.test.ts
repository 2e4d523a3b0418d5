import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { CorpusFaults, formatFault } from '../../src/corpus/files.js'
import { holdsFiles } from '../../src/corpus/digest.js'
import { importCorpus } from '../../src/corpus/import.js'
import { validCorpus } from '../../src/corpus/reading.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'

const corpusFolder = 'prisma/corpus'
let clone: ClonedDatabase
let folder: string
beforeAll(async () => {
  clone = await cloneDatabase()
})
afterAll(() => clone.drop())
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'corpus-'))
  await cp(corpusFolder, folder, { recursive: true })
})
afterEach(() => rm(folder, { recursive: true }))

const edit = async (file: string, change: (text: string) => string) => {
  const text = await readFile(path.join(folder, file), 'utf8')
  const changed = change(text)
  expect(changed).not.toBe(text)
  await writeFile(path.join(folder, file), changed)
}
const revisions = () => clone.database.prisma.dataRevision.count()
const faultsOf = async () => {
  const error: unknown = await importCorpus(clone.database, folder).then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof CorpusFaults)) throw new Error(`expected the corpus to be refused, got ${String(error)}`)
  return error.faults
}

test('the curated corpus has no fault', async () => {
  await expect(validCorpus(corpusFolder)).resolves.toBeDefined()
})

test('importing what is there already changes nothing', async () => {
  const before = await revisions()
  expect(await importCorpus(clone.database, folder)).toMatchObject({ imported: false })
  expect(await revisions()).toBe(before)
})

test('a changed file makes a new revision, and every row keeps its key', async () => {
  const keys = () => clone.database.prisma.result.findMany({ select: { id: true, slug: true }, orderBy: { id: 'asc' } })
  const before = { keys: await keys(), revisions: await revisions() }
  await edit('studies/tarleton-2017.yaml', (text) => text.replace('participantsRandomized: 126', 'participantsRandomized: 127'))
  expect(await importCorpus(clone.database, folder)).toMatchObject({ imported: true })
  expect(await clone.database.prisma.study.findUnique({ where: { slug: 'tarleton-2017' } })).toMatchObject({ participantsRandomized: 127 })
  expect({ keys: await keys(), revisions: await revisions() }).toEqual({ ...before, revisions: before.revisions + 1 })
  await importCorpus(clone.database, corpusFolder)
})

test('the files that were imported are known without being read, until a byte of one changes', async () => {
  expect(await holdsFiles(clone.database, folder)).toBe(true)
  await edit('studies/tarleton-2017.yaml', (text) => `${text}\n`)
  expect(await holdsFiles(clone.database, folder)).toBe(false)
  expect(await holdsFiles(clone.database, path.join(folder, 'nothing'))).toBe(false)
})

test('two imports at once leave one revision', async () => {
  await edit('studies/tarleton-2017.yaml', (text) => text.replace('participantsRandomized: 126', 'participantsRandomized: 128'))
  const before = await revisions()
  const reports = await Promise.all([importCorpus(clone.database, folder), importCorpus(clone.database, folder)])
  expect(reports.map(({ imported }) => imported).sort()).toEqual([false, true])
  expect(await revisions()).toBe(before + 1)
  await importCorpus(clone.database, corpusFolder)
})

// One change for each kind of fault; what a curator reads names file, field, value and rule.
test.each<[string, string, (text: string) => string, RegExp]>([
  [
    'a value of the wrong kind',
    'studies/tarleton-2017.yaml',
    (text) => text.replace('participantsRandomized: 126', 'participantsRandomized: many'),
    /^studies\/tarleton-2017\.yaml:\d+ participantsRandomized: .*got "many"$/,
  ],
  ['a field that does not exist', 'studies/tarleton-2017.yaml', (text) => `${text}\nsampleSize: 126\n`, /^studies\/tarleton-2017\.yaml.*sampleSize/],
  [
    'an unknown term',
    'studies/tarleton-2017.yaml',
    (text) => text.replaceAll('form: magnesium-chloride', 'form: magnesium-chlorid'),
    /^studies\/tarleton-2017\.yaml arms\[\d\]\.doses\[0\]\.form: must be the slug of a known form, got "magnesium-chlorid"$/,
  ],
  [
    'an interval without its level',
    'studies/tarleton-2017.yaml',
    (text) => text.replace(/\n\s+ciLevel: 0.95/, ''),
    /ciLevel: an interval must state its level; it is never assumed, got nothing$/,
  ],
  [
    'an arm that is none',
    'studies/tarleton-2017.yaml',
    (text) => text.replace('comparator: no-treatment', 'comparator: placebo'),
    /comparator: must be one of this file's arms, got "placebo"$/,
  ],
  [
    'arms that do not differ',
    'studies/tarleton-2017.yaml',
    (text) => text.replace('comparator: no-treatment', 'comparator: magnesium'),
    /comparator: the arms of a contrast must differ, got "magnesium"$/,
  ],
  [
    'a DOI with its address',
    'studies/tarleton-2017.yaml',
    (text) => text.replace(/doi: .*/, 'doi: https://doi.org/10.1371/journal.pone.0180067'),
    /must be a bare DOI/,
  ],
  ['text that is no YAML', 'studies/tarleton-2017.yaml', (text) => `${text}\n  - [`, /^studies\/tarleton-2017\.yaml:\d+ /],
  [
    'a hierarchy that runs in a circle',
    'conditions.yaml',
    (text) =>
      text
        .replace(/- slug: headache\n/, '- slug: headache\n  parents: [migraine]\n')
        .replace(/(- slug: headache\n {2}parents: \[migraine\]\n[^-]*?) {2}parents: \[\]\n/, '$1'),
    /hierarchy must not run in a circle|keys must be unique/i,
  ],
])('a corpus with %s is refused whole', async (_, file, change, message) => {
  const before = await revisions()
  await edit(file, change)
  expect((await faultsOf()).map(formatFault)).toContainEqual(expect.stringMatching(message))
  expect(await revisions()).toBe(before)
})

test('every fault is named at once', async () => {
  await edit('studies/tarleton-2017.yaml', (text) => text.replace('participantsRandomized: 126', 'participantsRandomized: -1'))
  await edit('studies/peikert-1996.yaml', (text) => text.replace('evidenceKind: PRIMARY', 'evidenceKind: SECONDARY'))
  expect(new Set((await faultsOf()).map(({ file }) => file))).toEqual(new Set(['studies/tarleton-2017.yaml', 'studies/peikert-1996.yaml']))
})
