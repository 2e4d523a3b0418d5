import { studyFilterWords } from '../../src/study/study.filter.js'
import { evidenceFilterWords } from '../../src/evidence/evidence.filter.js'
import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- an error's extensions, of which each test reads its own
const refusal = async (query: string): Promise<any> => {
  const { errors } = await service.request(query)
  expect(errors).toHaveLength(1)
  return { message: errors?.[0]?.message, ...(errors?.[0]?.extensions as object) }
}

test('both filters carry the same words', () => {
  expect([...studyFilterWords].sort()).toEqual([...evidenceFilterWords].sort())
})

/** Slugs of the studies that a filter finds, and of those whose effects it finds. */
async function found(filter: string): Promise<{ studies: string[]; withEffects: string[] }> {
  const pages = async (field: string, read: (node: never) => string) => {
    const slugs = new Set<string>()
    for (let after: string | null = null; ;) {
      const cursor = after === null ? '' : `, after: "${after}"`
      const { list } = (await service.ask(
        `{ list: ${field}(filter: ${filter}, first: 500${cursor}) { pageInfo { hasNextPage endCursor } nodes { ${field === 'studies' ? 'slug' : 'study { slug }'} } } }`,
      )) as {
        list: { pageInfo: { hasNextPage: boolean; endCursor: string }; nodes: never[] }
      }
      for (const node of list.nodes) slugs.add(read(node))
      if (!list.pageInfo.hasNextPage) return [...slugs].sort()
      after = list.pageInfo.endCursor
    }
  }
  return {
    studies: await pages('studies', ({ slug }: { slug: string }) => slug),
    withEffects: await pages('evidence', ({ study }: { study: { slug: string } }) => study.slug),
  }
}

test.each([
  '{ elementalMgPerDay: { gte: 300 } }',
  '{ elementalMgPerDay: { gte: 200, lte: 400 }, doseAmbiguity: WHOLLY_WITHIN }',
  '{ doseAmbiguity: EXCLUDE_AMBIGUOUS, routes: [ORAL] }',
  '{ routes: [INTRAVENOUS, INHALED] }',
  '{ durationDays: { gte: 60 } }',
  '{ meanAge: { gte: 65 } }',
  '{ femalePercent: { lt: 10 } }',
  '{ populationConditions: ["hypertension"] }',
  '{ baselineSerumMagnesium: { lt: 0.9 } }',
  '{ riskOfBias: [HIGH, SOME_CONCERNS] }',
  '{ isHarm: true }',
  '{ comparators: [PLACEBO] }',
  '{ agents: ["valproate"] }',
  '{ comparison: [ACTIVE] }',
  '{ evidenceClasses: [COHORT], exposureMetrics: [SERUM] }',
  '{ combinations: ONLY }',
  '{ instruments: ["phq-9"] }',
  '{ measures: [MD], estimate: { lt: -5 } }',
  '{ coherence: [FAIL] }',
  '{ units: ["mmol/L"] }',
  '{ countries: ["Iran"], poolable: true }',
  '{ cohorts: ["aric"] }',
  '{ concern: ONLY }',
  '{ not: { concern: INCLUDE } }',
  '{ evidenceKinds: [PRIMARY], designs: [RCT_CROSSOVER] }',
  '{ recordedSince: "2026-11-25" }',
])('studies that %s finds hold all those whose effects it finds', async (filter) => {
  const { studies, withEffects } = await found(filter)
  // Nobody has read a serum level yet.
  if (!/not|baselineSerum/.test(filter)) expect(withEffects.length).toBeGreaterThan(0)
  expect(withEffects.filter((slug) => !studies.includes(slug))).toEqual([])
})

test.each(['measures: [MD], pValue: { lt: 0.05 }', 'directions: [FAVOURS_MAGNESIUM], timepointDays: { lte: 35 }', 'comparison: [ACTIVE], measures: [RR, OR]'])(
  'words about an effect hold of one effect of a study: %s',
  async (words) => {
    const [{ studies }, { withEffects }] = await Promise.all([
      found(`{ ${words} }`),
      found(`{ ${words}, subjects: [HUMAN, ANIMAL, IN_VITRO], retracted: INCLUDE }`),
    ])
    expect(studies.length).toBeGreaterThan(0)
    expect(studies).toEqual(withEffects)
  },
)

