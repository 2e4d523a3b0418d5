// npm run bench: generates the data where they are not there yet, measures the service beside the limit, writes a report.
import { fork, spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { graphql } from 'graphql'
import sql from 'sql-template-tag'
import { openDatabase, type Database } from '../src/database/client.js'
import { freePort } from '../src/database/embedded.js'
import { rows } from '../src/database/query.js'
import { findDataRevision } from '../src/dataset/dataset.queries.js'
import { contextOver, RevisionMemo } from '../src/graphql/context.js'
import { buildServiceSchema } from '../src/schema.js'
import { machineInWords, provideGenerated, sizes, startBenchPostgres } from './data.js'
import type { Size } from './generate.js'
import { operations, type Operation, type Vocabulary } from './operations.js'

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3)
const secondsPerRound = Number(process.env['BENCH_SECONDS'] ?? 5)
const connections = 8
const projectFolder = fileURLToPath(new URL('..', import.meta.url))
const schema = buildServiceSchema()
const say = (line: string) => void process.stdout.write(`${line}\n`)

interface Statement {
  readonly name: string
  readonly text: string
  readonly values: unknown[]
}

interface Measured {
  readonly requestsPerSecond: number
  readonly p50: number
  readonly p99: number
  readonly failed: number
}

const embedded = await startBenchPostgres(say)
try {
  const report = [`# Benchmark of ${new Date().toISOString().slice(0, 10)}`, '', ...machine(), '']
  const largeUrl = await provideGenerated(embedded.url, 'large', sizes.large, say)
  const smallUrl = await provideGenerated(embedded.url, 'small', sizes.small, say)
  const large = await measureAll(largeUrl, sizes.large)
  report.push(...comparison(large), '')
  const small = await measureAll(smallUrl, sizes.small, ['evidence page, condition and form', 'evidence page, rare filter', 'join of 100 DOIs', 'study page'])
  report.push(...growth(small, large), '', ...(await startTimes()))
  const file = path.join(projectFolder, 'docs', 'benchmarks', `${new Date().toISOString().slice(0, 10)}.md`)
  await writeFile(file, `${report.join('\n')}\n`)
  say(`\n${report.join('\n')}\n\nwritten to ${path.relative(projectFolder, file)}`)
} finally {
  await embedded.stop()
}

interface Result {
  readonly operation: Operation
  readonly statements: number
  readonly service: Measured
  readonly limit: Measured
}

async function measureAll(url: string, size: Size, only?: readonly string[]): Promise<Result[]> {
  const database = openDatabase({ url })
  const { operations: all, recorded } = await record(database, size, only)
  await database.close()
  const statementsFile = path.join(os.tmpdir(), `bench-statements-${process.pid}.json`)
  await writeFile(statementsFile, JSON.stringify(recorded))
  const servicePort = await freePort()
  const limitPort = await freePort()
  const service = await child('service.mjs', [url, String(servicePort)])
  const limit = await child('limit.mjs', [url, String(limitPort), statementsFile])
  const results: Result[] = []
  try {
    for (const [index, operation] of all.entries()) {
      const asked = operation.variables.map((variables) => JSON.stringify({ query: operation.query, variables }))
      const same = operation.variables.map((_, asking) => JSON.stringify({ operation: index, asking }))
      await load(`http://127.0.0.1:${servicePort}/graphql`, asked, 2)
      await load(`http://127.0.0.1:${limitPort}/`, same, 2)
      const ofService: Measured[] = []
      const ofLimit: Measured[] = []
      for (let round = 0; round < rounds; round++) {
        ofService.push(await load(`http://127.0.0.1:${servicePort}/graphql`, asked, secondsPerRound))
        ofLimit.push(await load(`http://127.0.0.1:${limitPort}/`, same, secondsPerRound))
      }
      const result = {
        operation,
        statements: Math.max(...(recorded[index] ?? []).map((statements) => statements.length)),
        service: median(ofService),
        limit: median(ofLimit),
      }
      say(`${operation.name}: ${Math.round(result.service.requestsPerSecond)}/s, limit ${Math.round(result.limit.requestsPerSecond)}/s`)
      results.push(result)
    }
  } finally {
    service.kill()
    limit.kill()
    await rm(statementsFile)
  }
  return results
}

