import { decimalsFor, shownLevel, shownLimit, shownNumber, shownTick } from '../../src/plots/number.js'

test.each([
  [0.579349, 2, '0.58'],
  [-4.5, 2, '−4.50'],
  [-0.001, 2, '0.00'],
  [0.001, 2, '<0.01'],
  [0, 2, '0.00'],
  [123.456, 2, '123.5'],
  [30_000, 2, '30,000'],
  [2.5e7, 2, '2.5×10⁷'],
  [Infinity, 2, '∞'],
  [NaN, 2, '–'],
])('%d with %d decimals reads %s', (value, decimals, text) => {
  expect(shownNumber(value, decimals)).toBe(text)
})

test.each([
  [0.998, 1, '0.998'],
  [1.0004, 1, '1.0004'],
  [0.9999999, 1, '<1.00'],
  [1, 1, '1.00'],
  [0.94, 1, '0.94'],
  [-0.0003, 0, '−0.0003'],
])('a limit of %d does not read as no effect at %d unless it is', (limit, noEffect, text) => {
  expect(shownLimit(limit, 2, noEffect)).toBe(text)
})

test.each([
  [0.00001, '10⁻⁵'],
  [0.001, '0.001'],
  [1000, '1000'],
  [20_000, '20,000'],
  [-0.5, '−0.5'],
])('a tick at %d reads %s', (value, text) => {
  expect(shownTick(value)).toBe(text)
})

test('decimals follow the size of the numbers, ratios always have two', () => {
  expect(decimalsFor([140, -120, 3], false)).toBe(1)
  expect(decimalsFor([0.02, 0.04], false)).toBe(3)
  expect(decimalsFor([0.02, 0.04], true)).toBe(2)
  expect(decimalsFor([], false)).toBe(2)
})

test('levels are percentages without noise', () => {
  expect(shownLevel(0.95)).toBe('95%')
  expect(shownLevel(0.999)).toBe('99.9%')
})
