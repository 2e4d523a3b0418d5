import fc from 'fast-check'
import { eggerTest, rankTest, regressionTest } from '../../src/statistics/asymmetry.js'
import { kendallCorrelation } from '../../src/statistics/rankCorrelation.js'
import { predictorCalled, ranks, regressions, sizedEffectsCalled } from './asymmetryNumbers.js'
import { disagreements, effectsCalled, optionsOf, pValue, relative, within } from './modelNumbers.js'

/** Numbers such as are reported, and none so near to each other that only rounding tells them apart. */
const thousandths = (min: number, max: number) => fc.integer({ min, max }).map((value) => value / 1000)
const effects = fc.array(fc.record({ estimate: thousandths(-2000, 2000), variance: thousandths(1, 1000) }), { minLength: 3, maxLength: 25 })

describe('regression on what tells small studies from large ones', () => {
  // metafor 3.8-1: regtest(yi, vi, ni = , model = , predictor = , method = , test = )
  test.each(Object.entries(predictorCalled))('on %s agrees with metafor', (name, predictor) => {
    const models = regressions.filter((model) => model.predictor === name)
    expect(models.length).toBeGreaterThan(40)
    const all = models.flatMap((model) => {
      const { method, test: kind } = model
      const found = regressionTest(
        sizedEffectsCalled(model.effects),
        predictor,
        method === 'lm' || kind === 't' ? undefined : optionsOf({ method, test: kind }),
      )
      const [close, inErrors] = [relative(1e-8), within(1e-8 * model.standardError)]
      return disagreements(`${model.effects} by ${method}, ${kind}`, [
        ['statistic', found?.statistic, model.statistic, close],
        ['degrees of freedom', found?.df, kind === 'z' ? null : model.df, within(0)],
        ['p value', found?.pValue, model.pValue, pValue],
        ['slope', found?.slope, model.slope, inErrors],
        ['standard error', found?.standardError, model.standardError, close],
        ['limit', found?.estimate, model.limit, close],
        ['lower limit', found?.ciLower, model.ciLower, close],
        ['upper limit', found?.ciUpper, model.ciUpper, close],
      ])
    })
    expect(all).toEqual([])
  })

  test('on numbers of participants has no limit: an endless study lies beyond every number', () => {
    const studies = [20, 60, 150, 400].map((participants, index) => ({ estimate: 0.2 + 0.1 * (index % 2), variance: 4 / participants, participants }))
    expect(regressionTest(studies, 'PARTICIPANTS')).toMatchObject({ estimate: null, ciLower: null, ciUpper: null })
    expect(regressionTest(studies, 'INVERSE_PARTICIPANTS')?.estimate).toBeCloseTo(0.25, 0)
  })

  test('on numbers of participants needs them', () => {
    const message = 'number of participants must be a number above 0, got NaN'
    expect(() => regressionTest(effectsCalled('bcg all.OR.default'), 'INVERSE_PARTICIPANTS')).toThrow(new RangeError(message))
  })

  test('there is none of studies of one size', () => {
    const studies = [0.1, 0.5, 0.2, 0.9].map((estimate, index) => ({ estimate, variance: 0.01 * (index + 1), participants: 40 }))
    expect(regressionTest(studies, 'INVERSE_PARTICIPANTS')).toBeNull()
    expect(regressionTest(studies, 'STANDARD_ERROR')).not.toBeNull()
  })

  test('a perfect line is a test only under errors that are taken as known', () => {
    const line = [1, 2, 3, 5].map((standardError) => ({ estimate: 0.1 + 0.7 * standardError, variance: standardError ** 2 }))
    expect(regressionTest(line)).toBeNull()
    expect(regressionTest(line, 'STANDARD_ERROR', { interval: 'WALD' })?.slope).toBeCloseTo(0.7, 10)
  })

  test('scaling estimates and errors changes no statistic', () => {
    fc.assert(
      fc.property(effects, fc.double({ min: 0.01, max: 100, noNaN: true }), (studies, factor) => {
        const scaled = studies.map(({ estimate, variance }) => ({ estimate: factor * estimate, variance: factor ** 2 * variance }))
        const [found, of] = [regressionTest(studies), regressionTest(scaled)]
        return found === null || of === null || relative(1e-6, 1e-6)(of.statistic, found.statistic)
      }),
    )
  })

  // Egger et al. (1997): the standardised effect against precision, whose intercept is the bias; here by sums
  test("Egger's regression of standardised effects on precision has this slope as its intercept", () => {
    const studies = effectsCalled('li2007 all.OR.default')
    const points = studies.map(({ estimate, variance }) => ({ x: 1 / Math.sqrt(variance), y: estimate / Math.sqrt(variance) }))
    const mean = (of: (point: { x: number; y: number }) => number) => points.reduce((sum, point) => sum + of(point), 0) / points.length
    const [x, y] = [mean((point) => point.x), mean((point) => point.y)]
    const slope = mean((point) => (point.x - x) * (point.y - y)) / mean((point) => (point.x - x) ** 2)
    const found = regressionTest(studies)
    expect(found?.slope).toBeCloseTo(y - slope * x, 9)
    expect(found?.estimate).toBeCloseTo(slope, 9)
    expect(eggerTest(studies)?.statistic).toBe(found?.statistic)
  })
})

