import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { engineVersion, release } from '../version.js'
import { CorpusFaults, readCorpus, type Corpus } from './files.js'
import { crossFileFaults } from './rules.js'

/** The corpus files, read and checked. */
export interface CorpusFiles {
  /** Taken before the files were read: if they change meanwhile, the next start reads them again. */
  readonly digest: string
  readonly corpus: Corpus
}

/** @throws {CorpusFaults} if a value of a file, or a reference between files, is wrong */
export async function readFiles(folder: string): Promise<CorpusFiles> {
  return { digest: await digestOf(folder), corpus: await validCorpus(folder) }
}

/** @throws {CorpusFaults} as `readFiles` */
export async function validCorpus(folder: string): Promise<Corpus> {
  const { corpus, faults } = await readCorpus(folder)
  // References into a file that could not be read would only repeat its fault.
  const all = faults.length > 0 ? faults : crossFileFaults(corpus)
  if (all.length > 0) throw new CorpusFaults(all)
  return corpus
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