/** The operations with their variables, and the statements that each asking sends when what is kept in memory is warm. */
async function record(database: Database, size: Size, only?: readonly string[]): Promise<{ operations: Operation[]; recorded: Statement[][][] }> {
  const memo = new RevisionMemo(database, await findDataRevision(database))
  let sent: Statement[] | undefined
  database.pool.on('connect', (client) => {
    const send = client.query.bind(client) as (...given: unknown[]) => unknown // one signature for all of query's overloads
    client.query = ((...given: unknown[]) => {
      const [statement] = given
      if (sent !== undefined && typeof statement === 'object' && statement !== null && 'text' in statement) {
        const { text, values = [] } = statement as { text: string; values?: unknown[] } // a query config
        sent.push({ name: `s${hash(text)}`, text, values })
      }
      return send(...given)
    }) as typeof client.query
  })
  const ask = async (query: string, variables: Record<string, unknown>) => {
    const { data, errors } = await graphql({ schema, source: query, variableValues: variables, contextValue: contextOver(memo) })
    if (errors) throw new Error(`${errors[0]?.message} in ${query}`)
    return data as Record<string, unknown> // no errors, so there are data
  }
  const vocabulary = await frequentTerms(database)
  const studyPages = await rows<{ slug: string }>(database, sql`SELECT slug FROM study_row WHERE study_id >= 1000000 ORDER BY study_id LIMIT 150`)
  const all = operations(vocabulary, await deepCursors(database, ask, size), size.studies)
    .map((operation) => (operation.name === 'study page' ? { ...operation, variables: studyPages.map(({ slug }) => ({ slug })) } : operation))
    .filter(({ name, variables }) => variables.length > 0 && (only === undefined || only.includes(name)))
  const recorded: Statement[][][] = []
  for (const { query, variables } of all) {
    const ofOperation: Statement[][] = []
    for (const asking of variables) {
      await ask(query, asking)
      const statements: Statement[] = []
      sent = statements
      await ask(query, asking)
      sent = undefined
      ofOperation.push(statements)
    }
    recorded.push(ofOperation)
  }
  return { operations: all, recorded }
}

async function frequentTerms(database: Database): Promise<Vocabulary> {
  const slugs = async (column: 'condition_id' | 'form_id' | 'outcome_id', table: 'condition' | 'magnesium_form' | 'outcome') =>
    (
      await database.pool.query<{ slug: string }>(
        `SELECT t.slug FROM evidence_row e JOIN ${table} t ON t.id = e.${column} GROUP BY t.slug ORDER BY count(*) DESC`,
      )
    ).rows.map(({ slug }) => slug) // names from the two lists above
  return {
    conditions: await slugs('condition_id', 'condition'),
    forms: await slugs('form_id', 'magnesium_form'),
    outcomes: await slugs('outcome_id', 'outcome'),
  }
}

/** Cursors a tenth of the way into a broad list ordered by benefit, made by the API itself. */
async function deepCursors(
  database: Database,
  ask: (query: string, variables: Record<string, unknown>) => Promise<Record<string, unknown>>,
  size: Size,
): Promise<string[]> {
  const bounds = await rows<{ benefit: number; key: number }>(
    database,
    sql`SELECT standardized_benefit AS benefit, id AS key FROM evidence_row WHERE design = 'RCT_PARALLEL' AND standardized_benefit IS NOT NULL AND subjects = 'HUMAN' AND NOT retracted ORDER BY standardized_benefit DESC, id DESC OFFSET ${Math.floor(size.effects / 10)} LIMIT 60`,
  )
  const first = await ask(
    '{ evidence(filter: { designs: [RCT_PARALLEL] }, orderBy: [{ field: STANDARDIZED_BENEFIT, direction: DESC }], first: 1) { pageInfo { endCursor } } }',
    {},
  )
  const { evidence } = first as { evidence: { pageInfo: { endCursor: string } } } // the operation above
  const [signature] = JSON.parse(Buffer.from(evidence.pageInfo.endCursor, 'base64url').toString()) as [string]
  return bounds.map(({ benefit, key }) => Buffer.from(JSON.stringify([signature, benefit, key])).toString('base64url'))
}

async function load(url: string, bodies: readonly string[], seconds: number): Promise<Measured> {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: bodies.map((body) => ({ method: 'POST' as const, path: new URL(url).pathname, headers: { 'content-type': 'application/json' }, body })),
  })
  return {
    requestsPerSecond: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: result.non2xx + result.errors + result.timeouts,
  }
}

