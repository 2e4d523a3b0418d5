import { stringify } from 'csv-stringify/sync'
import { inert } from '../spreadsheet.js'
import type { PooledEntries } from './synthesis.js'
import { contributions } from './shown.js'

/**
 * The entries of a pool as comma-separated values: `yi` and `vi` are what was pooled, on the analysis scale, as metafor's rma() takes them; beside them
 * what is shown, the weight, counts where they are known, and the effects that each entry rests on.
 */
export function poolCsv(pool: PooledEntries): string {
  const rows = contributions(pool).map(
    ({ label, study, year, participants, analysisEstimate, standardError, counts, weightPercent, evidence, notes, ...shown }) => ({
      study,
      label: inert(label),
      year,
      yi: analysisEstimate,
      vi: standardError ** 2,
      sei: standardError,
      measure: pool.measure,
      estimate: shown.estimate,
      ci_lower: shown.ciLower,
      ci_upper: shown.ciUpper,
      weight_percent: weightPercent,
      participants,
      ai: counts?.intervention.events ?? null,
      n1i: counts?.intervention.total ?? null,
      ci: counts?.comparator.events ?? null,
      n2i: counts?.comparator.total ?? null,
      evidence: evidence.join(';'),
      notes: inert(notes.join('; ')),
    }),
  )
  return stringify(rows, { header: true, record_delimiter: 'windows' })
}
