/// <reference lib="dom" />
import { look, startLooking } from '../support/browser.js'

const looking = startLooking()

const subjects = ['migraine', 'hypertension', 'depression', 'acute-myocardial-infarction', 'atrial-fibrillation'] as const

interface Shown {
  readonly comparison: { readonly key: string; readonly kind: string; readonly label: string }
  readonly evidenceClass: string
  readonly condition: { readonly slug: string; readonly name: string }
  readonly outcome: { readonly name: string }
  readonly direction: string
  readonly estimate: number | null
  readonly studies: number
  readonly studiesPooled: number | null
}

const summariesOf = async (slug: string): Promise<readonly Shown[]> => {
  const { evidenceSummaries } = await looking.service.ask(
    `query ($filter: EvidenceFilter!) { evidenceSummaries(filter: $filter, groupBy: [CONDITION, OUTCOME], first: 500) {
      comparison { key kind label } evidenceClass condition { slug name } outcome { name } direction estimate studies studiesPooled } }`,
    { filter: { conditions: [slug] } },
  )
  return evidenceSummaries
}

describe.each(subjects)('%s', (slug) => {
  look('shows one table a comparison, each row under what it was compared with', async () => {
    const summaries = await summariesOf(slug)
    const { page, context, problems } = await looking.open(`/conditions/${slug}`)
    const part = page.getByRole('region', { name: 'By what magnesium was compared with' })
    // Folded tables are read as well.
    await part.locator('details.fold').evaluateAll((all) => {
      for (const details of all) (details as HTMLDetailsElement).open = true
    })
    const keys = [...new Set(summaries.map(({ comparison }) => comparison.key))]
    expect(await part.locator('details.fold').count()).toBe(keys.length)
    const titles = await part.locator('details.fold > summary > h3').allInnerTexts()
    if (keys.includes('INACTIVE')) expect(titles[0]).toBe('Magnesium against placebo or no treatment')
    for (const key of keys) {
      const own = summaries.filter(({ comparison }) => comparison.key === key)
      const [first] = own
      const label = first?.comparison.label ?? ''
      const title = titles.find((words) => (first?.comparison.kind === 'NONE' ? /^Before and after/.test(words) : words.endsWith(label))) ?? ''
      expect(title).not.toBe('')
      const rows = part.getByRole('region', { name: title, exact: true }).locator('tbody tr')
      expect(await rows.count()).toBe(own.length)
      const directions = await part.getByRole('region', { name: title, exact: true }).locator('td.direction').allInnerTexts()
      for (const words of directions) expect(words).not.toContain('the comparator')
      const expected = own.filter(({ estimate, direction }) => estimate !== null && direction === 'FAVOURS_COMPARATOR').length
      if (first?.comparison.kind === 'ACTIVE' || first?.comparison.kind === 'INACTIVE')
        expect(directions.filter((words) => words === label.replace('against', 'favours'))).toHaveLength(expected)
    }
    expect(problems).toEqual([])
    await context.close()
  })

  look('shows the own outcomes of the condition before those of narrower ones, randomised evidence first', async () => {
    const { page, context } = await looking.open(`/conditions/${slug}`)
    const { condition } = await looking.service.ask('query ($slug: String!) { condition(ref: $slug) { children { name } } }', { slug })
    const narrower: string[] = condition.children.map(({ name }: { name: string }) => name)
    const words = await page.locator('details.fold').first().locator('tbody tr th > div.muted:nth-of-type(1)').allInnerTexts()
    expect(words.length).toBeGreaterThan(0)
    const ownFirst = words.map((line) => (narrower.some((name) => line.includes(name)) ? 1 : line.includes(' · ') ? 1 : 0))
    expect(ownFirst).toEqual([...ownFirst].sort((a, b) => a - b))
    const own = words.filter((line) => !line.includes(' · ')).map((line) => (line.startsWith('randomised') ? 0 : 1))
    expect(own).toEqual([...own].sort((a, b) => a - b))
    await context.close()
  })
})

look('studies and people are those of the estimate, the rest in brackets', async () => {
  const summaries = await summariesOf('migraine')
  const partly = summaries.find(
    ({ comparison, estimate, studies, studiesPooled }) => comparison.key === 'INACTIVE' && estimate !== null && (studiesPooled ?? 0) < studies,
  )
  if (partly === undefined) throw new Error('no pool of migraine leaves a study out')
  const { page, context } = await looking.open('/conditions/migraine')
  const cells = await page
    .getByRole('region', { name: 'Magnesium against placebo or no treatment', exact: true })
    .locator('td[data-label="Studies"]')
    .allInnerTexts()
  expect(cells.map((text) => text.replace(/\s+/g, ' '))).toContain(`${partly.studiesPooled} (${partly.studies} in all)`)
  await context.close()
})

