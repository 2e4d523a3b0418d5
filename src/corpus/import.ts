import { createHash } from 'node:crypto'
import { theService, type Actor } from '../audit/audit.js'
import { recordChange } from '../audit/audit.queries.js'
import type { Prisma } from '../generated/prisma/client.js'
import type { Database } from '../database/client.js'
import { engineVersion, release } from '../version.js'
import { findAccepted, withAccepted, type Accepted } from './accepted.js'
import { corpusBefore, recordChanges } from './changes.record.js'
import { insertion } from './insert.js'
import { keepCorpus, packCorpus } from './kept.js'
import { CorpusFaults, type Corpus } from './files.js'
import { claimRecords } from './records.claims.js'
import { Keys, type Keyed } from './records.ids.js'
import { resultRecords } from './records.results.js'
import { studyRecords } from './records.study.js'
import { compositionsOf, vocabularyRecords } from './records.vocabulary.js'
import { readFiles, type CorpusFiles } from './reading.js'
import { crossFileFaults } from './rules.js'

export interface ImportReport {
  /** False where the database held this revision already. */
  readonly imported: boolean
  /** Fingerprint of the files and of the formulas. */
  readonly revision: string
  readonly counts: Readonly<Record<string, number>>
}

/** What a curator decides, in the transaction of the import that follows. */
export type Decide = (transaction: Prisma.TransactionClient, files: Corpus, accepted: readonly Accepted[]) => Promise<void>

/** Takes back what a dry run did, with what it would have said. */
class DryRun extends Error {
  constructor(readonly report: ImportReport) {
    super('a dry run')
  }
}

/**
 * Brings the database to the state of the corpus files and of the drafts that curators accepted: the whole of it in one transaction, or nothing.
 *
 * Rows keep their keys from import to import. An import of what is there already changes nothing; two imports at once
 * wait for each other.
 *
 * @param decide what a curator decides now: done in the same transaction, before the accepted drafts are read; it may ask for the files and what was accepted before
 * @param actor who imports, for the audit log
 * @param options.dryRun checks everything, tells the same, and writes nothing
 * @param options.reading the folder's files, if somebody reads them already
 * @throws {CorpusFaults} naming every fault, {UnplacedDraft} for an accepted draft that fits nowhere, and what `decide` throws; with the database untouched
 */
