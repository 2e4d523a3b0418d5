import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { GraphQLSchema } from 'graphql'
import { PublicError } from '../errors.js'
import type { Context } from '../graphql/context.js'
import { answerKey, namesAny, namesTag, tagOf } from '../http/conditional.js'
import { varyBy } from '../http/negotiation.js'
import { parametersOf, truth, type Queried } from '../http/parameters.js'
import { engineVersion, release } from '../version.js'
import { evidenceTable } from './columns.js'
import type { Download, DownloadQuestion } from './download.js'
import { evidenceDownloads } from './evidence.download.js'
import { started } from './started.js'
import { studyDownloads } from './studies.download.js'

export const downloads: ReadonlyMap<string, Download> = new Map(Object.entries({ ...evidenceDownloads, ...studyDownloads }))

/** Each holds a connection of the pool for as long as its reader takes; the others stay free for questions. Published in docs/limits.md. */
export const downloadsAtOnce = 4

/** Against the minute's budget of whoever asks; published in docs/limits.md. */
export const downloadCost = 10_000

export interface DownloadSource {
  readonly schema: GraphQLSchema
  readonly contextFor: () => Promise<Context>
  /** Path under which callers find the service; default ''. */
  readonly basePath?: string
}

type DownloadRequest = FastifyRequest<{ Params: { file: string } } & Queried>

/**
 * Files at /download/evidence.csv and so on: everything that a filter selects, by the same selection as the API. They take `filter` and
 * `orderBy` as JSON, as the API's lists take them, and answer the same address with 304 while the data stand.
 *
 * @returns how many are under way, for what counts them
 */
export function registerDownloads(app: FastifyInstance, { schema, contextFor, basePath = '' }: DownloadSource): { readonly underWay: () => number } {
  let underWay = 0
  async function* counted(parts: AsyncIterable<string | Uint8Array>): AsyncGenerator<string | Uint8Array> {
    underWay++
    try {
      yield* parts
    } finally {
      underWay--
    }
  }
  app.get('/download/:file', { config: { cost: downloadCost } }, async (request: DownloadRequest, reply) => {
    const { file } = request.params
    const download = downloads.get(file)
    if (download === undefined) throw new PublicError('NOT_FOUND', `there is no download ${file.slice(0, 100)}: they are ${[...downloads.keys()].join(', ')}`)
    const { filter, orderBy, withMark } = known(file, parametersOf(request))
    const context = await contextFor()
    const { revision } = context.dataRevision
    const origin = `${request.protocol}://${request.host}${basePath}`
    const condition = request.headers['if-none-match']
    // Columns are of the program: another release may have others for the same data.
    const tag = tagOf(answerKey([release, engineVersion, evidenceTable.map(({ name }) => name), revision, file, origin, filter, orderBy, withMark]))
    varyBy(reply, 'accept-encoding').header('etag', tag).header('cache-control', 'public, no-cache')
    if (namesTag(condition, tag)) return reply.code(304).send()
    if (underWay >= downloadsAtOnce) throw busy(reply)
    // What can be refused is refused here, while there is still a status to say it with.
    const parts = await started(counted(download.content({ schema, context, origin, filter, orderBy, withMark })))
    // Nobody reads it to its end.
    if (namesAny(condition) || request.method === 'HEAD') await parts[Symbol.asyncIterator]().return?.()
    if (namesAny(condition)) return reply.code(304).send()
    void reply
      .type(download.contentType)
      .header('content-disposition', `attachment; filename="${fileName(file, revision)}"`)
      .header('x-content-type-options', 'nosniff')
    // A stream all the same: of what is sent in parts nobody knows the length.
    if (request.method === 'HEAD') return reply.send(Readable.from([]))
    const stream = Readable.from(parts, { objectMode: false })
    // Also where the reader left before there was anything to send, which no pipe would tell.
    reply.raw.once('close', () => stream.destroy())
    if (reply.raw.destroyed) stream.destroy()
    return reply.send(stream)
  })
  return { underWay: () => underWay }
}

/** @throws {PublicError} UNKNOWN_PARAMETER, BAD_PARAMETER */
function known(file: string, given: Record<string, string>): Pick<DownloadQuestion, 'filter' | 'orderBy' | 'withMark'> {
  const taken = file.endsWith('.csv') ? ['filter', 'orderBy', 'bom'] : ['filter', 'orderBy']
  const name = Object.keys(given).find((one) => !taken.includes(one))
  if (name !== undefined)
    throw new PublicError('BAD_USER_INPUT', `${file} takes ${taken.join(', ')}, got ${name.slice(0, 100)}`, {
      reason: 'UNKNOWN_PARAMETER',
      argument: name.slice(0, 100),
    })
  const { filter, orderBy, bom } = given
  return { filter, orderBy, withMark: truth('bom', bom) }
}

/** "magnesium-evidence-1a2b3c4d.csv": what it is, and of which state of the data. */
function fileName(file: string, revision: string): string {
  const dot = file.indexOf('.')
  return `magnesium-${file.slice(0, dot)}-${revision.slice(0, 8)}${file.slice(dot)}`
}

function busy(reply: FastifyReply): PublicError {
  void reply.header('retry-after', '10')
  return new PublicError('SERVICE_UNAVAILABLE', `${downloadsAtOnce} downloads are under way, and no more are served at once: try again shortly`, {
    reason: 'TOO_MANY_DOWNLOADS',
    limit: downloadsAtOnce,
  })
}
