/// <reference lib="dom" />
import { readFileSync } from 'node:fs'
import { look, startLooking } from '../support/browser.js'

const looking = startLooking()

/** Nothing is asked any more. */
const settled = () => document.querySelector('[aria-busy="true"], .loading') === null

look('a condition shows one outcome pooled, and another when it is chosen', async () => {
  const { page, context, problems } = await looking.open('/conditions/acute-myocardial-infarction')
  const chosen = page.getByRole('combobox', { name: 'Outcome' })
  const outcome = await chosen.inputValue()
  const { synthesis } = await looking.service.ask('query ($filter: EvidenceFilter!) { synthesis(input: { filter: $filter }) { contributions { label } } }', {
    filter: { conditions: ['acute-myocardial-infarction'], outcomes: [outcome] },
  })
  await page.locator('.forest tbody tr').first().waitFor()
  expect(await page.locator('.forest tbody tr').count()).toBe(synthesis.contributions.length)
  const others = await chosen.locator('option').evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value))
  const other = others.find((slug) => slug !== outcome) ?? outcome
  expect(other).not.toBe(outcome)
  await chosen.selectOption(other)
  await page.waitForURL(new RegExp(`outcome=${other}`))
  expect(problems).toEqual([])
  await context.close()
})

look('effects are drawn over their elemental dose: as many as have a dose and a standardised size', async () => {
  const { evidence } = await looking.service.ask(
    '{ evidence(filter: { conditions: ["atrial-fibrillation"] }, first: 300) { nodes { standardizedBenefit intervention { doses { elementalMgPerDayLow } } } } }',
  )
  const drawn = evidence.nodes.filter(
    ({
      standardizedBenefit,
      intervention,
    }: {
      standardizedBenefit: number | null
      intervention: { doses: { elementalMgPerDayLow: number | null }[] } | null
    }) => standardizedBenefit !== null && (intervention?.doses ?? []).some(({ elementalMgPerDayLow }) => elementalMgPerDayLow !== null),
  )
  const { page, context } = await looking.open('/conditions/atrial-fibrillation')
  await page.locator('.dose-response').waitFor()
  expect(drawn.length).toBeGreaterThan(3)
  expect(await page.locator('.dose-response g[class] > title').count()).toBe(drawn.length)
  await page.getByText('As a table').click()
  expect(await page.getByRole('region', { name: 'Effects by dose' }).locator('tbody tr').count()).toBe(drawn.length)
  await context.close()
})

look('the map is saved whole, with what is scrolled out of sight', async () => {
  const { page, context } = await looking.open('/map', { viewport: { width: 600, height: 500 } })
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'SVG', exact: true }).click()])
  const svg = readFileSync(await download.path(), 'utf8')
  const { evidenceMap } = await looking.service.ask('{ evidenceMap { cells { effects } } }')
  const last = await page.locator('.map tbody th').last().innerText()
  for (const word of last.split(/\s+/)) expect(svg).toContain(`>${word}</text>`)
  expect(svg.match(/<circle/g)).toHaveLength(evidenceMap.cells.filter(({ effects }: { effects: number }) => effects > 0).length)
  await context.close()
})

look('two pages that pool are compared by their addresses', async () => {
  const of = '/synthesis?condition=acute-myocardial-infarction&outcome=all-cause-mortality'
  const { page, context } = await looking.open(`/compare?${new URLSearchParams({ from: of, to: `${of}&model=COMMON_EFFECT` }).toString()}`)
  await page.getByText('choice: model: random effects to common effect').waitFor()
  const sides = await page.locator('.sides').innerText()
  expect(sides).toMatch(/0\.53 \(0\.39 to 0\.72\)[^]*0\.99 \(0\.94 to 1\.04\)/)
  await context.close()
})

look('a pool offers to be compared with the one that was looked at before it', async () => {
  const { page, context } = await looking.open('/synthesis?condition=acute-myocardial-infarction&outcome=all-cause-mortality')
  await page.locator('.forest').waitFor()
  await page.getByRole('combobox', { name: 'Variance between studies' }).selectOption('DL')
  await page.getByRole('link', { name: /Compare with the one before/ }).click()
  await page.getByText(/estimator: REML to DL/).waitFor()
  expect(await page.locator('h1').innerText()).toBe('Compare')
  await context.close()
})

