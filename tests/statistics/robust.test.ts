import fc from 'fast-check'
import { poolEffects } from '../../src/statistics/pooling.js'
import { robustMean, robustRegression, type RobustKind } from '../../src/statistics/robust.js'
import { disagreements, pValue, relative } from './modelNumbers.js'
import { designOf, nestedEffects, type RobustNumbers, robustNumbers } from './multilevelNumbers.js'

// Weights are diagonal (rma), or those of three levels (rma.mv, between > 0). Not offered: metafor's CR1 with Stata's factor, weights of other structures.
describe('cluster-robust errors agree with metafor and clubSandwich', () => {
  const optionsOf = ({ between, within, kind }: RobustNumbers) => ({ tau2: between + within, betweenStudies: between, kind })

  // metafor 3.8-1: robust(fit, cluster, adjust = FALSE) is CR0, adjust = TRUE is CR1; clubSandwich 0.5.8: robust(fit, cluster, clubSandwich = TRUE) is CR2
  test.each(['CR0', 'CR1', 'CR2'] as const)('%s, with degrees of freedom', (kind) => {
    const models = robustNumbers.filter((model) => model.kind === kind && !restsOnOneStudy(model))
    expect(models.length).toBeGreaterThan(25)
    expect(
      models.flatMap((model) => {
        const { coefficients } = robustRegression(nestedEffects(model.effects), designOf(model), optionsOf(model))
        return disagreements(
          `${model.effects} ~ ${model.design} at ${model.between} and ${model.within}`,
          coefficients.flatMap((coefficient, index) => [
            [`standard error ${index}`, coefficient.standardError, model.standardError[index], relative(1e-9)] as const,
            [`degrees of freedom ${index}`, coefficient.df, model.df[index], relative(1e-9)] as const,
            [`p value ${index}`, coefficient.pValue, model.pValue[index], pValue] as const,
            [`lower limit ${index}`, coefficient.ciLower, model.ciLower[index], relative(1e-8)] as const,
            [`upper limit ${index}`, coefficient.ciUpper, model.ciUpper[index], relative(1e-8)] as const,
          ]),
        )
      }),
    ).toEqual([])
  })

  // One study alone has the first type of delinquency: with diagonal weights metafor's CR0 of it is 1.3e-9, which is 0 but for rounding.
  const restsOnOneStudy = ({ design, between }: RobustNumbers) => design === 'assink2016 ~deltype' && between === 0

  test('but a coefficient that one cluster alone tells has none', () => {
    const models = robustNumbers.filter(restsOnOneStudy)
    expect(models.map(({ kind }) => kind)).toEqual(['CR0', 'CR1', 'CR2'])
    for (const model of models)
      expect(() => robustRegression(nestedEffects(model.effects), designOf(model), optionsOf(model))).toThrow('coefficient 0 rests on one cluster alone')
  })
})

const effect = fc.record({
  estimate: fc.double({ min: -3, max: 3, noNaN: true }),
  variance: fc.double({ min: 1e-2, max: 2, noNaN: true }),
  cluster: fc.constantFrom('a', 'b', 'c', 'd'),
})
const nested = fc.array(effect, { minLength: 3, maxLength: 10 }).filter((effects) => new Set(effects.map(({ cluster }) => cluster)).size > 1)
const kinds = fc.constantFrom<RobustKind>('CR0', 'CR1', 'CR2')
const tau2 = fc.double({ min: 0, max: 1, noNaN: true })

