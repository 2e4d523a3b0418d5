import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
  const judge = (slug: string, form: string | null, level: string) =>
    service.database.pool.query(
      `INSERT INTO certainty (slug, condition_id, outcome_id, form_id, start_level, risk_of_bias, inconsistency, indirectness, imprecision, publication_bias, large_effect, dose_response, confounding, level, reasons, judged_by, judged_on)
       SELECT $1, c.id, o.id, f.id, 'HIGH', 1, 0, 0, 2, 0, 0, 0, 0, $3::certainty_level, '{"IMPRECISION": "two small trials"}', 'A. Curator', '2026-03-01'
       FROM condition c JOIN outcome o ON o.slug = 'depressive-symptoms' LEFT JOIN magnesium_form f ON f.slug = $2 WHERE c.slug = 'depression'`,
      [slug, form, level],
    )
  await judge('depression-chloride', 'magnesium-chloride', 'VERY_LOW')
  await judge('depression-all', null, 'LOW')
})
afterAll(() => service.stop())

const certaintyOf = async (list: string, group: readonly string[]) => {
  const { evidenceSummaries } = await service.ask(
    `{ evidenceSummaries(${list}) { group notRatedReason certainty { level computed startLevel startReason judgedBy judgedOn judgements { domain steps reason source } } } }`,
  )
  return evidenceSummaries.find((summary: { group: string[] }) => summary.group.join() === group.join())
}

test('a curator’s judgement of the condition, form and outcome stands instead of the computed one, with who and when', async () => {
  const found = await certaintyOf('filter: { conditions: ["depression"] }', ['depression', 'magnesium-chloride', 'depressive-symptoms'])
  expect(found).toMatchObject({
    notRatedReason: null,
    certainty: { level: 'VERY_LOW', computed: false, startLevel: 'HIGH', startReason: null, judgedBy: 'A. Curator', judgedOn: '2026-03-01' },
  })
  expect(
    found.certainty.judgements.map(({ domain, steps, reason }: { domain: string; steps: number; reason: string | null }) => [domain, steps, reason]),
  ).toEqual([
    ['RISK_OF_BIAS', -1, null],
    ['INCONSISTENCY', 0, null],
    ['INDIRECTNESS', 0, null],
    ['IMPRECISION', -2, 'two small trials'],
    ['PUBLICATION_BIAS', 0, null],
    ['LARGE_EFFECT', 0, null],
    ['DOSE_RESPONSE', 0, null],
    ['CONFOUNDING', 0, null],
  ])
})

test('a judgement of all forms together is of groups without form', async () => {
  const found = await certaintyOf('groupBy: [CONDITION, OUTCOME]', ['depression', 'depressive-symptoms'])
  expect(found.certainty).toMatchObject({ level: 'LOW', computed: false })
})

test.each([
  ['part of the evidence', 'filter: { designs: [RCT_PARALLEL, RCT_CROSSOVER] }, groupBy: [CONDITION, OUTCOME]', ['depression', 'depressive-symptoms']],
  ['one form of a list without forms', 'filter: { forms: ["magnesium-chloride"] }, groupBy: [CONDITION, OUTCOME]', ['depression', 'depressive-symptoms']],
  ['another kind of group', 'groupBy: [CONDITION, OUTCOME, DESIGN]', ['depression', 'depressive-symptoms', 'RCT_CROSSOVER']],
  ['another outcome', 'groupBy: [CONDITION, OUTCOME]', ['depression', 'depression-presence']],
])('it is not taken for %s', async (_, list, group) => {
  expect((await certaintyOf(list, group)).certainty).toMatchObject({ computed: true, judgedBy: null })
})
