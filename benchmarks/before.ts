// npm run bench:before -- <checkout>: this checkout beside an earlier one that is built, each over data of its own generator, round about round; writes a report.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { realpath, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { machineInWords, sizes } from './data.js'
import { load, median, type Asking, type Measured, type Server } from './measure.js'

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 7)
const seconds = Number(process.env['BENCH_SECONDS'] ?? 2)
const only = process.env['BENCH_ONLY']?.split(';')
const sizeName = process.env['BENCH_SIZE'] === 'large' ? 'large' : 'small'
const projectFolder = fileURLToPath(new URL('..', import.meta.url))
const say = (line: string) => void process.stdout.write(`${line}\n`)

/** Run in a checkout: its Postgres, its data, its service; tells where they are and what to ask, and stays until its input ends. */
const side = `
  import path from 'node:path'
  import { readFileSync } from 'node:fs'
  const load = (file) => import(path.resolve('benchmarks', file))
  const { openDatabase } = await import(path.resolve('src/database/client.ts'))
  const { provideGenerated, sizes, startBenchPostgres, postgresFolder } = await load('data.ts')
  const [{ known }, { operations }, { recorder }, { startService }] = [await load('known.ts'), await load('operations.ts'), await load('recorded.ts'), await load('contenders.ts')]
  const say = (line) => console.error(line)
  const embedded = await startBenchPostgres(say)
  const url = await provideGenerated(embedded.url, '${sizeName}', sizes['${sizeName}'], say)
  const database = openDatabase({ url })
  const { ask } = await recorder(database)
  const all = operations(await known(database, ask, sizes['${sizeName}']))
  await database.close()
  const service = await startService(url, 'service', 0)
  const postmaster = Number(readFileSync(path.join(postgresFolder, 'postmaster.pid'), 'utf8').split('\\n')[0])
  const askings = all.filter(({ variables }) => variables.length > 0).map((operation) => ({ name: operation.name, askings: operation.variables.map((_, index) => service.asking(operation, index)) }))
  console.log(JSON.stringify({ url: service.url, pid: service.pid, postmaster, askings }))
  process.stdin.resume().on('end', async () => { service.process.kill(); await embedded.stop(); process.exit(0) })
`

interface Side extends Server {
  readonly postmaster: number
  readonly askings: readonly { readonly name: string; readonly askings: readonly Asking[] }[]
}

async function started(folder: string): Promise<Side & { stop(): Promise<void> }> {
  const process_ = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', side], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = (await Promise.race([once(createInterface(process_.stdout), 'line'), once(process_, 'exit').then(() => [undefined])])) as [string | undefined] // a line of text, or none
  if (line === undefined) throw new Error(`${folder}: the service did not start`)
  const stop = async () => {
    process_.stdin.end()
    await once(process_, 'exit')
  }
  return { ...(JSON.parse(line) as Side), stop } // as the script above writes it
}

const revisionOf = async (folder: string) => (await promisify(execFile)('git', ['rev-parse', '--short', 'HEAD'], { cwd: folder })).stdout.trim()

const [given] = process.argv.slice(2)
if (given === undefined) {
  say('usage: npm run bench:before -- <checkout of an earlier commit, with its packages and its build>')
  process.exit(2)
}
const earlierFolder = await realpath(given)
const machine = machineInWords()
const [earlier, present] = [await started(earlierFolder), await started(projectFolder)]
try {
  const lines: string[] = []
  for (const { name, askings } of present.askings) {
    const before = earlier.askings.find((one) => one.name === name)?.askings
    if (before === undefined || (only !== undefined && !only.some((part) => name.includes(part)))) continue
    const asked = [
      { side: earlier, askings: before, measured: [] as Measured[] },
      { side: present, askings, measured: [] as Measured[] },
    ] as const
    for (const { side: of, askings: own } of asked) await load(of, of.postmaster, own, { seconds })
    // The order changes with every round, so that neither always follows the other.
    for (let round = 0; round < rounds; round++)
      for (const one of round % 2 === 0 ? asked : asked.toReversed()) one.measured.push(await load(one.side, one.side.postmaster, one.askings, { seconds }))
    const ratios = asked[1].measured
      .map(({ requestsPerSecond }, round) => requestsPerSecond / Number(asked[0].measured[round]?.requestsPerSecond))
      .sort((a, b) => a - b)
    const [was, is] = asked.map(({ measured }) => median(measured))
    if (was === undefined || is === undefined) throw new Error('both were measured')
    const middle = Number(ratios[ratios.length >> 1])
    const cells = [
      name,
      was.requestsPerSecond.toFixed(1),
      is.requestsPerSecond.toFixed(1),
      `${middle.toFixed(2)} (${Number(ratios[0]).toFixed(2)} to ${Number(ratios.at(-1)).toFixed(2)})`,
    ]
    const cpu = [was, is].map(({ serverCpuMs, databaseCpuMs }) => `${serverCpuMs.toFixed(2)} + ${databaseCpuMs.toFixed(2)}`)
    lines.push(`| ${[...cells, ...cpu, String(was.failed + is.failed)].join(' | ')} |`)
    say(lines.at(-1) ?? '')
  }
  const date = new Date().toISOString().slice(0, 10)
  const report = [
    `# This state beside an earlier one, ${date}`,
    '',
    machine,
    '',
    `${await revisionOf(earlierFolder)} before, ${await revisionOf(projectFolder)} now; ${sizes[sizeName].effects.toLocaleString('en')} effects of one seed by each one's generator, with the corpus of each. 8 connections, ${rounds} rounds of ${seconds} s after a warm-up, one side after the other; kept answers off. \`npm run bench:before\`.`,
    '',
    '| operation | before, requests/s | now | now ÷ before: median of the rounds (least to greatest) | CPU before, service + Postgres, ms | CPU now | failed |',
    '|---|---|---|---|---|---|---|',
    ...lines,
  ]
  const file = path.join(projectFolder, 'docs', 'benchmarks', `${date}-before.md`)
  await writeFile(file, `${report.join('\n')}\n`)
  say(`written to ${path.relative(projectFolder, file)}`)
} finally {
  await Promise.all([earlier.stop(), present.stop()])
}
