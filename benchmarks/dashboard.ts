// npm run bench:dashboard: how long every view takes on its first visit, by a browser without a cache, on the corpus; writes a report.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, type Browser } from 'playwright-core'
import { readConfig } from '../src/config.js'
import { startService } from '../src/service.js'
import { machineInWords } from './data.js'

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5)
const views = [
  '/',
  '/map',
  '/conditions',
  '/conditions/migraine',
  '/forms/magnesium-oxide',
  '/studies',
  '/studies/tarleton-2017',
  '/claims',
  '/synthesis?condition=acute-myocardial-infarction&outcome=all-cause-mortality',
  '/evidence?condition=depression',
  '/dose',
  '/search?q=sleep',
]

interface Visit {
  /** Milliseconds from asking for the page to its largest picture or text. */
  readonly drawn: number
  readonly kilobytes: number
}

/** One visit of a browser that has nothing in its cache. */
async function visit(browser: Browser, address: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  await page.addInitScript(() => {
    const noted = window as unknown as { drawn: number }
    new PerformanceObserver((list) => {
      for (const { startTime } of list.getEntries()) noted.drawn = startTime
    }).observe({ type: 'largest-contentful-paint', buffered: true })
  })
  await page.goto(address, { waitUntil: 'networkidle' })
  const seen = await page.evaluate(() => ({
    drawn: (window as unknown as { drawn: number }).drawn,
    bytes: performance.getEntriesByType('resource').reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).transferSize, 0),
  }))
  await context.close()
  return { drawn: seen.drawn, kilobytes: seen.bytes / 1_000 }
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

const folder = await mkdtemp(path.join(tmpdir(), 'bench-dashboard-'))
const machine = machineInWords()
const service = await startService(readConfig({ PORT: '0', DATA_FOLDER: folder, LOG_LEVEL: 'silent' }), {
  say: () => undefined,
  signal: new AbortController().signal,
})
const browser = await chromium.launch({ executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
try {
  const visits = new Map<string, Visit[]>(views.map((view) => [view, []]))
  for (let round = 0; round < rounds; round += 1) for (const [view, seen] of visits) seen.push(await visit(browser, `${service.url}${view}`))
  const rows = [...visits].map(([view, seen]) => {
    const drawn = seen.map((one) => one.drawn)
    return `| \`${view}\` | ${[median(drawn), Math.min(...drawn), Math.max(...drawn)].map((value) => value.toFixed(0)).join(' | ')} | ${median(seen.map(({ kilobytes }) => kilobytes)).toFixed(0)} |`
  })
  const today = new Date().toISOString().slice(0, 10)
  const report = [
    `# First visits of the dashboard, ${today}`,
    '',
    `${machine} The corpus; browser, service and database share the machine. \`npm run bench:dashboard\`.`,
    '',
    `Milliseconds until the largest picture or text is drawn (Largest Contentful Paint), of ${rounds} visits by a browser without a cache; what was sent for it, compressed.`,
    '',
    '| view | median ms | fastest | slowest | kB |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
  process.stdout.write(report)
  await writeFile(`docs/benchmarks/${today}-dashboard.md`, report)
} finally {
  await browser.close()
  await service.stop()
  await rm(folder, { recursive: true, force: true })
}
