import { Worker } from 'node:worker_threads'
import { CorpusFaults, type Fault } from './files.js'
import type { CorpusFiles } from './reading.js'

/** What the thread posts. */
export type ReadAhead = { readonly files: CorpusFiles } | { readonly faults: readonly Fault[] }

/**
 * Reads and checks the corpus in a thread of its own, while the caller does something else, such as setting up a database.
 * Compiled code only: a thread cannot load TypeScript.
 *
 * @returns the files, as `readFiles` does; and a function that ends the thread, finished or not
 */
export function readAhead(folder: string): { readonly reading: Promise<CorpusFiles>; readonly stop: () => Promise<void> } {
  const worker = new Worker(new URL('readAhead.worker.js', import.meta.url), { workerData: folder })
  const reading = new Promise<CorpusFiles>((resolve, reject) => {
    worker.once('message', (outcome: ReadAhead) => ('files' in outcome ? resolve(outcome.files) : reject(new CorpusFaults(outcome.faults))))
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the thread that reads the corpus ended before it was done')))
  })
  reading.catch(() => {}) // a start that fails earlier never asks for it
  return { reading, stop: async () => void (await worker.terminate()) }
}
