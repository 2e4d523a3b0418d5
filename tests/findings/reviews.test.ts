import { comparisonOfReview, isBeside } from '../../src/findings/reviews.js'
import type { TreatmentTerm } from '../../src/vocabulary/vocabulary.js'

const treatments = [{ slug: 'lytic-cocktail', name: 'lytic cocktail', synonyms: [] }] as unknown as TreatmentTerm[] // its names are all that is read
const review = (name: string, change: { readonly comparator?: string | null; readonly subgroup?: string | null } = {}) => ({
  name,
  comparator: null,
  subgroup: null,
  ...change,
})

test.each([
  [review('atrial fibrillation'), 'INACTIVE'],
  [review('serum magnesium (mmol/L)'), 'INACTIVE'],
  [review('colorectal cancer, highest against lowest intake'), 'EXPOSURE:DIETARY_INTAKE'],
  [review('death from any cause, lower serum magnesium'), 'EXPOSURE:SERUM'],
  [review('recurrent fits, against lytic cocktail'), 'ACTIVE:lytic-cocktail'],
  [review('recurrent fits', { comparator: 'placebo or no treatment' }), 'INACTIVE'],
  [review('recurrent fits, against something unheard of'), null],
])('%j is of the comparison %s', (words, key) => {
  expect(comparisonOfReview(words, treatments)).toBe(key)
})

test('a subgroup stands beside a row only if it names the comparator', () => {
  expect(isBeside(review('pain', { subgroup: 'placebo-controlled trials' }), 'INACTIVE', treatments)).toBe(true)
  expect(isBeside(review('pain', { subgroup: 'mothers' }), 'INACTIVE', treatments)).toBe(false)
  expect(isBeside(review('pain'), 'ACTIVE:lytic-cocktail', treatments)).toBe(false)
})
