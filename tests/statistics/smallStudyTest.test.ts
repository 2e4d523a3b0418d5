import { eggerTest } from '../../src/statistics/asymmetry.js'
import { harbordTest, petersTest } from '../../src/statistics/countAsymmetry.js'
import { smallStudyTest } from '../../src/statistics/smallStudyTest.js'
import { asEvents, trialsCalled } from './countNumbers.js'

const trials = trialsCalled('egger2001 small').map(asEvents)
const effects = trials.map((counts, index) => ({ estimate: 0.1 * index, variance: 0.02 + 0.01 * index, counts }))

test.each(['OR', 'RR', 'RD'] as const)('%s of counts are tested by Harbord’s scores', (measure) => {
  expect(smallStudyTest(effects, measure)).toMatchObject({ name: 'HARBORD', test: harbordTest(trials) })
})

test('Peters’ test replaces it where arms differ more than twofold in size', () => {
  const unlike = trials.map(({ intervention, comparator }) => ({ intervention: { ...intervention, total: 10 * intervention.total }, comparator }))
  const found = smallStudyTest(
    effects.map((effect, index) => ({ ...effect, counts: unlike[index] ?? null })),
    'OR',
  )
  expect(found).toMatchObject({ name: 'PETERS', test: petersTest(unlike) })
})

test('without all counts ratios are left to Egger’s test, and risk differences without one', () => {
  const some = effects.map((effect, index) => (index === 0 ? { ...effect, counts: null } : effect))
  expect(smallStudyTest(some, 'OR')).toMatchObject({ name: 'EGGER', test: eggerTest(some) })
  expect(smallStudyTest(some, 'RD')).toMatchObject({ name: 'NONE', test: null, reason: expect.stringContaining('no test is advised') })
})

test('mean differences and hazard ratios are tested by Egger’s', () => {
  for (const measure of ['MD', 'HR', 'BETA'] as const) expect(smallStudyTest(effects, measure)).toMatchObject({ name: 'EGGER', test: eggerTest(effects) })
})

// R 4.2.2: n1 <- c(20, 35, 60, 12, 100, 45); n2 <- c(22, 30, 58, 15, 95, 50); g <- c(0.62, 0.41, 0.2, 0.9, 0.15, 0.33)
// s <- sqrt(1/n1 + 1/n2); summary(lm(g ~ s, weights = 1/s^2))
test('standardised differences are tested by the error that numbers of people give', () => {
  const [n1, n2, g] = [
    [20, 35, 60, 12, 100, 45],
    [22, 30, 58, 15, 95, 50],
    [0.62, 0.41, 0.2, 0.9, 0.15, 0.33],
  ]
  const studies = g.map((estimate, index) => ({ estimate, variance: 0.05, armSizes: { intervention: n1[index] ?? NaN, comparator: n2[index] ?? NaN } }))
  const { name, test } = smallStudyTest(studies, 'SMD')
  expect(name).toBe('PUSTEJOVSKY_RODGERS')
  expect(test).toMatchObject({
    df: 4,
    statistic: expect.closeTo(12.1884295935237, 8),
    pValue: expect.closeTo(0.00026008660533185, 10),
    estimate: expect.closeTo(-0.29831513684544, 10),
  })
  expect(smallStudyTest([...studies, { estimate: 0.1, variance: 0.05 }], 'SMD').name).toBe('EGGER')
})

test('of two studies there is none', () => {
  expect(smallStudyTest(effects.slice(0, 2), 'OR')).toMatchObject({ name: 'HARBORD', test: null })
  expect(smallStudyTest([], 'MD')).toMatchObject({ name: 'EGGER', test: null })
})
