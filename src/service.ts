import { lookup } from 'node:dns/promises'
import { existsSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Config } from './config.js'
import type { readAhead } from './corpus/readAhead.js'
import { openDatabase, type Database } from './database/client.js'
import { connectRedis } from './database/redis.js'
import type { Readiness } from './http/health.js'
import { bringUpToDate, corpusFolder, projectFolder, provideDatabase, unwinding } from './provision.js'
import type { Replicas } from './replicas/replicas.js'
import { messageOf, StartupError } from './startupError.js'
import type { Metrics } from './telemetry/metrics.js'
import type { Tracing } from './telemetry/tracing.js'

export interface StartOptions {
  /** What has been done so far, in a line each. */
  readonly say: (line: string) => void
  /** Asks a start under way to give up; it does so after the step it is at. */
  readonly signal: AbortSignal
  /** Reads the corpus while a new database is set up; without it, the corpus is read afterwards. */
  readonly readAhead?: typeof readAhead
}

export interface RunningService {
  /** Refuses readiness, and resolves after `shutdownDelayMs`. Requests are answered meanwhile. */
  drain(): Promise<void>
  readonly url: string
  readonly metricsUrl: string
  /** The embedded Postgres ended by itself, and why; without it the service is of no use. */
  readonly lost: Promise<string>
  /** Answers what is under way, for as long as the configuration allows, then lets go of everything. */
  stop(): Promise<void>
}

/**
 * Brings up everything: database, migrations, evidence, API. On failure, what was started is stopped again.
 *
 * @throws {StartupError} if something outside the program stands in the way
 */
export async function startService(config: Config, options: StartOptions): Promise<RunningService> {
  const { say, signal } = options
  await requireFreePort(config)
  return unwinding(async (onUnwind) => {
    const ahead = isFirstStart(config) ? options.readAhead?.(corpusFolder) : undefined
    if (ahead !== undefined) onUnwind(ahead.stop)
    const loading = loadAnswering()
    const { url, lost } = await provideDatabase(config, options, onUnwind)
    signal.throwIfAborted()
    await bringUpToDate(url, say, { reading: ahead?.reading })
    signal.throwIfAborted()
    const { schema, ...parts } = await loading
    const database = openDatabase({ url, poolSize: config.databasePoolSize, statementTimeoutMs: config.statementTimeoutMs })
    onUnwind(() => database.close())
    // Of its own: an import that follows a decision may take longer than any statement of a request.
    const curating = openDatabase({ url, poolSize: 2, purpose: 'conclusions' })
    onUnwind(() => curating.close())
    const redis = config.redisUrl === null ? null : connectRedis(config.redisUrl, (error) => say(`Redis does not answer: ${messageOf(error)}`))
    onUnwind(async () => void (redis?.isOpen === true && redis.destroy()))
    const replicas = openReplicas(parts, config, database, onUnwind)
    const contextFor = parts.contextSource(replicas)
    const examples = await parts.loadExamples(path.join(projectFolder, 'schema', 'examples'))
    // Loaded only where it is asked for: it changes what it watches.
    const tracing = config.otlpEndpoint === null ? null : (await import('./telemetry/tracing.js')).startTracing(config.basePath)
    if (tracing !== null) onUnwind(() => stopTracing(tracing))
    const metrics = parts.createMetrics({ ofProcess: true })
    metrics.watchPool('primary', database.pool)
    parts.watchReplicas(metrics, replicas)
    parts.watchDataset(metrics, database)
    const answers = new parts.KeptAnswers(config.resultCacheBytes, redis === null ? null : parts.shareAnswers(redis, [config.basePath, config.introspection]))
    parts.watchAnswers(metrics, answers)
    const stopping = { now: false }
    const app = await parts.createApp({
      config,
      schema,
      schemaText: parts.printServiceSchema(schema),
      contextFor,
      answers,
      findKeyHolder: parts.keyRing(database, (error) => say(`the use of a key could not be written down: ${messageOf(error)}`)),
      budgets: {
        anonymous: { requests: config.requestsPerMinute, cost: config.costPerMinute },
        withKey: { requests: config.requestsPerMinuteWithKey, cost: config.costPerMinuteWithKey },
        redis,
      },
      plugins: [
        parts.measureOperations({ metrics, schema, names: parts.knownOperations(examples, config.metricsOperations) }),
        ...(tracing === null ? [] : [tracing.plugin]),
      ],
      ...(tracing !== null && { aroundOperation: tracing.aroundOperation }),
      addRoutes: (routes, askFor) => {
        parts.measureResponses(routes, metrics)
        tracing?.traceRoutes(routes)
        if (config.metricsPort === null) parts.registerMetrics(routes, metrics)
        parts.registerPlots(routes, { schema, contextFor })
        parts.registerFeed(routes, { contextFor, basePath: config.basePath })
        parts.registerFindings(routes, { contextFor })
        const { underWay } = parts.registerDownloads(routes, { schema, contextFor, basePath: config.basePath })
        metrics.gauge({ name: 'magnesium_downloads_under_way', help: 'Downloads being sent.', read: underWay })
        parts.registerMcp(routes, { askFor, basePath: config.basePath, corsOrigins: config.corsOrigins })
        parts.registerOpenApi(routes, config.basePath)
        parts.registerCuration(routes, { database: curating, folder: corpusFolder })
      },
      isReady: () => (stopping.now ? Promise.resolve({ ready: false, reasons: ['the service is stopping'] }) : readinessOf(replicas)),
      isStopping: () => stopping.now,
      examples,
    })
    onUnwind(() => closeWithin(app, config.shutdownGraceMs))
    await app.listen({ host: config.host, port: config.port }).catch((cause) => {
      throw cannotListen(config, cause)
    })
    // Of its own as well: pooling everything takes longer than a request may.
    const pooling = openDatabase({ url, poolSize: 2 })
    const keeping = parts.watchConclusions(pooling, {
      ...conclusionsKept,
      onFailure: (error) => say(`the conclusions could not be kept: ${messageOf(error)}`),
    })
    onUnwind(async () => {
      keeping()
      await Promise.race([pooling.close(), pause(1_000, undefined, { ref: false })])
    })
    const metricsPort = await serveMetrics(parts, config, metrics, onUnwind)
    const { port } = app.server.address() as AddressInfo // listening on TCP, so the address has a port
    const at = (listening: number) => `http://${shownHost(config.host)}:${listening}`
    const drain = async () => {
      stopping.now = true
      await pause(config.shutdownDelayMs)
    }
    return { url: `${at(port)}${config.basePath}`, metricsUrl: `${at(metricsPort ?? port)}/metrics`, lost, drain }
  })
}

