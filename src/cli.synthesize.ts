import { readFile, stat } from 'node:fs/promises'
import { Command, InvalidArgumentError, Option } from 'commander'
import { PublicError } from './errors.js'
import { forestText } from './plots/forest.text.js'
import { parseTauPrior, type TauPrior } from './statistics/tauPrior.js'
import { forestPlotOf } from './synthesis/forestPlot.js'
import { DependenceRule, EmptyCellRule, IntervalMethod, PoolingModel, Tau2Estimator, TimepointRule, usualQuestion } from './synthesis/question.js'
import { rScript } from './synthesis/rScript.js'
import { tableMeasures, type TableMeasure } from './synthesis/table.data.js'
import type { ZeroCells } from './synthesis/table.effects.js'
import { readTable, TableError, tableLimits } from './synthesis/table.js'
import { poolTable, tableSynthesis, type TablePool } from './synthesis/table.pool.js'
import { tableText } from './synthesis/table.text.js'

interface Options {
  readonly measure: TableMeasure
  readonly model: PoolingModel
  readonly estimator: Tau2Estimator
  readonly interval: IntervalMethod
  readonly level: number
  readonly dependence: DependenceRule
  readonly timepoint: TimepointRule
  readonly subgroupBy?: string
  readonly subgroup?: string
  readonly moderators?: readonly string[]
  readonly tauPrior?: TauPrior
  readonly add?: number
  readonly to?: ZeroCells['to']
  readonly drop00?: true
  readonly emptyCells: EmptyCellRule
  readonly json?: true
  readonly r?: true
}

const corrections = ['only0', 'all', 'if0all', 'none'] as const

/** The command `synthesize`: pools the studies of a table, with one option for each field of the API's SynthesisInput. */
export function synthesizeCommand(): Command {
  return new Command('synthesize')
    .description('pool the studies of a table, whose columns are named as for escalc() of the R package metafor (docs/command-line.md)')
    .argument('<file>', 'CSV with a header, in UTF-8; "-" reads standard input')
    .addOption(oneOf('--measure <measure>', 'what the studies are compared on', tableMeasures).makeOptionMandatory())
    .addOption(oneOf('--model <model>', 'what is supposed of the effects', Object.values(PoolingModel)).default(usualQuestion.model))
    .addOption(oneOf('--estimator <estimator>', 'of the variance between studies', Object.values(Tau2Estimator)).default(usualQuestion.estimator))
    .addOption(oneOf('--interval <method>', 'how the confidence interval is formed', Object.values(IntervalMethod)).default(usualQuestion.interval))
    .addOption(new Option('--level <level>', 'of the intervals, between 0 and 1').argParser(levelOf).default(usualQuestion.level))
    .addOption(oneOf('--dependence <rule>', 'how rows that share a cluster enter', Object.values(DependenceRule)).default(usualQuestion.dependence))
    .addOption(
      oneOf('--timepoint <rule>', 'as in the API; of no consequence here, as a table has no time points', Object.values(TimepointRule)).default(
        usualQuestion.timepoint,
      ),
    )
    .option('--subgroup-by <column>', 'pool each value of this column by itself, and test whether they differ')
    .addOption(new Option('--subgroup <column>', 'the same').hideHelp())
    .addOption(new Option('--moderators <columns>', 'regress the effects on these columns of numbers, separated by commas').argParser(columnsOf))
    .addOption(
      new Option('--tau-prior <prior>', 'pool under a Bayesian model too, with this prior of tau, such as HALF_NORMAL:0.5 (docs/command-line.md)').argParser(
        priorOf,
      ),
    )
    .addOption(new Option('--add <number>', 'what is added to the cells of trials with zero cells, as in escalc(): 0.5 where --to is given').argParser(addedOf))
    .addOption(oneOf('--to <which>', 'to which trials it is added, as in escalc(): only0 where --add is given', corrections))
    .addOption(
      oneOf('--empty-cells <rule>', 'of trials with an empty cell in Mantel and Haenszel’s method itself', Object.values(EmptyCellRule)).default(
        'AS_THEY_ARE' as const,
      ),
    )
    .option('--drop00', 'leave out trials in which nobody, or everybody, had the event in both arms, as in escalc()')
    .addOption(new Option('--json', 'print the synthesis as JSON, with the keys of the API').conflicts('r'))
    .option('--r', 'print a script that reproduces the result with metafor')
    .showHelpAfterError('(--help tells the options)')
    .addHelpText(
      'after',
      [
        '',
        'Examples:',
        '  $ npm run --silent cli -- synthesize trials.csv --measure OR --estimator REML --tau-prior HALF_NORMAL:0.5 --json',
        '  $ npm run --silent cli -- synthesize trials.csv --measure OR --model COMMON_EFFECT --level 0.9',
        '  $ npm run --silent cli -- synthesize trials.csv --measure SMD --subgroup-by form --moderators dose,year',
        '  $ npm run --silent cli -- synthesize - --measure GEN --r < effects.csv > pool.R',
        '',
      ].join('\n'),
    )
    .action((file: string, options: Options) => saying(async () => print(poolTable(readTable(await bytesOf(file)), questionOf(options)), options)))
}

