import { readFile } from 'node:fs/promises'
import { text as textOfStream } from 'node:stream/consumers'
import { Command, InvalidArgumentError, Option } from 'commander'
import { commandLine, examples, say, saying, withDatabase } from './cli.support.js'
import type { Config } from './config.js'
import { UnplacedDraft } from './corpus/accepted.js'
import { CorpusFaults } from './corpus/files.js'
import { publicationEntry } from './corpus/format.js'
import type { ImportReport } from './corpus/import.js'
import type { Database } from './database/client.js'
import { DraftKind, DraftStatus } from './generated/prisma/enums.js'
import { acceptDrafts, CurationError, draftChanges, editDraft, getDraft, rejectDrafts, undoAcceptances, type PublicationPlace } from './intake/curation.js'
import { designs, evidenceKinds } from './intake/design.js'
import { placesOf, readDesigns } from './intake/designs.table.js'
import { readEditedFile, settledValues, type DraftEdit } from './intake/draft.edit.js'
import { findDrafts, findDraftSources, type DraftFilter } from './intake/draft.queries.js'
import { matchingSources, onlySource } from './intake/draft.sources.js'
import { orderedDocument, summarised } from './intake/draft.summary.js'
import { acceptedLine, changesText, draftFile, draftLine, draftText, editLines, nextSteps, skippedLine } from './intake/draft.text.js'
import { outcomes, type Outcome } from './intake/report.js'
import { findSkipped, findSkippedSources } from './intake/skipped.queries.js'
import { corpusFolder } from './provision.js'
import { StartupError } from './startupError.js'

interface Selection {
  readonly status?: DraftStatus
  readonly kind?: DraftKind
  readonly source?: string
  readonly all?: true
}

interface Signing {
  readonly by?: string
  readonly note?: string
}

interface Deciding extends Selection, Signing {}

interface Accepting extends Deciding {
  readonly study?: string
  readonly asStudy?: true
  readonly role?: (typeof roles)[number]
  readonly design?: (typeof designs)[number]
  readonly designs?: string
  readonly evidenceKind?: (typeof evidenceKinds)[number]
  readonly confirm?: true
  readonly dryRun?: true
}

interface Editing extends Signing {
  readonly set: Readonly<Record<string, string>>
  readonly unset: readonly string[]
  readonly file?: string
}

const roles = publicationEntry.shape.role.options

/** Records of one listing at most. */
const skippedAtOnce = 10_000

/** The command `drafts`: what imports proposed, and what a curator decides of it. */
export function draftsCommand(): Command {
  return new Command('drafts')
    .description('what imports proposed: list it, look at it, edit it, accept or reject it (docs/importing.md)')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(diffCommand())
    .addCommand(editCommand())
    .addCommand(acceptCommand())
    .addCommand(rejectCommand())
    .addCommand(undoCommand())
    .addCommand(skippedCommand())
}

function listCommand(): Command {
  return selecting(new Command('list'))
    .description('the drafts with year, first author, title and DOI; those still to be decided if no status is asked for')
    .addOption(new Option('--status <status>', 'only these').choices(Object.values(DraftStatus)).default(DraftStatus.DRAFT))
    .option('--json', 'print them as JSON, documents and all')
    .addHelpText('after', examples('drafts list', 'drafts list --kind PUBLICATION --source export.ris', 'drafts list --status REJECTED --json'))
    .action(({ json, ...selection }: Selection & { json?: true }) =>
      withDatabase((database) =>
        saying(meant, async () => {
          const drafts = await findDrafts(database, await filterOf(database, selection, matchingSources))
          if (json === true) say(JSON.stringify(drafts.map(summarised), null, 2))
          else if (drafts.length === 0) say('no drafts')
          else drafts.map(draftLine).forEach(say)
        }),
      ),
    )
}

