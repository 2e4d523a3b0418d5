import { effectsOfResult } from '../../src/evidence/effects.js'
import type { ReportedNumbers, ResultInQuestion } from '../../src/evidence/result.js'

type Changes = {
  readonly study?: Partial<ResultInQuestion['study']>
  readonly result?: Partial<ResultInQuestion['result']>
  readonly outcome?: Partial<ResultInQuestion['outcome']>
  readonly instrument?: ResultInQuestion['instrument']
}

/** A parallel trial with one continuous outcome of which less is better; each test changes what it is about. */
const question = ({ study, result, outcome, instrument }: Changes = {}): ResultInQuestion => ({
  study: {
    design: 'RCT_PARALLEL',
    participantsRandomized: 100,
    arms: [
      { slug: 'magnesium', role: 'MAGNESIUM' },
      { slug: 'placebo', role: 'PLACEBO' },
    ],
    populations: [{ slug: 'all', wholeSample: true }],
    ...study,
  },
  result: {
    population: 'all',
    intervention: 'magnesium',
    comparator: 'placebo',
    valueKind: 'FINAL',
    adjusted: false,
    armResults: [],
    reported: [],
    alternatives: [],
    ...result,
  },
  outcome: { type: 'CONTINUOUS', benefitDirection: 'LOWER', ...outcome },
  instrument,
  regimen: [],
})
const defaultOf = (asked: ResultInQuestion) => effectsOfResult(asked).filter(({ isDefault }) => isDefault)
const means = [
  { arm: 'magnesium', n: 26, mean: -15.65, sd: 8.9, eventsFromPercent: false },
  { arm: 'placebo', n: 27, mean: -10.4, sd: 7.9, eventsFromPercent: false },
]
const events = [
  { arm: 'magnesium', n: 100, events: 10, eventsFromPercent: false },
  { arm: 'placebo', n: 100, events: 20, eventsFromPercent: false },
]
const reportedMd: ReportedNumbers = { measure: 'MD', estimate: -6, ciLower: -7.9, ciUpper: -4.2, ciLevel: 0.95 }

test('arm data give the default, the reported effect stands beside it', () => {
  const effects = effectsOfResult(question({ result: { armResults: means, reported: [{ measure: 'MD', p: { value: 0.02, operator: 'EQ' } }] } }))
  // Rajizadeh et al. (2017), Nutrition 35:56–60: BDI-II change −15.65 (8.9, n = 26) v −10.4 (7.9, n = 27)
  expect(effects.map(({ measure, origin, isDefault }) => [measure, origin, isDefault])).toEqual([
    ['MD', 'ARM_DATA', true],
    ['SMD', 'ARM_DATA', false],
    ['MD', 'REPORTED', false],
  ])
  expect(effects[0]).toMatchObject({
    estimate: expect.closeTo(-5.25, 10),
    standardError: expect.closeTo(2.31474, 5),
    participants: 53,
    direction: 'FAVOURS_MAGNESIUM',
    formula: 'md-unequal-variances',
  })
})

test('an effect known from its report alone takes its standard error from the interval at its stated level', () => {
  const [effect] = defaultOf(question({ result: { reported: [reportedMd] } }))
  // (−4.2 + 7.9) / (2 × 1.959964)
  expect(effect).toMatchObject({ estimate: -6, standardError: expect.closeTo(0.94389, 5), origin: 'FROM_CI', formula: 'se-from-interval-z', participants: 100 })
  const [at99] = defaultOf(question({ result: { reported: [{ ...reportedMd, ciLevel: 0.99 }] } }))
  // (−4.2 + 7.9) / (2 × 2.575829)
  expect(at99?.standardError).toBeCloseTo(0.71822, 5)
})

test('ratios are kept as logarithms', () => {
  const [effect] = defaultOf(
    question({
      outcome: { type: 'BINARY' },
      result: { valueKind: 'EVENT', reported: [{ measure: 'OR', estimate: 1.15, ciLower: 1.04, ciUpper: 1.26, ciLevel: 0.95 }] },
    }),
  )
  expect(effect).toMatchObject({
    analysisScale: 'LOG',
    estimate: Math.log(1.15),
    ciLower: Math.log(1.04),
    ciUpper: Math.log(1.26),
    direction: 'FAVOURS_COMPARATOR',
  })
})

test('the report of a crossover or an adjusted analysis beats its raw arms', () => {
  for (const changes of [{ study: { design: 'RCT_CROSSOVER' as const } }, { result: { adjusted: true } }]) {
    const asked = question({ ...changes, result: { ...changes.result, armResults: means, reported: [reportedMd] } })
    expect(defaultOf(asked)).toMatchObject([{ origin: 'FROM_CI', estimate: -6 }])
  }
})

