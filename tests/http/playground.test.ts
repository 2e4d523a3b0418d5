/// <reference lib="dom" />
import type { Browser, Page } from 'playwright-core'
import { isPresent, launchBrowser, look, patienceMs, problemsOf } from '../support/browser.js'
import { startService, type Service } from '../support/service.js'

let service: Service
let browser: Browser
let page: Page
let problems: string[] = []
beforeAll(async () => {
  if (!isPresent) return
  service = await startService()
  browser = await launchBrowser()
  page = await browser.newPage({ viewport: { width: 1400, height: 900 } })
  page.setDefaultTimeout(patienceMs)
  problems = problemsOf(page, (url) => url.startsWith(service.url))
  await page.goto(`${service.url}/playground`)
  await page.waitForSelector('.graphiql-tab')
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

look('it begins with one example, which answers, and lists the others', async () => {
  expect(page.url()).toBe(`${service.url}/playground`)
  expect(await page.locator('.graphiql-tab').count()).toBe(1)
  expect(await page.locator('.bar datalist option').count()).toBeGreaterThanOrEqual(11)
  expect(await page.locator('.graphiql-tab').first().innerText()).toContain('MigraineCitrate')
  await page.locator('.graphiql-execute-button').click()
  await page.waitForFunction(() => document.querySelector('.result-window')?.textContent?.includes('totalCount'))
  expect(await page.locator('.result-window').innerText()).toContain('"elementalMgPerDayLow"')
  await screenshot('light')
})

look('the documentation pane describes the schema', async () => {
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click()
  await page.getByRole('link', { name: 'Query', exact: true }).click()
  await page.waitForFunction(() => document.querySelector('.graphiql-doc-explorer')?.textContent?.includes('Effects of magnesium'))
  await screenshot('documentation')
  await page.getByRole('button', { name: 'Hide Documentation Explorer' }).click()
})

look('history keeps what was run, and variables have their editor', async () => {
  await page.getByRole('button', { name: 'Show History' }).click()
  expect(await page.locator('.graphiql-history-items').innerText()).toContain('MigraineCitrate')
  await page.getByRole('button', { name: 'Hide History' }).click()
  await page.getByRole('combobox', { name: 'Find an operation' }).fill('join by identifiers')
  await page.locator('.graphiql-tab-active', { hasText: 'JoinByIdentifiers' }).waitFor()
  await page.waitForFunction(() => document.querySelector('.graphiql-editor-tool')?.textContent?.includes('PMID: 18281113'))
  // The editor reads the tab's operation a moment after it is shown, notes its name and renders; before that it runs the operation of the tab before.
  await page.waitForFunction(() => localStorage.getItem('graphiql:operationName') === 'JoinByIdentifiers')
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
  await page.locator('.graphiql-execute-button').click()
  await page.waitForFunction(() => document.querySelector('.result-window')?.textContent?.includes('tarleton-2017'))
})

look('it can be dark', async () => {
  await page.getByRole('button', { name: 'Open settings dialog' }).click()
  await page.getByRole('button', { name: 'Dark', exact: true }).click()
  await page.keyboard.press('Escape')
  expect(await page.locator('body').getAttribute('class')).toContain('graphiql-dark')
  await screenshot('dark')
})

look('an address opens its operation', async () => {
  const query = 'query FromAnAddress($slug: String!) { study(slug: $slug) { citation } }'
  const variables = '{ "slug": "tarleton-2017" }'
  await page.goto(`${service.url}/playground?${new URLSearchParams({ query, variables }).toString()}`)
  await page.locator('.graphiql-tab-active', { hasText: 'FromAnAddress' }).waitFor()
  await page.waitForFunction(() => localStorage.getItem('graphiql:operationName') === 'FromAnAddress')
  await page.locator('.graphiql-execute-button').click()
  await page.waitForFunction(() => document.querySelector('.result-window')?.textContent?.includes('PLoS One'))
})

look('it asked nobody else and broke nothing', () => {
  expect(problems).toEqual([])
})

/** Kept where SCREENSHOTS names a folder. */
async function screenshot(name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS']
  if (folder) await page.screenshot({ path: `${folder}/playground-${name}.png` })
}
