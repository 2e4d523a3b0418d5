import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { preset } from '@graphql-codegen/client-preset'
import { codegen } from '@graphql-codegen/core'
import { buildSchema, parse } from 'graphql'
import { loadExamples, type Example } from '../../src/http/examples.js'

/** What docs/typed-clients.md tells a project to set. */
export const codegenSettings = {
  scalars: { Date: 'string', DateTime: 'string', JSON: 'unknown' },
  strictScalars: true,
  useTypeImports: true,
  importExtension: '.js',
} as const // the extension's type is a list of words

/** Every operation that clients are shown: the examples of the playground and those of this folder. */
export async function loadOperations(): Promise<Example[]> {
  return [...(await loadExamples('schema/examples')), ...(await loadExamples('tests/clients/operations'))]
}

/** Writes the typed operations of the client preset into `folder`/graphql, as the command `graphql-codegen` would. */
export async function generateTypes(folder: string, operations: readonly Example[]): Promise<void> {
  const schema = await readFile('schema/schema.graphql', 'utf8')
  const files = await preset.buildGeneratesSection({
    baseOutputDir: `${path.join(folder, 'graphql')}/`,
    schema: parse(schema),
    schemaAst: buildSchema(schema),
    documents: operations.map(({ name, query }) => ({ location: `${name}.graphql`, rawSDL: query, document: parse(query) })),
    config: codegenSettings,
    presetConfig: {},
    plugins: [],
    pluginMap: {},
  })
  await mkdir(path.join(folder, 'graphql'))
  await Promise.all(files.map(async (file) => writeFile(file.filename, await codegen(file))))
}
