import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- nodes of several operations; each test reads its own few fields
type Node = any

const reasonOf = async (query: string) => (await service.request(query)).errors?.[0]?.extensions.reason

describe('terms by refs', () => {
  test.each(['conditions', 'forms', 'outcomes', 'instruments', 'treatments'])('%s stand in the order given, null where nothing is called so', async (list) => {
    const { all } = await service.ask(`{ all: ${list}(first: 500) { totalCount nodes { slug name codes { system value } } } }`)
    const some: Node[] = [...all.nodes.slice(-3), ...all.nodes.filter(({ codes }: Node) => codes.length > 0).slice(0, 3)]
    const refs = some.flatMap(({ slug, name }: Node) => [slug, 'no such thing', name.toUpperCase()])
    const { listed } = await service.ask(
      `query ($refs: [String!]) { listed: ${list}(refs: $refs, first: 500) { totalCount nodes { slug } byRefs { slug } } }`,
      { refs },
    )
    expect(listed.byRefs).toHaveLength(refs.length)
    expect(listed.byRefs.map((term: Node) => term?.slug ?? null)).toEqual(some.flatMap(({ slug }: Node) => [slug, null, expect.any(String)]))
    const known = [...new Set(listed.byRefs.flatMap((term: Node) => term?.slug ?? []))]
    expect(listed.nodes.map(({ slug }: Node) => slug)).toEqual(known)
    expect(listed.totalCount).toBe(known.length)
    expect(all.totalCount).toBeGreaterThan(listed.totalCount)
  })

  test('codes name terms, and without refs there are none', async () => {
    const { conditions, plain, none } = await service.ask(
      '{ conditions(refs: ["MESH:D003866", "mesh:d003866", "MESH:D0038660"]) { byRefs { slug } } plain: conditions(first: 1) { byRefs { slug } } none: conditions(refs: []) { totalCount byRefs { slug } } }',
    )
    expect(conditions.byRefs).toEqual([{ slug: 'depression' }, { slug: 'depression' }, null])
    expect(plain.byRefs).toEqual([])
    expect(none).toEqual({ totalCount: 0, byRefs: [] })
  })

  test('refs have a limit', async () => {
    expect(await reasonOf(`{ conditions(refs: [${'"migraine", '.repeat(1001)}]) { totalCount } }`)).toBe('TOO_MANY_VALUES')
  })

  test('one instrument is found by any of its names', async () => {
    expect((await service.ask('{ instrument(ref: "PHQ-9") { slug } }')).instrument.slug).toBe('phq-9')
    expect(await reasonOf('{ instrument(ref: "PHQ-99x") { slug } }')).toBe('UNKNOWN_TERM')
  })
})

describe('summaries', () => {
  const fields = 'group groupNames k studies effects participants estimate standardizedBenefit certainty { level }'
  const filter = 'filter: { conditions: ["hypertension", "depression"] }, groupBy: [CONDITION, OUTCOME]'
  const levels = ['VERY_LOW', 'LOW', 'MODERATE', 'HIGH']
  const values: Readonly<Record<string, (row: Node) => string | number | null>> = {
    NAME: ({ groupNames }) => groupNames.join('\u0000'),
    K: ({ k }) => k,
    STUDIES: ({ studies }) => studies,
    EFFECTS: ({ effects }) => effects,
    PARTICIPANTS: ({ participants }) => participants,
    ESTIMATE: ({ estimate }) => estimate,
    STANDARDIZED_BENEFIT: ({ standardizedBenefit }) => standardizedBenefit,
    MAGNITUDE: ({ standardizedBenefit }) => (standardizedBenefit === null ? null : Math.abs(standardizedBenefit)),
    CERTAINTY: ({ certainty }) => (certainty === null ? null : levels.indexOf(certainty.level)),
  }

  test.each(Object.keys(values))('stand in the order of %s, either way, those without a value where asked', async (field) => {
    const { all } = await service.ask(`{ all: evidenceSummaries(${filter}) { ${fields} } }`)
    for (const direction of ['ASC', 'DESC'])
      for (const nulls of ['FIRST', 'LAST']) {
        const { rows } = await service.ask(
          `{ rows: evidenceSummaries(${filter}, orderBy: [{ field: ${field}, direction: ${direction}, nulls: ${nulls} }]) { ${fields} } }`,
        )
        const found = rows.map(values[field]) as (string | number | null)[]
        const numbers = found.filter((value) => value !== null)
        const expected = [...numbers].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
        if (direction === 'DESC') expected.reverse()
        const missing = found.filter((value) => value === null)
        expect(found).toEqual(nulls === 'FIRST' ? [...missing, ...expected] : [...expected, ...missing])
        expect(rows).toHaveLength(all.length)
      }
  })

  test('pages put together are the whole list', async () => {
    const order = 'orderBy: [{ field: MAGNITUDE, direction: DESC }, { field: NAME }]'
    const { all } = await service.ask(`{ all: evidenceSummaries(${filter}, ${order}) { ${fields} } }`)
    const pages: Node[] = []
    for (let offset = 0; offset < all.length; offset += 7) {
      const { page } = await service.ask(`{ page: evidenceSummaries(${filter}, ${order}, first: 7, offset: ${offset}) { ${fields} } }`)
      expect(page.length).toBe(Math.min(7, all.length - offset))
      pages.push(...page)
    }
    expect(pages).toEqual(all)
  })

  test('the best forms for a condition, from the condition and from the list', async () => {
    const { condition } = await service.ask(
      '{ condition(ref: "depression") { summaries(first: 3, orderBy: [{ field: STANDARDIZED_BENEFIT, direction: DESC }]) { standardizedBenefit } every: summaries { standardizedBenefit } } }',
    )
    const best = condition.every.flatMap(({ standardizedBenefit }: Node) => standardizedBenefit ?? []).sort((a: number, b: number) => b - a)
    expect(condition.summaries.map(({ standardizedBenefit }: Node) => standardizedBenefit)).toEqual(best.slice(0, 3))
  })

  test.each([
    ['first: 501', 'PAGE_SIZE_EXCEEDED'],
    ['first: -1', 'NEGATIVE_PAGE_SIZE'],
    ['offset: -1', 'OFFSET_OUT_OF_RANGE'],
    ['offset: 5001', 'OFFSET_OUT_OF_RANGE'],
    [`orderBy: [${'{ field: K } '.repeat(9)}]`, 'TOO_MANY_SORT_KEYS'],
  ])('%s is refused', async (argument, reason) => {
    expect(await reasonOf(`{ evidenceSummaries(${argument}) { group } }`)).toBe(reason)
  })
})

