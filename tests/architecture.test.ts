import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/**
 * Which folder of src may import which; a folder may always import itself. Features form a one-way chain, vocabulary ←
 * study ← evidence ← claim; technical folders are used by several features and know none.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  statistics: [],
  generated: [],
  database: ['generated', 'startupError'],
  graphql: ['database', 'errors'],
  // Who changed what: used by whatever changes something.
  audit: ['database', 'generated'],
  // Keys of callers.
  keys: ['audit', 'http', 'database', 'generated'],
  http: ['database', 'graphql', 'errors', 'version'],
  vocabulary: ['database', 'generated', 'graphql', 'errors', 'grouping'],
  study: ['vocabulary', 'database', 'generated', 'graphql', 'errors', 'grouping'],
  evidence: ['study', 'vocabulary', 'statistics', 'database', 'generated', 'graphql', 'errors', 'grouping'],
  synthesis: [
    'canonical',
    'http',
    'plots',
    'evidence',
    'study',
    'vocabulary',
    'statistics',
    'database',
    'generated',
    'graphql',
    'errors',
    'grouping',
    'spreadsheet',
    'version',
  ],
  summary: ['synthesis', 'evidence', 'study', 'vocabulary', 'statistics', 'database', 'generated', 'graphql', 'errors', 'grouping', 'version'],
  // What a reader is told of a condition: sentences and tables made from summaries.
  findings: [
    'http',
    'plots',
    'summary',
    'synthesis',
    'evidence',
    'study',
    'vocabulary',
    'database',
    'generated',
    'graphql',
    'errors',
    'grouping',
    'spreadsheet',
    'version',
  ],
  // The dashboard: runs in browsers, and asks the API like everybody.
  web: ['generated', 'plots', 'grouping'],
  // Draws plain data; knows no feature.
  plots: ['statistics'],
  claim: ['evidence', 'study', 'vocabulary', 'database', 'generated', 'graphql', 'errors', 'grouping'],
  search: ['claim', 'evidence', 'study', 'vocabulary', 'database', 'generated', 'graphql', 'errors', 'grouping'],
  // Counts and times what the others do.
  telemetry: ['http', 'replicas', 'graphql', 'database', 'errors', 'version'],
  backup: ['database'],
  dataset: ['database', 'graphql', 'errors', 'version'],
  // What is new: what imports changed, and which conclusions moved by it.
  changes: [
    'plots',
    'node.graphql',
    'summary',
    'dataset',
    'evidence',
    'synthesis',
    'http',
    'vocabulary',
    'database',
    'generated',
    'graphql',
    'errors',
    'grouping',
    'version',
  ],
  // Where requests read.
  replicas: ['dataset', 'database', 'graphql'],
  // Formats of reference managers: plain data in and out.
  references: ['study'],
  download: ['spreadsheet', 'dataset', 'http', 'references', 'evidence', 'study', 'vocabulary', 'database', 'generated', 'graphql', 'errors', 'version'],
  // Tools of assistants: ask the API like everybody.
  mcp: ['generated', 'http', 'graphql', 'errors', 'version'],
  federation: ['node.graphql', 'claim', 'synthesis', 'evidence', 'study', 'vocabulary', 'graphql', 'errors', 'grouping'],
  // Takes files of others, and what others serve, as drafts.
  intake: [
    'audit',
    'http',
    'canonical',
    'corpus',
    'references',
    'claim',
    'evidence',
    'study',
    'vocabulary',
    'statistics',
    'database',
    'generated',
    'graphql',
    'errors',
    'spreadsheet',
    'version',
  ],
  // Reads files into the database by the features' rules, without GraphQL.
  corpus: ['audit', 'changes', 'claim', 'evidence', 'study', 'vocabulary', 'statistics', 'database', 'generated', 'grouping', 'version'],
}

/** The modules directly under src: what the features share imports none of them, and what joins everything may import all. */
const shared = ['canonical', 'errors', 'grouping', 'spreadsheet', 'startupError', 'version']
const joining = ['answering', 'cli', 'config', 'main', 'node.graphql', 'openapi', 'provision', 'schema', 'serve', 'service']

interface Source {
  readonly file: string
  /** Its folder under src, or its own name where it stands directly there. */
  readonly room: string
  readonly imports: readonly { readonly specifier: string; readonly room: string | null }[]
}

