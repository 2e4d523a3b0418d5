import { effectsOfResult, type EffectValues } from '../../src/evidence/effects.js'
import type { ArmNumbers, ReportedNumbers, ResultInQuestion } from '../../src/evidence/result.js'
import { questionOf } from './inventedStudies.js'

const defaultOf = (question: ResultInQuestion) => effectsOfResult(question).find(({ isDefault }) => isDefault)
const ofMeasure = (question: ResultInQuestion, measure: EffectValues['measure']) => effectsOfResult(question).find((effect) => effect.measure === measure)
const withResult = (question: ResultInQuestion, result: Partial<ResultInQuestion['result']>): ResultInQuestion => ({
  ...question,
  result: { ...question.result, ...result },
})
const withStudy = (question: ResultInQuestion, study: Partial<ResultInQuestion['study']>): ResultInQuestion => ({
  ...question,
  study: { ...question.study, ...study },
})
const arms = (mg: Partial<ArmNumbers>, pl: Partial<ArmNumbers>): ArmNumbers[] => [
  { arm: 'mg', eventsFromPercent: false, ...mg },
  { arm: 'pl', eventsFromPercent: false, ...pl },
]
const arm = (slug: string, role: ResultInQuestion['study']['arms'][number]['role']) => ({ slug, role })
const exactly = (value: number): ReportedNumbers[] => [{ measure: 'MD', p: { value, operator: 'EQ' } }]

describe('means with standard errors of their own', () => {
  const question = questionOf('means-and-errors-without-n')

  test('give a mean difference without numbers of people, and no standardised one', () => {
    // √(1.2² + 1.6²) = 2
    expect(defaultOf(question)).toMatchObject({
      measure: 'MD',
      estimate: -5,
      standardError: expect.closeTo(2, 12),
      origin: 'ARM_DATA',
      formula: 'md-from-standard-errors',
      absentReason: null,
    })
    expect(ofMeasure(question, 'SMD')).toBeUndefined()
  })

  test('may have them from an interval of each mean', () => {
    // Limits 1.959964 standard errors of 1.2 and 1.6 away
    const intervals = arms({ mean: 70, ciLower: 67.648043, ciUpper: 72.351957 }, { mean: 75, ciLower: 71.864058, ciUpper: 78.135942 })
    expect(defaultOf(withResult(question, { armResults: intervals }))?.standardError).toBeCloseTo(2, 6)
  })

  test('may have one of them from a deviation with its number of people', () => {
    // 7.2 / √36 = 1.2
    const mixed = arms({ mean: 70, sd: 7.2, n: 36 }, { mean: 75, se: 1.6 })
    expect(defaultOf(withResult(question, { armResults: mixed }))?.standardError).toBeCloseTo(2, 12)
  })

  test('of a crossover trial differ by less than independent ones, by the correlation within persons', () => {
    // √(1.2² + 1.6² − 2 × 0.5 × 1.2 × 1.6) with the usual assumption, √(… − 2 × 0.8 × …) with a known correlation of 0.8
    expect(defaultOf(withStudy(question, { design: 'RCT_CROSSOVER' }))).toMatchObject({ standardError: expect.closeTo(1.4422205, 6), origin: 'IMPUTED' })
    const known = withStudy(question, { design: 'RCT_CROSSOVER', crossover: { withinPersonCorrelation: 0.8 } })
    expect(defaultOf(known)).toMatchObject({ standardError: expect.closeTo(0.9633276, 6), origin: 'ARM_DATA' })
  })
})

