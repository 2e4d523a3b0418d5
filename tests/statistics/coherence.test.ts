import fc from 'fast-check'
import {
  armsAgreeWithRandomised,
  decimalsOf,
  deviationAgreesWithStandardError,
  deviationIsLikeOthers,
  deviationIsNotStandardError,
  deviationPossibleOnInstrument,
  effectWithinRangeOfMeasure,
  estimateCentredInInterval,
  estimateWithinInterval,
  eventsWithinTotal,
  grim,
  intervalWidthFitsSpread,
  largestDeviation,
  meanWithinInstrumentRange,
  overallStatus,
  pAgreesWithInterval,
  reportedAgreesWithRecomputed,
  reportedDoseAgreesWithSalt,
  standardisedDifferenceIsUsual,
  type CoherenceCheck,
  type CoherenceStatus,
  type ReportedEffect,
} from '../../src/statistics/coherence.js'
import { criticalValue, twoSidedNormalP } from '../../src/statistics/distributions.js'
import { rangesOf } from '../../src/statistics/printed.js'

// Tarleton 2017, PLoS One 12:e0180067: PHQ-9 −6.0 (95 % CI −7.9 to −4.2), p < 0.001, with the final zero lost
const tarleton: ReportedEffect = { measure: 'MD', estimate: -6, lower: -7.9, upper: -4.2, level: 0.95, p: { operator: 'LT', value: 0.001 } }

describe('printed precision', () => {
  test.each([
    [1.58, 2],
    [-6, 0],
    [0.001, 3],
    [1e-7, 7],
    [1.5e-7, 8],
    [1e21, 0],
    [120, 0],
  ])('%d has %d decimals', (value, decimals) => expect(decimalsOf(value)).toBe(decimals))

  test('numbers printed together share their decimals', () => {
    expect(rangesOf({ estimate: -6, lower: -7.9, upper: -4.2 }).estimate).toMatchObject({ low: -6.05, high: -5.95, text: '-6.0' })
  })

  test('a number of a larger order keeps its own, for digits rather than decimals may have been kept', () => {
    expect(rangesOf({ estimate: 0.66, lower: 0.04, upper: 12.1 }).upper).toMatchObject({ text: '12.1' })
  })

  test('decimals that are given count', () => {
    expect(rangesOf({ estimate: { value: -6, decimals: 0 }, lower: -7.9 }).estimate).toMatchObject({ low: -6.5, high: -5.5 })
  })
})

