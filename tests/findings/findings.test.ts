import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
  await service.ask('{ conditions { nodes { slug } } }') // the vocabulary is read once for all requests of a revision
})
afterAll(() => service.stop())

const effect = '{ measure estimate ciLower ciUpper unit }'
const row = `{
  condition { slug } outcome { slug importance } importance evidenceClass timepoint studies participants statement synthesisId minimalImportantDifference notPooledReason
  relative ${effect} difference ${effect} perThousand { baseline without with difference lower upper } certainty { level judgements { domain steps reason } } warnings { code }
  reviews { slug condition { slug } outcome { slug } }
}`
const summaryOf = async (condition: string, argument = '') => {
  const found = await service.ask(
    `{ condition(ref: "${condition}") { summaryOfFindings${argument} { condition { slug } comparison { key } htmlUrl csvUrl pngUrl rows ${row} moreRows ${row} } } }`,
  )
  return found.condition.summaryOfFindings
}

test.each(['acute-myocardial-infarction', 'migraine', 'depression', 'hypertension', 'type-2-diabetes'])(
  'the rows of %s have the numbers of the evidence summaries and syntheses of the same question',
  async (condition) => {
    const found = await summaryOf(condition)
    const { evidenceSummaries } = await service.ask(
      `{ evidenceSummaries(filter: { conditions: ["${condition}"] }, groupBy: [CONDITION, OUTCOME]) {
        group comparison { key } evidenceClass studies participants measure estimate ciLower ciUpper unit studiesPooled participantsPooled certainty { level } perThousand { baseline without with difference lower upper } warnings { code } notPooledReason
      } }`,
    )
    const all = [...found.rows, ...found.moreRows]
    const same = evidenceSummaries.filter(({ comparison }: { comparison: { key: string } }) => comparison.key === found.comparison.key)
    expect(all).toHaveLength(same.length)
    for (const summary of same) {
      const [finding] = all.filter(
        (one) => one.condition.slug === summary.group[0] && one.outcome.slug === summary.group[1] && one.evidenceClass === summary.evidenceClass,
      )
      const { measure, estimate, ciLower, ciUpper, unit } = summary
      expect(finding.relative ?? finding.difference).toEqual(estimate === null ? null : { measure, estimate, ciLower, ciUpper, unit })
      expect(finding).toMatchObject({
        studies: summary.studiesPooled ?? summary.studies,
        participants: summary.studiesPooled === null ? summary.participants : summary.participantsPooled,
        certainty: summary.certainty,
        perThousand: summary.perThousand,
        warnings: summary.warnings,
        notPooledReason: summary.notPooledReason,
      })
      if (finding.synthesisId === null) continue
      const { node } = await service.ask('query ($id: ID!) { node(id: $id) { ... on Synthesis { measure estimate ciLower ciUpper unit studies } } }', {
        id: finding.synthesisId,
      })
      expect(node).toEqual({ measure, estimate, ciLower, ciUpper, unit, studies: finding.studies })
    }
  },
)

test('every condition has at most seven rows, each of another outcome, critical ones first', async () => {
  const tier = ['CRITICAL', 'HARM', 'IMPORTANT', 'SURROGATE']
  const { conditions } = await service.ask(
    '{ conditions(first: 500) { nodes { slug summaryOfFindings { rows { condition { slug } outcome { slug isHarm importance } importance } } } } }',
  )
  for (const { slug, summaryOfFindings } of conditions.nodes) {
    if (summaryOfFindings === null) continue
    const { rows } = summaryOfFindings
    expect(rows.length).toBeLessThanOrEqual(7)
    expect(new Set(rows.map(({ outcome }: { outcome: { slug: string } }) => outcome.slug)).size).toBe(rows.length)
    const own = rows.filter(({ condition }: { condition: { slug: string } }) => condition.slug === slug)
    expect(rows.slice(0, own.length)).toEqual(own)
    const places = own.map(({ importance, outcome }: { importance: string; outcome: { isHarm: boolean } }) =>
      tier.indexOf(outcome.isHarm && importance !== 'CRITICAL' ? 'HARM' : importance),
    )
    const inTiers = places.length === 7 && places[6] === 1 ? places.slice(0, -1) : places
    expect(inTiers).toEqual(inTiers.toSorted((a: number, b: number) => a - b))
  }
})