look('claims are told by verdict and topic, with the reason', async () => {
  const { claims } = await looking.service.ask(
    '{ claims(filter: { topics: [EFFICACY], verdicts: [CONTRADICTED] }, first: 100) { totalCount nodes { explanation } } }',
  )
  const { page, context } = await looking.open('/claims')
  await page.getByRole('combobox', { name: 'About' }).selectOption('EFFICACY')
  await page.getByRole('checkbox', { name: 'contradicted', exact: true }).check()
  await page.waitForURL(/topic=EFFICACY.*verdict=CONTRADICTED|verdict=CONTRADICTED.*topic=EFFICACY/)
  await page.getByText(`${claims.totalCount} claim`).first().waitFor()
  await page.waitForFunction(settled)
  expect(await page.locator('.claims > li').count()).toBe(claims.totalCount)
  expect(await page.locator('.claims').innerText()).toContain(claims.nodes[0].explanation)
  await context.close()
})

look('what is chosen and typed faster than the view can follow is not lost', async () => {
  const { page, context } = await looking.open('/claims')
  const { claims } = await looking.service.ask('{ claims(filter: { topics: [EFFICACY], verdicts: [CONTRADICTED], text: "placebo" }) { totalCount } }')
  await page.evaluate(() => {
    const labelled = (words: string) => [...document.querySelectorAll('label')].find(({ textContent }) => textContent.trim().startsWith(words))
    const choice = labelled('About')?.querySelector('select')
    const box = labelled('contradicted')?.querySelector('input')
    if (!choice || !box) throw new Error('there is nothing to choose by')
    choice.value = 'EFFICACY'
    choice.dispatchEvent(new Event('change', { bubbles: true }))
    box.click()
  })
  const slow = await context.newCDPSession(page)
  await slow.send('Emulation.setCPUThrottlingRate', { rate: 10 })
  const words = page.getByRole('searchbox', { name: 'Words' })
  await words.pressSequentially('placebo')
  expect(await words.inputValue()).toBe('placebo')
  await slow.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  await page.getByText(`${claims.totalCount} claim`).first().waitFor()
  expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ topic: 'EFFICACY', verdict: 'CONTRADICTED', q: 'placebo' })
  await context.close()
})

