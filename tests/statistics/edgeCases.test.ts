import { heterogeneityInterval } from '../../src/statistics/heterogeneityInterval.js'
import { regressEffects } from '../../src/statistics/metaRegression.js'
import { poolEffects, type Tau2Estimator } from '../../src/statistics/pooling.js'
import { disagreements, type Fitted, modelsIn, optionsOf, pValue, relative, share, toEffects, tolerancesFor } from './modelNumbers.js'

interface Edge extends Omit<Fitted, 'effects'> {
  readonly case: string
  readonly yi: readonly number[]
  readonly vi: readonly number[]
  readonly level: number
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
}

const estimators: readonly Tau2Estimator[] = ['REML', 'ML', 'DL', 'PM', 'EB', 'HS', 'HE', 'SJ']
const five = [0.12, -0.35, 0.48, 0.9, 0.05]

describe('at the edge of what can be pooled the numbers are metafor’s', () => {
  const edges = modelsIn<Edge>('modelsAtTheEdge.json')

  // metafor 3.8-1: rma(yi, vi, method, test, level), converged as far as the data's scale allows
  test.each([...new Set(edges.map((edge) => edge.case))])('%s', (name) => {
    const wrong = edges.filter((edge) => edge.case === name).flatMap(compare)
    expect(wrong).toEqual([])
  })
})

function compare(edge: Edge): string[] {
  const effects = toEffects(edge.yi, edge.vi)
  const pooled = poolEffects(effects, { ...optionsOf(edge), level: edge.level })
  const { tau2, estimate, standardError } = tolerancesFor(edge.method, effects, edge.standardError)
  // One study has no heterogeneity and makes no prediction, where metafor writes tau² = 0 and repeats the interval.
  const several = effects.length > 1
  // By 50-digit arithmetic Q is 2.9178448992035916 where variances range from 1e-10 to 1000: ours, not metafor's.
  const q = edge.case === 'extreme variance ratio' ? 2.9178448992035916 : edge.q
  return disagreements(`${edge.method} ${edge.test} ${edge.level}`, [
    ['estimate', pooled.estimate, edge.estimate, estimate],
    ['standard error', pooled.standardError, edge.standardError, standardError],
    ['p value', pooled.pValue, edge.pValue, pValue],
    ['lower limit', pooled.ciLower, edge.ciLower, estimate],
    ['upper limit', pooled.ciUpper, edge.ciUpper, estimate],
    ['degrees of freedom', pooled.df, edge.df, relative(0)],
    ['lower limit of prediction', pooled.predictionLower, several ? edge.predictionLower : null, estimate],
    ['upper limit of prediction', pooled.predictionUpper, several ? edge.predictionUpper : null, estimate],
    ['tau²', pooled.heterogeneity?.tau2, several ? edge.tau2 : null, tau2],
    ['Q', pooled.heterogeneity?.q, several ? q : null, relative(1e-10)],
    ['p value of Q', pooled.heterogeneity?.pValue, several ? edge.qPValue : null, pValue],
    ['I²', pooled.heterogeneity?.i2, several ? edge.i2 : null, share],
    ['H²', pooled.heterogeneity?.h2, several ? edge.h2 : null, share],
  ])
}

describe('one study', () => {
  test.each(['WALD', 'HKSJ', 'HKSJ_ADHOC'] as const)('is pooled as itself, with %s as with normal quantiles', (interval) => {
    // metafor 3.8-1: rma(yi = 0.3, vi = 0.04, test = "knha") sets the test to z
    const pooled = poolEffects([{ estimate: 0.3, variance: 0.04 }], { interval })
    expect(pooled).toMatchObject({ k: 1, estimate: 0.3, standardError: 0.2, df: null, weightsPercent: [100], heterogeneity: null })
    expect(pooled).toMatchObject({ predictionLower: null, predictionUpper: null })
    expect(pooled.pValue).toBeCloseTo(0.13361440253771603, 12)
    expect([pooled.ciLower, pooled.ciUpper]).toEqual([expect.closeTo(-0.09199279690801077, 12), expect.closeTo(0.6919927969080109, 12)])
  })
})

