import { crossoverStandardizedMeanDifference, standardizedMeanChangeRaw, standardizedMeanDifference } from '../../src/statistics/effectSizes.js'

const periods = { mean1: 12.1, standardDeviation1: 4, mean2: 14, standardDeviation2: 4.2, n: 30 }

describe('a standardised difference of a crossover', () => {
  // Borenstein et al. (2009), eq. 4.28: √(1/30 + g²/60) · √(2 (1 − 0.8)), here with g = −0.451
  test('uses the correlation within persons', () => {
    const found = crossoverStandardizedMeanDifference({ ...periods, correlation: 0.8 })
    const parallel = standardizedMeanDifference({ mean: 12.1, standardDeviation: 4, n: 30 }, { mean: 14, standardDeviation: 4.2, n: 30 })
    expect(found).toMatchObject({ ok: true, measure: 'SMD', formula: 'smd-crossover', inputs: { correlation: 0.8 } })
    expect(found.ok && found.standardError).toBeCloseTo(0.121, 3)
    // The same unit as that of parallel groups: the two differ by the correction for small samples only.
    expect(found.ok && parallel.ok && found.estimate / parallel.estimate).toBeCloseTo(1, 1)
    expect(parallel.ok && parallel.standardError).toBeCloseTo(0.262, 3)
  })

  test('assumes a correlation where none is known, and says so', () => {
    const found = crossoverStandardizedMeanDifference(periods)
    expect(found.ok && found.assumptions).toContain('the correlation within persons is not reported; 0.5 is assumed')
  })

  test('without correlation has the error of groups as large as the sample', () => {
    // Becker (1988): with r = 0 and one standard deviation, 2/n + g²/n; that of the raw change has g²/(2n), its unit being one measurement's alone
    const found = crossoverStandardizedMeanDifference({ ...periods, standardDeviation2: 4, correlation: 0 })
    const raw = standardizedMeanChangeRaw({ ...periods, correlation: 0 })
    expect(found.ok && raw.ok && found.estimate - raw.estimate).toBeCloseTo(0, 12)
    expect(found.ok && found.standardError ** 2).toBeCloseTo(2 / 30 + (found.ok ? found.estimate ** 2 : 0) / 30, 12)
  })

  test.each([
    [{ n: 2 }, 'too few'],
    [{ standardDeviation1: 0, standardDeviation2: 0 }, 'nothing to standardise by'],
    [{ correlation: 1 }, 'no standard error'],
  ])('with %j has none', (given, reason) => {
    expect(crossoverStandardizedMeanDifference({ ...periods, ...given })).toMatchObject({ ok: false, reason: expect.stringContaining(reason) })
  })
})