look('where a study was read is told, and an address leads there', async () => {
  const { study } = await looking.service.ask('{ study(slug: "rasmussen-1986") { sources { source } } }')
  const read = study.sources.map(({ source }: { source: string }) => source)
  const addresses = read.flatMap((source: string) => source.match(/https?:\/\/[^\s;]+/g) ?? [])
  expect(addresses.length).toBeGreaterThan(0)
  expect(addresses.length).toBeLessThan(read.length)
  const { page, context } = await looking.open('/studies/rasmussen-1986')
  const lines = page.getByRole('region', { name: 'Where this was read' }).getByRole('listitem')
  expect(await lines.count()).toBe(read.length)
  expect(await lines.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual(addresses)
  await context.close()
})

look('a study tells who took part, arm by arm', async () => {
  const { study } = await looking.service.ask('{ study(slug: "tarleton-2017") { arms { label } participantsRandomized } }')
  const { page, context } = await looking.open('/studies/tarleton-2017')
  expect(await page.locator('.flow .start').innerText()).toContain(`${study.participantsRandomized} randomised`)
  expect(await page.locator('.flow .arms > li strong').allInnerTexts()).toEqual(study.arms.map(({ label }: { label: string }) => label))
  await context.close()
})

look('no pool or cell is coloured as benefit whose interval includes no effect', async () => {
  const { conditions } = await looking.service.ask(
    '{ conditions(filter: { hasEvidence: true }, first: 500) { nodes { slug summaries { measure ciLower ciUpper direction } } } }',
  )
  type Summary = { measure: string | null; ciLower: number | null; ciUpper: number | null; direction: string }
  const pooled = conditions.nodes.flatMap(({ summaries }: { summaries: Summary[] }) => summaries).filter(({ ciLower }: Summary) => ciLower !== null)
  expect(pooled.length).toBeGreaterThan(50)
  const noEffect = (measure: string | null) => (['OR', 'RR', 'HR', 'IRR', 'ROM'].includes(measure ?? '') ? 1 : 0)
  const wrong = pooled.filter(
    ({ measure, ciLower, ciUpper, direction }: Summary) =>
      direction.startsWith('FAVOURS') && (ciLower ?? 0) <= noEffect(measure) && (ciUpper ?? 0) >= noEffect(measure),
  )
  expect(wrong).toEqual([])
  const { page, context } = await looking.open('/conditions/hypertension')
  const unclear = page.locator('.effects .direction.NO_CLEAR_DIFFERENCE')
  const colours = await unclear.evaluateAll((cells) => [...new Set(cells.map((cell) => getComputedStyle(cell).color))])
  const ofBenefit = await page.evaluate(() => {
    const probe = document.createElement('i')
    probe.className = 'direction FAVOURS_MAGNESIUM'
    document.body.append(probe)
    return getComputedStyle(probe).color
  })
  expect(colours).toHaveLength(1)
  expect(colours).not.toContain(ofBenefit)
  await context.close()
})

look('an unknown name leads to what it may mean, and never to an error', async () => {
  const { page, context, problems } = await looking.open('/conditions/migrane')
  expect(await page.locator('h1').innerText()).toBe('Not found')
  await page.getByRole('link', { name: 'migraine', exact: true }).click()
  await page.getByRole('heading', { name: 'Migraine', level: 1 }).waitFor()
  expect(problems).toEqual([])
  await context.close()
})

look.each([
  ['nothing', '/dose?amount=0', 'Give an amount above 0.'],
  ['more than a kilogram', '/dose?amount=2000&unit=G', /at most a kilogram/],
  ['a form whose share is not known', '/dose?form=magnesium-glycerophosphate', /does not say which compound is meant/],
])('the dose of %s is a sentence, not an error', async (_, address, words) => {
  const { page, context } = await looking.open(address)
  await page.getByText(words).waitFor()
  expect(await page.locator('.failed, .loading').count()).toBe(0)
  await context.close()
})

look('the dose page offers only forms that can be converted', async () => {
  const { forms } = await looking.service.ask('{ forms(first: 500) { nodes { slug elementalFractionLow } } }')
  const convertible = forms.nodes.filter(({ elementalFractionLow }: { elementalFractionLow: number | null }) => elementalFractionLow !== null)
  const { page, context } = await looking.open('/dose')
  const offered = await page
    .getByLabel('Form')
    .locator('option')
    .evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value))
  expect(offered.toSorted()).toEqual(convertible.map(({ slug }: { slug: string }) => slug).toSorted())
  await context.close()
})

look('a row that is not pooled opens its effects', async () => {
  const { page, context } = await looking.open('/conditions/hypertension')
  const row = page
    .getByRole('region', { name: 'Magnesium against placebo or no treatment', exact: true })
    .getByRole('row')
    .filter({ hasText: 'not pooled' })
    .first()
  await row.getByRole('link').first().click()
  await page.waitForURL(/\/evidence\?/)
  await page.locator('tbody tr').first().waitFor()
  expect(await page.locator('.failed').count()).toBe(0)
  await context.close()
})

look('a condition begins with its answer and its summary of findings, as the service gives them', async () => {
  const { condition } = await looking.service.ask(`{ condition(ref: "migraine") {
    answer { text }
    summaryOfFindings { rows { outcome { name } statement } moreRows { statement } htmlUrl csvUrl }
  } }`)
  const { page, context } = await looking.open('/conditions/migraine')
  const headings = await page.locator('h2').allInnerTexts()
  expect(headings.slice(0, 2)).toEqual(['In short', 'Summary of findings, against placebo or no treatment'])
  expect(await page.locator('.answer dd').allInnerTexts()).toEqual(condition.answer.map(({ text }: { text: string }) => text))
  const { rows, htmlUrl, csvUrl } = condition.summaryOfFindings
  const table = page.getByRole('region', { name: 'Summary of findings', exact: true })
  expect(await table.locator('tbody td:last-child').allInnerTexts()).toEqual(rows.map(({ statement }: { statement: string }) => statement))
  const files = page.getByRole('region', { name: /^Summary of findings,/ }).locator('.widget-foot')
  expect(await files.getByRole('link', { name: 'Print' }).getAttribute('href')).toBe(htmlUrl)
  expect(await files.getByRole('link', { name: 'CSV' }).getAttribute('href')).toBe(csvUrl)
  await context.close()
})

