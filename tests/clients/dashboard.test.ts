/// <reference lib="dom" />
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parse, print } from 'graphql'
import type { Browser, Page } from 'playwright-core'
import sql from 'sql-template-tag'
import { serveWithETag } from '../../schema/clients/etag.mjs'
import { rows } from '../../src/database/query.js'
import { loadExamples } from '../../src/http/examples.js'
import { isPresent, launchBrowser, look, patienceMs, problemsOf } from '../support/browser.js'
import { startService, type Service } from '../support/service.js'
import { until } from '../support/until.js'

const operations = new Map((await loadExamples('tests/clients/operations')).map(({ query }) => [/^query (\w+)/m.exec(query)?.[1] ?? '', print(parse(query))]))

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

/** As an import does that changes something. */
async function changeData(): Promise<void> {
  await rows(
    service.database,
    sql`INSERT INTO data_revision (revision, engine_version, counts) SELECT gen_random_uuid()::text, engine_version, counts FROM data_revision ORDER BY id DESC LIMIT 1 RETURNING id`,
  )
}

test.each(['docs/using-from-a-dashboard.md', 'docs/typed-clients.md'])('the operations that %s quotes are those that tests run', (file) => {
  const quoted = [...readFileSync(file, 'utf8').matchAll(/```graphql\n([^]*?)```/g)].map(([, text = '']) => print(parse(text)))
  expect(quoted.length).toBeGreaterThan(0)
  expect(quoted.filter((text) => ![...operations.values()].includes(text))).toEqual([])
})

test('the operations of the dashboard are those that tests run', () => {
  const page = readFileSync('schema/clients/dashboard.html', 'utf8')
  const inPage = [...page.matchAll(/<script type="application\/graphql" id="(\w+)">([^]*?)<\/script>/g)]
  expect(inPage.map(([, name]) => name)).toEqual(['DashboardRevision', 'DashboardSummaries', 'DashboardMap', 'DashboardSynthesis'])
  for (const [, name = '', text = ''] of inPage) expect(print(parse(text))).toBe(operations.get(name))
})

test('rows of the summaries and cells of the map are about the same groups', async () => {
  const filter = { conditions: ['migraine', 'depression'] }
  const { evidenceSummaries } = await service.ask(operations.get('DashboardSummaries') ?? '', { filter })
  const { evidenceMap } = await service.ask(operations.get('DashboardMap') ?? '', { filter })
  const counts = new Map<string, number>(
    evidenceMap.cells.map(({ row, column, studies }: { row: string; column: string; studies: number }) => [`${row} ${column}`, studies]),
  )
  // A cell has the numbers of its first question, which is the first row of the group.
  const first = new Map<string, number>()
  for (const { group, studies } of evidenceSummaries as { group: string[]; studies: number }[])
    if (!first.has(group.join(' '))) first.set(group.join(' '), studies)
  for (const [group, studies] of first) expect([group, counts.get(group)]).toEqual([group, studies])
})

test('what was answered under one data revision is answered again by its ETag, until the data change', async () => {
  const query = operations.get('DashboardSummaries') ?? ''
  const server = serveWithETag({ api: service.url, query, variables: { filter: { conditions: ['depression'] } }, recheckMs: 0 }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/` // listening on TCP, so the address has a port
  try {
    const first = await fetch(url)
    const etag = first.headers.get('etag') ?? ''
    expect(((await first.json()) as { evidenceSummaries: unknown[] }).evidenceSummaries).not.toEqual([])

    const [before, again] = [service.statements(), await fetch(url, { headers: { 'if-none-match': etag } })]
    expect([again.status, await again.text()]).toEqual([304, ''])
    // Only the revision was asked for, which is a fact of the data set.
    expect(service.statements() - before).toBeLessThanOrEqual(1)

    await changeData()
    const changed = await fetch(url, { headers: { 'if-none-match': etag } })
    expect(changed.status).toBe(200)
    expect(changed.headers.get('etag')).not.toBe(etag)
  } finally {
    server.close()
  }
})

describe('the dashboard in one file', () => {
  let browser: Browser
  let page: Page
  let problems: string[] = []
  beforeAll(async () => {
    if (!isPresent) return
    browser = await launchBrowser()
    page = await browser.newPage({ viewport: { width: 1400, height: 900 } })
    page.setDefaultTimeout(patienceMs)
    problems = problemsOf(page, (url) => url.startsWith('file:') || url.startsWith(service.url))
    await page.goto(`${pathToFileURL(path.resolve('schema/clients/dashboard.html')).href}?refresh=200&api=${encodeURIComponent(service.url)}`)
    await page.waitForSelector('body[data-revision]')
  })
  afterAll(() => browser?.close())

  look('it shows a row for each group and a cell for each pair', async () => {
    const filter = { conditions: ['migraine', 'depression'] }
    const { evidenceSummaries } = await service.ask(operations.get('DashboardSummaries') ?? '', { filter })
    const { evidenceMap } = await service.ask(operations.get('DashboardMap') ?? '', { filter })
    expect(await page.locator('#summaries tbody tr').count()).toBe(evidenceSummaries.length)
    expect(await page.locator('#map tbody td[data-gap]').count()).toBe(evidenceMap.cells.length)
    const pooled = evidenceSummaries.findIndex(({ synthesisId }: { synthesisId: string | null }) => synthesisId !== null)
    expect(await page.locator('#summaries tbody tr').nth(pooled).innerText()).toMatch(/\(−?[\d.]+ to −?[\d.]+\)/)
  })

  look('a click shows the forest plot of a row', async () => {
    await page.locator('#summaries button').first().click()
    await page.waitForFunction(() => (document.querySelector<HTMLImageElement>('#plot img')?.naturalWidth ?? 0) > 100)
    expect(await page.locator('#plot figcaption').innerText()).toMatch(/: (1 study|\d+ studies) pooled$/)
  })

  look('it draws itself anew when the data have changed, and only then', async () => {
    const asked: string[] = []
    page.on('request', (request) => asked.push(/query (\w+)/.exec(request.postData() ?? '')?.[1] ?? ''))
    await until(() => asked.length >= 3)
    expect(new Set(asked)).toEqual(new Set(['DashboardRevision']))
    const before = await page.locator('body').getAttribute('data-revision')
    await changeData()
    await page.waitForFunction((revision) => document.body.dataset['revision'] !== revision, before)
    expect(asked).toContain('DashboardSummaries')
  })

  look('nothing went wrong, and nothing was asked of strangers', () => expect(problems).toEqual([]))
})
