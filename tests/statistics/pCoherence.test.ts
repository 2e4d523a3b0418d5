import { pAgreesWithCounts, pAgreesWithMeans } from '../../src/statistics/pCoherence.js'

const equal = (value: number) => ({ operator: 'EQ', value }) as const

// Python: chi-squared 0.0113 without and 0.0202 with correction, Fisher 0.0196 (math.erfc and math.comb).
test('a p value of 0.001 beside 27 of 50 against 39 of 50 is warned of', () => {
  const check = pAgreesWithCounts(equal(0.001), { events: 27, n: 50 }, { events: 39, n: 50 })
  expect(check.status).toBe('WARN')
  expect(check.message).toMatch(/27 of 50 against 39 of 50 give 0\.011/)
})

test.each([equal(0.01), equal(0.02), { operator: 'LT', value: 0.05 } as const])('one that a usual test gives is not: %j', (p) => {
  expect(pAgreesWithCounts(p, { events: 27, n: 50 }, { events: 39, n: 50 }).status).toBe('PASS')
})

// Fisher's tea: 3 of 4 against 1 of 4 gives 34/70 = 0.486 two-sided; Fisher (1935), The Design of Experiments.
test("Fisher's exact test is among them", () => {
  expect(pAgreesWithCounts({ operator: 'EQ', value: { value: 0.486, decimals: 3 } }, { events: 3, n: 4 }, { events: 1, n: 4 }).message).toMatch(
    /0\.157 to 0\.486/,
  )
})

test('a bound far below what the arms give is warned of', () => {
  expect(pAgreesWithCounts({ operator: 'LT', value: 0.001 }, { events: 27, n: 50 }, { events: 39, n: 50 }).status).toBe('WARN')
  expect(pAgreesWithCounts({ operator: 'GT', value: 0.05 }, { events: 5, n: 50 }, { events: 39, n: 50 }).status).toBe('WARN')
})

// t = -2.1 / (4.2012 × √(2/55)) = -2.62 on 108 degrees of freedom: p 0.010.
test('means are judged by their t test', () => {
  const arms = [
    { mean: 12.1, standardDeviation: 4.1, n: 55 },
    { mean: 14.2, standardDeviation: 4.3, n: 55 },
  ] as const
  expect(pAgreesWithMeans(equal(0.01), ...arms).status).toBe('PASS')
  expect(pAgreesWithMeans(equal(0.3), ...arms).status).toBe('WARN')
})

test('without two arms or without events nothing is judged', () => {
  expect(pAgreesWithCounts(equal(0.01), { events: 1, n: 2 }, undefined).status).toBe('NOT_CHECKABLE')
  expect(pAgreesWithCounts(equal(0.01), { events: 0, n: 20 }, { events: 0, n: 20 }).status).toBe('NOT_CHECKABLE')
  expect(pAgreesWithMeans(equal(0.01), { mean: 1, standardDeviation: 0, n: 9 }, { mean: 1, standardDeviation: 1, n: 9 }).status).toBe('NOT_CHECKABLE')
})
