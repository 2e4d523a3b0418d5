import { digestOf } from './digest.js'
import { CorpusFaults, readCorpus, type Corpus } from './files.js'
import { crossFileFaults } from './rules.js'

/** The corpus files, read at one time. */
export interface CorpusFiles {
  /** Taken before the files were read: if they change meanwhile, the next start reads them again. */
  readonly digest: string
  readonly corpus: Corpus
  /** Whether the rules that hold across files were applied. */
  readonly isChecked: boolean
  /** Whether they come from the database, which keeps those of the newest import. */
  readonly isKept?: boolean
}

/** @throws {CorpusFaults} if anything in the files is wrong */
export async function readFiles(folder: string): Promise<CorpusFiles> {
  return { digest: await digestOf(folder), corpus: await validCorpus(folder), isChecked: true }
}

/** The files for a caller that applies the rules itself. @throws {CorpusFaults} if a file has not the shape of its kind */
export async function readUnchecked(folder: string): Promise<CorpusFiles> {
  return { digest: await digestOf(folder), corpus: await readableCorpus(folder), isChecked: false }
}

/** @throws {CorpusFaults} if anything in the files is wrong */
export async function validCorpus(folder: string): Promise<Corpus> {
  const corpus = await readableCorpus(folder)
  const faults = crossFileFaults(corpus)
  if (faults.length > 0) throw new CorpusFaults(faults)
  return corpus
}

/**
 * The corpus without the rules that hold across files; references into a file that could not be read would only repeat its fault.
 *
 * @throws {CorpusFaults} if a file has not the shape of its kind
 */
export async function readableCorpus(folder: string): Promise<Corpus> {
  const { corpus, faults } = await readCorpus(folder)
  if (faults.length > 0) throw new CorpusFaults(faults)
  return corpus
}