test('every study can be named by slug and by id, taken alone or left out, in both lists', async () => {
  const { studies } = await service.ask('{ studies(first: 500) { totalCount nodes { id slug } } }')
  for (const { id, slug } of studies.nodes.filter((_: unknown, index: number) => index % 50 === 0)) {
    const found = await service.ask(`{
      bySlug: studies(filter: { studies: ["${slug}"] }) { nodes { slug } }
      byId: studies(filter: { studies: ["${id}"] }) { nodes { slug } }
      without: studies(filter: { not: { studies: ["${slug}"] } }) { totalCount }
      effects: evidence(filter: { studies: ["${id}"] }, first: 500) { totalCount nodes { study { slug } } }
      every: study(slug: "${slug}") { evidence { totalCount } }
    }`)
    expect(found.bySlug.nodes).toEqual([{ slug }])
    expect(found.byId.nodes).toEqual([{ slug }])
    expect(found.without.totalCount).toBe(studies.totalCount - 1)
    for (const { study } of found.effects.nodes) expect(study.slug).toBe(slug)
    expect(found.effects.totalCount).toBeLessThanOrEqual(found.every.evidence.totalCount)
  }
})

test('every effect can be named by slug and by id', async () => {
  const { evidence } = await service.ask('{ evidence(first: 40) { nodes { id slug } } }')
  const listed = (refs: string[]) => service.ask('query ($refs: [String!]) { evidence(filter: { results: $refs }, first: 100) { nodes { slug } } }', { refs })
  const slugs = evidence.nodes.map(({ slug }: { slug: string }) => slug).sort()
  for (const refs of [slugs, evidence.nodes.map(({ id }: { id: string }) => id)]) {
    const { evidence: named } = await listed(refs)
    expect(named.nodes.map(({ slug }: { slug: string }) => slug).sort()).toEqual(slugs)
  }
})

const conditionId = Buffer.from('Condition:migraine').toString('base64url')
test.each([
  ['studies', '["tarletton-2017"]', 'UNKNOWN_STUDY', 'tarleton-2017'],
  ['studies', `["${Buffer.from('Study:tarletton-2017').toString('base64url')}"]`, 'UNKNOWN_STUDY', 'tarleton-2017'],
  ['studies', `["tarleton-2017", "${conditionId}"]`, 'FOREIGN_ID', undefined],
  ['studies', '[""]', 'UNKNOWN_STUDY', undefined],
  ['results', '["no-such-effect"]', 'UNKNOWN_RESULT', undefined],
  ['results', `["${conditionId}"]`, 'FOREIGN_ID', undefined],
  ['cohorts', '["arric"]', 'UNKNOWN_COHORT', 'aric'],
  ['comparisonKeys', '["ACTIVE:valproat"]', 'UNKNOWN_COMPARISON', 'ACTIVE:valproate'],
  ['countries', '["Irann"]', 'UNKNOWN_COUNTRY', 'IR'],
  ['countries', '["EN"]', 'UNKNOWN_COUNTRY', undefined],
  ['countries', '["FR", ""]', 'UNKNOWN_COUNTRY', undefined],
  ['units', '["mmol/l"]', 'UNKNOWN_UNIT', 'mmol/L'],
  ['agents', '["valproat"]', 'UNKNOWN_TERM', 'valproate'],
  ['instruments', '["PHQ-99"]', 'UNKNOWN_TERM', undefined],
  ['identifiers', '["tarleton-2017"]', 'MALFORMED_IDENTIFIER', undefined],
  ['year', '{ gte: 20255 }', 'IMPOSSIBLE_RANGE', undefined],
  ['year', '{ lte: 17 }', 'IMPOSSIBLE_RANGE', undefined],
  ['pValue', '{ gt: 1 }', 'IMPOSSIBLE_RANGE', undefined],
  ['femalePercent', '{ gte: 101 }', 'IMPOSSIBLE_RANGE', undefined],
  ['meanAge', '{ lt: 0 }', 'IMPOSSIBLE_RANGE', undefined],
  ['participants', '{ lt: 0 }', 'IMPOSSIBLE_RANGE', undefined],
  ['elementalMgPerDay', '{ lte: -1 }', 'IMPOSSIBLE_RANGE', undefined],
])('%s: %s finds nothing for a reason that it tells, in every filter', async (word, value, reason, suggestion) => {
  for (const list of ['evidence', 'studies'])
    for (const filter of [`{ ${word}: ${value} }`, `{ not: { ${word}: ${value} } }`, `{ or: [{ year: { gte: 2000 } }, { and: [{ ${word}: ${value} }] }] }`]) {
      const refused = await refusal(`{ ${list}(filter: ${filter}) { totalCount } }`)
      expect(refused).toMatchObject({ code: 'BAD_USER_INPUT', reason })
      if (suggestion !== undefined) expect(refused.suggestions).toContain(suggestion)
    }
})

