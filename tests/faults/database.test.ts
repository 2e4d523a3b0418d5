import { readFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { startEmbedded, type EmbeddedPostgres } from '../../src/database/embedded.js'
import { reservePort, type ReservedPort } from '../support/ports.js'
import { runProgram, type Program } from '../support/program.js'
import { until } from '../support/until.js'

// The built service over a Postgres of its own, which these tests kill, fill and hold up.

let folder: string
let postgres: EmbeddedPostgres
let reserved: ReservedPort
let url: string
let service: Program
const statementTimeoutMs = 1_000

const start = () =>
  startEmbedded({ folder: path.join(folder, 'postgres'), port: reserved.port, settings: { max_connections: '24', fsync: 'off', autovacuum: 'off' } })

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'magnesium-evidence-faults-'))
  reserved = await reservePort() // Postgres is killed and comes back on it
  postgres = await start()
  service = runProgram({
    DATABASE_URL: postgres.url,
    LOG_LEVEL: 'silent',
    STATEMENT_TIMEOUT_MS: String(statementTimeoutMs),
    RESULT_CACHE_BYTES: '0',
  })
  url = await service.url()
})
afterAll(async () => {
  service.process.kill('SIGTERM')
  await service.ended
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
  await reserved.release()
})

interface Answered {
  readonly status: number
  readonly code: string | undefined
  readonly retryAfter: string | null
}

async function ask(query = '{ evidence(first: 5) { nodes { slug study { title } } } }', signal?: AbortSignal): Promise<Answered> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    ...(signal && { signal }),
  })
  const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] }
  return { status: response.status, code: errors?.[0]?.extensions.code, retryAfter: response.headers.get('retry-after') }
}

const readiness = async () => (await fetch(`${url}/health/ready`)).status

/** What other clients do on the same server. */
async function asOther<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client(postgres.url)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

test('Postgres killed under load: requests fail soon with a code, readiness says so, and all answer by themselves when it is back', async () => {
  const answers: Answered[] = []
  let isAsking = true
  const counts = [0, 0, 0, 0]
  const askers = counts.map(async (_, asker) => {
    while (isAsking) {
      answers.push(await ask())
      counts[asker] = (counts[asker] ?? 0) + 1
      await pause(5)
    }
  })
  await until(() => answers.length > 20, 'twenty requests were answered')
  const [pid] = (await readFile(path.join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')
  process.kill(Number(pid), 'SIGKILL')
  await until(async () => (await readiness()) === 503, 'it was not ready')
  // Nobody is kept waiting until it is back: each has asked while it was away, and was answered.
  const whenKilled = [...counts]
  await until(() => counts.every((count, asker) => count >= (whenKilled[asker] ?? 0) + 2), 'every asker was answered twice while Postgres was away')
  await postgres.stop()
  postgres = await start()
  await until(async () => (await readiness()) === 200, 'it was ready again')
  const before = answers.length
  await until(() => answers.length > before + 20, 'twenty more requests were answered')
  isAsking = false
  await Promise.all(askers)
  const failed = answers.filter(({ code }) => code !== undefined)
  expect(failed.length).toBeGreaterThan(0)
  expect(new Set(failed.map(({ code }) => code))).toEqual(new Set(['SERVICE_UNAVAILABLE']))
  expect(failed.filter(({ status }) => status === 503).every(({ retryAfter }) => retryAfter === '5')).toBe(true)
  expect(answers.slice(-4).map(({ status, code }) => [status, code])).toEqual(Array.from({ length: 4 }, () => [200, undefined]))
  expect(service.process.exitCode).toBeNull()
})

test('all connections of the server taken by others: a code, and answers again when they are given back', async () => {
  // The service lets go of its own first, as after a restart of the server.
  await asOther((client) =>
    client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'magnesium-evidence' AND pid <> pg_backend_pid() AND datname = current_database()",
    ),
  )
  const others: pg.Client[] = []
  try {
    for (;;) {
      const client = new pg.Client(postgres.url)
      client.on('error', () => {})
      await client.connect()
      others.push(client)
    }
  } catch (error) {
    expect((error as { code?: string }).code).toBe('53300')
  }
  expect(others.length).toBeGreaterThan(10)
  const refused = await Promise.all(Array.from({ length: 8 }, () => ask()))
  expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['SERVICE_UNAVAILABLE']))
  await Promise.all(others.map((client) => client.end()))
  await until(async () => (await ask()).code === undefined, 'requests were answered again')
  expect(await readiness()).toBe(200)
})

test('a statement that takes too long is cancelled and told; the next one is answered', async () => {
  await asOther(async (client) => {
    await client.query('BEGIN; LOCK TABLE evidence_row IN ACCESS EXCLUSIVE MODE')
    expect(await ask()).toMatchObject({ code: 'TIMEOUT' })
    await client.query('ROLLBACK')
  })
  expect(await ask()).toMatchObject({ status: 200, code: undefined })
})

test('a statement that nobody waits for any more is cancelled', async () => {
  const pool = new pg.Pool({ connectionString: postgres.url })
  await asOther(async (client) => {
    await client.query('BEGIN; LOCK TABLE evidence_row IN ACCESS EXCLUSIVE MODE')
    // By another connection: inside a transaction the activity is what it was at first.
    const waiting = async () => {
      const { rows } = await pool.query<{ pid: number }>(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'magnesium-evidence' AND wait_event_type = 'Lock'",
      )
      return rows.map(({ pid }) => pid)
    }
    const leaving = new AbortController()
    const left = ask(undefined, leaving.signal).catch(() => 'left')
    await until(async () => (await waiting()).length === 1, 'the statement waited')
    leaving.abort()
    expect(await left).toBe('left')
    // Well before the time limit would end it: whichever is first, it is gone.
    await until(async () => (await waiting()).length === 0, 'the statement was gone')
    await client.query('ROLLBACK')
  })
  await pool.end()
  expect(await ask()).toMatchObject({ status: 200, code: undefined })
})