look('the certainty opens into its domains', async () => {
  const { page, context } = await looking.open('/conditions/migraine')
  const certainty = page.locator('.certainty').first()
  expect(await certainty.locator('li').first().isVisible()).toBe(false)
  await certainty.locator('summary').click()
  expect(await certainty.locator('li').first().isVisible()).toBe(true)
  await context.close()
})

look('what is new names the revisions and the changes', async () => {
  const { revisions, changes } = await looking.service.ask('{ revisions(first: 1) { nodes { revision } } changes(first: 1) { totalCount nodes { what } } }')
  const { page, context } = await looking.open('/new')
  await page.getByText(revisions.nodes[0].revision.slice(0, 12)).first().waitFor()
  for (const line of changes.nodes[0].what) expect(await page.getByText(line, { exact: true }).count()).toBeGreaterThan(0)
  expect(await page.getByRole('link', { name: 'Atom feed' }).getAttribute('href')).toBe('/changes.atom')
  await context.close()
})

look('safety names kidney function first, and the hours of an interaction as its sources say them', async () => {
  const { interactions, kidney } = await looking.service.ask(
    '{ interactions(substance: "iron") { substance advice } kidney: contraindications(condition: "kidney-disease") { note } }',
  )
  const { page, context } = await looking.open('/safety?substance=iron')
  expect(await page.locator('h2').first().innerText()).toBe('Kidney function first')
  for (const { note } of kidney) if (note !== null) expect(await page.getByText(note).count()).toBeGreaterThan(0)
  for (const { substance, advice } of interactions) {
    const row = page.getByRole('row').filter({ hasText: substance })
    expect(await row.first().innerText()).toContain(advice ?? '–')
  }
  await context.close()
})

look('a search groups what it finds by kind, with the counts of the service', async () => {
  const { search } = await looking.service.ask('{ search(text: "sleep") { countByKind { kind count } } }')
  const { page, context } = await looking.open('/search?q=magnesium+for+sleep')
  const headings = await page.locator('.hits h3').allInnerTexts()
  expect(headings[0]).toMatch(/^Conditions/)
  const counts = headings.map((heading) => Number(/\d+$/.exec(heading)?.[0])).toSorted((a, b) => a - b)
  expect(counts).toEqual(search.countByKind.map(({ count }: { count: number }) => count).toSorted((a: number, b: number) => a - b))
  expect(await page.getByRole('combobox', { name: /^Search/ }).inputValue()).toBe('magnesium for sleep')
  await context.close()
})

look('a question leads to the page that answers it', async () => {
  const { page, context } = await looking.open('/search?q=which+magnesium+is+best')
  await page.getByRole('link', { name: 'Forms of magnesium compared' }).click()
  await page.getByRole('heading', { name: 'Forms', level: 1 }).waitFor()
  await context.close()
})

look('a search marks the words found', async () => {
  const { search } = await looking.service.ask('{ search(text: "sleep", first: 1) { nodes { snippet } } }')
  const { page, context } = await looking.open('/search?q=sleep')
  const passage = page.locator('.hits p').first()
  expect(await passage.innerText()).toBe(search.nodes[0].snippet.replaceAll('**', ''))
  expect(new Set(await passage.locator('mark').allInnerTexts())).toEqual(new Set(['sleep']))
  await context.close()
})

