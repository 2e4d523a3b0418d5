import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { haproxy, startBalancer, type Balancer } from '../support/balancer.js'
import { until } from '../support/until.js'

// The balancer's configuration, run by the program it is for, over stand-ins for the service's processes.

const here = haproxy === undefined ? test.skip : test

interface StandIn {
  readonly server: Server
  readonly port: number
  ready: boolean
  readonly asked: { readonly path: string; readonly headers: IncomingHttpHeaders }[]
}

async function standIn(): Promise<StandIn> {
  const asked: StandIn['asked'] = []
  const server = createServer((request, response) => {
    const isCheck = request.url === '/health/ready'
    if (!isCheck) asked.push({ path: request.url ?? '', headers: request.headers })
    response.statusCode = isCheck && !made.ready ? 503 : 200
    response.setHeader('connection', 'close').end(String(made.port))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const made: StandIn = { server, port: (server.address() as AddressInfo).port, ready: true, asked } // listening on TCP, so the address has a port
  return made
}

let balancer: Balancer
let url: string
let [first, second, spare]: StandIn[] = []
beforeAll(async () => {
  if (haproxy === undefined) return
  ;[first, second, spare] = [await standIn(), await standIn(), await standIn()]
  balancer = await startBalancer([first.port, second.port], spare.port)
  url = balancer.url
  await until(async () => (await ask()) === 200)
})
afterAll(async () => {
  if (haproxy === undefined) return
  await balancer.stop()
  for (const made of [first, second, spare]) made?.server.close()
})

const ask = (target = '/graphql', headers: Record<string, string> = {}) =>
  fetch(`${url}${target}`, { headers }).then(
    ({ status }) => status,
    () => 0,
  )

here('the file as it is committed is valid', () => {
  expect(spawnSync(String(haproxy), ['-c', '-f', 'deploy/haproxy.cfg']).status).toBe(0)
})

here('requests are spread, and the spare process is asked nothing while others are ready', async () => {
  for (let count = 0; count < 20; count += 1) expect(await ask()).toBe(200)
  expect(first?.asked.length).toBeGreaterThan(5)
  expect(second?.asked.length).toBeGreaterThan(5)
  expect(spare?.asked).toEqual([])
})

here('metrics are not to be had through it, however their address is written', async () => {
  const statuses = await Promise.all(['/metrics', '/metrics/', '//metrics', '/%6detrics', '/metrics?x=1', '/x/../metrics'].map((target) => raw(target)))
  expect(statuses.map((status) => [status, [first, second].some((made) => made?.asked.some((asked) => /metrics/.test(asked.path)))])).toEqual(
    statuses.map(() => [404, false]),
  )
})

here('who asks is what it saw, not what the caller says', async () => {
  await ask('/told', { 'x-forwarded-for': '203.0.113.7', forwarded: 'for=203.0.113.7' })
  const told = [first, second].flatMap((made) => made?.asked ?? []).find((asked) => asked.path === '/told')
  expect([told?.headers['x-forwarded-for'], told?.headers['forwarded']]).toEqual(['127.0.0.1', undefined])
})

here('a process that is not ready is asked no more, then none is lost, and the spare answers when no other can', async () => {
  const before = first?.asked.length
  if (first === undefined || second === undefined || spare === undefined) throw new Error('no stand-ins')
  first.ready = false
  await until(async () => {
    const seen = first?.asked.length
    await Promise.all(Array.from({ length: 10 }, () => ask()))
    return first?.asked.length === seen
  })
  expect(first.asked.length).toBeGreaterThanOrEqual(before ?? 0)
  second.server.closeAllConnections()
  await new Promise((resolve) => second?.server.close(resolve))
  await until(async () => (await ask()) === 200 && (spare?.asked.length ?? 0) > 0)
  for (let count = 0; count < 10; count += 1) expect(await ask()).toBe(200)
})

here('who sends a head slowly is sent away', async () => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const answer = text(socket)
  socket.write('POST /graphql HTTP/1.1\r\nHost: x\r\n')
  expect(await answer).toMatch(/^HTTP\/1\.[01] 408/)
})

/** The status of an address as it is written: fetch would mend it. */
async function raw(target: string): Promise<number> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
  return Number((await text(socket)).split(' ')[1])
}
