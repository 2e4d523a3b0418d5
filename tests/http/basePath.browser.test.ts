/// <reference lib="dom" />
import type { Browser } from 'playwright-core'
import { isPresent, launchBrowser, look, patienceMs, problemsOf } from '../support/browser.js'
import { startService, type Service } from '../support/service.js'

// The pages under a path, in a browser. A path that stands nowhere in the code: whatever is asked outside it is a fault.

let service: Service
let browser: Browser
beforeAll(async () => {
  if (!isPresent) return
  service = await startService({ config: { basePath: '/far/off-1.0' } })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

look('the dashboard and the playground load and answer under a path, and ask for nothing outside it', async () => {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } })
  page.setDefaultTimeout(patienceMs)
  const own = `${service.url}/far/off-1.0`
  const problems = problemsOf(page, (url) => url === own || url.startsWith(`${own}/`))
  await page.goto(`${own}/`)
  await page.waitForFunction(() => document.querySelector('h1') !== null && document.querySelector('.loading') === null)
  // Each view is a part that is loaded when it is opened.
  await page.getByRole('link', { name: 'Studies', exact: true }).click()
  await page.waitForURL(`${own}/studies`)
  await page.waitForFunction(() => document.querySelector('.widget a[href*="/studies/"]') !== null)
  const links = await page.locator('a[href^="/"]').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''))
  expect(links.length).toBeGreaterThan(10)
  expect(links.filter((link) => !link.startsWith('/far/off-1.0'))).toEqual([])
  expect(await page.locator('.share textarea').first().inputValue()).toBe(`${own}/studies`)
  await page.goto(`${own}/embed/forms`)
  await page.waitForFunction(() => document.querySelector('h1') !== null && document.querySelector('.loading') === null)
  expect(await page.locator('footer a').getAttribute('href')).toBe('/far/off-1.0/forms')
  await page.goto(`${own}/playground`)
  await page.waitForSelector('.graphiql-tab')
  await page.locator('.graphiql-execute-button').click()
  await page.waitForFunction(() => document.querySelector('.result-window')?.textContent?.includes('totalCount'))
  expect(problems).toEqual([])
})
