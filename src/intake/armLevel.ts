import { isDeepStrictEqual } from 'node:util'
import type { Database } from '../database/client.js'
import type { Transaction } from '../database/query.js'
import type { Fault } from '../corpus/files.js'
import type { ResultEntry, StudyEntry } from '../corpus/format.js'
import { utf8Of } from '../references/textLines.js'
import type { Vocabulary } from '../vocabulary/vocabulary.js'
import { faultsBetweenRows, faultsOfRows } from './armLevel.checks.js'
import { mergedStudy } from './armLevel.merge.js'
import { countStudies, faultsOfStudies, faultsOfTerms, studiesInRows } from './armLevel.queries.js'
import { studyOfRows, type LinesOfResults } from './armLevel.study.js'
import type { DecimalMark, Delimiter } from '../spreadsheet.js'
import { everyColumn, type ArmLevelRow, type ColumnName } from './armLevel.columns.js'
import { readNumbers } from './armLevel.numbers.js'
import { mostFaults, type RowFault } from './bulk.records.js'
import { formatRowFault, ResultFaults, stageRows, type Staged } from './bulk.staging.js'
import type { Proposal } from './draft.js'
import { examineResults } from './resultRules.js'

/** What an import is at: bytes copied, then checks, then studies put together. */
export interface Stage {
  readonly doing: 'copying' | 'checking' | 'writing'
  /** Bytes, or studies. */
  readonly done: number
  /** Null where it is not known. */
  readonly total: number | null
}

export interface ArmLevelOptions {
  readonly delimiter?: Delimiter
  /** What stands before decimals; left out, the numbers of the file tell it. */
  readonly decimal?: DecimalMark
  /** Told how the file is read where that is not as usual, and of numbers that should be looked at; a sentence each. */
  readonly onNote?: (sentence: string) => void
  readonly onStage?: (stage: Stage) => void
  /** Of the file, for the progress. */
  readonly bytes?: number
  /** For the vocabulary's names. */
  readonly database: Database
  readonly vocabulary: Vocabulary
  /** The whole entry of a study that the database has, by its slug. */
  readonly getKnown: (slug: string) => Promise<StudyEntry>
}

/** A study that the rows of a file propose. */
export interface ProposedStudy {
  readonly study: StudyEntry
  /** The line of the study's first row. */
  readonly line: number
  /** What the study is so far; null for a new one. */
  readonly known: StudyEntry | null
  /** What the file says differently and the known study keeps. */
  readonly kept: readonly string[]
}

/**
 * Reads a file of arm-level results, checks all of it, and only then gives its studies, in the order of their slugs, put together one after
 * another: in constant memory, whatever its size. The rows lie in a table of the transaction's own, which goes with it.
 *
 * @throws {ResultFaults} with the first hundred faults of the file
 * @throws {MalformedFile} where it is no table
 */
export async function* readArmLevelResults(
  transaction: Transaction,
  bytes: AsyncIterable<Uint8Array>,
  options: ArmLevelOptions,
): AsyncGenerator<ProposedStudy> {
  const { vocabulary, onStage = () => {}, onNote = () => {}, delimiter } = options
  let copied = 0
  const staged = await stageRows(transaction, utf8Of(bytes), {
    ...(delimiter !== undefined && { delimiter }),
    onBytes: (count) => onStage({ doing: 'copying', done: (copied += count), total: options.bytes ?? null }),
  })
  onStage({ doing: 'checking', done: 0, total: null })
  const { decimal, faults: ofMarks } = await readNumbers(transaction, staged.delimiter, options.decimal)
  if (staged.hasRowNames) onNote('the first column holds row numbers and is passed over')
  if (decimal === 'comma') onNote('numbers are read with decimal commas')
  await refuseFaults(transaction, options, { ...staged, faults: [...staged.faults, ...ofMarks] })
  const total = await countStudies(transaction)
  const faults: RowFault[] = []
  let done = 0
  for await (const { slug, known: knownSlug, rows } of studiesInRows(transaction)) {
    const line = rows[0]?.line ?? 1
    const known = knownSlug === null ? null : await options.getKnown(knownSlug)
    const read = studyOfRows({ slug: known?.slug ?? slug, rows }, vocabulary, known ?? undefined)
    if (read.study === null)
      throw new ResultFaults(
        [{ line, column: 'study', value: rows[0]?.study ?? null, rule: `does not fit the format of studies: ${read.faults.join('; ')}` }],
        true,
      )
    const proposed = known === null ? { study: read.study, kept: [] } : mergedStudy(known, read.study)
    const { impossible, doubtful } = examinedRows(proposed.study, rows, read.lines, vocabulary)
    faults.push(...impossible)
    doubtful.forEach((fault) => onNote(`look at ${formatRowFault(fault)}`))
    if (faults.length > mostFaults) break
    if (faults.length === 0) yield { line, known, ...proposed }
    onStage({ doing: 'writing', done: ++done, total })
  }
  if (faults.length > 0) throw new ResultFaults(faults.slice(0, mostFaults), faults.length <= mostFaults)
}