describe('estimate in the middle of its interval', () => {
  test.each<[string, ReportedEffect, CoherenceStatus]>([
    ['a mean difference', tarleton, 'PASS'],
    // Its middle is exp((ln 0.5 + ln 2) / 2) = 1
    ['a ratio in the middle of its logarithms', { measure: 'OR', estimate: 1, lower: 0.5, upper: 2 }, 'PASS'],
    ['a ratio in the middle of the interval as printed', { measure: 'RR', estimate: 1.25, lower: 0.5, upper: 2 }, 'WARN'],
    ['a ratio elsewhere', { measure: 'RR', estimate: 1.8, lower: 0.5, upper: 2 }, 'FAIL'],
    // LIMIT-2 (Woods 1992): 90 of 1,159 against 118 of 1,157 died, odds ratio 0.7413 (0.5562–0.9880)
    ['a ratio within rounding', { measure: 'OR', estimate: 0.74, lower: 0.56, upper: 0.99 }, 'PASS'],
    ['a correlation on Fisher’s scale', { measure: 'COR', estimate: 0.5, lower: 0.17, upper: 0.73 }, 'PASS'],
    // Mazidi 2018: −0.16 (−3.52 to 3.26), four thousandths of the width from the middle
    ['a last digit off', { measure: 'MD', estimate: -0.16, lower: -3.52, upper: 3.26 }, 'PASS'],
    ['an exchange of two digits', { measure: 'MD', estimate: -6, lower: -9.7, upper: -4.2 }, 'FAIL'],
    ['limits out of order', { measure: 'MD', estimate: -6, lower: -4.2, upper: -7.9 }, 'NOT_CHECKABLE'],
    ['a ratio whose limit is printed as 0.0', { measure: 'OR', estimate: 0.3, lower: { value: 0, decimals: 1 }, upper: 2.1 }, 'NOT_CHECKABLE'],
    ['no limits', { measure: 'MD', estimate: -6 }, 'NOT_CHECKABLE'],
  ])('%s', (_, reported, status) => expect(estimateCentredInInterval(reported)).toMatchObject({ status }))

  test('the message says where the estimate lies, and on which scale', () => {
    // (ln 1.58 − ln 1.02) / (ln 1.87 − ln 1.02) = 0.722
    expect(estimateCentredInInterval({ measure: 'RR', estimate: 1.58, lower: 1.02, upper: 1.87 })).toEqual({
      rule: 'estimate-centred-in-interval',
      status: 'FAIL',
      observed: expect.closeTo(0.722, 3),
      expected: 0.5,
      message: expect.stringMatching(
        /^the point estimate 1.58 lies at 72 % of its interval \(1.02 to 1.87\) on the log scale, where its middle was to be expected/,
      ),
    })
    expect(estimateCentredInInterval({ measure: 'RR', estimate: 1.25, lower: 0.5, upper: 2 }).message).toContain('in the middle of the interval as printed')
    expect(estimateCentredInInterval({ measure: 'RR', estimate: 1.25, lower: 0.5 }).message).toBe('not reported: the upper limit')
  })

  test('a Wald interval passes however it is rounded', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom('MD', 'OR'),
        (estimate, standardError, decimals, measure) => {
          const printed = (value: number) => ({ value: Number((measure === 'OR' ? Math.exp(value) : value).toFixed(decimals)), decimals })
          const reported = {
            measure,
            estimate: printed(estimate),
            lower: printed(estimate - 1.96 * standardError),
            upper: printed(estimate + 1.96 * standardError),
          } as const
          return ['PASS', 'NOT_CHECKABLE'].includes(estimateCentredInInterval(reported).status) && estimateWithinInterval(reported).status === 'PASS'
        },
      ),
    )
  })
})

describe('estimate within its interval', () => {
  test.each<[string, ReportedEffect, CoherenceStatus, string]>([
    ['inside', tarleton, 'PASS', 'the point estimate -6.0 lies within -7.9 to -4.2'],
    ['on the limit', { measure: 'RD', estimate: 0.1, lower: 0.1, upper: 0.3 }, 'PASS', 'lies within'],
    ['outside', { measure: 'MD', estimate: -3.6, lower: -7.9, upper: -4.2 }, 'FAIL', 'the point estimate -3.6 lies outside its interval (-7.9 to -4.2)'],
    ['limits exchanged', { measure: 'MD', estimate: -6, lower: -4.2, upper: -7.9 }, 'FAIL', 'the lower limit -4.2 exceeds the upper limit -7.9'],
    ['a negative ratio', { measure: 'OR', estimate: -0.3, lower: -0.6, upper: 0.1 }, 'FAIL', 'a ratio cannot be -0.3; it was perhaps printed as its logarithm'],
    ['no estimate', { measure: 'OR', lower: 0.6, upper: 1.1 }, 'NOT_CHECKABLE', 'not reported: the estimate'],
  ])('%s', (_, reported, status, message) => expect(estimateWithinInterval(reported)).toMatchObject({ status, message: expect.stringContaining(message) }))
})

