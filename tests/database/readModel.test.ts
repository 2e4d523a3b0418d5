import { cloneDatabase, type ClonedDatabase } from '../support/database.js'

let clone: ClonedDatabase
beforeAll(async () => {
  clone = await cloneDatabase()
})
afterAll(() => clone.drop())

const ask = async (text: string): Promise<Record<string, unknown>[]> => (await clone.database.pool.query<Record<string, unknown>>(text)).rows

const readModel = ['evidence_row', 'pooling_row', 'study_row', 'search_row', 'term_name']

test.each(readModel)('%s, rebuilt from the entities, is what it was', async (table) => {
  // Rows as text: json has no equality of its own.
  const difference = `SELECT count(*)::int AS rows FROM ((SELECT t::text FROM ${table} t EXCEPT ALL SELECT s::text FROM ${table}_source s) UNION ALL (SELECT s::text FROM ${table}_source s EXCEPT ALL SELECT t::text FROM ${table} t)) d`
  expect(await ask(`SELECT count(*) > 50 AS filled FROM ${table}`)).toEqual([{ filled: true }])
  expect(await ask(difference)).toEqual([{ rows: 0 }])
  await clone.database.pool.query('SELECT refresh_read_model()')
  expect(await ask(difference)).toEqual([{ rows: 0 }])
})

test('refreshing some studies leaves the whole as it was', async () => {
  const fingerprint = () => ask("SELECT md5(string_agg(t::text, '' ORDER BY t.id)) AS evidence FROM evidence_row t")
  const before = await fingerprint()
  await clone.database.pool.query('SELECT refresh_read_model(ARRAY(SELECT id FROM study ORDER BY id LIMIT 7))')
  expect(await fingerprint()).toEqual(before)
})

test.each(readModel)('the columns of %s are those of its view, in order', async (table) => {
  const columns = (name: string) => ask(`SELECT column_name, udt_name FROM information_schema.columns WHERE table_name = '${name}' ORDER BY ordinal_position`)
  expect(await columns(`${table}_source`)).toEqual(await columns(table))
})

test.each([['condition'], ['form']])('the closure of %s is what a walk up its parents gives', async (vocabulary) => {
  const walked = `WITH RECURSIVE walk AS (SELECT id AS ancestor_id, id AS descendant_id FROM ${vocabulary === 'form' ? 'magnesium_form' : vocabulary} UNION SELECT p.parent_id, w.descendant_id FROM walk w JOIN ${vocabulary}_parent p ON p.child_id = w.ancestor_id) SELECT ancestor_id, descendant_id FROM walk ORDER BY 1, 2`
  expect(await ask(`SELECT ancestor_id, descendant_id FROM ${vocabulary}_closure ORDER BY 1, 2`)).toEqual(await ask(walked))
})

test('what is written is in its indexes at once: none keeps a list of rows to be sorted in later, but for those that a refresh fills and sorts as a whole', async () => {
  const listing = `SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am a ON a.oid = i.relam
    WHERE a.amname = 'gin' AND x.indrelid = ANY ('{${readModel.join()}, publication}'::regclass[]) AND NOT coalesce('fastupdate=off' = ANY (i.reloptions), false)`
  expect((await ask(listing)).map(({ relname }) => relname).sort()).toEqual(['search_row_name_trigrams', 'search_row_vector'])
  await clone.database.pool.query('SELECT refresh_read_model()')
  for (const index of ['search_row_vector', 'search_row_name_trigrams'])
    expect(await ask(`SELECT gin_clean_pending_list('${index}')::int AS pages`)).toEqual([{ pages: 0 }])
  await clone.database.pool.query("INSERT INTO term_name SELECT kind, ref_id, slug, name || ' again', normalized || ' again', rank FROM term_name")
  expect(await ask("SELECT gin_clean_pending_list('term_name_trigrams')::int AS pages")).toEqual([{ pages: 0 }])
})

test('every result has one default effect', async () => {
  expect(await ask('SELECT r.slug FROM result r LEFT JOIN effect e ON e.result_id = r.id AND e.is_default GROUP BY r.slug HAVING count(e.id) <> 1')).toEqual([])
})

// What must hold of numbers is refused by the database itself, whoever writes.
test.each([
  ['NaN', "UPDATE effect SET estimate = 'NaN'"],
  ['infinity', "UPDATE effect SET estimate = '-Infinity'"],
  ['a standard error of zero', 'UPDATE effect SET standard_error = 0'],
  ['a scale that is not the measure’s', "UPDATE effect SET analysis_scale = 'FISHER_Z'"],
  ['an effect without estimate or reason', 'UPDATE effect SET estimate = NULL, absent_reason = NULL'],
  ['two defaults of one result', 'UPDATE effect SET is_default = true'],
  ['more events than participants', 'UPDATE arm_result SET events = n + 1 WHERE n IS NOT NULL'],
  ['a contrast of an arm with itself', 'UPDATE contrast SET comparator_arm_id = intervention_arm_id'],
  ['arms of another study', 'UPDATE contrast SET intervention_arm_id = (SELECT max(id) FROM arm) WHERE study_id = (SELECT min(study_id) FROM arm)'],
  ['a form richer in magnesium than its oxide', 'UPDATE magnesium_form SET elemental_fraction_low = 0.7, elemental_fraction_high = 0.7'],
  ['a DOI with capitals', "UPDATE publication SET doi = '10.1371/ABC' WHERE id = (SELECT min(id) FROM publication)"],
  ['a dose whose bounds are in the wrong order', 'UPDATE dose SET elemental_mg_per_day_low = 2, elemental_mg_per_day_high = 1'],
])('the database refuses %s', async (_, statement) => {
  await expect(clone.database.pool.query(statement)).rejects.toMatchObject({ code: expect.stringMatching(/^23(514|505|503)$/) })
})
