import { readFile } from 'node:fs/promises'
import { text as textOfStream } from 'node:stream/consumers'
import { Command, InvalidArgumentError, Option } from 'commander'
import { commandLine, examples, say, tell, withDatabase } from './cli.support.js'
import { ArmRole } from './generated/prisma/enums.js'
import { columns } from './intake/armLevel.columns.js'
import { corpusOfNow } from './intake/curation.js'
import { openSources } from './intake/fetch.sources.js'
import { reportText } from './intake/report.js'
import { isTable, withChoices, type Choices } from './intake/tables/choices.js'
import { TablesError } from './intake/tables/error.js'
import { followPlan, getArticle, studyOfArticle, type Followed } from './intake/tables/import.js'
import { readPlan, type TablesPlan } from './intake/tables/plan.js'
import { proposePlan } from './intake/tables/proposal.js'
import { effectLines, faultLine, planText } from './intake/tables/report.js'
import { corpusFolder } from './provision.js'
import { loadVocabulary } from './vocabulary/vocabulary.queries.js'

interface Options extends Pick<Choices, 'study' | 'condition'> {
  readonly plan?: string
  readonly table?: readonly string[]
  readonly row?: readonly string[]
  readonly design?: NonNullable<Choices['design']>
  readonly arm?: NonNullable<Choices['arms']>
  readonly outcome?: NonNullable<Choices['outcomes']>
  readonly day?: NonNullable<Choices['days']>
  readonly n?: NonNullable<Choices['sizes']>
  readonly spread?: 'SD' | 'SE'
  readonly confirm?: true
  readonly dryRun?: true
  readonly by?: string
  readonly json?: true
}

const designs = columns.find(({ name }) => name === 'design')
const designWords: readonly string[] = designs !== undefined && 'words' in designs ? designs.words : []

/** The command `import-tables`: results that stand in the tables of a full text, as a draft study. */
export function importTablesCommand(): Command {
  return new Command('import-tables')
    .description('propose the results in the tables of a full text, and keep what a curator confirms as a draft (docs/importing-tables.md)')
    .argument('[article]', 'a PMCID such as PMC3703169, or a file of JATS')
    .addOption(new Option('--plan <file>', 'a plan that --json printed, edited or not; "-" reads standard input'))
    .addOption(new Option('--table <label>', 'only this table, such as 2; once for each').argParser(gathered))
    .addOption(new Option('--row <name>', 'only this outcome, as the table calls it; once for each').argParser(gathered))
    .option('--study <study>', 'slug of a known study, or a short name for a new one')
    .addOption(new Option('--design <design>', 'of a new study').choices(designWords))
    .option('--condition <condition>', 'of the people studied: slug, code or name')
    .addOption(new Option('--arm <name=role>', 'what an arm is, "Group A=MAGNESIUM"; "Group C=-" leaves it out').argParser(armGiven))
    .addOption(new Option('--outcome <row=outcome>', 'the outcome of a row, "Fatigue score=fatigue", with "/instrument" after it').argParser(outcomeGiven))
    .addOption(new Option('--day <time=days>', 'days from the start of treatment, "after treatment=56"').argParser(dayGiven))
    .addOption(new Option('--n <arm=people>', 'people analysed in an arm, where the table does not tell it, "Group A=30"').argParser(sizeGiven))
    .addOption(new Option('--spread <kind>', 'what numbers after ± or in brackets are, if nothing tells').choices(['SD', 'SE']))
    .option('--confirm', 'keep what is marked as taken as a draft; without it nothing is kept')
    .option('--dry-run', 'with --confirm: tell what would be kept, and keep nothing')
    .option('--by <name>', 'who confirms, for the record')
    .option('--json', 'print the plan, or the report, as JSON')
    .showHelpAfterError('(--help tells the options)')
    .addHelpText(
      'after',
      examples(
        'import-tables PMC3703169',
        'import-tables article.xml --table 2 --condition depression --arm "Group A=MAGNESIUM" --confirm --by "A. Curator"',
        'import-tables PMC3703169 --json > plan.json',
        'import-tables --plan plan.json --confirm',
      ),
    )
    .action(async (asked: string | undefined, options: Options) => {
      try {
        await run(asked, options)
      } catch (error) {
        if (!(error instanceof TablesError)) throw error
        process.exitCode = 1
        if (options.json === true) say(JSON.stringify({ error: { code: error.code, message: error.message } }, null, 2))
        else tell(`${error.message} (${error.code})`)
      }
    })
}