describe('an exact p value beside two means', () => {
  const question = questionOf('two-means-and-an-exact-p')

  test('gives the standard error of their difference, by t on the degrees of freedom of both arms', () => {
    // R 4.2.2: 2.4 / qt(1 - 0.03/2, 78)
    expect(defaultOf(question)).toMatchObject({
      measure: 'MD',
      estimate: -2.4,
      standardError: expect.closeTo(1.0857205, 6),
      origin: 'FROM_P',
      pValue: 0.03,
      absentReason: null,
      assumptions: expect.arrayContaining([expect.stringContaining('t on 78 degrees of freedom'), 'the p value is of this difference']),
    })
  })

  test('gives one by the normal distribution without numbers of people', () => {
    // R 4.2.2: 2.4 / qnorm(1 - 0.03/2)
    const withoutNumbers = withResult(question, { armResults: arms({ mean: 10 }, { mean: 12.4 }) })
    expect(defaultOf(withoutNumbers)).toMatchObject({ standardError: expect.closeTo(1.1059447, 6), origin: 'FROM_P' })
  })

  test('gives one beside two percentages', () => {
    // −16 percentage points; R 4.2.2: 0.16 / qnorm(1 - 0.029/2)
    const percentages = withResult(questionOf('cluster-counts'), { armResults: arms({ percent: 8 }, { percent: 24 }), reported: exactly(0.029) })
    expect(defaultOf(withStudy(percentages, { design: 'RCT_PARALLEL', participantsRandomized: 100, populations: [] }))).toMatchObject({
      measure: 'RD',
      estimate: -0.16,
      standardError: expect.closeTo(0.0732773, 6),
      origin: 'FROM_P',
    })
  })

  test.each<[string, Partial<ResultInQuestion['result']>, string | null]>([
    ['a p value of 1', { reported: exactly(1) }, 'which gives no standard error'],
    ['a p value of 0', { reported: exactly(0) }, 'which gives no standard error'],
    // 0.995 allows a z from 0 upwards
    ['a p value so near to 1 that its rounding decides', { reported: exactly(0.99) }, 'rounding dominates'],
    // 0.1 may be anything from 0 to 0.2
    ['means so near to each other that their rounding decides', { armResults: arms({ n: 40, mean: 12.3 }, { n: 40, mean: 12.4 }) }, 'rounding dominates'],
    ['equal means', { armResults: arms({ n: 40, mean: 12.4 }, { n: 40, mean: 12.4 }) }, 'a difference of 0'],
    // 2.4 / 0.1004 = 24 would mean a deviation of 107 on a scale from 0 to 28
    ['a p value that would mean an impossible deviation', { reported: exactly(0.92) }, 'on this instrument none above'],
    // 15.7 / 2.17 = 7.2, where 15.9 and 12.7 in 40 and 40 make it 3.2; Guerrero-Romero & Rodríguez-Morán (2009) print such numbers
    [
      'a p value that contradicts the deviations',
      { armResults: arms({ mean: -20.4, sd: 15.9 }, { mean: -4.7, sd: 12.7 }), valueKind: 'CHANGE' },
      "where the arms' spread and numbers make it",
    ],
    ['a bound', { reported: [{ measure: 'MD', p: { value: 0.03, operator: 'LT' } }] }, null],
  ])('gives none: %s', (_, result, note) => {
    expect(defaultOf(withResult(question, result))).toMatchObject({
      standardError: null,
      note: note === null ? null : expect.stringContaining(note),
      absentReason: expect.stringMatching(/./),
    })
  })

  test('is not used where the source states the difference itself', () => {
    const reported: ReportedNumbers[] = [...exactly(0.03), { measure: 'MD', estimate: -2.5, ciLower: -4.7, ciUpper: -0.3, ciLevel: 0.95 }]
    expect(defaultOf(withResult(question, { reported }))).toMatchObject({ estimate: -2.5, origin: 'FROM_CI' })
  })

  test('is as precise as its stated decimals', () => {
    // 0.1 printed with one decimal may be 0.05 to 0.15; two decimals are supposed otherwise
    const reported = (decimals: number | undefined): ReportedNumbers[] => [{ measure: 'MD', p: { value: 0.1, operator: 'EQ', decimals } }]
    expect(defaultOf(withResult(question, { reported: reported(undefined) }))?.origin).toBe('FROM_P')
    expect(defaultOf(withResult(question, { reported: reported(0) }))).toMatchObject({
      origin: 'ARM_DATA',
      note: expect.stringContaining('rounding dominates'),
    })
  })
})

