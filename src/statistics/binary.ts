import { type EffectResult, requireAtLeast, requirePositive } from './effectSize.js'

/** One arm of a binary outcome: participants with the event, of all analysed. Effective numbers of a clustered trial need not be whole. */
export interface EventArm {
  readonly events: number
  readonly total: number
}

/** Cells of the 2×2 table: events and non-events of the intervention (a, b) and of the comparator (c, d). */
interface Cells {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
}

const continuityCorrected = '0.5 was added to each cell of the 2×2 table because one of them is zero'

/**
 * Odds ratio, as its logarithm. 0.5 is added to the four cells where one of them is zero.
 *
 * @returns ln OR; not estimable where nobody, or everybody, had the event in both arms
 * @throws {RangeError} if events are negative or exceed a total, or a total is not positive
 * @see Deeks & Higgins (2010), Statistical algorithms in Review Manager 5
 */
export function oddsRatio(intervention: EventArm, comparator: EventArm): EffectResult {
  return logRatio('OR', 'or-log-woolf', { intervention, comparator }, ({ a, b, c, d }) => ({
    estimate: Math.log(a / b / (c / d)),
    variance: 1 / a + 1 / b + 1 / c + 1 / d,
  }))
}

/**
 * Risk ratio, as its logarithm. 0.5 is added to the four cells where one of them is zero: an arm without events has no logarithm,
 * and an arm without non-events would enter as if its risk were known without error.
 *
 * @returns ln RR; not estimable where nobody, or everybody, had the event in both arms
 * @throws {RangeError} if events are negative or exceed a total, or a total is not positive
 * @see Katz, Baptista, Azen & Pike (1978), Biometrics 34:469–474
 */
export function riskRatio(intervention: EventArm, comparator: EventArm): EffectResult {
  return logRatio('RR', 'rr-log-katz', { intervention, comparator }, ({ a, b, c, d }) => ({
    estimate: Math.log(a / (a + b) / (c / (c + d))),
    variance: 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d),
  }))
}

/**
 * Risk difference, as a share (0.05 is five in a hundred). Nothing is added to zero cells: unlike a ratio it needs no correction, and metafor,
 * which corrects here too, moves a difference of exactly zero away from zero wherever arms differ in size.
 *
 * @returns not estimable where neither arm varies: its standard error would be zero
 * @throws {RangeError} if events are negative or exceed a total, or a total is not positive
 * @see Deeks & Higgins (2010), Statistical algorithms in Review Manager 5
 */
export function riskDifference(intervention: EventArm, comparator: EventArm): EffectResult {
  const { a, b, c, d } = cellsOf({ intervention, comparator })
  const known = { measure: 'RD', formula: 'rd-wald', inputs: inputsOf({ intervention, comparator }) } as const
  const variance = (a * b) / (a + b) ** 3 + (c * d) / (c + d) ** 3
  if (variance === 0)
    return { ok: false, ...known, reason: 'in each arm either nobody or everybody had the event, so the risk difference has no standard error' }
  return { ok: true, ...known, estimate: a / (a + b) - c / (c + d), standardError: Math.sqrt(variance), assumptions: [] }
}

interface Arms {
  readonly intervention: EventArm
  readonly comparator: EventArm
}

function logRatio(measure: 'OR' | 'RR', formula: string, arms: Arms, ratio: (cells: Cells) => { estimate: number; variance: number }): EffectResult {
  const cells = cellsOf(arms)
  const known = { measure, formula, inputs: inputsOf(arms) }
  if (cells.a === 0 && cells.c === 0) return { ok: false, ...known, reason: 'nobody had the event in either arm, so the data say nothing about a ratio' }
  if (cells.b === 0 && cells.d === 0) return { ok: false, ...known, reason: 'everybody had the event in both arms, so the data say nothing about a ratio' }
  const hasZero = Object.values(cells).includes(0)
  const { estimate, variance } = ratio(hasZero ? { a: cells.a + 0.5, b: cells.b + 0.5, c: cells.c + 0.5, d: cells.d + 0.5 } : cells)
  return { ok: true, ...known, estimate, standardError: Math.sqrt(variance), assumptions: hasZero ? [continuityCorrected] : [] }
}

function cellsOf({ intervention, comparator }: Arms): Cells {
  requireEventArm(intervention, 'intervention')
  requireEventArm(comparator, 'comparator')
  return { a: intervention.events, b: intervention.total - intervention.events, c: comparator.events, d: comparator.total - comparator.events }
}

function requireEventArm({ events, total }: EventArm, arm: string): void {
  requirePositive(total, `${arm} total`)
  requireAtLeast(0, events, `${arm} events`)
  if (events > total) throw new RangeError(`${arm} events cannot exceed the total of ${total}, got ${events}`)
}

function inputsOf({ intervention, comparator }: Arms) {
  return {
    interventionEvents: intervention.events,
    interventionTotal: intervention.total,
    comparatorEvents: comparator.events,
    comparatorTotal: comparator.total,
  }
}
