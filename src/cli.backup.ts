import { Command } from 'commander'
import { BackupError, type OnProgress } from './backup/format.js'
import { restoreBackup } from './backup/restore.js'
import { writeBackup } from './backup/write.js'
import { examples, say, saying, tell } from './cli.support.js'
import { readConfig } from './config.js'
import { openDatabase, type Database } from './database/client.js'
import { migrate } from './database/migrate.js'
import { progressOn } from './intake/bulk.progress.js'
import { provideDatabase, unwinding } from './provision.js'
import { release } from './version.js'

/** The command `backup`: everything the database holds, in one file. */
export function backupCommand(): Command {
  return new Command('backup')
    .description('write everything the database holds into one file: evidence, drafts, what was kept (docs/operations.md)')
    .argument('<file>', 'where to; it must not be there yet')
    .addHelpText('after', examples('backup /backups/2026-11-23.zip'))
    .action((file: string) =>
      withDatabaseAsItIs(async ({ database }) => {
        const { tables } = await showing((onProgress) => writeBackup(database, file, { release, onProgress }))
        say(`wrote ${tables.length} tables with ${rowsOf(tables)} rows to ${file}`)
      }),
    )
}

/** The command `restore`: a database filled from such a file. */
export function restoreCommand(): Command {
  return new Command('restore')
    .description('fill the database from a backup: all of it, or nothing where the file or the database does not fit (docs/operations.md)')
    .argument('<file>', 'that backup wrote')
    .option('--replace', 'remove what the database holds; without it a database that holds anything is refused')
    .addHelpText('after', examples('restore /backups/2026-11-23.zip', 'restore /backups/2026-11-23.zip --replace'))
    .action((file: string, { replace }: { replace?: true }) =>
      withDatabaseAsItIs(async ({ database, url }) => {
        await migrate(url)
        const { tables, takenAt } = await showing((onProgress) => restoreBackup(database, file, { replace: replace === true, onProgress }))
        say(`restored ${tables.length} tables with ${rowsOf(tables)} rows, as they were at ${takenAt}; start running services again`)
      }),
    )
}

const rowsOf = (tables: readonly { readonly rows: number }[]) => tables.reduce((sum, { rows }) => sum + rows, 0)

function showing<Result>(work: (onProgress: OnProgress) => Promise<Result>): Promise<Result> {
  return saying([BackupError], async () => {
    const progress = progressOn(process.stderr)
    try {
      return await work(progress.show)
    } finally {
      progress.clear()
    }
  })
}

/** The database without the evidence of this release brought into it: a backup is of what is there, and a restore needs an empty one. */
async function withDatabaseAsItIs(work: (given: { readonly database: Database; readonly url: string }) => Promise<void>): Promise<void> {
  const { stop } = await unwinding(async (onUnwind) => {
    const { url } = await provideDatabase(readConfig(process.env), { say: tell, join: true }, onUnwind)
    const database = openDatabase({ url, poolSize: 2 })
    onUnwind(() => database.close())
    await work({ database, url })
    return {}
  })
  await stop()
}
