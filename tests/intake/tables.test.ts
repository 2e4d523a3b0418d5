import { readFileSync, readdirSync } from 'node:fs'
import { readArticle } from '../../src/intake/tables/jats.js'
import { proposePlan } from '../../src/intake/tables/proposal.js'
import type { TablesPlan } from '../../src/intake/tables/plan.js'
import type { Vocabulary } from '../../src/vocabulary/vocabulary.js'
import { loadVocabulary } from '../../src/vocabulary/vocabulary.queries.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'

// Invented articles: every shape that trials print their tables in, and what each must give. tests/fixtures/jats/expected.json was read through against the articles.

let clone: ClonedDatabase
let vocabulary: Vocabulary
beforeAll(async () => {
  clone = await cloneDatabase()
  vocabulary = await loadVocabulary(clone.database)
})
afterAll(() => clone.drop())

const folder = 'tests/fixtures/jats'
const planOf = (name: string, isWanted: (label: string) => boolean = () => false) =>
  proposePlan(readArticle(readFileSync(`${folder}/${name}.xml`)), { asked: name, vocabulary, known: null, spread: null, isWanted })

/** A plan in lines: results with the values of each arm, arms with their roles, and what is left out. */
function told({ tables, arms, results, leftOut }: TablesPlan) {
  const values = (side: TablesPlan['results'][number]['arms'][number]) =>
    `${side.arm}: ${Object.entries(side.values)
      .map(([name, value]) => `${name} ${value}`)
      .join(' ')}`
  return {
    tables: tables.map(({ table, kind }) => `${table}: ${kind}`),
    arms: arms.map(({ printed, role, n }) => `${printed}: ${role}${n === null ? '' : ` ${n}`}`),
    results: results.map(({ take, table, row, outcome, instrument, timepoint, timepoint_days: days, value_kind: kind, unit, p, arms: sides }) =>
      [`${take ? '+' : '-'} ${table} ${row}`, outcome, instrument, timepoint, days, kind, unit, p?.text, ...sides.map(values)]
        .map((part) => part ?? '')
        .join(' | '),
    ),
    leftOut: leftOut.map(({ table, row, column, text, reason }) => `${table} | ${row} | ${column} | ${text} | ${reason}`),
  }
}

const expected = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as Record<string, ReturnType<typeof told>>

test.each(
  readdirSync(folder)
    .filter((file) => file.endsWith('.xml'))
    .map((file) => file.replace('.xml', '')),
)('%s gives what is expected of it', (name) => {
  expect(told(planOf(name))).toEqual(expected[name])
})
