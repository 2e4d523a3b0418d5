import { readFileSync } from 'node:fs'
import { mapTrial, type MappedTrial } from '../../src/intake/clinicalTrials.js'
import { loadVocabulary } from '../../src/vocabulary/vocabulary.queries.js'
import type { Vocabulary } from '../../src/vocabulary/vocabulary.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'

// What registries print besides plain numbers: invented trials in tests/fixtures/intake/registry, one oddity each.

let clone: ClonedDatabase
let vocabulary: Vocabulary
beforeAll(async () => {
  clone = await cloneDatabase()
  vocabulary = await loadVocabulary(clone.database)
})
afterAll(() => clone.drop())

// Trials are edited field by field below; their shape is the registry's, not ours.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Recorded = any

function mapped(name: string, change: (measure: Recorded, trial: Recorded) => void = () => {}): MappedTrial {
  const trial: Recorded = JSON.parse(readFileSync(`tests/fixtures/intake/registry/${name}.json`, 'utf8'))
  change(trial.resultsSection.outcomeMeasuresModule.outcomeMeasures[0], trial)
  return mapTrial(trial, vocabulary, { today: '2026-11-30' })
}
/** What is left out of the results: every trial leaves out its adverse events. */
const leftOut = ({ leftOut: sentences }: MappedTrial) => sentences.filter((sentence) => sentence.startsWith('outcome '))

test.each(['percent-change-in-title', 'percent-change-as-unit'])('%s is a change in percent, and no change in points', (name) => {
  const { study } = mapped(name)
  expect(study.results).toMatchObject([{ outcome: 'depressive-symptoms', valueKind: 'PERCENT_CHANGE', unit: '%' }])
})

test.each<[string, string, string, string, unknown]>([
  ['PHQ-9 score, percentage change from baseline', 'units on a scale', '', 'PERCENT_CHANGE', '%'],
  ['PHQ-9: Percent (%) Change', '%', '', 'PERCENT_CHANGE', '%'],
  ['PHQ-9, per cent reduction', 'percent', '', 'PERCENT_CHANGE', '%'],
  ['PHQ-9, mean change, expressed as a percentage of baseline', 'percentage', '', 'PERCENT_CHANGE', '%'],
  ['Change in PHQ-9 score', 'units on a scale', 'Percent change from baseline at week 8', 'PERCENT_CHANGE', '%'],
  ['PHQ-9 score', '% change from baseline', '', 'PERCENT_CHANGE', '%'],
  ['Change in PHQ-9 score', 'score on a scale', 'Total of nine items', 'CHANGE', undefined],
  ['PHQ-9 score', 'units on a scale', 'A change of 5 points matters', 'FINAL', undefined],
  ['Change in HbA1c', '%', '', 'CHANGE', '%'],
  ['Percent change in HbA1c', '%', '', 'PERCENT_CHANGE', '%'],
])('%s in %s (%s) is %s', (title, unitOfMeasure, description, valueKind, unit) => {
  const { study } = mapped('percent-change-in-title', (measure) => Object.assign(measure, { title, unitOfMeasure, description }))
  expect(study.results.map((result) => [result.valueKind, result.unit])).toEqual([[valueKind, unit]])
})

test.each([
  ['Change in PHQ-9 score', 'percent', /its unit is "percent", and whether it is a change in percent is not told/],
  ['PHQ-9 score', '% of baseline', /its unit is "% of baseline"/],
  ['Percent change in systolic blood pressure', 'mmHg', /it is said to be a change in percent, and its unit to be mmHg/],
])('%s in %s is left out, and named', (title, unitOfMeasure, reason) => {
  const trial = mapped('percent-change-in-title', (measure) => Object.assign(measure, { title, unitOfMeasure }))
  expect(trial.study.results).toEqual([])
  expect(leftOut(trial).join('\n')).toMatch(reason)
})

const cramps = (measure: Recorded) => (measure.title = 'Cramp responder')
const inLogs = (paramType: string, base: number) =>
  mapped('log-odds-ratio', (measure) => {
    cramps(measure)
    const [value, lower, upper] = [0.624, 0.1, 1.15].map((logarithm) => (logarithm / Math.log(base)).toFixed(4))
    Object.assign(measure.analyses[0], { paramType, paramValue: value, ciLowerLimit: lower, ciUpperLimit: upper })
  }).study.results[0]?.reported

