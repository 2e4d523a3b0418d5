/// <reference lib="dom" />
import { look, startLooking } from '../support/browser.js'

const looking = startLooking()
const mortality = '/synthesis?condition=acute-myocardial-infarction&outcome=all-cause-mortality'
const filter = { conditions: ['acute-myocardial-infarction'], outcomes: ['all-cause-mortality'] }
const fields = 'title k participants estimate ciLower ciUpper csvUrl rScriptUrl forestPlotUrl contributions { label study { slug } } leftOut { label }'
const pool = async (without: readonly string[]) =>
  (await looking.service.ask(`query ($input: SynthesisInput!) { synthesis(input: $input) { ${fields} } }`, { input: { filter, without } })).synthesis

look('studies that are left out stand in the address, in grey in the plot, and in every file', async () => {
  const whole = await pool([])
  const [one, two] = whole.contributions
  const part = await pool([one.study.slug, two.study.slug])
  const { page, context, problems } = await looking.open(mortality)
  for (const { label } of [one, two]) {
    await page.getByRole('checkbox', { name: `Leave out ${label}`, exact: true }).check()
    await page.locator('.forest tfoot').getByText(label).waitFor()
  }
  await page.waitForURL(/without=/)
  expect(new URL(page.url()).searchParams.get('without')?.split(',').sort()).toEqual([one.study.slug, two.study.slug].sort())
  const shown = async () => {
    await page.locator('.forest tfoot').getByText(two.label).waitFor()
    await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null)
    expect(await page.locator('.forest tbody tr').count()).toBe(whole.contributions.length)
    expect(await page.locator('.forest tbody tr.left-out').count()).toBe(2)
    const foot = await page.locator('.forest tfoot').innerText()
    expect(foot).toContain(part.participants.toLocaleString('en-GB'))
    expect(foot).toContain(part.estimate.toFixed(2))
    expect(await page.locator('.facts').first().innerText()).toContain(part.participants.toLocaleString('en-GB'))
    const row = page.locator('.plot-row').first()
    expect(await row.getByRole('link', { name: 'CSV of this pool' }).getAttribute('href')).toBe(part.csvUrl)
    expect(await row.getByRole('link', { name: 'R script' }).getAttribute('href')).toBe(part.rScriptUrl)
    expect(await row.getByRole('link', { name: 'SVG' }).getAttribute('href')).toBe(part.forestPlotUrl)
  }
  await shown()
  // The address holds it all.
  await page.reload()
  await shown()
  await page.getByRole('button', { name: 'Put all back' }).click()
  await page.locator('.forest tfoot').getByText('Pooled', { exact: true }).waitFor()
  expect(page.url()).not.toContain('without')
  expect(problems).toEqual([])
  await context.close()
})

look('every link under a plot gives its file', async () => {
  const { page, context } = await looking.open(mortality)
  const links = await page.locator('.plot-row a').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''))
  expect(links.length).toBeGreaterThanOrEqual(8)
  for (const link of links) expect([link, (await fetch(new URL(link, looking.service.url))).status]).toEqual([link, 200])
  await context.close()
})

look('the address and the embed code are copied, and the frame shows the plot', async () => {
  const { page, context } = await looking.open(mortality, { permissions: ['clipboard-read', 'clipboard-write'] })
  const row = page.locator('.plot-row').first()
  await row.getByRole('button', { name: 'Copy address' }).click()
  await row.getByText('Copied').waitFor()
  const address = await page.evaluate(() => navigator.clipboard.readText())
  expect(address).toMatch(/^http.*\/plots\/forest\.svg\?filter=/)
  await row.getByRole('button', { name: 'Copy embed code' }).click()
  await page.waitForFunction(async () => (await navigator.clipboard.readText()).startsWith('<iframe'))
  const code = await page.evaluate(() => navigator.clipboard.readText())
  const other = await context.newPage()
  await other.setContent(`<!doctype html><title>Another page</title>${code}`)
  const frame = other.frameLocator('iframe')
  await frame.getByRole('link', { name: 'Magnesium evidence' }).waitFor()
  await frame.locator('img').evaluate((image) => (image as HTMLImageElement).decode())
  expect(await frame.locator('img').evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(300)
  await context.close()
})

look('the funnel is drawn in the colours of the page, as the system or the reader has them', async () => {
  const { page, context } = await looking.open(mortality, { colorScheme: 'dark' })
  await page.locator('img.plot[src*="theme=dark"]').waitFor()
  await page.getByRole('combobox', { name: 'Theme' }).selectOption('light')
  await page.locator('img.plot:not([src*="theme=dark"])').waitFor()
  await context.close()
})

look('on a phone name, numbers and drawing of a study are in sight at once', async () => {
  const { page, context } = await looking.open(mortality, { viewport: { width: 390, height: 844 } })
  const first = page.locator('.forest tbody tr').first()
  await first.scrollIntoViewIfNeeded()
  for (const part of [first.locator('th a'), first.locator('td').last(), first.locator('svg')]) {
    const box = await part.boundingBox()
    expect(box?.x).toBeGreaterThanOrEqual(0)
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390)
    expect(box?.width).toBeGreaterThan(20)
  }
  const region = page.getByRole('region', { name: 'Studies and their pool' })
  expect(await region.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(1)
  await context.close()
})
