// npm run bench:soak -- --minutes 10: a mixed, bounded load on one service; its memory every minute, and whether it grew.
import { parseArgs } from 'node:util'
import autocannon from 'autocannon'
import type { ChildProcess } from 'node:child_process'
import { openDatabase } from '../src/database/client.js'
import { machineInWords, provideGenerated, sizes, startBenchPostgres } from './data.js'
import { known } from './known.js'
import { child, connections } from './measure.js'
import { operations } from './operations.js'
import { recorder } from './recorded.js'

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' }, rate: { type: 'string', default: '60' } } })
const [minutes, rate] = [Number(values.minutes), Number(values.rate)]
if (!(minutes > 0) || !(rate > 0)) throw new RangeError(`minutes and rate must be above 0, got ${values.minutes} and ${values.rate}`)
const say = (line: string) => void process.stdout.write(`${line}\n`)
/** Caches fill and code is compiled before this; growth is judged after. */
const settledAfter = 0.3
/** What garbage collection leaves lying about differs by so much from minute to minute. */
const toleratedMiB = 16

interface Memory {
  readonly minute: number
  readonly heapMiB: number
  readonly residentMiB: number
  readonly answered: number
}

say(machineInWords())
const embedded = await startBenchPostgres(say)
let service: ChildProcess | undefined
try {
  const url = await provideGenerated(embedded.url, 'large', sizes.large, say)
  const database = openDatabase({ url })
  const { ask } = await recorder(database)
  const all = operations(await known(database, ask, sizes.large))
  await database.close()
  const started = await child('service.mjs', [url], { execArgv: ['--expose-gc'] })
  service = started.process
  // Askings in an order that mixes operations, as many of each as of the others.
  const mixed = Array.from({ length: 1_200 }, (_, index) => {
    const { query, variables } = all[index % all.length] ?? { query: '', variables: [] }
    return {
      method: 'POST' as const,
      path: '/graphql',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: variables[index % variables.length] }),
    }
  })
  const memories: Memory[] = [await memoryOf(service, 0)]
  say(
    `minute 0: heap ${memories[0]?.heapMiB.toFixed(1)} MiB, resident ${memories[0]?.residentMiB.toFixed(0)} MiB; ${rate} requests a second at most, ${connections} connections`,
  )
  const running = autocannon({ url: `http://127.0.0.1:${started.port}`, connections, overallRate: rate, duration: minutes * 60, requests: mixed })
  for (let minute = 1; minute <= minutes; minute++) {
    await Promise.race([new Promise((resolve) => setTimeout(resolve, 60_000)), running])
    const memory = await memoryOf(service, minute)
    memories.push(memory)
    say(`minute ${minute}: heap ${memory.heapMiB.toFixed(1)} MiB, resident ${memory.residentMiB.toFixed(0)} MiB, ${memory.answered} answered`)
  }
  const { non2xx, errors, timeouts } = await running
  const settled = memories.filter(({ minute }) => minute >= minutes * settledAfter)
  const [heap, resident] = [growth(settled, ({ heapMiB }) => heapMiB), growth(settled, ({ residentMiB }) => residentMiB)]
  say(`failed: ${non2xx + errors + timeouts}`)
  say(`from minute ${settled[0]?.minute} on, by a straight line: heap ${heap.toFixed(2)} MiB a minute, resident ${resident.toFixed(2)} MiB a minute`)
  const grew = heap * (settled.length - 1) > toleratedMiB
  say(grew ? `the heap grew by more than ${toleratedMiB} MiB` : `the heap did not grow by more than ${toleratedMiB} MiB`)
  process.exitCode = grew ? 1 : 0
} finally {
  service?.kill()
  await embedded.stop()
}

/** After a collection of garbage. */
async function memoryOf(of: ChildProcess, minute: number): Promise<Memory> {
  const told = new Promise<{ heapUsed: number; rss: number; answered: number }>((resolve) => of.once('message', (message) => resolve(message as never))) // what service.mjs sends
  of.send('memory')
  const { heapUsed, rss, answered } = await told
  return { minute, heapMiB: heapUsed / 2 ** 20, residentMiB: rss / 2 ** 20, answered }
}

/** Slope of the least-squares line, MiB a minute. */
function growth(memories: readonly Memory[], of: (memory: Memory) => number): number {
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length
  const [time, size] = [mean(memories.map(({ minute }) => minute)), mean(memories.map(of))]
  const spread = memories.reduce((sum, { minute }) => sum + (minute - time) ** 2, 0)
  return memories.reduce((sum, memory) => sum + (memory.minute - time) * (of(memory) - size), 0) / spread
}
