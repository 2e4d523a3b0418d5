import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { poolBayesian } from '../../src/statistics/bayes.js'
import { poolEffects } from '../../src/statistics/pooling.js'
import {
  parseTauPrior,
  scaledTauPrior,
  type TauPrior,
  tauPriorFamilies,
  tauPriorsOfLogOddsRatios,
  tauPriorsOfStandardisedDifferences,
  tauPriorText,
} from '../../src/statistics/tauPrior.js'
import { toEffects } from './modelNumbers.js'

const fixture = (name: string): unknown => JSON.parse(readFileSync(new URL(`../fixtures/bayes/${name}`, import.meta.url), 'utf8'))

interface Quantiles {
  readonly lower: number
  readonly median: number
  readonly upper: number
}

/** What differs by more than this share of the interval that holds it. */
const farFrom = (share: number, found: Quantiles, expected: Quantiles) =>
  (['lower', 'median', 'upper'] as const).filter((name) => !(Math.abs(found[name] - expected[name]) <= share * (expected.upper - expected.lower)))

const quantilesOf = (pool: ReturnType<typeof poolBayesian>) => ({
  mu: { lower: pool.lower, median: pool.estimate, upper: pool.upper },
  tau: { lower: pool.tauLower, median: pool.tauMedian, upper: pool.tauUpper },
  predictive: { lower: pool.predictiveLower, median: pool.predictiveMedian, upper: pool.predictiveUpper },
})

interface Posterior {
  readonly set: string
  readonly y: readonly number[]
  readonly se: readonly number[]
  readonly prior: { readonly name: string; readonly scale: number; readonly meanLog: number; readonly sdLog: number }
  readonly mu: Quantiles & { readonly mean: number; readonly probabilityBelow0: number }
  readonly tau: Quantiles
  readonly predictive: Quantiles
}

// R 4.2.2, composite Gauss–Legendre quadrature over tau: tests/fixtures/bayes/README.md
const { cases } = fixture('posteriors.json') as { readonly cases: readonly Posterior[] } // the README says so
test.each(
  cases.map((known) => ({
    ...known,
    text: known.prior.name === 'HALF_NORMAL' ? `HALF_NORMAL:${known.prior.scale}` : `LOG_NORMAL:${known.prior.meanLog},${known.prior.sdLog}`,
  })),
)('posteriors agree with quadrature in R: $set under $text', ({ text, y, se, mu, tau, predictive }) => {
  const pool = poolBayesian(
    toEffects(
      y,
      se.map((error) => error ** 2),
    ),
    { prior: parseTauPrior(text) },
  )
  const found = quantilesOf(pool)
  expect({ mu: farFrom(1e-9, found.mu, mu), tau: farFrom(1e-9, found.tau, tau), predictive: farFrom(1e-9, found.predictive, predictive) }).toEqual({
    mu: [],
    tau: [],
    predictive: [],
  })
  expect(Math.abs(pool.mean - mu.mean)).toBeLessThan(1e-9 * (mu.upper - mu.lower))
  expect(pool.probabilityBelow0).toBeCloseTo(mu.probabilityBelow0, 11)
  expect(pool).toMatchObject({ k: y.length, prior: text, level: 0.95, probabilityAbove0: expect.closeTo(1 - mu.probabilityBelow0, 11) as number })
})

interface OtherPosterior {
  readonly set: string
  readonly prior: string
  readonly estimates: readonly number[]
  readonly variances: readonly number[]
  readonly mu: readonly [number, number, number]
  readonly tau: readonly [number, number, number]
  readonly predictive: readonly [number, number, number]
  readonly probabilityAbove0: number
}

// R 4.2.2, integrate() and uniroot(): tests/fixtures/bayes/posteriors.R
test.each(fixture('posteriorsOfOtherPriors.json') as readonly OtherPosterior[])(
  // as its script writes it
  'posteriors agree with R’s integrate(): $set under $prior',
  ({ prior, estimates, variances, probabilityAbove0, ...expected }) => {
    const pool = poolBayesian(toEffects(estimates, variances), { prior: parseTauPrior(prior) })
    const found = quantilesOf(pool)
    for (const name of ['mu', 'tau', 'predictive'] as const) {
      const [lower, median, upper] = expected[name]
      expect({ [name]: farFrom(1e-7, found[name], { lower, median, upper }) }).toEqual({ [name]: [] })
    }
    // The script cuts the tail of the log-t distribution off at tau = e^−60, where a share of 1e-8 is left.
    expect(pool.probabilityAbove0).toBeCloseTo(probabilityAbove0, 7)
  },
)

