import { PublicError } from '../errors.js'
import { engineVersion } from '../version.js'
import { bayesianOf } from './bayesian.js'
import { assumedCorrelation } from './entries.js'
import { scaleOf, type PooledMeasure } from './entry.js'
import { cumulative, leaveOneOut, type InfluenceRow } from './influence.js'
import { poolEntries } from './pool.js'
import { intervalOf, type PoolingQuestion } from './question.js'
import { robustnessOf } from './robustness.js'
import { rScript } from './rScript.js'
import { contributions, shownHeterogeneity, shownPool } from './shown.js'
import { smallStudyEffectsOf } from './smallStudyEffects.js'
import { metaRegressionOf } from './metaRegression.js'
import { subgroupsOf } from './subgroups.js'
import { counted, type PooledEntries } from './synthesis.js'
import type { TableMeasure } from './table.data.js'
import { entriesOfTable, joinedEntries, type TableQuestion, type UnpoolableRow } from './table.entries.js'
import { listed, place, TableError, type Table } from './table.js'
import { warningCodes, warningsOfPool, type SynthesisWarning, type WarningCode } from './warnings.js'

/** The studies of a table, pooled. */
export interface TablePool extends PooledEntries {
  readonly asked: TableMeasure
  readonly unpoolable: readonly UnpoolableRow[]
}

/** What escalc() calls COR is the raw correlation; the API's COR is Fisher's z, escalc()'s ZCOR. */
const pooledMeasureOf = (measure: TableMeasure): PooledMeasure => (measure === 'COR' ? 'RAW_COR' : measure === 'ZCOR' ? 'COR' : measure)

/**
 * Pools the studies of a table.
 *
 * @throws {TableError} if the table does not hold what is asked of it, or nothing that can be pooled
 * @throws {PublicError} if the model cannot be had of these studies
 */
export function poolTable(table: Table, asked: TableQuestion & PoolingQuestion): TablePool {
  const { entries: rows, unpoolable } = entriesOfTable(table, { ...asked, by: asked.model === 'MANTEL_HAENSZEL' ? 'MANTEL_HAENSZEL' : 'INVERSE_VARIANCE' })
  if (rows.length === 0) throw nothingToPool(table, unpoolable)
  const entries = joinedEntries(rows, asked)
  const measure = pooledMeasureOf(asked.measure)
  const question = { ...asked, measure: null, across: [] }
  return {
    asked: asked.measure,
    measure,
    question,
    entries,
    grouped: asked.subgroupBy === null ? [] : joinedEntries(rows, asked, ({ group }) => group),
    pooled: poolEntries(entries, measure, question),
    unpoolable,
  }
}

function nothingToPool({ rows }: Table, unpoolable: readonly UnpoolableRow[]): TableError {
  const lines = new Map(rows.map(({ row, line }) => [row, line]))
  return new TableError(listed(['there is nothing to pool', ...unpoolable.map(({ row, reason }) => `${place(row, lines.get(row) ?? 0)}: ${reason}`)]))
}

/** A pool with the keys of the API's Synthesis, as far as a table has them; numbers that are not there are null. */
export function tableSynthesis(pool: TablePool) {
  const { asked, question, measure, unpoolable } = pool
  const { df, ...numbers } = shownPool(pool)
  const { subgroups: pooledGroups, test } = subgroupsOf(pool)
  const subgroups = pooledGroups.map(({ label, k, studies, participants, estimate, ciLower, ciUpper, heterogeneity }) => ({
    label,
    k,
    studies,
    participants,
    estimate,
    ciLower,
    ciUpper,
    heterogeneity,
  }))
  const { model, estimator, level, dependence, timepoint, subgroupBy, moderators, emptyCells } = question
  return {
    measure: asked,
    analysisScale: scaleOf(measure),
    choices: {
      measure: asked,
      model,
      estimator,
      interval: intervalOf(question),
      level,
      dependence,
      timepoint,
      subgroupBy,
      moderators,
      emptyCells: emptyCells ?? 'AS_THEY_ARE',
    },
    ...numbers,
    // A correlation is shown as 1 from Fisher's z of 18, and a ratio as 0 or infinite: the limits themselves are told too.
    analysisCiLower: pool.pooled.ciLower,
    analysisCiUpper: pool.pooled.ciUpper,
    analysisPredictionLower: pool.pooled.predictionLower,
    analysisPredictionUpper: pool.pooled.predictionUpper,
    degreesOfFreedom: df,
    bayesian: bayesianOf(pool),
    heterogeneity: shownHeterogeneity(pool),
    contributions: contributions(pool),
    leaveOneOut: orNull(() => leaveOneOut(pool).map(withLabelAlone)),
    cumulative: orNull(() => cumulative(pool).map(withLabelAlone)),
    subgroups: subgroups.map((subgroup) => ({ ...subgroup, value: subgroup.label })),
    subgroupTest: test,
    metaRegression: metaRegressionOf(pool),
    smallStudyEffects: smallStudyEffectsOf(pool),
    robustness: orNull(() => robustnessOf(pool)),
    unpoolable: unpoolable.map(({ label, row, code, reason }) => ({ label, row, code, reason })),
    warnings: warningsOfTable(pool),
    rScript: rScript(pool),
    engineVersion,
  }
}

/** What parts of the data do not allow, such as three levels of a single cluster, was not asked for and does not stand in the way of the rest. */
function orNull<Part>(work: () => Part): Part | null {
  try {
    return work()
  } catch (error) {
    if (error instanceof PublicError) return null
    throw error
  }
}

/** What the numbers give reason to warn of, and how the rows became entries. */
export function warningsOfTable(pool: TablePool): SynthesisWarning[] {
  const { entries, unpoolable } = pool
  const noting = (text: string) => entries.filter(({ notes }) => notes.some((note) => note.includes(text))).length
  const joined = entries.filter(({ evidence }) => evidence.length > 1).length
  const silent = unpoolable.filter(({ code }) => code === 'NO_EVENTS').length
  return [
    ...warningsOfPool(pool),
    ...warn(joined, 'CORRELATION_ASSUMED', `The correlation is ${assumedCorrelation}, in ${counted(joined, 'cluster')}.`),
    ...warn(noting('was added'), 'ZERO_CELLS_CORRECTED', `They are ${noting('was added')}.`),
    ...warn(silent, pool.measure === 'RD' ? 'RD_NO_EVENTS_LEFT_OUT' : 'NO_EVENTS_LEFT_OUT', `They are ${silent}.`),
  ]
}

const warn = (count: number, code: WarningCode, detail: string): SynthesisWarning[] =>
  count === 0 ? [] : [{ code, message: `${warningCodes[code]} ${detail}` }]

/** A row of a table has no study or effect in the data. */
const withLabelAlone = ({ label, estimate, ciLower, ciUpper, tau2, i2 }: InfluenceRow) => ({ label, estimate, ciLower, ciUpper, tau2, i2 })