describe('an interval without its estimate', () => {
  const question = questionOf('interval-without-estimate')

  test('has its middle for one, marked as derived', () => {
    // (−4.4 − 0.4) / 2, and 4 / (2 × 1.959964)
    expect(defaultOf(question)).toMatchObject({
      estimate: expect.closeTo(-2.4, 12),
      standardError: expect.closeTo(1.0204269, 6),
      origin: 'FROM_CI',
      formula: 'estimate-interval-centre+se-from-interval-z',
      assumptions: expect.arrayContaining(['the estimate is not printed: it is the middle of the interval']),
      absentReason: null,
      direction: 'FAVOURS_MAGNESIUM',
    })
  })

  test('has the geometric middle of a ratio', () => {
    // √(0.25 × 4) = 1
    const ratio = withResult(question, { reported: [{ measure: 'OR', ciLower: 0.25, ciUpper: 4, ciLevel: 0.95 }] })
    expect(defaultOf(ratio)).toMatchObject({ estimate: expect.closeTo(0, 12), standardError: expect.closeTo(Math.log(16) / (2 * 1.959964), 6) })
  })

  test.each([
    [0, 2],
    [2, 0.5],
  ])('has none if its limits have no middle: a ratio from %d to %d', (ciLower, ciUpper) => {
    const ratio = withResult(question, { reported: [{ measure: 'OR', ciLower, ciUpper, ciLevel: 0.95 }] })
    expect(defaultOf(ratio)).toMatchObject({ estimate: null, absentReason: 'NOT_REPORTED' })
  })
})

describe('a correlation without a standard error', () => {
  const question = questionOf('correlation-without-error')
  const among = (participants: number) =>
    withStudy(question, { participantsRandomized: participants, participantsAnalysed: undefined, populations: [{ slug: 'all', wholeSample: true }] })

  test('has that of Fisher’s z among its people', () => {
    // 200 people: 1 / √197
    expect(defaultOf(question)).toMatchObject({
      participants: 200,
      standardError: expect.closeTo(0.0712471, 6),
      formula: 'cor-fisher-z',
      origin: 'REPORTED',
      absentReason: null,
    })
  })

  test('has none among three people', () => {
    expect(defaultOf(among(3))?.standardError).toBeNull()
    expect(defaultOf(among(4))?.standardError).toBe(1)
  })

  test('keeps the interval that the source gives', () => {
    const reported: ReportedNumbers[] = [{ measure: 'COR', estimate: 0.4, ciLower: 0.2, ciUpper: 0.57, ciLevel: 0.95 }]
    expect(defaultOf(withResult(question, { reported }))?.origin).toBe('FROM_CI')
  })
})

describe('a median', () => {
  test('with minimum and maximum gives mean and deviation', () => {
    // Luo 2018: weights 4 / (4 + n^0.75) of 0.263499 and 0.257772; Wan 2014: ranges of 19 and 21 over 2 Φ⁻¹((n − 0.375) / (n + 0.25))
    expect(defaultOf(questionOf('median-with-range'))).toMatchObject({
      measure: 'MD',
      estimate: expect.closeTo(-2.727998, 6),
      standardError: expect.closeTo(1.420029, 6),
      origin: 'FROM_MEDIAN',
      assumptions: expect.arrayContaining([expect.stringContaining('mean and SD from median and range'), expect.stringContaining('roughly normal')]),
    })
  })

  test('next to a quartile is told to be of skewed values', () => {
    // Shi et al. 2023: |10 + 15 − 20| / 5 = 1, critical value 2.65/√25 − 6/25² = 0.52
    expect(defaultOf(questionOf('median-equals-lower-quartile'))?.assumptions).toContainEqual(
      expect.stringMatching(/^the values look skewed, .* at 0 % of the way between the quartiles, .*\(test of skewness 1, critical value 0.52 for 25 people\)/),
    )
  })

  test('with an impossible range is read by its quartiles', () => {
    const five = { n: 30, median: 10, q1: 7, q3: 14 }
    const asked = (range: Partial<ArmNumbers>) =>
      defaultOf(withResult(questionOf('median-with-range'), { armResults: arms({ ...five, ...range }, { ...five, median: 12 }) }))
    expect(asked({ minimum: 2, maximum: 25 })?.assumptions).toContainEqual(expect.stringContaining('median and quartiles and range'))
    expect(asked({ minimum: 8, maximum: 25 })?.assumptions).not.toContainEqual(expect.stringContaining('range'))
  })

  test('beside a printed mean lends it its deviation', () => {
    const given = withResult(questionOf('median-with-range'), {
      armResults: arms({ n: 25, mean: 11, median: 10, q1: 7, q3: 14 }, { n: 26, mean: 13, median: 12, q1: 8, q3: 17 }),
    })
    expect(defaultOf(given)).toMatchObject({ estimate: -2, origin: 'FROM_MEDIAN' })
  })
})

