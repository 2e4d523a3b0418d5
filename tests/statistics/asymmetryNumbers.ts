import type { SizedEffect, SizePredictor } from '../../src/statistics/asymmetry.js'
import type { MissingEstimator } from '../../src/statistics/trimAndFill.js'
import { effectsCalled, type Fitted, read, record } from './modelNumbers.js'

interface RegressionNumbers {
  readonly effects: string
  readonly predictor: 'sei' | 'vi' | 'ni' | 'sqrtni' | 'ninv' | 'sqrtninv'
  readonly method: Fitted['method'] | 'lm'
  readonly test: Fitted['test'] | 't'
  readonly statistic: number
  readonly df: number | null
  readonly pValue: number
  readonly slope: number
  readonly standardError: number
  readonly limit: number | null
  readonly ciLower: number | null
  readonly ciUpper: number | null
}

interface RankNumbers {
  readonly effects: string
  readonly exact: boolean
  readonly tau: number
  readonly pValue: number
}

interface CountTestNumbers {
  readonly trials: string
  readonly test: 'harbord' | 'peters' | 'deeks'
  readonly statistic: number
  readonly df: number
  readonly pValue: number
  readonly estimate: number
}

interface FilledNumbers {
  readonly effects: string
  readonly method: Fitted['method']
  readonly missingBy: MissingEstimator
  readonly givenSide: 'left' | 'right' | null
  /** Null, as all that follows, where metafor stops. */
  readonly side: 'left' | 'right' | null
  readonly missing: number
  readonly estimate: number
  readonly standardError: number
  readonly ciLower: number
  readonly ciUpper: number
  readonly imputed: readonly number[]
}

interface Table {
  readonly columns: readonly string[]
  readonly models: readonly (readonly unknown[])[]
}

const numbers = read<{
  participants: Readonly<Record<string, readonly number[]>>
  regressions: Table
  ranks: Table
  ofCounts: Table
  filled: Table
}>('asymmetry.json')

function records<Row>({ columns, models }: Table): Row[] {
  return models.map((row) => record<Row>(columns, row))
}

export const regressions = records<RegressionNumbers>(numbers.regressions)
export const ranks = records<RankNumbers>(numbers.ranks)
export const testsOfCounts = records<CountTestNumbers>(numbers.ofCounts)
export const filled = records<FilledNumbers>(numbers.filled)

/** metafor's predictors in our words. */
export const predictorCalled: Readonly<Record<RegressionNumbers['predictor'], SizePredictor>> = {
  sei: 'STANDARD_ERROR',
  vi: 'VARIANCE',
  ni: 'PARTICIPANTS',
  sqrtni: 'ROOT_PARTICIPANTS',
  ninv: 'INVERSE_PARTICIPANTS',
  sqrtninv: 'INVERSE_ROOT_PARTICIPANTS',
}

/** With participants, where the data have them. */
export function sizedEffectsCalled(name: string): SizedEffect[] {
  const participants = numbers.participants[name]
  const effects = effectsCalled(name)
  return participants === undefined ? effects : effects.map((effect, index) => ({ ...effect, participants: participants[index] ?? NaN }))
}