describe('p value against interval', () => {
  test.each<[string, ReportedEffect, CoherenceStatus]>([
    // z = 6.0 / (3.7 / 3.92) = 6.4
    ['a bound that holds', tarleton, 'PASS'],
    ['a bound that does not', { ...tarleton, estimate: -0.5, lower: -2.4, upper: 1.4 }, 'FAIL'],
    // LIMIT-2 as above: z = ln 0.7413 / 0.1466 = −2.042, p = 0.041
    ['an exact p', { measure: 'OR', estimate: 0.74, lower: 0.56, upper: 0.99, level: 0.95, p: { operator: 'EQ', value: 0.04 } }, 'PASS'],
    [
      'an exact p on the other side of 0.05',
      { measure: 'OR', estimate: 0.74, lower: 0.45, upper: 1.22, level: 0.95, p: { operator: 'EQ', value: 0.01 } },
      'FAIL',
    ],
    ['a different p on the same side', { measure: 'OR', estimate: 0.5, lower: 0.33, upper: 0.76, level: 0.95, p: { operator: 'EQ', value: 0.03 } }, 'WARN'],
    ['not significant, as it is', { measure: 'MD', estimate: 1, lower: -1, upper: 3, level: 0.95, p: { operator: 'GT', value: 0.05 } }, 'PASS'],
    ['not significant, which it is', { measure: 'MD', estimate: 3.1, lower: 1.1, upper: 5.1, level: 0.95, p: { operator: 'GT', value: 0.05 } }, 'FAIL'],
    ['no p', { ...tarleton, p: null }, 'NOT_CHECKABLE'],
    ['no level', { ...tarleton, level: null }, 'NOT_CHECKABLE'],
  ])('%s', (_, reported, status) => expect(pAgreesWithInterval(reported)).toMatchObject({ status }))

  test('a small trial’s interval and p are read by t as well', () => {
    // t on 8 degrees of freedom: estimate 2, SE 0.8, reach 2.306 × 0.8 = 1.845, p of t = 2.5 is 0.0370; by the normal distribution 0.034
    const small: ReportedEffect = { measure: 'MD', estimate: 2, lower: 0.155, upper: 3.845, level: 0.95, p: { operator: 'EQ', value: 0.037 } }
    expect(pAgreesWithInterval(small)).toMatchObject({ status: 'WARN' })
    expect(pAgreesWithInterval({ ...small, df: 8 })).toMatchObject({ status: 'PASS', expected: expect.closeTo(0.037, 3) })
  })

  test('the p value of a Wald interval passes however they are rounded', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        fc.double({ min: 0.1, max: 2, noNaN: true }),
        fc.integer({ min: 2, max: 4 }),
        fc.constantFrom(0.9, 0.95, 0.99),
        (estimate, standardError, decimals, level) => {
          const printed = (value: number) => ({ value: Number(value.toFixed(decimals)), decimals })
          const reach = criticalValue(level) * standardError
          const p = { operator: 'EQ', value: printed(twoSidedNormalP(estimate / standardError)) } as const
          return (
            pAgreesWithInterval({ measure: 'MD', estimate: printed(estimate), lower: printed(estimate - reach), upper: printed(estimate + reach), level, p })
              .status === 'PASS'
          )
        },
      ),
    )
  })
})

describe('width of an interval against standard deviations and numbers', () => {
  // 2 × 1.96 × √(5² / 50 + 5² / 50) = 3.92
  const arms = { level: 0.95, intervention: { standardDeviation: 5, n: 50 }, comparator: { standardDeviation: 5, n: 50 } }
  test.each<[string, number, number, CoherenceStatus, string]>([
    ['as wide as they make it', -3.96, -0.04, 'PASS', 'is 3.92 wide'],
    ['narrower, as after adjustment', -3.2, -0.8, 'WARN', 'adjustment for baseline or pairing'],
    ['wider', -5, 1, 'WARN', 'clustering or imputation'],
    ['far narrower', -2.3, -1.7, 'FAIL', 'a standard error may have been taken'],
  ])('%s', (_, lower, upper, status, message) =>
    expect(intervalWidthFitsSpread({ ...arms, lower, upper })).toMatchObject({
      status,
      expected: expect.closeTo(3.92, 2),
      message: expect.stringContaining(message),
    }),
  )

  test('standard deviations that are standard errors make the expected width far too small', () => {
    const errors = { standardDeviation: 0.7, n: 50 }
    expect(intervalWidthFitsSpread({ level: 0.95, lower: -3.96, upper: -0.04, intervention: errors, comparator: errors })).toMatchObject({ status: 'FAIL' })
  })

  test('what is missing is named', () => {
    expect(intervalWidthFitsSpread({ ...arms, lower: -4, intervention: { n: 50 } }).message).toBe(
      "not reported: the upper limit, the intervention's standard deviation",
    )
  })
})