// exp(0.624) = 1.866, exp(0.1) = 1.105, exp(1.15) = 3.158; 20 of 30 against 15 of 29 have an odds ratio of 1.867.
test.each([
  ['Odds Ratio, log', Math.E],
  ['Log Odds Ratio', Math.E],
  ['log-odds ratio', Math.E],
  ['Natural logarithm of the odds ratio', Math.E],
  ['ln(OR)', Math.E],
  ['Odds Ratio (OR), log10', 10],
  ['Odds ratio, log base 2', 2],
])('%s is taken as the ratio that it stands for', (paramType, base) => {
  expect(inLogs(paramType, base)).toMatchObject([
    { measure: 'OR', estimate: expect.closeTo(1.866, 2), ciLower: expect.closeTo(1.105, 2), ciUpper: expect.closeTo(3.158, 2), p: { value: 0.02 } },
  ])
  expect(inLogs(paramType, base)?.[0]?.printed).toBeUndefined()
  expect(inLogs(paramType, base)?.[0]?.note).toMatch(/logarithm/)
})

test('a logarithm of comparator over magnesium is turned round, with what was printed', () => {
  const { study } = mapped('log-odds-ratio', (measure) => {
    cramps(measure)
    Object.assign(measure.analyses[0], { paramValue: '-0.624', ciLowerLimit: '-1.15', ciUpperLimit: '-0.1' })
  })
  expect(study.results[0]?.reported).toMatchObject([
    {
      estimate: expect.closeTo(1.866, 2),
      ciLower: expect.closeTo(1.105, 2),
      ciUpper: expect.closeTo(3.158, 2),
      printed: { estimate: -0.624, ciLower: -1.15, ciUpper: -0.1 },
    },
  ])
})

test.each(['Relative Risk Reduction', 'Mean Difference, log', 'Standardized Mean Difference', 'Inverse odds ratio', 'Ratio of odds ratios', 'Log odds'])(
  '%s is no effect that is taken, and named',
  (paramType) => {
    const trial = mapped('log-odds-ratio', (measure) => {
      cramps(measure)
      measure.analyses[0].paramType = paramType
    })
    expect(trial.study.results[0]?.reported).toEqual([])
    expect(leftOut(trial).join('\n')).toContain(`${paramType} 0.624 is no effect that can be taken`)
  },
)

test('limits of another level, and limits of one side, are left out and named', () => {
  const other = mapped('interval-of-90-percent')
  expect(other.study.results[0]?.armResults[0]).toEqual({ arm: 'magnesium-oxide', n: 30, eventsFromPercent: false, mean: 8.1 })
  expect(leftOut(other)).toEqual([
    'outcome "PHQ-9 score": Magnesium Oxide: 90% Confidence Interval 7 to 9.2 has no place beside it',
    'outcome "PHQ-9 score": Placebo: 90% Confidence Interval 9 to 11.4 has no place beside it',
  ])
  const oneSided = mapped('one-sided-interval-p-zero')
  expect(leftOut(oneSided).join('\n')).toMatch(/the 9\d(\.\d)? % interval .*: it has one side only/)
  expect(oneSided.study.results[0]?.reported).toMatchObject([{ p: { value: 0.0005, operator: 'LT' } }])
})