test('of one study tau is what was believed of it', () => {
  // The median of a half-normal distribution is its scale times 0.6744897501960817, that of a half-Cauchy distribution its scale.
  const one = toEffects([0.3], [0.04])
  expect(poolBayesian(one, { prior: parseTauPrior('HALF_NORMAL:0.5') })).toMatchObject({
    k: 1,
    estimate: expect.closeTo(0.3, 12) as number,
    tauMedian: expect.closeTo(0.33724487509804084, 12) as number,
  })
  expect(poolBayesian(one, { prior: parseTauPrior('HALF_CAUCHY:0.5') }).tauMedian).toBeCloseTo(0.5, 11)
  expect(poolBayesian(one, { prior: parseTauPrior('UNIFORM:2') })).toMatchObject({
    tauLower: expect.closeTo(0.05, 11) as number,
    tauUpper: expect.closeTo(1.95, 11) as number,
  })
})

test('a prior that allows no difference gives the common effect', () => {
  const effects = toEffects([0.12, -0.35, 0.48, 0.9, 0.05], [0.03, 0.08, 0.05, 0.12, 0.01])
  const { estimate, ciLower, ciUpper } = poolEffects(effects, { model: 'COMMON_EFFECT', interval: 'WALD' })
  const pool = poolBayesian(effects, { prior: parseTauPrior('HALF_NORMAL:1e-9') })
  expect([pool.estimate, pool.lower, pool.upper, pool.predictiveUpper].map((value) => value.toFixed(9))).toEqual(
    [estimate, ciLower, ciUpper, ciUpper].map((value) => value.toFixed(9)),
  )
})

const someEffects = fc.array(fc.record({ estimate: fc.double({ min: -3, max: 3, noNaN: true }), variance: fc.double({ min: 1e-3, max: 2, noNaN: true }) }), {
  minLength: 1,
  maxLength: 8,
})
const somePrior = fc.constantFrom('HALF_NORMAL:0.5', 'HALF_CAUCHY:0.3', 'UNIFORM:4', 'LOG_NORMAL:-2.56,1.74', 'LOG_T:-3.44,2.59,5').map(parseTauPrior)

test('another unit changes nothing but the unit', () => {
  fc.assert(
    fc.property(someEffects, somePrior, fc.constantFrom(1e-12, 0.01, 7, 1e9), (effects, prior, unit) => {
      const pool = poolBayesian(effects, { prior })
      const scaled = poolBayesian(
        effects.map(({ estimate, variance }) => ({ estimate: estimate * unit, variance: variance * unit ** 2 })),
        { prior: scaledTauPrior(prior, unit) },
      )
      const [found, expected] = [quantilesOf(scaled), quantilesOf(pool)]
      return (['mu', 'tau', 'predictive'] as const).every((name) => {
        const { lower, median, upper } = found[name]
        return farFrom(1e-7, { lower: lower / unit, median: median / unit, upper: upper / unit }, expected[name]).length === 0
      })
    }),
    { numRuns: 20 },
  )
})

test('turned effects turn the posterior, and a constant moves it', () => {
  fc.assert(
    fc.property(someEffects, somePrior, fc.double({ min: -100, max: 100, noNaN: true }), (effects, prior, by) => {
      const pool = poolBayesian(effects, { prior })
      const turned = poolBayesian(
        effects.map(({ estimate, variance }) => ({ estimate: by - estimate, variance })),
        { prior },
      )
      const { mu } = quantilesOf(turned)
      return farFrom(1e-7, { lower: by - mu.upper, median: by - mu.median, upper: by - mu.lower }, quantilesOf(pool).mu).length === 0
    }),
    { numRuns: 20 },
  )
})

test('a higher level is never narrower, and holds the median', () => {
  fc.assert(
    fc.property(someEffects, somePrior, (effects, prior) => {
      const [narrow, wide] = [poolBayesian(effects, { prior, level: 0.5 }), poolBayesian(effects, { prior, level: 0.999 })]
      return wide.lower < narrow.lower && narrow.lower < narrow.estimate && narrow.estimate < narrow.upper && narrow.upper < wide.upper
    }),
    { numRuns: 20 },
  )
})

test.each([
  ['two thousand studies', Array.from({ length: 2_000 }, (_, index) => Math.sin(index)), Array.from({ length: 2_000 }, (_, index) => 0.1 + (index % 7))],
  ['effects as small as they come', [1e-30, 3e-30], [1e-60, 2e-60]],
  ['effects ten thousand standard errors apart', [0, 100], [1e-4, 1e-4]],
  ['variances of all sizes', [0.1, 0.2, 0.3], [1e-68, 1, 1e68]],
])('%s have a posterior', (_, estimates, variances) => {
  for (const prior of [parseTauPrior('HALF_NORMAL:0.5'), parseTauPrior('LOG_T:-3.44,2.59,5')]) {
    const pool = poolBayesian(toEffects(estimates, variances), { prior })
    expect(Object.values(pool).filter((value) => typeof value === 'number' && !Number.isFinite(value))).toEqual([])
    expect([pool.lower < pool.estimate, pool.estimate < pool.upper, pool.tauLower < pool.tauMedian, pool.tauMedian < pool.tauUpper]).toEqual([
      true,
      true,
      true,
      true,
    ])
  }
})