describe('a cluster-randomised trial', () => {
  test('has its standard errors multiplied by the root of the design effect', () => {
    // Cochrane Handbook 6.5, 23.1.4: 1 + (30 − 1) × 0.05 = 2.45; OR of 150/300 against 120/300: 0.164992 × √2.45
    const counts = questionOf('cluster-counts')
    expect(defaultOf(counts)).toMatchObject({
      measure: 'OR',
      estimate: expect.closeTo(Math.log(1.5), 12),
      standardError: expect.closeTo(0.258253, 6),
      inputs: expect.objectContaining({ designEffect: expect.closeTo(2.45, 12), icc: 0.05, meanClusterSize: 30 }),
      assumptions: expect.arrayContaining(['design effect 2.45 from an ICC of 0.05 and clusters of 30']),
    })
    // Two arms of 300 with deviations of 5: 0.408248 × √2.45
    expect(defaultOf(questionOf('cluster-means'))).toMatchObject({
      measure: 'MD',
      estimate: -1,
      standardError: expect.closeTo(0.63901, 6),
      ciLower: expect.closeTo(-2.25, 2),
      ciUpper: expect.closeTo(0.25, 2),
      direction: 'NO_CLEAR_DIFFERENCE',
    })
  })

  test.each([{ icc: 0.05 }, { meanClusterSize: 30 }, undefined])(
    'whose ICC or size is not known says that it is analysed as if it were none: %j',
    (cluster) => {
      const effects = effectsOfResult(withStudy(questionOf('cluster-counts'), { cluster }))
      expect(effects).toHaveLength(3)
      for (const { assumptions } of effects) expect(assumptions).toContain('analysed as if individuals had been randomised')
      expect(effects[0]?.standardError).toBeCloseTo(0.164992, 6)
    },
  )

  test('is not made more precise by an ICC below zero', () => {
    expect(defaultOf(withStudy(questionOf('cluster-counts'), { cluster: { icc: -0.01, meanClusterSize: 30 } }))?.standardError).toBeCloseTo(0.164992, 6)
  })

  test('keeps the effect that its source reports', () => {
    const reported: ReportedNumbers[] = [{ measure: 'OR', estimate: 1.5, ciLower: 0.9, ciUpper: 2.5, ciLevel: 0.95 }]
    const chosen = defaultOf(withResult(questionOf('cluster-counts'), { reported }))
    expect(chosen).toMatchObject({ origin: 'FROM_CI', standardError: expect.closeTo(Math.log(2.5 / 0.9) / (2 * 1.959964), 6) })
    expect(chosen?.assumptions.join()).not.toMatch(/design effect|individuals/)
  })

  test('of which only the design is not clustered has no design effect', () => {
    expect(defaultOf(withStudy(questionOf('cluster-counts'), { design: 'RCT_PARALLEL' }))?.standardError).toBeCloseTo(0.164992, 6)
  })
})

