import fc from 'fast-check'
import { fitNested, nestedModel, slopesOfNested } from '../../src/statistics/nestedModel.js'
import { poolEffects } from '../../src/statistics/pooling.js'
import { poolThreeLevels, regressThreeLevels, type ThreeLevelOptions } from '../../src/statistics/threeLevel.js'
import { disagreements, pValue, relative, within } from './modelNumbers.js'
import { designOf, nestedEffects, type ThreeLevelNumbers, threeLevelNumbers } from './multilevelNumbers.js'

// Of rma.mv() there are three levels, and compound symmetry, which is the same model in other parameters. Not offered: effects within studies without
// a variance of their own (~ 1 | district), other structures (UN, AR, ID …), known covariances of sampling errors (berkey1998), networks (senn2013).
const offered = threeLevelNumbers.filter(({ random }) => random !== '~1 | district')

const optionsOf = ({ method, test }: ThreeLevelNumbers): ThreeLevelOptions => ({ likelihood: method, interval: test === 'z' ? 'WALD' : 'HKSJ' })

describe('three levels agree with metafor', () => {
  // metafor 3.8-1: rma.mv(yi, vi, mods, random = ~ 1 | study/effect, method, test); the highest of what it reaches from five starts. Its optimiser stops
  // at some 1e-8 of the variances, and above 0 where they are 0.
  test.each(offered.map((model) => [`${model.effects} ~ ${model.design} ${model.random} ${model.method} ${model.test}`, model] as const))('%s', (_, model) => {
    const regression = regressThreeLevels(nestedEffects(model.effects), designOf(model), optionsOf(model))
    const ofColumns = regression.coefficients.flatMap((coefficient, index) => {
      const close = within(1e-5 * model.standardError[index]!)
      return [
        [`coefficient ${index}`, coefficient.estimate, model.estimate[index], close],
        [`standard error ${index}`, coefficient.standardError, model.standardError[index], relative(1e-5)],
        [`p value ${index}`, coefficient.pValue, model.pValue[index], relative(1e-5)],
        [`lower limit ${index}`, coefficient.ciLower, model.ciLower[index], close],
        [`upper limit ${index}`, coefficient.ciUpper, model.ciUpper[index], close],
      ] as const
    })
    let at = 0
    const ofCovariance = regression.covariance.flatMap((row, i) =>
      row.slice(0, i + 1).map((value, j) => [`covariance ${i} ${j}`, value, model.covariance?.[at++], relative(1e-4)] as const),
    )
    expect(
      disagreements('', [
        ['variance between', regression.betweenStudies, model.between, relative(1e-5, 1e-9)],
        ['variance within', regression.withinStudies, model.within, relative(1e-5, 1e-9)],
        ['log-likelihood', regression.logLikelihood, model.logLikelihood, within(1e-8)],
        ...ofColumns,
        ...ofCovariance,
        ['Q', regression.qe, model.q, relative(1e-10)],
        ['its p value', regression.qeP, model.qPValue, pValue],
        ['test of moderators', regression.qm, model.qm, relative(1e-5)],
        ['its p value', regression.qmP, model.qmPValue, relative(1e-5)],
      ]),
    ).toEqual([])
  })

  test('a mean is the regression on an intercept, with metafor’s prediction interval', () => {
    for (const model of offered.filter(({ design }) => design === '1')) {
      const pooled = poolThreeLevels(nestedEffects(model.effects), optionsOf(model))
      const [mean] = regressThreeLevels(nestedEffects(model.effects), designOf(model), optionsOf(model)).coefficients
      const close = within(1e-5 * model.standardError[0]!)
      expect(pooled.estimate).toBeCloseTo(mean?.estimate ?? NaN, 12)
      expect(pooled.ciUpper).toBeCloseTo(mean?.ciUpper ?? NaN, 12)
      expect(
        disagreements(model.effects, [
          ['lower limit of prediction', pooled.predictionLower, model.predictionLower, close],
          ['upper limit of prediction', pooled.predictionUpper, model.predictionUpper, close],
        ]),
      ).toEqual([])
    }
  })

  // The same by rma.mv(random = ~ 1 | district), whose variance within districts is 0 by decree.
  test('so does the likelihood where the variance within studies is held at 0, and it has its summit there', () => {
    const [model] = threeLevelNumbers.filter(({ random }) => random === '~1 | district')
    if (model === undefined) throw new RangeError('the model by district alone is missing')
    const nested = nestedModel(nestedEffects(model.effects))
    const fit = fitNested(nested, model, 'REML')
    expect(fit.logLikelihood).toBeCloseTo(model.logLikelihood, 10)
    expect(nested.flat.inOwnTerms(fit, 1).coefficients[0]).toBeCloseTo(model.estimate[0]!, 12)
    expect(slopesOfNested(nested, model, 'REML', fit).between).toBeCloseTo(0, 3)
  })
})

