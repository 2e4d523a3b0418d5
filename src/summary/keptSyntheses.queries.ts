import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import sql from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { rows } from '../database/query.js'
import { encodeId } from '../graphql/nodeId.js'
import { synthesisKey, synthesisLimits, type SynthesisBasis } from '../synthesis/synthesis.queries.js'

const zip = promisify(gzip)

/**
 * Keeps what many syntheses were computed from, as `keepSynthesis` does of one: in three statements at most, whatever their number.
 *
 * @returns their ids, in the order given
 */
export async function keepSyntheses(database: Database, bases: readonly SynthesisBasis[]): Promise<string[]> {
  const keys = bases.map(synthesisKey)
  const known = await rows<{ key: string }>(database, sql`SELECT key FROM kept_synthesis WHERE key = ANY (${keys}::text[])`)
  const missing = new Map(bases.map((basis, index) => [keys[index] ?? '', basis]))
  for (const { key } of known) missing.delete(key)
  if (missing.size > 0) await keep(database, missing)
  return keys.map((key) => encodeId('Synthesis', key))
}

async function keep(database: Database, bases: ReadonlyMap<string, SynthesisBasis>): Promise<void> {
  const values = [...bases.values()]
  const contents = await Promise.all(values.map(({ filter, question, candidates }) => zip(JSON.stringify({ filter, question, candidates }))))
  try {
    await rows(
      database,
      sql`INSERT INTO kept_synthesis (key, data_revision, engine_version, content)
        SELECT * FROM unnest(${[...bases.keys()]}::text[], ${values.map(({ dataRevision }) => dataRevision)}::text[], ${values.map((basis) => basis.engineVersion)}::text[], ${contents}::bytea[])
        ON CONFLICT (key) DO NOTHING`,
    )
    await rows(
      database,
      sql`DELETE FROM kept_synthesis WHERE key IN (
        SELECT key FROM (SELECT key, sum(octet_length(content)) OVER (ORDER BY kept_at DESC, key) AS held FROM kept_synthesis) newest WHERE held > ${synthesisLimits.keptBytes})`,
    )
  } catch (error) {
    const { code } = error as { code?: string } // the driver's errors carry their SQLSTATE
    // A database that takes no writes keeps nothing; the ids do not need to be kept to be told.
    if (code !== '25006') throw error
  }
}
