import { triedOf } from '../../src/evidence/formTrials.js'

const byForm = new Map([
  [
    1,
    [
      { form: 1, study: 10, dose: 300 },
      { form: 1, study: 11, dose: null },
      { form: 1, study: 12, dose: 500 },
    ],
  ],
  [
    2,
    [
      { form: 2, study: 12, dose: 400 },
      { form: 2, study: 13, dose: 100 },
    ],
  ],
])

test.each([
  ['nothing', [], { trials: 0, medianElementalMgPerDay: null }],
  ['a form that nobody gave', [9], { trials: 0, medianElementalMgPerDay: null }],
  ['an even number of known doses', [1], { trials: 3, medianElementalMgPerDay: 400 }],
  ['forms together, a trial of both once', [1, 2], { trials: 4, medianElementalMgPerDay: 300 }],
])('%s', (_, keys, tried) => {
  expect(triedOf(byForm, keys)).toEqual(tried)
})
