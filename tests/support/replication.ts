import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { chmod, chown, cp, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { reservePort } from './ports.js'
import { until } from './until.js'

// A primary and a streaming replica by the scripts that the compose file gives the Postgres image, run by this machine's Postgres: the embedded one brings no
// pg_basebackup.

const debian = '/usr/lib/postgresql'
const programs = (existsSync(debian) ? readdirSync(debian) : [])
  .map((version) => path.join(debian, version, 'bin'))
  .find((folder) => ['initdb', 'postgres', 'pg_basebackup', 'psql'].every((program) => existsSync(path.join(folder, program))))
const account = Number(spawnSync('id', ['-u', 'postgres']).stdout.toString())
const isRoot = process.getuid?.() === 0

export const replicationIsThere = programs !== undefined && (!isRoot || account > 0)
if (!replicationIsThere) console.warn('no PostgreSQL server is installed: what needs a streaming replica is skipped (apt-get install postgresql)')

export type Server = 'primary' | 'replica'

export interface Replication {
  readonly urls: Readonly<Record<Server, string>>
  query(server: Server, statement: string): Promise<Record<string, unknown>[]>
  /** Resolves when it answers. The replica copies the primary when it is started for the first time. */
  start(server: Server): Promise<void>
  /** SIGINT ends connections and stops; SIGKILL leaves everything as it stands. */
  stop(server: Server, signal?: 'SIGINT' | 'SIGKILL'): Promise<void>
  /** Stops both and removes everything. */
  close(): Promise<void>
}

/** Both running, the replica following. @param given settings of both servers */
export async function startReplication(given: Readonly<Record<string, string>> = {}): Promise<Replication> {
  const folder = await mkdtemp('/tmp/magnesium-evidence-replica-')
  await cp('deploy/postgres', path.join(folder, 'scripts'), { recursive: true })
  if (isRoot) await chown(folder, account, account)
  await chmod(folder, 0o755)
  // A server that is killed comes back on its port.
  const reserved = [await reservePort(), await reservePort()] as const
  const ports = { primary: reserved[0].port, replica: reserved[1].port }
  const folders = { primary: path.join(folder, 'primary'), replica: path.join(folder, 'replica') }
  const running = new Map<Server, ChildProcess>()
  const environment = {
    PATH: `${programs}:${process.env['PATH']}`,
    POSTGRES_USER: 'evidence',
    POSTGRES_DB: 'postgres',
    REPLICATION_PASSWORD: "it's a secret",
    PRIMARY_HOST: '127.0.0.1',
    PGHOST: folder,
    PGPORT: String(ports.primary),
  }
  const as = (given: Record<string, string>) => ({ env: { ...environment, ...given }, cwd: folder, ...(isRoot && { uid: account, gid: account }) })
  const run = (program: string, given: readonly string[], settings: Record<string, string> = {}) => {
    const { status, stderr } = spawnSync(program, given, as(settings))
    if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`)
  }
  const settings = [
    '-k',
    folder,
    ...Object.entries({ listen_addresses: '127.0.0.1', fsync: 'off', ...given }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
  const launches: Record<Server, readonly [string, readonly string[]]> = {
    primary: ['postgres', ['-D', folders.primary, ...settings]],
    replica: [path.join(folder, 'scripts', 'replica.sh'), ['-p', String(ports.replica), ...settings]],
  }
  const query: Replication['query'] = (server, statement) => ask(ports[server], statement)
  const start: Replication['start'] = async (server) => {
    const [program, given] = launches[server]
    // A server that was killed cannot start while processes of it are still ending: as a supervisor would, it is tried again.
    await until(async () => {
      const child = running.get(server)
      if (child === undefined || child.exitCode !== null) running.set(server, spawn(program, given, { ...as({ PGDATA: folders[server] }), stdio: 'ignore' }))
      return answers(ports[server])
    })
  }
  const stop: Replication['stop'] = async (server, signal = 'SIGINT') => {
    const child = running.get(server)
    running.delete(server)
    if (child === undefined || child.exitCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }
  const close = async () => {
    await stop('replica')
    await stop('primary')
    await rm(folder, { recursive: true, force: true })
    for (const { release } of reserved) await release()
  }
  const urlOf = (server: Server) => `postgresql://evidence@127.0.0.1:${ports[server]}/postgres`
  try {
    run('initdb', ['-D', folders.primary, '-U', 'evidence', '--auth-local=trust', '--auth-host=trust', '-N'])
    await start('primary')
    run(path.join(folder, 'scripts', 'primary.sh'), [], { PGDATA: folders.primary })
    // As the image does when its scripts have run.
    await stop('primary')
    await start('primary')
    await start('replica')
    return { urls: { primary: urlOf('primary'), replica: urlOf('replica') }, query, start, stop, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function ask(port: number, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'evidence', database: 'postgres' })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement)
    return rows
  } finally {
    await client.end()
  }
}

const answers = (port: number) =>
  ask(port, 'SELECT').then(
    () => true,
    () => false,
  )
