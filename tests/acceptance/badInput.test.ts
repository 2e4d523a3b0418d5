import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const cursorOf = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64url')

// Each row: what is wrong, the operation, the code and reason that the caller is given.
test.each([
  ['an unknown condition', '{ evidence(filter: { conditions: ["migrane"] }) { totalCount } }', 'BAD_USER_INPUT', 'UNKNOWN_TERM'],
  ['an unknown form', '{ evidence(filter: { forms: ["magnesium unobtainate"] }) { totalCount } }', 'BAD_USER_INPUT', 'UNKNOWN_TERM'],
  [
    'an unknown form deep in a filter',
    '{ evidence(filter: { and: [{ or: [{ not: { forms: ["unobtainate"] } }] }] }) { totalCount } }',
    'BAD_USER_INPUT',
    'UNKNOWN_TERM',
  ],
  ['an unknown outcome', '{ studies(filter: { outcomes: ["happyness"] }) { totalCount } }', 'BAD_USER_INPUT', 'UNKNOWN_TERM'],
  [
    'an unknown form of a dose',
    '{ convertDose(form: "magnesium citrat tribasic xyz", amount: 1, unit: MG, basis: SALT) { note } }',
    'BAD_USER_INPUT',
    'UNKNOWN_TERM',
  ],
  ['a reversed range', '{ evidence(filter: { year: { gte: 2020, lte: 2010 } }) { totalCount } }', 'BAD_USER_INPUT', 'REVERSED_RANGE'],
  ['a range without bounds', '{ evidence(filter: { participants: {} }) { totalCount } }', 'BAD_USER_INPUT', 'EMPTY_RANGE'],
  ['a range with one side twice', '{ evidence(filter: { meanAge: { gt: 20, gte: 30 } }) { totalCount } }', 'BAD_USER_INPUT', 'AMBIGUOUS_RANGE'],
  ['an estimate without a measure', '{ evidence(filter: { estimate: { gte: 1 } }) { totalCount } }', 'BAD_USER_INPUT', 'ESTIMATE_NEEDS_ONE_MEASURE'],
  [
    'an estimate with two measures',
    '{ evidence(filter: { measures: [OR, MD], estimate: { gte: 1 } }) { totalCount } }',
    'BAD_USER_INPUT',
    'ESTIMATE_NEEDS_ONE_MEASURE',
  ],
  ['first and last together', '{ evidence(first: 1, last: 1) { totalCount nodes { slug } } }', 'BAD_USER_INPUT', 'FIRST_AND_LAST'],
  ['first and last together in a short list', '{ conditions(first: 1, last: 1) { totalCount } }', 'BAD_USER_INPUT', 'FIRST_AND_LAST'],
  ['a negative page size', '{ evidence(first: -1) { nodes { slug } } }', 'BAD_USER_INPUT', 'NEGATIVE_PAGE_SIZE'],
  ['a page size over the limit', '{ studies(first: 501) { nodes { slug } } }', 'BAD_USER_INPUT', 'PAGE_SIZE_EXCEEDED'],
  ['a malformed cursor', '{ evidence(after: "???") { nodes { slug } } }', 'INVALID_CURSOR', 'MALFORMED_CURSOR'],
  ['a cursor of another order', `{ evidence(after: "${cursorOf(['evidence:YEAR^+,ID+', 2000, 1])}") { nodes { slug } } }`, 'INVALID_CURSOR', 'FOREIGN_CURSOR'],
  [
    'a cursor of another connection',
    `{ studies(after: "${cursorOf(['evidence:STUDY+,ID+', 'a', 1])}") { nodes { slug } } }`,
    'INVALID_CURSOR',
    'FOREIGN_CURSOR',
  ],
  [
    'a cursor with values of other types',
    `{ evidence(after: "${cursorOf(['evidence:STUDY+,ID+', 7, 'x'])}") { nodes { slug } } }`,
    'INVALID_CURSOR',
    'MALFORMED_CURSOR',
  ],
  [
    'a cursor with an impossible key',
    `{ evidence(after: "${cursorOf(['evidence:STUDY+,ID+', 'a', 1e12])}") { nodes { slug } } }`,
    'INVALID_CURSOR',
    'MALFORMED_CURSOR',
  ],
  [
    'a filter nested without end',
    `{ evidence(filter: ${'{ not: '.repeat(13)}{ year: { gte: 1 } }${' }'.repeat(13)}) { totalCount } }`,
    'BAD_USER_INPUT',
    'FILTER_TOO_LARGE',
  ],
  [
    'a list of values without end',
    `{ evidence(filter: { conditions: [${'"migraine", '.repeat(1001)}] }) { totalCount } }`,
    'BAD_USER_INPUT',
    'TOO_MANY_VALUES',
  ],
  ['an order by everything twice', `{ evidence(orderBy: [${'{ field: YEAR } '.repeat(9)}]) { nodes { slug } } }`, 'BAD_USER_INPUT', 'TOO_MANY_SORT_KEYS'],
  ['no identifier of a study', '{ study { slug } }', 'BAD_USER_INPUT', 'EXACTLY_ONE_ARGUMENT'],
  ['several identifiers of a study', '{ study(slug: "tarleton-2017", pmid: "28654669") { slug } }', 'BAD_USER_INPUT', 'EXACTLY_ONE_ARGUMENT'],
  ['a DOI that is none', '{ study(doi: "nonsense") { slug } }', 'BAD_USER_INPUT', 'MALFORMED_IDENTIFIER'],
  ['a PMID in the place of a DOI', '{ study(doi: "28654669") { slug } }', 'BAD_USER_INPUT', 'MALFORMED_IDENTIFIER'],
  ['an identifier in a filter that is none', '{ evidence(filter: { identifiers: ["nonsense"] }) { totalCount } }', 'BAD_USER_INPUT', 'MALFORMED_IDENTIFIER'],
  ['neither id nor slug of a claim', '{ claim { slug } }', 'BAD_USER_INPUT', 'EXACTLY_ONE_ARGUMENT'],
  ['an id that is none', '{ node(id: "nonsense") { id } }', 'BAD_USER_INPUT', 'MALFORMED_ID'],
  ['the id of another type', `{ study(id: "${Buffer.from('Arm:x/y').toString('base64url')}") { slug } }`, 'BAD_USER_INPUT', 'FOREIGN_ID'],
  ['an amount of zero', '{ convertDose(form: "magnesium-oxide", amount: 0, unit: MG, basis: SALT) { note } }', 'BAD_USER_INPUT', 'ABSURD_DOSE'],
  ['a negative amount', '{ convertDose(form: "magnesium-oxide", amount: -5, unit: G, basis: SALT) { note } }', 'BAD_USER_INPUT', 'ABSURD_DOSE'],
  ['tons of magnesium', '{ convertDose(form: "magnesium-oxide", amount: 1e9, unit: G, basis: SALT) { note } }', 'BAD_USER_INPUT', 'ABSURD_DOSE'],
  [
    'a form whose composition nobody knows',
    '{ convertDose(form: "magnesium-unspecified", amount: 300, unit: MG, basis: SALT) { note } }',
    'BAD_USER_INPUT',
    'COMPOSITION_UNKNOWN',
  ],
  ['relevance without words', '{ evidence(orderBy: [{ field: RELEVANCE }]) { nodes { slug } } }', 'BAD_USER_INPUT', 'RELEVANCE_WITHOUT_TEXT'],
  ['an empty search', '{ search(text: "  ") { totalCount } }', 'BAD_USER_INPUT', 'TEXT_LENGTH'],
  ['an enum value that does not exist', '{ evidence(filter: { designs: [RCT] }) { totalCount } }', 'GRAPHQL_VALIDATION_FAILED', undefined],
  ['a word in the place of a number', '{ evidence(first: "ten") { totalCount } }', 'GRAPHQL_VALIDATION_FAILED', undefined],
  ['text that does not parse', '{ evidence(', 'GRAPHQL_PARSE_FAILED', undefined],
])('%s gets its own coded error', async (_, query, code, reason) => {
  const { errors } = await service.request(query)
  expect(errors).toHaveLength(1)
  expect(errors?.[0]?.extensions).toMatchObject({ code, ...(reason !== undefined && { reason }) })
  expect(errors?.[0]?.message).not.toMatch(/internal/i)
})

