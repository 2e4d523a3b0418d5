import fc from 'fast-check'
import { forestSvg } from '../../src/plots/forest.svg.js'
import { forestTable, forestTableHtml } from '../../src/plots/forest.table.js'
import { forestText } from '../../src/plots/forest.text.js'
import { type ForestPlot } from '../../src/plots/forest.js'
import { palettes } from '../../src/plots/theme.js'
import { elements, forestOf, groupOf, pooled, row } from './samples.js'

const light = palettes.light
const usual = [row('Smith 1986', [0.27, 0.06, 1.35], 2.7), row('Wu 1992', [0.31, 0.11, 0.92], 4.7), row('Woods 1992', [0.74, 0.56, 0.99], 11.4)]

/** Where a displayed ratio stands, read off the ticks of the drawing itself. */
function positionIn(svg: string, ratio: number): number {
  const tick = (label: string) => Number(elements(svg.slice(0, svg.indexOf(`>${label}</text>`) + 1), 'text').at(-1)?.x)
  return tick('1') + ((tick('0.1') - tick('1')) / Math.log(0.1)) * Math.log(ratio)
}

test('a study stands at its estimate, its whiskers reach from limit to limit', () => {
  const svg = forestSvg(forestOf([row('Small', [0.1, 0.04, 0.25]), row('Large', [0.5, 0.25, 1])]), 'light')
  const [square] = elements(groupOf(svg, 'Large'), 'rect')
  const [whisker] = elements(groupOf(svg, 'Large'), 'line')
  expect(Number(square?.x) + Number(square?.width) / 2).toBeCloseTo(positionIn(svg, 0.5), 1)
  expect(Number(whisker?.x1)).toBeCloseTo(positionIn(svg, 0.25), 1)
  expect(Number(whisker?.x2)).toBeCloseTo(positionIn(svg, 1), 1)
})

test('squares have areas in proportion to the weights', () => {
  const svg = forestSvg(forestOf([row('Quarter', [0.5, 0.3, 0.8], 20), row('Whole', [0.5, 0.3, 0.8], 80)]), 'light')
  const [quarter, whole] = ['Quarter', 'Whole'].map((label) => Number(elements(groupOf(svg, label), 'rect')[0]?.width))
  expect((whole ?? NaN) / (quarter ?? NaN)).toBeCloseTo(2, 2)
})

test('a diamond spans the interval of the pooled effect', () => {
  const svg = forestSvg(forestOf(usual, { pooled: pooled('All studies', [0.58, 0.44, 0.77]) }), 'light')
  const points = [...(elements(groupOf(svg, 'All studies'), 'path')[0]?.d ?? '').matchAll(/[ML]([\d.]+),/g)].map(([, x]) => Number(x))
  expect(Math.min(...points)).toBeCloseTo(positionIn(svg, 0.44), 1)
  expect(Math.max(...points)).toBeCloseTo(positionIn(svg, 0.77), 1)
})

test('what goes on beyond the axis is cut off there and ends in an arrow', () => {
  const svg = forestSvg(forestOf([...usual, row('Extreme', [0.9, 0.0001, 9000])]), 'light')
  const [whisker] = elements(groupOf(svg, 'Extreme'), 'line')
  expect(elements(groupOf(svg, 'Extreme'), 'path')).toHaveLength(2)
  expect(elements(groupOf(svg, 'Wu 1992'), 'path')).toHaveLength(0)
  expect(Number(whisker?.x1)).toBeGreaterThan(100)
  expect(Number(whisker?.x2)).toBeLessThan(900)
  expect(svg).toContain('goes on beyond the axis')
})

const findings: readonly (readonly [string, readonly [number, number, number], Partial<ForestPlot>, string])[] = [
  ['below 1 where less is better: benefit', [0.5, 0.3, 0.9], {}, light.benefit],
  ['above 1 where less is better: harm', [2, 1.5, 3], {}, light.harm],
  ['above 1 where more is better: benefit', [2, 1.5, 3], { benefitSide: 'RIGHT' }, light.benefit],
  ['across 1: no clear difference, not benefit', [0.5, 0.2, 1.1], {}, light.unclear],
  ['up to 1 exactly: no clear difference', [0.5, 0.2, 1], {}, light.unclear],
  ['nobody said which side is better', [0.5, 0.3, 0.9], { benefitSide: null }, light.clear],
]

