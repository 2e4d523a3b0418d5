import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const trials = { identifiers: ['10.1002/14651858.CD002755.pub2'], outcomes: ['all-cause-mortality'], measures: ['OR'], timepointDays: { lte: 35 } }
const plot = (file: string, parameters: Record<string, string> = { filter: JSON.stringify(trials) }) =>
  fetch(`${service.url}/plots/${file}?${new URLSearchParams(parameters).toString()}`)

test.each([
  ['forest.svg', 'image/svg+xml; charset=utf-8'],
  ['forest.png', 'image/png'],
  ['forest.html', 'text/html; charset=utf-8'],
  ['forest.txt', 'text/plain; charset=utf-8'],
  ['forest.csv', 'text/csv; charset=utf-8; header=present'],
  ['forest.R', 'text/plain; charset=utf-8'],
  ['funnel.svg', 'image/svg+xml; charset=utf-8'],
  ['funnel.png', 'image/png'],
  ['funnel.html', 'text/html; charset=utf-8'],
  ['baujat.svg', 'image/svg+xml; charset=utf-8'],
  ['baujat.png', 'image/png'],
  ['baujat.html', 'text/html; charset=utf-8'],
])('%s is %s', async (file, type) => {
  const response = await plot(file)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe(type)
  expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(1_000)
})

test('the addresses that a synthesis gives answer with its own numbers', async () => {
  const { synthesis } = await service.ask(
    'query ($input: SynthesisInput!) { synthesis(input: $input) { estimate forestPlotUrl funnelPlotUrl contributions { label } } }',
    { input: { filter: trials, model: 'COMMON_EFFECT', level: 0.9 } },
  )
  const svg = await (await fetch(new URL(synthesis.forestPlotUrl, service.url))).text()
  expect(svg).toContain('0.99')
  expect(svg).toContain('90%')
  for (const { label } of synthesis.contributions) expect(svg).toContain(label)
  expect((await fetch(new URL(synthesis.funnelPlotUrl, service.url))).status).toBe(200)
})

test('a synthesis with one moderator has a bubble plot: the effects that tell it, and their regression', async () => {
  const query =
    'query ($input: SynthesisInput!) { synthesis(input: $input) { bubblePlotUrl baujatPlotUrl metaRegression { k coefficients { estimate ciLower ciUpper } } } }'
  const { synthesis } = await service.ask(query, { input: { filter: trials, moderators: ['YEAR'] } })
  const svg = await (await fetch(new URL(synthesis.bubblePlotUrl, service.url))).text()
  expect(svg.match(/<circle[^>]*><title>/g)).toHaveLength(synthesis.metaRegression.k)
  const { estimate, ciLower, ciUpper } = synthesis.metaRegression.coefficients[1]
  const [lower, upper, best] = [ciLower, ciUpper, estimate].map((value) => Number(Math.exp(value).toPrecision(3)))
  expect(svg).toContain(`is multiplied by between ${lower} and ${upper} (95% confidence interval), best estimate ${best}`)
  const table = await (await fetch(new URL(synthesis.bubblePlotUrl.replace('.svg', '.html'), service.url))).text()
  expect(table).toContain('Year of the main report')
  expect((await fetch(new URL(synthesis.baujatPlotUrl, service.url))).status).toBe(200)
  for (const moderators of [[], ['YEAR', 'PARTICIPANTS']])
    expect((await service.ask(query, { input: { filter: trials, moderators } })).synthesis.bubblePlotUrl).toBeNull()
})

test('the same address gives the same bytes', async () => {
  expect(await (await plot('forest.svg')).text()).toBe(await (await plot('forest.svg')).text())
})