describe('reported effect against the one recomputed', () => {
  const recomputed = { estimate: Math.log(0.7371), standardError: 0.15 }
  test.each<[string, number, CoherenceStatus, string]>([
    ['the same, as printed', 0.74, 'PASS', 'the paper reports 0.74, its arms give 0.737'],
    ['less than a standard error away', 0.69, 'WARN', 'less than a standard error apart'],
    ['far away', 0.55, 'FAIL', 'more than a standard error apart'],
    ['the reciprocal', 1.36, 'FAIL', 'the arms are probably exchanged'],
  ])('%s', (_, reported, status, message) =>
    expect(reportedAgreesWithRecomputed({ measure: 'OR', reported, recomputed })).toMatchObject({ status, message: expect.stringContaining(message) }),
  )

  test('rounding of the arms’ data is allowed for, where it is given', () => {
    const given = { measure: 'MD', reported: -1.9, recomputed: { estimate: -1.8, standardError: 0.2 } } as const
    expect(reportedAgreesWithRecomputed(given)).toMatchObject({ status: 'WARN' })
    expect(reportedAgreesWithRecomputed({ ...given, inputTolerance: 0.1 })).toMatchObject({ status: 'PASS' })
  })

  test('a difference of the opposite sign is recognised', () => {
    expect(reportedAgreesWithRecomputed({ measure: 'MD', reported: 1.8, recomputed: { estimate: -1.8, standardError: 0.2 } }).message).toContain(
      'the opposite sign',
    )
  })

  test('without arm data there is nothing to compare', () => {
    expect(reportedAgreesWithRecomputed({ measure: 'MD', reported: 1.8, recomputed: null })).toMatchObject({ status: 'NOT_CHECKABLE' })
    expect(reportedAgreesWithRecomputed({ measure: 'OR', reported: 0, recomputed })).toMatchObject({ status: 'NOT_CHECKABLE' })
  })
})