describe('however unlike the precision of studies', () => {
  test('a test gives numbers or none', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ estimate: fc.double({ min: -10, max: 10, noNaN: true }), exponent: fc.double({ min: -30, max: 30, noNaN: true }) }), {
          minLength: 3,
          maxLength: 12,
        }),
        (drawn) => {
          const studies = drawn.map(({ estimate, exponent }) => ({ estimate, variance: 10 ** exponent }))
          return [eggerTest(studies), rankTest(studies)].every(
            (found) => found === null || (Number.isFinite(found.statistic) && found.pValue >= 0 && found.pValue <= 1),
          )
        },
      ),
    )
  })

  test('what cannot be pooled is refused', () => {
    expect(() => eggerTest([0.1, 0.2, 0.3].map((estimate) => ({ estimate, variance: 0 })))).toThrow(RangeError)
    expect(() => rankTest([NaN, 0.2].map((estimate) => ({ estimate, variance: 1 })))).toThrow(RangeError)
  })
})

describe('rank correlation', () => {
  // metafor 3.8-1: ranktest(yi, vi, exact = )
  test('agrees with metafor, exact and approximate', () => {
    expect(ranks.filter(({ exact }) => exact)).toHaveLength(11)
    expect(ranks.filter(({ exact }) => !exact).length).toBeGreaterThan(40)
    const all = ranks.flatMap(({ effects: name, exact, tau, pValue: p }) => {
      const found = rankTest(effectsCalled(name), exact ? {} : { exactUpTo: 0 })
      return disagreements(name, [
        ['tau', found?.statistic, tau, relative(1e-10)],
        ['p value', found?.pValue, p, pValue],
      ])
    })
    expect(all).toEqual([])
  })

  test('counts pairs by merging as pair by pair', () => {
    const pairs = fc.array(fc.record({ x: fc.integer({ min: -3, max: 3 }), y: fc.integer({ min: 1, max: 5 }) }), { maxLength: 40 })
    fc.assert(
      fc.property(pairs, (drawn) => {
        let [score, x, y] = [0, 0, 0]
        drawn.forEach((one, index) => {
          for (const other of drawn.slice(index + 1)) {
            score += Math.sign(one.x - other.x) * Math.sign(one.y - other.y)
            if (one.x !== other.x) x += 1
            if (one.y !== other.y) y += 1
          }
        })
        const found = kendallCorrelation(drawn)
        return x === 0 || y === 0 ? found === null : found !== null && relative(1e-12)(found.tau, score / (Math.sqrt(x) * Math.sqrt(y)))
      }),
    )
  })

  // of all orders of k things, by counting them
  test.each([2, 3, 4, 5, 6])('has the exact p value of %d pairs that counting every order gives', (k) => {
    const orders = permutations(Array.from({ length: k }, (_, index) => index))
    const taus = orders.map((order) => kendallCorrelation(order.map((y, x) => ({ x, y })))?.tau ?? NaN)
    orders.forEach((order, index) => {
      const share = (isAsFar: (tau: number) => boolean) => taus.filter(isAsFar).length / taus.length
      const own = taus[index] ?? NaN
      const tails = Math.min(
        share((tau) => tau <= own + 1e-9),
        share((tau) => tau >= own - 1e-9),
      )
      expect(kendallCorrelation(order.map((y, x) => ({ x, y })))?.pValue).toBeCloseTo(Math.min(1, 2 * tails), 12)
    })
  })

  test('the approximation nears the exact p value with many pairs', () => {
    const pairs = Array.from({ length: 200 }, (_, index) => ({ x: index, y: (index * 77) % 211 }))
    const [exact, approximate] = [kendallCorrelation(pairs), kendallCorrelation(pairs, 0)]
    expect([exact?.isExact, approximate?.isExact]).toEqual([true, false])
    expect(approximate?.pValue).toBeCloseTo(exact?.pValue ?? NaN, 2)
  })

  // metafor 3.8-1: ranktest() gives no tau for identical effects
  test('there is none of identical effects, of one variance, or of a single study', () => {
    expect(rankTest([0.03, 0.08, 0.05, 0.12, 0.01].map((variance) => ({ estimate: 0.3, variance })))).toBeNull()
    expect(rankTest([0.12, -0.35, 0.48].map((estimate) => ({ estimate, variance: 0.04 })))).toBeNull()
    expect(rankTest([{ estimate: 0.3, variance: 0.04 }])).toBeNull()
  })
})

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]))
}
