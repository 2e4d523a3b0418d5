import fc from 'fast-check'
import { axisOf, displayed } from '../../src/plots/axis.js'
import { forestExtent } from '../../src/plots/extent.js'

const ratio = fc.double({ min: 1.01, max: 50, noNaN: true })
const logAxis = axisOf({ scale: 'LOG', extent: [0.01, 100], range: [100, 500], fontSize: 12 })

test('on the log scale equal ratios lie at equal distances', () => {
  fc.assert(
    fc.property(ratio, fc.double({ min: 0.02, max: 1, noNaN: true }), (times, from) => {
      const atOne = logAxis.position(times) - logAxis.position(1)
      expect(logAxis.position(from * times) - logAxis.position(from)).toBeCloseTo(atOne, 9)
    }),
  )
})

test('1 stands in the middle between a ratio and its inverse', () => {
  // 0.01 and 100 are the ends of the axis, at 100 and 500 pixels.
  expect(logAxis.position(1)).toBeCloseTo(300, 9)
  fc.assert(fc.property(ratio, (times) => expect((logAxis.position(times) + logAxis.position(1 / times)) / 2).toBeCloseTo(300, 9)))
})

test('a correlation and its opposite lie equally far from zero, where Fisher z puts them', () => {
  const axis = axisOf({ scale: 'FISHER_Z', extent: [-0.9, 0.9], range: [0, 200], fontSize: 12 })
  expect(axis.position(0)).toBeCloseTo(100, 9)
  // atanh 0.5 / atanh 0.9 = 0.373114
  expect(axis.position(0.5)).toBeCloseTo(100 + 37.3114, 3)
  expect(axis.position(-0.5)).toBeCloseTo(100 - 37.3114, 3)
})

const ticks: readonly (readonly [string, Parameters<typeof axisOf>[0], readonly string[]])[] = [
  ['ratios over two decades', { scale: 'LOG', extent: [0.09, 11], range: [0, 400], fontSize: 12 }, ['0.1', '0.2', '0.5', '1', '2', '5', '10']],
  [
    'ratios close to 1',
    { scale: 'LOG', extent: [0.88, 1.05], range: [0, 400], fontSize: 12 },
    ['0.88', '0.9', '0.92', '0.94', '0.96', '0.98', '1', '1.02', '1.04'],
  ],
  ['ratios over twelve decades', { scale: 'LOG', extent: [1e-6, 1e6], range: [0, 160], fontSize: 12 }, ['10⁻⁶', '0.001', '1', '1000', '10⁶']],
  ['differences below zero', { scale: 'IDENTITY', extent: [-9, -1], range: [0, 200], fontSize: 12 }, ['−9', '−8', '−7', '−6', '−5', '−4', '−3', '−2', '−1']],
]

test.each(ticks)('ticks are round: %s', (_, wanted, labels) => {
  expect(axisOf(wanted).ticks.map(({ label }) => label)).toEqual(labels)
})

const span = fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: 0.01, max: 3, noNaN: true })).map(([middle, half]) => ({
  estimate: Math.exp(middle),
  ciLower: Math.exp(middle - half),
  ciUpper: Math.exp(middle + half),
}))

test('no effect is always on the axis, and so is the middle of the studies', () => {
  fc.assert(
    fc.property(fc.array(span, { minLength: 1, maxLength: 20 }), (studies) => {
      const [lower, upper] = forestExtent('LOG', { studies, pooled: [], noEffect: 1 })
      const middle = studies.map(({ estimate }) => estimate).sort((one, other) => one - other)[Math.floor(studies.length / 2)] ?? NaN
      expect(lower).toBeLessThan(Math.min(1, middle))
      expect(upper).toBeGreaterThan(Math.max(1, middle))
    }),
  )
})

test('one interval from 0.001 to 900 does not stretch the axis of the others', () => {
  const usual = [0.5, 0.7, 0.9, 1.1, 1.3].map((estimate) => ({ estimate, ciLower: estimate / 1.5, ciUpper: estimate * 1.5 }))
  const extreme = { estimate: 1, ciLower: 0.001, ciUpper: 900 }
  const [lower, upper] = forestExtent('LOG', { studies: [...usual, extreme], pooled: [], noEffect: 1 })
  expect(lower).toBeGreaterThan(0.2)
  expect(upper).toBeLessThan(4)
})

test.each([
  ['LOG', 1],
  ['FISHER_Z', 0],
  ['IDENTITY', 0],
] as const)('%s: nothing at all still makes an axis around no effect', (scale, noEffect) => {
  const [lower, upper] = forestExtent(scale, { studies: [], pooled: [], noEffect })
  expect(displayed(scale, 0)).toBe(noEffect)
  expect(lower).toBeLessThan(noEffect)
  expect(upper).toBeGreaterThan(noEffect)
})
