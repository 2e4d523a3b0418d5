import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from '../generated/prisma/client.js'
import { PreparedStatements } from './prepared.js'
import type { StandIn } from './query.js'

/** One pool of connections, and Prisma over the same pool: for reads by hand-written SQL and for what Prisma says better. */
export interface Database {
  readonly pool: pg.Pool
  readonly prisma: PrismaClient
  readonly prepared: PreparedStatements
  /** Where it is aborted, nobody waits for what is under way any more: statements are cancelled. */
  readonly signal?: AbortSignal
  /** Of a replica: its primary. */
  readonly standIn?: StandIn
  /** Calls `listener` with the text of every statement sent, Prisma's included, until the returned function is called. */
  onStatement(listener: (text: string) => void): () => void
  /** Waits for statements under way. */
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** postgres:// or postgresql:// address. */
  readonly url: string
  /** Connections at most; default 10. */
  readonly poolSize?: number
  /** A statement that takes longer is cancelled by the server; 0, the default, never. */
  readonly statementTimeoutMs?: number
  /** What its connections are for, as the server's list of activity tells it; requests if left out. */
  readonly purpose?: string
  /** A connection that breaks while nobody uses it; the pool replaces it. */
  readonly onConnectionLost?: (error: Error) => void
}

export const applicationName = 'magnesium-evidence'

/** How long a request waits for a free connection before it fails. The driver's default is for ever. */
export const connectionTimeoutMs = 5_000

/** Connects when first asked something, not here. */
export function openDatabase({ url, poolSize = 10, statementTimeoutMs = 0, purpose, onConnectionLost = () => {} }: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: connectionTimeoutMs,
    application_name: purpose === undefined ? applicationName : `${applicationName} ${purpose}`,
    keepAlive: true,
    // How like a part of a name a misspelt word must be; the extension's own 0.6 misses one letter left out of seven.
    options: '-c pg_trgm.word_similarity_threshold=0.5',
    ...(statementTimeoutMs > 0 && { statement_timeout: statementTimeoutMs }),
  })
  const listeners = new Set<(text: string) => void>()
  pool.on('connect', (client) => {
    observe(client, listeners)
    // A connection that breaks in use fails its statement, and says so here too; without a listener the process would end.
    client.on('error', () => {})
  })
  pool.on('error', onConnectionLost)
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
  return {
    pool,
    prisma,
    prepared: new PreparedStatements(),
    onStatement: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => {
      await prisma.$disconnect()
      await pool.end()
    },
  }
}

/** Every statement passes through its connection, whoever sends it. */
function observe(client: pg.PoolClient, listeners: ReadonlySet<(text: string) => void>): void {
  const send = client.query.bind(client) as (...given: unknown[]) => unknown // one signature for all of query's overloads
  client.query = ((...given: unknown[]) => {
    if (listeners.size > 0) for (const listener of listeners) listener(textOf(given[0]))
    return send(...given)
  }) as typeof client.query
}

function textOf(statement: unknown): string {
  if (typeof statement === 'string') return statement
  const { text } = statement as { text?: string } // a query config or a submittable; cursors and copies have their text elsewhere
  return text ?? '(stream)'
}
