import sql, { type Sql } from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { rows } from '../database/query.js'
import { unwantedOf, wantedWords, wordsOf } from '../study/words.js'
import { readPage, type Page, type PagePlan, type SortKey } from '../graphql/keyset.js'
import type { SearchWords } from './question.js'
import type { TermKind } from '../vocabulary/vocabulary.js'
import { rankOfCodes } from '../vocabulary/vocabulary.queries.js'

export type SearchKind = 'STUDY' | 'CONDITION' | 'FORM' | 'OUTCOME' | 'INSTRUMENT' | 'TREATMENT' | 'CLAIM'

export interface Hit {
  readonly kind: SearchKind
  readonly key: number
  readonly slug: string
  readonly title: string
  readonly score: number
}

export interface SearchQuestion extends SearchWords {
  /** Names that the question may hold, but that everything here is about, normalised. */
  readonly weightless: readonly string[]
  /** Terms that have the text as a code. */
  readonly coded: readonly { readonly kind: TermKind; readonly key: number }[]
  /** Whether misspelt words are forgiven. */
  readonly isForgiving: boolean
}

/** Best first; the kind and key make it total. */
export const searchOrder: SortKey[] = [
  { name: 'SCORE', sql: sql`hit.score`, type: 'double precision', direction: 'DESC' },
  { name: 'KIND', sql: sql`hit.kind::text COLLATE "C"`, type: 'text', direction: 'DESC' },
  { name: 'KEY', sql: sql`hit.ref_id`, type: 'integer', direction: 'DESC' },
]

/** Where answers are equally good: a condition leads to its outcomes, an outcome to its studies. */
const weightOfKind = sql`CASE candidate.kind WHEN 'CONDITION' THEN 1 WHEN 'FORM' THEN 0.99 WHEN 'OUTCOME' THEN 0.97 WHEN 'TREATMENT' THEN 0.95 WHEN 'INSTRUMENT' THEN 0.93 WHEN 'STUDY' THEN 0.9 ELSE 0.8 END`

/** Terms of many synonyms are the usual ones: theirs do not count as length. */
const vectorRank = sql`CASE WHEN kind IN ('STUDY', 'CLAIM') THEN ts_rank('{0.05, 0.1, 0.3, 1}', vector, all_words, 1) ELSE 1.5 * ts_rank('{0.05, 0.1, 0.3, 1}', vector, all_words, 0) END`

/**
 * Everything that answers a question: what has its name, terms whose names it holds, and studies, terms and claims that hold all its words, ranked by
 * where the words stand. Where nothing holds all the words, likeness of titles and names and single words decide, so that a misspelt word is forgiven.
 */
function hitsOf({ text, names, weightless, coded, isForgiving }: SearchQuestion): Sql {
  const unwanted = unwantedOf(text)
  const unfound = isForgiving ? sql`NOT EXISTS (SELECT 1 FROM search_row, asked WHERE vector @@ all_words)` : sql`false`
  return sql`
    WITH asked AS MATERIALIZED (
      SELECT ${wordsOf(text)} AS all_words, ${anyWordOf(text)} AS any_word, normalized(${names[0] ?? ''}) AS whole, normalized(${names.at(-1) ?? ''}) AS weighty
    ), asked_name AS MATERIALIZED (
      SELECT DISTINCT normalized(meant) AS meant FROM unnest(${names}::text[]) AS meant
    )
    SELECT candidate.kind, candidate.ref_id, max(candidate.score * ${weightOfKind})::double precision AS score FROM (
      SELECT kind, ref_id, CASE WHEN normalized(title) = whole THEN 2 ELSE ${vectorRank} END AS score FROM search_row, asked WHERE vector @@ all_words
      UNION ALL
      SELECT kind, ref_id, 2 FROM term_name JOIN asked_name ON normalized = meant WHERE rank < ${rankOfCodes}
      UNION ALL
      SELECT kind, ref_id, 1.2 + 0.3 * length(normalized) / length(whole) FROM term_name, asked
      WHERE position(' ' || normalized || ' ' IN ' ' || whole || ' ') > 0 AND normalized <> ALL (${weightless}) AND rank < ${rankOfCodes}
      UNION ALL
      SELECT kind, ref_id, 0.2 * similarity(normalized, weighty) FROM term_name, asked WHERE normalized % weighty AND rank < ${rankOfCodes} AND ${isForgiving}
      UNION ALL
      SELECT kind, ref_id, 0.8 * similarity(normalized, meant) FROM term_name JOIN asked_name ON normalized % meant WHERE rank < ${rankOfCodes} AND ${unfound}
      UNION ALL
      SELECT kind, key, 2 FROM unnest(${coded.map(({ kind }) => kind)}::search_kind[], ${coded.map(({ key }) => key)}::int[]) AS coded(kind, key)
      UNION ALL
      SELECT kind, ref_id, 0.5 * word_similarity(meant, normalized(title || ' ' || names)) FROM search_row JOIN asked_name ON meant <% normalized(title || ' ' || names) WHERE ${unfound}
      UNION ALL
      SELECT kind, ref_id, 0.4 * ts_rank('{0.05, 0.1, 0.3, 1}', vector, any_word, 1) FROM search_row, asked WHERE vector @@ any_word AND ${unfound}
    ) candidate
    WHERE ${unwanted === null ? sql`true` : sql`NOT EXISTS (SELECT 1 FROM search_row left_out WHERE left_out.kind = candidate.kind AND left_out.ref_id = candidate.ref_id AND left_out.vector @@ ${unwanted})`}
    GROUP BY candidate.kind, candidate.ref_id`
}

