import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { uuidOf } from '../../src/changes/feed.js'
import { importCorpus } from '../../src/corpus/import.js'
import { startService, type Service } from '../support/service.js'

let service: Service
let folder: string
beforeAll(async () => {
  service = await startService()
  folder = await mkdtemp(path.join(tmpdir(), 'feed-'))
  await cp('prisma/corpus', folder, { recursive: true })
  const file = path.join(folder, 'studies/tarleton-2017.yaml')
  const text = await readFile(file, 'utf8')
  await writeFile(
    file,
    text
      .replace('participantsRandomized: 126', 'participantsRandomized: 127')
      .replace('    role: PRIMARY_REPORT\n', '    role: PRIMARY_REPORT\n    statusEvents: [{ status: CONCERN, source: "a <journal> & others" }]\n'),
  )
  await rm(path.join(folder, 'studies/afitska-2021.yaml'))
  await importCorpus(service.database, folder)
})
afterAll(async () => {
  await rm(folder, { recursive: true })
  await service.stop()
})

const feed = (query = '', headers: Record<string, string> = {}) => fetch(`${service.url}/changes.atom${query}`, { headers })
const all = (text: string, element: string) => [...text.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map(([, content]) => content ?? '')

/** Whether every element is closed in its turn and every ampersand begins a reference; what RFC 4287 asks of the elements follows. */
function isWellFormed(text: string): boolean {
  const open: string[] = []
  for (const [, closing, name = '', own] of text.replace(/^<\?xml[^>]*\?>/, '').matchAll(/<(\/?)([a-z]+)(?:\s[a-z:]+="[^"<]*")*(\/?)>/g)) {
    if (own === '/') continue
    if (closing !== '/') open.push(name)
    else if (open.pop() !== name) return false
  }
  return open.length === 0 && !/&(?!(amp|lt|gt|quot);)/.test(text)
}

test('the feed is Atom: with its own address, an id that is a URI, and an entry for each subject that a revision changed', async () => {
  const answer = await feed()
  expect(answer.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8')
  const text = await answer.text()
  expect(isWellFormed(text)).toBe(true)
  expect(text).toContain(`<link rel="self" type="application/atom+xml" href="${service.url}/changes.atom"/>`)
  expect(text).toContain('<author><name>')
  const ids = all(text, 'id')
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  for (const at of all(text, 'updated')) expect(new Date(at).toISOString()).toBe(at)
  // RFC 4287, 4.1.1 and 4.1.2: each has one id, title and updated.
  const entries = text.split('<entry>').slice(1)
  for (const entry of entries) for (const element of ['id', 'title', 'updated']) expect(all(entry, element)).toHaveLength(1)
  expect(all(text, 'title').slice(1)).toEqual([
    expect.stringMatching(/^Study changed: /),
    expect.stringMatching(/^Publication under a notice: /),
    'Study removed: afitska-2021',
    'First import',
  ])
  expect(entries[0]).toContain(`href="${service.url}/studies/tarleton-2017"`)
  expect(entries[0]).toContain('participantsRandomized: 126 → 127')
  expect(text).toContain('a &amp;lt;journal&amp;gt; &amp;amp; others')
})

test('an answer that is known is not sent again, and ids stay', async () => {
  const first = await feed()
  const tag = first.headers.get('etag') ?? ''
  expect(first.headers.get('vary')?.toLowerCase()).toContain('accept-encoding')
  expect((await feed('', { 'if-none-match': tag })).status).toBe(304)
  expect((await feed('', { 'if-none-match': '*' })).status).toBe(304)
  expect((await feed('?condition=depression', { 'if-none-match': tag })).status).toBe(200)
  expect(all(await first.text(), 'id')).toEqual(all(await (await feed()).text(), 'id'))
})

test('a feed of a condition holds what concerns it and narrower ones, under an id of its own', async () => {
  const text = await (await feed('?condition=migraine')).text()
  expect(all(text, 'title')).toEqual([expect.stringMatching(/: Migraine$/i), 'First import'])
  expect(all(text, 'id')[0]).not.toBe(all(await (await feed()).text(), 'id')[0])
  expect(text).toContain(`href="${service.url}/changes.atom?condition=migraine"`)
})

test.each([
  ['an unknown condition', '?condition=migrane', 'UNKNOWN_TERM'],
  ['an unknown parameter', '?conditions=migraine', 'UNKNOWN_PARAMETER'],
  ['a parameter given twice', '?condition=migraine&condition=insomnia', 'REPEATED_PARAMETER'],
])('%s is refused', async (_, query, reason) => {
  const answer = await feed(query)
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT', reason } }] })
})

test('a name-based id is the same for the same parts and another for others', () => {
  expect(uuidOf(['a', 1])).toBe(uuidOf(['a', 1]))
  expect(uuidOf(['a', 1])).not.toBe(uuidOf(['a', '1']))
})
