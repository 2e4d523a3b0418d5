import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findDrafts } from '../../src/intake/draft.queries.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'

let clone: ClonedDatabase
let folder: string
beforeAll(async () => {
  clone = await cloneDatabase()
  folder = await mkdtemp(path.join(tmpdir(), 'magnesium-evidence-references-'))
})
afterAll(async () => {
  await clone.drop()
  await rm(folder, { recursive: true })
})

interface Ended {
  readonly code: number
  readonly output: string
  readonly complaint: string
}

/** Runs the program as a user does; `input` comes on its standard input. */
function run(given: readonly string[], input = ''): Promise<Ended> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: clone.url }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['dist/cli.js', ...given], { env }, (_, output, complaint) =>
      resolve({ code: child.exitCode ?? -1, output, complaint }),
    )
    child.stdin?.end(input)
  })
}

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const file = path.join(folder, name)
  await writeFile(file, content)
  return file
}

const ris = (title: string, ...lines: string[]) => ['TY  - JOUR', `TI  - ${title}`, ...lines, 'ER  - ', ''].join('\r\n')
const titles = async () => (await findDrafts(clone.database, {})).map(({ document }) => document['title'])

test('a file is imported, listed, compared, accepted and then known; each step says what it did', async () => {
  const file = await fileOf('new.ris', ris('Magnesium for yawning', 'AU  - Gähner, T.', 'PY  - 2024', 'DO  - 10.5555/yawn'))
  const dry = await run(['import-references', file, '--dry-run'])
  expect(dry).toMatchObject({ code: 0, complaint: '' })
  expect(dry.output).toContain('would be added 1, changed 0, skipped 0, refused 0\nnothing was kept')
  const first = await run(['import-references', file, '--by', 'A. Curator'])
  expect(first.output).toMatch(
    /^added {3}draft \d+ {2}gahner-2024 {2}\(.*new\.ris:1\)\nadded 1, changed 0, skipped 0, refused 0\nnext: drafts list --source .*new\.ris\n$/,
  )
  const id = /draft (\d+)/.exec(first.output)?.[1] ?? ''
  expect((await run(['import-references', file])).output).toMatch(/^skipped draft \d+ {2}gahner-2024: is a draft already/)
  expect((await run(['drafts', 'diff', id])).output).toContain('Magnesium for yawning')
  expect(await run(['drafts', 'accept', id])).toMatchObject({ code: 1, complaint: expect.stringContaining('say which study it reports') })
  expect((await run(['drafts', 'list', '--source', 'new.ris'])).output).toContain('2024 Gähner: Magnesium for yawning, doi:10.5555/yawn')
  expect(await run(['drafts', 'list', '--source', 'old.ris'])).toMatchObject({ code: 1, complaint: expect.stringContaining('the sources are') })
  expect((await run(['drafts', 'edit', id, '--set', 'pmid=99990001'])).output).toBe(`# draft ${id}\n+ pmid: "99990001"\n`)
  const shown = await run(['drafts', 'show', id, '--yaml'])
  const edited = await fileOf('draft.yaml', shown.output.replace('"99990001"', '"99990002"'))
  expect((await run(['drafts', 'edit', id, '--file', edited])).output).toContain('+ pmid: "99990002"')
  expect((await run(['drafts', 'accept', id, '--as-study', '--design', 'RCT_PARALLEL'])).output).toMatch(
    /^draft \d+ {2}gahner-2024: a study of its own, RCT_PARALLEL {2}http:\/\/localhost:4000\/studies\/gahner-2024\naccepted \d+: the evidence is now of/,
  )
  const after = await run(['import-references', file])
  expect(after.output).toContain('is known as gahner-2024, by DOI')
})

test('a format that only the beginning tells is found, and one on standard input is named', async () => {
  const file = await fileOf('export.txt', `\uFEFF${ris('A title by the beginning', 'PY  - 2024')}`)
  expect((await run(['import-references', file])).output).toContain('added 1,')
  const piped = await run(['import-references', '-', '--format', 'ris'], ris('A title by a pipe', 'PY  - 2024'))
  expect(piped).toMatchObject({ code: 0, complaint: '', output: expect.stringContaining('added 1,') })
  expect(await run(['import-references', '-'], ris('A title'))).toMatchObject({ code: 1, complaint: expect.stringContaining('nothing tells its format') })
})

test('several files: one that is malformed is told by file and line, those before it are kept and reported', async () => {
  const good = await fileOf('good.ris', ris('A good title', 'PY  - 2024'))
  const bad = await fileOf('bad.ris', Buffer.from(`${ris('The first half', 'PY  - 2024')}TY  - JOUR\r\nTI  - The othér half`, 'latin1'))
  const { code, output, complaint } = await run(['import-references', good, bad, '--json'])
  expect(code).toBe(1)
  expect(complaint).toContain(`${bad}: line 6: the bytes are not UTF-8: save the file as UTF-8; nothing of it was kept`)
  expect(JSON.parse(output)).toMatchObject([{ file: good, counts: { ADDED: 1 } }])
  expect(await titles()).toContain('A good title')
  expect(await titles()).not.toContain('The first half')
})

test('a refused record makes the exit code 1, and the others are kept', async () => {
  const file = await fileOf('refused.ris', `TY  - JOUR\r\nER  - \r\n${ris('A title that stands', 'PY  - 2024')}`)
  const { code, output } = await run(['import-references', file])
  expect(code).toBe(1)
  expect(output).toMatch(
    /^refused a record: the record has no title .*\nadded .*\nadded 1, changed 0, skipped 0, refused 1\nnext: drafts list --source .*\nnext: drafts skipped --source .*\n$/,
  )
})

test.each([
  ['a file that is not there', () => Promise.resolve(path.join(folder, 'none.ris')), 'cannot be read: there is no such file'],
  ['a folder', () => Promise.resolve(folder), 'cannot be read: it is a folder'],
  ['a file of no known format', () => fileOf('notes.txt', 'hello'), 'nothing tells its format: name it with --format, one of ris, nbib, bib, csl.json'],
  ['a page of the web', () => fileOf('page.ris', '<!DOCTYPE html><html><body>Sign in</body></html>'), 'line 1: this is a page of the web'],
  ['a title with a sign that is no text', () => fileOf('nul.ris', ris('A \u0000 title', 'PY  - 2024')), 'line 2: the file holds bytes that no text has'],
  ['a title with an escaped sign that is no text', () => fileOf('nul.csl.json', '[{"title": "A \\u0000 title"}]'), 'its title holds signs that no text has'],
  ['half a letter', () => fileOf('half.csl.json', '[{"title": "A \\ud800 title"}]'), 'its title holds signs that no text has'],
])('%s is refused in a sentence', async (_, file, said) => {
  for (const format of [[], ['--format', 'ris']]) {
    const given = await file()
    if (format.length > 0 && (said.includes('format') || given.endsWith('.json'))) continue
    const { code, output, complaint } = await run(['import-references', given, ...format])
    expect(code).toBe(1)
    expect(output + complaint).toMatch(said)
    expect(complaint).not.toContain('    at ')
  }
})
