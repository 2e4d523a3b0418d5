import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createKey, revokeKey } from '../../src/keys/key.queries.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'
import { runProgram, type Program } from '../support/program.js'
import { until } from '../support/until.js'

// The built service under a clock that these tests set.

const library = ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`).find((file) => existsSync(file))
const here = library === undefined ? test.skip : test
if (library === undefined) console.warn('libfaketime is not installed: clocks that jump are not tried (apt-get install libfaketime)')

const [year, requestsPerMinute] = [31_536_000, 200]
let folder: string
let clone: ClonedDatabase
let service: Program
let url: string

/** @param seconds from the true time */
const setClock = (seconds: number) => writeFile(path.join(folder, 'clock'), `${seconds < 0 ? '' : '+'}${seconds}\n`)

beforeAll(async () => {
  if (library === undefined) return
  folder = await mkdtemp(path.join(tmpdir(), 'magnesium-evidence-clock-'))
  await setClock(0)
  clone = await cloneDatabase()
  service = runProgram({
    DATABASE_URL: clone.url,
    LOG_LEVEL: 'silent',
    REQUESTS_PER_MINUTE: String(requestsPerMinute),
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: path.join(folder, 'clock'),
    FAKETIME_NO_CACHE: '1',
    // The clock for durations goes on as it does on a machine whose time of day is set.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  })
  url = await service.url()
})
afterAll(async () => {
  if (library === undefined) return
  service.process.kill('SIGTERM')
  await service.ended
  await clone.drop()
  await rm(folder, { recursive: true, force: true })
})

async function ask(key?: string): Promise<{ status: number; text: string; aheadSeconds: number; retryAfter: number }> {
  const response = await fetch(`${url}/graphql?query={evidence(first:3){nodes{slug}}}`, {
    headers: { ...(key !== undefined && { authorization: `Bearer ${key}` }) },
  })
  const { headers, status } = response
  return {
    status,
    text: await response.text(),
    aheadSeconds: (Date.parse(headers.get('date') ?? '') - Date.now()) / 1_000,
    retryAfter: Number(headers.get('retry-after')),
  }
}

here('a clock that jumps by a year and back changes no answer, no key and no limit', async () => {
  const actor = { kind: 'COMMAND_LINE', name: 'somebody@here' } as const
  const { text, status } = await ask()
  expect([status, JSON.parse(text)]).toEqual([200, { data: { evidence: { nodes: expect.any(Array) } } }])
  for (const jump of [year, -year]) {
    await setClock(jump)
    // The header is made once a second.
    await until(async () => Math.abs((await ask()).aheadSeconds - jump) < 60)
    expect(await ask()).toMatchObject({ status: 200, text })
    const key = await createKey(clone.database, { name: 'A. Reader', scopes: ['READ'], costPerMinute: null }, actor)
    expect((await ask(key)).status).toBe(200)
    await revokeKey(clone.database, key.slice(5, 13), actor)
    await until(async () => (await ask(key)).status === 401)
    expect((await fetch(`${url}/health/ready`)).status).toBe(200)
  }
  // Windows that began a year later by the clock, and one that is used up now.
  let refused = await ask()
  for (let count = 0; count < requestsPerMinute && refused.status === 200; count += 1) refused = await ask()
  expect(refused.status).toBe(429)
  await setClock(year)
  for (const asked of [refused, await ask()].filter((answer) => answer.status === 429)) {
    expect(asked.retryAfter).toBeGreaterThanOrEqual(1)
    expect(asked.retryAfter).toBeLessThanOrEqual(60)
  }
})