function showCommand(): Command {
  return new Command('show')
    .description('one draft, whole, as YAML that "drafts edit --file" reads back')
    .argument('<id>', 'of the draft', idOf)
    .option('--yaml', 'leave the next steps out')
    .option('--json', 'print it as JSON')
    .addHelpText('after', examples('drafts show 12', 'drafts show 12 --yaml > draft.yaml'))
    .action((id: number, { json, yaml }: { json?: true; yaml?: true }) =>
      withDatabase((database) =>
        saying(meant, async () => {
          const draft = await getDraft(database, id)
          if (json === true) return say(JSON.stringify({ ...summarised(draft), document: orderedDocument(draft.kind, draft.document, true) }, null, 2))
          say(draftFile(draft))
          if (yaml !== true) nextSteps(draft).forEach((step) => say(`# next: ${step}`))
        }),
      ),
    )
}

function diffCommand(): Command {
  return new Command('diff')
    .description('what accepting a draft would change, value by value, and what it may repeat')
    .argument('<id>', 'of the draft', idOf)
    .option('--json', 'print the changes as JSON')
    .addHelpText('after', examples('drafts diff 12'))
    .action((id: number, { json }: { json?: true }) =>
      withDatabase((database) =>
        saying(meant, async () => {
          const told = await draftChanges(database, corpusFolder, id)
          if (json === true) return say(JSON.stringify({ id, changes: told.changes, likelyDuplicates: told.likelyDuplicates }, null, 2))
          say(draftText(told.draft))
          say(changesText(told))
        }),
      ),
    )
}

function editCommand(): Command {
  return signing(new Command('edit'))
    .description('change what a draft says: single values, or all of it from a file; the audit log keeps each value with what it was')
    .argument('<id>', 'of the draft', idOf)
    .option('--set <path=value>', 'a value at a path such as pmid or results[0].unit; JSON for numbers, lists and objects; may be repeated', assigned, {})
    .option('--unset <path>', 'leave a value out; may be repeated', (path: string, before: string[]) => [...before, path], [])
    .addOption(new Option('--file <file>', 'the whole of it in YAML, as "drafts show" prints it; "-" reads standard input').conflicts(['set', 'unset']))
    .addHelpText(
      'after',
      examples(
        'drafts edit 12 --set pmid=28654669 --set "title=A better title"',
        'drafts edit 12 --unset pages',
        'drafts edit 12 --file draft.yaml --by "A. Curator"',
      ),
    )
    .action((id: number, options: Editing) =>
      withDatabase((database) =>
        saying(meant, async () => {
          const { edit, changedAt } = await editOf(database, id, options)
          const changes = await editDraft(database, id, edit, { ...signatureOf(options), ...(changedAt !== null && { changedAt }) })
          say(`# draft ${id}`)
          editLines(changes).forEach(say)
        }),
      ),
    )
}

async function editOf(database: Database, id: number, { set, unset, file }: Editing): Promise<{ edit: DraftEdit; changedAt: string | null }> {
  if (file === undefined) {
    if (Object.keys(set).length + unset.length === 0) throw new CurationError('say what to change: --set, --unset or --file')
    const { kind, document, matched } = await getDraft(database, id)
    return { edit: { set: settledValues({ kind, document, isChange: matched !== null }, set, unset), unset }, changedAt: null }
  }
  const { document, draft, changedAt } = readEditedFile(await contentOf(file))
  if (draft !== null && draft !== id) throw new CurationError(`${file} was printed from draft ${draft}, not ${id}`)
  return { edit: { document }, changedAt }
}

async function contentOf(file: string): Promise<string> {
  if (file === '-') return textOfStream(process.stdin)
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new StartupError(`${file} cannot be read: ${error.code === 'ENOENT' ? 'there is no such file' : String(error.code)}`)
  })
}

function assigned(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const sign = text.indexOf('=')
  if (sign < 1) throw new InvalidArgumentError('It is a path, "=" and a value, such as pmid=28654669.')
  return { ...before, [text.slice(0, sign)]: text.slice(sign + 1) }
}