describe('search', () => {
  test.each([['CONDITION'], ['STUDY'], ['FORM', 'OUTCOME'], ['CLAIM']])('of %s finds those of all hits', async (...kinds) => {
    const ask = async (argument: string) =>
      (await service.ask(`{ search(text: "magnesium sulfate", first: 500${argument}) { totalCount nodes { kind slug score } } }`)).search
    const [all, some] = [await ask(''), await ask(`, kinds: [${kinds.join(', ')}]`)]
    const expected = all.nodes.filter(({ kind }: Node) => kinds.includes(kind))
    expect(some.nodes.slice(0, expected.length)).toEqual(expected)
    expect(some.nodes.every(({ kind }: Node) => kinds.includes(kind))).toBe(true)
    if (all.totalCount <= 500) expect(some.totalCount).toBe(expected.length)
  })

  test('is paged backwards through the same hits', async () => {
    const { all } = await service.ask('{ all: search(text: "migraine", kinds: [STUDY], first: 100) { totalCount nodes { slug } } }')
    const backwards: Node[] = []
    for (let before = ''; ;) {
      const { page } = await service.ask(
        `{ page: search(text: "migraine", kinds: [STUDY], last: 7${before}) { nodes { slug } pageInfo { hasPreviousPage startCursor } } }`,
      )
      backwards.unshift(...page.nodes)
      if (!page.pageInfo.hasPreviousPage) break
      before = `, before: "${page.pageInfo.startCursor}"`
    }
    expect(backwards.slice(0, 100)).toEqual(all.nodes)
    expect(backwards).toHaveLength(all.totalCount)
  })
})

