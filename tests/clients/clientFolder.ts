import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface ClientFolder {
  readonly path: string
  remove(): Promise<void>
}

/** An empty folder in which the tools of a client write, with our packages at hand as in a project of its own. */
export async function makeClientFolder(): Promise<ClientFolder> {
  const folder = await mkdtemp(path.join(tmpdir(), 'magnesium-client-'))
  await symlink(path.resolve('node_modules'), path.join(folder, 'node_modules'), 'junction')
  return { path: folder, remove: () => rm(folder, { recursive: true, force: true }) }
}
