import { Command, InvalidArgumentError } from 'commander'
import { commandLine, examples, saying, say, tell, withDatabase } from './cli.support.js'
import { SourceError } from './intake/fetch.js'
import { mostSearched } from './intake/fetch.pubmed.js'
import { openSources } from './intake/fetch.sources.js'
import { addSearch, removeSearch, runLines, runSearches, searchLine, usualLimit, WatchError, type SearchRun } from './intake/watch.js'
import { findSearches } from './intake/watch.queries.js'

/** The command `watch`: searches of PubMed whose new records become drafts. */
export function watchCommand(): Command {
  return new Command('watch')
    .description('searches of PubMed whose new records become drafts, for a daily job (docs/watching.md)')
    .showHelpAfterError('(--help tells the options)')
    .addCommand(addCommand())
    .addCommand(listCommand())
    .addCommand(removeCommand())
    .addCommand(runCommand())
}

const meant = [WatchError, SourceError] as const

function addCommand(): Command {
  return new Command('add')
    .description('save a search, after PubMed was asked how many records it finds')
    .argument('<query>', 'as in the search field of PubMed')
    .option('--since <day>', 'only records that entered PubMed on this day or later, such as 2026-01-31', dayOf)
    .option('--by <name>', 'who adds it, for the record')
    .option('--json', 'print what was saved as JSON')
    .addHelpText('after', examples('watch add "magnesium[tiab] AND randomized controlled trial[pt]" --since 2026-01-01'))
    .action((query: string, { json, ...options }: { since?: string; by?: string; json?: true }) =>
      withDatabase((database, config) =>
        saying(meant, async () => {
          const since = options.since ?? null
          const { id, count, ignored } = await addSearch(database, openSources(config), { query, since, by: options.by ?? null })
          if (json === true) return say(JSON.stringify({ id, query: query.trim(), since, count, ignored }, null, 2))
          ignored.forEach((part) => say(`PubMed does not know and leaves out: ${part}`))
          say(`added search ${id}, which finds ${count} ${count === 1 ? 'record' : 'records'} now`)
          say(`next: watch run ${id}`)
        }),
      ),
    )
}

function listCommand(): Command {
  return new Command('list')
    .description('the saved searches')
    .option('--json', 'print them as JSON')
    .addHelpText('after', examples('watch list', 'watch list --json'))
    .action(({ json }: { json?: true }) =>
      withDatabase(async (database) => {
        const searches = await findSearches(database)
        if (json === true) say(JSON.stringify(searches, null, 2))
        else if (searches.length === 0) say('no searches')
        else searches.map(searchLine).forEach(say)
      }),
    )
}

function removeCommand(): Command {
  return new Command('remove')
    .description('forget a search and what it has brought; its drafts stay')
    .argument('<id>', 'of the search', idOf)
    .addHelpText('after', examples('watch remove 3'))
    .action((id: number) => withDatabase((database) => saying(meant, async () => say(`removed search ${id}: ${await removeSearch(database, id)}`))))
}

interface Running {
  readonly limit: number
  readonly dryRun?: true
  readonly by?: string
  readonly json?: true
}

function runCommand(): Command {
  return new Command('run')
    .description('propose what is new of all searches, or of some, as drafts; 1 is the exit code if anything could not be read')
    .argument('[ids...]', 'of the searches', (text: string, before: number[] = []) => [...before, idOf(text)])
    .option('--limit <number>', 'new records of each search at most; the rest is left to the next run', limitOf, usualLimit)
    .option('--dry-run', 'tell what would be kept, and keep nothing')
    .option('--by <name>', 'who imports, for the record')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', examples('watch run', 'watch run 3 --limit 50 --dry-run', 'watch run --json'))
    .action((ids: number[], { limit, dryRun, by, json }: Running) =>
      withDatabase((database, config) =>
        saying(meant, async () => {
          const saved = await findSearches(database)
          const unknown = ids.find((id) => !saved.some((search) => search.id === id))
          if (unknown !== undefined) throw new WatchError(`there is no search ${unknown}`)
          const isDry = dryRun === true
          const runs: SearchRun[] = []
          const wanted = ids.length === 0 ? saved : saved.filter(({ id }) => ids.includes(id))
          const onProgress = ({ id }: { id: number }, done: number, of: number) => {
            if (process.stderr.isTTY || done % 25 === 0) tell(`search ${id}: asked about ${done} of ${of}`)
          }
          for await (const run of runSearches(database, openSources(config), wanted, {
            limit,
            dryRun: isDry,
            by: by ?? null,
            actor: commandLine(),
            onProgress,
          })) {
            runs.push(run)
            if (json !== true) runLines(run, isDry).forEach(say)
          }
          if (json === true) say(JSON.stringify({ dryRun: isDry, searches: runs }, null, 2))
          else if (runs.length === 0) say('no searches: watch add saves one')
          else if (isDry) say('nothing was kept: this was a dry run')
          if (runs.some(({ failures, counts }) => failures.length > 0 || counts.REFUSED > 0)) process.exitCode = 1
        }),
      ),
    )
}

function idOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('an id is a number, as "watch list" shows it')
  return Number(text)
}

function limitOf(text: string): number {
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (limit < 1 || limit > mostSearched) throw new InvalidArgumentError(`It is a number from 1 to ${mostSearched}.`)
  return limit
}

function dayOf(text: string): string {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null
  if (day === null || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text) throw new InvalidArgumentError('It is a day such as 2026-01-31.')
  return text
}
