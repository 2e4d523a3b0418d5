import fc from 'fast-check'
import { poolGroup as poolSynthesis, synthesisOfGroup, type Measured } from '../../src/summary/pooledGroup.js'
import { oddsRatio } from '../../src/statistics/binary.js'
import type { Candidate, CandidateEffect } from '../../src/synthesis/candidate.js'

/** Deaths and patients with intravenous magnesium and without, 1984–2004. Li et al. (2007), Cochrane Database of Systematic Reviews CD002755. */
const poolGroup = (candidates: Parameters<typeof synthesisOfGroup>[0], vocabulary: Measured) => poolSynthesis(synthesisOfGroup(candidates), vocabulary)
const infarction: readonly (readonly [string, number, number, number, number, number])[] = [
  ['Morton', 1984, 1, 40, 2, 36],
  ['Rasmussen', 1986, 4, 56, 14, 74],
  ['Smith', 1986, 2, 92, 7, 93],
  ['Abraham', 1987, 1, 48, 1, 46],
  ['Ceremuzynski', 1989, 1, 25, 3, 23],
  ['Shechter', 1990, 1, 50, 9, 53],
  ['Singh', 1990, 6, 81, 11, 81],
  ['Feldstedt', 1991, 10, 150, 8, 148],
  ['Shechter', 1991, 2, 21, 4, 25],
  ['Woods', 1992, 90, 1150, 118, 1150],
  ['Wu', 1992, 5, 125, 12, 102],
  ['Thogersen', 1995, 4, 130, 8, 122],
  ['Shechter', 1995, 4, 96, 17, 98],
  ['ISIS-4', 1995, 2216, 29011, 2103, 29039],
  ['Bhargava', 1995, 3, 40, 3, 38],
  ['Urek', 1996, 1, 31, 0, 30],
  ['Raghu', 1999, 6, 169, 18, 181],
  ['MAGIC', 2000, 475, 3113, 472, 3100],
  ['Gyamlani', 2000, 2, 50, 10, 50],
  ['Santoro', 2000, 0, 75, 1, 75],
  ['Zhu', 2002, 101, 1691, 134, 1488],
  ['Nakashima', 2004, 1, 89, 3, 91],
]

const effectOf = (effect: Pick<CandidateEffect, 'measure' | 'estimate' | 'standardError'>): CandidateEffect => ({
  ...effect,
  isDefault: true,
  origin: 'ARM_DATA',
  assumptions: [],
})

const trial = (name: string, change: Partial<Candidate> = {}): Candidate => ({
  slug: `${name}-death`,
  study: name,
  label: name,
  year: 2000,
  design: 'RCT_PARALLEL',
  subjects: 'HUMAN',
  retracted: false,
  concern: false,
  evidenceClass: 'RANDOMIZED',
  condition: 'acute-myocardial-infarction',
  forms: ['magnesium-sulfate'],
  outcome: 'all-cause-mortality',
  instrument: null,
  population: `${name}-all`,
  partition: null,
  name: 'death',
  isPrimary: false,
  wholeSample: true,
  intervention: `${name}-magnesium`,
  comparator: `${name}-placebo`,
  comparison: 'INACTIVE',
  combinedWith: [],
  comparatorRole: 'PLACEBO',
  routes: ['INTRAVENOUS'],
  riskOfBias: null,
  elementalMgLow: null,
  elementalMgHigh: null,
  durationDays: 1,
  timepointLabel: null,
  timepointDays: 35,
  endOfTreatment: true,
  participants: null,
  meanAge: null,
  femalePercent: null,
  baselineSerumMagnesium: null,
  inCommonUnit: null,
  unit: null,
  valueKind: 'EVENT',
  analysisSet: 'ITT',
  adjusted: false,
  higherIsBetter: false,
  category: null,
  perUnitOf: null,
  contrastedHasLess: false,
  direction: 'UNCLEAR',
  standardizedBenefit: 0.3,
  coherence: 'PASS',
  absentReason: null,
  effects: [],
  arms: null,
  ...change,
})

