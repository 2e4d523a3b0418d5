import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
  await service.ask('{ conditions { nodes { slug } } }') // the vocabulary is read once for all requests of a revision
})
afterAll(() => service.stop())

/** Statements that an operation costs, whatever the length of its lists. Studies are cold: each case names its own. */
test.each([
  [
    'a page of effects with everything a table shows',
    'evidence(first: $n) { nodes { study { slug title } population { label } intervention { doses { form { slug } } } outcome { slug } condition { slug } form { slug } effect { estimate } } }',
    2,
  ],
  [
    'the same with derivation, coherence, arms and alternatives',
    'evidence(first: $n) { nodes { study { slug } derivation { formula } coherence { checks { rule } } armResults { n } alternatives { participants } provenance { source } effectAs(measure: SMD) { reason } } }',
    3,
  ],
  [
    'the same with count and facets',
    'evidence(first: $n) { totalCount facets { conditions { slug } forms { slug } outcomes { slug } designs { value } measures { value } directions { value } years { value } } nodes { study { slug } } }',
    4,
  ],
  ['studies with their effects, counted', 'studies(first: $n) { nodes { slug evidence(first: 3) { totalCount nodes { slug } } } }', 4],
  ['studies with claims and pooled results', 'studies(first: $n) { nodes { slug claims { slug } pooledResults { slug } } }', 4],
  ['conditions with their effects', 'conditions(first: $n) { nodes { slug evidence(first: 2) { nodes { slug study { slug } } } } }', 2],
  [
    'claims with citations and deciding effects',
    'claims(first: $n) { nodes { slug citations { slug } findings { study { slug } evidence { slug effect { estimate } } } } }',
    3,
  ],
  ['pooled results with their reviews', 'pooledResults(first: $n) { nodes { slug study { slug } } }', 2],
  [
    'facets with narrower terms',
    'evidence(first: $n) { facets { conditions { withNarrower studiesWithNarrower } forms { withNarrower } agents { slug } routes { value } comparators { value } riskOfBias { value } doseBands { value } } }',
    3,
  ],
  [
    'rows of a pool with their studies and effects',
    'conditions(first: $n) { totalCount } synthesis(input: { filter: { conditions: ["acute-myocardial-infarction"] }, moderators: [YEAR], subgroupBy: FORM }) { leaveOneOut { study { slug } evidence { slug } } cumulative { study { slug } evidence { slug } } influence { study { slug } } subgroups { entries { study { slug } evidence { slug } } } metaRegression { entries { study { slug } } omittedEntries { study { slug } } } }',
    4,
  ],
  ['terms by refs', 'conditions(first: $n, refs: ["migraine", "MESH:D003866", "nothing"]) { byRefs { slug } nodes { slug } }', 0],
  ['summaries in an order', 'evidenceSummaries(first: $n, orderBy: [{ field: CERTAINTY }, { field: MAGNITUDE, direction: DESC }]) { group }', 6],
  ['a search with what it finds', 'search(text: "magnesium", first: $n) { nodes { node { ... on Study { slug } ... on Claim { slug } } } }', 3],
])('%s costs the same few statements for 3 rows and for 60', async (_, field, most) => {
  const counts = []
  for (const n of [3, 60]) {
    const before = service.statements()
    await service.ask(`query ($n: Int!) { ${field} }`, { n })
    counts.push(service.statements() - before)
  }
  expect(Math.max(...counts)).toBeLessThanOrEqual(most)
})

test('a count, a facet or a detail that is not asked for is not computed', async () => {
  const before = service.statements()
  await service.ask('{ evidence(first: 5) { nodes { slug effect { estimate } } } }')
  expect(service.statements() - before).toBe(1)
})
