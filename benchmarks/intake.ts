// npm run bench:intake: a million rows of arm-level results, staged beside psql's \copy of the same rows, and imported whole; writes a report.
import { execFile } from 'node:child_process'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, rename, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { everyColumn } from '../src/intake/armLevel.columns.js'
import { openTable } from '../src/intake/bulk.records.js'
import { stagingTable } from '../src/intake/bulk.staging.js'
import { machineInWords, provideCorpus, startBenchPostgres } from './data.js'

const rowCount = Number(process.env['BENCH_ROWS'] ?? 1_000_000)
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5)
const folder = path.resolve(process.env['BENCH_FOLDER'] ?? 'data/bench')
const projectFolder = fileURLToPath(new URL('..', import.meta.url))
const say = (line: string) => void process.stdout.write(`${line}\n`)
const run = promisify(execFile)
const names = everyColumn.map(({ name }) => name)

/** Two arms, ten time points: twenty rows a study, a title with a comma in it, as spreadsheets export them. */
function* rowsOfStudies(count: number): Generator<string> {
  yield `${names.join(',')}\n`
  for (let row = 0; row < count; row++) {
    const [study, time, isControl] = [Math.floor(row / 20), Math.floor((row % 20) / 2), row % 2 === 1]
    const cells: Readonly<Record<string, string | number>> = {
      study: `Trial ${study}`,
      doi: `10.5555/trial.${study}`,
      registration: `NCT${10_000_000 + study}`,
      title: `"A trial of magnesium, number ${study}"`,
      authors: '"Family, Given; Other, Name"',
      journal: 'Journal of Trials',
      year: 1990 + (study % 30),
      design: 'RCT_PARALLEL',
      countries: 'GB',
      condition: 'migraine',
      mean_age: 40 + (study % 20),
      female_percent: 60,
      outcome: 'migraine-attack-frequency',
      outcome_name: 'attacks in four weeks',
      timepoint_days: 28 * (1 + time),
      analysis_set: 'ITT',
      value_kind: 'FINAL',
      unit: 'attacks',
      primary: 'no',
      n: 45 + (study % 5),
      mean: (5 + (study % 7) / 10 - (isControl ? 0 : 1)).toFixed(1),
      sd: (2 + time / 10).toFixed(1),
      source: `https://doi.org/10.5555/trial.${study}`,
      locator: 'table 2',
      recorded_on: '2026-11-23',
      ...(isControl
        ? { arm: 'placebo', role: 'PLACEBO', randomized: 50 }
        : {
            ...{ arm: 'magnesium citrate', role: 'MAGNESIUM', randomized: 50, form: 'magnesium-citrate', route: 'ORAL' },
            ...{ dose_amount: 300, dose_unit: 'MG', dose_basis: 'ELEMENTAL', duration_days: 84 },
          }),
    }
    yield `${names.map((name) => cells[name] ?? '').join(',')}\n`
  }
}

/** The file to import, and the same rows with their line numbers, which psql cannot count itself. */
async function provideFiles(): Promise<{ file: string; numbered: string }> {
  await mkdir(folder, { recursive: true })
  const file = path.join(folder, `arm-level-${rowCount}.csv`)
  const numbered = path.join(folder, `arm-level-${rowCount}-numbered.csv`)
  if (!existsSync(file)) {
    say(`writing ${rowCount} rows …`)
    await pipeline(rowsOfStudies(rowCount), createWriteStream(`${file}.new`))
    await rename(`${file}.new`, file)
  }
  const table = await openTable(createReadStream(file))
  const onFault = () => undefined
  await pipeline(table.rows({ delimiter: ',', cells: names.length, onFault }), createWriteStream(numbered))
  return { file, numbered }
}

interface Run {
  readonly milliseconds: number
  readonly peakMiB: number
  readonly phases?: Readonly<Record<'copying' | 'checking' | 'writing', number>>
  readonly counts?: Readonly<Record<string, number>>
}

async function child(mode: 'stage' | 'import', url: string, file: string): Promise<Run> {
  const { stdout } = await run(process.execPath, [path.join(projectFolder, 'benchmarks', 'intake.child.mjs'), mode, url, file], { cwd: projectFolder })
  return JSON.parse(stdout) as Run // what the child prints
}