describe('a standardised difference of a crossover trial', () => {
  test('uses a known correlation within persons', () => {
    // Cochrane Handbook 6.5, 23.2.7.2: √(1/30 + g²/60) × √(2 (1 − 0.8)), g = −0.457
    const smd = ofMeasure(questionOf('crossover-correlation-known'), 'SMD')
    expect(smd).toMatchObject({ estimate: expect.closeTo(-0.457, 3), standardError: expect.closeTo(0.121356, 6), origin: 'ARM_DATA' })
    expect(smd?.assumptions.join()).not.toContain('as if the periods were parallel groups')
  })

  test('is as of parallel groups without one, with the same estimate', () => {
    const smd = ofMeasure(questionOf('crossover-correlation-unknown'), 'SMD')
    // metafor 3.8-1: escalc("SMD", …, vtype = "LS")
    expect(smd).toMatchObject({ estimate: expect.closeTo(-0.457, 3), standardError: expect.closeTo(0.261551, 6) })
    expect(smd?.assumptions).toContain('analysed as if the periods were parallel groups')
  })
})

test('an inferred number of people is said to be inferred', () => {
  const question = withResult(questionOf('cluster-counts'), {
    armResults: arms({ n: 16, events: 9, nInferred: 'the only split of 36 that fits 56 % and 90 %' }, { n: 20, events: 18 }),
  })
  expect(defaultOf(question)?.assumptions).toContain('the number of people was inferred: the only split of 36 that fits 56 % and 90 %')
})

