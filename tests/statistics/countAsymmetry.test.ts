import { regressionTest } from '../../src/statistics/asymmetry.js'
import { deeksTest, harbordTest, petersTest } from '../../src/statistics/countAsymmetry.js'
import { testsOfCounts } from './asymmetryNumbers.js'
import { asEvents, trialsCalled } from './countNumbers.js'
import { disagreements, pValue, relative, within } from './modelNumbers.js'

const tests = { harbord: harbordTest, peters: petersTest, deeks: deeksTest }

/** One trial of these has no events in either arm. R gives it an odds ratio near 1; it says nothing of an odds ratio, and we leave it out. */
const differs = (numbers: { readonly trials: string; readonly test: string }) => numbers.trials === 'linde2005 all' && numbers.test === 'deeks'

// R 4.2.2: lm(Z/V ~ sqrt(1/V), weights = V); lm(yi ~ 1/N, weights = 1/(1/events + 1/nonevents)); lm(yi ~ 1/sqrt(ESS), weights = ESS)
test.each(['harbord', 'peters', 'deeks'] as const)('%s agrees with R', (name) => {
  const all = testsOfCounts.filter((numbers) => numbers.test === name)
  expect(all).toHaveLength(10)
  const off = all
    .filter((numbers) => !differs(numbers))
    .flatMap((numbers) => {
      const found = tests[name](trialsCalled(numbers.trials).map(asEvents))
      return disagreements(numbers.trials, [
        ['statistic', found?.statistic, numbers.statistic, relative(1e-9)],
        ['degrees of freedom', found?.df, numbers.df, within(0)],
        ['p value', found?.pValue, numbers.pValue, pValue],
        ['estimate', found?.estimate, numbers.estimate, relative(1e-9)],
      ])
    })
  expect(off).toEqual([])
})

test('with the trial that says nothing given an odds ratio, Deeks’ test is that of R', () => {
  const numbers = testsOfCounts.find(differs)
  const effects = trialsCalled('linde2005 all').map(([a = NaN, n1 = NaN, c = NaN, n2 = NaN]) => {
    const half = [a, n1 - a, c, n2 - c].includes(0) ? 0.5 : 0
    return {
      estimate: Math.log(((a + half) * (n2 - c + half)) / ((n1 - a + half) * (c + half))),
      variance: (n1 + n2) / (4 * n1 * n2),
    }
  })
  expect(regressionTest(effects)).toMatchObject({ df: numbers?.df, statistic: expect.closeTo(numbers?.statistic ?? NaN, 9) as number }) // jest's matchers have no type
})

describe.each(Object.entries(tests))('%s', (_, testOf) => {
  const trials = trialsCalled('egger2001 small')

  test('arms swapped turn the sign', () => {
    const [found, turned] = [testOf(trials.map(asEvents)), testOf(trials.map(([a = 0, n1 = 0, c = 0, n2 = 0]) => asEvents([c, n2, a, n1])))]
    expect(turned?.statistic).toBeCloseTo(-(found?.statistic ?? NaN), 9)
    expect(turned?.pValue).toBeCloseTo(found?.pValue ?? NaN, 9)
  })

  test('a trial in which nobody, or everybody, had the event changes nothing', () => {
    const found = testOf(trials.map(asEvents))
    expect(testOf([...trials, [0, 30, 0, 33], [12, 12, 17, 17]].map(asEvents))).toEqual(found)
  })

  test('there is none of two trials, or of trials all alike in size', () => {
    expect(testOf([asEvents([4, 40, 7, 40]), asEvents([3, 60, 9, 64])])).toBeNull()
    expect(testOf([4, 5, 6, 7].map((events) => asEvents([events, 40, 12 - events, 40])))).toBeNull()
  })

  test('impossible counts are refused', () => {
    expect(() => testOf([asEvents([12, 10, 1, 10])])).toThrow(RangeError)
  })
})
