import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { callTool } from '../support/assistant.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'

let clone: ClonedDatabase
beforeAll(async () => {
  clone = await cloneDatabase()
})
afterAll(() => clone?.drop())

const environment = () => ({ PATH: process.env['PATH'] ?? '', DATABASE_URL: clone.url })
const command = ['dist/cli.js', 'mcp']

test('an assistant on the same machine is answered from tools, with certainty and sources', async () => {
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(new StdioClientTransport({ command: process.execPath, args: command, env: environment(), stderr: 'ignore' }))
  try {
    expect((await client.listTools()).tools.length).toBe(7)
    const { data, text } = await callTool(client, 'synthesize', { condition: 'migraine', form: 'magnesium oxide', comparison: 'INACTIVE' })
    expect([data.pooled, data.certainty.level, data.contributions.length > 0]).toEqual([true, expect.any(String), true])
    // There is no host: addresses are those below whichever service has the same data.
    expect(data.provenance.page).toMatch(/^\/synthesis\?/)
    expect(text).toMatch(/Evidence, not advice\.$/)
    const refused = await callTool(client, 'find_evidence', { condition: 'migrane' })
    expect([refused.isError, refused.error]).toEqual([true, expect.objectContaining({ reason: 'UNKNOWN_TERM' })])
  } finally {
    await client.close()
  }
})

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'by hand', version: '1' } },
}

function start() {
  const child = spawn(process.execPath, command, { env: environment(), stdio: ['pipe', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => (output += part))
  child.stderr.setEncoding('utf8').on('data', (part: string) => (errors += part))
  const ended = once(child, 'close').then(([code, signal]) => ({ code: code as number | null, signal: signal as string | null, output, errors })) // what close carries
  const lines = async (count: number) => {
    while (output.split('\n').length <= count)
      await Promise.race([once(child.stdout, 'data'), ended.then(() => Promise.reject(new Error(`ended early: ${errors}`)))])
  }
  return { child, ended, lines }
}

test('standard output holds messages alone, and the end of the input ends the command', async () => {
  const { child, ended, lines } = start()
  child.stdin.write(`${JSON.stringify(initialize)}\n`)
  await lines(1)
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`)
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'find_terms', arguments: { text: 'migraine' } } })}\n`)
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 3, method: 'tools/destroy' })}\n`)
  await lines(3)
  child.stdin.end()
  const { code, output, errors } = await ended
  expect([code, errors]).toEqual([0, expect.stringContaining('answering on standard input and output')])
  const messages = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { jsonrpc: string; id: number; result?: unknown; error?: { code: number } })
  expect(messages.map(({ jsonrpc, id }) => [jsonrpc, id]).sort()).toEqual([
    ['2.0', 1],
    ['2.0', 2],
    ['2.0', 3],
  ])
  expect(messages.find(({ id }) => id === 3)?.error?.code).toBe(-32_601)
})

test('what a pipe held is answered though it has ended, and so is what is no message', async () => {
  const { child, ended } = start()
  const calls = [2, 3, 4].map((id) => ({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: 'find_evidence', arguments: { condition: 'migraine', limit: 5 } },
  }))
  child.stdin.end(
    ['no JSON', '[]', '{ "no": "message", "id": 9 }', '', ...[initialize, ...calls].map((message) => JSON.stringify(message))]
      .map((line) => `${line}\n`)
      .join(''),
  )
  const { code, output } = await ended
  const answered = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: number | null; result?: { structuredContent?: unknown }; error?: { code: number } })
  const refused = answered.filter(({ error }) => error !== undefined).map(({ id, error }) => [id, error?.code])
  expect([code, refused]).toEqual([
    0,
    [
      [null, -32_700],
      [null, -32_600],
      [9, -32_600],
    ],
  ])
  const results = answered.filter(({ result }) => result !== undefined)
  expect(results.map(({ id }) => id).sort()).toEqual([1, 2, 3, 4])
  for (const { id, result } of results) expect(id === 1 || result?.structuredContent !== undefined).toBe(true)
})

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it', async (signal) => {
  const { child, ended, lines } = start()
  child.stdin.write(`${JSON.stringify(initialize)}\n`)
  await lines(1)
  child.kill(signal)
  expect(await ended).toMatchObject({ code: 0, signal: null })
})
