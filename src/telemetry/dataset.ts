import sql from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { rows } from '../database/query.js'
import type { Metrics } from './metrics.js'

interface State {
  /** Null before anything was imported. */
  readonly ageSeconds: number | null
  readonly effects: number | null
  readonly studies: number | null
  readonly syntheses: number
  readonly synthesisBytes: number
}

/** However often the metrics are asked for, the database is asked this seldom. */
const readAgainAfterMs = 5_000

/** What the database holds, looked at when the metrics are asked for. Where it does not answer, only that is told. */
export function watchDataset(metrics: Metrics, database: Database): void {
  let reading: Promise<State | null> = Promise.resolve(null)
  let readAt = -Infinity
  const state = () => {
    if (performance.now() - readAt > readAgainAfterMs) {
      readAt = performance.now()
      reading = findState(database).catch(() => null)
    }
    return reading
  }
  const of = (pick: (found: State) => number | null) => async () => {
    const found = await state()
    return found === null ? null : pick(found)
  }
  metrics.gauge({ name: 'magnesium_database_up', help: 'Whether the database answers: 1 or 0.', read: async () => ((await state()) === null ? 0 : 1) })
  metrics.gauge({
    name: 'magnesium_data_revision_age_seconds',
    help: 'Time since the newest import that changed something.',
    read: of(({ ageSeconds }) => ageSeconds),
  })
  metrics.gauge({ name: 'magnesium_effects', help: 'Effects in the evidence.', read: of(({ effects }) => effects) })
  metrics.gauge({ name: 'magnesium_studies', help: 'Studies in the evidence.', read: of(({ studies }) => studies) })
  metrics.gauge({ name: 'magnesium_kept_syntheses', help: 'Syntheses kept under their ids.', read: of(({ syntheses }) => syntheses) })
  metrics.gauge({ name: 'magnesium_kept_syntheses_bytes', help: 'Room that kept syntheses take.', read: of(({ synthesisBytes }) => synthesisBytes) })
}

async function findState(database: Database): Promise<State | null> {
  const [found] = await rows<State>(
    database,
    sql`SELECT extract(epoch FROM now() - d.created_at)::float8 AS "ageSeconds", (d.counts ->> 'effects')::int AS effects,
        (d.counts ->> 'studies')::int AS studies, k.syntheses, k.bytes AS "synthesisBytes"
      FROM (SELECT count(*)::int AS syntheses, coalesce(sum(octet_length(content)), 0)::float8 AS bytes FROM kept_synthesis) k
      LEFT JOIN (SELECT * FROM data_revision ORDER BY id DESC LIMIT 1) d ON true`,
  )
  return found ?? null
}
