import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const fields = ['STANDARDIZED_BENEFIT', 'ESTIMATE', 'P_VALUE', 'PARTICIPANTS', 'YEAR', 'ELEMENTAL_MG_PER_DAY', 'DURATION_DAYS', 'STUDY', 'RELEVANCE']
const orders = [
  ...fields.flatMap((field) =>
    ['ASC', 'DESC'].flatMap((direction) => ['FIRST', 'LAST'].map((nulls) => [`{ field: ${field}, direction: ${direction}, nulls: ${nulls} }`])),
  ),
  ['{ field: YEAR, direction: DESC }, { field: PARTICIPANTS, direction: ASC, nulls: FIRST }'],
  ['{ field: P_VALUE }, { field: STANDARDIZED_BENEFIT, direction: DESC }, { field: STUDY, direction: DESC }'],
]

// Keyset paging is only as good as its order is total: values that are equal or missing are where rows get lost.
test.each(orders)('pages by %s unite to all rows, none lost, none twice, forwards and backwards alike', async (order) => {
  const ask = async (args: string) =>
    (
      await service.ask(
        `{ evidence(filter: { text: "magnesium", or: [{ year: { lte: 2001 } }, { not: { year: { gte: 0 } } }] }, orderBy: [${order}], ${args}) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { slug } } } }`,
      )
    ).evidence
  const whole: string[] = (await ask('first: 500')).edges.map(({ node }: { node: { slug: string } }) => node.slug)
  // Shorter than the largest page, so that one page is the whole.
  expect(whole.length).toBeLessThan(500)
  const slugsOf = (page: { edges: { node: { slug: string } }[] }) => page.edges.map(({ node }) => node.slug)
  const size = Math.max(7, Math.ceil(whole.length / 9))

  const forwards: string[] = []
  for (let page = await ask(`first: ${size}`); ; page = await ask(`first: ${size}, after: "${page.pageInfo.endCursor}"`)) {
    forwards.push(...slugsOf(page))
    if (!page.pageInfo.hasNextPage) break
  }
  const backwards: string[] = []
  for (let page = await ask(`last: ${size}`); ; page = await ask(`last: ${size}, before: "${page.pageInfo.startCursor}"`)) {
    backwards.unshift(...slugsOf(page))
    if (!page.pageInfo.hasPreviousPage) break
  }
  expect(new Set(whole).size).toBe(whole.length)
  expect(forwards).toEqual(whole)
  expect(backwards).toEqual(whole)
})

test('rows without a value stand where they were asked to stand, whatever the direction', async () => {
  const benefits = async (order: string) =>
    (await service.ask(`{ evidence(orderBy: [{ field: STANDARDIZED_BENEFIT, ${order} }], first: 500) { nodes { standardizedBenefit } } }`)).evidence.nodes.map(
      ({ standardizedBenefit }: { standardizedBenefit: number | null }) => standardizedBenefit === null,
    )
  for (const direction of ['ASC', 'DESC']) {
    expect((await benefits(`direction: ${direction}, nulls: FIRST`))[0]).toBe(true)
    expect((await benefits(`direction: ${direction}, nulls: LAST`))[0]).toBe(false)
  }
})

test.each(['conditions', 'forms', 'outcomes', 'studies', 'claims', 'pooledResults'])('%s page to the whole list forwards and backwards', async (list) => {
  const ask = async (args: string) =>
    (await service.ask(`{ ${list}(${args}) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { slug } } }`))[list]
  const forwards: string[] = []
  let page = await ask('first: 13')
  for (
    forwards.push(...page.nodes.map(({ slug }: { slug: string }) => slug));
    page.pageInfo.hasNextPage;
    forwards.push(...page.nodes.map(({ slug }: { slug: string }) => slug))
  )
    page = await ask(`first: 13, after: "${page.pageInfo.endCursor}"`)
  const backwards: string[] = []
  page = await ask('last: 13')
  for (
    backwards.unshift(...page.nodes.map(({ slug }: { slug: string }) => slug));
    page.pageInfo.hasPreviousPage;
    backwards.unshift(...page.nodes.map(({ slug }: { slug: string }) => slug))
  )
    page = await ask(`last: 13, before: "${page.pageInfo.startCursor}"`)
  expect(forwards).toHaveLength(page.totalCount)
  expect(new Set(forwards).size).toBe(page.totalCount)
  expect(backwards).toEqual(forwards)
})
