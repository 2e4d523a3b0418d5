import { readFileSync } from 'node:fs'
import { mapTrial, TrialError } from '../../src/intake/clinicalTrials.js'
import { loadVocabulary } from '../../src/vocabulary/vocabulary.queries.js'
import type { Vocabulary } from '../../src/vocabulary/vocabulary.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'

// Trials are edited field by field below; their shape is the registry's, not ours.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Recorded = any
const recorded = (nctId: string): Recorded => JSON.parse(readFileSync(`tests/fixtures/intake/${nctId}.json`, 'utf8')) as Recorded

let clone: ClonedDatabase
let vocabulary: Vocabulary
beforeAll(async () => {
  clone = await cloneDatabase()
  vocabulary = await loadVocabulary(clone.database)
})
afterAll(() => clone.drop())

const mapped = (trial: Recorded, condition?: string) => mapTrial(trial, vocabulary, { today: '2026-11-23', ...(condition !== undefined && { condition }) })

const study = (trial: Recorded, condition?: string) => mapped(trial, condition).study
const protocol = (trial: Recorded) => trial.protocolSection
const outcome = (trial: Recorded, title: RegExp) =>
  trial.resultsSection.outcomeMeasuresModule.outcomeMeasures.find((measure: Recorded) => title.test(measure.title))
const changed = (nctId: string, change: (trial: Recorded) => void): Recorded => {
  const trial = recorded(nctId)
  change(trial)
  return trial
}
const leftOutOf = (nctId: string, change: (trial: Recorded) => void) => mapped(changed(nctId, change)).leftOut

test('a registered trial becomes a study: what it is, of whom, by whom, and what became of it', () => {
  expect(study(recorded('NCT00000101'))).toMatchObject({
    slug: 'nct00000101',
    evidenceKind: 'PRIMARY',
    design: 'RCT_PARALLEL',
    masking: { participants: 'MASKED', providers: 'MASKED', assessors: 'MASKED' },
    countries: ['IR', 'US'],
    funding: 'Example University (sponsor); Example Foundation',
    registrations: ['NCT00000101', '2014-001234-12'],
    participantsRandomized: 61,
    populations: [{ participants: 61, meanAge: 43, sdAge: 10.8, femalePercent: 62.3, conditions: ['depression'], inclusion: '18 Years to 65 Years' }],
    notes: [
      'Status in the registry: terminated; why: Slow recruitment.',
      'Dates in the registry: started 2015-06-01, completed 2018-05, results posted 2019-01-15.',
    ],
    sources: { registry: { source: 'https://clinicaltrials.gov/study/NCT00000101', recordedAt: '2019-02-28' } },
  })
})

test('arms have the form, dose and length that their texts tell', () => {
  expect(study(recorded('NCT00000101')).arms).toMatchObject([
    {
      role: 'MAGNESIUM',
      randomized: 31,
      doses: [{ form: 'magnesium-oxide', route: 'ORAL', startDay: 0, endDay: 56, amount: 250, unit: 'MG', basis: 'ELEMENTAL', timesPerDay: 2 }],
      coInterventions: ['Sleep hygiene'],
    },
    { role: 'PLACEBO', randomized: 30, doses: [] },
  ])
})

test('papers linked as results and the entry of the registry are its publications; background and papers found later are not', () => {
  const { publications } = study(recorded('NCT00000101'))
  expect(publications).toMatchObject([
    { slug: 'nct00000101-pmid-99000001', role: 'PRIMARY_REPORT', pmid: '99000001', doi: '10.99999/invented.2018.101', year: 2018, titleAsPublished: false },
    { slug: 'nct00000101-registry', role: 'REGISTRY_RESULTS', date: '2019-01-15' },
  ])
  expect(publications).toHaveLength(2)
})

test('means with standard deviations and their baselines, and with a standard error after adjustment, are results', () => {
  const [phq9, gad7] = study(recorded('NCT00000101')).results
  expect(phq9).toMatchObject({
    outcome: 'depressive-symptoms',
    instrument: 'phq-9',
    primary: true,
    timepointDays: 56,
    endOfTreatment: true,
    valueKind: 'FINAL',
    analysisSet: 'ITT',
    armResults: [
      { arm: 'magnesium-oxide', n: 28, mean: 8.2, sd: 4.1, baselineMean: 15.1, baselineSd: 3.2 },
      { arm: 'placebo', n: 27, mean: 11.4, sd: 4.6, baselineMean: 14.9, baselineSd: 3.4 },
    ],
  })
  expect(phq9).not.toHaveProperty('unit')
  expect(gad7).toMatchObject({
    instrument: 'gad-7',
    valueKind: 'CHANGE',
    adjusted: true,
    armResults: [
      { mean: -4.1, se: 0.7 },
      { mean: -1.9, se: 0.8 },
    ],
  })
})

