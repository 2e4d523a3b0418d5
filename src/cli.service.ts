import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Command } from 'commander'
import { commandLine, examples, say, tell } from './cli.support.js'
import { readConfig } from './config.js'
import { makeFolders, whyUnwritable } from './database/folder.js'
import { bringUpToDate, corpusFolder, provideDatabase, unwinding } from './provision.js'
import { StartupError } from './startupError.js'

// What a command needs beyond this is loaded when it runs.

export const serveCommand = () =>
  new Command('serve')
    .description('start the service, as npm start does')
    .addHelpText('after', examples('serve'))
    .action(async () => {
      const { serve } = await import('./serve.js')
      await serve(readConfig(process.env))
    })

export const migrateCommand = () =>
  new Command('migrate')
    .description('bring the database (DATABASE_URL, or the embedded one) to the newest migration')
    .addHelpText('after', examples('migrate'))
    .action(() =>
      withUrl(async (url) => {
        const { migrate } = await import('./database/migrate.js')
        const applied = await migrate(url)
        say(applied.length === 0 ? 'nothing to migrate' : `applied ${applied.join(', ')}`)
      }),
    )

export const importCommand = () =>
  new Command('import')
    .description('migrate the database, and bring in the evidence of this release unless it is there already')
    .addHelpText('after', examples('import'))
    .action(() =>
      withUrl(async (url) => {
        await bringUpToDate(url, say, { actor: commandLine() })
        say('the database holds the evidence of this release')
      }),
    )

export const validateCommand = () =>
  new Command('validate')
    .description('check the files of the evidence; every fault is named by file, line, field and rule')
    .argument('[folder]', 'where the files are', corpusFolder)
    .option('--warnings', 'list every warning, not only how many there are of each kind')
    .addHelpText('after', examples('validate', 'validate prisma/corpus', 'validate --warnings'))
    .action(async (folder: string, { warnings: everyWarning = false }: { warnings?: boolean }) => {
      const [{ formatFault, readCorpus }, { examine }, { reportLines }] = await Promise.all([
        import('./corpus/files.js'),
        import('./corpus/rules.js'),
        import('./corpus/report.js'),
      ])
      const { corpus, faults } = await readCorpus(folder)
      // References into a file that could not be read would only repeat its fault.
      const found = faults.length > 0 ? { faults, warnings: [] } : examine(corpus)
      for (const fault of found.faults) console.error(formatFault(fault))
      if (found.faults.length === 0) for (const line of reportLines(corpus, found.warnings, everyWarning)) say(line)
      else process.exitCode = 1
    })

export const schemaCommand = () =>
  new Command('schema')
    .description('write the schema of the API as clients see it')
    .argument('[file]', 'where to', 'schema/schema.graphql')
    .addHelpText('after', examples('schema', 'schema /tmp/schema.graphql'))
    .action(async (file: string) => {
      const { printServiceSchema } = await import('./schema.js')
      try {
        await makeFolders(path.dirname(file))
        await writeFile(file, printServiceSchema())
      } catch (cause) {
        throw new StartupError(`cannot write ${file} (${whyUnwritable(cause)})`, { cause })
      }
      say(`wrote ${file}`)
    })

async function withUrl(work: (url: string) => Promise<void>): Promise<void> {
  const { stop } = await unwinding(async (onUnwind) => {
    const database = await provideDatabase(readConfig(process.env), { say: tell, join: true }, onUnwind)
    await work(database.url)
    return database
  })
  await stop()
}
