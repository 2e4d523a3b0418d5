import fc from 'fast-check'
import {
  correlation,
  incidenceRateRatio,
  meanDifference,
  meanDifferenceOfChanges,
  oddsRatio,
  pairedMeanDifference,
  ratioOfMeans,
  riskDifference,
  riskRatio,
  standardizedMeanChange,
  standardizedMeanChangeRaw,
  standardizedMeanDifference,
  type EffectResult,
} from '../../src/statistics/effectSizes.js'
import { relativeError, trialsOf } from './metaforNumbers.js'

type Inputs = Readonly<Record<string, number>>

const eventArms = ({ ai = NaN, n1i = NaN, ci = NaN, n2i = NaN }: Inputs) =>
  [
    { events: ai, total: n1i },
    { events: ci, total: n2i },
  ] as const
const meanArms = ({ m1i = NaN, sd1i = NaN, n1i = NaN, m2i = NaN, sd2i = NaN, n2i = NaN }: Inputs) =>
  [
    { mean: m1i, standardDeviation: sd1i, n: n1i },
    { mean: m2i, standardDeviation: sd2i, n: n2i },
  ] as const
const rateArms = ({ x1i = NaN, t1i = NaN, x2i = NaN, t2i = NaN }: Inputs) =>
  [
    { events: x1i, time: t1i },
    { events: x2i, time: t2i },
  ] as const
const paired = ({ m1i = NaN, sd1i = NaN, m2i = NaN, sd2i = NaN, ni = NaN, ri = NaN }: Inputs) => ({
  mean1: m1i,
  standardDeviation1: sd1i,
  mean2: m2i,
  standardDeviation2: sd2i,
  n: ni,
  correlation: ri,
})

describe('agreement with metafor', () => {
  // metafor 3.8-1: escalc(measure, …), defaults but for RD (to = "none") and linde2005 (drop00 = TRUE); tests/fixtures/metafor/README.md
  test.each<[string, (inputs: Inputs) => EffectResult]>([
    ['OR', (inputs) => oddsRatio(...eventArms(inputs))],
    ['RR', (inputs) => riskRatio(...eventArms(inputs))],
    ['RD', (inputs) => riskDifference(...eventArms(inputs))],
    ['MD', (inputs) => meanDifference(...meanArms(inputs))],
    ['SMD', (inputs) => standardizedMeanDifference(...meanArms(inputs))],
    ['ROM', (inputs) => ratioOfMeans(...meanArms(inputs))],
    ['IRR', (inputs) => incidenceRateRatio(...rateArms(inputs))],
    ['ZCOR', ({ ri = NaN, ni = NaN }) => correlation({ r: ri, n: ni })],
    ['MC', (inputs) => pairedMeanDifference(paired(inputs))],
    ['SMCC', (inputs) => standardizedMeanChange(paired(inputs))],
    ['SMCR', (inputs) => standardizedMeanChangeRaw(paired(inputs))],
  ])('%s and its variance agree to ten digits in every trial', (measure, compute) => {
    const trials = trialsOf(measure)
    expect(trials.length).toBeGreaterThanOrEqual(5)
    for (const { trial, inputs, yi, vi } of trials) {
      const effect = compute(inputs)
      // A variance of 0 is what R gives for a risk difference without events; such a trial has no standard error here.
      if (yi === null || vi === null || vi === 0) expect({ trial, ok: effect.ok }).toEqual({ trial, ok: false })
      else expect({ trial, ...errors(effect, yi, vi) }).toEqual({ trial, ok: true, estimate: true, variance: true })
    }
  })

  function errors(effect: EffectResult, yi: number, vi: number) {
    if (!effect.ok) return { ok: false, reason: effect.reason }
    const agrees = (ours: number, theirs: number) => relativeError(ours, theirs) < 1e-10 || Math.abs(ours - theirs) < 1e-12
    return { ok: true, estimate: agrees(effect.estimate, yi), variance: agrees(effect.standardError ** 2, vi) }
  }
})

