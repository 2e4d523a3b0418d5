/// <reference lib="dom" />
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { registerCuration } from '../../src/intake/curation.http.js'
import { findDrafts, saveDrafts } from '../../src/intake/draft.queries.js'
import { createKey } from '../../src/keys/key.queries.js'
import { keyRing } from '../../src/keys/keyRing.js'
import { look, startLooking } from '../support/browser.js'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const looking = startLooking((database) => ({
  findKeyHolder: keyRing(database),
  addRoutes: (routes) => registerCuration(routes, { database, folder: path.resolve('prisma/corpus') }),
}))

async function curatorsKey(): Promise<string> {
  return createKey(looking.service.database, { name: 'A. Curator', scopes: ['CURATE'], costPerMinute: null }, { kind: 'COMMAND_LINE', name: 'a test' })
}

look('a curator looks at a draft, edits it and accepts it, with a key', async () => {
  const { database } = looking.service
  const document = { slug: 'page-2024', role: 'PRIMARY_REPORT', title: 'Magnesium for hiccups', authors: [{ family: 'Nobody' }], year: 2024 }
  await saveDrafts(
    database,
    (async function* () {
      yield await Promise.resolve({ kind: 'PUBLICATION', slug: 'page-2024', document, origin: { format: 'RIS', source: 'page.ris', line: 1 } } as const)
    })(),
  )
  // Axe is put into the page, which the page's own policy would forbid.
  const { page, context, problems } = await looking.open('/drafts', { bypassCSP: true })
  await page.getByLabel('Key for curation').fill(await curatorsKey())
  await page.getByRole('button', { name: 'Use this key' }).click()
  await page.getByRole('link', { name: '2024 Nobody: Magnesium for hiccups' }).click()
  await page.getByRole('cell', { name: 'Magnesium for hiccups' }).waitFor()
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe.run(),
  )
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])

  await page.getByText('Edit what it says').click()
  const text = page.getByLabel('Document, as JSON')
  await text.fill((await text.inputValue()).replace('2024,', '2023,'))
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name: '2023 Nobody' }).waitFor()

  await page.getByLabel('Note').fill('read in full')
  await page.getByRole('combobox', { name: 'Design' }).selectOption('COHORT')
  await page.getByRole('button', { name: 'Accept', exact: true }).click()
  await page.getByRole('button', { name: 'Undo the acceptance' }).waitFor()
  expect(await findDrafts(database, {})).toMatchObject([
    { status: 'ACCEPTED', decidedBy: 'A. Curator', editedBy: 'A. Curator', note: 'read in full', document: { year: 2023 } },
  ])
  expect(problems).toEqual([])
  await context.close()
})

look('a key without the scope is refused in the words of the service, and pages of others do not frame drafts', async () => {
  const { page, context } = await looking.open('/drafts')
  await page.getByLabel('Key for curation').fill('mgev_00000000_nothing')
  await page.getByRole('button', { name: 'Use this key' }).click()
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('button', { name: 'Forget the key' }).count()).toBe(1)
  const response = await fetch(`${looking.service.url}/drafts`)
  expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect((await fetch(`${looking.service.url}/embed/drafts`, { headers: { accept: 'text/html' } })).status).toBe(404)
  await context.close()
})
