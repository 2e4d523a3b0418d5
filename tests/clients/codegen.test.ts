import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { makeClientFolder, type ClientFolder } from './clientFolder.js'
import { codegenSettings, generateTypes, loadOperations } from './codegen.js'
import { relaySettings } from './relay/compile.js'

let folder: ClientFolder
beforeAll(async () => {
  folder = await makeClientFolder()
  await generateTypes(folder.path, await loadOperations())
})
afterAll(() => folder.remove())

/** A project's settings, as strict as they come. */
const tsconfig = {
  compilerOptions: {
    target: 'es2022',
    module: 'nodenext',
    lib: ['es2023', 'dom'],
    strict: true,
    noUncheckedIndexedAccess: true,
    isolatedModules: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
    noEmit: true,
    types: [],
  },
  include: ['*.ts', 'graphql/*.ts'],
}

/** Code of a project that asks with each client; what must not compile stands under @ts-expect-error. */
const consumer = `
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client/core'
import { Client, fetchExchange } from '@urql/core'
import { request } from 'graphql-request'
import { useFragment } from './graphql/index.js'
import { DashboardSummariesDocument, EffectRowFragmentDoc, EvidencePageDocument, StudyByDoiDocument, type CertaintyLevel } from './graphql/graphql.js'

const url = 'http://localhost:4000/graphql'
const apollo = new ApolloClient({ link: new HttpLink({ uri: url }), cache: new InMemoryCache() })
const urql = new Client({ url, exchanges: [fetchExchange], preferGetMethod: false })

export async function ask(): Promise<number | null | undefined> {
  const variables = { filter: { conditions: ['migraine'], designs: ['RCT_PARALLEL' as const], participants: { gte: 20 } } }
  const { data } = await apollo.query({ query: EvidencePageDocument, variables })
  const { data: same } = await urql.query(EvidencePageDocument, variables).toPromise()
  const again = await request(url, EvidencePageDocument, variables)
  const rows = useFragment(EffectRowFragmentDoc, again.evidence?.edges.map(({ node }) => node) ?? [])
  const total: number | undefined = (data ?? same)?.evidence?.totalCount
  // @ts-expect-error an effect may have no estimate, and says why
  const estimate: number = rows[0]?.effect.estimate ?? null
  return total ?? rows[0]?.effect.estimate ?? estimate
}

export async function certainty(): Promise<CertaintyLevel | undefined> {
  const { evidenceSummaries } = await request(url, DashboardSummariesDocument, { filter: { text: 'sleep' } })
  // @ts-expect-error the document does not ask for i2
  evidenceSummaries?.[0]?.i2
  return evidenceSummaries?.[0]?.certainty?.level
}

export async function title(): Promise<string | undefined> {
  // @ts-expect-error a study is asked for by its DOI
  await request(url, StudyByDoiDocument, {})
  // @ts-expect-error there is no such design
  await request(url, EvidencePageDocument, { filter: { designs: ['ANECDOTE'] } })
  return (await request(url, StudyByDoiDocument, { doi: '10.1371/journal.pone.0180067' })).study?.title
}
`

test('what the client preset generates compiles, with every client, and refuses what the schema does not hold', async () => {
  await writeFile(path.join(folder.path, 'tsconfig.json'), JSON.stringify(tsconfig))
  await writeFile(path.join(folder.path, 'package.json'), JSON.stringify({ type: 'module' }))
  await writeFile(path.join(folder.path, 'consumer.ts'), consumer)
  const said = await new Promise((resolve) =>
    execFile(process.execPath, [path.resolve('node_modules/typescript/bin/tsc'), '--project', folder.path], (_, stdout, stderr) => resolve(stdout + stderr)),
  )
  expect(said).toBe('')
})

test('every operation has a document, and no scalar is left to guess', async () => {
  const generated = await readFile(path.join(folder.path, 'graphql', 'graphql.ts'), 'utf8')
  const names = (await loadOperations()).map(({ query }) => /^query (\w+)/m.exec(query)?.[1])
  expect(names.filter((name) => !generated.includes(`export const ${name}Document = `))).toEqual([])
  expect(generated.match(/[:<|] *any\b.*/g)).toBeNull()
})

test('docs/typed-clients.md tells projects to set what was set here', async () => {
  const docs = await readFile('docs/typed-clients.md', 'utf8')
  const said = [...docs.matchAll(/```json\n([^]*?)```/g)].map(([, text = '']) => JSON.parse(text) as unknown)
  expect(said).toContainEqual(relaySettings)
  expect(said).toContainEqual(expect.objectContaining({ generates: { 'src/graphql/': { preset: 'client', config: codegenSettings } } }))
})
