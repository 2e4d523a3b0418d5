import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { Command, Option } from 'commander'
import { commandLine, examples, say, saying, tell, withDatabase } from './cli.support.js'
import { armLevelProposals } from './intake/armLevel.js'
import { knownStudies } from './intake/armLevel.known.js'
import { progressOn } from './intake/bulk.progress.js'
import { formatRowFault, ResultFaults } from './intake/bulk.staging.js'
import { saveDrafts } from './intake/draft.queries.js'
import { reportText } from './intake/report.js'
import { MalformedFile } from './references/reference.js'
import { corpusFolder } from './provision.js'
import type { DecimalMark, Delimiter } from './spreadsheet.js'
import { StartupError } from './startupError.js'
import { loadVocabulary } from './vocabulary/vocabulary.queries.js'

interface Options {
  readonly delimiter?: keyof typeof delimiterNamed
  readonly decimal?: DecimalMark
  readonly by?: string
  readonly dryRun?: true
  readonly json?: true
}

const delimiterNamed = { comma: ',', semicolon: ';', tab: '\t' } as const satisfies Readonly<Record<string, Delimiter>>

/** The command `import-results`: arm-level results of a CSV, as draft studies. */
export function importResultsCommand(): Command {
  return new Command('import-results')
    .description('propose the arm-level results of a CSV as draft studies (docs/importing-results.md)')
    .argument('<file>', 'CSV with a header, in UTF-8; "-" reads standard input; public/templates/arm-level.csv has all columns')
    .addOption(new Option('--delimiter <name>', 'what stands between cells, where the header does not tell it').choices(Object.keys(delimiterNamed)))
    .addOption(new Option('--decimal <mark>', 'what stands before decimals, where the numbers do not tell it').choices(['point', 'comma']))
    .option('--by <name>', 'who imports, for the record')
    .option('--dry-run', 'check all of it and tell what would be kept, and keep nothing')
    .option('--json', 'print the report, or the faults, as JSON')
    .showHelpAfterError('(--help tells the options)')
    .addHelpText(
      'after',
      examples(
        'import-results results.csv --dry-run',
        'import-results results.csv --by "A. Curator"',
        'import-results results.csv --delimiter semicolon --json',
      ),
    )
    .addHelpText('after', 'A file with a fault is not taken at all: each fault is told with its line, column and value, and the exit code is 1.\n')
    .action(async (file: string, options: Options) => {
      const bytes = await sizeOf(file)
      await withDatabase((database) =>
        saying([MalformedFile], async () => {
          const progress = progressOn(process.stderr)
          const [kept, notes]: [string[], string[]] = [[], []]
          try {
            const vocabulary = await loadVocabulary(database)
            const given = {
              database,
              vocabulary,
              getKnown: knownStudies(database, corpusFolder),
              source: file,
              ...(bytes !== null && { bytes }),
              onStage: progress.show,
              onKept: (sentence: string) => void kept.push(sentence),
              onNote: (sentence: string) => void notes.push(sentence),
              ...(options.decimal !== undefined && { decimal: options.decimal }),
            }
            const delimiter = options.delimiter === undefined ? {} : { delimiter: delimiterNamed[options.delimiter] }
            const report = await saveDrafts(database, (transaction) => armLevelProposals(transaction, bytesOf(file), { ...given, ...delimiter }), {
              dryRun: options.dryRun === true,
              by: options.by ?? null,
              actor: commandLine(),
            })
            progress.clear()
            if (report.counts.REFUSED > 0) process.exitCode = 1
            if (options.json === true) return say(JSON.stringify({ ...report, kept, notes }, null, 2))
            for (const sentence of notes) tell(`${file}: ${sentence}`)
            for (const sentence of kept) tell(`kept as it is: ${sentence}`)
            say(reportText(report))
          } catch (error) {
            progress.clear()
            if (error instanceof MalformedFile) throw new MalformedFile(`${file}: ${error.message}`, null)
            if (!(error instanceof ResultFaults)) throw error
            process.exitCode = 1
            if (options.json === true) return say(JSON.stringify({ faults: error.faults, areAll: error.areAll }, null, 2))
            for (const fault of error.faults) tell(`${file}: ${formatRowFault(fault)}`)
            tell(`${error.areAll ? '' : 'there are more faults: these are the first. '}nothing was kept`)
          }
        }),
      )
    })
}

const bytesOf = (file: string): AsyncIterable<Uint8Array> => (file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 1_048_576 }))

/** Null for what comes on standard input. @throws {StartupError} where the file cannot be read */
async function sizeOf(file: string): Promise<number | null> {
  if (file === '-') return null
  try {
    const { size } = await stat(file)
    const opened = await open(file)
    await opened.read().finally(() => opened.close())
    return size
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException // what the file system throws
    throw new StartupError(`${file} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : String(code)}`)
  }
}
