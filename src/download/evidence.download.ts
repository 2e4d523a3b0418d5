import { findDataRevision } from '../dataset/dataset.queries.js'
import { rowsInBatches } from '../database/cursor.js'
import { PublicError } from '../errors.js'
import { evidenceOrder, requireEvidence, type EvidenceFilter, type EvidenceOrder } from '../evidence/evidence.filter.js'
import { readStudies } from '../study/study.queries.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { csvOf } from './csv.js'
import { evidenceTable } from './columns.js'
import { filterOf, mapped, orderOf, type Download, type DownloadQuestion } from './download.js'
import { downloadRow, evidenceStatement, type DownloadRow, type StoredRow } from './evidenceRow.js'
import { fhirBundle } from './fhir/bundle.js'
import { ndjsonOf } from './ndjson.js'
import { nodeShape } from './nodeShape.js'
import { parquetOf } from './parquet.js'

/** Every effect that the question selects: the predicates and the order of the API's `evidence`, read to the end. */
export async function effectsOf(question: DownloadQuestion): Promise<AsyncIterable<readonly DownloadRow[]>> {
  const { context } = question
  const filter = filterOf(question, 'EvidenceFilter') as EvidenceFilter | null // what the input type coerces to
  const order = orderOf(question, 'EvidenceOrder') as EvidenceOrder[] // what the input type coerces to
  const vocabulary = await vocabularyOf(context)
  const statement = evidenceStatement(await requireEvidence(context, { ...filter }), evidenceOrder(order, filter))
  return mapped(rowsInBatches<StoredRow>(context.database, statement), (stored) => downloadRow(stored, vocabulary))
}

/** An effect as a node of the API, with the study, population and arms that it is of in a few words. */
function evidenceNode(schema: DownloadQuestion['schema']): (row: DownloadRow) => object {
  const shape = nodeShape(schema, 'Evidence')
  return ({ node, ...row }) => ({
    ...shape({ ...node, condition: named(node.condition), form: named(node.form), outcome: named(node.outcome), instrument: named(node.instrument) }),
    study: {
      slug: row.studySlug,
      title: row.studyTitle,
      year: row.year,
      doi: row.doi,
      pmid: row.pmid,
      pmcid: row.pmcid,
      design: row.design,
      status: row.status,
    },
    population: { label: row.population, meanAge: row.meanAge, femalePercent: row.femalePercent, baselineSerumMagnesium: row.baselineSerumMagnesium },
    intervention: row.intervention === null ? null : { label: row.intervention },
    comparator: row.comparator === null ? null : { label: row.comparator, role: row.comparatorRole },
    provenance: { source: row.source, locator: row.locator },
  })
}

const named = (term: { readonly id: string; readonly slug: string; readonly name: string } | null) =>
  term === null ? null : { id: term.id, slug: term.slug, name: term.name }

/** Studies are looked up beside the rows' transaction: where an import came in between, the file must not seem whole. */
async function requireSameData({ context: { database, dataRevision } }: DownloadQuestion): Promise<void> {
  const { id } = await findDataRevision(database)
  if (id !== dataRevision.id) throw new PublicError('SERVICE_UNAVAILABLE', 'the data changed while the file was made: ask again')
}

export const evidenceDownloads: Readonly<Record<string, Download>> = {
  'evidence.csv': {
    contentType: 'text/csv; charset=utf-8; header=present',
    content: async function* (question) {
      yield* csvOf(evidenceTable, await effectsOf(question), question)
    },
  },
  'evidence.parquet': {
    contentType: 'application/vnd.apache.parquet',
    content: async function* (question) {
      yield* parquetOf(evidenceTable, await effectsOf(question))
    },
  },
  'evidence.fhir.json': {
    contentType: 'application/fhir+json; charset=utf-8; fhirVersion=5.0',
    content: async function* (question) {
      const studiesOf = (keys: readonly number[]) => readStudies(question.context, keys)
      yield* fhirBundle(await effectsOf(question), studiesOf, `${question.origin}/fhir`, () => requireSameData(question))
    },
  },
  'evidence.ndjson': {
    contentType: 'application/x-ndjson; charset=utf-8',
    content: async function* (question) {
      yield* ndjsonOf(evidenceNode(question.schema), await effectsOf(question))
    },
  },
}
