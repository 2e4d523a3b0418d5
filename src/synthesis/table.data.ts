import type { EventArm } from '../statistics/binary.js'
import type { MeanArm } from '../statistics/continuous.js'
import type { RateArm } from '../statistics/rates.js'
import { type CellReader, type NumberRule, numberRules } from './table.cells.js'
import { TableError, type TableRow } from './table.js'

// What a row says of its study, by the names that metafor's escalc() gives its columns.

/** The measures of a table, by metafor's names: COR is the raw correlation, ZCOR Fisher's z, GEN any number that is normal. */
export const tableMeasures = ['OR', 'RR', 'RD', 'PETO', 'MD', 'SMD', 'ROM', 'COR', 'ZCOR', 'IRR', 'GEN'] as const
export type TableMeasure = (typeof tableMeasures)[number]

/** The two sides of a comparison: group 1 of the column names, and group 2. */
export interface Sides<Arm> {
  readonly intervention: Arm
  readonly comparator: Arm
}

/** What a study reports, of which its effect is computed; an effect that is given stands on the analysis scale. */
export type RowData =
  | ({ readonly kind: 'counts' } & Sides<EventArm>)
  | ({ readonly kind: 'means' } & Sides<MeanArm>)
  | ({ readonly kind: 'rates' } & Sides<RateArm>)
  | { readonly kind: 'correlation'; readonly r: number; readonly n: number }
  | { readonly kind: 'effect'; readonly estimate: number; readonly variance: number }

/** Columns that together tell a study's effect. */
interface ColumnSet {
  readonly rules: Readonly<Record<string, NumberRule>>
  /** @param numberOf a column of the set, whose cell is filled and right */
  readonly dataOf: (numberOf: (column: string) => number, reject: (column: string, why: string) => void) => RowData
}

const { any, count, participants, positive, correlation } = numberRules

const cells: ColumnSet = {
  rules: { ai: count, bi: count, ci: count, di: count },
  dataOf: (numberOf, reject) => {
    const armOf = (events: string, others: string): EventArm => {
      const total = numberOf(events) + numberOf(others)
      if (total === 0) reject(others, `leaves the arm without participants: ${events} is 0 too`)
      return { events: numberOf(events), total }
    }
    return { kind: 'counts', intervention: armOf('ai', 'bi'), comparator: armOf('ci', 'di') }
  },
}

const eventsOfTotals: ColumnSet = {
  rules: { ai: count, n1i: positive, ci: count, n2i: positive },
  dataOf: (numberOf, reject) => {
    const armOf = (events: string, total: string): EventArm => {
      if (numberOf(events) > numberOf(total)) reject(events, `is more than the ${numberOf(total)} participants in ${total}`)
      return { events: numberOf(events), total: numberOf(total) }
    }
    return { kind: 'counts', intervention: armOf('ai', 'n1i'), comparator: armOf('ci', 'n2i') }
  },
}

const meansOfArms: ColumnSet = {
  rules: { m1i: any, sd1i: count, n1i: participants, m2i: any, sd2i: count, n2i: participants },
  dataOf: (numberOf) => ({
    kind: 'means',
    intervention: { mean: numberOf('m1i'), standardDeviation: numberOf('sd1i'), n: numberOf('n1i') },
    comparator: { mean: numberOf('m2i'), standardDeviation: numberOf('sd2i'), n: numberOf('n2i') },
  }),
}

const correlations: ColumnSet = {
  rules: { ri: correlation, ni: participants },
  dataOf: (numberOf) => ({ kind: 'correlation', r: numberOf('ri'), n: numberOf('ni') }),
}

const eventsOverTime: ColumnSet = {
  rules: { x1i: count, t1i: positive, x2i: count, t2i: positive },
  dataOf: (numberOf) => ({
    kind: 'rates',
    intervention: { events: numberOf('x1i'), time: numberOf('t1i') },
    comparator: { events: numberOf('x2i'), time: numberOf('t2i') },
  }),
}

const effectAndVariance: ColumnSet = {
  rules: { yi: any, vi: positive },
  dataOf: (numberOf) => ({ kind: 'effect', estimate: numberOf('yi'), variance: numberOf('vi') }),
}

const effectAndError: ColumnSet = {
  rules: { yi: any, sei: positive },
  dataOf: (numberOf, reject) => {
    const variance = numberOf('sei') ** 2
    if (variance === 0 || variance === Infinity) reject('sei', 'has a square that cannot be told from 0 or infinity')
    return { kind: 'effect', estimate: numberOf('yi'), variance }
  },
}

const given = [effectAndVariance, effectAndError]
const binary = [cells, eventsOfTotals, ...given]
const continuous = [meansOfArms, ...given]

/** For each measure the sets that it can be computed from, of which a row is read by the first one that it fills. */
const setsOf: Readonly<Record<TableMeasure, readonly ColumnSet[]>> = {
  OR: binary,
  RR: binary,
  RD: binary,
  PETO: binary,
  MD: continuous,
  SMD: continuous,
  ROM: continuous,
  COR: [correlations, ...given],
  ZCOR: [correlations, ...given],
  IRR: [eventsOverTime, ...given],
  GEN: given,
}

/**
 * What each row of a table says of its study: data, or the columns that it leaves empty.
 *
 * @throws {TableError} if the table lacks columns that the measure can be computed from
 */
export function rowReader(
  reader: CellReader,
  measure: TableMeasure,
): (row: TableRow) => RowData | { readonly kind: 'incomplete'; readonly empty: readonly string[] } {
  const sets = setsOf[measure].filter(({ rules }) => Object.keys(rules).every((column) => reader.has(column)))
  const [first] = sets
  if (first === undefined) {
    const understood = setsOf[measure].map(({ rules }) => Object.keys(rules).join(', ')).join('; or ')
    throw new TableError([`the table lacks the columns that ${measure} is computed from, which are ${understood}`])
  }
  return (row) => {
    for (const { rules, dataOf } of sets) {
      if (Object.keys(rules).some((column) => reader.text(row, column) === null)) continue
      const numbers = new Map(Object.entries(rules).map(([column, rule]) => [column, reader.number(row, column, rule) ?? NaN]))
      return dataOf(
        (column) => numbers.get(column) ?? NaN,
        (column, why) => reader.reject(row, column, why),
      )
    }
    return { kind: 'incomplete', empty: Object.keys(first.rules).filter((column) => reader.text(row, column) === null) }
  }
}