test('counts of participants, and medians with quartiles, are results', () => {
  const [, , admission, sleep] = study(recorded('NCT00000101')).results
  expect(admission).toMatchObject({
    outcome: 'hospital-admission',
    valueKind: 'EVENT',
    timepointDays: 180,
    armResults: [
      { n: 31, events: 2 },
      { n: 30, events: 5 },
    ],
  })
  expect(sleep).toMatchObject({
    outcome: 'sleep-quality',
    armResults: [
      { median: 6, q1: 4, q3: 8 },
      { median: 7, q1: 5, q3: 9 },
    ],
  })
})

test('an effect whose direction the numbers of the arms tell is magnesium against comparator, with what was printed', () => {
  const [phq9, gad7, admission] = study(recorded('NCT00000101')).results
  expect(phq9?.reported).toMatchObject([
    {
      measure: 'MD',
      estimate: -3.2,
      ciLower: -5.6,
      ciUpper: -0.8,
      ciLevel: 0.95,
      p: { value: 0.01, operator: 'EQ' },
      printed: { estimate: 3.2, ciLower: 0.8, ciUpper: 5.6 },
    },
  ])
  expect(gad7?.reported).toMatchObject([{ estimate: -2.2, standardError: 1.05, ciLower: -4, ciUpper: -0.4, ciLevel: 0.9, p: { value: 0.05, operator: 'LT' } }])
  expect(admission?.reported).toEqual([
    { measure: 'OR', estimate: 0.34, ciLower: 0.06, ciUpper: 1.94, ciLevel: 0.95, p: { value: 0.25, operator: 'EQ' }, note: 'By Fisher Exact.' },
  ])
})

test('a ratio that is comparator over magnesium is turned round', () => {
  const trial = changed('NCT00000101', (edited) => {
    Object.assign(outcome(edited, /Admission/).analyses[0], { paramValue: '2.9', ciLowerLimit: '0.5', ciUpperLimit: '16' })
  })
  expect(study(trial).results[2]?.reported).toMatchObject([{ ciLower: 1 / 16, ciUpper: 2, printed: { estimate: 2.9, ciLower: 0.5, ciUpper: 16 } }])
})

test('what cannot be mapped is named with its reason', () => {
  expect(mapped(recorded('NCT00000101')).leftOut).toEqual([
    'outcome "Serum Zinc": no outcome or instrument of the vocabulary is named in it',
    'outcome "Insomnia Severity": GEOMETRIC_MEAN of units on a scale has no place in a result of an arm',
    'outcome "Heart Rate": no results are posted',
    'adverse events: they are counted by term and organ system, which no outcome of the vocabulary is',
    'country "Atlantis": it has no code that is known',
    "publication PMID 99000003: the registry found it by the trial's number, and does not say that it reports results",
  ])
  expect(mapped(recorded('NCT00000102')).leftOut).toEqual([
    'condition "Migraine Disorders": the vocabulary has none of that name; by its MeSH headings the trial is of migraine',
    'condition "A Condition Nobody Knows": the vocabulary has none of that name; by its MeSH headings the trial is of migraine',
    'arm "Magnesium Sulfate", Magnesium Sulfate: the dose cannot be read in one way only from "Magnesium Sulfate. 2 g bolus, then 1 g/h intravenously Single infusion"',
    'arm "Other": its part cannot be told from the type OTHER and what is given (Saline)',
    '1 planned outcome: no results are posted',
  ])
})

