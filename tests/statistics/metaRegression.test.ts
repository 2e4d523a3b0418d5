import fc from 'fast-check'
import { regressEffects } from '../../src/statistics/metaRegression.js'
import { poolEffects } from '../../src/statistics/pooling.js'
import { disagreements, effectsCalled, type Fitted, modelsIn, optionsOf, pValue, read, relative, scaleOf, share, tolerancesFor } from './modelNumbers.js'

interface Model extends Fitted {
  readonly design: string
  readonly estimate: readonly number[]
  readonly standardError: readonly number[]
  readonly pValue: readonly number[]
  readonly ciLower: readonly number[]
  readonly ciUpper: readonly number[]
  /** By rows up to the diagonal. */
  readonly covariance: readonly number[] | null
  readonly df: number | null
  readonly tau2: number
  readonly i2: number
  readonly h2: number
  readonly r2: number | null
  readonly q: number
  readonly qDf: number
  readonly qPValue: number
  readonly qm: number
  readonly qmDf: number
  readonly qmPValue: number
}

const file = 'modelsWithModerators.json'
const models = modelsIn<Model>(file)
const designs = read<{ designs: Readonly<Record<string, number[][]>> }>(file).designs

function designCalled(name: string): number[][] {
  const design = designs[name]
  if (design === undefined) throw new RangeError(`no design is kept under the name ${name}`)
  return design
}

describe('meta-regression agrees with metafor', () => {
  // metafor 3.8-1: rma(yi, vi, mods, method, test), converged to 1e-13 of the data's scale; numbers, factors, both, and squares
  test.each(['EE', 'DL', 'HE', 'HS', 'SJ', 'ML', 'REML', 'EB', 'PM'] as const)('%s with every moderator, with each interval', (method) => {
    const fitted = models.filter((model) => model.method === method)
    expect(fitted.length).toBeGreaterThan(30)
    expect(fitted.filter((model) => !isNearlyCollinear(model)).flatMap((model) => compare(model))).toEqual([])
  })

  // metafor inverts X′WX as it stands, where a calendar year is all but a multiple of the intercept: it loses up to nine digits (in 60-digit
  // arithmetic its Q of egger2001 by year is 1e-7 off, ours 1e-15). The same models on years since 1990 are among those above, and agree in full.
  test('years as they stand, as far as metafor has digits', () => {
    const fitted = models.filter(isNearlyCollinear)
    expect(fitted).toHaveLength(186)
    expect(models.filter(({ design }) => design.includes('year - 1990'))).toHaveLength(186)
    expect(fitted.flatMap((model) => compare(model, 1e-6))).toEqual([])
  })
})

const isNearlyCollinear = ({ design }: Model) => /~ year(?! -)/.test(design)

/** With `loose`, a share of each number, in the place of what estimators must agree to. */
function compare(model: Model, loose?: number): string[] {
  const effects = effectsCalled(model.effects)
  const design = designCalled(model.design)
  const regression = regressEffects(effects, design, optionsOf(model))
  const isClosed = ['EE', 'DL', 'HE', 'HS', 'SJ'].includes(model.method)
  const exact = relative(loose ?? 1e-10)
  const test = relative(loose ?? (isClosed ? 1e-10 : 1e-7))
  const hasIntercept = design.every(([first]) => first === 1)
  const ofColumn = (column: number) => {
    const coefficient = regression.coefficients[column]
    const { estimate, standardError } =
      loose === undefined ? tolerancesFor(model.method, effects, model.standardError[column]!) : { estimate: exact, standardError: exact }
    return [
      [`coefficient ${column}`, coefficient?.estimate, model.estimate[column], estimate],
      [`standard error ${column}`, coefficient?.standardError, model.standardError[column], standardError],
      [`p value ${column}`, coefficient?.pValue, model.pValue[column], pValue],
      [`lower limit ${column}`, coefficient?.ciLower, model.ciLower[column], estimate],
      [`upper limit ${column}`, coefficient?.ciUpper, model.ciUpper[column], estimate],
    ] as const
  }
  let at = 0
  const ofCovariance = regression.covariance.flatMap((row, i) =>
    row.slice(0, i + 1).map((value, j) => {
      const spread = Math.sqrt(regression.covariance[i]![i]! * regression.covariance[j]![j]!)
      return [`covariance ${i} ${j}`, value, model.covariance?.[at++], relative(loose ?? (isClosed ? 1e-10 : 1e-8), 1e-8 * spread)] as const
    }),
  )
  return disagreements(`${model.effects} ${model.design} ${model.method} ${model.test}`, [
    ...design[0]!.flatMap((_, column) => ofColumn(column)),
    ...ofCovariance,
    ['degrees of freedom', regression.df, model.df, exact],
    ['tau²', regression.tau2, model.tau2, loose === undefined ? tolerancesFor(model.method, effects, 1).tau2 : exact],
    ['Q left', regression.qe, model.q, exact],
    ['its degrees of freedom', regression.qeDf, model.qDf, exact],
    ['its p value', regression.qeP, model.qPValue, pValue],
    ['I²', regression.i2, model.i2, share],
    ['H²', regression.h2, model.h2, share],
    // A design without an intercept is a way to write group means; metafor's test is then of all of them, which is not ours of all but the first.
    ['test of moderators', regression.qm, hasIntercept ? model.qm : null, test],
    ['its degrees of freedom', regression.qmDf, hasIntercept ? model.qmDf : null, exact],
    ['its p value', regression.qmP, hasIntercept ? model.qmPValue : null, pValue],
    // Where tau² is 0 with and without moderators, metafor's R² is a ratio of what the end of its iteration left; ours is null.
    ['R²', regression.r2, hasIntercept && !(regression.r2 === null && model.tau2 < 1e-9 * scaleOf(effects)) ? model.r2 : null, share],
  ])
}

