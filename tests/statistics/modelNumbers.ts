import { readFileSync } from 'node:fs'
import type { IntervalMethod, PoolingOptions, StudyEffect, Tau2Estimator } from '../../src/statistics/pooling.js'

/** A model of metafor: what was fitted, by its words, then its numbers by ours; tests/fixtures/metafor/README.md says which is which. */
export interface Fitted {
  readonly method: 'EE' | Tau2Estimator
  readonly test: 'z' | 'knha' | 'adhoc'
  readonly effects: string
}

interface Table {
  readonly columns: readonly string[]
  readonly models: readonly (readonly unknown[])[]
}

const effectSets = read<{ effects: Readonly<Record<string, readonly [yi: number[], vi: number[]]>> }>('modelEffects.json').effects

/** The effects that a model was fitted to, by their name. */
export function effectsCalled(name: string): StudyEffect[] {
  const set = effectSets[name]
  if (set === undefined) throw new RangeError(`no effects are kept under the name ${name}`)
  return toEffects(...set)
}

export function toEffects(yi: readonly number[], vi: readonly number[]): StudyEffect[] {
  return yi.map((estimate, index) => ({ estimate, variance: vi[index] ?? NaN }))
}

/** The rows of a file as records by its columns. */
export function modelsIn<Model>(file: string): Model[] {
  const { columns, models } = read<Table>(file)
  return models.map((row) => record<Model>(columns, row))
}

/** A row by the names of its columns. */
export function record<Model>(columns: readonly string[], row: readonly unknown[]): Model {
  // `as`: the columns are described beside the files, in their README.
  return Object.fromEntries(columns.map((column, index) => [column, row[index]])) as Model
}

export function read<Numbers>(file: string): Numbers {
  // `as`: as above.
  return JSON.parse(readFileSync(new URL(`../fixtures/metafor/${file}`, import.meta.url), 'utf8')) as Numbers
}

const intervalOfTest = { z: 'WALD', knha: 'HKSJ', adhoc: 'HKSJ_ADHOC' } as const satisfies Record<Fitted['test'], IntervalMethod>

/** metafor's method and test in our words. */
export function optionsOf({ method, test }: Pick<Fitted, 'method' | 'test'>): PoolingOptions {
  const interval = intervalOfTest[test]
  return method === 'EE' ? { model: 'COMMON_EFFECT', interval } : { model: 'RANDOM_EFFECTS', estimator: method, interval }
}

/** How far two numbers may be apart. */
type Tolerance = (actual: number, expected: number) => boolean

export const relative =
  (share: number, absolute = 1e-12): Tolerance =>
  (actual, expected) =>
    Math.abs(actual - expected) <= Math.max(share * Math.abs(expected), absolute)
export const within =
  (distance: number): Tolerance =>
  (actual, expected) =>
    Math.abs(actual - expected) <= distance
/** Small p values say no more than that they are small. */
export const pValue: Tolerance = (actual, expected) => (expected < 1e-12 ? actual < 1e-12 : Math.abs(actual - expected) <= 1e-6 * expected)
/** I² in percent, and H². */
export const share: Tolerance = (actual, expected) => Math.abs(actual - expected) <= 1e-6 * Math.max(1, Math.abs(expected))

export interface Tolerances {
  readonly tau2: Tolerance
  readonly estimate: Tolerance
  readonly standardError: Tolerance
}

/**
 * What an estimator must agree to: closed forms in ten digits, iterated ones in eight of the scale of the data, which is the larger of the variance of
 * the estimates and the median of their variances.
 */
export function tolerancesFor(method: Fitted['method'], effects: readonly StudyEffect[], standardError: number): Tolerances {
  if (['EE', 'DL', 'HE', 'HS', 'SJ'].includes(method)) return { tau2: relative(1e-10), estimate: relative(1e-10), standardError: relative(1e-10) }
  return { tau2: within(1e-8 * scaleOf(effects)), estimate: within(1e-8 * standardError), standardError: relative(1e-8, 0) }
}

export function scaleOf(effects: readonly StudyEffect[]): number {
  const mean = effects.reduce((sum, { estimate }) => sum + estimate, 0) / effects.length
  const variance = effects.length === 1 ? 0 : effects.reduce((sum, { estimate }) => sum + (estimate - mean) ** 2, 0) / (effects.length - 1)
  const sorted = effects.map((effect) => effect.variance).sort((a, b) => a - b)
  const middle = sorted.length / 2
  const median = ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2
  return Math.max(variance, median)
}

/** One number of ours beside metafor's; null where it has none, which is then not compared. */
export type Compared = readonly [name: string, actual: number | null | undefined, expected: number | null | undefined, agrees: Tolerance]

/** Which numbers do not agree, in words; none where all do. */
export function disagreements(label: string, numbers: readonly Compared[]): string[] {
  return numbers.flatMap(([name, actual, expected, agrees]) =>
    expected === null || expected === undefined || (typeof actual === 'number' && agrees(actual, expected))
      ? []
      : [`${label}: ${name} is ${String(actual)}, metafor's ${expected}`],
  )
}