// No input makes an internal error: strings that Postgres, its text search or a regular expression could stumble over.
const awkward = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  "'; DROP TABLE study; --",
  '%',
  '_',
  '\\',
  '"unclosed',
  '((((',
  'a & | ! b',
  ':*',
  '<->',
  '\u202e',
  '𝔐𝔤',
  'x'.repeat(400),
  '-',
  'or',
  '-or-',
  '{}',
  '[]',
  '$1',
  '${1}',
  'NaN',
  'Infinity',
]
const takers = [
  'evidence(filter: { text: $text }, orderBy: [{ field: RELEVANCE }], first: 1) { totalCount nodes { slug } }',
  'studies(filter: { text: $text }, orderBy: [{ field: RELEVANCE }], first: 1) { totalCount nodes { slug } }',
  'search(text: $text, first: 1) { totalCount nodes { slug } }',
  'mapTerms(texts: [$text]) { slug }',
  'condition(ref: $text) { slug }',
  'claims(filter: { text: $text, source: $text }) { totalCount }',
  'conditions(filter: { text: $text }) { totalCount }',
  'conditions(filter: { parent: $text }) { totalCount }',
  'interactions(form: $text) { id }',
  'interactions(substance: $text) { id }',
  'study(slug: $text) { slug }',
  'study(doi: $text) { slug }',
  'studiesByIdentifiers(identifiers: [$text]) { slug }',
  'node(id: $text) { id }',
  'evidence(after: $text) { nodes { slug } }',
  'studies(filter: { countries: [$text] }) { totalCount }',
  'pooledResults(filter: { text: $text }) { totalCount }',
  'evidence(filter: { or: [{ studies: [$text] }, { results: [$text] }] }) { totalCount }',
  'studies(filter: { not: { cohorts: [$text], comparisonKeys: [$text], studies: [$text] } }) { totalCount }',
  'conditions(refs: [$text]) { byRefs { slug } }',
  'claim(slug: $text) { slug }',
]
test.each(awkward)('the text %j breaks nothing wherever it is given', async (text) => {
  const responses = await Promise.all(
    takers.map((field) => service.request(`query ($text: ${field.startsWith('node') ? 'ID' : 'String'}!) { ${field} }`, { text })),
  )
  const broken = responses.flatMap(({ status, errors }, index) =>
    status >= 500 || errors?.some(({ extensions }) => extensions?.code === 'INTERNAL_SERVER_ERROR') ? [takers[index]] : [],
  )
  expect(broken).toEqual([])
})
