import fc from 'fast-check'
import { combineArms, compositeOf, splitArm, type ArmSummary } from '../../src/statistics/composite.js'
import { poolEffects } from '../../src/statistics/pooling.js'
import { robustMean } from '../../src/statistics/robust.js'
import { poolThreeLevels, type ClusteredEffect } from '../../src/statistics/threeLevel.js'
import { smallStudyNumbers } from './smallStudyNumbers.js'

// Konstantopoulos (2011): schools in districts, as metadat holds them.
const schools: ClusteredEffect[] = smallStudyNumbers.dependent.effects.map(([estimate, variance, cluster]) => ({
  estimate,
  variance,
  cluster: String(cluster),
}))
const near = (ours: number | null, theirs: number, digits: number) => ours !== null && Math.abs(ours - theirs) <= digits * Math.abs(theirs)

const clustered = fc
  .array(
    fc.record({
      estimate: fc.double({ min: -2, max: 2, noNaN: true }),
      variance: fc.double({ min: 0.01, max: 1, noNaN: true }),
      cluster: fc.constantFrom('a', 'b', 'c', 'd'),
    }),
    { minLength: 6, maxLength: 20 },
  )
  .filter((effects) => new Set(effects.map(({ cluster }) => cluster)).size > 1)

describe('three levels', () => {
  // metafor 3.8-1: rma.mv(yi, vi, random = ~ 1 | district/school, test = "z" or "t")
  test.each(smallStudyNumbers.dependent.threeLevels)('%s: mean %d', (interval, b, se, [between, within], logLikelihood, ciLower, ciUpper, p) => {
    const found = poolThreeLevels(schools, { interval })
    expect({
      b: near(found.estimate, b, 1e-7),
      se: near(found.standardError, se, 1e-7),
      between: near(found.betweenStudies, between, 1e-6),
      within: near(found.withinStudies, within, 1e-6),
      logLikelihood: near(found.logLikelihood, logLikelihood, 1e-9),
      ciLower: near(found.ciLower, ciLower, 1e-6),
      ciUpper: near(found.ciUpper, ciUpper, 1e-6),
      p: near(found.pValue, p, 1e-6),
    }).toEqual({ b: true, se: true, between: true, within: true, logLikelihood: true, ciLower: true, ciUpper: true, p: true })
  })

  test('no other pair of variances has a higher likelihood', () => {
    fc.assert(
      fc.property(clustered, fc.double({ min: 0, max: 2, noNaN: true }), fc.double({ min: 0, max: 2, noNaN: true }), (effects, between, within) => {
        const found = poolThreeLevels(effects)
        return likelihoodOf(effects, between, within) <= found.logLikelihood + 1e-7
      }),
      { numRuns: 60 },
    )
  })

  test('weights sum to 100, and the order of effects does not matter', () => {
    fc.assert(
      fc.property(clustered, (effects) => {
        const [found, turned] = [poolThreeLevels(effects), poolThreeLevels([...effects].reverse())]
        const sum = found.weightsPercent.reduce((total, weight) => total + weight, 0)
        return Math.abs(sum - 100) < 1e-9 && Math.abs(found.estimate - turned.estimate) < 1e-6
      }),
      { numRuns: 60 },
    )
  })

  test('studies of one effect each, or one study alone, are refused', () => {
    const single = schools.slice(0, 4).map((effect, index) => ({ ...effect, cluster: String(index) }))
    expect(() => poolThreeLevels(single)).toThrow('three levels need several studies')
    expect(() => poolThreeLevels(schools.slice(0, 4))).toThrow('three levels need several studies')
  })
})

/** The restricted likelihood with the whole matrix, by elimination: another way to the same number. */
function likelihoodOf(effects: readonly ClusteredEffect[], between: number, within: number): number {
  const k = effects.length
  const matrix = effects.map((one, i) => [
    ...effects.map((other, j) => (one.cluster === other.cluster ? between : 0) + (i === j ? one.variance + within : 0)),
    1,
    one.estimate,
  ])
  let logDeterminant = 0
  for (let column = 0; column < k; column++) {
    const pivot = matrix[column]![column]!
    logDeterminant += Math.log(pivot)
    for (let row = 0; row < k; row++) {
      if (row === column) continue
      const share = matrix[row]![column]! / pivot
      for (let place = column; place < k + 2; place++) matrix[row]![place]! -= share * matrix[column]![place]!
    }
  }
  const solved = (column: number) => matrix.map((row, index) => row[column]! / row[index]!)
  const [ones, estimates] = [solved(k), solved(k + 1)]
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const precision = sum(ones)
  const mean = sum(estimates) / precision
  const residual = effects.reduce((total, { estimate }, index) => total + (estimate - mean) * (estimates[index]! - mean * ones[index]!), 0)
  return -((k - 1) * Math.log(2 * Math.PI) - Math.log(k) + logDeterminant + Math.log(precision) + residual) / 2
}

