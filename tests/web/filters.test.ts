import { filterOfAddress, narrowingCount, rangeOf, withParameter } from '../../src/web/filters/evidenceFilter.js'
import { estimateWords } from '../../src/web/words.js'

const filterOf = (text: string) => filterOfAddress(new URLSearchParams(text))

test('an address is a filter of the API', () => {
  expect(
    filterOf('condition=migraine&form=magnesium-oxide,magnesium-citrate&design=RCT_PARALLEL,COHORT&risk=LOW&dose=100-400&duration=28-&year=-2010'),
  ).toEqual({
    conditions: ['migraine'],
    forms: ['magnesium-oxide', 'magnesium-citrate'],
    designs: ['RCT_PARALLEL', 'COHORT'],
    riskOfBias: ['LOW'],
    elementalMgPerDay: { gte: 100, lte: 400 },
    durationDays: { gte: 28 },
    year: { lte: 2010 },
  })
})

test('what cannot be asked is left out', () => {
  expect(filterOf('design=ANECDOTE&dose=400-100&year=2010.5-&duration=long&risk=&form=,')).toEqual({})
})

test.each([
  ['100-400', { gte: 100, lte: 400 }],
  ['-400', { lte: 400 }],
  ['0.5-', { gte: 0.5 }],
  ['-', null],
  ['', null],
  [null, null],
  ['5-4', null],
  ['-5-', null],
])('the range %j is %j', (text, range) => {
  expect(rangeOf(text, false)).toEqual(range)
})

test('a parameter that says nothing leaves the address', () => {
  const address = new URLSearchParams('condition=migraine&dose=100-400&year=2000-')
  expect(narrowingCount(address)).toBe(2)
  expect(withParameter(address, 'dose', '-').toString()).toBe('condition=migraine&year=2000-')
})

test('an interval is shown to the side of no effect that it lies on, and a missing number is a dash', () => {
  expect(estimateWords('OR', 0.58, 0.4382, 0.7659)).toBe('0.58 (0.44 to 0.77)')
  expect(estimateWords('OR', 0.9, 0.8, 0.998)).toBe('0.90 (0.80 to 0.998)')
  expect(estimateWords('MD', -6.03, -7.9, -4.2)).toBe('−6.03 (−7.90 to −4.20)')
  expect(estimateWords('MD', -6, null, null)).toBe('−6.00')
  expect(estimateWords('MD', null)).toBe('–')
})
