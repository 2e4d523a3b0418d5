import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { buildSchema } from 'graphql'
import { openDatabase } from '../../src/database/client.js'
import { contextSource } from '../../src/replicas/contextSource.js'
import { Replicas } from '../../src/replicas/replicas.js'
import { createApp } from '../../src/http/app.js'

/** Nobody listens on port 1. */
const database = openDatabase({ url: 'postgresql://nobody:nothing@127.0.0.1:1/none' })
const logged: string[] = []
let app: FastifyInstance
let url: string
beforeAll(async () => {
  app = await createApp({
    config: { corsOrigins: ['https://dashboard.example'], bodyLimitBytes: 10_000, logLevel: 'info', introspection: true, resultCacheBytes: 0 },
    schema: buildSchema('type Query { word(of: String): String }'),
    contextFor: contextSource(new Replicas(database)),
    isReady: () => Promise.resolve({ ready: false, reasons: ['the database does not answer'] }),
    examples: [],
    logTo: { write: (line) => void logged.push(line) },
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}` // listening on TCP, so the address has a port
})
afterAll(async () => {
  await app.close()
  await database.close()
})
beforeEach(() => void logged.splice(0))

const post = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })

test('without its database the service says so to the caller, and the whole to its log', async () => {
  const response = await post({ query: '{ word }' }, { 'x-request-id': 'asked-1' })
  expect(response.status).toBe(503)
  expect(await response.json()).toEqual({
    errors: [{ message: 'the database does not answer; try again shortly', extensions: { code: 'SERVICE_UNAVAILABLE', requestId: 'asked-1' } }],
  })
  expect(logged.map((line) => JSON.parse(line) as object)).toContainEqual(
    expect.objectContaining({ reqId: 'asked-1', msg: 'request failed', err: expect.objectContaining({ code: 'ECONNREFUSED' }) }),
  )
})

test('it lives, but is not ready', async () => {
  expect((await fetch(`${url}/health/live`)).status).toBe(200)
  const ready = await fetch(`${url}/health/ready`)
  expect([ready.status, await ready.json()]).toEqual([503, { status: 'not ready', reasons: ['the database does not answer'] }])
})

test('values of variables stay out of the log, asked by GET or by POST', async () => {
  const query = 'query Secret($of: String) { word(of: $of) }'
  await fetch(`${url}/graphql?${new URLSearchParams({ query, variables: '{"of":"hush"}' })}`)
  await post({ query, variables: { of: 'hush' } })
  expect(logged.join('')).toContain('"path":"/graphql"')
  expect(logged.join('')).not.toContain('hush')
})

test('where origins are named, pages of others are not let in', async () => {
  const allowed = async (origin: string) => (await fetch(`${url}/health/live`, { headers: { origin } })).headers.get('access-control-allow-origin')
  expect(await allowed('https://dashboard.example')).toBe('https://dashboard.example')
  expect(await allowed('https://elsewhere.example')).toBeNull()
})