test('a crossover without a reported analysis assumes its correlation and says so', () => {
  const [effect] = defaultOf(question({ study: { design: 'RCT_CROSSOVER' }, result: { armResults: means } }))
  expect(effect).toMatchObject({ origin: 'IMPUTED', assumptions: expect.arrayContaining([expect.stringContaining('0.5 is assumed')]) })
  const [known] = defaultOf(question({ study: { design: 'RCT_CROSSOVER', crossover: { withinPersonCorrelation: 0.8 } }, result: { armResults: means } }))
  expect(known?.origin).toBe('ARM_DATA')
  expect(known?.standardError).toBeLessThan(effect?.standardError ?? 0)
})

test('of the measures that counts allow, the one that the source reports is the default, else the odds ratio', () => {
  const asked = (reported: ReportedNumbers[]) => question({ outcome: { type: 'BINARY' }, result: { valueKind: 'EVENT', armResults: events, reported } })
  expect(defaultOf(asked([]))).toMatchObject([{ measure: 'OR', origin: 'ARM_DATA' }])
  expect(defaultOf(asked([{ measure: 'RR', estimate: 0.5, ciLower: 0.25, ciUpper: 1.01, ciLevel: 0.95 }]))).toMatchObject([
    { measure: 'RR', origin: 'ARM_DATA' },
  ])
})

test('another report of the same result stands beside the default and never becomes it', () => {
  const effects = effectsOfResult(
    question({
      outcome: { type: 'BINARY' },
      result: { valueKind: 'EVENT', armResults: events, alternatives: [{ armResults: events.map((arm) => ({ ...arm, n: 1000 })), reported: [] }] },
    }),
  )
  expect(effects.filter(({ isDefault }) => isDefault)).toMatchObject([{ report: 0 }])
  expect(effects.filter(({ report }) => report === 1)).toHaveLength(3)
})

test('percentages without counts give a difference without uncertainty, and no counts', () => {
  const asked = question({
    outcome: { type: 'BINARY', benefitDirection: 'HIGHER' },
    result: {
      valueKind: 'EVENT',
      armResults: [
        { arm: 'magnesium', percent: 75.7, eventsFromPercent: false },
        { arm: 'placebo', percent: 51.6, eventsFromPercent: false },
      ],
      reported: [{ measure: 'RD', p: { value: 0.05, operator: 'LT' } }],
    },
  })
  // Stepura & Martynow (2009): 75.7 % v 51.6 %, p < .05
  expect(defaultOf(asked)).toMatchObject([
    { measure: 'RD', estimate: 0.241, standardError: null, ciLower: null, absentReason: 'ONLY_P_THRESHOLD', direction: 'FAVOURS_MAGNESIUM' },
  ])
})