const trials = infarction.map(([name, year, ai, n1i, ci, n2i]) => {
  const computed = oddsRatio({ events: ai, total: n1i }, { events: ci, total: n2i })
  if (!computed.ok) throw new RangeError(computed.reason)
  const arm = (events: number, n: number) => ({ n, events, mean: null, standardDeviation: null })
  return trial(`${name.toLowerCase()}-${year}`, {
    year,
    participants: n1i + n2i,
    effects: [effectOf(computed)],
    arms: { intervention: arm(ai, n1i), comparator: arm(ci, n2i) },
  })
})
const measured: Measured = { outcomes: { find: () => ({ domain: 'mortality' }) }, instruments: { find: () => undefined } }

test('magnesium in acute myocardial infarction: the pool of 22 trials, a benefit by its sign, and very low certainty for reasons that can be read', () => {
  const pooled = poolGroup(trials, measured)
  // metafor 3.8-1: rma(yi, vi, data = escalc("OR", …, data = dat.li2007), method = "REML", test = "adhoc")
  expect(pooled).toMatchObject({ k: 22, measure: 'OR', notPooledReason: null, notRatedReason: null })
  expect(pooled.estimate).toBeCloseTo(0.579349, 6)
  expect(pooled.ciLower).toBeCloseTo(0.423787, 6)
  expect(pooled.ciUpper).toBeCloseTo(0.792016, 6)
  expect(pooled.i2).toBeCloseTo(82.2252, 4)
  // ln OR × √3/π: Chinn (2000), Statistics in Medicine 19:3127–3131; fewer deaths are better.
  expect(pooled.pooledBenefit?.estimate).toBeCloseTo(0.5458495864 * (Math.sqrt(3) / Math.PI), 8)
  expect(pooled.pooledBenefit?.ciLower).toBeCloseTo(-Math.log(0.792016) * (Math.sqrt(3) / Math.PI), 5)
  expect(pooled.pooledBenefit?.ciUpper).toBeCloseTo(-Math.log(0.423787) * (Math.sqrt(3) / Math.PI), 5)
  expect(pooled.certainty?.startLevel).toBe('HIGH')
  expect(pooled.certainty?.level).toBe('VERY_LOW')
  // The same: exp(−0.8585) to exp(−0.2332); prediction 0.2290–1.4656. regtest(model = "lm"): p 6.5e-5. trimfill (REML, L0): 7 missing,
  // −0.3206 with standard error 0.1506, which by normal quantiles ends at −0.0254; by Knapp and Hartung's (factor √1.0876, t on 28) at 0.0012
  expect(pooled.certainty?.judgements.map(({ domain, steps, reason }) => [domain, steps, reason])).toEqual([
    ['RISK_OF_BIAS', -1, 'of the weight, 100 % not assessed'],
    ['INCONSISTENCY', -2, 'I² is 82 % (p < 0.001); the prediction interval reaches no effect, which the confidence interval excludes'],
    ['INDIRECTNESS', 0, 'people, and the outcome itself; whether they are the people in question is left to the reader'],
    [
      'IMPRECISION',
      -1,
      `the interval 0.424 to 0.792 excludes no effect and reaches from trivial to appreciable ones across 0.75; ${infarction.reduce((sum, [, , ai, , ci]) => sum + ai + ci, 0)} events are enough`,
    ],
    ['PUBLICATION_BIAS', -1, expect.stringMatching(/^Harbord’s test gives p < 0\.001; trim and fill adds 7 studies, which changes the conclusion$/)],
  ])
})

