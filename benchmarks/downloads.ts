// npm run bench:downloads: every file of a million generated effects and their studies, downloaded beside psql's \copy of the same rows; writes a report.
import { execFile, fork, type ChildProcess } from 'node:child_process'
import { stat, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import http from 'node:http'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import type { Sql } from 'sql-template-tag'
import { openDatabase, type Database } from '../src/database/client.js'
import { findDataRevision } from '../src/dataset/dataset.queries.js'
import { downloads } from '../src/download/downloads.http.js'
import { evidenceStatement } from '../src/download/evidenceRow.js'
import { studyStatement } from '../src/download/studyRow.js'
import { evidenceOrder, evidenceWanted } from '../src/evidence/evidence.filter.js'
import { contextOver, RevisionMemo } from '../src/graphql/context.js'
import { studiesWanted, studyOrder } from '../src/study/study.filter.js'
import { vocabularyOf } from '../src/vocabulary/vocabulary.queries.js'
import { machineInWords, provideGenerated, sizes, startBenchPostgres } from './data.js'

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3)
const size = process.env['BENCH_SIZE'] === 'small' ? 'small' : 'large'
const folder = path.resolve(process.env['BENCH_FOLDER'] ?? 'data/bench')
const projectFolder = fileURLToPath(new URL('..', import.meta.url))
const say = (line: string) => void process.stdout.write(`${line}\n`)
const run = promisify(execFile)

interface Run {
  readonly milliseconds: number
  readonly bytes: number
  /** Until the first byte: the time in which the database sorts. */
  readonly firstByteMs?: number
  readonly peakMiB?: number
}

/** One download by a service of its own, so that the peak of its memory is that of this file. */
async function download(url: string, file: string, askings: readonly Readonly<Record<string, string>>[] = [{}]): Promise<Run> {
  const service = fork(path.join(projectFolder, 'benchmarks', 'service.mjs'), [url], { env: { ...process.env, NODE_ENV: 'production' } })
  try {
    const [{ port }] = (await once(service, 'message')) as [{ port: number }] // what it sends when it is ready
    // What every question of a fresh service would pay once is paid before.
    await received(port, `/download/${file}?filter=${encodeURIComponent('{"year":{"gte":2099}}')}`, {})
    const from = performance.now()
    const all = await Promise.all(askings.map((headers) => received(port, `/download/${file}`, headers)))
    const milliseconds = performance.now() - from
    const peakMiB = await peakOf(service)
    return { milliseconds, peakMiB, bytes: all.reduce((sum, { bytes }) => sum + bytes, 0), firstByteMs: Math.max(...all.map(({ firstByteMs }) => firstByteMs)) }
  } finally {
    service.kill()
  }
}

function received(port: number, address: string, headers: Readonly<Record<string, string>>): Promise<{ bytes: number; firstByteMs: number }> {
  const from = performance.now()
  return new Promise((resolve, reject) => {
    http
      .get({ port, host: '127.0.0.1', path: address, headers, agent: false }, (response) => {
        let bytes = 0
        const firstByteMs = performance.now() - from
        if (response.statusCode !== 200) reject(new Error(`${address} was answered with ${response.statusCode}`))
        response.on('data', (chunk: Buffer) => (bytes += chunk.length))
        response.once('end', () => resolve({ bytes, firstByteMs }))
        response.once('error', reject)
      })
      .once('error', reject)
  })
}

/** The most memory that the process has had, MiB. */
async function peakOf(service: ChildProcess): Promise<number> {
  service.send('peak')
  const [peakKiB] = (await once(service, 'message')) as [number] // what benchmarks/service.mjs answers
  return Math.round(peakKiB / 1024)
}

/** The statement with its values written into it, on one line, as \copy wants it. */
function written({ text, values }: Sql): string {
  const literal = (value: unknown): string => {
    if (Array.isArray(value)) return `ARRAY[${value.map(literal).join(', ')}]`
    return typeof value === 'string' ? pg.escapeLiteral(value) : String(value as number | boolean | null)
  }
  return text.replaceAll(/\$(\d+)/g, (_, place: string) => literal(values[Number(place) - 1])).replaceAll(/\s+/g, ' ')
}

async function psqlCopy(url: string, statement: Sql): Promise<Run & { readonly rows: number }> {
  const [file, scriptFile] = [path.join(folder, 'downloaded.csv'), path.join(folder, 'download.sql')]
  await writeFile(scriptFile, `\\timing on\n\\copy (${written(statement)}) TO '${file}' (FORMAT csv, HEADER)\n`)
  const { stdout } = await run('psql', ['-X', '-v', 'ON_ERROR_STOP=1', '-f', scriptFile, url], { env: { ...process.env, LC_ALL: 'C' } })
  const [, rows] = /COPY (\d+)/.exec(stdout) ?? []
  const [, milliseconds] = /Time: ([\d.]+) ms/.exec(stdout) ?? []
  if (rows === undefined || milliseconds === undefined) throw new Error(`psql did not copy:\n${stdout}`)
  return { rows: Number(rows), milliseconds: Number(milliseconds), bytes: (await stat(file)).size }
}