describe('coherence', () => {
  const checks = (question: ResultInQuestion) => effectsOfResult(question)[0]?.coherenceChecks ?? []
  const pain: ResultInQuestion['instrument'] = { benefitDirection: 'LOWER', minimum: 0, maximum: 10, integerScores: false }

  test('knows what deviations an instrument allows', () => {
    // As an error 0.66 × √35 = 3.9, and √(1.35 × 8.65 × 35/34) = 3.47
    const question = {
      ...withResult(questionOf('two-means-and-an-exact-p'), { armResults: arms({ n: 35, mean: 1.3, sd: 0.66 }, { n: 35, mean: 2.5, sd: 2.9 }) }),
      instrument: pain,
    }
    expect(checks(question)).toContainEqual(expect.objectContaining({ rule: 'standard-error-mistaken-for-deviation', status: 'PASS' }))
    expect(checks({ ...question, instrument: undefined })).toContainEqual(
      expect.objectContaining({ rule: 'standard-error-mistaken-for-deviation', status: 'FAIL' }),
    )
  })

  describe('of a p value printed alone', () => {
    const counts = withResult(questionOf('three-arms-shared-placebo'), {
      valueKind: 'EVENT',
      armResults: arms({ n: 50, events: 27 }, { n: 50, events: 39 }),
      reported: [{ measure: 'OR', p: { value: 0.001, operator: 'EQ' } }],
      intervention: 'mg',
      comparator: 'pl',
    })
    const question = withStudy(counts, { arms: [arm('mg', 'MAGNESIUM'), arm('pl', 'PLACEBO')] })
    const warned = expect.objectContaining({ rule: 'p-agrees-with-arms', status: 'WARN' })
    const judged = expect.objectContaining({ rule: 'p-agrees-with-arms' })

    test('warns where no usual test of the counts gives it', () => {
      expect(checks(question)).toContainEqual(warned)
      expect(checks(withResult(question, { reported: [{ measure: 'OR', p: { value: 0.01, operator: 'EQ' } }] }))).toContainEqual(
        expect.objectContaining({ rule: 'p-agrees-with-arms', status: 'PASS' }),
      )
    })

    test('warns where no t test of the means does', () => {
      const means = { valueKind: 'FINAL', armResults: arms({ n: 80, mean: 40.2, sd: 2 }, { n: 89, mean: 39.9, sd: 1.5 }) } as const
      expect(checks(withResult(question, { ...means, reported: [{ measure: 'MD', p: { value: 0.03, operator: 'EQ' } }] }))).toContainEqual(warned)
    })

    test.each([
      ['adjusted models', withResult(question, { adjusted: true })],
      ['clusters', withStudy(question, { design: 'RCT_CLUSTER' })],
      ['crossovers', withStudy(question, { design: 'RCT_CROSSOVER' })],
      ['three arms', withStudy(question, { arms: ['mg', 'pl', 'other'].map((slug) => arm(slug, 'PLACEBO')) })],
      [
        'an interval, which judges it better',
        withResult(question, { reported: [{ measure: 'OR', estimate: 0.33, ciLower: 0.14, ciUpper: 0.78, p: { value: 0.001, operator: 'EQ' } }] }),
      ],
    ])('is silent about %s', (_, other) => {
      expect(checks(other)).not.toContainEqual(judged)
    })
  })

  describe('of standard deviations that both arms report', () => {
    const question = questionOf('standard-error-as-deviation')

    test('compares them with those of other studies on the instrument', () => {
      expect(checks({ ...question, deviationsElsewhere: [4, 4.4, 5.2] })).toContainEqual(
        expect.objectContaining({ rule: 'standard-error-mistaken-for-deviation', status: 'FAIL' }),
      )
      expect(checks({ ...question, deviationsElsewhere: [0.6, 0.7, 0.8] })).toContainEqual(
        expect.objectContaining({ rule: 'standard-error-mistaken-for-deviation', status: 'PASS' }),
      )
    })

    test('warns of a standardised difference above three, whatever others report', () => {
      expect(ofMeasure(question, 'SMD')?.estimate).toBeLessThan(-3)
      expect(checks(question)).toContainEqual(expect.objectContaining({ rule: 'standard-error-mistaken-for-deviation', status: 'WARN' }))
    })
  })

  test('does not compare babies with the women randomised', () => {
    const babies = withResult(withStudy(questionOf('cluster-counts'), { design: 'RCT_PARALLEL', participantsRandomized: 573 }), {
      armResults: arms({ n: 313, events: 20 }, { n: 293, events: 30 }),
    })
    expect(checks(babies)).toContainEqual(expect.objectContaining({ rule: 'arms-agree-with-randomised', status: 'FAIL' }))
    expect(checks(withResult(babies, { unitOfAnalysis: 'PARTICIPANTS' }))).toContainEqual(
      expect.objectContaining({ rule: 'arms-agree-with-randomised', status: 'FAIL' }),
    )
    expect(checks(withResult(babies, { unitOfAnalysis: 'CHILDREN' }))).not.toContainEqual(expect.objectContaining({ rule: 'arms-agree-with-randomised' }))
  })

  test('reads numbers as precisely as they are printed', () => {
    // 0.50 (0.30 to 1.20): 37 % of the way on the log scale; with one decimal, 0.45 may be its middle
    const question = questionOf('hazard-asymmetric-one-decimal')
    const stated = (decimals: number | undefined) => withResult(question, { reported: question.result.reported.map((entry) => ({ ...entry, decimals })) })
    expect(checks(stated(undefined))).toContainEqual(expect.objectContaining({ rule: 'estimate-centred-in-interval', status: 'PASS' }))
    expect(checks(stated(2))).toContainEqual(expect.objectContaining({ rule: 'estimate-centred-in-interval', status: 'WARN' }))
    expect(checks(questionOf('hazard-asymmetric-two-decimals'))).toContainEqual(
      expect.objectContaining({ rule: 'estimate-centred-in-interval', status: 'WARN' }),
    )
  })

  test.each([
    ['hazard-outside-its-interval', 'estimate-within-interval'],
    ['risk-difference-above-one', 'effect-within-range-of-measure'],
  ])('flags an effect that cannot be: %s', (study, rule) => {
    const [effect] = effectsOfResult(questionOf(study))
    expect(effect?.coherence).toBe('FAIL')
    expect(effect?.coherenceChecks).toContainEqual(expect.objectContaining({ rule, status: 'FAIL' }))
  })

  test('flags a standard error that its deviation contradicts', () => {
    // 1.5 / √39 = 0.24
    const question = withResult(questionOf('cluster-means'), {
      armResults: arms({ n: 39, mean: 12, sd: 1.5, se: 0.9 }, { n: 39, mean: 13, sd: 1.5, se: 0.24 }),
    })
    expect(
      checks(question)
        .filter(({ rule }) => rule === 'deviation-agrees-with-standard-error')
        .map(({ status }) => status),
    ).toEqual(['FAIL', 'PASS'])
  })
})
