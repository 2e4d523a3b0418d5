import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { z } from 'zod'
import type { Prisma } from '../generated/prisma/client.js'
import type { Database } from '../database/client.js'
import { digestOf } from './digest.js'
import type { Corpus } from './files.js'
import { fileKinds } from './format.js'
import { readUnchecked, type CorpusFiles } from './reading.js'

const pack = promisify(gzip)
const unpack = promisify(gunzip)

/** Cheap: the first import of a database waits for it. */
const compressionLevel = 1

/** Digest of the format of the files. A corpus that was parsed under another format is parsed again. */
const formatDigest = (): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.values(fileKinds).map((kind) => z.toJSONSchema(kind, { unrepresentable: 'any' }))))
    .digest('hex')

/** Compresses the parsed files for `keepCorpus`: beside the statements of an import, which wait for the database. */
export const packCorpus = (corpus: Corpus): Promise<Buffer<ArrayBuffer>> =>
  pack(JSON.stringify(corpus), { level: compressionLevel }) as Promise<Buffer<ArrayBuffer>> // zlib allocates no shared memory

/** Stores the parsed files in place of those of the import before. */
export async function keepCorpus(
  transaction: Prisma.TransactionClient,
  { digest, packed }: { readonly digest: string; readonly packed: Buffer<ArrayBuffer> },
): Promise<void> {
  const kept = { filesDigest: digest, format: formatDigest(), document: packed, keptAt: new Date() }
  await transaction.keptCorpus.upsert({ where: { id: 1 }, create: kept, update: kept })
}

/** The parsed files of a digest (see `digestOf`); null if others are kept, or if they were parsed under another format. */
export async function keptCorpus(database: Pick<Prisma.TransactionClient, 'keptCorpus'>, digest: string): Promise<Corpus | null> {
  const kept = await database.keptCorpus.findFirst({ where: { filesDigest: digest, format: formatDigest() } })
  if (kept === null) return null
  return JSON.parse((await unpack(kept.document)).toString('utf8')) as Corpus // of this format, by the digest
}

/** The kept files of a digest in the shape of today; null if others are kept, or if they do not fit the format of today. */
export async function keptAsOfToday(database: Pick<Prisma.TransactionClient, 'keptCorpus'>, digest: string): Promise<Corpus | null> {
  const kept = await database.keptCorpus.findFirst({ where: { filesDigest: digest } })
  if (kept === null) return null
  const corpus: unknown = JSON.parse((await unpack(kept.document)).toString('utf8'))
  if (kept.format === formatDigest()) return corpus as Corpus // by the digest
  return corpusFormat.safeParse(corpus).data ?? null
}

const corpusFormat = z.object({
  conditions: fileKinds['conditions.yaml'],
  forms: fileKinds['forms.yaml'],
  outcomes: fileKinds['outcomes.yaml'],
  treatments: fileKinds['treatments.yaml'],
  instruments: fileKinds['instruments.yaml'],
  interactions: fileKinds['interactions.yaml'],
  contraindications: fileKinds['contraindications.yaml'],
  studies: z.array(fileKinds['studies/*.yaml']),
  documents: z.array(fileKinds['claims/*.yaml']),
})

/** The files of a folder for a caller that applies the rules itself; parsed only if they are not the kept ones. @throws {CorpusFaults} if a file has not the shape of its kind */
export async function filesOf({ prisma }: Database, folder: string): Promise<CorpusFiles> {
  const digest = await digestOf(folder)
  const corpus = await keptCorpus(prisma, digest)
  return corpus === null ? readUnchecked(folder) : { digest, corpus, isChecked: false, isKept: true }
}
