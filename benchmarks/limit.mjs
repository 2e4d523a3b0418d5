// The limit: node:http, the statements that the service runs, prepared, their rows as JSON: node benchmarks/limit <url> <port> <statements.json>
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import pg from 'pg'

const [url = '', port = '0', file = ''] = process.argv.slice(2)
/** By operation and asking: the statements in their order. */
const statements = JSON.parse(readFileSync(file, 'utf8'))
const pool = new pg.Pool({ connectionString: url, max: 10 })

createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    void (async () => {
      const { operation, asking } = JSON.parse(Buffer.concat(chunks).toString())
      const results = []
      for (const statement of statements[operation]?.[asking] ?? []) results.push((await pool.query(statement)).rows)
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(results))
    })()
  })
}).listen(Number(port), '127.0.0.1', () => process.send?.('ready'))
process.on('SIGTERM', () => process.exit(0))
