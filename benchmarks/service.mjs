// The service over a database that is there already, without importing anything into it: node benchmarks/service <url>
import { openDatabase } from '../dist/database/client.js'
import { contextSource } from '../dist/replicas/contextSource.js'
import { Replicas } from '../dist/replicas/replicas.js'
import { registerDownloads } from '../dist/download/downloads.http.js'
import { createApp } from '../dist/http/app.js'
import { buildServiceSchema } from '../dist/schema.js'
import { Session } from 'node:inspector/promises'

const [url = ''] = process.argv.slice(2)
const database = openDatabase({ url, poolSize: 10 })
const replicaUrls = process.env['DATABASE_REPLICA_URLS']?.split(',') ?? []
const replicas = Object.fromEntries(replicaUrls.map((of, index) => [`replica ${index + 1}`, openDatabase({ url: of, poolSize: 10 })]))
const [schema, contextFor] = [buildServiceSchema(), contextSource(new Replicas(database, { replicas }))]
const app = await createApp({
  config: {
    corsOrigins: '*',
    bodyLimitBytes: 1_000_000,
    logLevel: 'silent',
    introspection: true,
    resultCacheBytes: Number(process.env['RESULT_CACHE_BYTES'] ?? 0),
  },
  schema,
  contextFor,
  addRoutes: (routes) => void registerDownloads(routes, { schema, contextFor }),
  isReady: () => Promise.resolve({ ready: true, reasons: [] }),
  examples: [],
})
let answered = 0
app.addHook('onResponse', async () => void (answered += 1))
await app.listen({ host: '127.0.0.1', port: 0 })
const profiler = new Session()
const everythingAllocated = { samplingInterval: 16_384, includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true }
const sizeOf = ({ selfSize, children }) => children.reduce((sum, child) => sum + sizeOf(child), selfSize)

/** What whoever measures can ask for. */
const told = {
  /** The most memory that was used, KiB. */
  peak: () => process.resourceUsage().maxRSS,
  /** After a collection of garbage, bytes; needs --expose-gc. */
  memory: () => {
    globalThis.gc?.()
    const { heapUsed, external, rss } = process.memoryUsage()
    return { heapUsed, external, rss, answered }
  },
  'start counting allocations': async () => {
    answered = 0
    profiler.connect()
    await profiler.post('HeapProfiler.startSampling', everythingAllocated)
  },
  'stop counting allocations': async () => {
    const { profile } = await profiler.post('HeapProfiler.stopSampling')
    profiler.disconnect()
    return { bytes: sizeOf(profile.head), requests: answered }
  },
}
process.on('message', (what) => void Promise.resolve(told[what]()).then((answer) => answer === undefined || process.send?.(answer)))
process.on('SIGTERM', () => process.exit(0))
process.send?.({ port: app.server.address().port })
process.on('disconnect', () => process.exit(0))