test.each<[string, (trial: Recorded) => void, RegExp]>([
  [
    'an effect that disagrees with the arms',
    (trial) => (outcome(trial, /PHQ-9/).analyses[0].paramValue = '9.9'),
    /whether 9\.9 is magnesium minus comparator, or the reverse, is not told/,
  ],
  ['a p value alone', (trial) => delete outcome(trial, /PHQ-9/).analyses[0].paramValue, /\(p 0\.01\) is no effect that can be taken/],
  ['a group that is no arm', (trial) => (outcome(trial, /PHQ-9/).groups[1].title = 'Control'), /no arm taken is called "Control"/],
  [
    'a number that is not available',
    (trial) => (outcome(trial, /Sleep/).classes[0].categories[0].measurements[0].value = 'NA'),
    /Magnesium Oxide: "NA" is no number/,
  ],
  ['several categories', (trial) => outcome(trial, /Admission/).classes[0].categories.push({ title: 'No', measurements: [] }), /several categories/],
  ['parts that are no times', (trial) => (outcome(trial, /PHQ-9/).classes[1].title = 'Women'), /the part "Women" is no time that can be read/],
  ['several outcomes in a title', (trial) => (outcome(trial, /Zinc/).title = 'Sleep quality and heart rate'), /several outcomes of the vocabulary are named/],
  ['an estimated enrolment', (trial) => (protocol(trial).designModule.enrollmentInfo.type = 'ESTIMATED'), /enrolment: 61 is an estimate/],
  [
    'several magnesium forms in one product',
    (trial) => {
      const { interventions, armGroups } = protocol(trial).armsInterventionsModule
      interventions[0].name = 'Magnesium oxide and citrate, magnesium citrate'
      armGroups[0].interventionNames[0] = `Dietary Supplement: ${interventions[0].name}`
    },
    /several magnesium forms are named \(magnesium citrate, magnesium oxide\); how much of each is not told/,
  ],
])('%s is named', (_, change, reason) => {
  expect(leftOutOf('NCT00000101', change).join('\n')).toMatch(reason)
})

test('results of a trial of several conditions wait for a curator to say which', () => {
  const trial = changed('NCT00000101', (edited) => (protocol(edited).conditionsModule.conditions = ['Depression', 'Anxiety']))
  expect(study(trial)).toMatchObject({ results: [], populations: [{ conditions: ['depression', 'anxiety'] }] })
  expect(mapped(trial).leftOut).toContainEqual('the results: several conditions are named (depression, anxiety); --condition says which they are of')
  expect(study(trial, 'anxiety').results.map(({ condition }) => condition)).toEqual(['anxiety', 'anxiety', 'anxiety', 'anxiety'])
})

test('a result of nobody knows how many is kept as one without a number', () => {
  const trial = changed('NCT00000101', (edited) => (outcome(edited, /GAD-7/).denoms = []))
  outcome(trial, /GAD-7/).analyses = []
  expect(study(trial).results[1]).toMatchObject({ absentReason: 'NOT_REPORTED', reported: [] })
})

test.each<[string, Recorded, string]>([
  ['no object', 'text', "not a study of ClinicalTrials.gov's API of version 2: the whole: "],
  ['the older format', { FullStudy: {} }, "not a study of ClinicalTrials.gov's API of version 2: protocolSection: "],
  [
    'a number that is none',
    changed('NCT00000101', (trial) => (protocol(trial).identificationModule.nctId = 'NCT1')),
    'protocolSection.identificationModule.nctId: must be a number such as NCT01234567',
  ],
  [
    'expanded access',
    changed('NCT00000101', (trial) => (protocol(trial).designModule.studyType = 'EXPANDED_ACCESS')),
    'NCT00000101 has a design that the corpus has no place for: ',
  ],
  [
    'a trial without magnesium',
    changed('NCT00000102', (trial) => {
      protocol(trial).identificationModule.briefTitle = 'Prochlorperazine in migraine'
      protocol(trial).armsInterventionsModule.armGroups.shift()
    }),
    'NCT00000102 gives magnesium in no arm that can be told, and its title names none',
  ],
])('%s is refused by name', (_, json, sentence) => {
  expect(() => mapped(json)).toThrow(TrialError)
  expect(() => mapped(json)).toThrow(sentence)
})

test.each([
  [['INTERVENTIONAL', 'RANDOMIZED', 'CROSSOVER'], 'RCT_CROSSOVER'],
  [['INTERVENTIONAL', 'RANDOMIZED', 'FACTORIAL'], 'RCT_FACTORIAL'],
  [['INTERVENTIONAL', 'NON_RANDOMIZED', 'PARALLEL'], 'QUASI_EXPERIMENTAL'],
  [['INTERVENTIONAL', 'NA', 'SINGLE_GROUP'], 'SINGLE_ARM'],
] as const)('%s is a %s', ([studyType, allocation, interventionModel], design) => {
  const trial = changed('NCT00000101', (edited) => {
    protocol(edited).designModule.studyType = studyType
    Object.assign(protocol(edited).designModule.designInfo, { allocation, interventionModel })
  })
  expect(study(trial).design).toBe(design)
})
