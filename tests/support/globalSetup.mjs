// One Postgres for the whole run: embedded in a temporary folder, or the server at TEST_DATABASE_URL. A template
// database in it is migrated and filled with the corpus once; each test file works on a clone (see database.ts).
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from '../../scripts/build.mjs'

// For a data set that is thrown away, safety on a power cut only costs time.
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200', shared_buffers: '128MB' }

export default async function setUp() {
  await build()
  const { startEmbedded } = await import('../../dist/database/embedded.js')
  const { createDatabase, databaseUrl } = await import('../../dist/database/administration.js')
  const given = process.env.TEST_DATABASE_URL
  const folder = given ? undefined : await mkdtemp(path.join(tmpdir(), 'magnesium-evidence-test-'))
  const postgres = folder && (await startEmbedded({ folder: path.join(folder, 'postgres'), settings }))
  const stop = async () => {
    await postgres?.stop()
    if (folder) await rm(folder, { recursive: true, force: true })
  }
  globalThis.stopTestServer = stop
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop().finally(() => process.exit(1)))
  try {
    const server = given ?? postgres.url
    const template = `template_${process.pid}`
    await createDatabase(server, template)
    process.env.TEST_SERVER_URL = server
    process.env.TEST_TEMPLATE = template
    await fill(databaseUrl(server, template))
  } catch (error) {
    await stop()
    throw error
  }
}

async function fill(url) {
  const { migrate } = await import('../../dist/database/migrate.js')
  const { openDatabase } = await import('../../dist/database/client.js')
  const { importCorpus } = await import('../../dist/corpus/import.js')
  await migrate(url)
  const database = openDatabase({ url })
  try {
    await importCorpus(database, fileURLToPath(new URL('../../prisma/corpus', import.meta.url)))
    // Clones have no statistics of their own until the server gathers some; the template's come with the copy.
    await database.pool.query('ANALYZE')
  } finally {
    await database.close()
  }
}