async function run(asked: string | undefined, options: Options): Promise<void> {
  if ((asked === undefined) === (options.plan === undefined))
    throw new TablesError('NOT_AN_ARTICLE', 'give an article, a PMCID or a file, or a plan by --plan, and not both')
  const given = options.plan === undefined ? null : await planIn(options.plan)
  await withDatabase(async (database, config) => {
    const [article, vocabulary, corpus] = await Promise.all([
      asked === undefined ? null : getArticle(asked, openSources(config).europePmc),
      loadVocabulary(database),
      corpusOfNow(database, corpusFolder),
    ])
    if (article !== null && article.tables.length === 0)
      throw new TablesError(
        'NO_TABLES',
        `"${article.front.title}" has no table as text${article.unread.map(({ label, reason }) => `; ${label}: ${reason}`).join('')}`,
      )
    const isWanted = (label: string) => options.table?.some((one) => isTable(label, one)) === true
    const proposed =
      article === null
        ? given
        : proposePlan(article, { asked: asked ?? '', vocabulary, known: studyOfArticle(article, corpus), spread: options.spread ?? null, isWanted })
    if (proposed === null) return
    const plan = withChoices(proposed, choicesOf(options), vocabulary)
    const context = { database, vocabulary, corpus, today: new Date().toISOString().slice(0, 10) }
    const isKept = options.confirm === true && options.dryRun !== true
    const followed = await tried(plan, context, { dryRun: !isKept, by: options.by ?? null, actor: commandLine() }, options.confirm === true)
    print(plan, followed, options)
  })
}

/** A plan with an open question is shown all the same, without effects, unless it is to be kept. */
async function tried(
  plan: TablesPlan,
  context: Parameters<typeof followPlan>[1],
  intake: Parameters<typeof followPlan>[2],
  isConfirmed: boolean,
): Promise<Followed | TablesError> {
  try {
    return await followPlan(plan, context, intake)
  } catch (error) {
    if (isConfirmed || !(error instanceof TablesError)) throw error
    return error
  }
}

function print(plan: TablesPlan, followed: Followed | TablesError, { json, confirm }: Options): void {
  const open = followed instanceof TablesError ? followed.message : null
  const { report, effects, faults, notes } = followed instanceof TablesError ? { report: null, effects: [], faults: [], notes: [] } : followed
  if (faults.length > 0 || (report?.counts.REFUSED ?? 0) > 0) process.exitCode = 1
  if (json === true) return say(JSON.stringify(confirm === true ? { ...report, effects, faults, notes } : { ...plan, effects, faults, notes }, null, 2))
  if (confirm !== true) say(`${planText(plan)}\n`)
  if (effects.length > 0) say(['effects:', ...effectLines(effects)].join('\n'))
  for (const fault of faults) tell(faultLine(fault))
  for (const note of notes) tell(note)
  if (faults.length > 0) return tell('nothing was kept')
  if (open !== null) say(open)
  else if (confirm === true && report !== null) say(reportText(report))
  else say('nothing is kept without --confirm')
}

function choicesOf({ table, row, study, design, condition, arm, outcome, day, n }: Options): Choices {
  return {
    ...(table !== undefined && { tables: table }),
    ...(row !== undefined && { rows: row }),
    ...(study !== undefined && { study }),
    ...(design !== undefined && { design }),
    ...(condition !== undefined && { condition }),
    ...(arm !== undefined && { arms: arm }),
    ...(outcome !== undefined && { outcomes: outcome }),
    ...(day !== undefined && { days: day }),
    ...(n !== undefined && { sizes: n }),
  }
}

async function planIn(file: string): Promise<TablesPlan> {
  try {
    return readPlan(file === '-' ? await textOfStream(process.stdin) : await readFile(file, 'utf8'))
  } catch (error) {
    if (error instanceof TablesError) throw error
    const { code } = error as NodeJS.ErrnoException // what the file system throws
    throw new TablesError('UNREADABLE_FILE', `${file} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : String(code)}`, { cause: error })
  }
}

const gathered = (given: string, before: readonly string[] = []): string[] => [...before, given]

/** "name=value"; the last equals sign parts them, as names of rows may have one. */
function pairOf(given: string, what: string): { readonly name: string; readonly value: string } {
  const at = given.lastIndexOf('=')
  const [name, value] = [given.slice(0, at).trim(), given.slice(at + 1).trim()]
  if (at < 1 || name === '' || value === '') throw new InvalidArgumentError(`It is ${what}.`)
  return { name, value }
}

function armGiven(given: string, before: Options['arm'] = []): NonNullable<Options['arm']> {
  const { name, value } = pairOf(given, 'a name, "=" and a role, or "-" to leave the arm out')
  const role = Object.values(ArmRole).find((one) => one === value.toUpperCase().replace(/[ -]/g, '_'))
  if (role === undefined && value !== '-') throw new InvalidArgumentError(`The role is one of ${Object.values(ArmRole).join(', ')}, or "-".`)
  return [...before, { name, role: role ?? null }]
}

function outcomeGiven(given: string, before: Options['outcome'] = []): NonNullable<Options['outcome']> {
  const { name, value } = pairOf(given, 'the name of a row, "=" and an outcome')
  return [...before, { name, outcome: value }]
}

function dayGiven(given: string, before: Options['day'] = []): NonNullable<Options['day']> {
  const { name, value } = pairOf(given, 'the name of a time, "=" and days')
  if (!/^\d+(\.\d+)?$/.test(value)) throw new InvalidArgumentError('Days are a number such as 56.')
  return [...before, { name, days: value }]
}

function sizeGiven(given: string, before: Options['n'] = []): NonNullable<Options['n']> {
  const { name, value } = pairOf(given, 'the name of an arm, "=" and a number of people')
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new InvalidArgumentError('People are a whole number such as 30.')
  return [...before, { name, n: value }]
}
