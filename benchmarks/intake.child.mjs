// One measured run in a process of its own: node benchmarks/intake.child.mjs stage|import <url> <file>
import { createReadStream, statSync } from 'node:fs'
import { saveDrafts } from '../dist/intake/draft.queries.js'
import { armLevelProposals } from '../dist/intake/armLevel.js'
import { knownStudies } from '../dist/intake/armLevel.known.js'
import { stageRows } from '../dist/intake/bulk.staging.js'
import { openDatabase } from '../dist/database/client.js'
import { inTransaction } from '../dist/database/query.js'
import { loadVocabulary } from '../dist/vocabulary/vocabulary.queries.js'

const [mode, url, file] = process.argv.slice(2)
const database = openDatabase({ url, poolSize: 4 })
const bytes = createReadStream(file, { highWaterMark: 1_048_576 })
const phases = {}
const since = performance.now()
const work = mode === 'stage' ? stage() : importAll()
const result = await work
process.stdout.write(`${JSON.stringify({ ...result, peakMiB: Math.round(process.resourceUsage().maxRSS / 1024) })}\n`)
await database.close()

async function stage() {
  return inTransaction(database, async (transaction) => {
    const from = performance.now()
    const { rows } = await stageRows(transaction, bytes, { onBytes: () => {} })
    return { rows, milliseconds: performance.now() - from }
  })
}

async function importAll() {
  const vocabulary = await loadVocabulary(database)
  const getKnown = knownStudies(database, 'prisma/corpus')
  const onStage = ({ doing }) => (phases[doing] ??= performance.now() - since)
  const report = await saveDrafts(database, (transaction) =>
    armLevelProposals(transaction, bytes, { database, vocabulary, getKnown, source: 'bench.csv', onKept: () => {}, bytes: statSync(file).size, onStage }),
  )
  return { counts: report.counts, phases, milliseconds: performance.now() - since }
}
