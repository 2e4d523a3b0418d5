import type { Sql } from 'sql-template-tag'
import type { Database } from './client.js'

export interface CursorOptions {
  /** Rows fetched at once; two such batches are in memory at most. */
  readonly batch?: number
  /** How long one batch may take in the database; the first one may have to sort everything. */
  readonly batchTimeoutMs?: number
  /** How long whoever reads may take between two batches before the server ends the transaction and its snapshot. */
  readonly idleTimeoutMs?: number
}

/**
 * The rows of one statement, batch by batch, all of them of one state of the data, in constant memory. Holds a connection until the last
 * batch is read or the reader returns early.
 *
 * @throws whatever Postgres says, at the first batch or in between
 */
export async function* rowsInBatches<Row extends object>(
  { pool }: Database,
  { text, values }: Sql,
  { batch = 1_000, batchTimeoutMs = 60_000, idleTimeoutMs = 60_000 }: CursorOptions = {},
): AsyncGenerator<Row[], void, undefined> {
  const client = await pool.connect()
  let finished = false
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await client.query(`SET LOCAL statement_timeout = ${batchTimeoutMs}; SET LOCAL idle_in_transaction_session_timeout = ${idleTimeoutMs}`) // numbers of ours
    await client.query({ text: `DECLARE batches NO SCROLL CURSOR FOR ${text}`, values })
    for (;;) {
      const { rows } = await client.query<Row>(`FETCH ${batch} FROM batches`)
      if (rows.length > 0) yield rows
      if (rows.length < batch) break
    }
    finished = true
  } finally {
    // Nothing was written; what matters is that the connection is free of the transaction, or goes.
    const lost = await client.query(finished ? 'COMMIT' : 'ROLLBACK').then(
      () => false,
      () => true,
    )
    client.release(lost)
  }
}