const effect = fc.record({
  estimate: fc.double({ min: -3, max: 3, noNaN: true }),
  variance: fc.double({ min: 1e-3, max: 2, noNaN: true }),
  cluster: fc.constantFrom('a', 'b', 'c', 'd'),
})
/** Two studies or more, one of them with several effects. */
const nested = fc
  .array(effect, { minLength: 5, maxLength: 14 })
  .filter((effects) => new Set(effects.map(({ cluster }) => cluster)).size > 1 && effects.some(({ estimate }) => estimate !== effects[0]?.estimate))

describe('the variances', () => {
  test('are the likeliest: none of a fine grid is likelier', () => {
    fc.assert(
      fc.property(nested, fc.constantFrom('REML', 'ML'), (effects, likelihood) => {
        const { logLikelihood } = poolThreeLevels(effects, { likelihood })
        const model = nestedModel(effects)
        const values = [0, ...Array.from({ length: 24 }, (_, index) => 1e-5 * 10 ** (index / 3.5))]
        const best = Math.max(...values.flatMap((between) => values.map((own) => fitNested(model, { between, within: own }, likelihood).logLikelihood)))
        expect(logLikelihood).toBeGreaterThanOrEqual(best - 1e-9)
      }),
      { numRuns: 60 },
    )
  })

  test('have slopes and curvatures that are those of the likelihood', () => {
    const variances = fc.record({ between: fc.double({ min: 0.05, max: 2, noNaN: true }), within: fc.double({ min: 0.05, max: 2, noNaN: true }) })
    fc.assert(
      fc.property(nested, variances, fc.constantFrom('REML', 'ML'), fc.boolean(), (effects, at, likelihood, isRegression) => {
        const model = nestedModel(effects, isRegression ? effects.map((_, index) => [1, index % 3]) : undefined)
        const slopesAt = (where: typeof at) => slopesOfNested(model, where, likelihood, fitNested(model, where, likelihood))
        const heightAt = (where: typeof at) => fitNested(model, where, likelihood).logLikelihood
        const slopes = slopesAt(at)
        const step = 1e-5
        const [further, nearer] = [1, -1].map((sign) => ({ ...at, between: at.between + sign * step })) as [typeof at, typeof at] // two in, two out
        const [wider, tighter] = [1, -1].map((sign) => ({ ...at, within: at.within + sign * step })) as [typeof at, typeof at] // two in, two out
        const close = (numeric: number, analytic: number) => expect(Math.abs(numeric - analytic)).toBeLessThan(1e-5 * (1 + Math.abs(analytic)))
        close((heightAt(further) - heightAt(nearer)) / (2 * step), slopes.between)
        close((heightAt(wider) - heightAt(tighter)) / (2 * step), slopes.within)
        close((slopesAt(further).between - slopesAt(nearer).between) / (2 * step), slopes.curvature.bb)
        close((slopesAt(wider).within - slopesAt(tighter).within) / (2 * step), slopes.curvature.ww)
        close((slopesAt(further).within - slopesAt(nearer).within) / (2 * step), slopes.curvature.bw)
      }),
      { numRuns: 60 },
    )
  })

  test('are 0 where effects are all alike', () => {
    const alike = ['a', 'a', 'b', 'c'].map((cluster) => ({ estimate: 0.3, variance: 0.04, cluster }))
    expect(poolThreeLevels(alike)).toMatchObject({ betweenStudies: 0, withinStudies: 0, i2BetweenStudies: 0, i2WithinStudies: 0 })
    expect(poolThreeLevels(alike).estimate).toBeCloseTo(0.3, 14)
  })

  test('have shares that sum to I², and add up to tau²', () => {
    const { heterogeneity, betweenStudies, withinStudies, i2BetweenStudies, i2WithinStudies } = poolThreeLevels(nestedEffects('konstantopoulos2011'))
    expect(betweenStudies + withinStudies).toBeCloseTo(heterogeneity?.tau2 ?? NaN, 14)
    expect(i2BetweenStudies + i2WithinStudies).toBeCloseTo(heterogeneity?.i2 ?? NaN, 10)
    // Σw over districts and schools: 100 · 0.065062 / (0.065062 + 0.032737 + typical variance), the last as Higgins & Thompson (2002) have it
    expect(i2BetweenStudies / i2WithinStudies).toBeCloseTo(0.06506194 / 0.03273652, 5)
  })
})