const root = path.resolve('src')
const roomOf = (file: string) => {
  const [first = '', ...rest] = path.relative(root, file).split(path.sep)
  if (rest.length > 0) return first
  // One file a command.
  return first.startsWith('cli.') ? 'cli' : first.replace(/\.(ts|js)$/, '')
}
const sources: Source[] = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => path.join(entry.parentPath, entry.name))
  .map((file) => ({
    file: path.relative('.', file),
    room: roomOf(file),
    imports: [...readFileSync(file, 'utf8').matchAll(/\b(?:from |import |import\()'([^'\n]+)'/g)].map(([, specifier = '']) => ({
      specifier,
      room: specifier.startsWith('.') ? roomOf(path.resolve(path.dirname(file), specifier)) : null,
    })),
  }))
const ours = sources.filter(({ room }) => room !== 'generated')

test('every folder and module of src has its rule', () => {
  expect([...new Set(sources.map(({ room }) => room))].filter((room) => !(room in mayImport) && !shared.includes(room) && !joining.includes(room))).toEqual([])
})

test.each(ours.filter(({ room }) => room in mayImport))('$file imports only what its folder may', ({ room, imports }) => {
  const others = imports.flatMap((imported) => (imported.room === null || imported.room === room ? [] : [imported.room]))
  expect(others.filter((other) => !mayImport[room]?.includes(other))).toEqual([])
})

test.each(ours.filter(({ room }) => shared.includes(room)))('$file, used by every feature, uses none', ({ imports }) => {
  expect(imports.filter(({ room }) => room !== null && !shared.includes(room))).toEqual([])
})

// The polyfill that type-graphql reads must be there before any decorator runs, whoever is imported first.
test('type-graphql comes through one module only', () => {
  expect(ours.filter(({ imports }) => imports.some(({ specifier }) => specifier === 'type-graphql')).map(({ file }) => file)).toEqual([
    'src/graphql/decorators.ts',
  ])
})

test('decorators stand only where types, resolvers and filters are declared', () => {
  const decorated = ours.filter(({ file }) => /^\s*@[A-Z]\w*\(/m.test(readFileSync(file, 'utf8')))
  expect(decorated.map(({ file }) => file).filter((file) => !/\.(graphql|filter)\.ts$/.test(file) && !file.startsWith('src/graphql/'))).toEqual([])
})

// Two copies of graphql refuse each other's types when the service runs.
test.each(['type-graphql', '@apollo/server', 'graphql-scalars'])('%s uses the same copy of graphql as we do', (name) => {
  const here = createRequire(import.meta.url)
  expect(createRequire(here.resolve(name)).resolve('graphql')).toBe(here.resolve('graphql'))
})

// Commands and starts do without the protocol of assistants: it is loaded when somebody asks it.
test('the SDK of the Model Context Protocol is loaded by what answers it alone', () => {
  const sdk = /^@modelcontextprotocol\//
  const importing = (pattern: RegExp) => ours.filter(({ imports }) => imports.some(({ specifier }) => pattern.test(specifier))).map(({ file }) => file)
  expect(importing(sdk).filter((file) => !file.startsWith('src/mcp/'))).toEqual([])
  const eager = (file: string) => readFileSync(file, 'utf8').match(/^(?:import|export) (?!type ).*from '.*'/gm) ?? []
  const loaded = new Set<string>()
  for (const next = ['src/main.ts', 'src/cli.ts', 'src/answering.ts', 'src/service.ts']; next.length > 0;) {
    const file = next.pop() ?? ''
    if (loaded.has(file) || !existsSync(file)) continue
    loaded.add(file)
    for (const line of eager(file)) {
      const [, specifier = ''] = /from '(.*)'/.exec(line) ?? []
      expect([file, sdk.test(specifier)]).toEqual([file, false])
      if (specifier.startsWith('.')) next.push(path.join(path.dirname(file), specifier).replace(/\.js$/, '.ts'))
    }
  }
  expect(loaded).toContain(path.join('src', 'mcp', 'mcp.http.ts'))
})

// A second way to the data would have limits, units and rules of its own.
test('tools of assistants have no way to the data but operations of the API', () => {
  const generated = ours.filter(({ room }) => room === 'mcp').flatMap(({ imports }) => imports.filter(({ room }) => room === 'generated'))
  expect(generated.length).toBeGreaterThan(5)
  expect(generated.map(({ specifier }) => specifier).filter((specifier) => !specifier.endsWith('generated/mcp/graphql.js'))).toEqual([])
})