describe('the numbers of an arm', () => {
  test.each<[string, CoherenceCheck, CoherenceStatus, string]>([
    [
      'a standard deviation like that known from elsewhere',
      deviationIsNotStandardError({ standardDeviation: 4.8, n: 25, referenceStandardDeviation: 5.2 }),
      'PASS',
      '5.2 is known',
    ],
    [
      'a standard error in its place',
      deviationIsNotStandardError({ standardDeviation: 1.1, n: 25, referenceStandardDeviation: 5.2 }),
      'FAIL',
      'would be a standard error of 1.04',
    ],
    ['something between', deviationIsNotStandardError({ standardDeviation: 2, n: 25, referenceStandardDeviation: 5.2 }), 'WARN', 'fits neither well'],
    [
      'smaller than a standard error would be',
      deviationIsNotStandardError({ standardDeviation: 0.2, n: 25, referenceStandardDeviation: 5.2 }),
      'WARN',
      'fits neither well',
    ],
    [
      'a standard error in both arms, beside other studies',
      deviationIsLikeOthers({ standardDeviation: 0.65, n: 50, others: [4, 5.2, 4.6, 4.8] }),
      'FAIL',
      '4.7 is known',
    ],
    ['a deviation like those of other studies', deviationIsLikeOthers({ standardDeviation: 4.1, n: 50, others: [4, 5.2, 4.6] }), 'PASS', '4.6 is known'],
    ['too few other studies', deviationIsLikeOthers({ standardDeviation: 0.65, n: 50, others: [4, 5.2] }), 'NOT_CHECKABLE', '2 other standard deviations'],
    ['a standardised difference of three errors', standardisedDifferenceIsUsual({ estimate: -3.14 }), 'WARN', 'taken for standard deviations'],
    ['a usual standardised difference', standardisedDifferenceIsUsual({ estimate: 0.8 }), 'PASS', 'within what treatments make'],
    ['no standardised difference', standardisedDifferenceIsUsual({ estimate: null }), 'NOT_CHECKABLE', 'not reported'],
    ['no other standard deviation', deviationIsNotStandardError({ standardDeviation: 2, n: 25 }), 'NOT_CHECKABLE', 'not reported: another standard deviation'],
    ['too few participants to tell', deviationIsNotStandardError({ standardDeviation: 2, n: 4, referenceStandardDeviation: 5 }), 'NOT_CHECKABLE', 'too close'],

    // A pain score of 1.3 ± 0.66 in 35, beside 2.5 ± 2.9: as an error 0.66 × √35 = 3.90; √(1.3 × 8.7 × 35/34) = 3.41, and 3.47 for 1.35
    [
      'a small deviation that as an error would mean an impossible one',
      deviationIsNotStandardError({
        standardDeviation: 0.66,
        n: 35,
        referenceStandardDeviation: 2.9,
        bounded: { mean: 1.3, minimum: 0, maximum: 10, valueKind: 'FINAL' },
      }),
      'PASS',
      'on this instrument none above 3.47 is possible',
    ],
    [
      'the same deviation in the middle of the scale, where there is room for it',
      deviationIsNotStandardError({
        standardDeviation: 0.66,
        n: 35,
        referenceStandardDeviation: 2.9,
        bounded: { mean: 5, minimum: 0, maximum: 10, valueKind: 'FINAL' },
      }),
      'FAIL',
      'so this is probably one too',
    ],
    [
      'the same deviation of a change, which has room on both sides of none',
      deviationIsNotStandardError({
        standardDeviation: 0.66,
        n: 35,
        referenceStandardDeviation: 2.9,
        bounded: { mean: 1.3, minimum: 0, maximum: 10, valueKind: 'CHANGE' },
      }),
      'FAIL',
      'so this is probably one too',
    ],

    // √(1.35 × 8.65 × 35/34) = 3.467
    [
      'a deviation that fits on the scale',
      deviationPossibleOnInstrument({ mean: 1.3, minimum: 0, maximum: 10, valueKind: 'FINAL', standardDeviation: 2.9, n: 35 }),
      'PASS',
      'at most 3.47',
    ],
    [
      'a deviation that does not',
      deviationPossibleOnInstrument({ mean: 1.3, minimum: 0, maximum: 10, valueKind: 'FINAL', standardDeviation: 3.9, n: 35 }),
      'FAIL',
      'a standard deviation of 3.9 about a mean of 1.3 is impossible',
    ],
    [
      'a scale without an upper bound',
      deviationPossibleOnInstrument({ mean: 1.3, minimum: 0, valueKind: 'FINAL', standardDeviation: 3.9, n: 35 }),
      'NOT_CHECKABLE',
      'no stated range',
    ],

    // 1.5 / √39 = 0.24
    [
      'an error that its deviation contradicts',
      deviationAgreesWithStandardError({ standardDeviation: 1.5, standardError: 0.9, n: 39 }),
      'FAIL',
      'which gives 0.24',
    ],
    [
      'an error near that of its deviation',
      deviationAgreesWithStandardError({ standardDeviation: 1.5, standardError: 0.3, n: 39 }),
      'WARN',
      'which gives 0.24',
    ],
    ['an error that its deviation gives', deviationAgreesWithStandardError({ standardDeviation: 1.5, standardError: 0.24, n: 39 }), 'PASS', 'gives 0.24'],

    ['a risk difference above 1', effectWithinRangeOfMeasure({ measure: 'RD', estimate: 1.5 }), 'FAIL', 'lies between -1 and 1'],
    ['a risk difference of 1', effectWithinRangeOfMeasure({ measure: 'RD', estimate: -1 }), 'PASS', 'is possible'],
    ['a correlation beyond 1', effectWithinRangeOfMeasure({ measure: 'COR', estimate: -1.2 }), 'FAIL', 'a correlation lies between'],
    ['a ratio below 0', effectWithinRangeOfMeasure({ measure: 'HR', estimate: -0.4 }), 'FAIL', 'printed as its logarithm'],
    ['a ratio of 0', effectWithinRangeOfMeasure({ measure: 'OR', estimate: 0 }), 'FAIL', 'a ratio lies above 0'],
    [
      'a difference wider than the instrument',
      effectWithinRangeOfMeasure({ measure: 'MD', estimate: -31, minimum: 0, maximum: 27 }),
      'FAIL',
      'lies between -27 and 27',
    ],
    ['a difference without bounds', effectWithinRangeOfMeasure({ measure: 'MD', estimate: -31 }), 'NOT_CHECKABLE', 'every number is possible'],

    ['a PHQ-9 mean within 0 to 27', meanWithinInstrumentRange({ mean: 12.4, minimum: 0, maximum: 27, valueKind: 'FINAL' }), 'PASS', 'between 0 and 27'],
    [
      'a mean beyond the instrument',
      meanWithinInstrumentRange({ mean: 31.2, minimum: 0, maximum: 27, valueKind: 'FINAL' }),
      'FAIL',
      'a mean of 31.2 is impossible: on this instrument it lies between 0 and 27',
    ],
    ['a negative change', meanWithinInstrumentRange({ mean: -6, minimum: 0, maximum: 27, valueKind: 'CHANGE' }), 'PASS', 'between -27 and 27'],
    ['a negative final value', meanWithinInstrumentRange({ mean: -6, minimum: 0, maximum: 27, valueKind: 'FINAL' }), 'FAIL', 'impossible'],
    ['a duration that cannot be negative', meanWithinInstrumentRange({ mean: -2, minimum: 0, valueKind: 'FINAL' }), 'FAIL', 'at least 0'],
    ['no range', meanWithinInstrumentRange({ mean: 5, valueKind: 'FINAL' }), 'NOT_CHECKABLE', 'no stated range'],

    ['more events than participants', eventsWithinTotal({ events: 11, total: 10 }), 'FAIL', '11 participants with the event are more than the 10'],
    ['a negative count', eventsWithinTotal({ events: -1, total: 10 }), 'FAIL', 'cannot be -1 events'],
    ['all of them', eventsWithinTotal({ events: 10, total: 10 }), 'PASS', '10 of 10'],
    ['an unknown total', eventsWithinTotal({ events: 10 }), 'NOT_CHECKABLE', 'not reported: the number of participants'],

    // Tarleton 2017: 62 and 64 randomised, 126 in all; 55 and 57 completed
    ['arms that add up', armsAgreeWithRandomised({ arms: [62, 64], randomised: 126, counted: 'RANDOMISED', design: 'PARALLEL' }), 'PASS', '62 + 64 = 126'],
    // 573 women were randomised, and 313 and 293 babies counted
    [
      'babies of the women randomised',
      armsAgreeWithRandomised({ arms: [313, 293], randomised: 573, counted: 'ANALYSED', design: 'PARALLEL', countedUnit: 'babies' }),
      'NOT_CHECKABLE',
      'the arms count babies',
    ],
    [
      'participants in no arm',
      armsAgreeWithRandomised({ arms: [62, 60], randomised: 126, counted: 'RANDOMISED', design: 'PARALLEL' }),
      'FAIL',
      '4 are in no arm',
    ],
    ['losses', armsAgreeWithRandomised({ arms: [55, 57], randomised: 126, counted: 'ANALYSED', design: 'PARALLEL' }), 'PASS', '112 of 126'],
    [
      'more analysed than randomised',
      armsAgreeWithRandomised({ arms: [112, 112], randomised: 126, counted: 'ANALYSED', design: 'PARALLEL' }),
      'FAIL',
      'more than there were',
    ],
    [
      'a crossover, where both arms hold everybody',
      armsAgreeWithRandomised({ arms: [112, 112], randomised: 126, counted: 'ANALYSED', design: 'CROSSOVER' }),
      'PASS',
      '112 of 126',
    ],
    [
      'an arm unknown',
      armsAgreeWithRandomised({ arms: [62, null], randomised: 126, counted: 'RANDOMISED', design: 'PARALLEL' }),
      'NOT_CHECKABLE',
      '1 of 2 arms',
    ],
    [
      'an arm unknown, the other too large by itself',
      armsAgreeWithRandomised({ arms: [162, null], randomised: 126, counted: 'RANDOMISED', design: 'PARALLEL' }),
      'FAIL',
      'more than there were',
    ],

    // Tarleton 2017: 2,000 mg magnesium chloride hold 239.1 mg as hexahydrate, 510.6 mg without water; 248 mg are reported
    [
      'a dose between the hydrates',
      reportedDoseAgreesWithSalt({ reportedElementalMg: 248, derivedLowMg: 239.1, derivedHighMg: 510.6 }),
      'PASS',
      '239 to 511 mg',
    ],
    [
      'a dose close to the stated hydrate',
      reportedDoseAgreesWithSalt({ reportedElementalMg: 248, derivedLowMg: 239.1, derivedHighMg: 239.1 }),
      'WARN',
      'close',
    ],
    [
      'a dose far from it',
      reportedDoseAgreesWithSalt({ reportedElementalMg: 500, derivedLowMg: 239.1, derivedHighMg: 239.1 }),
      'FAIL',
      'more than a tenth apart',
    ],
    [
      'the mass of the salt',
      reportedDoseAgreesWithSalt({ reportedElementalMg: 2000, derivedLowMg: 239.1, derivedHighMg: 239.1, saltMg: 2000 }),
      'FAIL',
      'the mass of the salt',
    ],
    ['no salt', reportedDoseAgreesWithSalt({ reportedElementalMg: 250 }), 'NOT_CHECKABLE', 'a dose derived from the salt'],
  ])('%s', (_, check, status, message) => expect(check).toMatchObject({ status, message: expect.stringContaining(message) }))
})