describe('a pool of three levels', () => {
  test('does not fail where one study is far more precise than the other, and agrees with it', () => {
    const effects = [
      { estimate: 0.1, variance: 1e-6, cluster: 'a' },
      { estimate: 0.1001, variance: 1e-6, cluster: 'a' },
      { estimate: 0.1002, variance: 100, cluster: 'b' },
    ]
    expect(poolThreeLevels(effects).estimate).toBeCloseTo(0.10005, 6)
  })

  test('does not depend on the order of effects', () => {
    fc.assert(
      fc.property(nested, (effects) => {
        const [forwards, backwards] = [poolThreeLevels(effects), poolThreeLevels(effects.toReversed())]
        expect(backwards.estimate).toBeCloseTo(forwards.estimate, 6)
        expect(backwards.standardError).toBeCloseTo(forwards.standardError, 6)
        expect(backwards.weightsPercent.toReversed()[0]).toBeCloseTo(forwards.weightsPercent[0] ?? NaN, 4)
      }),
      { numRuns: 40 },
    )
  })

  test('is on the scale of the effects, whatever that is', () => {
    const effects = nestedEffects('konstantopoulos2011')
    const pooled = poolThreeLevels(effects)
    for (const unit of [1e-12, 1e-3, 1e9]) {
      const scaled = poolThreeLevels(effects.map(({ estimate, variance, cluster }) => ({ estimate: unit * estimate, variance: unit ** 2 * variance, cluster })))
      expect(scaled.estimate / unit).toBeCloseTo(pooled.estimate, 10)
      expect(scaled.standardError / unit).toBeCloseTo(pooled.standardError, 10)
      expect(scaled.betweenStudies / unit ** 2).toBeCloseTo(pooled.betweenStudies, 10)
    }
  })

  test('is the sum of its effects by their weights, which sum to 100', () => {
    fc.assert(
      fc.property(nested, (effects) => {
        const { estimate, weightsPercent } = poolThreeLevels(effects)
        expect(weightsPercent.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(100, 9)
        expect(weightsPercent.reduce((sum, weight, index) => sum + weight * effects[index]!.estimate, 0) / 100).toBeCloseTo(estimate, 9)
      }),
      { numRuns: 40 },
    )
  })

  test('is two levels where studies do not differ', () => {
    const effects = nestedEffects('no variance between')
    const pooled = poolThreeLevels(effects, { interval: 'WALD' })
    expect(pooled.betweenStudies).toBe(0)
    expect(pooled.estimate).toBeCloseTo(poolEffects(effects, { interval: 'WALD' }).estimate, 9)
    expect(pooled.standardError).toBeCloseTo(poolEffects(effects, { interval: 'WALD' }).standardError, 9)
  })

  // metafor 3.8-1: rma.mv(…, test = "t", dfs = "contain") counts the 11 districts, not the 56 schools
  test('counts studies for its interval where that is asked for', () => {
    const effects = nestedEffects('konstantopoulos2011')
    expect(poolThreeLevels(effects)).toMatchObject({ df: 55, studies: 11 })
    const { estimate, standardError, ciUpper, df } = poolThreeLevels(effects, { degreesOfFreedom: 'STUDIES' })
    expect(df).toBe(10)
    // t of 10 degrees of freedom at 0.975
    expect(ciUpper).toBeCloseTo(estimate + 2.228138851964939 * standardError, 10)
  })
})

describe('three levels need', () => {
  const [first, second] = [
    { estimate: 0.1, variance: 0.02, cluster: 'a' },
    { estimate: 0.4, variance: 0.03, cluster: 'b' },
  ]
  test.each([
    ['an effect', []],
    ['more than one study', [first, { ...first, estimate: 0.2 }]],
    ['several effects of a study', [first, second]],
  ])('%s', (_, effects) => {
    expect(() => poolThreeLevels(effects)).toThrow(RangeError)
  })

  // Each of two studies has its own mean then: the likelihood is the same for all variances between them.
  test('more than a moderator that tells two studies apart', () => {
    const effects = [first, { ...first, estimate: 0.2 }, second, { ...second, estimate: 0.7 }]
    const design = effects.map(({ cluster }) => [1, cluster === 'a' ? 0 : 1])
    expect(() => regressThreeLevels(effects, design)).toThrow('variances between and within 2 studies cannot be told apart beside 2 coefficients')
  })

  test('effects to spare for two variances', () => {
    const design = [
      [1, 0],
      [1, 1],
      [1, 0],
    ]
    expect(() => regressThreeLevels([first, { ...first, estimate: 0.2 }, second], design)).toThrow(
      '2 coefficients and two variances cannot be estimated from 3 effects',
    )
  })
})
