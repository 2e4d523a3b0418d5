import fc from 'fast-check'
import type { BodyOfEvidence, CertaintyDomain, RatedStudy } from '../../src/summary/bodyOfEvidence.js'
import { rateCertainty } from '../../src/summary/certainty.js'

const trial: RatedStudy = {
  weightPercent: 50,
  design: 'RCT_PARALLEL',
  subjects: 'HUMAN',
  comparatorRole: 'PLACEBO',
  riskOfBias: 'LOW',
  adjusted: false,
  ciLower: 0.1,
  ciUpper: 0.7,
}
const cohort: RatedStudy = { ...trial, design: 'COHORT', comparatorRole: null, adjusted: true }

/** Two sound placebo-controlled trials that agree on a benefit in 600 people: nothing to rate down. */
const sound: BodyOfEvidence = {
  measure: 'SMD',
  estimate: 0.4,
  ciLower: 0.25,
  ciUpper: 0.55,
  predictionLower: 0.2,
  predictionUpper: 0.6,
  heterogeneity: { pValue: 0.6, i2: 0 },
  studies: [trial, trial],
  participants: 600,
  events: null,
  minimalImportantDifference: null,
  isSurrogate: false,
  smallStudyEffects: null,
}
const steps = (body: BodyOfEvidence, domain: CertaintyDomain) => rateCertainty(body).judgements.find((judgement) => judgement.domain === domain)?.steps
const reason = (body: BodyOfEvidence, domain: CertaintyDomain) => rateCertainty(body).judgements.find((judgement) => judgement.domain === domain)?.reason
const trials = (...changes: Partial<RatedStudy>[]): RatedStudy[] => changes.map((change) => ({ ...trial, weightPercent: 100 / changes.length, ...change }))

test('sound trials that agree are of high certainty', () => {
  expect(rateCertainty(sound)).toMatchObject({ level: 'HIGH', startLevel: 'HIGH', startReason: 'every study is a randomised trial' })
})

// Balshem et al. (2011), GRADE guidelines 3, J Clin Epidemiol 64:401–406, table 2
test.each<[string, RatedStudy[], string, string]>([
  ['observational studies begin low', [cohort, cohort], 'LOW', 'no study is a randomised trial'],
  ['the weight decides in a mixture', trials({ weightPercent: 60 }, { ...cohort, weightPercent: 40 }), 'HIGH', '60 % of the weight is from randomised trials'],
  ['half is not most', trials({}, { ...cohort, weightPercent: 50 }), 'LOW', '50 % of the weight and not more is from randomised trials'],
])('%s', (_, studies, startLevel, startReason) => {
  expect(rateCertainty({ ...sound, studies })).toMatchObject({ startLevel, startReason })
})

// Guyatt et al. (2011), GRADE guidelines 4, J Clin Epidemiol 64:407–415
test.each<[string, RatedStudy[], number, string]>([
  ['all at low risk', trials({}, {}), 0, 'all of the weight is at low risk of bias'],
  ['more than half at high risk', trials({ riskOfBias: 'HIGH', weightPercent: 51 }, { weightPercent: 49 }), -2, 'of the weight, 51 % at high risk'],
  ['more than a quarter at high risk', trials({ riskOfBias: 'HIGH', weightPercent: 26 }, { weightPercent: 74 }), -1, 'of the weight, 26 % at high risk'],
  ['a quarter at high risk', trials({ riskOfBias: 'HIGH', weightPercent: 25 }, { weightPercent: 75 }), 0, 'of the weight, 25 % at high risk'],
  ['nobody assessed it', trials({ riskOfBias: null }, { riskOfBias: null }), -1, 'of the weight, 100 % not assessed'],
  [
    'most of it of some concern or not assessed',
    trials({ riskOfBias: null }, { riskOfBias: 'SOME_CONCERNS' }, {}),
    -1,
    'of the weight, 33 % with some concerns or unclear, 33 % not assessed',
  ],
])('risk of bias: %s', (_, studies, expected, why) => {
  expect([steps({ ...sound, studies }, 'RISK_OF_BIAS'), reason({ ...sound, studies }, 'RISK_OF_BIAS')]).toEqual([expected, why])
})

