/** What is checked; stable ids. */
export type CoherenceRule =
  | 'estimate-centred-in-interval'
  | 'estimate-within-interval'
  | 'p-agrees-with-interval'
  | 'p-agrees-with-arms'
  | 'interval-width-fits-spread'
  | 'standard-error-mistaken-for-deviation'
  | 'deviation-agrees-with-standard-error'
  | 'deviation-possible-on-instrument'
  | 'mean-within-instrument-range'
  | 'effect-within-range-of-measure'
  | 'grim'
  | 'events-within-total'
  | 'arms-agree-with-randomised'
  | 'reported-agrees-with-recomputed'
  | 'reported-dose-agrees-with-salt'

/** FAIL: cannot all be true. WARN: possible, but not under the usual analysis. NOT_CHECKABLE: something needed is not reported. */
export type CoherenceStatus = 'PASS' | 'WARN' | 'FAIL' | 'NOT_CHECKABLE'

/** One arithmetic cross-check of reported numbers. */
export interface CoherenceCheck {
  readonly rule: CoherenceRule
  readonly status: CoherenceStatus
  readonly observed?: number
  readonly expected?: number
  /** For a researcher: what was seen, and what would have been right. */
  readonly message: string
}

/** A number that the source may not report. */
export type Maybe<T> = T | null | undefined

/** The status of several checks together: the worst of those that could be made. */
export function overallStatus(checks: readonly CoherenceCheck[]): CoherenceStatus {
  const inOrder = ['FAIL', 'WARN', 'PASS'] as const
  return inOrder.find((status) => checks.some((check) => check.status === status)) ?? 'NOT_CHECKABLE'
}

export function notCheckable(rule: CoherenceRule, message: string): CoherenceCheck {
  return { rule, status: 'NOT_CHECKABLE', message }
}

/** Not checkable because something is absent, naming it: "not reported: the lower limit". */
export function missing(rule: CoherenceRule, needed: Readonly<Record<string, unknown>>): CoherenceCheck {
  const absent = Object.keys(needed).filter((name) => isAbsent(needed[name]))
  return notCheckable(rule, `not reported: ${absent.join(', ')}`)
}

export function isAbsent<T>(value: Maybe<T>): value is null | undefined {
  return value === null || value === undefined
}