describe('errors robust to dependence', () => {
  const { tau2 } = poolEffects(schools).heterogeneity ?? { tau2: NaN }

  // metafor 3.8-1: robust(rma(yi, vi), cluster = district, adjust = )
  test.each(smallStudyNumbers.dependent.robust)('%s: mean %d, error %d', (kind, b, se, df, ciLower, ciUpper, p) => {
    const found = robustMean(schools, { tau2, kind })
    expect(found.df).toBe(df)
    for (const [ours, theirs] of [
      [found.estimate, b],
      [found.standardError, se],
      [found.ciLower, ciLower],
      [found.ciUpper, ciUpper],
      [found.pValue, p],
    ] as const)
      expect(near(ours, theirs, 1e-7)).toBe(true)
  })

  // clubSandwich 0.5.8 through metafor 3.8-1: robust(rma(yi, vi), cluster = district, clubSandwich = TRUE)
  test('CR2 with Satterthwaite’s degrees of freedom', () => {
    const found = robustMean(schools, { tau2 })
    expect(found.standardError).toBeCloseTo(0.078221239553853864, 9)
    expect(found.df).toBeCloseTo(7.3731668804277248, 6)
    expect(found.ciLower).toBeCloseTo(-0.055150891050581102, 8)
    expect(found.pValue).toBeCloseTo(0.14378390728274357, 8)
  })

  test('the mean is that of the model, whatever the clusters', () => {
    fc.assert(fc.property(clustered, (effects) => Math.abs(robustMean(effects, { tau2: 0.1 }).estimate - meanAt(effects, 0.1)) < 1e-12))
  })

  test('clusters of one effect each, alike in variance, have the error of the spread', () => {
    // with equal weights CR2 is the variance of a mean, Σ(y − ȳ)² / (m (m − 1)), with m − 1 degrees of freedom
    const alike = [0.1, 0.5, 0.9, 0.2].map((estimate, index) => ({ estimate, variance: 0.04, cluster: String(index) }))
    const found = robustMean(alike, { tau2: 0 })
    expect(found.standardError).toBeCloseTo(Math.sqrt((0.325 ** 2 + 0.075 ** 2 + 0.475 ** 2 + 0.225 ** 2) / 12), 12)
    expect(found.df).toBeCloseTo(3, 10)
  })

  test('one cluster is refused', () => expect(() => robustMean(schools.slice(0, 4), { tau2 })).toThrow('cluster-robust errors need two clusters, got 1'))
})

const meanAt = (effects: readonly ClusteredEffect[], tau2: number) => {
  const weights = effects.map(({ variance }) => 1 / (variance + tau2))
  return effects.reduce((sum, { estimate }, index) => sum + (weights[index] ?? 0) * estimate, 0) / weights.reduce((sum, weight) => sum + weight, 0)
}

describe('several effects as one', () => {
  const two = [
    { estimate: 0.2, variance: 0.04 },
    { estimate: 0.6, variance: 0.09 },
  ]

  test('by hand: Borenstein et al. (2009), eq. 24.6', () => {
    const { estimate, variance } = compositeOf(two, 0.5)
    expect(estimate).toBeCloseTo(0.4, 12)
    expect(variance).toBeCloseTo((0.04 + 0.09 + 2 * 0.5 * 0.2 * 0.3) / 4, 12)
  })

  test('without correlation it is the variance of a mean, with a full one of equal variances that of one effect', () => {
    expect(compositeOf(two, 0).variance).toBeCloseTo(0.13 / 4, 12)
    expect(compositeOf([two[0]!, two[0]!, two[0]!], 1).variance).toBeCloseTo(0.04, 12)
  })

  test('the closer the correlation, the less a further effect adds', () => {
    expect(compositeOf(two, 0.8).variance).toBeGreaterThan(compositeOf(two, 0.5).variance)
  })

  test.each([
    [() => compositeOf([], 0.5), 'there is nothing to join: no effect was given'],
    [() => compositeOf(two, 1.5), 'a correlation lies between -1 and 1, got 1.5'],
    [() => compositeOf([two[0]!, two[0]!, two[0]!], -1), '3 effects cannot all be correlated by -1: their mean would have no variance'],
  ])('%#: what cannot be is refused', (work, message) => expect(work).toThrow(new RangeError(message)))
})

describe('arms', () => {
  const arm = fc.record({
    n: fc.integer({ min: 2, max: 300 }),
    events: fc.constant(null),
    mean: fc.double({ min: -50, max: 50, noNaN: true }),
    standardDeviation: fc.double({ min: 0.1, max: 20, noNaN: true }),
  })

  // Higgins et al. (2019), Cochrane Handbook, table 6.5.a, by hand
  test('combined, have the mean and deviation of all participants together', () => {
    const combined = combineArms([
      { n: 10, events: 2, mean: 4, standardDeviation: 2 },
      { n: 20, events: 5, mean: 7, standardDeviation: 3 },
    ])
    expect(combined).toMatchObject({ n: 30, events: 7, mean: 6 })
    expect(combined.standardDeviation).toBeCloseTo(Math.sqrt((9 * 4 + 19 * 9 + ((10 * 20) / 30) * 9) / 29), 12)
  })

  test('can be combined in any order', () => {
    fc.assert(
      fc.property(arm, arm, arm, (a, b, c) => {
        const [one, other] = [combineArms([a, b, c]), combineArms([c, a, b])]
        return Math.abs((one.mean ?? NaN) - (other.mean ?? NaN)) < 1e-9 && Math.abs((one.standardDeviation ?? NaN) - (other.standardDeviation ?? NaN)) < 1e-9
      }),
    )
  })

  test('what one of them does not tell, the whole does not', () => {
    const unknown: ArmSummary = { n: 10, events: null, mean: 4, standardDeviation: null }
    expect(combineArms([unknown, { n: 20, events: 5, mean: 7, standardDeviation: 3 }])).toEqual({ n: 30, events: null, mean: 6, standardDeviation: null })
    expect(() => combineArms([])).toThrow('there is no arm to combine')
  })

  test('split, keep mean and deviation, and their parts are the whole', () => {
    expect(splitArm({ n: 30, events: 9, mean: 4, standardDeviation: 2 }, 2)).toEqual({ n: 15, events: 4.5, mean: 4, standardDeviation: 2 })
    expect(() => splitArm({ n: 30, events: 9, mean: 4, standardDeviation: 2 }, 0)).toThrow(RangeError)
  })
})
