import { rm } from 'node:fs/promises'
import { CorpusFaults, formatFault } from '../../src/corpus/files.js'
import { importCorpus } from '../../src/corpus/import.js'
import { validCorpus } from '../../src/corpus/reading.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'
import { breaches } from './breaches.js'
import { miniatureCorpus, replaceIn } from './miniature.js'

let clone: ClonedDatabase
beforeAll(async () => {
  clone = await cloneDatabase()
})
afterAll(() => clone.drop())
let folder: string
beforeEach(async () => {
  folder = await miniatureCorpus()
})
afterEach(() => rm(folder, { recursive: true }))

test('the invented corpus has no fault', async () => {
  await expect(validCorpus(folder)).resolves.toBeDefined()
})

/** A database that notices when it is asked for anything. */
function untouched() {
  const asked: string[] = []
  const prisma = new Proxy({}, { get: (_, name) => void asked.push(String(name)) })
  return { asked, database: { prisma } as unknown as ClonedDatabase['database'] }
}

test.each(breaches.map((breach) => [breach.constraint, breach] as const))(
  'a file that would break %s is refused by name, and the database is not asked',
  async (_, { file, before, after, says }) => {
    await replaceIn(folder, file, before, after)
    const { asked, database } = untouched()
    const error: unknown = await importCorpus(database, folder).catch((reason: unknown) => reason)
    if (!(error instanceof CorpusFaults)) throw new Error(`expected the corpus to be refused, got ${String(error)}`)
    expect(error.faults.map(formatFault)).toContainEqual(expect.stringMatching(says))
    expect(asked).toEqual([])
  },
)

/** Tables that no file fills: keys, logs, drafts, judgements made by the service, and the read model. */
const notFromFiles =
  /^(_prisma_migrations|api_key|audit_entry|certainty|data_\w+|draft\w*|kept_\w+|saved_\w+|evidence_row|study_row|pooling_row|search_row|term_name)$/

/**
 * What holds because of how the rows are made: their keys and positions are counted, a child carries its parent's key, closures are computed,
 * and the scale follows from the measure.
 */
const byConstruction =
  /(_pkey \((id|\w+, "position"|study_id|pooled_result_id|ancestor_id, descendant_id)\)|_id_id_key|_closure_\w+|effect_one_default|effect_scale_of_measure|pooled_result_scale_of_measure|result_report_result_id_position_key|_(study|arm|report|claim|document|assessment|interaction|contraindication|crossover|child|descendant|ancestor|form_id_form)_id_fkey|_source_id_fkey|\w+_code_\w+_id_fkey|(population_condition_population|publication_author_publication|publication_status_event_publication|publication_relation_from|outcome_instrument_outcome|form_alternative_form|result_report_result|effect_result|study_outcome_study|contraindication_form_contraindication|exposure_category_result|result_source_result|replication_pooled_result|replication_input_pooled_result|study_publication_study|result_study_id_contrast|result_study_id_study_outcome)_id_fkey|registration_pkey|contrast_check[23]|effect_check3|dose_check[345]|dose_elemental_mg_per_(kg|hour)_low_check|risk_of_bias_assessed_precision_check|magnesium_form_check1|magnesium_form_check2|magnesium_form_molar_mass_check|publication_author_check|effect_absence_has_a_reason|claim_finding_result_id_fkey)/

test('every constraint on what files fill is broken by one of these files, or cannot be broken', async () => {
  const constraints = await clone.database.prisma.$queryRaw<{ table: string; name: string }[]>`
    SELECT conrelid::regclass::text AS table, conname AS name FROM pg_constraint
    WHERE contype IN ('c', 'f') AND connamespace = current_schema()::regnamespace
    UNION ALL
    SELECT tablename, indexname || CASE WHEN indexname LIKE '%_pkey' THEN substring(indexdef FROM ' \\(.*$') ELSE '' END FROM pg_indexes
    WHERE schemaname = current_schema() AND indexdef LIKE 'CREATE UNIQUE%'`
  const broken = new Set(breaches.flatMap(({ constraint }) => constraint.split(', ')))
  const uncovered = constraints.filter(
    ({ table, name }) =>
      !notFromFiles.test(table) &&
      !byConstruction.test(name) &&
      !broken.has(name.replace(/ .*/, '')) &&
      // One rule of the format refuses what is not finite, whichever number it is.
      !name.endsWith('_finite'),
  )
  expect(uncovered.map(({ name }) => name)).toEqual([])
})
