// npm run bench:processes: one and two processes behind the balancer, with and without a replica, on one machine; writes a report.
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { openDatabase } from '../src/database/client.js'
import { startBalancer } from '../tests/support/balancer.js'
import { startReplication } from '../tests/support/replication.js'
import { until } from '../tests/support/until.js'
import { machineInWords, provideGenerated, sizes } from './data.js'
import { known } from './known.js'
import { child, cpuMs, middle, pidOf } from './measure.js'
import { operations } from './operations.js'
import { recorder } from './recorded.js'
import { figure } from './report.js'

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3)
const seconds = Number(process.env['BENCH_SECONDS'] ?? 4)
const clients = 16
const names = ['evidence page, condition and form', 'study page, everything nested', 'full-text search']
const projectFolder = fileURLToPath(new URL('..', import.meta.url))
const say = (line: string) => void process.stdout.write(`${line}\n`)

interface Setting {
  readonly name: string
  readonly url: string
  readonly pids: readonly number[]
}

interface Measured {
  readonly requestsPerSecond: number
  readonly p99: number
  /** Of all processes of the service, ms a request. */
  readonly cpuMs: number
  readonly failed: number
}

const machine = machineInWords()
const servers = await startReplication({ shared_buffers: '1GB', max_wal_size: '4GB', max_connections: '100', random_page_cost: '1.1', jit: 'off' })
const undo: (() => Promise<void> | void)[] = [() => servers.close()]
try {
  const url = await provideGenerated(servers.urls.primary, 'processes', sizes.small, say)
  const replicaUrl = new URL(url)
  replicaUrl.port = new URL(servers.urls.replica).port
  const database = openDatabase({ url })
  const { ask } = await recorder(database)
  const asked = operations(await known(database, ask, sizes.small)).filter(({ name }) => names.includes(name))
  await database.close()
  await until(async () => {
    const [behind] = await servers.query('primary', 'SELECT max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn))::float8 AS bytes FROM pg_stat_replication')
    return behind?.['bytes'] === 0
  })

  const settings: Setting[] = []
  for (const replicated of [false, true]) {
    const processes = await Promise.all(
      [1, 2].map(async () => {
        const { process: running, port } = await child('service.mjs', [url], { environment: replicated ? { DATABASE_REPLICA_URLS: replicaUrl.href } : {} })
        undo.push(() => void running.kill())
        return { port, pid: pidOf(running) }
      }),
    )
    const spare = 1 // nobody listens there
    const also = replicated ? ' and a replica' : ''
    for (const count of [1, 2]) {
      const used = processes.slice(0, count)
      const balancer = await startBalancer(
        used.map(({ port }) => port),
        spare,
      )
      undo.push(() => balancer.stop())
      settings.push({ name: `${count} process${count === 1 ? '' : 'es'}${also}`, url: balancer.url, pids: used.map(({ pid }) => pid) })
    }
  }

  const lines: string[] = []
  for (const operation of asked) {
    const requests = operation.variables.map((variables) => ({
      method: 'POST' as const,
      path: '/graphql',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: operation.query, variables }),
    }))
    const measured = new Map<Setting, Measured[]>(settings.map((setting) => [setting, []]))
    for (let round = 0; round <= rounds; round++) {
      for (const setting of settings) {
        const one = await measure(setting, requests)
        // The first round warms up.
        if (round > 0) measured.get(setting)?.push(one)
      }
    }
    for (const [{ name }, all] of measured) {
      const of = (field: keyof Measured) => figure(middle(all.map((one) => one[field])))
      lines.push(`| ${[operation.name, name, of('requestsPerSecond'), of('p99'), of('cpuMs'), all.reduce((sum, { failed }) => sum + failed, 0)].join(' | ')} |`)
      say(lines.at(-1) ?? '')
    }
  }

  const date = new Date().toISOString().slice(0, 10)
  const file = path.join(projectFolder, 'docs', 'benchmarks', `${date}-processes.md`)
  const report = [
    `# Processes, balancer and replica on one machine, ${date}`,
    '',
    machine,
    '',
    `${sizes.small.effects.toLocaleString('en')} effects in Debian's PostgreSQL, primary and streaming replica, HAProxy with \`deploy/haproxy.cfg\`, the processes and the load generator all share the two cores: more processes can only show what spreading costs, not what more machines bring. ${clients} connections, ${rounds} alternating rounds of ${seconds} s, medians; kept answers off. \`npm run bench:processes\`.`,
    '',
    '| operation | setting | requests/s | p99 ms | CPU of the service, ms a request | failed |',
    '|---|---|---|---|---|---|',
    ...lines,
  ]
  await writeFile(file, `${report.join('\n')}\n`)
  say(`written to ${path.relative(projectFolder, file)}`)
} finally {
  for (const one of undo.reverse()) await one()
}

async function measure({ url, pids }: Setting, requests: readonly autocannon.Request[]): Promise<Measured> {
  const spent = () => pids.reduce((sum, pid) => sum + cpuMs(pid), 0)
  const before = spent()
  let client = 0
  const result = await autocannon({
    url,
    connections: clients,
    duration: seconds,
    requests: [...requests],
    setupClient: (one) => {
      const from = Math.floor((client++ * requests.length) / clients) % requests.length
      one.setRequests([...requests.slice(from), ...requests.slice(0, from)])
    },
  })
  return {
    requestsPerSecond: result.requests.total / result.duration,
    p99: result.latency.p99,
    cpuMs: (spent() - before) / Math.max(1, result.requests.total),
    failed: result.non2xx + result.errors + result.timeouts,
  }
}