// Uncertainty comes first: only an interval or a p value that makes chance an unlikely reason gives a side.
test.each<[string, Changes, string]>([
  ['an interval beyond no effect, on the good side', { result: { reported: [reportedMd] } }, 'FAVOURS_MAGNESIUM'],
  ['the same where more is better', { outcome: { benefitDirection: 'HIGHER' }, result: { reported: [reportedMd] } }, 'FAVOURS_COMPARATOR'],
  ['the same where neither way is good', { outcome: { benefitDirection: 'NEUTRAL' }, result: { reported: [reportedMd] } }, 'UNCLEAR'],
  [
    'an instrument that counts the other way than its outcome',
    { instrument: { benefitDirection: 'HIGHER', integerScores: false }, result: { reported: [reportedMd] } },
    'FAVOURS_COMPARATOR',
  ],
  ['an interval that includes no effect', { result: { reported: [{ ...reportedMd, ciUpper: 0.1 }] } }, 'NO_CLEAR_DIFFERENCE'],
  ['an estimate alone', { result: { reported: [{ measure: 'MD', estimate: -6 }] } }, 'UNCLEAR'],
  ['an estimate with a small p', { result: { reported: [{ measure: 'MD', estimate: -6, p: { value: 0.01, operator: 'LT' } }] } }, 'FAVOURS_MAGNESIUM'],
  ['an estimate with a large p', { result: { reported: [{ measure: 'MD', estimate: -6, p: { value: 0.2, operator: 'EQ' } }] } }, 'NO_CLEAR_DIFFERENCE'],
  [
    'p > 0.05 and nothing else',
    { result: { absentReason: 'ONLY_P_THRESHOLD', reported: [{ measure: 'MD', p: { value: 0.05, operator: 'GT' } }] } },
    'NO_CLEAR_DIFFERENCE',
  ],
  [
    'a small p and a stated side',
    { result: { absentReason: 'ONLY_P_THRESHOLD', statedDirection: 'FAVOURS_MAGNESIUM', reported: [{ measure: 'MD', p: { value: 0.006, operator: 'EQ' } }] } },
    'FAVOURS_MAGNESIUM',
  ],
  ['a small p without a side', { result: { absentReason: 'ONLY_P_THRESHOLD', reported: [{ measure: 'MD', p: { value: 0.006, operator: 'EQ' } }] } }, 'UNCLEAR'],
  ['a side without any p', { result: { absentReason: 'NOT_REPORTED', statedDirection: 'FAVOURS_MAGNESIUM' } }, 'UNCLEAR'],
  ['"no difference" in words', { result: { absentReason: 'NOT_REPORTED', statedDirection: 'NO_CLEAR_DIFFERENCE' } }, 'NO_CLEAR_DIFFERENCE'],
  [
    'an estimate and "no difference" in words',
    { result: { statedDirection: 'NO_CLEAR_DIFFERENCE', reported: [{ measure: 'MD', estimate: 1.8 }] } },
    'NO_CLEAR_DIFFERENCE',
  ],
  [
    'two arms that both received magnesium',
    {
      study: {
        arms: [
          { slug: 'magnesium', role: 'MAGNESIUM' },
          { slug: 'placebo', role: 'MAGNESIUM' },
        ],
      },
      result: { reported: [reportedMd] },
    },
    'UNCLEAR',
  ],
  [
    'an exposure with less magnesium',
    { result: { exposure: { contrastedHas: 'LESS_MAGNESIUM' }, reported: [{ ...reportedMd, estimate: 6, ciLower: 4.2, ciUpper: 7.9 }] } },
    'FAVOURS_MAGNESIUM',
  ],
  ['an exposure of which the side is not known', { result: { exposure: {}, reported: [reportedMd] } }, 'UNCLEAR'],
])('%s', (_, changes, direction) => {
  expect(defaultOf(question(changes))).toMatchObject([{ direction }])
})

test('benefit is positive for magnesium whichever way the outcome counts, and null with a reason where nothing converts', () => {
  const benefit = (changes: Changes) => defaultOf(question(changes)).map(({ standardizedBenefit, benefitNote }) => [standardizedBenefit, benefitNote])[0]
  // Hedges' g of Rajizadeh 2017, exact correction: −0.6154 by the approximate one
  expect(benefit({ result: { armResults: means } })?.[0]).toBeCloseTo(0.6154, 3)
  expect(benefit({ outcome: { benefitDirection: 'HIGHER' }, result: { armResults: means } })?.[0]).toBeCloseTo(-0.6154, 3)
  // ln(10·80 / (90·20)) × √3/π
  expect(benefit({ outcome: { type: 'BINARY' }, result: { valueKind: 'EVENT', armResults: events } })?.[0]).toBeCloseTo(
    -Math.log((10 * 80) / (90 * 20)) * (Math.sqrt(3) / Math.PI),
    12,
  )
  for (const measure of ['HR', 'BETA', 'ROM', 'IRR'] as const)
    expect(benefit({ result: { reported: [{ measure, estimate: 0.5 }] } })).toEqual([null, expect.stringMatching(/./)])
  expect(
    benefit({ outcome: { type: 'BINARY' }, result: { exposure: { contrastedHas: 'MORE_MAGNESIUM' }, reported: [{ measure: 'OR', estimate: 0.5 }] } }),
  ).toEqual([null, expect.stringContaining('per unit')])
  expect(benefit({ result: { reported: [reportedMd] } })).toEqual([null, expect.stringContaining('standard deviations')])
})

test('a printed standard error that its p value contradicts is flagged', () => {
  // Roguin Maor et al. (2017), JAMA Intern Med 177:617–623, prints 0.48 beside p = 0.67 for a difference of 0.38; here one that p = 0.01 contradicts
  const [effect] = defaultOf(question({ result: { reported: [{ measure: 'MD', estimate: -0.38, standardError: 0.48, p: { value: 0.01, operator: 'EQ' } }] } }))
  expect(effect?.coherenceChecks).toContainEqual(expect.objectContaining({ rule: 'p-agrees-with-interval', status: 'FAIL' }))
})

test('numbers that contradict each other are kept and flagged', () => {
  const [effect] = defaultOf(question({ result: { reported: [{ measure: 'OR', estimate: 1.58, ciLower: 1.6, ciUpper: 2.35, ciLevel: 0.95 }] } }))
  expect(effect).toMatchObject({ estimate: Math.log(1.58), coherence: 'FAIL' })
  expect(effect?.coherenceChecks).toContainEqual(expect.objectContaining({ rule: 'estimate-within-interval', status: 'FAIL' }))
})
