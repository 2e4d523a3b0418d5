import { scatterSvg } from '../../src/plots/scatter.svg.js'
import { scatterTable, type ScatterPlot } from '../../src/plots/scatter.js'
import { elements } from './samples.js'

const plotOf = (changes: Partial<ScatterPlot> = {}): ScatterPlot => ({
  title: 'Deaths',
  description: 'Later trials found less.',
  x: { label: 'Year', scale: 'IDENTITY' },
  y: { label: 'Odds ratio', scale: 'LOG' },
  points: [
    { label: 'Early', x: 1990, y: Math.log(0.25), area: 0.25 },
    { label: 'Middle', x: 1995, y: Math.log(0.5), area: 0 },
    { label: 'Late', x: 2000, y: 0, area: 1 },
  ],
  areaMeans: 'a smaller variance',
  line: null,
  noEffect: true,
  named: 0,
  notes: [],
  ...changes,
})

/** The circle drawn for a study. */
const circleOf = (svg: string, label: string) => elements(svg.slice(0, svg.indexOf(`<title>${label}</title>`)), 'circle').at(-1) ?? {}
const [early, middle, late] = ['Early', 'Middle', 'Late'].map((label) => circleOf(scatterSvg(plotOf(), 'light'), label))

test('both axes are in proportion, the upper one by its logarithm and upwards', () => {
  const steps = (name: string) => [early, middle, late].map((circle) => Number(circle?.[name]))
  for (const [first = NaN, second = NaN, third = NaN] of [steps('cx'), steps('cy')]) expect((second - first) / (third - second)).toBeCloseTo(1, 1)
  expect(Number(late?.['cy'])).toBeLessThan(Number(early?.['cy']))
})

test('an upright axis has as many ticks as have room above each other', () => {
  const ticks = [...scatterSvg(plotOf(), 'light').matchAll(/text-anchor="end">([\d.]+)</g)].map(([, label]) => label)
  expect(ticks).toEqual(['0.3', '0.4', '0.5', '0.7', '1'])
})

test('areas are in proportion, and what is small can still be seen', () => {
  expect(Number(late?.['r']) / Number(early?.['r'])).toBeCloseTo(2, 2)
  expect(Number(middle?.['r'])).toBeGreaterThan(2)
})

test('a small study is drawn over a large one', () => {
  const svg = scatterSvg(plotOf(), 'light')
  expect(svg.indexOf('<title>Late</title>')).toBeLessThan(svg.indexOf('<title>Middle</title>'))
})

const through = [
  { x: 1990, estimate: -1.4, lower: -2, upper: -0.8 },
  { x: 2000, estimate: 0, lower: -0.4, upper: 0.4 },
]

test('a line stands in its band, and both in the legend and the table', () => {
  const plot = plotOf({ line: { label: 'regression', band: 'its 95% confidence interval', through } })
  const svg = scatterSvg(plot, 'light')
  expect(elements(svg, 'path')).toHaveLength(2)
  expect(svg).toContain('its 95% confidence interval')
  expect(scatterTable(plot)).toMatchObject({
    columns: ['Study', 'Year', 'Odds ratio', 'Lower limit', 'Upper limit'],
    rows: [
      ...plot.points.map(({ label }) => expect.arrayContaining([label])),
      expect.arrayContaining(['regression', '0.14', '0.45']),
      expect.arrayContaining(['regression', '1.49']),
    ],
  })
})

test('names stand beside the points furthest out, inside the picture', () => {
  const svg = scatterSvg(plotOf({ named: 1, areaMeans: null }), 'light')
  expect(svg).toMatch(/<text(?![^>]*anchor)[^>]*>Late<\/text>/)
  expect(svg).not.toMatch(/<text[^>]*>Early<\/text>/)
  const long = 'A trial with a name that has no room beside it'
  expect(
    scatterSvg(
      plotOf({
        named: 1,
        points: [
          { label: long, x: 2000, y: 0, area: 1 },
          { label: 'Early', x: 1990, y: -1, area: 1 },
        ],
      }),
      'light',
    ),
  ).toMatch(new RegExp(`<text[^>]*text-anchor="end"[^>]*>${long}</text>`))
})

test.each([
  ['no point', []],
  ['one point', [{ label: 'only', x: 3, y: 0.2, area: 1 }]],
  ['what has no place', [{ label: 'nowhere', x: NaN, y: Infinity, area: 1 }]],
])('%s gives a picture without a fault', (_, points) => {
  expect(scatterSvg(plotOf({ points }), 'dark')).toMatch(/^<svg/)
})