test('a picture has a title, a description with the interval first, and runs nothing', async () => {
  const response = await plot('forest.svg', { filter: JSON.stringify(trials), asCountedBy: 'li-2007' })
  expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; style-src 'unsafe-inline'")
  const svg = await response.text()
  expect(svg).toMatch(/<title[^>]*>Magnesium against placebo or no treatment: death from any cause, acute myocardial infarction<\/title>/)
  expect(svg).toMatch(/<desc[^>]*>Odds ratio between 0\.424 and 0\.792 \(95 % confidence interval\), best estimate 0\.579/)
})

test('subgroups stand under their names', async () => {
  const svg = await (
    await plot('forest.svg', {
      filter: JSON.stringify({ conditions: ['depression'] }),
      measure: 'SMD',
      across: 'EVIDENCE_CLASSES,COMPARISONS,EXPOSURES,OUTCOMES',
      subgroupBy: 'DESIGN',
    })
  ).text()
  expect(svg).toContain('cross-sectional')
})

test('themes differ, and a PNG is as wide as asked', async () => {
  const filter = JSON.stringify(trials)
  expect(await (await plot('forest.svg', { filter, theme: 'dark' })).text()).not.toBe(await (await plot('forest.svg', { filter })).text())
  const png = Buffer.from(await (await plot('funnel.png', { filter, width: '640' })).arrayBuffer())
  expect(png.readUInt32BE(16)).toBe(640)
})

test.each([
  ['no filter', 'forest.svg', {}, 400, 'BAD_PARAMETER'],
  ['a filter that is no JSON', 'forest.svg', { filter: '{' }, 400, 'BAD_PARAMETER'],
  ['a field that the filter has not', 'forest.svg', { filter: '{"condition":["depression"]}' }, 400, 'BAD_PARAMETER'],
  ['a choice that there is not', 'forest.svg', { filter: '{}', model: 'FIXED' }, 400, 'BAD_PARAMETER'],
  ['a parameter that there is not', 'forest.svg', { filter: '{}', colour: 'red' }, 400, 'BAD_PARAMETER'],
  ['an unknown term', 'forest.svg', { filter: '{"conditions":["migrane"]}' }, 400, 'UNKNOWN_TERM'],
  ['a level of 95', 'forest.svg', { filter: JSON.stringify(trials), level: '95' }, 400, 'LEVEL_OUT_OF_RANGE'],
  ['a level that is no number', 'forest.svg', { filter: JSON.stringify(trials), level: 'high' }, 400, 'BAD_PARAMETER'],
  ['nothing to pool', 'funnel.svg', { filter: '{"conditions":["depression"],"year":{"lte":1900}}' }, 400, 'NOTHING_TO_POOL'],
  ['a bubble plot of no moderator', 'bubble.svg', { filter: JSON.stringify(trials) }, 400, 'ONE_MODERATOR_NEEDED'],
  ['a bubble plot of two', 'bubble.svg', { filter: JSON.stringify(trials), moderators: 'YEAR,PARTICIPANTS' }, 400, 'ONE_MODERATOR_NEEDED'],
  ['a bubble plot as CSV', 'bubble.csv', { filter: JSON.stringify(trials) }, 404, undefined],
  ['an unknown theme', 'forest.svg', { filter: '{}', theme: 'pink' }, 400, 'BAD_PARAMETER'],
  ['a width beyond the limit', 'forest.png', { filter: '{}', width: '40000' }, 400, 'BAD_PARAMETER'],
  ['another file', 'forest.gif', { filter: '{}' }, 404, undefined],
  ['another plot', 'galaxy.svg', { filter: '{}' }, 404, undefined],
] as const)('%s is a coded error', async (_, file, parameters, status, reason) => {
  const response = await plot(file, parameters)
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { ...(reason !== undefined && { reason }), requestId: expect.any(String) } }] })
})

test('a parameter given twice is refused', async () => {
  const response = await fetch(`${service.url}/plots/forest.svg?filter=${encodeURIComponent('{}')}&level=0.9&level=0.8`)
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { reason: 'REPEATED_PARAMETER', argument: 'level' } }] })
})
