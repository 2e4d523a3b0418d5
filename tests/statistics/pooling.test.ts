import { poolEffects, type PooledEffect, type StudyEffect } from '../../src/statistics/pooling.js'
import { disagreements, effectsCalled, type Fitted, modelsIn, optionsOf, pValue, relative, share, tolerancesFor } from './modelNumbers.js'

interface Model extends Fitted {
  readonly estimate: number
  readonly standardError: number
  readonly pValue: number
  readonly ciLower: number
  readonly ciUpper: number
  readonly df: number | null
  readonly tau2: number
  readonly i2: number
  readonly h2: number
  readonly q: number
  readonly qPValue: number
  readonly predictionLower: number | null
  readonly predictionUpper: number | null
  readonly weights: readonly number[] | null
}

const models = modelsIn<Model>('models.json')

describe('pooling agrees with metafor', () => {
  // metafor 3.8-1: rma(yi, vi, method, test), converged to 1e-13 of the data's scale
  test.each(['EE', 'DL', 'HE', 'HS', 'SJ', 'ML', 'REML', 'EB', 'PM'] as const)('%s in every data set, with each interval', (method) => {
    const fitted = models.filter((model) => model.method === method)
    expect(fitted.length).toBeGreaterThan(80)
    expect(fitted.flatMap((model) => compare(model))).toEqual([])
  })

  test('no prediction is made from a common effect', () => {
    // There metafor has none either.
    expect(models.filter(({ method }) => method === 'EE').filter(({ predictionLower }) => predictionLower !== null)).toEqual([])
    expect(poolEffects(effectsCalled('bcg all.OR.default'), { model: 'COMMON_EFFECT' })).toMatchObject({ predictionLower: null, predictionUpper: null })
  })
})

describe('intravenous magnesium in acute myocardial infarction', () => {
  const trials = effectsCalled('li2007 all.OR.default')

  // Li 2007, 22 trials, metafor 3.8-1: rma(yi, vi), escalc("OR", …, data = dat.li2007)
  test.each([
    ['common effect', { model: 'COMMON_EFFECT', interval: 'WALD' }, [0.993199, 0.941283, 1.047979], null, 63.615],
    ['DerSimonian–Laird', { estimator: 'DL', interval: 'WALD' }, [0.662006, 0.531774, 0.824132], [0.3813, 1.1493], 63.615],
    ['REML', { estimator: 'REML', interval: 'WALD' }, [0.579349, 0.431479, 0.777895], [0.2416, 1.3894], 82.225],
    ['REML with Hartung–Knapp', { estimator: 'REML', interval: 'HKSJ' }, [0.579349, 0.438214, 0.76594], [0.2315, 1.4499], 82.225],
  ] as const)('by %s', (_, options, ratio, prediction, i2) => {
    const pooled = poolEffects(trials, options)
    expect([pooled.estimate, pooled.ciLower, pooled.ciUpper].map(Math.exp)).toEqual(ratio.map((value) => expect.closeTo(value, 6)))
    if (prediction !== null)
      expect([pooled.predictionLower ?? NaN, pooled.predictionUpper ?? NaN].map(Math.exp)).toEqual(prediction.map((value) => expect.closeTo(value, 4)))
    expect(pooled.heterogeneity).toMatchObject({ q: expect.closeTo(57.7161, 4), df: 21, i2: expect.closeTo(i2, 3) })
  })

  test('what is not asked for is REML with Hartung–Knapp, at 0.95', () => {
    expect(poolEffects(trials)).toEqual(poolEffects(trials, { model: 'RANDOM_EFFECTS', estimator: 'REML', interval: 'HKSJ', level: 0.95 }))
  })
})

