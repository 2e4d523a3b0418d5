import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { theService, type Actor } from './audit/audit.js'
import type { Config } from './config.js'
import { holdsFiles } from './corpus/digest.js'
import type { CorpusFiles } from './corpus/reading.js'
import { openDatabase, type Database } from './database/client.js'
import { joinEmbedded, startEmbedded } from './database/embedded.js'
import { migrate } from './database/migrate.js'
import { StartupError } from './startupError.js'

export const projectFolder = fileURLToPath(new URL('..', import.meta.url))

/** The curated evidence that comes with this release. */
export const corpusFolder = path.join(projectFolder, 'prisma', 'corpus')

/** The database's address: as configured, or of an embedded one that is stopped at the end. */
export async function provideDatabase(
  config: Config,
  {
    say,
    join = false,
  }: { readonly say: (line: string) => void } & { /** Works beside a service that runs the embedded one, rather than refuse to. */ readonly join?: boolean },
  onUnwind: (undo: () => Promise<void>) => void,
): Promise<{ url: string; lost: Promise<string> }> {
  if (config.databaseUrl === null && config.databaseReplicaUrls.length > 0)
    throw new StartupError('DATABASE_REPLICA_URLS names replicas of DATABASE_URL, which is not set: an embedded Postgres has none')
  if (config.databaseUrl !== null) return { url: config.databaseUrl, lost: new Promise(() => {}) }
  const joined = join ? await joinEmbedded({ folder: path.join(config.dataFolder, 'postgres') }) : null
  if (joined !== null) return { url: joined, lost: new Promise(() => {}) }
  let reportDeath: (lastWords: string) => void = () => {}
  const lost = new Promise<string>((resolve) => (reportDeath = resolve))
  const embedded = await startEmbedded({ folder: path.join(config.dataFolder, 'postgres'), onProgress: say, onDeath: (lastWords) => reportDeath(lastWords) })
  onUnwind(() => embedded.stop())
  return { url: embedded.url, lost }
}

/** Who imports, for the audit log; and the files of the corpus, if somebody reads them already. */
interface ImportOptions {
  readonly actor?: Actor
  readonly reading?: Promise<CorpusFiles> | undefined
}

/** Applies migrations, and imports the evidence of this release if the database does not hold it yet. */
export async function bringUpToDate(url: string, say: (line: string) => void, options: ImportOptions = {}): Promise<void> {
  const applied = await migrate(url)
  if (applied.length > 0) say(`applied ${applied.length} migration${applied.length === 1 ? '' : 's'}`)
  // A pool of its own: an import may take longer than any statement of a request.
  const database = openDatabase({ url, poolSize: 2 })
  try {
    if (await holdsFiles(database, corpusFolder)) return
    await importFiles(database, say, options)
  } finally {
    await database.close()
  }
}

async function importFiles(database: Database, say: (line: string) => void, { actor = theService, reading }: ImportOptions): Promise<void> {
  // Loaded only if they are needed: most commands and starts find the evidence there.
  const [{ importCorpus }, { CorpusFaults }] = await Promise.all([import('./corpus/import.js'), import('./corpus/files.js')])
  try {
    const { imported, counts } = await importCorpus(database, corpusFolder, undefined, actor, { reading })
    if (imported) say(`imported ${counts['studies']} studies with ${counts['effects']} effects and ${counts['claims']} claims`)
  } catch (error) {
    throw error instanceof CorpusFaults ? new StartupError(error.message, { cause: error }) : error
  }
}

/** Runs `work`; what it asks to be undone is undone, last first, when it fails or when its result is stopped. */
export async function unwinding<Result extends object>(
  work: (onUnwind: (undo: () => Promise<void>) => void) => Promise<Result>,
): Promise<Result & { stop(): Promise<void> }> {
  const undos: (() => Promise<void>)[] = []
  const stop = async () => {
    for (let undo = undos.pop(); undo !== undefined; undo = undos.pop()) await undo()
  }
  try {
    return { ...(await work((undo) => undos.push(undo))), stop }
  } catch (error) {
    await stop()
    throw error
  }
}