test('people of a thousand are told at the risk that is asked for', async () => {
  const [asked, usual] = [await summaryOf('acute-myocardial-infarction', '(baselineRisk: 0.2)'), await summaryOf('acute-myocardial-infarction')]
  const [given, trials] = [asked.rows[0], usual.rows[0]]
  expect(given.perThousand).toMatchObject({ baseline: 0.2, without: 200 })
  expect(given.relative).toEqual(trials.relative)
  expect(given.statement).toContain('from 200 without')
  expect(asked.htmlUrl).toBe('/summary-of-findings/acute-myocardial-infarction.html?comparison=INACTIVE&baselineRisk=0.2')
})

test('comparisons are listed, and each gives its summary', async () => {
  const { condition } = await service.ask('{ condition(ref: "pre-eclampsia") { comparisons { key kind agents { slug } } } }')
  const keys = condition.comparisons.map(({ key }: { key: string }) => key)
  expect(keys[0]).toBe('INACTIVE')
  expect(keys.length).toBeGreaterThan(1)
  for (const { key, kind } of condition.comparisons.slice(0, 6)) {
    const found = await summaryOf('pre-eclampsia', `(comparison: ${kind}${key === kind ? '' : `, agent: "${key.slice(kind.length + 1)}"`})`)
    expect(found.comparison.key).toBe(key)
    expect(found.rows.length).toBeGreaterThan(0)
  }
})

test('a treatment may be named by its slug, its name or a comparison’s key', async () => {
  for (const agent of ['nimodipine', 'Nimodipine', 'ACTIVE:nimodipine'])
    expect((await summaryOf('pre-eclampsia', `(comparison: ACTIVE, agent: "${agent}")`)).comparison.key).toBe('ACTIVE:nimodipine')
  expect(await summaryOf('migraine', '(comparison: ACTIVE, agent: "nimodipine")')).toBeNull()
})

test.each([
  ['(baselineRisk: 1)', 'BASELINE_RISK_OUT_OF_RANGE'],
  ['(baselineRisk: -0.2)', 'BASELINE_RISK_OUT_OF_RANGE'],
  ['(agent: "valproate")', 'AGENT_WITHOUT_COMPARISON'],
  ['(comparison: ACTIVE, agent: "valproat of nothing")', 'UNKNOWN_TERM'],
  ['(comparison: MAGNESIUM, agent: "magnesium unheard of")', 'UNKNOWN_TERM'],
  ['(comparison: EXPOSURE, agent: "HAIR")', 'UNKNOWN_TERM'],
])('%s is refused as %s, and the rest of the answer stays whole', async (argument, reason) => {
  const body = await service.request(`{ condition(ref: "migraine") { slug summaryOfFindings${argument} { rows { studies } } } }`)
  expect(body.data.condition).toEqual({ slug: 'migraine', summaryOfFindings: null })
  expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', reason })
})

test('summaries of all conditions cost as few statements as those of one', async () => {
  const counts = []
  for (const first of [2, 100]) {
    const before = service.statements()
    await service.ask(
      `query ($n: Int!) { conditions(first: $n) { nodes { slug summaryOfFindings { rows { statement reviews { slug } } } comparisons { key } } } }`,
      {
        n: first,
      },
    )
    counts.push(service.statements() - before)
  }
  expect(Math.max(...counts)).toBeLessThanOrEqual(6)
})

test('published pooled results stand beside the row of their condition, outcome and comparison', async () => {
  const { rows } = await summaryOf('acute-myocardial-infarction')
  for (const { condition, outcome, reviews } of rows)
    for (const review of reviews) expect([review.condition.slug, review.outcome.slug]).toEqual([condition.slug, outcome.slug])
  expect(rows[0].reviews.length).toBeGreaterThan(0)
})
