/// <reference lib="dom" />
import { verdicts } from '../../src/web/claims/verdicts.js'
import { look, startLooking } from '../support/browser.js'

const looking = startLooking()

look('several verdicts are chosen at once, and stand in the address', async () => {
  const { claims } = await looking.service.ask('{ claims(filter: { verdicts: [CONTRADICTED, OVERSTATED] }, first: 500) { totalCount } }')
  const { page, context, problems } = await looking.open('/claims')
  await page.getByRole('checkbox', { name: 'contradicted', exact: true }).check()
  await page.getByRole('checkbox', { name: 'overstated', exact: true }).check()
  await page.waitForURL(/verdict=/)
  expect(new URL(page.url()).searchParams.get('verdict')?.split(',').sort()).toEqual(['CONTRADICTED', 'OVERSTATED'])
  await page.getByText(`${claims.totalCount} claims`).first().waitFor()
  await page.reload()
  await page.getByText(`${claims.totalCount} claims`).first().waitFor()
  expect(await page.locator('.claims > li').count()).toBe(claims.totalCount)
  expect(problems).toEqual([])
  await context.close()
})

look('the article is named, and each verdict is explained and has a sign of its own', async () => {
  const { claims } = await looking.service.ask('{ claims(first: 500) { nodes { source { title } } } }')
  const { page, context } = await looking.open('/claims')
  for (const title of new Set<string>(claims.nodes.map(({ source }: { source: { title: string } }) => source.title)))
    expect(await page.locator('main').innerText()).toContain(title)
  await page.getByText('What the verdicts mean').click()
  const glossary = await page.locator('.glossary').innerText()
  for (const { name, meaning } of Object.values(verdicts)) {
    expect(glossary).toContain(name)
    expect(glossary).toContain(meaning)
  }
  expect(new Set(Object.values(verdicts).map(({ sign }) => sign)).size).toBe(Object.keys(verdicts).length)
  await context.close()
})

look('a claim is headed by its words, says its numbers, and leads to its conditions and forms', async () => {
  const { claims } = await looking.service.ask(
    '{ claims(first: 500) { nodes { slug statement stated verdict source { title } conditions { slug } forms { slug } } } }',
  )
  interface Claim {
    readonly slug: string
    readonly statement: string
    readonly stated: readonly { readonly what: string; readonly value: number }[] | null
    readonly source: { readonly title: string }
    readonly conditions: readonly { readonly slug: string }[]
    readonly forms: readonly { readonly slug: string }[]
  }
  const found = (holds: (claim: Claim) => boolean) => {
    const claim = (claims.nodes as Claim[]).find(holds)
    if (claim === undefined) throw new Error('no claim is of the kind')
    return claim
  }
  const chosen = [found(({ stated }) => (stated ?? []).length > 0), found(({ conditions }) => conditions.length > 0), found(({ forms }) => forms.length > 0)]
  for (const { slug, statement, stated, source, conditions, forms } of chosen) {
    const { page, context } = await looking.open(`/claims/${slug}`)
    expect(await page.locator('h1').innerText()).toContain(statement)
    const text = await page.locator('main').innerText()
    expect(text).toContain(source.title)
    for (const { what, value } of stated ?? []) expect(text).toContain(`${what}: ${value}`)
    for (const term of conditions) expect(await page.locator(`main a[href="/conditions/${term.slug}"]`).count()).toBeGreaterThan(0)
    for (const term of forms) expect(await page.locator(`main a[href="/forms/${term.slug}"]`).count()).toBeGreaterThan(0)
    await context.close()
  }
})

look('on a phone the topics are folded', async () => {
  const { page, context } = await looking.open('/claims', { viewport: { width: 390, height: 844 } })
  expect(await page.locator('details.fold').count()).toBeGreaterThan(3)
  expect(await page.locator('details.fold[open]').count()).toBe(0)
  await page.locator('details.fold > summary').first().click()
  expect(await page.locator('.claims > li').first().isVisible()).toBe(true)
  await context.close()
})