describe('GRIM', () => {
  // Brown & Heathers (2017): a mean of 5.19 of 28 whole scores is impossible (145/28 = 5.18, 146/28 = 5.21)
  test('5.19 is no mean of 28 whole scores', () => {
    expect(grim({ mean: 5.19, n: 28 })).toMatchObject({
      status: 'FAIL',
      expected: expect.closeTo(145 / 28, 10),
      message: expect.stringContaining('the nearest is 5.1786'),
    })
    expect(grim({ mean: 5.18, n: 28 })).toMatchObject({ status: 'PASS' })
  })

  test('the mean of several items has a finer grain', () => {
    expect(grim({ mean: 5.19, n: 28, step: 1 / 3 })).toMatchObject({ status: 'PASS' })
  })

  test('it decides nothing where every printed mean is possible', () => {
    expect(grim({ mean: 5.19, n: 140 })).toMatchObject({ status: 'NOT_CHECKABLE' })
    expect(grim({ mean: 5, n: 28 })).toMatchObject({ status: 'NOT_CHECKABLE' })
    expect(grim({ mean: 5.19 })).toMatchObject({ status: 'NOT_CHECKABLE' })
  })

  test('every mean of whole scores passes, rounded up or to even', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 3 }), (n, sum, decimals) => {
        const factor = 10 ** decimals
        return [Math.floor((sum / n) * factor + 0.5), Number((sum / n).toFixed(decimals)) * factor].every(
          (rounded) => grim({ mean: { value: rounded / factor, decimals }, n }).status !== 'FAIL',
        )
      }),
    )
  })
})

test('checks together are as bad as the worst that could be made', () => {
  const check = (status: CoherenceStatus): CoherenceCheck => ({ rule: 'grim', status, message: '' })
  expect(overallStatus([check('PASS'), check('NOT_CHECKABLE'), check('WARN')])).toBe('WARN')
  expect(overallStatus([check('WARN'), check('FAIL')])).toBe('FAIL')
  expect(overallStatus([check('PASS'), check('NOT_CHECKABLE')])).toBe('PASS')
  expect(overallStatus([check('NOT_CHECKABLE')])).toBe('NOT_CHECKABLE')
  expect(overallStatus([])).toBe('NOT_CHECKABLE')
})

test('the largest deviation between two bounds is that of values at the bounds', () => {
  // Half of 8 people at 0 and half at 10: SD 10/2 × √(8/7)
  expect(largestDeviation({ mean: 5, minimum: 0, maximum: 10, n: 8 })).toBeCloseTo(5.345225, 6)
  expect(largestDeviation({ mean: 1.3, minimum: 0, maximum: 10 })).toBeCloseTo(Math.sqrt(1.3 * 8.7), 12)
  expect(largestDeviation({ mean: 12, minimum: 0, maximum: 10, n: 8 })).toBe(0)
})
