import sql from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { rows } from '../database/query.js'

/** A randomised trial that gave a form by itself. */
interface FormTrial {
  readonly form: number
  readonly study: number
  /** Elemental magnesium, mg a day; null where it is not known as one number. */
  readonly dose: number | null
}

/** The randomised trials in people of each form, by its key; read once for all requests of a revision. */
export async function findFormTrials(database: Database): Promise<ReadonlyMap<number, readonly FormTrial[]>> {
  const found = await rows<FormTrial>(
    database,
    sql`SELECT form_id AS form, study_id AS study, min(elemental_mg_low) FILTER (WHERE elemental_mg_low = elemental_mg_high) AS dose FROM evidence_row
      WHERE form_id IS NOT NULL AND subjects = 'HUMAN' AND NOT retracted AND evidence_class = 'RANDOMIZED' GROUP BY form_id, study_id`,
  )
  const byForm = new Map<number, FormTrial[]>()
  for (const trial of found) byForm.set(trial.form, [...(byForm.get(trial.form) ?? []), trial])
  return byForm
}

export interface TriedForm {
  readonly trials: number
  /** Median over the trials that tell it; null where none does. */
  readonly medianElementalMgPerDay: number | null
}

/** What randomised trials gave of some forms together. */
export function triedOf(byForm: ReadonlyMap<number, readonly FormTrial[]>, keys: readonly number[]): TriedForm {
  const doseOf = new Map<number, number | null>()
  for (const { study, dose } of keys.flatMap((key) => byForm.get(key) ?? [])) doseOf.set(study, doseOf.get(study) ?? dose)
  const doses = [...doseOf.values()].filter((dose) => dose !== null).sort((a, b) => a - b)
  const middle = doses.length / 2
  const [lower, upper] = [doses[Math.ceil(middle) - 1], doses[Math.floor(middle)]]
  return { trials: doseOf.size, medianElementalMgPerDay: lower === undefined || upper === undefined ? null : (lower + upper) / 2 }
}