test.each(findings)('colour says what the interval says: %s', (_, effect, changes, colour) => {
  const group = groupOf(forestSvg(forestOf([row('Study', effect)], changes), 'light'), 'Study')
  expect(elements(group, 'rect')[0]?.fill).toContain(colour)
  expect(elements(group, 'line')[0]?.stroke).toContain(colour)
})

test('a study without an interval claims nothing', () => {
  const group = groupOf(forestSvg(forestOf([row('Bare', [0.5, null, null]), ...usual]), 'light'), 'Bare')
  expect(elements(group, 'rect')[0]?.fill).toContain(light.unclear)
  expect(elements(group, 'line')).toEqual([])
})

test.each([1, 40, 200])('every one of %d studies has its row', (count) => {
  const labels = Array.from({ length: count }, (_, index) => `Trial ${index + 1} of many`)
  const svg = forestSvg(forestOf(labels.map((label) => row(label, [0.8, 0.5, 1.2]))), 'light')
  expect(labels.filter((label) => !svg.includes(`>${label}</text>`))).toEqual([])
  expect(svg).not.toMatch(/NaN|Infinity/)
})

test('more than 200 studies are counted, not drawn, and all stand in the table', () => {
  const plot = forestOf(
    Array.from({ length: 201 }, (_, index) => row(`Trial ${index}`, [0.8, 0.5, 1.2])),
    { pooled: pooled('All', [0.8, 0.75, 0.85]) },
  )
  const svg = forestSvg(plot, 'light')
  expect(svg).toContain('… 201 more studies, not drawn one by one')
  expect(svg).not.toContain('Trial 7')
  expect(forestTable(plot).rows).toHaveLength(202)
})

test('a group without studies says so', () => {
  const groups = [
    { heading: 'Oxide', rows: usual, pooled: pooled('Subtotal', [0.6, 0.4, 0.9]) },
    { heading: 'Taurate', rows: [], pooled: null },
  ]
  const svg = forestSvg(forestOf([], { groups }), 'light')
  expect(svg).toContain('>Taurate</text>')
  expect(svg).toContain('>no studies</text>')
})

test('the same plot gives the same bytes', () => {
  expect(forestSvg(forestOf(usual), 'dark')).toBe(forestSvg(forestOf(structuredClone(usual)), 'dark'))
})

test('the picture is one image with a title and a description', () => {
  const svg = forestSvg(forestOf(usual), 'light')
  const [root] = elements(svg, 'svg')
  expect(root?.role).toBe('img')
  expect(svg).toContain(`<title id="${root?.['aria-labelledby']}">Deaths</title>`)
  expect(svg).toContain(`<desc id="${root?.['aria-describedby']}">Between 0.44 and 0.77 (95% interval), most likely 0.58.</desc>`)
})

test('two pictures in one page have ids of their own', () => {
  const ids = [forestOf(usual), forestOf(usual.slice(1))].map((plot) => elements(forestSvg(plot, 'light'), 'svg')[0]?.['aria-labelledby'])
  expect(new Set(ids).size).toBe(2)
})

const attack = '<script>alert(1)</script>" onload="x" & \u0007\u001b[31m\u202eevil'

test('text of strangers is text: no markup, no control characters, no direction overrides', () => {
  const rows = [{ ...row(attack, [0.5, 0.3, 0.9]), details: [attack] }]
  const groups = [{ heading: attack, rows, pooled: { ...pooled(attack, [0.5, 0.3, 0.9]), note: attack } }]
  const plot = forestOf([], { title: attack, description: attack, measure: attack, favoursLeft: attack, detailHeadings: [attack], groups, notes: [attack] })
  for (const drawn of [forestSvg(plot, 'light'), forestTableHtml(plot)]) {
    expect(drawn).toContain('&lt;script&gt;')
    expect(drawn).not.toContain('<script')
    expect(drawn).not.toContain('onload="')
  }
  for (const drawn of [forestSvg(plot, 'light'), forestTableHtml(plot), forestText(plot, 100).replaceAll('\n', '')])
    expect(drawn).not.toMatch(/[\p{Cc}\u202e]/u)
})