function acceptCommand(): Command {
  return deciding(new Command('accept'))
    .description('make drafts part of the evidence: all of those named, or none if one does not fit')
    .option('--study <slug>', 'the study that a publication reports; it becomes one of its publications')
    .addOption(new Option('--as-study', 'make each publication a study of its own, of which nothing is extracted yet').conflicts('study'))
    .addOption(
      new Option('--role <role>', 'of a publication in its study; if left out, PRIMARY_REPORT of a study that has none, else FOLLOW_UP').choices(roles),
    )
    .addOption(new Option('--design <design>', 'of the studies that --as-study makes; if left out, as their types or titles tell').choices(designs))
    .addOption(
      new Option('--designs <file.csv>', 'designs of single drafts: the columns draft (id or slug), design and, if wanted, evidence_kind, study, role'),
    )
    .addOption(
      new Option('--evidence-kind <kind>', 'of the studies that --as-study makes; if left out, as the design was told, else PRIMARY').choices(evidenceKinds),
    )
    .option('--confirm', 'a publication may be a second primary report, or unlike all that reports its study')
    .option('--dry-run', 'check everything, tell what would be accepted, and keep nothing')
    .addHelpText(
      'after',
      examples(
        'drafts accept 12 --by "A. Curator"',
        'drafts accept 12 --study tarleton-2017 --dry-run',
        'drafts accept --all --source export.ris --as-study',
        'drafts accept --all --source export.ris --as-study --designs designs.csv',
      ),
    )
    .action((ids: number[], options: Accepting) =>
      withDatabase((database, config) =>
        saying(meant, async () => {
          const chosen = await chosenDrafts(database, ids, options)
          const chosenIds = chosen.map(({ id }) => id)
          const places = options.designs === undefined ? undefined : placesOf(readDesigns(await contentOf(options.designs)), chosen)
          const place = placeOf(options)
          const dryRun = options.dryRun === true
          const report = await acceptDrafts(database, corpusFolder, chosenIds, {
            ...signatureOf(options),
            ...(place !== undefined && { place }),
            ...(places !== undefined && { places }),
            isConfirmed: options.confirm === true,
            dryRun,
          })
          report.accepted.forEach((accepted) => say(acceptedLine(accepted, addressOf(config))))
          say(`${dryRun ? 'would have ' : ''}accepted ${chosenIds.join(', ')}${evidenceNow(report, dryRun)}`)
          if (dryRun) say('nothing was kept: this was a dry run')
          else say(`to take it back: drafts undo ${chosenIds.join(' ')}`)
        }),
      ),
    )
}

function rejectCommand(): Command {
  return deciding(new Command('reject'))
    .description('keep drafts out of the evidence; the same records will not be proposed again')
    .addHelpText('after', examples('drafts reject 13 14 --note "not about magnesium"', 'drafts reject --all --source export.ris'))
    .action((ids: number[], options: Deciding) =>
      withDatabase((database) =>
        saying(meant, async () => {
          const chosen = (await chosenDrafts(database, ids, options)).map(({ id }) => id)
          await rejectDrafts(database, chosen, signatureOf(options))
          say(`rejected ${chosen.join(', ')}`)
        }),
      ),
    )
}

function undoCommand(): Command {
  return signing(new Command('undo'))
    .description('take acceptances back: the evidence is as if they had not been, as a new revision, and the drafts are open again')
    .argument('<ids...>', 'of accepted drafts', (text: string, before: number[] = []) => [...before, idOf(text)])
    .option('--dry-run', 'check everything, and keep nothing')
    .addHelpText('after', examples('drafts undo 12 --note "another trial"', 'drafts undo 12 --dry-run'))
    .action((ids: number[], options: Signing & { dryRun?: true }) =>
      withDatabase((database) =>
        saying(meant, async () => {
          const dryRun = options.dryRun === true
          const report = await undoAcceptances(database, corpusFolder, ids, { ...signatureOf(options), dryRun })
          say(`${dryRun ? 'would have undone' : 'undid'} ${ids.join(', ')}, open again${evidenceNow(report, dryRun)}`)
          if (dryRun) say('nothing was kept: this was a dry run')
        }),
      ),
    )
}

