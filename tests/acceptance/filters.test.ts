import { startService, type Service } from '../support/service.js'

let service: Service
let everything: Node[]
beforeAll(async () => {
  service = await startService()
  everything = await pagesOf('{ subjects: [HUMAN, ANIMAL, IN_VITRO], retracted: INCLUDE }')
})
afterAll(() => service.stop())

/** What the predicates below look at: the nodes themselves, not the columns that filters use. */
type Node = any // eslint-disable-line @typescript-eslint/no-explicit-any -- a node of a large operation; each predicate reads its own few fields

const fields = `slug direction standardizedBenefit participants timepointDays
  condition { slug parents { slug parents { slug } } } form { slug } outcome { slug } instrument { slug }
  effect { measure estimate ciLower ciUpper pValue analysisScale }
  coherence { status } riskOfBias { level }
  comparator { role }
  intervention { doses { route startDay endDay elementalMgPerDayLow elementalMgPerDayHigh form { slug parents { slug parents { slug } } } } }
  population { meanAge femalePercent baselineSerumMagnesium conditions { slug } }
  study { slug year design subjects status doi pmid registrations keyFindings publications { doi } }`

async function pagesOf(filter: string): Promise<Node[]> {
  const nodes: Node[] = []
  for (let after = ''; ;) {
    const { evidence } = await service.ask(`{ evidence(filter: ${filter}, first: 250${after}) { pageInfo { hasNextPage endCursor } nodes { ${fields} } } }`)
    nodes.push(...evidence.nodes)
    if (!evidence.pageInfo.hasNextPage) return nodes
    after = `, after: "${evidence.pageInfo.endCursor}"`
  }
}

const human = (node: Node) => node.study.subjects === 'HUMAN' && node.study.status !== 'RETRACTED'
const lineage = (term: Node): string[] => [term.slug, ...(term.parents ?? []).flatMap(lineage)]
const doses = (node: Node): Node[] => node.intervention?.doses ?? []
const elemental = (node: Node) => {
  const lows = doses(node).flatMap(({ elementalMgPerDayLow }) => elementalMgPerDayLow ?? [])
  const highs = doses(node).flatMap(({ elementalMgPerDayHigh }) => elementalMgPerDayHigh ?? [])
  return lows.length === 0 ? null : { low: Math.min(...lows), high: Math.max(...highs) }
}
const ambiguous = (node: Node) => doses(node).some(({ elementalMgPerDayLow, elementalMgPerDayHigh }) => elementalMgPerDayLow < elementalMgPerDayHigh)
const duration = (node: Node) => {
  const ends = doses(node).flatMap(({ endDay }) => endDay ?? [])
  const starts = doses(node).flatMap(({ startDay }) => startDay ?? [])
  return ends.length === 0 || starts.length === 0 ? null : Math.max(...ends) - Math.min(...starts)
}
const nullOf = (node: Node) => (node.effect.analysisScale === 'LOG' ? 1 : 0)
const excludesNull = (node: Node) => (node.effect.ciLower === null ? null : node.effect.ciLower > nullOf(node) || node.effect.ciUpper < nullOf(node))
const within = (value: number | null | undefined, low: number, high: number) => value != null && value >= low && value <= high

