/** What an effect is measured in; contrasts are intervention minus comparator, or intervention over comparator. */
export type EffectMeasure = 'MD' | 'SMD' | 'ROM' | 'OR' | 'RR' | 'RD' | 'HR' | 'IRR' | 'COR' | 'BETA'

/** The scale on which a measure is additive, and on which its standard error is given. */
export type AnalysisScale = 'IDENTITY' | 'LOG' | 'FISHER_Z'

/** The scale each measure is analysed on. */
export const analysisScaleOf: Readonly<Record<EffectMeasure, AnalysisScale>> = {
  MD: 'IDENTITY',
  SMD: 'IDENTITY',
  RD: 'IDENTITY',
  BETA: 'IDENTITY',
  ROM: 'LOG',
  OR: 'LOG',
  RR: 'LOG',
  HR: 'LOG',
  IRR: 'LOG',
  COR: 'FISHER_Z',
}

/** A value as shown, on the scale it is analysed on. A ratio of 0 becomes −Infinity, a negative one NaN. */
export function toAnalysisScale(value: number, scale: AnalysisScale): number {
  return scale === 'LOG' ? Math.log(value) : scale === 'FISHER_Z' ? Math.atanh(value) : value
}

/** A value on the analysis scale, as it is shown. */
export function fromAnalysisScale(value: number, scale: AnalysisScale): number {
  return scale === 'LOG' ? Math.exp(value) : scale === 'FISHER_Z' ? Math.tanh(value) : value
}

/** Named numbers that a formula was given, so that a derivation can be shown and repeated. */
export type FormulaInputs = Readonly<Record<string, number>>

/** An effect computed from data: estimate and standard error on the analysis scale of its measure. */
export interface ComputedEffect {
  readonly ok: true
  readonly measure: EffectMeasure
  readonly estimate: number
  readonly standardError: number
  /** Stable id of the formula, such as "smd-hedges-exact". */
  readonly formula: string
  readonly inputs: FormulaInputs
  /** What had to be supposed beyond the data, in words for a researcher; empty where nothing had to be. */
  readonly assumptions: readonly string[]
}

/** Data that are sound but do not determine the effect. */
export interface NotEstimable {
  readonly ok: false
  readonly measure: EffectMeasure
  readonly reason: string
  readonly formula: string
  readonly inputs: FormulaInputs
}

export type EffectResult = ComputedEffect | NotEstimable

/** @throws {RangeError} unless `value` is a finite number of at least `minimum` */
export function requireAtLeast(minimum: number, value: number, name: string): void {
  if (!(value >= minimum && value < Infinity)) throw new RangeError(`${name} must be a number of at least ${minimum}, got ${value}`)
}

/** @throws {RangeError} unless `value` is a finite number above zero */
export function requirePositive(value: number, name: string): void {
  if (!(value > 0 && value < Infinity)) throw new RangeError(`${name} must be a number above 0, got ${value}`)
}

/** @throws {RangeError} unless `value` is a finite number */
export function requireFinite(value: number, name: string): void {
  if (!Number.isFinite(value)) throw new RangeError(`${name} must be a finite number, got ${value}`)
}
