import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
  // One effect 20,010 times over, in 5,010 conditions that nothing else is known of.
  await service.database.pool.query(`
    INSERT INTO condition (id, slug, name, synonyms) SELECT 1000000 + n, 'made-' || n, 'made ' || n, '{}' FROM generate_series(1, 5010) n;
    INSERT INTO evidence_row SELECT made.*
    FROM (SELECT * FROM evidence_row WHERE standardized_benefit IS NOT NULL AND subjects = 'HUMAN' AND NOT retracted ORDER BY id LIMIT 1) original, generate_series(1, 20010) n,
      LATERAL jsonb_populate_record(original::evidence_row, jsonb_build_object('id', 10000000 + n, 'slug', 'made-' || n, 'condition_id', 1000001 + n % 5010, 'year', 1899, 'standardized_benefit', n / 20010.0)) made`)
})
afterAll(() => service.stop())

const made = 'filter: { year: { lt: 1900 } }'

test('more groups than a list takes are refused, with what to do', async () => {
  const { errors } = await service.request(`{ evidenceSummaries(${made}, groupBy: [CONDITION, OUTCOME]) { effects } }`)
  expect(errors).toMatchObject([
    {
      message:
        'the effects of the filter fall into more than 5000 groups: narrow it by conditions, forms or outcomes, or ask for coarser groups than CONDITION × OUTCOME',
      extensions: { code: 'BAD_USER_INPUT', reason: 'TOO_MANY_GROUPS', argument: 'filter', limit: 5000 },
    },
  ])
  const { errors: ofMap } = await service.request(`{ evidenceMap(${made}) { cells { gap } } }`)
  expect(ofMap).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', reason: 'TOO_MANY_GROUPS' } }])
})

test('more effects than are pooled at once are counted, with the median of their benefits and the reason', async () => {
  const before = service.statements()
  const { evidenceSummaries } = await service.ask(
    `{ evidenceSummaries(${made}, groupBy: [OUTCOME]) { effects estimate notPooledReason standardizedBenefit standardizedBenefitBasis certainty { level } synthesisId } }`,
  )
  expect(evidenceSummaries).toEqual([
    {
      effects: 20_010,
      estimate: null,
      notPooledReason: 'the list holds 20010 effects, and at most 20000 are pooled at once: narrow the filter',
      // The median of 1/20010 … 20010/20010.
      standardizedBenefit: expect.closeTo(20_011 / 2 / 20_010, 12),
      standardizedBenefitBasis: 'MEDIAN',
      certainty: null,
      synthesisId: null,
    },
  ])
  // The effects themselves are not read; vocabulary and curators' judgements may be.
  expect(service.statements() - before).toBeLessThan(20)
})
