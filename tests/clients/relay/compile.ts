import { execFile } from 'node:child_process'
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import compiler from 'relay-compiler'

/** What docs/typed-clients.md tells a project to set. */
export const relaySettings = {
  src: './src',
  schema: './schema.graphql',
  language: 'typescript',
  artifactDirectory: './src/__generated__',
  eagerEsModules: true,
  requireCustomScalarTypes: true,
  customScalarTypes: { Date: 'string', DateTime: 'string', JSON: 'unknown' },
}

/**
 * Compiles the modules of this folder against the committed schema, as a project that uses Relay would.
 *
 * @returns where the artefacts are
 * @throws {Error} with what the compiler says, where it refuses an operation
 */
export async function compileRelay(folder: string): Promise<string> {
  if (compiler === null) throw new RangeError(`relay-compiler has no binary for ${process.platform} on ${process.arch}`)
  const artefacts = path.join(folder, 'src', '__generated__')
  await mkdir(artefacts, { recursive: true })
  const modules = (await readdir('tests/clients/relay')).filter((file) => /^[A-Z]\w*\.ts$/.test(file))
  await Promise.all(modules.map((file) => copyFile(path.join('tests/clients/relay', file), path.join(folder, 'src', file))))
  await copyFile('schema/schema.graphql', path.join(folder, 'schema.graphql'))
  await writeFile(path.join(folder, 'relay.config.json'), JSON.stringify({ ...relaySettings, noSourceControl: true }))
  await promisify(execFile)(compiler, ['relay.config.json'], { cwd: folder }).catch(({ stdout, stderr }: { stdout: string; stderr: string }) => {
    throw new Error(`relay-compiler refused:\n${stdout}${stderr}`)
  })
  return artefacts
}
