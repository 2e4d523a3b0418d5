/// <reference lib="dom" />
import { look, startLooking } from '../support/browser.js'

const looking = startLooking()

look('the first page lists the conditions with the most trials, as the service counts them', async () => {
  const { evidenceSummaries } = await looking.service.ask(
    `{ evidenceSummaries(filter: { comparison: [INACTIVE], evidenceClasses: [RANDOMIZED] }, groupBy: [CONDITION], orderBy: [{ field: STUDIES, direction: DESC }], first: 12) {
      studies participants condition { slug summaryOfFindings { rows { outcome { name } certainty { level } } } } } }`,
  )
  const { page, context, problems } = await looking.open('/')
  const rows = page.getByRole('region', { name: 'Conditions with the most trials' }).locator('tbody tr')
  await rows.first().waitFor()
  expect(await rows.count()).toBe(evidenceSummaries.length)
  for (const [place, { studies, participants, condition }] of evidenceSummaries.entries()) {
    const row = rows.nth(place)
    expect(await row.locator('th a').getAttribute('href')).toBe(`/conditions/${condition.slug}`)
    const cells = await row.locator('td').allInnerTexts()
    expect(cells.slice(0, 2)).toEqual([studies.toLocaleString('en-GB'), participants.toLocaleString('en-GB')])
    const rated = (condition.summaryOfFindings?.rows ?? []).filter(({ certainty }: { certainty: object | null }) => certainty !== null)
    if (rated.length === 0) expect(cells[2]).toBe('nothing could be pooled')
    else {
      const levels = ['HIGH', 'MODERATE', 'LOW', 'VERY_LOW']
      const best = Math.min(...rated.map(({ certainty }: { certainty: { level: string } }) => levels.indexOf(certainty.level)))
      expect(cells[2]).toMatch(new RegExp(`^${levels[best]?.toLowerCase().replace('_', ' ')}: `))
    }
  }
  expect(problems).toEqual([])
  await context.close()
})

look('no link of the first page ends in an error', async () => {
  const { page, context } = await looking.open('/')
  const links = [...new Set(await page.locator('main a').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? '')))]
  expect(links.length).toBeGreaterThan(20)
  const statuses = await Promise.all(links.map(async (link) => [link, (await fetch(`${looking.service.url}${link}`)).status]))
  // The description of the routes is added by the program, which tests/http/openapi.test.ts starts.
  expect(statuses.filter(([link, status]) => status !== 200 && link !== '/openapi.json')).toEqual([])
  for (const link of links.filter((address) => address.startsWith('/conditions/'))) {
    const { condition } = await looking.service.ask('query ($slug: String!) { condition(ref: $slug) { name } }', { slug: link.replace('/conditions/', '') })
    expect(condition).not.toBeNull()
  }
  await context.close()
})

look('the search box of the first page is the only one, and suggests', async () => {
  for (const viewport of [
    { width: 1280, height: 900 },
    { width: 390, height: 844 },
  ]) {
    const { page, context } = await looking.open('/', { viewport })
    const box = page.getByRole('combobox', { name: /^Search/ })
    expect(await box.count()).toBe(1)
    expect((await box.boundingBox())?.y).toBeLessThan(viewport.height)
    await box.fill('migraine')
    await page.locator('.search-box [role="option"]').first().waitFor()
    await context.close()
  }
})