describe('Bacillus Calmette–Guérin against tuberculosis by latitude', () => {
  // Berkey et al. (1995): 13 trials, log risk ratio by absolute latitude; metafor 3.8-1: rma(yi, vi, mods = ~ ablat), threshold = 1e-14
  test('the vaccine works better far from the equator', () => {
    const effects = effectsCalled('bcg all.RR.default')
    const latitudes = [44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33]
    const { coefficients, tau2, r2, qe, qeDf } = regressEffects(
      effects,
      latitudes.map((latitude) => [1, latitude]),
      { interval: 'WALD' },
    )
    expect(coefficients.map(({ estimate, standardError }) => [estimate, standardError])).toEqual([
      [expect.closeTo(0.251468210007, 8), expect.closeTo(0.249095396617, 8)],
      [expect.closeTo(-0.029101725012, 8), expect.closeTo(0.007195327221, 8)],
    ])
    expect({ tau2, r2, qe, qeDf }).toEqual({
      tau2: expect.closeTo(0.076347963955, 8),
      r2: expect.closeTo(75.626621811622, 6),
      qe: expect.closeTo(30.733090010749, 8),
      qeDf: 11,
    })
  })
})

const someEffects = fc.array(fc.record({ estimate: fc.double({ min: -5, max: 5, noNaN: true }), variance: fc.double({ min: 1e-3, max: 5, noNaN: true }) }), {
  minLength: 2,
  maxLength: 12,
})

describe('a regression', () => {
  test('on an intercept alone is the pool', () => {
    fc.assert(
      fc.property(someEffects, fc.constantFrom('REML', 'DL', 'PM', 'SJ'), fc.constantFrom('WALD', 'HKSJ', 'HKSJ_ADHOC'), (effects, estimator, interval) => {
        const pooled = poolEffects(effects, { estimator, interval })
        const regression = regressEffects(
          effects,
          effects.map(() => [1]),
          { estimator, interval },
        )
        const [mean] = regression.coefficients
        expect(regression.tau2).toBeCloseTo(pooled.heterogeneity?.tau2 ?? NaN, 8)
        expect(mean?.estimate).toBeCloseTo(pooled.estimate, 8)
        expect(mean?.standardError).toBeCloseTo(pooled.standardError, 8)
        expect(regression).toMatchObject({ qm: 0, qmDf: 0, qmP: 1, df: pooled.df })
      }),
      { numRuns: 100 },
    )
  })

  test('does not depend on the unit of a moderator: a slope per year is ten times one per decade', () => {
    const effects = effectsCalled('li2007 all.OR.default')
    const years = effects.map((_, index) => 1984 + index)
    const [perYear, perDecade] = [1, 10].map((unit) =>
      regressEffects(
        effects,
        years.map((year) => [1, year / unit]),
      ),
    )
    expect((perYear?.coefficients[1]?.estimate ?? NaN) * 10).toBeCloseTo(perDecade?.coefficients[1]?.estimate ?? NaN, 9)
    expect(perYear?.tau2).toBeCloseTo(perDecade?.tau2 ?? NaN, 11)
    expect(perYear?.qm).toBeCloseTo(perDecade?.qm ?? NaN, 8)
  })

  test('on groups, under a common effect, splits Q into what lies between them and what is left', () => {
    const effects = effectsCalled('bcg all.OR.default')
    const design = effects.map((_, index) => [1, index % 3 === 0 ? 1 : 0])
    const { qe, qm } = regressEffects(effects, design, { model: 'COMMON_EFFECT', interval: 'WALD' })
    expect(qe + qm).toBeCloseTo(poolEffects(effects, { model: 'COMMON_EFFECT' }).heterogeneity?.q ?? NaN, 9)
  })
})
