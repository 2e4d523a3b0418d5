import fc from 'fast-check'
import sql from 'sql-template-tag'
import { rows } from '../../src/database/query.js'
import { foundBy } from '../../src/study/words.js'
import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

interface Titled {
  readonly kind: string
  readonly key: number
  readonly slug: string
  readonly title: string
}
const titlesOf = (kind: 'STUDY' | 'CLAIM' | 'TERM'): Promise<Titled[]> =>
  rows<Titled>(
    service.database,
    sql`SELECT kind::text, ref_id AS key, slug, title FROM search_row WHERE CASE ${kind}::text WHEN 'TERM' THEN kind NOT IN ('STUDY', 'CLAIM') ELSE kind::text = ${kind}::text END ORDER BY kind, ref_id`,
  )

async function isFound(kind: 'STUDY' | 'CLAIM', key: number, text: string): Promise<boolean> {
  return (await rows(service.database, sql`SELECT 1 AS found FROM (${foundBy(kind, text)}) found WHERE ref_id = ${key}`)).length === 1
}

test.each(['STUDY', 'CLAIM'] as const)('every %s is found by its own title, bare and in quotes', async (kind) => {
  const titled = await titlesOf(kind)
  const unfound: string[] = []
  for (const { key, slug, title } of titled) {
    if (!(await isFound(kind, key, title))) unfound.push(slug)
    if (!(await isFound(kind, key, `"${title.replaceAll('"', ' ')}"`))) unfound.push(`${slug} in quotes`)
  }
  expect(titled.length).toBeGreaterThan(100)
  expect(unfound).toEqual([])
})

test('a title is found whatever stands between its words: spaces, hyphens, slashes, dots and dashes of Unicode', async () => {
  const titled = await titlesOf('STUDY')
  const separators = [' ', '-', '/', '.', ',', ': ', '\u00a0', '\u202f', '\u3000', '\u2010', '\u2011', '\u2013', '\u2212', '\u2032', '’', '_', '&']
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...titled), fc.array(fc.constantFrom(...separators), { minLength: 1, maxLength: 12 }), async ({ key, title }, between) => {
      const words = title.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
      const text = words.reduce((joined, word, place) => `${joined}${between[place % between.length] ?? ' '}${word}`)
      if (!(await isFound('STUDY', key, text))) throw new Error(`not found by ${text}`)
    }),
    { numRuns: 200 },
  )
})

test('every term is among the first hits, and a match with score 1, of its own name', async () => {
  const terms = await titlesOf('TERM')
  const unfound: string[] = []
  // Two vocabularies may have a term of one name: pain is a condition and an outcome.
  const isOf = (slug: string) => (hit: { readonly slug: string; readonly score: number }) => hit.slug === slug && hit.score >= 1
  for (let from = 0; from < terms.length; from += 20) {
    const some = terms.slice(from, from + 20)
    const asked = some.map((_, place) => `s${place}: search(text: $t${place}, first: 5) { nodes { slug score } }`).join(' ')
    const { mapTerms, ...searches } = await service.ask(
      `query (${some.map((_, place) => `$t${place}: String!`).join(' ')} $texts: [String!]!) { ${asked} mapTerms(texts: $texts) { text slug score } }`,
      { ...Object.fromEntries(some.map(({ title }, place) => [`t${place}`, title])), texts: some.map(({ title }) => title) },
    )
    some.forEach(({ slug, title }, place) => {
      const matches = mapTerms.filter(({ text }: { text: string }) => text === title)
      if (!searches[`s${place}`].nodes.some(isOf(slug)) || !matches.some(isOf(slug))) unfound.push(title)
    })
  }
  expect(unfound).toEqual([])
})