test('what lists refuse, pools, summaries and maps refuse too', async () => {
  const filter = '{ studies: ["isis-5"] }'
  for (const field of [
    `synthesis(input: { filter: ${filter} }) { k }`,
    `evidenceSummaries(filter: ${filter}) { effects }`,
    `evidenceMap(filter: ${filter}) { isComplete }`,
  ])
    expect(await refusal(`{ ${field} }`)).toMatchObject({ reason: 'UNKNOWN_STUDY' })
  expect(await refusal('{ claims(filter: { source: "no-document" }) { totalCount } }')).toMatchObject({ reason: 'UNKNOWN_DOCUMENT' })
})

test('a country is known by its codes and its names, whatever their case', async () => {
  const counts = await Promise.all(
    ['IR', 'ir', 'IRN', 'Iran', ' iran ', 'Iran, Islamic Republic of'].map(async (country) => {
      const { studies, evidence } = await service.ask(
        'query ($country: [String!]) { studies(filter: { countries: $country }) { totalCount } evidence(filter: { countries: $country }) { totalCount } }',
        { country: [country] },
      )
      return [studies.totalCount, evidence.totalCount]
    }),
  )
  expect(counts[0]?.[0]).toBeGreaterThan(0)
  expect(new Set(counts.map(String)).size).toBe(1)
})

test('new data can be filtered and sorted by', async () => {
  const { newest } = await service.ask(
    '{ newest: evidence(orderBy: [{ field: RECORDED_AT, direction: DESC }], first: 1) { nodes { provenance { recordedAt } } } }',
  )
  const day: string = newest.nodes[0].provenance.recordedAt
  const { since, after, everything, before } = await service.ask(
    'query ($day: Date, $after: Date) { since: evidence(filter: { recordedSince: $day }) { totalCount } after: evidence(filter: { recordedSince: $after }) { totalCount } everything: evidence { totalCount } before: evidence(filter: { not: { recordedSince: $day } }) { totalCount } }',
    { day, after: '2090-01-01' },
  )
  expect(since.totalCount).toBeGreaterThan(0)
  expect(after.totalCount).toBe(0)
  expect(since.totalCount + before.totalCount).toBe(everything.totalCount)
  const { studies } = await service.ask('{ studies(orderBy: [{ field: RECORDED_AT, direction: DESC }], first: 300) { nodes { sources { recordedAt } } } }')
  const days = studies.nodes.map(({ sources }: { sources: { recordedAt: string }[] }) =>
    sources
      .map(({ recordedAt }) => recordedAt)
      .sort()
      .at(-1),
  )
  expect(days).toEqual([...days].sort().reverse())
})

test('a day in a filter is told and sent again as it was given', async () => {
  const { synthesis } = await service.ask(
    '{ synthesis(input: { filter: { conditions: ["depression"], recordedSince: "2026-01-01" } }) { filter forestPlotUrl } }',
  )
  expect(synthesis.filter.recordedSince).toBe('2026-01-01')
  expect((await fetch(new URL(synthesis.forestPlotUrl, service.url))).status).toBe(200)
})

test('names cost one statement however many they are, and none where there are none', async () => {
  const { studies } = await service.ask('{ studies(first: 300) { nodes { slug } } }')
  const slugs = studies.nodes.map(({ slug }: { slug: string }) => slug)
  const costs = []
  for (const named of [[], slugs.slice(0, 1), slugs]) {
    const before = service.statements()
    await service.ask(
      'query ($named: [String!]) { evidence(filter: { studies: $named, or: [{ cohorts: ["aric"] }, { not: { studies: ["tarleton-2017"] } }] }, first: 5) { nodes { slug } } }',
      { named },
    )
    costs.push(service.statements() - before)
  }
  expect(costs).toEqual([2, 2, 2])
})