/** Of all that answers a text, what is of some kinds; of every kind if none is named. */
const ofKinds = (kinds: readonly SearchKind[]): Sql => (kinds.length === 0 ? sql`true` : sql`hit.kind = ANY (${kinds}::search_kind[])`)

export async function findHits(database: Database, question: SearchQuestion, kinds: readonly SearchKind[], plan: PagePlan): Promise<Page<Hit>> {
  const found = await rows<Hit>(
    database,
    sql`
      WITH page AS MATERIALIZED (SELECT hit.*, ${plan.keys} FROM (${hitsOf(question)}) hit WHERE ${ofKinds(kinds)} AND ${plan.bounds} ORDER BY ${plan.orderBy} LIMIT ${plan.limit})
      SELECT hit.kind, hit.ref_id AS key, row.slug, row.title, hit.score, hit.key0, hit.key1, hit.key2
      FROM page hit JOIN search_row row ON row.kind = hit.kind AND row.ref_id = hit.ref_id ORDER BY ${plan.orderBy}`,
  )
  return readPage(plan, found)
}

/** Any of the words that a text asks for. */
const anyWordOf = (text: string): Sql => sql`replace(plainto_tsquery('english', normalized(${wantedWords(text)}))::text, '&', '|')::tsquery`

/** For each hit a passage around the words found, between ** and **. */
export async function findSnippets(database: Database, text: string, hits: readonly Hit[]): Promise<string[]> {
  const [kinds, keys] = [hits.map(({ kind }) => kind), hits.map(({ key }) => key)]
  const found = await rows<{ snippet: string }>(
    database,
    sql`
      SELECT ts_headline('english', concat_ws(' — ', nullif(row.body, ''), row.names), ${wordsOf(text)} || ${anyWordOf(text)}, 'StartSel=**, StopSel=**, MaxWords=30, MinWords=12') AS snippet
      FROM unnest(${kinds}::search_kind[], ${keys}::int[]) WITH ORDINALITY hit (kind, ref_id, place)
      JOIN search_row row ON row.kind = hit.kind AND row.ref_id = hit.ref_id ORDER BY hit.place`,
  )
  return found.map(({ snippet }) => snippet)
}

export interface KindCount {
  readonly kind: SearchKind
  readonly count: number
}

/** How many things of each kind answer, of those kinds that have any; in the order of the enumeration. */
export async function countHits(database: Database, question: SearchQuestion, kinds: readonly SearchKind[]): Promise<KindCount[]> {
  return rows<KindCount>(
    database,
    sql`SELECT hit.kind, count(*)::int AS count FROM (${hitsOf(question)}) hit WHERE ${ofKinds(kinds)} GROUP BY hit.kind ORDER BY hit.kind`,
  )
}

/** Studies that are looked at for the words that most of them hold. */
const studiesCounted = 2000

/** Words that more than half of the studies hold, normalised: they tell no study from another. */
export async function findCommonWords(database: Database): Promise<ReadonlySet<string>> {
  const sample = `SELECT to_tsvector('simple', normalized(concat_ws(' ', title, body))) FROM search_row WHERE kind = 'STUDY' ORDER BY ref_id LIMIT ${studiesCounted}`
  const found = await rows<{ word: string }>(
    database,
    sql`SELECT word FROM ts_stat(${sample}) WHERE word ~ '^[[:alpha:]]{2,}$' AND 2 * ndoc > (SELECT least(count(*), ${studiesCounted}) FROM search_row WHERE kind = 'STUDY') ORDER BY word`,
  )
  return new Set(found.map(({ word }) => word))
}
