import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { chmod, chown, cp, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from '../../src/database/embedded.js'

// The scripts that the compose file gives the Postgres image, run by this machine's Postgres: the embedded one brings no pg_basebackup.

const debian = '/usr/lib/postgresql'
const programs = (existsSync(debian) ? readdirSync(debian) : [])
  .map((version) => path.join(debian, version, 'bin'))
  .find((folder) => ['initdb', 'postgres', 'pg_basebackup', 'psql'].every((program) => existsSync(path.join(folder, program))))
const account = Number(spawnSync('id', ['-u', 'postgres']).stdout.toString())
const canRun = programs !== undefined && (process.getuid?.() !== 0 || account > 0)
const here = canRun ? test : test.skip
if (!canRun) console.warn('no PostgreSQL server is installed: the scripts of its replica are not run (apt-get install postgresql)')

let folder: string
const running: ChildProcess[] = []
afterEach(async () => {
  for (const child of running.splice(0).reverse()) {
    if (child.exitCode !== null) continue
    child.kill('SIGINT')
    await once(child, 'exit')
  }
  await rm(folder, { recursive: true, force: true })
})

here(
  'a replica copies the primary, follows it, takes no writes, and goes on where it was when started again',
  async () => {
    folder = await mkdtemp('/tmp/magnesium-evidence-replica-')
    await cp('deploy/postgres', path.join(folder, 'scripts'), { recursive: true })
    const isRoot = process.getuid?.() === 0
    if (isRoot) await chown(folder, account, account)
    await chmod(folder, 0o755)
    const [primaryPort, replicaPort] = [await freePort(), await freePort()]
    const environment = {
      PATH: `${programs}:${process.env['PATH']}`,
      POSTGRES_USER: 'evidence',
      POSTGRES_DB: 'postgres',
      REPLICATION_PASSWORD: "it's a secret",
      PRIMARY_HOST: '127.0.0.1',
      PGHOST: folder,
      PGPORT: String(primaryPort),
    }
    const as = (given: Record<string, string>) => ({ env: { ...environment, ...given }, cwd: folder, ...(isRoot && { uid: account, gid: account }) })
    const run = (program: string, given: readonly string[], settings: Record<string, string> = {}) => {
      const { status, stderr } = spawnSync(program, given, as(settings))
      expect([status, status === 0 ? '' : stderr.toString()]).toEqual([0, ''])
    }
    const start = (program: string, given: readonly string[], settings: Record<string, string> = {}) => {
      const child = spawn(program, given, { ...as(settings), stdio: 'ignore' })
      running.push(child)
      return child
    }
    const [primary, replica] = [path.join(folder, 'primary'), path.join(folder, 'replica')]
    run('initdb', ['-D', primary, '-U', 'evidence', '--auth-local=trust', '--auth-host=trust', '-N'])
    const server = ['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off', '-k', folder]
    const first = start('postgres', ['-D', primary, ...server])
    await answers(primaryPort)
    run(path.join(folder, 'scripts', 'primary.sh'), [], { PGDATA: primary })
    // As the image does when its scripts have run.
    first.kill('SIGINT')
    await once(first, 'exit')
    start('postgres', ['-D', primary, ...server])
    await answers(primaryPort)
    await query(primaryPort, 'CREATE TABLE before (id int)')

    const follow = () =>
      start(path.join(folder, 'scripts', 'replica.sh'), ['-p', String(replicaPort), ...server], { PGDATA: replica, PGPORT: String(primaryPort) })
    const follower = follow()
    await answers(replicaPort)
    expect(await query(replicaPort, 'SELECT count(*)::int AS found FROM before')).toEqual([{ found: 0 }])
    await query(primaryPort, 'INSERT INTO before SELECT generate_series(1, 7)')
    await until(async () => (await query(replicaPort, 'SELECT count(*)::int AS found FROM before'))[0]?.['found'] === 7)
    await expect(query(replicaPort, 'INSERT INTO before VALUES (8)')).rejects.toMatchObject({ code: '25006' })

    follower.kill('SIGINT')
    await once(follower, 'exit')
    await query(primaryPort, 'INSERT INTO before VALUES (8)')
    follow()
    await answers(replicaPort)
    await until(async () => (await query(replicaPort, 'SELECT count(*)::int AS found FROM before'))[0]?.['found'] === 8)
  },
  60_000,
)

async function query(port: number, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'evidence', database: 'postgres' })
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement)
    return rows
  } finally {
    await client.end()
  }
}

const answers = (port: number) =>
  until(() =>
    query(port, 'SELECT').then(
      () => true,
      () => false,
    ),
  )

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await pause(50)) if (await isSo()) return
  throw new Error('what was waited for did not come about')
}
