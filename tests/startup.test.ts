import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { cloneDatabase } from './support/database.js'
import { runProgram, type Program } from './support/program.js'
import { until } from './support/until.js'

// These tests run the built program, as `npm start` does after building; the global set-up has built it.

let folder: string
const started: Program[] = []
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'magnesium-evidence-start-'))
})
afterEach(async () => {
  // What a failed test left running.
  for (const program of started.splice(0)) {
    if (program.process.exitCode === null) program.process.kill('SIGTERM')
    await program.ended
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const environment = (settings: Record<string, string>) => ({
  DATA_FOLDER: path.join(folder, 'data'),
  LOG_LEVEL: 'silent',
  // Nobody balances these.
  SHUTDOWN_DELAY_MS: '0',
  ...settings,
})

function run(settings: Record<string, string> = {}, command?: readonly [string, ...string[]]): Program {
  const running = runProgram(environment(settings), command)
  started.push(running)
  return running
}

async function ask(url: string, query: string): Promise<unknown> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  return response.json()
}

/** The process of the embedded Postgres, as it notes in its folder. */
const postgresProcess = async () => Number((await readFile(path.join(folder, 'data', 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0])

/** A process that has ended may be kept in the list until its parent looks, which is no business of ours. */
async function hasEnded(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch {
    return true
  }
  return /\) Z /.test(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''))
}

const mayMount = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0
if (!mayMount) console.warn('skipped: this user may not mount a file system, so that none is read-only')
const isolated = mayMount ? test : test.skip

describe('on an empty folder', () => {
  test('the service sets everything up, says where it is, answers, and leaves no process behind when stopped', async () => {
    const service = run()
    const url = await service.url()
    expect(await ask(url, '{ conditions(first: 1) { totalCount } }')).toMatchObject({ data: { conditions: { totalCount: expect.any(Number) } } })
    expect(await fetch(`${url}/health/ready`).then(({ status }) => status)).toBe(200)
    const postgres = await postgresProcess()
    service.process.kill('SIGTERM')
    const { code, output, errors } = await service.ended
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    expect(output).toMatch(/setting up a Postgres in .*\napplied \d+ migrations\nimported \d+ studies/)
    expect(output).toContain(`${url}/playground\n`)
    expect(url).toMatch(/^http:\/\/localhost:\d+$/)
    expect(output).toMatch(/stopped\n$/)
    await until(() => hasEnded(postgres))
  })

  test('a second start sets up and imports nothing; Ctrl-C stops it too', async () => {
    const service = run()
    await service.printed('/graphql')
    service.process.kill('SIGINT')
    const { code, output } = await service.ended
    expect(code).toBe(0)
    expect(output).toMatch(/^ready in /)
  })

  test.each(['SIGQUIT', 'SIGHUP', 'SIGABRT', 'SIGUSR2', 'SIGALRM'] as const)('%s stops the service and its Postgres as SIGTERM does', async (signal) => {
    const service = run()
    await service.printed('/graphql')
    const postgres = await postgresProcess()
    service.process.kill(signal)
    expect(await service.ended).toMatchObject({ code: 0, errors: '', output: expect.stringMatching(/stopped\n$/) })
    expect(await hasEnded(postgres)).toBe(true)
  })

  test.each(['SIGINT', 'SIGQUIT', 'SIGTERM'] as const)('a command that %s ends leaves no Postgres behind', async (signal) => {
    const fresh = path.join(folder, `command-${signal}`)
    const command = run({ DATA_FOLDER: fresh }, [process.execPath, 'dist/cli.js', 'import'])
    // Its last line before the import, which takes a second.
    await command.printed('migration')
    const [postgres] = (await readFile(path.join(fresh, 'postgres', 'postmaster.pid'), 'utf8')).split('\n').map(Number)
    command.process.kill(signal)
    await command.ended
    expect(command.process.signalCode).toBe(signal)
    await until(() => hasEnded(postgres ?? 0))
  })

  test('SIGTERM first refuses readiness, while everything else is answered; a second one ends the process at once', async () => {
    const service = run({ SHUTDOWN_DELAY_MS: '600000' })
    const url = await service.url()
    const postgres = await postgresProcess()
    service.process.kill('SIGTERM')
    await until(async () => (await fetch(`${url}/health/ready`)).status === 503)
    expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({ status: 'not ready', reasons: ['the service is stopping'] })
    const { status, headers } = await fetch(`${url}/graphql?query={dataset{release}}`)
    expect([status, headers.get('connection')]).toEqual([200, 'close'])
    expect((await fetch(`${url}/health/live`)).status).toBe(200)
    // Two signals of one Ctrl-C are one.
    await until(() => {
      service.process.kill('SIGTERM')
      return Promise.resolve(service.process.exitCode !== null)
    })
    expect((await service.ended).code).toBe(1)
    await until(() => hasEnded(postgres))
  })

  test('after the delay the port closes and the service ends', async () => {
    const service = run({ SHUTDOWN_DELAY_MS: '300' })
    await service.printed('/graphql')
    service.process.kill('SIGTERM')
    expect(await service.ended).toMatchObject({ code: 0, errors: '', output: expect.stringMatching(/stopped\n$/) })
  })

  test('Ctrl-C does not wait for balancers', async () => {
    const service = run({ SHUTDOWN_DELAY_MS: '600000' })
    await service.printed('/graphql')
    service.process.kill('SIGINT')
    expect((await service.ended).code).toBe(0)
  })

  isolated('a data folder that was made with /dev/shm starts without it, and with it again', async () => {
    const without = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs -o ro tmpfs /dev/shm && exec "$0" dist/main.js', process.execPath] as const
    for (const command of [without, undefined, without]) {
      const service = run({}, command && [...command])
      const url = await service.url()
      expect(await ask(url, '{ dataset { release } }')).toMatchObject({ data: { dataset: { release: expect.any(String) } } })
      service.process.kill('SIGTERM')
      expect(await service.ended).toMatchObject({ code: 0, errors: '' })
    }
  })

  test('stopped through npm, npm waits and reports success', async () => {
    const service = run({}, ['npm', 'start', '--silent'])
    await service.printed('/graphql')
    const postgres = await postgresProcess()
    service.process.kill('SIGTERM')
    expect((await service.ended).code).toBe(0)
    await until(() => hasEnded(postgres))
  })

  test('a signal during the start ends it cleanly', async () => {
    const fresh = path.join(folder, 'interrupted')
    const service = run({ DATA_FOLDER: fresh })
    await service.printed('setting up')
    service.process.kill('SIGTERM')
    expect(await service.ended).toMatchObject({ code: 0, errors: '' })
    const again = run({ DATA_FOLDER: fresh })
    await again.printed('/graphql')
    again.process.kill('SIGTERM')
    expect((await again.ended).code).toBe(0)
  })

  test('a command works beside the service that runs the Postgres, which goes on', async () => {
    const service = run()
    const url = await service.url()
    const { code, output, errors } = await run({}, [process.execPath, 'dist/cli.js', 'drafts', 'list']).ended
    expect({ code, output, errors }).toEqual({ code: 0, output: 'no drafts\n', errors: '' })
    expect(await ask(url, '{ dataset { release } }')).toMatchObject({ data: { dataset: { release: expect.any(String) } } })
    service.process.kill('SIGTERM')
    expect((await service.ended).code).toBe(0)
  })

  test('the data folder serves one service at a time, and one whose service was killed is taken over', async () => {
    const first = run()
    await first.printed('/graphql')
    const second = await run().ended
    expect(second).toMatchObject({ code: 1, errors: expect.stringMatching(/^another service is using the data folder .*DATA_FOLDER\n$/) })
    const orphan = await postgresProcess()
    first.process.kill('SIGKILL')
    await first.ended
    process.kill(orphan, 0) // throws if it is gone
    const heir = run()
    await heir.printed('/graphql')
    await until(() => hasEnded(orphan))
    heir.process.kill('SIGTERM')
    expect((await heir.ended).code).toBe(0)
  })
})

describe('what stands in the way is said in one sentence, with a failing exit', () => {
  test('a port in use, before anything is set up', async () => {
    const occupant = createServer().listen(0, '127.0.0.1')
    await once(occupant, 'listening')
    const taken = (occupant.address() as AddressInfo).port // listening on TCP
    const { code, output, errors } = await run({ PORT: String(taken), DATA_FOLDER: path.join(folder, 'unused') }).ended
    occupant.close()
    expect({ code, output, errors }).toEqual({ code: 1, output: '', errors: `port ${taken} is in use: stop what listens there, or choose another with PORT\n` })
  })

  test('a data folder that cannot be made', async () => {
    // A file in its way stops root too, whom permissions do not.
    const file = path.join(folder, 'file')
    await writeFile(file, '')
    const { code, errors } = await run({ DATA_FOLDER: path.join(file, 'data') }).ended
    expect({ code, errors }).toEqual({
      code: 1,
      errors: `cannot write to the data folder ${path.join(file, 'data')} (ENOTDIR: a part of its path is a file): make it writable, or name another in DATA_FOLDER\n`,
    })
  })

  // Node's own way of making folders one in another never returns there.
  test.each(['/proc/x', '/proc/x/y/z', '/sys/x'])('the data folder %s, whose file system takes no folders', async (place) => {
    const { code, errors } = await run({ DATA_FOLDER: place }).ended
    expect({ code, errors }).toEqual({
      code: 1,
      errors: expect.stringMatching(
        /^cannot write to the data folder \/(?:proc|sys)\/\S+ \((?:ENOENT: its file system takes no new folders|EROFS: its file system is mounted read-only|E(?:PERM|ACCES): this user may not)\): make it writable, or name another in DATA_FOLDER\n$/,
      ),
    })
  })

  isolated.each(['data', 'data/below/it'])('the data folder %s on a read-only file system', async (place) => {
    const disk = path.join(folder, 'read-only')
    await mkdir(disk, { recursive: true })
    const { code, errors } = await run({ DATA_FOLDER: path.join(disk, place) }, [
      'unshare',
      '--mount',
      'sh',
      '-c',
      'mount -t tmpfs -o ro tmpfs "$1" && exec "$0" dist/main.js',
      process.execPath,
      disk,
    ]).ended
    expect({ code, errors }).toEqual({
      code: 1,
      errors: `cannot write to the data folder ${path.join(disk, place)} (EROFS: its file system is mounted read-only): make it writable, or name another in DATA_FOLDER\n`,
    })
  })

  test('a dangling link and a loop of links as data folders', async () => {
    const [dangling, loop] = [path.join(folder, 'dangling'), path.join(folder, 'loop')]
    await symlink(path.join(folder, 'nowhere'), dangling)
    await symlink(loop, loop)
    expect((await run({ DATA_FOLDER: dangling }).ended).errors).toMatch(/\(EEXIST: something else than a folder has a name of its path\)/)
    expect((await run({ DATA_FOLDER: loop }).ended).errors).toMatch(/\(ELOOP: its path is a loop of links\)/)
  })

  test('a data folder that holds something else', async () => {
    await mkdir(path.join(folder, 'other', 'postgres'), { recursive: true })
    await writeFile(path.join(folder, 'other', 'postgres', 'letter.txt'), '')
    const { code, errors } = await run({ DATA_FOLDER: path.join(folder, 'other') }).ended
    expect({ code, errors }).toEqual({
      code: 1,
      errors: expect.stringMatching(/^the data folder .* holds something that is not a Postgres cluster \(letter\.txt\)/),
    })
  })

  test('a database that cannot be reached', async () => {
    const { code, errors } = await run({ DATABASE_URL: 'postgresql://reader:secret@127.0.0.1:1/evidence' }).ended
    expect({ code, errors }).toEqual({
      code: 1,
      errors: 'cannot reach the database at postgresql://reader@127.0.0.1:1/evidence: connect ECONNREFUSED 127.0.0.1:1\n',
    })
  })

  test.each(['p/w', 'p#w', 'p?w', '12/w@x'])('an address with the unescaped password %s, by the name of its variable alone', async (secret) => {
    const { code, output, errors } = await run({ DATABASE_URL: `postgresql://evidence:${secret}@127.0.0.1:1/evidence` }).ended
    expect({ code, output, errors }).toEqual({
      code: 1,
      output: '',
      errors: 'DATABASE_URL must look like postgresql://user:password@host:port/database, with / # ? % and @ of a password as %2F %23 %3F %25 and %40\n',
    })
  })

  test('settings that mean nothing, all at once', async () => {
    const { code, errors } = await run({ PORT: 'web', INTROSPECTION: 'maybe' }).ended
    expect({ code, errors }).toEqual({
      code: 1,
      errors: 'PORT must be a whole number from 0 to 65535, got "web"\nINTROSPECTION must be one of true, false, got "maybe"\n',
    })
  })
})

test('with DATABASE_URL the service uses that Postgres and starts none', async () => {
  const { url, drop } = await cloneDatabase()
  const service = run({ DATABASE_URL: url, DATA_FOLDER: path.join(folder, 'none') })
  await service.printed('/graphql')
  service.process.kill('SIGTERM')
  expect(await service.ended).toMatchObject({ code: 0, output: expect.not.stringContaining('setting up') })
  await drop()
})

test('a password in PGPASSWORD needs no escaping, and no output holds it', async () => {
  const { url, database, drop } = await cloneDatabase()
  const role = `reader_${process.pid}`
  const secret = 'p@ss/w#r?d%2F :&"$x'
  await database.pool.query(`CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD '${secret}'`)
  const address = new URL(url)
  ;[address.username, address.password] = [role, '']
  const service = run({ DATABASE_URL: address.href, PGPASSWORD: secret, LOG_LEVEL: 'trace', DATA_FOLDER: path.join(folder, 'none') })
  const served = await service.url()
  expect(await ask(served, '{ dataset { release } }')).toMatchObject({ data: { dataset: { release: expect.any(String) } } })
  service.process.kill('SIGTERM')
  const { code, output, errors } = await service.ended
  expect([code, `${output}${errors}`.includes('r?d')]).toEqual([0, false])
  const { errors: refused } = await run({ DATABASE_URL: address.href, PGPASSWORD: `${secret}!` }).ended
  expect(refused).toBe(`cannot reach the database at ${address.href}: password authentication failed for user "${role}"\n`)
  await database.pool.query(`DROP ROLE ${role}`)
  await drop()
})