describe('zero cells', () => {
  test('0.5 is added to the four cells where one arm has no event, and the addition is recorded', () => {
    const [intervention, comparator] = [
      { events: 0, total: 40 },
      { events: 6, total: 41 },
    ]
    // metafor 3.8-1: escalc("OR"), escalc("RR"), ai = 0, n1i = 40, ci = 6, n2i = 41
    expectEffect(oddsRatio(intervention, comparator), -2.6967186350926595, 2.206706525955352)
    expectEffect(riskRatio(intervention, comparator), -2.5408518058824763, 2.105646386134191)
    expect(oddsRatio(intervention, comparator)).toMatchObject({ assumptions: [expect.stringContaining('0.5 was added')] })
  })

  test('an arm in which everybody had the event is corrected too, for it would enter a risk ratio without error', () => {
    // the same function, given the corrected cells: 60.5, 0.5, 57.5, 1.5
    const [intervention, comparator] = [
      { events: 60, total: 60 },
      { events: 57, total: 58 },
    ]
    const corrected = { intervention: { events: 60.5, total: 61 }, comparator: { events: 57.5, total: 59 } }
    for (const ratio of [oddsRatio, riskRatio])
      expect(estimatesOf(ratio(intervention, comparator))).toEqual(estimatesOf(ratio(corrected.intervention, corrected.comparator)))
  })

  test('a risk difference needs no correction', () => {
    // by hand: 0/40 − 6/41; 6·35/41³
    expectEffect(riskDifference({ events: 0, total: 40 }, { events: 6, total: 41 }), -6 / 41, (6 * 35) / 41 ** 3)
  })

  test.each([oddsRatio, riskRatio])('a ratio is not estimable where nobody, or everybody, had the event in both arms', (ratio) => {
    expect(ratio({ events: 0, total: 40 }, { events: 0, total: 41 })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('nobody had the event in either arm'),
    })
    expect(ratio({ events: 40, total: 40 }, { events: 41, total: 41 })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('everybody had the event in both arms'),
    })
  })

  test('a risk difference is not estimable where neither arm varies', () => {
    for (const [first, second] of [
      [0, 0],
      [40, 0],
      [40, 41],
    ] as const) {
      expect(riskDifference({ events: first, total: 40 }, { events: second, total: 41 })).toMatchObject({ ok: false, measure: 'RD' })
    }
  })

  // metafor 3.8-1: escalc("IRR", x1i = c(0, 4), t1i = c(100, 250), x2i = c(4, 0), t2i = c(120, 240))
  test.each([
    [{ events: 0, time: 100 }, { events: 4, time: 120 }, -2.0149030205422642],
    [{ events: 4, time: 250 }, { events: 0, time: 240 }, 2.1564025828159643],
  ])('0.5 is added to both counts of a rate ratio where one is zero', (intervention, comparator, yi) => {
    expectEffect(incidenceRateRatio(intervention, comparator), yi, 2.2222222222222223)
  })

  test('a rate ratio without any event is not estimable', () => {
    expect(incidenceRateRatio({ events: 0, time: 80.5 }, { events: 0, time: 90 })).toMatchObject({ ok: false, measure: 'IRR' })
  })
})

