import sql, { type Sql } from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { rows } from '../database/query.js'
import { unwantedOf, wantedWords, wordsOf } from '../study/words.js'
import { readPage, type Page, type PagePlan, type SortKey } from '../graphql/keyset.js'

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

export interface SearchQuestion {
  readonly text: string
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

/**
 * Everything that answers a text: studies, terms and claims that hold all its words, ranked by where the words stand, and
 * terms whose names are alike, or that have the code. Where nothing holds all the words, likeness of titles and names and single words decide, so
 * that a misspelt word is forgiven. Terms come before studies of the same score, since a term leads to all its studies.
 */
function hitsOf({ text, coded, isForgiving }: SearchQuestion): Sql {
  const unwanted = unwantedOf(text)
  const unfound = isForgiving ? sql`NOT EXISTS (SELECT 1 FROM search_row, asked WHERE vector @@ all_words)` : sql`false`
  return sql`
    WITH asked AS MATERIALIZED (
      SELECT ${wordsOf(text)} AS all_words, ${anyWordOf(text)} AS any_word, normalized(${wantedWords(text)}) AS name
    )
    SELECT candidate.kind, candidate.ref_id, max(candidate.score)::double precision AS score FROM (
      SELECT kind, ref_id, ts_rank('{0.05, 0.1, 0.3, 1}', vector, all_words, 1) * CASE kind WHEN 'STUDY' THEN 1 WHEN 'CLAIM' THEN 0.9 ELSE 1.5 END AS score FROM search_row, asked WHERE vector @@ all_words
      UNION ALL
      SELECT kind, ref_id, CASE WHEN normalized = asked.name THEN 2 ELSE 0.8 * similarity(normalized, asked.name) END FROM term_name, asked WHERE normalized % asked.name AND rank < ${rankOfCodes} AND (${isForgiving} OR normalized = asked.name)
      UNION ALL
      SELECT kind, key, 2 FROM unnest(${coded.map(({ kind }) => kind)}::search_kind[], ${coded.map(({ key }) => key)}::int[]) AS coded(kind, key)
      UNION ALL
      SELECT kind, ref_id, 0.5 * word_similarity(asked.name, normalized(title || ' ' || names)) FROM search_row, asked WHERE asked.name <% normalized(title || ' ' || names) AND ${unfound}
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

export async function countHits(database: Database, question: SearchQuestion, kinds: readonly SearchKind[]): Promise<number> {
  const [counted] = await rows<{ count: number }>(database, sql`SELECT count(*)::int AS count FROM (${hitsOf(question)}) hit WHERE ${ofKinds(kinds)}`)
  return counted?.count ?? 0
}