/** Counts of everything that takes a text. */
async function countsOf(text: string): Promise<Record<string, number>> {
  const filter = { text }
  const data = await service.ask(
    `query ($filter: StudyFilter, $effects: EvidenceFilter, $claims: ClaimFilter, $pools: PooledResultFilter) {
      studies(filter: $filter) { totalCount } evidence(filter: $effects) { totalCount } claims(filter: $claims) { totalCount } pooledResults(filter: $pools) { totalCount }
    }`,
    { filter, effects: filter, claims: filter, pools: filter },
  )
  const csv = await (await fetch(`${service.url}/download/studies.csv?filter=${encodeURIComponent(JSON.stringify(filter))}`)).text()
  return {
    studies: data.studies.totalCount,
    evidence: data.evidence.totalCount,
    claims: data.claims.totalCount,
    pooledResults: data.pooledResults.totalCount,
    download: (csv.match(/\r?\n(?=.)/g) ?? []).length,
  }
}

test.each([
  ['pre-eclampsia', '"pre eclampsia"'],
  ['PHQ-9', '"PHQ 9"'],
  ['L-threonate', '"L threonate"'],
  ['C-reactive protein', '"C reactive" protein'],
  ['type-2', '"type 2"'],
  ['type 2/diabetes', 'type "2 diabetes"'],
  ['ISIS-4', '"ISIS 4"'],
  ['LIMIT-2', '"LIMIT 2"'],
  ['magnesium\u00a0citrate', 'magnesium citrate'],
  ['pre\u2010eclampsia', 'pre-eclampsia'],
  ['pre\u2011eclampsia', 'pre-eclampsia'],
  ['“pre eclampsia”', '"pre eclampsia"'],
  ['https://doi.org/10.1371/journal.pone.0180067', '10.1371/journal.pone.0180067'],
  ['migraine -pre-eclampsia', 'migraine -"pre eclampsia"'],
  ['', undefined],
  [' \u00a0 ', undefined],
])('everything that takes a text reads "%s" as %s', async (text, same) => {
  const [counts, expected] = [await countsOf(text), await countsOf(same ?? '')]
  expect(counts).toEqual(expected)
  expect(counts['studies']).toBeGreaterThan(0)
})

test('an empty text is a text left out, and a text of stop words or pictures alone finds nothing', async () => {
  const { all, empty, ...nothing } = await service.ask(
    '{ all: studies { totalCount } empty: studies(filter: { text: "" }) { totalCount } stop: studies(filter: { text: "the" }) { totalCount } picture: studies(filter: { text: "🙂" }) { totalCount } }',
  )
  expect(empty).toEqual(all)
  expect(nothing).toEqual({ stop: { totalCount: 0 }, picture: { totalCount: 0 } })
})

test('a synthesis takes the studies of a text with hyphens', async () => {
  const { hyphen, phrase } = await service.ask(
    '{ hyphen: synthesis(input: { filter: { text: "pre-eclampsia" } }) { k } phrase: synthesis(input: { filter: { text: "\\"pre eclampsia\\"" } }) { k } }',
  )
  expect(hyphen).toEqual(phrase)
})

test('an order by relevance needs words', async () => {
  const { errors } = await service.request('{ studies(filter: { text: " " }, orderBy: [{ field: RELEVANCE }]) { totalCount } }')
  expect(errors?.[0]?.extensions).toMatchObject({ reason: 'RELEVANCE_WITHOUT_TEXT' })
})

test('a search for words with punctuation finds what holds them, not what is spelt alike', async () => {
  const { search, snippets } = await service.ask(
    '{ search(text: "magnesium-l-threonate") { totalCount nodes { slug } } snippets: search(text: "PHQ-9", first: 10) { nodes { snippet } } }',
  )
  expect(search.totalCount).toBeLessThan(100)
  expect(snippets.nodes.some(({ snippet }: { snippet: string }) => /\*\*PHQ\*\*/i.test(snippet))).toBe(true)
})

test('what a search leaves out is not what it looks for', async () => {
  const { search } = await service.ask('{ search(text: "sleep -insomnia", first: 100) { nodes { slug } } }')
  expect(search.nodes.map(({ slug }: { slug: string }) => slug)).not.toContain('insomnia')
})