/** Requests that wait for the start come first; an import by another process is seen at the next look. */
const conclusionsKept = { firstAfterMs: 5_000, everyMs: 60_000 } as const

type Answering = typeof import('./answering.js')

/** The modules that answer requests, and the schema. */
function loadAnswering(): Promise<Answering & { readonly schema: ReturnType<Answering['buildServiceSchema']> }> {
  const loading = import('./answering.js').then((parts) => ({ ...parts, schema: parts.buildServiceSchema() }))
  loading.catch(() => {}) // a start that fails earlier never asks for it
  return loading
}

/** Whether there is no database yet, so that all evidence is going to be imported. */
const isFirstStart = ({ databaseUrl, dataFolder }: Config): boolean => databaseUrl === null && !existsSync(path.join(dataFolder, 'postgres', 'PG_VERSION'))

/** What is not sent within a second, for want of a receiver, is not sent. */
async function stopTracing(tracing: Tracing): Promise<void> {
  await Promise.race([tracing.stop().catch(() => {}), pause(1_000, undefined, { ref: false })])
}

/** On a port of their own, where one is configured; null where they are with the service. */
async function serveMetrics(
  { listenForMetrics }: Pick<Answering, 'listenForMetrics'>,
  { host, metricsPort }: Config,
  metrics: Metrics,
  onUnwind: (undo: () => Promise<void>) => void,
): Promise<number | null> {
  if (metricsPort === null) return null
  const listening = await listenForMetrics(metrics, { host, port: metricsPort }).catch((cause) => {
    throw new StartupError(`cannot serve the metrics on port ${metricsPort} (METRICS_PORT): ${messageOf(cause)}`, { cause })
  })
  onUnwind(listening.close)
  return listening.port
}

function openReplicas({ Replicas }: Pick<Answering, 'Replicas'>, config: Config, primary: Database, onUnwind: (undo: () => Promise<void>) => void): Replicas {
  const { databasePoolSize: poolSize, statementTimeoutMs, replicaLagLimitMs: lagLimitMs } = config
  const opened = config.databaseReplicaUrls.map((url) => ({ url: new URL(url), database: openDatabase({ url, poolSize, statementTimeoutMs }) }))
  onUnwind(async () => void (await Promise.all(opened.map(({ database }) => database.close()))))
  const named = opened.map(({ url, database }, index) => [`${index + 1}:${url.hostname}:${url.port === '' ? 5432 : url.port}`, database] as const)
  return new Replicas(primary, { replicas: Object.fromEntries(named), lagLimitMs })
}

/** Ready while evidence can be read; what else there is to say of the databases stands among the reasons. */
async function readinessOf(replicas: Replicas): Promise<Readiness> {
  try {
    const { id } = await replicas.newestRevision()
    const standings = await replicas.standings()
    const reasons = replicas.primaryAnswers ? [] : ['the database does not answer: its replicas are read']
    const shown = standings.length === 0 ? {} : { replicas: standings }
    return id > 0 ? { ready: true, reasons, ...shown } : { ready: false, reasons: ['no evidence has been imported'], ...shown }
  } catch (error) {
    return { ready: false, reasons: [`the database does not answer: ${messageOf(error)}`] }
  }
}

/** Looked at first, so that nothing is set up in vain. */
async function requireFreePort(config: Config): Promise<void> {
  if (config.port === 0) return
  const addresses = await lookup(config.host, { all: true }).catch((cause) => {
    throw cannotListen(config, cause)
  })
  for (const { address } of addresses) {
    await new Promise<void>((resolve, reject) => {
      const probe = createServer()
      probe.once('error', (cause) => reject(cannotListen(config, cause)))
      probe.listen({ host: address, port: config.port, exclusive: true }, () => probe.close(() => resolve()))
    })
  }
}

function cannotListen({ host, port }: Config, cause: unknown): StartupError {
  const { code } = cause as NodeJS.ErrnoException // what listening fails with
  if (code === 'EADDRINUSE') return new StartupError(`port ${port} is in use: stop what listens there, or choose another with PORT`, { cause })
  if (code === 'EACCES') return new StartupError(`port ${port} is not open to this user: choose one above 1023 with PORT`, { cause })
  return new StartupError(`cannot listen on ${host} port ${port} (${code ?? messageOf(cause)}): choose an address of this machine with HOST`, { cause })
}

function shownHost(host: string): string {
  if (['0.0.0.0', '::', '127.0.0.1'].includes(host)) return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

/** Waits for requests under way; those that outlast the grace are cut off. */
async function closeWithin(app: FastifyInstance, graceMs: number): Promise<void> {
  const closed = app.close()
  const ended = await Promise.race([closed.then(() => true), pause(graceMs, false, { ref: false })])
  if (ended) return
  app.server.closeAllConnections()
  await Promise.race([closed, pause(1_000, undefined, { ref: false })])
}