describe('small and degenerate samples', () => {
  // metafor 3.8-1: escalc("SMD", m1i = c(0.8, -1.2, 2.5, 0.3), sd1i = 1, n1i = c(2, 3, 5, 200), m2i = 0, sd2i = c(1, 2, 1.5, 1), n2i = c(2, 2, 4, 180))
  test.each([
    [0.8, 2, 1, 2, 0.45135166683820505, 1.0254647908947032],
    [-1.2, 3, 2, 2, -0.6139960247678931, 0.8710324451764108],
    [2.5, 5, 1.5, 4, 1.791830757358646, 0.6283698590564699],
    [0.3, 200, 1, 180, 0.29940430222599823, 0.010673506787386393],
  ])("Hedges' g is corrected exactly: mean %d in %d participants", (mean, n1, standardDeviation2, n2, yi, vi) => {
    expectEffect(standardizedMeanDifference({ mean, standardDeviation: 1, n: n1 }, { mean: 0, standardDeviation: standardDeviation2, n: n2 }), yi, vi)
  })

  test('one standard deviation of zero is data, two leave nothing to weigh or standardise by', () => {
    const [fixed, varying, alsoFixed] = [
      { mean: 5, standardDeviation: 0, n: 10 },
      { mean: 4, standardDeviation: 2, n: 10 },
      { mean: 4, standardDeviation: 0, n: 10 },
    ]
    // metafor 3.8-1: escalc("MD"), escalc("SMD"), escalc("ROM"), m1i = 5, sd1i = 0, n1i = 10, m2i = 4, sd2i = 2, n2i = 10
    expectEffect(meanDifference(fixed, varying), 1, 0.4)
    expectEffect(standardizedMeanDifference(fixed, varying), 0.6771582825275406, 0.21146358348989122)
    expectEffect(ratioOfMeans(fixed, varying), 0.22314355131420976, 0.025)
    for (const effect of [meanDifference, standardizedMeanDifference, ratioOfMeans]) expect(effect(fixed, alsoFixed).ok).toBe(false)
  })

  test("Hedges' g needs four participants in all", () => {
    const arm = { mean: 5, standardDeviation: 1 }
    expect(standardizedMeanDifference({ ...arm, n: 1 }, { ...arm, n: 2 })).toMatchObject({ ok: false, reason: expect.stringContaining('3 participants') })
    // metafor 3.8-1: escalc("SMD", m1i = 5, sd1i = 1, n1i = 2, m2i = 4, sd2i = 1, n2i = 2)
    expectEffect(standardizedMeanDifference({ ...arm, n: 2 }, { mean: 4, standardDeviation: 1, n: 2 }), 0.5641895835477563, 1.0397887357729738)
  })

  test('means have a ratio only on one side of zero', () => {
    const arm = (mean: number) => ({ mean, standardDeviation: 1, n: 10 })
    expect(ratioOfMeans(arm(-2), arm(4)).ok).toBe(false)
    expect(ratioOfMeans(arm(2), arm(0)).ok).toBe(false)
    expect(ratioOfMeans(arm(0), arm(2)).ok).toBe(false)
    // metafor 3.8-1: escalc("ROM", m1i = -2, sd1i = 1, n1i = 10, m2i = -3, sd2i = 1, n2i = 10)
    expectEffect(ratioOfMeans(arm(-2), arm(-3)), -0.40546510810816444, 0.036111111111111115)
    expect(ratioOfMeans(arm(-2), arm(-3))).toMatchObject({ assumptions: [expect.stringContaining('negative')] })
  })

  // metafor 3.8-1: escalc("ZCOR", ri = c(1, -1, 0, 0.4, 0.4, 0.4), ni = c(20, 20, 20, 3, 4, 5))
  test.each([
    [0, 20, 0, 0.058823529411764705],
    [0.4, 4, 0.42364893019360184, 1],
    [0.4, 5, 0.42364893019360184, 0.5],
  ])('a correlation of %d among %d has a Fisher z', (r, n, yi, vi) => expectEffect(correlation({ r, n }), yi, vi))

  test.each([
    [1, 20],
    [-1, 20],
    [0.4, 3],
  ])('a correlation of %d among %d has none', (r, n) => expect(correlation({ r, n }).ok).toBe(false))
})