describe('pooling what is left when studies are taken out, or added', () => {
  interface Sequence extends Omit<Fitted, 'df' | 'predictionLower' | 'predictionUpper' | 'weights'> {
    readonly rows?: readonly number[]
    readonly estimate: readonly number[]
    readonly standardError: readonly number[]
    readonly pValue: readonly number[]
    readonly pvals?: readonly number[]
    readonly ciLower: readonly number[]
    readonly ciUpper: readonly number[]
    readonly tau2: readonly number[] | null
    readonly i2: readonly number[]
    readonly h2: readonly number[]
  }

  const compareAt = (sequence: Sequence, at: number, effects: readonly StudyEffect[]) => {
    const pooled = poolEffects(effects, optionsOf(sequence))
    const loose = relative(1e-6, 1e-9)
    return disagreements(`${sequence.effects} ${sequence.method} ${sequence.test} ${at + 1}`, [
      ['estimate', pooled.estimate, sequence.estimate[at], loose],
      ['standard error', pooled.standardError, sequence.standardError[at], loose],
      ['p value', pooled.pValue, sequence.pValue[at], pValue],
      ['lower limit', pooled.ciLower, sequence.ciLower[at], loose],
      ['upper limit', pooled.ciUpper, sequence.ciUpper[at], loose],
      ['tau²', pooled.heterogeneity?.tau2 ?? 0, sequence.tau2?.[at], loose],
      ['I²', pooled.heterogeneity?.i2 ?? 0, sequence.i2[at], share],
      ['H²', pooled.heterogeneity?.h2 ?? 1, sequence.h2[at], share],
    ])
  }

  // metafor 3.8-1: leave1out(rma(yi, vi, method, test))
  test('without each study in turn', () => {
    const sequences = modelsIn<Sequence>('modelsLeavingOut.json')
    expect(sequences.length).toBeGreaterThan(70)
    const wrong = sequences.flatMap((sequence) => {
      const effects = effectsCalled(sequence.effects)
      return effects.flatMap((_, at) =>
        compareAt(
          sequence,
          at,
          effects.filter((__, other) => other !== at),
        ),
      )
    })
    expect(wrong).toEqual([])
  })

  // metafor 3.8-1: cumul(rma(yi, vi, method), order)
  test('one study after the other', () => {
    const sequences = modelsIn<Sequence>('modelsCumulated.json')
    expect(sequences.length).toBeGreaterThan(60)
    const wrong = sequences.flatMap((sequence) => {
      const effects = effectsCalled(sequence.effects)
      const inOrder = (sequence.rows ?? []).map((row) => effects[row]!)
      return inOrder.flatMap((_, at) => compareAt(sequence, at, inOrder.slice(0, at + 1)))
    })
    expect(wrong).toEqual([])
  })
})

function compare(model: Model): string[] {
  const effects = effectsCalled(model.effects)
  const pooled: PooledEffect = poolEffects(effects, optionsOf(model))
  const { tau2, estimate, standardError } = tolerancesFor(model.method, effects, model.standardError)
  const closed = relative(1e-10)
  return disagreements(`${model.effects} ${model.method} ${model.test}`, [
    ['estimate', pooled.estimate, model.estimate, estimate],
    ['standard error', pooled.standardError, model.standardError, standardError],
    ['p value', pooled.pValue, model.pValue, pValue],
    ['lower limit', pooled.ciLower, model.ciLower, estimate],
    ['upper limit', pooled.ciUpper, model.ciUpper, estimate],
    ['degrees of freedom', pooled.df, model.df, closed],
    ['lower limit of prediction', pooled.predictionLower, model.predictionLower, estimate],
    ['upper limit of prediction', pooled.predictionUpper, model.predictionUpper, estimate],
    ['tau²', pooled.heterogeneity?.tau2, model.tau2, tau2],
    ['Q', pooled.heterogeneity?.q, model.q, closed],
    ['p value of Q', pooled.heterogeneity?.pValue, model.qPValue, pValue],
    ['I²', pooled.heterogeneity?.i2, model.i2, share],
    ['H²', pooled.heterogeneity?.h2, model.h2, share],
    ...(model.weights ?? []).map((weight, index) => [`weight ${index + 1}`, pooled.weightsPercent[index], weight, relative(1e-8)] as const),
  ])
}
