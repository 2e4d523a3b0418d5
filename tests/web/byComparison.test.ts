import fc from 'fast-check'
import type { SummaryRowFragment } from '../../src/generated/web/graphql.js'
import { byComparison, comparisonKinds, titleOf } from '../../src/web/condition/byComparison.js'
import { daysWords, directionAgainst, levelWords, pValueWords, rangeWords } from '../../src/web/words.js'

const classes = ['RANDOMIZED', 'NON_RANDOMIZED', 'COHORT', 'CASE_CONTROL', 'CROSS_SECTIONAL', 'UNCONTROLLED'] as const
const comparisons = [
  { key: 'INACTIVE', kind: 'INACTIVE', label: 'against placebo or no treatment' },
  { key: 'ACTIVE:valproate', kind: 'ACTIVE', label: 'against valproate' },
  { key: 'ACTIVE:caffeine', kind: 'ACTIVE', label: 'against caffeine' },
  { key: 'MAGNESIUM:DOSE', kind: 'MAGNESIUM', label: 'against another dose or timing of magnesium' },
  { key: 'EXPOSURE:SERUM', kind: 'EXPOSURE', label: 'more against less: serum level' },
  { key: 'NONE', kind: 'NONE', label: 'without a comparison group' },
] as const

const summary = fc
  .record({
    condition: fc.constantFrom('migraine', 'acute-migraine'),
    outcome: fc.constantFrom('headache-days', 'headache-severity'),
    comparison: fc.constantFrom(...comparisons),
    evidenceClass: fc.constantFrom(...classes),
    estimate: fc.option(fc.double({ min: 0.1, max: 2, noNaN: true })),
    studies: fc.integer({ min: 1, max: 9 }),
    participants: fc.option(fc.integer({ min: 1, max: 900 })),
  })
  .map(
    ({ condition, outcome, estimate, studies, participants, ...rest }) =>
      ({
        ...rest,
        group: [condition, outcome],
        groupNames: [condition, outcome],
        condition: { slug: condition, name: condition },
        outcome: { slug: outcome, name: outcome },
        form: null,
        estimate,
        studies,
        participants,
        studiesPooled: estimate === null ? null : studies,
        participantsPooled: estimate === null ? null : participants,
      }) as unknown as SummaryRowFragment, // the fields that order and group
  )
const questionOf = ({ condition, outcome, comparison, evidenceClass }: SummaryRowFragment) =>
  [condition?.slug, outcome?.slug, comparison.key, evidenceClass].join(' ')
const questions = fc.uniqueArray(summary, { selector: questionOf, maxLength: 40 })

test('every summary stands in the table of its comparison, and nowhere else', () => {
  fc.assert(
    fc.property(questions, (together) => {
      const tables = byComparison('migraine', together, [])
      expect(tables.map(({ key }) => key)).toEqual([...new Set(tables.map(({ key }) => key))])
      for (const { key, rows } of tables) for (const { all } of rows) expect(all.comparison.key).toBe(key)
      expect(tables.flatMap(({ rows }) => rows.map(({ all }) => questionOf(all))).sort()).toEqual(together.map(questionOf).sort())
    }),
  )
})

test('trials come before what was observed; in a table the own condition, then randomised evidence, then what was pooled', () => {
  fc.assert(
    fc.property(questions, (together) => {
      const tables = byComparison('migraine', together, [])
      const kinds = tables.map(({ kind }) => comparisonKinds.indexOf(kind))
      expect(kinds).toEqual([...kinds].sort((a, b) => a - b))
      for (const { rows } of tables) {
        const places = rows.map(
          ({ all }) =>
            (all.condition?.slug === 'migraine' ? 0 : 100) + 10 * classes.findIndex((known) => known === all.evidenceClass) + (all.estimate === null ? 1 : 0),
        )
        expect(places).toEqual([...places].sort((a, b) => a - b))
      }
    }),
  )
})

test('a form stands under the row that asks the same question', () => {
  fc.assert(
    fc.property(questions, questions, (together, byForm) => {
      for (const { rows } of byComparison('migraine', together, byForm))
        for (const { all, forms } of rows) {
          expect(forms.map(questionOf)).toEqual(forms.map(() => questionOf(all)))
          expect(forms).toHaveLength(byForm.filter((form) => questionOf(form) === questionOf(all)).length)
        }
    }),
  )
})

test.each(comparisons)('a direction names what $key is compared with', (comparison) => {
  const against = directionAgainst('FAVOURS_COMPARATOR', comparison)
  expect(against).not.toContain('comparator')
  expect(against).not.toBe(directionAgainst('FAVOURS_MAGNESIUM', comparison))
  if (comparison.kind === 'ACTIVE' || comparison.kind === 'INACTIVE') expect(against).toBe(comparison.label.replace('against', 'favours'))
  expect(directionAgainst('NO_CLEAR_DIFFERENCE', comparison)).toBe('no clear difference')
  expect(directionAgainst('UNCLEAR', comparison)).toBe('direction not told')
  expect(titleOf(comparison)).toMatch(/^(Magnesium against|Observed, not allocated: |Before and after)/)
})

test.each([
  [{ low: 0, high: 0 }, 'a single dose'],
  [{ low: 0.25, high: 0.5 }, '6 to 12 hours'],
  [{ low: 1, high: 1 }, '1 day'],
  [{ low: 3, high: 10 }, '3 to 10 days'],
  [{ low: 7, high: 84 }, '7 days to 12 weeks'],
  [{ low: 14, high: 20 }, '2 to 2.9 weeks'],
  [{ low: 84, high: 90 }, '12 to 13 weeks'],
])('%j days are %s', (range, words) => {
  expect(daysWords(range)).toBe(words)
})

test('numbers are said as they were reported', () => {
  expect(pValueWords(0.001, 'LT')).toBe('p < 0.001')
  expect(pValueWords(0.0253, 'EQ')).toBe('p 0.0253')
  expect(pValueWords(0.05, 'GT')).toBe('p > 0.05')
  expect(rangeWords({ low: 167, high: 600 })).toBe('167 to 600')
  expect(rangeWords({ low: 1200, high: 1200 })).toBe('1,200')
  expect(levelWords(0.95)).toBe('')
  expect(levelWords(0.99)).toBe('99 % interval')
  expect(levelWords(null)).toBe('')
})
