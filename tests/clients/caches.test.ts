import { readFile } from 'node:fs/promises'
import { ApolloClient, gql, HttpLink, InMemoryCache, type DocumentNode } from '@apollo/client/core'
import { relayStylePagination } from '@apollo/client/utilities'
import { cacheExchange } from '@urql/exchange-graphcache'
import { relayPagination } from '@urql/exchange-graphcache/extras'
import { Client, fetchExchange } from '@urql/core'
import { buildSchema, introspectionFromSchema, isObjectType, parse, print } from 'graphql'
import { cacheSettings } from '../../schema/clients/write.mjs'
import { startService, type Service } from '../support/service.js'
import { until } from '../support/until.js'
import { loadOperations } from './codegen.js'
import { withIdentities } from './identity.js'

const schema = buildSchema(await readFile('schema/schema.graphql', 'utf8'))
const settings = JSON.parse(await readFile('schema/clients/cache.json', 'utf8')) as { possibleTypes: Record<string, string[]>; embeddedTypes: string[] }

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

// Caches tell on the console what they cannot keep: an object without a key, a field that another answer has overwritten.
const told: unknown[] = []
const { error, warn } = console
beforeAll(() => void (console.error = console.warn = (...words: unknown[]) => void told.push(words)))
afterEach(() => expect(told.splice(0)).toEqual([]))
afterAll(() => void Object.assign(console, { error, warn }))

// What a cache gives back is as varied as what was asked; tests compare it, whole.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Read = any

/** As docs/typed-clients.md sets it up. */
const apolloCache = () =>
  new InMemoryCache({
    possibleTypes: settings.possibleTypes,
    typePolicies: {
      ...Object.fromEntries(settings.embeddedTypes.map((type) => [type, { merge: true }])),
      Query: { fields: { evidence: relayStylePagination(['filter', 'orderBy']) } },
    },
  })

/** As docs/typed-clients.md sets it up. */
const urqlClient = () =>
  new Client({
    url: `${service.url}/graphql`,
    preferGetMethod: false,
    exchanges: [
      cacheExchange({
        schema: introspectionFromSchema(schema),
        keys: Object.fromEntries(settings.embeddedTypes.map((type) => [type, () => null])),
        resolvers: { Query: { evidence: relayPagination() } },
      }),
      fetchExchange,
    ],
  })

const listed = gql`
  query Listed($after: String) {
    evidence(filter: { ciExcludesNull: true }, first: 3, after: $after) {
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
      edges {
        cursor
        node {
          __typename
          id
          slug
          direction
          effect {
            estimate
          }
        }
      }
    }
  }
`
const found = gql`
  query Found($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Evidence {
        slug
        effect {
          ciLower
        }
      }
    }
  }
`

test('what caches must be told is in step with the schema', () => {
  // Stale? npm run schema
  expect(settings).toEqual(cacheSettings(schema))
})

test('every type that has an id is a Node, found again by it', () => {
  const identified = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && 'id' in type.getFields())
  expect(identified.map(({ name }) => name).sort()).toEqual(settings.possibleTypes['Node'])
})

/** Every example, asked with types and ids; variables as they stand beside it. */
async function answers(): Promise<{ name: string; document: DocumentNode; variables: Record<string, unknown>; data: Read }[]> {
  const operations = (await loadOperations()).filter(({ name }) => name !== 'dashboard-synthesis')
  return Promise.all(
    operations.map(async ({ name, query, variables: text }) => {
      const document = withIdentities(parse(query), schema)
      const variables = text === undefined ? {} : (JSON.parse(text) as Record<string, unknown>)
      return { name, document, variables, data: await service.ask(print(document), variables) }
    }),
  )
}

/** Every object with an id in an answer. */
function identified(data: Read): { id: string; __typename: string; slug?: string }[] {
  if (typeof data !== 'object' || data === null) return []
  return [...(typeof data.id === 'string' ? [data] : []), ...Object.values(data).flatMap(identified)]
}

