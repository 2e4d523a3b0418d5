// Load on one server, and what it took: rates, times, processor and memory.
import { fork, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'

export const connections = 8

/** One request of the load. */
export interface Asking {
  readonly path: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Measured {
  readonly requestsPerSecond: number
  readonly p50: number
  readonly p99: number
  /** Processor time of the server for a request, ms. */
  readonly serverCpuMs: number
  /** Processor time of Postgres for a request, ms. */
  readonly databaseCpuMs: number
  /** Resident after the round, MiB. */
  readonly residentMiB: number
  readonly failed: number
  /** Requests answered; of a server that answers less than one a connection in a round, one alone is measured. */
  readonly answered: number
}

export interface Server {
  readonly url: string
  readonly pid: number
}

export interface Load {
  readonly seconds: number
  readonly clients?: number
  /** So many requests instead, however long they take. */
  readonly amount?: number
}

/** Every connection asks in the same order from a place of its own, so that no two ask the same thing at once. */
export async function load(
  server: Server,
  postmaster: number,
  askings: readonly Asking[],
  { seconds, clients = connections, amount }: Load,
): Promise<Measured> {
  const requests = askings.map(({ path: address, body, headers }) => ({
    method: 'POST' as const,
    path: address,
    headers: { 'content-type': 'application/json', ...headers },
    body,
  }))
  const before = { server: cpuMs(server.pid), database: databaseCpuMs(postmaster) }
  let client = 0
  const result = await autocannon({
    url: server.url,
    connections: clients,
    ...(amount === undefined ? { duration: seconds } : { amount, timeout: 120 }),
    requests,
    setupClient: (one) => {
      const from = Math.floor((client++ * requests.length) / clients) % requests.length
      one.setRequests([...requests.slice(from), ...requests.slice(0, from)])
    },
  })
  const answered = Math.max(1, result.requests.total)
  return {
    requestsPerSecond: amount === undefined ? result.requests.total / result.duration : 1_000 / result.latency.mean,
    p50: result.latency.p50,
    p99: result.latency.p99,
    serverCpuMs: (cpuMs(server.pid) - before.server) / answered,
    databaseCpuMs: (databaseCpuMs(postmaster) - before.database) / answered,
    residentMiB: residentMiB(server.pid),
    failed: result.non2xx + result.errors + result.timeouts,
    answered: result.requests.total,
  }
}

/** Field by field, and all that failed. */
export function median(measured: readonly Measured[]): Measured {
  const of = (field: keyof Measured) => middle(measured.map((one) => one[field]))
  return {
    requestsPerSecond: of('requestsPerSecond'),
    p50: of('p50'),
    p99: of('p99'),
    serverCpuMs: of('serverCpuMs'),
    databaseCpuMs: of('databaseCpuMs'),
    residentMiB: of('residentMiB'),
    failed: measured.reduce((sum, { failed }) => sum + failed, 0),
    answered: measured.reduce((sum, { answered }) => sum + answered, 0),
  }
}

export function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN
}

/** Linux counts processor time in hundredths of a second (USER_HZ). */
const tickMs = 10

/** The fields of /proc/<pid>/stat after the name, which may hold spaces. */
function processStat(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

const ticks = (fields: readonly string[], places: readonly number[]) => places.reduce((sum, place) => sum + Number(fields[place]), 0)

export function cpuMs(pid: number): number {
  return ticks(processStat(pid), [11, 12]) * tickMs
}

/** Of the server process of Postgres with all processes it has, and those it had. */
export function databaseCpuMs(postmaster: number): number {
  let sum = ticks(processStat(postmaster), [11, 12, 13, 14])
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try {
      const fields = processStat(Number(entry))
      if (Number(fields[1]) === postmaster) sum += ticks(fields, [11, 12])
    } catch {
      // It ended while the list was read; the server process has its time then.
    }
  }
  return sum * tickMs
}

export function residentMiB(pid: number): number {
  const [, kib] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kib) / 1024
}

export function postmasterOf(dataFolder: string): number {
  return Number(readFileSync(path.join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0])
}

export interface ChildOptions {
  readonly execPath?: string
  readonly execArgv?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

export interface Child {
  readonly process: ChildProcess
  /** On 127.0.0.1, chosen by the kernel. */
  readonly port: number
}

/** Starts a server of this folder, which sends the port it listens on when it is ready. */
export async function child(file: string, argv: readonly string[], { execPath, execArgv = [], environment }: ChildOptions = {}): Promise<Child> {
  const started = fork(fileURLToPath(new URL(file, import.meta.url)), argv, {
    ...(execPath !== undefined && { execPath }),
    execArgv: [...execArgv],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production', ...environment },
  })
  // Peers tell at length of every statement that was cancelled under them; what matters is why one does not start.
  let complaints = ''
  started.stderr?.on('data', (chunk: Buffer) => (complaints = `${complaints}${chunk.toString()}`.slice(-2_000)))
  const { port } = await new Promise<{ port: number }>((resolve, reject) => {
    started.once('message', (message) => resolve(message as { port: number })) // what every server of this folder sends
    started.once('exit', (code) => reject(new Error(`${file} ended with ${code}: ${complaints}`)))
  })
  return { process: started, port }
}

export function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new RangeError('the process was not started')
  return pid
}
