import type { ClusteredEffect } from '../../src/statistics/threeLevel.js'
import { read, record, toEffects } from './modelNumbers.js'

interface Table {
  readonly columns: readonly string[]
  readonly models: readonly (readonly unknown[])[]
}

const file = read<{
  effects: Readonly<Record<string, readonly [yi: number[], vi: number[], study: number[]]>>
  designs: Readonly<Record<string, number[][]>>
  threeLevels: Table
  robust: Table
}>('multilevel.json')

/** rma.mv(): what was fitted in its words, the numbers in ours. */
export interface ThreeLevelNumbers {
  readonly effects: string
  readonly design: string
  readonly random: string
  readonly method: 'REML' | 'ML'
  readonly test: 'z' | 't'
  readonly between: number
  readonly within: number
  readonly logLikelihood: number
  readonly estimate: readonly number[]
  readonly standardError: readonly number[]
  readonly pValue: readonly number[]
  readonly ciLower: readonly number[]
  readonly ciUpper: readonly number[]
  /** By rows up to the diagonal. */
  readonly covariance: readonly number[] | null
  readonly predictionLower: number | null
  readonly predictionUpper: number | null
  readonly q: number
  readonly qPValue: number | null
  readonly qm: number | null
  readonly qmPValue: number | null
}

/** robust() of rma() and rma.mv(), at the variances that those had found. */
export interface RobustNumbers {
  readonly effects: string
  readonly design: string
  readonly between: number
  readonly within: number
  readonly kind: 'CR0' | 'CR1' | 'CR2'
  readonly standardError: readonly number[]
  readonly df: readonly number[]
  readonly pValue: readonly number[]
  readonly ciLower: readonly number[]
  readonly ciUpper: readonly number[]
}

const rowsOf = <Numbers>({ columns, models }: Table) => models.map((row) => record<Numbers>(columns, row))
export const threeLevelNumbers = rowsOf<ThreeLevelNumbers>(file.threeLevels)
export const robustNumbers = rowsOf<RobustNumbers>(file.robust)

/** Effects with their study, by the name of the set. */
export function nestedEffects(name: string): ClusteredEffect[] {
  const [yi, vi, study] = file.effects[name] ?? []
  if (yi === undefined || vi === undefined || study === undefined) throw new RangeError(`no nested effects are kept under the name ${name}`)
  return toEffects(yi, vi).map((effect, index) => ({ ...effect, cluster: String(study[index]) }))
}

/** A row for each effect, the intercept written out; `1` is an intercept alone. */
export function designOf({ effects, design }: { readonly effects: string; readonly design: string }): number[][] {
  if (design === '1') return nestedEffects(effects).map(() => [1])
  const rows = file.designs[design]
  if (rows === undefined) throw new RangeError(`no design is kept under the name ${design}`)
  return rows
}
