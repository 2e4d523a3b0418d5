// npm run bench:scale: what each operation costs over 10,000 to 10,000,000 effects; generates the data, measures, writes a report and deletes them.
import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import sql from 'sql-template-tag'
import { openDatabase } from '../src/database/client.js'
import { rows } from '../src/database/query.js'
import { startService } from './contenders.js'
import { machineInWords, provideGenerated, scaleFolder, sizes, startScalePostgres } from './data.js'
import { known } from './known.js'
import { load, median, middle, postmasterOf, type Measured } from './measure.js'
import { operationNames, operations, type OperationName } from './operations.js'
import { recorder } from './recorded.js'
import { figure } from './report.js'

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3)
const seconds = Number(process.env['BENCH_SECONDS'] ?? 2)
const keep = process.env['BENCH_KEEP'] === 'true'
const projectFolder = fileURLToPath(new URL('..', import.meta.url))
const say = (line: string) => void process.stdout.write(`${line}\n`)
const scale = ['tiny', 'small', 'large', 'huge'] as const
type Step = (typeof scale)[number]
/** What finds a bounded number of rows by an index, whatever the data hold: its cost should not grow. */
const selective: ReadonlySet<OperationName> = new Set([
  'evidence page, condition and form',
  'evidence page, rare filter',
  'evidence page, common filter by benefit',
  'deep page (after 100,000 rows)',
  'study page, everything nested',
  'join of 100 DOIs',
  '_entities of 200 keys',
])

const machine = machineInWords()
const embedded = await startScalePostgres(say)
try {
  // The largest first: it needs the room that its making takes.
  const urls = new Map<Step, string>()
  for (const step of [...scale].reverse()) urls.set(step, await provideGenerated(embedded.url, 'scale', sizes[step], say))
  const costs = new Map<Step, Map<OperationName, Measured>>()
  const volumes = new Map<Step, string>()
  for (const step of scale) {
    costs.set(step, await measure(urls.get(step) ?? '', step))
    volumes.set(step, await volumeOf(urls.get(step) ?? ''))
  }
  const date = new Date().toISOString().slice(0, 10)
  const report = [`# Cost by the number of effects, ${date}`, '', machine, '', ...told(costs, volumes)]
  const file = path.join(projectFolder, 'docs', 'benchmarks', `${date}-scale.md`)
  await writeFile(file, `${report.join('\n')}\n`)
  say(`\n${report.join('\n')}\n\nwritten to ${path.relative(projectFolder, file)}`)
} finally {
  await embedded.stop()
  if (!keep) await rm(scaleFolder, { recursive: true, force: true })
}

async function measure(url: string, step: Step): Promise<Map<OperationName, Measured>> {
  const database = openDatabase({ url })
  const { ask } = await recorder(database)
  const all = operations(await known(database, ask, sizes[step]))
  await database.close()
  const service = await startService(url, 'service', 0)
  const measured = new Map<OperationName, Measured>()
  try {
    for (const operation of all) {
      if (operation.variables.length === 0) continue
      const askings = operation.variables.map((_, index) => service.asking(operation, index))
      const round = () => load(service, postmasterOf(scaleFolder), askings, { seconds, clients: 1 })
      await round()
      const measuredRounds: Measured[] = []
      for (let index = 0; index < rounds; index++) measuredRounds.push(await round())
      measured.set(operation.name, median(measuredRounds))
      say(`${sizes[step].effects} effects, ${operation.name}: ${figure(time(measured.get(operation.name)))} ms`)
    }
  } finally {
    service.process.kill()
  }
  return measured
}

async function volumeOf(url: string): Promise<string> {
  const database = openDatabase({ url, poolSize: 1 })
  const [volume] = await rows<{ size: string }>(database, sql`SELECT pg_size_pretty(pg_database_size(current_database())) AS size`).finally(() =>
    database.close(),
  )
  return volume?.size ?? ''
}

/** Processor time of the server and of Postgres for a request, ms. */
function cost(measured: Measured | undefined): number {
  return measured === undefined ? NaN : measured.serverCpuMs + measured.databaseCpuMs
}

/** With one connection, the mean time of an answer, ms. */
function time(measured: Measured | undefined): number {
  return measured === undefined ? NaN : 1_000 / measured.requestsPerSecond
}

function told(costs: ReadonlyMap<Step, ReadonlyMap<OperationName, Measured>>, volumes: ReadonlyMap<Step, string>): string[] {
  const thousands = (value: number) => value.toLocaleString('en')
  const of = (name: OperationName, step: Step) => costs.get(step)?.get(name)
  const growths = operationNames.filter((name) => selective.has(name)).map((name) => cost(of(name, 'huge')) / cost(of(name, 'small')))
  return [
    `Each number of effects has a tenth as many studies. One connection, so that nothing waits for anything else; ${rounds} rounds of ${seconds} s after a warm-up, medians; kept answers off. The first figure is the mean time of an answer; cost is processor time of service and Postgres for a request, which other work on the machine does not lengthen by waiting. \`npm run bench:scale\`.`,
    `On disk: ${scale.map((step) => `${thousands(sizes[step].effects)} effects ${volumes.get(step)}`).join(', ')}; of the largest only the read model is kept.`,
    '',
    `| operation | ${scale.map((step) => `${thousands(sizes[step].effects)}: ms | cost ms`).join(' | ')} | cost of 10 M ÷ 1 M | ÷ 100 k | ÷ 10 k | |`,
    `|---|${scale.map(() => '---|---|').join('')}---|---|---|---|`,
    ...operationNames.map((name) => {
      const cells = scale.flatMap((step) => [figure(time(of(name, step))), figure(cost(of(name, step)))])
      const ratios = (['large', 'small', 'tiny'] as const).map((step) => figure(cost(of(name, 'huge')) / cost(of(name, step))))
      return `| ${[name, ...cells, ...ratios, selective.has(name) ? 'selective' : ''].join(' | ')} |`
    }),
    '',
    `Selective operations cost ${figure(Math.min(...growths))} to ${figure(Math.max(...growths))} times as much over 10 M effects as over 100,000, ${figure(middle(growths))} in the middle; the aim was 1.5 at most.`,
  ]
}
