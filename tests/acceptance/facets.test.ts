import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- counts of every kind of facet
type Count = any

const terms = 'slug count studies withNarrower studiesWithNarrower'
const values = 'value count studies'
const everything = `conditions { ${terms} } forms { ${terms} } outcomes { ${terms} } agents { ${terms} }
  designs { ${values} } measures { ${values} } directions { ${values} } years { ${values} } evidenceClasses { ${values} } routes { ${values} } comparators { ${values} } riskOfBias { ${values} }
  comparisons { comparison { key } count studies } doseBands { ${values} from to }`

/** The filter that each count of a facet is of. */
const filterOf: Readonly<Record<string, (count: Count) => string>> = {
  conditions: ({ slug }) => `conditions: ["${slug}"]`,
  forms: ({ slug }) => `forms: ["${slug}"]`,
  outcomes: ({ slug }) => `outcomes: ["${slug}"]`,
  agents: ({ slug }) => `agents: ["${slug}"]`,
  designs: ({ value }) => `designs: [${value}]`,
  measures: ({ value }) => `measures: [${value}]`,
  directions: ({ value }) => `directions: [${value}]`,
  years: ({ value }) => `year: { gte: ${value}, lte: ${value} }`,
  evidenceClasses: ({ value }) => `evidenceClasses: [${value}]`,
  routes: ({ value }) => `routes: [${value}]`,
  comparators: ({ value }) => `comparators: [${value}]`,
  riskOfBias: ({ value }) => `riskOfBias: [${value}]`,
  comparisons: ({ comparison }) => `comparisonKeys: ["${comparison.key}"]`,
  doseBands: ({ from, to }) => `elementalMgPerDay: { gte: ${from}${to === null ? '' : `, lt: ${to}`} }, doseAmbiguity: WHOLLY_WITHIN`,
}

test.each(['{}', '{ conditions: ["hypertension"] }', '{ routes: [ORAL], year: { gte: 2005 } }', '{ isHarm: true }'])(
  'every count of every facet of %s is what the filter by it finds',
  async (filter) => {
    const { evidence } = await service.ask(`{ evidence(filter: ${filter}) { facets { ${everything} } } }`)
    const differing: unknown[] = []
    for (const [facet, counts] of Object.entries(evidence.facets as Record<string, Count[]>)) {
      const asked = counts.slice(0, 25)
      for (let from = 0; from < asked.length; from += 12) {
        const part = asked.slice(from, from + 12)
        const list = (alias: string, count: Count, narrower: boolean) =>
          `${alias}: evidence(filter: { and: [${filter}], ${filterOf[facet]?.(count) ?? ''}, includeNarrower: ${narrower} }) { totalCount }`
        const answers = await service.ask(
          `{ ${part.map((count, index) => `${list(`own${index}`, count, false)} ${list(`all${index}`, count, true)}`).join(' ')} }`,
        )
        part.forEach((count, index) => {
          const [own, all] = [answers[`own${index}`].totalCount, answers[`all${index}`].totalCount]
          if (own !== count.count || all !== (count.withNarrower ?? count.count)) differing.push({ facet, count, own, all })
        })
      }
    }
    expect(differing).toEqual([])
    expect(Object.keys(evidence.facets).sort()).toEqual(Object.keys(filterOf).sort())
    if (filter === '{}') for (const [facet, counts] of Object.entries(evidence.facets)) expect([facet, (counts as unknown[]).length > 0]).toEqual([facet, true])
  },
)

test('studies with narrower terms are those whose effects the filter finds', async () => {
  const { evidence } = await service.ask(`{ evidence { facets { conditions { ${terms} } forms { ${terms} } } } }`)
  for (const [word, counts] of Object.entries(evidence.facets as Record<string, Count[]>)) {
    for (const { slug, studiesWithNarrower, studies } of counts.slice(0, 5)) {
      const { evidence: found } = await service.ask(
        `{ evidence(filter: { ${word}: ["${slug}"] }, first: 500) { nodes { study { slug } } pageInfo { hasNextPage } } }`,
      )
      if (found.pageInfo.hasNextPage) continue
      expect(studiesWithNarrower).toBe(new Set(found.nodes.map(({ study }: Count) => study.slug)).size)
      expect(studiesWithNarrower).toBeGreaterThanOrEqual(studies)
    }
  }
})

test('all facets are counted in two statements: what they list, and what narrower terms add', async () => {
  const costs = []
  for (const filter of ['{}', '{ conditions: ["depression"] }']) {
    const before = service.statements()
    await service.ask(`{ evidence(filter: ${filter}, first: 0) { facets { ${everything} } } }`)
    costs.push(service.statements() - before)
  }
  expect(Math.max(...costs)).toBeLessThanOrEqual(3)
})
