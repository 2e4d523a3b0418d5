import { connectRedis, type RedisConnection } from '../../src/database/redis.js'
import { redisIsThere, startRedis, type Redis } from '../support/redis.js'
import { startService, type Service } from '../support/service.js'
import { until } from '../support/until.js'

const whereThere = redisIsThere ? describe : describe.skip

const budgets = { anonymous: { requests: 6, cost: 1_000 }, withKey: { requests: 50, cost: 1_000 } }
const config = { trustedProxies: ['loopback'] }

whereThere('with Redis', () => {
  let redis: Redis
  const connections: RedisConnection[] = []
  const lost: string[] = []
  let services: Service[]

  const areReady = (ready: boolean) => until(() => connections.every(({ isReady }) => isReady === ready))

  beforeAll(async () => {
    redis = await startRedis()
    services = await Promise.all(
      [1, 2].map(() => {
        const connection = connectRedis(redis.url, (error) => void lost.push(error.message))
        connections.push(connection)
        // A busy machine lets Redis answer late: these tests are of processes that reach it.
        return startService({ config, budgets: { ...budgets, redis: connection, redisPatienceMs: 30_000 } })
      }),
    )
    await areReady(true)
  })
  afterAll(async () => {
    for (const connection of connections) connection.destroy()
    await Promise.all(services.map((service) => service.stop()))
    await redis.close()
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

  let callers = 0
  /** Whether each process knows what the other has counted, of a caller that neither has seen. */
  async function countTogether(): Promise<boolean> {
    callers += 1
    const left: (string | undefined)[] = []
    for (const { url } of services) {
      const { headers } = await fetch(`${url}/graphql?query={dataset{release}}`, { headers: { 'x-forwarded-for': `198.51.100.${callers}` } })
      left.push(/"requests";r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1])
    }
    return left.join() === '5,4'
  }

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
    const connection = connectRedis(redis.url)
    const service = await startService({ config, budgets: { ...budgets, redis: connection } })
    await until(() => connection.isReady)
    redis.signal('SIGSTOP')
    try {
      expect(await statuses(8, '192.0.2.3', service)).toEqual([...ok(6), 429, 429])
    } finally {
      redis.signal('SIGCONT')
      connection.destroy()
      await service.stop()
    }
  })

  test('without Redis each process counts by itself, and with it again they count together', async () => {
    redis.signal('SIGKILL')
    await areReady(false)
    expect(await statuses(14, '192.0.2.4')).toEqual([...ok(12), 429, 429])
    await redis.start()
    await areReady(true)
    expect(lost).not.toEqual([])
    // A process that saw Redis fail counts by itself for a while longer.
    await until(countTogether)
    expect(await statuses(8, '192.0.2.5')).toEqual([...ok(6), 429, 429])
  })
})

test('a service starts while its Redis is away, and limits by itself', async () => {
  const lost: string[] = []
  const connection = connectRedis(
    'redis://127.0.0.1:1', // nobody listens there
    (error) => void lost.push(error.message),
  )
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