function skippedCommand(): Command {
  return new Command('skipped')
    .description('records that imports refused, or that differ from what is known already')
    .option('--source <source>', 'only those of this file, by name or path, or web address')
    .addOption(new Option('--outcome <outcome>', 'only these').choices(outcomes.map((outcome) => outcome.toLowerCase())))
    .option('--json', 'print them as JSON')
    .showHelpAfterError('(--help tells the options)')
    .addHelpText('after', examples('drafts skipped', 'drafts skipped --source export.ris --outcome skipped --json'))
    .action(({ source, outcome, json }: { source?: string; outcome?: string; json?: true }) =>
      withDatabase((database) =>
        saying(meant, async () => {
          const sources = source === undefined ? undefined : matchingSources(source, await findSkippedSources(database))
          const filter = { ...(sources !== undefined && { sources }), ...(outcome !== undefined && { outcome: outcome.toUpperCase() as Outcome }) } // one of the choices
          const skipped = await findSkipped(database, filter, skippedAtOnce)
          if (json === true) say(JSON.stringify(skipped, null, 2))
          else if (skipped.length === 0) say('no such records')
          else skipped.map(skippedLine).forEach(say)
        }),
      ),
    )
}

const meant = [CurationError, CorpusFaults, UnplacedDraft] as const

const selecting = (command: Command) =>
  command
    .addOption(new Option('--kind <kind>', 'only these').choices(Object.values(DraftKind)))
    .option('--source <source>', 'only those of this file, by name or path, or web address')
    .showHelpAfterError('(--help tells the options)')

const signing = (command: Command) =>
  command.option('--by <name>', 'who decides').option('--note <text>', 'why').showHelpAfterError('(--help tells the options)')

const deciding = (command: Command) =>
  signing(selecting(command))
    .argument('[ids...]', 'of the drafts', (text: string, before: number[] = []) => [...before, idOf(text)])
    .option('--all', 'all that are still to be decided, of the kind and source given')

/** @param matching the sources that a name means: all of them to look at, only one to decide on */
async function filterOf(
  database: Database,
  { status, kind, source }: Selection,
  matching: (asked: string, known: readonly string[]) => string | string[],
): Promise<DraftFilter> {
  const sources = source === undefined ? undefined : [matching(source, await findDraftSources(database))].flat()
  return { ...(status !== undefined && { status }), ...(kind !== undefined && { kind }), ...(sources !== undefined && { sources }) }
}

const signatureOf = ({ by, note }: Signing) => ({ by: by ?? null, note: note ?? null, actor: commandLine() })

async function chosenDrafts(database: Database, ids: readonly number[], options: Deciding): Promise<{ id: number; slug: string }[]> {
  if (options.all !== true) {
    if (ids.length === 0) throw new CurationError('give the ids of drafts, or --all')
    const slugs = new Map((await findDrafts(database, { ids })).map(({ id, slug }) => [id, slug]))
    return [...new Set(ids)].map((id) => ({ id, slug: slugs.get(id) ?? '' }))
  }
  if (ids.length > 0) throw new CurationError('give ids or --all, not both')
  const open = await findDrafts(database, { ...(await filterOf(database, options, onlySource)), status: 'DRAFT' })
  if (open.length === 0) throw new CurationError('no draft is left to decide')
  return open
}

function placeOf({ study: slug, asStudy, role, design, evidenceKind }: Accepting): PublicationPlace | undefined {
  if (slug !== undefined) return { study: slug, role }
  return asStudy === true ? { made: { design, evidenceKind }, role } : undefined
}

const evidenceNow = ({ imported, counts }: ImportReport, dryRun: boolean) =>
  imported ? `: the evidence ${dryRun ? 'would be' : 'is now'} of ${counts['studies']} studies with ${counts['effects']} effects` : ''

/** Of the service with the settings of this command. */
const addressOf =
  ({ port }: Config) =>
  (study: string) =>
    `http://localhost:${port === 0 ? 4000 : port}/studies/${study}`

function idOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('an id is a number, as "drafts list" shows it')
  return Number(text)
}
