import { composeServices } from '@apollo/composition'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { composeServices as composeByTheGuild } from '@theguild/federation-composition'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { parse, printSchema } from 'graphql'
import { parse as parseYaml } from 'yaml'
import { startForeign } from '../../schema/supergraph/foreign.mjs'
import { ask, questions, startSupergraph } from '../../schema/supergraph/gateway.mjs'
import { startService, type Service } from '../support/service.js'

let service: Service
let sdl: string
beforeAll(async () => {
  service = await startService()
  sdl = (await service.ask('{ _service { sdl } }'))._service.sdl
})
afterAll(() => service.stop())

const subgraphs = async () => {
  const foreign = await Promise.all([startForeign('pharmacy'), startForeign('library')])
  await Promise.all(foreign.map(({ stop }) => stop()))
  return [{ name: 'evidence', url: 'http://localhost:4000/graphql', sdl }, ...foreign].map(({ name, url, sdl: text }) => ({ name, url, typeDefs: parse(text) }))
}

test('Apollo composes it with graphs of others', async () => {
  const { errors, supergraphSdl } = composeServices(await subgraphs())
  expect(errors ?? []).toEqual([])
  expect(supergraphSdl).toContain('@join__type(graph: EVIDENCE, key: "doi")')
  expect(supergraphSdl).toContain('@join__type(graph: PHARMACY, key: "unii")')
})

test('The Guild composes it with graphs of others', async () => {
  const { errors, supergraphSdl } = composeByTheGuild(await subgraphs())
  expect((errors ?? []).map(({ message }) => message)).toEqual([])
  expect(supergraphSdl).toContain('@join__type(graph: EVIDENCE, key: "doi")')
})

// Directives that this graph has no use for, used on its types by another.
const demanding = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.7",
    import: ["@key", "@override", "@inaccessible", "@tag", "@shareable"])
  type Query { leaflets: [Leaflet!]! @tag(name: "public") }
  type Leaflet @key(fields: "form { unii } language") {
    language: String!
    form: MagnesiumForm!
    printRun: Int @inaccessible
  }
  type MagnesiumForm @key(fields: "unii") {
    unii: String
    solubility: String @override(from: "evidence")
  }
  type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }`

test.each([
  ['Apollo', composeServices],
  ['The Guild', composeByTheGuild],
])('%s composes it with a graph of composite keys that overrides, hides and tags', (_, compose) => {
  const { errors, supergraphSdl } = compose([
    { name: 'evidence', url: 'http://localhost:4000/graphql', typeDefs: parse(sdl) },
    { name: 'leaflets', url: 'http://localhost:4004/graphql', typeDefs: parse(demanding) },
  ])
  expect((errors ?? []).map(({ message }) => message)).toEqual([])
  expect(supergraphSdl).toMatch(/key: "form \{ unii \} language"/)
  expect(supergraphSdl).toContain('override: "evidence"')
  expect(supergraphSdl).toContain('@inaccessible')
})

test('what it tells of itself is a subgraph schema, of the very fields that it answers', async () => {
  const built = buildSubgraphSchema(parse(sdl))
  const fields = (text: string) => [...text.matchAll(/^ {2}(\w+)[(:]/gm)].length
  const { __schema } = await service.ask('{ __schema { types { name fields(includeDeprecated: true) { name } } } }')
  for (const { name, fields: own } of __schema.types as { name: string; fields: { name: string }[] | null }[]) {
    const type = built.getType(name)
    if (own === null || name.startsWith('_')) continue
    const told = type && 'getFields' in type ? Object.keys(type.getFields()) : []
    expect(told.filter((field) => !field.startsWith('_')).sort()).toEqual(
      own
        .map((field) => field.name)
        .filter((field) => !field.startsWith('_'))
        .sort(),
    )
  }
  expect(fields(printSchema(built))).toBeGreaterThan(300)
})

test('a gateway that asks for a trace is given one, others are not', async () => {
  const asked = (headers: Record<string, string>) =>
    fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{"query":"{ dataset { release } }"}',
    }).then((response) => response.json())
  expect(await asked({ 'apollo-federation-include-trace': 'ftv1' })).toMatchObject({ extensions: { ftv1: expect.stringMatching(/^[A-Za-z0-9+/=]{40,}$/) } })
  expect(await asked({})).not.toHaveProperty('extensions')
})

test('a gateway answers what no single graph knows', async () => {
  const supergraph = await startSupergraph(`${service.url}/graphql`)
  try {
    const { data, errors } = await ask(supergraph.url, await questions())
    expect(errors).toBeUndefined()
    const [oxide, chloride] = data.products
    const own = await service.ask(
      '{ form(ref: "magnesium-oxide") { name elementalFractionLow evidence(filter: { designs: [RCT_PARALLEL] }, first: 2) { totalCount nodes { condition { name } direction } } } study(doi: "10.1371/journal.pone.0180067") { title status slug } }',
    )
    expect(oxide).toEqual({
      name: 'Magnesium oxide 400',
      priceEuro: 6.5,
      contains: { ...own.form, euroPerElementalGram: expect.closeTo(6.5 / (0.4 * 60 * own.form.elementalFractionLow), 12) },
    })
    expect(chloride.contains.name).toMatch(/chloride/i)
    expect(data.holdings.map(({ article }: { article: { title: string } }) => article.title)).toEqual([own.study.title, own.study.title])
    expect(data.study).toEqual({ slug: own.study.slug, holdings: [{ shelfMark: 'QU 130.5 / 17' }, { shelfMark: 'WL 344 / 12' }] })
  } finally {
    await supergraph.stop()
  }
})

test('the example runs by its one command, and says what is missing where the service is not there', async () => {
  const run = (url: string) =>
    promisify(execFile)(process.execPath, ['schema/supergraph/gateway.mjs', '--once'], { env: { ...process.env, NODE_OPTIONS: '', EVIDENCE_URL: url } })
  const { stdout } = await run(`${service.url}/graphql`)
  expect(JSON.parse(stdout)).toMatchObject({ study: { holdings: [{ shelfMark: 'QU 130.5 / 17' }, { shelfMark: 'WL 344 / 12' }] } })
  await expect(run('http://127.0.0.1:9/graphql')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^no graph answers at http:\/\/127\.0\.0\.1:9\/graphql: start the service with npm start/),
  })
})

test('the configuration for rover names the graphs of the example', () => {
  const { subgraphs: configured } = parseYaml(readFileSync('schema/supergraph/supergraph.yaml', 'utf8')) as {
    subgraphs: Record<string, { routing_url: string; schema: { file?: string; subgraph_url?: string } }>
  } // as the file is laid out
  expect(Object.keys(configured)).toEqual(['evidence', 'pharmacy', 'library'])
  for (const { schema } of Object.values(configured)) if (schema.file !== undefined) parse(readFileSync(`schema/supergraph/${schema.file}`, 'utf8'))
  expect(configured['evidence']).toEqual({ routing_url: 'http://localhost:4000/graphql', schema: { subgraph_url: 'http://localhost:4000/graphql' } })
})
