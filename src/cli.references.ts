import { open, type FileHandle } from 'node:fs/promises'
import { Command, Option } from 'commander'
import { commandLine, examples, say, saying, withDatabase } from './cli.support.js'
import type { Database } from './database/client.js'
import { progressOn } from './intake/bulk.progress.js'
import { saveDrafts } from './intake/draft.queries.js'
import { referenceProposals } from './intake/references.import.js'
import { reportText, type IntakeReport } from './intake/report.js'
import { formatOf, referenceFormatNames, referenceFormats, type ReferenceFormatName } from './references/formats.js'
import { MalformedFile } from './references/reference.js'
import { StartupError } from './startupError.js'

interface Options {
  readonly format: ReferenceFormatName | 'auto'
  readonly by?: string
  readonly dryRun?: true
  readonly json?: true
}

/** The command `import-references`: files of reference managers, as draft publications. */
export function importReferencesCommand(): Command {
  return new Command('import-references')
    .description('propose the publications of files of reference managers: RIS, NBIB, BibTeX, CSL-JSON (docs/importing.md)')
    .argument('<file...>', 'in UTF-8, or in UTF-16 with its mark; "-" reads standard input')
    .addOption(new Option('--format <format>', 'where neither name nor beginning tells it').choices(['auto', ...referenceFormatNames]).default('auto'))
    .option('--by <name>', 'who imports, for the record')
    .option('--dry-run', 'tell what would be kept, and keep nothing')
    .option('--json', 'print the reports as JSON')
    .showHelpAfterError('(--help tells the options)')
    .addHelpText(
      'after',
      examples('import-references export.ris', 'import-references pubmed.nbib zotero.bib --dry-run', 'import-references export.txt --format ris --json'),
    )
    .addHelpText(
      'after',
      'Each file is taken whole or not at all; a record without a title is refused and the others stand. The exit code is 1 where anything was refused.\n',
    )
    .action((files: string[], options: Options) =>
      withDatabase(async (database) => {
        const reports: (IntakeReport & { readonly file: string })[] = []
        try {
          for (const file of files) {
            const report = await importFile(database, file, options)
            reports.push({ file, ...report })
            if (report.counts.REFUSED > 0) process.exitCode = 1
            if (options.json !== true) say(reportText(report))
          }
        } finally {
          // What was kept is told, also where a later file cannot be read.
          if (options.json === true) say(JSON.stringify(reports, null, 2))
        }
      }),
    )
}

function importFile(database: Database, file: string, { format, by, dryRun }: Options): Promise<IntakeReport> {
  return saying([MalformedFile], async () => {
    const { beginning, bytes, size, bytesRead, close } = await (file === '-' ? standardInput() : openFile(file))
    const progress = progressOn(process.stderr)
    try {
      const { title, read } = referenceFormats[format === 'auto' ? formatTold(file, beginning) : format]
      return await saveDrafts(database, (transaction) => referenceProposals(transaction, read(bytes), { format: title, source: file }), {
        dryRun: dryRun === true,
        by: by ?? null,
        actor: commandLine(),
        onProgress: (records) => progress.show({ doing: `${records} records`, done: bytesRead(), total: size }),
      })
    } catch (error) {
      throw error instanceof MalformedFile ? new MalformedFile(`${file}: ${error.message}; nothing of it was kept`, null) : error
    } finally {
      progress.clear()
      await close()
    }
  })
}

interface Input {
  /** Empty where it cannot be read twice. */
  readonly beginning: string
  readonly bytes: AsyncIterable<Uint8Array>
  /** Null where nobody can know. */
  readonly size: number | null
  bytesRead(this: void): number
  close(this: void): Promise<void>
}

const standardInput = (): Input => ({ beginning: '', bytes: process.stdin, size: null, bytesRead: () => 0, close: () => Promise.resolve() })

/** @throws {StartupError} where the file cannot be read */
async function openFile(file: string): Promise<Input> {
  const opened = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw new StartupError(`${file} cannot be read: ${error.code === 'ENOENT' ? 'there is no such file' : String(error.code)}`)
  })
  const stats = await opened.stat()
  if (stats.isDirectory()) {
    await opened.close()
    throw new StartupError(`${file} cannot be read: it is a folder`)
  }
  const beginning = stats.isFile() ? await beginningOf(opened) : ''
  const bytes = opened.createReadStream({ highWaterMark: 262_144, autoClose: false })
  return { beginning, bytes, size: stats.isFile() ? stats.size : null, bytesRead: () => bytes.bytesRead, close: () => opened.close() }
}

/** The first characters, with the file still to be read from its start; a pipe has no such place. */
async function beginningOf(opened: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await opened.read({ buffer: Buffer.alloc(4_096), position: 0 })
  return buffer.subarray(0, bytesRead).toString('utf8')
}

/** @throws {MalformedFile} where neither name nor beginning tells it */
function formatTold(file: string, beginning: string): ReferenceFormatName {
  const format = formatOf(file, beginning)
  if (format === null) throw new MalformedFile(`nothing tells its format: name it with --format, one of ${referenceFormatNames.join(', ')}`, null)
  return format
}
