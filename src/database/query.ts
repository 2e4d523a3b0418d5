import type pg from 'pg'
import type { Sql } from 'sql-template-tag'
import type { Database } from './client.js'
import type { PreparedStatements } from './prepared.js'

/** Who answers what a database cannot. */
export interface StandIn {
  readonly database: Database
  /** Told of every failure, before the stand-in is asked. */
  readonly onFailure: () => void
}

/** One connection inside one transaction. */
export interface Transaction {
  readonly client: pg.PoolClient
  readonly prepared: PreparedStatements
}

/**
 * Runs one statement; values travel beside the text, never in it.
 *
 * Frequent texts are prepared (see `PreparedStatements`). Row is what the statement selects, by its column aliases:
 * count(*) and other bigints come back as strings unless cast.
 *
 * What fails because of the server is asked once more of its stand-in, where it has one.
 *
 * @throws whatever Postgres or the connection to it says, as the driver's error with its SQLSTATE in `code`
 */
export async function rows<Row extends object>(source: Database | Transaction, statement: Sql): Promise<Row[]> {
  if ('client' in source) return run<Row>(source, statement)
  const { signal, standIn } = source
  if (standIn === undefined) return onFreeConnection<Row>(source, statement)
  try {
    return await onFreeConnection<Row>(source, statement)
  } catch (error) {
    if (signal?.aborted === true || !isOfTheServer(error)) throw error
    standIn.onFailure()
    return onFreeConnection<Row>({ ...standIn.database, ...(signal !== undefined && { signal }) }, statement)
  }
}

async function onFreeConnection<Row extends object>(source: Database, statement: Sql): Promise<Row[]> {
  const client = await source.pool.connect()
  if (source.signal?.aborted === true) {
    client.release()
    source.signal.throwIfAborted()
  }
  const cancelling = cancelledOnAbort(source, client)
  let lost = false
  try {
    return await run<Row>({ client, prepared: source.prepared }, statement)
  } catch (error) {
    lost = endsConnection(error)
    throw error
  } finally {
    client.release(cancelling.ended() || lost || source.prepared.isStale(client))
  }
}

/** Cancels what a connection runs when nobody waits for it any more. `ended` tells whether that was tried: such a connection is not used again, since the cancelling may come late. */
function cancelledOnAbort({ signal, pool }: Database, client: pg.PoolClient): { ended(): boolean } {
  if (signal === undefined) return { ended: () => false }
  let isCancelled = false
  const cancel = () => {
    isCancelled = true
    const { processID } = client as pg.PoolClient & { readonly processID?: number } // what the driver was told when it connected
    pool.query('SELECT pg_cancel_backend($1)', [processID]).catch(() => {}) // it ends by its own time limit
  }
  signal.addEventListener('abort', cancel, { once: true })
  return {
    ended: () => {
      signal.removeEventListener('abort', cancel)
      return isCancelled
    },
  }
}

/** Whether it is the server that failed, or the way to it, and another may answer: not the statement. A replica that follows may have to end what is read from it (40001). */
export function isOfTheServer(error: unknown): boolean {
  return endsConnection(error) || (error as { code?: string }).code === '40001' // the driver's errors carry their SQLSTATE
}

/** An error of the statement leaves its connection usable; a fatal one, or one that did not come from the server, does not. */
function endsConnection(error: unknown): boolean {
  const { severity } = error as { severity?: string } // of the driver's errors, those the server sent have one
  return severity !== 'ERROR'
}

async function run<Row extends object>({ client, prepared }: Transaction, { text, values }: Sql): Promise<Row[]> {
  const name = prepared.nameFor(text, client)
  const result = await client.query<Row>({ text, values, ...(name !== undefined && { name }) })
  return result.rows
}

/**
 * Runs `work` in one transaction on one connection: committed when it resolves, rolled back when it throws. It sees one
 * state of the data from beginning to end.
 */
export async function inTransaction<Result>(database: Database, work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
  const { pool, prepared } = database
  const client = await pool.connect()
  let lost = false
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
    const result = await work({ client, prepared })
    await client.query('COMMIT')
    return result
  } catch (error) {
    // The work's own error is the one to report; a connection that cannot even roll back goes.
    await client.query('ROLLBACK').catch(() => (lost = true))
    throw error
  } finally {
    client.release(lost || prepared.isStale(client))
  }
}
