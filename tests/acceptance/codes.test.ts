import { loadVocabulary } from '../../src/vocabulary/vocabulary.queries.js'
import { notationsOf } from '../../src/vocabulary/codes.js'
import { termsOfKind, type TermKind } from '../../src/vocabulary/vocabulary.js'
import { startService, type Service } from '../support/service.js'

let service: Service
let coded: { readonly kind: TermKind; readonly slug: string; readonly full: string; readonly bare: string }[]
beforeAll(async () => {
  service = await startService()
  const vocabulary = await loadVocabulary(service.database)
  coded = (['CONDITION', 'FORM', 'OUTCOME', 'INSTRUMENT', 'TREATMENT'] as const).flatMap((kind) =>
    termsOfKind(vocabulary, kind).all.flatMap(({ slug, codes }) => codes.map((code) => ({ kind, slug, ...notationsOf(code) }))),
  )
})
afterAll(() => service.stop())

interface Match {
  readonly text: string
  readonly kind: TermKind
  readonly slug: string
  readonly score: number
}
async function matchesOf(texts: readonly string[]): Promise<Match[]> {
  const matches: Match[] = []
  for (let from = 0; from < texts.length; from += 100)
    matches.push(
      ...(await service.ask('query ($texts: [String!]!) { mapTerms(texts: $texts) { text kind slug score } }', { texts: texts.slice(from, from + 100) }))
        .mapTerms,
    )
  return matches
}

test('every code of every term is matched with score 1, with and without its system, in any case', async () => {
  const spellings = coded.flatMap(({ full, bare, ...term }) => [full, bare, full.toLowerCase(), bare.toLowerCase()].map((text) => ({ ...term, text })))
  const matches = await matchesOf([...new Set(spellings.map(({ text }) => text))])
  const keyOf = ({ text, kind, slug }: { text: string; kind: string; slug: string }) => `${text} ${kind} ${slug}`
  const exact = new Set(matches.filter(({ score }) => score === 1).map(keyOf))
  expect(coded.length).toBeGreaterThan(300)
  expect(spellings.filter((spelling) => !exact.has(keyOf(spelling)))).toEqual([])
})

/** A code with its last digit changed, where nothing has it. */
function neighbourOf(code: string, known: ReadonlySet<string>): string | null {
  for (const digit of '5739162840') {
    const other = code.replace(/\d(?=\D*$)/, digit)
    if (other !== code && !known.has(other)) return other
  }
  return null
}

test('no code with another digit is matched to anything, by any field that takes a term', async () => {
  const known = new Set(coded.flatMap(({ full, bare }) => [full, bare]))
  const neighbours = coded.flatMap(({ full, bare }) => [full, bare].flatMap((code) => neighbourOf(code, known) ?? []))
  const matches = await matchesOf([...new Set(neighbours)])
  // A name may hold the text as a word; what is only like it is not there.
  expect(matches.filter(({ score, text }) => score === 1 || text.length > 4)).toEqual([])
})

test.each([
  'MONDO:0005278',
  'D008882',
  'MESH:D008882',
  'G43.8',
  'NCT02466088',
  '10.1371/journal.pone.0180068',
  'https://doi.org/10.1371/journal.pone.0180068',
  '99999999',
])('the unknown code %s is neither found, suggested nor searched for by likeness', async (code) => {
  const { mapTerms, search, conditions, interactions } = await service.ask(
    'query ($code: String!) { mapTerms(texts: [$code]) { slug } search(text: $code) { totalCount } conditions(filter: { text: $code }) { totalCount } interactions(substance: $code) { substance } }',
    { code },
  )
  expect({ mapTerms, search, conditions, interactions }).toEqual({ mapTerms: [], search: { totalCount: 0 }, conditions: { totalCount: 0 }, interactions: [] })
  for (const field of [
    'condition(ref: $code) { slug }',
    'studies(filter: { conditions: [$code] }) { totalCount }',
    'evidence(filter: { forms: [$code] }) { totalCount }',
  ]) {
    const { errors } = await service.request(`query ($code: String!) { ${field} }`, { code })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', reason: 'UNKNOWN_TERM', suggestions: [] })
    expect(errors?.[0]?.message).not.toContain('did you mean')
  }
})

test.each(['MESH:D008881', 'D008881', 'mesh:d008881', 'd008881', 'MESH : D008881'])('%s is migraine wherever a term is named', async (code) => {
  const { condition, mapTerms, search, conditions, byCode, bySlug } = await service.ask(
    `query ($code: String!) {
      condition(ref: $code) { slug } mapTerms(texts: [$code]) { slug score matched } search(text: $code, first: 1) { nodes { slug } } conditions(filter: { text: $code }) { nodes { slug } }
      byCode: studies(filter: { conditions: [$code] }) { totalCount } bySlug: studies(filter: { conditions: ["migraine"] }) { totalCount }
    }`,
    { code },
  )
  expect(condition.slug).toBe('migraine')
  expect(mapTerms).toEqual([{ slug: 'migraine', score: 1, matched: code.toUpperCase().replaceAll(' ', '') }])
  expect(search.nodes).toEqual([{ slug: 'migraine' }])
  expect(conditions.nodes).toEqual([{ slug: 'migraine' }])
  expect(byCode).toEqual(bySlug)
})

test('a part of a code is no code', async () => {
  const { conditions } = await service.ask('{ conditions(filter: { text: "D00888" }) { totalCount } }')
  expect(conditions.totalCount).toBe(0)
})

test('words are still forgiven, those with digits too', async () => {
  const matches = await matchesOf(['migrane', 'B12'])
  expect(matches.find(({ text }) => text === 'migrane')).toMatchObject({ slug: 'migraine' })
  expect(matches.filter(({ text }) => text === 'B12').map(({ slug }) => slug)).toEqual(expect.arrayContaining(['vitamin-b12']))
})