function print(pool: TablePool, { json, r }: Options): void {
  const text = r === true ? rScript(pool) : json === true ? `${JSON.stringify(tableSynthesis(pool), null, 2)}\n` : `${forestOf(pool)}\n${tableText(pool)}`
  process.stdout.write(text)
}

/** The plot as wide as the terminal, and of a moderate width where there is none. */
function forestOf(pool: TablePool): string {
  const plot = forestPlotOf(pool, {
    title: 'Synthesis of a table',
    higherIsBetter: null,
    randomised: false,
    groupName: (value) => value,
    compareGroups: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  })
  const named = plot.detailHeadings.length === 0 ? plot : { ...plot, detailHeadings: ['Group 1', 'Group 2'] }
  return forestText(named, Math.max(60, Math.min(160, process.stdout.columns ?? 120)))
}

function questionOf({ subgroupBy, subgroup, moderators, tauPrior, add, to, drop00, ...question }: Options) {
  const corrected = add !== undefined || to !== undefined || drop00 !== undefined
  return {
    ...question,
    subgroupBy: subgroupBy ?? subgroup ?? null,
    moderators: moderators ?? [],
    tauPrior: tauPrior ?? null,
    zeroCells: corrected ? { add: add ?? 0.5, to: to ?? ('only0' as const), drop00: drop00 ?? false } : null,
  }
}

/** What is wrong with the table or the question is said in its sentences; a defect is not caught. */
async function saying(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof TableError) && !(error instanceof PublicError)) throw error
    for (const sentence of error instanceof TableError ? error.sentences : [error.message]) console.error(sentence)
    process.exitCode = 1
  }
}

async function bytesOf(file: string): Promise<Uint8Array> {
  if (file === '-') return bytesOfInput()
  try {
    const { size } = await stat(file)
    if (size > tableLimits.bytes) throw new TableError([`a table has at most ${tableLimits.bytes} bytes, got ${size}`])
    return await readFile(file)
  } catch (error) {
    if (error instanceof TableError) throw error
    const { code } = error as NodeJS.ErrnoException // what the file system throws
    throw new TableError([`${file} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : String(code)}`])
  }
}

async function bytesOfInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > tableLimits.bytes) throw new TableError([`a table has at most ${tableLimits.bytes} bytes`])
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** An option that takes one of several words, in capitals or not. */
function oneOf(flags: string, description: string, words: readonly string[]): Option {
  return new Option(flags, description).choices(words).argParser((given: string) => {
    const word = words.find((known) => known.toLowerCase() === given.toLowerCase())
    if (word === undefined) throw new InvalidArgumentError(`It is one of ${words.join(', ')}.`)
    return word
  })
}

function levelOf(given: string): number {
  const level = numberIn(given)
  if (!(level > 0 && level < 1)) throw new InvalidArgumentError('A level lies between 0 and 1, such as 0.95.')
  return level
}

function priorOf(given: string): TauPrior {
  try {
    return parseTauPrior(given)
  } catch (error) {
    if (error instanceof RangeError) throw new InvalidArgumentError(`${error.message}.`)
    throw error
  }
}

function addedOf(given: string): number {
  const added = numberIn(given)
  if (!(added >= 0 && added < Infinity)) throw new InvalidArgumentError('It is a number of at least 0, such as 0.5.')
  return added
}

const numberIn = (text: string) => (text.trim() === '' ? NaN : Number(text))

function columnsOf(given: string, before: readonly string[] = []): string[] {
  const names = [...before, ...given.split(',').map((name) => name.trim())]
  if (names.includes('')) throw new InvalidArgumentError('It is the names of columns, separated by commas.')
  const twice = names.find((name, index) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < index)
  if (twice !== undefined) throw new InvalidArgumentError(`The column ${twice} is named twice.`)
  return names
}
