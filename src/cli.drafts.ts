import { Command, InvalidArgumentError, Option } from 'commander'
import { stringify } from 'yaml'
import { commandLine, examples, say, saying, withDatabase } from './cli.support.js'
import { UnplacedDraft } from './corpus/accepted.js'
import { CorpusFaults } from './corpus/files.js'
import { publicationEntry, study } from './corpus/format.js'
import type { Database } from './database/client.js'
import { DraftKind, DraftStatus } from './generated/prisma/enums.js'
import { acceptDrafts, CurationError, draftChanges, getDraft, rejectDrafts, type PublicationPlace } from './intake/curation.js'
import { findDrafts, type DraftFilter, type KeptDraft } from './intake/draft.queries.js'
import { draftLine, draftText, differenceLines } from './intake/draft.text.js'
import { corpusFolder } from './service.js'

interface Selection {
  readonly status?: DraftStatus
  readonly kind?: DraftKind
  readonly source?: string
  readonly all?: true
}

interface Deciding extends Selection {
  readonly by?: string
  readonly note?: string
}

interface Accepting extends Deciding {
  readonly study?: string
  readonly asStudy?: true
  readonly role: PublicationPlace['role']
  readonly design?: (typeof designs)[number]
  readonly evidenceKind: (typeof evidenceKinds)[number]
}

const roles = publicationEntry.shape.role.options
const designs = study.shape.design.options
const evidenceKinds = study.shape.evidenceKind.options

/** The command `drafts`: what imports proposed, and what a curator decides of it. */
export function draftsCommand(): Command {
  return new Command('drafts')
    .description('what imports proposed: list it, look at it, accept or reject it (docs/importing.md)')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(diffCommand())
    .addCommand(acceptCommand())
    .addCommand(rejectCommand())
}

function listCommand(): Command {
  return selecting(new Command('list'))
    .description('the drafts, those still to be decided where no status is asked for')
    .addOption(new Option('--status <status>', 'only these').choices(Object.values(DraftStatus)).default(DraftStatus.DRAFT))
    .option('--json', 'print them as JSON, documents and all')
    .addHelpText('after', examples('drafts list', 'drafts list --kind PUBLICATION --source export.ris', 'drafts list --status REJECTED --json'))
    .action(({ json, ...selection }: Selection & { json?: true }) =>
      withDatabase(async (database) => {
        const drafts = await findDrafts(database, filterOf(selection))
        if (json === true) say(JSON.stringify(drafts, null, 2))
        else if (drafts.length === 0) say('no drafts')
        else drafts.map(draftLine).forEach(say)
      }),
    )
}

function showCommand(): Command {
  return new Command('show')
    .description('one draft, whole')
    .argument('<id>', 'of the draft', idOf)
    .addHelpText('after', examples('drafts show 12'))
    .action((id: number) =>
      withDatabase((database) =>
        saying(meant, async () => {
          const draft = await getDraft(database, id)
          say(draftText(draft))
          say(stringify(draft.document).trimEnd())
        }),
      ),
    )
}

function diffCommand(): Command {
  return new Command('diff')
    .description('what accepting a draft would change, value by value')
    .argument('<id>', 'of the draft', idOf)
    .option('--json', 'print the changes as JSON')
    .addHelpText('after', examples('drafts diff 12'))
    .action((id: number, { json }: { json?: true }) =>
      withDatabase((database) =>
        saying(meant, async () => {
          const { draft, changes } = await draftChanges(database, corpusFolder, id)
          if (json === true) return say(JSON.stringify({ id, changes }, null, 2))
          say(draftText(draft))
          say(changes.length === 0 ? 'changes nothing' : changes.flatMap(differenceLines).join('\n'))
        }),
      ),
    )
}

function acceptCommand(): Command {
  return deciding(new Command('accept'))
    .description('make drafts part of the evidence: all of those named, or none where one does not fit')
    .option('--study <slug>', 'the study that a publication reports; it becomes one of its publications')
    .addOption(new Option('--as-study', 'make each publication a study of its own, of which nothing is extracted yet').conflicts('study'))
    .addOption(new Option('--role <role>', 'of a publication in its study').choices(roles).default('PRIMARY_REPORT'))
    .addOption(new Option('--design <design>', 'of the studies that --as-study makes').choices(designs))
    .addOption(new Option('--evidence-kind <kind>', 'of the studies that --as-study makes').choices(evidenceKinds).default('PRIMARY'))
    .addHelpText(
      'after',
      examples(
        'drafts accept 12 --by "A. Curator"',
        'drafts accept 12 --study tarleton-2017 --role FOLLOW_UP',
        'drafts accept --all --source export.ris --as-study --design RCT_PARALLEL',
      ),
    )
    .action((ids: number[], options: Accepting) =>
      withDatabase((database) =>
        saying(meant, async () => {
          const chosen = await chosenIds(database, ids, options)
          const place = placeOf(options)
          const { imported, counts } = await acceptDrafts(database, corpusFolder, chosen, { ...decisionOf(options), ...(place !== undefined && { place }) })
          say(`accepted ${chosen.join(', ')}${imported ? `: the evidence is now of ${counts['studies']} studies with ${counts['effects']} effects` : ''}`)
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
          const chosen = await chosenIds(database, ids, options)
          await rejectDrafts(database, chosen, decisionOf(options))
          say(`rejected ${chosen.join(', ')}`)
        }),
      ),
    )
}

const meant = [CurationError, CorpusFaults, UnplacedDraft] as const

const selecting = (command: Command) =>
  command
    .addOption(new Option('--kind <kind>', 'only these').choices(Object.values(DraftKind)))
    .option('--source <source>', 'only those of this file or web address')
    .showHelpAfterError('(--help tells the options)')

const deciding = (command: Command) =>
  selecting(command)
    .argument('[ids...]', 'of the drafts', (text: string, before: number[] = []) => [...before, idOf(text)])
    .option('--all', 'all that are still to be decided, of the kind and source given')
    .option('--by <name>', 'who decides')
    .option('--note <text>', 'why')

function filterOf({ status, kind, source }: Selection): DraftFilter {
  return { ...(status !== undefined && { status }), ...(kind !== undefined && { kind }), ...(source !== undefined && { source }) }
}

const decisionOf = ({ by, note }: Deciding) => ({ by: by ?? null, note: note ?? null, actor: commandLine() })

async function chosenIds(database: Database, ids: readonly number[], options: Deciding): Promise<number[]> {
  if (options.all === true && ids.length > 0) throw new CurationError('give ids or --all, not both')
  const open: KeptDraft[] = options.all === true ? await findDrafts(database, { ...filterOf(options), status: 'DRAFT' }) : []
  const chosen = options.all === true ? open.map(({ id }) => id) : [...ids]
  if (chosen.length === 0) throw new CurationError(options.all === true ? 'no draft is left to decide' : 'give the ids of drafts, or --all')
  return chosen
}

function placeOf({ study: slug, asStudy, role, design, evidenceKind }: Accepting): PublicationPlace | undefined {
  if (slug !== undefined) return { study: slug, role }
  if (asStudy !== true) return undefined
  if (design === undefined) throw new CurationError('--as-study needs --design: how the study was done')
  return { made: { design, evidenceKind }, role }
}

function idOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('an id is a number, as "drafts list" shows it')
  return Number(text)
}