test.each<[string, { value: number; operator: string } | null]>([
  ['p = 0.04', { value: 0.04, operator: 'EQ' }],
  ['P=0.04', { value: 0.04, operator: 'EQ' }],
  ['0.04', { value: 0.04, operator: 'EQ' }],
  ['p value 0.04', { value: 0.04, operator: 'EQ' }],
  ['0,04', { value: 0.04, operator: 'EQ' }],
  ['4.5e-5', { value: 0.000045, operator: 'EQ' }],
  ['<.001', { value: 0.001, operator: 'LT' }],
  ['p < 0.001', { value: 0.001, operator: 'LT' }],
  ['≤ 0.05', { value: 0.05, operator: 'LT' }],
  ['>0.99', { value: 0.99, operator: 'GT' }],
  ['0.000', { value: 0.0005, operator: 'LT' }],
  ['0.00', { value: 0.005, operator: 'LT' }],
  ['p=0.0000', { value: 0.00005, operator: 'LT' }],
  ['<0.0001', { value: 0.0001, operator: 'LT' }],
  ['0', null],
  ['1.2', null],
  ['NS', null],
  ['0.04 (ANCOVA), 0.05 (t test)', null],
])('the p value %j', (pValue, p) => {
  const trial = mapped('effect-comparator-minus-magnesium', (measure) => (measure.analyses[0].pValue = pValue))
  expect(trial.study.results[0]?.reported[0]?.p ?? null).toEqual(p)
  const named = leftOut(trial).filter((sentence) => sentence.includes(`the p value ${JSON.stringify(pValue)} cannot be read`))
  expect(named).toHaveLength(p === null ? 1 : 0)
})

test('an effect as comparator minus magnesium is turned round, with its p value', () => {
  const { study } = mapped('effect-comparator-minus-magnesium')
  expect(study.results[0]?.reported).toMatchObject([{ estimate: -2.1, printed: { estimate: 2.1 }, p: { value: 0.04, operator: 'EQ' } }])
})

test('two analyses of one outcome are both kept, the second with its method', () => {
  const [result] = mapped('two-analyses').study.results
  expect(result?.reported).toHaveLength(2)
  expect(result?.reported[1]?.note).toMatch(/^By /)
})

test('a median that is not reached is left out, and named', () => {
  const trial = mapped('median-na')
  expect(trial.study.results).toEqual([])
  expect(leftOut(trial).join('\n')).toContain('Magnesium Oxide: "NA" is no number')
})

test('numbers that cannot be are left out, and named', () => {
  const nobody = mapped('nobody-analysed')
  expect(nobody.study.results).toEqual([])
  expect(leftOut(nobody).join('\n')).toMatch(/: nobody was analysed/)
  const events = mapped('events-above-n', cramps)
  expect(events.study.results).toEqual([])
  expect(leftOut(events).join('\n')).toMatch(/armResults\[0\]\.events 40 must not exceed n 30/)
  const analysed = mapped('analysis-disagrees-with-arms', (measure) => (measure.denoms[0].counts[0].value = '300'))
  expect(analysed.study.results).toEqual([])
  expect(leftOut(analysed).join('\n')).toMatch(/n 300 must not exceed the 31 randomised/)
  const spread = mapped('analysis-disagrees-with-arms', (measure) => (measure.classes[0].categories[0].measurements[0].spread = '0'))
  expect(leftOut(spread).join('\n')).toContain('Magnesium Oxide: Standard Deviation 0 has no place beside it')
})

test('of several measures each that cannot be is left out by itself', () => {
  const trial = mapped('numbers-percentages-and-40-of-30', (_, { protocolSection }) => (protocolSection.conditionsModule.conditions = ['Migraine']))
  expect(trial.study.results).toMatchObject([{ outcome: 'headache-response', armResults: [{ percent: 66.7 }, { percent: 51.7 }] }])
  expect(leftOut(trial)).toEqual([
    'outcome "PHQ-9 score": NUMBER of units on a scale has no place in a result of an arm',
    'outcome "Responder rate at follow-up": armResults[0].events 40 must not exceed n 30',
  ])
})

test('a title without a subject is of no outcome, unless the trial is of its subject', () => {
  const general = mapped('responder-rate')
  expect(general.study.results).toEqual([])
  expect(leftOut(general)).toEqual(['outcome "Responder rate": it names no subject: headache-response is called so of other conditions'])
  const outcomeOf = (title: string, condition: string) =>
    mapped('responder-rate', (measure, trial) => {
      measure.title = title
      trial.protocolSection.conditionsModule.conditions = [condition]
    }).study.results.map(({ outcome }) => outcome)
  expect(outcomeOf('Responder rate', 'Migraine')).toEqual(['headache-response'])
  expect(outcomeOf('Disease progression', 'Depression')).toEqual([])
  expect(outcomeOf('Headache responder rate', 'Depression')).toEqual(['headache-response'])
  expect(outcomeOf('Mortality', 'Depression')).toEqual(['all-cause-mortality'])
})
