import sql from 'sql-template-tag'
import { rows } from '../../src/database/query.js'
import { findDataRevision } from '../../src/dataset/dataset.queries.js'
import { evidenceOrder, evidenceWanted, evidenceWantedApart, type EvidenceFilter, type EvidenceOrder } from '../../src/evidence/evidence.filter.js'
import { findEvidencePage } from '../../src/evidence/evidence.queries.js'
import { contextOver, RevisionMemo, type Context } from '../../src/graphql/context.js'
import { planPage } from '../../src/graphql/keyset.js'
import { vocabularyOf } from '../../src/vocabulary/vocabulary.queries.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'

let clone: ClonedDatabase
let context: Context
const filter = { forms: ['magnesium-sulfate'], includeNarrower: false }
const everyone: EvidenceFilter = { subjects: [], retracted: 'INCLUDE' }

beforeAll(async () => {
  clone = await cloneDatabase()
  // Every third effect of sulfate is made one of sulfate and another form.
  await clone.database.pool.query(`
    UPDATE evidence_row SET form_id = NULL, form_ids = form_ids || (SELECT array_agg(id) FROM (SELECT id FROM magnesium_form WHERE slug <> 'magnesium-sulfate' ORDER BY id LIMIT 1) f)
    WHERE form_id = (SELECT id FROM magnesium_form WHERE slug = 'magnesium-sulfate') AND id % 3 = 0`)
  context = contextOver(new RevisionMemo(clone.database, await findDataRevision(clone.database)))
})
afterAll(() => clone.drop())

test('effects of one form are told apart into those of it alone and of several, every one once', async () => {
  const vocabulary = await vocabularyOf(context)
  const [alone, together, ...more] = evidenceWantedApart({ ...filter, ...everyone }, vocabulary)
  const slugs = async (where = sql`true`) =>
    (await rows<{ slug: string }>(clone.database, sql`SELECT e.slug FROM evidence_row e WHERE ${where} ORDER BY e.slug`)).map(({ slug }) => slug)
  const [ofItAlone, ofSeveral] = [await slugs(alone), await slugs(together)]
  expect(more).toEqual([])
  expect(ofItAlone.length).toBeGreaterThan(0)
  expect(ofSeveral.length).toBeGreaterThan(0)
  expect([...ofItAlone, ...ofSeveral].sort()).toEqual((await slugs(evidenceWanted({ ...filter, ...everyone }, vocabulary))).sort())
})

test.each([
  ['several forms', { forms: ['magnesium-sulfate', 'magnesium-oxide'], includeNarrower: false }],
  ['a form with narrower ones', { forms: ['magnesium'] }],
  ['no form', {}],
])('a filter by %s is one predicate', async (_, wanted) => {
  expect(evidenceWantedApart(wanted, await vocabularyOf(context))).toHaveLength(1)
})

const orders: readonly [string, EvidenceOrder[]][] = [
  ['study', [{ field: 'STUDY', direction: 'ASC', nulls: 'LAST' }]],
  ['study, backwards', [{ field: 'STUDY', direction: 'DESC', nulls: 'LAST' }]],
  ['benefit', [{ field: 'STANDARDIZED_BENEFIT', direction: 'DESC', nulls: 'LAST' }]],
  [
    'two keys',
    [
      { field: 'YEAR', direction: 'DESC', nulls: 'FIRST' },
      { field: 'PARTICIPANTS', direction: 'ASC', nulls: 'LAST' },
    ],
  ],
]
test.each(orders)('a page put together of both stands in the order of %s, whichever end it is read from', async (_, order) => {
  const vocabulary = await vocabularyOf(context)
  const wanted = { ...filter, ...everyone }
  for (const ends of [{ first: 7 }, { last: 7 }, { first: 500 }]) {
    const plan = planPage('evidence', evidenceOrder(order, wanted), ends)
    const whole = await findEvidencePage(context, [evidenceWanted(wanted, vocabulary)], plan)
    const put = await findEvidencePage(context, evidenceWantedApart(wanted, vocabulary), plan)
    expect(put).toEqual(whole)
    const next = ends.first === 7 ? { first: 7, after: put.cursors.at(-1) ?? null } : null
    if (next === null) continue
    const nextPlan = planPage('evidence', evidenceOrder(order, wanted), next)
    expect(await findEvidencePage(context, evidenceWantedApart(wanted, vocabulary), nextPlan)).toEqual(
      await findEvidencePage(context, [evidenceWanted(wanted, vocabulary)], nextPlan),
    )
  }
})