test('an id is of one thing of one type, whatever the question', async () => {
  const objects = (await answers()).flatMap(({ data }) => identified(data))
  const typesById = new Map<string, Set<string>>()
  for (const { id, __typename, slug } of objects)
    typesById.set(id, (typesById.get(id) ?? new Set()).add(slug === undefined ? __typename : `${__typename} ${slug}`))
  const namings = [...typesById].map(([id, names]) => ({
    id,
    types: new Set([...names].map((name) => name.split(' ')[0])),
    slugs: [...names].filter((name) => name.includes(' ')),
  }))
  expect(namings.length).toBeGreaterThan(150)
  expect(namings.filter(({ types, slugs }) => types.size > 1 || slugs.length > 1)).toEqual([])
})

test('one cache of Apollo Client keeps the answers of all operations, and none changes another', async () => {
  const cache = apolloCache()
  const asked = await answers()
  for (const { document, variables, data } of asked) cache.writeQuery({ query: document, variables, data })
  for (const { name, document, variables, data } of asked) {
    expect({ name, data: withoutTypename(cache.readQuery({ query: document, variables })) }).toEqual({ name, data: withoutTypename(data) })
  }
})

test('one cache of urql keeps the answers of all operations, and none changes another', async () => {
  const client = urqlClient()
  const asked = await answers()
  for (const { document, variables } of asked) await client.query(document, variables, { requestPolicy: 'network-only' }).toPromise()
  for (const { name, document, variables, data } of asked) {
    const kept = await client.query(document, variables, { requestPolicy: 'cache-only' }).toPromise()
    expect({ name, data: withoutTypename(kept.data) }).toEqual({ name, data: withoutTypename(data) })
  }
})

/** Clients ask the root for its type, too. */
function withoutTypename(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data), (key, value: unknown) => (key === '__typename' ? undefined : value))
}

test('what is known of an effect grows by its id, and a list that shows it follows', async () => {
  const client = new ApolloClient({ link: new HttpLink({ uri: `${service.url}/graphql` }), cache: apolloCache() })
  const shown: Read[] = []
  const watch = client.watchQuery({ query: listed })
  const subscription = watch.subscribe(({ data }) => void shown.push(data))
  await until(() => shown.at(-1)?.evidence !== undefined)
  const [first] = shown.at(-1).evidence.edges
  const id = client.cache.identify(first.node)
  expect(id).toBe(`Evidence:${first.node.id}`)

  const { data } = await client.query({ query: found, variables: { id: first.node.id } })
  expect((data as Read).node.slug).toBe(first.node.slug)
  // One record holds what both have asked.
  expect((client.cache.extract() as Read)[id ?? '']).toMatchObject({
    direction: first.node.direction,
    effect: { estimate: first.node.effect.estimate, ciLower: expect.any(Number) },
  })

  client.cache.modify({ id: id ?? '', fields: { slug: () => 'renamed' } })
  await until(() => shown.at(-1).evidence.edges[0].node.slug === 'renamed')
  expect(shown.at(-1).evidence.edges[1].node.slug).not.toBe('renamed')

  await watch.fetchMore({ variables: { after: shown.at(-1).evidence.pageInfo.endCursor } })
  await until(() => shown.at(-1).evidence.edges.length > 3)
  const ids = shown.at(-1).evidence.edges.map(({ node }: Read) => node.id)
  expect([ids.length, new Set(ids).size]).toEqual([6, 6])
  subscription.unsubscribe()
})

test('in urql too, a thing found by its id is the one that lists show, and pages join', async () => {
  const client = urqlClient()
  const { evidence } = (await client.query<Read>(listed, {}).toPromise()).data
  const [{ node }] = evidence.edges
  await client.query(found, { id: node.id }).toPromise()
  // Both selections of one record: answered without asking again only if they were kept as one.
  const both = gql`
    query Both($id: ID!) {
      node(id: $id) {
        __typename
        id
        ... on Evidence {
          slug
          direction
          effect {
            estimate
            ciLower
          }
        }
      }
    }
  `
  const kept = await client.query<Read>(both, { id: node.id }, { requestPolicy: 'cache-only' }).toPromise()
  expect(kept.data?.node).toMatchObject({ id: node.id, direction: node.direction, effect: { estimate: node.effect.estimate } })

  const joined = await client.query<Read>(listed, { after: evidence.pageInfo.endCursor }).toPromise()
  expect(joined.data?.evidence.edges).toHaveLength(6)
})
