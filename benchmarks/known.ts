// What the data hold that operations ask for.
import sql from 'sql-template-tag'
import type { Database } from '../src/database/client.js'
import { rows } from '../src/database/query.js'
import type { Size } from './generate.js'
import type { Known } from './operations.js'

/** Asks the API in this process. */
export type Ask = (query: string, variables: Record<string, unknown>) => Promise<Record<string, unknown>>

const tables = { condition_id: 'condition', form_id: 'magnesium_form', outcome_id: 'outcome' } as const

export async function known(database: Database, ask: Ask, size: Size): Promise<Known> {
  const slugs = async (column: keyof typeof tables) => {
    const counted = await database.pool.query<{ slug: string }>(
      `SELECT t.slug FROM evidence_row e JOIN ${tables[column]} t ON t.id = e.${column} GROUP BY t.slug ORDER BY count(*) DESC, t.slug`,
    )
    return counted.rows.map(({ slug }) => slug)
  }
  const studies = await rows<{ slug: string }>(database, sql`SELECT slug FROM study_row WHERE study_id >= 1000000 ORDER BY study_id LIMIT 4000`)
  return {
    conditions: await slugs('condition_id'),
    forms: await slugs('form_id'),
    outcomes: await slugs('outcome_id'),
    deep: await deepCursors(database, ask, size),
    studies: studies.map(({ slug }) => slug),
    hundreds: await hundreds(database),
  }
}

/** How many rows of a broad list stand before those that a deep page shows. */
export const depth = ({ effects }: Size) => Math.floor(effects / 10)

/** Cursors a tenth of the way into a broad list ordered by benefit, written as the API writes them. */
async function deepCursors(database: Database, ask: Ask, size: Size): Promise<string[]> {
  const bounds = await rows<{ benefit: number; key: number }>(
    database,
    sql`SELECT standardized_benefit AS benefit, id AS key FROM evidence_row WHERE design = 'RCT_PARALLEL' AND standardized_benefit IS NOT NULL AND subjects = 'HUMAN' AND NOT retracted ORDER BY standardized_benefit DESC, id DESC OFFSET ${depth(size)} LIMIT 60`,
  )
  const first = await ask(
    '{ evidence(filter: { designs: [RCT_PARALLEL] }, orderBy: [{ field: STANDARDIZED_BENEFIT, direction: DESC }], first: 1) { pageInfo { endCursor } } }',
    {},
  )
  const { evidence } = first as { evidence: { pageInfo: { endCursor: string } } } // the operation above
  const [signature] = JSON.parse(Buffer.from(evidence.pageInfo.endCursor, 'base64url').toString()) as [string] // as keyset.ts writes it
  return bounds.map(({ benefit, key }) => Buffer.from(JSON.stringify([signature, benefit, key])).toString('base64url'))
}

/** Filters by condition, outcome, measure and year whose effects are about a hundred. */
async function hundreds(database: Database): Promise<Record<string, unknown>[]> {
  const groups = await rows<{ condition: string; outcome: string; measure: string; year: number; effects: number }>(
    database,
    sql`
      SELECT c.slug AS condition, o.slug AS outcome, measure, year, effects FROM (
        SELECT condition_id, outcome_id, measure, year, (sum(count(*)) OVER (PARTITION BY condition_id, outcome_id, measure ORDER BY year DESC))::int AS effects
        FROM evidence_row WHERE subjects = 'HUMAN' AND NOT retracted AND standard_error IS NOT NULL AND measure IN ('MD', 'SMD', 'OR') GROUP BY 1, 2, 3, 4
      ) counted JOIN condition c ON c.id = condition_id JOIN outcome o ON o.id = outcome_id
      WHERE effects BETWEEN 90 AND 110 ORDER BY md5(c.slug || o.slug || measure || year) LIMIT 600`,
  )
  return groups.map(({ condition, outcome, measure, year }) => ({
    conditions: [condition],
    outcomes: [outcome],
    measures: [measure],
    includeNarrower: false,
    year: { gte: year },
  }))
}
