import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client/core'
import { Client, fetchExchange } from '@urql/core'
import { CriticalityLevel, diff } from '@graphql-inspector/core'
import { buildClientSchema, buildSchema, getIntrospectionQuery, parse, type DocumentNode } from 'graphql'
import { GraphQLClient } from 'graphql-request'
import type { Example } from '../../src/http/examples.js'
import { startService, type Service } from '../support/service.js'
import { makeClientFolder, type ClientFolder } from './clientFolder.js'
import { generateTypes, loadOperations } from './codegen.js'

const operations = await loadOperations()

let service: Service
let folder: ClientFolder
/** The generated documents by their operation's name. */
let documents: Readonly<Record<string, DocumentNode>>
beforeAll(async () => {
  ;[service, folder] = await Promise.all([startService(), makeClientFolder()])
  await generateTypes(folder.path, operations)
  documents = (await import(path.join(folder.path, 'graphql', 'graphql.ts'))) as Readonly<Record<string, DocumentNode>>
})
afterAll(() => Promise.all([service.stop(), folder.remove()]))

type Variables = Record<string, unknown>

/** How each client asks, as its own documentation shows it. */
const clients: Readonly<Record<string, (query: DocumentNode, variables: Variables) => Promise<unknown>>> = {
  'Apollo Client': async (query, variables) => {
    const client = new ApolloClient({ link: new HttpLink({ uri: `${service.url}/graphql` }), cache: new InMemoryCache() })
    return (await client.query({ query, variables })).data
  },
  urql: async (query, variables) => {
    const client = new Client({ url: `${service.url}/graphql`, exchanges: [fetchExchange], preferGetMethod: false })
    const { data, error } = await client.query(query, variables).toPromise()
    if (error) throw error
    return data
  },
  'urql by GET': async (query, variables) => {
    const client = new Client({ url: `${service.url}/graphql`, exchanges: [fetchExchange], preferGetMethod: 'within-url-limit' })
    const { data, error } = await client.query(query, variables).toPromise()
    if (error) throw error
    return data
  },
  'graphql-request': (query, variables) => new GraphQLClient(`${service.url}/graphql`).request(query, variables),
}

/** Clients with a cache ask for every object's type too. */
function withoutTypenames(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data), (key, value: unknown) => (key === '__typename' ? undefined : value))
}

const nameOf = (query: string) => /^query (\w+)/m.exec(query)?.[1] ?? ''

async function variablesOf({ name, variables }: Example): Promise<Variables> {
  if (name !== 'dashboard-synthesis') return variables === undefined ? {} : (JSON.parse(variables) as Variables)
  // The id is that of a row of the summaries, as in a dashboard.
  const { evidenceSummaries } = await service.ask('{ evidenceSummaries(filter: { conditions: ["migraine"] }) { synthesisId } }')
  return { id: evidenceSummaries.find(({ synthesisId }: { synthesisId: string | null }) => synthesisId !== null).synthesisId }
}

test.each(operations)('every client reads the same in $name', async (operation) => {
  const [variables, document] = [await variablesOf(operation), documents[`${nameOf(operation.query)}Document`] ?? parse('')]
  const expected: unknown = await service.ask(operation.query, variables)
  const answers = await Promise.all(Object.entries(clients).map(async ([client, ask]) => ({ client, data: withoutTypenames(await ask(document, variables)) })))
  for (const answer of answers) expect(answer).toEqual({ client: answer.client, data: expected })
  for (const answer of Object.values(expected as object)) expect(answer).not.toBeNull()
})

test('every client tells the code of an error', async () => {
  const query = parse('query Unknown { condition(ref: "migrane") { slug } }')
  const said = await Promise.all(Object.values(clients).map((ask) => ask(query, {}).then(String, (error: unknown) => JSON.stringify(error))))
  for (const error of said) expect(error).toContain('UNKNOWN_TERM')
})

test('a client that asks the service for its schema is told the one that is published', async () => {
  const published = buildSchema(readFileSync('schema/schema.graphql', 'utf8'))
  const served = buildClientSchema(await service.ask(getIntrospectionQuery()))
  const changes = await diff(published, served)
  expect(changes.filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking).map(({ message }) => message)).toEqual([])
})

// Two copies refuse each other's documents; every client and tool brings graphql as a peer.
test('there is one copy of graphql for the service and all its clients', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, unknown> }
  expect(Object.keys(packages).filter((place) => place.endsWith('node_modules/graphql'))).toEqual(['node_modules/graphql'])
})