describe('a robust mean', () => {
  test('leaves the estimate as it was', () => {
    const effects = nestedEffects('konstantopoulos2011')
    const { estimate, heterogeneity } = poolEffects(effects)
    expect(robustMean(effects, { tau2: heterogeneity?.tau2 ?? NaN }).estimate).toBeCloseTo(estimate, 12)
  })

  test('does not depend on the order of effects, nor on the names of clusters', () => {
    fc.assert(
      fc.property(nested, tau2, kinds, (effects, variance, kind) => {
        const mean = robustMean(effects, { tau2: variance, kind })
        const other = robustMean(
          effects.toReversed().map((own) => ({ ...own, cluster: `study ${own.cluster}` })),
          { tau2: variance, kind },
        )
        expect(other.estimate).toBeCloseTo(mean.estimate, 10)
        expect(other.standardError).toBeCloseTo(mean.standardError, 10)
        expect(other.df).toBeCloseTo(mean.df, 6)
      }),
    )
  })

  test('under CR1 is wider than under CR0 by √(m / (m − 1)) of m clusters', () => {
    fc.assert(
      fc.property(nested, tau2, (effects, variance) => {
        const [plain, corrected] = (['CR0', 'CR1'] as const).map((kind) => robustMean(effects, { tau2: variance, kind }).standardError)
        const m = new Set(effects.map(({ cluster }) => cluster)).size
        expect(corrected).toBeCloseTo((plain ?? NaN) * Math.sqrt(m / (m - 1)), 10)
      }),
    )
  })

  // By hand: of m equal clusters of one effect each with equal weights, CR2 is the standard deviation over √m, with m − 1 degrees of freedom.
  test('of equal effects one to a cluster is the t test of their mean', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2, maxLength: 9 }), (estimates) => {
        const mean = estimates.reduce((sum, value) => sum + value, 0) / estimates.length
        const variance = estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (estimates.length - 1)
        const robust = robustMean(
          estimates.map((estimate, index) => ({ estimate, variance: 0.04, cluster: String(index) })),
          { tau2: 0.01 },
        )
        expect(robust.df).toBeCloseTo(estimates.length - 1, 8)
        expect(robust.standardError).toBeCloseTo(Math.sqrt(variance / estimates.length), 10)
      }),
    )
  })

  // Pustejovsky & Tipton (2018), theorem 1: where the working covariance is right, the CR2 variance of the mean is 1 / Σw in expectation.
  test('under CR2 is unbiased where the weights are right', () => {
    const variances = [0.04, 0.1, 0.25, 0.02, 0.07]
    const clusters = ['a', 'a', 'b', 'b', 'c']
    // Each effect one standard deviation above or below 0, in all combinations: over these, a sum of squares has the expectation that it has over all samples.
    const lattice = Array.from({ length: 2 ** variances.length }, (_, signs) =>
      variances.map((variance, index) => ({ estimate: ((signs >> index) & 1 ? 1 : -1) * Math.sqrt(variance), variance, cluster: clusters[index]! })),
    )
    const expected = (kind: RobustKind) => lattice.reduce((sum, effects) => sum + robustMean(effects, { tau2: 0, kind }).standardError ** 2, 0) / lattice.length
    const truth = 1 / variances.reduce((sum, variance) => sum + 1 / variance, 0)
    expect(expected('CR2')).toBeCloseTo(truth, 12)
    expect(expected('CR0')).toBeLessThan(truth)
  })

  test('weighs as three levels do where the shared variance is told', () => {
    const effects = nestedEffects('assink2016')
    const [flat, shared] = [0, 0.18787025392443343].map((betweenStudies) => robustMean(effects, { tau2: 0.29986225279120974, betweenStudies }).estimate)
    // metafor 3.8-1: rma.mv(yi, vi, random = ~ 1 | study/esid, data = dat.assink2016)
    expect(shared).toBeCloseTo(0.4267993570066927, 10)
    expect(flat).not.toBeCloseTo(shared ?? NaN, 2)
  })
})

describe('cluster-robust errors need', () => {
  const first = { estimate: 0.1, variance: 0.02, cluster: 'a' }
  test('more clusters than coefficients', () => {
    expect(() => robustMean([first, { ...first, estimate: 0.3 }], { tau2: 0 })).toThrow('cluster-robust errors need two clusters, got 1')
  })

  test('a shared variance that is part of tau²', () => {
    const effects = [first, { ...first, cluster: 'b' }]
    expect(() => robustMean(effects, { tau2: 0.1, betweenStudies: 0.2 })).toThrow('at least 0 and at most tau² of 0.1, got 0.2')
    expect(() => robustMean(effects, { tau2: NaN })).toThrow(RangeError)
  })

  test('a level between 0 and 1', () => {
    expect(() => robustMean([first, { ...first, cluster: 'b' }], { tau2: 0, level: 95 })).toThrow(
      'a confidence level lies between 0 and 1, such as 0.95; got 95',
    )
  })
})