/** Milliseconds of \copy alone, into the same table, as psql itself times it. */
async function psqlCopy(url: string, numbered: string): Promise<number> {
  const columns = ['line', ...names.map((name) => `"${name}"`)].join(', ')
  const script = ['BEGIN;', `${stagingTable};`, '\\timing on', `\\copy arm_level_row (${columns}) FROM '${numbered}' (FORMAT csv)`, '\\timing off', 'ROLLBACK;']
  const scriptFile = path.join(folder, 'copy.sql')
  await writeFile(scriptFile, script.join('\n'))
  const { stdout } = await run('psql', ['-X', '-v', 'ON_ERROR_STOP=1', '-f', scriptFile, url], { env: { ...process.env, LC_ALL: 'C' } })
  const milliseconds = /Time: ([\d.]+) ms/.exec(stdout)?.[1]
  if (milliseconds === undefined || !stdout.includes(`COPY ${rowCount}`)) throw new Error(`psql did not copy ${rowCount} rows:\n${stdout}`)
  return Number(milliseconds)
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN
const perSecond = (milliseconds: number) => Math.round((rowCount / milliseconds) * 1_000).toLocaleString('en')
const seconds = (milliseconds: number) => (milliseconds / 1_000).toFixed(1)
const spread = (values: readonly number[]) => `${seconds(Math.min(...values))}–${seconds(Math.max(...values))}`

const machine = machineInWords()
const { file, numbered } = await provideFiles()
const postgres = await startBenchPostgres(say)
try {
  const url = await provideCorpus(postgres.url)
  const [ours, psqls, peaks]: [number[], number[], number[]] = [[], [], []]
  for (let round = 0; round < rounds; round++) {
    const staged = await child('stage', url, file)
    ours.push(staged.milliseconds)
    peaks.push(staged.peakMiB)
    psqls.push(await psqlCopy(url, numbered))
    say(`round ${round + 1}: staged in ${seconds(ours.at(-1) ?? NaN)} s (${staged.peakMiB} MiB), \\copy in ${seconds(psqls.at(-1) ?? NaN)} s`)
  }
  const whole = await child('import', url, file)
  const again = await child('import', url, file)
  const { size } = await stat(file)
  const phase = (one: Run) => {
    const { copying = 0, checking = 0, writing = 0 } = one.phases ?? {}
    return `${seconds(checking - copying)} | ${seconds(writing - checking)} | ${seconds(one.milliseconds - writing)} | ${seconds(one.milliseconds)} | ${perSecond(one.milliseconds)} | ${one.peakMiB}`
  }
  const date = new Date().toISOString().slice(0, 10)
  const report = [
    `# Benchmark of the import of arm-level results, ${date}`,
    '',
    machine,
    '',
    `${rowCount.toLocaleString('en')} rows of ${names.length} columns, ${Math.round(size / 1e6)} MB, of ${Math.ceil(rowCount / 20).toLocaleString('en')} studies. \`npm run bench:intake\`.`,
    '',
    '## Staging beside psql',
    '',
    `The file read, its records told apart and numbered, and copied into the staging table; beside it \`\\copy\` of psql of the same rows, numbered beforehand, into the same table. Alternating, ${rounds} times each, every run in a process and a transaction of its own.`,
    '',
    '| | median s | from–to | rows/s | peak memory of the process, MiB |',
    '|---|---|---|---|---|',
    `| import-results | ${seconds(median(ours))} | ${spread(ours)} | ${perSecond(median(ours))} | ${Math.max(...peaks)} |`,
    `| psql \\copy | ${seconds(median(psqls))} | ${spread(psqls)} | ${perSecond(median(psqls))} | – |`,
    '',
    `Staging has ${(median(psqls) / median(ours)).toFixed(2)} of the speed of \\copy.`,
    '',
    '## The whole import, to drafts',
    '',
    'Staged, checked in sets, studies put together, validated and kept as drafts, in one transaction; then the same file once more, of which every study is a draft already.',
    '',
    '| | copying s | checking s | drafts s | all s | rows/s | peak memory, MiB |',
    '|---|---|---|---|---|---|---|',
    `| new | ${phase(whole)} |`,
    `| again | ${phase(again)} |`,
    '',
    `Of the first: added ${whole.counts?.['ADDED'] ?? 0}, refused ${whole.counts?.['REFUSED'] ?? 0}; of the second: skipped ${again.counts?.['SKIPPED'] ?? 0}, changed ${again.counts?.['CHANGED'] ?? 0}.`,
  ]
  const reportFile = path.join(projectFolder, 'docs', 'benchmarks', `${date}-intake.md`)
  await writeFile(reportFile, `${report.join('\n')}\n`)
  say(`\n${report.join('\n')}\n\nwritten to ${path.relative(projectFolder, reportFile)}`)
} finally {
  await postgres.stop()
}