function median(measured: readonly Measured[]): Measured {
  const middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
  const of = (field: keyof Measured) => middle(measured.map((one) => one[field]))
  return { requestsPerSecond: of('requestsPerSecond'), p50: of('p50'), p99: of('p99'), failed: measured.reduce((sum, { failed }) => sum + failed, 0) }
}

async function child(file: string, argv: readonly string[]): Promise<ChildProcess> {
  const started = fork(fileURLToPath(new URL(file, import.meta.url)), argv, { env: { ...process.env, NODE_ENV: 'production' } })
  await new Promise<void>((resolve, reject) => {
    started.once('message', () => resolve())
    started.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)))
  })
  return started
}

/** From the command of `npm start`, already built, to its line "ready": with a new data folder, and again with that folder. */
async function startTimes(): Promise<string[]> {
  const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'bench-start-'))
  const start = () =>
    new Promise<number>((resolve, reject) => {
      const startedAt = performance.now()
      const service = spawn(process.execPath, ['dist/main.js'], {
        cwd: projectFolder,
        env: { ...process.env, PORT: '0', DATA_FOLDER: dataFolder, DATABASE_URL: '', LOG_LEVEL: 'silent' },
      })
      let seconds = NaN
      service.stdout.on('data', (chunk: Buffer) => {
        if (!/^ready/m.test(chunk.toString()) || !Number.isNaN(seconds)) return
        seconds = (performance.now() - startedAt) / 1000
        service.kill('SIGTERM')
      })
      service.once('exit', () => (Number.isNaN(seconds) ? reject(new Error('the service did not become ready')) : resolve(seconds)))
    })
  const [cold, warm] = [await start(), await start()]
  await rm(dataFolder, { recursive: true, force: true })
  return [
    '## From start to ready',
    '',
    '| start | seconds |',
    '|---|---|',
    `| first, with a new data folder: Postgres made, migrated, corpus imported | ${cold.toFixed(1)} |`,
    `| second | ${warm.toFixed(1)} |`,
  ]
}

function machine(): string[] {
  return [
    machineInWords(),
    '',
    `Load generator, servers and Postgres share the machine. ${connections} connections, ${rounds} alternating rounds of ${secondsPerRound} s each, medians. Variables differ from request to request.`,
    'The limit is a plain node:http server that runs the statements that the service sends for the same request, prepared, and returns their rows as JSON. The service keeps vocabulary and recently shown studies in memory, so its statements are those of a warm process.',
  ]
}

function figure(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(1)
}

function comparison(results: readonly Result[]): string[] {
  return [
    `## ${sizes.large.studies.toLocaleString('en')} studies, ${sizes.large.effects.toLocaleString('en')} effects`,
    '',
    '| operation | statements | service requests/s | p50 ms | p99 ms | limit requests/s | p50 ms | p99 ms | service ÷ limit | failed |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...results.map(
      ({ operation, statements, service, limit }) =>
        `| ${[operation.name, statements, figure(service.requestsPerSecond), service.p50, service.p99, figure(limit.requestsPerSecond), limit.p50, limit.p99, (service.requestsPerSecond / limit.requestsPerSecond).toFixed(2), service.failed + limit.failed].join(' | ')} |`,
    ),
  ]
}

function growth(small: readonly Result[], large: readonly Result[]): string[] {
  return [
    `## What ten times the data cost`,
    '',
    `| operation | requests/s with ${sizes.small.effects.toLocaleString('en')} effects | with ${sizes.large.effects.toLocaleString('en')} | ratio |`,
    '|---|---|---|---|',
    ...small.map(({ operation, service }) => {
      const other = large.find((result) => result.operation.name === operation.name)?.service.requestsPerSecond ?? NaN
      return `| ${operation.name} | ${figure(service.requestsPerSecond)} | ${figure(other)} | ${(service.requestsPerSecond / other).toFixed(2)} |`
    }),
  ]
}

/** A short name for a statement's text. */
function hash(text: string): string {
  let value = 5381
  for (let index = 0; index < text.length; index++) value = (Math.imul(value, 33) ^ text.charCodeAt(index)) >>> 0
  return `${value.toString(36)}_${text.length}`
}
