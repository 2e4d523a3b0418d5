import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { haproxy } from '../support/balancer.js'
import { startService, type Service } from '../support/service.js'
import { withoutBasePath } from '../../src/http/basePath.js'
import { until } from '../support/until.js'

// HAProxy before the service, under a path that it strips or passes on.

const here = haproxy === undefined ? test.skip : test

let service: Service
let proxy: { readonly url: string; stop(): Promise<void> } | undefined
beforeAll(async () => {
  service = await startService({ config: { basePath: '/magnesium', securityContact: 'mailto:security@example.org' } })
  if (haproxy !== undefined) proxy = await startProxy(Number(new URL(service.url).port))
})
afterAll(async () => {
  await proxy?.stop()
  await service?.stop()
})

/** /magnesium is passed on as it is; /stripped/magnesium comes without any of it, as a proxy of the path /magnesium that strips it would send it. */
async function startProxy(servicePort: number) {
  const folder = await mkdtemp(path.join(tmpdir(), 'magnesium-evidence-proxy-'))
  const listening = createServer().listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo // listening on TCP, so the address has a port
  const { fd } = (listening as unknown as { _handle: { fd: number } })._handle // Node has no public name for the descriptor
  const config = `defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
frontend public
  bind fd@3
  http-request deny deny_status 404 unless { path_beg /magnesium } or { path_beg /stripped/magnesium }
  http-request replace-path /stripped/magnesium/?(.*) /\\1
  default_backend service
backend service
  server one 127.0.0.1:${servicePort}
`
  await writeFile(path.join(folder, 'haproxy.cfg'), config)
  const running = spawn(String(haproxy), ['-db', '-f', path.join(folder, 'haproxy.cfg')], { stdio: ['ignore', 'ignore', 'ignore', fd] })
  listening.close() // HAProxy's copy goes on listening
  const url = `http://127.0.0.1:${port}`
  await until(() =>
    fetch(`${url}/magnesium/health/live`).then(
      ({ ok }) => ok,
      () => false,
    ),
  )
  return {
    url,
    stop: async () => {
      running.kill('SIGTERM')
      await once(running, 'exit')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const pool = `{ synthesis(input: { filter: { conditions: ["acute-myocardial-infarction"], outcomes: ["all-cause-mortality"] } }) { forestPlotUrl csvUrl funnelPlotUrl baujatPlotUrl } }`

here.each(['/magnesium', '/stripped/magnesium'])('everything that a page, an answer or a redirect under %s names is found below /magnesium', async (prefix) => {
  const at = (target: string, init?: RequestInit) => fetch(`${proxy?.url}${prefix}${target}`, { redirect: 'manual', ...init })
  for (const target of ['/', '', '/studies/tarleton-2017', '/embed/forms', '/playground']) {
    const response = await at(target, { headers: { accept: 'text/html' } })
    const page = await response.text()
    expect([target, response.status, page.includes('<meta name="base-path" content="/magnesium"')]).toEqual([target, 200, true])
    const parts = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address)
    expect(parts.length).toBeGreaterThan(1)
    for (const part of parts) {
      expect(part).toMatch(/^\/magnesium\/(assets\/|changes\.atom$)/)
      const { status } = await fetch(`${proxy?.url}${part}`, { method: 'HEAD' })
      expect([part, status]).toEqual([part, 200])
    }
  }
  expect((await at('/graphql', { headers: { accept: 'text/html' } })).headers.get('location')).toBe('/magnesium/playground')
  expect((await at('/favicon.ico')).headers.get('location')).toMatch(/^\/magnesium\/assets\/icon/)
  const answer = (await (await at(`/graphql?${new URLSearchParams({ query: pool }).toString()}`)).json()) as {
    data: { synthesis: Record<string, string> }
  }
  const plots = Object.values(answer.data.synthesis)
  expect(plots.length).toBe(4)
  for (const address of plots) {
    expect(address).toMatch(/^\/magnesium\/plots\//)
    expect((await fetch(`${proxy?.url}${address}`)).status).toBe(200)
  }
  for (const target of [
    '/health/live',
    '/health/ready',
    '/playground/examples.json',
    '/robots.txt',
    '/llms.txt',
    '/schema.graphql',
    '/.well-known/security.txt',
  ])
    expect([target, (await at(target)).status]).toEqual([target, 200])
  expect((await (await at('/nowhere')).json()) as object).toMatchObject({
    errors: [{ message: expect.stringContaining('the API is at /magnesium/graphql, the playground at /magnesium/playground') }],
  })
})

test.each([
  ['/magnesium', '/'],
  ['/magnesium/', '/'],
  ['/magnesium?query=x', '/?query=x'],
  ['/magnesium/graphql?query=/magnesium', '/graphql?query=/magnesium'],
  ['/magnesiums/graphql', '/magnesiums/graphql'],
  ['/graphql', '/graphql'],
  ['/', '/'],
])('%s is %s without the base path', (url, expected) => {
  expect(withoutBasePath(url, '/magnesium')).toBe(expected)
  expect(withoutBasePath(url, '')).toBe(url)
})

/** Status and headers as they come, without fetch's decompression. */
function ask(method: string, target: string, headers: Record<string, string>): Promise<{ status: number; headers: IncomingHttpHeaders; length: number }> {
  return new Promise((resolve, reject) => {
    const asking = httpRequest(`${service.url}${target}`, { method, headers }, (response) => {
      let length = 0
      response.on('data', (part: Buffer) => (length += part.length))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, length }))
    })
    asking.on('error', reject).end()
  })
}