look('on a phone every view is in sight, and a row of a table is a card with all its cells', async () => {
  const { page, context } = await looking.open('/forms', { viewport: { width: 360, height: 800 } })
  const inSight = (selector: string) =>
    page.locator(selector).evaluateAll((elements) =>
      elements.map((element) => {
        const { left, right } = element.getBoundingClientRect()
        return left >= 0 && right <= window.innerWidth
      }),
    )
  expect(await inSight('.masthead nav a')).toEqual(Array(8).fill(true))
  const cells = await inSight('.cards tbody tr:nth-child(-n+5) > *')
  const columns = await page.locator('.cards thead th').count()
  expect(columns).toBeGreaterThan(3)
  expect(cells).toEqual(Array(5 * columns).fill(true))
  await context.close()
})

look.each(['forest', 'funnel'])('no text of a %s plot runs out of it or into another, in the widest font that may stand in', async (kind) => {
  const of = { conditions: ['acute-myocardial-infarction'], outcomes: ['all-cause-mortality'] }
  const page = await looking.browser.newPage()
  await page.goto(`${looking.service.url}/plots/${kind}.svg?filter=${encodeURIComponent(JSON.stringify(of))}`)
  const faults = await page.evaluate(() => {
    const picture = document.querySelector('svg')
    if (picture === null) throw new Error('no plot is shown')
    picture.style.fontFamily = 'DejaVu Sans, Verdana, sans-serif'
    const outer = picture.getBoundingClientRect()
    const texts = [...picture.querySelectorAll('text')].map((text) => ({ words: text.textContent, box: text.getBoundingClientRect() }))
    const out = texts.filter(({ box }) => box.left < outer.left || box.right > outer.right + 1)
    const touching = texts.flatMap((one, place) =>
      texts
        .slice(place + 1)
        .filter(({ box }) => box.left < one.box.right - 1 && box.right > one.box.left + 1 && Math.abs(box.top - one.box.top) < 4)
        .map((other) => `${one.words} | ${other.words}`),
    )
    return { texts: texts.length, out: out.map(({ words }) => words), touching }
  })
  expect(faults).toEqual({ texts: expect.any(Number), out: [], touching: [] })
  expect(faults.texts).toBeGreaterThan(10)
  await page.close()
})

look('by keyboard alone: past the masthead, into a plot, and a study left out', async () => {
  const { page, context } = await looking.open('/synthesis?condition=acute-myocardial-infarction&outcome=all-cause-mortality')
  await page.locator('.forest').waitFor()
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the view')
  await page.keyboard.press('Enter')
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('view')
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(() => document.activeElement?.getAttribute('aria-label')?.startsWith('Leave out'))) break
  }
  const label = await page.evaluate(() => document.activeElement?.getAttribute('aria-label')?.replace('Leave out ', ''))
  await page.keyboard.press('Space')
  await page.locator('.forest tfoot').getByText(`Pooled without ${label}`).waitFor()
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(`Leave out ${label}`)
  // What has the focus is seen to have it.
  expect(await page.evaluate(() => (document.activeElement === null ? '' : getComputedStyle(document.activeElement).outlineStyle))).toBe('solid')
  await context.close()
})

look('in print the view stands alone, whole, in light colours', async () => {
  const { page, context } = await looking.open('/map', { colorScheme: 'dark' })
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  expect(await page.locator('.masthead').isVisible()).toBe(false)
  expect(await page.locator('.widget-foot').first().isVisible()).toBe(false)
  const seen = await page.evaluate(() => {
    const map = document.querySelector('.map')
    return { background: getComputedStyle(document.body).backgroundColor, hidden: (map?.scrollHeight ?? 0) - (map?.clientHeight ?? 0) }
  })
  expect(seen).toEqual({ background: 'rgb(255, 255, 255)', hidden: 0 })
  expect((await page.pdf()).subarray(0, 5).toString()).toBe('%PDF-')
  await context.close()
})

look('what a page has asked once is there at once when one comes back', async () => {
  const { page, context } = await looking.open('/conditions/migraine')
  await page.getByRole('link', { name: 'Forms' }).click()
  await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Forms' && document.querySelector('.loading') === null)
  let asked = 0
  page.on('request', (request) => {
    if (request.url().endsWith('/graphql')) asked += 1
  })
  await page.goBack()
  await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Migraine')
  expect(await page.locator('.loading').count()).toBe(0)
  expect(asked).toBe(0)
  await context.close()
})