test('rows of influence, subgroups and regressions name their study and effects', async () => {
  const { synthesis } =
    await service.ask(`{ synthesis(input: { filter: { conditions: ["acute-myocardial-infarction"] }, subgroupBy: FORM, moderators: [ELEMENTAL_MG_PER_DAY] }) {
    contributions { label study { slug } evidence { slug } }
    leaveOneOut { ...Row } cumulative { ...CumulativeRow } influence { ...Influence }
    subgroups { k entries { studySlug evidenceSlugs study { slug } } }
    metaRegression { k omitted entries { ...Regressed } omittedEntries { ...Regressed } }
  } }
  fragment Row on InfluenceRow { label studySlug evidenceSlugs study { slug } evidence { slug } }
  fragment CumulativeRow on InfluenceRow { label studySlug evidenceSlugs study { slug } evidence { slug } }
  fragment Influence on StudyInfluence { label studySlug evidenceSlugs study { slug } evidence { slug } }
  fragment Regressed on RegressedEntry { label studySlug evidenceSlugs study { slug } evidence { slug } values }`)
  const named = (rows: Node[]) => rows.map(({ label, studySlug, evidenceSlugs }) => ({ label, studySlug, evidenceSlugs }))
  const expected = synthesis.contributions.map(({ label, study, evidence }: Node) => ({
    label,
    studySlug: study.slug,
    evidenceSlugs: evidence.map(({ slug }: Node) => slug),
  }))
  expect(expected.length).toBeGreaterThan(5)
  const { metaRegression } = synthesis
  for (const rows of [synthesis.leaveOneOut, synthesis.influence]) expect(named(rows)).toEqual(expected)
  for (const rows of [synthesis.cumulative, [...metaRegression.entries, ...metaRegression.omittedEntries]])
    expect(named(rows)).toEqual(expect.arrayContaining(expected))
  for (const { studySlug, evidenceSlugs, study, evidence } of [
    ...synthesis.leaveOneOut,
    ...synthesis.cumulative,
    ...synthesis.influence,
    ...metaRegression.entries,
  ])
    expect([study.slug, evidence.map(({ slug }: Node) => slug)]).toEqual([studySlug, evidenceSlugs])
  expect(metaRegression.entries).toHaveLength(metaRegression.k)
  expect(metaRegression.omittedEntries.map(({ label }: Node) => label)).toEqual(metaRegression.omitted)
  for (const { values } of metaRegression.entries) expect(values).toEqual([expect.any(Number)])
  for (const { values } of metaRegression.omittedEntries) expect(values).toEqual([null])
  for (const { k, entries } of synthesis.subgroups) expect(entries).toHaveLength(k)
  // The names are what filters take.
  const { evidence } = await service.ask('query ($results: [String!]) { evidence(filter: { results: $results }, first: 500) { totalCount } }', {
    results: expected.flatMap(({ evidenceSlugs }: Node) => evidenceSlugs),
  })
  expect(evidence.totalCount).toBe(new Set(expected.flatMap(({ evidenceSlugs }: Node) => evidenceSlugs)).size)
})

test('changed studies of two syntheses name effects that a filter finds', async () => {
  const { a, b } = await service.ask(`{
    a: synthesis(input: { filter: { conditions: ["depression"] } }) { id }
    b: synthesis(input: { filter: { conditions: ["depression"], year: { gte: 2015 } } }) { id }
  }`)
  const { synthesisDiff: synthesisDifference } = await service.ask(`{ synthesisDiff(from: "${a.id}", to: "${b.id}") { studies { study evidence } } }`)
  const slugs = synthesisDifference.studies.flatMap(({ evidence }: Node) => evidence)
  const { evidence, studies } = await service.ask(
    'query ($results: [String!], $studies: [String!]) { evidence(filter: { results: $results }, first: 500) { nodes { slug } } studies(filter: { studies: $studies }, first: 500) { totalCount } }',
    {
      results: slugs,
      studies: synthesisDifference.studies.map(({ study }: Node) => study),
    },
  )
  expect(slugs.length).toBeGreaterThan(0)
  expect(evidence.nodes.map(({ slug }: Node) => slug).sort()).toEqual([...new Set(slugs)].sort())
  expect(studies.totalCount).toBe(synthesisDifference.studies.length)
})

test('counts of the data are typed', async () => {
  const { dataset, studies, conditions } = await service.ask(
    '{ dataset { counts { studies results effects conditions treatments claims } } studies(first: 0) { totalCount } conditions(first: 0) { totalCount } }',
  )
  expect(dataset.counts).toMatchObject({ studies: studies.totalCount, conditions: conditions.totalCount, effects: expect.any(Number) })
  expect(dataset.counts.effects).toBeGreaterThanOrEqual(dataset.counts.results)
})

// WHO Collaborating Centre for Drug Statistics Methodology: J01MA fluoroquinolones, with J01MA02 ciprofloxacin; M05BA bisphosphonates; H03AA01 levothyroxine sodium.
test.each([
  ['J01MA', ['quinolone antibiotics']],
  ['ATC:J01MA02', ['quinolone antibiotics']],
  ['atc: m05ba04', ['bisphosphonates']],
  ['H03AA01', ['levothyroxine']],
  ['J01', ['nitrofurantoin', 'quinolone antibiotics', 'tetracyclines']],
  ['H03AA02', []],
  ['M05BB', []],
  ['J01M9', []],
  ['RXNORM:J01MA', []],
  ['1', []],
])('interactions by the code %s', async (code, substances) => {
  const { interactions } = await service.ask('query ($code: String) { interactions(substance: $code) { substance codes { system value } } }', { code })
  expect(interactions.map(({ substance }: Node) => substance)).toEqual(substances)
  for (const { codes } of interactions) expect(codes).toEqual([{ system: 'ATC', value: expect.any(String) }])
})