look('forms are a second level, which a button opens', async () => {
  const { page, context } = await looking.open('/conditions/migraine')
  const table = page.getByRole('region', { name: 'Magnesium against placebo or no treatment', exact: true })
  const before = await table.locator('tbody tr').count()
  const button = table.getByRole('button', { name: /^Show \d+ forms$/ }).first()
  const forms = Number((await button.innerText()).replace(/\D/g, ''))
  await button.click()
  await table.getByRole('button', { name: /^Hide \d+ forms$/ }).waitFor()
  expect(await table.locator('tbody tr').count()).toBe(before + forms)
  expect(await table.locator('tr.of-form').count()).toBe(forms)
  await context.close()
})

look('a comparison that is chosen stands in the address, and the pool below is of it', async () => {
  const { page, context } = await looking.open('/conditions/migraine')
  await page.getByRole('combobox', { name: 'Compared with' }).selectOption('ACTIVE:valproate')
  await page.waitForURL(/comparison=ACTIVE(:|%3A)valproate/)
  await page.waitForFunction(() => document.querySelectorAll('section details.fold[id]').length === 1)
  await page.reload()
  await page.locator('details.fold[id]').first().waitFor()
  expect(await page.locator('details.fold[id] > summary > h3').allInnerTexts()).toEqual(['Magnesium against valproate'])
  await page.locator('.facts').first().getByText('valproate').waitFor()
  await context.close()
})

look('a row opens what stands behind it, whether it is pooled or not', async () => {
  const { page, context } = await looking.open('/conditions/hypertension')
  const links = await page
    .locator('details.fold')
    .first()
    .locator('tbody th a')
    .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''))
  expect(links.some((link) => link.startsWith('/synthesis'))).toBe(true)
  for (const link of [links.find((address) => address.startsWith('/synthesis')), links.find((address) => address.startsWith('/evidence'))]) {
    if (link === undefined) continue
    const opened = await looking.open(link)
    await opened.page.waitForFunction(() => document.querySelector('[aria-busy="true"], .loading') === null)
    expect(await opened.page.locator('[role="alert"]').count()).toBe(0)
    expect(await opened.page.locator('tbody tr').count()).toBeGreaterThan(0)
    await opened.context.close()
  }
  await context.close()
})

look('the marks of certainty open into domains with reasons', async () => {
  const { page, context } = await looking.open('/conditions/migraine')
  const certainty = page.locator('details.fold').first().locator('details.certainty').first()
  await certainty.locator('summary').click()
  const lines = await certainty.locator('li').allInnerTexts()
  expect(lines.length).toBeGreaterThanOrEqual(5)
  for (const line of lines) expect(line).toMatch(/: (no change|[+−]\d)/)
  await context.close()
})

look('what reviews found stands beside, grouped by comparison', async () => {
  const { pooledResults } = await looking.service.ask(
    '{ pooledResults(filter: { conditions: ["hypertension"] }, first: 200) { totalCount nodes { study { slug } } } }',
  )
  const { page, context } = await looking.open('/conditions/hypertension')
  const part = page.getByRole('region', { name: 'What reviews found' })
  await part.locator('details.fold').evaluateAll((all) => {
    for (const details of all) (details as HTMLDetailsElement).open = true
  })
  expect(pooledResults.totalCount).toBeGreaterThan(10)
  expect(await part.locator('tbody tr').count()).toBe(pooledResults.nodes.length)
  const linked = await part.locator('tbody th a').evaluateAll((all) => all.map((link) => link.getAttribute('href')))
  expect(new Set(linked)).toEqual(new Set(pooledResults.nodes.map(({ study }: { study: { slug: string } }) => `/studies/${study.slug}`)))
  await context.close()
})

look('on a phone every comparison is folded, and a link opens it', async () => {
  const { page, context } = await looking.open('/conditions/migraine', { viewport: { width: 390, height: 844 } })
  expect(await page.locator('details.fold[open]').count()).toBe(0)
  await page.getByRole('navigation', { name: 'Comparisons' }).getByRole('link', { name: 'Magnesium against valproate' }).click()
  await page.locator('details.fold[open] h3', { hasText: 'Magnesium against valproate' }).waitFor()
  await context.close()
})
