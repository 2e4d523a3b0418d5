import { HeaderMap, type ApolloServer, type ApolloServerPlugin, type HTTPGraphQLResponse } from '@apollo/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PublicError } from '../errors.js'
import type { Context } from '../graphql/context.js'
import type { Allowance } from '../graphql/limits.js'
import { keyOf, type KeptAnswers, type Question } from './answers.js'
import { namesAny, namesTag, tagOf } from './conditional.js'
import { deepestBody, isDeeperThan } from './depth.js'
import { mediaTypeOf, mediaTypes, varyBy, type MediaType } from './negotiation.js'

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

/** What asks an operation: a request, or as much as one has for a part of the service that asks on behalf of a request. */
type Asked = Pick<FastifyRequest, 'method' | 'url' | 'headers' | 'body'>

/** An operation that a part of the service asks, with JSON for variables. */
export interface AskedOperation {
  readonly query: string
  readonly operationName: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** A complete answer in GraphQL's shape. */
export interface OperationAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[]
}

/** Answers an operation on behalf of a request, which pays for it, as if the request had sent it to /graphql: the same limits, log and kept answers. */
export type AskFor = (request: FastifyRequest, reply: FastifyReply, operation: AskedOperation) => Promise<OperationAnswer>

/** The API at /graphql by GET and POST. A question that was answered under the same data is answered with the same bytes. */
export function registerGraphql(app: FastifyInstance, { apollo, contextFor, allowanceOf, aroundOperation, answers, basePath }: GraphqlRoute): AskFor {
  // Made here rather than by Apollo, which would tell neither the log nor the caller why it cannot be made.
  const contextOf = async (request: FastifyRequest, reply: FastifyReply): Promise<Noted & { readonly noted: { isWhole: boolean } }> =>
    Object.assign(await contextFor(abandonment(reply)), {
      log: request.log,
      requestId: request.id,
      noted: { isWhole: false },
      basePath,
      ...allowanceOf(request, reply),
    })
  /** Keeps an answer that is whole. @returns whether it is; what only some may ask is not kept for all */
  const keepWhole = (key: string, { noted }: Noted, { isDear }: FastifyRequest, { headers, body, status = 200 }: HTTPGraphQLResponse): boolean => {
    if (noted?.isWhole !== true || isDear || body.kind !== 'complete' || status !== 200) return false
    answers.keep(key, { contentType: headers.get('content-type') ?? 'application/json', body: Buffer.from(body.string) })
    return true
  }
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
        const context = await contextOf(request, reply)
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
        if (keepWhole(key, context, request, response)) {
          if (isGet) withTag(reply, key)
          if (namesAny(condition)) return reply.code(304).send()
        }
        return send(reply, response)
      })
    },
  })
  return (request, reply, body) =>
    aroundOperation(async () => {
      const [mediaType] = mediaTypes
      const asked: Asked = { method: 'POST', url: '/graphql', headers: { 'content-type': 'application/json' }, body }
      const context = await contextOf(request, reply)
      const question = answers.roomBytes > 0 ? questionOf(asked, mediaType) : null
      const key = question === null ? null : keyOf(context.dataRevision, question)
      const kept = key === null ? undefined : await answers.find(key)
      if (kept !== undefined) {
        request.log.info({ kept: true }, 'operation')
        return JSON.parse(kept.body.toString()) as OperationAnswer // as it was written below
      }
      const response = await executed(apollo, asked, context, mediaType)
      if (key !== null) keepWhole(key, context, request, response)
      return JSON.parse(response.body.kind === 'complete' ? response.body.string : '{}') as OperationAnswer // as Apollo writes it
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
const methodOf = ({ method }: Asked): string => (method === 'HEAD' ? 'GET' : method)

/** What a request asks; null where its answer is not of the operation and the data alone, or it wants more than the answer. */
function questionOf(request: Asked, mediaType: MediaType): Question | null {
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

function executed(apollo: ApolloServer<Context>, request: Asked, context: Context, mediaType: MediaType): Promise<HTTPGraphQLResponse> {
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

const abandonments = new WeakMap<FastifyReply, AbortSignal>()

/** Aborted when the caller leaves before the answer is sent; one for all operations of a request. */
function abandonment(reply: FastifyReply): AbortSignal {
  const known = abandonments.get(reply)
  if (known !== undefined) return known
  const controller = new AbortController()
  abandonments.set(reply, controller.signal)
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  return controller.signal
}

/** Somebody who opened the API's address in a browser, and asks nothing. */
const isVisit = (request: FastifyRequest): boolean =>
  methodOf(request) === 'GET' && !request.url.includes('?') && request.headers.accept?.includes('text/html') === true

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
