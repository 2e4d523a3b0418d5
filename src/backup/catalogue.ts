import pg from 'pg'
import sql from 'sql-template-tag'
import { rows, type Transaction } from '../database/query.js'

export interface TableShape {
  readonly name: string
  /** Those that are written; what the database computes of them is not. */
  readonly columns: readonly string[]
  /** In bytes on its disk, as the server last knew it: for a bar of progress, and asked without waiting for anybody's lock. */
  readonly size: number
}

/** Prisma's record of what was applied: it belongs to the schema, not to the data. */
export const migrationsTable = '_prisma_migrations'

/** Every table that holds data, each after those it refers to. Tables that extensions brought are theirs. */
export async function findTables(transaction: Transaction): Promise<TableShape[]> {
  const tables = await rows<TableShape>(
    transaction,
    sql`
      SELECT c.relname::text AS name, 
        (greatest(c.relpages, 1) + coalesce((SELECT t.relpages FROM pg_class t WHERE t.oid = c.reltoastrelid), 0)) * 8192.0::float8 AS size,
        array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '') AS columns
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> ${migrationsTable}
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
      GROUP BY c.oid ORDER BY name`,
  )
  const references = await rows<{ from: string; to: string }>(
    transaction,
    sql`
      SELECT DISTINCT f.relname::text AS "from", t.relname::text AS "to"
      FROM pg_constraint k JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
      WHERE k.contype = 'f' AND k.conrelid <> k.confrelid AND f.relnamespace = 'public'::regnamespace AND t.relnamespace = 'public'::regnamespace`,
  )
  return inOrderOfReference(tables, references)
}

/** @throws {RangeError} where tables refer to each other in a circle */
function inOrderOfReference(tables: readonly TableShape[], references: readonly { readonly from: string; readonly to: string }[]): TableShape[] {
  const placed = new Map<string, TableShape>()
  let waiting = tables
  while (waiting.length > 0) {
    const ready = waiting.filter(({ name }) => references.every(({ from, to }) => from !== name || placed.has(to)))
    if (ready.length === 0) throw new RangeError(`the tables ${waiting.map(({ name }) => name).join(', ')} refer to each other in a circle`)
    for (const table of ready) placed.set(table.name, table)
    waiting = waiting.filter(({ name }) => !placed.has(name))
  }
  return [...placed.values()]
}

/** The value that each sequence gives next. */
export async function findSequences({ client }: Transaction): Promise<{ name: string; next: string }[]> {
  const { rows: found } = await client.query<{ name: string; step: string }>(
    `SELECT sequencename::text AS name, increment_by::text AS step FROM pg_sequences WHERE schemaname = 'public' ORDER BY name`,
  )
  const sequences: { name: string; next: string }[] = []
  for (const { name, step } of found) {
    const { rows: state } = await client.query<{ next: string }>(
      `SELECT (last_value + CASE WHEN is_called THEN ${BigInt(step)} ELSE 0 END)::text AS next FROM public.${pg.escapeIdentifier(name)}`,
    )
    sequences.push({ name, next: state[0]?.next ?? '1' })
  }
  return sequences
}

/** What was applied to a database, oldest first; empty for one that has nothing yet. */
export async function findMigrations(transaction: Transaction): Promise<{ name: string; checksum: string }[]> {
  const [table] = await rows<{ exists: boolean }>(transaction, sql`SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS exists`)
  if (table?.exists !== true) return []
  return rows(
    transaction,
    sql`SELECT migration_name AS name, checksum FROM public._prisma_migrations
      WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
  )
}
