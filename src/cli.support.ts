import { hostname, userInfo } from 'node:os'
import type { Actor } from './audit/audit.js'
import { readConfig, type Config } from './config.js'
import { openDatabase, type Database } from './database/client.js'
import { bringUpToDate, provideDatabase, unwinding } from './provision.js'
import { StartupError } from './startupError.js'

/** A line on standard output, which belongs to what a command was asked for. */
export const say = (line: string) => void process.stdout.write(`${line}\n`)

/** A line on standard error: what happens by the way. */
export const tell = (line: string) => void process.stderr.write(`${line}\n`)

/** Who gives commands: the user of the machine, for the audit log. */
export const commandLine = (): Actor => ({ kind: 'COMMAND_LINE', name: `${userName()}@${hostname()}` })

/** A container's user need have no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'somebody')
  }
}

/** Lines that the help of a command ends with. */
export const examples = (...lines: string[]) => `\nExamples:\n${lines.map((line) => `  $ npm run --silent cli -- ${line}`).join('\n')}\n`

/** Runs `work` with the database, started where it is the embedded one and brought up to date; lets go of it at the end. */
export async function withDatabase(work: (database: Database, config: Config) => Promise<void>): Promise<void> {
  const config = readConfig(process.env)
  const { stop } = await unwinding(async (onUnwind) => {
    const { url } = await provideDatabase(config, { say: tell, join: true }, onUnwind)
    await bringUpToDate(url, tell, { actor: commandLine() })
    const database = openDatabase({ url, poolSize: 4 })
    onUnwind(() => database.close())
    await work(database, config)
    return {}
  })
  await stop()
}

/** Errors that are meant for whoever gave the command, as the sentence they are; all others as the defects they are. */
export async function saying<Result>(meant: readonly (new (...given: never[]) => Error)[], work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (meant.some((kind) => error instanceof kind)) throw new StartupError((error as Error).message, { cause: error })
    throw error
  }
}
