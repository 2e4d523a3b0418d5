import { setImmediate } from 'node:timers/promises'
import { createKey } from '../../src/keys/key.queries.js'
import { openDatabase, type Database } from '../../src/database/client.js'
import { saveDrafts, findDrafts } from '../../src/intake/draft.queries.js'
import { Replicas } from '../../src/replicas/replicas.js'
import { haproxy, startBalancer } from '../support/balancer.js'
import { runProgram, type Program } from '../support/program.js'
import { redisIsThere, startRedis, type Redis } from '../support/redis.js'
import { replicationIsThere, startReplication, type Replication } from '../support/replication.js'
import { until } from '../support/until.js'

// Two processes of the built service over one primary and a streaming replica of it, sharing their answers in Redis.

const behindBalancer = haproxy === undefined ? test.skip : test
const whereThere = replicationIsThere ? describe : describe.skip
const withRedis = redisIsThere ? test : test.skip

interface Process {
  readonly program: Program
  readonly port: number
  readonly url: string
}

whereThere('two processes over a primary and a replica', () => {
  let servers: Replication
  let redis: Redis | undefined
  const processes: Process[] = []
  let primary: Database
  let key: string

  beforeAll(async () => {
    servers = await startReplication()
    if (redisIsThere) redis = await startRedis()
    while (processes.length < 2) processes.push(await startProcess({ ...(redis && { REDIS_URL: redis.url }) }))
    primary = openDatabase({ url: servers.urls.primary, poolSize: 2 })
    key = await createKey(primary, { name: 'A. Curator', scopes: ['CURATE'], costPerMinute: null }, { kind: 'COMMAND_LINE', name: 'somebody@here' })
  })
  afterAll(async () => {
    for (const { program } of processes) program.process.kill('SIGTERM')
    await Promise.all(processes.map(({ program }) => program.ended))
    await primary.close()
    await redis?.close()
    await servers.close()
  })

  async function startProcess(settings: Record<string, string>): Promise<Process> {
    const program = runProgram({
      DATABASE_URL: servers.urls.primary,
      DATABASE_REPLICA_URLS: servers.urls.replica,
      REPLICA_LAG_LIMIT_MS: '4000',
      LOG_LEVEL: 'silent',
      ...settings,
    })
    const url = await program.url()
    return { program, port: Number(new URL(url).port), url }
  }

  const of = (index: number): string => processes[index]?.url ?? ''
  const portOf = (index: number): number => processes[index]?.port ?? 0
  let asked = 0
  /** Never the same operation twice, so that each is read from a database. */
  const ask = (index: number, fields?: string) => askAt(of(index), fields)
  async function askAt(url: string, fields = 'dataset { dataRevision }'): Promise<{ data: Record<string, unknown> | null; errors?: unknown }> {
    asked += 1
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `query Asked${asked} { ${fields} }` }),
    })
    return (await response.json()) as { data: Record<string, unknown> | null } // as GraphQL over HTTP says
  }
  async function metric(index: number, name: string): Promise<number> {
    const text = await (await fetch(`${of(index)}/metrics`)).text()
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(name))
        ?.split(' ')
        .at(-1) ?? NaN,
    )
  }
  const standing = async (index: number) => {
    const { replicas } = (await (await fetch(`${of(index)}/health/ready`)).json()) as {
      replicas: { answers: boolean; lagSeconds: number | null; isAsked: boolean }[]
    }
    return replicas[0]
  }
  const isAsked = (index: number) => async () => {
    await ask(index)
    return (await standing(index))?.isAsked === true
  }
  /** None are shown for a database that was never read. */
  const reads = async (index: number, pool: string) => (await metric(index, `magnesium_reads_total{pool="${pool}`)) || 0
  const replicaReads = (index: number) => reads(index, '1:127.0.0.1')
  const revisionOf = async (index: number) => (await ask(index)).data?.['dataset']

  /** Brings in a publication, through a process and by its curator's key: new evidence. */
  async function accept(index: number, slug: string): Promise<string> {
    const document = { slug, role: 'PRIMARY_REPORT', title: `A trial called ${slug}`, authors: [{ family: 'Nobody', given: 'N.' }], year: 2024 }
    await saveDrafts(
      primary,
      (async function* () {
        yield await Promise.resolve({ kind: 'PUBLICATION' as const, slug, document, origin: { format: 'RIS' as const, source: 'export.ris', line: 1 } })
      })(),
    )
    const draft = (await findDrafts(primary, {})).find((kept) => kept.slug === slug)
    const response = await fetch(`${of(index)}/curation/drafts/accept`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ ids: [draft?.id], place: { study: 'tarleton-2017', role: 'FOLLOW_UP' }, confirm: true }),
    })
    const { evidence } = (await response.json()) as { evidence: { revision: string } }
    return evidence.revision
  }

  test('read from the replica as long as it holds the newest evidence, and say how it stands', async () => {
    for (const index of [0, 1]) {
      await until(isAsked(index))
      const before = await replicaReads(index)
      for (let count = 0; count < 10; count += 1) expect((await ask(index, 'evidence(first: 3) { nodes { slug } }')).errors).toBeUndefined()
      expect(await replicaReads(index)).toBeGreaterThanOrEqual(before + 9)
      expect(await standing(index)).toMatchObject({ answers: true, lagSeconds: expect.any(Number), isAsked: true })
      expect(await metric(index, 'magnesium_replica_asked')).toBe(1)
    }
  })

  test('what many ask at once is spread over primary and replica, also before the first of their statements is sent', async () => {
    const replica = openDatabase({ url: servers.urls.replica })
    const both = openDatabase({ url: servers.urls.primary })
    const replicas = new Replicas(both, { replicas: { replica } })
    try {
      const revision = await replicas.newestRevision()
      await until(() => replicas.readerOf(revision).pool === replica.pool)
      await setImmediate()
      const given = Array.from({ length: 60 }, () => replicas.readerOf(revision).pool)
      expect([given.filter((pool) => pool === both.pool).length, given.filter((pool) => pool === replica.pool).length]).toEqual([30, 30])
    } finally {
      await Promise.all([both.close(), replica.close()])
    }
    const [ofPrimary, ofReplica] = [await reads(0, 'primary'), await replicaReads(0)]
    await until(async () => {
      await Promise.all(Array.from({ length: 60 }, () => ask(0, 'evidence(first: 100) { nodes { slug study { title } } }')))
      return (await reads(0, 'primary')) > ofPrimary + 5 && (await replicaReads(0)) > ofReplica + 20
    })
  })

  withRedis('an answer that one has made is given by the other', async () => {
    const post = async (index: number, body: string) =>
      (await fetch(`${of(index)}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).text()
    const shared = () => metric(1, 'magnesium_kept_answers_total{outcome="shared"}')
    const before = await shared()
    // Whoever asks does not wait long for Redis, nor does it for who keeps: another question is asked then.
    await until(async () => {
      asked += 1
      const question = JSON.stringify({ query: `query Shared${asked} { conditions(first: 20) { nodes { slug } } }` })
      const made = await post(0, question)
      expect(await post(1, question)).toBe(made)
      return (await shared()) === before + 1
    })
  })

  test('nobody is told what was true before an import while the replica is behind; its lag is shown, and it is read again when it has caught up', async () => {
    await until(isAsked(0))
    await servers.query('replica', 'SELECT pg_wal_replay_pause()')
    const before = await revisionOf(0)
    const revision = await accept(0, 'while-paused-2024')
    expect(before).not.toEqual({ dataRevision: revision })
    // Whoever accepted it, and everybody else, at once.
    for (const index of [0, 1, 0, 1]) expect(await revisionOf(index)).toEqual({ dataRevision: revision })
    for (const index of [0, 1]) {
      const ofReplica = await replicaReads(index)
      expect((await ask(index, 'evidence(first: 3) { nodes { slug } }')).errors).toBeUndefined()
      expect(await replicaReads(index)).toBe(ofReplica)
    }
    await until(async () => (await ask(0)).errors === undefined && ((await standing(0))?.lagSeconds ?? 0) > 0.5)
    expect(await standing(0)).toMatchObject({ answers: true, isAsked: false })
    expect(await metric(0, 'magnesium_replica_lag_seconds')).toBeGreaterThan(0.5)
    await servers.query('replica', 'SELECT pg_wal_replay_resume()')
    for (const index of [0, 1]) await until(isAsked(index))
    expect((await standing(0))?.lagSeconds).toBeLessThan(4)
    expect(await revisionOf(0)).toEqual({ dataRevision: revision })
  })

  test('a replica that holds the newest evidence and is too far behind is not read', async () => {
    await until(isAsked(0))
    await servers.query('replica', 'SELECT pg_wal_replay_pause()')
    await until(async () => {
      await servers.query('primary', 'SELECT pg_logical_emit_message(false, $$tests$$, $$written$$)')
      return (await ask(0)).errors === undefined && ((await standing(0))?.lagSeconds ?? 0) > 4
    })
    expect(await standing(0)).toMatchObject({ answers: true, isAsked: false })
    await servers.query('replica', 'SELECT pg_wal_replay_resume()')
    await until(isAsked(0))
  })

  test('a replica that is killed under load costs no request, and is read again when it is back', async () => {
    for (const index of [0, 1]) await until(isAsked(index))
    let isOver = false
    const failed: unknown[] = []
    let answered = 0
    const load = Array.from({ length: 8 }, async (_, worker) => {
      while (!isOver) {
        const { errors } = await ask(worker % 2, 'evidence(first: 20) { nodes { slug study { title } } }')
        if (errors !== undefined) failed.push(errors)
        answered += 1
      }
    })
    await servers.stop('replica', 'SIGKILL')
    const until50More = answered + 50
    await until(() => answered > until50More)
    expect(await standing(0)).toMatchObject({ answers: false, lagSeconds: null, isAsked: false })
    await servers.start('replica')
    for (const index of [0, 1]) await until(isAsked(index))
    isOver = true
    await Promise.all(load)
    expect(failed).toEqual([])
  })

  behindBalancer('behind the balancer both processes answer from both databases, and stopping one of them costs no request', async () => {
    for (const index of [0, 1]) await until(isAsked(index))
    const stopped = await startProcess({})
    const balancer = await startBalancer([portOf(0), stopped.port], portOf(1))
    try {
      await until(async () => (await askAt(balancer.url).catch(() => null)) !== null)
      let isOver = false
      const failed: unknown[] = []
      let answered = 0
      const load = Array.from({ length: 8 }, async () => {
        while (!isOver) {
          const { errors } = await askAt(balancer.url, 'evidence(first: 20) { nodes { slug study { title } } }').catch((error: unknown) => ({
            errors: [String(error), String((error as Error).cause)],
          }))
          if (errors !== undefined) failed.push(errors)
          answered += 1
        }
      })
      const readsOfStopped = async () =>
        Number(/^magnesium_reads_total\{pool="1:.*\} (\d+)$/m.exec(await (await fetch(`${stopped.url}/metrics`)).text())?.[1] ?? 0)
      const before = await replicaReads(0)
      await until(async () => (await readsOfStopped()) > 20 && (await replicaReads(0)) > before + 20)
      stopped.program.process.kill('SIGTERM')
      await stopped.program.ended
      const then = answered
      await until(() => answered > then + 50)
      isOver = true
      await Promise.all(load)
      expect(failed).toEqual([])
    } finally {
      stopped.program.process.kill('SIGKILL')
      await balancer.stop()
    }
  })

  test('while the primary is away the replica answers, nothing is curated, and both are used again when it is back', async () => {
    for (const index of [0, 1]) await until(isAsked(index))
    const revision = await revisionOf(0)
    await servers.stop('primary', 'SIGKILL')
    for (const index of [0, 1]) {
      expect(await revisionOf(index)).toEqual(revision)
      expect((await ask(index, 'evidence(first: 3) { nodes { slug study { title } } }')).errors).toBeUndefined()
      const ready = await fetch(`${of(index)}/health/ready`)
      expect([ready.status, ((await ready.json()) as { reasons: string[] }).reasons]).toEqual([200, ['the database does not answer: its replicas are read']])
    }
    const curation = await fetch(`${of(0)}/curation/drafts`, { headers: { authorization: `Bearer ${key}` } })
    expect(curation.status).toBe(503)
    await servers.start('primary')
    for (const index of [0, 1]) await until(isAsked(index))
    await until(async () => (await accept(0, 'after-return-2024').catch(() => undefined)) !== undefined)
    expect(await revisionOf(1)).not.toEqual(revision)
  })
})

test('replicas without an address of their primary are refused at the start', async () => {
  const { ended } = runProgram({ DATABASE_REPLICA_URLS: 'postgresql://somewhere/evidence' })
  const { code, output, errors } = await ended
  expect(code).not.toBe(0)
  expect(output + errors).toContain('DATABASE_REPLICA_URLS names replicas of DATABASE_URL, which is not set')
})
