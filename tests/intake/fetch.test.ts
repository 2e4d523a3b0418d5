import type { ServerResponse } from 'node:http'
import { z } from 'zod'
import { openSource, type Patience, type SourceReader } from '../../src/intake/fetch.js'
import { json, listen, type Loopback } from './fetch.loopback.js'

/** It waits for every answer, however slow the machine. */
const patience: Patience = { attempts: 3, timeoutMs: 60_000, firstPauseMs: 20, longestPauseMs: 1_500, maximumBytes: 10_000 }
const anything = z.looseObject({ title: z.string() })

let loopback: Loopback | undefined
afterEach(() => loopback?.stop())

async function sourceThat(
  answer: (before: number, response: ServerResponse) => void,
  { intervalMs = 0, timeoutMs = patience.timeoutMs } = {},
): Promise<SourceReader> {
  loopback = await listen((_, before, response) => answer(before, response))
  return openSource({ name: 'Crossref', baseUrl: loopback.url, intervalMs }, 'curator@example.org', { ...patience, timeoutMs })
}
const read = (source: SourceReader) => source.read('/works/1', { mailto: 'curator@example.org' }, anything)
const whole = (response: ServerResponse) => json(response, { title: 'Magnesium' })

test('a source is told who asks, and how to reach them', async () => {
  const source = await sourceThat((_, response) => whole(response))
  expect(await read(source)).toEqual({ title: 'Magnesium' })
  expect(loopback?.headers[0]).toMatchObject({ 'user-agent': expect.stringMatching(/^magnesium-evidence\/\S+ \(mailto:curator@example\.org\)$/) })
  expect(loopback?.asked).toEqual(['/works/1?mailto=curator%40example.org'])
})

test('requests start no closer together than the source allows, asked for at once or not', async () => {
  const source = await sourceThat((_, response) => whole(response), { intervalMs: 400 })
  const asked = performance.now()
  await Promise.all([read(source), read(source), read(source)])
  const [, second = 0, third = 0] = loopback?.times ?? []
  // Since they were asked for: on a busy machine the first may arrive late, and the next in time. A timer may fire a millisecond early.
  expect(second - asked).toBeGreaterThan(398)
  expect(third - asked).toBeGreaterThan(796)
})

test.each<[string, (response: ServerResponse) => void, timeoutMs?: number]>([
  ['an error of the server', (response) => response.writeHead(500).end('oops')],
  ['too many requests', (response) => response.writeHead(429).end()],
  ['a connection that breaks off', (response) => response.destroy()],
  ['an answer that breaks off', (response) => response.end('{"title": "Magn')],
  ['a page for people', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><title>Maintenance</title>')],
  ['a slow answer', (response) => void response.write('{"title":'), 3_000],
])('%s is tried again', async (_, fail, timeoutMs = patience.timeoutMs) => {
  const source = await sourceThat((before, response) => (before < 2 ? fail(response) : whole(response)), { timeoutMs })
  expect(await read(source)).toEqual({ title: 'Magnesium' })
  expect(loopback?.asked).toHaveLength(3)
})

test('a source that goes on failing is named with its address, without what identifies the asker, and how often it was tried', async () => {
  const source = await sourceThat((_, response) => response.writeHead(503).end())
  await expect(read(source)).rejects.toThrow(/^Crossref cannot be read, tried 3 times: http:\/\/127\.0\.0\.1:\d+\/works\/1\?mailto=…: status 503$/)
})

test('a source that was tried in vain is tried once from then on, until it answers', async () => {
  const source = await sourceThat((before, response) => (before === 4 ? whole(response) : response.writeHead(503).end()))
  await expect(read(source)).rejects.toThrow(/tried 3 times/)
  await expect(read(source)).rejects.toThrow(/tried 1 time:/)
  expect(await read(source)).toEqual({ title: 'Magnesium' })
  await expect(read(source)).rejects.toThrow(/tried 3 times/)
  expect(loopback?.asked).toHaveLength(8)
})

test('a source that asks for a pause gets it, in seconds or until a date', async () => {
  const inSeconds = await sourceThat((before, response) => (before === 0 ? response.writeHead(429, { 'retry-after': '1' }).end() : whole(response)))
  await read(inSeconds)
  const [first = 0, second = 0] = loopback?.times ?? []
  expect(second - first).toBeGreaterThan(950)
  await loopback?.stop()
  const until = Math.floor(Date.now() / 1_000) * 1_000 + 60_000 // dates of HTTP have whole seconds
  const secondsLeft = () => Math.ceil((until - Date.now()) / 1_000)
  const untilDate = await sourceThat((_, response) => response.writeHead(503, { 'retry-after': new Date(until).toUTCString() }).end())
  const most = secondsLeft()
  const said = String(await read(untilDate).catch((error: unknown) => error))
  const asked = /Crossref asks to be left alone for (\d+) s: .*: status 503; try again then/.exec(said)?.[1]
  expect(Number(asked)).toBeLessThanOrEqual(most)
  expect(Number(asked)).toBeGreaterThanOrEqual(secondsLeft())
  expect(loopback?.asked).toHaveLength(1)
})

test('what a source does not have is null, and what it refuses is not asked again', async () => {
  const missing = await sourceThat((_, response) => response.writeHead(404).end('Resource not found.'))
  expect(await read(missing)).toBeNull()
  await loopback?.stop()
  const refused = await sourceThat((_, response) => response.writeHead(400).end())
  await expect(read(refused)).rejects.toThrow(/Crossref refuses the request: .*: status 400/)
  expect(loopback?.asked).toHaveLength(1)
})

test('an answer that is too large, or of another shape, is refused by name', async () => {
  const large = await sourceThat((_, response) => json(response, { title: 'm'.repeat(20_000) }))
  await expect(read(large)).rejects.toThrow(/Crossref answers with more than 10000 bytes: /)
  await loopback?.stop()
  const other = await sourceThat((_, response) => json(response, { message: 'title moved' }))
  await expect(read(other)).rejects.toThrow(/Crossref answered .* in an unknown shape: title: /)
})

test('a source that cannot be reached is named', async () => {
  const source = openSource({ name: 'PubMed', baseUrl: 'http://127.0.0.1:1', intervalMs: 0 }, null, { ...patience, attempts: 2 })
  await expect(read(source)).rejects.toThrow(/PubMed cannot be read, tried 2 times: .*(ECONNREFUSED|bad port)/)
})
