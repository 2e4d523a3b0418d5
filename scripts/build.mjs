// Brings src/generated (Prisma's client, the operations of the dashboard and of assistants) and dist (compiled src, the dashboard's bundle in dist/web) up to date,
// and does nothing where they are. With --client it sees to Prisma's client alone, which is all that tests without a database need; with --server to
// all but the operations and the dashboard, which may ask for fields that the schema is still to be written with.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const source = path.join(root, 'src')
const webSource = path.join(source, 'web')
const output = path.join(root, 'dist')
const generatedClient = path.join(source, 'generated', 'prisma', 'client.ts')
const stampFile = path.join(output, '.build.json')
/** What the generated client was made from; beside it, not in `dist`, which is replaced as a whole. */
const clientStampFile = path.join(source, 'generated', 'prisma.digest')
/** The operations that assistants' tools run, and what their types were made from. */
const toolSource = path.join(source, 'mcp')
const toolStampFile = path.join(source, 'generated', 'mcp.digest')
const require = createRequire(import.meta.url)

/** The same as in jest.config.js, for the same classes in both. */
const compilerOptions = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: false, useDefineForClassFields: false },
    target: 'es2022',
  },
  module: { type: 'es6' },
  sourceMaps: true,
  swcrc: false,
}

export const build = () => bringUpToDate({ needsOperations: true })
const buildServer = () => bringUpToDate({ needsOperations: false })

async function bringUpToDate({ needsOperations }) {
  const stamp = await readFile(stampFile, 'utf8')
    .then(JSON.parse)
    .catch(() => ({}))
  const own = await readFile(fileURLToPath(import.meta.url), 'utf8')
  const client = await buildClient()
  const tools = needsOperations ? await buildToolOperations() : await readFile(toolStampFile, 'utf8').catch(() => '')
  const sources = digest([own, client, tools, require('@swc/core/package.json').version, ...(await named(await serverFiles()))])
  const isBundled = existsSync(path.join(output, 'web')) && existsSync(path.join(source, 'generated', 'web'))
  // An older bundle stays with its own stamp, so that the next whole build replaces it.
  const web = needsOperations ? digest([own, ...(await named(await webFiles()))]) : stamp.web
  const webStands = isBundled && stamp.web === web
  if (stamp.sources !== sources || (needsOperations && !webStands))
    await compile({ sources, web }, { keepsWeb: webStands, bundlesWeb: needsOperations && !webStands })
}

/** @returns the digest of what Prisma's client is made from */
async function buildClient() {
  const own = await readFile(fileURLToPath(import.meta.url), 'utf8')
  const client = digest([own, await readFile(path.join(root, 'prisma', 'schema.prisma'), 'utf8'), require('prisma/package.json').version])
  const made = await readFile(clientStampFile, 'utf8').catch(() => null)
  if (made !== client || !existsSync(generatedClient)) {
    await generateClient()
    await writeFile(clientStampFile, client)
  }
  return client
}

/** @returns the digest of what the typed operations of assistants' tools are made from */
async function buildToolOperations() {
  const operations = (await filesUnder(toolSource)).filter((file) => file.endsWith('.graphql'))
  const beside = ['scripts/operations.mjs', 'schema/schema.graphql', 'package.json'].map((file) => path.join(root, file))
  const tools = digest(await named([...beside, ...operations]))
  const made = await readFile(toolStampFile, 'utf8').catch(() => null)
  if (made !== tools || !existsSync(path.join(source, 'generated', 'mcp'))) {
    const { generateOperations } = await import('./operations.mjs')
    await generateOperations(root, 'mcp')
    await writeFile(toolStampFile, tools)
  }
  return tools
}

function digest(parts) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${part.length} `).update(part)
  return hash.digest('hex')
}

async function filesUnder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
}

/** What runs in the service's process. */
async function serverFiles() {
  const ofBrowsers = [webSource, path.join(source, 'generated', 'web')].map((folder) => `${folder}${path.sep}`)
  return (await filesUnder(source)).filter((file) => !/\.(d\.ts|digest|graphql)$/.test(file) && !ofBrowsers.some((folder) => file.startsWith(folder)))
}

/** What the bundle is made of; its packages are as package.json pins them. */
async function webFiles() {
  const beside = ['scripts/web.mjs', 'scripts/operations.mjs', 'vite.config.ts', 'schema/schema.graphql', 'package.json'].map((file) => path.join(root, file))
  return [...beside, ...(await filesUnder(webSource)), ...(await filesUnder(path.join(source, 'plots')))]
}

/** Each file's name and content. */
async function named(files) {
  const contents = await Promise.all(files.map((file) => readFile(file)))
  return files.flatMap((file, index) => [path.relative(root, file), contents[index]])
}

/**
 * Generating calls no schema engine, yet Prisma downloads one before it looks, from a host that many networks do not
 * reach; any file that can be executed satisfies it.
 */
async function generateClient() {
  console.error('generating the database client …')
  await promisify(execFile)(process.execPath, [require.resolve('prisma/build/index.js'), 'generate'], {
    cwd: root,
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' },
  }).catch((error) => {
    throw new Error(`prisma generate failed:\n${error.stdout ?? ''}${error.stderr ?? error.message}`)
  })
}

/** Into a new folder that takes the old one's place at the end, so that an interrupted build leaves none half done. */
async function compile(stamp, { keepsWeb, bundlesWeb }) {
  console.error('compiling …') // standard output belongs to the command that is built for
  const { transformFile } = await import('@swc/core')
  const fresh = `${output}.new-${process.pid}`
  await rm(fresh, { recursive: true, force: true })
  try {
    for (const file of await serverFiles()) await compileFile(transformFile, path.relative(source, file), fresh)
    if (keepsWeb) await cp(path.join(output, 'web'), path.join(fresh, 'web'), { recursive: true })
    if (bundlesWeb) await bundleWeb(path.join(fresh, 'web'))
    await writeFile(path.join(fresh, path.basename(stampFile)), JSON.stringify(stamp))
    await takePlace(fresh, output)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}

async function bundleWeb(folder) {
  console.error('bundling the dashboard …')
  const { buildWeb } = await import('./web.mjs')
  await buildWeb(root, folder)
}

/** Where two builds run at once, the later one stands. */
async function takePlace(fresh, place) {
  const old = `${place}.old-${process.pid}`
  for (let attempt = 1; ; attempt += 1) {
    await rename(place, old).catch(ignoring('ENOENT'))
    await rm(old, { recursive: true, force: true })
    try {
      return await rename(fresh, place)
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST'].includes(error.code) || attempt === 5) throw error
    }
  }
}

function ignoring(code) {
  return (error) => {
    if (error.code !== code) throw error
  }
}

async function compileFile(transformFile, file, folder) {
  const target = path.join(folder, file)
  await mkdir(path.dirname(target), { recursive: true })
  if (!file.endsWith('.ts')) return copyFile(path.join(source, file), target)
  const compiled = target.replace(/\.ts$/, '.js')
  const { code, map } = await transformFile(path.join(source, file), compilerOptions)
  await writeFile(compiled, `${code}//# sourceMappingURL=${path.basename(compiled)}.map\n`)
  await writeFile(`${compiled}.map`, map)
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const work = process.argv.includes('--client') ? buildClient : process.argv.includes('--server') ? buildServer : build
  await work().catch((error) => {
    console.error(error.message)
    process.exitCode = 1
  })
}
