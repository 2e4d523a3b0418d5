/// <reference lib="dom" />
import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { startService, type Service } from './service.js'

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
export const isPresent = existsSync(executablePath)
if (!isPresent) console.warn(`pages are not looked at: there is no Chromium at ${executablePath} (set CHROMIUM_PATH)`)

/** A test that looks at pages; skipped where there is no browser, which was said above. */
export const look = isPresent ? test : test.skip

const browserOptions = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-color-profile=srgb',
]

export const launchBrowser = (): Promise<Browser> => chromium.launch({ executablePath, args: browserOptions, timeout: patienceMs })

/** Guards against hanging; it ends before Jest's, for Playwright says what it waited for. */
export const patienceMs = 240_000

/** What goes wrong on a page from now on, and what it asks of others than `isOwn` names. */
export function problemsOf(page: Page, isOwn: (address: string) => boolean): string[] {
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  page.on('request', (request) => {
    if (!isOwn(request.url()) && !/^(data|blob):/.test(request.url())) problems.push(`asked ${request.url()}`)
  })
  return problems
}

export interface Opened {
  readonly page: Page
  readonly context: BrowserContext
  /** What went wrong on the page, and what it asked of others. */
  readonly problems: string[]
}

export interface Looking {
  readonly service: Service
  /** A new browser; it is closed with the tests. */
  readonly browser: Browser
  /** A view of the dashboard, when its answers are shown. */
  readonly open: (address: string, options?: Parameters<Browser['newContext']>[0]) => Promise<Opened>
}

/**
 * A service with its corpus and a browser for the tests of one file. To be called at its top; what it returns is there once the tests run.
 *
 * @param options of the service
 */
export function startLooking(options?: Parameters<typeof startService>[0]): Looking {
  const started: { service?: Service; browser?: Browser } = {}
  beforeAll(async () => {
    started.service = await startService(options)
    if (isPresent) started.browser = await launchBrowser()
  })
  afterAll(async () => {
    await started.browser?.close()
    await started.service?.stop()
  })
  const there = <Part>(part: Part | undefined): Part => {
    if (part === undefined) throw new Error('the service and the browser are there once the tests run')
    return part
  }
  return {
    get service() {
      return there(started.service)
    },
    get browser() {
      return there(started.browser)
    },
    async open(address, contextOptions = {}) {
      const { service, browser } = { service: there(started.service), browser: there(started.browser) }
      const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...contextOptions })
      const page = await context.newPage()
      page.setDefaultTimeout(patienceMs)
      const problems = problemsOf(page, (url) => url.startsWith(service.url))
      await page.addInitScript(noteShifts)
      await page.goto(`${service.url}${address}`)
      await page.waitForFunction(() => document.querySelector('h1') !== null && document.querySelector('.loading') === null)
      return { page, context, problems }
    },
  }
}

/** Sums up what moves on the page without a reader's doing, as Cumulative Layout Shift does. */
function noteShifts() {
  const noted = window as unknown as { shifted: number }
  noted.shifted = 0
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
      if (!entry.hadRecentInput) noted.shifted += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
}
