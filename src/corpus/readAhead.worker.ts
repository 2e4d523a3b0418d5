// A thread that reads and checks the corpus: posts its files, or what is wrong with them.
import { parentPort, workerData } from 'node:worker_threads'
import { CorpusFaults } from './files.js'
import type { ReadAhead } from './readAhead.js'
import { readFiles } from './reading.js'

const outcome: ReadAhead = await readFiles(workerData as string).then(
  (files) => ({ files }),
  (error: unknown) => {
    if (error instanceof CorpusFaults) return { faults: error.faults }
    throw error
  },
)
parentPort?.postMessage(outcome)
