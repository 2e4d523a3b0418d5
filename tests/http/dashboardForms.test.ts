/// <reference lib="dom" />
import { look, startLooking } from '../support/browser.js'

const looking = startLooking()

interface Form {
  readonly slug: string
  readonly name: string
  readonly formula: string | null
  readonly trials: number
  readonly medianElementalMgPerDay: number | null
  readonly elementalFractionHigh: number | null
}
const askForms = async (): Promise<readonly Form[]> => {
  const { forms } = await looking.service.ask('{ forms(first: 500) { nodes { slug name formula trials medianElementalMgPerDay elementalFractionHigh } } }')
  return forms.nodes
}

test('trials of a form are the randomised ones in people that gave it or a narrower one by itself', async () => {
  const forms = await askForms()
  expect(forms.filter(({ trials }) => trials > 0).length).toBeGreaterThan(10)
  for (const { slug, trials } of forms.toSorted((a, b) => b.trials - a.trials).slice(0, 8)) {
    const studies = new Set<string>()
    for (let after: string | null = null; ;) {
      const { evidence }: { evidence: { nodes: Effect[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } = await looking.service.ask(
        `query ($filter: EvidenceFilter!, $after: String) { evidence(filter: $filter, first: 500, after: $after) { pageInfo { hasNextPage endCursor }
          nodes { form { slug } study { slug } } } }`,
        { filter: { forms: [slug], evidenceClasses: ['RANDOMIZED'] }, after },
      )
      for (const { form, study } of evidence.nodes) if (form !== null) studies.add(study.slug)
      if (!evidence.pageInfo.hasNextPage) break
      after = evidence.pageInfo.endCursor
    }
    expect([slug, trials]).toEqual([slug, studies.size])
  }
})

interface Effect {
  readonly form: { readonly slug: string } | null
  readonly study: { readonly slug: string }
}

look('forms are sorted by each column, what is not known last', async () => {
  const forms = await askForms()
  const { page, context, problems } = await looking.open('/forms')
  const names = () => page.getByRole('region', { name: 'Forms' }).locator('tbody th').allInnerTexts()
  expect(await page.locator('th[aria-sort="descending"]').innerText()).toContain('Trials')
  const byTrials = forms.toSorted((a, b) => b.trials - a.trials || a.name.localeCompare(b.name)).map(({ name }) => name)
  expect(await names()).toEqual(byTrials)
  await page.getByRole('button', { name: 'Share of magnesium' }).click()
  const shareOf = new Map(forms.map(({ name, elementalFractionHigh }) => [name, elementalFractionHigh]))
  const shares = (await names()).map((name) => shareOf.get(name) ?? null)
  const known = shares.filter((share) => share !== null)
  expect(shares.slice(0, known.length)).toEqual(known.toSorted((a, b) => b - a))
  await page.getByRole('button', { name: 'Share of magnesium' }).click()
  const turned = (await names()).map((name) => shareOf.get(name) ?? null)
  expect(turned.slice(0, known.length)).toEqual(known.toSorted((a, b) => a - b))
  expect(problems).toEqual([])
  await context.close()
})

look('numbers of formulas are subscripts', async () => {
  const { page, context } = await looking.open('/forms/magnesium-chloride-hexahydrate')
  const formula = page.locator('.facts dd').first()
  expect(await formula.locator('sub').count()).toBeGreaterThan(0)
  const { form } = await looking.service.ask('{ form(ref: "magnesium-chloride-hexahydrate") { formula } }')
  expect(await formula.innerText()).toBe(form.formula)
  await context.close()
})