/** What of the file's numbers cannot be, and what may but should be looked at, at the rows that say them. */
function examinedRows(
  study: StudyEntry,
  rows: readonly ArmLevelRow[],
  lines: LinesOfResults,
  vocabulary: Vocabulary,
): { impossible: RowFault[]; doubtful: RowFault[] } {
  const ofFile = examineResults(study, vocabulary).filter(({ result }) => lines.has(result.slug))
  const placed = (result: ResultEntry, { field, value, rule }: Fault): RowFault => {
    const [, index, name = ''] = /^armResults(?:\[(\d+)\])?\.(\w+)$/.exec(field) ?? []
    const arms = lines.get(result.slug)
    const line = arms?.get(result.armResults[Number(index ?? 0)]?.arm ?? '') ?? [...(arms?.values() ?? [])][0] ?? 1
    const column = everyColumn.find((one) => one.name === name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
    const cell = column === undefined ? null : (rows.find((row) => row.line === line)?.[column.name as ColumnName] ?? null)
    return { line, column: column?.name ?? null, value: cell ?? (value === undefined ? null : String(value)), rule }
  }
  const of = (kind: 'faults' | 'warnings') => {
    const found = ofFile.flatMap((findings) => findings[kind].map((fault) => placed(findings.result, fault)))
    // One row stands in several results, where several arms are compared with it.
    return [...new Map(found.map((fault) => [JSON.stringify(fault), fault])).values()]
  }
  return { impossible: of('faults'), doubtful: of('warnings') }
}

/** The studies of a file as what an import proposes; `onKept` is told what a known study keeps against the file. */
export async function* armLevelProposals(
  transaction: Transaction,
  bytes: AsyncIterable<Uint8Array>,
  { source, onKept, ...options }: ArmLevelOptions & { readonly source: string; readonly onKept: (sentence: string) => void },
): AsyncGenerator<Proposal> {
  for await (const { study, line, known, kept } of readArmLevelResults(transaction, bytes, options)) {
    const origin = { format: 'arm-level results', source, line }
    for (const sentence of kept) onKept(`${study.slug}: ${sentence}`)
    if (known === null) yield { kind: 'STUDY', slug: study.slug, document: study, origin }
    else if (isDeepStrictEqual(study, known)) yield { outcome: 'SKIPPED', subject: study.slug, why: 'the known study says all of it', origin }
    else yield { kind: 'STUDY', slug: study.slug, document: study, origin, matched: { slug: known.slug, by: 'slug, DOI, PMID or PMCID' }, base: known }
  }
}

async function refuseFaults(transaction: Transaction, { database, vocabulary }: ArmLevelOptions, staged: Staged): Promise<void> {
  if (staged.rows === 0 && staged.faults.length === 0)
    throw new ResultFaults([{ line: 1, column: null, value: null, rule: 'must be followed by rows: the file has a header only' }], true)
  await transaction.client.query(`SET LOCAL work_mem = '64MB'`)
  await transaction.client.query('ANALYZE arm_level_row')
  const faults = [...staged.faults, ...(await faultsOfRows(transaction)), ...(await faultsOfTerms(database, transaction, vocabulary))]
  // What rows say together is told where each is sound by itself: else one fault would be told twice.
  if (faults.length === 0) faults.push(...(await faultsBetweenRows(transaction)))
  if (faults.length === 0) faults.push(...(await faultsOfStudies(transaction)))
  if (faults.length === 0) return
  const inOrder = faults.sort((a, b) => a.line - b.line)
  throw new ResultFaults(inOrder.slice(0, mostFaults), staged.areAll && inOrder.length <= mostFaults)
}