// Guyatt et al. (2011), GRADE guidelines 7, J Clin Epidemiol 64:1294–1302
test.each<[string, Partial<BodyOfEvidence>, number]>([
  ['half of the variation, by more than chance', { heterogeneity: { i2: 51, pValue: 0.05 } }, -1],
  ['half of the variation, by chance', { heterogeneity: { i2: 51, pValue: 0.2 } }, 0],
  ['much variation on one side of no effect', { heterogeneity: { i2: 90, pValue: 0.0001 } }, -1],
  ['much variation, and the next study may find nothing', { heterogeneity: { i2: 90, pValue: 0.0001 }, predictionLower: -0.2 }, -2],
  ['the next study may find nothing', { predictionLower: -0.2 }, -1],
  ['nothing was found, so that the next study may find nothing', { ciLower: -0.1, predictionLower: -0.2 }, 0],
  ['single studies exclude no effect on both sides', { studies: trials({}, { ciLower: -0.9, ciUpper: -0.2 }) }, -1],
  ['one study', { studies: trials({}), heterogeneity: null, predictionLower: null, predictionUpper: null }, 0],
])('inconsistency: %s', (_, change, expected) => {
  expect(steps({ ...sound, ...change }, 'INCONSISTENCY')).toBe(expected)
})

// Guyatt et al. (2011), GRADE guidelines 8, J Clin Epidemiol 64:1303–1310
test.each<[string, Partial<BodyOfEvidence>, number]>([
  ['animals', { studies: trials({ subjects: 'ANIMAL' }) }, -2],
  ['a surrogate outcome', { isSurrogate: true }, -1],
  ['another treatment in over a quarter of the weight', { studies: trials({}, { comparatorRole: 'ACTIVE_CONTROL' }) }, -1],
  ['another treatment in little of the weight', { studies: trials({ weightPercent: 80 }, { comparatorRole: 'ACTIVE_CONTROL', weightPercent: 20 }) }, 0],
  ['less magnesium as comparator, and a surrogate', { studies: trials({ comparatorRole: 'MAGNESIUM_LOWER_DOSE' }), isSurrogate: true }, -2],
  ['no comparator arm in a cohort', { studies: [cohort] }, 0],
])('indirectness: %s', (_, change, expected) => {
  expect(steps({ ...sound, ...change }, 'INDIRECTNESS')).toBe(expected)
})

