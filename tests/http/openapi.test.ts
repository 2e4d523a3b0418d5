import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { registerFeed } from '../../src/changes/feed.http.js'
import { openApi, registerOpenApi } from '../../src/openapi.js'
import { registerCuration } from '../../src/intake/curation.http.js'
import { registerDownloads } from '../../src/download/downloads.http.js'
import { registerFindings } from '../../src/findings/findings.http.js'
import { registerMcp } from '../../src/mcp/mcp.http.js'
import { registerPlots } from '../../src/synthesis/plots.http.js'
import { contextSource } from '../../src/replicas/contextSource.js'
import { Replicas } from '../../src/replicas/replicas.js'
import { buildServiceSchema } from '../../src/schema.js'
import { createMetrics } from '../../src/telemetry/metrics.js'
import { registerMetrics } from '../../src/telemetry/metrics.http.js'
import { startService, type Service } from '../support/service.js'

type Paths = Readonly<
  Record<
    string,
    Readonly<
      Record<
        string,
        { readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema?: { readonly enum?: readonly string[] } }[] }
      >
    >
  >
>
const described = openApi('/magnesium') as { paths: Paths; servers: unknown } // as it was written

let service: Service
const routes = new Set<string>()
beforeAll(async () => {
  service = await startService((database) => ({
    onRoute: ({ method, url }) => {
      for (const one of [method].flat())
        // Answers of HEAD are those of GET; OPTIONS are browsers' questions.
        if (!['HEAD', 'OPTIONS'].includes(one)) routes.add(`${one} ${url.startsWith('/assets/') ? '/assets/{file}' : url.replace(/:(\w+)/g, '{$1}')}`)
    },
    // As src/service.ts does.
    addRoutes: (app, askFor) => {
      const [schema, contextFor] = [buildServiceSchema(), contextSource(new Replicas(database))]
      registerMetrics(app, createMetrics({ ofProcess: false }))
      registerPlots(app, { schema, contextFor })
      registerFeed(app, { contextFor })
      registerFindings(app, { contextFor })
      registerDownloads(app, { schema, contextFor })
      registerMcp(app, { askFor, basePath: '/magnesium', corsOrigins: '*' })
      registerOpenApi(app, '/magnesium')
      registerCuration(app, { database, folder: 'prisma/corpus' })
    },
  }))
})
afterAll(() => service?.stop())

// spec.openapis.org/oas/3.1: its own schema.
test('the description is one by the schema of OpenAPI 3.1', () => {
  const schema = JSON.parse(readFileSync('tests/fixtures/openapi/schema-3.1.json', 'utf8')) as object
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema)
  expect(validate(described) ? [] : validate.errors).toEqual([])
  expect(validate({ ...described, paths: { '/x': { get: { responses: { 200: {} } } } } })).toBe(false)
})

test('every route is described, and nothing else', () => {
  const operations = Object.entries(described.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
  expect(operations.sort()).toEqual([...routes].sort())
})

test('every part of a path is a parameter, and operations have names of their own', () => {
  const ids: unknown[] = []
  for (const [path, methods] of Object.entries(described.paths))
    for (const operation of Object.values(methods)) {
      ids.push((operation as { operationId?: string }).operationId)
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      expect([path, (operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map(({ name }) => name)]).toEqual([path, named])
    }
  expect(new Set(ids).size).toBe(ids.length)
})

test.each(['/download/{file}', '/plots/{file}'])('every file of %s is there', async (path) => {
  const files = described.paths[path]?.['get']?.parameters?.find(({ name }) => name === 'file')?.schema?.enum ?? []
  expect(files.length).toBeGreaterThan(8)
  for (const file of files) {
    // Without a filter a plot is refused for what it lacks, never for its name.
    const { status } = await fetch(`${service.url}${path.replace('{file}', file)}`, { method: 'HEAD' })
    expect([file, status]).not.toEqual([file, 404])
  }
})

test('it is served', async () => {
  expect(await (await fetch(`${service.url}/openapi.json`)).json()).toEqual(JSON.parse(JSON.stringify(described)))
  expect(described.servers).toEqual([{ url: '/magnesium' }])
})
