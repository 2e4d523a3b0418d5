import { funnelSvg } from '../../src/plots/funnel.svg.js'
import { funnelTable } from '../../src/plots/funnel.js'
import { elements, funnelOf } from './samples.js'

const study = (label: string, estimate: number, standardError: number, imputed = false) => ({ label, estimate, standardError, imputed })
const three = [study('Large', 0, 0.1), study('Middle', -0.5, 0.5), study('Small', -1, 1)]

/** The circle drawn for a study. */
function circleOf(svg: string, label: string): Record<string, string> | undefined {
  return elements(svg.slice(0, svg.indexOf(`<title>${label}</title>`)), 'circle').at(-1)
}

test('large studies stand at the top: standard errors grow downwards, in proportion', () => {
  const svg = funnelSvg(funnelOf(three), 'light')
  const [large, middle, small] = three.map(({ label }) => Number(circleOf(svg, label)?.cy))
  // 0.5 − 0.1 against 1 − 0.5
  expect(((middle ?? NaN) - (large ?? NaN)) / ((small ?? NaN) - (middle ?? NaN))).toBeCloseTo(0.8, 2)
  expect(small).toBeGreaterThan(large ?? NaN)
})

test('the region is a triangle with its tip at the first line, 1.96 standard errors wide to each side', () => {
  const svg = funnelSvg(funnelOf(three, { lines: [{ label: 'pooled', estimate: -0.5 }] }), 'light')
  const outline = [...(elements(svg, 'path')[0]?.d ?? '').matchAll(/[ML]([\d.]+),([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const)
  const xs = outline.map(([x]) => x)
  const [large, middle] = three.map(({ label }) => Number(circleOf(svg, label)?.cx))
  const unit = 2 * ((large ?? NaN) - (middle ?? NaN))
  // The bottom lies 5% below the largest standard error, 1; normal quantile 1.959964.
  expect(Math.max(...xs)).toBeCloseTo((middle ?? NaN) + 1.959964 * 1.05 * unit, 0)
  expect(Math.min(...xs)).toBeCloseTo((middle ?? NaN) - 1.959964 * 1.05 * unit, 0)
  expect(outline.find(([, y]) => y === Math.min(...outline.map(([, each]) => each)))?.[0]).toBeCloseTo(middle ?? NaN, 0)
})

test('imputed studies are hollow and counted apart', () => {
  const svg = funnelSvg(funnelOf([...three, study('mirror', 0.6, 1, true)]), 'light')
  expect(circleOf(svg, 'mirror')?.fill).toContain('--plot-background')
  expect(circleOf(svg, 'Small')?.fill).toContain('--plot-ink')
  expect(svg).toContain('studies (3)')
  expect(svg).toContain('imputed by trim and fill (1)')
})

test('contours are named in the legend, and only where they are drawn', () => {
  expect(funnelSvg(funnelOf(three, { contours: true }), 'light')).toContain('0.05 &lt; p ≤ 0.1')
  expect(funnelSvg(funnelOf(three), 'light')).not.toContain('0.05 &lt; p')
})

test('ten thousand studies are drawn, every one, in less than half a megabyte', () => {
  const points = Array.from({ length: 10_000 }, (_, index) => study(`Trial ${index}`, Math.sin(index) / 4, 0.1 + (index % 100) / 500))
  const svg = funnelSvg(funnelOf(points), 'light')
  expect(svg.match(/h0/g)).toHaveLength(10_000)
  expect(svg.length).toBeLessThan(500_000)
})

test('a study far out is an arrow at the edge, and does not press the others together', () => {
  const crowd = Array.from({ length: 9 }, (_, index) => study(`Trial ${index}`, index / 10, 0.2 + index / 20))
  const far = [study('far', 50, 0.3), study('wide', 0.5, 40)]
  const [near, all] = [crowd, [...crowd, ...far]].map((points) => funnelSvg(funnelOf(points), 'light'))
  expect(all).toContain('beyond the axes (2)')
  expect(circleOf(all ?? '', 'Trial 8')?.cy).toBe(circleOf(near ?? '', 'Trial 8')?.cy)
})

test.each([
  ['no study', []],
  ['one study', three.slice(0, 1)],
  ['identical studies', [three[1], three[1]].flatMap((point) => point ?? [])],
  ['a study without a standard error', [study('NaN', 0.1, NaN), study('negative', 0.1, -1), ...three]],
])('%s is still a whole picture', (_, points) => {
  const svg = funnelSvg(funnelOf(points, { contours: true, lines: [{ label: 'pooled', estimate: 0.2 }] }), 'print')
  expect(svg).toMatch(/^<svg .*<\/svg>$/s)
  expect(svg).not.toMatch(/"[^"]*(NaN|Infinity)[^"]*"/)
})

test('the table says which studies are imputed, and shows ratios as ratios', () => {
  const table = funnelTable(
    funnelOf([study('Small', Math.log(0.5), 0.25), study('mirror', 0, 0.25, true)], { lines: [{ label: 'pooled', estimate: Math.log(0.8) }] }),
  )
  expect(table.columns).toEqual(['Study', 'Odds ratio', 'Standard error of the logarithm', 'Kind'])
  expect(table.rows).toEqual([
    ['Small', '0.50', '0.250', 'study'],
    ['mirror', '1.00', '0.250', 'imputed'],
    ['pooled', '0.80', '', 'pooled'],
  ])
})
