import type { Prisma } from '../generated/prisma/client.js'
import type { Keyed, KnownKey, WantedKeys } from './records.ids.js'
import type { Records } from './records.js'

export const keyedTables: readonly Keyed[] = [
  'condition',
  'magnesium_form',
  'outcome',
  'instrument',
  'treatment',
  'source',
  'publication',
  'study',
  'population',
  'arm',
  'dose',
  'study_outcome',
  'contrast',
  'result',
  'result_report',
  'effect',
  'risk_of_bias',
  'pooled_result',
  'source_document',
  'claim',
  'interaction',
  'contraindication',
]

/** The keys of all rows. */
export function existingKeys(transaction: Prisma.TransactionClient): Promise<KnownKey[]> {
  const union = keyedTables.map((table) => `SELECT '${table}' AS "table", slug, id FROM ${table}`).join(' UNION ALL ') // table names from the list above, nothing from outside
  return transaction.$queryRawUnsafe(union)
}

/** The keys of the wanted slugs, as far as they have one, and the largest key of each of their tables. */
export async function wantedKeys(
  transaction: Prisma.TransactionClient,
  { slugs }: WantedKeys,
): Promise<{ existing: KnownKey[]; largest: { table: Keyed; id: number }[] }> {
  const wanted = keyedTables.flatMap((table) => ({ table, slugs: [...(slugs.get(table) ?? [])] })).filter((one) => one.slugs.length > 0)
  if (wanted.length === 0) return { existing: [], largest: [] }
  const existing = wanted
    .map(({ table }, index) => `SELECT '${table}' AS "table", slug, id FROM ${table} WHERE slug = ANY ($${index + 1}::text[])`)
    .join(' UNION ALL ') // table names from the list above
  const largest = wanted.map(({ table }) => `SELECT '${table}' AS "table", max(id) AS id FROM ${table} HAVING max(id) IS NOT NULL`).join(' UNION ALL ')
  return {
    existing: await transaction.$queryRawUnsafe(existing, ...wanted.map((one) => one.slugs)),
    largest: await transaction.$queryRawUnsafe(largest),
  }
}

/** The table of each kind of record, in the order that references ask for. */
export const tables: Readonly<Record<keyof Records, string>> = {
  condition: 'condition',
  conditionCode: 'condition_code',
  conditionParent: 'condition_parent',
  conditionClosure: 'condition_closure',
  magnesiumForm: 'magnesium_form',
  formCode: 'form_code',
  formParent: 'form_parent',
  formClosure: 'form_closure',
  formAlternative: 'form_alternative',
  outcome: 'outcome',
  outcomeCode: 'outcome_code',
  instrument: 'instrument',
  instrumentCode: 'instrument_code',
  outcomeInstrument: 'outcome_instrument',
  treatment: 'treatment',
  treatmentCode: 'treatment_code',
  publication: 'publication',
  publicationAuthor: 'publication_author',
  publicationRelation: 'publication_relation',
  publicationStatusEvent: 'publication_status_event',
  study: 'study',
  crossoverDesign: 'crossover_design',
  clusterDesign: 'cluster_design',
  source: 'source',
  studyPublication: 'study_publication',
  registration: 'registration',
  population: 'population',
  populationCondition: 'population_condition',
  arm: 'arm',
  armAgent: 'arm_agent',
  dose: 'dose',
  studyConcern: 'study_concern',
  studyOutcome: 'study_outcome',
  contrast: 'contrast',
  result: 'result',
  resultSource: 'result_source',
  exposureCategory: 'exposure_category',
  resultReport: 'result_report',
  armResult: 'arm_result',
  effect: 'effect',
  riskOfBias: 'risk_of_bias',
  riskOfBiasDomain: 'risk_of_bias_domain',
  pooledResult: 'pooled_result',
  replication: 'replication',
  replicationInput: 'replication_input',
  sourceDocument: 'source_document',
  documentReference: 'document_reference',
  claim: 'claim',
  claimForm: 'claim_form',
  claimCondition: 'claim_condition',
  claimOutcome: 'claim_outcome',
  claimCitation: 'claim_citation',
  claimFinding: 'claim_finding',
  interaction: 'interaction',
  interactionCode: 'interaction_code',
  interactionForm: 'interaction_form',
  contraindication: 'contraindication',
  contraindicationForm: 'contraindication_form',
}

export interface TableShape {
  /** Columns of the primary key. */
  readonly key: readonly string[]
  /** Whether rows of other tables point to its rows. */
  readonly isReferenced: boolean
}

/** What the database knows of the tables, by their names. */
export async function tableShapes(transaction: Prisma.TransactionClient): Promise<ReadonlyMap<string, TableShape>> {
  const shapes = await transaction.$queryRaw<(TableShape & { name: string })[]>`
    SELECT c.relname::text AS name,
      (SELECT array_agg(a.attname::text ORDER BY array_position(i.indkey::int2[], a.attnum)) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey)) AS key,
      EXISTS (SELECT FROM pg_constraint k WHERE k.contype = 'f' AND k.confrelid = c.oid) AS "isReferenced"
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    WHERE i.indisprimary AND c.relnamespace = 'public'::regnamespace`
  return new Map(shapes.map(({ name, ...shape }) => [name, shape]))
}
