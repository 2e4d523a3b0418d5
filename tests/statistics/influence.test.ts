import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import type { Tau2Estimator } from '../../src/statistics/betweenStudyVariance.js'
import { influenceOf } from '../../src/statistics/influence.js'
import { poolEffects, type PoolingOptions } from '../../src/statistics/pooling.js'
import { toEffects } from './modelNumbers.js'

type Column = readonly (number | null)[]

interface Known {
  readonly set: string
  readonly method: 'EE' | Tau2Estimator
  readonly test: 'z' | 'knha'
  readonly yi: readonly number[]
  readonly vi: readonly number[]
  readonly rstudent: Column
  readonly dffits: Column
  readonly 'cook.d': Column
  readonly 'cov.r': Column
  readonly 'tau2.del': Column
  readonly 'QE.del': Column
  readonly hat: Column
  readonly weight: Column
  readonly dfbs: Column
  readonly baujatX: Column
  readonly baujatY: Column
}

// metafor 3.8-1: influence(rma(…)) and baujat(): tests/fixtures/influence/influence.R
const known = JSON.parse(readFileSync(new URL('../fixtures/influence/influence.json', import.meta.url), 'utf8')) as readonly Known[] // as its script writes it

test.each(known)('influence agrees with metafor: $set, $method $test', (model) => {
  const options: PoolingOptions = {
    ...(model.method === 'EE' ? { model: 'COMMON_EFFECT' } : { estimator: model.method }),
    interval: model.test === 'z' ? 'WALD' : 'HKSJ',
  }
  const { diagnostics, baujat } = influenceOf(toEffects(model.yi, model.vi), options)
  const columns = [
    ['rstudent', diagnostics.map(({ rstudent }) => rstudent)],
    ['dffits', diagnostics.map(({ dffits }) => dffits)],
    ['cook.d', diagnostics.map(({ cookDistance }) => cookDistance)],
    ['cov.r', diagnostics.map(({ covarianceRatio }) => covarianceRatio)],
    ['tau2.del', diagnostics.map(({ tau2Without }) => tau2Without)],
    ['QE.del', diagnostics.map(({ qWithout }) => qWithout)],
    ['hat', diagnostics.map(({ hat }) => hat)],
    ['weight', diagnostics.map(({ weightPercent }) => weightPercent)],
    ['dfbs', diagnostics.map(({ dfbeta }) => dfbeta)],
    ['baujatX', baujat.map(({ heterogeneity }) => heterogeneity)],
    ['baujatY', baujat.map(({ influence }) => influence)],
  ] as const
  const off = columns.flatMap(([name, ours]) =>
    model[name].flatMap((expected, index) => {
      const value = ours[index] ?? NaN
      return expected === null || Math.abs(value - expected) <= 1e-6 * Math.abs(expected) + 1e-8 ? [] : [{ name, index, value, expected }]
    }),
  )
  expect(off).toEqual([])
})

const someEffects = fc.array(fc.record({ estimate: fc.double({ min: -3, max: 3, noNaN: true }), variance: fc.double({ min: 1e-3, max: 2, noNaN: true }) }), {
  minLength: 3,
  maxLength: 10,
})

test('weights sum to 1, and contributions under a common effect to Q', () => {
  fc.assert(
    fc.property(someEffects, (effects) => {
      const { diagnostics, baujat } = influenceOf(effects, { model: 'COMMON_EFFECT', interval: 'WALD' })
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
      const q = poolEffects(effects, { model: 'COMMON_EFFECT' }).heterogeneity?.q ?? NaN
      return (
        Math.abs(sum(diagnostics.map(({ hat }) => hat)) - 1) < 1e-12 && Math.abs(sum(baujat.map(({ heterogeneity }) => heterogeneity)) - q) <= 1e-9 * (1 + q)
      )
    }),
    { numRuns: 100 },
  )
})

test('one study that is far away and heavy is influential, and studies that agree are not', () => {
  const alike = toEffects([0.3, 0.31, 0.28, 0.305, 0.29, 0.3], [0.04, 0.05, 0.04, 0.05, 0.04, 0.05])
  expect(influenceOf(alike, { interval: 'WALD' }).diagnostics.map(({ isInfluential }) => isInfluential)).not.toContain(true)
  expect(influenceOf([...alike, { estimate: 3, variance: 0.002 }], { model: 'COMMON_EFFECT' }).diagnostics.at(-1)?.isInfluential).toBe(true)
})

test('of one study nothing would be left', () => {
  expect(influenceOf(toEffects([0.3], [0.04]))).toEqual({ diagnostics: [], baujat: [] })
})