const targets = [
  '/',
  '/studies/tarleton-2017',
  '/playground',
  '/playground/examples.json',
  '/favicon.ico',
  '/health/live',
  '/health/ready',
  '/graphql',
  '/graphql?query={dataset{release}}',
  '/graphql?query={nothing}',
  '/download/evidence.csv',
  '/download/studies.ris',
  '/download/nothing.csv',
  `/plots/forest.svg?filter=${encodeURIComponent('{"conditions":["acute-myocardial-infarction"],"outcomes":["all-cause-mortality"]}')}`,
  '/plots/forest.svg',
  '/robots.txt',
  '/llms.txt',
  '/schema.graphql',
  '/.well-known/security.txt',
  '/nowhere',
]

// RFC 9110, 8.6 and 9.3.2: HEAD tells what GET would, and a length only if it is that of GET.
test.each(targets.flatMap((target) => ['identity', 'gzip'].map((encoding) => ({ target, encoding }))))(
  'HEAD $target in $encoding tells what GET does',
  async ({ target, encoding }) => {
    const headers = { 'accept-encoding': encoding, accept: '*/*' }
    const [get, head] = [await ask('GET', target, headers), await ask('HEAD', target, headers)]
    expect([head.status, head.length]).toEqual([get.status, 0])
    if (head.headers['content-length'] !== undefined) expect(Number(head.headers['content-length'])).toBe(get.length)
    for (const name of ['content-type', 'content-encoding', 'vary', 'etag', 'cache-control', 'location', 'content-disposition', 'content-security-policy'])
      expect([name, head.headers[name]]).toEqual([name, get.headers[name]])
  },
)

test('the schema at its address is the one that is committed', async () => {
  const response = await fetch(`${service.url}/schema.graphql`)
  expect([response.headers.get('content-type'), await response.text()]).toEqual([
    'application/graphql; charset=utf-8',
    await readFile('schema/schema.graphql', 'utf8'),
  ])
})

test('a closed schema is closed to tools and to gateways, at its address too, and names no library', async () => {
  const closed = await startService({ config: { introspection: false } })
  try {
    for (const query of [
      '{ __schema { types { name } } }',
      '{ __type(name: "Study") { name } }',
      '{ _service { sdl } }',
      '{ a: _service { b: sdl } ...F } fragment F on Query { __schema { description } }',
    ]) {
      const { data, errors } = await closed.request(query)
      expect(data).toBeUndefined()
      expect(errors?.[0]).toMatchObject({
        message: expect.stringMatching(/the schema is closed here/),
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED', reason: 'SCHEMA_CLOSED' },
      })
      expect(JSON.stringify(errors)).not.toMatch(/apollo|graphql-js|fastify/i)
    }
    expect(await closed.ask('{ __typename dataset { __typename } }')).toMatchObject({ __typename: 'Query' })
    expect((await fetch(`${closed.url}/schema.graphql`)).status).toBe(404)
    expect(await (await fetch(`${closed.url}/llms.txt`)).text()).not.toContain('schema.graphql')
    // Nobody is named there.
    const contact = await fetch(`${closed.url}/.well-known/security.txt`)
    expect([contact.status, await contact.text()]).toEqual([404, expect.stringContaining('SECURITY_CONTACT')])
  } finally {
    await closed.stop()
  }
})

test('the contact holds for less than a year, and more than a month', async () => {
  const text = await (await fetch(`${service.url}/.well-known/security.txt`)).text()
  expect(text).toMatch(/^Contact: mailto:security@example\.org\nExpires: \d{4}-\d\d-\d\dT00:00:00Z\n/)
  const days = (Date.parse(/Expires: (\S+)/.exec(text)?.[1] ?? '') - Date.now()) / 86_400_000
  expect(days).toBeGreaterThan(30)
  expect(days).toBeLessThan(365)
})
