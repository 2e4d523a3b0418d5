import { nodeTypes } from '../../src/node.graphql.js'
import { entityKeys } from '../../src/federation/keys.js'
import { maxRepresentations } from '../../src/federation/representation.js'
import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const entities =
  'query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename ... on Study { slug doi } ... on Condition { slug mesh } ... on MagnesiumForm { slug unii } ... on Node { id } } }'
const found = async (...representations: object[]) => (await service.ask(entities, { representations }))._entities

test('every type with a global id is an entity by it, and no other', () => {
  expect(Object.keys(entityKeys).sort()).toEqual([...nodeTypes].sort())
})

test('a study is found by each of its keys, in any usual notation', async () => {
  const { study } = await service.ask('{ study(slug: "tarleton-2017") { id pmid pmcid } }')
  const keys = [
    { id: study.id },
    { slug: 'tarleton-2017' },
    { doi: '10.1371/journal.pone.0180067' },
    { doi: 'https://doi.org/10.1371/JOURNAL.PONE.0180067' },
    { doi: 'doi:10.1371/journal.pone.0180067' },
    { pmid: study.pmid },
    { pmid: Number(study.pmid) },
    { pmid: `PMID: ${study.pmid}` },
    { pmcid: study.pmcid },
    { pmcid: study.pmcid.slice(3) },
    { pmid: null, doi: '10.1371/journal.pone.0180067' },
  ]
  const answers = await found(...keys.map((key) => ({ __typename: 'Study', ...key })))
  expect(answers.map(({ slug }: { slug: string }) => slug)).toEqual(keys.map(() => 'tarleton-2017'))
})

test('conditions and forms are found by the codes of others', async () => {
  const { condition, form } = await service.ask('{ condition(ref: "migraine") { slug mesh mondo } form(ref: "magnesium-oxide") { slug unii chebi pubchem } }')
  for (const [type, { slug, ...codes }] of [
    ['Condition', condition],
    ['MagnesiumForm', form],
  ] as const) {
    const given = Object.entries(codes as Record<string, string | null>).filter((entry): entry is [string, string] => entry[1] !== null)
    expect(given.length).toBeGreaterThan(0)
    for (const [field, value] of given) {
      const answers = await found(
        { __typename: type, [field]: value },
        { __typename: type, [field]: `${field.toUpperCase()}:${value}` },
        { __typename: type, [field]: value.toLowerCase() },
      )
      expect(answers.map((answer: { slug: string }) => answer?.slug)).toEqual([slug, slug, slug])
    }
  }
})

test('what is not here is null at its place', async () => {
  expect(
    await found(
      { __typename: 'Study', doi: '10.9999/nothing' },
      { __typename: 'Study', doi: 'no doi at all' },
      { __typename: 'Study', slug: 'tarleton-2017' },
      { __typename: 'Condition', mesh: 'D999999' },
      { __typename: 'Condition', slug: 'Migraine headache' },
      { __typename: 'Evidence', id: 'bm90aGluZw' },
      { __typename: 'Evidence', id: '' },
      { __typename: 'Study', doi: null },
    ),
  ).toEqual([null, null, expect.objectContaining({ __typename: 'Study', slug: 'tarleton-2017' }), null, null, null, null, null])
})

test('every entity is found by its id, and is of its type', async () => {
  const { evidence, claims, pooledResults, interactions, contraindications, outcomes, instruments } = await service.ask(`{
    evidence(first: 1, filter: { conditions: ["depression"] }) { nodes { id population { id } intervention { id doses { id } } study { id publications { id } } } }
    claims(first: 1) { nodes { id source { id } } } pooledResults(first: 1) { nodes { id } } interactions { id } contraindications { id }
    outcomes: outcomes(first: 1) { nodes { id instruments { id } } } instruments: outcome(ref: "depressive-symptoms") { instruments { id } } }`)
  const [effect] = evidence.nodes
  const ids: [string, string][] = [
    ['Evidence', effect.id],
    ['Population', effect.population.id],
    ['Arm', effect.intervention.id],
    ['Dose', effect.intervention.doses[0].id],
    ['Study', effect.study.id],
    ['Publication', effect.study.publications[0].id],
    ['Claim', claims.nodes[0].id],
    ['SourceDocument', claims.nodes[0].source.id],
    ['PooledResult', pooledResults.nodes[0].id],
    ['Interaction', interactions[0].id],
    ['Contraindication', contraindications[0].id],
    ['Outcome', outcomes.nodes[0].id],
    ['Instrument', instruments.instruments[0].id],
  ]
  expect(await found(...ids.map(([__typename, id]) => ({ __typename, id })))).toEqual(
    ids.map(([__typename, id]) => expect.objectContaining({ __typename, id })),
  )
})