describe('identical effects', () => {
  const alike = toEffects([0.3, 0.3, 0.3], [0.03, 0.08, 0.05])

  test.each(estimators)('leave nothing between studies by %s', (estimator) => {
    expect(poolEffects(alike, { estimator }).heterogeneity).toEqual({ q: 0, df: 2, pValue: 1, tau2: 0, i2: 0, h2: 1 })
  })

  test('have no error by Hartung and Knapp, and that of the studies where the interval is never narrower', () => {
    expect(poolEffects(alike, { interval: 'HKSJ' })).toMatchObject({ standardError: 0, statistic: Infinity, pValue: 0, ciLower: 0.3, ciUpper: 0.3 })
    const wald = poolEffects(alike, { interval: 'WALD' })
    expect(poolEffects(alike, { interval: 'HKSJ_ADHOC' }).standardError).toBeCloseTo(wald.standardError, 14)
  })

  test('that are no effect are not significant, however certain', () => {
    expect(poolEffects(toEffects([0, 0, 0], [0.03, 0.08, 0.05]), { interval: 'HKSJ' })).toMatchObject({
      estimate: 0,
      standardError: 0,
      statistic: 0,
      pValue: 1,
    })
  })
})

describe('where iteration from a guess goes wrong', () => {
  // metafor 3.8-1 stops: "Fisher scoring algorithm did not converge"; with control = list(stepadj = 0.5) it gives these
  test('REML converges where Fisher scoring cycles', () => {
    const effects = toEffects([0.02, -0.21, -0.12, 0.02, 0.09, 0.13, 0.03], [0.1319, 0.0032, 0.1414, 2.6605, 0.0016, 0.1079, 0.2471])
    const pooled = poolEffects(effects, { estimator: 'REML', interval: 'WALD' })
    expect(pooled.heterogeneity?.tau2).toBeCloseTo(0.023243126019843574, 10)
    expect(pooled.estimate).toBeCloseTo(-0.037239454604841835, 9)
    expect(pooled.standardError).toBeCloseTo(0.09887629256422377, 9)
  })

  // metafor 3.8-1: log-likelihood −0.6159 at tau² = 0, −0.8448 at the local maximum 0.0734
  test('the highest of two maxima of the likelihood is taken', () => {
    const effects = toEffects([-0.29, 0.4, -0.33], [0.0019, 0.0784, 0.0012])
    for (const estimator of ['REML', 'ML'] as const) {
      const pooled = poolEffects(effects, { estimator, interval: 'WALD' })
      expect(pooled.heterogeneity?.tau2).toBe(0)
      expect(pooled.estimate).toBeCloseTo(-0.307875428012392, 12)
      expect(pooled.standardError).toBeCloseTo(0.02699348617913309, 12)
    }
  })

  test('the scale of the data does not matter: tau² is as exact however small or large they are', () => {
    const variances = [0.03, 0.08, 0.05, 0.12, 0.01]
    for (const estimator of estimators) {
      const tau2 = poolEffects(toEffects(five, variances), { estimator }).heterogeneity?.tau2 ?? NaN
      for (const scale of [1e-30, 1e-7, 1e6, 1e30]) {
        const scaled = poolEffects(
          toEffects(
            five.map((value) => value * scale),
            variances.map((value) => value * scale * scale),
          ),
          { estimator },
        )
        expect((scaled.heterogeneity?.tau2 ?? NaN) / scale / scale / tau2).toBeCloseTo(1, 9)
      }
    }
  })
})

