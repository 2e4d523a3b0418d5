// The limit: node:http, the statements that the service runs, prepared, and plain loops that make the same answer of their rows: node benchmarks/limit <url> <statements.json>
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import pg from 'pg'
import { answers } from './answers.mjs'

const [url = '', file = ''] = process.argv.slice(2)
/** By operation and asking: the statements in their order, and the operation's variables. */
const recorded = JSON.parse(readFileSync(file, 'utf8'))
const pool = new pg.Pool({ connectionString: url, max: 10 })
const answer = await answers(pool)

const server = createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    void (async () => {
      const { operation, asking } = JSON.parse(Buffer.concat(chunks).toString())
      const body = JSON.stringify({ data: await answer(recorded[operation], asking) })
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body)
    })().catch((error) => response.writeHead(500).end(String(error)))
  })
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }))
process.on('SIGTERM', () => process.exit(0))
process.on('disconnect', () => process.exit(0))
