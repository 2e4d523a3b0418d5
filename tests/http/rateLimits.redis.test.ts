import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connectRedis, type RedisConnection } from '../../src/database/redis.js'
import { startService, type Service } from '../support/service.js'

const isThere = spawnSync('redis-server', ['--version']).status === 0
if (!isThere) console.warn('skipped: rate limits shared in Redis need the program redis-server (Debian: apt-get install redis-server)')
const whereThere = isThere ? describe : describe.skip

const budgets = { anonymous: { requests: 6, cost: 1_000 }, withKey: { requests: 50, cost: 1_000 } }
const config = { trustedProxies: ['loopback'] }

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // listening on TCP, so the address has a port
  server.close()
  await once(server, 'close')
  return port
}

/** Waits, for as long as guards against hanging, until something is so. */
async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 15_000
  while (!isSo() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(isSo()).toBe(true)
}

whereThere('with Redis', () => {
  let folder: string
  let port: number
  let redis: ChildProcess
  const connections: RedisConnection[] = []
  const lost: string[] = []
  let services: Service[]

  const startRedis = () => spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', folder], { stdio: 'ignore' })
  const areReady = (ready: boolean) => until(() => connections.every(({ isReady }) => isReady === ready))

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'magnesium-evidence-redis-'))
    port = await freePort()
    redis = startRedis()
    services = await Promise.all(
      [1, 2].map(() => {
        const connection = connectRedis(`redis://127.0.0.1:${port}`, (error) => void lost.push(error.message))
        connections.push(connection)
        return startService({ config, budgets: { ...budgets, redis: connection } })
      }),
    )
    await areReady(true)
  })
  afterAll(async () => {
    for (const connection of connections) connection.destroy()
    await Promise.all(services.map((service) => service.stop()))
    redis.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  })

  /** Statuses of requests that go to the processes in turn, from one address. */
  async function statuses(count: number, address: string, only?: Service): Promise<number[]> {
    const all: number[] = []
    for (let index = 0; index < count; index++) {
      const service = only ?? services[index % services.length]
      all.push((await fetch(`${service?.url}/graphql?query={dataset{release}}`, { headers: { 'x-forwarded-for': address } })).status)
    }
    return all
  }
  const ok = (count: number) => Array.from({ length: count }, () => 200)

  test('several processes count a caller together, requests and cost', async () => {
    expect(await statuses(8, '192.0.2.1')).toEqual([...ok(6), 429, 429])
    const standing = await fetch(`${services[0]?.url}/graphql?query={dataset{release}}`, { headers: { 'x-forwarded-for': '192.0.2.2' } })
    const other = await fetch(`${services[1]?.url}/graphql?query={dataset{release}}`, { headers: { 'x-forwarded-for': '192.0.2.2' } })
    expect([standing, other].map(({ headers }) => headers.get('ratelimit')?.replaceAll(/;t=\d+/g, ''))).toEqual([
      '"requests";r=5, "cost";r=998',
      '"requests";r=4, "cost";r=996',
    ])
  })

  test('a Redis that hangs holds nobody up for long: each process counts by itself', async () => {
    redis.kill('SIGSTOP')
    try {
      expect(await statuses(8, '192.0.2.3', services[0])).toEqual([...ok(6), 429, 429])
    } finally {
      redis.kill('SIGCONT')
    }
  })

  test('without Redis each process counts by itself, and with it again they count together', async () => {
    redis.kill('SIGKILL')
    await areReady(false)
    expect(await statuses(14, '192.0.2.4')).toEqual([...ok(12), 429, 429])
    redis = startRedis()
    await areReady(true)
    expect(lost).not.toEqual([])
    // A process that saw Redis fail asks it again after a second.
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    expect(await statuses(8, '192.0.2.5')).toEqual([...ok(6), 429, 429])
  })
})

test('a service starts while its Redis is away, and limits by itself', async () => {
  const lost: string[] = []
  const connection = connectRedis(`redis://127.0.0.1:${await freePort()}`, (error) => void lost.push(error.message))
  const service = await startService({ config, budgets: { ...budgets, redis: connection } })
  try {
    const all: number[] = []
    for (let index = 0; index < 7; index++) all.push((await fetch(`${service.url}/graphql?query={__typename}`)).status)
    expect(all).toEqual([200, 200, 200, 200, 200, 200, 429])
    await until(() => lost.length > 0)
    expect(lost).toEqual([expect.stringContaining('ECONNREFUSED')])
  } finally {
    connection.destroy()
    await service.stop()
  }
})