// Zeng et al. (2022), GRADE guidance 34, J Clin Epidemiol 150:216–224; Guyatt et al. (2011), GRADE guidelines 6, J Clin Epidemiol 64:1283–1293: optimal
// information size 400 participants or 300 events, risks a quarter more or less
test.each<[string, Partial<BodyOfEvidence>, number]>([
  ['enough participants', { participants: 400 }, 0],
  ['too few participants', { participants: 399 }, -1],
  ['less than half of enough participants', { participants: 199 }, -2],
  ['no effect and a small benefit', { ciLower: -0.1, ciUpper: 0.2 }, -1],
  ['no effect and nothing appreciable', { ciLower: -0.1, ciUpper: 0.19 }, 0],
  ['a benefit for certain, and perhaps a trivial one', { ciLower: 0.1, ciUpper: 0.6 }, -1],
  ['a benefit for certain, and a trivial one', { ciLower: 0.05, ciUpper: 0.19 }, 0],
  ['appreciable benefit and harm', { ciLower: -0.2, ciUpper: 0.2 }, -2],
  ['an interval that says enough is not lowered for its size', { ciLower: -0.5, ciUpper: 0.5, participants: 20 }, -2],
  ['large benefit and appreciable harm', { ciLower: -0.3, ciUpper: 0.8 }, -2],
  ['large benefit and large harm', { ciLower: -0.8, ciUpper: 0.8 }, -3],
  ['a ratio from half to twice the risk', { measure: 'RR', events: 900, ciLower: Math.log(0.5), ciUpper: Math.log(2) }, -3],
  ['a ratio that excludes no effect, few events', { measure: 'OR', events: 299, ciLower: Math.log(1.3), ciUpper: Math.log(4) }, -1],
  ['a ratio that excludes no effect, far too few events', { measure: 'OR', events: 149, ciLower: Math.log(1.3), ciUpper: Math.log(4) }, -2],
  ['a ratio, enough events', { measure: 'RR', events: 300, ciLower: Math.log(1.3), ciUpper: Math.log(2) }, 0],
  ['a ratio that excludes no effect and crosses 0.75', { measure: 'RR', events: 900, ciLower: Math.log(0.6), ciUpper: Math.log(0.9) }, -1],
  ['a ratio of risks up to 1.25', { measure: 'RR', events: 900, ciLower: Math.log(0.9), ciUpper: Math.log(1.26) }, -1],
  ['a ratio of risks within 0.75 and 1.25', { measure: 'RR', events: 900, ciLower: Math.log(0.76), ciUpper: Math.log(1.24) }, 0],
  ['events unknown, and too few people to have had them', { measure: 'OR', events: null, participants: 250, ciLower: Math.log(1.3) }, -1],
  ['events unknown', { measure: 'HR', events: null, participants: 9000, ciLower: Math.log(1.3) }, 0],
  ['a difference without a known important one', { measure: 'MD', ciLower: -0.1, ciUpper: 8 }, -1],
  ['a difference smaller than the important one', { measure: 'MD', ciLower: -0.1, ciUpper: 8, minimalImportantDifference: 9 }, 0],
  ['a difference up to the important one', { measure: 'MD', ciLower: -0.1, ciUpper: 9, minimalImportantDifference: 9 }, -1],
  ['a difference that may be four times the important one either way', { measure: 'MD', ciLower: -36, ciUpper: 40, minimalImportantDifference: 9 }, -3],
])('imprecision: %s', (_, change, expected) => {
  expect(steps({ ...sound, ...change }, 'IMPRECISION')).toBe(expected)
})

// Guyatt et al. (2011), GRADE guidelines 5, J Clin Epidemiol 64:1277–1282
test.each<[string, number, BodyOfEvidence['smallStudyEffects'], number]>([
  ['nine studies cannot be assessed', 9, { test: 'Harbord’s test', testP: 0.001, trimAndFill: null }, 0],
  ['ten studies, asymmetric', 10, { test: 'Harbord’s test', testP: 0.09, trimAndFill: null }, -1],
  ['ten studies, symmetric', 10, { test: 'Harbord’s test', testP: 0.1, trimAndFill: { missing: 0, ciLower: 0.25, ciUpper: 0.55 } }, 0],
  ['studies filled in change the conclusion', 10, { test: 'Harbord’s test', testP: 0.5, trimAndFill: { missing: 3, ciLower: -0.1, ciUpper: 0.4 } }, -1],
  ['studies filled in change no conclusion', 10, { test: 'Harbord’s test', testP: 0.5, trimAndFill: { missing: 3, ciLower: 0.1, ciUpper: 0.4 } }, 0],
  ['nothing could be computed', 10, null, 0],
])('publication bias: %s', (_, k, smallStudyEffects, expected) => {
  expect(steps({ ...sound, studies: trials(...Array.from({ length: k }, () => ({}))), smallStudyEffects }, 'PUBLICATION_BIAS')).toBe(expected)
})