describe('what cannot be pooled is refused, and says what was wrong', () => {
  // metafor goes on with some estimators where a variance is 0 or negative; a study without error is a mistake in the data, so none of ours does
  test.each([
    ['no effect', [], [], 'there is nothing to pool: no effect was given'],
    ['a variance of zero', five, [0.03, 0, 0.05, 0.12, 0.01], 'variance must be a number above 0, got 0'],
    ['no variance at all', five, [0, 0, 0, 0, 0], 'variance must be a number above 0, got 0'],
    ['a negative variance', five, [0.03, 0.08, -0.01, 0.12, 0.01], 'variance must be a number above 0, got -0.01'],
    ['an infinite variance', five, [0.03, 0.08, Infinity, 0.12, 0.01], 'variance must be a number above 0, got Infinity'],
    ['a missing variance', five, [0.03, 0.08, 0.05, 0.12], 'variance must be a number above 0, got NaN'],
    ['a variance too small to compute with', five, [0.03, 0.08, 1e-90, 0.12, 0.01], 'variance must be between 1e-70 and 1e+70 to be computed with, got 1e-90'],
    [
      'an effect too large to compute with',
      [0.12, -1e90, 0.48, 0.9, 0.05],
      [0.03, 0.08, 0.05, 0.12, 0.01],
      'estimate must be between -1e+70 and 1e+70 to be computed with, got -1e+90',
    ],
    ['a missing effect', [0.12, NaN, 0.48, 0.9, 0.05], [0.03, 0.08, 0.05, 0.12, 0.01], 'estimate must be a finite number, got NaN'],
    ['an infinite effect', [0.12, Infinity, 0.48, 0.9, 0.05], [0.03, 0.08, 0.05, 0.12, 0.01], 'estimate must be a finite number, got Infinity'],
  ])('%s', (_, yi, vi, message) => {
    for (const estimator of estimators) expect(() => poolEffects(toEffects(yi, vi), { estimator })).toThrow(new RangeError(message))
    expect(() => poolEffects(toEffects(yi, vi), { model: 'COMMON_EFFECT' })).toThrow(new RangeError(message))
    expect(() => heterogeneityInterval(toEffects(yi, vi))).toThrow(new RangeError(message))
  })

  test.each([0, 1, 95, -0.5, NaN])('a level of %s', (level) => {
    const effects = toEffects([0.1, 0.9], [0.05, 0.02])
    for (const interval of ['WALD', 'HKSJ'] as const)
      expect(() => poolEffects(effects, { level, interval })).toThrow(new RangeError(`a confidence level lies between 0 and 1, such as 0.95; got ${level}`))
  })
})

