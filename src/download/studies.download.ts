import { rowsInBatches } from '../database/cursor.js'
import { referenceFormats } from '../references/formats.js'
import { requireStudies, studyOrder, type StudyFilter, type StudyOrder } from '../study/study.filter.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { csvOf } from './csv.js'
import { filterOf, mapped, orderOf, type Download, type DownloadQuestion } from './download.js'
import { ndjsonOf } from './ndjson.js'
import { nodeShape } from './nodeShape.js'
import { downloadStudy, referencesOf, studyStatement, studyTable, type DownloadStudy, type StoredStudy } from './studyRow.js'

/** Every study that the question selects: the predicates and the order of the API's `studies`, read to the end. */
export async function studiesOf(question: DownloadQuestion): Promise<AsyncIterable<readonly DownloadStudy[]>> {
  const { context } = question
  const filter = filterOf(question, 'StudyFilter') as StudyFilter | null // what the input type coerces to
  const order = orderOf(question, 'StudyOrder') as StudyOrder[] // what the input type coerces to
  const vocabulary = await vocabularyOf(context)
  const statement = studyStatement(await requireStudies(context, { ...filter }), studyOrder(order, filter))
  return mapped(rowsInBatches<StoredStudy>(context.database, statement, { batch: 200 }), (stored) => downloadStudy(stored, vocabulary))
}

/** The publications of the studies, in the formats of reference managers. */
const referenceDownloads: Readonly<Record<string, Download>> = Object.fromEntries(
  Object.entries(referenceFormats).map(([ending, { contentType, write }]) => [
    `studies.${ending}`,
    {
      contentType,
      content: async function* (question: DownloadQuestion) {
        yield* write(referencesOf(await studiesOf(question)))
      },
    },
  ]),
)

export const studyDownloads: Readonly<Record<string, Download>> = {
  'studies.csv': {
    contentType: 'text/csv; charset=utf-8; header=present',
    content: async function* (question) {
      yield* csvOf(studyTable, await studiesOf(question), question)
    },
  },
  'studies.ndjson': {
    contentType: 'application/x-ndjson; charset=utf-8',
    content: async function* (question) {
      const shape = nodeShape(question.schema, 'Study')
      yield* ndjsonOf(({ node }: DownloadStudy) => shape(node), await studiesOf(question))
    },
  },
  ...referenceDownloads,
}
