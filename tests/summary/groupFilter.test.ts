import sql from 'sql-template-tag'
import { rows } from '../../src/database/query.js'
import { evidenceWanted, type EvidenceFilter } from '../../src/evidence/evidence.filter.js'
import { groupBy } from '../../src/grouping.js'
import { filtersOfGroups } from '../../src/summary/groupFilter.js'
import { countGroups } from '../../src/summary/summary.queries.js'
import type { Candidate } from '../../src/synthesis/candidate.js'
import { findCandidates } from '../../src/synthesis/candidate.queries.js'
import { groupOf, SummaryGroup } from '../../src/synthesis/groups.js'
import type { Vocabulary } from '../../src/vocabulary/vocabulary.js'
import { loadVocabulary } from '../../src/vocabulary/vocabulary.queries.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'

/** Everything that is stored, animals and retracted studies included. */
const everything: EvidenceFilter = { subjects: ['HUMAN', 'ANIMAL', 'IN_VITRO'], retracted: 'INCLUDE' }

let clone: ClonedDatabase
let vocabulary: Vocabulary
let candidates: Candidate[]
beforeAll(async () => {
  clone = await cloneDatabase()
  // The corpus has no assessments yet, and few regimens across bands of dose.
  await clone.database.pool.query(`
    UPDATE evidence_row SET risk_of_bias = (ARRAY['LOW', 'SOME_CONCERNS', 'HIGH', 'UNCLEAR', NULL]::risk_of_bias_level[])[1 + id % 5];
    UPDATE evidence_row SET elemental_mg_low = 100 + id % 400, elemental_mg_high = 100 + id % 400 + 90 * (id % 3) WHERE id % 2 = 0;
    UPDATE evidence_row SET elemental_mg_low = 150, elemental_mg_high = 299.9 WHERE id % 7 = 0;
    UPDATE evidence_row SET routes = '{ORAL,INTRAVENOUS}' WHERE id % 5 = 0;
    UPDATE evidence_row SET form_id = NULL, form_ids = form_ids || (SELECT array_agg(id) FROM (SELECT id FROM magnesium_form WHERE NOT form_ids @> ARRAY[id] ORDER BY id LIMIT 1) f) WHERE id % 6 = 0 AND form_id IS NOT NULL`)
  vocabulary = await loadVocabulary(clone.database)
  candidates = await findCandidates(clone.database, evidenceWanted(everything, vocabulary), vocabulary, 100_000)
})
afterAll(() => clone.drop())

const slugsOf = async (filter: EvidenceFilter) =>
  (
    await rows<{ slug: string }>(clone.database, sql`SELECT e.slug FROM evidence_row e WHERE ${evidenceWanted(filter, vocabulary)} ORDER BY e.slug COLLATE "C"`)
  ).map(({ slug }) => slug)
const inOrder = (found: readonly Candidate[]) => found.map(({ slug }) => slug).sort()

const kinds = Object.values(SummaryGroup)
const pairs = kinds.flatMap((first, index) => kinds.slice(index + 1).map((second) => [first, second]))

test.each<{ by: readonly SummaryGroup[] }>([...kinds.map((kind) => [kind]), ...pairs, ['CONDITION', 'FORM', 'OUTCOME'] as const].map((by) => ({ by })))(
  '$by: groups of the database are those of the rules',
  async ({ by }) => {
    const counted = await countGroups(clone.database, { where: evidenceWanted(everything, vocabulary), groupBy: by, limit: 10_000 }, vocabulary)
    const expected = groupBy(candidates, (candidate) => by.map((kind) => groupOf(candidate, kind)).join(' '))
    expect(new Map(counted.map(({ group, effects }) => [group.join(' '), effects]))).toEqual(new Map([...expected].map(([key, group]) => [key, group.length])))
  },
)

test.each(kinds)('%s: the filter of each group selects its effects and no others', async (by) => {
  const filterOf = filtersOfGroups(everything, candidates)
  const groups = groupBy(candidates, (candidate) => groupOf(candidate, by))
  expect(groups.size).toBeGreaterThan(2)
  for (const [value, group] of groups) expect({ value, found: await slugsOf(filterOf([{ by, value }])) }).toEqual({ value, found: inOrder(group) })
})

test.each([[['FORM', 'ROUTE'] as const], [['FORM', 'DOSE_BAND'] as const], [['ROUTE', 'RISK_OF_BIAS'] as const], [['CONDITION', 'FORM', 'OUTCOME'] as const]])(
  '%s: filters of several kinds go together',
  async (by) => {
    const filterOf = filtersOfGroups(everything, candidates)
    const groups = groupBy(candidates, (candidate) => by.map((kind) => groupOf(candidate, kind)).join(' '))
    for (const [name, group] of groups) {
      const values = by.map((kind) => ({ by: kind, value: group[0] === undefined ? '' : groupOf(group[0], kind) }))
      expect({ name, found: await slugsOf(filterOf(values)) }).toEqual({ name, found: inOrder(group) })
    }
  },
)

test('of people alone, the filter of a group is the plain one, unless forms were given together', async () => {
  const people = await findCandidates(clone.database, evidenceWanted({}, vocabulary), vocabulary, 100_000)
  const filterOf = filtersOfGroups(null, people)
  const groups = groupBy(people, (candidate) => (['CONDITION', 'FORM'] as const).map((kind) => groupOf(candidate, kind)).join(' '))
  const plain = [...groups].filter(([name]) => !name.endsWith('SEVERAL') && !name.endsWith('NONE'))
  for (const [name, [first, ...others]] of plain) {
    if (first === undefined) continue
    const [condition, form] = [groupOf(first, 'CONDITION'), groupOf(first, 'FORM')]
    const filter = filterOf([
      { by: 'CONDITION', value: condition },
      { by: 'FORM', value: form },
    ])
    expect({ name, found: await slugsOf(filter) }).toEqual({ name, found: inOrder([first, ...others]) })
    const together = people.some((candidate) => candidate.condition === condition && candidate.forms.length > 1 && candidate.forms.includes(form))
    if (!together)
      expect(filter).toEqual({ conditions: [condition], forms: [form], includeNarrower: false, doseAmbiguity: 'ANY_OVERLAP', combinations: 'INCLUDE' })
  }
})