describe('paired data', () => {
  const crossover = { mean1: 38.5, standardDeviation1: 15, mean2: 30.6, standardDeviation2: 11.6, n: 20 }

  test('an unreported correlation is taken as 0.5, and said to be', () => {
    const assumed = standardizedMeanChange(crossover)
    // metafor 3.8-1: escalc("SMCC", …, ri = 0.5), first sample of Morris (2008)
    expectEffect(assumed, 0.5566927752347253, 0.057747671149963514)
    expect(assumed).toMatchObject({ inputs: { correlation: 0.5 }, assumptions: [expect.stringContaining('0.5 is assumed')] })
    expect(standardizedMeanChange({ ...crossover, correlation: 0.5 })).toMatchObject({ assumptions: [] })
  })

  test('a perfect correlation of equal spreads leaves nothing to standardise by', () => {
    const equal = { ...crossover, standardDeviation2: 15, correlation: 1 }
    expect(pairedMeanDifference(equal).ok).toBe(false)
    expect(standardizedMeanChange(equal).ok).toBe(false)
    expect(standardizedMeanChangeRaw(equal).ok).toBe(true)
  })

  test('the closer the correlation, the smaller the standard error', () => {
    const standardErrorAt = (within: number) => estimatesOf(pairedMeanDifference({ ...crossover, correlation: within })).standardError
    expect(standardErrorAt(0.8)).toBeLessThan(standardErrorAt(0.5))
    expect(standardErrorAt(0.5)).toBeLessThan(standardErrorAt(0))
  })

  test('a mean difference of changes is the difference of the two paired differences', () => {
    const arm = { baselineMean: 12, baselineStandardDeviation: 4, finalMean: 7, finalStandardDeviation: 5, n: 30, correlation: 0.6 }
    const control = { baselineMean: 12.5, baselineStandardDeviation: 4.2, finalMean: 11, finalStandardDeviation: 4.8, n: 28, correlation: 0.6 }
    // by hand: (7 − 12) − (11 − 12.5); (16 + 25 − 2·0.6·4·5)/30 + (17.64 + 23.04 − 2·0.6·4.2·4.8)/28
    expectEffect(meanDifferenceOfChanges(arm, control), -3.5, 17 / 30 + 16.488 / 28)
    expect(meanDifferenceOfChanges(arm, control)).toMatchObject({ formula: 'md-of-changes', inputs: { interventionBaselineMean: 12, comparatorN: 28 } })
  })
})

describe('impossible data are refused', () => {
  test.each([
    [() => oddsRatio({ events: 11, total: 10 }, { events: 2, total: 10 }), 'intervention events cannot exceed the total of 10, got 11'],
    [() => riskRatio({ events: -1, total: 10 }, { events: 2, total: 10 }), 'intervention events must be a number of at least 0, got -1'],
    [() => riskDifference({ events: 0, total: 0 }, { events: 2, total: 10 }), 'intervention total must be a number above 0, got 0'],
    [() => oddsRatio({ events: 1, total: 10 }, { events: NaN, total: 10 }), 'comparator events must be a number of at least 0, got NaN'],
    [
      () => meanDifference({ mean: 5, standardDeviation: -1, n: 10 }, { mean: 4, standardDeviation: 1, n: 10 }),
      'intervention standard deviation must be a number of at least 0, got -1',
    ],
    [
      () => standardizedMeanDifference({ mean: Infinity, standardDeviation: 1, n: 10 }, { mean: 4, standardDeviation: 1, n: 10 }),
      'intervention mean must be a finite number, got Infinity',
    ],
    [
      () => ratioOfMeans({ mean: 5, standardDeviation: 1, n: 10 }, { mean: 4, standardDeviation: 1, n: 0 }),
      'comparator n must be a number of at least 1, got 0',
    ],
    [() => incidenceRateRatio({ events: 3, time: 0 }, { events: 4, time: 10 }), 'intervention time at risk must be a number above 0, got 0'],
    [() => correlation({ r: 1.2, n: 20 }), 'a correlation lies between -1 and 1, got 1.2'],
    [
      () => pairedMeanDifference({ mean1: 1, standardDeviation1: 1, mean2: 2, standardDeviation2: 1, n: 5, correlation: -1.5 }),
      'a correlation lies between -1 and 1, got -1.5',
    ],
  ])('%#: %s', (compute, message) => {
    expect(compute).toThrow(new RangeError(message))
  })
})