// Guyatt et al. (2011), GRADE guidelines 9, J Clin Epidemiol 64:1311–1316: a ratio over 2 or under 0.5 one level, over 5 or under 0.2 two
const large: BodyOfEvidence = {
  ...sound,
  measure: 'RR',
  studies: [cohort, cohort],
  events: 500,
  estimate: Math.log(0.4),
  ciLower: Math.log(0.3),
  ciUpper: Math.log(0.5),
  predictionLower: Math.log(0.25),
  predictionUpper: Math.log(0.6),
}
test.each<[string, BodyOfEvidence, number, string]>([
  ['half the risk', large, 1, 'MODERATE'],
  ['a sixth of the risk', { ...large, estimate: Math.log(1 / 6), ciLower: Math.log(0.1) }, 2, 'HIGH'],
  ['twice the risk is not over twice', { ...large, estimate: Math.log(2), ciLower: 0.3, ciUpper: 2, predictionLower: 0.1, predictionUpper: 2 }, 0, 'LOW'],
  ['what is rated down is not rated up', { ...large, events: 100 }, 0, 'VERY_LOW'],
  ['crude effects are not rated up', { ...large, studies: [{ ...cohort, adjusted: false }] }, 0, 'LOW'],
  ['a standardised difference has no rule', { ...large, measure: 'SMD' }, 0, 'LOW'],
])('observational: %s', (_, body, expected, level) => {
  expect([steps(body, 'LARGE_EFFECT'), rateCertainty(body).level]).toEqual([expected, level])
})

test('trials are never rated up', () => {
  expect(rateCertainty({ ...large, studies: [trial, trial] }).judgements.map(({ domain }) => domain)).toEqual([
    'RISK_OF_BIAS',
    'INCONSISTENCY',
    'INDIRECTNESS',
    'IMPRECISION',
    'PUBLICATION_BIAS',
  ])
})

test('no studies, no judgement', () => {
  expect(() => rateCertainty({ ...sound, studies: [] })).toThrow(new RangeError('studies must carry weight, got 0 with 0 in all'))
})

test('the level is the start with every step, no lower than very low and no higher than high; swapping the arms changes nothing but for ratios', () => {
  const levels = ['VERY_LOW', 'LOW', 'MODERATE', 'HIGH']
  const number = fc.double({ min: -3, max: 3, noNaN: true })
  const studies = fc.array(
    fc.record({
      weightPercent: fc.double({ min: 0.1, max: 100, noNaN: true }),
      design: fc.constantFrom('RCT_PARALLEL', 'COHORT', 'CROSS_SECTIONAL'),
      riskOfBias: fc.option(fc.constantFrom('LOW', 'SOME_CONCERNS', 'HIGH')),
      adjusted: fc.boolean(),
      interval: fc.tuple(number, number),
    }),
    { minLength: 1, maxLength: 15 },
  )
  fc.assert(
    fc.property(studies, fc.tuple(number, number), fc.nat(1000), fc.double({ min: 0, max: 100, noNaN: true }), (generated, bounds, participants, i2) => {
      const bodyTimes = (sign: 1 | -1): BodyOfEvidence => {
        const inOrder = (a: number, b: number) => ({ ciLower: Math.min(sign * a, sign * b), ciUpper: Math.max(sign * a, sign * b) })
        return {
          ...sound,
          ...inOrder(...bounds),
          estimate: (sign * (bounds[0] + bounds[1])) / 2,
          predictionLower: null,
          predictionUpper: null,
          participants,
          heterogeneity: { i2, pValue: 0.01 },
          studies: generated.map(({ interval, ...study }) => ({ ...trial, ...study, ...inOrder(...interval) })),
        }
      }
      const { level, startLevel, judgements } = rateCertainty(bodyTimes(1))
      const place = levels.indexOf(startLevel) + judgements.reduce((sum, judgement) => sum + judgement.steps, 0)
      expect(level).toBe(levels[Math.max(0, Math.min(3, place))])
      expect(rateCertainty(bodyTimes(-1)).judgements.map((judgement) => judgement.steps)).toEqual(judgements.map((judgement) => judgement.steps))
    }),
  )
})
