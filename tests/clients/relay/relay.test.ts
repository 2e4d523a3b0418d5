import path from 'node:path'
import {
  createOperationDescriptor,
  Environment,
  fetchQuery,
  getFragment,
  getPaginationMetadata,
  getPaginationVariables,
  getRefetchMetadata,
  getRequest,
  getSingularSelector,
  Network,
  RecordSource,
  Store,
  type GraphQLTaggedNode,
  type SingularReaderSelector,
  type Variables,
} from 'relay-runtime'
import { startService, type Service } from '../../support/service.js'
import { makeClientFolder, type ClientFolder } from '../clientFolder.js'
import { compileRelay } from './compile.js'

let [service, folder, artefacts]: [Service?, ClientFolder?, string?] = []
beforeAll(async () => {
  ;[service, folder] = await Promise.all([startService(), makeClientFolder()])
  artefacts = await compileRelay(folder.path)
})
afterAll(() => Promise.all([service?.stop(), folder?.remove()]))

// Relay tells on the console what it finds wrong with an answer: a record of two types, a field that is missing.
const told: unknown[] = []
const { error } = console
beforeAll(() => void (console.error = (...words: unknown[]) => void told.push(words)))
afterEach(() => expect(told.splice(0)).toEqual([]))
afterAll(() => void (console.error = error))

// What Relay reads is as varied as what is asked; tests compare it with what they expect, whole.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Read = any

/** An artefact as the compiler's own `graphql` tag would give it. */
async function artefact(name: string): Promise<GraphQLTaggedNode> {
  return ((await import(path.join(artefacts ?? '', `${name}.graphql.ts`))) as { default: GraphQLTaggedNode }).default
}

