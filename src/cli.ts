import { Command } from 'commander'
import { explained } from './serve.js'
import { release } from './version.js'

/** Every command by its name. Loading all of them takes seconds on a slow machine: the one that was asked for is loaded alone. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./cli.service.js')).serveCommand(),
  migrate: async () => (await import('./cli.service.js')).migrateCommand(),
  import: async () => (await import('./cli.service.js')).importCommand(),
  validate: async () => (await import('./cli.service.js')).validateCommand(),
  schema: async () => (await import('./cli.service.js')).schemaCommand(),
  synthesize: async () => (await import('./cli.synthesize.js')).synthesizeCommand(),
  drafts: async () => (await import('./cli.drafts.js')).draftsCommand(),
  mcp: async () => (await import('./cli.mcp.js')).mcpCommand(),
  'import-references': async () => (await import('./cli.references.js')).importReferencesCommand(),
  'import-trial': async () => (await import('./cli.sources.js')).importTrialCommand(),
  fetch: async () => (await import('./cli.sources.js')).fetchCommand(),
  watch: async () => (await import('./cli.watch.js')).watchCommand(),
  'check-retractions': async () => (await import('./cli.sources.js')).checkRetractionsCommand(),
  'import-tables': async () => (await import('./cli.tables.js')).importTablesCommand(),
  'import-results': async () => (await import('./cli.results.js')).importResultsCommand(),
  keys: async () => (await import('./cli.keys.js')).keysCommand(),
  audit: async () => (await import('./cli.keys.js')).auditCommand(),
  backup: async () => (await import('./cli.backup.js')).backupCommand(),
  restore: async () => (await import('./cli.backup.js')).restoreCommand(),
}

const program = new Command('magnesium-evidence')
  .description('Evidence of magnesium trials: the service and what belongs to it. Settings come from the environment; the README lists them.')
  .version(release)
  .showHelpAfterError()

await explained(async () => {
  const asked = process.argv[2] ?? ''
  const wanted = Object.entries(commands).filter(([name]) => name === asked || !Object.hasOwn(commands, asked))
  for (const [, load] of wanted) program.addCommand(await load())
  await program.parseAsync()
})
