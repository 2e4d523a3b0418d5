import { parse } from 'csv-parse/sync'
import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
  // A name with markup in it and a beginning that spreadsheets take for a formula, as a corpus may hold.
  await service.database.pool.query(`UPDATE outcome SET name = '=<b>death</b> & "all" causes' WHERE slug = 'cardiovascular-mortality'`)
})
afterAll(() => service.stop())

const file = (name: string, parameters = '', init: RequestInit = {}) => fetch(`${service.url}/summary-of-findings/${name}${parameters}`, init)
const condition = 'acute-myocardial-infarction'
const asked = async (argument = '') => {
  const fields =
    'outcome { slug name } studies participants statement relative { estimate ciLower ciUpper } certainty { level judgements { reason } } perThousand { difference }'
  const found = await service.ask(
    `{ condition(ref: "${condition}") { summaryOfFindings${argument} { htmlUrl csvUrl pngUrl rows { ${fields} } moreRows { ${fields} } } } }`,
  )
  return found.condition.summaryOfFindings
}

test.each([
  ['html', 'text/html; charset=utf-8'],
  ['csv', 'text/csv; charset=utf-8; header=present'],
  ['svg', 'image/svg+xml; charset=utf-8'],
  ['png', 'image/png'],
])('.%s is %s, may run nothing, and is asked for again by its tag', async (format, type) => {
  const response = await file(`${condition}.${format}`)
  expect([response.status, response.headers.get('content-type')]).toEqual([200, type])
  expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; style-src 'unsafe-inline'")
  expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(500)
  const tag = response.headers.get('etag') ?? ''
  const again = await file(`${condition}.${format}`, '', { headers: { 'if-none-match': tag } })
  expect([again.status, await again.text(), again.headers.get('vary')]).toEqual([304, '', response.headers.get('vary')])
  expect((await file(`${condition}.${format}`, '?baselineRisk=0.3', { headers: { 'if-none-match': tag } })).status).toBe(200)
})

test('the addresses in the API give the rows of the API', async () => {
  const { htmlUrl, csvUrl, pngUrl, rows, moreRows } = await asked('(baselineRisk: 0.2)')
  for (const url of [htmlUrl, csvUrl, pngUrl]) expect((await fetch(new URL(url, service.url))).status).toBe(200)
  const records: Record<string, string>[] = parse(await (await fetch(new URL(csvUrl, service.url))).text(), { columns: true })
  const all = [...rows, ...moreRows]
  expect(
    records.map(({ outcome, studies, participants, estimate, ci_lower, certainty, per_thousand_difference }) => ({
      outcome,
      studies,
      participants,
      estimate,
      ci_lower,
      certainty,
      per_thousand_difference,
    })),
  ).toEqual(
    all.map(({ outcome, studies, participants, relative, certainty, perThousand }) => ({
      outcome: outcome.slug,
      studies: String(studies),
      participants: String(participants ?? ''),
      estimate: String(relative?.estimate ?? ''),
      ci_lower: String(relative?.ciLower ?? ''),
      certainty: certainty?.level ?? '',
      per_thousand_difference: String(perThousand?.difference ?? ''),
    })),
  )
})

test('the page holds every sentence and every reason of certainty, and names are text in it', async () => {
  const { rows } = await asked()
  const html = await (await file(`${condition}.html`)).text()
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
  for (const { statement, certainty } of rows) {
    expect([html.includes(statement) || html.includes(escaped(statement)), statement]).toEqual([true, statement])
    for (const { reason } of certainty?.judgements ?? []) expect([html.includes(reason) || html.includes(escaped(reason)), reason]).toEqual([true, reason])
  }
  for (const text of [html, await (await file(`${condition}.svg`)).text()]) {
    expect(text).not.toContain('<b>death')
    expect(text).not.toMatch(/<script/i)
  }
  expect(await (await file(`${condition}.csv`)).text()).toContain(`"'=<b>death</b> & ""all"" causes"`)
})

test.each([
  [`${condition}.pdf`, '', 404, 'NOT_FOUND'],
  [condition, '', 404, 'NOT_FOUND'],
  ['no-such-thing.html', '', 400, 'BAD_USER_INPUT'],
  [`${condition}.html`, '?comparison=PLACEBO', 400, 'BAD_USER_INPUT'],
  [`${condition}.html`, '?comparison=ACTIVE&agent=nimodipine', 404, 'NOT_FOUND'],
  [`${condition}.html`, '?baselineRisk=1.2', 400, 'BAD_USER_INPUT'],
  [`${condition}.html`, '?baselineRisk=', 400, 'BAD_USER_INPUT'],
  [`${condition}.html`, '?theme=pink', 400, 'BAD_USER_INPUT'],
  [`${condition}.png`, '?width=99999', 400, 'BAD_USER_INPUT'],
  [`${condition}.html`, '?colour=red', 400, 'BAD_USER_INPUT'],
  [`${condition}.html`, '?agent=a&agent=b', 400, 'BAD_USER_INPUT'],
])('%s%s is refused with %i %s', async (name, parameters, status, code) => {
  const response = await file(name, parameters)
  expect(response.status).toBe(status)
  expect(await response.text()).toContain(code)
})

test('the same address gives the same bytes', async () => {
  for (const format of ['html', 'csv', 'svg'])
    expect(await (await file(`${condition}.${format}`)).text()).toBe(await (await file(`${condition}.${format}`)).text())
})