/** A store of a page's own, asking the service over HTTP; `texts` are the operations sent. */
function startRelay() {
  const texts: string[] = []
  const network = Network.create(async ({ text }, variables) => {
    texts.push(text ?? '')
    const response = await fetch(`${service?.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: text, variables }),
    })
    return (await response.json()) as Read
  })
  return { environment: new Environment({ network, store: new Store(new RecordSource()) }), texts }
}

type Relay = ReturnType<typeof startRelay>

/** Fetches, and holds what came, as a mounted component does. */
async function fetched({ environment }: Relay, name: string, variables: Variables): Promise<Read> {
  const request = await artefact(name)
  environment.retain(createOperationDescriptor(getRequest(request), variables))
  return fetchQuery(environment, request, variables).toPromise()
}

/** What a component sees of the data that it was given. */
async function seen({ environment }: Relay, fragment: string, reference: Read): Promise<{ data: Read; selector: SingularReaderSelector }> {
  const selector = getSingularSelector(getFragment(await artefact(fragment)), reference)
  if (selector == null) throw new RangeError(`the data hold no ${fragment}`)
  const { data, isMissingData } = environment.lookup(selector)
  expect(isMissingData).toBe(false)
  return { data, selector }
}

/** The next rows, as usePaginationFragment's loadNext and loadPrevious ask for them. */
async function loadMore(relay: Relay, fragment: string, reference: Read, direction: 'forward' | 'backward', count: number): Promise<void> {
  const { data, selector } = await seen(relay, fragment, reference)
  const { paginationRequest, paginationMetadata, connectionPathInFragmentData, identifierField } = getPaginationMetadata(
    getFragment(await artefact(fragment)),
    fragment,
  )
  const { pageInfo } = connectionPathInFragmentData.reduce<Read>((at, key) => at[key], data)
  const cursor: string = direction === 'forward' ? pageInfo.endCursor : pageInfo.startCursor
  const identity = identifierField == null ? {} : { id: selector.dataID }
  const variables = {
    ...getPaginationVariables(direction, count, cursor, { ...selector.owner.variables, ...selector.variables }, {}, paginationMetadata),
    ...identity,
  }
  relay.environment.retain(createOperationDescriptor(getRequest(paginationRequest), variables))
  await fetchQuery(relay.environment, paginationRequest, variables).toPromise()
}

const filter = { conditions: ['depression'] }
const wanted = async (): Promise<string[]> =>
  (await service?.ask('query ($filter: EvidenceFilter) { evidence(filter: $filter, first: 100) { nodes { slug } } }', { filter })).evidence.nodes.map(
    ({ slug }: { slug: string }) => slug,
  )
const slugsOf = async (relay: Relay, page: Read): Promise<string[]> =>
  Promise.all(page.evidence.edges.map(async ({ node }: Read) => (await seen(relay, 'EvidenceTable_row', node)).data.slug as string))

test('a list grows page by page to the whole, in its order', async () => {
  const relay = startRelay()
  const root = await fetched(relay, 'EvidenceTableQuery', { filter, first: 2 })
  let { data } = await seen(relay, 'EvidenceTable_page', root)
  expect(data.evidence.edges).toHaveLength(2)
  for (let pages = 1; data.evidence.pageInfo.hasNextPage && pages < 50; pages += 1) {
    await loadMore(relay, 'EvidenceTable_page', root, 'forward', 3)
    ;({ data } = await seen(relay, 'EvidenceTable_page', root))
  }
  const all = await wanted()
  expect(all.length).toBeGreaterThan(5)
  expect(await slugsOf(relay, data)).toEqual(all)
  expect(data.evidence.totalCount).toBe(all.length)
  expect(relay.texts).toHaveLength(1 + Math.ceil((all.length - 2) / 3))
})

test('a list read from its end grows backwards to the whole', async () => {
  const relay = startRelay()
  const variables = { filter, last: 2 }
  const root = await fetched(relay, 'EvidenceTablePageQuery', variables)
  let { data } = await seen(relay, 'EvidenceTable_page', root)
  for (let pages = 1; data.evidence.pageInfo.hasPreviousPage && pages < 50; pages += 1) {
    await loadMore(relay, 'EvidenceTable_page', root, 'backward', 3)
    ;({ data } = await seen(relay, 'EvidenceTable_page', root))
  }
  expect(await slugsOf(relay, data)).toEqual(await wanted())
})

test('a study is found again by its id, and its effects are paged inside it', async () => {
  const relay = startRelay()
  const { studies } = await service?.ask('{ studies(first: 50) { nodes { id slug evidence(first: 50) { nodes { slug } } } } }')
  const study = studies.nodes.find(({ evidence }: Read) => evidence.nodes.length > 2)
  const { node } = await fetched(relay, 'StudyPageQuery', { id: study.id })
  while ((await seen(relay, 'StudyPage_study', node.study)).data.evidence.pageInfo.hasNextPage) {
    await loadMore(relay, 'StudyPage_study', node.study, 'forward', 2)
  }
  const { data } = await seen(relay, 'StudyPage_study', node.study)
  expect({ slug: data.slug, evidence: data.evidence.edges.map((edge: Read) => edge.node.slug) }).toEqual({
    slug: study.slug,
    evidence: study.evidence.nodes.map((effect: Read) => effect.slug),
  })
  expect(relay.texts[1]).toContain('node(id: $id)')
})

test('a fragment of an effect is refetched through node, into the record that lists already show', async () => {
  const relay = startRelay()
  const root = await fetched(relay, 'EvidenceTableQuery', { filter, first: 1 })
  const { data } = await seen(relay, 'EvidenceTable_page', root)
  const [{ node: effect }] = data.evidence.edges
  const { refetchableRequest } = getRefetchMetadata(getFragment(await artefact('StudyPage_details')), 'StudyPage_details')
  const refetched = (await fetchQuery(relay.environment, refetchableRequest, { id: effect.id }).toPromise()) as Read
  const details = await seen(relay, 'StudyPage_details', refetched.node)
  expect(details.selector.dataID).toBe(effect.id)
  expect(details.data).toMatchObject({ slug: (await seen(relay, 'EvidenceTable_row', effect)).data.slug, derivation: expect.anything() })
})

test('every list of the API is a connection to Relay', async () => {
  const data = await fetched(startRelay(), 'ListsQuery', {})
  for (const list of Object.values<Read>(data)) {
    expect(list.edges).toHaveLength(3)
    expect(list.pageInfo).toEqual({ endCursor: expect.any(String), hasNextPage: expect.any(Boolean) })
  }
})