describe('moderators', () => {
  const effects = toEffects(five, [0.03, 0.08, 0.05, 0.12, 0.01])
  const withIntercept = (...columns: number[][]) => (columns[0] ?? []).map((_, row) => [1, ...columns.map((column) => column[row]!)])

  // metafor drops such columns with a warning; whoever asked for them should know, so ours says which
  test.each([
    ['twice another', withIntercept([1, 2, 3, 4, 5], [2, 4, 6, 8, 10]), 'moderator 2 does not vary, or follows from the others: leave it out'],
    ['constant', withIntercept([3, 3, 3, 3, 3]), 'moderator 1 does not vary, or follows from the others: leave it out'],
    ['missing', withIntercept([1, 2, NaN, 4, 7]), 'moderator must be a finite number, got NaN'],
    ['of fewer studies', withIntercept([1, 2, 3, 4]), 'the design has a row for each effect: 5 were expected, got 4'],
  ])('that are %s are refused', (_, design, message) => {
    expect(() => regressEffects(effects, design)).toThrow(new RangeError(message))
  })

  // metafor 3.8-1: rma(yi, vi, mods = x, method = "DL") of five studies, of which the third has no x
  test('of the studies that have them are regressed on', () => {
    const known = toEffects([0.12, -0.35, 0.9, 0.05], [0.03, 0.08, 0.12, 0.01])
    const { coefficients, tau2, qmP, r2 } = regressEffects(known, withIntercept([1, 2, 4, 7]), { estimator: 'DL', interval: 'WALD' })
    expect(coefficients.map(({ estimate }) => estimate)).toEqual([expect.closeTo(0.04923101911857165, 11), expect.closeTo(0.027477642765716098, 11)])
    expect({ tau2, qmP, r2 }).toEqual({ tau2: expect.closeTo(0.2167104294478527, 11), qmP: expect.closeTo(0.7971676980603534, 9), r2: 0 })
  })

  // metafor: "Number of parameters to be estimated is larger than the number of observations."
  test('that are more than studies are refused', () => {
    const three = toEffects([0.12, -0.35, 0.48], [0.03, 0.08, 0.05])
    expect(() => regressEffects(three, withIntercept([1, 2, 4], [1, 0, 0], [0, 1, 3]))).toThrow(
      new RangeError('4 coefficients cannot be estimated from 3 studies'),
    )
    expect(() => regressEffects(three, withIntercept([1, 2, 4], [1, 0, 5]))).toThrow(
      new RangeError('3 coefficients and a variance cannot be estimated from 3 studies'),
    )
    expect(() => regressEffects(toEffects([0.1, 0.9], [0.05, 0.02]), withIntercept([1, 2]))).toThrow(RangeError)
  })

  // metafor 3.8-1: rma(yi, vi, mods = cbind(c(1, 2, 4), c(1, 0, 5)), method = "EE")
  test('as many as studies fit exactly under a common effect, and leave nothing', () => {
    const three = toEffects([0.12, -0.35, 0.48], [0.03, 0.08, 0.05])
    for (const interval of ['WALD', 'HKSJ'] as const) {
      const { coefficients, qe, qeDf, i2, h2, r2, df } = regressEffects(three, withIntercept([1, 2, 4], [1, 0, 5]), { model: 'COMMON_EFFECT', interval })
      expect(coefficients.map(({ estimate }) => estimate)).toEqual(
        [0.08428571428571419, -0.21714285714285722, 0.2528571428571428].map((value) => expect.closeTo(value, 11)),
      )
      expect(coefficients.map(({ standardError }) => standardError)).toEqual(
        [0.258725289661069, 0.20603150145508511, 0.13477115902938006].map((value) => expect.closeTo(value, 11)),
      )
      expect({ qe, qeDf, i2, h2, r2, df }).toEqual({ qe: expect.closeTo(0, 12), qeDf: 0, i2: 0, h2: 1, r2: null, df: null })
    }
  })

  test('of identical effects explain nothing, and are no further from it than chance', () => {
    const alike = toEffects([0.3, 0.3, 0.3, 0.3, 0.3], [0.03, 0.08, 0.05, 0.12, 0.01])
    const { coefficients, qm, qmP, r2 } = regressEffects(alike, withIntercept([1, 2, 4, 7, 5]), { interval: 'HKSJ' })
    expect(coefficients[1]).toMatchObject({ estimate: 0, standardError: 0, statistic: 0, pValue: 1 })
    expect({ qm, qmP, r2 }).toEqual({ qm: 0, qmP: 1, r2: null })
  })

  test('that are nearly alike are told apart: the test of both does not depend on how they are written', () => {
    const known = toEffects([...five, 0.33, -0.2], [0.03, 0.08, 0.05, 0.12, 0.01, 0.04, 0.06])
    const first = [1, 2, 4, 7, 5, 3, 8]
    const difference = [2, -1, 0.5, 1, -2, 0, 1]
    const written = regressEffects(known, withIntercept(first, difference), { estimator: 'DL' })
    const alike = regressEffects(
      known,
      withIntercept(
        first,
        first.map((value, row) => value + 1e-6 * difference[row]!),
      ),
      { estimator: 'DL' },
    )
    expect(alike.qm).toBeCloseTo(written.qm, 7)
    expect(alike.qmP).toBeCloseTo(written.qmP, 7)
  })

  // metafor 3.8-1: rma(yi, vi, mods = c(1, 2, 4), method = "DL", test = "knha")
  test('one fewer than studies leave one degree of freedom', () => {
    const three = toEffects([0.12, -0.35, 0.48], [0.03, 0.08, 0.05])
    const { coefficients, tau2, df, qm, qmP } = regressEffects(three, withIntercept([1, 2, 4]), { estimator: 'DL', interval: 'HKSJ' })
    expect(coefficients[1]).toMatchObject({ estimate: expect.closeTo(0.15205407586763514, 11), ciUpper: expect.closeTo(2.8010162743041405, 9) })
    expect({ tau2, df, qm, qmP }).toEqual({
      tau2: expect.closeTo(0.1602071428571426, 11),
      df: 1,
      qm: expect.closeTo(0.5319567306900023, 10),
      qmP: expect.closeTo(0.598830250811164, 9),
    })
  })
})