export async function importCorpus(
  { prisma }: Database,
  folder: string,
  decide: Decide | undefined = undefined,
  actor: Actor = theService,
  { dryRun = false, reading = readFiles(folder) }: { readonly dryRun?: boolean; readonly reading?: Promise<CorpusFiles> | undefined } = {},
): Promise<ImportReport> {
  const { digest: filesDigest, corpus: files, isChecked, isKept = false } = await reading
  const work = prisma.$transaction(
    async (transaction) => {
      await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('magnesium-evidence import'))`
      const accepted = await findAccepted(transaction)
      await decide?.(transaction, files, accepted)
      const corpus = withAccepted(files, await findAccepted(transaction))
      const newest = await transaction.dataRevision.findFirst({ orderBy: { id: 'desc' } })
      // The effects of these very files were computed when they were imported.
      const computed = new Set(newest?.filesDigest === filesDigest ? files.studies : [])
      const faults = isChecked && corpus === files ? [] : crossFileFaults(corpus, (study) => computed.has(study))
      if (faults.length > 0) throw new CorpusFaults(faults)
      const revision = revisionOf(corpus)
      if (newest?.revision === revision) {
        const report = { imported: false, revision, counts: newest.counts as Record<string, number> } // written below
        if (dryRun) throw new DryRun(report)
        if (!isKept) await keepCorpus(transaction, { digest: filesDigest, packed: await packCorpus(files) })
        return report
      }
      const records = recordsOf(corpus, new Keys(await existingKeys(transaction)))
      const counts = {
        conditions: records.condition.length,
        forms: records.magnesiumForm.length,
        outcomes: records.outcome.length,
        instruments: records.instrument.length,
        treatments: records.treatment.length,
        studies: records.study.length,
        publications: records.publication.length,
        arms: records.arm.length,
        doses: records.dose.length,
        results: records.result.length,
        effects: records.effect.length,
        pooledResults: records.pooledResult.length,
        claims: records.claim.length,
        interactions: records.interaction.length,
        contraindications: records.contraindication.length,
      }
      if (dryRun) throw new DryRun({ imported: true, revision, counts })
      const before = await studyStatuses(transaction)
      const corpusThen = await corpusBefore(transaction, { newest, files, filesDigest, accepted })
      const packing = isKept ? null : packCorpus(files) // compressed while the database works
      await replaceAll(transaction, records)
      if (packing !== null) await keepCorpus(transaction, { digest: filesDigest, packed: await packing })
      const { id: revisionId } = await transaction.dataRevision.create({ data: { revision, engineVersion, release, counts, filesDigest } })
      await recordChanges(transaction, { revisionId, before: corpusThen, after: corpus, counts })
      const after = await studyStatuses(transaction)
      for (const [slug, status] of after) {
        const was = before.get(slug)
        if (was !== undefined && was !== status)
          await recordChange(transaction, { actor, action: 'STATUS_CHANGED', subject: `study ${slug}`, before: was, after: status })
      }
      const change = { before: newest?.revision ?? null, after: revision, details: { release, engineVersion, ...counts } }
      await recordChange(transaction, { actor, action: 'EVIDENCE_IMPORTED', subject: 'evidence', ...change })
      return { imported: true, revision, counts }
    },
    { timeout: 120_000, maxWait: 60_000 },
  )
  return work.catch((error: unknown) => {
    if (error instanceof DryRun) return error.report
    throw error
  })
}

/** Current, corrected, retracted …: of every study, by its slug. */
async function studyStatuses(transaction: Prisma.TransactionClient): Promise<ReadonlyMap<string, string>> {
  const statuses = await transaction.$queryRaw<{ slug: string; status: string }[]>`
    SELECT s.slug, st.status::text AS status FROM study s JOIN study_status st ON st.study_id = s.id ORDER BY s.id`
  return new Map(statuses.map(({ slug, status }) => [slug, status]))
}

function revisionOf(corpus: Corpus): string {
  return createHash('sha256')
    .update(JSON.stringify([release, engineVersion, corpus]))
    .digest('hex')
}

type Records = ReturnType<typeof recordsOf>

function recordsOf(corpus: Corpus, keys: Keys) {
  const vocabulary = vocabularyRecords(corpus, keys)
  const forms = compositionsOf(corpus)
  const studies = studyRecords(corpus.studies, forms, keys)
  const claims = claimRecords(corpus, keys)
  return { ...vocabulary, ...studies, ...resultRecords(corpus, forms, keys), ...claims, source: [...studies.source, ...claims.source] }
}

const keyedTables: readonly Keyed[] = [
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

function existingKeys(transaction: Prisma.TransactionClient): Promise<{ table: Keyed; slug: string; id: number }[]> {
  const union = keyedTables.map((table) => `SELECT '${table}' AS "table", slug, id FROM ${table}`).join(' UNION ALL ') // table names from the list above, nothing from outside
  return transaction.$queryRawUnsafe(union)
}

/** The table of each kind of record, in the order that references ask for. */
const tables: Readonly<Record<keyof Records, string>> = {
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

/** Deletes what is there and writes the records, in the order that references ask for; then fills the read model. Readers see the old state until the end. */
async function replaceAll(transaction: Prisma.TransactionClient, records: Records): Promise<void> {
  await transaction.claim.deleteMany()
  await transaction.sourceDocument.deleteMany()
  await transaction.interaction.deleteMany()
  await transaction.contraindication.deleteMany()
  await transaction.certainty.deleteMany()
  await transaction.result.deleteMany()
  await transaction.contrast.deleteMany()
  await transaction.pooledResult.deleteMany()
  await transaction.riskOfBias.deleteMany()
  await transaction.arm.deleteMany()
  await transaction.population.deleteMany()
  await transaction.studyConcern.deleteMany()
  await transaction.source.deleteMany()
  await transaction.study.deleteMany()
  await transaction.publication.deleteMany()
  await transaction.condition.deleteMany()
  await transaction.magnesiumForm.deleteMany()
  await transaction.outcome.deleteMany()
  await transaction.instrument.deleteMany()
  await transaction.treatment.deleteMany()

  // The rows of one table are put into JSON while the database stores those of the one before.
  let stored: Promise<void> = Promise.resolve()
  for (const [name, table] of Object.entries(tables)) {
    const insert = insertion(table, records[name as keyof Records]) // its keys are those of the records
    await stored
    stored = insert(transaction)
    stored.catch(() => {}) // awaited below, or in the next turn
  }
  await stored

  for (const table of keyedTables)
    await transaction.$executeRawUnsafe(`SELECT setval(pg_get_serial_sequence('${table}', 'id'), coalesce((SELECT max(id) FROM ${table}), 1))`) // names from the list above
  await transaction.$executeRaw`SELECT refresh_read_model()`
}