test('two hundred studies by mixed keys are one statement, in memory or not', async () => {
  const { studies } = await service.ask('{ studies(first: 200) { nodes { slug doi pmid } } }')
  const representations = (studies.nodes as { slug: string; doi: string | null; pmid: string | null }[]).map(({ slug, doi, pmid }) => ({
    __typename: 'Study',
    ...(doi !== null ? { doi } : pmid !== null ? { pmid } : { slug }),
  }))
  expect(representations.length).toBeGreaterThan(150)
  const fresh = await startService()
  try {
    for (const state of ['cold', 'warm']) {
      await fresh.ask('{ conditions(first: 1) { nodes { slug } } }') // the vocabulary is read once
      const before = fresh.statements()
      const { _entities } = await fresh.ask(entities, { representations })
      expect([state, fresh.statements() - before]).toEqual([state, 1])
      expect(_entities.filter((study: unknown) => study === null)).toEqual([])
    }
  } finally {
    await fresh.stop()
  }
})

test.each([
  ['Evidence', 'evidence(first: $n) { nodes { id } }', 2],
  ['Publication', 'studies(first: $n) { nodes { publications { id } } }', 2],
  ['Arm', 'studies(first: $n) { nodes { arms { id } } }', 2],
  ['Claim', 'claims(first: $n) { nodes { id } }', 2],
  ['PooledResult', 'pooledResults(first: $n) { nodes { id } }', 2],
  ['MagnesiumForm', 'forms(first: $n) { nodes { id } }', 0],
])('things of type %s are at most a few statements, however many are asked for', async (type, list, most) => {
  for (const n of [1, 200]) {
    const answer = await service.ask(`query ($n: Int!) { ${list} }`, { n })
    const ids = [...JSON.stringify(answer).matchAll(/"id":"([^"]+)"/g)].map(([, id = '']) => id)
    const before = service.statements()
    expect((await found(...ids.map((id) => ({ __typename: type, id })))).map(({ id }: { id: string }) => id)).toEqual(ids)
    expect(service.statements() - before).toBeLessThanOrEqual(most)
  }
})

test('a malformed representation is an error at its place, and the others are answered', async () => {
  const { data, errors } = await service.request(entities, {
    representations: [
      { __typename: 'Condition', slug: 'migraine' },
      { __typename: 'Study', name: 'b' },
      { __typename: 'Study', slug: 'tarleton-2017' },
    ],
  })
  expect(data._entities.map((entity: { slug: string } | null) => entity?.slug)).toEqual(['migraine', undefined, 'tarleton-2017'])
  expect(errors).toEqual([
    expect.objectContaining({
      path: ['_entities', 1],
      message: 'representation 1 of Study has no key: one of id, slug, doi, pmid, pmcid',
      extensions: expect.objectContaining({ code: 'BAD_USER_INPUT', reason: 'MALFORMED_REPRESENTATION' }),
    }),
  ])
})

test.each([
  [['no object'], 'MALFORMED_REPRESENTATION', 'representation 0 is no object with a __typename'],
  [[{ doi: '10.1/x' }], 'MALFORMED_REPRESENTATION', 'representation 0 has no __typename'],
  [[{ __typename: 'Query' }], 'MALFORMED_REPRESENTATION', /representation 0 is of Query, which is no entity here: they are Study, /],
  [[{ __typename: 'constructor', id: 'x' }], 'MALFORMED_REPRESENTATION', /is of constructor, which is no entity here/],
  [
    [
      { __typename: 'Study', slug: 'a' },
      { __typename: 'Study', name: 'b' },
    ],
    'MALFORMED_REPRESENTATION',
    'representation 1 of Study has no key: one of id, slug, doi, pmid, pmcid',
  ],
  [[{ __typename: 'Study', doi: { a: 1 } }], 'MALFORMED_REPRESENTATION', 'representation 0 has a doi that is no text'],
  [
    Array.from({ length: maxRepresentations + 1 }, () => ({ __typename: 'Study', slug: 'a' })),
    'TOO_MANY_REPRESENTATIONS',
    /at most 1000 representations, got 1001/,
  ],
])('%j is refused', async (representations, reason, message) => {
  const { errors } = await service.request('query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename } }', {
    representations,
  })
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', reason })
  expect(errors?.[0]?.message).toMatch(message)
})
