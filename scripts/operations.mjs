// Types of the operations that parts of this repository ask of the API.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** The same as docs/typed-clients.md tells a project to set. */
const codegenSettings = { scalars: { Date: 'string', DateTime: 'string', JSON: 'unknown' }, strictScalars: true, useTypeImports: true, importExtension: '.js' }

/**
 * Writes every .graphql file of a folder under src as typed documents, in the folder of the same name under src/generated.
 *
 * @param root the repository
 * @param name 'web' or 'mcp'
 */
export async function generateOperations(root, name) {
  const [{ preset }, { codegen }, { buildSchema, parse }] = await Promise.all([
    import('@graphql-codegen/client-preset'),
    import('@graphql-codegen/core'),
    import('graphql'),
  ])
  const schema = ofWholeAnswers(await readFile(path.join(root, 'schema/schema.graphql'), 'utf8'))
  const folder = path.join(root, 'src', name)
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.graphql')).sort()
  const documents = await Promise.all(
    files.map(async (location) => {
      const rawSDL = await readFile(path.join(folder, location), 'utf8')
      return { location, rawSDL, document: parse(rawSDL) }
    }),
  )
  const target = path.join(root, 'src/generated', name)
  const generated = await preset.buildGeneratesSection({
    baseOutputDir: `${target}/`,
    schema: parse(schema),
    schemaAst: buildSchema(schema),
    documents,
    config: codegenSettings,
    presetConfig: { fragmentMasking: false },
    plugins: [],
    pluginMap: {},
  })
  await rm(target, { recursive: true, force: true })
  await mkdir(target, { recursive: true })
  for (const file of generated) await writeFile(file.filename, await codegen(file))
}

/** Fields of the root that are null without an error: look-ups of one thing. */
const lookUps = ['node', 'study', 'claim', 'condition', 'form', 'outcome', 'treatment', 'instrument']

/** The schema as clients in this repository meet it: they use data only of answers without errors, where no other field of the root is null. */
function ofWholeAnswers(schema) {
  return schema.replace(/^type Query \{\n[^]*?^\}/m, (query) =>
    query.replace(/^ {2}(?:(\w+)(\([^]*?^ {2}\))?: (\[?\w+!?\]?))$/gm, (field, name) => (lookUps.includes(name) ? field : `${field}!`)),
  )
}
