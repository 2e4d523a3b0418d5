import { amountIn, daysOfTimeFrame, daysOfTreatment, distinctSlugs, formsNamedIn, routeIn } from '../../src/intake/clinicalTrials.words.js'
import { countryCode } from '../../src/vocabulary/countries.js'
import { loadVocabulary } from '../../src/vocabulary/vocabulary.queries.js'
import type { Vocabulary } from '../../src/vocabulary/vocabulary.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'

let clone: ClonedDatabase
let vocabulary: Vocabulary
beforeAll(async () => {
  clone = await cloneDatabase()
  vocabulary = await loadVocabulary(clone.database)
})
afterAll(() => clone.drop())

test.each([
  ['Magnesium Oxide 400 mg', ['magnesium-oxide']],
  ['Slow-release MAGNESIUM SULPHATE', ['magnesium-sulfate']],
  ['Magnesium', ['magnesium-unspecified']],
  ['magnesium supplement', ['magnesium-unspecified']],
  ['magnesium oxide or magnesium citrate', ['magnesium-oxide', 'magnesium-citrate']],
  ['Zinc gluconate', []],
  ['mg', []],
  ['Mg oxide', ['magnesium-oxide']],
  ['Potassium, 400 mg oxide', []],
])('"%s" names the forms %j', (text, slugs) => {
  expect(
    formsNamedIn(text, vocabulary)
      .map(({ slug }) => slug)
      .sort(),
  ).toEqual([...slugs].sort())
})

test.each([
  ['Baseline and week 12', 84],
  ['8 weeks', 56],
  ['Baseline to 6 months', 180],
  ['Day 90', 90],
  ['12-week', 84],
  ['one year', 365],
  ['baseline, 4 weeks and 8 weeks', null],
  ['weeks 4, 8 and 12', null],
  ['4, 8, and 12 weeks', null],
  ['four and eight weeks', null],
  ['4-6 weeks', null],
  ['up to 12 weeks', null],
  ['Baseline (day 0), 12 weeks', 84],
  ['24 hours', null],
  ['during the hospital stay', null],
])('the time "%s" is day %s', (text, days) => {
  expect(daysOfTimeFrame(text)).toBe(days)
})

test('treatment lasts as long as one "for" says', () => {
  expect(daysOfTreatment('one capsule daily for 12 weeks')).toBe(84)
  expect(daysOfTreatment('for 2 weeks, then half of it for 4 weeks')).toBeNull()
  expect(daysOfTreatment('seen at week 12')).toBeNull()
})

test.each([
  ['250 mg of elemental magnesium twice a day', { amount: 250, unit: 'MG', basis: 'ELEMENTAL', timesPerDay: 2 }],
  ['400 mg of magnesium oxide once daily', { amount: 400, unit: 'MG', basis: 'SALT', timesPerDay: 1 }],
  ['400 mg magnesium oxide daily', { amount: 400, unit: 'MG', basis: 'SALT' }],
  ['15 mmol per day', { amount: 15, unit: 'MMOL', basis: 'NOT_STATED' }],
  ['1 g BID', { amount: 1, unit: 'G', basis: 'NOT_STATED', timesPerDay: 2 }],
  ['a capsule of 500 mg at bedtime', { amount: 500, unit: 'MG', basis: 'NOT_STATED', timesPerDay: 1 }],
  ['400 mg per day in two divided doses', { amount: 400, unit: 'MG', basis: 'NOT_STATED' }],
  ['500 mg three times per day', { amount: 500, unit: 'MG', basis: 'NOT_STATED', timesPerDay: 3 }],
  ['250 or 500 mg daily', null],
  ['250-500 mg daily', null],
  ['two 250 mg capsules daily', null],
  ['250 mg, 2 tablets daily', null],
  ['400 mg/day, given twice daily', null],
  ['50 mg/kg a day', null],
  ['4 g bolus, then 1 g/h', null],
  ['500 mg magnesium oxide and 200 mg riboflavin daily', null],
  ['500 mg', null],
  ['500 mg twice a day or three times a day', null],
  ['1,000 mg daily', null],
])('"%s" is the dose %j', (text, dose) => {
  expect(amountIn(text, vocabulary.forms.named('magnesium-oxide'))).toEqual(dose)
})

test.each([
  ['oral capsules', 'ORAL'],
  ['2 g IV over 20 minutes', 'INTRAVENOUS'],
  ['nebulized magnesium', 'INHALED'],
  ['intravenously during spinal anaesthesia', 'INTRAVENOUS'],
  ['infusion, then tablets', null],
  ['magnesium', null],
])('"%s" is given by %s', (text, route) => {
  expect(routeIn(text)).toBe(route)
})

test.each([
  ['United States', 'US'],
  ['Iran, Islamic Republic of', 'IR'],
  ['Iran', 'IR'],
  ['Korea, Republic of', 'KR'],
  ['South Korea', 'KR'],
  ['Turkey', 'TR'],
  ['Türkiye', 'TR'],
  ['Turkey (Türkiye)', 'TR'],
  ['Taiwan', 'TW'],
  ['Czechia', 'CZ'],
  ['United Kingdom', 'GB'],
  ['Atlantis', null],
])('%s has the code %s', (name, code) => {
  expect(countryCode(name)).toBe(code)
})

test('slugs are short, and none twice', () => {
  expect(distinctSlugs(['Placebo', 'placebo!', 'Größe 2,5', ''])).toEqual(['placebo', 'placebo-2', 'grosse-2-5', 'unnamed'])
})