test('the table holds every row as drawn', () => {
  const groups = [{ heading: 'Intravenous', rows: [{ ...row('Wu 1992', [0.31, 0.11, 0.998], 4.7), details: ['5/125', '12/102'] }], pooled: null }]
  const all = { ...pooled('All studies', [0.58, 0.44, 0.77]), predictionLower: 0.23, predictionUpper: 1.45 }
  expect(forestTable(forestOf([], { detailHeadings: ['Magnesium', 'Control'], groups, pooled: all }))).toEqual({
    caption: 'Deaths',
    columns: ['Study', 'Group', 'Magnesium', 'Control', 'Odds ratio', '95% interval, lower', '95% interval, upper', 'Weight (%)'],
    rows: [
      // Two decimals would round the upper limit to 1.00, which the interval excludes.
      ['Wu 1992', 'Intravenous', '5/125', '12/102', '0.31', '0.11', '0.998', '4.7'],
      ['All studies', 'All', '', '', '0.58', '0.44', '0.77', ''],
      ['95% prediction interval', 'All', '', '', '', '0.23', '1.45', ''],
    ],
  })
})

test('the table as HTML names its columns and rows for screen readers', () => {
  const html = forestTableHtml(forestOf(usual))
  expect(html).toMatch(/^<table class="plot-table"><caption>Deaths<\/caption><thead><tr><th scope="col">Study<\/th>/)
  expect(html.match(/<th scope="row">/g)).toHaveLength(3)
})

test('long labels are shortened with …, whole in the table', () => {
  const label = `The ${'very '.repeat(40)}long trial`
  const plot = forestOf([row(label, [0.5, 0.3, 0.9])])
  expect(forestSvg(plot, 'light')).toMatch(/>The very [a-z ]+…<\/text>/)
  expect(forestTable(plot).rows[0]?.[0]).toBe(label)
})

describe('in a terminal', () => {
  const plot = forestOf([...usual, row('硫酸镁 1998', [0.9, 0.00001, 90000])], { pooled: pooled('All', [0.58, 0.44, 0.77]) })

  test('arrows end what goes on beyond the axis, a diamond stands for the pooled effect', () => {
    const lines = forestText(plot, 90).split('\n')
    expect(lines.find((line) => line.startsWith('硫酸镁'))).toMatch(/◄─+.*─+►/)
    expect(lines.find((line) => line.startsWith('All'))).toMatch(/━*◆━*.*0\.58 \[0\.44, 0\.77\]/)
  })

  test('the line of no effect stands in one column', () => {
    const columns = forestText(forestOf(usual), 90)
      .split('\n')
      .filter((line) => /^(Smith|Wu|Woods)/.test(line))
      .map((line) => line.search(/[│┼]/))
    expect(new Set(columns).size).toBe(1)
  })

  test('the signs are ASCII where that is asked', () => {
    expect(forestText(forestOf(usual, { pooled: pooled('All', [0.58, 0.44, 0.77]) }), 80, 'ASCII')).toMatch(/^[\n\x20-\x7e]+$/)
  })

  test('no line is longer than the terminal is wide, whatever the numbers', () => {
    const number = fc.double({ min: 1e-6, max: 1e6, noNaN: true })
    const study = fc.tuple(fc.string(), number, number, number).map(([label, ...effect]) => row(label, effect))
    fc.assert(
      fc.property(fc.array(study, { maxLength: 6 }), fc.integer({ min: 60, max: 200 }), (rows, width) => {
        const longest = Math.max(
          ...forestText(forestOf(rows), width)
            .split('\n')
            .map((line) => line.length),
        )
        expect(longest).toBeLessThanOrEqual(width)
      }),
      { numRuns: 60 },
    )
  })

  test('a width without room is refused', () => {
    expect(() => forestText(plot, 40)).toThrow(new RangeError('a forest plot takes at least 60 columns, got 40'))
  })
})
