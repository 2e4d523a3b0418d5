// Builds the dashboard: types of its operations into src/generated/web, then the bundle.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** Of the dashboard's own operations; the same as docs/typed-clients.md tells a project to set. */
const codegenSettings = { scalars: { Date: 'string', DateTime: 'string', JSON: 'unknown' }, strictScalars: true, useTypeImports: true, importExtension: '.js' }

/**
 * @param root the repository
 * @param outDir where the bundle goes
 */
export async function buildWeb(root, outDir) {
  await generateOperations(root)
  const { build } = await import('vite')
  await build({ root: path.join(root, 'src/web'), configFile: path.join(root, 'vite.config.ts'), logLevel: 'warn', build: { outDir } })
}

/** Every .graphql file under src/web as typed documents. */
export async function generateOperations(root) {
  const [{ preset }, { codegen }, { buildSchema, parse }] = await Promise.all([
    import('@graphql-codegen/client-preset'),
    import('@graphql-codegen/core'),
    import('graphql'),
  ])
  const schema = ofWholeAnswers(await readFile(path.join(root, 'schema/schema.graphql'), 'utf8'))
  const folder = path.join(root, 'src/web')
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.graphql')).sort()
  const documents = await Promise.all(
    names.map(async (location) => {
      const rawSDL = await readFile(path.join(folder, location), 'utf8')
      return { location, rawSDL, document: parse(rawSDL) }
    }),
  )
  const target = path.join(root, 'src/generated/web')
  const files = await preset.buildGeneratesSection({
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
  for (const file of files) await writeFile(file.filename, await codegen(file))
}

/** Fields of the root that are null without an error: look-ups of one thing. */
const lookUps = ['node', 'study', 'claim', 'condition', 'form', 'outcome', 'treatment']

/** The schema as the pages meet it: they show data only of answers without errors, where no other field of the root is null. */
function ofWholeAnswers(schema) {
  return schema.replace(/^type Query \{\n[^]*?^\}/m, (query) =>
    query.replace(/^ {2}(?:(\w+)(\([^]*?^ {2}\))?: (\[?\w+!?\]?))$/gm, (field, name) => (lookUps.includes(name) ? field : `${field}!`)),
  )
}
