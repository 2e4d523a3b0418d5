import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { constants, existsSync } from 'node:fs'
import { access, chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { messageOf, StartupError } from '../startupError.js'
import { applicationName } from './client.js'
import { accountFor, commandAs, findBinaries, giveTo, type Account, type Binaries } from './embedded.account.js'
import { makeFolders, whyUnwritable } from './folder.js'

/** The major version in node_modules; a data folder of another one cannot be read. */
const majorVersion = '18'

const databaseName = 'magnesium_evidence'
const passwordFile = 'service.password'

/** Held by the service that uses a data folder for as long as it lives. */
const ownerLock = 4_020_260_102

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '256MB',
  work_mem: '16MB',
  max_wal_size: '2GB',
  random_page_cost: '1.1',
  jit: 'off',
  // No replicas hang on this server: bulk loads need not be written twice.
  wal_level: 'minimal',
  max_wal_senders: '0',
}

/** What ends a process unless it listens: from a terminal, from whoever started it, from the system. SIGUSR1 is the debugger's. */
export const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGABRT', 'SIGALRM', 'SIGUSR2', 'SIGXCPU', 'SIGPWR'] as const

export interface EmbeddedOptions {
  /** The cluster's folder; made, with what is above it, where it does not exist. */
  readonly folder: string
  /** On 127.0.0.1. Without it, Postgres gets a free port, and another one if that is taken before Postgres listens on it. */
  readonly port?: number
  /** Suggests a free port; called again if the last one is in use. The kernel suggests unless given. */
  readonly choosePort?: () => Promise<number>
  /** Further server settings, over those above. */
  readonly settings?: Readonly<Record<string, string>>
  /** What takes a while, in a few words. */
  readonly onProgress?: (message: string) => void
  /** The server ended without being asked to. */
  readonly onDeath?: (lastWords: string) => void
}

export interface EmbeddedPostgres {
  readonly url: string
  /** Waits for connections to close and for the process to end. */
  stop(): Promise<void>
}

/**
 * Starts a real Postgres on a folder, for this process alone, filled or new. Its password is random and kept in the folder.
 *
 * @throws {StartupError} if the folder cannot be written, another service uses it, or the server does not start
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const folder = path.resolve(options.folder)
  const binaries = await findBinaries()
  await makeFolders(path.dirname(folder)).catch((cause) => {
    throw unwritable(path.dirname(folder), cause)
  })
  if (!existsSync(path.join(folder, 'PG_VERSION'))) {
    options.onProgress?.(`setting up a Postgres in ${folder}`)
    await initialise(folder, binaries)
  }
  const account = await accountFor(folder)
  const password = await openFolder(folder, account)
  await endOrphan(folder, password)
  const { server, port } = await startOnFreePort(options, (one) => startServer({ folder, account, binaries, port: one, options }))
  const url = (database: string) => `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`
  const owner = await own(url('postgres')).catch(async (cause) => {
    await server.stop()
    throw new StartupError(`cannot use the Postgres in ${folder}: ${messageOf(cause)}`, { cause })
  })
  return {
    url: url(databaseName),
    stop: async () => {
      await owner.end().catch(() => {}) // gone already where the server died
      await server.stop()
    },
  }
}

/**
 * The address of the Postgres that another living service runs on a folder, for work beside it; null where none does.
 *
 * The server ends with that service, and work under way with it.
 */
export async function joinEmbedded(options: Pick<EmbeddedOptions, 'folder'>): Promise<string | null> {
  const folder = path.resolve(options.folder)
  const [note, password] = await Promise.all([readNote(folder), readFile(path.join(folder, passwordFile), 'utf8').catch(() => null)])
  if (note === null || password === null || !(await mayBePostgres(note.pid))) return null
  const url = (database: string) => `postgresql://postgres:${password.trim()}@127.0.0.1:${note.port}/${database}`
  const owner = await own(url('postgres')).catch((cause: unknown) => cause)
  if (owner instanceof StartupError) return url(databaseName)
  if (owner instanceof pg.Client) await owner.end() // nobody's: its service was killed
  return null
}

/** What a running Postgres notes of itself in its folder. */
async function readNote(folder: string): Promise<{ pid: number; port: string } | null> {
  const note = await readFile(path.join(folder, 'postmaster.pid'), 'utf8').catch(() => null)
  if (note === null) return null
  const [pid, , , port = ''] = note.split('\n')
  return { pid: Number(pid), port }
}

function unwritable(folder: string, cause: unknown): StartupError {
  return new StartupError(`cannot write to the data folder ${folder} (${whyUnwritable(cause)}): make it writable, or name another in DATA_FOLDER`, { cause })
}

