import { HeaderMap, type ApolloServer, type ApolloServerPlugin, type HTTPGraphQLResponse } from '@apollo/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PublicError } from '../errors.js'
import type { Context } from '../graphql/context.js'
import type { Allowance } from '../graphql/limits.js'
import { keyOf, type KeptAnswers, type Question } from './answers.js'
import { namesAny, namesTag, tagOf } from './conditional.js'
import { mediaTypeOf, varyBy, type MediaType } from './negotiation.js'

export interface GraphqlRoute {
  readonly apollo: ApolloServer<Context>
  readonly contextFor: (signal?: AbortSignal) => Promise<Context>
  /** What the caller may spend, and what is done to spend it. */
  readonly allowanceOf: (request: FastifyRequest, reply: FastifyReply) => Allowance
  /** Runs one operation: in a trace. */
  readonly aroundOperation: <Result>(work: () => Promise<Result>) => Promise<Result>
  readonly answers: KeptAnswers
  /** Path under which callers find the service, '' or '/magnesium'. */
  readonly basePath: string
}

/** Whether an operation's answer is whole: noted by a plugin while it runs, read when it has run. Apollo hands on a copy of the context, not of what is in it. */
type Noted = Context & { readonly noted?: { isWhole: boolean } }

/** The API at /graphql by GET and POST. A question that was answered under the same data is answered with the same bytes. */
export function registerGraphql(app: FastifyInstance, { apollo, contextFor, allowanceOf, aroundOperation, answers, basePath }: GraphqlRoute): void {
  app.route({
    url: '/graphql',
    method: ['GET', 'HEAD', 'POST', 'OPTIONS'],
    handler: async (request, reply) => {
      if (isVisit(request)) return reply.redirect(`${basePath}/playground`)
      varyBy(reply, 'accept', 'accept-encoding')
      const mediaType = mediaTypeOf(request)
      const unusable = unusableRequest(request)
      if (unusable !== null) throw new PublicError('BAD_REQUEST', unusable)
      return aroundOperation(async () => {
        // Made here rather than by Apollo, which would tell neither the log nor the caller why it cannot be made.
        const noted = { isWhole: false }
        const context: Noted = Object.assign(await contextFor(abandonment(reply)), {
          log: request.log,
          requestId: request.id,
          noted,
          basePath,
          ...allowanceOf(request, reply),
        })
        // A hash of the whole question is worth its while where answers are kept, or readers keep their own.
        const question = answers.roomBytes > 0 || methodOf(request) === 'GET' ? questionOf(request, mediaType) : null
        if (question === null) return send(reply, await executed(apollo, request, context, mediaType))
        const key = keyOf(context.dataRevision, question)
        const isGet = methodOf(request) === 'GET'
        const condition = isGet ? request.headers['if-none-match'] : undefined
        if (namesTag(condition, tagOf(key))) return withTag(reply.code(304), key).send()
        const kept = await answers.find(key)
        if (kept !== undefined) {
          request.log.info({ kept: true }, 'operation')
          if (isGet) withTag(reply, key)
          if (namesAny(condition)) return reply.code(304).send()
          const gzipped = takesGzip(request) ? await answers.gzipped(key, kept) : undefined
          if (gzipped !== undefined) void reply.header('content-encoding', 'gzip')
          return reply.header('content-type', kept.contentType).send(gzipped ?? kept.body)
        }
        const response = await executed(apollo, request, context, mediaType)
        // What only some may ask is not kept for all.
        if (noted.isWhole && !request.isDear && response.body.kind === 'complete' && (response.status ?? 200) === 200) {
          answers.keep(key, { contentType: response.headers.get('content-type') ?? 'application/json', body: Buffer.from(response.body.string) })
          if (isGet) withTag(reply, key)
          if (namesAny(condition)) return reply.code(304).send()
        }
        return send(reply, response)
      })
    },
  })
}

/** Notes what may be kept: answers of queries in which nothing failed. */
export const noteWholeAnswers: ApolloServerPlugin<Noted> = {
  requestDidStart: ({ contextValue }) =>
    Promise.resolve({
      willSendResponse: ({ operation, response: { body } }) => {
        if (contextValue.noted)
          contextValue.noted.isWhole = operation?.operation === 'query' && body.kind === 'single' && body.singleResult.errors === undefined
        return Promise.resolve()
      },
    }),
}

/** HEAD is answered as GET, without the body. */
const methodOf = ({ method }: FastifyRequest): string => (method === 'HEAD' ? 'GET' : method)