test('a group of which nothing has an estimate says so, and keeps no number', () => {
  expect(
    poolGroup([trial('a', { effects: [effectOf({ measure: 'OR', estimate: null, standardError: null })], absentReason: 'NOT_REPORTED' })], measured),
  ).toMatchObject({
    ...{ k: null, measure: null, unit: null, outcome: null, estimate: null, ciLower: null, ciUpper: null, i2: null },
    ...{ studies: null, participants: null, direction: 'UNCLEAR', directionBasis: 'nothing was pooled' },
    pooledBenefit: null,
    certainty: null,
    notPooledReason: expect.stringContaining('there is no estimate: the source does not report it'),
    notRatedReason: 'GRADE rates an estimate, and none was pooled',
  })
})

const scored = (name: string, change: Partial<Candidate>) =>
  trial(name, {
    effects: [effectOf({ measure: 'MD', estimate: -2, standardError: 0.5 })],
    outcome: 'depressive-symptoms',
    instrument: 'phq-9',
    participants: 900,
    ...change,
  })

test.each<[string, Candidate[], string | null]>([
  ['one outcome in one condition is rated', [scored('a', {}), scored('b', {})], null],
  ['of two outcomes one is pooled, and rated', [scored('a', {}), scored('b', { outcome: 'anxiety' })], null],
  ['two conditions are not', [scored('a', {}), scored('b', { condition: 'migraine' })], 'certainty is of one condition, and 2 are pooled here'],
])('%s', (_, candidates, reason) => {
  const pooled = poolGroup(candidates, measured)
  expect([pooled.estimate === null, pooled.certainty === null, pooled.notRatedReason]).toEqual([false, reason !== null, reason])
})

test('the minimal important difference counts where all were measured with the same instrument', () => {
  const imprecise = { effects: [effectOf({ measure: 'MD', estimate: -0.5, standardError: 0.5 })], instrument: 'phq-9' }
  const reasonOf = (...candidates: Candidate[]) =>
    poolGroup(candidates, { ...measured, instruments: { find: () => ({ minimalImportantDifference: 5 }) } }).certainty?.judgements.find(
      ({ domain }) => domain === 'IMPRECISION',
    )?.reason
  expect(reasonOf(scored('a', imprecise), scored('b', imprecise))).toContain('includes no effect but nothing as large as -5 or 5')
  expect(reasonOf(scored('a', { ...imprecise, unit: 'mm[Hg]' }), scored('b', { ...imprecise, unit: 'mm[Hg]', instrument: 'bdi' }))).toContain(
    'how much would be appreciable is not known',
  )
})

test('a study counts with the worst risk of bias of what entered of it, and as not assessed where part was not', () => {
  const twice = (first: Candidate['riskOfBias'], second: Candidate['riskOfBias']) =>
    poolGroup(
      [scored('a', { riskOfBias: first }), { ...scored('a', { riskOfBias: second }), slug: 'a-again', outcome: 'depressive-symptoms', instrument: 'bdi' }],
      measured,
    ).certainty?.judgements.find(({ domain }) => domain === 'RISK_OF_BIAS')?.reason
  expect(twice('LOW', 'HIGH')).toBe('of the weight, 100 % at high risk')
  expect(twice('LOW', null)).toBe('of the weight, 100 % not assessed')
  expect(twice('LOW', 'LOW')).toBe('all of the weight is at low risk of bias')
})

test('a pool favours somebody only where the interval that is shown includes no effect, whatever the trials', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: 0.05, max: 2, noNaN: true })), { minLength: 1, maxLength: 6 }),
      (trials) => {
        const group = poolGroup(
          trials.map(([estimate, standardError], index) => trial(`t${index}`, { effects: [effectOf({ measure: 'RR', estimate, standardError })], arms: null })),
          measured,
        )
        const [lower, upper] = [group.ciLower ?? 0, group.ciUpper ?? 0]
        expect(group.direction).toBe(lower <= 1 && upper >= 1 ? 'NO_CLEAR_DIFFERENCE' : upper < 1 ? 'FAVOURS_MAGNESIUM' : 'FAVOURS_COMPARATOR')
      },
    ),
  )
})
