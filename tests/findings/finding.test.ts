import { arrange, comparisonsOf, mostRows, type Placed } from '../../src/findings/finding.js'

const finding = (outcome: string, change: Partial<Omit<Placed, 'outcome'>> & Partial<Placed['outcome']> = {}): Placed => {
  const { importance = 'IMPORTANT', isHarm = false, ...rest } = change
  return {
    condition: { slug: 'migraine' },
    comparisonKey: 'INACTIVE',
    evidenceClass: 'RANDOMIZED',
    participants: 100,
    isPooled: true,
    ...rest,
    outcome: { slug: outcome, name: outcome, importance, isHarm },
  }
}
const names = (findings: readonly Placed[]) => findings.map(({ outcome }) => outcome.slug)

test('critical outcomes come first, then harms, important ones and surrogates; within these the pooled, then more people', () => {
  const { rows } = arrange(
    [
      finding('serum magnesium', { importance: 'SURROGATE' }),
      finding('pain', { participants: 50 }),
      finding('days', { participants: 90 }),
      finding('attacks', { isPooled: false, participants: 900 }),
      finding('diarrhoea', { isHarm: true, participants: 5 }),
      finding('death', { importance: 'CRITICAL', isPooled: false }),
    ],
    'migraine',
  )
  expect(names(rows)).toEqual(['death', 'diarrhoea', 'days', 'pain', 'attacks', 'serum magnesium'])
})

test('the condition’s own outcomes come before those of narrower conditions', () => {
  const { rows } = arrange([finding('death', { importance: 'CRITICAL', condition: { slug: 'migraine-with-aura' } }), finding('pain')], 'migraine')
  expect(names(rows)).toEqual(['pain', 'death'])
})

test('an outcome has one row, of its strongest class of evidence; the others are told beside', () => {
  const { rows, moreRows } = arrange(
    [finding('pain', { evidenceClass: 'NON_RANDOMIZED' }), finding('pain', { isPooled: false }), finding('pain', { condition: { slug: 'narrower' } })],
    'migraine',
  )
  expect(rows.map(({ evidenceClass, isPooled }) => [evidenceClass, isPooled])).toEqual([['RANDOMIZED', false]])
  expect(moreRows).toHaveLength(2)
})

test('of more than seven outcomes the rest is told beside, and a harm is among the seven if there is one', () => {
  const many = Array.from({ length: 9 }, (_, index) => finding(`death ${index}`, { importance: 'CRITICAL', participants: 100 - index }))
  const { rows, moreRows } = arrange([...many, finding('diarrhoea', { isHarm: true })], 'migraine')
  expect(names(rows)).toEqual([...Array.from({ length: mostRows - 1 }, (_, index) => `death ${index}`), 'diarrhoea'])
  expect(names(moreRows)).toEqual(['death 6', 'death 7', 'death 8'])
})

test('comparisons come by kind, of one kind the stronger evidence first, then more people', () => {
  expect(
    comparisonsOf([
      finding('a', { comparisonKey: 'EXPOSURE:SERUM', evidenceClass: 'COHORT' }),
      finding('a', { comparisonKey: 'ACTIVE:valproate', participants: 10 }),
      finding('a', { comparisonKey: 'ACTIVE:zinc', evidenceClass: 'NON_RANDOMIZED', participants: 900 }),
      finding('a', { comparisonKey: 'ACTIVE:diazepam', participants: 20 }),
      finding('a'),
    ]),
  ).toEqual(['INACTIVE', 'ACTIVE:diazepam', 'ACTIVE:valproate', 'ACTIVE:zinc', 'EXPOSURE:SERUM'])
})