test('impossible numbers are refused', () => {
  const prior = parseTauPrior('HALF_NORMAL:0.5')
  expect(() => poolBayesian([], { prior })).toThrow(new RangeError('there is nothing to pool: no effect was given'))
  expect(() => poolBayesian(toEffects([1], [0]), { prior })).toThrow(new RangeError('variance must be a number above 0, got 0'))
  expect(() => poolBayesian(toEffects([1], [1]), { prior, level: 95 })).toThrow(RangeError)
  expect(() => poolBayesian(toEffects([1], [1]), { prior: { family: 'HALF_NORMAL', scale: 0 } })).toThrow(
    new RangeError('scale of HALF_NORMAL must be a number above 0, got 0'),
  )
  expect(() => poolBayesian(toEffects([0, 1e12], [1e-6, 1e-6]), { prior })).toThrow(
    new RangeError('the effects lie too far apart for the prior HALF_NORMAL:0.5: choose one with a larger scale'),
  )
})

describe('the text of a prior', () => {
  test.each([
    ['HALF_NORMAL:0.5', { family: 'HALF_NORMAL', scale: 0.5 }],
    [' half_cauchy : 1e-1 ', { family: 'HALF_CAUCHY', scale: 0.1 }],
    ['UNIFORM:2', { family: 'UNIFORM', scale: 2 }],
    ['LOG_NORMAL:-2.56, 1.74', { family: 'LOG_NORMAL', location: -2.56, scale: 1.74 }],
    ['LOG_T:-3.44,2.59,5', { family: 'LOG_T', location: -3.44, scale: 2.59, df: 5 }],
  ] as const)('%j is read', (text, prior) => {
    expect(parseTauPrior(text)).toEqual(prior)
    expect(parseTauPrior(tauPriorText(parseTauPrior(text)))).toEqual(prior)
  })

  test.each([
    ['', 'a prior of tau is one of HALF_NORMAL, HALF_CAUCHY, UNIFORM, LOG_NORMAL, LOG_T with its numbers, such as HALF_NORMAL:0.5; got ""'],
    ['NORMAL:1', 'a prior of tau is one of HALF_NORMAL, HALF_CAUCHY, UNIFORM, LOG_NORMAL, LOG_T with its numbers, such as HALF_NORMAL:0.5; got "NORMAL:1"'],
    ['HALF_NORMAL', 'HALF_NORMAL is followed by a colon and scale, such as HALF_NORMAL:0.5; got "HALF_NORMAL"'],
    ['HALF_NORMAL:1,2', 'HALF_NORMAL is followed by a colon and scale, such as HALF_NORMAL:0.5; got "HALF_NORMAL:1,2"'],
    ['HALF_NORMAL:1:2', 'HALF_NORMAL is followed by a colon and scale, such as HALF_NORMAL:0.5; got "HALF_NORMAL:1:2"'],
    ['LOG_NORMAL:1', 'LOG_NORMAL is followed by a colon and location, scale, such as LOG_NORMAL:-2.56,1.74; got "LOG_NORMAL:1"'],
    ['HALF_NORMAL:0.5x', 'scale of HALF_NORMAL must be a number, got "0.5x"'],
    ['HALF_NORMAL:', 'scale of HALF_NORMAL must be a number, got ""'],
    ['HALF_NORMAL:-1', 'scale of HALF_NORMAL must be a number above 0, got -1'],
    ['HALF_NORMAL:1e999', 'scale of HALF_NORMAL must be a number above 0, got Infinity'],
    ['LOG_T:0,1,0', 'degrees of freedom of LOG_T must be a number above 0, got 0'],
  ])('%j is refused with what would have been right', (text, message) => {
    expect(() => parseTauPrior(text)).toThrow(new RangeError(message))
  })

  test('has one family for each kind of prior, and the predictive ones are among them', () => {
    const named: readonly TauPrior[] = [...Object.values(tauPriorsOfLogOddsRatios), ...Object.values(tauPriorsOfStandardisedDifferences)]
    expect(named.map(tauPriorText).map(parseTauPrior)).toEqual(named)
    expect(new Set(tauPriorFamilies).size).toBe(5)
  })
})