/** A new cluster, made beside its place and moved there when whole, so that an interrupted start leaves none half made. */
async function initialise(folder: string, binaries: Binaries): Promise<void> {
  const existing = await readdir(folder).catch(() => [])
  if (existing.length > 0)
    throw new StartupError(
      `the data folder ${folder} holds something that is not a Postgres cluster (${existing[0]}): empty it, or name another in DATA_FOLDER`,
    )
  const account = await accountFor(folder)
  const beside = `${folder}.new-${process.pid}`
  const cluster = path.join(beside, 'cluster')
  const password = path.join(beside, 'password')
  try {
    await removeLeftovers(folder)
    for (const made of [beside, cluster]) await mkdir(made, { mode: 0o700 })
    await writeFile(password, randomBytes(24).toString('base64url'), { mode: 0o600 })
    for (const file of [beside, cluster, password]) await giveTo(account, file)
  } catch (cause) {
    throw unwritable(path.dirname(folder), cause)
  }
  try {
    const given = [
      `--pgdata=${cluster}`,
      '--username=postgres',
      '--auth=scram-sha-256',
      `--pwfile=${password}`,
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ]
    const command = await commandAs(account, binaries.initdb, given, [cluster])
    await promisify(execFile)(command.program, command.given, { ...command.options, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } })
    await rename(password, path.join(cluster, passwordFile))
    if (existsSync(folder)) await rm(folder, { recursive: true }) // empty, looked at above
    await rename(cluster, folder)
  } catch (cause) {
    if (cause instanceof StartupError) throw cause
    const { stderr } = cause as { stderr?: string } // execFile's error
    throw new StartupError(`cannot set up a Postgres in ${folder}: ${lastLine(stderr) ?? messageOf(cause)}`, { cause })
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
}

async function removeLeftovers(folder: string): Promise<void> {
  const prefix = `${path.basename(folder)}.new-`
  for (const name of await readdir(path.dirname(folder))) {
    if (name.startsWith(prefix) && !isAlive(Number(name.slice(prefix.length))))
      await rm(path.join(path.dirname(folder), name), { recursive: true, force: true })
  }
}

/** @returns the password of the cluster in the folder */
async function openFolder(folder: string, account: Account | null): Promise<string> {
  const { uid } = await stat(folder)
  const me = process.getuid?.()
  if (account === null && me !== undefined && uid !== me)
    throw new StartupError(`the data folder ${folder} belongs to another user (${uid}, not ${me}): start as that user, or name another in DATA_FOLDER`)
  try {
    const version = (await readFile(path.join(folder, 'PG_VERSION'), 'utf8')).trim()
    if (version !== majorVersion)
      throw new StartupError(
        `the data folder ${folder} was made by Postgres ${version}, this release runs ${majorVersion}: move it away, a new one is filled from the corpus`,
      )
    await chmod(folder, 0o700) // Postgres refuses a folder that others may enter
    return (await readFile(path.join(folder, passwordFile), 'utf8')).trim()
  } catch (cause) {
    throw cause instanceof StartupError ? cause : unwritable(folder, cause)
  }
}

/**
 * A Postgres may run on the folder already: that of another living service, which keeps it, or one whose service was
 * killed, which is stopped. A note of a process that is gone would stop ours from starting, and is removed.
 */
async function endOrphan(folder: string, password: string): Promise<void> {
  const noteFile = path.join(folder, 'postmaster.pid')
  for (const deadline = performance.now() + 15_000; ; await pause(100)) {
    const note = await readNote(folder)
    if (note === null) return
    const { pid, port } = note
    if (!(await mayBePostgres(pid))) {
      await rm(noteFile, { force: true })
      return
    }
    const inUse = new StartupError(
      `another service is using the data folder ${folder} (its Postgres is process ${pid}): stop it, or name another folder in DATA_FOLDER`,
    )
    const orphan = await own(`postgresql://postgres:${password}@127.0.0.1:${port}/postgres`).catch((cause: unknown) => {
      if (cause instanceof StartupError) throw inUse
      return null // starting, or on its way down
    })
    await orphan?.end()
    if (orphan) kill(pid, 'SIGINT')
    if (performance.now() > deadline) throw inUse
  }
}

async function mayBePostgres(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false
  // "pid (name) state …": a process that ended is kept as Z until its parent looks. Elsewhere than on Linux, believe the note.
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '(postgres) S')
  return /\(postgres\) [^Z]/.test(status)
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // alive, and someone else's
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // gone already
  }
}

/**
 * Marks the server as this process's for as long as the connection lives, and sees to its database.
 *
 * @throws {StartupError} if a living process holds it
 */
