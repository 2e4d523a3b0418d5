import { convert, dailyDoseOf, type FormComposition } from '../../src/vocabulary/dose.js'
import { compositionOf } from '../../src/vocabulary/formula.js'

const of = (name: string, ...formulas: string[]): FormComposition => {
  const compositions = formulas.map(compositionOf)
  const span = (values: number[]) => (values.length === 0 ? null : { low: Math.min(...values), high: Math.max(...values) })
  return {
    name,
    elementalFraction: span(compositions.map(({ elementalFraction }) => elementalFraction)),
    magnesiumAtoms: span(compositions.map(({ magnesiumAtoms }) => magnesiumAtoms)),
    mayBe: formulas.length > 1 ? formulas : [],
  }
}
const oxide = of('magnesium oxide', 'MgO')
const chloride = of('magnesium chloride', 'Cl2Mg', 'Cl2H12MgO6')
const citrate = of('magnesium citrate', 'C6H6MgO7', 'C12H10Mg3O14', 'C12H28Mg3O23', 'C12H38Mg3O28')
const unspecified = of('magnesium, form not stated')

// 24.305 × atoms / molar mass, with IUPAC's abridged atomic weights
test.each([
  ['MgO', 40.304, 0.60304],
  ['Cl2Mg', 95.205, 0.25529],
  ['Cl2H12MgO6', 203.295, 0.11956],
  ['H14MgO11S', 246.466, 0.09861],
  ['C12H10Mg3O14', 451.107, 0.16163],
  ['C10H10MgN4O10', 370.517, 0.0656],
])('%s has the molar mass and elemental fraction of its atoms', (formula, molarMass, fraction) => {
  expect(compositionOf(formula).molarMass).toBeCloseTo(molarMass, 1)
  expect(compositionOf(formula).elementalFraction).toBeCloseTo(fraction, 4)
})

test.each(['', 'mgo', 'C6H12O6', 'XxMg', 'Mg(OH)2'])('"%s" is no formula of a magnesium compound', (formula) => {
  expect(() => compositionOf(formula)).toThrow(RangeError)
})

test('a salt of known composition converts to one elemental amount, and back', () => {
  const there = convert(oxide, { amount: 500, unit: 'MG', basis: 'SALT' })
  expect(there?.elementalMg.low).toBeCloseTo(301.5, 1)
  expect(there).toMatchObject({ saltMg: { low: 500, high: 500 }, note: null })
  const back = convert(oxide, { amount: there?.elementalMg.low ?? NaN, unit: 'MG', basis: 'ELEMENTAL' })
  expect(back?.saltMg?.high).toBeCloseTo(500, 9)
})

test('an open hydrate gives an interval over the compounds the name may mean, and says so', () => {
  const { elementalMg, note } = convert(chloride, { amount: 2000, unit: 'MG', basis: 'SALT' }) ?? {}
  // 2,000 mg of chloride: 239 mg as hexahydrate, 511 mg anhydrous
  expect(elementalMg?.low).toBeCloseTo(239, 0)
  expect(elementalMg?.high).toBeCloseTo(511, 0)
  expect(note).toContain('hydration')
})

test('a basis that is not stated spans salt and elemental', () => {
  expect(convert(citrate, { amount: 300, unit: 'MG', basis: 'NOT_STATED' })?.elementalMg).toEqual({ low: expect.closeTo(31.1, 1), high: 300 })
})

test.each([
  ['MMOL', 24.305],
  ['MEQ', 12.1525],
] as const)('one %s counts magnesium, whatever the salt', (unit, mg) => {
  expect(convert(citrate, { amount: 1, unit, basis: 'ELEMENTAL' })?.elementalMg).toEqual({ low: mg, high: mg })
  expect(convert(unspecified, { amount: 1, unit, basis: 'NOT_STATED' })?.elementalMg).toEqual({ low: mg, high: mg })
})

test('a mole of salt holds as much magnesium as its molecules have atoms', () => {
  expect(convert(citrate, { amount: 1, unit: 'MMOL', basis: 'SALT' })?.elementalMg).toEqual({ low: 24.305, high: 3 * 24.305 })
})

test('an unknown composition leaves a salt amount without an elemental one', () => {
  expect(convert(unspecified, { amount: 300, unit: 'MG', basis: 'SALT' })).toBeNull()
  expect(dailyDoseOf(unspecified, { amount: 300, unit: 'MG', basis: 'SALT' })).toMatchObject({
    elementalMgPerDay: null,
    note: expect.stringContaining('not known'),
  })
})

test.each([0, -1, NaN, Infinity])('an amount of %d is none', (amount) => {
  expect(() => convert(oxide, { amount, unit: 'MG', basis: 'SALT' })).toThrow(RangeError)
})

test('a reported elemental dose beats the one derived from its salt, which is kept for checking', () => {
  // Tarleton et al. (2017): 4 × 500 mg of magnesium chloride, 248 mg elemental a day
  const dose = dailyDoseOf(chloride, { amount: 248, unit: 'MG', basis: 'ELEMENTAL', reportedSaltMgPerDay: 2000 })
  expect(dose).toMatchObject({ elementalMgPerDay: { low: 248, high: 248 }, saltMgPerDay: 2000 })
  expect(dose.derivedFromSalt?.low).toBeCloseTo(239.1, 1)
  expect(dailyDoseOf(chloride, { amount: 500, unit: 'MG', basis: 'SALT', timesPerDay: 4, reportedElementalMgPerDay: 248 })).toMatchObject({
    elementalMgPerDay: { low: 248, high: 248 },
    saltMgPerDay: 2000,
  })
})

test('an amount for each administration counts as often as it is given', () => {
  expect(dailyDoseOf(oxide, { amount: 250, unit: 'MG', basis: 'SALT', timesPerDay: 2 }).elementalMgPerDay?.low).toBeCloseTo(301.5, 1)
})
