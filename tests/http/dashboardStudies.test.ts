/// <reference lib="dom" />
import { formulaWords } from '../../src/web/study/formulaWords.js'
import { look, startLooking } from '../support/browser.js'

const looking = startLooking()

look('the page of a review shows each of its pooled results, and nothing of arms', async () => {
  const { pooledResults } = await looking.service.ask('{ pooledResults(first: 200) { nodes { study { slug } } } }')
  const slugs = [...new Set<string>(pooledResults.nodes.map(({ study }: { study: { slug: string } }) => study.slug))].slice(0, 4)
  for (const slug of ['zhang-2016-bp', ...slugs]) {
    const { studies } = await looking.service.ask(
      'query ($f: StudyFilter) { studies(filter: $f) { nodes { design pooledResults { name effect { estimate } } } } }',
      {
        f: { studies: [slug] },
      },
    )
    const [study] = studies.nodes
    const { page, context, problems } = await looking.open(`/studies/${slug}`)
    const headings = await page.locator('h2').allInnerTexts()
    expect(headings).toContain('What it pooled')
    if (study.design === 'REVIEW') expect(headings).not.toContain('What was given')
    expect(await page.getByRole('region', { name: 'Pooled results', exact: true }).locator('tbody tr').count()).toBe(study.pooledResults.length)
    if (study.design === 'REVIEW') expect(await page.getByText('Nobody was allocated to anything.').count()).toBe(0)
    expect(problems).toEqual([])
    await context.close()
  }
})

look('an interval that is not of 95 % says its level', async () => {
  const { page, context } = await looking.open('/studies/magpie-2002')
  const { studies } = await looking.service.ask(
    '{ studies(filter: { studies: ["magpie-2002"] }) { nodes { evidence(first: 100) { nodes { effect { estimate ciLower ciLevel } } } } } }',
  )
  const levels: number[] = studies.nodes[0].evidence.nodes.flatMap(
    ({ effect }: { effect: { estimate: number | null; ciLower: number | null; ciLevel: number | null } }) =>
      effect.estimate === null || effect.ciLower === null || effect.ciLevel === null ? [] : [effect.ciLevel],
  )
  const other = levels.filter((level) => level !== 0.95)
  expect(other.length).toBeGreaterThan(0)
  const cells = await page.locator('td[data-label="Effect (interval)"]').allInnerTexts()
  expect(cells.filter((text) => /99 % interval/.test(text))).toHaveLength(other.filter((level) => level === 0.99).length)
  await context.close()
})

look('an effect without a size shows its p value, every effect its dose and whom it favours by name', async () => {
  const { evidence } = await looking.service.ask(
    `{ evidence(filter: { conditions: ["migraine"] }, first: 25) { nodes { direction comparison { kind label } effect { estimate pValue } intervention { doses { elementalMgPerDayHigh } } } } }`,
  )
  const { page, context } = await looking.open('/evidence?condition=migraine')
  const rows = page.getByRole('region', { name: 'Table of effects' }).locator('tbody tr')
  const [sizes, doses, directions] = await Promise.all(
    ['Effect (interval)', 'Dose', 'Direction'].map((label) => rows.locator(`td[data-label="${label}"]`).allInnerTexts()),
  )
  if (sizes === undefined || doses === undefined || directions === undefined) throw new Error('a column is missing')
  const { nodes } = evidence
  expect(sizes.length).toBeGreaterThanOrEqual(nodes.length)
  expect(sizes.some((text) => /^p /.test(text))).toBe(true)
  for (const [place, { effect, intervention }] of nodes.entries()) {
    if (effect.estimate === null && effect.pValue !== null) expect(sizes[place]).toMatch(/^p /)
    const isKnown = (intervention?.doses ?? []).some(({ elementalMgPerDayHigh }: { elementalMgPerDayHigh: number | null }) => elementalMgPerDayHigh !== null)
    expect(doses[place]).toMatch(isKnown ? /mg a day$/ : /^–$/)
  }
  expect(directions.join(' ')).not.toContain('the comparator')
  await context.close()
})

look('a citation file holds the reports of the study and of no other', async () => {
  for (const slug of ['li-2007', 'isis-4-1995', 'zhang-2016-bp']) {
    const { page, context } = await looking.open(`/studies/${slug}`)
    const link = await page.getByRole('link', { name: 'Cite: RIS' }).getAttribute('href')
    const text = await (await fetch(`${looking.service.url}${link}`)).text()
    const { studies } = await looking.service.ask('query ($f: StudyFilter) { studies(filter: $f) { nodes { publications { title } } } }', {
      f: { studies: [slug] },
    })
    const titles: string[] = studies.nodes[0].publications.map(({ title }: { title: string }) => title)
    const cited = [...text.matchAll(/^TI {2}- (.*?)\r?$/gm)].map(([, title]) => title)
    expect(cited.length).toBeGreaterThan(0)
    for (const title of cited) expect(titles).toContain(title)
    await context.close()
  }
})

test('every formula of the data has words', async () => {
  const formulas = new Set<string>()
  for (let after: string | null = null; ;) {
    const { evidence }: { evidence: { nodes: { derivation: { formula: string | null } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } =
      await looking.service.ask(
        'query ($after: String) { evidence(first: 500, after: $after, filter: { retracted: INCLUDE }) { pageInfo { hasNextPage endCursor } nodes { derivation { formula } } } }',
        { after },
      )
    for (const { derivation } of evidence.nodes) if (derivation.formula !== null) formulas.add(derivation.formula)
    if (!evidence.pageInfo.hasNextPage) break
    after = evidence.pageInfo.endCursor
  }
  expect(formulas.size).toBeGreaterThan(10)
  for (const formula of formulas) expect(formulaWords(formula)).toMatch(/ /)
})