/** What a request asks; null where its answer is not of the operation and the data alone, or it wants more than the answer. */
function questionOf(request: FastifyRequest, mediaType: MediaType): Question | null {
  const { headers, body, url } = request
  const method = methodOf(request)
  // A gateway's trace has durations in it.
  if (headers['apollo-federation-include-trace'] !== undefined) return null
  if (method === 'GET') {
    const search = url.slice(url.indexOf('?') + 1)
    // An operation beside its hash is to be registered.
    return /(?:^|&)query=/.test(search) && search.includes('persistedQuery') ? null : { method, mediaType, operation: search }
  }
  if (method !== 'POST') return null
  const { query, operationName, variables, extensions } = body as Record<string, unknown> // an object, as was looked at before
  const hash = (extensions as { persistedQuery?: unknown } | null | undefined)?.persistedQuery
  if (hash !== undefined && query !== undefined) return null
  return { method, mediaType, operation: JSON.stringify([query, operationName, variables, hash]) }
}

function executed(apollo: ApolloServer<Context>, request: FastifyRequest, context: Context, mediaType: MediaType): Promise<HTTPGraphQLResponse> {
  const { headers, body, url } = request
  const known = new HeaderMap()
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) known.set(name, Array.isArray(value) ? value.join(', ') : value)
  known.set('accept', mediaType)
  const start = url.indexOf('?')
  return apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: methodOf(request), headers: known, body, search: start === -1 ? '' : url.slice(start) },
    context: () => Promise.resolve(context),
  })
}

function send(reply: FastifyReply, { status, headers, body }: HTTPGraphQLResponse): FastifyReply {
  for (const [name, value] of headers) void reply.header(name, value)
  // Nothing here is sent in parts: no operation defers or streams.
  return reply.code(status ?? 200).send(body.kind === 'complete' ? body.string : '')
}

/** Everybody may keep it, and asks whether it still holds. */
const withTag = (reply: FastifyReply, key: string): FastifyReply => reply.header('etag', tagOf(key)).header('cache-control', 'public, no-cache')

const takesGzip = ({ headers }: FastifyRequest): boolean =>
  /(?:^|,)\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))|,|$)/i.test(String(headers['accept-encoding'] ?? ''))

/** Aborted when the caller leaves before the answer is sent. */
function abandonment(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  return controller.signal
}

/** Somebody who opened the API's address in a browser, and asks nothing. */
const isVisit = (request: FastifyRequest): boolean =>
  methodOf(request) === 'GET' && !request.url.includes('?') && request.headers.accept?.includes('text/html') === true

/** Variables hold lists and objects inside each other; filters go twelve levels deep, and nothing goes further. */
const deepestBody = 64

const holdsMore = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Whether a value has more than so many levels of lists and objects inside each other. Looks without recursion, which deep values would exhaust. */
function isDeeperThan(levels: number, value: unknown): boolean {
  let level = holdsMore(value) ? [value] : []
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= levels) return true
    const below: object[] = []
    for (const inside of level) for (const one of Object.values(inside) as unknown[]) if (holdsMore(one)) below.push(one)
    level = below
  }
  return false
}

/** What is wrong with a request before anybody reads the operation in it; null if nothing is. */
function unusableRequest(request: FastifyRequest): string | null {
  const { method, body } = request
  if (method !== 'POST') return unusableParameters(request.query as Readonly<Record<string, unknown>>) // as Fastify parses it
  if (Array.isArray(body)) return 'operations are not taken in batches: send one in each request'
  if (typeof body === 'string') return 'the body is plain text: send JSON, as application/json'
  const isEmpty = typeof body !== 'object' || body === null || Object.keys(body).length === 0
  if (isEmpty) return 'the body holds no operation: send JSON such as {"query": "{ dataset { release } }"}'
  if (isDeeperThan(deepestBody, body)) return `the body has more than ${deepestBody} levels of lists and objects inside each other`
  const wrong = Object.entries(members).find(([name, { fits }]) => !fits((body as Record<string, unknown>)[name])) // an object, as was looked at before
  return wrong === undefined ? null : `${wrong[0]} must be ${wrong[1].form}`
}

const unusableParameters = (query: Readonly<Record<string, unknown>>): string | null => {
  const repeated = Object.keys(members).find((name) => Array.isArray(query[name]))
  return repeated === undefined ? null : `${repeated} is given more than once`
}

const isText = (value: unknown) => value == null || typeof value === 'string'
const isObject = (value: unknown) => value == null || (typeof value === 'object' && !Array.isArray(value))

/** What an operation may have beside each other, and the JSON that each is. */
const members: Readonly<Record<string, { readonly fits: (value: unknown) => boolean; readonly form: string }>> = {
  query: { fits: isText, form: 'a string' },
  operationName: { fits: isText, form: 'a string' },
  variables: { fits: isObject, form: 'an object' },
  extensions: { fits: isObject, form: 'an object' },
}
