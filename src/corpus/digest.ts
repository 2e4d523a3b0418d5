import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Database } from '../database/client.js'
import { engineVersion, release } from '../version.js'

/**
 * Whether the newest import was of these very files, by this release and these formulas: then an import would change nothing, and the files need not be
 * read to know it. What curators accept is imported when they accept it.
 */
export async function holdsFiles({ prisma }: Database, folder: string): Promise<boolean> {
  const newest = await prisma.dataRevision.findFirst({ orderBy: { id: 'desc' } })
  return newest?.filesDigest != null && newest.filesDigest === (await digestOf(folder))
}

/** A digest of the names and bytes of the corpus files, of the release and of the version of the formulas. */
export async function digestOf(folder: string): Promise<string> {
  const names = (await readdir(folder, { recursive: true }).catch(() => [])).filter((name) => name.endsWith('.yaml')).sort()
  const hash = createHash('sha256').update(JSON.stringify([release, engineVersion]))
  for (const name of names) {
    const bytes = await readFile(path.join(folder, name))
    hash.update(`${name} ${bytes.length} `).update(bytes)
  }
  return hash.digest('hex')
}
