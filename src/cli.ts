import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Command } from 'commander'
import { backupCommand, restoreCommand } from './cli.backup.js'
import { draftsCommand } from './cli.drafts.js'
import { importReferencesCommand } from './cli.references.js'
import { checkRetractionsCommand, fetchCommand, importTrialCommand } from './cli.sources.js'
import { auditCommand, keysCommand } from './cli.keys.js'
import { importResultsCommand } from './cli.results.js'
import { commandLine, examples, say, tell } from './cli.support.js'
import { synthesizeCommand } from './cli.synthesize.js'
import { readConfig } from './config.js'
import { formatFault, readCorpus } from './corpus/files.js'
import { reportLines } from './corpus/report.js'
import { examine } from './corpus/rules.js'
import { makeFolders, whyUnwritable } from './database/folder.js'
import { migrate } from './database/migrate.js'
import { printServiceSchema } from './schema.js'
import { explained, serve } from './serve.js'
import { bringUpToDate, corpusFolder, provideDatabase, unwinding } from './service.js'
import { StartupError } from './startupError.js'
import { release } from './version.js'

const program = new Command('magnesium-evidence')
  .description('Evidence of magnesium trials: the service and what belongs to it. Settings come from the environment; the README lists them.')
  .version(release)
  .showHelpAfterError()

program
  .command('serve')
  .description('start the service, as npm start does')
  .addHelpText('after', examples('serve'))
  .action(() => serve(readConfig(process.env)))

program
  .command('migrate')
  .description('bring the database (DATABASE_URL, or the embedded one) to the newest migration')
  .addHelpText('after', examples('migrate'))
  .action(() =>
    withDatabase(async (url) => {
      const applied = await migrate(url)
      say(applied.length === 0 ? 'nothing to migrate' : `applied ${applied.join(', ')}`)
    }),
  )

program
  .command('import')
  .description('migrate the database, and bring in the evidence of this release unless it is there already')
  .addHelpText('after', examples('import'))
  .action(() =>
    withDatabase(async (url) => {
      await bringUpToDate(url, say, commandLine())
      say('the database holds the evidence of this release')
    }),
  )

program
  .command('validate')
  .description('check the files of the evidence; every fault is named by file, line, field and rule')
  .argument('[folder]', 'where the files are', corpusFolder)
  .option('--warnings', 'list every warning, not only how many there are of each kind')
  .addHelpText('after', examples('validate', 'validate prisma/corpus', 'validate --warnings'))
  .action(async (folder: string, { warnings: everyWarning = false }: { warnings?: boolean }) => {
    const { corpus, faults } = await readCorpus(folder)
    // References into a file that could not be read would only repeat its fault.
    const found = faults.length > 0 ? { faults, warnings: [] } : examine(corpus)
    for (const fault of found.faults) console.error(formatFault(fault))
    if (found.faults.length === 0) for (const line of reportLines(corpus, found.warnings, everyWarning)) say(line)
    else process.exitCode = 1
  })

program
  .command('schema')
  .description('write the schema of the API as clients see it')
  .argument('[file]', 'where to', 'schema/schema.graphql')
  .addHelpText('after', examples('schema', 'schema /tmp/schema.graphql'))
  .action(async (file: string) => {
    try {
      await makeFolders(path.dirname(file))
      await writeFile(file, printServiceSchema())
    } catch (cause) {
      throw new StartupError(`cannot write ${file} (${whyUnwritable(cause)})`, { cause })
    }
    say(`wrote ${file}`)
  })

program.addCommand(synthesizeCommand())
program.addCommand(draftsCommand())
program.addCommand(importReferencesCommand())
program.addCommand(importTrialCommand())
program.addCommand(fetchCommand())
program.addCommand(checkRetractionsCommand())
program.addCommand(importResultsCommand())
program.addCommand(keysCommand())
program.addCommand(auditCommand())
program.addCommand(backupCommand())
program.addCommand(restoreCommand())

async function withDatabase(work: (url: string) => Promise<void>): Promise<void> {
  const { stop } = await unwinding(async (onUnwind) => {
    const database = await provideDatabase(readConfig(process.env), { say: tell, join: true }, onUnwind)
    await work(database.url)
    return database
  })
  await stop()
}

await explained(() => program.parseAsync().then(() => undefined))
