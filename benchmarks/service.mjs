// The service over a database that is there already, without importing anything into it: node benchmarks/service <url> <port>
import { openDatabase } from '../dist/database/client.js'
import { contextSource } from '../dist/dataset/contextSource.js'
import { registerDownloads } from '../dist/download/downloads.http.js'
import { createApp } from '../dist/http/app.js'
import { buildServiceSchema } from '../dist/schema.js'

const [url = '', port = '0'] = process.argv.slice(2)
const database = openDatabase({ url, poolSize: 10 })
const [schema, contextFor] = [buildServiceSchema(), contextSource(database)]
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
  addRoutes: (routes) => registerDownloads(routes, { schema, contextFor }),
  isReady: () => Promise.resolve({ ready: true, reasons: [] }),
  examples: [],
})
await app.listen({ host: '127.0.0.1', port: Number(port) })
// Whoever measures asks for the most memory that was used, KiB.
process.on('message', () => process.send?.(process.resourceUsage().maxRSS))
process.on('SIGTERM', () => process.exit(0))
process.send?.('ready')