/** What the service reads for a list without a filter: effects, and studies. */
async function statements(database: Database): Promise<Readonly<Record<'evidence' | 'studies', Sql>>> {
  const vocabulary = await vocabularyOf(contextOver(new RevisionMemo(database, await findDataRevision(database))))
  return {
    evidence: evidenceStatement(evidenceWanted({}, vocabulary), evidenceOrder([], null)),
    studies: studyStatement(studiesWanted({}, vocabulary), studyOrder([], null)),
  }
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN
const seconds = (milliseconds: number) => (milliseconds / 1_000).toFixed(1)
const thousands = (value: number) => Math.round(value).toLocaleString('en')

/** A row of the report's table. */
function told(name: string, rowCount: number, runs: readonly Run[], limitMs: number): string {
  const times = runs.map(({ milliseconds }) => milliseconds)
  const middle = median(times)
  const bytes = runs[0]?.bytes ?? NaN
  const first = runs.map(({ firstByteMs }) => firstByteMs ?? NaN)
  const peak = Math.max(...runs.map(({ peakMiB }) => peakMiB ?? NaN))
  const cells = [
    ...[name, thousands(rowCount), (bytes / 1e6).toFixed(0), seconds(middle), `${seconds(Math.min(...times))}–${seconds(Math.max(...times))}`],
    ...[thousands((rowCount / middle) * 1_000), (bytes / 1e3 / middle).toFixed(1), (limitMs / middle).toFixed(2)],
    ...[Number.isNaN(first[0]) ? '–' : seconds(median(first)), Number.isNaN(peak) ? '–' : peak],
  ]
  const line = `| ${cells.join(' | ')} |`
  say(line)
  return line
}

const machine = machineInWords()
const postgres = await startBenchPostgres(say)
try {
  const url = await provideGenerated(postgres.url, size, sizes[size], say)
  const database = openDatabase({ url })
  const wanted = await statements(database).finally(() => database.close())
  const lines: string[] = []
  const repeated = async <Result>(measure: () => Promise<Result>): Promise<Result[]> => {
    const all: Result[] = []
    for (let round = 0; round < rounds; round++) all.push(await measure())
    return all
  }
  const counts: Record<string, number> = {}
  for (const kind of ['evidence', 'studies'] as const) {
    await psqlCopy(url, wanted[kind]) // the pages of the database are in memory from here on
    const copies = await repeated(() => psqlCopy(url, wanted[kind]))
    const [rowCount, limitMs] = [copies[0]?.rows ?? NaN, median(copies.map(({ milliseconds }) => milliseconds))]
    counts[kind] = rowCount
    lines.push(told(`psql \\copy of ${kind}`, rowCount, copies, limitMs))
    for (const file of [...downloads.keys()].filter((name) => name.startsWith(kind)))
      lines.push(told(file, rowCount, await repeated(() => download(url, file)), limitMs))
    if (kind === 'evidence') {
      lines.push(told('evidence.csv, gzip', rowCount, await repeated(() => download(url, 'evidence.csv', [{ 'accept-encoding': 'gzip' }])), limitMs))
      lines.push(told('evidence.csv, four at once', rowCount * 4, [await download(url, 'evidence.csv', [{}, {}, {}, {}])], limitMs * 4))
    }
  }
  const idle = await download(url, 'evidence.csv', [])
  const date = new Date().toISOString().slice(0, 10)
  const report = [
    `# Benchmark of downloads, ${date}`,
    '',
    machine,
    '',
    `${thousands(counts['evidence'] ?? NaN)} effects and ${thousands(counts['studies'] ?? NaN)} studies, generated: what the lists hold without a filter. \`npm run bench:downloads\`.`,
    '',
    `Each file is downloaded over HTTP from a service started for it, ${rounds === 1 ? 'once' : `${rounds} times`}; beside it \`\\copy (select …) TO\` of psql of the statement that the service reads, the`,
    `limit. The service has used ${idle.peakMiB} MiB at most before it is asked for a file.`,
    '',
    '| | rows | MB | median s | from–to | rows/s | MB/s | of the limit | first byte s | peak memory of the service, MiB |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...lines,
  ]
  const reportFile = path.join(projectFolder, 'docs', 'benchmarks', `${date}-downloads.md`)
  await writeFile(reportFile, `${report.join('\n')}\n`)
  say(`\n${report.join('\n')}\n\nwritten to ${path.relative(projectFolder, reportFile)}`)
} finally {
  await postgres.stop()
}