test.each<[string, (node: Node) => boolean]>([
  ['{}', () => true],
  ['{ conditions: ["depression"] }', (node) => lineage(node.condition).includes('depression')],
  ['{ conditions: ["depression"], includeNarrower: false }', (node) => node.condition.slug === 'depression'],
  [
    '{ conditions: ["Heart Attack", "MESH:D003866"] }',
    (node) => lineage(node.condition).some((slug) => slug === 'myocardial-infarction' || slug === 'depression'),
  ],
  [
    '{ forms: ["magnesium-citrate"] }',
    (node) => doses(node).some(({ form }) => lineage(form).includes('magnesium-citrate')) || node.form?.slug === 'magnesium-citrate',
  ],
  [
    '{ forms: ["magnesium-citrate"], includeNarrower: false }',
    (node) => doses(node).some(({ form }) => form.slug === 'magnesium-citrate') || node.form?.slug === 'magnesium-citrate',
  ],
  ['{ outcomes: ["all-cause-mortality"] }', (node) => node.outcome.slug === 'all-cause-mortality'],
  ['{ instruments: ["PHQ-9"] }', (node) => node.instrument?.slug === 'phq-9'],
  ['{ measures: [OR, RR] }', (node) => ['OR', 'RR'].includes(node.effect.measure)],
  ['{ measures: [OR], estimate: { lt: 0.5 } }', (node) => node.effect.measure === 'OR' && node.effect.estimate !== null && node.effect.estimate < 0.5],
  ['{ standardizedBenefit: { gte: 0.2, lte: 0.9 } }', (node) => within(node.standardizedBenefit, 0.2, 0.9)],
  ['{ directions: [FAVOURS_MAGNESIUM] }', (node) => node.direction === 'FAVOURS_MAGNESIUM'],
  ['{ ciExcludesNull: true }', (node) => excludesNull(node) === true],
  ['{ ciExcludesNull: false }', (node) => excludesNull(node) === false],
  ['{ pValue: { lt: 0.05 } }', (node) => node.effect.pValue !== null && node.effect.pValue < 0.05],
  ['{ designs: [RCT_CROSSOVER] }', (node) => node.study.design === 'RCT_CROSSOVER'],
  ['{ comparators: [PLACEBO] }', (node) => node.comparator?.role === 'PLACEBO'],
  ['{ routes: [INTRAVENOUS] }', (node) => doses(node).some(({ route }) => route === 'INTRAVENOUS')],
  [
    '{ elementalMgPerDay: { gte: 200, lte: 300 } }',
    (node) => {
      const dose = elemental(node)
      return dose !== null && dose.high >= 200 && dose.low <= 300
    },
  ],
  [
    '{ elementalMgPerDay: { gte: 200, lte: 400 }, doseAmbiguity: WHOLLY_WITHIN }',
    (node) => {
      const dose = elemental(node)
      return dose !== null && dose.low >= 200 && dose.high <= 400
    },
  ],
  [
    '{ elementalMgPerDay: { gte: 30, lte: 500 }, doseAmbiguity: EXCLUDE_AMBIGUOUS }',
    (node) => {
      const dose = elemental(node)
      return dose !== null && dose.low >= 30 && dose.high <= 500 && !ambiguous(node)
    },
  ],
  ['{ doseAmbiguity: EXCLUDE_AMBIGUOUS }', (node) => !ambiguous(node)],
  ['{ durationDays: { gte: 60 } }', (node) => (duration(node) ?? -1) >= 60],
  ['{ timepointDays: { lte: 35 } }', (node) => within(node.timepointDays, 0, 35)],
  ['{ participants: { gt: 100 } }', (node) => (node.participants ?? 0) > 100],
  ['{ year: { gte: 2010, lte: 2017 } }', (node) => within(node.study.year, 2010, 2017)],
  ['{ meanAge: { gte: 40 } }', (node) => (node.population.meanAge ?? 0) >= 40],
  ['{ femalePercent: { gte: 50 } }', (node) => (node.population.femalePercent ?? 0) >= 50],
  ['{ populationConditions: ["migraine"], includeNarrower: false }', (node) => node.population.conditions.some(({ slug }: Node) => slug === 'migraine')],
  ['{ baselineSerumMagnesium: { lte: 0.85 } }', (node) => within(node.population.baselineSerumMagnesium, 0, 0.85)],
  ['{ riskOfBias: [HIGH] }', (node) => node.riskOfBias?.level === 'HIGH'],
  ['{ coherence: [WARN, FAIL] }', (node) => ['WARN', 'FAIL'].includes(node.coherence.status)],
  ['{ identifiers: ["PMID 28654669", "NCT02466087"] }', (node) => node.study.slug === 'tarleton-2017'],
  ['{ identifiers: ["10.1002/14651858.CD002755.pub2"] }', (node) => node.study.publications.some(({ doi }: Node) => doi === '10.1002/14651858.cd002755.pub2')],
  ['{ not: { designs: [RCT_PARALLEL] } }', (node) => node.study.design !== 'RCT_PARALLEL'],
  ['{ not: { participants: { gt: 100 } } }', (node) => !((node.participants ?? 0) > 100)],
  [
    '{ or: [{ conditions: ["migraine"] }, { forms: ["magnesium-oxide"], includeNarrower: false }] }',
    (node) =>
      lineage(node.condition).includes('migraine') || doses(node).some(({ form }) => form.slug === 'magnesium-oxide') || node.form?.slug === 'magnesium-oxide',
  ],
  [
    '{ and: [{ year: { gte: 2000 } }, { not: { or: [{ measures: [OR] }, { participants: { lt: 50 } }] } }] }',
    (node) => node.study.year >= 2000 && node.effect.measure !== 'OR' && !((node.participants ?? 50) < 50),
  ],
  ['{ conditions: [], forms: [], or: [] }', () => true],
])('%s selects exactly the effects that it says', async (filter, holds) => {
  const expected = everything
    .filter((node) => human(node) && holds(node))
    .map(({ slug }) => slug)
    .sort()
  expect((await pagesOf(filter)).map(({ slug }) => slug).sort()).toEqual(expected)
  const { evidence } = await service.ask(
    `{ evidence(filter: ${filter}, first: 0) { totalCount nodes { slug } facets { conditions { slug count studies } designs { value count } years { value count } } } }`,
  )
  expect(evidence.totalCount).toBe(expected.length)
  expect(evidence.nodes).toEqual([])
  // Every effect has a condition and a design; facets count the whole set, not the page.
  for (const facet of ['conditions', 'designs'])
    expect(evidence.facets[facet].reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(expected.length)
})

test('animal and laboratory evidence is out unless asked for', async () => {
  const subjects = async (filter: string) => new Set((await pagesOf(filter)).map(({ study }) => study.subjects))
  expect(await subjects('{}')).toEqual(new Set(['HUMAN']))
  expect(await subjects('{ subjects: [ANIMAL, IN_VITRO] }')).not.toContain('HUMAN')
  // The default stands at the root alone: a filter inside and/or/not restricts only what it names.
  expect(await subjects('{ or: [{ year: { gte: 1900 } }] }')).toEqual(new Set(['HUMAN']))
})

test('facets say how many effects and studies stand behind each value', async () => {
  const { evidence } = await service.ask(
    '{ evidence { totalCount facets { conditions { slug name count studies } forms { slug count } outcomes { slug count } designs { value count studies } measures { value count } directions { value count } years { value count } } } }',
  )
  const people = everything.filter(human)
  for (const { slug, count, studies } of evidence.facets.conditions) {
    const ofCondition = people.filter(({ condition }) => condition.slug === slug)
    expect({ slug, count, studies }).toEqual({ slug, count: ofCondition.length, studies: new Set(ofCondition.map(({ study }) => study.slug)).size })
  }
  expect(evidence.facets.measures.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(evidence.totalCount)
})