describe('identities', () => {
  const eventArm = fc.integer({ min: 3, max: 500 }).chain((total) => fc.integer({ min: 0, max: total }).map((events) => ({ events, total })))
  const meanArm = fc.record({
    mean: fc.double({ min: 1, max: 100, noNaN: true }),
    standardDeviation: fc.double({ min: 0.1, max: 30, noNaN: true }),
    n: fc.integer({ min: 2, max: 500 }),
  })
  const rateArm = fc.record({ events: fc.integer({ min: 0, max: 300 }), time: fc.double({ min: 0.5, max: 1e5, noNaN: true }) })

  const near = (ours: number, theirs: number) => Math.abs(ours - theirs) <= 1e-9 * Math.max(1, Math.abs(ours), Math.abs(theirs))
  const opposite = (one: EffectResult, other: EffectResult) =>
    one.ok === other.ok && (!one.ok || !other.ok || (near(one.estimate, -other.estimate) && near(one.standardError, other.standardError)))

  test('exchanging the arms changes the sign and nothing else', () => {
    for (const effect of [oddsRatio, riskRatio, riskDifference]) fc.assert(fc.property(eventArm, eventArm, (a, b) => opposite(effect(a, b), effect(b, a))))
    for (const effect of [meanDifference, standardizedMeanDifference, ratioOfMeans])
      fc.assert(fc.property(meanArm, meanArm, (a, b) => opposite(effect(a, b), effect(b, a))))
    fc.assert(fc.property(rateArm, rateArm, (a, b) => opposite(incidenceRateRatio(a, b), incidenceRateRatio(b, a))))
  })

  test('counting the participants without the event turns odds ratio and risk difference round', () => {
    const without = ({ events, total }: { events: number; total: number }) => ({ events: total - events, total })
    for (const effect of [oddsRatio, riskDifference])
      fc.assert(fc.property(eventArm, eventArm, (a, b) => opposite(effect(a, b), effect(without(a), without(b)))))
  })

  test('a change of unit scales a mean difference and leaves standardised differences and ratios of means alone', () => {
    const scaled = ({ mean, standardDeviation, n }: { mean: number; standardDeviation: number; n: number }, by: number) => ({
      mean: mean * by,
      standardDeviation: standardDeviation * by,
      n,
    })
    fc.assert(
      fc.property(meanArm, meanArm, fc.double({ min: 0.01, max: 100, noNaN: true }), (a, b, by) => {
        const [before, after] = [estimatesOf(meanDifference(a, b)), estimatesOf(meanDifference(scaled(a, by), scaled(b, by)))]
        if (!near(after.estimate, before.estimate * by) || !near(after.standardError, before.standardError * by)) return false
        return [standardizedMeanDifference, ratioOfMeans].every((effect) => {
          const [one, other] = [estimatesOf(effect(a, b)), estimatesOf(effect(scaled(a, by), scaled(b, by)))]
          return near(one.estimate, other.estimate) && near(one.standardError, other.standardError)
        })
      }),
    )
  })

  test('a shift of the scale leaves differences of means alone', () => {
    const shifted = ({ mean, ...rest }: { mean: number; standardDeviation: number; n: number }) => ({ mean: mean + 40, ...rest })
    for (const effect of [meanDifference, standardizedMeanDifference]) {
      fc.assert(fc.property(meanArm, meanArm, (a, b) => near(estimatesOf(effect(a, b)).estimate, estimatesOf(effect(shifted(a), shifted(b))).estimate)))
    }
  })

  test('for a rare event odds ratio and risk ratio agree', () => {
    const [a, b] = [
      { events: 20, total: 1e7 },
      { events: 35, total: 1e7 },
    ]
    expect(estimatesOf(oddsRatio(a, b)).estimate).toBeCloseTo(estimatesOf(riskRatio(a, b)).estimate, 5)
  })

  test('without correlation, paired data are two samples', () => {
    fc.assert(
      fc.property(meanArm, meanArm, (a, b) => {
        const pair = { mean1: a.mean, standardDeviation1: a.standardDeviation, mean2: b.mean, standardDeviation2: b.standardDeviation, n: a.n, correlation: 0 }
        return near(estimatesOf(pairedMeanDifference(pair)).standardError, estimatesOf(meanDifference(a, { ...b, n: a.n })).standardError)
      }),
    )
  })
})

function estimatesOf(effect: EffectResult) {
  if (!effect.ok) throw new Error(effect.reason)
  return { estimate: effect.estimate, standardError: effect.standardError }
}

function expectEffect(effect: EffectResult, estimate: number, variance: number): void {
  const ours = estimatesOf(effect)
  expect(relativeError(ours.estimate, estimate)).toBeLessThan(1e-10)
  expect(relativeError(ours.standardError ** 2, variance)).toBeLessThan(1e-10)
}