async function own(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: `${applicationName} owner`, connectionTimeoutMillis: 2_000, keepAlive: true })
  client.on('error', () => {}) // the server's end is reported where its process is watched
  await client.connect()
  try {
    const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [ownerLock])
    if (rows[0]?.mine !== true) throw new StartupError('another service holds it')
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [databaseName])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${databaseName}`)
    return client
  } catch (error) {
    await client.end()
    throw error
  }
}

/** Postgres could not listen where it was told to. */
class PortInUse extends StartupError {}

/** So many ports in a row are not taken by chance. */
const portAttempts = 10

/**
 * Postgres cannot choose a port and report it. A port that is free when it is chosen may be taken before Postgres listens on it, so Postgres itself
 * decides: if it says that the port is in use, it is started on another one.
 */
async function startOnFreePort<Server>(
  { port, choosePort = suggestPort }: Pick<EmbeddedOptions, 'port' | 'choosePort'>,
  start: (port: number) => Promise<Server>,
): Promise<{ server: Server; port: number }> {
  if (port !== undefined) return { server: await start(port), port }
  for (let attempt = 1; ; attempt += 1) {
    const chosen = await choosePort()
    try {
      return { server: await start(chosen), port: chosen }
    } catch (error) {
      if (!(error instanceof PortInUse) || attempt === portAttempts) throw error
    }
  }
}

/** @returns a port that is free at this moment, and may not be at the next */
function suggestPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new RangeError('no port was given'))))
    })
  })
}

/**
 * Shared memory of parallel queries, chosen at every start: the cluster's own configuration names what there was where it was made. Without a /dev/shm to
 * write to, as in some containers, it is a file of the data folder.
 */
async function sharedMemory(account: Account | null): Promise<{ readonly dynamic_shared_memory_type?: string }> {
  if (process.platform !== 'linux') return {}
  const usable = await access('/dev/shm', constants.W_OK | constants.X_OK)
    .then(() =>
      account === null
        ? true
        : stat('/dev/shm').then(({ mode, uid }) => (mode & (uid === account.uid ? 0o300 : 0o003)) === (uid === account.uid ? 0o300 : 0o003)),
    )
    .catch(() => false)
  return { dynamic_shared_memory_type: usable ? 'posix' : 'mmap' }
}

/** Those of this process that run. */
const servers = new Set<ChildProcess>()

/** The last chance if the process ends in another way than through stop(). A signal that nobody else listens to still ends it, after Postgres is told. */
function endWithProcess(server: ChildProcess): void {
  servers.add(server)
  if (process.listeners('exit').includes(stopServers)) return
  process.on('exit', stopServers)
  for (const signal of endingSignals) process.on(signal, stopServersAndEnd)
}

const stopServers = () => {
  for (const server of servers) server.kill('SIGINT')
}

const stopServersAndEnd = (signal: NodeJS.Signals) => {
  if (process.listenerCount(signal) > 1) return
  stopServers()
  process.off(signal, stopServersAndEnd)
  process.kill(process.pid, signal)
}

interface ServerOptions {
  readonly folder: string
  readonly account: Account | null
  readonly binaries: Binaries
  readonly port: number
  readonly options: EmbeddedOptions
}

async function startServer({ folder, account, binaries, port, options }: ServerOptions): Promise<{ stop(): Promise<void> }> {
  const given = [
    '-D',
    folder,
    '-p',
    String(port),
    ...Object.entries({ ...settings, ...(await sharedMemory(account)), ...options.settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
  const command = await commandAs(account, binaries.postgres, given, [folder])
  // Its own process group: Ctrl-C goes to the whole group of the terminal, and Postgres must outlive the requests under way.
  const server = spawn(command.program, command.given, {
    ...command.options,
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  })
  endWithProcess(server)
  let log = ''
  let asked = false
  const ended = new Promise<void>((resolve) => {
    server.once('error', (error) => {
      log += error.message
      resolve()
    })
    server.once('exit', () => resolve())
  }).then(() => servers.delete(server))
  await new Promise<void>((resolve, reject) => {
    server.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      log = (log + chunk).slice(-8_000)
      if (chunk.includes('ready to accept connections')) resolve()
    })
    void ended.then(() => {
      // As the kernels of Linux, macOS and Windows word it; messages are not translated, see LC_ALL.
      if (/Address already in use|Only one usage of each socket address/.test(log))
        return reject(new PortInUse(`Postgres did not start in ${folder}: port ${port} is in use`))
      const inUse = log.includes('postmaster.pid')
      reject(
        new StartupError(
          inUse
            ? `another service is using the data folder ${folder}: stop it, or name another folder in DATA_FOLDER`
            : `Postgres did not start in ${folder}: ${lastLine(log) ?? 'it ended without a word'}`,
        ),
      )
    })
  })
  void ended.then(() => {
    if (!asked) options.onDeath?.(lastLine(log) ?? '')
  })
  return {
    stop: async () => {
      asked = true
      await askToStop(server, binaries, folder)
      // Open transactions are rolled back at once; only a stuck disk makes this slow, and the next start then recovers.
      const impatient = setTimeout(() => server.kill('SIGQUIT'), 10_000)
      await ended
      clearTimeout(impatient)
    },
  }
}

async function askToStop(server: ChildProcess, binaries: Binaries, folder: string): Promise<void> {
  if (process.platform !== 'win32')
    server.kill('SIGINT') // a fast shutdown
  else await promisify(execFile)(binaries.pg_ctl, ['stop', '-D', folder, '-m', 'fast']).catch(() => server.kill())
}

function lastLine(text: string | undefined): string | undefined {
  const lines = text?.trim().split('\n') ?? []
  return lines.findLast((line) => /FATAL|PANIC|error/i.test(line)) ?? (lines.at(-1) || undefined)
}
